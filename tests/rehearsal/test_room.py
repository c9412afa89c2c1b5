"""A rehearsal tries all of it, goes on after a problem, and leaves nothing behind."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from tests.helpers import SHIPPED, Tiny
from workshop import rehearsal
from workshop.cli import main
from workshop.cli_kit import OF_A_ROOM
from workshop.cli_room import room
from workshop.rehearsal import paper, played, whole
from workshop.rehearsal.played import play
from workshop.rehearsal.tried import Tried
from workshop.rehearsal.whole import YOURSELF
from workshop.views.wording import phrase

pytestmark = pytest.mark.heavy

MACHINE = ["port", "reach", "memory", "processors", "pages", "folder", "clock"]
PAPER = ["browser", "printing"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


# --- a room that is really started ----------------------------------------------------


@pytest.mark.slow
def test_a_room_starts_shows_its_first_page_and_is_gone_again(
    here, tmp_path_factory, monkeypatch
):
    before, port, own = children(), free_port(), tmp_path_factory.mktemp("t")
    monkeypatch.setenv("TMPDIR", str(own))
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    line = play(SHIPPED, port)
    assert line.state == "ok", line.said
    assert f"http://127.0.0.1:{port}" in line.said
    assert children() == before
    assert list(own.iterdir()) == []
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
    assert list(here.iterdir()) == []


@pytest.mark.slow
def test_a_room_that_cannot_start_says_why():
    line = play("no-such-scenario", 0)
    assert line.state == "fails"
    assert "did not start" in line.said
    assert "no-such-scenario" in line.said
    assert "Traceback" not in line.said


@pytest.mark.slow
def test_a_room_that_takes_too_long_is_ended():
    before = children()
    line = play(SHIPPED, 0, seconds=0.3)
    assert line.state == "fails"
    assert "was ended" in line.said
    assert children() == before


@pytest.fixture
def says(monkeypatch):
    """Let a trial say something, and nothing listen anywhere."""

    def say_so(line: str) -> None:
        @contextmanager
        def room(own: Path, *_: object) -> Iterator[subprocess.Popen[str]]:
            (own / "log").touch()
            code = f"print({line!r})"
            pipe = subprocess.PIPE
            with subprocess.Popen(
                [sys.executable, "-c", code], stdout=pipe, text=True
            ) as process:
                yield process

        monkeypatch.setattr(played, "_room", room)

    return say_so


@pytest.mark.parametrize(
    "line", ["A library warns of something", "[]", '{"address": "http://127.0.0.1:1"}']
)
def test_a_first_line_that_is_no_address_is_why_it_did_not_start(says, line):
    says(line)
    told = play(SHIPPED, 0)
    assert told.state == "fails"
    assert "did not start" in told.said
    assert line in told.said


@pytest.mark.parametrize("answer", ["<html>Somebody\n  else", "", "3", "[]"])
def test_an_answer_that_is_none_of_a_rooms_is_why_no_page_came(
    says, monkeypatch, answer
):
    says('{"address": "http://127.0.0.1:1", "code": "x"}')
    monkeypatch.setattr(played._Somebody, "ask", lambda *_: answer)
    told = play(SHIPPED, 0)
    assert told.state == "fails"
    assert "its first page did not come" in told.said
    assert (" ".join(answer.split()) or "no reason was given") in told.said
    assert "Stumbled" not in told.said


def test_an_address_that_is_none_is_why_no_page_came(says):
    says('{"address": "http://127.0.0.1:no-port", "code": "x"}')
    told = play(SHIPPED, 0)
    assert told.state == "fails"
    assert "its first page did not come" in told.said


# --- printing -------------------------------------------------------------------------


@pytest.mark.slow
def test_the_cards_are_really_printed(chromium):
    line = paper.printing()
    assert line.state == "ok", line.said
    assert re.search(r"in \d+(\.\d)? s", line.said)


def test_without_a_chromium_that_is_said(monkeypatch):
    monkeypatch.setenv("WORKSHOP_CHROMIUM", "/no/such/program")
    line = paper.printing()
    assert line.state == "look"
    assert "print from any browser" in line.said


def test_a_browser_that_prints_nothing_is_said(monkeypatch, here):
    faulty = here / "faulty"
    faulty.write_text("#!/bin/sh\necho broken >&2\nexit 1\n", "utf-8")
    faulty.chmod(0o755)
    monkeypatch.setenv("WORKSHOP_CHROMIUM", str(faulty))
    line = paper.printing()
    assert line.state == "look"
    assert "did not print it" in line.said


def test_a_computer_without_a_browser_is_told_of_another_one(monkeypatch):
    monkeypatch.setenv("WORKSHOP_CHROMIUM", "/no/such/program")
    monkeypatch.setattr(paper, "OTHERS", {"linux": ()})
    monkeypatch.setattr(paper.sys, "platform", "linux")
    assert paper.browser().state == "look"


# --- the command ----------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what takes seconds; it has tests of its own above."""
    monkeypatch.setattr(whole, "play", lambda *_: line("played"))
    monkeypatch.setattr(paper, "printing", lambda: line("printing"))


def line(what: str, state: str = "ok") -> Tried:
    return Tried(what, state, phrase(f"rehearsal.name.{what}"), "as it was planted")


