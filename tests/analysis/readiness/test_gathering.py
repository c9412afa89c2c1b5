"""What is gathered for the checks keeps every column that the scenario names."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import ibis
import pandas as pd
import pyarrow as pa

from tests.analysis.readiness.builders import column, plain_profile
from workshop.analysis.labels import Labelling, labelling_of
from workshop.analysis.readiness.gathering import ToTrain, _roles, to_train


def test_a_cluster_that_is_empty_throughout_stays_among_the_columns():
    found = plain_profile()
    for name in ("shop", "tags"):
        found.columns[name] = column(name, "other")
    scenario = SimpleNamespace(key="id", time="when", annotators=(), cluster="shop")
    roles = _roles(found, scenario, "good")
    assert "shop" in roles
    assert "tags" not in roles


def labelled(rows: int, judged: int) -> ibis.Table:
    """A table of which only the last rows carry a label."""
    half = [i % 2 for i in range(rows)]
    frame = pd.DataFrame({"id": [f"r{i:05}" for i in range(rows)], "x": half})
    frame["good"] = [None if i < rows - judged else half[i] for i in range(rows)]
    return ibis.memtable(pa.Table.from_pandas(frame))


def test_a_label_that_few_rows_carry_is_trained_on_wherever_it_stands(monkeypatch):
    """What is drawn are rows with a label, so that the bound is one of those."""
    folds = import_module("workshop.analysis.baseline.folds")
    monkeypatch.setattr(folds, "MOST_ROWS", 300)
    monkeypatch.setattr(folds, "FEWEST_SAMPLED", 300)
    scenario = SimpleNamespace(
        key="id",
        time=None,
        annotators=(),
        cluster=None,
        seed=0,
        label=SimpleNamespace(column="good", positive=1),
    )
    found = plain_profile()
    found.columns.clear()
    found.columns["x"] = column("x")
    drawn = to_train(labelled(3000, 300), scenario, found, None)
    assert isinstance(drawn, ToTrain)
    assert len(drawn.table.labels) == 300


def test_how_labels_are_priced_is_read_from_the_scenario_once():
    stated = SimpleNamespace(minutes_per_label=3, cost_per_hour=60, labels_per_day=120)
    assert labelling_of(SimpleNamespace(labelling=stated)) == Labelling(3, 60, 120)
    assert labelling_of(SimpleNamespace(labelling=None)) is None
