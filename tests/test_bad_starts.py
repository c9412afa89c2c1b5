"""Whatever is in the way at the start gets one sentence that helps, and loses nothing.

Each is tried as it happens: a disk that is full, a folder that is read-only, a network
that is gone, a home that cannot be written. What a machine cannot do is skipped, with
the reason.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.helpers import SHIPPED, THAT_DAY, Tiny
from tests.started import Running, free_port, running
from workshop import commands, own_files
from workshop.cli import main
from workshop.errors import InputError, RunError
from workshop.own_files import find_a_place
from workshop.record.bets import Bet
from workshop.record.file import RecordFile
from workshop.record.sealed import Drawer

UMLAUTS = "Größe & Maß (1)"
SLOW = pytest.mark.slow
# tornado lets go of a socket that could not be bound, and leaves closing it to Python
UNBOUND = pytest.mark.filterwarnings(
    "ignore:.*socket.socket:pytest.PytestUnraisableExceptionWarning"
)
DAY = THAT_DAY.isoformat()


# --- a person at a shell -------------------------------------------------------------


def shell(root: Path, **more: str) -> dict[str, str]:
    """What a newcomer's shell has; ``PYTHONPATH`` lets any Python see the checkout."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    ours = {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | ours | more


Workshop = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., AbstractContextManager[Running]]


