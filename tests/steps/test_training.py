"""The same data is trained on once, and what was kept changes no figure."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.analysis.baseline.test_baseline import NAMES, days, table
from workshop.analysis.baseline.checks import train_table
from workshop.analysis.baseline.folds import read_table
from workshop.analysis.readiness.gathering import ToTrain
from workshop.analysis.trained import Trained
from workshop.steps import training
from workshop.steps.given import Given
from workshop.steps.training import Training


def frame():
    made = table(500, pull=4.0)
    made["t"] = days(len(made))
    return made


@pytest.fixture(scope="module")
def drawn() -> ToTrain:
    return ToTrain(read_table(frame(), **NAMES, time="t"), 500, "key")


@pytest.fixture(scope="module")
def figures(drawn) -> Trained:
    """What training finds, computed once for this file."""
    return train_table(drawn.table, 500)


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def here(figures, monkeypatch):
    """Count how often training was asked for."""
    times: list[int] = []

    def counted(self, *given, **more):
        times.append(1)
        return figures

    monkeypatch.setenv("WORKSHOP_THREADS", "1")
    monkeypatch.setattr(training.Beside, "train", counted)
    return times


def scenario(folder: Path, size: int = 0) -> SimpleNamespace:
    (folder / "data.csv").write_bytes(b"x" * size)
    return SimpleNamespace(folder=folder, data="data.csv", runs=(), label="y")


def quiet(_: str) -> None:
    """Tell nobody."""


def test_what_is_kept_is_what_was_computed(drawn, figures, cache, here, tmp_path):
    one = Training(scenario(tmp_path)).of(drawn, progress=quiet)
    other = Training(scenario(tmp_path)).of(drawn, progress=quiet)
    assert one == other == drawn.with_keys(figures)
    assert one.suspects
    assert one.learning
    assert len(here) == 1


def test_switched_off_it_is_computed_each_time(
    drawn, cache, here, tmp_path, monkeypatch
):
    monkeypatch.setenv("WORKSHOP_CACHE", "off")
    one = Training(scenario(tmp_path)).of(drawn, progress=quiet)
    assert one == Training(scenario(tmp_path)).of(drawn, progress=quiet)
    assert len(here) == 2
    assert not cache.exists()


def test_no_key_of_a_row_is_kept(drawn, cache, here, tmp_path):
    found = Training(scenario(tmp_path)).of(drawn, progress=quiet)
    kept = "".join(file.read_text() for file in cache.rglob("*.json"))
    assert not [s.key for s in found.suspects if s.key in kept]


@pytest.mark.parametrize(
    "change",
    [
        {"rows": "many"},
        {"positives": None},
        {"suspects": [{"key": 1}]},
        {"more": 1},
        {"why_not": "because"},
    ],
)
def test_what_is_not_of_its_shape_is_computed_anew(
    drawn, cache, here, tmp_path, change
):
    """Even where its digest is right, as no damage would leave it."""
    one = Training(scenario(tmp_path)).of(drawn, progress=quiet)
    (entry,) = (cache / training.KIND).iterdir()
    value = json.loads(entry.read_text())["value"] | change
    training.keep(training.KIND, entry.stem, value)
    assert Training(scenario(tmp_path)).of(drawn, progress=quiet) == one
    assert len(here) == 2


def test_other_data_and_another_program_are_trained_on(
    drawn, cache, here, tmp_path, monkeypatch
):
    Training(scenario(tmp_path)).of(drawn, progress=quiet)
    more = replace(drawn, table=replace(drawn.table, seed=1))
    Training(scenario(tmp_path)).of(more, progress=quiet)
    Training(scenario(tmp_path)).of(replace(drawn, at_hand=501), progress=quiet)
    monkeypatch.setattr(training, "_computed_by", lambda: ("a later one",))
    Training(scenario(tmp_path)).of(drawn, progress=quiet)
    assert len(here) == 4


def test_the_libraries_and_our_own_code_are_part_of_the_name():
    computed_by = training._computed_by()
    assert len(computed_by[0]) == 64
    named = [one.split()[0] for one in computed_by[2:]]
    assert named == ["numpy", "scipy", "pandas", "scikit-learn"]


@pytest.fixture
def started(monkeypatch) -> list[str]:
    """What was started early, without starting it."""
    found: list[str] = []

    class Stub:
        def __init__(self) -> None:
            found.append("started")

        def close(self) -> None:
            found.append("closed")

    monkeypatch.setattr(training, "Beside", Stub)
    return found


def test_a_large_table_is_foreseen_and_a_small_one_is_not(cache, started, tmp_path):
    Training(scenario(tmp_path, 1000)).foresee()
    assert started == []
    foreseen = Training(scenario(tmp_path, training.WORTH_A_START))
    foreseen.foresee()
    foreseen.foresee()
    assert started == ["started"]
    foreseen.needless()
    foreseen.needless()
    assert started == ["started", "closed"]


def test_files_whose_figures_were_kept_are_not_foreseen(
    drawn, cache, here, tmp_path, monkeypatch
):
    of_these = scenario(tmp_path, training.WORTH_A_START)
    Training(of_these).of(drawn, progress=quiet)
    fresh: list[int] = []
    monkeypatch.setattr(training, "Beside", lambda: fresh.append(1))
    Training(of_these).foresee()
    assert fresh == []
    later = (tmp_path / "data.csv").stat().st_mtime + 5
    os.utime(tmp_path / "data.csv", (later, later))
    Training(of_these).foresee()
    assert fresh == [1]


def test_a_scenario_without_a_label_foresees_nothing(cache, started, tmp_path):
    bare = scenario(tmp_path, training.WORTH_A_START)
    bare.label = None
    Given(bare).foresee_training()
    assert started == []
