"""All options stand on the same rows, as observed and in every sample drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.options import joint as module
from workshop.analysis.options.joint import draw, join
from workshop.analysis.options.places import PLACES, Placed
from workshop.errors import InputError

N = 400
RNG = np.random.default_rng(5)
KEYS = np.array([f"q{i}" for i in range(N)])


def placed(name, codes, keys=None):
    keys = KEYS[: len(codes)] if keys is None else np.array(keys, dtype=str)
    return Placed(name, keys, np.array(codes, dtype=np.int8))


A, B, C = (placed(name, RNG.integers(0, 10, N)) for name in "abc")


def shuffled(option, order):
    return placed(option.option, option.codes[order], option.keys[order])


def brute(options):
    """Count patterns over common keys the slow way."""
    pairs = [zip(o.keys.tolist(), o.codes.tolist(), strict=True) for o in options]
    tables = [dict(pair) for pair in pairs]
    common = set.intersection(*(set(t) for t in tables))
    found = {}
    for key in common:
        pattern = tuple(t[key] for t in tables)
        found[pattern] = found.get(pattern, 0) + 1
    return found, len(set.union(*(set(t) for t in tables))) - len(common)


def counted(joint):
    totals = joint.counts.sum(axis=0)
    return {tuple(p): k for p, k in zip(joint.patterns.tolist(), totals, strict=True)}


# --- the rows that all have ----------------------------------------------------------


def test_patterns_are_counted_over_the_rows():
    joint = join([A, B, C])
    assert counted(joint) == brute([A, B, C])[0]
    assert (joint.rows, joint.lost, joint.clusters) == (N, 0, None)
    assert joint.counts.shape == (1, len(joint.patterns))
    assert not joint.patterns.flags.writeable
    assert not joint.counts.flags.writeable


@settings(max_examples=40)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["a", "b", "cc", "long key", "é"]),
            st.integers(0, 9),
            min_size=1,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_options_with_other_rows_meet_on_the_common_ones(tables):
    options = [
        placed(f"o{i}", list(table.values()), list(table))
        for i, table in enumerate(tables)
    ]
    expected, lost = brute(options)
    if not expected:
        with pytest.raises(InputError, match="no row is had by every option"):
            join(options)
        return
    joint = join(options)
    assert counted(joint) == expected
    assert joint.rows == sum(expected.values())
    assert joint.lost == lost


def test_neither_order_of_rows_nor_width_of_keys_changes_the_outcome():
    order = RNG.permutation(N)
    wide = Placed("b", B.keys.astype("<U40")[order], B.codes[order])
    plain, mixed = join([A, B, C]), join([A, wide, shuffled(C, order[::-1])])
    assert counted(plain) == counted(mixed)
    seeds = {"n_draws": 50, "seed": 3}
    np.testing.assert_array_equal(
        draw(plain, **seeds).shares, draw(mixed, **seeds).shares
    )


def test_keys_whose_fingerprints_meet_are_compared_themselves(monkeypatch):
    order = RNG.permutation(N)[: N // 2]
    expected = join([A, shuffled(B, order)])
    monkeypatch.setattr(
        module, "_fingerprints", lambda keys: np.zeros(len(keys), dtype=np.uint64)
    )
    found = join([A, shuffled(B, order)])
    assert counted(found) == counted(expected)
    assert found.lost == expected.lost == N - N // 2


def test_more_options_than_digits_of_a_number_are_no_trouble():
    many = [placed(f"o{i}", RNG.integers(0, 10, N)) for i in range(25)]
    assert counted(join(many)) == brute(many)[0]


def test_clusters_are_counted_apart():
    clusters = RNG.integers(0, 30, N)
    joint = join([A, B], clusters)
    assert joint.clusters == 30
    assert joint.counts.shape == (30, len(joint.patterns))
    # Clusters stand in the order of their text.
    names = sorted({str(c) for c in clusters})
    sizes = [(clusters.astype(str) == name).sum() for name in names]
    assert joint.counts.sum(axis=1).tolist() == sizes


def test_clusters_follow_their_rows_where_some_are_lost():
    clusters = np.where(np.arange(N) < 100, "early", "late")
    joint = join([A, shuffled(B, np.arange(50, N))], clusters)
    assert joint.counts.sum(axis=1).tolist() == [50, N - 100]


def test_very_many_clusters_are_kept_in_whole_bundles(monkeypatch):
    monkeypatch.setattr(module, "MOST_UNITS", 40)
    clusters = RNG.integers(0, 130, N)
    joint = join([A, B], clusters)
    assert joint.clusters == len(np.unique(clusters))
    assert joint.counts.shape[0] == 40
    assert counted(joint) == counted(join([A, B]))


@pytest.mark.parametrize(
    ("options", "clusters", "said"),
    [
        ([], None, "no option to look at"),
        ([A, A], None, "two options are called 'a'"),
        ([A, Placed("b", KEYS, B.codes[:9])], None, "400 keys but 9 places"),
        ([A, placed("b", [1, 1], ["q1", "q1"])], None, "'b' decides some rows more"),
        ([placed("a", [1, 1], ["q1", "q1"]), B], None, "'a' decides some rows more"),
        ([A, placed("b", [1], ["other"])], None, "no row is had by every option"),
        ([A, placed("b", [], [])], None, "no row is had by every option"),
        ([placed("a", [], []), B], None, "no row is had by every option"),
        ([placed("a", [], [])], None, "no row is had by every option"),
        ([A, B], ["x"] * 3, "400 rows but 3 clusters"),
        ([A, B], [None] * N, "rows have no cluster"),
    ],
)
def test_what_cannot_be_joined_is_refused_in_a_sentence(options, clusters, said):
    with pytest.raises(InputError, match=said) as caught:
        join(options, clusters)
    assert "\n" not in str(caught.value)


# --- other samples -------------------------------------------------------------------

codes = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=60
)


@settings(max_examples=25, deadline=None)
@given(codes, st.floats(1, 4))
def test_samples_vary_about_what_was_observed(rows, deff):
    first, second = zip(*rows, strict=True)
    drawn = draw(
        join([placed("a", first), placed("b", second)]), n_draws=4000, deff=deff
    )
    n = len(rows)
    p = np.bincount(first, minlength=10) / n
    assert drawn.observed[0] == pytest.approx(p)
    size = max(1, round(n / deff))
    allowed = 6 * np.sqrt(p * (1 - p) / size / 4000) + 1e-12
    assert (np.abs(drawn.shares[:, 0].mean(axis=0) - p) <= allowed).all()
    expected = p * (1 - p) / size
    assert drawn.shares[:, 0].var(axis=0) == pytest.approx(expected, rel=0.35, abs=1e-9)
    assert drawn.shares.sum(axis=2) == pytest.approx(np.ones((4000, 2)))


@pytest.mark.parametrize("clusters", [None, RNG.integers(0, 50, N)])
def test_an_option_equal_to_another_is_equal_in_every_sample(clusters):
    twin = Placed("twin", A.keys, A.codes)
    drawn = draw(join([A, B, twin], clusters), n_draws=300)
    np.testing.assert_array_equal(drawn.shares[:, 0], drawn.shares[:, 2])
    assert not drawn.shares.flags.writeable
    assert drawn.shares.shape == (300, 3, len(PLACES))


def test_the_same_seed_draws_the_same_samples_and_another_does_not():
    joint = join([A, B])
    first, again, other = (draw(joint, n_draws=20, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.shares, again.shares)
    assert (first.shares != other.shares).any()


@pytest.mark.parametrize("clusters", [None, np.arange(N) // 8])
def test_drawing_in_parts_changes_nothing(monkeypatch, clusters):
    joint = join([A, B], clusters)
    whole = draw(joint, n_draws=90)
    monkeypatch.setattr(module, "_AT_ONCE", 1000)
    np.testing.assert_array_equal(draw(joint, n_draws=90).shares, whole.shares)


def one_by_one(codes, clusters, n_draws, seed):
    """Draw whole clusters in a plain loop: the share in each place."""
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(clusters == c) for c in np.unique(clusters)]
    found = np.empty((n_draws, 10))
    for sample in range(n_draws):
        drawn = rng.integers(0, len(members), len(members))
        rows = np.concatenate([members[c] for c in drawn])
        found[sample] = np.bincount(codes[rows], minlength=10) / len(rows)
    return found


def test_whole_clusters_vary_as_a_plain_loop_over_them_does():
    clusters = RNG.integers(0, 40, N) ** 2 // 40  # of very different sizes
    codes = (clusters + RNG.integers(0, 3, N)) % 10
    loop = one_by_one(codes, clusters, 3000, seed=8).std(axis=0)
    drawn = draw(join([placed("a", codes)], clusters), n_draws=6000)
    assert drawn.method == "paired bootstrap of whole clusters"
    assert not drawn.few_sources
    assert drawn.shares[:, 0].std(axis=0) == pytest.approx(loop, rel=0.06)


def test_bundles_of_clusters_vary_as_single_ones_do(monkeypatch):
    clusters = RNG.integers(0, 2000, 8000)
    codes = (clusters + RNG.integers(0, 3, 8000)) % 10
    keys = np.arange(8000).astype(str)
    options = [Placed("a", keys, codes.astype(np.int8))]
    bundled = draw(join(options, clusters), n_draws=4000).shares.std(axis=0)
    monkeypatch.setattr(module, "MOST_UNITS", 5000)
    single = draw(join(options, clusters), n_draws=4000).shares.std(axis=0)
    assert bundled == pytest.approx(single, rel=0.12)


def test_many_patterns_are_drawn_in_bundles_of_rows_that_vary_alike(monkeypatch):
    many = [
        Placed(
            f"o{i}", np.arange(20_000).astype(str), RNG.integers(0, 10, 20_000, "i1")
        )
        for i in range(3)
    ]
    joint = join(many)
    assert len(joint.patterns) == 1000
    bundles = [draw(joint, n_draws=4000, deff=d).shares.std(axis=0) for d in (1, 4)]
    monkeypatch.setattr(module, "_MOST_PATTERNS", 10_000)
    exact = draw(joint, n_draws=2000).shares.std(axis=0)
    assert bundles[0] == pytest.approx(exact, rel=0.15)
    assert bundles[1] == pytest.approx(2 * exact, rel=0.15)


def test_few_clusters_are_not_drawn_but_the_design_effect_widens():
    clusters = np.arange(N) % 5
    joint = join([A, B], clusters)
    plain, wide = draw(joint, n_draws=4000), draw(joint, n_draws=4000, deff=4.0)
    assert plain.few_sources
    assert wide.few_sources
    assert wide.method == "paired bootstrap at the effective sample size"
    ratio = wide.shares.std(axis=0) / plain.shares.std(axis=0)
    assert ratio == pytest.approx(np.full((2, 10), 2.0), rel=0.1)


def test_a_design_effect_below_one_or_no_sample_is_refused():
    with pytest.raises(InputError, match=r"at least 1, but it is 0\.5"):
        draw(join([A]), deff=0.5)
    with pytest.raises(InputError, match="at least one sample"):
        draw(join([A]), n_draws=0)
