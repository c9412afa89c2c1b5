"""Cards hold no figure of anybody's data; slides follow the sheet; all is said."""

from __future__ import annotations

import re

import pytest

from tests.helpers import Page
from workshop.kit import sheet_said
from workshop.room.sheet import lengths, run_sheet
from workshop.views.kit import markdown, pages
from workshop.views.kit.cards import (
    TROUBLES,
    canvas_boxes,
    role_cards,
    translator_cards,
    troubles,
)
from workshop.views.kit.deck import slides
from workshop.views.recaps.translator_cards import CARDS
from workshop.views.style import LIGHT
from workshop.views.wording import phrase, phrases


def test_there_is_a_card_for_each_line_that_people_say():
    made = translator_cards()
    assert len(made) == len(CARDS) == 20
    assert len({card.title.text for card in made}) == 20
    assert all(card.title.text.startswith("“") for card in made)
    assert {card.tag.text for card in made} == {
        phrase("translator.by_product"),
        phrase("translator.by_engineering"),
    }


def test_a_card_lies_on_the_table_before_anything_is_counted():
    """The one figure is what somebody asks for: 99 of 100."""
    text = " ".join(
        f"{card.title} {' '.join(said.text for _, said in card.lines)}"
        for card in translator_cards()
    )
    assert re.findall(r"\d+", text) == ["99"]


def test_every_card_asks_something_back():
    for card in translator_cards():
        (_, hears), (_, ask) = card.lines
        assert not hears.text.endswith("?")
        assert ask.text.endswith("?")


def named(card) -> dict[str, str]:
    """Return what stands on a card, by its labels."""
    return {label.text: said.text for label, said in card.lines}


def test_a_halfs_card_names_the_steps_in_which_it_is_its_turn():
    product, engineering, *others = role_cards(sheet_said(120))
    assert named(product)[phrase("kit.role.speaks")] == "01 Outcome, 04 Impact"
    drives = named(engineering)[phrase("kit.role.drives")]
    assert drives == "02 Data, 05 Agreement"
    assert [card.title.text for card in others] == [
        "Support, legal or design",
        "Facilitator",
    ]


def test_something_goes_wrong_at_each_step_and_at_any_time():
    sections = {s.section for s in run_sheet().slots if not s.is_break}
    assert set(TROUBLES) == {*sections, "whole"}
    for section in TROUBLES:
        assert len(troubles(section)) >= 3


def test_no_trouble_of_the_catalogue_is_left_out():
    said = {key.rpartition(".")[0] for key in phrases() if ".trouble." in key}
    listed = {
        f"kit.trouble.{s}.{name}" for s, names in TROUBLES.items() for name in names
    }
    assert said - {"kit.trouble"} == listed


@pytest.mark.parametrize("minutes", [*lengths(), 90])
def test_there_is_a_slide_for_each_step_and_the_break(minutes):
    sheet = sheet_said(minutes)
    titles = [slide.title.text for slide in slides(sheet)]
    steps = [slot.title.text for slot in sheet.slots]
    assert [title for title in titles if title in steps] == steps
    shown = Page(pages.slides_page(sheet))
    for title in titles:
        assert title in shown.text
    assert sum(slot.minutes for slot in sheet.slots) == minutes


def test_the_page_of_cards_has_them_all_and_the_canvas():
    text = Page(pages.cards_page(sheet_said(120))).text
    for card in (*role_cards(sheet_said(120)), *translator_cards()):
        assert card.title.text in text
    for box in canvas_boxes():
        assert box.text in text


def test_markdown_and_page_say_the_same_of_a_sheet():
    sheet = sheet_said(180)
    page, text = Page(pages.sheet_page(sheet)).text, markdown.sheet_markdown(sheet)
    for slot in sheet.slots:
        for moment in slot.moments:
            assert f"| {moment.minute} | {moment.does} | “{moment.says}” |" in text
            assert moment.does.text in page


def test_a_link_to_what_goes_wrong_leads_to_a_heading():
    sheet = sheet_said(120)
    page = markdown.troubles_markdown(sheet)
    headings = re.findall(r"(?m)^## (.+)$", page)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    links = re.findall(r"what-goes-wrong\.md#([^)]+)", markdown.sheet_markdown(sheet))
    assert len(links) == 6
    assert set(links) <= anchors


# --- can it be read -------------------------------------------------------------------


def contrast(one: str, other: str) -> float:
    """Return the ratio of WCAG 2.2, from its definition of relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_words_is_dark_enough_on_its_ground():
    style = pages.slides_page(sheet_said(60)).partition("</style>")[0]
    own = style.partition("/* What the kit adds")[2]
    used = set(re.findall(r"(?<![-\w])color: var\(--(\w+)\)", own))
    assert used
    for name in used | {"ink"}:
        assert contrast(LIGHT[name], LIGHT["ground"]) >= 4.5, name


def test_paper_is_named_by_no_size_so_that_a4_and_letter_both_fit():
    style = pages.cards_page(sheet_said(60)).partition("</style>")[0]
    assert re.findall(r"(?<![-\w])size:\s*([\w ]+)", style) == ["landscape"]
    (card,) = re.findall(r"\.kit-card \{[^}]*?(?<![-\w])height: (\d+)mm", style)
    letter, margins, gap = 279, 20, 6
    assert 2 * int(card) + gap <= letter - margins
