"""What a band promises: where it is drawn, what it covers, when Wilson stands in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from workshop.analysis.bands import estimate_band
from workshop.analysis.curve import threshold_curve
from workshop.analysis.intervals import wilson
from workshop.analysis.resampling import choose_cuts, draw_clusters, draw_rows
from workshop.errors import InputError

PREVALENCE = 0.3
SHARES = ("precision", "recall")


def scored(rows=500, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.random(rows) < PREVALENCE
    scores = np.where(labels, rng.beta(3, 1.5, rows), rng.beta(1.5, 3, rows))
    return labels, scores


def drawn_from(labels, scores, **given):
    curve = threshold_curve(labels, scores)
    return draw_rows(curve, choose_cuts(curve, max_cuts=40), **given)


def ends(band, share):
    return getattr(band, f"{share}_lo"), getattr(band, f"{share}_hi")


def covered(band, share, truth):
    lo, hi = ends(band, share)
    return (lo <= truth) & (truth <= hi)


def truths(thresholds):
    cut = np.clip(thresholds, 0, 1)
    hits = PREVALENCE * beta.sf(cut, 3, 1.5)
    alarms = (1 - PREVALENCE) * beta.sf(cut, 1.5, 3)
    with np.errstate(invalid="ignore"):
        return {"precision": hits / (hits + alarms), "recall": hits / PREVALENCE}


def test_bands_cover_what_they_promise():
    at_once = {share: [] for share in SHARES}
    one_by_one = {share: [] for share in SHARES}
    for seed in range(150):
        drawn = drawn_from(*scored(seed=seed), seed=seed, n_boot=500)
        point = estimate_band(drawn, deff=1)
        over_all = estimate_band(drawn, "simultaneous", deff=1)
        for share, truth in truths(drawn.thresholds).items():
            cuts = getattr(point, f"{share}_drawn")
            one_by_one[share].append(covered(point, share, truth)[cuts].mean())
            at_once[share].append(covered(over_all, share, truth)[cuts].all())
    for share in SHARES:
        # Chance alone leaves about 0.018 around 0.95 over 150 samples.
        assert np.mean(one_by_one[share]) == pytest.approx(0.95, abs=0.03)
        assert 0.91 <= np.mean(at_once[share]) <= 1


any_rows = st.lists(
    st.tuples(st.booleans(), st.integers(-5, 5)), min_size=0, max_size=120
).map(lambda rows: [(True, 0), (False, 0), *rows])


@given(any_rows, st.floats(1, 4), st.integers(0, 5))
@settings(deadline=None, max_examples=40)
def test_the_simultaneous_band_contains_the_pointwise_one(rows, deff, seed):
    labels, scores = (np.array(column) for column in zip(*rows, strict=True))
    drawn = drawn_from(labels, scores, n_boot=100, seed=seed)
    point = estimate_band(drawn, deff=deff)
    over_all = estimate_band(drawn, "simultaneous", deff=deff)
    for share in SHARES:
        (lo, hi), (low, high) = ends(point, share), ends(over_all, share)
        value = ~np.isnan(lo)
        assert (value == ~np.isnan(low)).all()
        assert (low[value] <= lo[value] + 1e-12).all()
        assert (high[value] >= hi[value] - 1e-12).all()
        assert (low[value] >= 0).all()
        assert (high[value] <= 1).all()


@given(any_rows, st.sampled_from([np.exp, np.arctan, lambda s: 17 * s - 3]))
@settings(deadline=None, max_examples=25)
def test_only_the_order_of_scores_matters(rows, stretch):
    labels, scores = (np.array(column) for column in zip(*rows, strict=True))
    one = estimate_band(drawn_from(labels, scores, n_boot=60), deff=1)
    other = estimate_band(drawn_from(labels, stretch(scores), n_boot=60), deff=1)
    for share in SHARES:
        for mine, theirs in zip(ends(one, share), ends(other, share), strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_wilson_stands_in_where_too_little_is_acted_on():
    labels, scores = scored()
    drawn = drawn_from(labels, scores)
    band = estimate_band(drawn, deff=2)
    flagged, hits = drawn.tp + drawn.fp, drawn.tp
    expected = (flagged >= 20) & (hits > 0) & (hits < flagged)
    assert (band.precision_drawn == expected).all()
    expected = (flagged >= 20) & (hits > 0) & (hits < drawn.positives)
    assert (band.recall_drawn == expected).all()
    assert not expected.all()
    for cut in np.flatnonzero(~band.precision_drawn & (flagged > 0)):
        found = wilson(int(hits[cut]), int(flagged[cut]), deff=2)
        assert ends(band, "precision")[0][cut] == found.lo
        assert ends(band, "precision")[1][cut] == found.hi
    # Acting on no one has no precision, and a recall of zero.
    assert np.isnan(band.precision_lo[0])
    assert band.recall_lo[0] == 0 < band.recall_hi[0]


def test_few_sources_get_wilson_at_the_effective_size_everywhere():
    labels, scores = scored()
    for sources in (1, 5):
        clusters = np.arange(500) % sources
        cuts = choose_cuts(threshold_curve(labels, scores), max_cuts=40)
        drawn = draw_clusters(labels, scores, clusters, cuts)
        band = estimate_band(drawn, deff=2.4)
        assert band.few_sources
        assert band.clusters == sources
        assert band.method == "wilson at the effective sample size"
        assert not band.precision_drawn.any()
        flagged = drawn.tp + drawn.fp
        found = wilson(int(drawn.tp[20]), int(flagged[20]), deff=2.4)
        assert (band.precision_lo[20], band.precision_hi[20]) == (found.lo, found.hi)
        wider = estimate_band(drawn, "simultaneous", deff=2.4)
        assert (
            wider.precision_critical
            > band.precision_critical
            == pytest.approx(1.96, abs=1e-3)
        )
        assert wider.precision_lo[20] < band.precision_lo[20]


def test_rows_that_hang_together_widen_the_band():
    labels, scores = scored(100)
    cuts = choose_cuts(threshold_curve(labels, scores), max_cuts=20)
    # The same rows five times over: as sure as 100 rows, not as 500.
    labels, scores = np.repeat(labels, 5), np.repeat(scores, 5)
    apart = draw_rows(threshold_curve(labels, scores), cuts)
    whole = draw_clusters(labels, scores, np.repeat(np.arange(100), 5), cuts)
    narrow, wide = (estimate_band(drawn, deff=1) for drawn in (apart, whole))
    assert (narrow.method, wide.method) == (
        "bootstrap of rows",
        "bootstrap of clusters",
    )
    both = narrow.precision_drawn & wide.precision_drawn
    width = [
        (band.precision_hi - band.precision_lo)[both].mean() for band in (narrow, wide)
    ]
    assert width[1] / width[0] == pytest.approx(np.sqrt(5), rel=0.15)


def test_one_score_for_all_is_a_band_at_no_one_and_everyone():
    labels = np.arange(60) < 20
    band = estimate_band(drawn_from(labels, np.zeros(60)), "simultaneous", deff=1)
    assert band.thresholds.tolist() == [np.inf, 0]
    assert band.precision_drawn.tolist() == [False, True]
    assert band.precision_lo[1] < 1 / 3 < band.precision_hi[1]
    assert band.recall_hi[1] == 1


def test_one_positive_has_wilsons_recall_and_says_so():
    labels, scores = np.arange(50) == 30, np.arange(50.0)
    band = estimate_band(drawn_from(labels, scores), deff=1)
    assert not band.recall_drawn.any()
    assert band.recall_lo[-1] == wilson(1, 1).lo
    assert band.precision_drawn.any()
    assert band.dropped == 0


def test_two_rows_are_enough_for_a_band_by_wilson():
    band = estimate_band(drawn_from([0, 1], [0.2, 0.9]), deff=1)
    assert band.method == "wilson"
    assert band.precision_hi[-1] == wilson(1, 2).hi


def test_samples_without_a_value_are_left_out_and_counted():
    # One of 25 clusters holds all that lies above the cut: a third of draws miss it.
    clusters = np.repeat(np.arange(25), 30)
    scores = (clusters == 0).astype(float)
    labels = np.arange(750) % 3 == 0
    drawn = draw_clusters(labels, scores, clusters, [1.0, 0.0])
    band = estimate_band(drawn, deff=1)
    assert band.precision_drawn[0]
    assert band.dropped == np.count_nonzero(drawn.drawn_tp[:, 0] == 0)
    assert 0.3 < band.dropped / band.n_boot < 0.42
    assert band.precision_lo[0] == pytest.approx(1 / 3)


def test_a_band_cannot_be_written_to_and_knows_what_it_is():
    band = estimate_band(drawn_from(*scored()), "simultaneous", deff=1)
    assert (band.kind, band.level, band.n_boot) == ("simultaneous", 0.95, 1000)
    assert band.clusters is None
    assert not band.few_sources
    for array in (
        band.thresholds,
        band.precision_lo,
        band.recall_hi,
        band.recall_drawn,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_what_cannot_be_bounded_is_refused():
    drawn = drawn_from(*scored(), n_boot=20)
    with pytest.raises(InputError, match="pointwise or simultaneous"):
        estimate_band(drawn, "both", deff=1)
    with pytest.raises(InputError, match="design effect"):
        estimate_band(drawn, deff=0.5)
    with pytest.raises(InputError, match="level"):
        estimate_band(drawn, deff=1, level=1)
