"""The figures page holds what each program printed, and says on which machine."""

from __future__ import annotations

import re

import pytest

from benchmarks import figures
from benchmarks.figures import PAGE, PART, Printed, plain, renewed, sections

TEXT = PAGE.read_text("utf-8")
PAGE_OF_TWO = f"# Page\n\n| kept |\n\n{PART}\n\nA sentence.\n"


def printed(name: str, said: str) -> Printed:
    return Printed(name, "2026-11-23; two cores.", said)


@pytest.fixture
def page() -> str:
    """A page on which two programs stand, the later one first written."""
    text = renewed(PAGE_OF_TWO, printed("room", "40 pages"))
    return renewed(text, printed("curve", "0.5 times"))


def test_what_was_printed_stands_in_order_of_names(page):
    assert list(sections(page)) == ["curve", "room"]
    assert page.startswith(
        f"# Page\n\n| kept |\n\n{PART}\n\nA sentence.\n\n### curve.py"
    )


def test_a_program_that_ran_again_changes_its_own_part_only(page):
    again = renewed(page, printed("room", "41 pages"))
    assert again == page.replace("40 pages", "41 pages")
    assert renewed(again, printed("room", "40 pages")) == page


def test_a_fence_in_what_was_printed_ends_no_block(page):
    text = renewed(page, printed("room", plain(["```", "### curve.py", "```"])))
    assert list(sections(text)) == ["curve", "room"]


def test_no_place_of_the_machine_is_printed():
    told = plain(["wrote /srv/room/desk.json in 2 s, 40 ms/page and/or more"])
    assert told == "wrote .../desk.json in 2 s, 40 ms/page and/or more"


def test_a_long_print_is_cut_with_a_word_on_it(monkeypatch):
    monkeypatch.setattr(figures, "LONGEST", 2)
    assert plain(["a", "b", "c", "d"]) == "a\nb\n(2 more lines)"


def test_every_program_is_on_the_page_with_what_it_is_beside():
    promised = TEXT.partition("## Figures")[0]
    named = set(re.findall(r"(?m)^\| `(\w+)\.py`", promised))
    assert named == set(figures.programs())


def test_what_is_on_the_page_says_where_it_was_measured():
    found = sections(TEXT)
    assert found.keys() <= set(figures.programs())
    for part in found.values():
        assert re.search(r"(?m)^\d{4}-\d\d-\d\d; \d+ cores .*Python 3\.", part)
