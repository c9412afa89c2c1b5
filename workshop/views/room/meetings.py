"""The meetings of a pair as its page hands them out: a file for any calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from workshop.analysis.rituals import day_of, planned_rituals
from workshop.data.scenario import Scenario
from workshop.record.agreed import Agreement
from workshop.record.choices import Record


def has_meetings(record: Record) -> bool:
    """Say whether a meeting is agreed on, on a day that there is."""
    planned = planned_rituals(record.agreement or Agreement())
    return any(day_of(one.on) is not None for one in planned)


def meetings_file(record: Record, scenario: Scenario, *, name: str) -> str:
    """Return the meetings as iCalendar text; empty where none is agreed on.

    Parameters
    ----------
    record, scenario
        What was agreed, and what it is about.
    name
        What the record is called. The file that is written beside a record is made of
        the same, so that either moves the meetings of the other.
    """
    from workshop.views.calendar import calendar_text

    if not has_meetings(record):
        return ""
    return calendar_text(record, scenario, datetime.now(UTC), name=name)
