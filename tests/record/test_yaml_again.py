"""Reading again what is mostly known gives what reading it whole would give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example as case
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.errors import InputError
from workshop.record.choices import SECTIONS
from workshop.record.yaml_again import compose_again
from workshop.record.yaml_io import compose
from workshop.record.yaml_nodes import Node

DATASETS = Path(__file__).parents[2] / "datasets"
SHIPPED = (DATASETS / "deposit-calls" / "example-record.yaml").read_text("utf-8")
SMALL = (
    "# a head\nformat: 3\nrevision: 7\nframing:\n  outcome: fewer calls\n"
    "  # a comment\n  pair: [a, b]\nnotes: |\n  kept\n\n  words\n"
    "log:\n  - at: one\n    who: A\n  # beside\n  - at: two\n    who: B\n"
    "  - at: three\n    who: C\nlast: 0\n"
)
PIECES = st.sampled_from(
    [
        *("\n", '"', "'", "|", ">", "- ", "  - ", "#", ":", "0", " ", "x", "é", "\r\n"),
        *("log:", "\nlog: 0\n", "\nnotes: 0\n", "- 0\n", "  - at: four\n", "---\n"),
        *("...\n", "? ", "&a", "*a", "!x ", "{", "}", "[", "]", "\t", "\u2028", "%Y\n"),
        *('q: "\n', 'q: "\nframing: 0\n', '"\n', "a: |\n", "a: >+\n", "  - 0\n"),
    ]
)
EDIT = st.tuples(st.integers(0, 10**6), st.integers(0, 40), PIECES)


def outcome(read: Callable[[], Node]) -> Node | str:
    """Return what was read, or what was said."""
    try:
        return read()
    except InputError as error:
        return str(error)


def both(text: str, before: str) -> tuple[Node | str, Node | str]:
    known = before, compose(before, file="r")
    whole = outcome(lambda: compose(text, file="r"))
    return outcome(lambda: compose(text, file="r", known=known)), whole


@settings(max_examples=400, deadline=None)
@given(edits=st.lists(EDIT, min_size=1, max_size=4))
@case(edits=[(21, 0, 'q: "\n'), (70, 0, '"\n')])
def test_whatever_was_edited_the_outcome_is_that_of_reading_it_whole(
    edits: list[tuple[int, int, str]],
) -> None:
    text = SMALL
    for place, length, piece in edits:
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
    again, whole = both(text, SMALL)
    assert again == whole


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(edits=st.lists(EDIT, min_size=1, max_size=2), backwards=st.booleans())
def test_it_holds_for_a_record_in_either_direction(
    edits: list[tuple[int, int, str]], backwards: bool
) -> None:
    text = SHIPPED
    for place, length, piece in edits:
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
    old, new = (text, SHIPPED) if backwards else (SHIPPED, text)
    if isinstance(outcome(lambda: compose(old, file="r")), Node):
        again, whole = both(new, old)
        assert again == whole


@pytest.mark.parametrize("section", [s for s in SECTIONS if f"\n{s}:" in SHIPPED])
def test_a_known_section_that_now_stands_in_a_quotation_is_text(section: str) -> None:
    place = SHIPPED.find(f"\n{section}:")
    rest = SHIPPED[place:].replace('"', "'")
    again, whole = both(f'{SHIPPED[:place]}\nspare: "{rest}"\n', SHIPPED)
    assert again == whole


@pytest.mark.parametrize(
    ("before", "after"),
    [("note: |\n  text", "note: |\n  textual: foo"), ("z: 1", "z: 1b: 2"),
     ("a: 1\nz: 1", "a: 1\nz: 1b: 2"), ("a:\n  - x\n  - y", "a:\n  - x\n  - yes: 1")],
)  # fmt: skip
def test_a_last_line_without_an_end_is_read_again(before: str, after: str) -> None:
    again, whole = both(after, before)
    assert again == whole


def test_a_text_that_is_too_long_is_refused_however_little_is_new() -> None:
    text = "".join(f"k{n}: {'x' * 100_000}\n" for n in range(41))
    known = text[:3_000_000].rpartition("k")[0]
    again, whole = both(text, known)
    assert "no more than" in str(whole)
    assert again == whole


def test_a_new_line_of_the_log_is_nearly_all_that_is_read() -> None:
    text = SHIPPED.replace("revision: ", "revision: 1") + (
        "  - at: 2026-11-22T10:00:00+00:00\n    who: Dana\n    decided: go on\n"
    )
    lengths = []

    def read(short: str) -> Node:
        lengths.append(len(short))
        return compose(short, file="r")

    known = SHIPPED, compose(SHIPPED, file="r")
    again = compose_again(text, known, read)
    assert again == compose(text, file="r")
    assert lengths[0] < len(text) / 10
