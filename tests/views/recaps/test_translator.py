"""Each line that people say is answered with numbers, or with what to ask for."""

from __future__ import annotations

import re

import pytest

from tests.helpers import Page
from tests.report.test_one import bare_numbers
from tests.steps.test_translating import SCENARIOS, translating_of
from workshop.record.terms import BUSINESS, METRICS
from workshop.record.values import ROLES, Number
from workshop.views.recaps.translator import (
    Translating,
    card_of,
    cards_at,
    glossary_blocks,
    translator_blocks,
    words_table,
)
from workshop.views.recaps.translator_cards import CARDS, PLACES
from workshop.views.section import Card, Items, Paragraph, View
from workshop.views.wording import has, phrases

SENTENCES = {k: v for k, v in phrases().items() if k.startswith("translator.")}


def cards_of(scenario: str) -> dict[str, Card]:
    """Return a shipped scenario's cards by their id."""
    given = translating_of(scenario)
    return {spoken.id: card_of(given, spoken) for spoken in CARDS}


def told(card: Card) -> View:
    """Return what a card says, without the folded table of formulas."""
    lines = (card.title, *card.said, *((card.foot,) if card.foot else ()))
    return View((*(Paragraph(said) for said in lines), Items(card.ways)))


def test_at_least_sixteen_lines_are_translated_from_either_side():
    assert len(CARDS) >= 16
    assert {card.who for card in CARDS} == set(ROLES)
    assert len({card.id for card in CARDS}) == len(CARDS)


def test_two_to_four_cards_belong_beside_each_figure():
    for place in PLACES:
        assert 2 <= sum(card.place == place for card in CARDS) <= 4


def test_an_engineers_line_has_two_options_behind_it():
    for card in CARDS:
        assert len(card.rules) == (2 if card.who == "engineering" else 0)


def test_every_sentence_of_a_card_is_in_the_catalogue():
    wanted = [
        f"translator.{card.id}.{key}"
        for card in CARDS
        for key in ("line", "ask", "missing", *sum(card.said, ()), *card.besides)
    ]
    assert [key for key in wanted if not has(key)] == []


def test_every_metric_of_a_card_is_a_word_of_the_closed_lists():
    assert {m for card in CARDS for m in card.metrics} <= {*METRICS, *BUSINESS}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_card_shows_a_number_of_the_record_or_says_what_is_missing(scenario):
    with_numbers = 0
    for spoken, card in zip(CARDS, cards_of(scenario).values(), strict=True):
        assert card.said, spoken.id
        with_numbers += bool(told(card).numbers)
        asks = " ".join(said.text for said in card.said)
        assert told(card).numbers or "Ask" in asks, spoken.id
    assert with_numbers >= 15


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_an_engineers_line_ends_in_two_options_and_the_rule_that_named_them(scenario):
    for spoken, card in zip(CARDS, cards_of(scenario).values(), strict=True):
        if spoken.rules:
            assert len(card.ways) == 2, spoken.id
            assert card.foot.text.startswith("Shown: ")
        else:
            last = card.said[-1].text
            assert "?" in last or "Ask " in last, spoken.id


def test_speed_is_answered_with_the_time_and_the_wrong_of_two_options():
    card = cards_of("privacy-assistant")["speed"]
    units = [(n.id.rsplit(".", 1)[1]) for n in card.said[0].numbers]
    assert units.count("latency_ms_p95") == 2
    assert units.count("people_wrong") == 2
    assert "Which of the two would you take?" in card.said[-1].text


def test_hallucinating_becomes_how_many_of_a_hundred_and_two_ways_out():
    card = cards_of("privacy-assistant")["hallucinating"]
    assert "17 go wrong (8 to 33)" in card.said[0].text
    assert "about 390 a week" in card.said[0].text
    assert len(card.ways) == 2


def test_a_metric_is_said_once_for_each_side_from_one_value():
    card = cards_of("privacy-assistant")["hallucinating"]
    ((_, product, engineering),) = card.behind.rows
    assert "17 of 100 (8 to 33)" in product.text
    assert "15/90" in engineering.text
    assert "wilson" in engineering.text
    assert set(product.numbers) == set(engineering.numbers)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_number_on_a_card_stands_bare(scenario):
    for card in cards_of(scenario).values():
        assert bare_numbers(Page(told(card).html)) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_that_is_not_known_is_shown_as_a_dash(scenario):
    for card in cards_of(scenario).values():
        assert "–" not in told(card).html


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_glossary_holds_every_word_once_behind_one_line(scenario):
    given = translating_of(scenario)
    (fold,) = glossary_blocks(given)
    assert fold.blocks == (words_table(given),)
    assert len(words_table(given).rows) == len(METRICS) + len(BUSINESS)
    view = View((fold,))
    Page(view.html)
    assert len({n.id for n in view.numbers}) == len(view.numbers)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_word_of_the_glossary_has_at_most_its_one_number(scenario):
    given = translating_of(scenario)
    for name, row in zip((*METRICS, *BUSINESS), words_table(given).rows, strict=True):
        shown = {number for cell in row for number in cell.numbers}
        number = given.metrics.get(name)
        assert shown == (set() if number is None else {number}), name


@pytest.mark.parametrize("place", PLACES)
def test_cards_stand_beside_their_figure_behind_one_line(place):
    given = translating_of("privacy-assistant")
    (fold,) = translator_blocks(given, place)
    assert fold.blocks == cards_at(given, place)
    said = fold.summary.text
    assert said.startswith("What the other one means by that: about ")


def test_without_a_record_the_words_remain():
    (fold,) = glossary_blocks(None)
    (table,) = fold.blocks
    assert len(table.rows) == len(METRICS) + len(BUSINESS)
    assert table.numbers == ()


def test_a_card_without_any_value_says_what_to_ask_for():
    for spoken in CARDS:
        text = " ".join(said.text for said in card_of(Translating(), spoken).said)
        named = Translating(
            values={spoken.id: {"letter": "A", "title": "a title", "unit": "letters"}}
        )
        text += " ".join(said.text for said in card_of(named, spoken).said)
        assert "Ask " in text, spoken.id


def test_a_number_without_a_range_takes_the_sentence_that_needs_none():
    bare = Number(id="option.a.error", value=0.2)
    (spoken,) = (each for each in CARDS if each.id == "hallucinating")
    given = Translating(values={"hallucinating": {"error": bare, "unit": "letters"}})
    assert "Nothing has been counted" in card_of(given, spoken).said[0].text


BLAME = re.compile(
    r"\b(?:stupid|obvious(?:ly)?|just|simply|of course|clearly|naive|ignorant|lazy"
    r"|should know|don't understand|fail(?:s|ed|ure)?|fault|blame|wrong to|actually)\b",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(?:precision|recall|F1|AUC|Wilson|bootstrap|calibrat\w+|McNemar|p-value"
    r"|confidence|interval|sigma|deff|logit|prevalence|p95)\b",
    re.IGNORECASE,
)


def test_nobody_is_blamed():
    assert [key for key, said in SENTENCES.items() if BLAME.search(said)] == []


def test_what_a_product_manager_reads_is_plain():
    """The lines themselves are as people say them; formulas are for the engineer."""
    plain = {
        key: re.sub(r"\{[^}]*\}", "", said)
        for key, said in SENTENCES.items()
        if not re.search(r"\.line(_open)?$", key) and ".here." not in key
    }
    assert [key for key, said in plain.items() if JARGON.search(said)] == []
