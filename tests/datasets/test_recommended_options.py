"""Is every figure of docs/options.md what the shipped rows and assumptions give?

Each table row and sentence with a figure is written anew and looked for in the page,
and no other figure may stand there. The options taken are those of the example records.
"""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

import workshop
from workshop.analysis.impact.break_even import BreakEven, break_evens
from workshop.analysis.impact.drift import MOST_POSITIVE
from workshop.analysis.impact.estimate import estimate_gain
from workshop.analysis.impact.floors import FEWEST
from workshop.analysis.impact.queue import WEEK
from workshop.analysis.impact.week import WEEKS
from workshop.analysis.intervals import FEW_SOURCES
from workshop.analysis.judge import LEAST
from workshop.analysis.options.flip import FlipMap
from workshop.analysis.options.joint import N_DRAWS
from workshop.analysis.options.maps import flip_of, hits_of
from workshop.analysis.options.places import PLACES
from workshop.analysis.options.table import OptionLine
from workshop.analysis.options.versus import POWER
from workshop.analysis.readout import cells_of, figures_of
from workshop.data.candidates import Candidate, Judge, Ranking, StatedOption
from workshop.data.judged import TO_START_WITH
from workshop.data.scenario import Scenario
from workshop.record.choices import Assumed, Satisfaction
from workshop.record.terms import ASSUMED, BUSINESS
from workshop.record.values import Number, Policy
from workshop.steps.user_impact import UserImpact
from workshop.steps.weighing import break_even_blocks
from workshop.views.recaps import options as tables
from workshop.views.wording import say

PAGE = Path(__file__).parents[2] / "docs" / "options.md"
SCENARIOS = ("privacy-assistant", "flight-disruptions", "deposit-calls")
PRIVACY, FLIGHTS, DEPOSITS = SCENARIOS
NOTHING, TODAY = "do_nothing", "agents"  # without a model: for flights, for questions


@cache
def step_of(scenario: str) -> UserImpact:
    """Open step 04 of a shipped scenario with its example record."""
    return workshop.open_step("04", record=scenario, interactive=False)


@cache
def lines_of(scenario: str) -> dict[str, OptionLine]:
    """The table's lines, by option."""
    return {line.id: line for line in step_of(scenario).lines.lines}


@cache
def flip_map_of(scenario: str) -> FlipMap:
    return flip_of(step_of(scenario).choices)


def week(scenario: str, option: str, measure: str) -> Number:
    """A measure of an option's week."""
    return step_of(scenario).choices.estimates[option].numbers[measure]


def more(scenario: str, option: str, measure: str, than: str | None = None) -> Number:
    """How much more of a measure an option brings than the one in play, in pairs."""
    choices = step_of(scenario).choices
    found = choices.estimates
    return estimate_gain(found[option], found[than or choices.in_play], measure)


def turn(scenario: str, option: str, name: str) -> BreakEven:
    """The value at which an option and the one in play bring the same money."""
    choices = step_of(scenario).choices
    found = break_evens(
        choices.shares(option),
        choices.shares(choices.in_play),
        choices.assumptions_for(option),
        seed=choices.evidence.scenario.seed,
    )
    return next(each for each in found if each.name == name)


# --- how figures are written ---------------------------------------------------------


def of100(number: Number) -> str:
    value, lo, hi = (round(100 * x) for x in (number.value, number.lo, number.hi))
    return f"{value} of 100 ({lo} to {hi})"


def points(number: Number) -> str:
    """False alarms of 100 decisions, with the range."""
    value, lo, hi = (100 * x for x in (number.value, number.lo, number.hi))
    return f"{value:.1f} ({lo:.1f} to {hi:.1f})".replace("-", "−")


def rounded(value: float) -> str:
    """Three leading figures, or all of a number under a thousand."""
    size = max(0, len(str(round(abs(value)))) - 3)
    return f"{round(value, -size):,.0f}".replace("-", "−")


def ranged(number: Number) -> str:
    value, lo, hi = (rounded(x) for x in (number.value, number.lo, number.hi))
    return f"{value} ({lo} to {hi})"


