"""The way in, and the pages of a room: waiting, the wall, the desk."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError

from workshop.errors import RunError, WorkshopError
from workshop.room import desk, qr, told_desk
from workshop.room import told as now
from workshop.room.people import Session, Who
from workshop.room.seats import RoomState
from workshop.room.serving.pages import Guarded, Known, plain_page
from workshop.views.room import pages as views
from workshop.views.wording import phrase

_HOMES = {"seat": "/seat", "desk": "/desk", "spectator": "/stage"}
_COOKIE_LASTS = 2 * 24 * 3600
_LONGEST = 100


def routes(seats: Any) -> list[Any]:
    """Return the routes that whoever keeps the seats has pages for."""
    if not isinstance(seats, RoomState):
        return [(r"/join", EnterApp), (r"/in", In)]
    return [
        (r"/join", Join),
        (r"/in", In),
        (r"/seat", Waiting),
        (r"/seat/now", SeatNow),
        (r"/stage", Stage),
        (r"/stage/now", StageNow),
        (r"/desk", Desk),
        (r"/desk/now", DeskNow),
        (r"/desk/act", DeskAct),
    ]


def home(seats: Any, who: Who | None) -> str:
    """Return the page at which somebody begins."""
    if who is None:
        return "/join"
    return _HOMES[who.kind] if isinstance(seats, RoomState) else "/step/00"


def told(seats: Any, who: Who) -> dict[str, Any]:
    """Return what a seat's page is told by the room besides its own record."""
    if not isinstance(seats, RoomState):
        return {}
    said = now.seat_now(seats, who)
    return {name: said[name] for name in ("nudges", "clock")}


def title_of(seats: Any) -> str:
    """Return what the workshop is about."""
    title: str = seats.title
    return title


# --- the way in -----------------------------------------------------------------------


class Entry(Guarded, JupyterHandler):
    """Claims a code: posted once, from here it is a cookie that scripts cannot read."""

    @allow_unauthenticated
    async def post(self) -> None:
        """Let somebody in, or say why not; all tries wait in one line."""
        code, name = self._asked()
        app = self.settings["room"]
        try:
            with app.seats.throttle.turn() as seconds:
                await asyncio.sleep(seconds)
                session = app.seats.claim(code, name)
        except RunError as error:
            self._refuse(error, again=True)
        except WorkshopError as error:
            self._refuse(error)
        else:
            self._let_in(session)
            self.finish({"ok": True, "said": "", "go": app.home(session.who)})

    def _asked(self) -> tuple[str, str]:
        try:
            asked = json.loads(self.request.body)
            code, name = asked["code"], asked.get("name", "")
            if not (isinstance(code, str) and isinstance(name, str)):
                raise TypeError
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise HTTPError(400) from None
        return code[:_LONGEST], name[:_LONGEST]

    def _refuse(self, error: WorkshopError, *, again: bool = False) -> None:
        self.set_status(429 if again else 200)
        self.finish({"ok": False, "said": str(error), "again": again})

    def _let_in(self, session: Session) -> None:
        self.set_cookie(
            self.settings["room"].cookie,
            session.token,
            max_age=_COOKIE_LASTS,
            httponly=True,
            samesite="Strict",
            secure=self.request.protocol == "https",
        )


class EnterApp(Entry):
    """The way in of `workshop app`: the link's code is posted by itself."""

    @allow_unauthenticated
    def get(self) -> None:
        """Show a line while that happens."""
        said = f'<p id="told" role="status">{phrase("app.entering")}</p>'
        no_entry = f'<p id="none" role="alert" hidden>{phrase("app.no_entry")}</p>'
        no_script = f"<noscript><p>{phrase('app.no_script')}</p></noscript>"
        xsrf = self.xsrf_token.decode()
        body = f"{said}{no_entry}{no_script}"
        self.finish(plain_page(body, script="enter.js", xsrf=xsrf))


class Join(Entry):
    """The way in of a room: a code and a name."""

    @allow_unauthenticated
    def get(self) -> None:
        """Ask for them."""
        self.finish(
            views.join_page(
                xsrf=self.xsrf_token.decode(),
                title=title_of(self.settings["room"].seats),
            )
        )


class In(Known):
    """Asked by the page at the door: a strict cookie does not come along from afar."""

    def get(self) -> None:
        """Say where somebody belongs who is in already."""
        self.finish({"go": self.settings["room"].home(self.who)})


# --- the pages of a room --------------------------------------------------------------


class _OfARoom(Known):
    """A page for certain kinds of people only."""

    kinds: tuple[str, ...] = ()

    def prepare(self) -> Any:
        """Refuse everybody else."""
        return self._checked(super().prepare())

    async def _checked(self, before: Any) -> None:
        await before
        if self.current_user is not None and self.who.kind not in self.kinds:
            raise HTTPError(403)

    @property
    def seats(self) -> RoomState:
        """The room."""
        seats: RoomState = self.settings["room"].seats
        return seats

    def shown(self) -> dict[str, str]:
        """Return what every page is made with."""
        return {"xsrf": self.xsrf_token.decode(), "title": title_of(self.seats)}


class Waiting(_OfARoom):
    """A seat before the workshop starts."""

    kinds = ("seat",)

    def get(self) -> None:
        """Show who is here."""
        self.finish(views.waiting_page(**self.shown()))


class SeatNow(_OfARoom):
    """What a waiting seat is told."""

    kinds = ("seat",)

    def get(self) -> None:
        """Say it."""
        self.seats.saw(self.who)
        self.finish(now.seat_now(self.seats, self.who))


class Stage(_OfARoom):
    """The wall."""

    kinds = ("desk", "spectator")

    def get(self) -> None:
        """Show it; a spectator's is without the way to join."""
        address = f"{self.seats.address}/join"
        watching = self.who.kind == "spectator"
        self.finish(
            views.stage_page(
                **self.shown(), address=address, qr=qr.svg(address), watching=watching
            )
        )


class StageNow(_OfARoom):
    """What the wall is told."""

    kinds = ("desk", "spectator")

    async def get(self) -> None:
        """Say it."""
        self.finish(await asyncio.to_thread(now.stage_now, self.seats))


class Desk(_OfARoom):
    """The facilitator's own page."""

    kinds = ("desk",)

    def get(self) -> None:
        """Show it."""
        self.finish(views.desk_page(**self.shown()))


class DeskNow(_OfARoom):
    """What the desk is told."""

    kinds = ("desk",)

    async def get(self) -> None:
        """Say it."""
        self.finish(await asyncio.to_thread(told_desk.desk_now, self.seats))


class DeskAct(_OfARoom):
    """What the desk does."""

    kinds = ("desk",)

    async def post(self) -> None:
        """Do it, and say what was done."""
        try:
            asked = json.loads(self.request.body)
        except (ValueError, RecursionError):
            asked = None
        self.finish(await asyncio.to_thread(desk.act, self.seats, asked))
