"""Did columns, or the label, move between earlier and later rows?

Movement is sized with an interval and never by a p-value: with enough rows every
column moves "significantly".
"""

from __future__ import annotations

from workshop.analysis.intervals import LEVEL, family_level, rate
from workshop.analysis.readiness.calendar import (
    ENOUGH_JUDGED,
    Block,
    blocks,
    halves,
    rate_difference,
    stretches,
    swing,
)
from workshop.analysis.readiness.checks.sizes import (
    MOST_DETAILS,
    difference,
    listed,
    quantity,
)
from workshop.analysis.readiness.findings import (
    CannotTell,
    Detail,
    NotApplicable,
    Severity,
)
from workshop.analysis.readiness.given import ReviewInput
from workshop.analysis.readiness.moved import most_moved
from workshop.analysis.readiness.profile import Drift, TimeProfile
from workshop.analysis.readiness.registry import Found, check
from workshop.record.values import Number

MOVED, MOVED_FAR = 0.1, 0.25
"""The usual marks of the index (Yurdakul 2018); only the lower bound is held to them,
and never below what rows of one and the same make would show by chance."""

RATE_MOVED, RATE_MOVED_FAR = 0.02, 0.05
"""Points by which a label rate moves for a note, and for a warning."""

RATE_MULTIPLIED = 0.5
"""Where positives are rare: half of the overall rate is a warning as well."""


def time_of(given: ReviewInput) -> TimeProfile:
    """Return the time column's profile; refuse where there is none, or no date."""
    time = given.profile.time
    if time is None:
        raise NotApplicable("no_time")
    if time.high is None or time.low is None or not time.periods:
        raise CannotTell("no_dates")
    return time


@check("DR023", "timeliness", threatens="release", owner="engineering", reach="rows")
def drift_of_columns(given: ReviewInput) -> Found | None:
    """Columns whose values moved between the earlier and the later rows.

    A column counts when the lower bound of its population stability index passes both
    0.1 and what chance would show at these counts; from 0.25 it is a warning. That
    bound is far above chance, so many columns need no further correction. At stake is
    the most that can have moved, given the index: see `most_moved`.
    """
    time_of(given)
    drifts = [d for d in given.profile.shapes.drifts if _may_drift(given, d.column)]
    if not drifts:
        raise CannotTell("not_measured")
    moved = [d for d in drifts if d.lo > max(MOVED, d.critical)]
    moved.sort(key=lambda d: -d.lo)
    if not moved:
        coarse = max(drifts, key=lambda d: d.critical)
        if coarse.critical > MOVED_FAR:
            raise CannotTell("too_few", {"critical": _chance(coarse)})
        return None
    worst = moved[0]
    share = rate("DR023.moved", len(moved), len(drifts), rows="all")
    return Found(
        "warning" if worst.lo >= MOVED_FAR else "note",
        {"moved": share, "index": _index("DR023.index", worst)},
        {"column": worst.column, "columns": listed([d.column for d in moved])},
        quantity("DR023.at_stake", most_moved(worst.psi), "share"),
        tuple(_drift_detail(i, d) for i, d in enumerate(moved[:MOST_DETAILS])),
    )


@check("DR024", "timeliness", threatens="promise", owner="both")
def drift_of_label_rate(given: ReviewInput) -> Found | None:
    """The label rate moved: earlier against later half, or between two periods.

    Sized by the lower bound of the difference (Newcombe at the effective sample size;
    between two periods with Bonferroni's level over all pairs of them). Note from two
    points; warning from five, or from half of the overall rate where positives are
    rare; blocker when positives surely fell by more than the whole error that was
    agreed, and by more than five points: a rise makes acting right more often, and is a
    warning at most. Periods are pooled until each holds 50 judged rows. Where the rate
    swings and only the dependence among rows keeps it from being told: cannot tell.
    """
    time = time_of(given)
    if given.profile.label is None or given.profile.label.judged == 0:
        raise NotApplicable("no_label")
    cut, ends = halves(time), swing(time)
    if cut is None or ends is None:
        enough = quantity("DR024.enough", ENOUGH_JUDGED, "rows")
        raise CannotTell("few_judged", {"enough": enough})
    earlier, later = cut
    deff = given.deff
    shift = rate_difference(later, earlier, deff=deff, level=LEVEL)
    pooled = blocks(time)
    level = _level_of_pairs(len(pooled))
    reach = rate_difference(*ends, deff=deff, level=level)
    apart = max(shift.lo, -shift.hi, reach.lo, 0.0)
    severity = _rate_severity(given, -shift.hi, apart, cut)
    if severity is None:
        _refuse_a_swing(ends, deff, level)
        return None
    moved = later.rate - earlier.rate
    numbers = {
        "earlier": _block_rate("DR024.earlier", earlier, deff),
        "later": _block_rate("DR024.later", later, deff),
        "moved": difference("DR024.moved", moved, shift),
        **_rates_of_ends(ends, deff),
    }
    names = {"cut": _day(later), **_days_of_ends(ends)}
    # what surely moved between two periods, or moved between the halves
    stake = quantity("DR024.at_stake", max(abs(moved), reach.lo), "share")
    return Found(severity, numbers, names, stake, _block_details(pooled, deff))


