"""04's first sentence and its list: people a week, and no more than is known."""

from __future__ import annotations

import pytest

import workshop
from tests.helpers import HOSTILE, Page
from tests.views.recaps.conftest import SCENARIOS
from workshop.record.choices import Floor, ImpactChoice
from workshop.record.values import Number
from workshop.views.recaps.user_impact import (
    Weekly,
    floors_line,
    headline,
    today_line,
    week_items,
)


def people(id: str, k: int, n: int = 100, ranged: bool = True) -> Number:
    """So many of a hundred rows, as people of a thousand a week."""
    value = 1000 * k / n
    ends = {"lo": value - 50, "hi": value + 50} if ranged else {}
    return Number(id=id, value=value, k=k, n=n, rows="report", **ends)


ERROR = Number(id="error", value=0.3, k=117, n=390, lo=0.2, hi=0.4)
VOLUME = Number(id="week.volume", value=1000, assumed=True)


def weekly(**more) -> Weekly:
    return Weekly("questions", VOLUME, people("week.wrong", 10), ERROR, **more)


def test_before_a_choice_it_speaks_of_everyone_by_the_rows_checked():
    said = headline(weekly()).text
    assert said.startswith("Of 1,000 questions a week, about 100 go wrong when all")
    assert "from the 390 checked it could be 50 to 150" in said


def test_with_a_line_it_speaks_of_those_acted_on():
    said = headline(weekly(shown=people("week.shown", 50))).text
    assert "about 500 are acted on (450 to 550)" in said
    assert "by the 100 rows kept aside" in said


@pytest.mark.parametrize(
    ("shown", "asked", "told"),
    [
        (100, None, "all are acted on"),
        (0, None, "none is acted on, so none goes wrong"),
        (0, 100, "the model acts on none; about 1,000 go to a person"),
    ],
)
def test_all_none_and_people_only_are_said_for_what_they_are(shown, asked, told):
    given = weekly(
        shown=people("week.shown", shown, ranged=False),
        asked=None if asked is None else people("week.asked", asked),
    )
    assert told in headline(given).text


def test_who_goes_to_a_person_is_said_once():
    band = weekly(shown=people("week.shown", 50), asked=people("week.asked", 10))
    assert sum("go to a person" in said.text for said in week_items(band)) == 1
    alone = weekly(
        shown=people("week.shown", 0, ranged=False), asked=people("week.asked", 100)
    )
    assert not any("go to a person" in said.text for said in week_items(alone))


def test_nobody_left_alone_wrongly_is_not_said():
    said = week_items(weekly(silent=people("week.silent", 0)))
    assert not any("could have been acted on" in item.text for item in said)


def test_money_that_is_less_needs_no_reader_to_turn_a_sign():
    money = tuple(
        Number(id=f"money.{i}", value=value, lo=value - 10, hi=value + 10)
        for i, value in enumerate((1400, -460, 900))
    )
    (told, _) = week_items(weekly(money=money, currency="EUR"))
    assert "1,400 EUR a week as chosen" in told.text
    assert "acting on everyone that makes −460 (−470 to −450)" in told.text
    assert "more than" not in told.text


@pytest.mark.parametrize(
    ("minutes", "cost", "told"),
    [
        (9, 1.4, "9 minutes and 1.4 EUR each"),
        (9, None, "9 minutes each"),
        (None, 1.4, "1.4 EUR each"),
        (None, None, "Today: <b>them</b>; how often"),
    ],
)
def test_todays_process_leaves_out_what_nobody_stated(minutes, cost, told):
    assert told in today_line("<b>them</b>", minutes, cost, None, "EUR").text


def test_both_floors_stand_side_by_side_as_they_were_set():
    floor = Floor(measure=HOSTILE, at_most=3)
    said = floors_line(ERROR, ImpactChoice(business_floor=floor))
    assert "30 wrong of 100" in said.text
    assert f"{HOSTILE} must stay within 3" in said.text
    assert "no floor for the business yet" in floors_line(None, None).text


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_whole_page_says_each_number_once_and_no_minus_people(scenario):
    section = workshop.open_step("04", scenario, interactive=False).section()
    assert section.status == "ok", section.headline.text
    found = Page(section.html)
    values: dict[tuple[str, str], set[str]] = {}
    for datum in found.data:
        values.setdefault((datum.id, datum.part), set()).add(datum.value)
    assert [key for key, seen in values.items() if len(seen) > 1] == []
    assert section.numbers
    for word in ("None", "nan", "{", " 1 hours", "−0 "):
        assert word not in found.text
