"""Each option stands at its own best line; the one in play at the pair's."""

import math

import numpy as np
import pytest

from tests.analysis.options.small import (
    ALL,
    ASKED,
    BAND,
    EVERY,
    FEW,
    FILTER,
    ONE,
    PAYOFF,
    PEOPLE,
    REVIEWER,
    SHOWN,
    STATED,
    TWO,
    N,
    compared,
    evidence,
    scored,
)
from workshop.analysis.line import Line
from workshop.analysis.metrics import Context, Reviewer, expected_cost
from workshop.analysis.options.offers import best_policy, letter_of, shown_costs
from workshop.analysis.options.places import place_costs, place_rows
from workshop.analysis.policies import Cells, cheapest_policy
from workshop.analysis.readout import review_of
from workshop.errors import InputError
from workshop.record.values import Policy


def best(option, *others, **given):
    """The policy of one option that is not in play, and whether it keeps the limits."""
    found = compared((ONE, option, *others), **given).offer(option["id"])
    return found.policy, found.keeps


def cost_of(found, option, policy):
    """What a policy of an option costs on the choosing rows, row by row."""
    candidate = found.candidate(option["id"])
    few, run = found.best_few.get(candidate.id), found.runs[candidate.run]
    side = found.choosing(candidate.id)
    placed = place_rows(
        "x",
        run.keys[side],
        run.labels[side],
        found.scored[candidate.id].scores[side],
        policy,
        fallback=candidate.fallback,
        hit=None if few is None else few.hit[side],
    )
    review = review_of(found)
    who = Reviewer(review.sensitivity, review.specificity)
    context = Context(ratio=found.ratio, review_cost=review.price, reviewer=who)
    each = place_costs(context, found.payoff)
    return float(placed.counts @ np.nan_to_num(each)), placed


def every_cut(found, option):
    """Every line there is: no one, each distinct score let through."""
    candidate = found.candidate(option["id"])
    side, kept = found.choosing(candidate.id), found.kept(candidate)
    side = side if kept is None else side & kept
    scores = np.unique(found.runs[candidate.run].scores[side])
    singles = [Policy(kind="single", act_at=float(cut)) for cut in scores]
    return [Policy(kind="none"), *singles]


def least(found, option, holds=lambda placed: True):
    """The least cost over every line that keeps what it has to."""
    told = [cost_of(found, option, policy) for policy in every_cut(found, option)]
    return min(cost for cost, placed in told if holds(placed))


# whose line -------------------------------------------------------------------------


def test_the_option_in_play_stands_at_the_pairs_own_line_and_no_other_does():
    found = compared(act_at=0.35)
    own = [offer.id for offer in found.offers if offer.own]
    assert own == ["one"]
    assert found.offer("one").policy == Policy(kind="single", act_at=0.35)


def test_an_option_without_a_model_is_what_it_is_whatever_line_was_drawn():
    for option, kind in ((PEOPLE, "none"), (ALL, "all")):
        found = compared(act_at=0.35, said={"option": option["id"]})
        offer = found.offer(option["id"])
        assert (offer.policy.kind, offer.own) == (kind, False)
        assert found.stands


def test_stated_rates_never_borrow_the_rows_of_a_run():
    found = compared(act_at=0.35, said={"option": "vendor"})
    assert found.offer("vendor").policy is None
    assert not found.stands
    assert "vendor" not in found.placed
    assert found.versus == {}


def test_the_proposed_run_stands_even_where_no_option_names_it():
    found = compared((TWO,))
    assert found.in_play == "one"
    assert [offer.id for offer in found.offers][-1] == "one"
    assert found.stands


def test_without_a_ratio_only_what_has_no_model_has_a_policy():
    found = compared(ratio=None)
    told = {offer.id for offer in found.offers if offer.policy is not None}
    assert told == {"people", "everyone", "do_nothing"}


def test_letters_go_on_after_z():
    letters = [letter_of(place) for place in range(60)]
    assert letters[:3] == ["A", "B", "C"]
    assert letters[25:28] == ["Z", "A2", "B2"]
    assert len(set(letters)) == 60


# the cheapest, by looking at every line ---------------------------------------------


