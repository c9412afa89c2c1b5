"""What a page carries of the explorer is the same, with less around it."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.views.explorer.givens import some_given
from workshop.views.explorer.packed import LETTERS, fewest, packed
from workshop.views.explorer.state import explorer_state
from workshop.views.explorer.static import (
    explorer_css,
    explorer_html,
    explorer_module,
    explorer_script,
)
from workshop.views.explorer.texts import TURNS

GIVEN = some_given()


def test_the_script_of_a_page_is_the_readable_files_without_their_layout():
    readable, lean = explorer_module(), explorer_script()
    assert "\n//" in readable
    assert "\n//" not in lean
    assert len(lean) < 0.8 * len(readable)


def test_no_text_stands_where_taking_out_layout_would_change_it():
    """Space inside a template within a template goes too: there is none."""
    nested = re.compile(r"`[^`]*\$\{[^}`]*`[^`]* {2}")
    assert not nested.search(explorer_module())


# --- the state -----------------------------------------------------------------------


def unpacked(value: Any) -> Any:
    """Read back what was packed, as the page's script does."""
    if isinstance(value, list):
        return [unpacked(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "vlq" not in value:
        return {key: unpacked(one) for key, one in value.items()}
    found: list[float | None] = []
    at = bits = shift = 0
    for letter in value["vlq"]:
        six = LETTERS.find(letter)
        if six < 0:
            found.append(None)
            continue
        bits |= (six & 31) << shift
        shift += 5
        if six < 32:
            step = -(bits >> 1) if bits & 1 else bits >> 1
            at = at + step if value.get("steps") else step
            found.append(at / value.get("by", 1))
            bits = shift = 0
    if "ends" not in value:
        return found
    said = [f"{one:.12g}".replace("-", "\N{MINUS SIGN}") for one in found]
    return [value["ends"][0], *said, value["ends"][1]]


def test_a_packed_state_says_the_same_to_the_last_digit():
    state = explorer_state(GIVEN)
    back = unpacked(packed(state))
    assert {**back, "cuts": 0} == {**state, "cuts": 0}
    pairs = list(zip(back["cuts"], state["cuts"], strict=True))
    assert all((a is None) == (b is None) for a, b in pairs)
    known = [a for a, _ in pairs if a is not None]
    assert known == sorted(set(known))


@given(
    st.lists(
        st.none() | st.integers(-(2**40), 2**40) | st.decimals(-999, 999, places=3),
        min_size=12,
        max_size=40,
    )
)
def test_any_column_comes_back(values):
    column = [None if v is None else float(v) for v in values]
    assert unpacked(packed(column)) == column


@given(st.lists(st.floats(-1e300, 1e300), min_size=12, max_size=30))
def test_numbers_with_too_many_digits_stay_as_they_are(values):
    assert unpacked(packed(values)) == values


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30, unique=True))
def test_cuts_keep_the_digits_that_tell_them_apart(cuts):
    rising: list[float | None] = [None, *sorted(cuts), None]
    kept = [fewest(cut, rising) for cut in sorted(cuts)]
    assert kept == sorted(kept)
    assert all(
        math.isclose(a, b, abs_tol=1e2) for a, b in zip(kept, sorted(cuts), strict=True)
    )


def test_no_words_for_a_turn_travel_to_a_page_where_nobody_sits():
    html = explorer_html(some_given(here=()), "one")
    inside = re.search(r'json">(.*?)</script>', html)
    assert inside
    assert not TURNS & set(json.loads(inside[1])["state"]["texts"])


def test_script_style_and_state_together_are_light():
    page = explorer_script() + explorer_css() + explorer_html(GIVEN, "one")
    assert len(page.encode()) < 80_000


def test_nothing_sets_a_style_attribute_or_text_as_html():
    for text in (explorer_script(), explorer_html(GIVEN, "one")):
        assert not re.search(r'style="|"style"|innerHTML|insertAdjacent', text)


def test_a_dark_page_and_a_dark_notebook_have_the_same_colours():
    dark = re.search(r'theme-light="false"\] \.cgx\{([^}]*)\}', explorer_css())
    assert dark
    assert explorer_css().count(dark[1]) == 2
    assert "prefers-color-scheme:dark" in explorer_css()
