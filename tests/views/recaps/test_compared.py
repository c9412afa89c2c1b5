"""Every kind of choice can be said, of few records and of many, and nothing is bare."""

from __future__ import annotations

import pytest

from workshop.analysis.compared import compare_records
from workshop.record.agreed import Agreement, DecisionRight, NotAgreed, Retrospective
from workshop.record.choices import (
    AcceptedRisk,
    DataReview,
    Floor,
    ImpactChoice,
    Record,
    ThresholdChoice,
)
from workshop.record.framed import Expectations, Framing, Outcome, WhenUnsure
from workshop.record.terms import BUSINESS, METRICS
from workshop.record.values import Clause, Count, Policy, Seen
from workshop.views.recaps.compared import Source, Told, compared_section
from workshop.views.recaps.compared_text import compared_json, compared_text

POLICIES = (
    Policy(kind="single", act_at=-3.25),
    Policy(kind="review_band", act_at=17, review_at=4),
    Policy(kind="all"),
    Policy(kind="none"),
    Policy(kind="random", volume=0.2),
    Policy(kind="today"),
)


def told(*records: Record, currency: str = "EUR") -> Told:
    labels = [f"pair {i}" for i, _ in enumerate(records, 1)]
    return Told(
        compare_records(records, labels=labels),
        sources=tuple(Source(f"{name}.yaml", 3, True, "") for name in labels),
        scenario="tiny",
        title="A tiny one",
        as_of="2026-12-01",
        currency=currency,
    )


def record(**sections) -> Record:
    return Record(scenario="tiny", **sections)


def with_policy(policy: Policy) -> Record:
    return record(threshold=ThresholdChoice(policy=policy))


def full(ratio: float, place: int) -> Record:
    """A record with something of every kind in it."""
    seen = Seen(
        figures={"coverage": Count(k=place, n=9)}, rows="kept aside", data="sha256:aaaa"
    )
    clause = Clause(
        id="C1", metric="recall", at_least=0.1 * place, slice="shop=a", seen=seen
    )
    held = Retrospective(
        at="2027-01-01",
        data="sha256:bbbb",
        clauses={"C1": "kept"},
        counts={"C1": Count(k=1, n=4)},
    )
    return record(
        framing=Framing(
            counts_as_wrong=f"wrong {place}",
            ratio=ratio,
            outcome=Outcome(measure="hours", **{"from": 9, "to": place}, by=None),
            expectations=Expectations(acceptable_error=0.1 * place, fallback="human"),
            when_unsure=WhenUnsure(fallback="human", says="hello"),
            last_word_today="nobody",
        ),
        data_review=DataReview(accepted=(AcceptedRisk(finding="DR001", reason="so"),)),
        threshold=ThresholdChoice(policy=POLICIES[0], seen=seen),
        option=f"option {place}",
        impact=ImpactChoice(
            model_floor=Floor(measure="error_among_answered", at_most=0.1 * place),
            business_floor=Floor(measure="earned", metric="money", at_least=place),
        ),
        agreement=Agreement(
            decides=(DecisionRight(decision="release", owner="product", asked=("x",)),),
            clauses=(clause,),
            retrospective="2027-02",
            not_agreed=(NotAgreed(about="threshold"), NotAgreed(about="tea or coffee")),
        ),
        retrospectives=(held,) * (place % 2),
    )


@pytest.mark.parametrize("count", [2, 4, 5, 12])
def test_every_kind_of_choice_is_said(count):
    all_of_it = told(*(full(1 + i / 2, 1 + i % 5) for i in range(count)))
    section = compared_section(all_of_it)
    text, data = compared_text(all_of_it), compared_json(all_of_it)
    assert section.html
    for choice in data["choices"]:
        assert choice["about"] in text
    ids = [number["id"] for number in data["numbers"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.kind)
def test_every_policy_is_said(policy):
    data = compared_json(told(with_policy(policy), record()))
    (line,) = (c for c in data["choices"] if c["id"] == "threshold")
    assert line["values"][0]["says"]
    assert line["values"][1]["says"] == "undecided"


@pytest.mark.parametrize("name", [*BUSINESS, *METRICS])
def test_every_floor_is_said_in_its_unit(name):
    def floor(bound: float) -> Record:
        measured = Floor(
            measure=name, metric=name if name in BUSINESS else None, at_least=bound
        )
        return record(impact=ImpactChoice(business_floor=measured))

    text = compared_text(told(floor(0.25), floor(0.75)))
    unit = (BUSINESS.get(name) or METRICS[name]).unit
    expected = {"share": "25 of 100", "money": "0.25 EUR"}.get(unit, f"0.25 {unit}")
    assert f"at least {expected}" in text


def test_a_stated_bound_is_not_rounded_to_two_figures():
    def floor(bound: float) -> Record:
        missed = Floor(measure="missed", metric="people_missed", at_most=bound)
        return record(impact=ImpactChoice(business_floor=missed))

    assert "at most 1,183 per week" in compared_text(told(floor(1183), floor(800)))


def test_what_was_not_agreed_gives_both_positions():
    left = NotAgreed(about="framing.ratio", product="two", engineering="five")
    disputed = record(agreement=Agreement(not_agreed=(left,)))
    text = compared_text(told(disputed, record(framing=Framing(ratio=2))))
    assert "not agreed. Product says: “two” Engineering says: “five”" in text


def test_of_many_those_that_say_nothing_are_counted():
    said = [record(framing=Framing(ratio=i)) for i in (1, 2, 3)]
    text = compared_text(told(*said, record(), record()))
    assert "from 1 to 3, half of them at 2 or less; 2 of 5 undecided" in text


def test_other_data_is_named_by_its_place():
    def line(data: str) -> Record:
        seen = Seen(figures={"coverage": Count(k=1, n=2)}, rows="all", data=data)
        policy = Policy(kind="single", act_at=len(data))
        return record(threshold=ThresholdChoice(policy=policy, seen=seen), option="a")

    text = compared_text(told(line("sha256:aaaa"), line("sha256:bbbbb")))
    assert "They had different data before them, 2 in all" in text
    assert "coverage 1 of 2 (all rows), data 2" in text
    assert "1 apart; on other data" in text


def test_no_seen_count_claims_a_range():
    data = compared_json(told(full(1, 1), full(2, 2)))
    seen = [n for n in data["numbers"] if ".seen." in n["id"]]
    assert seen
    assert {(n["lo"], n["hi"], n["method"]) for n in seen} == {(None, None, None)}
    assert all(n["n"] for n in seen)
