"""Cases that show where a line is right and where it is surely wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.explain import OWN_RUN, explain, is_own_baseline
from workshop.data.scenario import Run
from workshop.data.source import ScoredRows
from workshop.record.values import Policy

LINE = Policy(kind="single", act_at=0.5)


def scored(scores, labels, keys=None) -> ScoredRows:
    n = len(scores)
    names = [f"r{i:02}" for i in range(n)] if keys is None else keys
    return ScoredRows(
        option="plain",
        keys=np.array(names, dtype=str),
        labels=np.array(labels, dtype=bool),
        scores=np.array(scores, dtype=np.float64),
        clusters=None,
        time=None,
        latency_ms=None,
        place_in_file=np.arange(n),
    )


def everything(rows: ScoredRows) -> np.ndarray:
    return np.ones(len(rows), dtype=bool)


def keys(cases) -> list[str]:
    return [case.key for case in cases]


# Worked by hand: six acted on, four left alone.
#            r00   r01  r02  r03  r04  r05  r06  r07  r08  r09
BY_HAND = scored(
    [0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
    [1, 0, 1, 0, 1, 0, 0, 1, 0, 1],
)


def test_confident_is_far_from_the_line_among_the_rows_of_ones_own_side():
    found = explain(BY_HAND, everything(BY_HAND), LINE)
    # r01 is farther than 4 of 6 acted on, r09 than 3 of 4 left alone
    assert keys(found.mistakes) == ["r09", "r01", "r03", "r07", "r05"]
    assert [c.surer.value for c in found.mistakes] == pytest.approx(
        [3 / 4, 4 / 6, 2 / 6, 1 / 4, 0]
    )
    assert (found.mistakes[0].surer.k, found.mistakes[0].surer.n) == (3, 4)
    assert [c.done for c in found.mistakes] == [
        "left",
        "acted",
        "acted",
        "left",
        "acted",
    ]


def test_no_faint_mistake_stands_among_the_confident_ones():
    """r03 lies farther from the line than 2 of 6: wrong, and not sure of it."""
    found = explain(BY_HAND, everything(BY_HAND), LINE, permitted={"r03": {"x": "y"}})
    assert keys(found.wrong) == ["r09", "r01"]
    assert "r03" in keys(found.mistakes)
    same = scored([0.9] * 4, [0] * 4)
    assert explain(same, everything(same), LINE).wrong == ()


def test_three_right_and_the_confident_wrong_stand_side_by_side():
    found = explain(BY_HAND, everything(BY_HAND), LINE)
    assert keys(found.right) == ["r00", "r02", "r08"]
    assert keys(found.wrong) == ["r09", "r01"]
    assert all(case.right for case in found.right)
    assert not any(case.right for case in (*found.wrong, *found.mistakes))
    assert (found.wrong_in_all.k, found.wrong_in_all.n) == (5, 10)


def test_a_confident_case_that_may_be_read_goes_before_others_and_a_faint_one_not():
    texts = {"r01": {"text": "a"}, "r07": {"text": "b"}, "r02": {"text": "c"}}
    found = explain(BY_HAND, everything(BY_HAND), LINE, permitted=texts)
    assert keys(found.wrong) == ["r01", "r09"]
    assert keys(found.right) == ["r02", "r00", "r08"]
    assert found.wrong[0].shown == {"text": "a"}
    assert keys(found.mistakes) == ["r09", "r01", "r03", "r07", "r05"]


def test_only_permitted_texts_are_ever_known():
    found = explain(BY_HAND, everything(BY_HAND), LINE, permitted={"r03": {"x": "y"}})
    for case in (*found.right, *found.wrong, *found.mistakes):
        assert bool(case.shown) == (case.key == "r03")


def test_a_row_at_the_line_is_acted_on():
    rows = scored([0.5, 0.5 - 1e-12], [0, 1])
    found = explain(rows, everything(rows), LINE)
    assert {c.key: c.done for c in found.mistakes} == {"r00": "acted", "r01": "left"}


def test_what_a_person_is_asked_about_is_neither_right_nor_wrong():
    band = Policy(kind="review_band", act_at=0.75, review_at=0.25)
    found = explain(BY_HAND, everything(BY_HAND), band)
    seen = {*keys(found.right), *keys(found.mistakes)}
    assert seen == {"r00", "r01", "r02", "r08", "r09"}
    assert found.wrong_in_all.n == 5


def test_acting_on_everyone_makes_false_alarms_only_and_on_no_one_misses_only():
    whole = everything(BY_HAND)
    for kind, done in (("all", "acted"), ("none", "left")):
        found = explain(BY_HAND, whole, Policy(kind=kind))
        assert {case.done for case in found.mistakes} == {done}


@pytest.mark.parametrize("policy", [Policy(kind="random", volume=0.3), "today"])
def test_without_a_line_on_the_scores_no_case_can_be_picked(policy):
    policy = Policy(kind="today") if policy == "today" else policy
    assert explain(BY_HAND, everything(BY_HAND), policy) is None


def test_where_a_person_decides_everything_no_case_can_be_picked():
    band = Policy(kind="review_band", act_at=9, review_at=0)
    assert explain(BY_HAND, everything(BY_HAND), band) is None


def test_the_cases_come_from_one_side_of_the_split_and_say_which():
    choosing = np.arange(10) < 5
    chosen = explain(BY_HAND, choosing, LINE)
    aside = explain(BY_HAND, choosing, LINE, side="report")
    assert (chosen.rows, aside.rows) == ("choose", "report")
    assert {*keys(chosen.right), *keys(chosen.mistakes)} <= set(BY_HAND.keys[:5])
    assert {*keys(aside.right), *keys(aside.mistakes)} <= set(BY_HAND.keys[5:])
    assert aside.mistakes[0].score.rows == aside.wrong_in_all.rows == "report"


def test_equal_scores_are_equally_sure_and_stand_by_key_whatever_the_order():
    rows = scored([1.0] * 30, [0] * 30)
    turned = scored([1.0] * 30, [0] * 30, keys=[f"r{i:02}" for i in range(30)][::-1])
    first = explain(rows, everything(rows), LINE)
    assert keys(first.mistakes) == [f"r{i:02}" for i in range(10)]
    assert explain(turned, everything(turned), LINE) == first


def test_rows_that_hang_together_widen_the_share_of_mistakes():
    plain = explain(BY_HAND, everything(BY_HAND), LINE).wrong_in_all
    wider = explain(BY_HAND, everything(BY_HAND), LINE, deff=3.0).wrong_in_all
    assert wider.lo < plain.lo < plain.hi < wider.hi


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.booleans()), min_size=1, max_size=60),
    st.floats(-10, 10),
)
def test_no_other_mistake_is_surer_than_those_shown(rows, cut):
    scores, labels = zip(*rows, strict=True)
    given_rows = scored(scores, labels)
    policy = Policy(kind="single", act_at=cut)
    found = explain(given_rows, everything(given_rows), policy)
    sureness = [case.surer.value for case in found.mistakes]
    assert sureness == sorted(sureness, reverse=True)
    acted = given_rows.scores >= cut
    wrong = given_rows.labels != acted
    assert len(sureness) == min(10, int(wrong.sum())) == min(10, found.wrong_in_all.k)

    def between(one, other):
        return one < other if other >= cut else one > other

    nearer = [
        sum(
            acted[j] == acted[i] and between(scores[j], scores[i])
            for j in range(len(scores))
        )
        / sum(acted == acted[i])
        for i in np.flatnonzero(wrong)
    ]
    assert sureness == pytest.approx(sorted(nearer, reverse=True)[:10])


@given(st.floats(0.01, 100), st.floats(-1000, 1000))
def test_the_same_cases_are_picked_on_any_scale(factor, shift):
    moved = scored(BY_HAND.scores * factor + shift, BY_HAND.labels)
    policy = Policy(kind="single", act_at=float(moved.scores[5]))
    here = explain(BY_HAND, everything(BY_HAND), LINE)
    there = explain(moved, everything(moved), policy)
    assert keys(there.mistakes) == keys(here.mistakes)
    assert keys(there.right) == keys(here.right)


# --- whose run it is -----------------------------------------------------------------


def run(id: str, title: str) -> Run:
    return Run(id=id, title=title, file="runs.parquet")


def test_the_run_that_was_trained_here_is_told_from_one_that_is_only_called_so():
    assert is_own_baseline(run(*OWN_RUN))
    assert not is_own_baseline(run("baseline", "Last year's rules"))
    assert not is_own_baseline(run("model", OWN_RUN[1]))


def test_the_run_that_a_new_scenario_gets_is_the_one_that_is_known_here():
    from inspect import getsource

    from workshop.bring.runs import from_baseline

    source = getsource(from_baseline)
    assert "OWN_RUN" in source or all(f'"{part}"' in source for part in OWN_RUN)
