"""What is not there: labels, values, whole columns, and is it missing by chance?

Shares are exact counts over all rows; their intervals stand for rows yet to come.
"""

from __future__ import annotations

from workshop.analysis.intervals import family_level, rate, sample_size
from workshop.analysis.readiness.checks.missingness import (
    SHIFT,
    Look,
    ask_for_more,
    group_looks,
    is_related,
    label_looks,
    moved_by,
    put_together,
    sides_of,
)
from workshop.analysis.readiness.checks.sizes import (
    detailed,
    listed,
    quantity,
    scaled,
    worst_first,
)
from workshop.analysis.readiness.findings import (
    Detail,
    NotApplicable,
    Severity,
)
from workshop.analysis.readiness.given import ReviewInput
from workshop.analysis.readiness.profile import ColumnProfile, LabelProfile
from workshop.analysis.readiness.registry import Found, check
from workshop.record.values import Number

# Five points either way is as wide as a rate may be known and still be promised.
WIDE = 0.05
# A column that lacks every fifth value is no longer one that a model can lean on.
MANY_MISSING = 0.2
# Labels that tell a share to within that, whatever it is.
ENOUGH_LABELS = sample_size(0.5, WIDE)
# Nineteen of twenty rows empty, or one row in a thousand that says anything else.
SPARSE = 0.95
ONE_VALUE = 0.999


@check("DR001", "completeness", threatens="promise", owner="both")
def missing_labels(given: ReviewInput) -> Found | None:
    """Rows that carry no label.

    A warning where the share of positives, with all of them positive or none, could
    lie more than five points either way; a note below. At stake is that half-width.
    """
    label = given.profile.label
    if label is None or label.judged == 0:
        raise NotApplicable("no_label")
    if label.missing == 0:
        return None
    bounds = _bounds(label)
    half = label.missing / label.rows / 2
    numbers = {
        "missing": rate("DR001.missing", label.missing, label.rows, rows="all"),
        "bounds": bounds,
        "sample": quantity(
            "DR001.sample", float(min(label.missing, ENOUGH_LABELS)), "labels"
        ),
    }
    severity: Severity = "warning" if half > WIDE else "note"
    at_stake = Number(id="DR001.at_stake", value=half, rows="all")
    return Found(severity, numbers, {"column": label.column}, at_stake)


def _bounds(label: LabelProfile) -> Number:
    """The positives among the labelled; bounds as if none or all others were."""
    return Number(
        id="DR001.bounds",
        value=label.positives / label.judged,
        k=label.positives,
        n=label.judged,
        lo=label.positives / label.rows,
        hi=(label.positives + label.missing) / label.rows,
        method="none or all of the unlabelled positive",
        rows="all",
    )


@check("DR005", "completeness", threatens="volume", owner="engineering", reach="rows")
def missing_values(given: ReviewInput) -> Found | None:
    """Inputs with holes, the emptiest first; the nearly empty are for DR015 to name.

    A warning where a feature surely lacks more than a fifth of its values. At stake is
    the largest share: so many decisions, at least, are made without that value.
    """
    holed = worst_first(
        (c for c in _inputs(given) if c.missing and not _is_empty(c)),
        lambda c: c.missing,
        lambda c: c.name,
    )
    if not holed:
        return None
    worst = _share_missing("DR005.missing", holed[0])
    features = (c for c in holed if c.role == "feature")
    emptiest = next(features, None)
    severe = emptiest and (_share_missing("", emptiest).lo or 0) > MANY_MISSING
    return Found(
        "warning" if severe else "note",
        {
            "worst": worst,
            "count": quantity("DR005.count", float(len(holed)), "columns"),
        },
        {"column": holed[0].name, "columns": listed([c.name for c in holed])},
        scaled("DR005.at_stake", worst, 1.0),
        detailed(
            Detail(c.name, {"missing": _share_missing("DR005.missing", c)})
            for c in holed
        ),
    )


def _inputs(given: ReviewInput) -> tuple[ColumnProfile, ...]:
    """What a decision is made from: features, and the groups that it may fall on."""
    if not given.profile.of_role("feature"):
        raise NotApplicable("no_features")
    return given.profile.of_role("feature", "group")


def _share_missing(name: str, column: ColumnProfile) -> Number:
    return rate(name, column.missing, column.rows, rows="all")


# --- is it missing by chance? --------------------------------------------------------


@check("DR013", "completeness", threatens="promise", owner="engineering")
def missingness_by_chance(given: ReviewInput) -> Found | None:
    """Whether holes go with the label or with a group.

    Found when, at a level corrected for all comparisons made (Bonferroni), rows with a
    hole hold at least five points more or fewer positives, or leaving them out moves
    the share of positives by a point; or when a group has holes at least five points
    more or less often than the rest. A warning where that point is passed, or the group
    is one that matters for the use; otherwise a note. At stake: how far the share of
    positives moves without those rows, else how many more of a group are left out.
    """
    if given.profile.label is None and not given.profile.groups:
        raise NotApplicable("nothing_to_compare")
    by_label = list(label_looks(given.profile))
    by_group, among_groups = group_looks(given.profile)
    looks = len(by_label) + among_groups
    if not looks:
        raise NotApplicable("no_holes")
    level = family_level(looks)
    related = [one for one in by_label + by_group if is_related(one, level)]
    if not related:
        ask_for_more(by_label)
        return None
    return _found_related(related, looks, level, given)


