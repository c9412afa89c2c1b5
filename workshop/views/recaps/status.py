"""The state of a record in a terminal: a line a section, then what is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workshop.record.values import Gap
from workshop.views.recaps.agreement import gap_json, gap_said
from workshop.views.section import Section
from workshop.views.wording import say


def status_text(sections: Sequence[Section], gaps: Sequence[Gap]) -> str:
    """Set the sections' headlines and every gap as plain text."""
    lines = [
        say(
            "cli.status_line",
            status=say(f"status.{section.status}"),
            title=section.title,
            headline=section.headline,
        ).text
        for section in sections
    ]
    if not gaps:
        return "\n".join((*lines, "", say("page.gaps_none").text))
    opened = [f"  - {gap_said(gap).text}" for gap in gaps]
    return "\n".join((*lines, "", say("page.gaps_title").text, *opened))


def status_json(sections: Sequence[Section], gaps: Sequence[Gap]) -> dict[str, Any]:
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
    }