@pytest.mark.parametrize("ratio", [0.1, 0.4, 1.0, 3.0, 25.0])
@pytest.mark.parametrize("option", [TWO, ASKED, SHOWN, FILTER], ids=lambda o: o["id"])
def test_no_other_line_is_cheaper_on_the_choosing_rows(option, ratio):
    found = evidence((ONE, option), ratio=ratio)
    few = found.best_few.get(option["id"])
    policy, keeps = best_policy(
        found, found.candidate(option["id"]), None if few is None else few.hit
    )
    assert keeps
    assert cost_of(found, option, policy)[0] == pytest.approx(least(found, option))


def test_a_run_without_limits_is_drawn_where_step_03_would_draw_it():
    for ratio in (0.1, 0.3, 1.0, 7.0):
        policy, _ = best(TWO, ratio=ratio)
        found = evidence((ONE, TWO), ratio=ratio).with_option("two")
        assert policy == cheapest_policy(found.curve("choose"), ratio=ratio)


def test_where_asking_costs_more_than_a_wrong_one_everyone_is_acted_on():
    dear = PAYOFF | FEW | {"review": -2.1}
    assert best(ASKED, payoff=dear)[0].kind == "all"


def test_where_asking_costs_nothing_and_people_are_right_no_one_is_acted_on():
    free = PAYOFF | FEW | {"review": 0.0}
    perfect = REVIEWER | {"sensitivity": 1.0, "specificity": 1.0}
    assert best(ASKED, payoff=free, reviewer=perfect)[0].kind == "none"


def test_where_the_best_few_are_worth_as_much_as_the_best_way_out_all_get_them():
    policy, _ = best(SHOWN, payoff=PAYOFF | {"choice_right": 1.0, "choice_wrong": 1.0})
    assert policy.kind == "none"


def test_showing_the_best_few_has_no_line_where_no_wrong_one_costs_anything():
    harmless = PAYOFF | FEW | {"fp": 0.0}
    found = compared((ONE, SHOWN), payoff=harmless)
    assert math.isnan(shown_costs(found.evidence)[0])
    assert found.offer("shown").policy is None


# a filter ---------------------------------------------------------------------------


def left_out_are_alone(found, option):
    candidate = found.offer(option).candidate
    _, side = found.rows_of(candidate)
    kept = found.evidence.kept(candidate)[side]
    acted = found.placed[option].codes < 2
    assert not acted[~kept].any()
    return acted[kept]


@pytest.mark.parametrize("ratio", [0.2, 1.0, 1e6])
def test_a_filter_never_acts_on_what_it_leaves_out(ratio):
    acted = left_out_are_alone(compared(ratio=ratio), "filter")
    if ratio == 1e6:
        assert acted.mean() > 0.7, "nearly everyone that it lets through"


@pytest.mark.parametrize("fallback", ["not_sure", "human"])
def test_nor_where_everyone_would_be_cheapest(fallback):
    option = FILTER | {"fallback": fallback}
    found = compared((ONE, option), ratio=1e6, payoff=PAYOFF | {"review": -9.0})
    assert left_out_are_alone(found, "filter").mean() > 0.7


def test_nor_where_it_acts_on_everyone_by_rule():
    acted = left_out_are_alone(compared((ONE, FILTER | {"policy": "all"})), "filter")
    assert acted.all()


@pytest.mark.parametrize(
    "policy",
    [
        {"kind": "all"},
        {"kind": "single", "act_at": -99.0},
        {"kind": "review_band", "act_at": 0.3, "review_at": -99.0},
    ],
    ids=lambda p: p["kind"],
)
def test_nor_at_a_line_that_the_pair_draws_below_everything(policy):
    said = {"option": "filter", "threshold": {"policy": policy, "because": "so"}}
    found = compared(said=said)
    assert found.offer("filter").own
    kept = found.evidence.kept(found.offer("filter").candidate)
    _, side = found.rows_of(found.offer("filter").candidate)
    left_out_are_alone(found, "filter")
    assert (found.placed["filter"].codes[~kept[side]] < 4).all(), "nobody asks, either"


def test_a_missing_value_is_never_let_through():
    found = evidence((ONE, FILTER))
    kept = found.kept(found.candidate("filter"))
    shop = found.values_of("shop", found.runs["one"])
    assert kept.tolist() == [value == "a" for value in shop]


