"""A picture weighs little, looks as it was drawn, and says the same words."""

from __future__ import annotations

import re
import warnings
from io import StringIO
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from tests.views.pictures import labels, marks, points_of, texts
from workshop.record.values import Number
from workshop.views.figures import plot_curve, svg_of
from workshop.views.figures_paths import CLOSE, read_path, short, thinned, written
from workshop.views.style import FIGURE_STYLE, INK
from workshop.views.svg import grouped, slim

TENTH = 0.0500001
NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = ["<script>alert(1)</script>", '"><b>&amp;', "]]>", "a\x00b\x08c", "  ", "$x$"]


def drawn(figure: Figure) -> str:
    """Return what the drawing library writes."""
    out = StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(out, format="svg", transparent=True)
    return out.getvalue()


def picture(ticks=(0.0, 0.5, 1.0), words: str = "a label") -> Figure:
    with rc_context(FIGURE_STYLE):
        figure = Figure(figsize=(4, 3))
        axes = figure.add_subplot()
        axes.plot([0, 0.3, 1], [0.2, 0.9, 0.4], color=INK, lw=2, marker="o")
        axes.fill_between([0, 1], 0.1, 0.3, alpha=0.2, hatch="//", ec=INK)
        axes.plot([0, 1], [-3, 3], color=INK, ls="--")
        axes.set(ylim=(0, 1), ylabel=words)
        axes.xaxis.set_major_locator(FixedLocator(list(ticks)))
        axes.annotate(words, (0.4, 0.4), rotation=30)
    return figure


def light(figure: Figure) -> str:
    with rc_context(FIGURE_STYLE):
        return svg_of(figure)


def words_drawn(svg: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(svg).iter(f"{NAMESPACE}text")]


def test_it_has_no_style_no_comment_no_address_and_no_id_that_nobody_asks_for():
    svg = light(picture())
    assert not re.search(
        r"style|<!--|<\?xml|DOCTYPE|metadata|xmlns|https?:|class=", svg
    )
    ids = set(re.findall(r' id="([^"]+)"', svg))
    assert ids == set(re.findall(r"url\(#([^)]+)\)", svg))
    assert len(ids) == 2  # one line is cut at the frame, one ground is hatched


def test_equal_pictures_are_equal_bytes_and_others_share_no_id():
    one, again, other = light(picture()), light(picture()), light(picture(words="x"))
    assert one == again
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_it_weighs_a_quarter_of_what_was_drawn():
    with rc_context(FIGURE_STYLE):
        raw = drawn(picture())
    assert len(slim(raw)) < len(raw) / 4


@settings(max_examples=12)
@given(
    st.lists(
        st.integers(-(10**9), 10**9).map(lambda n: n / 128),
        min_size=2,
        max_size=5,
        unique=True,
    ),
    labels,
)
def test_rounding_never_changes_a_word_or_a_tick(ticks, words):
    with rc_context(FIGURE_STYLE):
        raw = drawn(picture(ticks, words))
    assert sorted(texts(slim(raw))) == sorted(words_drawn(raw))


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_text_whatever_they_contain(words):
    svg = light(picture(words=words))
    assert "<script" not in svg
    expected = re.sub(r"[\x00-\x08]", "\N{REPLACEMENT CHARACTER}", words)
    assert texts(svg).count(expected) == 2


def test_looks_are_said_once_and_still_hold_for_every_mark():
    looks = [look for tag, look in marks(light(picture())) if tag == "text"]
    assert len(looks) >= 8
    for look in looks:
        assert float(look["font-size"]) in (10, 11)
        assert look["fill"].startswith("#")
        assert look["font-family"].startswith("DejaVu Sans")


def test_colours_stay_as_the_house_writes_them_and_not_on_the_root():
    svg = light(picture())
    assert INK in svg
    assert "fill" not in ElementTree.fromstring(svg).attrib


def test_a_picture_by_hand_keeps_all_its_looks():
    svg = '<svg><text x="1" fill="#111111">a</text><text x="2" fill="#111111">b</text>'
    found = grouped(f'{svg}<rect fill="#222222"/></svg>')
    assert [look["fill"] for _, look in marks(found)] == ["#111111"] * 2 + ["#222222"]
    assert texts(found) == ["a", "b"]


# --- paths ---------------------------------------------------------------------------

COORDINATE = st.floats(-2000, 2000).map(lambda value: round(value, 6))
POINTS = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=25)


@settings(max_examples=40)
@given(POINTS)
def test_a_line_keeps_its_ends_and_lies_within_a_fifth_of_a_pixel(points):
    text = " L ".join(f"{x} {y}" for x, y in points)
    kept = points_of(written(read_path(f"M {text}")))
    for one, other in ((kept[0], points[0]), (kept[-1], points[-1])):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= TENTH
    for point in points:
        assert away(point, kept) < CLOSE + 2 * TENTH


def away(point: tuple[float, float], line: list[tuple[float, float]]) -> float:
    """How far a point is from a line through points."""
    here = np.array(point)
    found = [float(np.hypot(*(here - np.array(line[0]))))]
    for a, b in zip(map(np.array, line), map(np.array, line[1:]), strict=False):
        along = b - a
        length = float(along @ along)
        share = min(max(float((here - a) @ along) / length, 0), 1) if length else 0.0
        found.append(float(np.hypot(*(here - a - share * along))))
    return min(found)


@given(st.floats(-1e6, 1e6))
def test_a_number_is_short_and_near(value):
    text = short(value)
    assert abs(float(text) - value) <= TENTH
    assert re.fullmatch(r"-?(\d+|\d*\.\d)", text)
    assert text not in ("-0", "")


def test_curves_and_closed_grounds_come_back_as_they_were():
    path = written(read_path("M 0 0 C 1 1 2 2 3 0 L 3 4 Q 2 5 1 4 L 0 0 z M 9 9 L 9 8"))
    assert path == "M0 0c1 1 2 2 3 0v4q-1 1-2 0zm9 9v-1"
    assert points_of(path)[-1] == (9, 8)


@pytest.mark.parametrize("rows", [10_000, 100_000])
def test_a_line_through_any_number_of_points_has_a_bounded_number(rows):
    draw = np.random.default_rng(1)
    wild = np.column_stack([np.linspace(0, 500, rows), 200 * draw.random(rows)])
    kept = thinned(wild)
    assert len(kept) <= 4 * 1001
    assert (kept[0] == wild[0]).all()
    assert (kept[-1] == wild[-1]).all()
    assert kept[:, 1].max() == pytest.approx(wild[:, 1].max(), abs=0.5)


def test_a_curve_of_many_rows_is_no_heavier_than_its_paper():
    def size(rows: int) -> int:
        draw = np.random.default_rng(2)
        acted = np.arange(1, rows + 1)
        right = np.cumsum(draw.random(rows) < np.linspace(0.9, 0.1, rows))
        precision = right / acted
        number = Number(id="n", value=0.4, k=4, n=10, lo=0.3, hi=0.5)
        return len(
            plot_curve(
                right / right[-1],
                precision,
                band=(precision * 0.9, np.minimum(precision * 1.1, 1)),
                labels=("recall", "precision"),
                chosen=(number, number),
                chosen_label="here",
                base=number,
                base_label="all",
            )
        )

    many, few = size(15_000), size(3_000)
    assert many < 15_000
    assert many < 1.5 * few
