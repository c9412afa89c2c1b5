"""When do we meet? The agreed meetings as a calendar file that any program reads.

Returns text; whoever calls it decides where that goes. The same record gives the same
file: nothing in it is taken from a clock where the record has a date.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from workshop.analysis.rituals import day_of, planned_rituals
from workshop.data.scenario import Scenario
from workshop.record.agreed import Agreement, Ritual
from workshop.record.choices import Record
from workshop.views.recaps.agreement_next import action_said, meeting_items
from workshop.views.wording import capitalised, phrase, say


def calendar_text(
    record: Record, scenario: Scenario, now: datetime, *, name: str = ""
) -> str:
    """Return the agreed meetings as iCalendar text (RFC 5545), lines ended by CRLF.

    Parameters
    ----------
    record
        Its rituals and the retrospective's date; a month is its first working day.
    scenario
        Names what the meetings are about.
    now
        The time of the file where the record's log has none.
    name
        What the record is called. With the record's own random name and the kind of
        meeting it makes the identity of an event, so that a newer file moves a meeting
        instead of doubling it.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Common Ground//EN")
    calendar.add("version", "2.0")
    agreement = record.agreement or Agreement()
    stamp, seen = _stamp(record, now), dict[str, int]()
    for ritual in planned_rituals(agreement):
        day = day_of(ritual.on)
        if day is None:
            continue
        place = seen[ritual.what] = seen.get(ritual.what, 0) + 1
        event = _event(ritual, day, scenario, agreement)
        event.add("uid", _identity(record, name, f"{ritual.what} {place}"))
        event.add("dtstamp", stamp)
        event.add("sequence", record.revision)
        calendar.add_component(event)
    return str(calendar.to_ical().decode("utf-8"))


def _event(ritual: Ritual, day: date, scenario: Scenario, agreement: Agreement) -> Any:
    """One meeting: it takes a day and blocks none of it."""
    from icalendar import Event

    event = Event()
    what = capitalised(phrase(f"ritual.{ritual.what}"))
    summary = say("calendar.summary", what=what, title=scenario.title).text
    event.add("summary", _plain(summary))
    event.add("description", _plain(_description(ritual, agreement)))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if ritual.every_weeks:
        event.add("rrule", {"freq": "weekly", "interval": ritual.every_weeks})
    return event


def _description(ritual: Ritual, agreement: Agreement) -> str:
    """What the meeting is for, who comes, and what was left for it."""
    lines = [phrase(f"calendar.about_{ritual.what}")]
    if ritual.who:
        lines.append(say("agreement.with_whom", who=ritual.who).text)
    if ritual.what == "retrospective":
        left = meeting_items(agreement)
        if left:
            lines += ["", phrase("agreement.meeting_title")]
            lines += [f"- {said.text}" for said in left]
        actions = [one for one in agreement.actions if one.done is None]
        if actions:
            lines += ["", phrase("agreement.actions_title")]
            lines += [f"- {action_said(one).text}" for one in actions]
    return "\n".join(lines)


def _identity(record: Record, name: str, kind: str) -> str:
    own = record.bets.record if record.bets else ""
    told = "\n".join((record.scenario, name, own, kind))
    return f"{sha256(told.encode()).hexdigest()[:32]}@common-ground"


def _stamp(record: Record, now: datetime) -> datetime:
    """When the record last changed; a line written by hand may have no time."""
    try:
        at = datetime.fromisoformat(record.log[-1].at)
    except (IndexError, ValueError):
        at = now
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _plain(text: str) -> str:
    """Leave out what no calendar can show; the library escapes the rest."""
    lines = "\n".join(text.splitlines())
    return "".join(
        letter if letter == "\n" or unicodedata.category(letter) != "Cc" else " "
        for letter in lines
    )
