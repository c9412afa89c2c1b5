"""A week in people, hours and money, what it rests on, and whether both floors hold."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest

from tests.analysis.impact.builders import BAND, assumed, option, ranged
from tests.helpers import HOSTILE, Page
from tests.views.recaps.conftest import text
from workshop.analysis.impact.drift import what_if
from workshop.analysis.impact.estimate import Estimate, estimate
from workshop.analysis.impact.floors import dual_floors
from workshop.record.choices import Assumed, Floor, Satisfaction
from workshop.record.terms import ASSUMED, BUSINESS
from workshop.record.values import Number
from workshop.views.recaps.impact import (
    SCENES,
    assumable_names,
    assumptions_table,
    drift_blocks,
    floors_items,
    measure_name,
    money_table,
    queue_line,
    satisfaction_line,
    valued_items,
    valued_line,
    week_table,
)


def week(**stated) -> Estimate:
    return estimate(option(**BAND), assumed(**stated), seed=1)


def rows(table) -> dict[str, str]:
    return {row[0].text: row[1].text for row in table.rows}


# --- a week --------------------------------------------------------------------------


def test_a_week_shows_only_what_is_stated_and_is_not_nothing():
    said = rows(week_table({"a": week()}, {"a": "A"}, currency="EUR"))
    assert "sent to a person" in said
    assert "people's hours saved a week" not in said, "nobody stated any minutes"
    idle = estimate(option(tp=60, fp=10, fn=20, tn=10), assumed(), seed=1)
    said = rows(week_table({"a": idle}, {"a": "A"}, currency="EUR"))
    assert "sent to a person" not in said, "nobody is asked"
    timed = week(minutes_today=9, minutes_review=3, minutes_tp=0, minutes_fp=9,
                 minutes_fn=9, minutes_tn=9)  # fmt: skip
    said = rows(week_table({"a": timed}, {"a": "A"}, currency="EUR"))
    assert said["people's hours saved a week"].split(" ")[1] == "h"


def test_money_is_said_alike_in_every_table_and_adds_up():
    table = rows(money_table(week(), currency="EUR"))
    whole = rows(week_table({"a": week()}, {"a": "A"}, currency="EUR"))
    assert table["All of it"] == whole["money a week"]
    assert set(table) == {
        "What acting rightly brings", "What acting wrongly costs", "What is missed",
        "Reviews", "All of it",
    }  # fmt: skip


def test_a_cost_of_next_to_nothing_is_not_written_out():
    cheap = option(**BAND)
    cheap = type(cheap)(cheap.option, cheap.observed, cheap.drawn, running=1e-6)
    table = rows(money_table(estimate(cheap, assumed(), seed=1), currency="EUR"))
    assert table["Running it"] == "hardly anything"


def test_the_moved_sentence_has_people_and_money():
    said = valued_line(week(), currency="EUR").text
    assert said.startswith("A week then comes to ")
    assert said.endswith(" go wrong.")
    assert "EUR" in said


def test_without_money_the_moved_sentence_has_people_alone():
    bare = week()
    numbers = {k: n for k, n in bare.numbers.items() if not k.startswith("money")}
    told = Estimate("a", MappingProxyType(numbers), bare.draws)
    assert valued_line(told, currency="EUR").text.startswith("A week then has ")


def test_next_to_no_money_is_said_without_a_currency():
    bare = week()
    money = bare.numbers["money"].model_copy(
        update={"value": 0.2, "lo": -0.1, "hi": 0.4}
    )
    told = Estimate("a", MappingProxyType({**bare.numbers, "money": money}), bare.draws)
    said = valued_line(told, currency="EUR").text
    assert said.startswith("A week then comes to hardly anything in money, and ")
    assert "EUR" not in said


def test_hours_and_waiting_stand_beside_it_where_they_are_told():
    assert valued_items(week()) == ()
    told = valued_items(week(minutes_review=3, reviewer_hours=60))
    assert [said.text.split(":")[0] for said in told] == [measure_name("waiting_hours")]


# --- the queue -----------------------------------------------------------------------


def test_a_queue_that_overflows_is_said_to_grow():
    said = queue_line(week(minutes_review=30, reviewer_hours=10))
    assert "the queue grows by about 780 every week" in said.text
    table = week_table(
        {"a": week(minutes_review=30, reviewer_hours=10)}, {"a": "A"}, currency="EUR"
    )
    told = rows(table)[measure_name("waiting_hours")]
    assert told == "never all: the queue grows by 780 a week"


def test_a_queue_that_is_kept_up_with_says_how_long_people_wait():
    said = queue_line(week(minutes_review=3, reviewer_hours=60)).text
    assert said.startswith("Those who go to a person wait about ")


def test_reviewers_without_any_hours_never_get_through():
    said = queue_line(week(minutes_review=3, reviewer_hours=0)).text
    assert "the queue grows by about 800 every week" in said


def test_a_queue_without_hours_says_what_is_missing_and_none_says_nothing():
    assert "cannot be told" in queue_line(week()).text
    nobody = estimate(option(tp=60, fp=10, fn=20, tn=10), assumed(), seed=1)
    assert queue_line(nobody) is None


# --- what it rests on ----------------------------------------------------------------


def test_every_assumption_has_words_and_what_is_stated_comes_first():
    names = assumable_names(assumed())
    assert set(names) == set(ASSUMED)
    assert next(iter(names)) in assumed().stated
    assert "{" not in " ".join(names.values())
    assert names["fp"].endswith("EUR (a cost is below zero)")


def test_every_measure_that_a_floor_can_speak_of_has_a_name():
    assert all(measure_name(name) for name in BUSINESS)


def test_an_assumption_says_range_confidence_source_and_owner():
    one = Assumed(
        low=-5, likely=-2.5, high=-1, confidence="low", source=HOSTILE, owner="both"
    )
    table = assumptions_table(assumed(fp=one))
    (row,) = [row for row in table.rows if row[0].text.startswith("Worth of acting wr")]
    assert row[1].text == "−2.5 (−5 to −1)"
    assert row[2].text == "low"
    assert row[3].text == f"you: {HOSTILE}"
    assert not {tag for tag, _ in Page(text([table])).elements} & {"script", "img"}
    (volume,) = [row for row in table.rows if row[0].text == "Decisions a week"]
    assert volume[1].text == "4,000"
    assert volume[4].text == "nobody yet"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "nobody has said how it will be asked"),
        (
            Satisfaction(asked="helpful?"),
            "(helpful?): today not known, which is a gap; wanted: not said;",
        ),
        (
            Satisfaction(asked="helpful?", today=60, unit="%"),
            "today 60 %; wanted: not said",
        ),
        (Satisfaction(asked="helpful?", owner="both"), "owner: Both of us, together."),
    ],
)
def test_what_is_open_about_satisfaction_is_said_to_be_a_gap(given, told):
    assert told in satisfaction_line(given).text


# --- both floors ---------------------------------------------------------------------


def floors(floor: Floor | None, acceptable: float | None = 0.3) -> list[str]:
    one = option(**BAND)
    drawn = one.drawn[:, 1] / (one.drawn[:, 0] + one.drawn[:, 1])
    error = Number(id="error", value=10 / 60, k=10, n=60, lo=0.1, hi=0.28, unit="share")
    found = dual_floors(week(), drawn, error, acceptable=acceptable, floor=floor)
    return [said.text for said in floors_items(found)]


def test_both_floors_stand_side_by_side_with_margin_and_chance():
    wrong = Floor(measure="wrong", metric="people_wrong", at_most=500)
    model, business, both = floors(wrong)
    assert model.startswith("The model's floor, wrong among those acted on at most 30")
    assert "It holds by 13 of 100, and the chance that it does is" in model
    assert business.startswith("The business floor, decisions gone wrong a week at mos")
    assert "It holds by 100" in business
    assert both.startswith("The chance that both hold is")
    assert both.endswith("is the one that is likelier to break.")


def test_where_neither_floor_is_likely_to_break_none_is_said_to_be():
    *_, both = floors(Floor(measure="m", metric="people_wrong", at_most=2000), 0.9)
    assert both == "The chance that both hold is 100 of 100."


def test_a_floor_that_is_missed_says_by_how_much():
    told = floors(Floor(measure="m", metric="people_wrong", at_most=100))[1]
    assert "It misses by 300, and the chance that it holds is under 1 of 100." in told


def test_a_floor_that_only_people_count_is_not_computed():
    assert len(floors(Floor(measure="smiles", at_least=3))) == 1
    assert floors(None, acceptable=None) == []


# --- another week --------------------------------------------------------------------


def drift(acceptable: float | None, **stated):
    shares, given = option(**BAND), assumed(**stated)
    base = estimate(shares, given, seed=1)
    error = Number(id="error", value=10 / 60, k=10, n=60, lo=0.1, hi=0.28, unit="share")
    return what_if(shares, given, base=base, error=error, acceptable=acceptable)


def test_every_other_week_has_its_words_and_no_number_twice():
    found = drift(0.3)
    assert {scene.kind for scene in found.scenes} <= set(SCENES)
    table, items = drift_blocks(found, currency="EUR")
    assert len(table.rows) == len(found.scenes)
    assert text([table, items])
    assert "The model's floor breaks once" in items.said[0].text


def test_a_floor_that_is_broken_already_says_what_would_mend_it():
    *_, items = drift_blocks(drift(0.1), currency="EUR")
    assert items.said[0].text == "The model's floor is broken as things stand."
    assert items.said[1].text.startswith("It would hold again once the share")


def test_without_a_model_floor_nothing_is_said_to_break():
    assert len(drift_blocks(drift(None), currency="EUR")) == 1


def test_a_queue_that_grows_in_another_week_is_said_there():
    table, *_ = drift_blocks(
        drift(0.3, minutes_review=3, reviewer_hours=45), currency="EUR"
    )
    cells = " ".join(cell.text for row in table.rows for cell in row)
    assert "; the queue grows by " in cells


def test_ranges_are_told_where_something_was_drawn():
    told = rows(
        week_table(
            {"a": week(per_week=ranged(3000, 4000, 5000))}, {"a": "A"}, currency="EUR"
        )
    )
    assert " to " in told[measure_name("people_wrong")]
    assert np.isfinite(week().numbers["money"].value)