def _found_related(
    related: list[Look], looks: int, level: float, given: ReviewInput
) -> Found:
    """What goes with holes, surely, of all ``looks`` that were taken."""
    shown = put_together(related)
    by_label = [one for one in related if one.group is None]
    by_group = [one for one in related if one.group is not None]
    sides = sides_of(shown[0], level)
    return Found(
        _severity_of(related, level, given),
        {
            "there": sides["there"],
            "elsewhere": sides["elsewhere"],
            "difference": sides["difference"],
            "by_label": _count("by_label", by_label),
            "by_group": _count("by_group", by_group),
            "looks": quantity("DR013.looks", float(looks), "comparisons"),
        },
        {
            "column": shown[0].column,
            "goes_with": shown[0].goes_with,
            "columns": listed(_columns(related)),
        },
        moved_by(by_label or by_group, level),
        detailed(Detail(one.about, sides_of(one, level)) for one in shown),
        variant="" if by_label else "group",
    )


def _severity_of(related: list[Look], level: float, given: ReviewInput) -> Severity:
    moves = any(one.weight * one.surely(level) >= SHIFT for one in related)
    matters = any(one.group in given.use.groups for one in related)
    return "warning" if moves or matters else "note"


def _columns(looks: list[Look]) -> list[str]:
    """The columns, each once: what moves the promised figure most comes first."""
    furthest = sorted(
        looks, key=lambda one: (-one.weight * abs(one.apart), -abs(one.apart))
    )
    return list(dict.fromkeys(one.column for one in furthest))


def _count(name: str, looks: list[Look]) -> Number:
    return quantity(f"DR013.{name}", float(len(_columns(looks))), "columns")


# --- what stands for missing, and what says nothing ----------------------------------


@check("DR014", "completeness", threatens="promise", owner="engineering", reach="rows")
def stand_ins(given: ReviewInput) -> Found | None:
    """Values that stand for missing, such as a word or an impossible number.

    A warning where a column, read so, surely lacks more than a fifth of its values; a
    note below. At stake is the largest share of rows that such a value stands in.
    """
    found = worst_first(
        (c for c in _inputs(given) if c.stand_ins),
        lambda c: sum(c.stand_ins.values()) / c.rows,
        lambda c: c.name,
    )
    if not found:
        return None
    numbers = {c.name: _stand_in_numbers(c) for c in found}
    worst = found[0]
    severe = any((n["read"].lo or 0) > MANY_MISSING for n in numbers.values())
    return Found(
        "warning" if severe else "note",
        {
            "standing": numbers[worst.name]["standing"],
            "read": numbers[worst.name]["read"],
            "count": quantity("DR014.count", float(len(found)), "columns"),
        },
        {"column": worst.name, "value": _values_of(worst)},
        scaled("DR014.at_stake", numbers[worst.name]["standing"], 1.0),
        detailed(Detail(f"{c.name}: {_values_of(c)}", numbers[c.name]) for c in found),
    )


def _stand_in_numbers(column: ColumnProfile) -> dict[str, Number]:
    standing = min(sum(column.stand_ins.values()), column.rows - column.missing)
    read = standing + column.missing
    return {
        "standing": rate("DR014.standing", standing, column.rows, rows="all"),
        "read": rate("DR014.read", read, column.rows, rows="all"),
    }


def _values_of(column: ColumnProfile) -> str:
    """The values, the most frequent first, in quotes: a blank would not be seen."""
    values = sorted(column.stand_ins, key=lambda v: (-column.stand_ins[v], v))
    return listed(
        [
            f"\N{LEFT DOUBLE QUOTATION MARK}{v}\N{RIGHT DOUBLE QUOTATION MARK}"
            for v in values
        ]
    )


@check("DR015", "completeness", threatens="option", owner="engineering", reach="rows")
def idle_columns(given: ReviewInput) -> Found | None:
    """Features that are constant, or nearly: empty or of one value in nearly all rows.

    A warning where they are more than half of the features; otherwise a note. At stake
    is the share of rows in which they say anything at all, summed over them and so at
    the most: only those decisions can change when the columns are left out.
    """
    features = given.profile.of_role("feature")
    if not features:
        raise NotApplicable("no_features")
    idle = worst_first(
        (c for c in features if _is_idle(c)), lambda c: -_speaking(c), lambda c: c.name
    )
    if not idle:
        return None
    speaking = min(given.profile.rows, sum(_speaking(c) for c in idle))
    share = Number(
        id="DR015.idle",
        value=len(idle) / len(features),
        k=len(idle),
        n=len(features),
    )
    return Found(
        "warning" if 2 * len(idle) > len(features) else "note",
        {"idle": share},
        {"columns": listed([c.name for c in idle])},
        rate("DR015.at_stake", speaking, given.profile.rows, rows="all"),
        detailed(Detail(c.name, _idle_numbers(c)) for c in idle),
    )


def _is_idle(column: ColumnProfile) -> bool:
    held = column.rows - column.missing
    if column.constant or _is_empty(column):
        return True
    return column.commonest is not None and column.commonest[1] / held > ONE_VALUE


def _is_empty(column: ColumnProfile) -> bool:
    return column.missing > SPARSE * column.rows


def _speaking(column: ColumnProfile) -> int:
    """Rows that differ from what the column says, or leaves open, nearly always."""
    held = column.rows - column.missing
    often = column.commonest[1] if column.commonest else 0
    return column.rows - max(column.missing, held if column.constant else often)


def _idle_numbers(column: ColumnProfile) -> dict[str, Number]:
    speaking = _speaking(column)
    return {
        "missing": _share_missing("DR015.missing", column),
        "speaking": rate("DR015.speaking", speaking, column.rows, rows="all"),
    }
