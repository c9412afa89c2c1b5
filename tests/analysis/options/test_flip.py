"""The map of which option wins: chosen on some rows, valued on others, cell by cell."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.analysis.curve import threshold_curve
from workshop.analysis.intervals import z_of
from workshop.analysis.metrics import Context, Reviewer, expected_cost
from workshop.analysis.options.contender import cuts_of
from workshop.analysis.options.flip import Contender, OptionRows, flip_map
from workshop.analysis.policies import (
    cheapest_threshold,
    count_cells,
    policy_at,
    review_can_pay,
)
from workshop.analysis.review_bands import best_band, capacity_of
from workshop.errors import InputError

FEW = (0.6, 0.3, 3.0, 0.8)
PERSON = Reviewer(0.9, 0.95)
SMALL = {"ratios": [0.3, 1.0, 4.0, 15.0], "prevalences": [0.1, 0.3, 0.45, 0.8]}
PRICED = {"review_cost": 0.4, "reviewer": PERSON, "alternatives": FEW}


def rows_of(rng, labels, noise=1.0, **more):
    scores = np.round(labels + rng.normal(size=len(labels)) * noise, 1)
    return OptionRows(labels, scores, **more)


def mixed(seed=0, n=160):
    """Options of every kind; "other" is right about other rows than the rest."""
    rng = np.random.default_rng(seed)
    sides = [rng.random(n) < share for share in (0.35, 0.3)]
    others = [np.where(rng.random(n) < 0.8, y, rng.random(n) < 0.7) for y in sides]
    kept = [rng.random(n) < 0.7 for _ in sides]
    hits = [y | (rng.random(n) < 0.4) for y in others]

    def both(labels, noise, **more):
        choose, report = (
            rows_of(rng, y, noise, **{k: v[side] for k, v in more.items()})
            for side, y in enumerate(labels)
        )
        return {"choose": choose, "report": report}

    return [
        Contender("model", **both(sides, 0.8)),
        Contender("band", **both(sides, 1.0), policy="review_band"),
        Contender("filter", **both(sides, 0.9, kept=kept), fallback="human"),
        Contender("other", **both(others, 0.7)),
        Contender("few", **both(others, 0.9, hit=hits), fallback="alternatives"),
        Contender("promise", **both(sides, 0.8), max_error=0.2),
        Contender("person", OptionRows(sides[1]), fallback="human"),
        Contender("nothing", OptionRows(sides[1])),
        Contender("everyone", OptionRows(sides[1]), policy="all"),
    ]


# --- the same by hand: every cell, every cut, every row -------------------------------


def costs_by_hand(each, rows, act_at, ask_at, ratio, price, who, few):
    """What every row costs, one by one."""
    labels = np.asarray(rows.labels)
    scores = np.zeros(len(labels)) if rows.scores is None else rows.scores
    found = []
    for i, positive in enumerate(labels):
        asked = price + (
            (1 - who.sensitivity) * ratio if positive else 1 - who.specificity
        )
        kept = rows.kept is None or rows.kept[i]
        if kept and scores[i] >= act_at:
            found.append(0.0 if positive else 1.0)
        elif (kept and scores[i] >= ask_at) or each.fallback == "human":
            found.append(asked)
        elif each.fallback == "alternatives":
            found.append(few[(0 if rows.hit[i] else 2) + (0 if positive else 1)])
        else:
            found.append(ratio if positive else 0.0)
    return np.array(found)


def weights_by_hand(labels, factor):
    share = np.mean(labels)
    odds = factor * share / (1 - share)
    moved = odds / (1 + odds)
    return np.where(labels, moved / share, (1 - moved) / (1 - share))


def policy_by_hand(each, factor, ratio, price, who, few, capacity):
    """The cheapest of all pairs of cuts there are, on the choosing rows."""
    if each.policy == "all":
        return -math.inf, -math.inf
    if each.choose is None:
        return math.inf, math.inf
    rows = each.choose
    kept = np.ones(len(rows.scores), bool) if rows.kept is None else rows.kept
    cuts = [math.inf, *sorted(set(rows.scores[kept]), reverse=True)]
    weights = weights_by_hand(rows.labels, factor)
    pairs = [(a, b) for b in cuts for a in cuts if a >= b]
    if each.policy != "review_band":
        pairs = [(cut, cut) for cut in cuts]
    found = []
    for act_at, ask_at in pairs:
        asked = kept & (rows.scores >= ask_at) & (rows.scores < act_at)
        if (weights * asked).sum() > capacity * len(weights) + 1e-9:
            continue
        acted = kept & (rows.scores >= act_at)
        wrong = (weights * (acted & ~rows.labels)).sum()
        limit = each.max_error
        keeps = limit is None or (
            acted.any() and wrong <= limit * (weights * acted).sum()
        )
        cost = costs_by_hand(each, rows, act_at, ask_at, ratio, price, who, few)
        found.append((not keeps, (weights * cost).sum(), act_at != ask_at, -ask_at))
        found[-1] += (act_at, ask_at)
    best = min(found)
    ties = [one for one in found if one[0] == best[0] and one[1] <= best[1] + 1e-7]
    chosen = min(ties, key=lambda one: (*one[2:4], one[4]))
    if not chosen[2] and chosen[5] == cuts[-1] and rows.kept is None:
        return -math.inf, -math.inf
    return chosen[4:]


def moves_by_hand(labels, base, cost, factor):
    """Each row's part in the cost: the derivative by how often it counts."""
    weights = weights_by_hand(labels, factor)
    share, stated = np.mean(labels), np.mean(base)
    means = {y: cost[labels == y].mean() for y in (False, True)}
    moved = share * weights[labels][0]
    slope = (means[True] - means[False]) * moved * (1 - moved)
    up = (labels - share) / (share * (1 - share))
    down = (base - stated) / (stated * (1 - stated))
    centred = cost - np.where(labels, means[True], means[False])
    return weights * centred + slope * (up - down)


