"""A truth falls inside a range, outside it, or nobody can tell yet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.bets_scored import (
    FEWEST_ROUNDS,
    LEVEL,
    QUANTILES,
    brier_score,
    interval_score,
    pinball_loss,
    score_bets,
    score_rounds,
    verdict_on,
)
from workshop.analysis.intervals import rate
from workshop.record.bets import Bet, OpenedBet
from workshop.record.values import Number

SHARES = st.floats(0, 1)


def bet(low: float | None, likely: float, high: float | None) -> Bet:
    return Bet(
        tolerable_error=0.1,
        expected_error=likely,
        expected_low=low,
        expected_high=high,
        ratio=1,
        fallback="human",
        owner="both",
    )


def seen(lo: float | None, value: float | None, hi: float | None) -> Number:
    return Number(id="error", value=value, lo=lo, hi=hi)


@pytest.mark.parametrize(
    ("lo", "hi", "verdict"),
    [
        (0.25, 0.35, "inside"),
        (0.2, 0.4, "inside"),
        (0.05, 0.1, "below"),
        (0.5, 0.6, "above"),
        (0.1, 0.2, "cannot_tell"),
        (0.15, 0.3, "cannot_tell"),
        (0.3, 0.5, "cannot_tell"),
        (0.1, 0.6, "cannot_tell"),
    ],
)
def test_the_whole_interval_decides(lo, hi, verdict):
    assert verdict_on(bet(0.2, 0.3, 0.4), seen(lo, (lo + hi) / 2, hi)) == verdict


def test_a_figure_without_an_interval_tells_nothing():
    expected = bet(0.2, 0.3, 0.4)
    assert verdict_on(expected, seen(None, 0.3, None)) == "cannot_tell"
    assert verdict_on(expected, seen(None, None, None)) == "cannot_tell"
    assert verdict_on(expected, rate("e", 0, 0, rows="live")) == "cannot_tell"


def test_a_bet_without_a_range_is_not_scored_and_one_end_is_enough():
    assert verdict_on(bet(None, 0.3, None), seen(0.2, 0.3, 0.4)) == "no_range"
    assert verdict_on(bet(None, 0.3, 0.4), seen(0.5, 0.6, 0.7)) == "above"
    assert verdict_on(bet(0.2, 0.3, None), seen(0.5, 0.6, 0.7)) == "inside"


@given(SHARES, SHARES, SHARES, SHARES, SHARES, SHARES)
def test_a_verdict_never_contradicts_where_the_figure_fell(a, b, c, x, y, z):
    low, likely, high = sorted((a, b, c))
    lo, value, hi = sorted((x, y, z))
    opened = {"product": OpenedBet(**bet(low, likely, high).model_dump(), nonce="00")}
    (scored,) = score_bets(opened, seen(lo, value, hi))
    if scored.verdict != "cannot_tell":
        assert scored.leaning == scored.verdict
    assert scored.off == pytest.approx(likely - value)


def test_a_counted_error_is_held_against_everybodys_range():
    opened = {
        seat: OpenedBet(**bet(*ends).model_dump(), nonce="00")
        for seat, ends in {
            "support": (None, 0.5, None),
            "engineering": (0.2, 0.3, 0.4),
            "product": (0.05, 0.1, 0.2),
        }.items()
    }
    scored = score_bets(opened, rate("error", 300, 1000, rows="live"))
    assert [(one.seat, one.verdict) for one in scored] == [
        ("product", "above"),
        ("engineering", "inside"),
        ("support", "no_range"),
    ]
    few = score_bets(opened, rate("error", 3, 10, rows="live"))
    assert [one.verdict for one in few] == ["cannot_tell", "cannot_tell", "no_range"]
    assert [one.leaning for one in few] == ["above", "inside", None]


# --- published scores ----------------------------------------------------------------


def test_the_published_brier_score_comes_out():
    """N17. scikit-learn, brier_score_loss: labels 0 1 1 0, chances .1 .9 .8 .3."""
    happened = [False, True, True, False]
    assert brier_score([0.1, 0.9, 0.8, 0.3], happened) == pytest.approx(0.0375)


@given(SHARES, SHARES, SHARES)
def test_a_range_scores_as_the_pinball_loss_of_its_two_ends(a, b, observed):
    """Gneiting & Raftery 2007, section 6.2: an interval is a pair of quantiles."""
    low, high = sorted((a, b))
    outside = 1 - LEVEL
    ends = pinball_loss(outside / 2, low, observed)
    ends += pinball_loss(1 - outside / 2, high, observed)
    whole = interval_score(low, high, observed, level=LEVEL)
    assert whole == pytest.approx(2 / outside * ends, abs=1e-9)


@given(SHARES, SHARES, st.sampled_from([0.05, 0.5, 0.95]))
def test_pinball_loss_is_scikit_learns(forecast, observed, quantile):
    from sklearn.metrics import mean_pinball_loss

    theirs = mean_pinball_loss([observed], [forecast], alpha=quantile)
    assert pinball_loss(quantile, forecast, observed) == pytest.approx(theirs)


def test_the_true_quantile_has_the_least_pinball_loss():
    observed = [place / 100 for place in range(1, 100)]
    for quantile in QUANTILES.values():
        losses = {
            forecast: sum(pinball_loss(quantile, forecast, y) for y in observed)
            for forecast in observed
        }
        assert min(losses, key=losses.__getitem__) == pytest.approx(quantile, abs=0.011)


# --- over many rounds ----------------------------------------------------------------


def test_fewer_than_five_rounds_or_a_missing_end_are_not_scored():
    rounds = [seen(0.2, 0.3, 0.4)] * FEWEST_ROUNDS
    unknown = seen(None, None, None)
    assert score_rounds("product", bet(0.2, 0.3, 0.4), rounds) is not None
    assert score_rounds("product", bet(0.2, 0.3, 0.4), rounds[1:]) is None
    assert score_rounds("product", bet(0.2, 0.3, 0.4), [*rounds[1:], unknown]) is None
    assert score_rounds("product", bet(None, 0.3, 0.4), rounds) is None


def test_many_rounds_are_counted_and_scored():
    observed = [seen(None, value, None) for value in (0.2, 0.25, 0.3, 0.4, 0.5)]
    scored = score_rounds("product", bet(0.2, 0.3, 0.4), observed)
    assert scored is not None
    assert (scored.inside.k, scored.inside.n) == (4, 5)
    assert scored.inside.lo is not None
    low, likely, high = (number.value for number in scored.pinball)
    assert low == pytest.approx(0.05 * (0.0 + 0.05 + 0.1 + 0.2 + 0.3) / 5)
    assert likely == pytest.approx(0.5 * (0.1 + 0.05 + 0.0 + 0.1 + 0.2) / 5)
    assert high == pytest.approx((0.05 * (0.2 + 0.15 + 0.1) + 0.95 * 0.1) / 5)
    assert scored.interval_score.value == pytest.approx(0.2 + 20 * 0.1 / 5)
    assert scored.brier.value == pytest.approx((4 * 0.01 + 0.81) / 5)
