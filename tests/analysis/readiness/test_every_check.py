"""Every check fires, stays quiet and does not apply somewhere, and can say all of it.

The cases stand in the test modules beside this one, by code; each changes one thing in
a table that no check has anything to say about. The rules here are plain functions
that return what is wrong, and each has a planted fault that it must find.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib import import_module
from itertools import combinations
from string import Formatter
from typing import Any

import numpy as np
import pytest

from tests.analysis.readiness.builders import Case, plain, same
from workshop.analysis.readiness import CHECKS, Finding, review
from workshop.analysis.readiness.findings import Detail
from workshop.record.values import Number
from workshop.views.recaps.findings import finding_card, finding_said
from workshop.views.wording import phrases

MODULES = (
    "completeness",
    "validity",
    "copies",
    "leakage",
    "provenance",
    "timeliness",
    "groups",
    "labels",
    "learnability",
)
MOST_DETAILS = 12
EFFORT = re.compile(r"\([^()]*\w[^()]*\)[.]$")


def gathered() -> dict[str, tuple[Case, ...]]:
    """Return the cases of all modules; a code has its cases in one place only."""
    found: dict[str, tuple[Case, ...]] = {}
    for name in MODULES:
        cases = import_module(f"tests.analysis.readiness.test_{name}").CASES
        assert not found.keys() & cases.keys(), f"{name} has another module's cases"
        found |= cases
    return found


CASES = gathered()
EACH = [
    pytest.param(code, case, id=f"{code}-{place}-{case.outcome}")
    for code, cases in sorted(CASES.items())
    for place, case in enumerate(cases, 1)
]


@cache
def told(code: str, case: Case) -> Finding:
    """Run the whole review on a case and return what that code came back with."""
    report = review(case.change(plain()))
    return next(f for f in report.findings if f.code == code)


# --- every case comes back with what it is for ---------------------------------------


@pytest.mark.parametrize(("code", "case"), EACH)
def test_a_check_comes_back_with_what_the_case_is_for(code, case):
    found = told(code, case)
    assert (found.outcome, found.severity, found.reason) == (
        case.outcome,
        case.severity,
        case.reason,
    )


@pytest.mark.parametrize(("code", "case"), EACH)
def test_whatever_it_comes_back_with_can_be_said(code, case):
    found = told(code, case)
    assert finding_said(found).text.endswith(".")
    for word in case.names:
        assert word in finding_said(found).text
    if found.outcome == "finding":
        card = finding_card(found)
        assert len(card.said) + len(card.ways) >= 4
        assert all(said.text.endswith(".") for said in (*card.said, *card.ways))
        assert card.html


@pytest.mark.parametrize(("code", "case"), EACH)
def test_its_evidence_is_fit_to_be_shown(code, case):
    assert faults_of_evidence(told(code, case), phrases()) == []


def test_nothing_is_found_in_the_plain_table():
    assert [f.code for f in review(plain()).of("finding")] == []


# --- every code has its cases --------------------------------------------------------

NEEDED = {"finding": "fires", "passed": "is quiet", "not_applicable": "does not apply"}


def missing_cases(code: str, cases: Iterable[Case], said: dict[str, str]) -> list[str]:
    """Say which cases a code lacks: one for each outcome and each reason."""
    cases = tuple(cases)
    outcomes = {case.outcome for case in cases}
    wrong = [f"no case {what}" for key, what in NEEDED.items() if key not in outcomes]
    reasons = {case.reason for case in cases} - {""}
    for reason in sorted(reasons_said(code, said) ^ reasons):
        wrong.append(f"reason {reason!r} has a sentence or a case, but not both")
    return wrong


def reasons_said(code: str, said: dict[str, str]) -> set[str]:
    """Return the names of the sentences of a code that are reasons."""
    own = {key.split(".", 2)[2] for key in said if key.startswith(f"check.{code}.")}
    parts = {key for key in own if key.startswith(VARYING)}
    return own - parts - set(PARTS)


def same_cases(code: str, cases: Iterable[Case]) -> list[str]:
    """Return the places of cases of a code that change the table in the same way."""
    made = [(place, content(c.change(plain()))) for place, c in enumerate(cases, 1)]
    return [
        f"{code}: cases {a} and {b} are the same"
        for (a, one), (b, other) in combinations(made, 2)
        if one == other
    ]


def content(value: Any) -> Any:
    """Return a value as something that can be compared, arrays included."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: content(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {key: content(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [content(one) for one in value]
    return value


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_every_check_fires_is_quiet_and_does_not_apply_somewhere(code):
    assert missing_cases(code, CASES.get(code, ()), phrases()) == []