def map_by_hand(options, reference, *, prevalence, ratios, prevalences, capacity=9.0):
    base = next(np.asarray(o.report.labels) for o in options if o.id == reference)
    for share in prevalences:
        factor = share / (1 - share) * (1 - prevalence) / prevalence
        for ratio in ratios:
            found = []
            for each in options:
                prices = (ratio, PRICED["review_cost"], PERSON, FEW)
                cuts = policy_by_hand(each, factor, *prices, capacity)
                cost = costs_by_hand(each, each.report, *cuts, *prices)
                labels = np.asarray(each.report.labels)
                mean = (weights_by_hand(labels, factor) * cost).mean()
                found.append((mean, each.id, moves_by_hand(labels, base, cost, factor)))
            found.sort(key=lambda one: one[:2])
            (one, first, a), (two, second, b) = found[:2]
            yield first, second, one, two - one, math.sqrt(np.mean((b - a) ** 2))


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("capacity", [None, 0.06])
def test_every_cell_is_what_looking_at_every_cut_and_every_row_finds(seed, capacity):
    options = mixed(seed, n=70)
    found = flip_map(
        options,
        reference="model",
        ratio=4,
        prevalence=0.3,
        capacity_share=capacity,
        **SMALL,
        **PRICED,
    )
    by_hand = map_by_hand(
        options, "model", prevalence=0.3, **SMALL, capacity=capacity or 9.0
    )
    z = z_of(1 - 0.05 / (len(options) - 1))
    for cell, (first, second, cost, gap, spread) in enumerate(by_hand):
        at = np.unravel_index(cell, found.winner.shape)
        assert found.cost[at] == pytest.approx(cost, rel=1e-12)
        assert found.gap[at] == pytest.approx(gap, rel=1e-9, abs=1e-12)
        if gap > 1e-12:
            assert found.options[found.winner[at]] == first
        half = z * spread / math.sqrt(70)
        if found.options[found.second[at]] == second:
            assert found.half[at] == pytest.approx(half, rel=1e-9, abs=1e-12)


def test_several_kinds_of_options_win_somewhere():
    found = flip_map(mixed(), reference="model", ratio=4, prevalence=0.3, **PRICED)
    assert len({found.options[w] for w in np.unique(found.winner)}) >= 4
    assert found.separated.any()
    assert not found.separated.all()


# --- where it stands: the pair's own ratio and what was measured ----------------------


def two(seed=3, n=900, **more):
    """One model and nothing at all, on rows with the same labels."""
    rng = np.random.default_rng(seed)
    sides = [rng.random(n) < 0.3 for _ in range(2)]
    choose, report = (OptionRows(y, y + rng.normal(size=n)) for y in sides)
    model = Contender("model", report, choose, **more)
    return [model, Contender("nothing", OptionRows(report.labels))]


