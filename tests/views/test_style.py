"""The colours stay apart in grey and for eyes that see fewer of them."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from workshop.views.style import CSS, GROUND, INK, QUIET, ROLES

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


def test_the_style_sheet_loads_nothing_and_prints():
    assert not re.search(r"@import|url\(|https?:|expression\(", CSS)
    assert "@media print" in CSS
    assert ":focus-visible" in CSS


def test_the_style_sheet_uses_the_palettes_own_colours():
    used = set(re.findall(r"#[0-9a-f]{6}\b", CSS))
    assert {INK, QUIET, ROLES["missed"]} <= used
