"""Agreement of two: raw, beyond chance, and "cannot tell" where chance is all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from workshop.analysis.agreement_stats import cohen_kappa
from workshop.errors import InputError

words = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1)


@given(words)
def test_agrees_with_scikit_learn_wherever_it_can_tell(pairs):
    table = np.zeros((3, 3), dtype=int)
    for one, other in pairs:
        table[one, other] += 1
    found = cohen_kappa(table)
    assert found.agreement == np.mean([one == other for one, other in pairs])
    if len({word for pair in pairs for word in pair}) == 1:
        assert found.value is None
    else:
        expected = cohen_kappa_score(*zip(*pairs, strict=True), labels=[0, 1, 2])
        assert found.value == pytest.approx(expected)
        assert -1 <= found.lo <= found.value <= found.hi <= 1


def test_the_sides_may_be_swapped():
    table = np.array([[20, 5, 1], [10, 50, 2], [0, 3, 9]])
    one, other = cohen_kappa(table), cohen_kappa(table.T)
    assert (one.value, one.se) == pytest.approx((other.value, other.se))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ([[1, 2, 3], [4, 5, 6]], "square"),
        ([1, 2], "square"),
        ([[1, -2], [3, 4]], "none negative"),
        ([[1.5, 2], [3, 4]], "whole"),
        ([[0, 0], [0, 0]], "at least one case"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(table, says):
    with pytest.raises(InputError, match=says):
        cohen_kappa(table)
