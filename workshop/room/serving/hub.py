"""How does the room live behind a JupyterHub, as one of its services?

The hub says who somebody is, by OAuth; the room decides what that person may do, as
everywhere. The room is asked under the name that the hub's settings give it, and no
header that a request brings changes who asks, from where, or whether by TLS.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.httputil import url_concat
from tornado.web import HTTPError

from workshop.errors import InputError
from workshop.record.values import Number
from workshop.room.hub_seats import Arrivals, read_seats
from workshop.room.people import Session, Who
from workshop.room.seats import Codes, RoomState
from workshop.room.serving import rooms
from workshop.room.serving.app import Identity, RoomApp
from workshop.room.serving.pages import Guarded
from workshop.room.serving.running import run_room
from workshop.views.wording import phrase, say

CALLBACK = "oauth_callback"
_TOLD_BY_HUB = (
    "JUPYTERHUB_API_TOKEN",
    "JUPYTERHUB_API_URL",
    "JUPYTERHUB_CLIENT_ID",
    "JUPYTERHUB_SERVICE_PREFIX",
)


def run_behind_hub(
    seats: Path,
    opened: Callable[[], tuple[RoomState, Codes | None]],
    *,
    pairs: int,
    host: str,
    port: int,
    outer: str,
    says: Callable[[str], None],
) -> None:
    """Serve a room as a service of a JupyterHub, until told to stop.

    Parameters
    ----------
    seats : Path
        The table that says who sits where.
    opened : callable
        Opens the room, or makes it; nobody needs the codes of a new one.
    pairs : int
        How many it has.
    host, port : str, int
        Where the hub's proxy finds it.
    outer : str
        The room's address as browsers know it; what the hub says if empty.
    says : callable
        Called with a line for the hub's log, in which no code and no link stands.

    Raises
    ------
    InputError
        The table is wrong, or this was not started by a hub.
    """
    listed = read_seats(seats, pairs=pairs)
    told, outer = _told_by_hub(outer)
    hub = Hub(told, outer)
    state, _ = opened()
    state.address = outer.rstrip("/")
    people = Number(id="hub.people", value=len(listed), unit="people")

    def ready(address: str) -> None:
        says(say("hub.ready", address=address, people=people).text)

    kind = partial(HubApp, hub=hub, arrivals=Arrivals(state, listed))
    run_room(state, host=host, port=port, outer=outer, kind=kind, on_ready=ready)


def _told_by_hub(outer: str) -> tuple[dict[str, str], str]:
    """Take what the hub told this service; its token stays in no environment."""
    missing = [name for name in _TOLD_BY_HUB if not os.environ.get(name)]
    if missing:
        raise InputError(
            f"--hub: {missing[0]} is not set; let a JupyterHub start this service, or "
            "set what it would, as deploy/ shows"
        )
    told = {name: os.environ[name] for name in _TOLD_BY_HUB}
    del os.environ["JUPYTERHUB_API_TOKEN"]
    outer = outer or os.environ.get("JUPYTERHUB_PUBLIC_URL", "")
    prefix = told["JUPYTERHUB_SERVICE_PREFIX"].rstrip("/")
    if not outer or urlsplit(outer).path.rstrip("/") != prefix:
        raise InputError(
            f"--address {outer or '(none)'}: browsers find this service below "
            f"{prefix}/; write --address https://HOST{prefix}, or set public_url of "
            "the hub"
        )
    return told, outer


class Hub:
    """The hub, as this service asks it.

    Parameters
    ----------
    told : dict of str to str
        What the hub told this service.
    outer : str
        The room's address as browsers know it.

    Raises
    ------
    InputError
        JupyterHub is not installed beside the room.
    """

    def __init__(self, told: dict[str, str], outer: str) -> None:
        try:
            from jupyterhub.services.auth import HubOAuth
        except ImportError:
            raise InputError(
                "--hub: JupyterHub is not installed here; install common-ground[hub]"
            ) from None
        # Lax, not Strict: the way back from the hub may begin on another site's page,
        # and what changes something is a POST with a token besides
        self.cookie_is: dict[str, Any] = {"samesite": "Lax", "httponly": True}
        self.cookie_is |= {"secure": True} if outer.startswith("https:") else {}
        self.oauth = HubOAuth(
            api_token=told["JUPYTERHUB_API_TOKEN"],
            api_url=told["JUPYTERHUB_API_URL"],
            oauth_client_id=told["JUPYTERHUB_CLIENT_ID"],
            base_url=told["JUPYTERHUB_SERVICE_PREFIX"],
            cookie_options=self.cookie_is,
        )

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return str(self.oauth.cookie_name)

    async def user(self, handler: JupyterHandler) -> str:
        """Return the name of the hub's user who asks; empty if none does.

        Read from the cookie alone: a token in an address or a header is no way in.
        """
        token = handler.get_signed_cookie(self.cookie)
        if not token:
            return ""
        model = await self.oauth.user_for_token(
            token.decode("ascii", "replace"),
            # a session that ended at the hub has ended here
            session_id=self.oauth.get_session_id(handler),
            sync=False,
        )
        if not model or model.get("kind") != "user":
            return ""
        may = self.oauth.check_scopes(self.oauth.access_scopes, model)
        return str(model["name"]) if may else ""

    def way_in(self, handler: JupyterHandler) -> str:
        """Return the address at which the hub says who somebody is, and sends back."""
        verifier, challenge, method = self.oauth.generate_pkce_code_challenge()
        state = self.oauth.set_state_cookie(handler, code_verifier=verifier)
        asked = {"code_challenge": challenge, "code_challenge_method": method}
        return url_concat(self.oauth.login_url, {"state": state, **asked})

    async def let_in(self, handler: JupyterHandler, code: str, state: str) -> None:
        """Take what the hub sent back, and let the browser keep it.

        Raises
        ------
        HTTPError
            With 403 when this browser did not ask for it.
        """
        held = handler.get_signed_cookie(self.oauth.get_state_cookie_name(state))
        if not code or not held or held.decode("ascii", "replace") != state:
            raise HTTPError(403)
        verifier = self.oauth.get_code_verifier(state)
        self.oauth.clear_oauth_state(state)
        self.oauth.clear_oauth_state_cookies(handler)
        token = await self.oauth.token_for_code(
            code, code_verifier=verifier, sync=False
        )
        path = self.oauth.cookie_path
        handler.set_signed_cookie(
            self.cookie, token, expires_days=None, path=path, **self.cookie_is
        )


class HubIdentity(Identity):
    """Who asks: whoever sits here of those whom the hub knows."""

    async def get_user(self, handler: Any) -> Who | None:
        """Return whom a request comes from; the hub's name is left on the request."""
        app = handler.settings["room"]
        handler.hub_user = await app.hub.user(handler)
        return app.arrivals.who(handler.hub_user) if handler.hub_user else None


