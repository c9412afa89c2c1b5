"""One table to read aloud: in play marked, stated said to be so, outside named."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

import workshop
from tests.helpers import HOSTILE, Page
from tests.views.recaps.conftest import SCENARIOS, text
from workshop.analysis.impact.break_even import BreakEven
from workshop.analysis.options.table import OptionLines
from workshop.record.values import Number
from workshop.views.recaps.options import (
    COLUMNS,
    abc_table,
    break_even_line,
    break_even_table,
    lead,
    lettered,
    options_blocks,
    separation_items,
)
from workshop.views.wording import Said


@cache
def lines_of(scenario: str) -> OptionLines:
    """Return the shipped scenario's options, as its example took them."""
    lines = workshop.open_step("04", scenario, interactive=False).lines
    assert lines is not None
    return lines


ASSISTANT, FLIGHTS, CALLS = SCENARIOS


def cell(scenario: str, option: str, column: str) -> str:
    lines = lines_of(scenario)
    table = abc_table(lines, unit="questions", currency="EUR")
    row = [line.id for line in lines.lines].index(option)
    return table.rows[row][COLUMNS.index(column)].text


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_option_has_one_row_and_the_one_in_play_is_marked(scenario):
    lines = lines_of(scenario)
    table = abc_table(lines, unit="cases", currency="EUR")
    assert len(table.rows) == len(lines.lines)
    assert lines.lines[table.marked].in_play
    assert table.rows[table.marked][4].text == "this is the one in play"
    letters = [row[0].text.split(" ")[0] for row in table.rows]
    assert letters == [line.letter for line in lines.lines]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_number_of_the_screen_stands_there_under_two_values(scenario):
    lines = lines_of(scenario)
    blocks = options_blocks(lines, unit="cases", currency="EUR", break_even=None)
    assert Page(text(blocks)).data


def test_what_nobody_measured_is_marked_and_has_no_count():
    assert cell(ASSISTANT, "vendor", "option").endswith("(stated, not measured)")
    assert cell(ASSISTANT, "vendor", "acts") == "60 to 90"
    assert cell(ASSISTANT, "vendor", "wrong") == "10 to 30"
    assert cell(ASSISTANT, "vendor", "against") == "cannot be compared"


def test_what_lies_outside_a_limit_is_named_and_not_hidden():
    assert cell(ASSISTANT, "vendor", "outside").startswith("the longest waiting time")
    assert "reviews a week" in cell(FLIGHTS, "desk", "outside")
    assert cell(CALLS, "stop", "outside").startswith("the least recall")
    assert cell(ASSISTANT, "minilm", "outside") == "–"


def test_what_happens_to_all_others_is_said_for_every_fallback():
    few = cell(ASSISTANT, "minilm_top3", "others")
    assert "shown the best few: a right one for" in few
    assert "by lot for" in few, "three drawn by lot would hold one as well"
    assert "to a person, the rest left alone" in cell(
        ASSISTANT, "minilm_agent", "others"
    )
    assert cell(FLIGHTS, "desk", "others") == "all go to a person"
    assert cell(CALLS, "stop", "others") == "left alone"
    assert cell(CALLS, "everyone", "others") == "–"


def test_a_cost_says_whether_it_can_be_told_from_the_one_in_play():
    assert cell(ASSISTANT, "reranker", "against").endswith("cannot tell")
    assert cell(FLIGHTS, "rules", "against").endswith("costs more")
    assert cell(CALLS, "everyone", "against").endswith("costs less")


def test_money_of_a_week_is_rounded_and_has_its_range():
    told = cell(CALLS, "model", "week")
    assert told.count(" to ") == 1
    assert "." not in told
    assert cell(ASSISTANT, "vendor", "week") == "–"