@pytest.fixture
def workshop(root: Path, tmp_path: Path) -> Workshop:
    """Run a command to its end in ``cwd``, an empty folder unless another is named."""

    def run(*arguments: object, cwd: Path | None = None, **more: str):
        return subprocess.run(
            [sys.executable, "-m", "workshop", *map(str, arguments)],
            cwd=cwd or _empty(tmp_path),
            env=shell(root, **more),
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    return run


@pytest.fixture
def start(root: Path, tmp_path: Path) -> Start:
    """Start a command that serves until the block ends."""

    def begin(*arguments: object, cwd: Path | None = None, **more: str):
        return running(
            [sys.executable, "-m", "workshop", *map(str, arguments)],
            cwd=cwd or _empty(tmp_path),
            env=shell(root, **more),
            log=tmp_path / f"{arguments[0]}.log",
        )

    return begin


def _empty(tmp_path: Path) -> Path:
    here = tmp_path / "here"
    here.mkdir(exist_ok=True)
    return here


def sentence(done: subprocess.CompletedProcess[str] | Result, code: int) -> str:
    """Return the one sentence that a command ended with."""
    ended = done.exit_code if isinstance(done, Result) else done.returncode
    assert ended == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "unforeseen" not in done.stderr
    (line,) = [li for li in done.stderr.splitlines() if li.startswith("workshop: ")]
    return line


def within(folder: Path, arguments: Sequence[object]) -> Result:
    """Run a command in this process, in a folder: for what ends before it serves."""
    with chdir(folder):
        return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody else listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


# --- the wrong Python, or an empty one -----------------------------------------------


def old_pythons() -> list[str]:
    """Return the Pythons of this machine that are too old, and still of this age."""
    found = []
    for minor in range(7, 11):
        own = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))
        for program in (f"python3.{minor}", *map(str, own)):
            asked = [program, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
            if not shutil.which(program):
                continue
            told = subprocess.run(asked, capture_output=True, text=True).stdout
            if told.strip() == f"3.{minor}":
                found.append(program)
                break
    return found


def test_a_python_that_is_too_old_is_named_with_what_is_needed(root):
    for program in old_pythons() or pytest.skip("no Python before 3.11 here"):
        done = subprocess.run(
            [program, "-m", "workshop", "list"],
            cwd=root,
            env=shell(root),
            capture_output=True,
            text=True,
        )
        assert "needs Python 3.11 or newer, and this is 3." in sentence(done, 2)


def test_a_python_without_the_packages_is_told_where_they_come_from(root):
    done = subprocess.run(
        [sys.executable, "-S", "-m", "workshop", "list"],
        cwd=root,
        env=shell(root),
        capture_output=True,
        text=True,
    )
    assert "click is not installed for this Python" in sentence(done, 2)


def make(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make") or pytest.skip("no make here")
    return subprocess.run(
        [program, "-C", str(root), "--no-print-directory", *arguments],
        env=shell(root),
        capture_output=True,
        text=True,
    )


def test_make_names_the_python_that_it_cannot_use(root, tmp_path):
    for program in (*old_pythons()[-1:], "no-such-python"):
        done = make(root, "report", f"VENV={tmp_path / '.venv'}", f"PYTHON={program}")
        assert done.returncode != 0
        assert "needs Python 3.11 or newer with venv" in done.stderr
        assert f"'{program}' says: " in done.stderr
        assert "make PYTHON=python3.13 report" in done.stderr
    assert not (tmp_path / ".venv").exists()


# --- nothing can be written ----------------------------------------------------------


@pytest.fixture
def sealed(small_disk: Callable[..., Path]) -> Path:
    """A folder that is read-only for everybody, root too."""
    return small_disk("64k", "ro")


AT_ONCE = [
    ["start", SHIPPED],
    ["lab", "--no-browser", "--port", "0"],
    ["lab", "--copy"],
    ["app", "--no-browser", "--port", "0"],
    ["room", "--pairs", "1", "--port", "0"],
    ["report", SHIPPED],
    ["new", "mine", "--positive-rate", "0.1-0.2"],
]
"""What writes something, before it does anything that takes long."""


@pytest.mark.parametrize("arguments", AT_ONCE, ids=" ".join)
def test_a_folder_that_is_read_only_is_named_with_a_way_out(sealed, arguments):
    told = sentence(within(sealed, arguments), 2)
    assert "ead-only file system" in told
    assert re.search(r"another folder|folder you may write to", told), told


@SLOW
def test_from_a_read_only_folder_a_report_goes_elsewhere(workshop, sealed, tmp_path):
    out = tmp_path / "elsewhere"
    done = workshop("report", SHIPPED, "-o", out, "--as-of", DAY, cwd=sealed)
    assert done.returncode == 0, done.stderr
    assert (out / "report.html").is_file()


def test_make_in_a_read_only_checkout_says_where_else(root, sealed):
    done = make(root, "report", f"VENV={sealed / '.venv'}", f"PYTHON={sys.executable}")
    assert done.returncode != 0
    assert "Nothing can be written here" in done.stderr
    assert 'make VENV="$HOME/common-ground" report' in done.stderr


# --- no room left --------------------------------------------------------------------


def fill(disk: Path) -> Path:
    """Use a disk to its last byte; return the file that does."""
    file = disk / "fill"
    with file.open("wb", buffering=0) as stream:
        for size in (4096, 1):
            while True:
                try:
                    if not stream.write(b"x" * size):
                        break
                except OSError:
                    break
    return file


@pytest.mark.parametrize("arguments", AT_ONCE, ids=" ".join)
def test_a_full_disk_is_one_sentence_and_the_next_try_is_a_first_one(
    small_disk, arguments
):
    disk = small_disk("1m")
    filling = fill(disk)
    out_of_room(within(disk, arguments))
    filling.unlink()
    if arguments[0] in ("start", "new") or "--copy" in arguments:
        assert within(disk, arguments).exit_code == 0


def out_of_room(done: Result) -> None:
    told = sentence(done, 3)
    assert re.search(r"disk is full|No space left", told), told
    assert re.search(r"free some space|make room", told), told


@UNBOUND
def test_a_room_that_was_made_by_half_is_made_anew(small_disk, taken):
    """The disk is full after one file, two files and so on; the port ends the rest."""
    disk = small_disk("1m")
    filling, ended = fill(disk), []
    arguments = ["room", "--pairs", "2", "--port", taken]
    while True:
        ended.append(within(disk, arguments))
        if ended[-1].exit_code != 3:
            break
        out_of_room(ended[-1])
        os.truncate(filling, filling.stat().st_size - 4096)
    assert len(ended) > 3
    assert "nothing can be served there" in sentence(ended[-1], 2)


def test_a_record_that_cannot_be_saved_is_as_it_was(small_disk):
    disk = small_disk("256k")
    commands.start(SHIPPED, disk / "record.yaml")
    file = RecordFile(disk / "record.yaml")
    base, before = file.read(), (disk / "record.yaml").read_bytes()
    filling = fill(disk)
    with pytest.raises(RunError, match="disk is full; free some space and save again"):
        file.note("undecided, go on " * 1000, base=base, who="both")
    assert (disk / "record.yaml").read_bytes() == before
    filling.unlink()
    assert file.note("undecided, go on", base=base, who="both").revision == 1


# --- a port that somebody has --------------------------------------------------------


@UNBOUND
def test_a_busy_port_is_named_and_nothing_is_left_behind(taken, tmp_path):
    for arguments in (["app", "--no-browser"], ["room", "--pairs", "1"]):
        told = sentence(within(tmp_path, [*arguments, "--port", taken]), 2)
        assert f"--port {taken}: nothing can be served there" in told
        assert "name another --port" in told
    assert not (tmp_path / "room" / "room.json").exists()


@SLOW
def test_the_lab_goes_on_to_the_next_free_port(start, taken):
    with start("lab", "--no-browser", "--port", taken) as lab:
        assert lab.ask_lab("api/contents/notebooks")["content"]
        assert f"127.0.0.1:{taken}/" not in lab.told


# --- a home that is not one ----------------------------------------------------------


@pytest.fixture(params=["read-only", "not there"])
def home(request: pytest.FixtureRequest) -> str:
    """A home as containers and locked computers have it."""
    if request.param == "not there":
        return "/dev/null/nobody"
    return str(request.getfixturevalue("sealed"))


@SLOW
def test_a_home_that_cannot_be_written_stops_no_report(workshop, tmp_path, home):
    done = workshop("report", SHIPPED, "-o", tmp_path / "out", HOME=home)
    assert done.returncode == 0, done.stderr
    assert len(done.stderr.splitlines()) == 3, done.stderr


@SLOW
def test_a_home_that_cannot_be_written_stops_no_page(start, home):
    with start("app", "--no-browser", "--port", free_port(), HOME=home) as app:
        assert app.come_in().open("00")
    with start("lab", "--no-browser", "--port", free_port(), HOME=home) as lab:
        assert lab.ask_lab("api/contents/notebooks")["content"]
        assert "Traceback" not in lab.told


def test_a_user_without_a_home_is_asked_for_a_place_for_bets_only(monkeypatch):
    """As in a container that runs under a number nobody gave a name."""

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(Path, "home", unknown)
    find_a_place()
    assert all(Path(os.environ[name]).is_dir() for name in own_files.NAMES)
    assert Path(os.environ["HOME"]).is_dir()
    bet = Bet(
        tolerable_error=0.1, expected_error=0.2, ratio=5, fallback="human",
        owner="product",
    )  # fmt: skip
    with pytest.raises(InputError, match="name it in WORKSHOP_BETS"):
        Drawer("r1").put("product", bet, word="a word of mine")


def test_with_no_room_for_temporary_files_their_folder_is_named(
    small_disk, tmp_path, monkeypatch
):
    disk = small_disk("64k")
    fill(disk)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(disk)])
    told = sentence(within(tmp_path, ["lab", "--no-browser"]), 3)
    assert "name another folder in TMPDIR" in told


