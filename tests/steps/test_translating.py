"""What the cards say is what this record's own analysis found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

import workshop
from tests.helpers import HOSTILE
from workshop.analysis.evidence import Evidence
from workshop.analysis.line import Line
from workshop.analysis.options.compared import Options
from workshop.analysis.options.table import OptionLines, option_lines
from workshop.record.choices import Record
from workshop.record.terms import BUSINESS, METRICS
from workshop.record.values import Number, Policy
from workshop.steps.translating import gather
from workshop.steps.translating_cards import MAKE
from workshop.views.recaps.translator import Translating, cards_at, glossary_blocks
from workshop.views.recaps.translator_cards import CARDS, PLACES
from workshop.views.section import View

SCENARIOS = ("privacy-assistant", "flight-disruptions", "deposit-calls")


@cache
def evidence_of(scenario: str) -> Evidence:
    """Return a shipped scenario's evidence with its example record."""
    found: Evidence = workshop.open_step("04", scenario, interactive=False).evidence
    return found


@cache
def table_of(scenario: str) -> tuple[Options, OptionLines]:
    """Return its options and their table."""
    options = Options(evidence_of(scenario))
    lines = option_lines(options)
    assert lines is not None
    return options, lines


@cache
def translating_of(scenario: str) -> Translating:
    """Return all that its record has to say."""
    options, lines = table_of(scenario)
    return gather(options.evidence, options, Line(options.evidence), lines)


def translated(record: Record, scenario: str = "privacy-assistant") -> Translating:
    """Gather for another record of the same rows."""
    evidence = evidence_of(scenario).with_record(record)
    return gather(evidence, Options(evidence), Line(evidence))


def said_in(given: Translating, card: str) -> str:
    """Return all sentences of one card as text."""
    (place,) = (each.place for each in CARDS if each.id == card)
    at = [each.id for each in CARDS if each.place == place].index(card)
    found = cards_at(given, place)[at]
    return " ".join(each.text for each in (*found.said, *found.ways))


def test_every_card_is_gathered_and_no_other():
    assert list(MAKE) == [card.id for card in CARDS]


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_numbers_of_options_are_those_of_the_options_table(scenario):
    options, lines = table_of(scenario)
    known = {n.id: n for line in lines.lines for n in line.figures.values()}
    for estimate in options.estimates.values():
        known |= {n.id: n for n in estimate.numbers.values()}
    shown = {n.id: n for n in View(glossary_blocks(translating_of(scenario))).numbers}
    of_options = {id for id in shown if id.startswith(("option.", "impact."))}
    assert len(of_options) > 12
    assert {id: shown[id] for id in of_options} == {id: known[id] for id in of_options}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_options_behind_a_line_are_two_of_the_table(scenario):
    _, lines = table_of(scenario)
    named = translating_of(scenario).named
    assert set(named) == {card.id for card in CARDS if card.rules}
    for found in named.values():
        first, second = (line for _, line in found)
        assert first in lines.lines
        assert second in lines.lines
        assert first.id != second.id


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_word_has_the_number_of_the_option_in_play_where_it_is_known(scenario):
    metrics = translating_of(scenario).metrics
    assert set(metrics) <= set(METRICS) | set(BUSINESS)
    assert {"precision", "recall", "coverage", "error_among_answered"} <= set(metrics)
    assert all(number.value is not None for number in metrics.values())


def test_base_rate_and_error_when_all_are_acted_on_make_a_whole():
    metrics = translating_of("privacy-assistant").metrics
    together = metrics["prevalence"].value + metrics["error_rate"].value
    assert together == pytest.approx(1)


def test_only_the_cards_of_the_places_asked_for_are_gathered():
    options, lines = table_of("privacy-assistant")
    line = Line(options.evidence)
    found = gather(options.evidence, options, line, lines, places=("groups",))
    assert set(found.values) == {c.id for c in CARDS if c.place == "groups"}


SPEAK_OF_THE_RATIO = ("reach", "raise")


