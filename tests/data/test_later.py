"""New rows after release: what is read, and what is refused in one clear sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.analysis.retro.world import TODAY, World, after
from tests.helpers import Tiny
from workshop.data.catalog import find_target
from workshop.data.later import Later, by_month, load_later
from workshop.data.source import load_data
from workshop.errors import InputError


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("later"))


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path / "tiny")


def long_file(n: int = 30) -> pd.DataFrame:
    """New rows of the tiny scenario, a row for each option."""
    keys = [f"n{i:02}" for i in range(n)]
    score = [((7 * i) % n) / n for i in range(n)]
    good = [int(s > 0.3) for s in score]
    one = {"id": keys, "text": "new", "shop": "shop 1", "score": score}
    return pd.concat(
        [
            pd.DataFrame(one | {"option": option, "good": good})
            for option in ("plain", "clever")
        ],
        ignore_index=True,
    )


def read_long(tiny: Tiny, frame: pd.DataFrame, name: str = "after.csv") -> Later:
    scenario = find_target(str(tiny.write())).scenario
    path = tiny.folder / name
    frame.to_csv(path, index=False) if name.endswith("csv") else frame.to_parquet(path)
    return load_later(scenario, path, load_data(scenario), as_of=TODAY)


# --- what is read ---------------------------------------------------------------------


def test_a_wide_file_gives_every_run_its_rows(world: World) -> None:
    frame = after()
    found = world.read(frame)
    assert list(found.runs) == ["a", "b"]
    assert len(found) == len(frame)
    assert found.days == ("2026-07-06", "2026-08-30")
    own = found.runs["b"].rows
    expected = frame.set_index("id").loc[own.keys]
    assert np.array_equal(own.scores, expected["score_b"])
    assert np.array_equal(own.labels, expected["good"] == 1)
    assert found.runs["b"].known.all()


@pytest.mark.parametrize("name", ["after.csv", "after.parquet"])
def test_a_long_file_is_taken_apart_as_the_runs_are(tiny: Tiny, name: str) -> None:
    found = read_long(tiny, long_file(), name)
    assert {run: len(rows) for run, rows in found.runs.items()} == {
        "plain": 30,
        "clever": 30,
    }
    assert len(found.table) == 30
    assert found.days == ("", "")
    assert by_month(found) == (found,)


def test_the_order_of_rows_means_nothing(world: World) -> None:
    frame = after()
    one, other = world.read(frame), world.read(frame.sample(frac=1, random_state=1))
    assert one.digest == other.digest


def test_a_label_that_is_not_there_yet_is_late_and_no_mistake(world: World) -> None:
    found = world.read(after().drop(columns="good"))
    assert not found.runs["a"].known.any()
    frame = after()
    frame["good"] = frame["good"].astype("Int64")
    frame.loc[frame["at"] >= "2026-08-01", "good"] = pd.NA
    part = world.read(frame).runs["a"]
    assert part.known.sum() == (frame["at"] < "2026-08-01").sum()
    assert len(part.judged) == part.known.sum()


def test_labels_younger_than_their_delay_do_not_count_yet(tmp_path: Path) -> None:
    label = {"column": "good", "positive": 1, "means": "right", "delay_days": 30}
    world = World(tmp_path, label=label)
    found = world.read(after(), as_of=date(2026, 8, 15))
    days = pd.to_datetime(pd.Series(found.runs["a"].rows.time)).dt.date
    assert np.array_equal(found.runs["a"].known, days <= date(2026, 7, 16))


def test_months_are_lived_through_one_after_the_other(world: World) -> None:
    parts = by_month(world.read(after()))
    assert [part.days for part in parts] == [
        ("2026-07-06", "2026-07-31"),
        ("2026-08-01", "2026-08-30"),
    ]
    assert sum(map(len, parts)) == 560
    assert all(len(part.runs["a"]) == len(part.table) for part in parts)


def test_a_run_without_a_score_is_told_with_the_nearest_column(world: World) -> None:
    frame = after().rename(columns={"score_b": "score_bb"})
    (missing,) = world.read(frame).not_there
    assert (missing.run, missing.column, missing.nearest) == (
        "b",
        "score_b",
        "score_bb",
    )


def test_rows_that_the_workshop_had_are_left_out_and_counted(world: World) -> None:
    frame = pd.concat([after(), world.own.head(40)], ignore_index=True)
    found = world.read(frame)
    assert (len(found), found.known_before) == (560, 40)


def test_what_was_read_cannot_be_changed(world: World) -> None:
    rows = world.read(after()).runs["a"]
    for array in (rows.known, rows.rows.scores, rows.rows.labels, rows.judged.scores):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]


# --- what is refused ------------------------------------------------------------------


def refused(world: World, frame: pd.DataFrame, option: str | None = "a") -> str:
    with pytest.raises(InputError) as error:
        world.read(frame, option=option)
    text = str(error.value)
    assert text.startswith("after.parquet")
    assert len(text) < 400
    return text


def test_other_columns_are_refused_and_the_nearest_is_offered(world: World) -> None:
    text = refused(world, after().rename(columns={"id": "ID"}))
    assert "no column 'id'; did you mean 'ID'?" in text
    text = refused(world, after().rename(columns={"at": "moment"}))
    assert "no column 'at'" in text


def test_without_the_score_of_the_option_it_says_what_is_possible(world: World) -> None:
    text = refused(world, after().rename(columns={"score_a": "scoreA"}))
    assert "'score_a' (did you mean 'scoreA'?)" in text
    assert "only these can be looked at: b" in text


def test_without_any_score_nothing_can_be_held(world: World) -> None:
    frame = after().drop(columns=["score_a", "score_b"])
    assert "no option has a score" in refused(world, frame, option=None)


def test_labels_in_another_coding_are_refused(world: World) -> None:
    frame = after()
    for coding in ({0: "no", 1: "yes"}, {0: -1, 1: 1}, {0: "0", 1: "1"}):
        text = refused(world, frame.assign(good=frame["good"].map(coding)))
        assert "the label 'good' is written in another way" in text
        assert repr(coding[0]) in text


def test_labels_that_equal_the_own_ones_are_read_whatever_their_type(
    world: World,
) -> None:
    frame = after()
    for kind in ("bool", "float64", "int8"):
        found = world.read(frame.assign(good=frame["good"].astype(kind)))
        assert found.runs["a"].rows.labels.sum() == frame["good"].sum()


def test_a_label_under_nearly_the_same_name_is_no_late_label(world: World) -> None:
    text = refused(world, after().rename(columns={"good": "Good"}))
    assert "no label column 'good', but 'Good'" in text


def test_a_key_that_stands_twice_or_is_missing_is_refused(world: World) -> None:
    frame = after()
    assert "more than once" in refused(world, pd.concat([frame, frame.head(1)]))
    frame.loc[3, "id"] = None
    assert "'id' is missing in 1 of 560 rows" in refused(world, frame)


def test_the_rows_of_the_workshop_itself_are_no_news(world: World) -> None:
    text = refused(world, world.own.assign())
    assert "600 of 600 rows were in the workshop's own data" in text


def test_an_empty_file_is_refused(world: World) -> None:
    assert "no row under it" in refused(world, after().head(0))


def test_a_file_that_is_not_there_is_refused(world: World) -> None:
    with pytest.raises(InputError, match=r"nowhere.parquet: no such file"):
        load_later(
            world.scenario,
            world.folder / "nowhere.parquet",
            world.given.data,
            as_of=TODAY,
        )


def test_times_that_cannot_be_read_are_refused(world: World) -> None:
    frame = after()
    text = refused(world, frame.assign(at=range(len(frame))))
    assert "the time 'at' is a number" in text
    words = frame["at"].dt.date.astype(str).where(frame.index != 7, "tomorrow")
    assert "'at'" in refused(world, frame.assign(at=words))
    frame.loc[7, "at"] = pd.NaT
    assert "cannot be read in 1 of 560 rows" in refused(world, frame)


def test_a_score_that_is_missing_or_text_is_refused(world: World) -> None:
    frame = after()
    frame.loc[2, "score_a"] = np.nan
    assert "the score 'score_a' is missing in 1 of 560" in refused(world, frame)
    assert "is text" in refused(world, frame.assign(score_a="high"))


def test_a_long_file_without_its_option_column_is_refused(tiny: Tiny) -> None:
    with pytest.raises(InputError, match="there is no column 'option'"):
        read_long(tiny, long_file().drop(columns="option"))
