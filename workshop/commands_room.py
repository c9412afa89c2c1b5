"""What the commands of pages without code do: open the room, say where it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop.room.seats import Codes, RoomState

Says = Callable[[str], None]


def app(record: str, *, open_browser: bool, port: int, says: Says) -> None:
    """Serve the steps as pages on this computer until told to stop."""
    from workshop.data.catalog import open_target
    from workshop.room.serving import run_app

    run_app(open_target(record), port=port, open_browser=open_browser, says=says)


def room(
    folder: str,
    *,
    pairs: int,
    scenario: str,
    minutes: int,
    host: str,
    port: int,
    address: str = "",
    seats: str = "",
    says: Says,
) -> None:
    """Start a live room, or go on with it, and serve it until told to stop."""
    from workshop.room.address import proper_address
    from workshop.room.seats import go_on_or_create

    outer = proper_address(address)
    opened = partial(go_on_or_create, folder, scenario, pairs=pairs, minutes=minutes)
    if seats:
        from workshop.room.serving.hub import run_behind_hub

        run_behind_hub(
            Path(seats), opened, pairs=pairs, host=host, port=port, outer=outer,
            says=says,
        )  # fmt: skip
        return
    state, codes = opened()
    state.address = outer
    _serve(state, codes, host=host, port=port, outer=outer, says=says)


def _serve(
    state: RoomState,
    codes: Codes | None,
    *,
    host: str,
    port: int,
    outer: str,
    says: Says,
) -> None:
    """Serve a room and say where it is; one that never listened is unmade."""
    from workshop.room.announce import announced
    from workshop.room.serving import run_room

    told = False

    def announce(_address: str) -> None:
        nonlocal told
        told = True
        says(announced(state, codes))

    try:
        run_room(state, host=host, port=port, outer=outer, on_ready=announce)
    finally:
        if codes and not told:  # it never listened, and nobody knows its codes
            state.unmake()
