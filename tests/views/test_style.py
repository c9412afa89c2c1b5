"""The colours stay apart in grey and for eyes that see fewer of them."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from workshop.views.style import (
    CSS,
    DARK,
    DARKENED,
    GROUND,
    INK,
    LIGHT,
    PAGE_CSS,
    QUIET,
    ROLES,
)

PAIRS = tuple(combinations(ROLES, 2))
LIGHTNESS_APART = 10
COLOURS_APART = 20
# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear light.
SEEN_BY = {
    "full colour": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def light(colour: str) -> np.ndarray:
    """Return a colour as linear light."""
    shares = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(
        shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4
    )


def lab(linear: np.ndarray) -> np.ndarray:
    """Return lightness and two axes of colour (CIE 1976)."""
    xyz = TO_XYZ @ np.clip(linear, 0, 1) / WHITE
    bent = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = bent
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """Contrast as accessibility guidelines count it, from 1 to 21."""
    low, high = sorted(float((TO_XYZ @ light(c))[1]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_roles_differ_in_grey(one, other):
    gap = lab(light(ROLES[one]))[0] - lab(light(ROLES[other]))[0]
    assert abs(gap) >= LIGHTNESS_APART


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_roles_differ_for_every_pair_of_eyes(one, other, eyes):
    seen = [lab(SEEN_BY[eyes] @ light(ROLES[role])) for role in (one, other)]
    assert np.linalg.norm(seen[0] - seen[1]) >= COLOURS_APART


def test_red_and_green_of_one_lightness_would_be_found():
    seen = [lab(SEEN_BY["deuteranopia"] @ light(c)) for c in ("#c0504d", "#7f8f3a")]
    assert np.linalg.norm(seen[0] - seen[1]) < COLOURS_APART


@pytest.mark.parametrize("text", [INK, QUIET, ROLES["caught"], ROLES["false_alarm"]])
def test_words_can_be_read_on_the_ground(text):
    assert contrast(text, GROUND) >= 4.5


TEXT = ("ink", "quiet", "accent")
GROUNDS = ("ground", "soft", "warm")
EDGES = ("focus", "alarm", "quiet", "accent")


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground_of_the_page(colours, text, ground):
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_marks_something_stands_out_from_the_ground(colours, edge):
    assert contrast(colours[edge], colours["ground"]) >= 3


# A hue turned by half a circle, as the filter of that name turns it (CSS filters).
TURNED = np.array([[-0.574, 1.43, 0.144], [0.426, 0.43, 0.144], [0.426, 1.43, -0.856]])


def darkened(colour: str) -> str:
    """Return a picture's colour as a dark page shows it."""
    shares = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    inverted = DARKENED - shares * (2 * DARKENED - 1)
    turned = np.clip(TURNED @ inverted, 0, 1)
    return "#" + "".join(f"{round(255 * share):02x}" for share in turned)


def test_a_pictures_white_is_the_dark_pages_ground():
    apart = [
        abs(int(darkened(GROUND)[i : i + 2], 16) - int(DARK["ground"][i : i + 2], 16))
        for i in (1, 3, 5)
    ]
    assert max(apart) <= 1


@pytest.mark.parametrize("text", [INK, QUIET])
def test_words_in_a_picture_can_be_read_on_a_dark_page(text):
    assert contrast(darkened(text), DARK["ground"]) >= 4.5


@pytest.mark.parametrize("role", ["caught", "false_alarm", "asked", "missed"])
def test_a_role_stands_out_from_the_ground_on_a_dark_page(role):
    light_one = contrast(ROLES[role], GROUND)
    assert contrast(darkened(ROLES[role]), DARK["ground"]) >= min(3, light_one)


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_roles_still_differ_for_every_pair_of_eyes_on_a_dark_page(one, other, eyes):
    dark = [darkened(ROLES[role]) for role in (one, other)]
    seen = [lab(SEEN_BY[eyes] @ light(colour)) for colour in dark]
    assert np.linalg.norm(seen[0] - seen[1]) >= COLOURS_APART


def test_light_and_dark_name_the_same_colours():
    assert set(LIGHT) == set(DARK)
    named = set(re.findall(r"var\(--([a-z]+)\)", CSS + PAGE_CSS))
    assert named <= set(LIGHT)


def test_the_style_sheets_load_nothing():
    assert not re.search(r"@import|url\(|https?:|expression\(", CSS + PAGE_CSS)


def test_the_style_sheets_know_paper_a_dark_screen_and_whoever_wants_no_motion():
    for words in (
        "@media print",
        "@page{size:A4",
        "prefers-color-scheme:dark",
        "prefers-reduced-motion:reduce",
        ":focus-visible",
    ):
        assert words in CSS + PAGE_CSS


def test_a_page_made_dark_is_still_printed_light():
    start = PAGE_CSS.index("prefers-color-scheme:dark")
    assert PAGE_CSS[:start].endswith("@media screen and (")


def test_a_cell_follows_the_lab_and_not_the_screen():
    assert "prefers-color-scheme" not in CSS
    assert '[data-jp-theme-light="false"] .cg' in CSS


def test_the_style_sheet_uses_the_palettes_own_colours():
    used = set(re.findall(r"#[0-9a-f]{6}\b", CSS))
    assert {INK, QUIET, ROLES["missed"]} <= used
