"""What every request goes through, and the pages and files that are no notebook.

Each handler here and in the modules beside it is `Guarded`: it asks for which name the
request came and from where, says what a browser may do, and turns whatever goes wrong
into a sentence.
"""

from __future__ import annotations

import json
import secrets
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import FileFindHandler, JupyterHandler
from tornado.web import HTTPError, RequestHandler
from voila.static_file_handler import MultiStaticFileHandler

from workshop.room.people import Who
from workshop.views.room import assets
from workshop.views.wording import phrase, tongue_of

OWN_ASSETS = {
    "step.css": "text/css; charset=utf-8",
    "step.js": "text/javascript; charset=utf-8",
    "drafts.js": "text/javascript; charset=utf-8",
    "closing.js": "text/javascript; charset=utf-8",
    "closing.css": "text/css; charset=utf-8",
    "relay.js": "text/javascript; charset=utf-8",
    "relay.css": "text/css; charset=utf-8",
    "enter.js": "text/javascript; charset=utf-8",
}

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not "no-referrer": a page's last call would then have no origin to be checked
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
    "Server": "common-ground",
}
_SAID = {403: "app.not_yours", 404: "app.not_here", 405: "app.not_here"}


class Guarded(RequestHandler):
    """Checks the name and the origin; says what a browser may do; errors are words."""

    @property
    def nonce(self) -> str:
        """What marks a script as this page's own."""
        if not hasattr(self, "_nonce"):
            self._nonce = secrets.token_urlsafe(16)
        return self._nonce

    def set_default_headers(self) -> None:
        """Set what goes with every answer."""
        host = self.request.host if _is_plain(self.request.host) else ""
        policy = _POLICY.format(nonce=self.nonce, host=host)
        for name, value in {**_HEADERS, "Content-Security-Policy": policy}.items():
            self.set_header(name, value)

    def prepare(self) -> Any:
        """Refuse whoever was led here under another name or from another page."""
        asked, origin = self.request.host, self.request.headers.get("Origin")
        room = self.settings["room"]
        if room.is_ending:
            raise HTTPError(503)
        if not room.knows_host(asked):
            raise HTTPError(403)
        if origin is not None and urlsplit(origin).netloc.lower() != asked.lower():
            raise HTTPError(403)
        return super().prepare()

    def read_json(self) -> Any:
        """Return the JSON that came with a request; None where it is none."""
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):
            return None

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say it in a sentence, and offer a way on."""
        said = phrase(_SAID.get(status_code, "app.not_now"))
        if "/api/" in self.request.path or self.request.method != "GET":
            self.finish({"ok": False, "said": said})
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        base = self.settings["base_url"]
        home = f'<p><a class="room-next" href="{base}">{_say("app.home")}</a></p>'
        self.finish(plain_page(f'<p role="alert">{escape(said)}</p>{home}', base))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log what is a fault of ours, and not each page that was not found."""
        if not isinstance(value, HTTPError):
            super().log_exception(typ, value, tb)


class Known(Guarded, JupyterHandler):
    """A request by somebody who has been let in."""

    @property
    def who(self) -> Who:
        """Who asks."""
        who: Who = self.current_user
        return who

    def get_login_url(self) -> str:
        """Send a browser to the way in; a script is told that there is none."""
        if "text/html" in self.request.headers.get("Accept", ""):
            return str(self.settings["login_url"])
        raise HTTPError(403)


class ForSome(Known):
    """A request that is for certain kinds of people only."""

    kinds: tuple[str, ...] = ()
    hides = False
    """Whether everybody else is told that there is no such page."""

    def prepare(self) -> Any:
        """Refuse everybody else."""
        return self._checked(super().prepare())

    async def _checked(self, before: Any) -> None:
        await before
        if self.current_user is not None and self.who.kind not in self.kinds:
            is_page = self.hides and self.request.method == "GET"
            raise HTTPError(404 if is_page else 403)


class NotHere(Guarded):
    """Every other address."""

    def prepare(self) -> None:
        """Say that there is no such page, whatever the method."""
        super().prepare()
        raise HTTPError(404)

    def check_xsrf_cookie(self) -> None:
        """There is nothing to protect."""


class Home(Guarded, JupyterHandler):
    """The first page: where whoever comes belongs."""

    @allow_unauthenticated
    def get(self) -> None:
        """Send everybody to their page."""
        self.redirect(self.settings["room"].home(self.current_user))


class Asset(Guarded):
    """The room's own scripts and style."""

    def get(self, name: str) -> None:
        """Send one of the files that are listed."""
        if name in OWN_ASSETS:
            data, kind = _own(name), OWN_ASSETS[name]
        elif name in assets.ASSETS:
            data, kind = assets.asset(name)
        else:
            raise HTTPError(404)
        self.set_header("Content-Type", kind)
        self.set_header("Cache-Control", "no-cache")
        self.finish(data)


class Static(Guarded, MultiStaticFileHandler):
    """What JupyterLab's widgets are drawn with, as Voilà ships it."""

    def set_extra_headers(self, path: str) -> None:
        """Let a browser keep it, and ask whether it has changed."""
        self.set_header("Cache-Control", "no-cache")


class Extension(Guarded, FileFindHandler):
    """The widgets' own scripts, from the extensions that are listed."""

    @allow_unauthenticated
    def get(self, path: str, include_body: bool = True) -> Any:
        """Send a file of one of them."""
        return super().get(path, include_body)

    def set_extra_headers(self, path: str) -> None:
        """Let a browser keep it, and ask whether it has changed."""
        self.set_header("Cache-Control", "no-cache")


def plain_page(body: str, base: str, *, script: str = "", xsrf: str = "") -> str:
    """Return a small page: a sentence or two in the middle.

    ``base`` is the path that everything lies below: an error may be deep down there.
    """
    address = f"{base}room/{script}"
    loaded = f'<script type="module" src="{address}"></script>' if script else ""
    return (
        f'<!doctype html>\n<html lang="{escape(tongue_of("app.title"))}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="xsrf" content="{escape(xsrf)}">'
        f"<title>{_say('app.title')}</title>"
        f'<link rel="stylesheet" href="{base}room/step.css">'
        '<link rel="icon" href="data:,">'
        f'{loaded}</head><body class="room-plain"><main><h1>{_say("app.title")}</h1>'
        f"{body}</main></body></html>\n"
    )


@cache
def _own(name: str) -> bytes:
    return files("workshop.room").joinpath("template", name).read_bytes()


def _say(key: str) -> str:
    return escape(phrase(key))


def _is_plain(host: str) -> bool:
    """Whether a host may stand in a header as it is."""
    return all(c.isalnum() or c in "-._:[]" for c in host)


def log_nothing(_: RequestHandler) -> None:
    """Every page asks every two seconds."""
