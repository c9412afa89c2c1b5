"""Can the room listen there, and who will reach it?"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import psutil

from workshop.rehearsal.tried import Tried, tried
from workshop.room.address import EVERYWHERE, reachable
from workshop.views.wording import Said, say

FIRST_FREE = 1024
"""From here on anybody's program may listen, on systems that keep ports back."""
MOST_NAMED = 3


def port(host: str, at: int) -> Tried:
    """Listen there for a moment, as the room will."""
    try:
        _listen(host, at)
    except UnicodeError:  # what is too long for a name, or holds an empty part
        return tried("port", "fails", _no_address(host))
    except OSError as error:
        return tried("port", "fails", _refused(host, at, error))
    return tried("port", "ok", say("rehearsal.port.free", port=str(at)))


def reach(host: str, at: int) -> Tried:
    """Say who will reach a room there; a firewall shows from outside only."""
    if _is_own(host):
        return tried("reach", "look", say("rehearsal.reach.own"))
    own = addresses()
    if host in EVERYWHERE and not own:
        return tried("reach", "look", say("rehearsal.reach.nobody"))
    address = reachable(host, at)
    shown = urlsplit(address).hostname
    more = [one for one in own if one != shown][:MOST_NAMED]
    if host not in EVERYWHERE or not more:
        return tried("reach", "look", say("rehearsal.reach.others", address=address))
    said = say("rehearsal.reach.others_more", address=address, more=", ".join(more))
    return tried("reach", "look", said)


def addresses() -> list[str]:
    """Return this computer's addresses in its networks, as people would type them."""
    found = []
    for held in psutil.net_if_addrs().values():
        for one in held:
            if one.family == socket.AF_INET and _is_of_a_network(one.address):
                found.append(one.address)
    return sorted(found)


def listener(at: int) -> str:
    """Return the program that listens at a port; "" where the system does not tell."""
    with suppress(psutil.Error, OSError):
        for held in psutil.net_connections(kind="tcp"):
            if held.status == psutil.CONN_LISTEN and held.laddr.port == at and held.pid:
                return str(psutil.Process(held.pid).name())
    return ""


def _listen(host: str, at: int) -> None:
    """Listen and stop; what lingers of an earlier room is no hindrance, as for it."""
    passive = socket.AI_PASSIVE
    found = socket.getaddrinfo(host, at, type=socket.SOCK_STREAM, flags=passive)
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as held:
            if os.name != "nt":
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            held.bind(address)
            held.listen()


def _refused(host: str, at: int, error: OSError) -> Said:
    if error.errno == errno.EADDRINUSE:
        program = listener(at)
        if not program:
            return say("rehearsal.port.busy_unknown", port=str(at))
        return say("rehearsal.port.busy", port=str(at), program=program)
    if error.errno == errno.EACCES and at < FIRST_FREE:
        return say("rehearsal.port.not_allowed", port=str(at))
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return _no_address(host)
    why = (error.strerror or type(error).__name__).lower()
    return say("rehearsal.port.refused", port=str(at), host=host, why=why)


def _no_address(host: str) -> Said:
    own = ", ".join(("127.0.0.1", *addresses()))
    return say("rehearsal.port.no_address", host=host, addresses=own)


def _is_own(host: str) -> bool:
    """Whether only this computer can ask there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_of_a_network(address: str) -> bool:
    read = ipaddress.ip_address(address)
    return not (read.is_loopback or read.is_link_local)