def precise(*values: float) -> str:
    """Three leading figures each: the first, and the others in brackets."""
    first, *ends = (f"{value:.3g}" for value in values)
    return f"{first} ({' to '.join(ends)})" if ends else first


def price(each: BreakEven) -> str:
    """A value at which the choice turns, as a cost and not as less than 0."""
    value = each.value
    return precise(-value.value, -value.hi, -value.lo)


def chance(number: Number) -> str:
    return f"{round(100 * number.value)} of 100"


# --- the tables of the three scenarios -----------------------------------------------


def options_told() -> list[str]:
    """Each option's line, in the words of the page on screen."""
    return [row for scenario in SCENARIOS for row in _rows(scenario)]


def _rows(scenario: str) -> list[str]:
    step, lines = step_of(scenario), step_of(scenario).lines
    table = tables.abc_table(
        lines, unit=step.scenario.decision.unit, currency=step.currency
    )
    places = [tables.COLUMNS.index(c) for c in ("option", "wrong", "against", "week")]
    return [
        _cells([*(row[p].text for p in places), _gain(scenario, line)])
        for row, line in zip(table.rows, lines.lines, strict=True)
    ]


def _cells(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _gain(scenario: str, line: OptionLine) -> str:
    if line.in_play or line.kind == "stated":
        return "–"
    return say("options.week", money=more(scenario, line.id, "money")).text


def surely_cheaper_said() -> list[str]:
    """What the page says is surely cheaper than the option in play, word by word."""
    found = [tables.surely_cheaper(step_of(scenario).lines) for scenario in SCENARIOS]
    return [said.text for said in found if said is not None]


def break_even_said() -> list[str]:
    """The sentence that stands under each table, word by word."""
    return [
        break_even_blocks(step.weighed, step.lines)[0].text
        for step in map(step_of, SCENARIOS)
    ]


# --- what the judgements rest on -----------------------------------------------------


def floors_held(scenario: str, option: str | None = None) -> tuple[str, str, str]:
    """In how many draws the model's floor holds, the business's, and both."""
    weighed = step_of(scenario).weighed
    found = weighed.floors[option or weighed.own]
    return tuple(
        chance(each) for each in (found.model.chance, found.business.chance, found.both)
    )


def more_rows(scenario: str, option: str) -> str:
    """How many more rows would tell, as the page on screen rounds it."""
    letter = lines_of(scenario)[option].letter
    said = tables.separation_items(step_of(scenario).lines)
    text = next(each.text for each in said if f" {letter} and " in each.text)
    return re.search(r"about ([\d,]+) more", text)[1]


def first_bar(scenario: str) -> str:
    """What the widest bar of the tornado goes from and to."""
    swing = step_of(scenario).weighed.tornado.swings[0]
    low, high = (rounded(end.value) for end in (swing.at_low, swing.at_high))
    return f"from {low} to {high}"


def here(scenario: str) -> tuple[str, str, str, bool]:
    """Who wins where the pair stands, who is next, by how much, and is that told."""
    found = flip_map_of(scenario)
    ratio, share = found.here
    at = (
        int(np.argmin(abs(found.prevalences - share))),
        int(np.argmin(abs(found.ratios - ratio))),
    )
    first, second = (
        found.options[int(who[at])] for who in (found.winner, found.second)
    )
    gap, half = 100 * found.gap[at], 100 * found.half[at]
    return (
        first,
        second,
        f"{gap:.1f} of 100, give or take {half:.1f}",
        bool(found.separated[at]),
    )


def told_places(scenario: str) -> str:
    found = flip_map_of(scenario)
    return f"{int(found.separated.sum())} of its {found.winner.size} places"


def privacy() -> list[str]:
    lines, choices = lines_of(PRIVACY), step_of(PRIVACY).choices
    model, business, both = floors_held(PRIVACY)
    three, agent = lines["minilm_top3"].figures, lines["minilm_agent"].figures
    runs = choices.evidence.runs
    right = {name: int(rows.labels.sum()) for name, rows in runs.items()}
    effective = choices.joint.rows / choices.drawn.deff
    lost = turn(PRIVACY, "minilm_top3", "choice_wrong")
    assumed = choices.assumptions.stated["choice_wrong"]
    return [
        f"at most 30 wrong of 100 in {model} draws, at least 120 hours saved in"
        f" {business}, both in {both}",
        f"with all answered it would be {of100(choices.error('trivial_all'))}",
        f"{choices.joint.rows} rows from {choices.joint.clusters} policies, which count"
        f" like {effective:.0f}",
        f"costs {points(lines[TODAY].versus.cost)} more",
        f"about {more_rows(PRIVACY, TODAY)} more questions",
        f"helps {ranged(more(PRIVACY, 'minilm', 'people_helped', TODAY))} people a"
        f" week",
        f"saves {ranged(more(PRIVACY, 'minilm', 'hours_saved', TODAY))} hours",
        f"shown three to {round(100 * three['shown'].value)} of 100, with a right one"
        f" among them for {of100(three['right_among_shown'])}; three drawn by lot would"
        f" hold one for {round(100 * three['by_lot'].value)}",
        f"{ranged(more(PRIVACY, 'minilm_top3', 'people_helped'))} more people a week",
        f"three in vain cost less than {price(lost)} EUR; the pair says"
        f" {precise(-assumed.likely, -assumed.ends[1], -assumed.ends[0])}",
        f"about {more_rows(PRIVACY, 'minilm_top3')} more",
        f"about {more_rows(PRIVACY, 'minilm_agent')} more",
        f"{ranged(agent['reviews'])} reviews a week where 300 may be",
        f"{lines['minilm_agent'].days_to_ship.value:g} days in place of"
        f" {lines['minilm'].days_to_ship.value:g}",
        f"{right['reranker']} questions of {len(runs['reranker'].labels)} right in"
        f" place of {right['minilm']}",
        f"money {first_bar(PRIVACY)} EUR",
        f"ahead of D by {here(PRIVACY)[2]}",
        f"told in {told_places(PRIVACY)}",
    ]


def flights() -> list[str]:
    lines, choices = lines_of(FLIGHTS), step_of(FLIGHTS).choices
    model, business, both = floors_held(FLIGHTS)
    sees, clears = (
        turn(FLIGHTS, "model_desk", f"reviewer_{name}").value
        for name in ("sensitivity", "specificity")
    )
    desk, nothing = lines["desk"], lines[NOTHING]
    over = week(FLIGHTS, "desk", "overflow_per_week").value
    months = nothing.versus.more_rows / choices.joint.rows
    hubs = week(FLIGHTS, "model_hubs", "people_missed")
    drift = step_of(FLIGHTS).weighed.drift
    cheaper = lines["model_desk"].versus.cost
    return [
        f"at most 60 wrong of 100 in {model} draws, at most 800 missed in {business},"
        f" both in {both}",
        f"{-100 * cheaper.value:.1f} false alarms in 100 decisions"
        f" ({-100 * cheaper.hi:.1f} to {-100 * cheaper.lo:.1f})",
        f"{ranged(more(FLIGHTS, 'model_desk', 'money'))} USD a week",
        f"{ranged(lines['model_desk'].figures['reviews'])} flights a week to a desk"
        f" that has time for {choices.evidence.scenario.limits.reviews_per_week:g}",
        f"{100 * choices.evidence.reviewer.sensitivity:.0f} of 100 either way",
        f"sees {of100(sees)} disruptions",
        f"clears {of100(clears)} others",
        f"{lines['model_desk'].days_to_ship.value:g} days in place of"
        f" {lines['model'].days_to_ship.value:g}",
        f"{over:,.0f} flights a week more than it has time for",
        f"{points(desk.versus.cost)} against A",
        f"{rounded(week(FLIGHTS, 'desk', 'people_wrong').value)} needless warnings a"
        f" week in place of {rounded(week(FLIGHTS, 'model', 'people_wrong').value)}",
        f"{ranged(hubs)} missed a week, and both floors hold in"
        f" {floors_held(FLIGHTS, 'model_hubs')[2]} draws",
        f"costs {points(nothing.versus.cost)} more",
        f"about {more_rows(FLIGHTS, NOTHING)} more flights, {months:.1f} more Augusts",
        f"the {choices.joint.clusters} days of August",
        f"{ranged(more(FLIGHTS, 'model', 'money', NOTHING))} USD a week",
        f"money {first_bar(FLIGHTS)} USD",
        f"ahead of A by {here(FLIGHTS)[2]}",
        f"told in {told_places(FLIGHTS)}",
        f"for {round(100 * drift.degradation.value)} of 100 flights",
        f"fall to {drift.prevalence_factor.value:.2f} of",
    ]


def deposits() -> list[str]:
    lines, step = lines_of(DEPOSITS), step_of(DEPOSITS)
    evidence = step.choices.evidence
    spring, autumn = (evidence.curve(side) for side in ("choose", "report"))
    alone = {side: cells_of(evidence, evidence.policy, side) for side in _SIDES}
    left = {side: (found.fn, found.fn + found.tn) for side, found in alone.items()}
    everyone = lines["everyone"].versus.cost
    hit = hits_of(step.choices, "model")["age_group"]
    old = next(each for each in hit if each.group.key == "over 60")
    per_week = step.choices.assumptions.stated["per_week"]
    margin = turn(DEPOSITS, "everyone", "tp")
    return [
        f"{autumn.positives:,} of {autumn.n:,} would open a deposit",
        f"{spring.positives:,} of {spring.n:,}",
        f"{_spring_cost(evidence.policy)} false alarms in 100 calls, and everyone"
        f" {_spring_cost(Policy(kind='all'))}",
        f"{-100 * everyone.value:.1f} ({-100 * everyone.hi:.1f} to"
        f" {-100 * everyone.lo:.1f}) less",
        f"{ranged(more(DEPOSITS, 'everyone', 'money'))} EUR a week",
        f"Of those left alone {left['report'][0]:,} of {left['report'][1]:,} opened one"
        f" in autumn, {left['choose'][0]:,} of {left['choose'][1]:,} in spring",
        "more than 1 in 6",
        "20 a week",
        f"{week(DEPOSITS, 'adviser', 'overflow_per_week').value:.0f} files a week"
        f" beyond {evidence.reviewer.hours_per_week:g} hours",
        f"right about {100 * evidence.reviewer.sensitivity:.0f} of 100",
        f"{precise(margin.value.value, margin.value.lo, margin.value.hi)} EUR, where"
        f" {margin.likely:g} is assumed",
        f"{first_bar(DEPOSITS)} EUR as the volume goes from {per_week.ends[0]:,.0f} to"
        f" {per_week.ends[1]:,.0f}",
        f"likely {per_week.likely:g} calls a week",
        f"ahead of D by {here(DEPOSITS)[2]}",
        f"told in {told_places(DEPOSITS)}",
        f"{of100(old.wrong)} clients over 60",
        f"{week(DEPOSITS, 'everyone', 'acted_per_success').value:.1f} calls for one"
        f" deposit where 4 are allowed",
        "80 of 100 in vain",
    ]


_SIDES = ("choose", "report")


def _spring_cost(policy: Policy) -> str:
    evidence = step_of(DEPOSITS).choices.evidence
    found = figures_of(
        "spring",
        cells_of(evidence, policy, "choose"),
        rows="choose",
        deff=evidence.deff,
        ratio=evidence.ratio,
    )
    return f"{100 * found['expected_cost'].value:.0f}"


def settings() -> list[str]:
    """Figures that are settings of the program and not of any rows."""
    model, business, both = floors_held(FLIGHTS)
    return [
        f"{N_DRAWS:,} times",
        f"From {FEW_SOURCES} clusters on",
        f"a chance of {100 * POWER:.0f} of 100",
        f"past {100 * MOST_POSITIVE:.0f} of 100",
        f"fewer than {FEWEST} are acted on",
        f"under {LEAST:g}",
        f"About {TO_START_WITH} rows",
        f"{WEEK:.0f} ÷ (capacity − asked)",
        f"× {WEEKS} × events_per_1000_wrong ÷ 1,000",
        f"{model}, {business} and {both}",
    ]


# --- the page ------------------------------------------------------------------------

PARTS = (
    options_told,
    surely_cheaper_said,
    break_even_said,
    privacy,
    flights,
    deposits,
    settings,
)

SAID = ("95 %", "01", "04", "0020", "0021", "0022", "100")
"""Figures that measure nothing: names, denominators, settings."""


@cache
def page() -> str:
    """The page with its lines joined, and without its marks."""
    text = re.sub(r"^\s*> ", "", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return " ".join(text.replace("**", "").split())


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_the_page_gives_the_figures_that_the_rows_give(part):
    missing = [text for text in part() if text not in page()]
    assert missing == []


def test_the_page_gives_no_figure_that_is_not_held_here():
    names = r"[a-z]+_\w*\d\w*"
    rest = re.sub(rf"```.*?```|\]\([^)]*\)|{names}", " ", page())
    for text in sorted((t for part in PARTS for t in part()), key=len, reverse=True):
        rest = rest.replace(text.replace("events_per_1000_wrong", " "), " ")
    others = re.findall(r"\d[\d,.]*\d %|\d[\d,.]*\d|\d", re.sub(r"\s\d\. ", " ", rest))
    assert [figure for figure in others if figure not in SAID] == []


def blocks(language: str) -> str:
    """The page's one block of code in a language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return found[1]


@pytest.mark.slow
def test_the_pages_example_runs():
    exec(compile(blocks("python"), str(PAGE), "exec"), {})


def test_the_pages_scenario_can_be_used():
    given = YAML(typ="safe").load(blocks("yaml"))
    rest = {
        "title": "A search",
        "request": "We need a search.",
        "decision": {"unit": "questions", "act": "answer", "per_week": 100},
        "key": "id",
        "label": {"column": "right", "positive": 1, "means": "it answers"},
        "data": "data.parquet",
        "today": {"title": "agents"},
    }
    found = Scenario.model_validate(rest | given)
    kinds = {
        (option.run is None, option.policy, option.fallback) for option in found.options
    }
    assert len(kinds) == 5
    assert found.assumed["minutes_review"].ends == (3, 3)


def test_the_page_names_every_key():
    models = (Candidate, StatedOption, Ranking, Judge, Assumed, Satisfaction)
    keys = {key for model in models for key in model.model_fields} | {
        *ASSUMED,
        *BUSINESS,
    }
    text = PAGE.read_text("utf-8")
    assert sorted(key for key in keys if f"`{key}`" not in text) == []
    assert len(PLACES) == 10  # ten places, in words
    assert len(tables.COLUMNS) == 7  # and seven columns


# --- what the judgements say without a figure ----------------------------------------


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_example_has_taken_the_first_option(scenario):
    assert lines_of(scenario)[step_of(scenario).choices.in_play].letter == "A"
    assert step_of(scenario).record.option == step_of(scenario).choices.in_play


def told(scenario: str, gained: bool = False) -> dict[str, str]:
    """By letter, whether cost or money tells an option from A, and which way."""
    found = {}
    for line in lines_of(scenario).values():
        if line.versus is None:
            continue
        number = more(scenario, line.id, "money") if gained else line.versus.cost
        sure = number.lo > 0 or number.hi < 0
        found[line.letter] = ("more" if number.value > 0 else "less") if sure else "?"
    return found


def test_what_is_told_from_the_option_taken_is_as_the_page_says():
    assert told(PRIVACY) == dict.fromkeys("BCDF", "?")
    assert told(PRIVACY, gained=True) == dict.fromkeys("BCDF", "?")
    assert told(FLIGHTS) == dict.fromkeys("CEFG", "?") | {"B": "less", "D": "more"}
    assert told(FLIGHTS, gained=True)["B"] == "more"
    assert told(DEPOSITS) == dict.fromkeys("BFG", "more") | dict.fromkeys(
        "CE", "less"
    ) | {"D": "?"}


def test_the_flip_maps_say_who_wins_where_the_pairs_stand():
    assert here(PRIVACY)[:2] == ("minilm_top3", "reranker")
    assert here(FLIGHTS)[:2] == ("model_desk", "model")
    assert here(DEPOSITS)[:2] == ("everyone", "no_mortgage")
    assert [here(scenario)[3] for scenario in SCENARIOS] == [False, True, True]
    for scenario, winner in ((PRIVACY, "minilm_top3"), (FLIGHTS, "model_desk")):
        found = flip_map_of(scenario)
        winners = {found.options[who] for who in found.winner[found.separated]}
        assert winners == {winner}
    assert found.left_out == ("desk",)
    found = flip_map_of(PRIVACY)
    assert found.ratios[found.separated.any(axis=0)].min() > found.here[0]


def test_where_deposits_are_as_rare_as_in_spring_the_map_cannot_tell():
    found = flip_map_of(DEPOSITS)
    spring = step_of(DEPOSITS).choices.evidence.curve("choose")
    share = spring.positives / spring.n
    column = int(np.argmin(abs(found.ratios - found.here[0])))
    near = np.argsort(abs(found.prevalences - share))[:2]
    winners = {found.options[who] for who in found.winner[near, column]}
    assert winners == {"lower_promise", "no_mortgage"}
    assert not found.separated[near, column].any()


def test_no_sensible_number_of_questions_tells_the_reranker_from_the_search():
    assert lines_of(PRIVACY)["reranker"].versus.more_rows is None
    said = [item.text for item in tables.separation_items(step_of(PRIVACY).lines)]
    assert any("D and A" in text and "no sensible number" in text for text in said)
    assert "no sensible number of rows would tell them apart" in page()


def test_the_assistant_surely_helps_people_and_saves_hours():
    for measure in ("hours_saved", "people_helped"):
        assert more(PRIVACY, TODAY, measure).hi < 0


def test_the_widest_bars_are_those_that_the_page_names():
    first = [step_of(s).weighed.tornado.swings[0].name for s in SCENARIOS]
    assert first == ["rows", "fn", "per_week"]


def test_the_front_and_the_limits_are_as_the_page_says():
    privacy, flights = lines_of(PRIVACY), lines_of(FLIGHTS)
    assert not privacy["minilm"].on_front
    assert privacy["minilm_agent"].on_front
    assert privacy["vendor"].outside == ("max_latency_ms_p95",)
    for option in ("weather", "rules"):
        assert flights[option].outside == ("max_error_among_answered",)
    assert flights["desk"].outside == ("reviews_per_week", "max_cost_per_decision")


def test_the_flights_record_says_that_the_desks_second_look_comes_next():
    assert "second look comes next" in step_of(FLIGHTS).record.impact.because


def test_without_an_assistant_agents_answer_and_no_other_option_says_so():
    lines = lines_of(PRIVACY)
    without = [line.letter for line in lines.values() if line.kind != "model"]
    assert without == ["E", "F"]
    assert lines[TODAY].kind == "nothing"


def test_what_a_needless_warning_costs_is_worth_finding_out():
    assert turn(FLIGHTS, "do_nothing", "fp").inside


def test_being_silent_at_one_airport_is_right_more_often_among_those_warned():
    assert lines_of(FLIGHTS)["model_hubs"].versus.error.hi < 0


def test_the_floors_of_the_calls_hold_in_every_draw():
    floors = step_of(DEPOSITS).weighed.floors
    both = [each.both.value for each in floors.values() if each.both is not None]
    assert len(both) == 5
    assert set(both) == {1.0}


def test_the_older_clients_are_hit_more_and_the_record_says_so():
    step = step_of(DEPOSITS)
    hit = hits_of(step.choices, "model")["age_group"]
    assert next(each for each in hit if each.group.key == "over 60").more_wrong
    assert "older" in step.record.framing.harmed


def test_the_calls_record_says_when_its_line_is_dropped():
    agreement = step_of(DEPOSITS).record.agreement
    (when,) = (e for e in agreement.escalation if "1 in 6" in e.when)
    assert "more than 1 in 6 of those left alone" in when.when
    assert when.meanwhile == "everyone on the list is called"
    evidence = step_of(DEPOSITS).choices.evidence
    left = cells_of(evidence, evidence.policy, "report")
    assert left.fn / (left.fn + left.tn) > 1 / 6
