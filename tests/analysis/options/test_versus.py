"""A difference on the same rows says how sure it is, and all of them hold together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.intervals import newcombe
from workshop.analysis.metrics import Context
from workshop.analysis.options.joint import draw, join
from workshop.analysis.options.places import PLACE, Placed, place_costs, place_rows
from workshop.analysis.options.versus import compare
from workshop.errors import InputError
from workshop.record.values import PayoffMatrix, Policy

COSTS = np.array([0, 1, 4, 0, 0.3, 0.3, 0.5, -0.2, 1, 0.5])


def options(n=600, cuts=(0.0, 0.1, 0.6), seed=4, noise=1.0):
    """Options of different models on the same rows, each with a line of its own."""
    rng = np.random.default_rng(seed)
    keys, truth = np.arange(n).astype(str), rng.normal(size=n)
    labels = rng.random(n) < 1 / (1 + np.exp(-2 * truth))
    return [
        place_rows(
            f"o{i}",
            keys,
            labels,
            truth + noise * rng.normal(size=n),
            Policy(kind="single", act_at=cut),
            fallback="not_sure",
        )
        for i, cut in enumerate(cuts)
    ]


def versus(placed, *, reference="o0", costs=COSTS, clusters=None, **given):
    level = given.pop("level", 0.95)
    drawn = draw(join(placed, clusters), **given)
    return compare(drawn, reference=reference, costs=costs, level=level)


def of(name, **places):
    """An option with so many rows in each place, in the order given."""
    codes = np.repeat([PLACE[p] for p in places], list(places.values()))
    return Placed(name, np.arange(len(codes)).astype(str), codes.astype(np.int8))


def loop(placed, n_draws, clusters=None, seed=1):
    """Draw rows or clusters in a plain loop: both differences to the first option."""
    rng = np.random.default_rng(seed)
    n = len(placed[0].codes)
    groups = np.arange(n) if clusters is None else clusters
    members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    cost, error = [], []
    for _ in range(n_draws):
        drawn = rng.integers(0, len(members), len(members))
        rows = np.concatenate([members[g] for g in drawn])
        price = [COSTS[o.codes[rows]].mean() for o in placed]
        wrong = [
            (o.codes[rows] == 1).sum() / (o.codes[rows] <= 1).sum() for o in placed
        ]
        cost.append(np.array(price[1:]) - price[0])
        error.append(np.array(wrong[1:]) - wrong[0])
    return np.array(cost), np.array(error)


def half(number):
    return (number.hi - number.lo) / 2


@pytest.mark.parametrize("groups", [None, 60])
def test_ranges_are_those_of_a_plain_loop_over_rows_or_clusters(groups):
    placed = options()
    rng = np.random.default_rng(0)
    clusters = None if groups is None else rng.integers(0, groups, 600)
    drawn = draw(join(placed, clusters), n_draws=10_000)
    found = compare(drawn, reference="o0", costs=COSTS)
    cost, error = loop(placed, 2000, clusters)
    both = np.hstack((cost, error))
    numbers = [v.cost for v in found] + [v.error for v in found]
    own = (drawn.shares @ COSTS)[:, 1:] - (drawn.shares @ COSTS)[:, :1]
    assert own.std(axis=0) == pytest.approx(cost.std(axis=0), rel=0.07)
    # The loop's own max-T.
    away = np.abs(both - [n.value for n in numbers]) / both.std(axis=0)
    wide = np.quantile(away.max(axis=1), 0.95)
    expected = wide * both.std(axis=0)
    assert [half(n) for n in numbers] == pytest.approx(expected, rel=0.1)


def test_the_difference_is_that_of_costs_and_of_errors_among_those_acted_on():
    placed = options()
    found = versus(placed, n_draws=200)
    for option, one in zip(placed[1:], found, strict=True):
        codes, base = option.codes, placed[0].codes
        assert one.cost.value == pytest.approx(COSTS[codes].mean() - COSTS[base].mean())
        errors = [(c == 1).sum() / (c <= 1).sum() for c in (codes, base)]
        assert one.error.value == pytest.approx(errors[0] - errors[1])
        assert one.cost.lo < one.cost.value < one.cost.hi


def test_a_number_says_where_it_comes_from():
    one, _ = versus(options(), n_draws=200)
    assert (one.option, one.reference) == ("o1", "o0")
    assert one.cost.id == "versus.o1.cost"
    assert one.error.id == "versus.o1.error"
    assert one.cost.unit == "false alarms per decision"
    assert one.error.unit == "difference of shares"
    for number in (one.cost, one.error):
        assert number.rows == "report"
        assert number.level == 0.95
        assert number.n == 600
        assert number.method == "paired bootstrap, max-T over 4 comparisons"


def test_the_method_says_that_clusters_were_drawn_or_rows_made_fewer():
    clusters = np.arange(600) % 30
    one, _ = versus(options(), clusters=clusters, n_draws=100)
    assert one.cost.method.startswith("paired bootstrap of whole clusters, max-T")
    one, _ = versus(options(), n_draws=100, deff=2.0)
    assert one.cost.method.startswith("paired bootstrap at the effective sample size")


def test_more_comparisons_make_each_range_wider():
    placed = options(cuts=(0.0, 0.1, 0.2, 0.3, 0.6))
    alone = versus(placed[:2])[0]
    together = versus(placed)[0]
    assert half(together.cost) > 1.05 * half(alone.cost)
    assert half(together.cost) < 1.6 * half(alone.cost)


def test_all_ranges_together_hold_the_truth_as_often_as_they_say():
    # Two models of one kind, at one line: neither is better, by construction.
    kept = 0
    for seed in range(300):
        placed = options(n=400, cuts=(0.0, 0.0, 0.0), seed=seed)
        found = versus(placed, n_draws=400, seed=seed)
        kept += all(n.lo <= 0 <= n.hi for v in found for n in (v.cost, v.error))
    assert 0.90 <= kept / 300 <= 0.985


def test_an_option_like_the_reference_differs_by_nothing_at_all():
    placed = options()
    twin = Placed("twin", placed[0].keys, placed[0].codes)
    one = versus([*placed, twin], n_draws=500)[-1]
    for number in (one.cost, one.error):
        assert (number.value, number.lo, number.hi) == (0, 0, 0)
        assert number.method == "alike on every row"
    assert not one.separated
    assert one.more_rows is None


def test_a_clear_difference_is_separated_and_needs_no_more_rows():
    placed = [*options(cuts=(0.0,), noise=0.2), of("o1", tp=1, fp=599)]
    (one,) = versus(placed)
    assert one.separated
    assert one.cost.lo > 0
    assert one.more_rows is None


def test_so_many_further_rows_separate_two_options_in_eight_cases_of_ten():
    costs = np.array([0, 1, 1.5, *[0] * 7])
    placed = options(n=300, cuts=(0.5, 0.0), seed=2)
    (one,) = versus(placed, costs=costs)
    assert not one.separated
    # Rows as these, so many of them: how often is the difference told then?
    rng, told = np.random.default_rng(0), 0
    for _ in range(150):
        rows = rng.integers(0, 300, 300 + one.more_rows)
        again = [Placed(o.option, rows.astype(str), o.codes[rows]) for o in placed]
        (found,) = versus(again, costs=costs, n_draws=400)
        told += found.separated
    assert 0.70 <= told / 150 <= 0.90


def test_where_no_sensible_number_of_rows_would_help_none_is_told():
    wrong = {"fp": 50, "fn": 50}
    placed = [of("o0", tp=50, **wrong, tn=50), of("o1", **wrong, tp=50, tn=50)]
    # The same costs on other rows: nothing to separate, and then next to nothing.
    for alone in (0, 0.001):
        (one,) = versus(placed, costs=np.array([0, 1, 1 + alone, 0, *[0] * 6]))
        assert one.cost.lo < 0 < one.cost.hi
        assert one.more_rows is None


def test_where_either_acts_on_no_one_there_is_no_error_to_compare():
    placed = [*options(cuts=(0.0,)), *[of("nobody", tn=600)]]
    (one,) = versus(placed)
    assert one.error is None
    assert one.cost.value is not None
    assert one.cost.method.endswith("max-T over 1 comparison")


def test_samples_in_which_either_acts_on_no_one_are_left_out_and_counted():
    acted = of("o1", tp=15, fp=6, tn=579)
    clusters = np.where(np.arange(600) < 21, 0, 1 + np.arange(600) % 24)
    (one,) = versus([*options(cuts=(0.0,)), acted], clusters=clusters, n_draws=2000)
    # A cluster of 25 is missing from (24/25)^25 of all samples.
    assert one.dropped / 2000 == pytest.approx((24 / 25) ** 25, abs=0.05)
    assert one.error.lo < one.error.value < one.error.hi


def test_where_nothing_went_wrong_newcombe_stands_in_with_its_share_of_the_risk():
    none_wrong = of("o0", tp=30, tn=70)
    some_wrong = of("o1", tp=26, fp=14, tn=60)
    (one,) = versus([none_wrong, some_wrong])
    expected = newcombe(14, 40, 0, 30, level=0.975)
    assert (one.error.lo, one.error.hi) == pytest.approx((expected.lo, expected.hi))
    assert one.error.level == pytest.approx(0.975)
    assert one.error.method == "newcombe, Bonferroni over 2 comparisons"
    assert one.cost.method.endswith("max-T over 2 comparisons")
    (wide,) = versus([none_wrong, some_wrong], deff=2.0)
    assert half(wide.error) > half(one.error)


def test_a_cost_that_nobody_stated_cannot_be_told_and_spoils_no_other():
    costs = place_costs(Context(ratio=4.0), PayoffMatrix(tp=1, fp=-1))
    placed = [*options(), of("shown", tp=300, right_positive=300)]
    *others, shown = versus(placed, costs=costs)
    assert shown.cost.value is None
    assert not shown.separated
    assert shown.more_rows is None
    assert shown.error.value is not None
    assert all(v.cost.value is not None for v in others)


def test_an_option_may_have_costs_of_its_own():
    placed = options(cuts=(0.0, 0.1))
    own = np.array([COSTS, COSTS + 0.25])
    (dear,), (plain,) = versus(placed, costs=own), versus(placed)
    assert dear.cost.value == pytest.approx(plain.cost.value + 0.25)
    assert half(dear.cost) == pytest.approx(half(plain.cost))


def test_a_difference_that_no_sample_varies_has_no_range():
    placed = [of("o0", tn=50), of("o1", fp=50)]
    (one,) = versus(placed)
    assert one.cost.value == 1
    assert one.cost.lo is None
    assert not one.separated
    assert one.more_rows is None


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=1, max_size=40),
    st.sampled_from([None, 2.0]),
)
def test_any_rows_give_an_answer_or_say_that_there_is_none(rows, deff):
    keys = np.arange(len(rows)).astype(str)
    placed = [
        Placed(f"o{i}", keys, np.array(codes, dtype=np.int8))
        for i, codes in enumerate(zip(*rows, strict=True))
    ]
    for one in versus(placed, n_draws=50, deff=deff or 1.0):
        for number in (one.cost, one.error):
            if number is None or number.lo is None:
                continue
            assert number.lo <= number.value <= number.hi
        assert one.more_rows is None or one.more_rows > 0


def test_what_cannot_be_compared_is_refused_in_a_sentence():
    drawn = draw(join(options()), n_draws=10)
    with pytest.raises(InputError, match="unknown reference 'x'"):
        compare(drawn, reference="x", costs=COSTS)
    with pytest.raises(InputError, match="one figure for each of 10 places"):
        compare(drawn, reference="o0", costs=COSTS[:6])
    with pytest.raises(InputError, match="at least two options"):
        compare(
            draw(join(options(cuts=(0.0,))), n_draws=10), reference="o0", costs=COSTS
        )
