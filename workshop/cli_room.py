"""The door to pages without code: one pair at one screen, and a room for many."""

from __future__ import annotations

from typing import Any

import click

from workshop.cli_language import speaks

PORT = click.IntRange(0, 65535)
"""Where a server may listen; 0 stands for any port that is free."""


@click.command()
@click.argument("record", default="")
@click.option("--no-browser", is_flag=True, help="Start the server, open no window.")
@click.option("--port", type=PORT, default=8865, show_default=True)
@speaks
def app(record: str, no_browser: bool, port: int) -> None:
    """Open the steps as pages without code, for one pair at one screen.

    RECORD is as in `workshop lab`. The link that is printed lets in whoever has it.
    """
    from workshop import commands_room

    commands_room.app(record, open_browser=not no_browser, port=port, says=_say)


@click.command()
@click.option("--pairs", type=int, default=8, show_default=True, help="How many pairs.")
@click.option("--scenario", default="privacy-assistant", show_default=True)
@click.option("--dir", "folder", default="room", show_default=True, help="Its folder.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="0.0.0.0: for all."
)
@click.option("--port", type=PORT, default=8866, show_default=True)
@click.option("--minutes", type=int, default=120, show_default=True, help="How long.")
@click.option(
    "--address",
    default="",
    metavar="URL",
    help="Of a proxy in front; the room lies below its path.",
)
@click.option(
    "--hub",
    "seats",
    default="",
    metavar="FILE",
    help="As a service of a JupyterHub: a table user,pair,half says who sits where.",
)
@speaks
def room(folder: str, **asked: Any) -> None:
    """Start a live room: a seat for each half of each pair, a wall and a desk.

    Prints the address to join with a QR code, your own link, and a code for each seat.
    The same command goes on with a room that lies in the folder.
    """
    from workshop import commands_room

    commands_room.room(folder, says=_say, **asked)


def _say(text: str) -> None:
    from workshop.record.mistakes import printable

    # click flushes: whoever watches through a file learns at once where it is
    click.echo(printable(text))