@pytest.mark.parametrize("code", sorted(CASES))
def test_no_two_cases_of_a_check_are_the_same(code):
    assert same_cases(code, CASES[code]) == []


def test_the_cases_are_of_checks_that_exist():
    assert sorted(CASES) == sorted(CHECKS)


# --- every code has its sentences ----------------------------------------------------

PARTS = ("title", "found", "finding", "threatens", "way_1", "way_2")
# A variant may have its own sentence for each part of the card.
VARYING = ("col_", *(f"{part}_" for part in PARTS))


def missing_sentences(code: str, said: dict[str, str]) -> list[str]:
    """Say which sentences a code lacks, and which of them do not say enough."""
    own = {part: said.get(f"check.{code}.{part}", "") for part in PARTS}
    wrong = [f"no sentence {part}" for part, text in own.items() if not text]
    if not any(spec for _, spec in placeholders(own["threatens"])):
        wrong.append("threatens names no number")
    wrong += [f"{way} has no effort" for way in WAYS if not EFFORT.search(own[way])]
    if own["way_1"] == own["way_2"]:
        wrong.append("both ways out are the same")
    if own["title"][:1].isupper() or own["title"].endswith("."):
        wrong.append("the title is no noun phrase")
    return wrong


WAYS = ("way_1", "way_2")


def placeholders(template: str) -> list[tuple[str, str]]:
    """Return name and format of what a template is filled with."""
    parts = Formatter().parse(template)
    return [(name, spec or "") for _, name, spec, _ in parts if name is not None]


def faults_of_evidence(found: Finding, said: dict[str, str]) -> list[str]:
    """Say what cannot be shown of a finding: headings, ids, names, numbers, length."""
    wrong = [
        f"{key} is a number and a name" for key in found.numbers if key in found.names
    ]
    numbers = {key: n.id for key, n in found.numbers.items()}
    for place, detail in enumerate(found.details, 1):
        numbers |= {f"{key} in {place}": n.id for key, n in detail.numbers.items()}
    for key, name in numbers.items():
        if re.match(r"DR\d{3}", name) and not name.startswith(f"{found.code}."):
            wrong.append(f"{key} has the id {name} of another")
    if found.outcome == "finding" and not (found.numbers or found.names):
        wrong.append("a finding without evidence")
    if len(found.details) > MOST_DETAILS:
        wrong.append(f"{len(found.details)} details are more than a table may have")
    about = Counter(d.about for d in found.details)
    wrong += [f"two details are about {name}" for name, k in about.items() if k > 1]
    keys = {key for d in found.details for key in d.numbers}
    headings = ["about", *sorted(keys)] if found.details else []
    wrong += [
        f"no heading col_{key}"
        for key in headings
        if f"check.{found.code}.col_{key}" not in said
    ]
    return wrong + _faults_of_stake(found)


