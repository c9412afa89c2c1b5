"""Each check fires on what it is for, is quiet beside it, and says what it cannot tell.

Every case changes one thing in a table that no check has anything to say about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import getsource

import numpy as np
import pandas as pd
import pytest

from workshop.analysis.intervals import rate
from workshop.analysis.readiness import CHECKS, Finding, ReviewInput, review
from workshop.data.card import Column, DatasetCard, License, Schema, Source
from workshop.views.recaps.data_readiness import finding_card, finding_said

ROWS = 1000


@dataclass(frozen=True)
class Case:
    """What is changed, and what the check must come back with."""

    change: Callable[[ReviewInput], ReviewInput]
    outcome: str
    severity: str | None = None
    reason: str = ""


def plain() -> ReviewInput:
    """A thousand rows from fifty sources that no check finds fault with."""
    rng = np.random.default_rng(7)
    keys = np.array([f"r{i:04}" for i in range(ROWS)])
    labels = rng.random(ROWS) < 0.7
    table = pd.DataFrame(
        {
            "id": keys,
            "text": [f"words {i}" for i in range(ROWS)],
            "where": np.where(np.arange(ROWS) % 2, "north", "south"),
        }
    )
    fields = (
        Column(name="id", role="id"),
        Column(name="text", role="feature"),
        Column(name="where", role="group"),
    )
    card = DatasetCard(
        name="plain",
        title="Plain",
        description="Rows.",
        licenses=(License(name="CC0"),),
        sources=(Source(title="made up"),),
        schema=Schema(fields=fields),
    )
    return ReviewInput(
        table=table,
        key="id",
        card=card,
        judged=keys,
        labels=labels,
        scores=rng.random(ROWS),
        file_labels=labels,
        clusters=np.array([f"source {i % 50}" for i in range(ROWS)]),
        time="when",
        groups=("where",),
        error=error_of(300, ROWS),
    )


def error_of(k: int, n: int):
    return rate("error.all", k, n, rows="all")


def with_table(**columns: object) -> Callable[[ReviewInput], ReviewInput]:
    return lambda given: replace(given, table=given.table.assign(**columns))


def with_card(**changes: object) -> Callable[[ReviewInput], ReviewInput]:
    return lambda given: replace(given, card=given.card.model_copy(update=changes))


def only(**changes: object) -> Callable[[ReviewInput], ReviewInput]:
    return lambda given: replace(given, **changes)


def judged(number: int) -> Callable[[ReviewInput], ReviewInput]:
    """Leave only the first rows judged."""
    return lambda given: replace(
        given, judged=given.judged[:number], labels=given.labels[:number]
    )


def sorted_file(given: ReviewInput) -> ReviewInput:
    return replace(given, file_labels=np.sort(given.file_labels)[::-1])


def twins(labels: tuple[bool, bool]) -> Callable[[ReviewInput], ReviewInput]:
    """Let the first two rows share their input and carry these labels."""

    def change(given: ReviewInput) -> ReviewInput:
        text = given.table["text"].to_list()
        text[1] = text[0]
        said = given.labels.copy()
        said[:2] = labels
        return replace(given, table=given.table.assign(text=text), labels=said)

    return change


def many_twins(given: ReviewInput) -> ReviewInput:
    return with_table(text=[f"words {i // 2}" for i in range(ROWS)])(given)


no_features = with_card(
    schema_=Schema(fields=(Column(name="id", role="id"), Column(name="where")))
)


def without_features(given: ReviewInput) -> ReviewInput:
    fields = (
        Column(name="id", role="id"),
        Column(name="text", role="group"),
        Column(name="where", role="group"),
    )
    return with_card(schema_=Schema(fields=fields))(given)


def holes(share: float) -> Callable[[ReviewInput], ReviewInput]:
    def change(given: ReviewInput) -> ReviewInput:
        where = given.table["where"].to_list()
        where[: round(share * ROWS)] = [None] * round(share * ROWS)
        return with_table(where=where)(given)

    return change


def thin_group(given: ReviewInput) -> ReviewInput:
    where = given.table["where"].to_list()
    where[:10] = ["island"] * 10
    return with_table(where=where)(given)


def same(given: ReviewInput) -> ReviewInput:
    return given


CASES: dict[str, tuple[Case, ...]] = {
    "DR001": (
        Case(judged(900), "finding", "note"),
        Case(judged(500), "finding", "warning"),
        Case(same, "passed"),
    ),
    "DR002": (
        Case(only(error=error_of(30, 100)), "finding", "warning"),
        Case(only(error=error_of(5, 20)), "finding", "blocker"),
        Case(same, "passed"),
        Case(
            lambda g: replace(g, error=g.error.model_copy(update={"lo": None})),
            "cannot_tell",
            reason="no_interval",
        ),
    ),
    "DR003": (
        Case(only(clusters=np.array(["a", "b"] * 500)), "finding", "warning"),
        Case(same, "passed"),
        Case(only(clusters=None), "not_applicable", reason="no_cluster"),
    ),
    "DR004": (
        Case(twins((True, True)), "finding", "note"),
        Case(many_twins, "finding", "warning"),
        Case(same, "passed"),
        Case(without_features, "not_applicable", reason="no_features"),
    ),
    "DR005": (
        Case(holes(0.05), "finding", "note"),
        Case(holes(0.5), "finding", "warning"),
        Case(same, "passed"),
    ),
    "DR006": (
        Case(sorted_file, "finding", "blocker"),
        Case(same, "passed"),
    ),
    "DR007": (
        Case(twins((True, False)), "finding", "warning"),
        Case(twins((True, True)), "passed"),
        Case(without_features, "not_applicable", reason="no_features"),
    ),
    "DR008": (
        Case(only(scores=np.linspace(-3, 8, ROWS)), "finding", "note"),
        Case(only(scores=np.linspace(0, 1, ROWS)), "passed"),
    ),
    "DR009": (
        Case(with_table(stranger=1), "finding", "note"),
        Case(with_card(licenses=()), "finding", "warning"),
        Case(with_card(sources=()), "finding", "warning"),
        Case(same, "passed"),
    ),
    "DR010": (
        Case(same, "cannot_tell", reason="no_horizon"),
        Case(only(time=None), "cannot_tell", reason="no_time"),
    ),
    "DR011": (
        Case(thin_group, "finding", "warning"),
        Case(same, "passed"),
        Case(only(groups=()), "not_applicable", reason="no_groups"),
    ),
}


def outcome_of(code: str, given: ReviewInput) -> Finding:
    (found,) = (f for f in review(given).findings if f.code == code)
    return found


@pytest.mark.parametrize(
    ("code", "case"), [(code, case) for code, cases in CASES.items() for case in cases]
)
def test_a_check_comes_back_with_what_the_case_is_for(code, case):
    found = outcome_of(code, case.change(plain()))
    assert found.outcome == case.outcome
    assert found.severity == case.severity
    assert found.reason == case.reason


@pytest.mark.parametrize(
    ("code", "case"), [(code, case) for code, cases in CASES.items() for case in cases]
)
def test_whatever_it_comes_back_with_can_be_said(code, case):
    found = outcome_of(code, case.change(plain()))
    assert finding_said(found).text.endswith(".")
    if found.outcome == "finding":
        assert len(finding_card(found).said) == 5
        assert found.numbers or found.names
        assert all(n.id.startswith((code, "error.")) for n in found.numbers.values())


def can(code: str) -> set[str]:
    """Return the outcomes that a check's code speaks of."""
    source = getsource(CHECKS[code].run)
    found = {"passed"} if "return None" in source else set()
    if "Found(" in source:
        found.add("finding")
    if "NotApplicable(" in source:
        found.add("not_applicable")
    if "CannotTell(" in source:
        found.add("cannot_tell")
    return found