class HubApp(RoomApp):
    """The participants' server, as a service of a hub.

    Parameters
    ----------
    hub : Hub
        Says who somebody is.
    arrivals : Arrivals
        Says where they sit.
    """

    identity = HubIdentity

    def __init__(
        self, seats: RoomState, *, hub: Hub, arrivals: Arrivals, **given: Any
    ) -> None:
        super().__init__(seats, **given)
        self.hub, self.arrivals = hub, arrivals

    def knows_host(self, asked: str) -> bool:
        """Say whether a request came by the address that the settings name."""
        return asked.lower() == urlsplit(self.outer).netloc.lower()

    def more_routes(self) -> list[Any]:
        """Return the way in by the hub, and the pages of every room."""
        ways_in = [("/join", HubJoin), (f"/{CALLBACK}", Callback)]
        return [*ways_in, *super().more_routes()]


class Callback(Guarded, JupyterHandler):
    """Where the hub sends a browser back to."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Let them in, and send them to their page."""
        app = self.settings["room"]
        code, state = (self.get_query_argument(k, "") for k in ("code", "state"))
        await app.hub.let_in(self, code, state)
        self.redirect(app.base_url)


class HubJoin(rooms.Join):
    """The way in: by the hub; who has no seat in the table may have a code."""

    hub_user: str

    @allow_unauthenticated
    def get(self) -> None:
        """Send people to the hub, or to their seat, or say that they have none."""
        app = self.settings["room"]
        if self.current_user is not None:
            self.redirect(app.home(self.current_user))
        elif not self.hub_user:
            self.redirect(app.hub.way_in(self))
        else:
            told = say("hub.no_seat", name=self.hub_user).text
            self.show(told=told, name=self.hub_user)

    def claim(self, code: str, name: str) -> Session:
        """Sit down under the name that the hub knows."""
        if not self.hub_user:
            raise InputError(phrase("hub.log_in"))
        if self.current_user is not None:
            raise InputError(phrase("hub.seated"))
        session: Session = self.settings["room"].arrivals.claim(self.hub_user, code)
        return session

    def let_in(self, session: Session) -> None:
        """Nothing to keep: the hub's cookie says who this is."""
