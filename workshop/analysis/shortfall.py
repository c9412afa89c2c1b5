"""Why does nothing keep the limits, and what would it take?

Three ways out: a lower promise, people who decide some of the rows, or, where an
estimate keeps a limit and its interval does not, more labels (`limits.labels_to_tell`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.limited_cuts import (
    OF_ALL,
    OF_CUTS,
    LimitCheck,
    LimitedCuts,
    at_least,
)
from workshop.analysis.review_bands import band_at
from workshop.record.values import Policy

# Limits on what is acted on without a person: what people take over leaves them.
_OWN = ("min_precision", "max_error_among_answered", "max_group_difference")


@dataclass(frozen=True, slots=True)
class LowerPromise:
    """A limit that binds: without it alone, something would qualify.

    ``reachable`` is the best value while every other limit holds, at ``policy``; None
    where that cannot be told.
    """

    name: str
    bound: float
    reachable: float | None
    policy: Policy


@dataclass(frozen=True, slots=True)
class WithPeople:
    """A least recall or coverage, and how it is counted with people and without.

    ``alone`` holds what is acted on without a person against the limit, as recall and
    coverage are defined everywhere else. ``with_people`` is the share that comes of it
    when what people decide is counted too, as `ReviewsNeeded` does.
    """

    alone: LimitCheck
    with_people: float


@dataclass(frozen=True, slots=True)
class ReviewsNeeded:
    """The fewest rows that people would have to decide so that the rest keeps limits.

    ``asked`` counts rows of the curve, ``per_week`` what that makes a week (None where
    the volume is unknown). ``affordable`` says whether the reviews allowed suffice;
    None where no limit on them is set or the volume is unknown. ``counted`` has the
    limits that are kept only as people's share counts too.
    """

    policy: Policy
    asked: float
    per_week: float | None
    affordable: bool | None
    counted: tuple[WithPeople, ...] = ()

    def hours(self, minutes_per_review: float | None) -> float | None:
        """Hours a week at so many minutes a review; None where either is unknown."""
        if self.per_week is None or minutes_per_review is None:
            return None
        return self.per_week * minutes_per_review / 60


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why nothing qualifies, and what it would take.

    ``nearest`` is the cut whose largest violation is least, each violation taken as a
    share of the largest there can be (of the bound for a least value, of one minus it
    for a most), with its ``checks``; None where no cut has a value for every limit.
    ``binding`` is empty where no limit alone is to blame. ``reviews`` is None where
    people cannot mend it, or where no limit says how many rows must be handled.
    """

    nearest: Policy | None
    checks: tuple[LimitCheck, ...]
    binding: tuple[LowerPromise, ...]
    reviews: ReviewsNeeded | None


def find_shortfall(cuts: LimitedCuts) -> Shortfall:
    """Explain why no position keeps every limit; meaningful only where none does."""
    nearest = _nearest(cuts)
    return Shortfall(
        nearest=nearest,
        checks=() if nearest is None else cuts.checks(nearest),
        binding=tuple(_promises(cuts)),
        reviews=_reviews_needed(cuts),
    )


def _nearest(cuts: LimitedCuts) -> Policy | None:
    worst = np.zeros(len(cuts.tp))
    worst[0] = np.inf
    for name, bound in cuts.bounds.items():
        values = cuts.values[name]
        if values is None or name not in OF_CUTS:
            continue
        below = bound - values if at_least(name) else values - bound
        most = bound if at_least(name) else 1 - bound
        # A bound that nothing can break leaves nothing to divide.
        off = np.maximum(below, 0) / (most or 1)
        worst = np.maximum(worst, np.where(np.isnan(off), np.inf, off))
    if math.isinf(worst.min()):
        return None
    return cuts.policy(cuts.best(worst <= worst.min()))


def _promises(cuts: LimitedCuts) -> list[LowerPromise]:
    found = []
    for name, bound in cuts.bounds.items():
        rest, values = cuts.keeping(but=name), cuts.values[name]
        if values is None or not rest.any():
            continue
        good = np.where(rest, values if at_least(name) else -values, np.nan)
        told = ~np.isnan(good)
        at = cuts.best(good == good[told].max() if told.any() else rest)
        reachable = float(values[at]) if told.any() else None
        found.append(LowerPromise(name, bound, reachable, cuts.policy(at)))
    return found


def _reviews_needed(cuts: LimitedCuts) -> ReviewsNeeded | None:
    if any(holds is not None and not holds.all() for holds in _of_all(cuts)):
        return None
    down, last = _asked_down_to(cuts), len(cuts.tp) - 1
    usable = _own_kept(cuts) & (down <= last)
    reach = cuts.flagged[np.minimum(down, last)]
    asked = np.where(usable, reach - cuts.flagged, np.inf)
    # Of equally many the lowest cut, which leaves most to the model.
    act = last - int(asked[::-1].argmin())
    if not 0 < asked[act] < math.inf:
        return None
    a_week, most = cuts.a_week(asked[act]), cuts.bounds.get("reviews_per_week")
    affordable = None if a_week is None or most is None else a_week <= most
    policy = band_at(cuts.curve, act, int(down[act]))
    counted = _counted(cuts, policy, act, int(down[act]))
    return ReviewsNeeded(policy, float(asked[act]), a_week, affordable, counted)


def _counted(
    cuts: LimitedCuts, policy: Policy, act: int, down: int
) -> tuple[WithPeople, ...]:
    """Recall and coverage, with people, where the policy alone breaks the limit."""
    found = cuts.tp[act] + cuts.context.reviewer.sensitivity * (
        cuts.tp[down] - cuts.tp[act]
    )
    shares = {
        "min_recall": float(found / cuts.curve.positives),
        "min_coverage": float(cuts.flagged[down] / cuts.curve.n),
    }
    return tuple(
        WithPeople(check, shares[check.name])
        for check in cuts.checks(policy)
        if check.name in shares and check.holds is False
    )


def _of_all(cuts: LimitedCuts) -> list[NDArray[np.bool_] | None]:
    return [cuts.holds.get(name) for name in OF_ALL]


def _own_kept(cuts: LimitedCuts) -> NDArray[np.bool_]:
    """Where what is acted on without a person keeps its limits; acting on none does."""
    kept = np.ones(len(cuts.tp), dtype=np.bool_)
    for name in _OWN:
        holds = cuts.holds.get(name)
        if holds is not None:
            kept &= holds
    kept[0] = True
    return kept


def _asked_down_to(cuts: LimitedCuts) -> NDArray[np.int64]:
    """For each position acted from, the first to ask down to; past the end if none.

    Rows decided by people count as covered, and positives among them as found as often
    as the reviewer finds one.
    """
    down = np.arange(len(cuts.tp))
    if (cover := cuts.bounds.get("min_coverage")) is not None:
        down = np.maximum(down, np.searchsorted(cuts.flagged / cuts.curve.n, cover))
    if (recall := cuts.bounds.get("min_recall")) is not None:
        missing = np.maximum(recall * cuts.curve.positives - cuts.tp, 0)
        finds = cuts.context.reviewer.sensitivity
        asked = missing / finds if finds > 0 else np.where(missing > 0, np.inf, 0)
        # A product that misses a whole number by rounding alone still counts as one.
        down = np.maximum(down, np.searchsorted(cuts.tp, cuts.tp + asked - 1e-9))
    return np.asarray(down, dtype=np.int64)
