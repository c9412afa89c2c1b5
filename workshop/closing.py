"""The end of a room: each pair's own report, and one of how pairs differed and moved.

Run by the room's server as a process of its own, beside which the room goes on. Where
it is, stands in a file that the server reads; it ends with the server, and a later run
goes on where it was.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop.errors import WorkshopError
from workshop.record.atomic import write_text
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.gaps import find_gaps
from workshop.record.journey import STEPS, home_of
from workshop.record.measured import Measured
from workshop.record.values import ROLES, GapKind, Number
from workshop.record.wordless import OTHER_OPTION, PLACES, own_only, wordless
from workshop.room.closing_folder import (
    KEPT,
    ROOM,
    STATE,
    folder_of,
    made_before,
    record_of,
    reports_of,
    sat,
)
from workshop.room.folder import Folder, make_private
from workshop.room.kept import Room
from workshop.room.named import letters_of, named_pairs, read_allowed
from workshop.views.wording import phrase, say

if TYPE_CHECKING:
    from workshop.analysis.pairs import PairGiven
    from workshop.data.scenario import Scenario
    from workshop.views.recaps.roomed import Spoken

_LONGEST = 200
NICE = 10
"""How much the room goes before its reports."""


def main(folder: str) -> None:
    """Write all reports of the room in a folder; end with whoever began it."""
    with suppress(AttributeError, OSError):
        os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    close_room(Folder(folder), as_of=date.today())


def _end_with_parent() -> None:
    """The server holds the other end of the standard input, and says nothing."""
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)


def close_room(folder: Folder, *, as_of: date) -> None:
    """Write each pair's report, then the room's; what fails is told and left out.

    Parameters
    ----------
    folder
        The room's.
    as_of
        The day that counts as today.
    """
    room = folder.read()
    make_private(reports_of(folder))
    progress = _Progress(
        folder, [pair for pair in room.pairs if sat(folder, room, pair)]
    )
    progress.tell("starting")
    _write_pairs(folder, progress, as_of)
    progress.tell("room")
    why = ""
    try:
        # read again: pairs may have gone on, and changed what they allow
        _write_room(folder, folder.read(), progress.pairs, as_of)
    except WorkshopError as error:
        why = str(error)
    except Exception as error:  # a fault of ours must not take away the pairs' reports
        traceback.print_exc()  # into the log beside the reports
        why = say("batch.unforeseen", what=type(error).__name__).text
    progress.tell("done", why=why)


# --- each pair's own ------------------------------------------------------------------


class _Progress:
    """How far the writing is, as the desk is told."""

    def __init__(self, folder: Folder, pairs: list[int]) -> None:
        self.folder, self.pairs = folder, pairs
        self._began = time.time()

    def tell(self, stage: str, *, why: str = "") -> None:
        entries = [self._entry(pair) for pair in self.pairs]
        state = {
            "stage": stage,
            "done": sum(entry["state"] != "waiting" for entry in entries),
            "all": len(entries),
            "left": self._left(entries),
            "pairs": entries,
            "why": why,
            "at": time.strftime("%H:%M"),
        }
        write_text(reports_of(self.folder) / STATE, json.dumps(state), mode=0o600)

    def _entry(self, pair: int) -> dict[str, Any]:
        found = made_before(self.folder).get(folder_of(pair), {})
        return {
            "pair": pair,
            "state": found.get("state", "waiting"),
            "verdict": found.get("verdict") or "",
            "open": len(found.get("gaps") or ()),
            "error": str(found.get("error") or "")[:_LONGEST],
        }

    def _left(self, entries: list[dict[str, Any]]) -> str:
        """How long the rest may take, from what this run made itself."""
        from workshop.report.batch import time_left

        waiting = sum(entry["state"] == "waiting" for entry in entries)
        kept = sum(self._was_kept(entry) for entry in entries)
        here = len(entries) - waiting - kept
        return time_left(time.time() - self._began, here, here + waiting)

    def _was_kept(self, entry: dict[str, Any]) -> bool:
        file = reports_of(self.folder) / folder_of(entry["pair"]) / "report.json"
        made = entry["state"] == "made" and file.is_file()
        return made and file.stat().st_mtime < self._began


def _write_pairs(folder: Folder, progress: _Progress, as_of: date) -> None:
    from workshop.report.batch import write_reports

    records = [str(record_of(folder, pair)) for pair in progress.pairs]
    out = reports_of(folder)
    write_reports(
        records, out, jobs=1, as_of=as_of, progress=lambda _: progress.tell("pairs")
    )


# --- the room's -----------------------------------------------------------------------


def _write_room(folder: Folder, room: Room, pairs: list[int], as_of: date) -> None:
    from workshop.analysis.pairs import find_room
    from workshop.data.catalog import example_of, find_scenario
    from workshop.views.recaps.roomed import RoomTold, room_json, room_page

    scenario = find_scenario(room.scenario)
    letters, named = letters_of(folder, room), named_pairs(room, read_allowed(folder))
    read = {pair: record for pair in pairs if (record := _read(folder, pair))}
    shown = sorted(read, key=lambda pair: (len(letters[pair]), letters[pair]))
    given = [
        _given(letters[p], read[p], scenario, _Twin.of(folder, p), as_of) for p in shown
    ]
    example = example_of(scenario)
    spoken = [
        _spoken(room, p, letters[p], read[p], example) for p in shown if p in named
    ]
    told = RoomTold(
        find_room(given),
        scenario=scenario.id,
        title=scenario.title,
        as_of=as_of.isoformat(),
        spoken=tuple(spoken),
    )
    data = json.dumps(room_json(told), indent=1, ensure_ascii=False)
    who = {"named": [p for p in shown if p in named], "pairs": shown}
    _put(reports_of(folder), room_page(told), data, who)


def _put(out: Path, page: str, data: str, who: Mapping[str, Any]) -> None:
    """Write the report, with whom it names, so that no other page stands with that."""
    for name in ROOM:
        (out / name).unlink(missing_ok=True)
    write_text(out / KEPT, json.dumps(who), mode=0o600)
    write_text(out / ROOM[1], f"{data}\n", mode=0o600)
    write_text(out / ROOM[0], page, mode=0o600)


def _read(folder: Folder, pair: int) -> Record | None:
    try:
        return RecordFile(record_of(folder, pair)).read()
    except WorkshopError:
        return None


@dataclass(frozen=True, slots=True)
class _Twin:
    """What the room's report takes from a pair's own, so that both say the same.

    ``gaps`` are places and kinds of what is open; None where there is no report.
    """

    verdict: str = ""
    error: Number | None = None
    gaps: tuple[tuple[str, GapKind], ...] | None = None

    @classmethod
    def of(cls, folder: Folder, pair: int) -> _Twin:
        made = made_before(folder).get(folder_of(pair), {})
        if made.get("state") != "made":
            return cls()
        file = reports_of(folder) / folder_of(pair) / "report.json"
        twin = json.loads(file.read_text("utf-8"))
        numbers = [n for s in twin["sections"].values() for n in s["numbers"]]
        error = next((n for n in numbers if n["id"] == "error.all"), None)
        gaps = tuple((gap["where"], gap["kind"]) for gap in twin["gaps"])
        return cls(twin["verdict"], Number(**error) if error else None, gaps)


def _given(
    letter: str, record: Record, scenario: Scenario, twin: _Twin, as_of: date
) -> PairGiven:
    """What may be told of a pair: no word of its record is in it."""
    from workshop.analysis.pairs import PairGiven
    from workshop.data.scenario import offered
    from workshop.views.recaps.retrospective_drift import ALWAYS_THERE

    titles = {
        one.id: one.title or phrase(ALWAYS_THERE[one.id]) for one in offered(scenario)
    }
    titles[OTHER_OPTION] = phrase("closing.other_option")
    bare = wordless(record, options=titles)
    option = titles[bare.option] if bare.option else None
    found = twin.gaps
    if found is None:
        alone = find_gaps(record, Measured(), as_of)
        found = tuple((gap.where, gap.kind) for gap in alone)
    return PairGiven(
        label=letter,
        record=bare.model_copy(update={"option": option}),
        signed=tuple(role for role in ROLES if role in record.signatures),
        gaps=Counter((home_of(where) or STEPS[-1], kind) for where, kind in found),
        verdict=twin.verdict,
        error=twin.error,
    )


def _spoken(
    room: Room, pair: int, letter: str, record: Record, example: Record | None
) -> Spoken:
    """A pair that allowed it, in its own words; none of them is the example's.

    A part that was borrowed and changed since is the pair's own, and may still hold
    sentences that it left as they were.
    """
    from workshop.views.recaps.roomed import Spoken

    lent = {text for _, text in _words(example)} if example else set()
    names = tuple(
        person.name
        for role in ROLES
        if (seat := room.seat(pair, role))
        for person in seat.people
    )
    said = [(name, text) for name, text in _words(own_only(record)) if text not in lent]
    return Spoken(letter, names, tuple(said))


def _words(record: Record) -> list[tuple[str, str]]:
    """Return the sentences of a record that a room's report may quote."""
    framing, agreement = record.framing, record.agreement
    lines = [
        ("counts_as_wrong", framing.counts_as_wrong if framing else ""),
        ("outcome", framing.outcome.measure if framing and framing.outcome else ""),
        ("because", record.threshold.because if record.threshold else ""),
        ("option", record.impact.because if record.impact else ""),
        *(("parted", i.about) for i in (agreement.not_agreed if agreement else ())),
    ]
    return [(name, text) for name, text in lines if text and text not in PLACES]
