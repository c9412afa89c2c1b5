"""Do the four expectations go together, with each other and with what stands beside?

Two people can agree on four answers that cannot all be kept. Each conflict is a code
and the values that collide; the sentences stand in `workshop.views`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from workshop.analysis.impact.assumptions import likely_of, per_week
from workshop.data.scenario import Scenario
from workshop.record.choices import Record
from workshop.record.dates import last_day
from workshop.record.framed import Expectations, Framing
from workshop.record.values import ROLES

TOLERANCE = 1e-9

_NONE_WRONG = re.compile(
    r"\b(?:no|zero|never|without(?:\s+any)?|not\s+(?:one|a\s+single))\s+"
    r"(?:\w+\s+)?(?:wrong|false|errors?|mistakes?|misses)\b|\bnever\s+(?:be\s+)?wrong\b"
    r"|\b100\s*(?:%|percent)|\balways\s+(?:right|correct)\b"
    r"|\b(?:error|mistake)[- ]free\b|\bflawless",
    re.IGNORECASE,
)
_AMOUNT = r"(?P<amount>\d+(?:[.,]\d+)*|an?|one|half\s+an?)"
_TIME = re.compile(
    rf"(?<![\w.]){_AMOUNT}\s*(?P<unit>ms|msec|milliseconds?|s|secs?|seconds?|minutes?)\b",
    re.IGNORECASE,
)
_COST = re.compile(
    rf"(?:(?P<sign>[€$£])\s*)?{_AMOUNT}\s*"
    r"(?P<unit>cents?|ct|pence|euros?|dollars?|pounds?|[A-Z]{3}\b|[€$£])?"
    r"\s+(?:an?|per|each|for\s+(?:an?|one|every))\s+(?P<per>million|thousand|\w+)",
    re.IGNORECASE,
)
# Numbers as English writes them, and as most of Europe does: "1,500.5" and "1.500,5".
_ENGLISH = re.compile(r"\d+(?:\.\d+)?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_CONTINENTAL = re.compile(r"\d+(?:,\d+)?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_IN_MS = {"m": 60_000.0, "s": 1_000.0, "ms": 1.0}
_SMALL_COINS = ("cent", "cents", "ct", "pence")
_MANY = {"million": 1e6, "thousand": 1e3}
_NOT_A_DECISION = frozenset(
    ("second", "minute", "hour", "day", "week", "month", "year")
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two things that cannot both be kept; ``given`` fills the sentence.

    Shares lie in 0..1, times are milliseconds, money is in the scenario's currency.
    """

    code: str
    given: Mapping[str, Any]


def pays_below(ratio: float) -> float:
    """The chance of being wrong up to which acting pays: ratio / (1 + ratio).

    A false alarm costs 1 and a miss ``ratio``: acting costs p, staying silent
    (1 - p) * ratio (Elkan 2001, from which the ratio's threshold follows too).
    """
    return ratio / (1 + ratio)


def conflicts(record: Record, scenario: Scenario) -> tuple[Conflict, ...]:
    """Everything among the expectations that does not go together, in a fixed order."""
    framing = record.framing or Framing()
    expected = framing.expectations or Expectations()
    return tuple(
        Conflict(code, MappingProxyType(given))
        for look in _LOOKS
        for code, given in look(record, scenario, framing, expected)
    )