def test_what_cannot_be_told_apart_says_how_many_more_rows_would():
    said = [item.text for item in separation_items(lines_of(ASSISTANT))]
    assert said
    for item in said:
        assert "more would do it" in item or "no sensible number" in item
    unclear = [
        line.id
        for line in lines_of(ASSISTANT).lines
        if line.versus is not None and not line.versus.separated
    ]
    assert len(said) == len(unclear)


def test_the_lead_can_be_read_aloud():
    said = lead(lines_of(ASSISTANT), unit="questions").text
    assert said.startswith("A, Embedding search, silent when unsure: of 100 questions ")
    assert said.endswith(").")


def test_without_a_ratio_the_lead_says_what_it_needs():
    lines = lines_of(ASSISTANT)
    bare = tuple(replace(line, figures={}) for line in lines.lines)
    said = lead(replace(lines, lines=bare), unit="questions").text
    assert "needs a ratio" in said


def test_titles_are_text_whatever_they_say():
    lines = lines_of(ASSISTANT)
    given = tuple(replace(line, title=HOSTILE) for line in lines.lines)
    hostile = replace(lines, lines=given)
    blocks = options_blocks(
        hostile, unit=HOSTILE, currency=HOSTILE, break_even=lettered(given[0])
    )
    found = Page(text(blocks))
    assert HOSTILE in found.text
    assert not {tag for tag, _ in found.elements} & {"script", "img"}


# --- the break-even sentence ---------------------------------------------------------


def turning(name: str, value: float | None, pays: str, likely: float) -> BreakEven:
    number = Number(
        id=f"break_even.{name}",
        value=value,
        lo=None if value is None else value - 1,
        hi=None if value is None else value + 1,
        unit="EUR",
    )
    share = Number(id=f"break_even.{name}.without", value=0.0)
    return BreakEven(
        name, "a", "b", number, pays, share, likely, likely - 1, likely + 1, True
    )


def sentence(*found: BreakEven) -> str:
    names = {each.name: f"worth of {each.name}" for each in found}
    said = break_even_line(found, names, option=Said("A", {}), other=Said("B", {}))
    return "" if said is None else said.text


@pytest.mark.parametrize(
    ("pays", "likely", "told"),
    [
        ("above", -2.5, "costs less than 4 EUR (3 to 5); you assume 2.5, so it does."),
        ("above", -6, "costs less than 4 EUR (3 to 5); you assume 6, so it does not."),
        (
            "below",
            -2.5,
            "costs more than 4 EUR (3 to 5); you assume 2.5, so it does no",
        ),
        ("below", -6, "costs more than 4 EUR (3 to 5); you assume 6, so it does."),
    ],
)
def test_a_worth_below_zero_is_said_as_a_cost(pays, likely, told):
    said = sentence(turning("fp", -4, pays, likely))
    assert f"A brings more than B as long as acting wrongly {told}" in said
    assert "−" not in said


def test_another_value_is_called_by_its_name():
    said = sentence(turning("tp", 0.5, "above", 0.9))
    assert '"worth of tp" stays above 0.5' in said
    assert said.endswith("you assume 0.9, so it does.")


@pytest.mark.parametrize(
    ("pays", "word"), [("always", "brings more"), ("never", "brings less")]
)
def test_a_value_that_turns_nothing_is_said_to_turn_nothing(pays, word):
    assert word in sentence(turning("fp", None, pays, -2.5))


def test_nothing_to_turn_is_no_sentence_and_no_table():
    assert sentence() == ""
    assert break_even_table((), {}, option=Said("A", {}), other=Said("B", {})) is None


def test_the_table_of_values_has_each_once_beside_what_is_assumed():
    found = [turning("fp", -4, "above", -2.5), turning("tp", None, "always", 0.9)]
    table = break_even_table(
        found, {"fp": "F", "tp": "T"}, option=Said("A", {}), other=Said("B", {})
    )
    assert [row[0].text for row in table.rows] == ["F", "T"]
    assert table.rows[0][2].text == "above −4 (−5 to −3)"
    assert table.rows[1][2].text == "whatever it is"
