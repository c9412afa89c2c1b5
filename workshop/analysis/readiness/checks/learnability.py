"""Are there labels enough to promise anything, and what would more of them bring?"""

from __future__ import annotations

import math

from workshop.analysis.calibration import Bin, Calibration, assess_calibration
from workshop.analysis.intervals import LEVEL, wilson
from workshop.analysis.labels import (
    Labelling,
    LabelPrice,
    price_of_precision,
    price_of_telling,
)
from workshop.analysis.readiness.checks.sizes import difference, quantity
from workshop.analysis.readiness.checks.training import trained
from workshop.analysis.readiness.findings import CannotTell, Detail, NotApplicable
from workshop.analysis.readiness.given import ReviewInput, Scored
from workshop.analysis.readiness.profile import LabelProfile
from workshop.analysis.readiness.registry import Found, check
from workshop.analysis.trained import LearningCurve, LearningPoint
from workshop.record.values import Number

WIDE, MUCH_TOO_WIDE = 0.05, 0.15
"""Half-width of the error rate that is to be acted on, and that carries no promise."""

FEW_POSITIVES = 100
"""About as many of one label give a rate among them to within ten points."""

RECALL_WIDE, RECALL_USELESS = 0.10, 0.25
"""Half-width of a rate among positives to be acted on, and that carries no promise."""

PLANNED = 0.5
"""The rate among positives that is planned for: the one that takes most rows."""

TARGET = 0.05
"""The half-width that is priced: five points either way."""

OFF_SCALE, FAR_OFF_SCALE = 0.02, 0.05
"""Mean distance between score and share, by its lower bound: to know, and to act on."""

BY_CHANCE = 0.10
"""Where chance alone shows this much, a score cannot be called right or wrong."""

CHANCE = 0.5
"""The share of pairs in the right order that a coin gets."""

GAIN, LARGE_GAIN = 0.005, 0.02
"""What twice the rows must surely bring in ranking before it is worth labelling."""

OLDER_WORSE = 0.02
"""How much worse in time, by the lower bound, before the promise must rest on it."""

GAP_UNKNOWN = 0.10
"""A gap known no better than this either way says nothing."""

UNPRICED = Labelling(1.0, 0.0, 1.0)
"""Stands in where nobody stated a price: labels are counted, the rest is not shown."""


@check("DR002", "learnability", threatens="promise", owner="product")
def too_few_labels(given: ReviewInput) -> Found | None:
    """The error rate's interval is wider than five points either way.

    Blocker from fifteen points, unless the whole interval lies on one side of the
    acceptable error all the same; else a warning. At stake is the half-width.
    """
    scored = _scored(given)
    error = scored.error
    if error.value is None or error.lo is None or error.hi is None:
        raise CannotTell("no_interval")
    half = (error.hi - error.lo) / 2
    if half <= WIDE:
        return None
    acceptable = given.use.acceptable
    told = acceptable is not None and not error.lo <= acceptable <= error.hi
    price = price_of_precision(
        error.value,
        error.n or 0,
        TARGET,
        labelling=given.labelling or UNPRICED,
        deff=scored.deff,
        clusters=_sources(scored),
    )
    numbers = {
        "error": error,
        "half": quantity("DR002.half_width", half, "share"),
        "target": quantity("DR002.target", TARGET, "share"),
        **_price_numbers("DR002", price, given.labelling),
    }
    severe = half > MUCH_TOO_WIDE and not told
    return Found(
        "blocker" if severe else "warning",
        numbers,
        {"unit": given.source_name},
        quantity("DR002.at_stake", half, "share"),
    )


@check("DR012", "learnability", threatens="promise", owner="product")
def too_few_positives(given: ReviewInput) -> Found | None:
    """Too few of the rarer label for a rate among them, such as the share found.

    Fires under 100 of them, or where a rate near one half among them is known to no
    better than ten points either way; blocker from 25 points. Priced twice: labels for
    five points, one such row costing 1/prevalence labels (Buderer 1996), and labels
    until the error measured lies wholly on one side of the acceptable one, should it
    stay as it is.
    """
    label = _label(given)
    deff = given.deff
    rarer = min(label.positives, label.judged - label.positives)
    half = _half(rarer, deff)
    if rarer >= FEW_POSITIVES and half <= RECALL_WIDE:
        return None
    price = _price_of_rarer(given, rarer, label, deff)
    labels = math.ceil(price.more / _prevalence(rarer, label))
    priced = _price_numbers("DR012", price, given.labelling)
    tell = _price_to_tell(given)
    told = _price_numbers("DR012.tell", tell, given.labelling) if tell else {}
    unknown = quantity("DR012.tell.unknown", None, "share")
    numbers = {
        "rarer": quantity("DR012.rarer", rarer, "rows"),
        "judged": quantity("DR012.judged", label.judged, "rows"),
        "half": quantity("DR012.half_width", half, "share"),
        "target": quantity("DR012.target", TARGET, "share"),
        **priced,
        "more": quantity("DR012.more", labels, "labels"),
        "more_rarer": quantity("DR012.more_rarer", price.more, "rows"),
        "tell_more": told.get("more", unknown),
        "tell_cost": told.get("cost", unknown),
        "tell_days": told.get("days", unknown),
    }
    return Found(
        "blocker" if half > RECALL_USELESS else "warning",
        numbers,
        at_stake=quantity("DR012.at_stake", half, "share"),
        variant="negatives" if rarer < label.positives else "",
    )


