"""Do these rows still speak for the day that the promise is about?

Age against the use, holes in time, and labels that come late. What moved between
earlier and later rows is looked at in `drift`.
"""

from __future__ import annotations

from datetime import date, timedelta

from workshop.analysis.intervals import newcombe, rate
from workshop.analysis.readiness.calendar import (
    Hole,
    find_holes,
    rows_that_tell,
    usual_rows,
)
from workshop.analysis.readiness.checks.drift import surely_swung, time_of
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
from workshop.analysis.readiness.profile import Period, TimeProfile
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


@check("DR010", "timeliness", threatens="release", owner="product")
def age_of_data(given: ReviewInput) -> Found | None:
    """The newest row is too old for the day that the promise is about.

    Blocker: older today than the use allows (`Use.fresh_days`). Where nothing is
    stated, warning: the promised day, else today, lies further from the newest row than
    all rows span. At stake is what the label rate surely swung between two periods;
    none where that cannot be told from chance.
    """
    time = time_of(given)
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
    }
    names = {"newest": newest.isoformat(), "until": until.isoformat()}
    severity: Severity = "blocker" if stated else "warning"
    swung = surely_swung(given, time)
    kind = "stated" if stated else ""
    if swung <= 0:
        steady = "_".join(part for part in (kind, "steady") if part)
        return Found(severity, numbers, names, variant=steady)
    numbers["swung"] = quantity("DR010.swung", swung, "share")
    stake = quantity("DR010.at_stake", swung, "share")
    return Found(severity, numbers, names, stake, variant=kind)


@check("DR022", "timeliness", threatens="promise", owner="engineering")
def holes_in_time(given: ReviewInput) -> Found | None:
    """Periods inside the span with no row, or with hardly any.

    Warning from a tenth of the periods, else a note. At stake is the share of the
    periods that nobody saw, times the larger of the rate and what is left of one: as
    far as a rate over the whole time lies from the one measured if there all rows, or
    none, were positive. Cannot tell where rows are so few that an empty period is
    chance.
    """
    time = time_of(given)
    holes, expected = find_holes(time)
    if expected < FEW_PERIODS:
        raise CannotTell("few_periods")
    empty = sum(hole.periods for hole in holes)
    if empty == 0:
        _refuse_thin_time(time, expected)
        return None
    share = rate("DR022.holes", empty, expected, rows="all")
    return Found(
        "warning" if empty / expected > MANY_HOLES else "note",
        {
            "holes": share,
            "longest": quantity("DR022.longest", holes[0].periods, "periods"),
        },
        {"where": listed([_from_to(hole) for hole in holes]), "unit": time.unit},
        quantity("DR022.at_stake", empty / expected * _furthest(given), "share"),
        tuple(_hole_detail(i, hole) for i, hole in enumerate(holes[:MOST_DETAILS])),
    )


@check("DR033", "timeliness", threatens="release", owner="engineering")
def late_labels(given: ReviewInput) -> Found | None:
    """The newest rows have no label yet, or one that cannot be settled yet.

    The newest are those within `Use.label_delay_days` of the last row, else the last
    tenth. Fires when they lack labels more often than the others, by over five points
    at the lower bound, or when labels are younger than a label takes to be known.
    Warning from a fifth of the newest rows, else a note. At stake is the share without
    a settled label, times the larger of the label rate and what is left of one.
    """
    time = time_of(given)
    if given.profile.label is None or given.profile.label.judged == 0:
        raise NotApplicable("no_label")
    older, newer = _cut_newest(time, given)
    young = _young_labels(given, time)
    if not newer or not (older or young):
        raise CannotTell("one_period")
    newest = _unlabelled("DR033.newest", newer)
    rows = newest.n or 1
    numbers = {"newest": newest, **_beside_older(newest, older)}
    late = "more" in numbers and (numbers["more"].lo or 0) > LATE_LABELS
    if not late and young == 0:
        return None
    if young:
        numbers["young"] = rate("DR033.young", young, rows, rows="all")
        numbers["delay"] = quantity("DR033.delay", given.use.label_delay_days, "days")
    unsettled = ((newest.k or 0) + young) / rows
    return Found(
        "warning" if unsettled > MUCH_LATER else "note",
        numbers,
        {"since": newer[0].start.date().isoformat()},
        quantity("DR033.at_stake", unsettled * _furthest(given), "share"),
        variant=("both" if young else "") if late else "young",
    )


def _beside_older(newest: Number, older: list[Period]) -> dict[str, Number]:
    """How many of the older rows lack a label, and how many more of the newest do."""
    if not older:
        return {}
    before = _unlabelled("DR033.before", older)
    gap = newcombe(newest.k or 0, newest.n or 1, before.k or 0, before.n or 1)
    more = (newest.value or 0) - (before.value or 0)
    return {"before": before, "more": difference("DR033.more", more, gap)}


def _newest(time: TimeProfile, today: date) -> date:
    """The newest day that has been: a mistyped year must not make old rows young."""
    assert time.high is not None
    if time.high.date() <= today:
        return time.high.date()
    been = [p.start.date() for p in time.periods if p.start.date() <= today]
    return max(been, default=time.high.date())


def _furthest(given: ReviewInput) -> float:
    """How far a rate can lie from the one measured, where nothing was seen."""
    label = given.profile.label
    if label is None or label.judged == 0:
        return 1.0
    seen = label.positives / label.judged
    return max(seen, 1 - seen)


def _refuse_thin_time(time: TimeProfile, periods: int) -> None:
    """Say that a hole could not be told where rows are few in each period."""
    usual, enough = usual_rows(time), rows_that_tell(periods)
    if usual < enough:
        numbers = {
            "usual": quantity("DR022.usual", usual, "rows"),
            "enough": quantity("DR022.enough", enough, "rows"),
        }
        raise CannotTell("too_thin", numbers, {"unit": time.unit})


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
    time: TimeProfile, given: ReviewInput
) -> tuple[list[Period], list[Period]]:
    """Split the periods up to today into the older and the newest, oldest first.

    A row of the future is no newest row. Where all rows lie within the time that a
    label takes, and that has passed since, the newest are the last tenth.
    """
    periods = [p for p in time.periods if p.start.date() <= given.use.today]
    delay = given.use.label_delay_days
    if delay is not None and periods:
        since = periods[-1].start - timedelta(days=delay)
        cut = next(i for i, p in enumerate(periods) if p.start >= since)
        if cut or _young_labels(given, time):
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
    today = given.use.today
    known = today - timedelta(days=delay)
    return sum(p.judged for p in time.periods if known < p.start.date() <= today)
