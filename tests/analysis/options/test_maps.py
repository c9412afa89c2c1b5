"""The map of who wins stands on the same costs as the table; so does who is hit."""

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
    SHOWN,
    STATED,
    TWO,
    compared,
    scored,
)
from workshop.analysis.options.maps import flip_of, hits_of
from workshop.analysis.options.offers import shown_costs
from workshop.analysis.options.table import option_lines
from workshop.analysis.policies import cheapest_threshold

OWN = {name: scored(name, own=True) for name in ("one", "two")}


def here(found):
    """The cell of the pair's own ratio and the measured prevalence."""
    return (
        int(np.flatnonzero(found.prevalences == found.here[1])[0]),
        int(np.flatnonzero(found.ratios == found.here[0])[0]),
    )


def cheapest_line(ratio):
    """Where the pair would draw the line of the proposed run, were it the cheapest."""
    curve = compared((ONE,), ratio=ratio).evidence.curve("choose")
    return cheapest_threshold(curve, ratio=ratio)


def table_costs(options):
    lines = option_lines(options)
    return {o.id: lines.of(o.id).figures["cost"].value for o in options.measured}


@pytest.mark.parametrize("ratio", [0.3, 1.0, 2.0, 6.0])
@pytest.mark.parametrize(
    "other",
    [TWO, BAND, ASKED, SHOWN, FILTER, FILTER | {"fallback": "human"}, PEOPLE, ALL],
    ids=lambda o: o["id"] + o.get("fallback", ""),
)
def test_at_home_both_options_cost_what_the_table_says(other, ratio):
    options = compared((ONE, other), ratio=ratio, act_at=cheapest_line(ratio))
    found, costs = flip_of(options), table_costs(options)
    at = here(found)
    names = found.options
    first, then = names[found.winner[at]], names[found.second[at]]
    assert found.cost[at] == pytest.approx(costs[first], abs=1e-9)
    assert found.cost[at] + found.gap[at] == pytest.approx(costs[then], abs=1e-9)
    assert costs[first] == pytest.approx(min(costs.values()), abs=1e-9)


@pytest.mark.parametrize("runs", [None, OWN], ids=["alike", "own labels"])
def test_at_home_the_winner_of_all_is_the_tables_cheapest(runs):
    options = compared(EVERY, act_at=cheapest_line(1.0), runs=runs)
    found, costs = flip_of(options), table_costs(options)
    if runs is None:
        winner = found.options[found.winner[here(found)]]
        assert costs[winner] == pytest.approx(min(costs.values()), abs=1e-9)
        assert found.cost[here(found)] == pytest.approx(costs[winner], abs=1e-9)
    assert found.reference == "one"


def test_options_of_other_rows_are_valued_on_the_common_ones():
    runs = {"one": scored("one", n=140), "two": scored("two", n=120, first=40)}
    line = cheapest_line_of(runs)
    options = compared((ONE, TWO), runs=runs, act_at=line)
    found, costs = flip_of(options), table_costs(options)
    at = here(found)
    first = found.options[found.winner[at]]
    assert found.cost[at] == pytest.approx(costs[first], abs=1e-9)


def cheapest_line_of(runs):
    curve = compared((ONE,), runs=runs).evidence.curve("choose")
    return cheapest_threshold(curve, ratio=1.0)


def test_what_has_no_rows_is_left_out_by_name():
    assert flip_of(compared((ONE, TWO, STATED))).left_out == ("vendor",)


def test_so_is_what_shows_the_best_few_while_nobody_can_price_them():
    harmless = PAYOFF | FEW | {"fp": 0.0}
    policy = {"kind": "single", "act_at": 0.3}
    said = {"option": "shown", "threshold": {"policy": policy}}
    options = compared((ONE, SHOWN, STATED), payoff=harmless, said=said)
    assert np.isnan(shown_costs(options.evidence)).all()
    assert flip_of(options).left_out == ("shown", "vendor")


def test_there_is_no_map_without_a_ratio_or_a_rival():
    assert flip_of(compared(ratio=None, act_at=0.3)) is None
    assert flip_of(compared((ONE, TWO))) is not None


def test_there_is_no_map_where_the_rows_in_play_have_one_label():
    said = {"option": "people"}
    assert flip_of(compared((ONE, TWO, PEOPLE), runs=OWN, said=said)) is None


# who is hit -------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["one", "filter", "people"])
def test_who_is_hit_is_counted_on_the_same_rows(option):
    options = compared(EVERY)
    (hits,) = hits_of(options, option).values()
    placed = options.placed[option]
    told = sum(hit.wrong.k or 0 for hit in hits)
    assert told == placed.cells.fp
    assert sum(hit.wrong.n for hit in hits) == len(placed.keys)


def test_so_it_is_where_options_have_other_rows():
    runs = {"one": scored("one", n=140), "two": scored("two", n=120, first=40)}
    options = compared((ONE, TWO), runs=runs)
    (hits,) = hits_of(options, "two").values()
    assert sum(hit.wrong.n for hit in hits) == options.joint.rows
