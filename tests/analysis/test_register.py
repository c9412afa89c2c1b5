"""Everything that an agreement rests on without its being measured, in one list."""

from __future__ import annotations

from datetime import date

from tests.helpers import THAT_DAY
from workshop.analysis.register import Held, list_held
from workshop.data.catalog import find_target
from workshop.record.choices import (
    AcceptedRisk,
    Assumed,
    Assumption,
    DataReview,
    ImpactChoice,
    Record,
)

SCENARIO = find_target("privacy-assistant").scenario
REVIEW = DataReview(
    accepted=(
        AcceptedRisk(finding="DR002", reason="few", owner="product", revisit="2027-01"),
        AcceptedRisk(finding="DR003", reason="five", revisit="2026-11"),
    ),
    assumptions=(Assumption(says="alike", confidence="low", revisit="2026-12"),),
    conditions=("label forty a week",),
    cannot_do=("nothing outside",),
)


def held(record: Record, today: date = THAT_DAY) -> tuple[Held, ...]:
    return list_held(record, SCENARIO, today)


def test_each_kind_is_there_with_owner_confidence_and_day():
    lines = held(Record(scenario="x", data_review=REVIEW))
    by_kind = {kind: [x for x in lines if x.kind == kind] for kind in
               ("risk", "assumption", "condition", "cannot_do")}  # fmt: skip
    assert {x.name for x in by_kind["risk"]} == {"DR002", "DR003"}
    (assumed,) = by_kind["assumption"]
    assert (assumed.text, assumed.confidence, assumed.revisit) == (
        "alike",
        "low",
        "2026-12",
    )
    assert [x.text for x in by_kind["condition"]] == ["label forty a week"]
    assert [x.text for x in by_kind["cannot_do"]] == ["nothing outside"]


def test_what_is_overdue_is_marked_and_stands_first():
    first, *others = held(Record(scenario="x", data_review=REVIEW))
    assert (first.name, first.overdue) == ("DR003", True)
    assert not any(line.overdue for line in others), "December is not over"
    later = held(Record(scenario="x", data_review=REVIEW), date(2027, 2, 1))
    assert sum(line.overdue for line in later) == 3


def test_of_the_figures_those_of_the_pair_and_the_unsure_ones():
    unsure = {n for n, a in SCENARIO.assumed.items() if a.confidence == "low"}
    sure = set(SCENARIO.assumed) - unsure
    assert unsure
    assert sure
    names = {x.name for x in held(Record(scenario="x")) if x.kind == "impact"}
    assert names == unsure
    stated = {"per_week": Assumed(low=900, likely=1000, high=1100, confidence="high")}
    record = Record(scenario="x", impact=ImpactChoice(assumed=stated))
    mine = {x.name: x for x in held(record) if x.kind == "impact"}
    assert set(mine) == unsure | {"per_week"}
    figure = mine["per_week"].figure
    assert (figure.lo, figure.value, figure.hi) == (900, 1000, 1100)
    assert figure.assumed


def test_an_empty_record_of_a_sure_scenario_holds_nothing():
    sure = SCENARIO.model_copy(update={"assumed": {}})
    assert list_held(Record(scenario="x"), sure, THAT_DAY) == ()
