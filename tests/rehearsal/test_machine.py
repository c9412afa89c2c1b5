"""The rules for a room are those of docs/deploy.md, and each line says what helps."""

from __future__ import annotations

import errno
import os
import re
import socket
import sys
from datetime import datetime, timedelta, timezone
from math import inf
from pathlib import Path

import psutil
import pytest

from tests.helpers import SHIPPED
from workshop.errors import InputError
from workshop.rehearsal import container, machine, network
from workshop.room.seats import create
from workshop.room.serving.app import RoomApp

GB = 1e9
EIGHT = 16
"""The seats of eight pairs."""


@pytest.fixture(scope="module")
def deploy(root: Path) -> str:
    return " ".join((root / "docs" / "deploy.md").read_text("utf-8").split())


def test_the_figures_are_those_that_were_measured(deploy):
    assert f"{machine.MB_A_SEAT} MB a seat**" in deploy
    assert f"{machine.MB_AT_LEAST} MB a seat |" in deploy
    assert f"alone and {machine.MB_A_PAGE_ALONE} MB" in deploy
    assert "**twenty seats a core" in deploy
    assert machine.SEATS_MOST == 20
    assert "a core to every ten seats" in deploy
    assert machine.SEATS_EASY == 10
    assert "for four pairs or so" in deploy
    assert machine.PAIRS_ALONE == 4


@pytest.mark.parametrize(
    ("free", "shared", "state"),
    [
        (2.24 * GB, True, "ok"),
        (2.23 * GB, True, "look"),
        (0.977 * GB, True, "look"),
        (0.975 * GB, True, "fails"),
        (3.46 * GB, False, "ok"),
        (3.45 * GB, False, "fails"),
    ],
)
def test_memory_is_held_against_seats(free, shared, state):
    line = machine.memory(EIGHT, free=free, shared=shared)
    assert (line.what, line.state) == ("memory", state)
    assert "16 seats" in line.said
    if state != "ok":
        assert "Close other programs" in line.said


@pytest.mark.parametrize(
    ("cores", "seats", "state"),
    [(2, 20, "ok"), (2, 21, "look"), (2, 40, "look"), (2, 41, "fails"), (1, 2, "ok")],
)
def test_processors_are_held_against_seats(cores, seats, state):
    line = machine.processors(seats, cores=cores)
    assert line.state == state
    assert line.said.startswith(f"{cores} for {seats} seats")


def test_this_computer_is_measured_where_nothing_is_given():
    assert machine.memory(2).said
    assert machine.processors(2).said


def test_a_container_counts_where_it_is_smaller_than_the_computer(monkeypatch):
    monkeypatch.setattr(container, "memory_left", lambda: 0.5 * GB)
    monkeypatch.setattr(container, "processors", lambda: 1.5)
    assert "only 0.5 GB are free" in machine.memory(EIGHT, shared=True).said
    assert machine.processors(2).said.startswith("1 for 2 seats")
    monkeypatch.setattr(container, "processors", lambda: 0.2)
    assert machine.processors(2).said.startswith("1 for 2 seats")


def test_a_container_without_limits_is_the_computer(monkeypatch):
    own = machine.processors(2).said
    monkeypatch.setattr(container, "memory_left", lambda: inf)
    monkeypatch.setattr(container, "processors", lambda: inf)
    assert machine.processors(2).said == own
    assert machine.memory(2).state in ("ok", "look", "fails")


@pytest.mark.parametrize(
    ("pairs", "shared", "state"),
    [(20, True, "ok"), (4, False, "ok"), (5, False, "look")],
)
def test_without_forks_a_room_is_for_four_pairs_or_so(pairs, shared, state):
    assert machine.pages(pairs, shared=shared).state == state


# --- the folder -----------------------------------------------------------------------


def test_a_folder_that_is_not_there_yet_is_not_made(tmp_path):
    line = machine.folder(tmp_path / "a" / "room", 8)
    assert line.state == "ok"
    assert str(tmp_path / "a" / "room") in line.said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_cannot_be_written_fails(tmp_path):
    tmp_path.chmod(0o500)
    line = machine.folder(tmp_path / "room", 8)
    tmp_path.chmod(0o700)
    assert line.state == "fails"
    assert "name another --dir" in line.said


def test_a_folder_that_may_not_be_entered_fails(tmp_path, monkeypatch):
    shut, exists = tmp_path / "shut", Path.exists

    def look(path: Path) -> bool:
        if shut in path.parents:
            raise PermissionError(errno.EACCES, "Permission denied")
        return exists(path)

    monkeypatch.setattr(Path, "exists", look)
    line = machine.folder(shut / "room", 8)
    assert line.state == "fails"
    assert f"{shut / 'room'} (permission denied)" in line.said


