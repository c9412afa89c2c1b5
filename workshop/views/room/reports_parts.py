"""The parts of the desk and of a waiting seat that are about the reports at the end."""

from __future__ import annotations

from html import escape

from workshop.views.wording import phrase


def reports_part() -> str:
    """Return the desk's part: have them written, how far they are, where they are."""
    return (
        f"<section><h2>{_say('desk.title')}</h2>"
        f'<p class="cg-quiet">{_say("desk.note")}</p>'
        f'<p><button id="write">{_say("desk.write")}</button></p>'
        '<div id="report-lines" role="status"></div>'
        '<ul id="report-links" class="cgr-plain cgr-links"></ul></section>'
    )


def allows_part() -> str:
    """Return a seat's part: its reports, and whether names may stand in the room's."""
    return (
        '<ul id="reports" class="cgr-plain cgr-links" aria-live="polite"></ul>'
        '<div class="cgr-allows"><label for="allows">'
        '<input type="checkbox" id="allows" '
        f'aria-describedby="allows-help"><span>{_say("seat.question")}</span></label>'
        f'<p id="allows-help" class="cg-quiet">{_say("seat.help")}</p>'
        '<p id="allows-says" role="status"></p></div>'
    )


def _say(name: str) -> str:
    return escape(phrase(f"closing.{name}"))
