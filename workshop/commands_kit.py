"""What is done before people arrive: everything tried, and the kit written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop.rehearsal import Tried

Says = Callable[[str], None]


def check_room(
    scenario: str,
    *,
    pairs: int,
    host: str,
    port: int,
    folder: str,
    as_json: bool = False,
    says: Says,
) -> bool:
    """Try everything a room needs, telling each line as it comes; is all well?"""
    from workshop.rehearsal import Wanted, rehearse_room, verdict

    wanted = Wanted(scenario, pairs, host, port, Path(folder))
    lines = rehearse_room(wanted)
    if as_json:
        found = list(lines)
        says(_as_json(found))
    else:
        says(wanted.heading.text)
        found = []
        for line in lines:
            found.append(line)
            says(line.text)
        says(verdict(found).text)
    return all(line.state != "fails" for line in found)


def _as_json(found: list[Tried]) -> str:
    """The lines with the keys of a plain check, and how each stands besides."""
    entries = [
        {
            "what": line.what,
            "state": line.state,
            "problem": line.said if line.state == "fails" else "",
            "said": line.said,
        }
        for line in found
    ]
    ready = not any(entry["problem"] for entry in entries)
    return json.dumps({"ready": ready, "tried": entries}, indent=1, ensure_ascii=False)


def kit(output: str, *, minutes: int, starts: str, scenario: str) -> str:
    """Write the run sheet, the cards and the slides; say where they are."""
    from workshop.kit import write_kit
    from workshop.views.wording import phrase, say

    made = write_kit(Path(output), minutes=minutes, starts=starts, scenario=scenario)
    files = ", ".join(str(path) for path in made)
    return f"{say('kit.cli.written', files=files).text}\n{phrase('kit.cli.print')}"
