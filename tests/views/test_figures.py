"""A picture stands in the page, says what it shows, and asks for nothing outside."""

from __future__ import annotations

import re
from functools import cache

import pytest

import workshop
from tests.helpers import SHIPPED, STEPS, Page
from tests.views.pictures import marks
from workshop.record.values import Number
from workshop.views.figures import plot_curve, plot_people, plot_ranges
from workshop.views.section import Block, Figure, Fold, Live, Section, Table, View
from workshop.views.style import ROLES

ERROR = Number(id="e", value=0.31, k=119, n=390, lo=0.24, hi=0.38)
SURE = Number(id="s", value=0.31)


def curve(**changes: object) -> str:
    given = {
        "band": ([0.8, 0.7, None], [0.95, 0.9, None]),
        "labels": ("recall", "precision"),
        "chosen": (ERROR, ERROR),
        "chosen_label": "the choice",
        "base": ERROR,
        "base_label": "everyone",
    }
    return plot_curve([0.1, 0.5, 1.0], [0.9, 0.8, 0.7], **(given | changes))


def ranges(**changes: object) -> str:
    rows = [("one", ERROR), ("two", SURE)]
    return plot_ranges(changes.pop("rows", rows), xlabel="wrong", **changes)


PICTURES = {
    "people": lambda: plot_people(ERROR),
    "curve": curve,
    "curve without a choice": lambda: curve(chosen=None),
    "curve without a base": lambda: curve(base=Number(id="b", value=None)),
    "ranges": lambda: ranges(marked="one", line=0.3, line_label="limit"),
    "ranges without values": lambda: ranges(rows=[("x", Number(id="x", value=None))]),
}


@cache
def drawn(name: str) -> str:
    """Return a picture as it was drawn the first time."""
    return PICTURES[name]()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_scales_and_asks_for_nothing(name):
    svg = drawn(name)
    (tag, given), *rest = Page(svg).elements
    assert tag == "svg"
    assert "viewbox" in given
    assert not {"width", "height"} & set(given)
    assert not re.search(r"https?:|<script|<image|<metadata|xmlns|<!DOCTYPE", svg)
    for _, attributes in rest:
        assert (attributes.get("href") or "#").startswith("#")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_same_each_time(name):
    assert PICTURES[name]() == drawn(name)


def test_100_people_are_drawn_in_the_colours_of_what_happens_to_them():
    looks = [look for _, look in marks(plot_people(ERROR))]
    assert len(looks) == 100
    assert sum(look["fill"] == ROLES["false_alarm"] for look in looks) == 24
    assert sum(look["stroke"] == ROLES["false_alarm"] for look in looks) == 38
    assert sum(look["fill"] == ROLES["left_alone"] for look in looks) == 69


@pytest.mark.parametrize(
    ("value", "hit"), [(0.0, 0), (1.0, 100), (0.005, 0), (0.5, 50)]
)
def test_without_a_range_the_people_are_the_estimate(value, hit):
    looks = [look for _, look in marks(plot_people(Number(id="e", value=value)))]
    assert sum(look["fill"] == ROLES["false_alarm"] for look in looks) == hit


@pytest.mark.parametrize(
    "name",
    [
        "$1 or $2 a call",
        r"costs $\frac$",
        "<b>&amp;</b>",
        "a_b^c \\alpha {x} %s",
        "😀 ‮right",
        "",
    ],
)
def test_names_are_drawn_as_they_are_written(name):
    svg = ranges(rows=[(name, ERROR)], marked=name, line=0.2, line_label=name)
    drawn = [text for where, text in Page(svg).texts if "text" in where]
    assert name in drawn or not name


def test_a_long_name_is_cut_and_says_so():
    svg = ranges(rows=[("x" * 60, ERROR)])
    assert "x" * 33 + "…" in svg
    assert "x" * 40 not in svg


@cache
def blocks(number: str) -> tuple[Block, ...]:
    """Return what a step of the shipped example shows; built once, looked at twice."""
    step = workshop.open_step(number, record=SHIPPED, interactive=False)
    section: Section = step.section()
    return tuple(section.blocks)


@pytest.mark.parametrize("number", STEPS)
def test_every_figure_of_a_step_has_words_and_a_table_that_says_the_same(number):
    found = blocks(number)
    for place, block in enumerate(found):
        if isinstance(block, Figure):
            assert len(block.alt.text) > 40
            after = found[place + 1] if place + 1 < len(found) else None
            assert block.twin is not None or isinstance(after, Table)
            label = f'aria-label="{block.alt.text[:20]}'
            assert label in block.html


def unfolded(number: str) -> list[Block]:
    """Return the blocks of a step, those in folds among them."""
    found = list(blocks(number))
    for block in found:
        found += block.blocks if isinstance(block, Fold) else ()
    return found


def test_the_pictures_of_the_journey_are_where_they_are_expected():
    with_figures = {
        number
        for number in STEPS
        if any(isinstance(block, Figure | Live) for block in unfolded(number))
    }
    assert with_figures == {"00", "01", "03", "04"}


def test_a_view_names_every_number_once():
    figure = Figure("<svg></svg>", alt=_said(ERROR), twin=None)
    assert View((figure, figure)).numbers == (ERROR,)
    with pytest.raises(ValueError, match="two different numbers are called e"):
        View((figure, Figure("", _said(ERROR.model_copy(update={"k": 1}))))).numbers  # noqa: B018


def _said(number: Number):
    from workshop.views.wording import Said

    return Said("{n:of100}", {"n": number})
