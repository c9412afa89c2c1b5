"""Under which address do other computers find this one?"""

from __future__ import annotations

import re
import socket
from contextlib import closing

from workshop.errors import InputError

EVERYWHERE = ("0.0.0.0", "::")
"""What a server is told that is to listen at every address of its computer."""

# Kept for examples (RFC 5737, RFC 3849): no packet is sent, only a way is chosen.
_FAR_AWAY = {"0.0.0.0": "192.0.2.1", "::": "2001:db8::1"}
_PROPER = re.compile(
    r"https?://([\w.-]+|\[[\da-fA-F:]+\])(:\d+)?(/[\w.~-]+)*/?", re.ASCII
)


def reachable(host: str, port: int) -> str:
    """Return the address to print for a server that listens there.

    One that listens everywhere is found under the address of the network that this
    computer is in; where it is in none, under its own name.
    """
    shown = _own(host) if host in EVERYWHERE else host
    shown = f"[{shown}]" if ":" in shown else shown
    return f"http://{shown}:{port}"


def _own(host: str) -> str:
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with closing(socket.socket(kind, socket.SOCK_DGRAM)) as probe:
            probe.connect((_FAR_AWAY[host], 9))
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()


def proper_address(given: str) -> str:
    """Return the address of a proxy in front without a slash at its end; "" if none.

    Raises
    ------
    InputError
        It is no address of a web page, or its path has letters that need quoting.
    """
    if given and not _PROPER.fullmatch(given):
        raise InputError(
            f"--address {given}: no address that people could type; write it as "
            "https://room.example.org or https://example.org/room"
        )
    return given.rstrip("/")