def test_the_command_tries_computer_scenario_and_room_in_one_order(quick, here):
    done = run(
        "check", "--room", SHIPPED, "--pairs", 2, "--port", free_port(), "--json"
    )
    told = json.loads(done.stdout)
    whats = [one["what"] for one in told["tried"]]
    assert whats[: len(MACHINE)] == MACHINE
    assert whats[len(MACHINE) :][:2] == PAPER
    assert whats[-len(YOURSELF) - 2 :] == ["borrowing", "played", *YOURSELF]
    assert f"scenario {SHIPPED}" in whats
    assert {one["state"] for one in told["tried"]} <= {"ok", "look", "fails"}
    assert done.exit_code == (0 if told["ready"] else 2)
    assert list(here.iterdir()) == []


def test_every_line_begins_with_how_it_stands(quick):
    done = run("check", "--room", SHIPPED, "--pairs", 1, "--port", free_port())
    heading, *lines, verdict = done.stdout.splitlines()
    assert heading.startswith(f"Trying a room of 2 seats on {SHIPPED}")
    assert all(re.match(r"(ok   |look |fails)  \S", one) for one in lines)
    looks = sum(one.startswith("look") for one in lines)
    assert verdict.endswith(f"want your own eye: {looks}.")


def test_a_port_that_is_taken_is_the_only_thing_in_the_way(quick):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        done = run("check", "--room", SHIPPED, "--pairs", 1, "--port", port)
    assert done.exit_code == 2
    (fails,) = [one for one in done.stdout.splitlines() if one.startswith("fails  ")]
    assert f"{port} is taken" in fails


def test_a_scenario_with_a_fault_fails_and_the_rest_is_tried(quick, here):
    tiny = Tiny(here / "tiny")
    tiny.scenario["cases"] = ["r99"]
    done = run("check", "--room", tiny.write(), "--pairs", 1, "--port", free_port())
    assert done.exit_code == 2
    assert re.search(r"(?m)^fails  the cases to show: .*r99", done.stdout)
    assert "look yourself, sleep" in done.stdout


def test_what_a_late_pair_could_not_borrow_wants_a_look(here):
    assert whole.borrowing(SHIPPED).state == "ok"
    tiny = Tiny(here / "tiny")
    none = whole.borrowing(str(tiny.write()))
    assert none.state == "look"
    assert "no example-record.yaml" in none.said
    example = here / "tiny" / "example-record.yaml"
    example.write_text("format: 1\nscenario: tiny\nframing: {ratio: 2}\n", "utf-8")
    some = whole.borrowing("tiny")
    assert some.state == "look"
    assert "nothing in step 02, 03, 04." in some.said
    example.write_text("format: [", "utf-8")
    damaged = whole.borrowing("tiny")
    assert damaged.state == "fails"
    assert "example-record.yaml" in damaged.said


def test_the_room_of_a_port_that_is_taken_is_tried_at_another(quick, monkeypatch):
    asked = []
    monkeypatch.setattr(
        whole, "play", lambda *given: asked.append(given) or line("played")
    )
    port = free_port()
    run("check", "--room", SHIPPED, "--pairs", 1, "--port", port)
    with socket.socket() as held:
        held.bind(("127.0.0.1", port))
        held.listen()
        run("check", "--room", SHIPPED, "--pairs", 1, "--port", port)
    assert asked == [(SHIPPED, port), (SHIPPED, 0)]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["check"], "Missing argument 'TARGET'"),
        (["check", SHIPPED, "--pairs", "3"], "--pairs goes with --room"),
        (["check", SHIPPED, "--dir", "x"], "--dir goes with --room"),
        (["check", "--room", "--pairs", "41"], "--pairs 41: a room holds 1 to 40"),
        (["check", "--room", "--pairs", "0"], "--pairs 0"),
        (["check", "--room", "--port", "0"], "'--port': 0 is not in the range"),
        *(
            ([*command, "--port", port], f"'--port': {port} is not in the range")
            for command in (["check", "--room"], ["room"], ["app"], ["lab"])
            for port in ("-1", "65536", "99999")
        ),
        (["check", "--room", "flight-disruption"], "did you mean flight-disruptions"),
    ],
)
def test_what_cannot_be_asked_is_said(given, why):
    done = run(*given)
    assert done.exit_code == 2
    assert why in done.stderr
    assert done.stdout == ""


def test_a_rehearsal_is_of_the_room_that_the_command_would_start(quick, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "workshop.commands_kit.check_room",
        lambda scenario, **given: asked.append((scenario, given)) or True,
    )
    assert run("check", "--room").exit_code == 0
    ((scenario, given),) = asked
    defaults = {option.name: option.default for option in room.params}
    assert scenario == defaults["scenario"]
    assert {name: given[name] for name in OF_A_ROOM} == {
        name: defaults[name] for name in ("pairs", "host", "port", "folder")
    }
    told = run("check", "--help").stdout
    for name in OF_A_ROOM:
        assert f"[default: {defaults[name]}]" in told


def test_what_was_tried_is_part_of_what_the_module_offers():
    assert {"Tried", "Wanted", "rehearse_room", "verdict"} == set(rehearsal.__all__)
