"""A report's folder is whole: killed runs, two runs, a full disk, odd places.

What kills here kills really: each run is a process of its own, ended by SIGKILL before
one of the things that it asks of the file system, each in turn.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import THAT_DAY, Tiny
from workshop.errors import InputError, RunError
from workshop.report import folder
from workshop.report.folder import NAMES, PARTIAL, make_folder, put, scratch

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
MAIN = "from workshop.cli import main; main()"


def write(out: Path, run: str, *, whole: bool = True) -> Path:
    """Write a report whose three files say which run made them."""
    make_folder(out)
    with scratch(out) as beside:
        executed = beside / NAMES[2]
        executed.write_text(run, "utf-8")
        return put(out, executed, run, {"run": run}, whole=whole)


def runs(out: Path, names: tuple[str, ...] = NAMES) -> set[str]:
    """Return which runs the files of a report are of; ``none`` for one missing."""
    found = set()
    for name in names:
        path = out / name
        text = path.read_text("utf-8") if path.exists() else "none"
        found.add(json.loads(text)["run"] if text.startswith("{") else text)
    return found


def names_in(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()}


# --- a report and what goes with it --------------------------------------------------


def test_a_report_is_three_files(tmp_path):
    assert write(tmp_path / "out", "first") == tmp_path / "out" / NAMES[0]
    assert names_in(tmp_path / "out") == set(NAMES)


def test_a_run_that_is_not_whole_stands_beside_the_earlier_report(tmp_path):
    write(tmp_path, "first")
    page = write(tmp_path, "second", whole=False)
    assert page == tmp_path / PARTIAL[0]
    assert runs(tmp_path) == {"first"}
    assert runs(tmp_path, PARTIAL) == {"second"}
    write(tmp_path, "third")
    assert names_in(tmp_path) == set(NAMES)


def test_a_partial_report_is_of_one_run_even_if_nothing_was_executed(tmp_path):
    write(tmp_path, "first", whole=False)
    with scratch(tmp_path) as beside:
        put(tmp_path, beside / NAMES[2], "second", {"run": "second"}, whole=False)
    assert runs(tmp_path, PARTIAL[:2]) == {"second"}
    cells = json.loads((tmp_path / PARTIAL[2]).read_text("utf-8"))["cells"]
    assert cells == []


def test_a_pdf_goes_with_the_page_that_it_was_made_from(tmp_path):
    write(tmp_path, "first")
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    write(tmp_path, "second", whole=False)
    assert (tmp_path / "report.pdf").exists()
    write(tmp_path, "third")
    assert not (tmp_path / "report.pdf").exists()


def test_files_of_the_readers_own_stay(tmp_path):
    own = ("notes.txt", ".report-notes.md", "report.html.old", ".hidden", "x.part")
    for name in own:
        (tmp_path / name).write_text("mine", "utf-8")
    (tmp_path / ".report-drafts").mkdir()
    write(tmp_path, "first")
    assert names_in(tmp_path) == {*NAMES, *own, ".report-drafts"}


def test_what_a_killed_run_left_is_cleared(tmp_path):
    for name in (".report-ab12cd34", ".try-ab12cd34", ".pdf-ab12cd34"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("half", "utf-8")
    for name in ("report.pdf.part", ".report.json.0123456789ab.tmp"):
        (tmp_path / name).write_text("half", "utf-8")
    write(tmp_path, "first")
    assert names_in(tmp_path) == set(NAMES)


# --- killed at every point -----------------------------------------------------------

# Runs in a process of its own and forks: the child is killed before its nth request of
# the file system, the parent looks at what is left, starts over and looks again.
KILLED_EVERYWHERE = """
import json, os, shutil, signal, sys
from pathlib import Path
from tests.report.test_folder import names_in, runs, write
from workshop.report.folder import NAMES, PARTIAL, scratch

ASKS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate"}
base, whole = Path(sys.argv[1]), sys.argv[2] == "whole"
names = NAMES if whole else PARTIAL

def child(out, last):
    seen = 0
    def hook(event, args):
        nonlocal seen
        if event in ASKS and str(out) in str(args[0]):
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    write(out, "new", whole=whole)
    os._exit(0)

