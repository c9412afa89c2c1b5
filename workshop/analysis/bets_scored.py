"""Did the truth fall inside what each person expected? One figure, or many of them.

One retrospective gives one observed error with its interval. A range holds the truth
only where it holds the whole interval, and misses it only where it holds nothing of it;
between the two, nobody can tell yet.

After five retrospectives the bets can be scored as forecasts, for the engineer's
drawer: low, likely and high are read as the 5 %, 50 % and 95 % points of what a person
expected. Pinball loss and the interval score are in the unit of the share, 0 is best.
Nobody bets a probability here, so that no Brier score of a bet exists; a range from
5 % to 95 % does forecast "inside" at 0.9, and Brier's score of that forecast is given.

Sources: Gneiting & Raftery 2007, sections 6.1 and 6.2 (quantile and interval score);
Brier 1950. An observed error is itself an estimate: where it rests on few rows, part of
every score is chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from workshop.analysis.intervals import rate
from workshop.record.bets import SEATS, Bet, OpenedBet, Seat
from workshop.record.values import Number

Fell = Literal["inside", "below", "above"]
Verdict = Literal["inside", "below", "above", "cannot_tell", "no_range"]

FEWEST_ROUNDS = 5
QUANTILES = {"low": 0.05, "likely": 0.5, "high": 0.95}
"""Which point of what a person expected each of the three numbers stands for."""
LEVEL = 0.9
"""How likely "inside" is when low and high are the 5 % and the 95 % point."""


@dataclass(frozen=True, slots=True)
class BetScored:
    """One seat's range against one observed error.

    ``verdict`` says where the truth fell, seen from the range: ``below`` is below it.
    ``leaning`` is where the observed figure alone fell. ``off`` is likely minus
    observed, a share with its sign.
    """

    seat: Seat
    likely: float
    low: float | None
    high: float | None
    verdict: Verdict
    leaning: Fell | None
    off: float | None


@dataclass(frozen=True, slots=True)
class RoundsScored:
    """One seat's three numbers against the observed errors of many retrospectives.

    ``inside`` counts those that fell inside the range; ``pinball`` holds the mean loss
    of each of `QUANTILES`, ``interval_score`` the mean of the range, and ``brier`` that
    of "inside, nine times of ten".
    """

    seat: Seat
    inside: Number
    pinball: tuple[Number, Number, Number]
    interval_score: Number
    brier: Number


def score_bets(opened: Mapping[Seat, OpenedBet], observed: Number) -> list[BetScored]:
    """Return where the truth fell, seen from each person's range.

    Parameters
    ----------
    opened
        The opened bets by seat, ``bets.opened``.
    observed
        An error as a share of 0..1 with its interval, from counted rows.
    """
    return [_scored(seat, opened[seat], observed) for seat in SEATS if seat in opened]


def verdict_on(bet: Bet, observed: Number) -> Verdict:
    """Say where the truth fell, seen from a person's range.

    The whole interval inside the range is inside; the whole interval on one side of it
    is below or above. Anything else cannot be told, and neither can a figure without
    an interval. An end that was not given is open; without both there is no range.
    """
    if bet.expected_low is None and bet.expected_high is None:
        return "no_range"
    if observed.value is None or observed.lo is None or observed.hi is None:
        return "cannot_tell"
    low, high = _ends(bet)
    if observed.hi < low:
        return "below"
    if observed.lo > high:
        return "above"
    return "inside" if low <= observed.lo and observed.hi <= high else "cannot_tell"


def _scored(seat: Seat, bet: Bet, observed: Number) -> BetScored:
    value = observed.value
    verdict = verdict_on(bet, observed)
    known = value is not None and verdict != "no_range"
    return BetScored(
        seat,
        likely=bet.expected_error,
        low=bet.expected_low,
        high=bet.expected_high,
        verdict=verdict,
        leaning=_fell(bet, value) if known and value is not None else None,
        off=None if value is None else bet.expected_error - value,
    )


def _ends(bet: Bet) -> tuple[float, float]:
    low, high = bet.expected_low, bet.expected_high
    return (0.0 if low is None else low), (1.0 if high is None else high)


def _fell(bet: Bet, value: float) -> Fell:
    low, high = _ends(bet)
    if value < low:
        return "below"
    return "above" if value > high else "inside"


# --- over many rounds ----------------------------------------------------------------


def pinball_loss(quantile: float, forecast: float, observed: float) -> float:
    """Return the loss of a forecast of one quantile, in the unit of the forecast.

    ``max(q (y - f), (q - 1)(y - f))``: Gneiting & Raftery 2007, section 6.1.
    """
    short = observed - forecast
    return max(quantile * short, (quantile - 1) * short)


def interval_score(low: float, high: float, observed: float, *, level: float) -> float:
    """Return the width of a range, and what missing the truth adds to it.

    With ``a = 1 - level``, 2/a for each unit by which the range misses: Gneiting &
    Raftery 2007, section 6.2.
    """
    missed = max(low - observed, 0.0) + max(observed - high, 0.0)
    return (high - low) + 2 / (1 - level) * missed


def brier_score(forecasts: Sequence[float], happened: Sequence[bool]) -> float:
    """Return the mean squared distance of probabilities from what happened, 0 or 1."""
    pairs = zip(forecasts, happened, strict=True)
    return fmean((forecast - float(came)) ** 2 for forecast, came in pairs)


def score_rounds(
    seat: Seat, bet: Bet, observed: Sequence[Number]
) -> RoundsScored | None:
    """Return how a bet did over many retrospectives.

    None with fewer than `FEWEST_ROUNDS` observed errors, or where an end of the range
    was not given: a score of less would be chance.
    """
    values = [number.value for number in observed if number.value is not None]
    low, likely, high = bet.expected_low, bet.expected_error, bet.expected_high
    if len(values) < FEWEST_ROUNDS or low is None or high is None:
        return None
    inside = [low <= value <= high for value in values]
    points = zip(QUANTILES.items(), (low, likely, high), strict=True)
    losses = [
        _mean(seat, f"pinball_{name}", [pinball_loss(q, point, y) for y in values])
        for (name, q), point in points
    ]
    widths = [interval_score(low, high, y, level=LEVEL) for y in values]
    return RoundsScored(
        seat,
        inside=rate(f"bets.{seat}.inside", sum(inside), len(inside), rows="live"),
        pinball=(losses[0], losses[1], losses[2]),
        interval_score=_mean(seat, "interval_score", widths),
        brier=_number(seat, "brier", brier_score([LEVEL] * len(inside), inside), ""),
    )


def _mean(seat: Seat, name: str, scores: Sequence[float]) -> Number:
    return _number(seat, name, fmean(scores), "share")


def _number(seat: Seat, name: str, value: float, unit: str) -> Number:
    return Number(id=f"bets.{seat}.{name}", value=value, unit=unit, rows="live")