def cost_here(found, option):
    """The option's cost where nothing is re-weighted."""
    at = list(found.prevalences).index(found.here[1])
    across = list(found.ratios).index(found.here[0])
    gap = found.gap[at, across] * (found.winner[at, across] != option)
    return found.cost[at, across] + gap


@pytest.mark.parametrize("ratio", [0.2, 1.0, 5.0, 30.0])
def test_here_the_cost_is_that_of_the_policy_chosen_elsewhere_on_the_page(ratio):
    options = two()
    choose, report = (
        threshold_curve(rows.labels, rows.scores)
        for rows in (options[0].choose, options[0].report)
    )
    cut = cheapest_threshold(choose, ratio=ratio)
    options[0] = replace(options[0], keep=(cut,))
    found = flip_map(options, reference="model", ratio=ratio, prevalence=0.31)
    cells = count_cells(policy_at(choose, cut), report)
    expected = expected_cost(cells, Context(ratio=ratio))
    assert cost_here(found, 0) == pytest.approx(expected, rel=1e-12)


def test_here_a_band_is_the_one_that_the_search_of_all_pairs_finds():
    options = two(policy="review_band", n=600)
    options[0] = replace(
        options[0],
        choose=replace(
            options[0].choose, scores=np.round(options[0].choose.scores * 20) / 20
        ),
    )
    choose = threshold_curve(options[0].choose.labels, options[0].choose.scores)
    report = threshold_curve(options[0].report.labels, options[0].report.scores)
    assert len(choose.thresholds) < 200
    context = Context(ratio=5.0, review_cost=0.2, reviewer=PERSON)
    capacity = capacity_of(300, rows=600, per_week=4000)
    band = best_band(choose, context, capacity=capacity)
    assert band.policy.kind == "review_band"
    found = flip_map(
        options,
        reference="model",
        ratio=5,
        prevalence=0.3,
        review_cost=0.2,
        reviewer=PERSON,
        capacity_share=300 / 4000,
    )
    expected = expected_cost(count_cells(band.policy, report), context)
    assert cost_here(found, 0) == pytest.approx(expected, rel=1e-12)


def test_the_grid_holds_the_pairs_own_ratio_and_the_measured_prevalence():
    found = flip_map(two(), reference="model", ratio=5, prevalence=0.3)
    assert found.here == (5, 0.3)
    assert len(found.ratios) == 25
    assert found.ratios[12] == 5
    assert found.ratios[[0, -1]] == pytest.approx([0.5, 50])
    assert len(found.prevalences) == 21
    assert found.prevalences[10] == 0.3
    odds = found.prevalences / (1 - found.prevalences)
    assert np.diff(np.log(odds)) == pytest.approx(np.log(64) / 20)
    assert not found.winner.flags.writeable


@pytest.mark.parametrize(("measured", "least"), [(0.02, 0.01), (0.004, 0.004)])
def test_no_prevalence_is_shown_below_one_in_a_hundred_unless_measured(measured, least):
    found = flip_map(two(), reference="model", ratio=5, prevalence=measured)
    assert measured in found.prevalences
    assert found.prevalences[0] >= least
    assert found.prevalences[-1] == pytest.approx(8 * measured, rel=0.15)


# --- laws -----------------------------------------------------------------------------


def test_nothing_wins_where_misses_are_for_free_and_everyone_where_alarms_are():
    model, nothing = two()
    labels, scores = model.choose.labels, model.choose.scores.copy()
    scores[labels.argmin()], scores[labels.argmax()] = 99, -99
    found = flip_map(
        [
            replace(model, choose=OptionRows(labels, scores)),
            nothing,
            Contender("everyone", nothing.report, policy="all"),
            Contender("person", nothing.report, fallback="human"),
        ],
        reference="model",
        ratio=4,
        prevalence=0.3,
        review_cost=2,
        ratios=[1e-6, 1e6],
    )
    names = np.array(found.options)
    assert set(names[found.winner[:, 0]]) == {"nothing"}
    assert set(names[found.winner[:, 1]]) == {"everyone"}
    # The model does what they do there: it acts on no one, and on everyone.
    assert set(names[found.second].flat) == {"model"}
    assert not found.gap.any()