@pytest.mark.parametrize("code", CHECKS)
def test_every_outcome_of_every_check_has_a_case(code):
    assert code in CASES, f"{code} has no case here"
    assert {case.outcome for case in CASES[code]} == can(code)
    source = getsource(CHECKS[code].run)
    raised = re.findall(r"(?:NotApplicable|CannotTell)\((.+?)\)\n", source)
    reasons = {name for text in raised for name in re.findall(r'"(\w+)"', text)}
    assert {case.reason for case in CASES[code]} - {""} == reasons


def test_the_cases_are_of_checks_that_exist():
    assert set(CASES) == set(CHECKS)


def test_nothing_is_found_in_the_plain_table():
    assert review(plain()).of("finding") == ()


def test_what_was_found_stands_gravest_first():
    given = sorted_file(holes(0.05)(only(clusters=np.array(["a"] * ROWS))(plain())))
    severities = [f.severity for f in review(given).of("finding")]
    assert severities == ["blocker", "warning", "note"]
    assert review(given).codes("blocker") == ("DR006",)


def test_findings_stand_in_the_order_of_their_codes():
    codes = [f.code for f in review(plain()).findings]
    assert codes == sorted(CHECKS)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_file_sorted_either_way_is_found_and_a_shuffled_one_is_not(reverse):
    given = plain()
    ordered = np.sort(given.labels)[:: -1 if reverse else 1]
    found = outcome_of("DR006", replace(given, file_labels=ordered))
    assert found.numbers["order"].value == pytest.approx(1.0 if reverse else 0.0)
    shuffled = np.random.default_rng(3).permutation(given.labels)
    assert outcome_of("DR006", replace(given, file_labels=shuffled)).outcome == "passed"


def test_the_order_effect_is_the_share_of_pairs_in_which_a_positive_stands_first():
    labels = np.array([True, False, True, True, False] * 20)
    given = replace(plain(), file_labels=np.sort(labels)[::-1])
    labels = given.file_labels.copy()
    labels[[0, -1]] = labels[[-1, 0]]
    found = outcome_of("DR006", replace(given, file_labels=labels))
    first, last = np.flatnonzero(labels), np.flatnonzero(~labels)
    pairs = np.mean(first[:, None] < last[None, :])
    assert found.numbers["order"].value == pytest.approx(float(pairs))
