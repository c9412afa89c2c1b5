"""Is a right answer among the best few, and what would as many by lot have held?"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import Tiny
from workshop.data.rankings import BestFew, chance_by_lot, read_ranking
from workshop.data.scenario import Scenario, load_scenario
from workshop.errors import InputError

KEYS = np.array([f"r{i:02}" for i in range(40)])
LABELS = st.lists(st.integers(0, 1), min_size=1, max_size=7)
"""One key's labels, best rank first."""


def rows(labels_of: dict[str, list[int]], option: str = "plain") -> pd.DataFrame:
    """One row an answer: the labels of each key stand in the order of their ranks."""
    return pd.DataFrame(
        [
            {"id": key, "option": option, "rank": i, "relevant": label}
            for key, labels in labels_of.items()
            for i, label in enumerate(labels, start=1)
        ]
    )


def forty() -> pd.DataFrame:
    """Three answers to each of the forty letters: the i-th has i % 4 right, last."""
    right = {key: i % 4 for i, key in enumerate(KEYS)}
    return rows({key: [0] * (3 - n) + [1] * n for key, n in right.items()})


def written(folder: Path, table: pd.DataFrame, **ranking: object) -> Scenario:
    """Write the tiny scenario with that ranking, and load it."""
    made = Tiny(folder / "tiny")
    file = {"file": "ranked.csv", "where": {"option": "plain"}}
    made.scenario["runs"][0]["ranking"] = file | ranking
    made.raw["ranked.csv"] = table.to_csv(index=False).encode()
    made.raw["ranked.parquet"] = table.to_parquet(index=False)
    return load_scenario(made.write())


def read(
    folder: Path,
    table: pd.DataFrame,
    shows: int = 2,
    keys: np.ndarray = KEYS,
    **ranking: object,
) -> BestFew:
    """Write the tiny scenario with that ranking, and read the ranking."""
    scenario = written(folder, table, **ranking)
    return read_ranking(scenario, scenario.run("plain"), keys, shows)


# --- what is found -------------------------------------------------------------------


def test_a_key_is_hit_when_one_of_its_best_few_is_right(tmp_path):
    best = read(tmp_path, forty(), shows=2)
    assert best.hit.tolist() == [i % 4 >= 2 for i in range(40)]
    assert best.right.tolist() == [i % 4 for i in range(40)]
    assert set(best.candidates) == {3}


def test_by_lot_two_of_three_hold_the_only_right_one_two_times_in_three(tmp_path):
    best = read(tmp_path, forty(), shows=2)
    expected = [0, 2 / 3, 1, 1]
    assert best.by_lot[:4] == pytest.approx(expected, abs=1e-15)


def test_answers_stand_in_the_order_of_the_keys_and_not_of_the_file(tmp_path):
    forwards = read(tmp_path, forty())
    shuffled = forty().sample(frac=1, random_state=1)
    backwards = read(tmp_path, shuffled, keys=KEYS[::-1])
    for field in dataclasses.fields(BestFew):
        one, other = (getattr(best, field.name) for best in (forwards, backwards))
        assert one.tolist() == other[::-1].tolist()


def test_where_picks_the_rows_of_this_run(tmp_path):
    other = rows({key: [1, 1, 1, 1] for key in KEYS}, option="clever")
    best = read(tmp_path, pd.concat([other, forty()]))
    assert set(best.candidates) == {3}


def test_keys_that_the_run_does_not_have_are_left_out(tmp_path):
    extra = pd.concat([rows({"elsewhere": [1]}), forty(), rows({"r99": [0]})])
    assert len(read(tmp_path, extra).hit) == 40
    assert read(tmp_path, extra, keys=KEYS[5:8]).right.tolist() == [1, 2, 3]


def test_columns_may_have_other_names_and_labels_be_true_or_false(tmp_path):
    named = forty().rename(columns={"rank": "place", "relevant": "useful"})
    named["useful"] = named["useful"] == 1
    best = read(tmp_path, named, rank="place", label="useful")
    assert best.hit.tolist() == read(tmp_path, forty()).hit.tolist()


def test_nobody_can_write_into_what_was_read(tmp_path):
    best = read(tmp_path, forty())
    for field in dataclasses.fields(BestFew):
        with pytest.raises(ValueError, match="read-only"):
            getattr(best, field.name)[0] = 0


