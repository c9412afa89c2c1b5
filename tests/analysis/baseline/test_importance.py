"""A column matters to the model by what it loses without it, on unseen rows."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from tests.analysis.baseline.test_baseline import NAMES, days, table
from workshop.analysis.baseline import train
from workshop.analysis.baseline.folds import fit, folds, read_table
from workshop.analysis.baseline.importance import permute

importance = import_module("workshop.analysis.baseline.importance")


def lost(found) -> dict[str, float]:
    return {one.column: one.lost.value for one in found}


def test_the_column_that_pulls_the_label_is_leant_on_most():
    found = train(table(), **NAMES).importances
    assert found[0].column == "x"
    first = found[0].lost
    assert 0.15 < first.lo <= first.value <= first.hi
    assert first.unit == "difference of shares"
    assert first.n == 300
    assert {one.column for one in found} == {"x", "z", "colour"}
    assert all(abs(v) < 0.05 for c, v in lost(found).items() if c != "x")


def test_it_agrees_with_scikit_learns_own_figure():
    from sklearn.inspection import permutation_importance
    from sklearn.metrics import roc_auc_score

    rows = read_table(table(), **NAMES)
    seen, unseen = folds(rows)[0]

    class Fitted:
        """A model that is already fitted, as scikit-learn asks for one."""

        score = staticmethod(fit(rows, seen))

        def fit(self):
            raise NotImplementedError

    theirs = permutation_importance(
        Fitted(),
        rows.inputs.values[unseen],
        rows.labels[unseen],
        scoring=lambda model, x, y: roc_auc_score(y, model.score(x)),
        n_repeats=30,
        random_state=1,
    )
    ours = lost(permute(rows, (seen, unseen)))
    # another draw of shuffles: the means of ten and of thirty agree to a point
    for name, mean in zip(rows.inputs.used, theirs.importances_mean, strict=True):
        assert ours[name] == pytest.approx(mean, abs=0.01)


def test_all_parts_of_a_time_are_shuffled_together():
    frame = table(2000, pull=0.0)
    frame["t"] = days(2000)
    hour = frame["t"].dt.hour
    frame["y"] = np.where((hour < 12) & (frame["t"].dt.day_of_week < 5), "yes", "no")
    rows = read_table(frame, **NAMES)
    assert len(rows.inputs.column_of) == len(rows.inputs.categorical) > 4
    found = permute(rows, folds(rows)[0])
    assert found[0].column == "t"
    assert found[0].lost.value > 0.4


@pytest.mark.slow
def test_at_most_ten_are_shown_largest_first():
    frame = table(600)
    rng = np.random.default_rng(3)
    more = {f"n{i}": rng.normal(size=600) for i in range(40)}
    found = train(pd.concat([frame, pd.DataFrame(more)], axis=1), **NAMES).importances
    assert len(found) == 10
    values = [one.lost.value for one in found]
    assert values == sorted(values, reverse=True)
    assert found[0].column == "x"


def test_a_model_that_knows_nothing_leans_on_nothing():
    assert train(table(2000, pull=0.0), **NAMES).importances == ()


def test_what_was_never_fed_is_never_asked():
    frame = table(800)
    frame["after"] = (frame["y"] == "yes") * 1.0
    found = train(frame, **(NAMES | {"roles": {"after": "leak"}})).importances
    assert "after" not in lost(found)


def test_how_much_is_asked_at_once_changes_nothing(monkeypatch):
    rows = read_table(table(), **NAMES)
    pair = folds(rows)[0]
    whole = permute(rows, pair)
    monkeypatch.setattr(importance, "MOST_AT_ONCE", 1)
    assert permute(rows, pair) == whole


def test_many_unseen_rows_are_sampled(monkeypatch):
    monkeypatch.setattr(importance, "MOST_UNSEEN", 100)
    rows = read_table(table(), **NAMES)
    assert permute(rows, folds(rows)[0])[0].lost.n == 100
