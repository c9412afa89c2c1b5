"""A judge's labels and people's, in one order; what cannot be used is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.helpers import Tiny
from workshop.data.judged import Judged, read_judged
from workshop.data.scenario import load_scenario
from workshop.data.source import load_data, scored_rows
from workshop.errors import InputError


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """Forty letters judged by a model, every third by a person too, and judged again.

    The person disagrees on one row; the second run of the judge on another.
    """
    made = Tiny(tmp_path / "tiny")
    good = made.runs["good"]
    looked = np.arange(len(good)) % 3 == 0
    made.runs["person"] = good.where(looked).astype(float)
    made.runs.loc[3, "person"] = 1 - good[3]
    made.runs["again"] = good
    made.runs.loc[5, "again"] = 1 - good[5]
    made.scenario["cluster"] = "shop"
    made.scenario["judge"] = {
        "human": "person",
        "repeats": ["again"],
        "at_random": True,
        "title": "a large model",
    }
    return made


def read(tiny: Tiny) -> Judged:
    scenario = load_scenario(tiny.write())
    return read_judged(scenario, "plain", load_data(scenario))


def test_all_labels_stand_in_the_order_of_the_scored_rows(tiny):
    shuffled = tiny.runs.sample(frac=1, random_state=1)
    plain = tiny.runs[tiny.runs["option"] == "plain"].sort_values("id")
    tiny.runs = shuffled
    found = read(tiny)
    scenario = load_scenario(tiny.folder)
    rows = scored_rows(scenario, "plain", load_data(scenario))
    assert rows.keys.tolist() == plain["id"].tolist()
    assert found.judge.tolist() == rows.labels.tolist()
    assert found.clusters.tolist() == rows.clusters.tolist()
    np.testing.assert_array_equal(found.human, plain["person"])
    np.testing.assert_array_equal(found.repeats, [plain["again"] == 1])
    assert (found.at_random, found.title) == (True, "a large model")
    assert found.means == "it was right"


def test_what_was_read_cannot_be_written_to(tiny):
    found = read(tiny)
    for array in (found.judge, found.human, found.repeats, found.clusters):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = array


def test_peoples_labels_may_stand_in_the_data_table(tiny):
    expected = read(tiny).human
    plain = tiny.runs[tiny.runs["option"] == "plain"]
    tiny.data["person"] = plain.set_index("id")["person"].reindex(tiny.data["id"]).array
    tiny.runs = tiny.runs.drop(columns="person")
    np.testing.assert_array_equal(read(tiny).human, expected)


@pytest.mark.parametrize("parquet", [False, True])
def test_labels_may_be_words_and_no_further_run_is_needed(tiny, parquet):
    words = {1: "answers", 0: "misses"}
    expected = read(tiny)
    for column in ("good", "person"):
        tiny.runs[column] = tiny.runs[column].map(words)
    tiny.scenario["label"]["positive"] = "answers"
    tiny.scenario["judge"]["repeats"] = []
    if parquet:
        tiny.use_parquet()
    found = read(tiny)
    np.testing.assert_array_equal(found.human, expected.human)
    np.testing.assert_array_equal(found.judge, expected.judge)
    assert found.repeats.shape == (0, 40)


def _column_gone(t: Tiny) -> None:
    t.runs = t.runs.drop(columns="person")


def _nobody_looked(t: Tiny) -> None:
    t.runs["person"] = np.nan


def _a_third_word(t: Tiny) -> None:
    t.runs.loc[6, "person"] = 0.5


def _other_words(t: Tiny) -> None:
    t.runs["person"] = t.runs["person"].map({1: "yes", 0: "no"})


def _repeat_gone(t: Tiny) -> None:
    t.runs = t.runs.drop(columns="again")


def _repeat_missing(t: Tiny) -> None:
    t.runs["again"] = t.runs["again"].astype(float)
    t.runs.loc[[4, 8], "again"] = np.nan


def _its_own_judge(t: Tiny) -> None:
    t.scenario["judge"]["human"] = "good"


def _no_judge(t: Tiny) -> None:
    del t.scenario["judge"]


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (_column_gone, ("runs.csv and data.csv", "'person'", "tiny/scenario.yaml")),
        (_repeat_gone, ("runs.csv and data.csv", "'again'", "tiny/scenario.yaml")),
        (
            _nobody_looked,
            (
                "'person'",
                "judge labels without any human ones",
                "no corrected number",
                "about 100 rows drawn at random",
            ),
        ),
        (_a_third_word, ("runs.csv", "'person'", "'0.5'", "the same words")),
        (_other_words, ("runs.csv", "'person'", "'no'", "none of the judge's labels")),
        (_repeat_missing, ("runs.csv", "'again'", "missing in 2 of 40", "repeats")),
        (_its_own_judge, ("scenario.yaml", "'good'", "more than once")),
        (_no_judge, ("scenario.yaml", "names no judge")),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(
    tiny: Tiny, breaks: Callable[[Tiny], None], says: tuple[str, ...]
):
    breaks(tiny)
    with pytest.raises(InputError) as refused:
        read(tiny)
    assert [word for word in says if word not in str(refused.value)] == []
    assert "\n" not in str(refused.value)


def test_labels_of_another_length_are_refused():
    judge, none = np.array([True, False]), np.zeros((0, 2), dtype=bool)
    with pytest.raises(InputError, match="each row needs one of each"):
        Judged(judge, np.array([1.0]), none)
    with pytest.raises(InputError, match="each row needs one of each"):
        Judged(judge, np.array([1.0, 0]), np.zeros((1, 3), dtype=bool))
    with pytest.raises(InputError, match="each row needs one of each"):
        Judged(judge, np.array([1.0, 0]), none, np.array(["a"]))
    with pytest.raises(InputError, match="1, 0 or missing"):
        Judged(judge, np.array([1.0, 2]), none)
    with pytest.raises(InputError, match="without any human ones"):
        Judged(judge, np.array([np.nan, np.nan]), none)
