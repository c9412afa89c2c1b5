"""Age, holes, late labels and drift: each fires on its own fault and on no other."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given as varying
from hypothesis import strategies as st

from tests.analysis.readiness.builders import (
    TODAY,
    Case,
    plain,
    same,
    with_profile,
)
from workshop.analysis.intervals import newcombe
from workshop.analysis.readiness.calendar import blocks, find_holes, halves
from workshop.analysis.readiness.given import ReviewInput
from workshop.analysis.readiness.moved import most_moved
from workshop.analysis.readiness.profile import Drift, Period, Shapes, TimeProfile
from workshop.analysis.readiness.registry import CHECKS, review
from workshop.views.recaps.findings import finding_card

# --- what a case changes -------------------------------------------------------------


def times(*periods: Period, unit: str = "month", **more):
    """Return a change to these periods; the last row falls on the last start."""
    ends = {"low": periods[0].start, "high": periods[-1].start} | more
    return with_profile(time=TimeProfile("when", unit=unit, periods=periods, **ends))


def use(**changes):
    return lambda given: replace(given, use=replace(given.use, **changes))


def both(*changes):
    def change(given: ReviewInput) -> ReviewInput:
        for one in changes:
            given = one(given)
        return given

    return change


def months(*rates: float, rows: int = 1000, first: int = 1):
    """Return a month of a thousand judged rows for each rate."""
    return tuple(
        Period(datetime(2026, first + i, 1), rows, rows, round(rate * rows))
        for i, rate in enumerate(rates)
    )


def days(count: int, *, without: tuple[int, ...] = (), rows: int = 100):
    return tuple(
        Period(datetime(2026, 6, 1) + timedelta(days=i), rows, rows, rows // 4)
        for i in range(count)
        if i not in without
    )


def drifting(*drifts: Drift):
    return with_profile(shapes=Shapes(12_000, whole=True, drifts=drifts))


def drift(lo: float, psi: float, hi: float, *, critical: float = 0.01, column="amount"):
    return Drift(column, psi, lo, hi, critical, 6000, 6000)


STEADY = drift(0.0, 0.01, 0.02)
NO_TIME = with_profile(time=None)
NO_DATES = with_profile(time=TimeProfile("when", None, None, "day", (), unread=90))
NO_LABEL = with_profile(label=None)
SWINGING = times(*months(0.1, 0.4, 0.2))
UNLABELLED_LAST = times(
    *months(0.3, 0.3, 0.3), Period(datetime(2026, 4, 1), 1000, 600, 180)
)

CASES: dict[str, tuple[Case, ...]] = {
    "DR010": (
        Case(same, "passed"),
        Case(use(fresh_days=30), "finding", "blocker", names=("2026-10-31", "31 days")),
        Case(use(fresh_days=60), "passed"),
        Case(use(promised_by=date(2027, 12, 1)), "finding", "warning"),
        Case(
            both(times(*months(0.1)), use(fresh_days=1)),
            "finding",
            "blocker",
        ),
        Case(both(SWINGING, use(fresh_days=1)), "finding", "blocker"),
        Case(both(SWINGING, use(promised_by=None)), "finding", "warning"),
        Case(NO_TIME, "not_applicable", reason="no_time"),
        Case(NO_DATES, "cannot_tell", reason="no_dates"),
    ),
    "DR022": (
        Case(same, "passed"),
        Case(
            times(*days(60, without=(9, 10)), unit="day"),
            "finding",
            "note",
            names=("2026-06-10 – 2026-06-11", "2 of 60 days"),
        ),
        Case(
            times(*days(60, without=tuple(range(20, 30))), unit="day"),
            "finding",
            "warning",
        ),
        Case(NO_TIME, "not_applicable", reason="no_time"),
        Case(NO_DATES, "cannot_tell", reason="no_dates"),
        Case(times(*months(0.3, 0.3)), "cannot_tell", reason="few_periods"),
        Case(
            times(*days(60, without=(9, 31), rows=4), unit="day"),
            "cannot_tell",
            reason="too_thin",
        ),
    ),
    "DR033": (
        Case(same, "passed"),
        Case(UNLABELLED_LAST, "finding", "warning", names=("400 of 1,000",)),
        Case(
            times(*months(0.3, 0.3, 0.3), Period(datetime(2026, 4, 1), 1000, 900, 270)),
            "finding",
            "note",
        ),
        Case(use(label_delay_days=20), "passed"),
        Case(
            both(use(label_delay_days=90), use(today=date(2026, 11, 2))),
            "finding",
            "warning",
        ),
        Case(
            both(UNLABELLED_LAST, use(label_delay_days=20, today=date(2026, 4, 3))),
            "finding",
            "warning",
            names=("400 of 1,000", "Another 600"),
        ),
        Case(NO_TIME, "not_applicable", reason="no_time"),
        Case(NO_LABEL, "not_applicable", reason="no_label"),
        Case(NO_DATES, "cannot_tell", reason="no_dates"),
        Case(times(*months(0.3)), "cannot_tell", reason="one_period"),
    ),
    "DR023": (
        Case(drifting(STEADY), "passed"),
        Case(drifting(STEADY, drift(0.12, 0.15, 0.2)), "finding", "note"),
        Case(
            drifting(STEADY, drift(0.3, 0.4, 0.5, column="visits")),
            "finding",
            "warning",
            names=("visits", "1 of 2"),
        ),
        Case(drifting(drift(0.05, 0.15, 0.3)), "passed"),
        Case(drifting(drift(0.3, 0.5, 0.7, critical=0.2)), "finding", "warning"),
        Case(drifting(drift(0.2, 0.5, 0.8, critical=0.22)), "passed"),
        Case(drifting(drift(1, 2, 3, column="when"), STEADY), "passed"),
        Case(NO_TIME, "not_applicable", reason="no_time"),
        Case(NO_DATES, "cannot_tell", reason="no_dates"),
        Case(same, "cannot_tell", reason="not_measured"),
        Case(
            drifting(drift(0.1, 0.2, 0.6, critical=0.4)),
            "cannot_tell",
            reason="too_few",
        ),
    ),
    "DR024": (
        Case(
            both(
                times(*months(0.15, 0.3, 0.3, 0.15)),
                lambda g: replace(g, scored=replace(g.scored, deff=60.0)),
            ),
            "cannot_tell",
            reason="swings",
        ),
        Case(same, "passed"),
        Case(times(*months(0.3, 0.3, 0.36, 0.36)), "finding", "note"),
        Case(
            times(*months(0.2, 0.2, 0.3, 0.3)),
            "finding",
            "warning",
            names=("2026-03-01", "+10 points"),
        ),
        # A season shows between two periods, and not between the halves.
        Case(times(*months(0.1, 0.26, 0.1, 0.26)), "finding", "warning"),
        # Rare positives that triple move by few points, and matter.
        Case(times(*months(0.01, 0.01, 0.03, 0.03, rows=9000)), "finding", "warning"),
        Case(times(*months(0.55, 0.55, 0.05, 0.05)), "finding", "blocker"),
        Case(
            both(times(*months(0.55, 0.55, 0.05, 0.05)), use(acceptable=None)),
            "finding",
            "warning",
        ),
        # More positives: acting is right more often than before.
        Case(times(*months(0.05, 0.05, 0.55, 0.55)), "finding", "warning"),
        Case(NO_TIME, "not_applicable", reason="no_time"),
        Case(NO_LABEL, "not_applicable", reason="no_label"),
        Case(NO_DATES, "cannot_tell", reason="no_dates"),
        Case(times(*months(0.2, 0.8, rows=40)), "cannot_tell", reason="few_judged"),
    ),
}


def found(code: str, change):
    return CHECKS[code].run(change(plain()))


# --- age -----------------------------------------------------------------------------


def test_age_is_counted_from_today_where_the_use_says_how_fresh():
    finding = found("DR010", use(fresh_days=30))
    assert finding.numbers["gap"].value == 31  # 31 October to 1 December
    assert finding.names == {"newest": "2026-10-31", "until": TODAY.isoformat()}


def test_else_it_is_counted_to_the_promised_day():
    finding = found("DR010", use(promised_by=date(2027, 12, 1)))
    assert finding.numbers["gap"].value == 396
    assert finding.numbers["allowed"].value == 303  # 1 January to 31 October


def test_what_old_data_put_at_stake_is_how_far_the_rate_surely_swung_before():
    finding = found("DR010", both(SWINGING, use(fresh_days=1)))
    # the highest of three against the lowest, all three pairs looked at
    surely = newcombe(400, 1000, 100, 1000, level=1 - 0.05 / 3).lo
    assert finding.at_stake.value == pytest.approx(surely)
    assert (finding.variant, surely < 0.3) == ("stated", True)


@pytest.mark.parametrize("periods", [months(0.1), months(0.2, 0.26, 0.2, rows=60)])
def test_a_swing_that_may_be_chance_is_not_put_at_stake(periods):
    finding = found("DR010", both(times(*periods), use(fresh_days=1)))
    assert (finding.at_stake, finding.variant) == (None, "stated_steady")


def test_nothing_is_said_of_a_promise_where_none_is_dated():
    change = both(times(*months(0.1)), use(promised_by=None))
    outcome = next(f for f in review(change(plain())).findings if f.code == "DR010")
    card = finding_card(outcome)
    said = " ".join(s.text for s in card.said)
    assert "the promise lies" not in said
    assert "\N{EN DASH}" not in said
    assert TODAY.isoformat() in said


def test_a_mistyped_year_does_not_make_old_rows_young():
    change = both(
        times(*months(0.3, 0.3), Period(datetime(2126, 1, 1), 1, 1, 0)),
        use(fresh_days=30),
    )
    assert found("DR010", change).names["newest"] == "2026-02-01"


# --- holes ---------------------------------------------------------------------------


def test_days_off_are_no_holes():
    weekdays = [p for p in days(70) if p.start.weekday() < 5]
    assert found("DR022", times(*weekdays, unit="day")) is None


def test_quiet_sundays_are_no_holes():
    quiet = [replace(p, rows=4) if p.start.weekday() == 6 else p for p in days(70)]
    assert found("DR022", times(*quiet, unit="day")) is None


def test_a_nearly_empty_day_is_a_hole_and_says_what_it_holds():
    thin = [replace(p, rows=9) if i == 20 else p for i, p in enumerate(days(70))]
    finding = found("DR022", times(*thin, unit="day"))
    (detail,) = finding.details
    assert (detail.about, detail.numbers["rows"].value) == ("2026-06-21", 9)
    # 30 of 100 are positive, so the rate moves furthest if all unseen ones were
    assert finding.at_stake.value == pytest.approx(1 / 70 * 0.7)


@pytest.mark.parametrize("rows", [60, 150, 400])
def test_rows_that_fall_by_chance_leave_no_holes(rows):
    rng = np.random.default_rng(rows)
    fired = 0
    for _ in range(100):
        counts = np.bincount(rng.integers(0, 90, rows), minlength=90)
        at = [datetime(2026, 6, 1) + timedelta(days=i) for i in range(90)]
        seen = [
            Period(d, n, n, 0) for d, n in zip(at, counts.tolist(), strict=True) if n
        ]
        time = TimeProfile("when", seen[0].start, seen[-1].start, "day", tuple(seen))
        fired += bool(find_holes(time)[0])
    assert fired <= 5


def test_a_month_without_a_row_is_a_hole_however_few_rows_a_day_has():
    thin = days(90, without=tuple(range(30, 60)), rows=2)
    finding = found("DR022", times(*thin, unit="day"))
    assert finding.numbers["longest"].value == 30


@pytest.mark.parametrize(
    ("unit", "last"),
    [
        ("year", datetime(9999, 1, 1)),
        ("month", datetime(9999, 12, 1)),
        ("week", datetime(9999, 12, 27)),
        ("day", datetime(9999, 12, 31)),
    ],
)
def test_the_calendar_ends_with_the_year_9999(unit, last):
    steps = {"year": 365, "month": 30, "week": 7, "day": 1}
    starts = (last - timedelta(days=2 * steps[unit]), last)
    periods = tuple(Period(s, 10, 10, 3) for s in starts)
    time = TimeProfile("when", starts[0], last, unit, periods)
    assert find_holes(time)[1] >= 2


@pytest.mark.parametrize(
    ("unit", "starts", "missing"),
    [
        ("month", [(2025, 11), (2025, 12), (2026, 2), (2026, 3)], 1),
        ("year", [(2020, 1), (2022, 1), (2023, 1)], 1),
        ("week", [], 2),
    ],
)
def test_holes_are_counted_in_the_calendars_own_units(unit, starts, missing):
    at = [datetime(year, month, 1) for year, month in starts]
    at = at or [datetime(2026, 1, 5) + timedelta(weeks=w) for w in (0, 1, 4, 5)]
    time = TimeProfile(
        "when", at[0], at[-1], unit, tuple(Period(s, 10, 10, 3) for s in at)
    )
    holes, _ = find_holes(time)
    assert sum(hole.periods for hole in holes) == missing


# --- labels that come late -----------------------------------------------------------


def test_unlabelled_newest_rows_put_at_stake_what_they_could_all_have_been():
    finding = found("DR033", UNLABELLED_LAST)
    assert finding.at_stake.value == pytest.approx(0.4 * 0.7)
    assert finding.numbers["more"].lo == pytest.approx(newcombe(400, 1000, 0, 3000).lo)
    assert finding.names == {"since": "2026-04-01"}


def test_labels_younger_than_a_label_takes_are_counted():
    change = both(use(label_delay_days=90), use(today=date(2026, 11, 2)))
    # since 4 August: September and October begin later
    finding = found("DR033", change)
    assert (finding.numbers["young"].k, finding.variant) == (2400, "young")
    assert "more" in finding.numbers
    assert finding.numbers["newest"].k == 0


def test_labels_that_are_all_too_young_are_found():
    """A month of rows, three months until a label is known: none of them is."""
    change = both(
        times(*days(30), unit="day"),
        use(label_delay_days=90, today=date(2026, 7, 1)),
    )
    finding = found("DR033", change)
    assert (finding.severity, finding.variant) == ("warning", "young")
    assert (finding.numbers["young"].k, finding.numbers["young"].n) == (3000, 3000)
    assert finding.at_stake.value == pytest.approx(0.7)
    later = both(change, use(today=date(2026, 12, 1)))
    assert found("DR033", later) is None


def test_a_row_of_the_future_is_not_the_newest():
    mistyped = Period(datetime(2126, 1, 1), 1, 0, 0)
    last = Period(datetime(2026, 4, 1), 1000, 600, 180)
    change = times(*months(0.3, 0.3, 0.3), last, mistyped)
    for delay in (None, 20):
        finding = found("DR033", both(change, use(label_delay_days=delay)))
        assert finding.numbers["newest"].k == 400


# --- drift ---------------------------------------------------------------------------


def test_the_index_bounds_how_many_rows_moved():
    """Half against half that becomes 60 to 40: index 0.040547, and 10 of 100 moved."""
    psi = (0.6 - 0.5) * math.log(0.6 / 0.5) + (0.4 - 0.5) * math.log(0.4 / 0.5)
    assert psi == pytest.approx(0.040547, abs=5e-7)
    assert most_moved(psi) == pytest.approx(0.1, abs=1e-3)
    finding = found("DR023", drifting(drift(0.2, 0.25, 0.3)))
    assert finding.at_stake.value == pytest.approx(0.247, abs=5e-4)


def test_two_bins_that_swap_their_shares_are_what_the_bound_is_made_of():
    psi = 2 * (0.7 - 0.3) * math.log(0.7 / 0.3)
    assert most_moved(psi) == pytest.approx(0.4)
    assert most_moved(0.0) == pytest.approx(0.0, abs=1e-8)
    assert most_moved(60.0) <= 1


shares = st.lists(st.floats(0.01, 1), min_size=4, max_size=4)


@varying(shares, shares)
def test_never_more_rows_moved_than_what_is_put_at_stake(one, other):
    first = [x / sum(one) for x in one]
    second = [x / sum(other) for x in other]
    pairs = list(zip(first, second, strict=True))
    psi = sum((a - e) * math.log(a / e) for a, e in pairs)
    moved = sum(abs(a - e) for a, e in pairs) / 2
    assert moved <= most_moved(psi) + 1e-6


def test_the_columns_that_moved_stand_furthest_first():
    finding = found(
        "DR023",
        drifting(drift(0.2, 0.3, 0.4), drift(0.5, 0.6, 0.7, column="visits"), STEADY),
    )
    assert [d.about for d in finding.details] == ["visits", "amount"]
    assert finding.names["columns"] == "visits, amount"


# --- drift of the label's rate -------------------------------------------------------


def test_the_rates_before_and_after_carry_newcombes_interval():
    finding = found("DR024", times(*months(0.2, 0.2, 0.3, 0.3)))
    numbers = finding.numbers
    assert (numbers["earlier"].k, numbers["later"].k) == (400, 600)
    expected = newcombe(600, 2000, 400, 2000)
    assert numbers["moved"].lo == pytest.approx(expected.lo)
    assert finding.at_stake.value == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("rates", "acceptable", "severity"),
    [
        # Positives rise, and acting is right more often.
        ((0.4, 0.4, 0.6, 0.6), 0.1, "warning"),
        ((0.6, 0.6, 0.4, 0.4), 0.1, "blocker"),
        # Under five points nothing blocks, whatever was agreed.
        ((0.34, 0.34, 0.3, 0.3), 0.0, "note"),
        ((0.4, 0.4, 0.3, 0.3), 0.0, "blocker"),
        ((0.6, 0.6, 0.4, 0.4), 0.3, "warning"),
    ],
)
def test_only_a_fall_of_positives_beyond_what_was_agreed_blocks(
    rates, acceptable, severity
):
    change = both(times(*months(*rates, rows=3000)), use(acceptable=acceptable))
    assert found("DR024", change).severity == severity


def test_rows_that_hang_together_need_to_move_further():
    moved = times(*months(0.3, 0.3, 0.34, 0.34))
    assert found("DR024", moved) is None  # lower bound 1.2 points
    far = times(*months(0.3, 0.3, 0.36, 0.36))
    hanging = both(far, lambda g: replace(g, scored=replace(g.scored, deff=20.0)))
    assert found("DR024", far) is not None
    assert found("DR024", hanging) is None


def test_a_swing_that_dependence_hides_cannot_be_told_from_chance():
    swinging = times(*months(0.15, 0.3, 0.3, 0.15))
    hanging = both(swinging, lambda g: replace(g, scored=replace(g.scored, deff=60.0)))
    outcome = next(f for f in review(hanging(plain())).findings if f.code == "DR024")
    assert (outcome.outcome, outcome.reason) == ("cannot_tell", "swings")
    assert outcome.numbers["deff"].value == 60
    assert found("DR024", swinging).severity == "warning"


def test_days_too_thin_for_a_rate_are_pooled():
    thin = tuple(
        Period(datetime(2026, 6, 1) + timedelta(days=i), 20, 20, 5) for i in range(10)
    )
    pooled = blocks(TimeProfile("when", thin[0].start, thin[-1].start, "day", thin))
    assert [b.judged for b in pooled] == [60, 60, 80]
    assert sum(b.positives for b in pooled) == 50


@varying(st.lists(st.integers(0, 300), min_size=2, max_size=30))
def test_no_judged_row_is_lost_between_the_halves(judged):
    periods = tuple(
        Period(datetime(2026, 1, 1) + timedelta(days=i), n, n, n // 3)
        for i, n in enumerate(judged)
    )
    cut = halves(TimeProfile("w", periods[0].start, periods[-1].start, "day", periods))
    if sum(n > 0 for n in judged) < 2:
        assert cut is None
    else:
        earlier, later = cut
        assert earlier.judged + later.judged == sum(judged)
        assert min(earlier.judged, later.judged) > 0
        assert earlier.start < later.start
