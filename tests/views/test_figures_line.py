"""Pictures around one line draw what was found, and ask for nothing outside."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from tests.helpers import Page
from tests.views.pictures import marks
from workshop.analysis.bands import Band, estimate_band
from workshop.analysis.calibration import assess_calibration
from workshop.analysis.curve import threshold_curve
from workshop.analysis.metrics import Context
from workshop.analysis.resampling import choose_cuts, draw_rows
from workshop.analysis.review_bands import band_grid, best_band
from workshop.record.values import Number
from workshop.views.figures_line import (
    ABOVE,
    RAMP,
    plot_band_grid,
    plot_bands,
    plot_reliability,
)
from workshop.views.style import ROLES

RNG = np.random.default_rng(3)
SCORES = np.round(RNG.uniform(size=600), 2)
LABELS = RNG.uniform(size=600) < SCORES
CURVE = threshold_curve(LABELS, SCORES)
RATE = Number(id="r", value=0.6, lo=0.5, hi=0.7)

NAMES = ("precision", "recall", "score", "again", "chosen", "pointwise", "simultaneous")
LABELS_OF_BANDS = {name: f"the {name}" for name in NAMES}
LABELS_OF_GRID = {
    name: f"the {name}" for name in ("act", "ask", "above", "nobody", "best", "single")
}


def bands(cuts=None) -> tuple[np.ndarray, np.ndarray, Band, Band]:
    samples = draw_rows(CURVE, choose_cuts(CURVE) if cuts is None else cuts, n_boot=200)
    precision = samples.tp / np.maximum(samples.tp + samples.fp, 1)
    recall = samples.tp / samples.positives
    kinds = ("pointwise", "simultaneous")
    return precision, recall, *(estimate_band(samples, k, deff=1) for k in kinds)


def drawn_bands(cuts=None, **given) -> str:
    return plot_bands(*bands(cuts), labels=LABELS_OF_BANDS, **given)


def drawn_grid(**given) -> str:
    context = Context(ratio=3.0, review_cost=0.2)
    grid = band_grid(CURVE, context, size=50)
    best = best_band(CURVE, context)
    plain = {"least": best.expected_cost, "best": (0.6, 0.2), "single": (0.3, 0.3)}
    return plot_band_grid(grid, labels=LABELS_OF_GRID, **(plain | given))


def drawn_reliability() -> str:
    found = assess_calibration(LABELS, SCORES)
    labels = {"says": "the says", "came": "what came", "as": "the same"}
    return plot_reliability(found.bins, labels=labels)


PICTURES = {
    "bands": drawn_bands,
    "bands with a line": lambda: drawn_bands(
        marked=(0.5, RATE, RATE), again=(0.4, 0.6)
    ),
    "bands beyond the scores": lambda: drawn_bands(
        marked=(7.0, Number(id="n", value=None), RATE), again=(0.5, float("inf"))
    ),
    "bands at one cut": lambda: drawn_bands([0.5]),
    "pairs": drawn_grid,
    "pairs without marks": lambda: drawn_grid(best=None, single=None),
    "reliability": drawn_reliability,
}


@cache
def drawn(name: str) -> str:
    """Return a picture as it was drawn the first time."""
    return PICTURES[name]()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_scales_and_asks_for_nothing_outside(name):
    svg = drawn(name)
    (tag, given), *rest = Page(svg).elements
    assert tag == "svg"
    assert "viewbox" in given
    assert not re.search(r"https?:|<script|<metadata|xmlns|<!DOCTYPE", svg)
    for _, attributes in rest:
        assert (attributes.get("href") or "#").startswith(("#", "data:image/png"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_same_each_time(name):
    assert PICTURES[name]() == drawn(name)


def test_both_bands_and_their_names_are_drawn():
    svg = drawn_bands()
    assert "the pointwise" in svg
    assert "the simultaneous" in svg
    assert "the again" not in svg
    assert svg.count("the chosen") == 0


def test_the_pairs_line_and_where_it_may_fall_are_drawn_and_named():
    svg = drawn_bands(marked=(0.5, RATE, RATE), again=(0.4, 0.6))
    assert ROLES["false_alarm"] in svg
    assert svg.count("the chosen") == 1
    assert svg.count("the again") == 1
    assert "pattern" in svg  # hatched: apart from the band in grey as well


def test_the_ramp_gets_lighter_step_by_step_in_grey_too():
    grey = [sum(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in RAMP]
    assert grey == sorted(grey)
    assert min(np.diff(grey)) > 20
    assert len(RAMP) == len(ABOVE) + 1


def test_the_picture_of_all_pairs_is_small_and_names_its_marks():
    svg = drawn_grid()
    assert len(svg) < 60_000
    for name in ("the best", "the single", "the nobody", "+0.5", "+20"):
        assert name in svg


def test_a_single_line_that_is_the_best_is_marked_once():
    svg = drawn_grid(best=(0.3, 0.3), single=(0.3, 0.3))
    assert "the best" in svg
    assert "the single" not in svg


def test_every_bin_is_drawn_with_its_range():
    bins = assess_calibration(LABELS, SCORES).bins
    svg = drawn_reliability()
    dots = [g for t, g in marks(svg) if t == "circle" and g["fill"] == ROLES["caught"]]
    assert len(dots) == len(bins)
