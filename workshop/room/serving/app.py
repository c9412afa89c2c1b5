"""What does the server serve? A list of named routes; anything else is not here.

A subclass of Voilà's own app, never its extension of a Jupyter server: there, a page
may run code. Settings of Voilà that people keep on their computer are not read.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.identity import IdentityProvider
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from traitlets import default
from traitlets.config import Config
from voila.app import Voila

from workshop.data.catalog import shipped
from workshop.errors import InputError
from workshop.room.address import reachable
from workshop.room.people import Who
from workshop.room.reports import Reports
from workshop.room.seats import RoomState
from workshop.room.serving import handlers, pages, rooms
from workshop.room.serving.door import Door
from workshop.room.serving.exporting import compile_once
from workshop.room.serving.kernels import Kernels, OwnPython, Source
from workshop.room.serving.notebooks import as_page
from workshop.room.serving.relay import Lines
from workshop.room.told_reports import meetings_told, seat_told

TEMPLATES = Path(__file__).resolve().parents[1] / "template"
LOOPBACK = "127.0.0.1"
IDLE = 20 * 60
"""Seconds after which a kernel that no page is connected to is ended."""
LARGEST = 256 * 1024
"""Bytes of one request; of a widget's message `workshop.room.guard` allows fewer."""
_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
_WIDGETS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8")


class Identity(IdentityProvider):
    """Who asks: whoever the session in the cookie belongs to, and nobody else."""

    def get_user(self, handler: RequestHandler) -> Who | None:  # type: ignore[override]
        """Return whom a request comes from."""
        app = handler.settings["room"]
        who: Who | None = app.seats.who(handler.get_cookie(app.cookie) or "")
        return who

    def get_handlers(self) -> list[Any]:
        """Offer no way in but the room's own."""
        return []