@check("DR027", "learnability", threatens="threshold", owner="engineering")
def calibration_of_scores(given: ReviewInput) -> Found | None:
    """Scores read as chances promise more, or less, than what came.

    Sized by the expected calibration error over ten bins. Fires when it exceeds what
    perfect scores would show by chance at these counts and its lower bound passes two
    points: a note; from five a warning. At stake is that error: as far as a chance read
    off a score is wrong on average.
    """
    scored = _scored(given)
    if not (scored.scores.min() >= 0 and scored.scores.max() <= 1):
        raise NotApplicable("scores_no_chance")
    found = assess_calibration(scored.labels, scored.scores, deff=scored.deff)
    by_chance = quantity("DR027.by_chance", found.by_chance, "share")
    surely = found.error > found.by_chance and found.interval.lo > OFF_SCALE
    if not surely:
        if found.by_chance > BY_CHANCE:
            raise CannotTell("too_few", {"by_chance": by_chance})
        return None
    numbers = {
        "off": _calibration_error(found),
        "by_chance": by_chance,
        "promised": quantity("DR027.promised", found.mean_score, "share"),
        "came": found.came.model_copy(update={"id": "DR027.came"}),
        "ahead": difference(
            "DR027.ahead", found.mean_score - (found.came.value or 0), found.ahead
        ),
    }
    return Found(
        "warning" if found.interval.lo > FAR_OFF_SCALE else "note",
        numbers,
        {},
        quantity("DR027.at_stake", found.error, "share"),
        tuple(_bin_detail(i, one) for i, one in enumerate(found.bins)),
    )


@check("DR028", "learnability", threatens="option", owner="both")
def what_more_would_bring(given: ReviewInput) -> Found | None:
    """Twice the rows would surely make a better model.

    By the inverse power law through the learning curve (Figueroa et al. 2012). Fires
    when the lower bound of the gain passes half a point of AUC: a note, from two points
    a warning. Passed when the whole interval lies under it. Where nothing trained
    surely ranks better than chance, the curve is noise and cannot be carried on.
    """
    found = trained(given)
    curve = found.learning
    if found.why_no_learning == "few_positives":
        raise CannotTell("few_positives")
    if curve is None or curve.gain.lo is None or curve.gain.hi is None:
        raise CannotTell("few_sizes")
    if found.shuffled is None or (found.shuffled.lo or 0) <= CHANCE:
        raise CannotTell("no_better_than_chance")
    gain = curve.gain
    if curve.gain.hi < GAIN:
        return None
    if curve.gain.lo <= GAIN:
        raise CannotTell("too_wide", {"gain": gain})
    numbers = _twice_the_rows(given, curve, curve.now.n or found.rows)
    return Found(
        "warning" if curve.gain.lo >= LARGE_GAIN else "note",
        numbers,
        {},
        quantity("DR028.at_stake", gain.value, "share"),
        tuple(_point_detail(i, point) for i, point in enumerate(curve.points)),
        variant="" if numbers["more"].value else "at_hand",
    )


def _twice_the_rows(
    given: ReviewInput, curve: LearningCurve, rows: int
) -> dict[str, Number]:
    """What twice the ``rows`` would bring, and how many labels and hours they take."""
    judged = given.profile.label.judged if given.profile.label else rows
    more = max(0, 2 * rows - judged)
    minutes = given.labelling.minutes_per_label if given.labelling else None
    hours = None if minutes is None else more * minutes / 60
    fitted = curve.points[-1]
    return {
        "fitted": quantity("DR028.fitted", fitted.rows, "rows"),
        "measured": quantity("DR028.measured", fitted.error, "share"),
        "rows": quantity("DR028.rows", rows, "rows"),
        "twice": quantity("DR028.twice", 2 * rows, "rows"),
        "judged": quantity("DR028.judged", judged, "rows"),
        "now": curve.now,
        "doubled": curve.doubled,
        "gain": curve.gain,
        "more": quantity("DR028.more", more, "labels"),
        "hours": quantity("DR028.hours", hours, "hours"),
    }


