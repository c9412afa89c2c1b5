"""The door to what is done before people arrive: a check, and the facilitator's kit."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from workshop.cli_language import speaks
from workshop.cli_room import room as held

_ASKED = ("pairs", "host", "port", "folder")
OF_A_ROOM = {
    option.name: option.default for option in held.params if option.name in _ASKED
}
"""What `workshop room` takes where nothing is said."""


def _of_a_room(flag: str, name: str, said: str, **given: Any) -> Callable[..., Any]:
    """Add an option of `workshop room`, with the default that it has there."""
    told = f"With --room{said}.  [default: {OF_A_ROOM[name]}]"
    return click.option(flag, name, help=told, **given)


@click.command()
@click.argument("target", default="")
@click.option("--room", is_flag=True, help="Also this computer, for a live room.")
@_of_a_room("--pairs", "pairs", ": how many pairs", type=int)
@_of_a_room("--host", "host", ": where it listens")
@_of_a_room("--port", "port", "", type=click.IntRange(1, 65535))
@_of_a_room("--dir", "folder", ": its folder")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@speaks
def check(target: str, room: bool, as_json: bool, **asked: Any) -> None:
    """Try everything a workshop needs, before people arrive.

    TARGET is a scenario or a record. With --room it is the scenario of `workshop room`,
    and this computer is tried as well: port, memory, processors, disk, browser,
    printing, and a room that is really started for a moment; each line then says ok,
    look or fails.
    """
    from workshop import commands, commands_kit

    given = {name: value for name, value in asked.items() if value is not None}
    if room:
        wanted = OF_A_ROOM | given
        scenario = target or "privacy-assistant"
        fine = commands_kit.check_room(scenario, as_json=as_json, says=_say, **wanted)
    else:
        _refuse(target, given)
        text, fine = commands.check(target, as_json=as_json)
        _say(text)
    sys.exit(0 if fine else 2)


def _refuse(target: str, given: dict[str, Any]) -> None:
    """Say what is missing, or what goes with --room only."""
    if given:
        name = "dir" if "folder" in given else next(iter(given))
        raise click.UsageError(f"--{name} goes with --room.")
    if not target:
        raise click.UsageError("Missing argument 'TARGET'.")


@click.command()
@click.option("--minutes", type=int, default=120, show_default=True, help="How long.")
@click.option(
    "--starts", default="", metavar="HH:MM", help="When, for times of the day."
)
@click.option("--scenario", default="", metavar="SCENARIO", help="What it is about.")
@click.option("-o", "--output", default="kit", metavar="DIR", show_default=True)
@speaks
def kit(output: str, **asked: Any) -> None:
    """Write the facilitator's kit: run sheet, cards and slides, as pages to print.

    Three files that open in any browser and need no network. There are sheets of 60,
    120 and 180 minutes; another length follows the nearest.
    """
    from workshop import commands_kit

    _say(commands_kit.kit(output, **asked))


def _say(text: str) -> None:
    from workshop.record.mistakes import printable

    # click flushes: whoever waits for the next line has the one before
    click.echo(printable(text))