def test_what_is_left_out_is_below_all_else_however_large_the_scores():
    one = scored("one")
    large = one.scores * 1e17 - 1e20
    runs = {"one": type(one)(**{n: getattr(one, n) for n in one.__slots__})}
    object.__setattr__(runs["one"], "scores", large)
    found = evidence(
        (ONE, FILTER),
        runs=runs | {"two": scored("two")},
    )
    kept = found.kept(found.candidate("filter"))
    scores = found.scored["filter"].scores
    assert scores[~kept].max() < scores[kept].min()
    assert scores[~kept].max() < large.min()


def test_limits_count_what_a_filter_leaves_out():
    limits = {"min_recall": 0.6}
    found = evidence((ONE, FILTER), limits=limits)
    policy, keeps = best_policy(found, found.candidate("filter"))
    _, placed = cost_of(found, FILTER, policy)
    cells = placed.cells
    recall = cells.tp / (cells.tp + cells.fn)
    assert keeps == (recall >= 0.6)
    assert not keeps, "no line reaches six of ten through half of the rows"


def test_a_filter_that_leaves_nothing_to_choose_by_says_so():
    found = evidence((ONE, FILTER))
    aside = found.runs["one"].keys[~found.choosing("one")][0]
    only = FILTER | {"only": {"id": str(aside)}}
    with pytest.raises(InputError, match="'filter' has no row to choose a line by"):
        compared((ONE, only)).offers  # noqa: B018


def test_a_filter_that_lets_one_label_through_still_has_a_line():
    found = evidence((ONE, FILTER))
    run, choosing = found.runs["one"], found.choosing("one")
    right = tuple(run.keys[choosing & run.labels][:9].tolist())
    for option in (FILTER, FILTER | {"policy": "review_band"}):
        policy, _ = best(option | {"only": {"id": right}})
        assert policy.kind == "single"


# limits -----------------------------------------------------------------------------


def error_at_most(most):
    return lambda p: (
        p.cells.tp + p.cells.fp > 0 and (p.cells.fp <= most * (p.cells.tp + p.cells.fp))
    )


@pytest.mark.parametrize("option", [TWO, ASKED, SHOWN], ids=lambda o: o["id"])
def test_the_cheapest_that_keeps_the_limits_is_taken(option):
    limits = {"max_error_among_answered": 0.2}
    found = evidence((ONE, option), ratio=3.0, limits=limits)
    few = found.best_few.get(option["id"])
    hit = None if few is None else few.hit
    policy, keeps = best_policy(found, found.candidate(option["id"]), hit)
    cost, placed = cost_of(found, option, policy)
    kept = error_at_most(0.2)
    # acting on no one has no error to keep, and a limit on it is not kept
    assert keeps
    assert kept(placed)
    assert cost == pytest.approx(least(found, option, kept))


def test_where_nothing_keeps_them_the_cheapest_of_all_is_taken_and_said_so():
    limits = {"max_error_among_answered": 0.01, "min_coverage": 0.9}
    policy, keeps = best(TWO, limits=limits)
    assert keeps is False
    assert policy == best(TWO)[0]


def test_people_who_take_the_rest_are_reviews_and_their_limit_is_kept():
    limits = {"reviews_per_week": 100}
    found = evidence((ONE, ASKED), ratio=3.0, limits=limits)
    policy, keeps = best_policy(found, found.candidate("asked"))
    n = found.curve("choose").n

    def within(placed):
        cells = placed.cells
        asked = cells.asked_positive + cells.asked_negative
        return asked / n * 500 <= 100

    cost, placed = cost_of(found, ASKED, policy)
    assert keeps
    assert within(placed)
    assert cost == pytest.approx(least(found, ASKED, within))
    assert not within(cost_of(found, ASKED, best(ASKED, ratio=3.0)[0])[1])


def test_a_lower_promise_changes_the_limit_on_errors_and_no_other():
    limits = {"max_error_among_answered": 0.3, "min_recall": 0.3}
    promise = TWO | {"id": "lower", "max_error": 0.38}
    found = evidence((ONE, TWO, promise), ratio=3.0, limits=limits)
    policy, keeps = best_policy(found, found.candidate("lower"))
    kept = error_at_most(0.38)

    def holds(placed):
        cells = placed.cells
        return kept(placed) and cells.tp >= 0.3 * (cells.tp + cells.fn)

    assert keeps
    assert cost_of(found, promise, policy)[0] == least(found, promise, holds)
    assert policy.act_at < best_policy(found, found.candidate("two"))[0].act_at