def surely_swung(given: ReviewInput, time: TimeProfile) -> float:
    """How far the rate of two periods lay apart at the least; 0 where untold.

    The lower bound at Bonferroni's level over all pairs of periods: among many, the
    highest and the lowest lie apart by chance alone.
    """
    ends = swing(time)
    if ends is None:
        return 0.0
    level = _level_of_pairs(len(blocks(time)))
    return rate_difference(*ends, deff=given.deff, level=level).lo


def _level_of_pairs(periods: int) -> float:
    return family_level(periods * (periods - 1) // 2)


def _may_drift(given: ReviewInput, name: str) -> bool:
    """Time and keys move by nature, and the label's rate is a check of its own."""
    column = given.profile.columns.get(name)
    if column is None:
        return True
    return column.kind != "time" and column.role not in ("time", "id", "label")


def _chance(drift: Drift) -> Number:
    return quantity("DR023.critical", drift.critical, "index")


def _index(id: str, drift: Drift) -> Number:
    return Number(
        id=id,
        value=drift.psi,
        n=drift.earlier + drift.later,
        lo=drift.lo,
        hi=drift.hi,
        level=LEVEL,
        method="population stability index, bootstrap",
        rows="all",
        unit="index",
    )


def _drift_detail(number: int, drift: Drift) -> Detail:
    numbers = {
        "index": _index(f"DR023.{number}.index", drift),
        "critical": quantity(f"DR023.{number}.critical", drift.critical, "index"),
    }
    return Detail(drift.column, numbers)


def _rate_severity(
    given: ReviewInput, fell: float, apart: float, cut: tuple[Block, Block]
) -> Severity | None:
    judged = cut[0].judged + cut[1].judged
    overall = (cut[0].positives + cut[1].positives) / judged
    far = min(RATE_MOVED_FAR, RATE_MULTIPLIED * overall)
    acceptable = given.use.acceptable
    if acceptable is not None and fell > max(acceptable, RATE_MOVED_FAR):
        return "blocker"
    if apart >= far and apart > 0:
        return "warning"
    return "note" if apart >= RATE_MOVED else None


def _refuse_a_swing(ends: tuple[Block, Block], deff: float, level: float) -> None:
    """Say that it cannot be told when only the rows' dependence hides a swing."""
    if rate_difference(*ends, deff=1.0, level=level).lo < RATE_MOVED_FAR:
        return
    factor = quantity("DR024.deff", deff, "factor")
    numbers = _rates_of_ends(ends, deff) | {"deff": factor}
    raise CannotTell("swings", numbers, _days_of_ends(ends))


def _rates_of_ends(ends: tuple[Block, Block], deff: float) -> dict[str, Number]:
    highest, lowest = ends
    return {
        "highest": _block_rate("DR024.highest", highest, deff),
        "lowest": _block_rate("DR024.lowest", lowest, deff),
    }


def _days_of_ends(ends: tuple[Block, Block]) -> dict[str, str]:
    return {"high_at": _day(ends[0]), "low_at": _day(ends[1])}


def _block_rate(id: str, block: Block, deff: float) -> Number:
    return rate(id, block.positives, block.judged, rows="all", deff=deff)


def _day(block: Block) -> str:
    return block.start.date().isoformat()


def _block_details(pooled: tuple[Block, ...], deff: float) -> tuple[Detail, ...]:
    """The whole time in at most twelve stretches, each of periods in a row."""
    return tuple(
        Detail(_day(block), {"rate": _block_rate("DR024.rate", block, deff)})
        for block in stretches(pooled, MOST_DETAILS)
    )
