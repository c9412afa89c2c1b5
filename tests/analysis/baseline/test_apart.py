"""Training in a process beside brings the same figures, or none were asked of it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, t

from tests.analysis.baseline.test_baseline import NAMES, days, table
from workshop.analysis.baseline import train, with_keys
from workshop.analysis.baseline.apart import Beside, answer_once, as_values, cores
from workshop.analysis.baseline.auc import _quantile, _ranks
from workshop.analysis.baseline.checks import train_table
from workshop.analysis.baseline.folds import read_table
from workshop.analysis.baseline.table import Table

pytestmark = pytest.mark.heavy

apart = import_module("workshop.analysis.baseline.apart")
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing can be forked")


def timed(n=400):
    frame = table(n, sources=30)
    frame["t"] = days(len(frame))
    return frame


def read(n=400) -> Table:
    return read_table(timed(n), **NAMES, time="t", cluster="source")


@pytest.fixture
def two_cores(monkeypatch):
    for name in ("WORKSHOP_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(apart, "cores", lambda: 2)


@pytest.fixture(scope="module")
def here():
    """What one process alone finds."""
    return train_table(read(), 5000)


def test_a_table_reads_back_from_its_bytes_but_for_the_rows():
    one = read()
    other = Table.from_bytes(one.to_bytes())
    assert other.frame is None
    np.testing.assert_array_equal(other.inputs.values, one.inputs.values)
    np.testing.assert_array_equal(other.labels, one.labels)
    np.testing.assert_array_equal(other.clusters, one.clusters)
    np.testing.assert_array_equal(other.parted[1], one.parted[1])
    assert other.parted[2] == one.parted[2]
    assert other.inputs.left_out == one.inputs.left_out
    assert other.digest() == one.digest()


def test_the_digest_follows_everything_that_is_learnt_from():
    one = read()
    values = one.inputs.values.copy()
    values[0, 0] += 1e-9
    labels = one.labels.copy()
    labels[3] = ~labels[3]
    earlier, later, cut = one.parted
    others = [
        one.digest("beside"),
        replace(one, inputs=replace(one.inputs, values=values)).digest(),
        replace(one, inputs=replace(one.inputs, used=("x", "z", "other"))).digest(),
        replace(one, labels=labels).digest(),
        replace(one, clusters=None).digest(),
        replace(one, clusters=one.clusters[::-1]).digest(),
        replace(one, parted=None).digest(),
        replace(one, parted=(earlier, later, None)).digest(),
        replace(one, parted=(later, earlier, cut)).digest(),
        replace(one, seed=1).digest(),
        replace(one, judged=401).digest(),
    ]
    assert len({one.digest(), *others}) == len(others) + 1


def test_the_digest_does_not_follow_what_is_not_learnt_from():
    one = read()
    assert replace(one, frame=None).digest() == one.digest()


def test_suspects_are_told_by_their_row_and_get_their_key_back():
    frame = table(900, pull=4.0)
    rows = read_table(frame, **NAMES)
    found = train_table(rows)
    assert found.suspects
    keys = frame.sort_values("key")["key"].tolist()
    named = with_keys(found, rows, "key")
    assert [s.key for s in named.suspects] == [keys[int(s.key)] for s in found.suspects]
    assert named == train(frame, **NAMES)


@forks
def test_forked_processes_find_what_threads_find(here):
    into = io.BytesIO()
    answer_once(io.BytesIO(b"5000\n" + read().to_bytes()), into, 2)
    lines = [json.loads(line) for line in into.getvalue().splitlines()]
    stages = [line["stage"] for line in lines[:-1]]
    assert stages == ["folds", "later", "suspects", "importances", "learning"]
    assert as_values().validate_json(lines[-1]["trained"], strict=True) == here


@pytest.mark.slow
@forks
def test_a_process_beside_finds_the_same_and_ends(here, two_cores):
    told: list[str] = []
    with Beside() as beside:
        process = beside._process
        assert beside.train(read(), 5000, progress=told.append) == here
    assert process.poll() is not None
    assert told == ["folds", "later", "suspects", "importances", "learning"]


@forks
def test_one_that_was_killed_is_made_up_for_here(here, two_cores):
    with Beside() as beside:
        beside._process.kill()
        beside._process.wait()
        assert beside.train(read(), 5000) == here


@forks
@pytest.mark.parametrize(
    "says", ["", "no json", '{"stage": "folds"}', '{"trained": 7}']
)
def test_one_that_talks_nonsense_is_made_up_for_here(
    here, two_cores, monkeypatch, says
):
    tale = f"import sys; sys.stdin.buffer.read(); print({says!r})"
    monkeypatch.setattr(apart, "_SERVE", tale)
    with Beside() as beside:
        assert beside.train(read(), 5000) == here


def test_none_is_started_where_threads_are_held_to_one(monkeypatch, here):
    monkeypatch.setenv("WORKSHOP_THREADS", "1")
    assert cores() == 1
    with Beside() as beside:
        assert beside._process is None
        assert beside.train(read(), 5000) == here


@forks
def test_one_that_nobody_needs_ends_with_its_owner(two_cores):
    beside = Beside()
    process = beside._process
    del beside
    assert process.poll() is not None


@forks
def test_what_it_forked_ends_with_it():
    """A killed process cannot tell those that it forked; they look for themselves."""
    code = (
        "import os, sys, time\n"
        "from workshop.analysis.baseline.fits import _end_with\n"
        "parent = os.getpid()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    _end_with(parent)\n"
        "print(child, flush=True)\n"
        "time.sleep(60)\n"
    )
    started = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    child = int(started.stdout.readline())
    started.kill()
    started.wait()
    started.stdout.close()
    for _ in range(100):
        if not _runs(child):
            return
        time.sleep(0.1)
    pytest.fail("what was forked still runs")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat").read_text()
        return status.rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_ranks_are_scipys(values):
    found = np.array(values)
    np.testing.assert_array_equal(_ranks(found), rankdata(found))


@given(st.integers(1, 10_000))
def test_the_quantile_of_clusters_is_students(count):
    expected = t.ppf(0.975, max(count - 1, 1))
    assert _quantile(np.arange(count)) == pytest.approx(expected, rel=1e-12)
