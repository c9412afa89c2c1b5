"""May a rate be looked at every week without crying wolf, and has it left its bound?

A test martingale for "the rate is at most the bound" (or at least). For one alternative
t beyond the bound b, each row multiplies the evidence by t/b where it counts and by
(1-t)/(1-b) where it does not. While the chance of the next row, given all before it, is
on the right side of b, that factor's mean is at most 1: it is linear in the chance and
is 1 at b itself. So the product is a supermartingale for *every* rate that keeps the
clause, and so is a mixture of such products. Mixed over a beta distribution cut off at
the bound, it has a closed form. By Ville's inequality it ever reaches 1/a with a
probability of at most a, however often somebody looks. "Calm" is exactly at the bound.

The evidence starts again with each clause window, or a good spring would hide a bad
summer; a window's share of alpha is alpha / windows, so that in no stretch of so many
windows a false alarm is more likely than alpha, and this for ever.

Rows that hang together: every factor is raised to 1/deff. Of any group of at most deff
rows, however dependent, the factors' geometric mean is at most their arithmetic one, so
the bound above still holds where no group is larger than deff and no group is cut by a
look. A measured design effect is often smaller than the groups; it is then indicative.

Sources: Ville 1939; Robbins 1970 (mixtures); Howard, Ramdas, McAuliffe & Sekhon 2021
(time-uniform bounds, beta-binomial mixture); Waudby-Smith & Ramdas 2023 (betting on
bounded means).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.errors import InputError
from workshop.record.values import Count

Side = Literal["at_most", "at_least"]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALPHA = 0.05
WEEKS_A_YEAR = 52
WEEKS_PER_WINDOW = 4
PRIOR_ROWS = 10.0
"""How far beyond the bound a rise is looked for: as a beta of so many rows spreads."""
_STEPS = 30
_LEAST = 1e-290


@dataclass(frozen=True, slots=True)
class WatchedWeek:
    """One look: this week's count, and what the window says by now.

    ``week`` counts from 1 and ``window`` too; ``so_far`` is the window's count up to
    here. ``log_e`` is the natural logarithm of the evidence against the clause, and
    ``alarm`` whether it reaches the level. ``beyond`` bounds the window's rate on the
    clause's wrong side at the window's level, whenever one looks: for ``at_most`` the
    rate is at least this, for ``at_least`` at most this; None before any row.
    """

    week: int
    window: int
    count: Count
    so_far: Count
    log_e: float
    alarm: bool
    beyond: float | None


@dataclass(frozen=True, slots=True)
class Watch:
    """A clause looked at every week; ``first_alarm`` is a week, None without one.

    In any ``windows`` windows in a row, a false alarm has a probability of at most
    ``alpha``; with a ``deff`` above 1 this is indicative (see the module).
    """

    bound: float
    side: Side
    alpha: float
    weeks_per_window: int
    windows: int
    deff: float
    weeks: tuple[WatchedWeek, ...]

    @property
    def first_alarm(self) -> int | None:
        """The first week with an alarm, counted from 1."""
        return next((one.week for one in self.weeks if one.alarm), None)

    @property
    def alarms(self) -> tuple[int, ...]:
        """The first week with an alarm of each window that has one."""
        first: dict[int, int] = {}
        for one in self.weeks:
            if one.alarm:
                first.setdefault(one.window, one.week)
        return tuple(first.values())

    @property
    def indicative(self) -> bool:
        """Whether the level is only indicative, because rows hang together."""
        return self.deff > 1


def windows_a_year(weeks_per_window: int) -> int:
    """Over how many windows a year's alpha is split, the last one perhaps cut short.

    >>> windows_a_year(4)
    13
    """
    return math.ceil(WEEKS_A_YEAR / weeks_per_window)


def watch(
    counts: Sequence[Count],
    bound: float,
    side: Side,
    *,
    alpha: float = ALPHA,
    weeks_per_window: int = WEEKS_PER_WINDOW,
    windows: int | None = None,
    deff: float = 1.0,
) -> Watch:
    """Hold a rate against its bound, week after week.

    Parameters
    ----------
    counts
        One a week, in order; ``k`` counts what the clause speaks of. A week without a
        row is ``Count(k=0, n=0)``.
    bound, side
        The clause's: ``at_most`` or ``at_least``.
    alpha
        Probability of a false alarm in ``windows`` windows, at most.
    weeks_per_window, windows
        When the evidence starts again, and over how many windows ``alpha`` is split;
        by default those of a year.
    deff
        The design effect of the rows; at least 1.

    Raises
    ------
    InputError
        On a bound outside 0..1, a level that is none, or a window without a week.

    Examples
    --------
    >>> calm, bad = Count(k=6, n=40), Count(k=16, n=40)
    >>> watch([calm, calm, calm, calm], 0.2, "at_most").first_alarm
    >>> watch([calm, bad, bad, bad], 0.2, "at_most").first_alarm
    4
    """
    if windows is None:
        windows = windows_a_year(max(1, weeks_per_window))
    _check(bound, alpha, weeks_per_window, windows, deff)
    k, n = (np.array([getattr(c, part) for c in counts], np.int64) for part in "kn")
    in_k, in_n = (windowed(part, weeks_per_window) for part in (k, n))
    log_e = log_evidence(in_k, in_n, bound, side, deff=deff)
    level = log_level(alpha, windows)
    beyond = confidence_sequence(in_k, in_n, side, level=level, deff=deff)
    weeks = tuple(
        WatchedWeek(
            week=place + 1,
            window=place // weeks_per_window + 1,
            count=count,
            so_far=Count(k=int(in_k[place]), n=int(in_n[place])),
            log_e=float(log_e[place]),
            alarm=bool(log_e[place] >= level),
            beyond=float(beyond[place]) if in_n[place] else None,
        )
        for place, count in enumerate(counts)
    )
    return Watch(bound, side, alpha, weeks_per_window, windows, deff, weeks)


def log_level(alpha: float, windows: int) -> float:
    """The logarithm that a window's evidence must reach: log(windows / alpha)."""
    return math.log(windows / alpha)