def conflicts_of(
    record: Record, scenario: Scenario
) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The same as plain pairs, for the record to compare (`record.measured`)."""
    return tuple((one.code, one.given) for one in conflicts(record, scenario))


Found = Iterator[tuple[str, dict[str, Any]]]
Look = Callable[[Record, Scenario, Framing, Expectations], Found]


def _error_against_ratio(
    _r: Record, _s: Scenario, framing: Framing, expected: Expectations
) -> Found:
    error, ratio = expected.acceptable_error, framing.ratio
    if error is None or ratio is None:
        return
    pays = pays_below(ratio)
    if error > pays + TOLERANCE:
        yield "above_ratio", {"acceptable": error, "ratio": ratio, "pays": pays}


def _error_against_limit(
    _r: Record, scenario: Scenario, _f: Framing, expected: Expectations
) -> Found:
    error, limit = expected.acceptable_error, scenario.limits.max_error_among_answered
    if error is not None and limit is not None and error > limit + TOLERANCE:
        yield "above_limit", {"acceptable": error, "bound": limit}


def _error_against_bets(
    record: Record, _s: Scenario, _f: Framing, expected: Expectations
) -> Found:
    """Outside all that either called tolerable, in the bets or after talking."""
    error, bets = expected.acceptable_error, record.bets
    if error is None or bets is None or not set(ROLES) <= bets.opened.keys():
        return
    said = [bets.opened[role].tolerable_error for role in ROLES]
    looks = (look for one in bets.rounds for look in (one.product, one.engineering))
    said += [look.tolerable_error for look in looks if look is not None]
    low, high = min(said), max(said)
    if not low - TOLERANCE <= error <= high + TOLERANCE:
        yield "outside_bets", {"acceptable": error, "low": low, "high": high}


def _promise_of_none(
    _r: Record, _s: Scenario, framing: Framing, expected: Expectations
) -> Found:
    error = expected.acceptable_error
    if error and _NONE_WRONG.search(framing.promised):
        yield "promised_none", {"acceptable": error, "promised": framing.promised}


def _promise_before_outcome(
    _r: Record, _s: Scenario, framing: Framing, _e: Expectations
) -> Found:
    promised = last_day(framing.promised_by)
    by = framing.outcome.by if framing.outcome else None
    reached = last_day(by)
    if promised and reached and promised < reached:
        yield "promised_early", {"promised_by": framing.promised_by, "until": by}


def _people_against_hours(
    record: Record, scenario: Scenario, _f: Framing, expected: Expectations
) -> Found:
    """A person takes over: is there one, and for how many a week?"""
    if expected.fallback != "human":
        return
    room = _reviews_a_week(record, scenario)
    if room == 0:
        yield "nobody_to_ask", {}
        return
    asked = _handed_over(record, scenario)
    if room is not None and asked is not None and asked > room * (1 + TOLERANCE):
        yield "too_many_to_ask", {"asked": asked, "room": room}


def _reviews_a_week(record: Record, scenario: Scenario) -> float | None:
    """How many a person can look at: by the hours, and by the limit; the fewer.

    0 where nobody gave an hour, a limit or a minute; None where no time is known.
    """
    given = scenario.reviewer
    hours = likely_of("reviewer_hours", record, scenario, given.hours_per_week)
    minutes = likely_of("minutes_review", record, scenario, given.minutes)
    limit = scenario.limits.reviews_per_week
    by_hours = hours * 60 / minutes if hours is not None and minutes else None
    rooms = [room for room in (by_hours, limit) if room is not None]
    if rooms:
        return min(rooms)
    return None if hours else 0.0


def _handed_over(record: Record, scenario: Scenario) -> float | None:
    """Hand-overs a week under the chosen line, by the figures seen with it."""
    seen = record.threshold.seen if record.threshold else None
    figures = seen.figures if seen else {}
    count = figures.get("review_rate")
    share = count.k / count.n if count and count.n else 0.0
    count = figures.get("coverage")
    if not share and count and count.n:
        share = 1 - count.k / count.n
    return share * per_week(record, scenario) if figures else None


def _time_against_limit(
    _r: Record, scenario: Scenario, _f: Framing, expected: Expectations
) -> Found:
    limit, said = scenario.limits.max_latency_ms_p95, milliseconds(expected.cost_speed)
    if limit is None or said is None or abs(said - limit) <= limit * TOLERANCE:
        return
    code = "slower_than_limit" if said > limit else "faster_than_limit"
    yield code, {"said": said, "bound": limit}


def _cost_against_limit(
    _r: Record, scenario: Scenario, _f: Framing, expected: Expectations
) -> Found:
    limit, said = scenario.limits.max_cost_per_decision, money(expected.cost_speed)
    if limit is not None and said is not None and said > limit * (1 + TOLERANCE):
        unit = scenario.payoff.unit
        yield "dearer_than_limit", {"said": said, "bound": limit, "unit": unit}


_LOOKS: tuple[Look, ...] = (
    _error_against_ratio,
    _error_against_limit,
    _error_against_bets,
    _promise_of_none,
    _promise_before_outcome,
    _people_against_hours,
    _time_against_limit,
    _cost_against_limit,
)
CONFLICTS: tuple[str, ...] = (
    "above_ratio",
    "above_limit",
    "outside_bets",
    "promised_none",
    "promised_early",
    "nobody_to_ask",
    "too_many_to_ask",
    "slower_than_limit",
    "faster_than_limit",
    "dearer_than_limit",
)
"""Every code there is, for those who must have a sentence for each."""


def milliseconds(text: str) -> float | None:
    """The one time that a line on speed names; None where it names none, or several.

    >>> milliseconds("an answer within 1.5 s"), milliseconds("under a second")
    (1500.0, 1000.0)
    """
    found = list(_TIME.finditer(text))
    if len(found) != 1:
        return None
    unit = found[0]["unit"].casefold()
    key = "ms" if unit.startswith(("ms", "milli")) else unit[0]
    amount = _amount(found[0]["amount"])
    return None if amount is None else amount * _IN_MS[key]


def money(text: str) -> float | None:
    """What a line on cost allows for one decision, in the currency's main unit.

    None where it names no amount "a …", more than one, or one for a stretch of time.

    >>> money("for less than 5 cents a flight"), money("10 EUR a million")
    (0.05, 1e-05)
    """
    found = [m for m in _COST.finditer(text) if m["unit"] or m["sign"]]
    if len(found) != 1 or found[0]["per"].casefold() in _NOT_A_DECISION:
        return None
    amount = _amount(found[0]["amount"])
    if amount is None:
        return None
    if (found[0]["unit"] or "").casefold() in _SMALL_COINS:
        amount /= 100
    return amount / _MANY.get(found[0]["per"].casefold(), 1.0)


def _amount(text: str) -> float | None:
    """Read "1,500", "1.5", "0,05", "a" and "half a"; None of what is no number."""
    if not text[0].isdigit():
        return 0.5 if text.casefold().startswith("half") else 1.0
    if _ENGLISH.fullmatch(text):
        return float(text.replace(",", ""))
    if _CONTINENTAL.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    return None
