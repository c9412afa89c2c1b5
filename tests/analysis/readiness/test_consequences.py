"""Which findings come first, and what they leave behind for the register."""

from __future__ import annotations

from workshop.analysis.readiness.consequences import (
    BY_DETAIL,
    FOLLOWS,
    MOST_LIMITS,
    UNTOLD,
    proposals,
    screen,
)
from workshop.analysis.readiness.findings import Detail, Finding, ReadinessReport
from workshop.analysis.readiness.registry import CHECKS
from workshop.record.values import Number
from workshop.views.wording import has


def finding(code: str, severity: str | None, stake: float | None = None, **more):
    at_stake = None if stake is None else Number(id=f"{code}.at_stake", value=stake)
    return Finding(
        code,
        "validity",
        "both",
        more.pop("outcome", "finding"),
        severity,
        at_stake=at_stake,
        **more,
    )


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [f.code for f in findings]


def test_at_most_five_are_shown_three_to_act_on_and_two_to_know():
    many = [finding(f"DR0{i:02}", "warning", i / 100) for i in range(1, 7)]
    notes = [finding(f"DR0{i}", "note", i / 100) for i in range(10, 14)]
    shown = screen(ReadinessReport((*many, *notes)))
    assert codes(shown.act) == ["DR006", "DR005", "DR004"]
    assert codes(shown.know) == ["DR013", "DR012"]
    assert len(shown.rest) == 5


def test_a_blocker_comes_before_a_warning_with_more_at_stake():
    grave = finding("DR001", "blocker", 0.01)
    large = finding("DR002", "warning", 0.5)
    assert codes(screen(ReadinessReport((large, grave))).act) == ["DR001", "DR002"]


def test_what_cannot_be_sized_comes_after_what_can():
    report = ReadinessReport(
        (finding("DR001", "warning"), finding("DR002", "warning", 0.001))
    )
    assert codes(screen(report).act) == ["DR002", "DR001"]


def test_without_notes_the_next_warnings_are_known():
    report = ReadinessReport(
        tuple(finding(f"DR00{i}", "warning", i / 10) for i in range(1, 5))
    )
    assert codes(screen(report).know) == ["DR001"]


def test_no_finding_is_shown_twice_and_none_is_lost():
    report = ReadinessReport(
        tuple(
            finding(f"DR0{i}", severity, i / 100)
            for i, severity in enumerate(["blocker", "warning", "note"] * 5, 10)
        )
    )
    shown = screen(report)
    everything = codes((*shown.act, *shown.know, *shown.rest))
    assert sorted(everything) == sorted(codes(report.findings))


def test_a_thin_group_becomes_a_line_of_what_the_model_cannot_do():
    details = tuple(Detail(f"carrier {name}") for name in "ABCDEF")
    report = ReadinessReport((finding("DR011", "warning", 0.2, details=details),))
    found = proposals(report)
    assert [p.detail.about for p in found if p.detail] == [
        "carrier A",
        "carrier B",
        "carrier C",
        "carrier D",
    ]
    assert len(found) == MOST_LIMITS
    assert len({p.key for p in found}) == len(found)


def test_what_could_not_be_told_leaves_an_assumption_of_low_confidence():
    report = ReadinessReport((finding("DR010", None, outcome="cannot_tell"),))
    (only,) = proposals(report)
    assert (only.kind, only.confidence, only.untold) == ("assumption", "low", True)


def test_what_passed_leaves_nothing_behind():
    passed = tuple(finding(code, None, outcome="passed") for code in FOLLOWS)
    assert proposals(ReadinessReport(passed)) == ()


def test_every_proposal_has_a_check_and_its_sentence():
    assert set(FOLLOWS) | set(UNTOLD) | set(BY_DETAIL) <= set(CHECKS)
    missing = [
        f"register.{code}.{kind}"
        for code, kinds in FOLLOWS.items()
        for kind in kinds
        if not has(f"register.{code}.{kind}")
    ]
    missing += [c for c in UNTOLD if not has(f"register.{c}.untold")]
    assert missing == []
