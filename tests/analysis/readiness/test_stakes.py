"""The early answers decide what may block, and change nothing else."""

from __future__ import annotations

import inspect
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.readiness import CHECKS, Finding, ReadinessReport
from workshop.analysis.readiness.stakes import STAKES, weigh
from workshop.record.framed import EARLY_QUESTIONS, Framing
from workshop.record.values import Number
from workshop.views.recaps.findings import finding_card
from workshop.views.wording import has

SEVERITIES = ("blocker", "warning", "note")
ORDER = {"note": 0, "warning": 1, "blocker": 2}


def one(code, severity="warning", outcome="finding"):
    return Finding(code, "timeliness", "both", outcome, severity, threatens="promise")


def all_of(severity):
    return ReadinessReport(tuple(one(code, severity) for code in sorted(CHECKS)))


framings = st.builds(
    Framing,
    harmed=st.sampled_from(["", "nobody", "older people"]),
    rule=st.sampled_from(["", "none", "a law"]),
    promised=st.sampled_from(["", "nothing", "half the calls"]),
    engineering_there=st.sampled_from([None, "yes", "no"]),
    unknown=st.lists(st.sampled_from(EARLY_QUESTIONS), unique=True).map(tuple),
)


def severity(code, before, **said):
    (found,) = weigh(ReadinessReport((one(code, before),)), Framing(**said)).findings
    return found.severity


def test_every_row_names_checks_that_exist_and_a_reason():
    for stake in STAKES:
        assert set(stake.codes) <= set(CHECKS)
        assert has(f"stake.{stake.because}")


def test_a_check_that_trains_first_stands_in_no_row():
    for code in {code for stake in STAKES for code in stake.codes}:
        source = inspect.getsource(CHECKS[code].run)
        assert "trained(given)" not in source, code


@pytest.mark.parametrize("before", SEVERITIES)
def test_what_was_not_answered_changes_nothing(before):
    report = all_of(before)
    assert weigh(report, None) == weigh(report, Framing()) == report


def test_a_harm_that_was_named_lets_uneven_groups_block():
    assert severity("DR025", "warning", harmed="older people") == "blocker"
    assert severity("DR025", "warning", harmed="nobody") == "warning"
    assert severity("DR025", "note", harmed="older people") == "note"


def test_where_nothing_was_promised_a_wide_range_does_not_block():
    assert severity("DR002", "blocker", promised="nothing") == "warning"
    assert severity("DR002", "blocker", promised="half the calls") == "blocker"


def test_a_promise_without_engineering_lets_an_error_hardly_known_block():
    said = {"promised": "half the calls", "engineering_there": "no"}
    assert severity("DR002", "warning", **said) == "blocker"
    nothing = said | {"promised": "nothing"}
    assert severity("DR002", "warning", **nothing) == "warning"


@given(framings, st.sampled_from(SEVERITIES))
def test_weighing_twice_is_weighing_once(framing, before):
    once = weigh(all_of(before), framing)
    assert weigh(once, framing) == once


@given(framings, st.sampled_from(SEVERITIES))
def test_only_severity_and_its_reason_change(framing, before):
    report = all_of(before)
    after = weigh(report, framing)
    for was, now in zip(report.findings, after.findings, strict=True):
        assert replace(now, severity=was.severity, because="") == was
        assert bool(now.because) == (now.severity != was.severity)
        assert "note" not in (was.severity, now.severity) or was == now


@pytest.mark.parametrize(
    ("question", "before"), list(product(EARLY_QUESTIONS, SEVERITIES))
)
def test_not_knowing_is_never_milder_than_any_answer(question, before):
    answers = ("yes", "no") if question == "engineering_there" else ("nobody", "much")
    unknown = weigh(all_of(before), Framing(unknown=(question,)))
    for answer in answers:
        said = weigh(all_of(before), Framing(**{question: answer}))
        for left, right in zip(unknown.findings, said.findings, strict=True):
            assert ORDER[left.severity] >= ORDER[right.severity]


def test_what_passed_stays_passed():
    report = ReadinessReport((one("DR025", None, "passed"),))
    assert weigh(report, Framing(harmed="older people")) == report


def test_the_card_says_why_it_can_block():
    given = {"rows": Number(id="rows", value=3, unit="rows")}
    finding = replace(one("DR031"), numbers=given, names={"missing": "a licence"})
    report = weigh(ReadinessReport((finding,)), Framing(unknown=("rule",)))
    card = finding_card(report.findings[0])
    assert "because you said that you don't know which rule" in card.said[-1].text
