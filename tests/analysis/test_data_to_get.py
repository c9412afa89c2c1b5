"""The list of data to get: labels as the textbooks plan them, priced as stated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.data_to_get import FEWEST_LABELS, ToGet, data_to_get
from workshop.analysis.intervals import FEW_SOURCES, wilson
from workshop.data.scenario import Scenario
from workshop.record.choices import Record
from workshop.record.framed import Expectations, Framing, Outcome

TODAY = date(2026, 12, 1)
SCENARIO: dict[str, Any] = {
    "title": "Letters",
    "request": "Sort them.",
    "decision": {"unit": "letters", "act": "send it on", "per_week": 1000},
    "key": "letter_id",
    "label": {"column": "right", "means": "it arrived", "delay_days": 14},
    "stated": {
        "positive_rate": [0.1, 0.2],
        "precision": [0.7, 0.9],
        "recall": [0.4, 0.6],
    },
    "cluster": "office",
    "cluster_name": "offices",
    "time": "posted",
    "groups": ["language", "region"],
    "fresh_days": 90,
    "today": {"title": "by hand"},
    "payoff": {"unit": "EUR", "tp": 1, "fp": -2},
    "labelling": {"minutes_per_label": 3, "cost_per_hour": 60, "labels_per_day": 120},
}


def listed(acceptable: float | None = None, by: str = "", **changed: Any):
    """Return the list by kind; of groups, the last."""
    scenario = Scenario.model_validate({**SCENARIO, **changed})
    framing = Framing(
        expectations=Expectations(acceptable_error=acceptable),
        outcome=Outcome(measure="days", by=by or None),
    )
    items = data_to_get(scenario, Record(scenario="l", framing=framing), TODAY)
    return {item.kind: item for item in items}


def ends(item: ToGet, name: str) -> tuple[float | None, float | None]:
    number = item.numbers[name]
    assert number.assumed
    return number.lo, number.hi


def test_labels_for_the_error_are_planned_at_the_stated_end_that_takes_most():
    # z²·0.3·0.7/0.05² = 322.7 (Buderer), which Wilson's width at 323 confirms
    item = listed()["error"]
    assert item.numbers["labels"].value == 323
    assert item.lacks == ()


def test_money_and_days_follow_from_the_labels():
    item = listed()["error"]
    assert item.numbers["money"].value == pytest.approx(323 * 3 / 60 * 60)
    assert item.numbers["money"].unit == "EUR"
    assert item.numbers["days"].value == 3  # 323 at 120 a day


def test_weeks_are_those_in_which_so_many_are_acted_on():
    # acted on: 0.1·0.4/0.9 to 0.2·0.6/0.7 of 1000 a week: 44.4 to 171.4
    assert ends(listed()["error"], "weeks") == (2, 8)


def test_recall_takes_its_positives_over_how_often_acting_is_right():
    # around 0.5: 385 positives, 1/0.2 to 1/0.1 times as many labels
    item = listed()["recall"]
    assert item.numbers["positives"].value == 385
    assert ends(item, "labels") == (1925, 3850)
    assert ends(item, "money") == (5775, 11550)
    assert ends(item, "days") == (17, 33)
    assert ends(item, "weeks") == (2, 4)


def test_a_rate_that_may_be_zero_has_no_upper_end():
    stated = {**SCENARIO["stated"], "positive_rate": [0, 0.2]}
    item = listed(stated=stated)["recall"]
    assert ends(item, "labels") == (1925, None)
    assert item.numbers["labels"].value is None
    assert listed(stated={**stated, "positive_rate": [0, 0]})["recall"].variant == (
        "never"
    )


@pytest.mark.parametrize(
    ("acceptable", "variant"),
    [(0.4, "below"), (0.05, "above"), (0.2, "across"), (0.3, "across")],
)
def test_the_agreed_error_lies_beyond_or_within_the_stated(acceptable, variant):
    assert listed(acceptable)["promise"].variant == variant


def test_labels_that_tell_the_promise_do_and_one_fewer_would_not():
    needed = int(listed(0.35)["promise"].numbers["labels"].value)
    assert needed > FEWEST_LABELS
    assert wilson(0.3 * needed, needed).hi <= 0.35
    assert wilson(0.3 * (needed - 1), needed - 1).hi > 0.35


@given(st.integers(1, 99).map(lambda n: n / 100))
def test_no_promise_is_told_by_fewer_than_thirty_labels(acceptable):
    labels = listed(acceptable)["promise"].numbers.get("labels")
    if labels is not None:
        assert labels.lo >= FEWEST_LABELS


def test_a_stated_point_that_is_the_agreed_error_can_never_be_told():
    stated = {**SCENARIO["stated"], "precision": [0.8, 0.8]}
    assert listed(0.2, stated=stated)["promise"].variant == "never"


def test_what_has_to_be_said_first_is_named():
    assert listed()["promise"].lacks == ("acceptable",)
    bare = listed(0.3, stated=None)
    assert bare["promise"].lacks == ("precision",)
    assert bare["error"].lacks == ("precision",)
    assert bare["error"].numbers["labels"].value == 385
    assert bare["recall"].lacks == ("recall", "positive_rate")
    assert "labels" not in bare["recall"].numbers
    assert "weeks" not in bare["error"].numbers


def test_without_a_price_there_are_labels_and_no_money():
    item = listed(labelling=None)["error"]
    assert item.numbers["labels"].value == 323
    assert not {"money", "days"} & set(item.numbers)


def test_every_named_group_has_a_line_of_its_own():
    scenario = Scenario.model_validate(SCENARIO)
    items = data_to_get(scenario, Record(scenario="l"), TODAY)
    groups = [item for item in items if item.kind == "group"]
    assert [item.names["group"] for item in groups] == ["language", "region"]
    # z²·0.3·0.7/0.1² = 80.7
    assert {item.numbers["labels"].value for item in groups} == {81}


def test_rows_reach_back_as_far_as_the_promise_lies_ahead():
    item = listed(by="2027-03-01")["span"]
    assert item.numbers["days"].value == 90
    assert item.names["since"] == "2026-09-02"
    assert listed()["span"].lacks == ("date",)
    assert listed(by="2026-11")["span"].lacks == ("date",)


def test_sources_age_and_delay_stand_on_the_list():
    found = listed()
    assert found["sources"].numbers["least"].value == FEW_SOURCES
    assert found["sources"].names == {"sources": "offices"}
    assert listed(cluster=None)["sources"].lacks == ("cluster",)
    assert found["fresh"].numbers["days"].value == 90
    assert found["delay"].numbers["days"].value == 14
    assert "fresh" not in listed(fresh_days=None)


def test_a_row_is_described_by_its_columns():
    item = listed()["row"]
    assert item.names["columns"] == "letter_id, posted, office, language, region"
    assert item.names["label"] == "right"
    assert listed(label=None)["row"].lacks == ("label",)


def test_ids_differ():
    scenario = Scenario.model_validate(SCENARIO)
    items = data_to_get(scenario, Record(scenario="l"), TODAY)
    ids = [number.id for item in items for number in item.numbers.values()]
    assert len(ids) == len(set(ids))