def test_where_nothing_can_be_written_it_is_said(tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(machine.tempfile, "TemporaryDirectory", refuse)
    line = machine.folder(tmp_path / "room", 8)
    assert line.state == "fails"
    assert "read-only file system" in line.said


def test_a_disk_that_is_nearly_full_wants_a_look(tmp_path, small_disk):
    line = machine.folder(small_disk("1m") / "room", 8)
    assert line.state == "look"
    assert "0.16 GB" in line.said


def test_a_room_that_lies_there_goes_on(tmp_path):
    state, _ = create(tmp_path / "room", SHIPPED, pairs=3)
    state.close()
    line = machine.folder(tmp_path / "room", 3)
    assert line.state == "look"
    assert "a room of 3 pairs lies in" in line.said


def test_a_room_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "room.json").write_text("{", "utf-8")
    line = machine.folder(tmp_path, 3)
    assert line.state == "look"
    assert "it was changed or damaged" in line.said


# --- the clock ------------------------------------------------------------------------

ROME = timezone(timedelta(hours=1), "CET")
DAY = datetime(2026, 11, 23, 9, 30, tzinfo=ROME)


def test_the_clock_says_day_time_and_zone():
    line = machine.clock(DAY, DAY - timedelta(days=30))
    assert line.state == "ok"
    assert "2026-11-23 09:30 (CET, UTC+0100)" in line.said


def test_a_clock_that_is_behind_the_program_itself_wants_a_look():
    line = machine.clock(DAY, DAY + timedelta(days=2))
    assert line.state == "look"
    assert "Set it right" in line.said


# --- the network ----------------------------------------------------------------------


@pytest.fixture
def taken():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_port_that_is_taken_fails_with_whoever_has_it(taken):
    line = network.port("127.0.0.1", taken)
    assert line.state == "fails"
    assert f"{taken} is taken" in line.said
    assert "name another --port" in line.said


def test_the_program_at_a_port_is_named_where_the_system_tells(taken, monkeypatch):
    monkeypatch.setattr(network, "listener", lambda _port: "other-program")
    assert "other-program listens there" in network.port("127.0.0.1", taken).said
    monkeypatch.setattr(network, "listener", lambda _port: "")
    assert "by another program" in network.port("127.0.0.1", taken).said


def test_this_very_program_is_found_at_a_port_that_it_holds(taken):
    own = psutil.Process()
    try:
        told = {held.laddr.port for held in own.net_connections(kind="tcp")}
    except psutil.Error:
        told = set()
    if taken not in told or sys.platform == "darwin":
        pytest.skip("this system does not tell who listens")
    assert network.listener(taken) == own.name()


def test_a_port_is_free_again_after_it_was_tried(taken):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for _ in range(2):
        assert network.port("127.0.0.1", port).state == "ok"


def test_an_address_of_another_computer_fails_with_ones_own():
    line = network.port("192.0.2.7", 8866)
    assert line.state == "fails"
    assert "no address 192.0.2.7" in line.said
    assert "127.0.0.1" in line.said


@pytest.mark.parametrize("host", ["a" * 70, "room..local", f"{'ü' * 60}.local"])
def test_what_no_computer_is_called_is_one_sentence(host):
    line = network.port(host, 8866)
    assert line.state == "fails"
    assert f"no address {host}" in line.said
    with pytest.raises(InputError, match="no computer can be called that") as caught:
        RoomApp(None, host=host, port=8866)._bound()
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_room_on_loopback_is_for_this_computer_only(host):
    line = network.reach(host, 8866)
    assert line.state == "look"
    assert "--host 0.0.0.0" in line.said


def test_a_room_for_all_says_what_others_type(monkeypatch):
    monkeypatch.setattr(network, "addresses", lambda: ["10.0.0.5", "192.168.1.7"])
    monkeypatch.setattr(
        network, "reachable", lambda _host, port: f"http://10.0.0.5:{port}"
    )
    said = network.reach("0.0.0.0", 8866).said
    assert "http://10.0.0.5:8866" in said
    assert "also has 192.168.1.7" in said
    assert "firewall" in said


def test_an_address_that_is_part_of_another_is_another(monkeypatch):
    own = ["10.0.0.1", "10.0.0.11", "8.8.6.6"]
    monkeypatch.setattr(network, "addresses", lambda: own)
    monkeypatch.setattr(
        network, "reachable", lambda _host, port: f"http://10.0.0.11:{port}"
    )
    said = network.reach("0.0.0.0", 8866).said
    assert "also has 10.0.0.1, 8.8.6.6." in said


def test_a_computer_in_no_network_is_told(monkeypatch):
    monkeypatch.setattr(network, "addresses", list)
    assert "in no network" in network.reach("0.0.0.0", 8866).said


def test_addresses_are_those_that_others_can_type():
    for address in network.addresses():
        assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", address)
        assert not address.startswith(("127.", "169.254."))