# --- a proxy, and no network at all --------------------------------------------------

NOWHERE = "http://127.0.0.1:9"
PROXIES = {f"{name}_proxy": NOWHERE for name in ("http", "https", "all")}
PROXIES |= {name.upper(): NOWHERE for name in PROXIES}


@SLOW
def test_a_proxy_is_never_asked_for_what_is_on_this_machine(workshop, start, tmp_path):
    with start("app", "--no-browser", "--port", free_port(), **PROXIES) as app:
        assert app.come_in().open("01")
    with start("lab", "--no-browser", "--port", free_port(), **PROXIES) as lab:
        assert lab.ask_lab("api/contents/notebooks")["content"]
    out = tmp_path / "out"
    done = workshop("report", SHIPPED, "-o", out, **PROXIES)
    assert done.returncode == 0, done.stderr


ALONE = """
import fcntl, os, socket, struct, subprocess, sys
from pathlib import Path
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
    # SIOCSIFFLAGS: the loopback of a new network begins as switched off
    fcntl.ioctl(line, 0x8914, struct.pack("16sh", b"lo", 1))
    try:
        line.connect(("192.0.2.1", 9))
        sys.exit("this is no empty network")
    except OSError:
        pass
from tests.started import free_port, running
here, command = Path(sys.argv[1]), [sys.executable, "-m", "workshop"]
where = {"cwd": here, "env": dict(os.environ)}
report = [*command, "report", "privacy-assistant", "-o", "out"]
subprocess.run(report, check=True, **where)
port = ("--no-browser", "--port", str(free_port()))
with running([*command, "app", *port], log=here / "app.log", **where) as app:
    assert app.come_in().open("03")
port = ("--no-browser", "--port", str(free_port()))
with running([*command, "lab", *port], log=here / "lab.log", **where) as lab:
    assert lab.ask_lab("api/contents/notebooks")["content"]
print("all of it works")
"""


