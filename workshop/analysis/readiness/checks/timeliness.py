"""Do these rows still speak for the day that the promise is about?

Age against the use, holes in time, labels that come late, and what moved between
earlier and later rows. Movement is sized with an interval and never by a p-value: with
enough rows every column moves "significantly".
"""

from __future__ import annotations

from datetime import date, timedelta

from workshop.analysis.intervals import LEVEL, newcombe, rate
from workshop.analysis.readiness.calendar import (
    ENOUGH_JUDGED,
    Block,
    Hole,
    blocks,
    find_holes,
    halves,
    rate_difference,
    stretches,
    swing,
)
from workshop.analysis.readiness.checks.sizes import (
    MOST_DETAILS,
    difference,
    family_level,
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
from workshop.analysis.readiness.profile import Drift, Period, TimeProfile
from workshop.analysis.readiness.registry import Found, check
from workshop.record.values import Number

MANY_HOLES = 0.1
"""Share of periods without rows from which a hole is to be acted on."""

FEW_PERIODS = 3
"""Under three periods there is no inside for a hole to be in."""

NEWEST_SHARE = 0.1
"""What counts as the newest rows where nobody has said how long a label takes."""

LATE_LABELS = 0.05
"""More rows than this without a label than before, by the lower bound: labels lag."""

MUCH_LATER = 0.2
"""Share of the newest rows without a settled label that is to be acted on."""

MOVED, MOVED_FAR = 0.1, 0.25
"""The usual marks of the index (Yurdakul 2018); only the lower bound is held to them,
and never below what rows of one and the same make would show by chance."""

RATE_MOVED, RATE_MOVED_FAR = 0.02, 0.05
"""Points by which a label rate moves for a note, and for a warning."""

RATE_MULTIPLIED = 0.5
"""Where positives are rare: half of the overall rate is a warning as well."""


@check("DR010", "timeliness", threatens="release", owner="product")
def age_of_data(given: ReviewInput) -> Found | None:
    """The newest row is too old for the day that the promise is about.

    Blocker: older today than the use allows (`Use.fresh_days`). Where nothing is
    stated, warning: the promised day, else today, lies further from the newest row than
    all rows span.
    """
    time = _time(given)
    newest = _newest(time, given.use.today)
    stated = given.use.fresh_days is not None
    until = given.use.today if stated else given.use.promised_by or given.use.today
    span = (newest - time.low.date()).days if time.low else 0
    allowed = given.use.fresh_days if given.use.fresh_days is not None else span
    gap = (until - newest).days
    if gap <= allowed:
        return None
    numbers = {
        "gap": quantity("DR010.gap", gap, "days"),
        "allowed": quantity("DR010.allowed", allowed, "days"),
        "swung": _largest_swing(time),
    }
    names = {"newest": newest.isoformat(), "until": until.isoformat()}
    stake = numbers["swung"].model_copy(update={"id": "DR010.at_stake"})
    return Found(
        "blocker" if stated else "warning",
        numbers,
        names,
        stake if stake.value is not None else None,
        variant="stated" if stated else "",
    )


@check("DR022", "timeliness", threatens="promise", owner="engineering")
def holes_in_time(given: ReviewInput) -> Found | None:
    """Periods inside the span with no row, or with hardly any.

    Warning from a tenth of the periods, else a note. At stake is half the share of the
    periods that nobody saw: as far as a rate over the whole time can lie from the one
    measured if there all rows, or none, were positive.
    """
    time = _time(given)
    holes, expected = find_holes(time)
    if expected < FEW_PERIODS:
        raise CannotTell("few_periods")
    empty = sum(hole.periods for hole in holes)
    if empty == 0:
        return None
    share = rate("DR022.holes", empty, expected, rows="all")
    return Found(
        "warning" if empty / expected > MANY_HOLES else "note",
        {
            "holes": share,
            "longest": quantity("DR022.longest", holes[0].periods, "periods"),
        },
        {"where": listed([_from_to(hole) for hole in holes])},
        quantity("DR022.at_stake", empty / expected / 2, "share"),
        tuple(_hole_detail(i, hole) for i, hole in enumerate(holes[:MOST_DETAILS])),
    )


@check("DR033", "timeliness", threatens="release", owner="engineering")
def late_labels(given: ReviewInput) -> Found | None:
    """The newest rows have no label yet, or one that cannot be settled yet.

    The newest are those within `Use.label_delay_days` of the last row, else the last
    tenth. Fires when they lack labels more often than the others, by over five points
    at the lower bound, or when labels are younger than a label takes to be known.
    Warning from a fifth of the newest rows, else a note. At stake is half the share
    without a settled label.
    """
    time = _time(given)
    if given.profile.label is None or given.profile.label.judged == 0:
        raise NotApplicable("no_label")
    older, newer = _cut_newest(time, given.use.label_delay_days)
    if not older or not newer:
        raise CannotTell("one_period")
    newest = _unlabelled("DR033.newest", newer)
    before = _unlabelled("DR033.before", older)
    gap = newcombe(newest.k or 0, newest.n or 1, before.k or 0, before.n or 1)
    young = _young_labels(given, time)
    if gap.lo <= LATE_LABELS and young == 0:
        return None
    rows = newest.n or 1
    unsettled = min(1.0, ((newest.k or 0) + young) / rows)
    numbers = {
        "newest": newest,
        "before": before,
        "more": difference(
            "DR033.more", (newest.value or 0) - (before.value or 0), gap
        ),
        "young": quantity("DR033.young", young, "rows"),
    }
    return Found(
        "warning" if unsettled > MUCH_LATER else "note",
        numbers,
        {"since": newer[0].start.date().isoformat()},
        quantity("DR033.at_stake", unsettled / 2, "share"),
    )


@check("DR023", "timeliness", threatens="release", owner="engineering", reach="rows")
def drift_of_columns(given: ReviewInput) -> Found | None:
    """Columns whose values moved between the earlier and the later rows.

    A column counts when the lower bound of its population stability index passes both
    0.1 and what chance would show at these counts; from 0.25 it is a warning. That
    bound is far above chance, so many columns need no further correction. At stake is
    the most that can have moved, given the index: see `most_moved`.
    """
    _time(given)
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
    rare; blocker when later rows differ from earlier ones by more than the whole error
    that was agreed. Periods are pooled until each holds 50 judged rows. Where the rate
    swings and only the dependence among rows keeps it from being told: cannot tell.
    """
    time = _time(given)
    if given.profile.label is None or given.profile.label.judged == 0:
        raise NotApplicable("no_label")
    cut, ends = halves(time), swing(time)
    if cut is None or ends is None:
        raise CannotTell(
            "few_judged", {"enough": quantity("DR024.enough", ENOUGH_JUDGED, "rows")}
        )
    earlier, later = cut
    deff = given.scored.deff if given.scored else 1.0
    shift = rate_difference(later, earlier, deff=deff, level=LEVEL)
    pooled = blocks(time)
    pairs = len(pooled) * (len(pooled) - 1) // 2
    level = family_level(pairs)
    reach = rate_difference(*ends, deff=deff, level=level)
    halves_apart = max(shift.lo, -shift.hi, 0.0)
    severity = _rate_severity(given, halves_apart, max(halves_apart, reach.lo), cut)
    if severity is None:
        _refuse_a_swing(ends, deff, level)
        return None
    moved = later.rate - earlier.rate
    numbers = {
        "earlier": _block_rate("DR024.earlier", earlier, deff),
        "later": _block_rate("DR024.later", later, deff),
        "moved": difference("DR024.moved", moved, shift),
        "highest": _block_rate("DR024.highest", ends[0], deff),
        "lowest": _block_rate("DR024.lowest", ends[1], deff),
    }
    names = {
        "cut": _day(later),
        "high_at": _day(ends[0]),
        "low_at": _day(ends[1]),
    }
    # what surely moved between two periods, or moved between the halves
    stake = quantity("DR024.at_stake", max(abs(moved), reach.lo), "share")
    return Found(severity, numbers, names, stake, _block_details(pooled, deff))


def _time(given: ReviewInput) -> TimeProfile:
    time = given.profile.time
    if time is None:
        raise NotApplicable("no_time")
    if time.high is None or time.low is None or not time.periods:
        raise CannotTell("no_dates")
    return time


def _newest(time: TimeProfile, today: date) -> date:
    """The newest day that has been: a mistyped year must not make old rows young."""
    assert time.high is not None
    if time.high.date() <= today:
        return time.high.date()
    been = [p.start.date() for p in time.periods if p.start.date() <= today]
    return max(been, default=time.high.date())


def _largest_swing(time: TimeProfile) -> Number:
    """How much such a distance in time has meant before, where that can be seen."""
    ends = swing(time)
    apart = ends[0].rate - ends[1].rate if ends else None
    return quantity("DR010.swung", apart, "share")


def _from_to(hole: Hole) -> str:
    first, last = hole.first.date().isoformat(), hole.last.date().isoformat()
    return first if hole.periods == 1 else f"{first} \N{EN DASH} {last}"


def _periods(id: str, hole: Hole) -> Number:
    return quantity(id, hole.periods, "periods")


def _hole_detail(number: int, hole: Hole) -> Detail:
    numbers = {
        "periods": _periods(f"DR022.{number}.periods", hole),
        "rows": quantity(f"DR022.{number}.rows", hole.rows, "rows"),
    }
    return Detail(_from_to(hole), numbers)


def _cut_newest(
    time: TimeProfile, delay: float | None
) -> tuple[list[Period], list[Period]]:
    """Split the periods into the older and the newest, both oldest first."""
    periods = list(time.periods)
    if delay is not None:
        since = periods[-1].start - timedelta(days=delay)
        cut = next(i for i, p in enumerate(periods) if p.start >= since)
        return periods[:cut], periods[cut:]
    total, seen, cut = sum(p.rows for p in periods), 0, len(periods)
    while cut > 0 and seen < NEWEST_SHARE * total:
        cut -= 1
        seen += periods[cut].rows
    return periods[:cut], periods[cut:]


def _unlabelled(id: str, periods: list[Period]) -> Number:
    rows = sum(p.rows for p in periods)
    return rate(id, rows - sum(p.judged for p in periods), rows, rows="all")


def _young_labels(given: ReviewInput, time: TimeProfile) -> int:
    """Rows with a label that are younger than a label takes to be known."""
    delay = given.use.label_delay_days
    if delay is None:
        return 0
    known = given.use.today - timedelta(days=delay)
    return sum(p.judged for p in time.periods if known < p.start.date())


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
    given: ReviewInput, halves_apart: float, apart: float, cut: tuple[Block, Block]
) -> Severity | None:
    judged = cut[0].judged + cut[1].judged
    overall = (cut[0].positives + cut[1].positives) / judged
    far = min(RATE_MOVED_FAR, RATE_MULTIPLIED * overall)
    acceptable = given.use.acceptable
    if acceptable is not None and halves_apart > acceptable:
        return "blocker"
    if apart >= far and apart > 0:
        return "warning"
    return "note" if apart >= RATE_MOVED else None


def _refuse_a_swing(ends: tuple[Block, Block], deff: float, level: float) -> None:
    """Say that it cannot be told when only the rows' dependence hides a swing."""
    if rate_difference(*ends, deff=1.0, level=level).lo < RATE_MOVED_FAR:
        return
    numbers = {
        "highest": _block_rate("DR024.highest", ends[0], deff),
        "lowest": _block_rate("DR024.lowest", ends[1], deff),
        "deff": quantity("DR024.deff", deff, "factor"),
    }
    days = {"high_at": _day(ends[0]), "low_at": _day(ends[1])}
    raise CannotTell("swings", numbers, days)


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
