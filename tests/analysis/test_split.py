"""Which rows choose, and which report: decided once, and by no accident."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.split import group_codes, split_rows
from workshop.errors import InputError

clustered = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from("abcdefgh")),
    min_size=4,
    max_size=60,
    unique_by=lambda row: row[0],
).filter(lambda rows: len({cluster for _, cluster in rows}) > 1)


@given(clustered, st.integers(0, 99), st.randoms(use_true_random=False))
def test_the_order_of_rows_moves_no_row_across(rows, seed, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert chosen(rows, seed) == chosen(shuffled, seed)


@given(clustered, st.integers(0, 99))
def test_a_cluster_stays_whole_and_neither_side_is_empty(rows, seed):
    keys, clusters = zip(*rows, strict=True)
    split = split_rows(keys, cluster=clusters, seed=seed)
    assert split.by == "cluster"
    assert 0 < split.choose.sum() < len(rows)
    assert (split.choose ^ split.report).all()
    for cluster in set(clusters):
        assert len(set(split.choose[np.array(clusters) == cluster])) == 1


@given(clustered, st.integers(0, 99))
def test_the_cases_are_never_reported_on(rows, seed):
    keys, clusters = zip(*rows, strict=True)
    split = split_rows(keys, cluster=clusters, seed=seed, always_choose=[keys[0]])
    assert split.choose[0]
    assert split.report.any()


@given(st.sets(st.integers(0, 10**6), min_size=2, max_size=300), st.integers(0, 99))
def test_without_clusters_about_half_of_the_keys_choose(keys, seed):
    split = split_rows(sorted(keys), seed=seed)
    assert split.by == "key"
    assert abs(split.choose.sum() - len(keys) / 2) <= 0.5


def test_the_share_is_what_was_asked_for():
    for share in (0.1, 0.3, 0.8):
        split = split_rows(range(1000), seed=1, share=share)
        assert split.choose.mean() == pytest.approx(share, abs=0.001)


def test_this_split_is_the_one_it_always_was():
    # Pinned: a library upgrade that moved a row across would void every saved choice.
    split = split_rows(range(12), seed=7)
    assert np.flatnonzero(split.choose).tolist() == [1, 2, 4, 5, 10, 11]


def test_another_seed_is_another_split():
    one, other = split_rows(range(100), seed=1), split_rows(range(100), seed=2)
    assert (one.choose != other.choose).any()


def test_a_key_is_the_same_key_as_a_number_or_as_text():
    as_int = split_rows(np.arange(50), seed=3).choose
    as_float = split_rows(np.arange(50).astype(float), seed=3).choose
    as_text = split_rows([str(i) for i in range(50)], seed=3).choose
    assert (as_int == as_float).all()
    assert (as_int == as_text).all()


def test_a_pinned_key_without_a_row_changes_nothing():
    split = split_rows(range(50), seed=3, always_choose=["elsewhere"])
    assert (split.choose == split_rows(range(50), seed=3).choose).all()


def test_the_largest_cluster_does_not_swallow_the_reporting_rows():
    clusters = ["big"] * 90 + ["small"] * 10
    for seed in range(20):
        split = split_rows(range(100), cluster=clusters, seed=seed)
        assert split.choose.any()
        assert split.report.any()


def test_a_share_below_every_cluster_still_leaves_one_to_choose_on():
    split = split_rows(range(10), cluster=list("aaaaaabbbb"), seed=0, share=0.05)
    assert split.choose.tolist() == [False] * 6 + [True] * 4


def test_by_time_the_later_rows_report():
    times = pd.to_datetime(["2024-03-01", "2024-01-01", "2024-04-01", "2024-02-01"])
    split = split_rows(list("abcd"), time=times, seed=0)
    assert split.by == "time"
    assert split.choose.tolist() == [False, True, False, True]


def test_rows_of_equal_time_stay_together():
    split = split_rows(range(6), time=[1, 1, 1, 1, 2, 3], seed=0)
    assert split.choose.tolist() == [True] * 4 + [False] * 2


def test_a_time_decides_before_a_cluster_does():
    split = split_rows(range(4), time=[1, 2, 3, 4], cluster=list("abab"), seed=0)
    assert split.choose.tolist() == [True, True, False, False]


def test_a_late_case_chooses_alone():
    split = split_rows(range(6), time=range(6), seed=0, always_choose=[5])
    assert split.choose.tolist() == [True, True, True, False, False, True]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: split_rows([1, 1, 1], seed=0), "at least two"),
        (lambda: split_rows([1, 2], cluster=["a", "a"], seed=0), "by cluster needs"),
        (lambda: split_rows([1, None], seed=0), "1 of 2 rows have no key"),
        (lambda: split_rows([1, 2], cluster=["a", None], seed=0), "no cluster"),
        (lambda: split_rows([1, 2], cluster=["a"], seed=0), "2 keys but 1 values"),
        (lambda: split_rows([1, 2], time=[5, 5], seed=0), "two distinct times"),
        (lambda: split_rows([1, 2], time=[5, None], seed=0), "have no time"),
        (
            lambda: split_rows([1, 2], time=np.array([5, "x"], dtype=object), seed=0),
            "no order",
        ),
        (lambda: split_rows([1, 2], seed=0, share=1.0), "between 0 and 1"),
        (
            lambda: split_rows(
                [1, 2, 3], cluster=list("aab"), seed=0, always_choose=[1, 3]
            ),
            "cases touch every cluster",
        ),
        (
            lambda: split_rows([1, 2], time=[1, 2], seed=0, always_choose=[2]),
            "no later row",
        ),
    ],
)
def test_a_split_that_cannot_be_says_why(call, says):
    with pytest.raises(InputError, match=says):
        call()


def test_groups_are_numbered_in_the_order_of_their_text():
    codes, names = group_codes(["b", "a", "b", "c"], what="cluster")
    assert names == ["a", "b", "c"]
    assert codes.tolist() == [1, 0, 1, 2]


def chosen(rows, seed):
    keys, clusters = zip(*rows, strict=True)
    split = split_rows(keys, cluster=clusters, seed=seed)
    return {key for key, taken in zip(keys, split.choose, strict=True) if taken}


def test_a_day_deals_the_rows_out_once_and_for_all():
    days = np.array(["2013-07-30", "2013-07-31", "2013-08-01"], "datetime64[D]")
    split = split_rows(range(3), seed=1, share="2013-08-01", time=days)
    assert split.by == "time"
    assert split.choose.tolist() == [True, True, False]


def test_a_day_needs_a_time_column():
    with pytest.raises(InputError, match="no time column"):
        split_rows(range(3), seed=1, share="2013-08-01")


@pytest.mark.parametrize(("day", "where"), [("2014-01", "before"), ("2012-01", "from")])
def test_a_day_outside_the_rows_is_refused(day, where):
    days = np.array(["2013-07-30", "2013-08-01"], "datetime64[D]")
    with pytest.raises(InputError, match=f"all rows lie {where}"):
        split_rows(range(2), seed=1, share=day, time=days)
