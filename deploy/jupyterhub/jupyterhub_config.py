"""JupyterHub on one server, with the room behind it. docs/deploy.md tells how.

Set in the environment: HUB_FOLDER, where seats.csv lies and everything is kept;
HUB_URL, the address that browsers use; ROOM_PAIRS, ROOM_SCENARIO, ROOM_MINUTES.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from seat_codes import CODES, SEATS, NoServers, SeatCodes  # noqa: E402

FOLDER = Path(os.environ.get("HUB_FOLDER", "hub")).resolve()
URL = os.environ.get("HUB_URL", "http://127.0.0.1:8000").rstrip("/")
PORT = os.environ.get("ROOM_PORT", "8866")

os.umask(0o077)  # what is kept here is for the hub's own account alone

c = get_config()  # noqa: F821 - JupyterHub gives it

# The hub and its proxy listen on loopback; a server with a certificate stands before.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.public_url = f"{URL}/"
c.JupyterHub.db_url = f"sqlite:///{FOLDER / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(FOLDER / "hub-secret")
c.JupyterHub.tornado_settings = {"cookie_options": {"samesite": "Lax"}}
PROXY = HERE / "node_modules/.bin/configurable-http-proxy"
c.ConfigurableHTTPProxy.command = [str(PROXY)]
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "proxy.pid")

# People come by user name and code. Everybody who is let in may do one thing: come to
# the room, which is told their name and groups. Without "servers" in this list nobody
# can start one, where code would run; and the spawner would refuse.
c.JupyterHub.authenticator_class = SeatCodes
c.SeatCodes.file = str(FOLDER / CODES)
c.SeatCodes.allow_all = True
c.JupyterHub.spawner_class = NoServers
MAY = ["access:services!service=room", "read:users:name!user", "read:users:groups!user"]
c.JupyterHub.load_roles = [{"name": "user", "scopes": MAY}]
c.JupyterHub.redirect_to_server = False
c.JupyterHub.default_url = "/services/room/"

c.JupyterHub.services = [
    {
        "name": "room",
        "url": f"http://127.0.0.1:{PORT}",
        "oauth_no_confirm": True,
        "command": [
            *(sys.executable, "-m", "workshop.cli", "room"),
            *("--hub", str(FOLDER / SEATS), "--dir", str(FOLDER / "room")),
            *("--port", PORT),
            *("--pairs", os.environ.get("ROOM_PAIRS", "8")),
            *("--scenario", os.environ.get("ROOM_SCENARIO", "privacy-assistant")),
            *("--minutes", os.environ.get("ROOM_MINUTES", "120")),
        ],
        "environment": {
            name: os.environ[name]
            for name in ("HOME", "WORKSHOP_CACHE", "WORKSHOP_LANGUAGE", "TZ")
            if name in os.environ
        },
    }
]