@check("DR029", "learnability", threatens="promise", owner="engineering")
def worse_in_time(given: ReviewInput) -> Found | None:
    """A model is worse on later rows than shuffled rows make believe.

    Fires when the lower bound of shuffled less later AUC passes two points. At stake is
    the gap: as much of the shuffled figure will not be there after release.
    """
    if given.profile.time is None:
        raise NotApplicable("no_time")
    found = trained(given)
    gap, later, shuffled = found.gap, found.later, found.shuffled
    if gap is None or later is None or shuffled is None or gap.value is None:
        raise CannotTell("no_later")
    if gap.lo is None or gap.hi is None:
        raise CannotTell("no_later")
    if gap.lo <= OLDER_WORSE:
        if (gap.hi - gap.lo) / 2 > GAP_UNKNOWN:
            raise CannotTell("too_wide", {"gap": gap})
        return None
    numbers = {"shuffled": shuffled, "later": later, "gap": gap}
    cut = found.cut.date().isoformat() if found.cut else "\N{EN DASH}"
    return Found(
        "warning", numbers, {"cut": cut}, quantity("DR029.at_stake", gap.value, "share")
    )


def _scored(given: ReviewInput) -> Scored:
    if given.scored is None or len(given.scored.labels) == 0:
        raise NotApplicable("no_scores")
    return given.scored


def _price_numbers(
    id: str, price: LabelPrice, labelling: Labelling | None
) -> dict[str, Number]:
    """Return labels, sources, money and days; what nobody stated is not known."""
    stated = labelling is not None
    return {
        "more": quantity(f"{id}.more", price.more, "labels"),
        "further": quantity(f"{id}.further", price.more_sources, "sources"),
        "cost": quantity(f"{id}.cost", price.cost if stated else None, "money"),
        "days": quantity(f"{id}.days", price.days if stated else None, "days"),
    }


def _sources(scored: Scored) -> int | None:
    return None if scored.sources is None else len(set(scored.sources.tolist()))


def _label(given: ReviewInput) -> LabelProfile:
    label = given.profile.label
    if label is None or label.judged == 0:
        raise NotApplicable("no_label")
    return label


def _prevalence(rarer: int, label: LabelProfile) -> float:
    """Share of the rarer label; without any, the most that is left possible."""
    if rarer:
        return rarer / label.judged
    return wilson(0, label.judged).hi


def _half(rarer: int, deff: float) -> float:
    if rarer == 0:
        return 0.5
    return wilson(PLANNED * rarer, rarer, deff=deff).half_width


def _price_of_rarer(
    given: ReviewInput, rarer: int, label: LabelProfile, deff: float
) -> LabelPrice:
    """Price rare rows: each takes 1/prevalence labels to be found (Buderer 1996)."""
    one, share = given.labelling or UNPRICED, _prevalence(rarer, label)
    finding = Labelling(
        one.minutes_per_label / share, one.cost_per_hour, one.labels_per_day * share
    )
    return price_of_precision(PLANNED, rarer, TARGET, labelling=finding, deff=deff)


def _price_to_tell(given: ReviewInput) -> LabelPrice | None:
    """Price the error until its interval leaves out the acceptable one."""
    scored, acceptable = given.scored, given.use.acceptable
    if scored is None or acceptable is None or scored.error.value is None:
        return None
    distance = abs(scored.error.value - acceptable)
    # nearer than a point no number of labels that anybody would buy can tell
    if not 0.01 <= distance < 1:
        return None
    return price_of_telling(
        scored.error.value,
        scored.error.n or 0,
        acceptable,
        labelling=given.labelling or UNPRICED,
        deff=scored.deff,
        clusters=_sources(scored),
    )


def _calibration_error(found: Calibration) -> Number:
    return Number(
        id="DR027.off",
        value=found.error,
        n=found.came.n,
        lo=found.interval.lo,
        hi=found.interval.hi,
        level=found.interval.level,
        method=found.interval.method,
        rows="all",
    )


def _bin_detail(number: int, one: Bin) -> Detail:
    numbers = {
        "promised": quantity(f"DR027.{number}.promised", one.mean, "share"),
        "came": one.came.model_copy(update={"id": f"DR027.{number}.came"}),
    }
    # tiny scores look alike when written: the bin's place keeps them apart
    about = f"{number + 1}: {one.low:.3g} \N{EN DASH} {one.high:.3g}"
    return Detail(about, numbers)


def _point_detail(number: int, point: LearningPoint) -> Detail:
    error = Number(
        id=f"DR028.{number}.error",
        value=point.error,
        lo=point.lo,
        hi=point.hi,
        level=LEVEL,
        rows="all",
    )
    return Detail(f"{point.rows:,}", {"error": error})
