"""The way in, and the pages of a room: waiting, the wall, the desk."""

from __future__ import annotations

import asyncio
from html import escape
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError

from workshop.errors import RunError, WorkshopError
from workshop.room import desk, qr, told_desk, told_reports
from workshop.room import told as now
from workshop.room.people import Session, Who
from workshop.room.seats import RoomState
from workshop.room.serving import meetings, reports
from workshop.room.serving.pages import ForSome, Guarded, Known, plain_page
from workshop.room.serving.relay import RelayLine
from workshop.views.room import pages as views
from workshop.views.wording import phrase

_HOMES = {"seat": "seat", "desk": "desk", "spectator": "stage"}
_COOKIE_LASTS = 2 * 24 * 3600
_LONGEST = 100


def routes(seats: Any) -> list[Any]:
    """Return the routes that whoever keeps the seats has pages for."""
    if not isinstance(seats, RoomState):
        return [(r"/join", EnterApp), (r"/in", In), *meetings.routes()]
    return [
        (r"/join", Join),
        (r"/in", In),
        (r"/seat", Waiting),
        (r"/seat/now", SeatNow),
        (r"/relay", RelayLine),
        (r"/stage", Stage),
        (r"/stage/now", StageNow),
        (r"/desk", Desk),
        (r"/desk/now", DeskNow),
        (r"/desk/act", DeskAct),
        *reports.routes(),
        *meetings.routes(),
    ]


def home(seats: Any, who: Who | None) -> str:
    """Return the page at which somebody begins, below the path that all lies below."""
    if who is None:
        return "join"
    return _HOMES[who.kind] if isinstance(seats, RoomState) else "step/00"


def told(seats: RoomState, who: Who) -> dict[str, Any]:
    """Return what a seat's page is told by the room besides its own record."""
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
                session = self.claim(code, name)
        except RunError as error:
            self._refuse(error, again=True)
        except WorkshopError as error:
            self._refuse(error)
        else:
            self.let_in(session)
            self.finish({"ok": True, "said": "", "go": app.home(session.who)})

    def claim(self, code: str, name: str) -> Session:
        """Sit down, or refuse."""
        session: Session = self.settings["room"].seats.claim(code, name)
        return session

    def _asked(self) -> tuple[str, str]:
        asked = self.read_json()
        given = asked if isinstance(asked, dict) else {}
        code, name = given.get("code"), given.get("name", "")
        if not (isinstance(code, str) and isinstance(name, str)):
            raise HTTPError(400)
        return code[:_LONGEST], name[:_LONGEST]

    def _refuse(self, error: WorkshopError, *, again: bool = False) -> None:
        self.set_status(429 if again else 200)
        self.finish({"ok": False, "said": str(error), "again": again})

    def let_in(self, session: Session) -> None:
        """Let the browser keep who this is."""
        app = self.settings["room"]
        self.set_cookie(
            app.cookie,
            session.token,
            path=app.base_url,
            max_age=_COOKIE_LASTS,
            httponly=True,
            samesite="Strict",
            secure=app.is_encrypted,
        )


class EnterApp(Entry):
    """The way in of `workshop app`: the link's code is posted by itself."""

    @allow_unauthenticated
    def get(self) -> None:
        """Show a line while that happens."""
        names = ("entering", "no_entry", "no_script")
        now, none, bare = (escape(phrase(f"app.{name}")) for name in names)
        said = f'<p id="told" role="status">{now}</p>'
        no_entry = f'<p id="none" role="alert" hidden>{none}</p>'
        no_script = f"<noscript><p>{bare}</p></noscript>"
        xsrf = self.xsrf_token.decode()
        body = f"{said}{no_entry}{no_script}"
        base = self.settings["base_url"]
        self.finish(plain_page(body, base, script="enter.js", xsrf=xsrf))


class Join(Entry):
    """The way in of a room: a code and a name."""

    @allow_unauthenticated
    def get(self) -> None:
        """Ask for them."""
        self.show()

    def show(self, **said: str) -> None:
        """Send the page, with what `join_page` is to say besides."""
        title, xsrf = title_of(self.settings["room"].seats), self.xsrf_token.decode()
        _send(self, views.join_page(xsrf=xsrf, title=title, **said))


class In(Known):
    """Asked by the page at the door: a strict cookie does not come along from afar."""

    def get(self) -> None:
        """Say where somebody belongs who is in already."""
        self.finish({"go": self.settings["room"].home(self.who)})


# --- the pages of a room --------------------------------------------------------------


class _OfARoom(ForSome):
    """A page of a room."""

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
        _send(self, views.waiting_page(**self.shown()))


class SeatNow(_OfARoom):
    """What a waiting seat is told."""

    kinds = ("seat",)

    def get(self) -> None:
        """Say it."""
        self.seats.saw(self.who)
        said = now.seat_now(self.seats, self.who)
        self.finish({**said, **self.settings["room"].told(self.who)})


class Stage(_OfARoom):
    """The wall."""

    kinds = ("desk", "spectator")

    def get(self) -> None:
        """Show it; a spectator's is without the way to join."""
        address = f"{self.seats.address}/join"
        watching = self.who.kind == "spectator"
        page = views.stage_page(
            **self.shown(), address=address, qr=qr.svg(address), watching=watching
        )
        _send(self, page)


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
        _send(self, views.desk_page(**self.shown()))


class DeskNow(_OfARoom):
    """What the desk is told."""

    kinds = ("desk",)

    async def get(self) -> None:
        """Say it."""
        self.finish(await asyncio.to_thread(self._now))

    def _now(self) -> dict[str, Any]:
        said = told_desk.desk_now(self.seats)
        return told_reports.with_reports(said, self.settings["room"].reports)


class DeskAct(_OfARoom):
    """What the desk does."""

    kinds = ("desk",)

    async def post(self) -> None:
        """Do it, and say what was done."""
        asked = self.read_json()
        self.finish(await asyncio.to_thread(desk.act, self.seats, asked))


def _send(handler: JupyterHandler, page: str) -> None:
    """Send a page that has no script and no style in it, and says so to the browser."""
    handler.set_header("Content-Security-Policy", views.POLICY)
    handler.finish(page)