def test_what_an_option_costs_to_run_is_its_own_and_not_its_runs():
    limits = {"max_cost_per_decision": 0.05}
    assert best(TWO | {"cost": 0.06}, limits=limits)[1] is False
    assert best(TWO | {"cost": 0.05}, limits=limits)[1] is True


@pytest.mark.parametrize(
    ("option", "price", "expected"),
    [
        (TWO | {"cost": 0.06}, None, 0.06),
        (ONE, 3600.0, 27.5e-3),
        (ONE | {"cost": 0.06}, 3600.0, 0.06),
        (TWO, 3600.0, None),
        (ONE, None, None),
    ],
)
def test_the_limits_of_step_03_know_what_the_option_in_play_costs(
    option, price, expected
):
    """As stated, else its measured times (27.5 ms on average) at the price."""
    said = {"option": option["id"]}
    found = evidence((option,), said=said, price_per_cpu_hour=price)
    assert Line(found).context.cost == pytest.approx(expected)


# a review band ----------------------------------------------------------------------


def bands(found, most):
    """The least cost of all bands that ask about at most so many of all decisions."""
    side = found.choosing("band")
    kept = found.kept(found.candidate("band"))
    chosen = side if kept is None else side & kept
    run = found.runs["one"]
    cuts = [math.inf, *np.unique(run.scores[chosen])[::-1].tolist()]
    labels, scores = run.labels[side], found.scored["band"].scores[side]
    review = review_of(found)
    who = Reviewer(review.sensitivity, review.specificity)
    context = Context(ratio=found.ratio, review_cost=review.price, reviewer=who)
    best = math.inf
    for i, act in enumerate(cuts):
        for ask in cuts[i:]:
            acted, asked = scores >= act, (scores >= ask) & (scores < act)
            if asked.sum() > most * len(labels) + 1e-9:
                continue
            left = ~acted & ~asked
            cells = Cells(
                *(int((a & b).sum()) for a in (acted, left) for b in (labels, ~labels)),
                int((asked & labels).sum()),
                int((asked & ~labels).sum()),
            )
            best = min(best, expected_cost(cells, context))
    return best


@pytest.mark.parametrize("only", [{}, {"shop": "a"}], ids=["all", "filtered"])
@pytest.mark.parametrize("most", [None, 60])
def test_a_band_is_the_cheapest_pair_within_the_reviews_of_all_decisions(only, most):
    option = BAND | {"only": only}
    limits = {} if most is None else {"reviews_per_week": most}
    found = evidence((ONE, option), ratio=2.0, limits=limits)
    policy, keeps = best_policy(found, found.candidate("band"))
    assert keeps
    cost, placed = cost_of(found, option, policy)
    n = int(placed.counts.sum())
    asked = int(placed.counts[4:6].sum())
    share = 1.0 if most is None else most / 500
    assert asked <= share * n
    assert asked > 0 or most
    assert cost / n == pytest.approx(bands(found, share))


# what cannot be an option -----------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (BAND | {"fallback": "human"}, "a review band asks a person already"),
        (BAND | {"fallback": "alternatives", "shows": 3}, "a review band asks"),
        (ONE | {"only": {"shop": "a"}}, "called like its run, but has a filter"),
        (ONE | {"id": "two"}, "called like another run"),
        (TWO | {"id": "do_nothing"}, "stands for something that is always compared"),
        (TWO | {"id": "trivial_all"}, "stands for something that is always compared"),
        (STATED | {"run": "one"}, "has a run and stated rates"),
    ],
)
def test_what_would_be_counted_twice_or_not_at_all_is_refused(option, said):
    with pytest.raises(ValueError, match=said):
        compared((option,))


def test_every_option_at_once_stands_where_it_stands_alone():
    together = compared(EVERY, ratio=2.0)
    for option in (TWO, BAND, ASKED, SHOWN, FILTER):
        alone = best(option, ratio=2.0)
        offer = together.offer(option["id"])
        assert (offer.policy, offer.keeps) == alone
    assert len(together.evidence.runs["one"]) == N