class RoomApp(Voila):
    """The participants' server.

    Parameters
    ----------
    seats : RoomState or OnePair
        Who may what, and where the records lie.
    host, port : str, int
        Where to listen; loopback unless told.
    names : tuple of str
        Names under which this computer may be asked for besides its own.
    outer : str
        The address of a proxy in front. Everything lies below its path; whether it
        speaks TLS decides about cookies, and no header that a request brings.
    on_ready : callable
        Called with the address once it listens.
    """

    identity = Identity

    def __init__(
        self,
        seats: Any,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        names: tuple[str, ...] = (),
        outer: str = "",
        on_ready: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(config=_settled(), root_dir=str(shipped("notebooks")))
        compile_once()
        self.seats, self.host, self.port = seats, host, port
        self.names, self.on_ready, self.outer = frozenset(names), on_ready, outer
        self.base_url = urlsplit(outer).path.rstrip("/") + "/"
        of_a_room = isinstance(seats, RoomState)
        self.source = Source(seats.scenario if of_a_room else "")
        self.door = Door(seats)
        self.lines = Lines(seats) if of_a_room else None
        self.reports = Reports(seats) if isinstance(seats, RoomState) else None
        self.is_ending = False
        self._ending: set[asyncio.Future[None]] = set()
        # it warns, once for each page, of how Jupyter names what it pings by
        logging.getLogger("tornado.general").setLevel(logging.ERROR)

    @default("config_file_paths")
    def _config_file_paths_default(self) -> list[str]:
        return []

    @default("log_level")
    def _default_log_level(self) -> int:
        return logging.ERROR

    def setup_template_dirs(self) -> None:
        """Put the room's own template before Voilà's."""
        super().setup_template_dirs()
        self.template_paths = [str(TEMPLATES), *self.template_paths]

    # -- where it is ------------------------------------------------------------------

    @property
    def cookie(self) -> str:
        """The cookie's name: two apps on one computer are told apart by their port."""
        return f"common-ground-{self.port}"

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"{reachable(self.host, self.port)}{self.base_url}".rstrip("/")

    @property
    def is_encrypted(self) -> bool:
        """Whether browsers speak TLS with whoever is in front."""
        return self.outer.startswith("https:")

    @property
    def is_open(self) -> bool:
        """Whether others than this computer can reach it."""
        return self.host not in (LOOPBACK, "::1", "localhost")

    def knows_host(self, asked: str) -> bool:
        """Say whether a request names this computer, and not some name led here.

        Addresses in figures cannot be led elsewhere; a name can, so each is listed.
        """
        name = asked.rpartition("]")[0].lstrip("[") or asked.partition(":")[0]
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            own = {socket.gethostname(), socket.getfqdn()} if self.is_open else set()
            return name.lower() in {"localhost", *self.names, *map(str.lower, own)}
        return self.is_open or address.is_loopback

    # -- what depends on who sits here ------------------------------------------------

    def home(self, who: Who | None) -> str:
        """Return the page at which somebody begins."""
        return f"{self.base_url}{rooms.home(self.seats, who)}"

    def told(self, who: Who) -> dict[str, Any]:
        """Return what a seat's page is told, and what can be taken along from it."""
        if self.reports is None:
            return {"reports": {"links": meetings_told(self.seats, who)}}
        told = seat_told(self.reports, who)
        return {**rooms.told(self.seats, who), "reports": told}

    # -- what is served ---------------------------------------------------------------

    def init_settings(self) -> dict[str, Any]:
        """Return Voilà's settings, with the doors shut that a room does not need."""
        self.identity_provider_class = self.identity
        settings = super().init_settings()
        self.kernel_manager.allowed_message_types = [
            "comm_open",
            "comm_msg",
            "comm_info_request",
            "kernel_info_request",
        ]
        return settings | {
            "room": self,
            "cookie_secret": self.seats.cookie_secret,
            "xsrf_cookies": True,
            "xsrf_cookie_kwargs": {
                "samesite": "Strict",
                "path": self.base_url,
                "secure": self.is_encrypted,
            },
            "login_url": f"{self.base_url}join",
            "log_function": pages.log_nothing,
            "websocket_max_message_size": LARGEST,
        }

    def init_handlers(self) -> list[Any]:
        """Return every route there is."""
        page = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        routes = [
            (r"/", pages.Home),
            (r"/step/(?P<number>0[0-6])", handlers.StepPage, page),
            (rf"/here/{_KERNEL}", handlers.Here),
            (rf"/api/kernels/{_KERNEL}", handlers.OwnKernel),
            (rf"/api/kernels/{_KERNEL}/channels", handlers.OwnSocket),
            (rf"/voila/api/shutdown/{_KERNEL}", handlers.CloseOwn),
            (r"/room/(?P<name>[a-z_]+\.(?:js|css))", pages.Asset),
            (r"/voila/static/(.*)", pages.Static, {"paths": self.static_paths}),
            (
                r"/voila/labextensions/(.*)",
                pages.Extension,
                {"path": self.labextensions_path, "no_cache_paths": ["/"]},
            ),
            *self.more_routes(),
        ]
        below = re.escape(self.base_url.rstrip("/"))
        placed = [(f"{below}{path}", *rest) for path, *rest in routes]
        without_slash = [(below, pages.Home)] if below else []
        return [*placed, *without_slash, (r"/.*", pages.NotHere)]

    def more_routes(self) -> list[Any]:
        """Return the routes that depend on who keeps the seats."""
        return rooms.routes(self.seats)

    # -- from start to end ------------------------------------------------------------

    def start(self) -> None:
        """Listen and serve until told to stop, by a signal or Control-C.

        Raises
        ------
        InputError
            When it cannot listen there.
        """
        sockets = self._bound()
        with tempfile.TemporaryDirectory(prefix="common-ground-") as folder:
            self.connection_dir, self.nowhere = folder, f"{folder}/nowhere"
            Path(self.nowhere).mkdir()
            self.source.start()
            try:
                asyncio.run(self._serve(sockets))
            finally:
                self.source.stop()

    def _bound(self) -> list[socket.socket]:
        try:
            sockets = bind_sockets(self.port, self.host)
        except UnicodeError:  # what is too long for a name, or holds an empty part
            raise InputError(
                f"--host {self.host[:80]}: no computer can be called that; name an "
                "address of this one, or 0.0.0.0 for all of them"
            ) from None
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            raise InputError(
                f"--port {self.port}: nothing can be served there ({why}); another "
                "window may be running already, or name another --port"
            ) from None
        self.port = sockets[0].getsockname()[1]
        return sockets

    async def _serve(self, sockets: list[socket.socket]) -> None:
        self.ioloop, self._ends = IOLoop.current(), asyncio.Event()
        self.door.open()
        settings = self.init_settings()
        self.app = Application(self.init_handlers(), **settings)
        server = HTTPServer(self.app, max_body_size=LARGEST)
        server.add_sockets(sockets)
        self.seats.on_ended = self._put_out
        if self.reports is not None:
            self.reports.go_on()
        watching = asyncio.create_task(self.source.watch())
        try:
            self.on_ready(self.address)
            await self._ends.wait()
        finally:
            # lines that are open would be answered: its kernel is gone, make another
            self.is_ending = True
            watching.cancel()
            server.stop()
            if self.reports is not None:
                self.reports.end()
            await self.kernel_manager.shutdown_all(now=True)
            await server.close_all_connections()
            self.door.close()

    def _handle_signal_stop(self, *_: object) -> None:
        self.ioloop.add_callback_from_signal(self._ends.set)

    def _put_out(self, sessions: tuple[str, ...]) -> None:
        """End the kernels of those who lost their seat; called from any thread."""

        def begin() -> None:
            if self.lines is not None:
                self.lines.end(sessions)
            task = asyncio.ensure_future(self.kernel_manager.end_all_of(sessions))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

        self.ioloop.add_callback(begin)


def _settled() -> Config:
    """Return the settings of everything that this server is made of."""
    return Config(
        {
            "VoilaConfiguration": {
                "template": "lab",
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "file_allowlist": [],
                "show_tracebacks": False,
                "multi_kernel_manager_class": Kernels,
                "kernel_spec_manager_class": OwnPython,
                "prelaunch_hook": as_page,
                "extension_allowlist": [*_WIDGETS, "anywidget"],
            },
            "KernelManager": {"autorestart": False},
            "MappingKernelManager": {
                "allow_tracebacks": False,
                "cull_idle_timeout": IDLE,
                "cull_interval": 60,
            },
            # what was trusted elsewhere is not looked up, and nothing is noted
            "NotebookNotary": {"db_file": ":memory:"},
        }
    )