def windowed(counts: ArrayLike, weeks_per_window: int) -> Ints:
    """Running sums along the last axis, begun again with each window."""
    given = np.asarray(counts, dtype=np.int64)
    found = np.cumsum(given, axis=-1)
    for start in range(weeks_per_window, given.shape[-1], weeks_per_window):
        found[..., start:] -= found[..., start - 1 : start]
    return found


def log_evidence(
    k: ArrayLike, n: ArrayLike, bound: ArrayLike, side: Side, *, deff: float = 1.0
) -> Floats:
    """Natural logarithm of the e-value of ``k`` of ``n`` rows, elementwise.

    The mean of (t/b)^k·((1-t)/(1-b))^(n-k) over t from a beta distribution with mean b
    and `PRIOR_ROWS` rows, cut off at b. A bound that nothing can break has evidence 0;
    one that a single row breaks has infinite evidence from that row on.
    """
    counted, rows = np.asarray(k, np.float64), np.asarray(n, np.float64)
    b = np.asarray(bound, np.float64)
    if side == "at_least":
        counted, b = rows - counted, 1 - b
    counted, rows = counted / deff, rows / deff
    inside = np.clip(b, 1e-12, 1 - 1e-12)
    found = _mixture(counted, rows, inside)
    found = np.where(b >= 1, 0.0, found)
    return np.where(b <= 0, np.where(counted > 0, np.inf, 0.0), found)


def _mixture(k: Floats, n: Floats, b: Floats) -> Floats:
    """The closed form, from incomplete beta functions; 0 without a row."""
    from scipy.special import betaincc, betaln

    alpha, beta = PRIOR_ROWS * b, PRIOR_ROWS * (1 - b)
    tail = betaincc(alpha + k, beta + n - k, b)
    norm = betaln(alpha, beta) + np.log(betaincc(alpha, beta, b))
    with np.errstate(divide="ignore"):
        part = betaln(alpha + k, beta + n - k) + np.log(tail)
        found = part - norm - k * np.log(b) - (n - k) * np.log1p(-b)
    if np.any(tail < _LEAST):
        found = np.where(tail < _LEAST, _far_inside(k, n, b) - norm, found)
    return np.asarray(np.where(n > 0, found, 0.0), dtype=np.float64)


def _far_inside(k: Floats, n: Floats, b: Floats) -> Floats:
    """The same where the tail is too small for a float: log of its leading term.

    So far inside the bound the likelihood falls off from it like exp(-s(t - b)); what
    it is multiplied with stands at its value there.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (n - k) / (1 - b) - k / b
        prior = (PRIOR_ROWS * b - 1) * np.log(b)
        prior = prior + (PRIOR_ROWS * (1 - b) - 1) * np.log1p(-b)
        return np.asarray(prior - np.log(slope), dtype=np.float64)


def confidence_sequence(
    k: ArrayLike, n: ArrayLike, side: Side, *, level: float, deff: float = 1.0
) -> Floats:
    """The bounds that these rows speak against, elementwise: a one-sided sequence.

    For ``at_most`` every bound below the one returned has evidence of ``level`` (a
    logarithm) or more against it, so that the true rate lies above; mirrored for
    ``at_least``. Found by halving: the first bound from the outside that is not
    refuted, which is valid whenever one looks.
    """
    counted, rows = np.asarray(k, np.float64), np.asarray(n, np.float64)
    if side == "at_least":
        return 1 - confidence_sequence(
            rows - counted, rows, "at_most", level=level, deff=deff
        )
    low = np.zeros(np.broadcast(counted, rows).shape)
    high = np.divide(counted, rows, out=np.zeros_like(low), where=rows > 0)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        refuted = log_evidence(counted, rows, middle, side, deff=deff) >= level
        low, high = np.where(refuted, middle, low), np.where(refuted, high, middle)
    return low


def alarm_counts(
    n: ArrayLike,
    bound: float,
    side: Side,
    *,
    level: float,
    deff: float = 1.0,
) -> Ints:
    """How many wrong ones among ``n`` rows alarm, elementwise; n + 1 where none do.

    Evidence grows with what is wrong, so that one number decides a look: thousands of
    paths are watched by comparing counts. Wrong ones are those that ``at_most`` counts,
    or those that ``at_least`` does not.
    """
    rows = np.asarray(n, np.int64)
    b = bound if side == "at_most" else 1 - bound
    low, high = np.full(rows.shape, -1, np.int64), rows + 1
    while np.any(high - low > 1):
        middle = (low + high) // 2
        reached = log_evidence(middle, rows, b, "at_most", deff=deff) >= level
        high, low = np.where(reached, middle, high), np.where(reached, low, middle)
    return high


def _check(
    bound: float, alpha: float, weeks_per_window: int, windows: int, deff: float
) -> None:
    if not 0 <= bound <= 1:
        raise InputError(f"a rate's bound lies between 0 and 1, not at {bound}")
    if not 0 < alpha < 1:
        raise InputError(f"a false alarm's probability cannot be {alpha}")
    if weeks_per_window < 1 or windows < 1:
        raise InputError("a window has at least one week, and there is at least one")
    if not deff >= 1:
        raise InputError(f"a design effect is at least 1, but it is {deff}")
