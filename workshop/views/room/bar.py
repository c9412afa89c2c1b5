"""What stands above every page: where we are, what is saved, what is still missing.

Read from the record alone, without any figure, so that it costs nothing and gives
nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from types import MappingProxyType
from typing import Literal

from workshop.record.choices import Record
from workshop.record.gaps import find_gaps
from workshop.record.journey import home_of
from workshop.record.measured import Measured
from workshop.record.values import Gap, Number
from workshop.views.wording import phrase, say
from workshop.views.wording.gaps import gap_said

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "00": "room.step_name.start",
        "01": "room.step_name.framing",
        "02": "room.step_name.data_readiness",
        "03": "room.step_name.threshold",
        "04": "room.step_name.user_impact",
        "05": "room.step_name.agreement",
        "06": "app.later",
    }
)
"""The steps that have a page, and the sentence that names each."""

LATER = "06"
MOST_NAMED = 6

_BEGUN = {
    "00": ("participants", "cases", "bets"),
    "01": ("framing",),
    "02": ("data_review",),
    "03": ("threshold", "marks"),
    "04": ("option", "impact"),
    "05": ("agreement", "signatures"),
    LATER: ("retrospectives",),
}

State = Literal["saved", "begun", "empty"]


@dataclass(frozen=True, slots=True)
class Place:
    """One step: whether something is saved there, and what is still open."""

    step: str
    state: State
    gaps: tuple[Gap, ...] = ()

    @property
    def name(self) -> str:
        """What the step is called, in a word or two."""
        return phrase(NAMES[self.step])


def places(record: Record, today: date) -> tuple[Place, ...]:
    """Return how far each step is."""
    open_in: dict[str, list[Gap]] = {step: [] for step in NAMES}
    for gap in find_gaps(record, Measured(), today):
        if (step := home_of(gap.where)) is not None:
            open_in[step].append(gap)
    return tuple(_place(step, record, tuple(open_in[step])) for step in NAMES)


def _place(step: str, record: Record, gaps: tuple[Gap, ...]) -> Place:
    begun = any(
        getattr(record, name) not in (None, Record.model_fields[name].get_default())
        for name in _BEGUN[step]
    )
    if not begun:
        return Place(step, "empty", gaps)
    return Place(step, "begun" if gaps else "saved", gaps)


# --- as a page shows it ---------------------------------------------------------------


def bar_html(record: Record, here: str, today: date) -> str:
    """Return the bar of one step's page; its links lead to the pages beside it."""
    found = places(record, today)
    steps = "".join(_step(place, here) for place in found)
    now = next(place for place in found if place.step == here)
    label = escape(phrase("app.steps"), quote=True)
    return (
        f'<nav class="room-steps" aria-label="{label}"><ol>{steps}</ol></nav>'
        f"{_missing(now)}"
    )


def ways_html(here: str) -> str:
    """Return the links to the step before and the step after."""
    steps = [*NAMES]
    at = steps.index(here)
    around = (("back", at - 1), ("next", at + 1))
    links = [
        _way(kind, steps[place]) for kind, place in around if 0 <= place < len(steps)
    ]
    return "".join(links)


def _way(kind: str, step: str) -> str:
    said = say(f"app.{kind}", name=f"{step} {phrase(NAMES[step])}").html
    return f'<a class="room-{kind}" href="{step}">{said}</a>'


def _step(place: Place, here: str) -> str:
    is_here = place.step == here
    now = ' aria-current="page"' if is_here else ""
    return (
        f'<li class="room-{place.state}"><a href="{place.step}"{now}>'
        f'<span class="room-number">{place.step}</span> '
        f'<span class="room-name">{escape(place.name)}</span> '
        f'<span class="room-state">{_state(place)}</span></a></li>'
    )


def _state(place: Place) -> str:
    if place.state != "begun":
        return escape(phrase(f"app.{place.state}"))
    return say("app.begun", open=_count(place)).html


def _missing(place: Place) -> str:
    if place.step == LATER:
        return ""
    if not place.gaps:
        return f'<p class="room-none">{escape(phrase("app.missing_none"))}</p>'
    named = [gap_said(gap).html for gap in place.gaps[:MOST_NAMED]]
    more = ["<li>…</li>"] if len(place.gaps) > MOST_NAMED else []
    items = "".join([*(f"<li>{sentence}</li>" for sentence in named), *more])
    said = say("app.missing_some", open=_count(place)).html
    return (
        f'<details class="room-missing"><summary>{said}</summary>'
        f"<ul>{items}</ul></details>"
    )


def _count(place: Place) -> Number:
    return Number(id=f"bar.{place.step}.open", value=len(place.gaps), unit="")
