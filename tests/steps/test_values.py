"""What a pair does with what nobody measured: sees it, keeps it, and nothing moves."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import workshop
from tests.helpers import STEPS, Page, Tiny
from tests.steps.conftest import Player, saved
from tests.steps.test_play import asked_once_more, shown
from workshop.record.choices import Assumed
from workshop.views.wording import say


def values_of(player: Player, step: Any = None) -> Any:
    """Return the panel of figures as its notebook shows it."""
    return (step or player.open("04")).values().panels[0]


def picked(panel: Any, name: str, **typed: str) -> Any:
    panel.controls["name"].value = name
    panel.fill(typed)
    return panel


def kept(panel: Any, name: str, **typed: str) -> str:
    """Type a figure, press Save, agree if asked once more; return what is said."""
    picked(panel, name, **typed).buttons["save"].click()
    if asked_once_more(panel):
        panel.buttons["yes"].click()
    return panel.message.value


def codes(player: Player, kind: str = "") -> list[str]:
    gaps = player.open("05").gaps
    return [gap.code for gap in gaps if kind in ("", gap.kind)]


def take(player: Player, option: str, **more: str) -> None:
    panel = player.open("04").choose()
    player.fill("04", panel, option=option, because="so", bound="480", **more)
    if asked_once_more(panel):
        panel.buttons["yes"].click()
    saved(panel.message.value)


# --- what is seen before anything is saved -------------------------------------------


def test_dragging_shows_a_sentence_people_and_what_matters_most(lined):
    step = lined.open("04")
    panel = picked(values_of(lined, step), "fp")
    before, revision = panel._shown.value, lined.said().revision
    panel.handle.value = 0
    after = panel._shown.value
    assert after != before
    assert after.count("<svg") == 2, "people, and what matters most"
    assert "A week then comes to" in Page(after).text
    assert "weighs" in Page(after).text, "what it does to a miss beside a false alarm"
    assert lined.said().revision == revision


def test_a_figure_of_time_moves_the_hours_that_are_saved(lined):
    panel = picked(values_of(lined), "minutes_today")
    before = Page(panel._shown.value).text
    panel.handle.value = panel.handle.max
    (was, now) = (
        re.search(r"hours saved a week: ([\d,.]+)", text)[1].replace(",", "")
        for text in (before, Page(panel._shown.value).text)
    )
    assert float(now) > float(was)


def test_figures_wait_for_both_bets(player):
    panel = values_of(player)
    assert say("page.not_yet").text in shown(panel)
    assert "A week then" not in shown(panel)


# --- what is kept --------------------------------------------------------------------


def test_what_is_kept_stands_in_the_record_and_on_the_page(lined):
    panel = values_of(lined)
    stated = panel._stated()["fp"]
    told = {"likely": "-3", "confidence": "high", "source": "two complaints"}
    saved(kept(panel, "fp", **told))
    assert lined.said().impact.assumed["fp"] == Assumed(
        low=stated.low,
        likely=-3,
        high=stated.high,
        confidence="high",
        source="two complaints",
        owner="product",
    )
    line = lined.said().log[-1]
    assert line.section == "impact"
    assert line.because == "two complaints"
    page = Page(lined.open("04").section().html).text
    assert "you: two complaints" in page
    assert panel.controls["likely"].value == "-3"


def test_a_figure_that_is_taken_back_leaves_the_scenarios(lined):
    panel = values_of(lined)
    stated = panel._stated()["fp"]
    saved(kept(panel, "fp", likely="-3"))
    panel.buttons["forget"].click()
    assert lined.said().impact.assumed == {}
    assert panel.controls["likely"].value == f"{stated.likely:g}"
    panel.buttons["forget"].click()
    assert say("panel.value.nothing_to_forget").text in panel.message.value


def test_the_volume_is_one_figure_wherever_it_was_said(lined):
    step = lined.open("04")
    impact = {"impact": {"per_week": 3500}}
    path = lined.file.path
    path.write_text(path.read_text("utf-8") + "impact: {per_week: 3500}\n", "utf-8")
    assert step.record.impact.per_week == impact["impact"]["per_week"]
    step = lined.open("04")
    panel = values_of(lined, step)
    assert panel.controls["likely"].value == "3,500"
    saved(kept(panel, "per_week", low="3000", likely="3600", high="5000"))
    said = lined.said().impact
    assert (said.per_week, said.assumed["per_week"].likely) == (None, 3600)
    assert step.choices.assumptions.stated["per_week"].likely == 3600


def test_how_satisfaction_is_asked_closes_its_gap_once_it_is_known(lined):
    take(lined, "minilm")
    assert "satisfaction_unknown" in codes(lined)
    _, content = lined.open("04").values().panels
    content.fill({"asked": "was it helpful?"})
    content.buttons["save"].click()
    saved(content.message.value)
    assert "satisfaction_unknown" in codes(lined), "it is asked, and not known yet"
    content.fill({"today": "60", "target": "80", "unit": "of 100", "owner": "product"})
    content.buttons["save"].click()
    assert "satisfaction_unknown" not in codes(lined)
    page = Page(lined.open("04").section().html).text
    assert "(was it helpful?): today 60 of 100; wanted: 80 of 100;" in page


# --- the ratio keeps or follows ------------------------------------------------------


def test_following_saves_figure_ratio_and_line_in_one_revision(lined):
    step = lined.open("04")
    panel, before = values_of(lined, step), lined.said()
    picked(panel, "fp", low="-2", likely="-1", high="-0.5", ratio="follow")
    beside = Page(panel._shown.value).text
    assert "your line would move: a line at" in beside
    assert " now, a line at " in beside, "old and new side by side"
    panel.buttons["save"].click()
    assert asked_once_more(panel)
    assert lined.said() == before
    panel.buttons["yes"].click()
    saved(panel.message.value)
    after = lined.said()
    assert after.revision == before.revision + 1
    assert after.log[-1].section == "framing, threshold, impact"
    assert after.framing.ratio == pytest.approx(1.3)  # (0.9 + 0.4) / (0 + 1)
    assert after.threshold.policy != before.threshold.policy
    # The cheapest of all would be wrong more often than the limit allows.
    assert after.threshold.policy == lined.open("03").line.best("cheapest").policy
    assert after.threshold.policy.act_at > lined.open("03").evidence.cheapest()
    assert after.threshold.seen == after.impact.seen
    assert codes(lined, "moved") == []
    assert "ratio_against_payoff" not in codes(lined)


@pytest.mark.parametrize(("fp", "contradicts"), [("-2.4", False), ("-1", True)])
def test_keeping_the_ratio_contradicts_only_what_is_far_from_it(lined, fp, contradicts):
    before = lined.said()
    saved(kept(values_of(lined), "fp", low="-5", likely=fp, high="-0.5"))
    after = lined.said()
    assert (after.framing, after.threshold) == (before.framing, before.threshold)
    assert ("ratio_against_payoff" in codes(lined)) is contradicts
    assert codes(lined, "moved") == []


def test_values_from_which_no_ratio_follows_leave_everything_as_it_was(lined):
    panel, before = values_of(lined), lined.said()
    told = kept(panel, "fp", low="", likely="5", high="", ratio="follow")
    assert "no ratio follows" in told
    assert lined.said() == before


def test_following_before_a_line_is_drawn_moves_the_ratio_alone(framed):
    panel = values_of(framed)
    saved(kept(panel, "fp", low="-2", likely="-1", high="-0.5", ratio="follow"))
    said = framed.said()
    assert said.framing.ratio == pytest.approx(1.3)
    assert said.threshold is None
    assert said.framing.counts_as_wrong, "the rest of the framing stays"


# --- nothing is left moved -----------------------------------------------------------

OPTIONS = {
    "privacy-assistant": {
        "model": "reranker",
        "as today": "agents",
        "few": "minilm_top3",
        "band": "minilm_agent",
        "stated": "vendor",
        "unlisted": "bm25",
    },
    "deposit-calls": {
        "filter": "no_mortgage",
        "everyone": "everyone",
        "people": "adviser",
        "nothing": "stop",
    },
}
KINDS = [(s, kind, o) for s, kinds in OPTIONS.items() for kind, o in kinds.items()]


@pytest.fixture
def drawn(tmp_path: Path, lined: Player):
    """Return a function that gives a player of a scenario with a line locked."""

    def player_of(scenario: str) -> Player:
        if scenario == "privacy-assistant":
            return lined
        from workshop.data.catalog import find_target

        example = find_target(scenario).file.path
        path = tmp_path / "apart" / "record.yaml"
        path.parent.mkdir()
        path.write_bytes(example.read_bytes())
        return replace(lined, record=str(path))

    return player_of


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "kind", "option"), KINDS)
def test_switching_the_option_and_changing_a_value_leaves_nothing_moved(
    drawn, scenario, kind, option
):
    player = drawn(scenario)
    take(player, option)
    step = player.open("04")
    assert step.record.option == option
    panel = values_of(player, step)
    likely = 1.3 * panel._stated()["tp"].likely
    saved(kept(panel, "tp", low="", likely=f"{likely:g}", high=""))
    # the examples were signed, and say outside what the other option came to
    outdated = {"signature_out_of_date", "statement_moved"}
    assert set(codes(player, "moved")) <= outdated
    section = player.open("04").section()
    assert section.status == "ok", section.headline.text
    saved(kept(panel, "tp", low="", likely=f"{2 * likely:g}", high="", ratio="follow"))
    assert set(codes(player, "moved")) <= outdated


@pytest.mark.parametrize("kind", ["as today", "few", "band", "stated"])
def test_the_panel_has_words_for_every_kind_of_option(lined, kind):
    take(lined, OPTIONS["privacy-assistant"][kind])
    panel = values_of(lined)
    told = Page(panel._shown.value).text
    assert ("A week then" in told) is (kind != "stated"), "nobody counted its rows"
    assert "{" not in told
    section = lined.open("04").section()
    assert "None" not in Page(section.html).text


def test_people_only_are_not_said_to_go_wrong_by_a_model(drawn):
    player = drawn("deposit-calls")
    take(player, "adviser")
    headline = player.open("04").section().headline.text
    assert "the model acts on none" in headline
    assert "go to a person" in headline


# --- two windows ---------------------------------------------------------------------


def test_a_line_that_another_window_moved_is_not_moved_back(lined):
    mine, theirs = lined.open("04"), lined.open("03")
    panel = values_of(lined, mine)
    picked(panel, "fp", low="-2", likely="-1", high="-0.5", ratio="follow")
    threshold = theirs.record.threshold
    moved = threshold.policy.model_copy(update={"act_at": 0.6})
    theirs.save(
        {"threshold": threshold.model_copy(update={"policy": moved})}, "by hand"
    )
    before = lined.said()
    panel.buttons["save"].click()
    panel.buttons["yes"].click()
    assert say("page.line_moved").text in Page(panel.message.value).text
    assert lined.said() == before


def test_two_windows_that_keep_two_figures_lose_neither(lined):
    one, other = values_of(lined), values_of(lined)
    saved(kept(one, "fp", likely="-3"))
    assert "cgp-bad" in kept(other, "fn", likely="-0.5"), "said once"
    saved(kept(other, "fn", likely="-0.5"))
    assert set(lined.said().impact.assumed) == {"fp", "fn"}


# --- a floor that is computed --------------------------------------------------------


def test_a_floor_that_is_computed_says_margin_and_chance(lined):
    take(lined, "minilm", metric="hours_saved", side="at_least", measure="hours saved")
    page = Page(lined.open("04").section().html).text
    assert "The business floor, people's hours saved a week at least 480 h" in page
    assert "It misses by" in page
    assert "the chance that it holds is" in page
    assert "business_floor_missed" in codes(lined, "contradictory")
    panel = lined.open("04").choose()
    saved(lined.fill("04", panel, bound="10"))
    assert "business_floor_missed" not in codes(lined)
    page = Page(lined.open("04").section().html).text
    assert "It holds by" in page
    assert "likelier to break" in page


def test_a_floor_that_only_people_count_is_never_said_to_be_missed(lined):
    take(lined, "minilm")
    assert "business_floor_missed" not in codes(lined)
    page = Page(lined.open("04").section().html).text
    assert "The business floor," not in page


# --- records that say less -----------------------------------------------------------


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    found = Tiny(tmp_path / "tiny")
    found.record = {
        "format": 1,
        "scenario": "tiny",
        "framing": {"ratio": 0.6, "expectations": {"acceptable_error": 0.3}},
        "threshold": {"policy": {"kind": "single", "act_at": 0.4}, "because": "so"},
    }
    return found


def page_of(tiny: Tiny) -> str:
    """Everything that 04 shows of a scenario, and its panel of figures."""
    record = str(tiny.write() / "record.yaml")
    step = workshop.open_step("04", record=record, interactive=False)
    section = step.section()
    assert section.status != "failed", section.headline.text
    for name in ("people", "values", "options", "choose"):
        getattr(step, name)()._repr_html_()
    live = workshop.open_step("04", record=record, interactive=True)
    live._insisted = True
    return Page(section.html).text + shown(live.values())


def without_ratio(tiny):
    del tiny.record["framing"]


def without_a_line(tiny):
    del tiny.record["threshold"]


def without_both(tiny):
    del tiny.record["framing"], tiny.record["threshold"]


def with_one_run(tiny):
    tiny.scenario["runs"] = tiny.scenario["runs"][:1]
    tiny.runs = tiny.runs[tiny.runs["option"] == "plain"]


STATED = {
    "id": "vendor",
    "title": "A vendor",
    "stated": {"coverage": [0.5, 0.7], "error_among_answered": [0.1, 0.2]},
}


def with_only_stated_options(tiny):
    tiny.scenario["options"] = [STATED]


def with_a_stated_one_taken(tiny):
    tiny.scenario["options"] = [STATED]
    tiny.record |= {"option": "vendor"}
    del tiny.record["threshold"]


def without_money(tiny):
    tiny.scenario["payoff"] = {}


def without_minutes(tiny):
    tiny.scenario["today"] = {"title": "people do it"}


def policy_of(**policy):
    def change(tiny):
        tiny.record["threshold"]["policy"] = policy

    return change


LESS = {
    "no ratio": without_ratio,
    "no line": without_a_line,
    "neither": without_both,
    "one run": with_one_run,
    "only stated options": with_only_stated_options,
    "a stated one taken": with_a_stated_one_taken,
    "no money": without_money,
    "no minutes": without_minutes,
    "today": policy_of(kind="today"),
    "random": policy_of(kind="random", volume=0.5),
    "all": policy_of(kind="all"),
    "none": policy_of(kind="none"),
    "band": policy_of(kind="review_band", act_at=0.6, review_at=0.3),
}


@pytest.mark.parametrize("change", LESS.values(), ids=LESS)
def test_a_record_or_a_scenario_that_says_less_has_a_page(tiny, change):
    change(tiny)
    page = page_of(tiny)
    assert "nan" not in page.split()
    assert "None" not in page
    assert "{" not in page


def test_reviewers_with_too_few_hours_are_said_to_have_a_growing_queue(tiny):
    tiny.scenario["reviewer"] = {"minutes": 30, "hours_per_week": 1}
    policy_of(kind="review_band", act_at=0.6, review_at=0.3)(tiny)
    page = page_of(tiny)
    assert "the queue grows by about" in page
    tiny.scenario["reviewer"] = {"minutes": 1, "hours_per_week": 40}
    assert "Those who go to a person wait about" in page_of(tiny)


# --- bad input -----------------------------------------------------------------------


@pytest.mark.parametrize("where", ["scenario", "record"])
def test_a_wrong_unit_is_one_sentence_and_the_rest_of_the_report_stands(tiny, where):
    wrong = {"fp": {"low": -4, "likely": -2, "high": -1, "unit": "USD"}}
    if where == "scenario":
        tiny.scenario["assumed"] = wrong
    else:
        tiny.record["impact"] = {"assumed": wrong}
    record = str(tiny.write() / "record.yaml")
    sections = {
        number: workshop.open_step(number, record=record, interactive=False).section()
        for number in STEPS
    }
    failed = {number for number, one in sections.items() if one.status == "failed"}
    assert failed == {"03", "04"}, "both speak of money"
    for number in failed:
        assert "fp is counted in EUR here, not in USD" in sections[number].headline.text
        assert sections[number].numbers == ()
