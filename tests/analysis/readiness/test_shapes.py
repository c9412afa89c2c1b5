"""The shapes of columns, against published figures, scikit-learn and worked cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, spearmanr
from sklearn.metrics import roc_auc_score

from workshop.analysis.readiness.drifting import (
    critical_index,
    find_drifts,
    split_in_time,
    stability_index,
)
from workshop.analysis.readiness.encoded import Sample, encode
from workshop.analysis.readiness.makes import find_free_text, find_mixed, make_of
from workshop.analysis.readiness.personal import (
    find_personal,
    is_iban,
    is_phone,
    passes_luhn,
    words_of,
)
from workshop.analysis.readiness.separation import auc_interval, find_separations
from workshop.analysis.readiness.sheet import Field
from workshop.analysis.readiness.twins import find_twins

ROWS = 2000
RNG = np.random.default_rng(5)
LABELS = RNG.random(ROWS) < 0.3


def column(name, values, kind=None):
    values = pd.Series(values)
    if kind is None:
        kind = "number" if pd.api.types.is_numeric_dtype(values) else "text"
    return encode(Field(name, "c0", kind, "feature"), values)


def sample(rows=ROWS, labels=LABELS, when=None, judged=None, clusters=None):
    return Sample(
        frame=pd.DataFrame(index=range(rows)),
        judged=np.ones(rows, dtype=bool) if judged is None else judged,
        positive=labels,
        when=np.arange(rows, dtype=float) if when is None else when,
        whole=True,
        clusters=clusters,
    )


def only(found):
    assert len(found) == 1
    return found[0]


# --- separation ----------------------------------------------------------------------


@given(st.integers(0, 10_000), st.integers(1, 40))
def test_a_number_separates_as_scikit_learn_says(seed, values):
    rng = np.random.default_rng(seed)
    labels = rng.random(300) < 0.4
    scores = rng.integers(0, values + 1, 300) + labels * rng.integers(0, 3)
    found = only(find_separations([column("x", scores)], sample(300, labels)))
    expected = roc_auc_score(labels, scores)
    assert found.auc == pytest.approx(max(expected, 1 - expected))


def test_the_interval_is_the_one_of_hanley_and_mcneil():
    # Worked by hand from their equations 1 and 2: Q1 2/3, Q2 1.28/1.8, 50 rows each;
    # the variance is (0.16 + 49 · 0.026667 + 49 · 0.071111) / 2500 = 0.00198044.
    lo, hi = auc_interval(0.8, 50, 50)
    assert (hi - lo) / 2 / 1.959964 == pytest.approx(0.0445021, abs=1e-6)


def test_only_judged_rows_count():
    judged = np.arange(ROWS) < 1000
    found = only(
        find_separations([column("x", np.arange(ROWS))], sample(judged=judged))
    )
    assert found.n == 1000


def test_a_copy_of_the_label_separates_perfectly():
    leak = column("leak", np.where(LABELS, "yes", "no"))
    found = only(find_separations([leak], sample()))
    assert found.auc == 1
    assert found.lo == 1


def test_a_hole_that_gives_the_label_away_shows():
    values = np.where(LABELS, np.nan, RNG.random(ROWS))
    assert only(find_separations([column("x", values)], sample())).auc == 1


def test_holes_by_chance_change_little():
    values = np.where(RNG.random(ROWS) < 0.2, np.nan, RNG.random(ROWS))
    found = only(find_separations([column("x", values)], sample()))
    assert found.auc < 0.54


def test_categories_of_one_row_each_separate_nothing():
    names = [f"customer {i}" for i in range(ROWS)]
    assert only(find_separations([column("who", names)], sample())).auc == 0.5


def test_categories_by_chance_cover_a_half():
    names = RNG.choice([f"v{i}" for i in range(200)], ROWS)
    found = only(find_separations([column("kind", names)], sample()))
    assert found.auc < 0.55


def test_one_class_alone_has_no_separation():
    labels = np.zeros(ROWS, dtype=bool)
    assert find_separations([column("x", np.arange(ROWS))], sample(labels=labels)) == ()


# --- drift ---------------------------------------------------------------------------


def test_the_index_is_the_published_one():
    # reference/statistics.md N11 and N12: 1.699928 without smoothing, and 0.040547.
    even, uneven = np.full(4, 25.0), np.array([85.0, 5.0, 5.0, 5.0])
    assert stability_index(even, uneven) == pytest.approx(1.699928, abs=1e-6)
    assert stability_index(uneven, even) == pytest.approx(0.901135 + 0.798793, abs=1e-6)
    halves = stability_index(np.array([50.0, 50.0]), np.array([60.0, 40.0]))
    assert halves == pytest.approx(0.040547, abs=1e-6)


def test_an_empty_bin_counts_as_half_a_row():
    found = stability_index(np.array([10.0, 90.0]), np.array([0.0, 100.0]))
    by_hand = (0.005 - 0.1) * np.log(0.005 / 0.1) + (1 - 0.9) * np.log(1 / 0.9)
    assert found == pytest.approx(by_hand)


def test_the_critical_value_knows_rows_and_bins():
    for bins in range(2, 13):
        expected = 0.003 * chi2.ppf(0.95, bins - 1)
        assert critical_index(1000, 500, bins) == pytest.approx(expected, rel=1e-6)


def test_chance_exceeds_the_critical_value_one_time_in_twenty():
    rng = np.random.default_rng(3)
    columns = [column(f"x{i}", rng.normal(size=ROWS)) for i in range(300)]
    found = find_drifts(columns, sample())
    beyond = sum(one.psi > one.critical for one in found)
    assert 5 <= beyond <= 28
    # The basic bootstrap interval keeps near nothing in sight.
    assert sum(one.lo > 0.01 for one in found) <= 6


def test_columns_that_differ_by_the_cluster_moved_no_oftener_than_chance():
    """Forty sources one after the other, each at a place of its own: no drift."""
    rng = np.random.default_rng(6)
    clusters = np.repeat(np.arange(40), ROWS // 40)
    beyond = {True: 0, False: 0}
    for i in range(60):
        at = rng.normal(size=40)[clusters] + rng.normal(size=ROWS) / 2
        for known in beyond:
            held = sample(clusters=clusters if known else None)
            found = only(find_drifts([column(f"x{i}", at)], held))
            beyond[known] += found.psi > found.critical
    assert beyond[False] > 30
    assert beyond[True] <= 9


def test_a_switch_of_all_sources_is_drift_all_the_same():
    clusters = np.arange(ROWS) % 40
    rng = np.random.default_rng(14)
    values = rng.normal(size=ROWS) + (np.arange(ROWS) >= ROWS / 2)
    found = only(find_drifts([column("x", values)], sample(clusters=clusters)))
    assert found.critical < found.lo < found.psi < found.hi


def test_words_exceed_the_critical_value_one_time_in_twenty_too():
    """Bins for the nine commonest of the earlier rows alone would do so far oftener."""
    rng = np.random.default_rng(13)
    columns = [
        column(f"x{i}", rng.integers(0, 200, ROWS).astype(str)) for i in range(200)
    ]
    found = find_drifts(columns, sample())
    assert sum(one.psi > one.critical for one in found) <= 20


def test_a_moved_column_is_found_with_its_interval():
    values = RNG.normal(size=ROWS) + (np.arange(ROWS) >= ROWS / 2)
    found = only(find_drifts([column("x", values)], sample()))
    assert found.critical < found.lo < found.psi < found.hi
    # Two normals one sd apart: the index is at most their symmetric divergence, 1.
    assert 0.7 < found.psi < 1.15


def test_a_category_that_appears_later_is_drift():
    values = np.where(np.arange(ROWS) < ROWS / 2, "old", "new")
    found = only(find_drifts([column("x", values)], sample()))
    assert found.psi > 5
    assert (found.earlier, found.later) == (1000, 1000)


def test_rows_of_one_moment_stay_together():
    when = np.repeat([1.0, 2.0], [1200, 800])
    earlier, later = split_in_time(when)
    assert (earlier.sum(), later.sum()) == (1200, 800)


@pytest.mark.parametrize("when", [np.full(ROWS, np.nan), np.zeros(ROWS)])
def test_without_two_halves_there_is_no_drift(when):
    assert find_drifts([column("x", np.arange(ROWS))], sample(when=when)) == ()


# --- twins ---------------------------------------------------------------------------


def test_a_rank_twin_is_as_alike_as_scipy_says():
    one = RNG.normal(size=ROWS)
    two = np.exp(one) + RNG.normal(size=ROWS) * 0.01
    one[:100] = np.nan
    found = only(find_twins([column("a", one), column("b", two)], sample()))
    assert found.likeness == pytest.approx(spearmanr(one[100:], two[100:])[0])
    assert found.n == ROWS - 100


def test_a_twin_with_other_holes_is_still_found():
    one = RNG.normal(size=ROWS)
    two = np.where(RNG.random(ROWS) < 0.6, np.nan, -one)
    assert (
        only(find_twins([column("a", one), column("b", two)], sample())).likeness == 1
    )


def test_names_and_their_codes_are_twins():
    codes = RNG.integers(0, 30, ROWS)
    names = [f"city {(7 * c) % 30}" for c in codes]
    found = only(find_twins([column("code", codes), column("city", names)], sample()))
    assert (found.first, found.second, found.likeness) == ("code", "city", 1.0)


def test_texts_equal_in_nearly_all_rows_are_twins():
    one = RNG.choice([f"v{i}" for i in range(40)], ROWS)
    two = one.copy()
    two[:10] = "other"
    found = only(find_twins([column("a", one), column("b", two)], sample()))
    assert found.likeness == 0.995


def test_two_rare_flags_are_not_twins():
    one = np.where(np.arange(ROWS) < 12, "yes", "no")
    two = np.where(np.arange(ROWS) >= ROWS - 12, "yes", "no")
    assert find_twins([column("a", one), column("b", two)], sample()) == ()


def test_many_copies_are_each_named_once():
    one = RNG.normal(size=ROWS)
    found = find_twins([column(f"x{i}", one * (i + 1)) for i in range(40)], sample())
    assert {t.first for t in found} == {"x0"}
    assert len(found) == 39


def test_columns_that_are_all_different_are_no_twins_for_that():
    names = [[f"{k}{i}" for i in RNG.permutation(ROWS)] for k in "ab"]
    assert find_twins([column("a", names[0]), column("b", names[1])], sample()) == ()


# --- personal data, makes, free text -------------------------------------------------


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("customerEmail", "email"),
        ("E-Mail", "email"),
        ("PHONE_NUMBER", "phone"),
        ("LastName", "name"),
        ("ssn", "national id"),
        ("home_address", "address"),
        ("date_of_birth", "birth"),
        ("IBAN", "IBAN"),
    ],
)
def test_a_column_is_known_by_its_name(name, what):
    values = [f"v{i}" for i in range(ROWS)]
    assert only(find_personal([column(name, values)], sample())).what == what


@pytest.mark.parametrize(
    "name",
    ["product_name", "filename", "email_opened", "phone_type", "ip_count", "addressed",
     "birthplace_code", "telemetry", "panel", "surname_length", "discard number"],
)  # fmt: skip
def test_a_column_about_something_else_is_left_alone(name):
    values = [f"v{i}" for i in range(ROWS)]
    assert find_personal([column(name, values)], sample()) == ()


def test_a_column_of_few_values_reaches_nobody():
    contact = RNG.choice(["cellular", "telephone", "unknown"], ROWS)
    assert find_personal([column("phone", contact)], sample()) == ()


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (lambda i: f"write to u{i}@mail.example.org please", "email"),
        (lambda i: f"+44 20 7946 {i:04d}", "phone"),
        (lambda i: f"(555) 010-{i:04d}", "phone"),
        (lambda i: f"10.0.{i // 250}.{i % 250}", "IP address"),
        (lambda i: f"2001:db8::{i:x}", "IP address"),
        (lambda i: f"{100 + i % 500}-45-{1000 + i}", "national id"),
        (lambda i: _with_check_digit(f"411111111{i:06d}"), "card number"),
    ],
)
def test_a_column_is_known_by_its_values(made, what):
    found = only(find_personal([column("x", [made(i) for i in range(ROWS)])], sample()))
    assert (found.what, found.by, found.k, found.n) == (what, "value", ROWS, ROWS)


def _with_check_digit(digits):
    return next(digits + str(d) for d in range(10) if passes_luhn(digits + str(d)))


@pytest.mark.parametrize(
    "made",
    [
        lambda i: f"2024-0{1 + i % 9}-1{i % 9}",
        lambda i: f"{i}.5",
        lambda i: f"4111111111{i:06d}",
        lambda i: f"order {i}",
        lambda i: f"v1.{i}.2",
        lambda i: f"00{i}-{i}",
        lambda i: f"{i}:{i}",
    ],
)
def test_other_values_are_left_alone(made):
    assert find_personal([column("x", [made(i) for i in range(ROWS)])], sample()) == ()


def test_card_numbers_stored_as_numbers_are_found():
    numbers = [int(_with_check_digit(f"411111111{i:06d}")) for i in range(ROWS)]
    assert only(find_personal([column("x", numbers)], sample())).what == "card number"


@pytest.mark.parametrize(
    "text", ["DE89370400440532013000", "FR1420041010050500013M02606"]
)
def test_the_example_accounts_of_the_registry_pass(text):
    assert is_iban(text)
    assert not is_iban(text[:-1] + ("1" if text[-1] != "1" else "2"))


def test_words_are_read_out_of_names():
    assert words_of("customerEmail_2") == "customer email"
    assert not is_phone("12/31/2024 10:30")


@pytest.mark.parametrize(
    ("text", "make"),
    [
        ("1,234.50", "number"),
        ("12 %", "number"),
        ("-3e5", "number"),
        ("2024-1-31", "2024-01-31"),
        ("2024-01-31T10:30:00Z", "2024-01-31"),
        ("31.1.24", "31.01.2024"),
        ("1 March 2024", "31 Jan 2024"),
        ("Mar 1, 2024", "Jan 31, 2024"),
        ("45/45/2024", "text"),
        ("A12", "text"),
        ("", "text"),
    ],
)
def test_a_value_has_a_make(text, make):
    assert make_of(text) == make


def test_dates_in_three_formats_are_mixed():
    texts = (
        ["2024-01-31"] * 50 + ["31/01/2024"] * 30 + ["03/04/2024"] * 15 + ["5 May 24"]
    )
    found = only(find_mixed([column("when", texts)]))
    assert found.makes == {"2024-01-31": 50, "31/01/2024": 45, "31 Jan 2024": 1}


def test_numbers_with_words_are_mixed_and_stand_ins_are_not_words():
    assert only(find_mixed([column("x", ["1.5"] * 97 + ["low"] * 3)])).makes == {
        "number": 97,
        "text": 3,
    }
    assert find_mixed([column("x", ["1.5"] * 97 + ["n/a", "?", ""])]) == ()


def test_sentences_are_free_text_and_codes_are_not():
    said = [f"the customer wrote {i} lines about it" for i in range(ROWS)]
    assert find_free_text([column("note", said)]) == ("note",)
    assert find_free_text([column("code", [f"A{i}" for i in range(ROWS)])]) == ()
    assert find_free_text([column("same", said[:5] * 400)]) == ()
