"""Every part of a section has a name to link to, which no number in it changes."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import Page
from workshop.record.values import Number
from workshop.views.anchors import Anchors, slug
from workshop.views.section import Card, Figure, Fold, Heading, Paragraph, Section
from workshop.views.wording import Said


def own(text: str) -> Said:
    return Said("{text}", {"text": text})


def headed(n: float) -> Said:
    return Said("On the {n:whole} rows", {"n": Number(id="n", value=n)})


def section(*blocks) -> Section:
    title, headline = Said("Title", {}), Said("Headline", {})
    return Section("threshold", title, "ok", headline, blocks)


CARD = Card(title=own("C1"), tag=own("kept"), said=(own("must hold"),))
FIGURE = Figure("<svg></svg>", own("a curve"))


def ids(html: str) -> list[str]:
    return [given["id"] or "" for _, given in Page(html).elements if "id" in given]


@given(st.text())
def test_a_name_is_letters_figures_and_hyphens_whatever_it_is_made_of(text):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))


def test_headings_cards_and_pictures_have_ids_that_begin_with_the_sections():
    found = ids(section(Heading(own("Both floors")), CARD, FIGURE).html)
    assert found == [
        "threshold",
        "threshold-both-floors",
        "threshold-c1",
        "threshold-figure",
    ]


def test_what_is_called_the_same_is_told_apart():
    found = ids(section(CARD, CARD, FIGURE, Fold(own("More"), (FIGURE,))).html)
    assert max(Counter(found).values()) == 1


def test_a_name_stays_when_a_number_in_it_moves():
    first, second = (ids(section(Heading(headed(n))).html) for n in (152, 90))
    assert first == second == ["threshold", "threshold-on-the-rows"]


def test_a_card_can_be_given_a_name_of_its_own():
    card = Card(title=own("Too few rows"), tag=own("x"), said=(), name="DR002")
    assert ids(section(card).html)[-1] == "threshold-dr002"


def test_outside_a_section_nothing_has_an_id():
    for block in (Heading(own("Both floors")), CARD, FIGURE):
        assert ids(block.html) == []


def levels(html: str) -> list[int]:
    return [
        int(tag[1]) for tag, _ in Page(html).elements if re.fullmatch("h[1-6]", tag)
    ]


def test_no_level_of_headings_is_left_out():
    assert levels(section(CARD).html) == [2, 3]
    assert levels(section(Heading(own("x")), CARD).html) == [2, 3, 4]
    folded = Fold(own("More"), (Heading(own("inside")), CARD))
    assert levels(section(folded, CARD).html) == [2, 3, 4, 3]


def test_paper_says_once_that_more_folds_out():
    fold = Fold(own("More"), (Paragraph(own("x")),))
    assert section(fold, fold).html.count("cg-on-screen") == 1
    assert "cg-on-screen" not in section(Paragraph(own("x"))).html


def test_ids_are_taken_in_the_order_of_the_page():
    at = Anchors("s")
    assert [at.id("a"), at.id("a")] == [' id="s-a"', ' id="s-a-2"']
