"""Agreement of two and of more: raw, beyond chance, "cannot tell" where chance is all.

Cohen's published figures (N6, N7 and N9 of the list) stand in tests/reference.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from workshop.analysis.agreement_stats import (
    cohen_kappa,
    krippendorff_alpha,
    pair_table,
    word_counts,
)
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


# --- more than two, and cases that not all have judged -------------------------------


def said(*rows: str) -> list[list[str | None]]:
    """One person a row, one case a letter; a dot is a case that nobody asked about."""
    return [[None if letter == "." else letter for letter in row] for row in rows]


def test_krippendorffs_own_example_with_holes():
    """Krippendorff 2007 (Computing alpha-reliability), four people, 12 cases: 0.743."""
    found = krippendorff_alpha(
        said("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    )
    assert found.value == pytest.approx(0.743, abs=5e-4)
    assert found.n == 11  # the last case was judged by one person only
    assert found.lo < found.value < found.hi


def test_kappa_of_two_short_columns():
    """scikit-learn, documentation of cohen_kappa_score: 0.6875."""
    table = pair_table(
        ["neg", "pos", "neg", "neutral", "pos"], ["neg", "pos", "neg", "neutral", "neg"]
    )
    assert cohen_kappa(table).value == pytest.approx(0.6875)


FLEISS = (
    (0, 0, 0, 0, 14),
    (0, 2, 6, 4, 2),
    (0, 0, 3, 5, 6),
    (0, 3, 9, 2, 0),
    (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0),
    (3, 2, 6, 3, 0),
    (2, 5, 3, 2, 2),
    (6, 5, 2, 1, 0),
    (0, 2, 2, 3, 7),
)


def test_alpha_is_fleiss_kappa_but_for_the_size_of_the_sample():
    """Fleiss' table of 14 people and 10 cases, kappa 0.210 (statsmodels' tests).

    Alpha draws the chance pairs without replacement: 1 - alpha is (N - 1)/N of
    1 - kappa, over N = 140 judgements.
    """
    cases = [
        "".join(w * k for w, k in zip("abcde", row, strict=True)) for row in FLEISS
    ]
    found = krippendorff_alpha(said(*map("".join, zip(*cases, strict=True))))
    kappa = 1 - (1 - found.value) * 140 / 139
    assert kappa == pytest.approx(0.210, abs=5e-4)
    assert kappa == pytest.approx(0.209931, abs=5e-7)
    assert (found.agreed, found.n) == (1, 10)


labels = st.sampled_from(["a", "b", "c", None])
columns = st.lists(st.tuples(labels, labels, labels), min_size=1, max_size=20)


@given(columns)
def test_alpha_is_the_definition_pair_by_pair(rows):
    """Disagreeing pairs within cases over disagreeing pairs at large."""
    people = [list(column) for column in zip(*rows, strict=True)]
    cases = [[w for w in row if w is not None] for row in rows]
    cases = [case for case in cases if len(case) >= 2]
    if not cases:
        with pytest.raises(InputError, match="two people judged"):
            krippendorff_alpha(people)
        return
    words = [w for case in cases for w in case]
    seen = sum(
        sum(a != b for a in case for b in case) / (len(case) - 1) for case in cases
    ) / len(words)
    chance = sum(a != b for a in words for b in words)
    found = krippendorff_alpha(people, n_boot=20)
    if chance == 0:
        assert found.value is None
    else:
        chance /= len(words) * (len(words) - 1)
        assert found.value == pytest.approx(1 - seen / chance)


def test_people_can_be_named_in_any_order():
    people = said("aabbab.b", "aabbaaab", "ab.bbaab")
    first, again = krippendorff_alpha(people), krippendorff_alpha(people[::-1])
    assert first == again


@pytest.mark.parametrize("truth", [0.2, 0.7])
def test_the_interval_holds_what_it_should_about_95_times_of_100(truth):
    """Three people say a common word with a chance; alpha is that chance."""
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(200):
        common = rng.random((1, 150)) < 0.5
        own = rng.random((3, 150)) < 0.5
        # each keeps to the common word with chance √truth: pairs share it with truth
        keeps = rng.random((3, 150)) < truth**0.5
        words = np.where(keeps, common, own).astype(str)
        found = krippendorff_alpha(words.tolist(), n_boot=300)
        held += found.lo <= truth <= found.hi
    assert 180 <= held <= 199


@pytest.mark.parametrize("cases", [10, 30])
@pytest.mark.parametrize("alike", [0.85, 0.95])
def test_the_interval_of_few_cases_holds_kappa_often_enough(cases, alike):
    """Two people who say a common word with chance ``alike``, of two even words."""
    rng = np.random.default_rng(4)
    held = told = 0
    for _ in range(600):
        one = rng.random(cases) < 0.5
        other = one ^ (rng.random(cases) >= alike)
        table = [[sum(one & other), sum(one & ~other)],
                 [sum(~one & other), sum(~one & ~other)]]  # fmt: skip
        found = cohen_kappa(table)
        if found.lo is not None:
            told += 1
            held += found.lo <= 2 * alike - 1 <= found.hi
    assert held / told >= 0.92


@pytest.mark.parametrize("people", [2, 3])
def test_cases_all_alike_are_not_thereby_surely_alike(people):
    """Wilson at 10 of 10 reaches down to 72 of 100; half of the rest is chance."""
    words = said(*["aaaaabbbbb"] * people)
    found = krippendorff_alpha(words)
    assert found.value == found.hi == 1
    # of three people who are not all alike, two of three pairs differ
    pairs, chance = {2: (1, 10 / 19), 3: (2 / 3, 15 / 29)}[people]
    assert found.lo == pytest.approx(1 - 0.2775 * pairs / chance, abs=2e-3)
    kappa = cohen_kappa([[5, 0], [0, 5]])
    assert (kappa.lo, kappa.hi) == (pytest.approx(0.444, abs=2e-3), 1)


def test_words_are_counted_by_case():
    assert word_counts(said("ab.", "aab")).tolist() == [[2, 0], [1, 1], [0, 1]]


@pytest.mark.parametrize(
    ("people", "says"),
    [
        (said("ab"), "two people"),
        (said("ab", "a"), "the same cases"),
        (said("a.", ".b"), "two people judged"),
    ],
)
def test_too_few_people_or_cases_are_refused(people, says):
    with pytest.raises(InputError, match=says):
        krippendorff_alpha(people)


def test_a_draw_of_the_one_odd_case_leaves_no_interval():
    found = krippendorff_alpha(said("aaaa", "aaab"))
    assert found.value is not None
    assert (found.lo, found.hi) == (None, None)