def test_the_chow_line_a_person_alone_pays_from_ten_to_fifty_in_a_hundred():
    labels = np.arange(1000) % 10 < 3
    rows = OptionRows(labels)
    found = flip_map(
        [
            Contender("everyone", rows, policy="all"),
            Contender("nothing", rows),
            Contender("person", rows, fallback="human"),
        ],
        reference="nothing",
        ratio=5,
        prevalence=0.3,
        review_cost=0.5,
        ratios=[0.5, 2, 5, 20],
        prevalences=np.arange(1, 99) / 100 + 0.005,
    )
    for across, ratio in enumerate(found.ratios):
        band = review_can_pay(0.5, c_fp=1, c_fn=ratio)
        low, high = band.clear_below or 1, band.act_above or 0
        person = np.array(found.options)[found.winner[:, across]] == "person"
        inside = (found.prevalences > low) & (found.prevalences < high)
        assert np.array_equal(person, inside)
    assert (low, high) == (0.025, 0.5)


def test_with_calibrated_scores_a_band_is_told_apart_only_where_review_can_pay():
    risks = np.repeat(np.arange(1, 100) / 100, 100)
    labels = np.tile(np.arange(100), 99) < np.repeat(np.arange(1, 100), 100)
    rows = OptionRows(labels, risks)
    found = flip_map(
        [
            Contender("alone", rows, rows),
            Contender("asks", rows, rows, policy="review_band"),
        ],
        reference="alone",
        ratio=5,
        prevalence=labels.mean(),
        review_cost=0.5,
    )
    can_pay = [review_can_pay(0.5, c_fp=1, c_fn=r).can_pay for r in found.ratios]
    asks = (found.winner == 1) & (found.gap > 0)
    assert np.array_equal(asks, np.broadcast_to(can_pay, asks.shape))
    assert not found.separated[~asks].any()


