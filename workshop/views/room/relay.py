"""Where a page of a room says who draws the line, and lets people choose.

The script beside it fills in names and points; the sentences are all here.
"""

from __future__ import annotations

import json
from html import escape

from workshop.views.wording import phrase

_SAID = (
    "ask",
    "ask_many",
    "ask_yet",
    "drive",
    "drive_now",
    "you_drive",
    "you_drive_many",
    "you_drive_nobody",
    "you_drive_nobody_many",
    "drives",
    "drives_away",
    "each_alone",
    "you_look",
    "looks",
    "same",
    "with_person",
    "at_all",
    "at_none",
    "nobody",
    "nobody_many",
    "other_numbers",
    "took_over",
    "went_alone",
    "now_yours",
    "lost",
    "locks_shown",
)


def relay_html() -> str:
    """Return the place, hidden until there is something to choose."""
    says = json.dumps({key: phrase(f"relay.{key}") for key in _SAID})
    return (
        f'<section class="room-relay" id="room-relay" hidden'
        f' aria-label="{_say("relay.title")}" data-says="{escape(says)}">'
        '<div class="room-relay-told"><p data-part="said"></p>'
        '<p data-part="points"></p><p data-part="numbers" hidden></p></div>'
        '<div class="room-relay-ways">'
        f'<button type="button" data-way="drive">{_say("relay.drive")}</button>'
        f'<button type="button" data-way="alone">{_say("relay.alone")}</button></div>'
        '<p class="room-heard" data-part="heard" aria-live="polite"></p></section>'
    )


def _say(key: str) -> str:
    return escape(phrase(key))
