"""Who agreed with whom on the cases is counted over those that were judged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.cases import case_agreement
from workshop.record.choices import Cases

LABELS = {"a": True, "b": False, "c": True, "d": False}
ALL = dict.fromkeys(LABELS, "fine")


def test_nothing_judged_is_nothing_to_say():
    found = case_agreement(Cases(), LABELS)
    assert (found.agreed, found.kappa, found.with_label) == (None, None, {})


def test_fine_agrees_with_a_positive_label():
    found = case_agreement(Cases(product=ALL), LABELS)
    same = found.with_label["product"]
    assert (same.k, same.n) == (2, 4)
    assert found.agreed is None
    assert "engineering" not in found.with_label


def test_only_cases_that_both_judged_are_compared():
    said = Cases(
        product={"a": "fine", "b": "harmful", "c": "fine"},
        engineering={"a": "fine", "b": "fine"},
    )
    agreed = case_agreement(said, LABELS).agreed
    assert (agreed.k, agreed.n, agreed.rows) == (1, 2, "choose")


def test_a_case_that_the_scenario_no_longer_shows_counts_for_nothing():
    gone = {"zzz": "fine"}
    found = case_agreement(Cases(product=gone, engineering=gone), LABELS)
    assert found.agreed is None
    assert found.kappa is None


def test_kappa_of_four_cases_worked_by_hand():
    said = Cases(
        product={"a": "fine", "b": "harmful", "c": "fine", "d": "harmful"},
        engineering={"a": "fine", "b": "harmful", "c": "harmful", "d": "harmful"},
    )
    # observed 3/4; by chance 2/4 · 1/4 + 2/4 · 3/4 = 1/2
    assert case_agreement(said, LABELS).kappa.value == pytest.approx(0.5)


words = st.fixed_dictionaries(
    dict.fromkeys(LABELS, st.sampled_from(["fine", "harmful"]))
)


@given(words, words)
def test_it_does_not_matter_who_is_asked_first(one, other):
    found = case_agreement(Cases(product=one, engineering=other), LABELS)
    back = case_agreement(Cases(product=other, engineering=one), LABELS)
    assert found.agreed == back.agreed
    if found.kappa is not None:
        assert found.kappa.value == pytest.approx(back.kappa.value)
    assert 0 <= found.agreed.k <= found.agreed.n == len(LABELS)