told = []
for last in range(1, 400):
    out = base / str(last)
    write(out, "old")
    write(out, "old", whole=False)
    pid = os.fork()
    if not pid:
        child(out, last)
    killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    if not whole:
        kept = runs(out) == {"old"}
    else:
        kept = all((out / name).exists() for name in NAMES)
    with scratch(out):
        pass
    told.append([killed, kept, sorted(runs(out, names)), sorted(names_in(out))])
    shutil.rmtree(out)
    if not killed:
        break
print(json.dumps(told))
"""


@POSIX
@pytest.mark.parametrize("kind", ["whole", "partial"])
def test_a_run_killed_anywhere_leaves_files_of_one_run(tmp_path, root, kind):
    done = subprocess.run(
        [sys.executable, "-c", KILLED_EVERYWHERE, str(tmp_path), kind],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told) > 10, "it was killed at many points"
    assert not told[-1][0], "and in the end no more"
    seen = []
    for killed, kept, of_runs, names in told:
        assert kept, "an earlier whole report is never lost"
        assert len(of_runs) == 1, of_runs
        seen += of_runs
        assert set(names) <= {*NAMES, *PARTIAL}, names
        assert set(names) >= set(NAMES) or not killed
    assert set(seen) - {"none"} == {"old", "new"}
    assert seen == sorted(seen, reverse=True), "old up to one point, new from there on"


# --- two runs at once ----------------------------------------------------------------

HOLDS = """
import sys, time
from pathlib import Path
from workshop.report.folder import scratch
with scratch(Path(sys.argv[1])) as beside:
    (beside / "executed.ipynb").write_text("half")
    print("in", flush=True)
    sys.stdin.readline()
"""


def python(root: Path, code: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def holder(tmp_path: Path, root: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is at work in the folder."""
    write(tmp_path / "out", "first")
    started = python(root, HOLDS, tmp_path / "out")
    assert started.stdout is not None
    assert started.stdout.readline() == "in\n"
    yield started
    started.kill()
    started.communicate()


def test_a_second_run_says_that_another_is_at_work(tmp_path, holder, monkeypatch):
    monkeypatch.setattr(folder, "PATIENCE", 0.2)
    with pytest.raises(RunError, match="another run is writing") as told:
        write(tmp_path / "out", "second")
    assert "\n" not in str(told.value)
    assert str(tmp_path / "out") in str(told.value)
    assert runs(tmp_path / "out") == {"first"}


def test_a_second_run_waits_for_one_that_is_about_to_end(tmp_path, holder, monkeypatch):
    monkeypatch.setattr(folder, "PATIENCE", 30)
    assert holder.stdin is not None
    holder.stdin.write("go\n")
    holder.stdin.flush()
    write(tmp_path / "out", "second")
    assert runs(tmp_path / "out") == {"second"}
    assert names_in(tmp_path / "out") == set(NAMES)


