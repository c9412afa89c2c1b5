"""Is every row news, and every column? Repeats, contradictions, columns that echo."""

from __future__ import annotations

import math

from workshop.analysis.intervals import rate, wilson
from workshop.analysis.readiness.checks.sizes import (
    detailed,
    listed,
    quantity,
    worst_first,
)
from workshop.analysis.readiness.findings import (
    CannotTell,
    Detail,
    NotApplicable,
    Severity,
)
from workshop.analysis.readiness.given import ReviewInput
from workshop.analysis.readiness.profile import Copies, Twins
from workshop.analysis.readiness.registry import Found, check
from workshop.record.values import Number

# One row of a hundred is more than a slip of the hand.
MANY_COPIES = 0.01
# With fewer than ten possible inputs a row, rows repeat by chance alone.
ROOM_PER_ROW = 10
# From here on a column does not resemble the other, it repeats it.
SAME = 0.999
# What would be shown as 0 of 100, and what as no factor at all.
NOTHING = 0.0005
SEEN_FACTOR = 1.005


def _copies(given: ReviewInput) -> Copies:
    copies = given.profile.copies
    if "copies" in given.profile.not_done:
        raise CannotTell("engine_cannot")
    if copies is None or copies.rows == 0:
        raise NotApplicable("no_features")
    return copies


def _severity(share: Number) -> Severity:
    return "warning" if (share.lo or 0) > MANY_COPIES else "note"


def _looked_at(code: str, copies: Copies) -> Number:
    return Number(id=f"{code}.looked", value=copies.share, rows="all")


def _variant(copies: Copies) -> str:
    return "part" if copies.share < 1 else ""


@check("DR004", "uniqueness", threatens="promise", owner="engineering")
def duplicate_rows(given: ReviewInput) -> Found | None:
    """Rows that repeat another in every input.

    A warning where surely more than one of a hundred does; a note below. Where the
    inputs have fewer than ten times as many combinations as there are rows, rows must
    repeat by chance, and nobody can tell which of them are copies. At stake: counted
    as news, copies make the interval of a rate narrower by the square root of all rows
    over the distinct ones; so much is missing from its half-width.
    """
    copies = _copies(given)
    if copies.repeated == 0:
        return None
    repeated = rate("DR004.repeated", copies.repeated, copies.rows, rows="all")
    _ask_for_room(given, copies, {"repeated": repeated}, "DR004")
    factor = math.sqrt(copies.rows / (copies.rows - copies.repeated))
    return Found(
        _severity(repeated),
        {
            "repeated": repeated,
            "looked": _looked_at("DR004", copies),
            "factor": quantity("DR004.factor", factor, "times"),
        },
        {"columns": listed(list(copies.columns))},
        Number(
            id="DR004.at_stake",
            value=_half_width(given) * (factor - 1),
            rows="all",
        ),
        variant=_variant(copies) or ("little" if factor < SEEN_FACTOR else ""),
    )


def _ask_for_room(
    given: ReviewInput, copies: Copies, numbers: dict[str, Number], code: str
) -> None:
    """Say so where the inputs have so few combinations that rows must repeat."""
    room = _combinations(given, copies)
    if room < ROOM_PER_ROW * copies.rows / copies.share:
        found = quantity(f"{code}.combinations", room, "combinations")
        combinations = found.model_copy(update={"method": "about"})
        raise CannotTell("few_combinations", {**numbers, "combinations": combinations})


def _combinations(given: ReviewInput, copies: Copies) -> float:
    """How many different rows the inputs could make up."""
    known = (given.profile.columns.get(name) for name in copies.columns)
    sizes = [max(1, c.distinct + (c.missing > 0)) for c in known if c is not None]
    # A product over a thousand columns is beyond a float; far more than any rows.
    return math.exp(min(700.0, sum(math.log(size) for size in sizes)))


def _half_width(given: ReviewInput) -> float:
    """Of the error rate, else of the share of positives, else of a rate of a half."""
    if given.scored is not None:
        error = given.scored.error
        if error.lo is not None and error.hi is not None:
            return (error.hi - error.lo) / 2
    label = given.profile.label
    if label is not None and label.judged:
        return wilson(label.positives, label.judged).half_width
    return wilson(given.profile.rows / 2, given.profile.rows).half_width


@check("DR007", "consistency", threatens="promise", owner="engineering")
def same_input_other_label(given: ReviewInput) -> Found | None:
    """Rows alike in every input that carry different labels.

    At stake is the floor that they set under the error: of rows that look alike a model
    can be right about one label only, so that at least the rarer label of each such
    set stays wrong. A warning where that is surely more than one labelled row of a
    hundred; a note below. Where the inputs have so few combinations that rows repeat
    by chance, alike rows need not be one case, and nobody can tell.
    """
    copies = _copies(given)
    if copies.judged == 0:
        raise NotApplicable("no_label")
    if copies.clashing == 0:
        return None
    clashing = rate("DR007.clashing", copies.clashing, copies.judged, rows="all")
    _ask_for_room(given, copies, {"clashing": clashing}, "DR007")
    floor = rate("DR007.at_stake", copies.floor, copies.judged, rows="all")
    return Found(
        _severity(floor),
        {"clashing": clashing, "looked": _looked_at("DR007", copies)},
        {"columns": listed(list(copies.columns))},
        floor,
        variant=_variant(copies),
    )


@check("DR016", "uniqueness", threatens="option", owner="engineering")
def echoing_columns(given: ReviewInput) -> Found | None:
    """Pairs of columns that say nearly the same, on the sample.

    A note; a warning where one of a pair is known only after the event and the other
    repeats it exactly, for the other is then too. At stake is what the second of the
    most different pair adds at most: one less their likeness.
    """
    features = {c.name for c in given.profile.of_role("feature")}
    if len(features) < 2:
        raise NotApplicable("one_column")
    late = {c.name for c in given.profile.of_role("leak")}
    inputs = features | {c.name for c in given.profile.of_role("group")}
    pairs = worst_first(
        (t for t in given.profile.shapes.twins if _concerns(t, inputs, late)),
        lambda t: t.likeness,
        _pair,
    )
    if not pairs:
        return None
    told = any({t.first, t.second} & late for t in pairs)
    adds = max(0.0, 1 - pairs[-1].likeness)
    return Found(
        "warning" if told else "note",
        {
            "pairs": quantity("DR016.pairs", float(len(pairs)), "pairs"),
            "least": _likeness(pairs[-1]),
        },
        {"pair": _pair(pairs[0])},
        Number(id="DR016.at_stake", value=adds, n=pairs[-1].n, rows="all"),
        detailed(Detail(_pair(t), {"likeness": _likeness(t)}) for t in pairs),
        variant="same" if adds < NOTHING else "",
    )


def _concerns(twins: Twins, features: set[str], late: set[str]) -> bool:
    """Two inputs alike, or an input that repeats what is known only afterwards."""
    both = {twins.first, twins.second}
    return both <= features or (
        bool(both & features and both & late) and twins.likeness >= SAME
    )


def _pair(twins: Twins) -> str:
    return f"{twins.first} · {twins.second}"


def _likeness(twins: Twins) -> Number:
    return Number(id="DR016.likeness", value=twins.likeness, n=twins.n, rows="all")
