"""Who asks for a page over and over, and hangs up, takes the time of nobody else."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.room.client import ROOM, Person, Served, serving

pytestmark = pytest.mark.slow

REQUESTS = 100
MANY_TIMES = 15
"""A page waited for all hundred before, some sixty times as long as it takes alone."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, root) -> Iterator[Served]:
    with serving(ROOM, tmp_path_factory.mktemp("room"), root) as served:
        yield served


def seated(room: Served, seat: str) -> Person:
    person = Person(room)
    assert person.come_in(room.codes[seat], seat).json()["ok"]
    return person


def asks_and_hangs_up(person: Person, path: str) -> None:
    """Send one request as a browser does, and read nothing."""
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    head = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{person.served.port}")
    text = "\r\n".join((*head, f"Cookie: {cookies}", "", ""))
    address = ("127.0.0.1", person.served.port)
    with closing(socket.create_connection(address)) as line:
        line.sendall(text.encode("ascii"))


def seconds(person: Person, step: str) -> float:
    began = time.monotonic()
    person.open(step)
    return time.monotonic() - began


def test_one_seat_that_asks_a_hundred_times_does_not_hold_up_another(room):
    restless, patient = seated(room, "product 1"), seated(room, "product 2")
    seconds(patient, "01")  # the first page waits for what is read once
    alone = seconds(patient, "01")
    for _ in range(REQUESTS):
        asks_and_hangs_up(restless, "/step/03")
    assert seconds(patient, "01") < MANY_TIMES * alone
    restless.open("03")