@POSIX
def test_a_dead_run_holds_nobody_up(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    left = names_in(tmp_path / "out") - set(NAMES)
    assert any(name.startswith(".report-") for name in left)
    write(tmp_path / "out", "second")
    assert runs(tmp_path / "out") == {"second"}
    assert names_in(tmp_path / "out") == set(NAMES)


def test_a_folder_reached_by_another_name_is_the_same_folder(
    tmp_path, holder, monkeypatch
):
    monkeypatch.setattr(folder, "PATIENCE", 0.2)
    (tmp_path / "link").symlink_to("out")
    with pytest.raises(RunError, match="another run"):
        write(tmp_path / "link", "second")


MANY = """
import sys
from pathlib import Path
from tests.report.test_folder import runs, write
from workshop.report import folder
folder.PATIENCE = 60
out, name = Path(sys.argv[1]), sys.argv[2]
for turn in range(15):
    write(out, f"{name}{turn}", whole=turn % 3 != 0)
"""


@pytest.mark.slow
def test_many_runs_into_one_folder_never_mix(tmp_path, root):
    at_work = [python(root, MANY, tmp_path / "out", name) for name in "abc"]
    for one in at_work:
        _, told = one.communicate(timeout=120)
        assert one.returncode == 0, told
    assert len(runs(tmp_path / "out")) == 1
    assert names_in(tmp_path / "out") <= {*NAMES, *PARTIAL}


# --- a disk that fills up ------------------------------------------------------------


def test_a_disk_that_fills_up_leaves_the_earlier_report(small_disk):
    out = small_disk("256k") / "out"
    write(out, "first")
    for whole in (True, False):
        with pytest.raises(RunError, match=r"full|space") as told:
            write(out, "x" * 300_000, whole=whole)
        assert "\n" not in str(told.value)
        assert told.value.exit_code == 3
        assert runs(out) == {"first"}
        assert names_in(out) == set(NAMES)


def test_a_disk_that_is_full_to_the_last_byte_is_told_before_the_run(small_disk):
    disk = small_disk("64k")
    with pytest.raises(OSError, match="space"):
        (disk / "fill").write_bytes(b"x" * 100_000)
    with pytest.raises(RunError, match="make room") as told:
        write(disk / "out", "first")
    assert told.value.exit_code == 3


@pytest.mark.slow
def test_the_command_says_in_one_sentence_that_the_disk_is_full(
    small_disk, tmp_path, root
):
    out = small_disk("128k") / "out"
    write(out, "first")
    done = report(root, Tiny(tmp_path / "tiny").write(), out)
    assert done.returncode == 3
    assert said(done).count("\n") == 0, said(done)
    assert "space" in said(done)
    assert runs(out) == {"first"}
    assert names_in(out) == set(NAMES)


@pytest.mark.parametrize(
    ("number", "helps"),
    [(errno.ENOSPC, "make room and run"), (errno.EACCES, "can be written and run")],
)
def test_what_helps_is_said_by_what_went_wrong(tmp_path, number, helps):
    write(tmp_path, "first")
    with pytest.raises(RunError, match=helps), scratch(tmp_path):
        raise OSError(number, os.strerror(number))
    assert runs(tmp_path) == {"first"}


FILES_ARE_SMALL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from pathlib import Path
from tests.report.test_folder import write
from workshop.errors import WorkshopError
try:
    write(Path(sys.argv[1]), "x" * 10_000)
except WorkshopError as error:
    print(error.exit_code, error)
"""


@POSIX
def test_a_file_that_may_not_grow_leaves_the_earlier_report(tmp_path, root):
    write(tmp_path / "out", "first")
    done, told = python(root, FILES_ARE_SMALL, tmp_path / "out").communicate()
    assert told == ""
    assert done.count("\n") == 1
    assert done.startswith("3 "), done
    assert runs(tmp_path / "out") == {"first"}
    assert names_in(tmp_path / "out") == set(NAMES)


# --- odd places ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "with spaces",
        "Übergröße",
        "Ärger & 'Söhne' (2)",
        "-o",
        "%s {0} $HOME",
        "報告 😀",
    ],
)
def test_a_folder_may_be_called_anything(tmp_path, name):
    assert write(tmp_path / name / "deep er", "first").is_file()
    assert names_in(tmp_path / name / "deep er") == set(NAMES)


@pytest.mark.parametrize("name", ["x" * 300, "x\0y"])
def test_a_name_that_no_folder_can_have_is_one_sentence(tmp_path, name):
    with pytest.raises(InputError, match="-o") as told:
        make_folder(tmp_path / name)
    assert "\n" not in str(told.value)


def test_a_path_of_many_folders_works_up_to_what_the_system_bears(tmp_path):
    deep = tmp_path.joinpath(*["x" * 100] * 8)
    assert write(deep, "first").is_file()
    with pytest.raises(InputError, match="-o"):
        make_folder(tmp_path.joinpath(*["x" * 200] * 30))


AS_NOBODY = """
import os, sys
from pathlib import Path
from workshop.errors import WorkshopError
from workshop.report.folder import make_folder
if os.geteuid() == 0:
    os.setuid(65534)
try:
    make_folder(Path(sys.argv[1]))
except WorkshopError as error:
    print(error.exit_code, error)
"""


@POSIX
@pytest.mark.parametrize("below", ["", "new/deeper"])
def test_a_folder_that_is_read_only_is_one_sentence(tmp_path, root, below):
    place = tmp_path / "out"
    write(place, "first")
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    place.chmod(0o555)
    done, told = python(root, AS_NOBODY, place / below).communicate()
    place.chmod(0o755)
    assert told == ""
    assert done.startswith("2 "), done
    assert done.count("\n") == 1
    assert "-o" in done
    assert runs(place) == {"first"}


def test_a_folder_in_a_files_place_is_told_before_the_run(tmp_path):
    (tmp_path / "report.json").mkdir()
    with pytest.raises(InputError, match=r"report\.json: is a folder"):
        make_folder(tmp_path)


def test_a_link_to_a_folder_is_written_through(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert write(tmp_path / "link", "first") == tmp_path / "link" / NAMES[0]
    assert names_in(tmp_path / "real") == set(NAMES)
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("to", ["nowhere", "link"])
def test_a_link_that_leads_nowhere_is_one_sentence(tmp_path, to):
    (tmp_path / "link").symlink_to(to)
    with pytest.raises(InputError, match="-o"):
        make_folder(tmp_path / "link")


def test_a_link_in_a_files_place_is_replaced_and_what_it_led_to_stays(tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("mine", "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").symlink_to(precious)
    write(out, "first")
    assert precious.read_text("utf-8") == "mine"
    assert runs(out) == {"first"}


def test_an_error_of_the_system_while_moving_is_finished_by_the_next_run(
    tmp_path, monkeypatch
):
    write(tmp_path, "first")
    real = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if target.name == NAMES[1] and self.parent.name == folder.READY:
            raise OSError(errno.EIO, "Input/output error")
        return real(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fails)
        with pytest.raises(RunError, match="Input/output"):
            write(tmp_path, "second")
    with scratch(tmp_path):
        assert runs(tmp_path) == {"second"}


# --- the command itself, really killed -----------------------------------------------


def command(tiny: Path, out: Path) -> list[str]:
    day = THAT_DAY.isoformat()
    return [sys.executable, "-c", MAIN, "report", *map(str, (tiny, "-o", out)),
            "--as-of", day]  # fmt: skip


def report(root: Path, tiny: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """Run the command on a scenario."""
    return subprocess.run(
        command(tiny, out),
        cwd=tiny.parent,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What a command said on stderr beside its progress."""
    lines = [line for line in done.stderr.splitlines() if "…" not in line]
    assert not any("Traceback" in line for line in lines), done.stderr
    return "\n".join(lines)


@POSIX
@pytest.mark.slow
def test_a_report_that_is_killed_at_work_is_made_by_the_next_run(tmp_path, root):
    """Killed as soon as it works, and once the notebook is half done."""
    tiny, out = Tiny(tmp_path / "tiny").write(), tmp_path / "out"
    write(out, "first")
    for sign in (".report-*", ".report-*/executed.ipynb"):
        with subprocess.Popen(
            command(tiny, out),
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(root)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as started:
            until = time.monotonic() + 120
            while not list(out.glob(sign)) and time.monotonic() < until:
                time.sleep(0.02)
            started.kill()
        assert runs(out) == {"first"}
        assert names_in(out) > set(NAMES), "it left its working folder"
    done = report(root, tiny, out)
    assert done.returncode == 0, done.stderr
    assert names_in(out) == set(NAMES)
    page = (out / "report.html").read_text("utf-8")
    assert "A tiny one" in page


@pytest.mark.slow
def test_two_reports_into_one_folder_at_once_are_one_report(tmp_path, root):
    folders = [Tiny(tmp_path / name).write() for name in ("one", "two")]
    out = tmp_path / "out"
    at_work = [
        subprocess.Popen(
            command(tiny, out),
            env=os.environ | {"PYTHONPATH": str(root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for tiny in folders
    ]
    ended = []
    for one in at_work:
        _, told = one.communicate(timeout=300)
        ended.append(one.returncode)
        assert one.returncode == 0 or "another run is writing" in told, told
    assert 0 in ended
    assert set(ended) <= {0, 3}
    assert names_in(out) == set(NAMES)
    twin = json.loads((out / "report.json").read_text("utf-8"))
    for name in NAMES:
        assert twin["scenario"] in (out / name).read_text("utf-8")