def _faults_of_stake(found: Finding) -> list[str]:
    stake = found.at_stake
    if stake is None:
        return []
    if stake.value is None or not 0 <= stake.value <= 1:
        return [f"what is at stake is no share: {stake.value}"]
    if (
        stake.lo is not None
        and stake.hi is not None
        and not (stake.lo - 1e-9 <= stake.value <= stake.hi + 1e-9)
    ):
        return ["what is at stake lies outside its own interval"]
    return []


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_every_check_says_what_it_threatens_and_two_ways_out_with_their_effort(code):
    assert missing_sentences(code, phrases()) == []


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_no_heading_waits_for_numbers_that_never_come(code):
    cases = (told(code, c) for c in CASES[code])
    used = {key for f in cases for d in f.details for key in d.numbers}
    prefix = f"check.{code}.col_"
    headings = {k.removeprefix(prefix) for k in phrases() if k.startswith(prefix)}
    assert headings == (used | {"about"} if headings or used else set())


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_every_kind_of_finding_has_its_sentence_and_a_case(code):
    told_ones = {told(code, c).variant for c in CASES[code]} - {""}
    prefix = f"check.{code}.finding_"
    said = {k.removeprefix(prefix) for k in phrases() if k.startswith(prefix)}
    assert told_ones == said


# --- the planted faults --------------------------------------------------------------

WELL_SAID = {
    "check.DR999.title": "rows in order",
    "check.DR999.found": "Rows out of order",
    "check.DR999.finding": "{rows:k} of {rows:n} rows are.",
    "check.DR999.threatens": "It moves the promise by {at_stake:of100} points.",
    "check.DR999.way_1": "sort them (minutes).",
    "check.DR999.way_2": "ask for them in order (days).",
    "check.DR999.no_rows": "There is no row.",
}
WELL_CASED = (
    Case(same, "finding", "note"),
    Case(same, "passed"),
    Case(same, "not_applicable", reason="no_rows"),
)


def test_a_check_with_all_its_cases_and_sentences_passes():
    assert missing_sentences("DR999", WELL_SAID) == []
    assert missing_cases("DR999", WELL_CASED, WELL_SAID) == []


@pytest.mark.parametrize("lost", range(len(WELL_CASED)))
def test_a_check_without_one_of_its_cases_is_found(lost):
    cases = [case for place, case in enumerate(WELL_CASED) if place != lost]
    assert missing_cases("DR999", cases, WELL_SAID)


def test_a_reason_without_a_case_and_one_without_a_sentence_are_found():
    said = WELL_SAID | {"check.DR999.too_few": "There are too few."}
    assert len(missing_cases("DR999", WELL_CASED, said)) == 1
    more = (*WELL_CASED, Case(same, "cannot_tell", reason="unheard"))
    assert len(missing_cases("DR999", more, WELL_SAID)) == 1


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("threatens", "It moves the promise."),
        ("threatens", "It moves {name}."),
        ("way_1", "sort them."),
        ("way_2", "ask (politely) for them in order."),
        ("way_2", "sort them (minutes)."),
        ("finding", ""),
        ("title", "Rows in order"),
    ],
)
def test_a_sentence_that_says_too_little_is_found(part, text):
    said = WELL_SAID | {f"check.DR999.{part}": text}
    assert missing_sentences("DR999", said) != []


def test_two_cases_that_change_the_same_are_found():
    alike = (Case(same, "passed"), Case(lambda given: replace(given), "passed"))
    assert len(same_cases("DR999", alike)) == 1


ROWS_K = Number(id="DR999.rows", value=0.5, k=1, n=2)


@pytest.mark.parametrize(
    "change",
    [
        {"numbers": {"rows": ROWS_K}, "names": {"rows": "a, b"}},
        {"numbers": {"rows": ROWS_K.model_copy(update={"id": "DR998.rows"})}},
        {"numbers": {}},
        {"details": (Detail("a", {"never": ROWS_K}),)},
        {"details": tuple(Detail(f"c{i}") for i in range(13))},
        {"details": (Detail("a"), Detail("a"))},
        {"at_stake": ROWS_K.model_copy(update={"value": 1.2})},
        {"at_stake": ROWS_K.model_copy(update={"lo": 0.6, "hi": 0.7})},
    ],
)
def test_evidence_that_cannot_be_shown_is_found(change):
    sound = Finding(
        "DR999", "validity", "both", "finding", "note", numbers={"rows": ROWS_K}
    )
    said = WELL_SAID | {"check.DR999.col_about": "Column"}
    assert faults_of_evidence(sound, said) == []
    assert len(faults_of_evidence(replace(sound, **change), said)) == 1
