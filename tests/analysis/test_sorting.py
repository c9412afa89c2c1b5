"""Scores in order with their labels: as an argsort gives them, whatever the bits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis import sorting
from workshop.analysis.sorting import sort_with_labels

TINY = 5e-324  # the least subnormal
HUGE = 1.7976931348623157e308

odd = st.sampled_from(
    [0.0, -0.0, TINY, -TINY, 1.0, 1.9999999999999998, 2.0, -2.0, HUGE, -HUGE]
)
finite = st.floats(allow_nan=False, allow_infinity=False)
rows = st.lists(st.tuples(st.booleans(), odd | finite), min_size=1, max_size=60)


def sorted_by(given_rows):
    hits = np.array([hit for hit, _ in given_rows])
    scores = np.array([score for _, score in given_rows])
    largest = float(np.abs(scores).max())
    return scores, hits, *sort_with_labels(scores, hits, largest=largest)


@given(rows)
def test_scores_ascend_and_come_back_bit_for_bit(given_rows):
    scores, _, ascending, _ = sorted_by(given_rows)
    # Adding zero turns -0.0, which comes back as 0.0, and no other number.
    assert ascending.tobytes() == (np.sort(scores) + 0.0).tobytes()


@given(rows)
def test_each_label_stays_with_its_score(given_rows):
    scores, hits, ascending, found = sorted_by(given_rows)
    for score in np.unique(scores):
        expected = hits[scores == score].sum()
        assert found[ascending == score].sum() == expected
    assert set(found.tolist()) <= {0, 1}


@pytest.mark.parametrize("size", [1, 2, 3, 8, 9, 100, 101])
@pytest.mark.parametrize("scale", [1.0, 40.0])
def test_blocks_meet_without_a_seam(monkeypatch, size, scale):
    monkeypatch.setattr(sorting, "_BLOCK", 4)
    rng = np.random.default_rng(size)
    scores = rng.normal(size=size) * scale
    hits = rng.random(size) < 0.5
    largest = float(np.abs(scores).max())
    ascending, found = sort_with_labels(scores, hits, largest=largest)
    order = np.argsort(scores)
    assert ascending.tolist() == scores[order].tolist()
    assert found.tolist() == hits[order].tolist()


def test_scores_too_far_apart_for_a_spare_bit_are_sorted_all_the_same():
    given_rows = [(True, HUGE), (False, TINY), (True, -TINY), (False, -HUGE)]
    _, _, ascending, found = sorted_by(given_rows)
    assert ascending.tolist() == [-HUGE, -TINY, TINY, HUGE]
    assert found.tolist() == [0, 1, 0, 1]
