"""The verdict follows rules that a reader can check, in the order they stand in."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.readiness import Finding, ReadinessReport, judge
from workshop.analysis.readiness.findings import Severity
from workshop.analysis.readiness.verdict import VerdictKind, before_scores
from workshop.record.values import Number
from workshop.views.recaps.data_readiness import verdict_rule
from workshop.views.recaps.framing import given_number


def report(*severities: str) -> ReadinessReport:
    return ReadinessReport(
        tuple(
            Finding(f"DR{i:03}", "validity", "both", "finding", severity)
            for i, severity in enumerate(severities, start=1)
        )
    )


def error(lo: float | None, hi: float | None) -> Number:
    value = None if lo is None or hi is None else (lo + hi) / 2
    return Number(id="error", value=value, lo=lo, hi=hi)


BELOW, ABOVE, ACROSS = error(0.1, 0.3), error(0.31, 0.5), error(0.2, 0.31)


@pytest.mark.parametrize(
    ("findings", "accepted", "acceptable", "seen", "kind", "rule"),
    [
        (("blocker",), (), 0.3, BELOW, "not_ready", "blocker"),
        (("blocker",), ("DR002",), 0.3, BELOW, "not_ready", "blocker"),
        (("blocker",), ("DR001",), 0.3, BELOW, "ready", "below"),
        ((), (), None, BELOW, "cannot_tell", "no_promise"),
        ((), (), 0.3, None, "cannot_tell", "no_threshold"),
        ((), (), 0.3, error(None, None), "cannot_tell", "nothing_answered"),
        ((), (), 0.3, ABOVE, "not_ready", "above"),
        ((), (), 0.3, ACROSS, "cannot_tell", "straddles"),
        (("warning",), (), 0.3, BELOW, "ready_with_conditions", "below_with_warnings"),
        (("note",), (), 0.3, BELOW, "ready", "below"),
        ((), (), 0.3, BELOW, "ready", "below"),
    ],
)
def test_each_rule_gives_its_verdict(findings, accepted, acceptable, seen, kind, rule):
    found = judge(
        report(*findings), accepted=accepted, acceptable=acceptable, error=seen
    )
    assert (found.kind, found.rule) == (kind, rule)
    agreed = None if acceptable is None else given_number("a", acceptable)
    said = verdict_rule(found, error=seen, acceptable=agreed).text
    assert said.endswith(".")
    if found.blockers:
        assert "DR001" in said


def test_the_bound_itself_is_kept():
    assert judge(report(), accepted=(), acceptable=0.3, error=BELOW).kind == "ready"
    just = error(0.3, 0.4)
    assert judge(report(), accepted=(), acceptable=0.3, error=just).rule == "straddles"


findings = st.lists(st.sampled_from(get_args(Severity)), max_size=4)
share = st.floats(0, 1)


@given(findings, share, share, share)
def test_a_wider_range_never_turns_into_a_promise(severities, lo, hi, acceptable):
    lo, hi = sorted((lo, hi))
    wide = error(max(0.0, lo - 0.1), min(1.0, hi + 0.1))
    before, after = (
        judge(report(*severities), accepted=(), acceptable=acceptable, error=seen).kind
        for seen in (error(lo, hi), wide)
    )
    ready = ("ready", "ready_with_conditions")
    if after in ready:
        assert before in ready


@given(findings, share, share, share)
def test_one_finding_more_never_makes_it_readier(severities, lo, hi, acceptable):
    order: list[VerdictKind] = [
        "not_ready",
        "cannot_tell",
        "ready_with_conditions",
        "ready",
    ]
    seen = error(*sorted((lo, hi)))
    before = judge(report(*severities), accepted=(), acceptable=acceptable, error=seen)
    for more in get_args(Severity):
        worse = report(*severities, more)
        after = judge(worse, accepted=(), acceptable=acceptable, error=seen)
        assert order.index(after.kind) <= order.index(before.kind)


def test_every_rule_can_be_said():
    from workshop.views.wording import phrases

    rules = {key.split(".")[1] for key in phrases() if key.startswith("verdict_rule.")}
    reached = {
        judge(report(*f), accepted=(), acceptable=a, error=e).rule
        for f, a, e in product(
            ((), ("warning",), ("blocker",)),
            (None, 0.3),
            (None, error(None, None), BELOW, ABOVE, ACROSS),
        )
    }
    reached.add(before_scores(report(), accepted=()).rule)
    assert reached == rules
