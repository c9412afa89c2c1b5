"""Starting the app for one pair, and the room for many, until they are told to stop."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from contextlib import suppress
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import urlsplit

from workshop.data.catalog import Target
from workshop.room.seats import RoomState
from workshop.room.serving.alone import OnePair
from workshop.room.serving.app import LOOPBACK, RoomApp
from workshop.views.wording import say

Says = Callable[[str], None]


def run_app(
    target: Target, *, port: int, says: Says, open_browser: bool = False
) -> None:
    """Serve one pair's pages on this computer, until told to stop.

    Parameters
    ----------
    target : Target
        The record, and the scenario that it is about; an example is read-only.
    port : int
        Where to listen on loopback; 0 for any that is free.
    says : callable
        Called with what to tell whoever started it: the link that lets in.
    open_browser : bool
        Open that link in a window.

    Raises
    ------
    InputError
        When nothing can be served at that port, or no record be made.
    """
    file = target.file
    if not (file.read_only or file.exists):
        file.create(target.record)  # kernels know no paths to name a scenario by
    pair = OnePair(target)
    opened: list[TemporaryDirectory[str]] = []

    def ready(address: str) -> None:
        link = f"{address}/join#{pair.code}"
        stop = "app.stop_example" if file.read_only else "app.stop"
        says(say("app.open_link", link=link).text)
        says(say(stop, file=str(file.path)).text)
        if open_browser:
            opened.append(_open(link))

    try:
        _run(RoomApp(pair, port=port, on_ready=ready))
    finally:
        for folder in opened:
            folder.cleanup()


def _open(link: str) -> TemporaryDirectory[str]:
    """Open a link by way of a file: what a browser is called with, all may read."""
    folder = TemporaryDirectory(prefix="common-ground-")
    page = Path(folder.name) / "open.html"
    page.write_text(
        f'<!doctype html><meta http-equiv="refresh" content="0;url={escape(link)}">'
        f'<a href="{escape(link)}">{escape(link)}</a>',
        "utf-8",
    )
    Thread(target=webbrowser.open, args=(page.as_uri(),), daemon=True).start()
    return folder


def run_room(
    state: RoomState,
    *,
    on_ready: Says,
    host: str = LOOPBACK,
    port: int = 8866,
    outer: str = "",
    kind: Callable[..., RoomApp] = RoomApp,
) -> None:
    """Serve a room until told to stop, and let others serve it then.

    Parameters
    ----------
    state : RoomState
        The room. Where nobody has set its ``address``, it is the one that is listened
        at, under the port that the system gave.
    on_ready : callable
        Called with the address at which people join, once it listens.
    host, port : str, int
        Where to listen.
    outer : str
        The address of a server in front which speaks TLS, perhaps with a path that the
        room lies below; people come under its name besides this computer's own.
    kind : callable
        Makes the app, if it is to be another one than a room's that stands alone.

    Raises
    ------
    InputError
        When nothing can be served there.
    """

    def ready(address: str) -> None:
        state.address = state.address or address
        on_ready(state.address)

    name = urlsplit(outer).hostname
    names = (name,) if name else ()
    try:
        _run(
            kind(state, host=host, port=port, names=names, outer=outer, on_ready=ready)
        )
    finally:
        state.close()


def _run(app: RoomApp) -> None:
    app.initialize([])
    with suppress(KeyboardInterrupt):
        app.start()
