"""What does a facilitator hold in the hand? Run sheet, cards, slides, from one source.

The times come from `room/sheet.toml`, by which the desk keeps time too, every sentence
from the catalogue, and who speaks first from the notebooks' own headers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from workshop.data.catalog import find_scenario, shipped
from workshop.errors import InputError
from workshop.record.atomic import explain, write_text
from workshop.room.sheet import Sheet, Slot, lengths, run_sheet
from workshop.views.kit import markdown, pages
from workshop.views.kit.values import Moment, SheetSaid, SlotSaid
from workshop.views.wording import Said, language, say
from workshop.views.wording.english import ENGLISH

REFERENCE = 120
LEADS = {
    60: "kit.sheet.lead_60",
    120: "kit.sheet.lead_120",
    180: "kit.sheet.lead_180",
}
_SPEAKS = "who speaks first"


@dataclass(frozen=True, slots=True)
class Header:
    """What a notebook says at its head: whose turn it is, and what it is for."""

    first: str = ""
    drives: str = ""
    leaves: str = ""


def write_kit(
    folder: Path, *, minutes: int = REFERENCE, starts: str = "", scenario: str = ""
) -> tuple[Path, ...]:
    """Write the run sheet, the cards and the slides as pages.

    Parameters
    ----------
    folder : Path
        Where; made if it is not there. What has the same names there is replaced.
    minutes : int
        How long the workshop takes.
    starts : str
        When it starts, such as 09:30; the run sheet then has times of the day.
    scenario : str
        What it is about, for the first slide.

    Raises
    ------
    InputError
        When a length, a time or a scenario is none, or nothing can be written there.
    RunError
        When the disk is full.
    """
    sheet = sheet_said(minutes, starts)
    about = {}
    if scenario:
        found = find_scenario(scenario)
        about = {"title": found.title, "request": found.request}
    made = {
        "run-sheet.html": pages.sheet_page(sheet),
        "cards.html": pages.cards_page(sheet),
        "slides.html": pages.slides_page(sheet, **about),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(folder, error) from error
    for name, text in made.items():
        write_text(folder / name, text)
    return tuple(folder / name for name in made)


def documents() -> dict[str, str]:
    """Return the pages of docs/facilitator that are made from this source, by name."""
    reference = sheet_said(REFERENCE)
    sheets = {
        f"run-sheet-{minutes}.md": markdown.sheet_markdown(sheet_said(minutes))
        for minutes in lengths()
    }
    return sheets | {
        markdown.TROUBLE_PAGE: markdown.troubles_markdown(reference),
        "cards.md": markdown.cards_markdown(reference),
        "slides.md": markdown.slides_markdown(reference),
    }


# --- the run sheet in words -----------------------------------------------------------


def sheet_said(minutes: int, starts: str = "") -> SheetSaid:
    """Return the run sheet of so many minutes in words, from a time of the day on.

    Raises
    ------
    InputError
        When a workshop cannot take so long, or the time is none.
    """
    if not 30 <= minutes <= 480:
        raise InputError(f"--minutes {minutes}: a workshop takes 30 to 480 minutes")
    sheet, begins = run_sheet(minutes), _time(starts)
    return SheetSaid(
        title=say("kit.sheet.title", minutes=str(minutes)),
        lead=tuple(_lead(sheet)),
        minutes=minutes,
        ends=_clock(begins, minutes),
        slots=tuple(_slot(slot, begins) for slot in sheet.slots),
    )


def _lead(sheet: Sheet) -> Iterator[Said]:
    if sheet.minutes != sheet.follows:
        yield say("kit.sheet.lead_other", follows=str(sheet.follows))
    yield say(LEADS[sheet.follows])
    yield say("kit.sheet.lead_turn")


def _slot(slot: Slot, begins: datetime | None) -> SlotSaid:
    minute = round(slot.starts / 60)
    said = SlotSaid(
        id=slot.id,
        section=slot.section,
        name=say(f"room.step_name.{slot.section}"),
        task=say(f"room.task.{slot.task}"),
        minute=minute,
        minutes=slot.minutes,
        clock=_clock(begins, minute),
        moments=tuple(_moments(slot, begins)),
    )
    return said if slot.is_break else _with_lines(said, slot)


def _with_lines(said: SlotSaid, slot: Slot) -> SlotSaid:
    header = _headers()[slot.id]
    whole = slot.task == slot.section
    return replace(
        said,
        opens=say(f"kit.step.{slot.section}.opens"),
        watch=say(f"kit.step.{slot.section}.watch"),
        go_on=say(f"kit.go_on.{slot.task}"),
        first=_as_written(header.first),
        drives=_as_written(header.drives),
        leaves=_as_written(header.leaves) if whole else None,
    )


def _as_written(text: str) -> Said | None:
    """Say what a notebook says; notebooks are in English."""
    plain = text.replace("{", "{{").replace("}", "}}")
    return Said(plain, {}, "" if language().is_house else ENGLISH) if text else None


def _moments(slot: Slot, begins: datetime | None) -> Iterator[Moment]:
    for part in slot.parts:
        minute = round(part.starts / 60)
        yield Moment(
            minute=minute,
            clock=_clock(begins, minute),
            does=say(f"kit.part.{part.name}.does"),
            says=say(f"kit.part.{part.name}.says"),
        )


def _time(starts: str) -> datetime | None:
    if not starts:
        return None
    try:
        return datetime.strptime(starts, "%H:%M")
    except ValueError:
        raise InputError(f"--starts {starts}: write a time as 09:30") from None


def _clock(begins: datetime | None, minute: int) -> str:
    return f"{begins + timedelta(minutes=minute):%H:%M}" if begins else ""


# --- whose turn it is -----------------------------------------------------------------


@cache
def _headers() -> dict[str, Header]:
    """Read each notebook's head, by its number."""
    found = {}
    for path in sorted(shipped("notebooks").glob("0*.ipynb")):
        first = json.loads(path.read_text("utf-8"))["cells"][0]
        found[path.name[:2]] = header_in("".join(first["source"]))
    return found


def header_in(text: str) -> Header:
    r"""Return what stands under the headings of a notebook's table.

    >>> header_in("| who speaks first | who drives | what |\n|-|-|-|\n| a | b | c |")
    Header(first='a', drives='b', leaves='c')
    """
    rows = [line for line in text.splitlines() if line.startswith("|")]
    for place, row in enumerate(rows[:-2]):
        if _SPEAKS in row:
            first, drives, leaves = (
                cell.strip() for cell in rows[place + 2].strip("|").split("|")
            )
            return Header(first, drives, leaves)
    return Header()
