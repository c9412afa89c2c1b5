"""When does the pair meet, and on which day is a date that names only a month?

Working days are Monday to Friday; nobody told the program of holidays.
"""

from __future__ import annotations

from datetime import date, timedelta

from workshop.record.agreed import Agreement, Ritual
from workshop.record.dates import last_day

REVIEW_WEEKS = 4
"""How often the measures are looked at together, where nobody says otherwise."""

READY_WEEKS = 12
"""How long data are taken to stay ready where nothing says how fresh they must be."""

_SATURDAY = 5


def propose_rituals(
    today: date, *, newest: date | None = None, fresh_days: float | None = None
) -> tuple[Ritual, ...]:
    """Propose a readiness review before the data go stale, and a regular metric review.

    Parameters
    ----------
    today
        The first possible day is the next working day after it.
    newest
        The day of the newest row; None where rows have no time.
    fresh_days
        How old the newest row may be for this use, in days; None where nobody said.
    """
    ready = today + timedelta(weeks=READY_WEEKS)
    if newest is not None and fresh_days is not None:
        ready = newest + timedelta(days=int(fresh_days))
    soonest = _from(today + timedelta(days=1))
    first = _from(today + timedelta(weeks=REVIEW_WEEKS))
    return (
        Ritual(what="readiness_review", on=max(_until(ready), soonest).isoformat()),
        Ritual(what="metric_review", on=first.isoformat(), every_weeks=REVIEW_WEEKS),
    )


def planned_rituals(agreement: Agreement) -> tuple[Ritual, ...]:
    """Return every meeting that was agreed on, the retrospective's own date included.

    ``agreement.retrospective`` is the one truth about that day; a ritual of the same
    kind only adds who comes.
    """
    others = tuple(r for r in agreement.rituals if r.what != "retrospective")
    own = tuple(r for r in agreement.rituals if r.what == "retrospective")
    if agreement.retrospective is None:
        return (*others, *own)
    who = own[0].who if own else ""
    return (
        *others,
        Ritual(what="retrospective", on=agreement.retrospective, who=who),
    )


def day_of(text: str) -> date | None:
    """Return the day that a date means: of a month, its first working day.

    >>> day_of("2027-05"), day_of("2027-05-02")
    (datetime.date(2027, 5, 3), datetime.date(2027, 5, 2))
    """
    last = last_day(text)
    if last is None or len(text) > len("2027-05"):
        return last
    return _from(last.replace(day=1))


def _from(day: date) -> date:
    """The same day, or the next working one."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if _is_off(day) else day


def _until(day: date) -> date:
    """The same day, or the working one before."""
    return day - timedelta(days=day.weekday() - _SATURDAY + 1) if _is_off(day) else day


def _is_off(day: date) -> bool:
    return day.weekday() >= _SATURDAY