@SLOW
def test_after_the_install_no_network_is_needed(root, tmp_path):
    unshare = shutil.which("unshare")
    tried = unshare and subprocess.run([unshare, "-rn", "true"], capture_output=True)
    if not tried or tried.returncode:
        pytest.skip("this machine gives no network of one's own")
    done = subprocess.run(
        [unshare, "-rn", sys.executable, "-c", ALONE, tmp_path],
        env=shell(root),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout.endswith("all of it works\n"), done.stderr
    assert (tmp_path / "out" / "report.html").is_file()


# --- odd places ----------------------------------------------------------------------


@SLOW
def test_spaces_and_umlauts_are_no_odd_place(workshop, start, tmp_path):
    here = tmp_path / UMLAUTS
    scenario = Tiny(here / "mein Fall").write()
    made = workshop("start", scenario, "-o", "Büro 1/Akte.yaml", cwd=here)
    assert made.returncode == 0, made.stderr
    done = workshop("report", "Büro 1/Akte.yaml", "-o", "Bericht 1", cwd=here)
    assert done.returncode == 0, done.stderr
    assert (here / "Bericht 1" / "report.html").is_file()
    port = free_port()
    with start(
        "app", "Büro 1/Akte.yaml", "--no-browser", "--port", port, cwd=here
    ) as a:
        assert a.come_in().open("00")
    with start(
        "lab", "mein Fall", "--no-browser", "--port", free_port(), cwd=here
    ) as b:
        assert b.ask_lab("api/contents/notebooks")["content"]
    given = ("--pairs", "1", "--dir", "Raum 1", "--scenario", "mein Fall")
    with start("room", *given, "--port", free_port(), cwd=here) as room:
        assert room.says(re.compile("http://127"))
    assert (here / "Raum 1" / "pair-01" / "record.yaml").is_file()


@SLOW
def test_a_checkout_may_lie_where_spaces_and_umlauts_are(root, tmp_path):
    there = tmp_path / UMLAUTS / "common ground"
    for name in ("workshop", "notebooks", "datasets"):
        ignored = shutil.ignore_patterns("__pycache__", ".source")
        shutil.copytree(root / name, there / name, ignore=ignored)
    done = subprocess.run(
        [sys.executable, "-m", "workshop", "report", SHIPPED],
        cwd=there,
        env=shell(there),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Report: reports/privacy-assistant/report.html\n")


@pytest.mark.slow
def test_without_git_nothing_is_missed(workshop, tmp_path):
    nothing = tmp_path / "no programs"
    nothing.mkdir()
    done = workshop("status", SHIPPED, PATH=str(nothing))
    assert done.returncode == 0, done.stderr


# --- Windows -------------------------------------------------------------------------

TEXTS = ("*.yaml", "*.csv")


def as_windows_writes(folder: Path) -> None:
    """Save every text of a folder as an editor on Windows does: a mark, and CRLF."""
    for pattern in TEXTS:
        for file in folder.rglob(pattern):
            text = file.read_text("utf-8")
            file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())


def told_of(folder: Path, target: Path) -> dict:
    found = json.loads(commands.status(str(target), as_json=True, as_of=DAY))
    return json.loads(json.dumps(found).replace(str(folder), ""))


@pytest.mark.slow
def test_windows_line_ends_change_no_number_and_no_record(tmp_path):
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    for folder in (mine, theirs):
        scenario = Tiny(folder / "tiny").write()
        commands.start(str(scenario), folder / "record.yaml")
    as_windows_writes(theirs)
    for target in ("tiny", "record.yaml"):
        assert told_of(theirs, theirs / target) == told_of(mine, mine / target)
    file = RecordFile(theirs / "record.yaml")
    file.note("undecided, go on", base=file.read(), who="both")
    saved = (theirs / "record.yaml").read_bytes()
    assert saved.startswith(b"\xef\xbb\xbf")
    assert saved.count(b"\n") == saved.count(b"\r\n") > 5