def test_another_ratio_changes_the_cards_that_speak_of_it():
    record = evidence_of("privacy-assistant").record
    framing = record.framing.model_copy(update={"ratio": 4.0})
    before = translating_of("privacy-assistant")
    after = translated(record.model_copy(update={"framing": framing}))
    for card in SPEAK_OF_THE_RATIO:
        assert said_in(before, card) != said_in(after, card)
        assert "4 false alarms" in said_in(after, card)
    assert said_in(before, "chances") != said_in(after, "chances")  # costs of options
    assert said_in(before, "examples") == said_in(after, "examples")


def test_another_acceptable_error_is_held_against_the_same_figure():
    record = evidence_of("privacy-assistant").record
    framing = record.framing
    strict = framing.expectations.model_copy(update={"acceptable_error": 0.1})
    framing = framing.model_copy(update={"expectations": strict})
    found = translated(record.model_copy(update={"framing": framing}))
    assert "You agreed to live with 10 of 100." in said_in(found, "hallucinating")
    assert "broken already" in said_in(found, "drifts")


def nothing_agreed() -> Record:
    """Return the example's record before there is a ratio or a line."""
    record = evidence_of("privacy-assistant").record
    open_ = {"framing": None, "threshold": None, "option": None, "impact": None}
    return record.model_copy(update=open_)


def test_before_a_ratio_and_a_line_cards_say_what_to_ask_for():
    found = translated(nothing_agreed())
    assert "Ask what one miss is worth" in said_in(found, "accuracy")
    assert "Ask what one miss is worth" in said_in(found, "more_data")
    assert "If all were acted on, 31 of 100" in said_in(found, "hallucinating")
    assert not any(card.ways for place in PLACES for card in cards_at(found, place))


def test_a_pair_that_drew_a_line_without_a_ratio_reads_of_that_line():
    record = evidence_of("privacy-assistant").record
    framing = record.framing.model_copy(update={"ratio": None})
    found = translated(record.model_copy(update={"framing": framing}))
    assert "17 go wrong" in said_in(found, "hallucinating")
    assert "Ask what one miss is worth" in said_in(found, "more_data")
    View(glossary_blocks(found))


@pytest.mark.parametrize(
    "policy",
    [
        Policy(kind="all"),
        Policy(kind="none"),
        Policy(kind="today"),
        Policy(kind="random", volume=0.3),
        Policy(kind="review_band", act_at=0.5, review_at=0.4),
    ],
)
def test_whatever_line_a_pair_drew_no_card_is_empty(policy):
    record = evidence_of("privacy-assistant").record
    line = record.threshold.model_copy(update={"policy": policy})
    found = translated(record.model_copy(update={"threshold": line}))
    for place in PLACES:
        assert all(card.said for card in cards_at(found, place))
    View(glossary_blocks(found)).numbers  # noqa: B018 -- no id stands for two values


def test_titles_that_people_wrote_are_text():
    evidence = evidence_of("privacy-assistant")
    hostile = tuple(
        option.model_copy(update={"title": f"{HOSTILE} {option.id}"})
        for option in evidence.scenario.options
    )
    scenario = evidence.scenario.model_copy(update={"options": hostile})
    evidence = replace(evidence, scenario=scenario)
    found = gather(evidence, Options(evidence), Line(evidence))
    html = View(glossary_blocks(found)).html
    assert "alert(1)" in html
    assert "<script" not in html
    assert "<img" not in html


def test_a_column_of_groups_is_told_of_and_one_that_is_missing_is_asked_for():
    calls = translating_of("deposit-calls")
    assert "By job" in said_in(calls, "biased")
    policies = translating_of("privacy-assistant")
    assert "no column here tells groups" in said_in(policies, "biased")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_number_of_the_cards_own_says_what_it_rests_on(scenario):
    values = translating_of(scenario).values.values()
    own = {
        number.id: number
        for each in values
        for number in each.values()
        if isinstance(number, Number) and number.id.startswith("translator.")
    }
    without = {id for id, n in own.items() if not (n.n or n.assumed or n.method)}
    assert own
    assert without <= {"translator.examples.cases", "translator.sources"}
