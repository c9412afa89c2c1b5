"""When a pair meets again, and which day a month means."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.rituals import day_of, planned_rituals, propose_rituals
from workshop.record.agreed import Agreement, Ritual

TUESDAY = date(2026, 12, 1)


def days(**given) -> dict[str, date]:
    rituals = propose_rituals(TUESDAY, **given)
    return {one.what: date.fromisoformat(one.on) for one in rituals}


def test_the_data_are_looked_at_before_they_go_stale():
    newest = date(2026, 11, 2)
    found = days(newest=newest, fresh_days=90)["readiness_review"]
    assert found == date(2027, 1, 29), "a Friday; 31 January is a Sunday"
    assert (found - newest).days <= 90


def test_without_a_limit_on_age_it_is_within_twelve_weeks():
    assert days()["readiness_review"] == TUESDAY + timedelta(weeks=12)
    assert days(newest=TUESDAY)["readiness_review"] == TUESDAY + timedelta(weeks=12)


def test_data_that_are_stale_already_are_looked_at_on_the_next_working_day():
    stale = days(newest=date(2013, 8, 31), fresh_days=30)
    assert stale["readiness_review"] == date(2026, 12, 2)


def test_measures_are_looked_at_every_four_weeks():
    review = propose_rituals(TUESDAY)[1]
    assert (review.what, review.every_weeks) == ("metric_review", 4)
    assert review.on == "2026-12-29"


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(-4000, 400),
    st.floats(1, 2000),
)
def test_proposals_are_working_days_still_to_come(today, ago, fresh):
    newest = today + timedelta(days=ago)
    for one in propose_rituals(today, newest=newest, fresh_days=fresh):
        day = date.fromisoformat(one.on)
        assert day.weekday() < 5
        assert day > today


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03", date(2027, 3, 1)),
        ("2027-05", date(2027, 5, 3)),
        ("2026-08", date(2026, 8, 3)),
        ("2027-05-02", date(2027, 5, 2)),
        ("2027-02-31", date(2027, 2, 28)),
        ("0000-01", None),
    ],
)
def test_a_month_is_its_first_working_day_and_a_day_is_itself(text, day):
    assert day_of(text) == day


def test_the_retrospective_has_one_date_and_a_ritual_says_who_comes():
    other = Ritual(what="metric_review", on="2027-01-04")
    old = Ritual(what="retrospective", on="2026-01", who="support")
    agreement = Agreement(rituals=(old, other), retrospective="2027-03")
    assert planned_rituals(agreement) == (
        other,
        Ritual(what="retrospective", on="2027-03", who="support"),
    )
    assert planned_rituals(Agreement(rituals=(old, other))) == (other, old)
    assert planned_rituals(Agreement()) == ()
