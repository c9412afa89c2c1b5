from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workshop.analysis.baseline import baseline_run, train
from workshop.analysis.baseline.auc import area
from workshop.analysis.baseline.folds import read_table, score_unseen
from workshop.errors import InputError

pytestmark = pytest.mark.heavy

NAMES = {"key": "key", "label": "y", "positive": "yes", "roles": {}}
DEPOSITS = Path(__file__).resolve().parents[3] / "datasets/deposit-calls"


def table(n=1500, *, pull=2.0, seed=0, sources=0):
    """Two numbers and a colour; the first number pulls the label."""
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(size=n)
    hit = rng.random(n) < 1 / (1 + np.exp(-pull * x))
    frame = pd.DataFrame(
        {
            "key": [f"r{i:05}" for i in range(n)],
            "x": np.where(rng.random(n) < 0.05, np.nan, x),
            "z": z,
            "colour": rng.choice(["red", "green", "blue"], n),
            "y": np.where(hit, "yes", "no"),
        }
    )
    if sources:
        frame["source"] = [f"s{i}" for i in rng.integers(0, sources, n)]
    return frame


def days(n):
    return pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), unit="h")


# --- the scores that are handed back -------------------------------------------------


def test_every_labelled_row_is_scored_once_in_key_order():
    frame = table().sample(frac=1, random_state=1)
    frame.iloc[:10, frame.columns.get_loc("y")] = None
    found = baseline_run(frame, **NAMES)
    assert found.keys.tolist() == sorted(frame.loc[frame["y"].notna(), "key"])
    assert np.isfinite(found.scores).all()
    assert found.shuffled.value == pytest.approx(area(found.labels, found.scores).value)
    assert found.used == ("x", "z", "colour")
    assert (found.time, found.cluster, found.later, found.cut) == (None,) * 4


@pytest.mark.parametrize("more", [{}, {"cluster": "source"}, {"time": "t"}])
def test_neither_the_order_of_rows_nor_another_run_changes_anything(more):
    frame = table(800, sources=40)
    frame["t"] = days(len(frame))
    one = baseline_run(frame, **NAMES, **more)
    other = baseline_run(frame.sample(frac=1, random_state=3), **NAMES, **more)
    np.testing.assert_array_equal(one.scores, other.scores)
    assert one.keys.tolist() == other.keys.tolist()
    assert one.shuffled == other.shuffled


def test_keys_that_occur_twice_do_not_bring_the_order_back_in():
    frame = table(800)
    frame["key"] = frame["key"].str[:4]
    one = baseline_run(frame, **NAMES)
    other = baseline_run(frame.sample(frac=1, random_state=3), **NAMES)
    np.testing.assert_array_equal(one.scores, other.scores)


@pytest.mark.parametrize(
    ("column", "more"),
    [
        ("number", {"roles": {"number": "id"}}),
        ("number", {"roles": {"number": "leak"}}),
        ("number", {"never": ("number",)}),
    ],
)
def test_a_perfectly_telling_column_that_may_not_be_fed_changes_nothing(column, more):
    frame = table(800)
    plain = baseline_run(frame, **NAMES)
    frame[column] = (frame["y"] == "yes") * 1.0
    found = baseline_run(frame, **(NAMES | more))
    np.testing.assert_array_equal(found.scores, plain.scores)
    assert column in found.left_out


def test_free_text_that_gives_the_label_away_changes_nothing():
    frame = table(800)
    plain = baseline_run(frame, **NAMES)
    frame["note"] = "the answer to this one, said plainly, is " + frame["y"]
    frame["note"] += [f" no {i}" for i in range(len(frame))]
    found = baseline_run(frame, **NAMES)
    np.testing.assert_array_equal(found.scores, plain.scores)
    assert found.left_out["note"] == "free_text"


def test_clusters_are_never_parted_so_what_only_names_them_tells_nothing():
    rng = np.random.default_rng(4)
    frame = table(1200, pull=0.0, sources=30)
    sure = dict(zip(frame["source"].unique(), rng.random(30), strict=True))
    frame["mark"] = frame["source"].map(sure)
    hit = rng.random(1200) < np.round(frame["source"].map(sure) * 97 % 1)
    frame["y"] = np.where(hit, "yes", "no")
    apart = baseline_run(frame, **NAMES, cluster="source")
    blind = baseline_run(frame.drop(columns="source"), **NAMES)
    assert blind.shuffled.lo > 0.9
    assert apart.shuffled.value < 0.75
    assert apart.cluster.tolist() == frame["source"].tolist()