def test_an_option_is_never_told_from_its_own_copy():
    model = two()[0]
    found = flip_map(
        [model, replace(model, id="copy")], reference="model", ratio=5, prevalence=0.3
    )
    assert not found.gap.any()
    assert not found.half.any()
    assert not found.separated.any()


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(9)), st.integers(0, 3))
def test_the_order_of_the_options_changes_their_numbers_and_nothing_else(order, seed):
    options = mixed(seed, n=60)
    asked = {"reference": "model", "ratio": 4, "prevalence": 0.3} | PRICED | SMALL
    deff = {"band": 2.0, "few": 1.5}
    one = flip_map(options, deff=deff, **asked)
    other = flip_map([options[i] for i in order], deff=deff, **asked)
    for name in ("cost", "gap", "half", "separated"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    for name in ("winner", "second"):
        names = [np.array(m.options)[getattr(m, name)] for m in (one, other)]
        assert np.array_equal(*names)


def test_four_times_the_design_effect_doubles_the_interval():
    asked = {"reference": "model", "ratio": 5, "prevalence": 0.3}
    one = flip_map(two(), deff={"model": 1.5}, **asked)
    four = flip_map(two(), deff={"model": 6.0}, **asked)
    assert four.half == pytest.approx(2 * one.half)
    assert np.array_equal(four.gap, one.gap)
    assert four.separated.sum() < one.separated.sum()


def test_with_the_same_labels_for_all_the_spread_is_that_within_labels():
    model, nothing = two()
    choose, report = (
        OptionRows(side.labels, np.round(side.scores, 1))
        for side in (model.choose, model.report)
    )
    found = flip_map(
        [Contender("model", report, choose), nothing],
        reference="model",
        ratio=5,
        prevalence=0.3,
        ratios=[5],
        prevalences=[0.2],
    )
    factor = 0.2 / 0.8 * 0.7 / 0.3
    weights = weights_by_hand(choose.labels, factor)
    curve = threshold_curve(choose.labels, choose.scores, weights=weights)
    acted = report.scores >= cheapest_threshold(curve, ratio=5)
    weights = weights_by_hand(report.labels, factor)
    saved = weights * acted * np.where(report.labels, 5.0, -1.0)
    assert found.gap[0, 0] == pytest.approx(saved.mean())
    spread = sum(
        np.mean(report.labels == label) * saved[report.labels == label].var()
        for label in (False, True)
    )
    assert found.half[0, 0] == pytest.approx(z_of(0.95) * math.sqrt(spread / 900))


def test_where_labels_differ_the_spread_is_what_leaving_rows_out_shows():
    options = [mixed(5, n=700)[i] for i in (0, 3)]
    base = np.asarray(options[0].report.labels)
    measured, stated, ratio = base.mean(), 0.5, 4.0
    found = flip_map(
        options,
        reference="model",
        ratio=ratio,
        prevalence=measured,
        ratios=[ratio],
        prevalences=[stated],
    )
    factor = stated / (1 - stated) * (1 - measured) / measured
    costs = []
    for each in options:
        cuts = policy_by_hand(each, factor, ratio, 0, Reviewer(), FEW, 9)
        costs.append(costs_by_hand(each, each.report, *cuts, ratio, 0, Reviewer(), FEW))

    def gap(rows):
        one, other = (
            (
                weights_by_hand(
                    np.asarray(each.report.labels)[rows],
                    (1 - base[rows].mean()) / base[rows].mean(),
                )
                * cost[rows]
            ).mean()
            for each, cost in zip(options, costs, strict=True)
        )
        return other - one

    n = len(base)
    left = np.array([gap(np.arange(n) != i) for i in range(n)])
    spread = math.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
    assert abs(gap(np.arange(n))) == pytest.approx(found.gap[0, 0])
    assert found.half[0, 0] == pytest.approx(z_of(0.95) * spread, rel=0.01)


def test_more_distinct_scores_than_cuts_are_thinned_and_hardly_cost_more():
    options = two(n=20_000)
    assert len(cuts_of(options[0])) == 200
    kept = replace(options[0], keep=(0.123, 99.0))
    (cut,) = set(cuts_of(kept)) - set(cuts_of(options[0]))
    scores = options[0].choose.scores
    assert cut == scores[scores >= 0.123].min()
    found = flip_map(options, reference="model", ratio=5, prevalence=0.3)
    choose, report = (
        threshold_curve(r.labels, r.scores)
        for r in (options[0].choose, options[0].report)
    )
    point = report.at(cheapest_threshold(choose, ratio=5))
    assert cost_here(found, 0) == pytest.approx(
        expected_cost(point, Context(ratio=5)), rel=0.01
    )


# --- what is refused ------------------------------------------------------------------


def test_options_left_out_are_named():
    found = flip_map(
        two(), reference="model", ratio=5, prevalence=0.3, left_out=["stated"]
    )
    assert found.left_out == ("stated",)
    assert found.options == ("model", "nothing")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reference": "x"}, "unknown reference"),
        ({"ratio": 0}, "positive number"),
        ({"prevalence": 1}, "between 0 and 1"),
        ({"ratios": [3, 2]}, "ratios of a flip map ascend"),
        ({"prevalences": [0.5, 1.0]}, "prevalences of a flip map"),
        ({"deff": {"model": 0.5}}, "design effect"),
        ({"review_cost": -1}, "price"),
        ({"capacity_share": -0.1}, "reviews"),
        ({"level": 1}, "level"),
    ],
)
def test_numbers_out_of_their_range_are_refused(change, says):
    asked = {"reference": "model", "ratio": 5, "prevalence": 0.3} | change
    with pytest.raises(InputError, match=says):
        flip_map(two(), **asked)


ONES = np.ones(900, dtype=bool)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (lambda a, b: [a], "two or more"),
        (lambda a, b: [a, a], "two or more"),
        (lambda a, b: [a, replace(b, report=OptionRows(ONES[:5]))], "same rows"),
        (lambda a, b: [replace(a, report=OptionRows(ONES)), b], "one label"),
        (lambda a, b: [a, replace(a, id="x", fallback="alternatives")], "best few"),
        (lambda a, b: [a, replace(a, id="x", report=b.report)], "no scores"),
    ],
)
def test_options_that_cannot_be_compared_are_refused(options, says):
    with pytest.raises(InputError, match=says):
        flip_map(options(*two()), reference="model", ratio=5, prevalence=0.3)


def test_the_best_few_need_a_price_and_a_word_on_every_row():
    few = replace(two()[0], id="few", fallback="alternatives")
    asked = {"reference": "model", "ratio": 5, "prevalence": 0.3}
    with pytest.raises(InputError, match="not given"):
        flip_map([few, *two()], alternatives=(math.nan,) * 4, **asked)
    with pytest.raises(InputError, match="every row"):
        flip_map([few, *two()], alternatives=FEW, **asked)
