"""After how many weeks is a rise noticed, by the monitor that never cries wolf?

A rise begins in some week of a clause window, each as likely: the weeks before it
dilute the window's count. From there the same monitor that a retrospective uses
(`workshop.analysis.monitor`) looks once a week. Thousands of such years are drawn with
a fixed seed; the evidence is not computed for each, since it grows with what is wrong,
so that one count a week decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from workshop.analysis.monitor import (
    ALPHA,
    WEEKS_A_YEAR,
    WEEKS_PER_WINDOW,
    Floats,
    Ints,
    Side,
    alarm_counts,
    log_level,
    windowed,
)
from workshop.errors import InputError

PATHS = 2_000
MOST = 0.9
HALF_AS_MUCH = 1.5


@dataclass(frozen=True, slots=True)
class Noticed:
    """Weeks from a rise to the first alarm, for labels that many a week.

    ``median`` weeks in half of all cases, ``most`` in 9 of 10; None where that share is
    not reached within ``weeks``, the agreement's length. ``within`` is the share that
    is noticed by then at all. ``labels`` are those that fall into the clause's rows.
    """

    promised: float
    risen: float
    side: Side
    labels: float
    weeks: int
    median: int | None
    most: int | None
    within: float


def notice(
    bound: float,
    side: Side,
    labels_per_week: float,
    *,
    promised: float | None = None,
    risen: float | None = None,
    share: float = 1.0,
    weeks_per_window: int = WEEKS_PER_WINDOW,
    weeks: int = WEEKS_A_YEAR,
    alpha: float = ALPHA,
    deff: float = 1.0,
    seed: int = 0,
) -> Noticed:
    """Say when a rate that leaves its bound is noticed.

    Parameters
    ----------
    bound, side
        The clause's.
    labels_per_week, share
        Labels made a week, and the share of them that falls into the rate's base: a
        slice, or the positives for recall. Fractions are made up for over the weeks.
    promised, risen
        The rate before and after; by default the bound itself, and `beyond` it.
    weeks_per_window, weeks, alpha
        As the agreement has them: alpha is split over the windows of its ``weeks``.
    deff
        The design effect of the rows: as many labels a week are drawn as count for
        independent ones, so that a year of n labels is one of n / deff.

    Raises
    ------
    InputError
        On a bound or rate outside 0..1, or labels that are not positive.
    """
    before = bound if promised is None else promised
    after = beyond(bound, side) if risen is None else risen
    _check(bound, before, after, labels_per_week * share, deff)
    base = labels_per_week * share
    rates = (before, after)
    first = _first_alarms(
        bound, side, base / deff, rates, weeks_per_window, weeks, alpha, seed
    )
    within = float(np.mean(first <= weeks))
    found = [_at(first, part, weeks) for part in (0.5, MOST)]
    return Noticed(before, after, side, base, weeks, found[0], found[1], within)


def beyond(bound: float, side: Side) -> float:
    """A rate that is worth noticing: half as many wrong again, or a third fewer right.

    Of these two the one that changes less; to a whole of 100 where that is beyond.

    >>> beyond(0.2, "at_most"), beyond(0.8, "at_least"), beyond(0.75, "at_most")
    (0.3, 0.7, 0.83)
    """
    wrong = bound if side == "at_most" else 1 - bound
    risen = min(HALF_AS_MUCH * wrong, 1 - (1 - wrong) / HALF_AS_MUCH)
    whole = round(risen, 2)
    risen = whole if whole > wrong else risen
    return risen if side == "at_most" else round(1 - risen, 12)


def _first_alarms(
    bound: float,
    side: Side,
    base: float,
    rates: tuple[float, float],
    weeks_per_window: int,
    weeks: int,
    alpha: float,
    seed: int,
) -> Ints:
    """Weeks from the rise to the first alarm, shape (paths,); beyond ``weeks``: none.

    Alarms before the rise are false ones and are not counted as noticing.
    """
    calm = weeks_per_window - 1
    length = calm + weeks
    n = np.diff(np.floor(base * np.arange(length + 1) + 1e-9)).astype(np.int64)
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, weeks_per_window, PATHS)
    wrong = [rate if side == "at_most" else 1 - rate for rate in rates]
    week = np.arange(length)
    chance: Floats = np.where(week >= starts[:, None], wrong[1], wrong[0])
    k = rng.binomial(n, chance)
    level = log_level(alpha, math.ceil(weeks / weeks_per_window))
    needed = alarm_counts(windowed(n, weeks_per_window), bound, side, level=level)
    alarm = (windowed(k, weeks_per_window) >= needed) & (week >= starts[:, None])
    first = np.where(alarm.any(axis=1), alarm.argmax(axis=1), length + weeks)
    return np.asarray(first - starts + 1, dtype=np.int64)


def _at(first: Ints, part: float, weeks: int) -> int | None:
    """The week by which that share of the paths has been noticed; None if later."""
    found = int(np.quantile(first, part, method="inverted_cdf"))
    return found if found <= weeks else None


def _check(bound: float, before: float, after: float, base: float, deff: float) -> None:
    for what in (bound, before, after):
        if not 0 <= what <= 1:
            raise InputError(f"a rate lies between 0 and 1, not at {what}")
    if not 0 < base < math.inf:
        raise InputError(f"labels a week must be a positive number, not {base}")
    if not deff >= 1:
        raise InputError(f"a design effect is at least 1, but it is {deff}")
