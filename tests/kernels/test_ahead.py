"""A kernel started ahead is a kernel as ever: fresh, of its run, and gone with it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.helpers import THAT_DAY, Tiny
from workshop.data.catalog import find_target
from workshop.kernels import CAN_FORK, CAN_WAIT, Ahead, Forked, waiting
from workshop.report import running, write_report

forks_here = pytest.mark.skipif(not CAN_FORK, reason="nothing is forked here")


@pytest.fixture(scope="module")
def forking() -> Iterator[Ahead]:
    """A process that is forked, warmed once for all tests here."""
    if not CAN_FORK:
        pytest.skip("nothing is forked here")
    with Ahead(forks=True) as ahead:
        yield ahead


def run(ahead: Ahead, *cells: str, cwd: Path) -> list[str]:
    """Run cells in a kernel from there; return what each printed."""
    notebook = nbformat.v4.new_notebook(
        cells=list(map(nbformat.v4.new_code_cell, cells))
    )
    NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        kernel_manager_class=ahead.manager(),
        resources={"metadata": {"path": str(cwd)}},
    ).execute()
    outputs = [cell.outputs for cell in notebook.cells]
    return ["".join(o.get("text", "") for o in some).strip() for some in outputs]


def gone(pid: int, seconds: float = 10) -> bool:
    """Say whether a process ends within some seconds."""
    for _ in range(int(seconds / 0.1)):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.skipif(not CAN_WAIT, reason="nothing waits here")
def test_a_report_is_the_same_to_the_byte_wherever_its_kernel_comes_from(
    tmp_path, forking, monkeypatch
):
    target = find_target(str(Tiny(tmp_path / "tiny").write()))

    def files(name: str, kernel: Ahead | None = None) -> list[bytes]:
        out = tmp_path / name
        write_report(target, out, as_of=THAT_DAY, kernel=kernel)
        return [(out / file).read_bytes() for file in ("report.html", "report.json")]

    ahead = files("ahead")
    with monkeypatch.context() as held:
        held.setenv("WORKSHOP_THREADS", "1")
        forked = files("forked", forking)
    monkeypatch.setattr(running, "CAN_WAIT", False)
    plain = files("plain")
    assert ahead == plain
    assert forked == plain


@pytest.mark.slow
@forks_here
def test_forked_kernels_know_nothing_of_one_another(tmp_path, forking, monkeypatch):
    cells = (
        "import os, sys, random, numpy, workshop\n"
        "print('left' in globals(), hasattr(workshop, 'left'), '' in sys.path)",
        "left = workshop.left = 1\nprint(random.random(), numpy.random.random())",
        "print(os.getcwd(), os.environ['GIVEN'])",
        "print(os.getpid())",
    )
    monkeypatch.setenv("GIVEN", "one")
    first = run(forking, *cells, cwd=tmp_path)
    monkeypatch.setenv("GIVEN", "two")
    second = run(forking, *cells, cwd=tmp_path.parent)
    assert first[0] == second[0] == "False False True"
    assert first[1] != second[1], "chance is not the same in both"
    assert first[2] == f"{tmp_path} one"
    assert second[2] == f"{tmp_path.parent} two"
    assert gone(int(first[3]))
    assert gone(int(second[3]))


@pytest.mark.slow
@forks_here
def test_kernels_end_with_the_process_that_they_came_from(tmp_path):
    with Ahead(forks=True) as ahead:
        argv = ["-f", str(tmp_path / "none.json")]
        process = ahead.take(argv, dict(os.environ), str(tmp_path))
        assert process.poll() is None
    assert gone(process.pid)
    assert process.wait() == 0


@pytest.mark.slow
@forks_here
@pytest.mark.parametrize("forks", [True, False])
def test_what_waits_ends_with_this_process(forks):
    script = (
        "import time\nfrom workshop.kernels import Ahead\n"
        f"ahead = Ahead(forks={forks})\nprint(ahead._process.pid, flush=True)\n"
        "time.sleep(100)"
    )
    run = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert run.stdout is not None
    pid = int(run.stdout.readline())
    run.kill()
    run.communicate()
    assert gone(pid, seconds=60)


@pytest.mark.slow
@forks_here
def test_where_nothing_can_be_forked_a_kernel_is_started_as_ever(tmp_path):
    with Ahead(forks=True) as ahead:
        ahead._process.kill()
        ahead._process.wait()
        assert run(ahead, "print(1 + 1)", cwd=tmp_path) == ["2"]


def test_no_kernel_is_started_once_it_is_stopped(tmp_path):
    if not CAN_WAIT:
        pytest.skip("nothing waits here")
    with Ahead() as ahead:
        pass
    with pytest.raises(RuntimeError, match="any more"):
        run(ahead, "1", cwd=tmp_path)


@forks_here
def test_a_process_with_another_thread_is_not_forked():
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        with pytest.raises(SystemExit, match="one thread"):
            waiting._one_thread()
    finally:
        done.set()
        other.join()


@forks_here
def test_a_process_of_another_one_can_be_watched_and_ended():
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    watched = Forked(started.pid)
    assert watched.poll() is None
    watched.terminate()
    assert watched.wait(10) == 0
    assert watched.poll() == 0
    watched.kill()  # nothing is left to be ended, and no other takes its place
    started.wait()


@forks_here
def test_a_process_is_watched_however_many_files_are_open():
    import fcntl
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2048:
        pytest.skip("so many files may not be opened here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    watched = Forked(started.pid)
    low, watched._handle = (
        watched._handle,
        fcntl.fcntl(watched._handle, fcntl.F_DUPFD_CLOEXEC, 1500),
    )
    os.close(low)
    try:
        assert watched.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            watched.wait(0.01)
        watched.kill()
        assert watched.wait(10) == 0
    finally:
        started.kill()
        started.wait()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
