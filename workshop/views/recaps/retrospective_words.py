"""What all parts of a retrospective say alike: how many, a rate, a reason, a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from workshop.analysis.retro.results import Why
from workshop.record.agreed import ClauseState
from workshop.record.terms import METRICS
from workshop.record.values import Number
from workshop.views.wording import Said, say

IN_WORDS = (
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)
STATES: tuple[ClauseState, ...] = get_args(ClauseState)


@dataclass(frozen=True, slots=True)
class Words:
    """What the scenario calls things: one decision's unit, and the currency."""

    unit: str
    currency: str


def how_many(count: int, about: str) -> Said:
    """Say a count in words, or in figures above ten; ``about`` names the number."""
    if count < len(IN_WORDS):
        return say(f"retro.count_{IN_WORDS[count]}")
    number = Number(id=f"retro.count.{about}", value=float(count), unit=about)
    return say("retro.count_more", count=number)


def listed(parts: Sequence[Said]) -> Said:
    """Put parts behind each other: commas, and an "and" before the last."""
    said, *others = parts
    for place, part in enumerate(others, start=1):
        last = place == len(others)
        said = say("retro.and" if last else "retro.comma", first=said, then=part)
    return said


def tally(kind: str, found: Sequence[str], order: Sequence[str]) -> Said:
    """Say how many there are of each, such as "one is kept and two are broken".

    ``kind`` is the sentences' family, ``order`` all values that ``found`` may hold.
    """
    counts = Counter(found)
    parts = []
    for one in order:
        size = "one" if counts[one] == 1 else "many"
        if counts[one]:
            count = how_many(counts[one], f"{kind}.{one}")
            parts.append(say(f"retro.{kind}_{size}.{one}", count=count))
    return listed(parts)


def metric_said(metric: str) -> Said:
    """Name a metric."""
    return say(f"metric.{metric}.name")


def rate_said(number: Number) -> Said:
    """Say a share or an amount with its range and its count, as far as it has them."""
    if number.value is None:
        return say("retro.no_figure")
    ranged = number.lo is not None and number.hi is not None
    if number.unit != "share":
        return say(f"retro.amount_{'ranged' if ranged else 'bare'}", rate=number)
    if number.k is None or number.n is None:
        return say(f"retro.rate_{'ranged' if ranged else 'alone'}", rate=number)
    return say("retro.rate" if ranged else "retro.rate_bare", rate=number)


def why_said(why: Why) -> Said:
    """Say why a part cannot tell."""
    return say(f"retro.why_{why}")


def is_share(metric: str) -> bool:
    """Say whether a metric is a share, to be told of 100."""
    return METRICS[metric].unit == "share"