def test_with_a_time_only_the_later_half_is_handed_back():
    frame = table(1000)
    frame["t"] = days(1000)
    found = baseline_run(frame, **NAMES, time="t")
    assert found.keys.tolist() == frame["key"].tolist()[500:]
    assert found.cut == datetime(2025, 1, 21, 20)
    assert found.later.n == 500
    assert found.shuffled.n == 1000
    assert found.left_out["t"] == "time"


@pytest.mark.parametrize(
    "times",
    [
        np.arange(1000),
        days(1000).strftime("%Y-%m-%d %H:%M").to_numpy(),
        days(1000).tz_localize("UTC").to_numpy(),
    ],
)
def test_times_may_be_numbers_or_text(times):
    frame = table(1000).assign(t=times)
    assert len(baseline_run(frame, **NAMES, time="t").keys) == 500


# --- what is refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said", "why_not"),
    [
        (lambda f: f.assign(y=None), "no row has a label", "no_label"),
        (lambda f: f.assign(y="no"), "none of 1500 labels", "one_class"),
        (lambda f: f.assign(y="yes"), "all of 1500 labels", "one_class"),
        (lambda f: f.head(30), "at least 20 of either", "too_few_rows"),
        (lambda f: f[["key", "y"]], "no column is left", "no_features"),
        (lambda f: f[["key", "y"]].assign(c=1), "no column is left", "no_features"),
    ],
)
def test_what_cannot_be_trained_on_is_said_and_never_guessed(change, said, why_not):
    frame = change(table())
    with pytest.raises(InputError, match=said):
        baseline_run(frame, **NAMES)
    assert train(frame, **NAMES).why_not == why_not


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="no column 'wen'"):
        train(table(), **NAMES, time="wen")


@pytest.mark.parametrize("times", ["2025-01-01", "who knows", None])
def test_a_time_that_parts_nothing_is_an_error_for_a_run_and_a_blank_for_a_review(
    times,
):
    frame = table(600).assign(t=times)
    with pytest.raises(InputError, match="earlier and a later half"):
        baseline_run(frame, **NAMES, time="t")
    found = train(frame, **NAMES, time="t")
    assert (found.later, found.gap, found.cut) == (None, None, None)
    assert found.shuffled is not None


# --- what the trained checks read ----------------------------------------------------


def test_pure_noise_is_a_half_and_nobodys_label_is_doubted():
    found = train(table(2000, pull=0.0), **NAMES)
    assert found.shuffled.lo < 0.5 < found.shuffled.hi
    assert found.suspects == ()
    assert found.suspected is None


@pytest.mark.slow
def test_training_tells_the_same_twice_and_in_any_order():
    frame = table(1200, sources=60)
    frame["t"] = days(len(frame))
    one = train(frame, **NAMES, time="t", cluster="source", rows=900)
    other = train(
        frame.sample(frac=1, random_state=5),
        **NAMES,
        time="t",
        cluster="source",
        rows=900,
    )
    assert one == other
    assert one.rows == 900


def test_a_leak_makes_the_shuffled_figure_high():
    frame = table(1000)
    assert train(frame, **NAMES).shuffled.value < 0.9
    frame["after"] = (frame["y"] == "yes") + np.random.default_rng(1).normal(
        size=1000, scale=0.1
    )
    assert train(frame, **NAMES).shuffled.lo > 0.98


@pytest.mark.slow
def test_a_turn_in_time_makes_a_gap_and_a_steady_table_makes_none():
    frame = table(3000)
    frame["t"] = days(3000)
    steady = train(frame, **NAMES, time="t")
    assert steady.gap.lo < 0.02
    # From the cut on the first number pulls the other way. A shuffled model is told
    # which rows these are; one of the earlier rows has never seen such a thing.
    frame["era"] = (frame.index >= 1500) * 1.0
    frame.loc[frame.index >= 1500, "x"] *= -1
    turned = train(frame, **NAMES, time="t")
    assert turned.gap.lo > 0.2
    assert turned.later.hi < 0.5 < turned.shuffled.lo
    assert turned.cut == datetime(2025, 3, 4, 12)


