"""Somebody knows what the columns hold, whose they are, and whom they name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.analysis.readiness.builders import (
    ROWS,
    Case,
    plain,
    plain_card,
    same,
    with_column,
    with_profile,
)
from workshop.analysis.readiness import Finding, ReviewInput, review
from workshop.analysis.readiness.profile import Personal, Shapes
from workshop.data.card import Column, Schema


def with_card(**changes: object):
    card = plain_card().model_copy(update=changes)
    return lambda given: replace(given, card=card)


def guessed(given: ReviewInput) -> ReviewInput:
    fields = [f for f in plain_card().schema_.fields if f.name != "amount"]
    fields.append(Column(name="amount", inferred=True))
    return with_card(schema_=Schema(fields=tuple(fields)))(given)


def personal(*found: Personal):
    return with_profile(shapes=Shapes(ROWS, whole=True, personal=found))


MAIL = Personal("amount", "email", "value", 3000, 4000)
NAME = Personal("id", "name", "name")


def declared(given: ReviewInput) -> ReviewInput:
    said = with_card(personal_data="addresses, with consent, for this use")
    return personal(MAIL)(said(given))


CASES: dict[str, tuple[Case, ...]] = {
    "DR009": (
        Case(
            with_column("stranger"),
            "finding",
            "note",
            names=("stranger", "Of 7 columns"),
        ),
        Case(guessed, "finding", "note", names=("amount",)),
        Case(same, "passed"),
        Case(with_profile(columns={}), "not_applicable", reason="no_columns"),
    ),
    "DR021": (
        Case(personal(MAIL), "finding", "warning", names=("amount", "email", "3,000")),
        Case(personal(NAME), "finding", "note"),
        Case(declared, "finding", "note"),
        Case(same, "passed"),
        Case(
            with_profile(shapes=Shapes(0, whole=True)),
            "not_applicable",
            reason="no_rows",
        ),
    ),
    "DR031": (
        Case(with_card(licenses=()), "finding", "warning", names=("no licence",)),
        Case(with_card(sources=()), "finding", "warning", names=("no origin",)),
        Case(with_card(licenses=(), sources=()), "finding", "warning"),
        Case(same, "passed"),
        Case(with_profile(rows=0), "not_applicable", reason="no_rows"),
    ),
}


def found(code: str, given: ReviewInput) -> Finding:
    return next(f for f in review(given).findings if f.code == code)


def test_a_column_known_by_its_name_counts_every_row_that_holds_a_value():
    given = with_column("id", missing=3000)(personal(NAME)(plain()))
    assert found("DR021", given).at_stake.value == pytest.approx(0.75)


def test_a_column_with_two_kinds_of_personal_data_is_one_column_and_two_rows():
    phone = Personal("amount", "phone", "value", 40, 4000)
    given = found("DR021", personal(phone, MAIL)(plain()))
    assert given.numbers["count"].value == 1
    assert [d.about for d in given.details] == ["amount: email", "amount: phone"]


@pytest.mark.parametrize("said", ["none", "None found; questions are about apps", ""])
def test_a_card_that_declares_nothing_does_not_excuse_what_is_found(said):
    given = with_card(personal_data=said)(personal(MAIL)(plain()))
    assert found("DR021", given).severity == "warning"


def test_a_column_guessed_and_then_described_is_documented():
    fields = [f for f in plain_card().schema_.fields if f.name != "amount"]
    fields.append(Column(name="amount", inferred=True, description="euros"))
    given = with_card(schema_=Schema(fields=tuple(fields)))(plain())
    assert found("DR009", given).outcome == "passed"
