"""Where a room says that it is: at the address that it really listens at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers import SHIPPED
from workshop import commands_room
from workshop.room.serving import running
from workshop.room.serving.app import RoomApp


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ports that were listened at; a room is started, announced and ended."""
    found: list[int] = []

    def run(app: RoomApp) -> None:
        for socket in app._bound():
            found.append(socket.getsockname()[1])
            socket.close()
        app.on_ready(app.address)

    monkeypatch.setattr(running, "_run", run)
    return found


def announced(folder: Path, **where: object) -> str:
    said: list[str] = []
    given = {"host": "127.0.0.1", "port": 0, **where}
    commands_room.room(
        str(folder), pairs=1, scenario=SHIPPED, minutes=120, says=said.append, **given
    )
    return "\n".join(said)


def test_a_room_at_any_free_port_says_which_one_it_got(tmp_path, ports):
    text = announced(tmp_path / "room")
    (port,) = ports
    assert port > 0
    assert set(re.findall(r"http://127\.0\.0\.1:(\d+)/\w+", text)) == {str(port)}


def test_a_room_that_listens_everywhere_is_not_announced_as_everywhere(tmp_path, ports):
    text = announced(tmp_path / "room", host="0.0.0.0")
    assert "//0.0.0.0" not in text
    assert f":{ports[0]}/join" in text


def test_a_room_behind_a_server_is_announced_under_that_one_s_address(tmp_path, ports):
    text = announced(tmp_path / "room", address="https://room.example.org/here")
    assert "https://room.example.org/here/join" in text
    assert "127.0.0.1" not in text