@pytest.mark.parametrize("cut", [0.0, 1.2], ids=["half positive", "one in eight"])
def test_flipped_labels_are_found_among_the_suspects(cut):
    rng = np.random.default_rng(6)
    frame = table(4000)
    hit = frame["z"] > cut
    flipped = rng.random(4000) < 0.05
    frame["y"] = np.where(hit ^ flipped, "yes", "no")
    found = train(frame, **NAMES)
    wrong = set(frame.loc[flipped, "key"])
    among = sum(one.key in wrong for one in found.suspects) / len(found.suspects)
    assert among > 0.8
    assert len(found.suspects) > 0.6 * min(len(wrong), 200)
    assert found.suspected.lo <= flipped.mean() <= found.suspected.hi
    chances = [one.chance for one in found.suspects]
    assert chances == sorted(chances)


def test_labels_that_merely_overlap_are_not_called_wrong():
    found = train(table(4000, pull=1.8), **NAMES)
    assert found.shuffled.lo > 0.7
    assert found.suspected.lo == 0


def test_flipped_labels_of_two_even_classes_are_told_from_overlap():
    frame = table(6000)
    flipped = np.random.default_rng(2).random(6000) < 0.06
    frame["y"] = np.where((frame["z"] > 0) ^ flipped, "yes", "no")
    assert train(frame, **NAMES).suspected.lo > 0.02


def test_many_sparse_columns_of_every_kind_go_through():
    rng = np.random.default_rng(0)
    frame = table(600)
    for i in range(60):
        full = rng.random(600) < 0.02
        frame[f"n{i}"] = np.where(full, rng.normal(size=600), np.nan)
        frame[f"t{i}"] = np.where(full, "seen", None)
    found = train(frame, **NAMES)
    assert found.why_not == ""
    assert len(found.used) + len(found.left_out) == len(frame.columns)


def test_progress_names_the_stages_in_turn():
    said = []
    train(table(300), **NAMES, progress=said.append)
    stages = ["rows", "folds", "later", "suspects", "importances", "learning"]
    assert said == stages


# --- figures of the bank's calls, measured elsewhere ---------------------------------

NOT_FED = {"call_id": "id", "contact_date": "time", "age_group": "leak"}


def deposits():
    if not (DEPOSITS / "after-release.parquet").exists():
        pytest.skip("the deposit calls are not built")
    parts = [
        pd.read_parquet(DEPOSITS / f"{name}.parquet")
        for name in ("data", "after-release")
    ]
    both = pd.concat(parts, ignore_index=True)[list(parts[0].columns)]
    assert len(both) == 45_211
    return both


@pytest.mark.slow
@pytest.mark.parametrize(
    ("left_out", "published"),
    [
        ((), 0.935),
        (("duration",), 0.798),
        (("duration", "month", "day"), 0.762),
    ],
)
def test_the_shuffled_figures_of_the_bank_are_those_measured_elsewhere(
    left_out, published
):
    found = baseline_run(
        deposits(),
        key="call_id",
        label="subscribed",
        positive="yes",
        roles=NOT_FED,
        never=left_out,
    )
    assert found.shuffled.value == pytest.approx(published, abs=0.015)


@pytest.mark.slow
def test_the_later_figure_of_the_bank_is_that_measured_elsewhere():
    rows = read_table(
        deposits(),
        key="call_id",
        label="subscribed",
        positive="yes",
        roles=NOT_FED | {"duration": "leak"},
        never=("day", "month"),
    )
    when = rows.frame["contact_date"].to_numpy()
    before = np.flatnonzero(when < np.datetime64("2009-05-01"))
    after = np.flatnonzero(
        (when >= np.datetime64("2009-05-01")) & (when < np.datetime64("2009-12-01"))
    )
    (scores,) = score_unseen(rows, [(before, after)])
    assert rows.labels[before].mean() == pytest.approx(0.066, abs=0.0006)
    assert rows.labels[after].mean() == pytest.approx(0.191, abs=0.0006)
    assert area(rows.labels[after], scores).value == pytest.approx(0.687, abs=0.015)
