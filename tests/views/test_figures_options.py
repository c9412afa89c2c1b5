"""The map, the front and both floors draw what was found, small and without help."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import HOSTILE, Page
from tests.views.pictures import marks
from tests.views.test_style import contrast, lab, light
from workshop.analysis.impact.floors import FloorState
from workshop.analysis.options.flip import FlipMap
from workshop.record.values import Number
from workshop.views.figures_cells import (
    find_regions,
    path_of_borders,
    path_of_cells,
    place_letters,
)
from workshop.views.figures_options import TINTS, flip_alt, flip_twin, plot_flip_map
from workshop.views.figures_points import OptionPoint
from workshop.views.figures_tradeoff import (
    dual_alt,
    dual_twin,
    front_alt,
    front_twin,
    plot_dual,
    plot_front,
)
from workshop.views.section import View
from workshop.views.style import INK, ROLES

SIGNS = "ABCDEFGH"
LONG = "Small model in front, a large one behind it, with a promise of one in ten"


def flip(
    n: int = 4,
    *,
    rows: int = 21,
    columns: int = 25,
    here: tuple[float, float] = (5.0, 0.3),
    unclear: float = 0.02,
) -> tuple[FlipMap, dict[str, str], dict[str, str]]:
    """A map of straight lines: each option wrong in its own way, none of them best."""
    ratios = np.geomspace(0.1, 100, columns) if columns > 1 else np.array([5.0])
    shares = np.geomspace(0.01, 0.9, rows) if rows > 1 else np.array([0.3])
    alarms = np.linspace(0.4, 0, n)[:, None, None]
    misses = np.linspace(0, 1, n)[:, None, None] ** 2
    share, ratio = shares[None, :, None], ratios[None, None, :]
    cost = alarms * (1 - share) + misses * share * ratio
    order, sorted_ = np.argsort(cost, axis=0, kind="stable"), np.sort(cost, axis=0)
    second = order[min(1, n - 1)]
    gap = sorted_[min(1, n - 1)] - sorted_[0]
    ids = tuple(f"o{place}" for place in range(n))
    half = np.full(gap.shape, unclear)
    found = FlipMap(
        options=ids,
        reference=ids[0],
        ratios=ratios,
        prevalences=shares,
        winner=order[0],
        second=second,
        cost=sorted_[0],
        gap=gap,
        half=half,
        separated=gap > half,
        here=here,
        level=0.95,
    )
    titles = {name: f"{LONG} {name}" for name in ids}
    return found, titles, dict(zip(ids, SIGNS, strict=False))


def number(id: str, value: float | None, wide: float = 0.0, **given) -> Number:
    if value is None or not wide:
        return Number(id=id, value=value, **given)
    return Number(id=id, value=value, lo=value - wide, hi=value + wide, **given)


def points(n: int = 8) -> list[OptionPoint]:
    return [
        OptionPoint(
            letter=SIGNS[place],
            title=f"{LONG} {place}",
            x=number(f"x{place}", 0.05 + 0.04 * place, 0.03),
            y=number(f"y{place}", 5000 - 600 * place, 300, unit="EUR per week"),
            latency=number(f"t{place}", 10.0 * (place + 1), unit="ms"),
            on_front=place != 2,
            chosen=place == 1,
            outside=place == 7,
        )
        for place in range(n)
    ]


def floor(side: str, bound: float, unit: str = "share") -> FloorState:
    given = Number(id=f"bound.{side}", value=bound, unit=unit)
    return FloorState("error_among_answered", given, side, given, given, None)  # type: ignore[arg-type]


WRONG = floor("at_most", 0.2)
EARNED = floor("at_least", 2500, "EUR per week")
LABELS = ("Wrong, of 100 acted on", "EUR a week")

PICTURES = {
    "map": lambda: plot_flip_map(*flip()),
    "map of eight": lambda: plot_flip_map(*flip(8)),
    "map of one option": lambda: plot_flip_map(*flip(1)),
    "map of one cell": lambda: plot_flip_map(*flip(rows=1, columns=1)),
    "map of one row": lambda: plot_flip_map(*flip(rows=1)),
    "map seen from outside": lambda: plot_flip_map(*flip(here=(500.0, 0.3))),
    "map seen from nowhere": lambda: plot_flip_map(*flip(here=(float("nan"), 0.3))),
    "front": lambda: plot_front(points(), ylabel="EUR a week", limits=(0.2, 4000)),
    "front without limits": lambda: plot_front(points(3), ylabel="EUR a week"),
    "front of nothing": lambda: plot_front([], ylabel="EUR a week"),
    "both floors": lambda: plot_dual(points(), WRONG, EARNED, labels=LABELS),
    "one floor": lambda: plot_dual(points(), None, EARNED, labels=LABELS),
    "no floor": lambda: plot_dual(points(), None, None, labels=LABELS),
    "floors the other way": lambda: plot_dual(
        points(),
        floor("at_least", 0.2),
        floor("at_most", 2500, "EUR per week"),
        labels=LABELS,
    ),
}


def words_of(svg: str) -> list[str]:
    return [text for where, text in Page(svg).texts if "text" in where]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_scales_asks_for_nothing_outside_and_is_small(name):
    svg = PICTURES[name]()
    (tag, given_attributes), *rest = Page(svg).elements
    assert tag == "svg"
    assert "viewbox" in given_attributes
    assert not re.search(r"https?:|<script|<metadata|xmlns|<!DOCTYPE|<image", svg)
    assert len(svg) < 60_000
    for _, attributes in rest:
        assert (attributes.get("href") or "#").startswith("#")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_same_each_time(name):
    assert PICTURES[name]() == PICTURES[name]()


# --- the map -------------------------------------------------------------------------


def test_every_winner_stands_on_the_map_and_below_it():
    found, titles, letters = flip(8)
    words = words_of(plot_flip_map(found, titles, letters))
    for one in np.unique(found.winner):
        assert words.count(letters[found.options[one]]) >= 2


def test_options_that_win_nowhere_are_named_too():
    found, titles, letters = flip()
    alone = replace(found, winner=np.zeros_like(found.winner))
    words = words_of(plot_flip_map(alone, titles, letters))
    assert "nowhere cheapest: B, C, D" in words


def test_what_cannot_be_told_is_hatched_and_said_so():
    unclear, clear = plot_flip_map(*flip()), plot_flip_map(*flip(unclear=-1.0))
    assert "<pattern" in unclear
    assert any("cannot tell" in word for word in words_of(unclear))
    assert "<pattern" not in clear
    assert not any("cannot tell" in word for word in words_of(clear))


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ((5.0, 0.3), "you are here"),
        ((500.0, 0.3), "you are beyond this edge"),
        ((float("nan"), 0.3), None),
    ],
)
def test_the_pair_finds_itself_on_the_map(here, said):
    words = [
        word for word in words_of(plot_flip_map(*flip(here=here))) if "you" in word
    ]
    assert words == ([said] if said else [])


def test_the_map_is_told_as_one_page_can_hold_it():
    found, titles, letters = flip()
    table, alt = flip_twin(found, titles), flip_alt(found, titles, letters)
    ids = [each.id for each in (*table.numbers, *alt.numbers)]
    assert len(table.rows) == 3
    assert {len(row) for row in table.rows} == {4}
    assert len(set(ids)) == 3 + 3 + 9 + 4
    assert "525 places" in alt.text


def test_a_cell_that_cannot_be_told_names_both_and_its_range_holds_zero():
    found, titles, _ = flip(unclear=99.0)
    table = flip_twin(found, titles)
    assert all("cannot tell" in cell.text for row in table.rows for cell in row[1:])
    gaps = [each for each in View((table,)).numbers if "gap" in each.id]
    assert len(gaps) == 9
    assert all(each.lo < 0 < each.hi and each.level == 0.95 for each in gaps)


def test_words_do_not_call_a_place_clear_that_is_not():
    clear = flip_alt(*flip(unclear=-1.0)).text
    unclear = flip_alt(*flip(unclear=99.0)).text
    assert "may cost as little" in unclear
    assert "may cost as little" not in clear
    assert "In 0 of 525" in unclear
    assert "does not lie on this map" in flip_alt(*flip(here=(500.0, 0.3))).text


def test_an_option_alone_is_compared_with_nothing():
    found, titles, letters = flip(1)
    assert "<pattern" not in plot_flip_map(found, titles, letters)
    assert not any("gap" in each.id for each in flip_twin(found, titles).numbers)


def test_hostile_titles_stay_text():
    found, titles, letters = flip()
    titles = dict.fromkeys(titles, HOSTILE)
    svg = plot_flip_map(found, titles, letters)
    html = (
        f"{svg}{flip_twin(found, titles).html}{flip_alt(found, titles, letters).html}"
    )
    assert not {"script", "img"} & {tag for tag, _ in Page(html).elements}


def test_grounds_stay_apart_in_grey_and_under_letters():
    grey = [lab(light(tint))[0] for tint in TINTS]
    assert min(abs(a - b) for a, b in combinations(grey, 2)) > 2.5
    assert min(abs(a - b) for a, b in combinations(grey[:4], 2)) > 5
    assert min(contrast(tint, INK) for tint in TINTS) >= 4.5
    assert not set(TINTS) & set(ROLES.values())


# --- cells ---------------------------------------------------------------------------

GRIDS = st.integers(1, 7).flatmap(
    lambda wide: st.lists(
        st.lists(st.integers(0, 2), min_size=wide, max_size=wide),
        min_size=1,
        max_size=7,
    )
)


@given(GRIDS)
def test_regions_cover_each_cell_once_with_its_own_winner(cells):
    winner = np.array(cells)
    regions = find_regions(winner)
    assert (sum(region.astype(int) for _, region in regions) == 1).all()
    for one, region in regions:
        assert (winner[region] == one).all()


@given(GRIDS)
def test_letters_stand_in_their_own_region(cells):
    for _, region in find_regions(np.array(cells)):
        for row, column in place_letters(region, None):
            assert region[row, column]


@given(GRIDS)
def test_the_rectangles_of_a_winner_fill_its_cells_and_no_more(cells):
    winner = np.array(cells)
    for one in np.unique(winner):
        corners = path_of_cells(winner == one).vertices.reshape(-1, 5, 2)
        filled = np.zeros(winner.shape, dtype=int)
        for corner in corners:
            (left, low), (right, high) = corner[0] + 0.5, corner[2] + 0.5
            filled[int(low) : int(high), int(left) : int(right)] += 1
        assert (filled == (winner == one)).all()


@given(GRIDS)
def test_a_border_is_as_long_as_winners_meet(cells):
    winner = np.array(cells)
    meets = (winner[1:] != winner[:-1]).sum() + (winner[:, 1:] != winner[:, :-1]).sum()
    path = path_of_borders(winner)
    ends = np.zeros((0, 2, 2)) if path is None else path.vertices.reshape(-1, 2, 2)
    assert np.abs(ends[:, 1] - ends[:, 0]).sum() == meets


def test_a_letter_keeps_away_from_where_the_pair_is():
    region = np.ones((21, 25), dtype=bool)
    places = place_letters(region, (12.0, 10.0))
    assert all(np.hypot(row - 10, (column - 12) / 2) >= 2.2 for row, column in places)
    assert len(places) == 3


# --- points --------------------------------------------------------------------------


def test_every_option_has_its_sign_and_its_words_even_if_it_cannot_be_drawn():
    given_points = points()
    open_one = OptionPoint("I", "Nobody knows", number("xi", None), number("yi", 2.0))
    svg = plot_front([*given_points, open_one], ylabel="EUR a week")
    words = words_of(svg)
    assert all(words.count(one.letter) == 2 for one in given_points)
    assert words.count("I") == 1
    assert "Nobody knows · cannot tell" in words


def test_time_and_limits_are_written_beside_the_name():
    words = words_of(plot_front(points(), ylabel="EUR", limits=(0.3, None)))
    assert sum(word.endswith(" ms") for word in words) == 7
    assert sum(word.endswith("80 ms · outside your limits") for word in words) == 1
    assert "outside your limit" in words
    assert "outside your limit" not in words_of(plot_front(points(), ylabel="EUR"))


def test_signs_at_one_place_are_moved_apart():
    at = (number("x", 0.2), number("y", 3.0))
    crowd = [OptionPoint(sign, sign, *at) for sign in SIGNS]
    svg = plot_dual(crowd, None, None, labels=LABELS)
    places = [
        (look["x"], look["y"])
        for tag, look in marks(svg)
        if tag == "text" and look["font-size"] == "10.5" and "font-weight" in look
    ]
    assert len(places) == len(SIGNS)
    for one, other in combinations(np.array(places, dtype=float), 2):
        assert np.abs(one - other).max() > 17


def test_both_hold_is_tinted_only_where_two_floors_are_set():
    both, one = PICTURES["both floors"](), PICTURES["one floor"]()
    assert "both hold" in words_of(both)
    assert "model floor: 20 of 100" in words_of(both)
    assert "business floor: 2,500" in words_of(both)
    assert "both hold" not in words_of(one)


def test_words_name_those_for_whom_both_floors_hold():
    said = dual_alt(points(), WRONG, EARNED, labels=LABELS).text
    assert said.endswith("for: A, B, C, D.")
    none = dual_alt(points(), floor("at_most", 0.0), EARNED, labels=LABELS).text
    assert none.endswith("for none of them.")
    assert (
        "Only floors that were set"
        in dual_alt(points(), None, EARNED, labels=LABELS).text
    )


def test_the_table_says_where_a_range_reaches_past_its_floor():
    table = dual_twin(points(), floor("at_most", 0.19), None, labels=LABELS)
    said = [row[2].text for row in table.rows]
    assert said[:2] == ["holds", "holds"]
    assert said[3] == "holds, but the range reaches past it"
    assert said[4] == "does not hold, but the range reaches it"
    assert said[-1] == "does not hold"
    assert {row[4].text for row in table.rows} == {"no floor set"}
    assert table.marked == 1


def test_the_front_is_told_in_words_and_as_a_table():
    alt = front_alt(points(), measure="EUR a week").text
    table = front_twin(points(), measure="EUR a week")
    assert alt.endswith("better in everything than A, B, D, E, F, G, H.")
    assert table.rows[2][4].text == "another's estimates are no worse in anything"
    assert table.rows[7][5].text == "outside your limits"
    assert len(View((table,)).numbers) == 3 * 8
    open_one = OptionPoint(
        "I", "Nobody knows", number("xi", None), number("yi", 2.0, unit="EUR")
    )
    said = front_twin([open_one], measure="EUR a week").rows[0]
    assert [cell.text for cell in said[1:5]] == [
        "cannot tell",
        "2",
        *["cannot tell"] * 2,
    ]


def test_an_assumed_range_is_dotted_and_says_so():
    stated = OptionPoint(
        "A", "Stated", number("x", 0.2, 0.1, assumed=True), number("y", 3.0)
    )
    assert "stroke-dasharray" in plot_dual([stated], None, None, labels=LABELS)
    assert "stroke-dasharray" not in PICTURES["no floor"]()
    assert "(assumed)" in dual_twin([stated], None, None, labels=LABELS).rows[0][1].text


def test_hostile_names_of_points_stay_text():
    bad = [OptionPoint("A", HOSTILE, number("x", 0.2), number("y", 3.0))]
    html = plot_front(bad, ylabel=HOSTILE) + front_twin(bad, measure=HOSTILE).html
    html += plot_dual(bad, WRONG, EARNED, labels=(HOSTILE, HOSTILE))
    html += dual_twin(bad, WRONG, EARNED, labels=(HOSTILE, HOSTILE)).html
    assert not {"script", "img"} & {tag for tag, _ in Page(html).elements}
