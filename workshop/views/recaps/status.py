"""The state of a record in a terminal: a line a section, then what is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workshop.record.agreed import Retrospective
from workshop.record.values import Gap
from workshop.views.recaps.agreement import gap_json
from workshop.views.recaps.retrospective_held import last_line
from workshop.views.section import Section
from workshop.views.wording import say
from workshop.views.wording.gaps import gap_said


def status_text(
    sections: Sequence[Section],
    gaps: Sequence[Gap],
    held: Sequence[Retrospective] = (),
) -> str:
    """Set headlines, the last retrospective, gaps and what was not agreed as text."""
    lines = [
        say(
            "cli.status_line",
            status=say(f"status.{section.status}"),
            title=section.title,
            headline=section.headline,
        ).text
        for section in sections
    ]
    if held:
        lines += ["", last_line(held).text]
    if gaps:
        opened = (f"  - {gap_said(gap).text}" for gap in gaps)
        lines += ["", say("page.gaps_title").text, *opened]
    else:
        lines += ["", say("page.gaps_none").text]
    left = next_meeting(sections)
    if left:
        lines += ["", say("agreement.meeting_title").text, *(f"  - {x}" for x in left)]
    return "\n".join(lines)


def next_meeting(sections: Sequence[Section]) -> list[str]:
    """What the sections leave for the next meeting, a sentence each."""
    return [x for section in sections for x in section.extra.get("next_meeting", ())]


def status_json(
    sections: Sequence[Section],
    gaps: Sequence[Gap],
    held: Sequence[Retrospective] = (),
) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "sections": {
            section.id: {
                "status": section.status,
                "headline": section.headline.text,
            }
            for section in sections
        },
        "gaps": [gap_json(gap) for gap in gaps],
        "retrospectives": [
            {"at": one.at, "rows": one.rows, "clauses": one.clauses} for one in held
        ],
        "next_meeting": next_meeting(sections),
    }