@settings(max_examples=25)
@given(st.lists(LABELS, min_size=1, max_size=5))
def test_showing_one_more_never_loses_a_right_answer(tmp_path_factory, labels_of):
    keys = KEYS[: len(labels_of)]
    table = rows(dict(zip(keys, labels_of, strict=True)))
    folder = tmp_path_factory.mktemp("ranked")
    scenario = written(folder, table, file="ranked.parquet")
    best = [read_ranking(scenario, scenario.run("plain"), keys, k) for k in range(1, 9)]
    for few, more in itertools.pairwise(best):
        assert (few.hit <= more.hit).all()
        assert (few.by_lot <= more.by_lot).all()
    assert best[-1].hit.tolist() == best[-1].by_lot.astype(bool).tolist()
    assert best[-1].hit.tolist() == [any(labels) for labels in labels_of]


@given(LABELS, st.integers(1, 8))
def test_by_lot_is_what_counting_every_draw_gives(labels, shows):
    draws = list(itertools.combinations(labels, min(shows, len(labels))))
    share = sum(any(draw) for draw in draws) / len(draws)
    counted = np.array([len(labels)]), np.array([sum(labels)])
    assert chance_by_lot(*counted, shows)[0] == pytest.approx(share, abs=1e-14)


# --- what is refused -----------------------------------------------------------------

Break = Callable[[pd.DataFrame], pd.DataFrame]

BROKEN: dict[str, tuple[Break, tuple[str, ...]]] = {
    "no key": (
        lambda t: t.drop(columns="id"),
        ("no column 'id'", "option, rank, relevant", "tiny/scenario.yaml"),
    ),
    "no option": (lambda t: t.drop(columns="option"), ("no column 'option'",)),
    "no rank": (lambda t: t.drop(columns="rank"), ("no column 'rank'",)),
    "no label": (lambda t: t.drop(columns="relevant"), ("no column 'relevant'",)),
    "no row": (
        lambda t: t.assign(option="other"),
        ("no row has {'option': 'plain'}", "correct where:"),
    ),
    "keys missing": (
        lambda t: t.assign(id=t["id"].where(t.index != 4)),
        ("the key 'id' is missing in 1 rows",),
    ),
    "keys without an answer": (
        lambda t: t[~t["id"].isin(["r07", "r08"])],
        ("2 of 40 keys of the run 'plain'", "such as 'r07'", "add their answers"),
    ),
    "a rank twice": (
        lambda t: t.assign(rank=t["rank"].where(t.index != 5, 2)),
        ("'rank' is 2 more than once for the key 'r01'", "a rank of its own"),
    ),
    "a rank left out": (
        lambda t: t.drop(index=4),
        ("'rank' is 3 for the key 'r01' where 2 should stand", "leave none out"),
    ),
    "ranks from nought": (
        lambda t: t.assign(rank=t["rank"] - 1),
        ("'rank' is 0 for the key 'r00' where 1 should stand",),
    ),
    "ranks missing": (
        lambda t: t.assign(rank=t["rank"].where(t.index > 1)),
        ("'rank' is missing in 2 of 120 rows", "fill it in"),
    ),
    "ranks of text": (
        lambda t: t.assign(rank="best"),
        ("'rank' is text (such as 'best')", "1, 2, 3"),
    ),
    "other labels": (
        lambda t: t.assign(relevant=t["relevant"] + (t.index == 8)),
        ("'relevant' is neither 0 nor 1 in 1 of 120 rows (such as 2)", "write 1"),
    ),
    "labels of text": (
        lambda t: t.assign(relevant="yes"),
        ("neither 0 nor 1 in 120 of 120 rows (such as 'yes')",),
    ),
    "labels missing": (
        lambda t: t.assign(relevant=t["relevant"].where(t.index > 0)),
        ("neither 0 nor 1 in 1 of 120 rows (such as missing)",),
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_ranking_that_cannot_be_used_says_what_is_wrong_with_it(tmp_path, kind):
    how, named = BROKEN[kind]
    with pytest.raises(InputError) as refused:
        read(tmp_path, how(forty()))
    said = str(refused.value)
    assert said.startswith("ranked.csv: ")
    assert "\n" not in said
    for part in named:
        assert part in said


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"lost\.csv: no such file in tiny/"):
        read(tmp_path, forty(), file="lost.csv")


def test_a_run_without_a_ranking_cannot_show_its_best(tmp_path):
    scenario = load_scenario(Tiny(tmp_path / "tiny").write())
    with pytest.raises(InputError, match=r"'plain' has no ranking.*add ranking:"):
        read_ranking(scenario, scenario.run("plain"), KEYS, 2)
