"""The whole journey at the panels: from nothing to two signatures, and read back.

Nothing here calls what a button calls; a player types into the fields and presses the
buttons of the cells that the notebooks show.
"""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances

import workshop
from tests.helpers import SHIPPED, STEPS, Page
from tests.steps.conftest import BETS, Player, saved
from workshop.record.agreed import Action
from workshop.record.choices import Floor, ThresholdChoice
from workshop.record.terms import MODEL_DECISIONS, PRODUCT_DECISIONS
from workshop.record.values import MeasuredBy, Policy
from workshop.steps.lessons import GUESSED
from workshop.steps.whole import Whole
from workshop.views.panels import required_answers
from workshop.views.wording import phrase, say

MOST_ANSWERS = 40
MOST_IN_ONE_PANEL = 5
SECONDS_A_FIELD = 5
MOST_SECONDS = 15 * 60

# What no answer at a required field can settle; each is said on the page.
LEFT_OPEN = {
    "today_not_measured",  # nobody has counted how often agents err
    "satisfaction_unknown",  # nor asked how content people are
}


# --- the core path -------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "headline"),
    [
        ("two", "Agreed and signed by Dana and Ilir;"),
        ("engineering", "Signed by Ilir, alone with a recorded persona;"),
    ],
)
def test_the_core_path_reaches_two_signatures(played, mode, headline):
    record = played(mode).said()
    assert set(record.signatures) == {"product", "engineering"}
    assert played(mode).open("05").where_we_are().startswith(headline)


@pytest.mark.parametrize("mode", ["two", "engineering"])
def test_it_asks_for_at_most_40_answers_beside_the_cases(played, mode):
    panels = [panel for step in played(mode).asked.values() for panel in step]
    guesses = [panel for panel in panels if getattr(panel, "asks", ("",))[0] == "guess"]
    required = [panel.required for panel in panels]
    assert max(required) <= MOST_IN_ONE_PANEL
    assert sum(required) <= MOST_ANSWERS
    # a lesson for one asks for a number in each of four steps, and for nothing else
    assert len(guesses) == (0 if mode == "two" else len(GUESSED))
    asked = sum(required) + len(guesses)
    assert played(mode).fields == asked, "every answer that was asked, no other"


def test_the_count_of_the_catalogue_is_the_count_of_the_journey(played):
    counted = sum(required_answers().values())
    assert counted == played("two").fields
    assert counted <= MOST_ANSWERS


@pytest.mark.parametrize("mode", ["two", "engineering"])
def test_at_five_seconds_a_field_it_takes_under_15_minutes(played, mode):
    player = played(mode)
    answers = player.fields + player.cases
    assert answers * SECONDS_A_FIELD + player.seconds < MOST_SECONDS


@pytest.mark.parametrize("mode", ["two", "engineering"])
def test_afterwards_nothing_is_undecided(played, mode):
    gaps = played(mode).open("05").gaps
    assert [g.code for g in gaps if g.kind == "undecided"] == []
    assert {g.kind for g in gaps} == {"unmeasured"}
    assert {g.code for g in gaps} == LEFT_OPEN


def test_who_is_not_asked_for_an_owner_gets_the_one_that_follows(played):
    step = played("two").open("02")
    (risk,) = step.record.data_review.accepted
    (found,) = [f for f in step.standing.report.findings if f.code == risk.finding]
    assert risk.owner == found.owner is not None
    agreement = step.record.agreement
    owners = {c.metric: c.owner for c in agreement.clauses}
    assert owners["error_among_answered"] == "engineering", (
        "whoever may move the threshold"
    )


def test_a_clause_keeps_the_owner_that_was_chosen_for_it(player):
    step = player.open("05")
    saved(player.fill("05", step.rights(), threshold="engineering", release="product"))
    limits = {"bound_1": "30", "bound_2": "40", "owner_2": "product"}
    checked = {"labels_per_week": "40", "who": "support"}
    saved(player.fill("05", step.clauses(), **limits, **checked))
    owners = [clause.owner for clause in player.said().agreement.clauses]
    assert owners == ["engineering", "product"]


def test_the_record_is_what_was_said(played):
    record = played("two").said()
    framing, agreement = record.framing, record.agreement
    assert record.cases.product == record.cases.engineering
    assert list(record.cases.product.values()) == ["fine", "harmful"] * 3
    assert framing.counts_as_wrong == "A clause that does not answer."
    said = framing.outcome.model_dump(by_alias=True)
    assert said == {
        "measure": "agent hours a week",
        "from": 600,
        "to": 420,
        "by": "2027-06",
    }
    assert framing.expectations.acceptable_error == pytest.approx(0.3)
    assert framing.expectations.fallback == "not_sure"
    assert framing.expectations.success == "fewer hours"
    assert framing.expectations.cost_speed == "within 200 ms"
    assert framing.ratio == 0.5
    for role, typed in BETS.items():
        opened = record.bets.opened[role]
        assert opened.tolerable_error == float(typed["tolerable_error"]) / 100
        expected = (opened.expected_low, opened.expected_error, opened.expected_high)
        assert expected == tuple(
            float(part) / 100 for part in typed["expected"].replace(",", "").split()
        )
        assert opened.ratio == float(typed["ratio"])
        assert (opened.fallback, opened.owner) == (typed["fallback"], typed["owner"])
    (risk,) = record.data_review.accepted
    assert (risk.finding, risk.reason) == ("DR003", "we start with these")
    assert record.threshold.because == "cheapest where we chose"
    assert record.option == "minilm"
    assert record.impact.because == "as good"
    hours = Floor(measure="agent hours a week", at_most=480)  # they are to fall
    assert record.impact.business_floor == hours
    owners = {right.decision: right.owner for right in agreement.decides}
    assert owners == dict.fromkeys(
        MODEL_DECISIONS.values(), "engineering"
    ) | dict.fromkeys(PRODUCT_DECISIONS.values(), "product")
    assert [(c.metric, c.at_most, c.at_least) for c in agreement.clauses] == [
        ("error_among_answered", 0.3, None),
        ("coverage", None, 0.47),
    ], "as proposed from the line"
    checked = MeasuredBy(labels_per_week=40, who="support")
    assert [c.measured_by for c in agreement.clauses] == [checked, None], (
        "a program counts coverage by itself"
    )
    assert agreement.escalation[0].to == "the head of support"
    assert agreement.retrospective == "2027-03"
    label = Action(what="label 60 more", who="Ilir", by="2027-01")
    assert agreement.actions == (label,)
    assert [s.name for s in record.signatures.values()] == ["Dana", "Ilir"]
    digests = {s.digest for s in record.signatures.values()}
    assert len(digests) == 1, "both signed the same"


def test_every_decision_left_a_line_in_the_log(played):
    log = played("two").said().log
    sections = {name for line in log for name in line.section.split(", ")}
    assert sections >= {
        "participants", "cases", "bets", "framing", "data_review", "threshold",
        "option", "impact", "agreement", "signatures",
    }  # fmt: skip
    assert played("two").said().revision == len(log)
    chosen = [line for line in log if line.section == "threshold"]
    assert chosen[-1].because == "cheapest where we chose"
    assert chosen[-1].seen == played("two").said().threshold.seen


def test_the_line_is_the_cheapest_on_the_choosing_rows(played):
    step = played("two").open("03")
    assert step.record.threshold.policy == Policy(
        kind="single", act_at=step.evidence.cheapest()
    )
    assert step.record.threshold.seen.rows == "kept aside"
    error = step.record.threshold.seen.figures["error_among_answered"]
    point = step.evidence.point(step.evidence.cheapest(), "report")
    assert (error.k, error.n) == (point.fp, point.tp + point.fp)


# --- read back -----------------------------------------------------------------------


def values(panel) -> dict[str, object]:
    form = getattr(panel, "form", panel)
    return {key: control.value for key, control in form.controls.items()}


READ_BACK = {
    ("00", "who"): {"mode": "two"},
    ("00", "what_is_wrong"): {"counts_as_wrong": "A clause that does not answer."},
    ("01", "outcome"): {
        "measure": "agent hours a week",
        "from": "600",
        "to": "420",
        "by": "2027-06",
    },
    ("01", "expectations"): {
        "acceptable_error": "30 %",
        "fallback": "not_sure",
        "success": "fewer hours",
        "cost_speed": "within 200 ms",
        "ratio": "0.5",
    },
    ("03", "choose"): {"because": "cheapest where we chose"},
    ("04", "choose"): {"option": "minilm", "because": "as good", "bound": "480"},
    ("05", "rights"): {"threshold": "engineering", "release": "product"},
    ("05", "clauses"): {
        "bound_1": "30 %",
        "labels_per_week": "40",
        "who": "support",
        "owner_1": "engineering",
        "owner_2": "product",
    },
    ("05", "escalation"): {"to": "the head of support", "retrospective": "2027-03"},
    ("05", "actions"): {
        "action_1": "label 60 more - Ilir - 2027-01",
        "action_2": "",
        "action_3": "",
    },
}


@pytest.mark.parametrize(("number", "cell"), READ_BACK)
def test_a_step_opened_again_shows_what_was_saved(played, number, cell):
    panel = getattr(played("two").open(number), cell)()
    assert values(panel).items() >= READ_BACK[number, cell].items()


def test_handle_cases_bets_risks_and_signatures_are_read_back_too(played):
    player = played("two")
    explorer = player.open("03").curve().explorer
    assert explorer.policy == player.said().threshold.policy
    start = player.open("00")
    (cases,) = start.cases().panels
    assert all(cases.closed(case) for case in start.scenario.cases)
    assert start.bets().form is None, "nobody is asked again"
    assert say("panel.hand_over.opened").text in shown(start.bets())
    assert "17 of 100" not in shown(start.bets())
    assert "we start with these" in shown(player.open("02").risks())
    opened = shown(player.open("01").open_bets())
    assert "17" in opened
    assert "33" in opened
    assert "Dana" in shown(player.open("05").sign())


def shown(panel) -> str:
    """Return all words that a panel shows."""
    html = [p.value for p in parts(panel.widget) if isinstance(p, w.HTML)]
    return "\n".join(Page(value).text for value in html)


def parts(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts(child)


def test_saving_again_what_was_read_back_changes_nothing_but_the_log(played, player):
    player.record = str(copy_of(played("two"), player.home))
    before = player_record(player)
    for number, cell in READ_BACK:
        panel = getattr(player.open(number), cell)()
        getattr(panel, "form", panel).buttons["save"].click()
    after = player_record(player)
    kept = {"revision", "log", "signatures", "participants", "threshold", "impact"}
    assert after.model_dump(exclude=kept) == before.model_dump(exclude=kept)
    assert after.threshold.policy.act_at == pytest.approx(
        before.threshold.policy.act_at
    )
    assert after.impact.business_floor == before.impact.business_floor


def copy_of(player: Player, home: Path) -> Path:
    """Copy a record that was played into another folder."""
    target = home / "copy" / "record.yaml"
    target.parent.mkdir()
    target.write_bytes(player.file.path.read_bytes())
    return target


def player_record(player: Player):
    return player.open("05").record


# --- one person alone ----------------------------------------------------------------


def test_alone_the_persona_plays_the_other_half_and_the_page_says_so(played):
    record = played("engineering").said()
    persona = played("engineering").open("00").scenario.personas.product
    (dana,) = record.participants.product
    assert dana.persona
    assert dana.name == persona.name
    assert record.cases.product == persona.cases
    bet = record.bets.opened["product"].model_dump(exclude={"nonce"})
    expected = persona.bet.model_dump()
    other = played("engineering").open("00").scenario.personas.engineering.name
    here = played("engineering").open("00").names["engineering"]
    assert bet == expected | {"guess": persona.bet.guess.replace(other, here)}
    assert record.signatures["product"].name == persona.name
    page = Page(played("engineering").open("03").persona_line().html)
    assert persona.lines["threshold"] in page.text
    assert played("two").open("03").persona_line().html == ""
    whole = Whole(workshop.open_step("00", SHIPPED).target, interactive=False)
    assert "recorded persona" not in whole.section().extra["participants"]


def test_alone_there_is_one_bet_and_one_signature_to_give(played):
    step = played("engineering").open("00")
    assert step.roles_here == ("engineering",)
    assert [chair.seat for chair in step.chairs()] == ["engineering"]
    assert len(played("engineering").open("05").sign().panels) == 1


def test_alone_the_signature_of_the_persona_is_marked(played):
    signatures = played("engineering").said().signatures
    assert signatures["product"].persona
    assert not signatures["engineering"].persona
    assert not any(s.persona for s in played("two").said().signatures.values())
    for mode, marked in (("engineering", True), ("two", False)):
        section = played(mode).open("05").section()
        assert ("a recorded persona" in section.headline.text) is marked
        given = played(mode).said().signatures["product"]
        signed = say(
            "agreement.signature_persona",
            name="Dana",
            role=say("framing.owner_product"),
            at=given.at[:10],
        )
        assert (signed.text in Page(section.html).text) is marked


def test_a_person_who_takes_the_personas_seat_starts_anew(player):
    player.start("engineering")
    before = player.said()
    assert before.cases.product
    assert set(before.bets.sealed) == {"product", "engineering"}
    step = player.open("00")
    cases, bets = step.cases(), step.bets()
    saved(player.fill("00", step.who(), mode="two", product_name="Kim"))
    after = player.said()
    assert [p.name for p in after.participants.product] == ["Kim"]
    assert after.cases.product == {}
    assert after.cases.engineering == before.cases.engineering
    assert set(after.bets.sealed) == {"engineering"}
    assert after.bets.sealed["engineering"] == before.bets.sealed["engineering"]
    (judging,) = cases.panels
    assert not any(judging.closed(case) for case in step.scenario.cases)
    assert [chair.state for chair in step.chairs()] == ["to_bet", "sealed"]
    opening = player.open("01").open_bets()
    assert not opening.controls, "there is nothing to be ready for"
    player.seal(bets, "product")
    player.ready(player.open("01"))
    opened = player.said().bets.opened["product"]
    assert opened.tolerable_error == 0.17, "what Kim bet, and not the persona"


def test_who_stays_alone_keeps_what_the_persona_said(player):
    player.start("engineering")
    before = player.said()
    step = player.open("00")
    saved(player.fill("00", step.who(), mode="engineering", engineering_name="Ole"))
    after = player.said()
    assert [p.name for p in after.participants.engineering] == ["Ole"]
    assert (after.cases, after.bets) == (before.cases, before.bets)


# --- bets ----------------------------------------------------------------------------


def everything_a_browser_was_told() -> str:
    kept = ("value", "description", "placeholder", "tooltip")
    states = [widget.get_state() for widget in _instances.values()]
    told = [str(s[k]) for s in states for k in kept if k in s]
    return json.dumps([t for t in told if not t.startswith("<style>")])


def test_opened_together_they_stand_side_by_side(player):
    step = player.open("00")
    saved(player.fill("00", step.who(), mode="two"))
    player.bet(step)
    opening = player.ready(player.open("01"))
    record = player.said()
    assert set(record.bets.opened) == {"product", "engineering"}
    assert "17" in shown(opening)
    assert "7" in shown(opening)
    gaps = {gap.code for gap in player.open("05").gaps}
    assert not {"bet_not_sealed", "bets_not_opened"} & gaps


def test_figures_wait_until_they_are_asked_for(player):
    """A notebook is run from the top before anybody has judged a case."""
    step = player.open("00")
    for cell in ("who", "cases", "what_is_wrong", "bets", "people"):
        getattr(step, cell)()
    people, recap = step.people(), step.recap()
    rate = f"{step.evidence.error.k} of {step.evidence.error.n}"
    assert rate not in everything_a_browser_was_told()
    people.buttons["show"].click()
    assert rate not in shown(people), "first it says what would be given away"
    people.buttons["show"].click()
    assert rate in shown(people)
    assert rate not in shown(recap)
    assert "of 10" not in step.where_we_are()


WAITING = [("02", "findings"), ("02", "price"), ("04", "people"), ("04", "options")]


def has_figures(words: str) -> bool:
    return any(letter.isdigit() for letter in words)


@pytest.mark.parametrize(("number", "cell"), WAITING)
def test_figures_of_02_and_04_wait_for_both_bets(played, player, number, cell):
    panel = getattr(player.open(number), cell)()
    panel.buttons["show"].click()
    told = say("panel.reveal.not_sealed").text
    assert told in shown(panel)
    assert not has_figures(shown(panel))
    panel.buttons["show"].click()
    assert told not in shown(panel)
    assert has_figures(shown(panel)), "somebody insists"
    at_once = getattr(played("two").open(number), cell)()
    assert has_figures(shown(at_once)), "both bets are sealed"


@pytest.mark.parametrize(("number", "cell"), WAITING)
def test_one_bet_is_not_enough_to_see_figures(player, number, cell):
    step = player.open("00")
    saved(player.fill("00", step.who(), mode="two"))
    player.bet(step, "product")
    assert shown(getattr(player.open(number), cell)()).strip() == ""
    player.bet(step, "engineering")
    assert has_figures(shown(getattr(player.open(number), cell)()))


def test_the_explorer_waits_for_both_bets(played, player):
    step = player.open("03")
    curve, panel = step.curve(), step.choose()
    waiting = say("panel.reveal.curve_first").text
    assert curve.explorer is None
    assert waiting in shown(panel)
    panel.form.fill({"because": "a guess"})
    panel.buttons["save"].click()
    assert panel.form.message.value.count(phrase("panel.threshold.no_line")) == 1
    curve.buttons["show"].click()
    assert curve.explorer is None, "so far it was only said what is given away"
    curve.buttons["show"].click()
    assert curve.explorer is not None, "somebody insists"
    assert waiting not in shown(panel)
    assert played("two").open("03").curve().explorer is not None


def test_the_line_starts_where_everybody_is_acted_on(framed):
    step = framed.open("03")
    assert step.curve().explorer.policy == Policy(kind="all")
    assert say("panel.threshold.stands_all").text in shown(step.choose())


def test_a_notebook_that_is_run_again_leaves_the_line_where_it_was(framed):
    step = framed.open("03")
    step.curve().explorer.policy = step.line.least_cost
    again = framed.open("03")
    assert again.curve().explorer.policy == step.line.least_cost
    elsewhere = Policy(kind="single", act_at=float(step.line.curve.thresholds[3]))
    again.save({"threshold": ThresholdChoice(policy=elsewhere)}, "by hand")
    moved = framed.open("03").curve().explorer
    assert moved.policy == elsewhere, "what was locked since counts"


def test_what_is_said_of_the_line_follows_it(framed):
    step = framed.open("03")
    explorer, panel = step.curve().explorer, step.choose()
    explorer.policy = step.line.least_cost
    assert f"{step.line.least_cost.act_at:.3g}" in shown(panel)
    explorer.policy = Policy(kind="none")
    assert say("panel.threshold.stands_none").text in shown(panel)


def test_a_mark_is_kept_at_once_and_found_again(framed):
    explorer = framed.open("03").curve().explorer
    explorer.marks = {"product": 20}
    assert framed.said().marks == {"product": explorer.given.cuts[20]}
    explorer.marks = {"product": 20, "engineering": 90}
    again = framed.open("03").curve().explorer
    assert again.marked == framed.said().marks == explorer.marked


def test_a_mark_does_not_outdate_a_signature(played, player):
    player.record = str(copy_of(played("two"), player.home))
    before = player.open("05").gaps
    player.open("03").curve().explorer.marks = {"product": 20}
    assert player.open("05").gaps == before


def test_an_open_page_follows_a_ratio_that_was_changed_elsewhere(framed):
    step = framed.open("03")
    explorer = step.curve().explorer
    before = explorer.policy, step.line.least_cost
    step.save_framing(ratio=4.0)
    assert explorer.given.ratio == 4.0
    assert step.line.least_cost != before[1]
    assert explorer.policy == before[0], "the line stays where it stood"


def test_the_rows_kept_aside_are_shown_after_the_lock_and_not_before(player):
    player.start()
    player.framing()
    step = player.open("03")
    explorer = step.curve().explorer
    parts = [step.beside(), step.cheapest()]
    locked_first = say("panel.reveal.lock_first").text
    panel = step.choose()
    explorer.policy = step.line.least_cost
    assert [shown(part).strip() for part in parts] == [locked_first] * 2
    aside = step.evidence.point(explorer.policy.act_at, "report")
    wrong = f"{aside.fp} of {aside.tp + aside.fp}"
    assert wrong not in everything_a_browser_was_told()
    saved(player.fill("03", panel, because="in the middle"))
    assert wrong in shown(parts[0])
    assert wrong in shown(panel)
    here, _ = step.line.expected(explorer.policy)
    assert f"{here.k} of {here.n}" in shown(panel), "what it was where they chose"
    for part in parts:
        assert locked_first not in shown(part)
        assert has_figures(shown(part))


def test_a_review_band_is_locked_as_it_stands(framed):
    step = framed.open("03")
    explorer, panel = step.curve().explorer, step.choose()
    explorer.policy = step.line.best_band.policy
    saved(framed.fill("03", panel, because="the unsure ones are looked at"))
    locked = framed.said().threshold.policy
    assert locked == step.line.best_band.policy
    assert locked.kind == "review_band"


def test_what_users_are_told_about_why_is_kept(framed):
    step = framed.open("03")
    panel = step.choose()
    told = "This clause is the nearest to your question."
    saved(framed.fill("03", panel, because="a try", told_why=told))
    assert framed.said().threshold.told_why == told


@pytest.mark.slow
@pytest.mark.parametrize("interactive", [True, False])
def test_no_figure_of_the_rows_kept_aside_is_on_a_page_before_the_lock(
    framed, interactive
):
    step = workshop.open_step("03", record=framed.record, interactive=interactive)
    aside = {n.id for n in step.section().numbers if n.rows == "report"}
    assert aside == {"rows.report", "sources.report"}, "how many there are, no more"
    step.save({"threshold": ThresholdChoice(policy=step.line.least_cost)}, "a line")
    assert {n.id for n in step.section().numbers if n.rows == "report"} > aside


def test_the_drawer_does_not_speak_of_the_rows_kept_aside_before_the_lock(framed):
    step = framed.open("03")
    explorer, drawer = step.curve().explorer, step.drawer()
    explorer.policy = step.line.least_cost
    drawer.buttons["show"].click()
    aside = step.line.promised.error
    kept_aside = f"{aside.k} of {aside.n}"
    assert kept_aside not in shown(drawer)
    best = step.line.best_promise.error
    assert f"{best.k} of {best.n}" in shown(drawer)
    saved(framed.fill("03", step.choose(), because="the cheapest"))
    assert kept_aside in shown(drawer)


def test_another_prevalence_moves_what_is_said_of_the_line(framed):
    step = framed.open("03")
    explorer, drawer = step.curve().explorer, step.drawer()
    drawer.buttons["show"].click()
    before = shown(drawer)
    drawer.beneath.controls["handle"].value = 3
    rare = shown(drawer)
    assert rare != before
    explorer.policy = step.line.least_cost
    assert shown(drawer) != rare, "it follows the line"
    drawer.beneath.buttons["back"].click()
    assert shown(drawer) != rare


def test_cases_are_shown_when_asked_for(framed):
    why = framed.open("03").why()
    assert "q0" not in shown(why)
    why.buttons["show"].click()
    assert say("explain.cases_title").text in shown(why)


# --- the option moves the line -------------------------------------------------------


def test_another_option_moves_the_line_in_one_revision(played, player):
    player.record = str(copy_of(played("two"), player.home))
    step = player.open("04")
    before = step.record
    panel = step.choose()
    panel.fill({"option": "reranker", "because": "three more are right"})
    would_move = step.lines.of("reranker").policy
    assert f"its own cheapest cut is {would_move.act_at:.3g}" in shown(panel)
    panel.buttons["save"].click()
    assert asked_once_more(panel)
    assert step.record == before, "asked once more before anything is saved"
    panel.buttons["yes"].click()
    after = step.record
    assert after.revision == before.revision + 1
    assert after.option == "reranker"
    assert after.threshold.policy != before.threshold.policy
    assert after.threshold.policy.act_at == step.evidence.cheapest("reranker")
    assert after.threshold.seen == after.impact.seen
    assert after.log[-1].section == "threshold, option, impact"
    stays = f"it stays at a line at {would_move.act_at:.3g}"
    assert stays in shown(panel), "nothing speaks of the line before"
    gaps = player.open("05").gaps
    moved = [gap.code for gap in gaps if gap.kind == "moved"]
    assert moved == ["signature_out_of_date"] * 2, "signed before it moved"


def test_saying_no_leaves_everything_as_it_was(played, player):
    player.record = str(copy_of(played("two"), player.home))
    step = player.open("04")
    before = step.record
    panel = step.choose()
    panel.fill({"option": "reranker"})
    panel.buttons["save"].click()
    assert asked_once_more(panel)
    panel.buttons["no"].click()
    assert not asked_once_more(panel)
    panel.buttons["yes"].click()
    assert step.record == before


def asked_once_more(panel) -> bool:
    """Say whether the question stands on the page that takes another option."""
    return panel._confirm_area.layout.display == ""


def test_a_locked_line_has_taken_the_option_that_it_was_drawn_for(framed):
    empty = framed.open("04").choose()
    assert empty.taken is None
    framed.line()
    assert framed.said().option is None
    panel = framed.open("04").choose()
    assert panel.taken == panel.controls["option"].value == "minilm"
    line = framed.said().threshold
    saved(framed.fill("04", panel, because="as good", bound="480"))
    record = framed.said()
    assert (record.option, record.threshold) == ("minilm", line), "nothing was asked"


def test_before_the_signatures_a_switch_leaves_nothing_moved(framed):
    framed.line()
    before = framed.said()
    panel = framed.open("04").choose()
    framed.fill("04", panel, option="bm25", because="cheaper", bound="100")
    assert asked_once_more(panel)
    assert framed.said() == before
    panel.buttons["yes"].click()
    saved(panel.message.value)
    record = framed.said()
    assert record.option == "bm25"
    assert record.threshold.policy != before.threshold.policy
    assert record.threshold.seen == record.impact.seen
    gaps = framed.open("05").gaps
    assert [gap for gap in gaps if gap.kind == "moved"] == []


def test_without_a_ratio_another_option_takes_the_old_line_back(player):
    """It was drawn on another scale, and there is no cheapest one to move to."""
    player.start()
    player.line()
    before = player.said()
    assert before.framing.ratio is None
    step = player.open("04")
    panel = step.choose()
    panel.fill({"option": "bm25", "because": "cheaper", "bound": "100"})
    assert "the line is taken back" in shown(panel)
    panel.buttons["save"].click()
    assert asked_once_more(panel)
    assert player.said() == before
    panel.buttons["yes"].click()
    saved(panel.message.value)
    after = player.said()
    assert (after.option, after.threshold) == ("bm25", None)
    assert after.impact.seen is None
    assert after.revision == before.revision + 1
    assert after.log[-1].section == "threshold, option, impact"
    assert "no_threshold" in [gap.code for gap in player.open("05").gaps]
    beside = player.open("03").beside()
    assert not has_figures(shown(beside)), "it waits for the next lock"


# --- ways around saving --------------------------------------------------------------


def test_undecided_goes_on_and_stays_open(player):
    step = player.open("01")
    panel = step.expectations()
    panel.buttons["undecided"].click()
    saved(panel.message.value)
    record = player.said()
    assert record.framing is None
    assert record.log[-1].decided == "undecided, go on"
    assert record.log[-1].section == "framing.expectations"
    open_codes = [gap.code for gap in player.open("05").gaps]
    assert open_codes.count("no_expectation") == 4
    assert player.open("01").section().status == "undecided"


def test_undecided_is_offered_and_works_at_every_decision(player):
    for number, cell in (
        ("00", "what_is_wrong"), ("01", "outcome"), ("01", "expectations"),
        ("02", "risks"), ("03", "choose"), ("04", "choose"), ("05", "rights"),
        ("05", "clauses"), ("05", "escalation"),
    ):  # fmt: skip
        panel = getattr(player.open(number), cell)()
        panel.buttons["undecided"].click()
        saved(getattr(panel, "form", panel).message.value)
    assert len(player.said().log) == 9
    assert player.open("05").gaps


def test_what_was_not_agreed_is_kept_with_both_positions(player):
    step = player.open("03")
    panel = step.choose()
    panel.buttons["disagree"].click()
    positions = panel.form.not_agreed
    positions.fill(
        {
            "product": "act on most",
            "engineering": "act on few",
            "decides": "head of support",
            "by": "2027-01",
            "would_change_product": "one complaint a week",
        }
    )
    positions.buttons["save"].click()
    saved(positions.message.value)
    (item,) = player.said().agreement.not_agreed
    assert item.about == "threshold"
    assert (item.product, item.engineering) == ("act on most", "act on few")
    assert player.open("03").section().status == "not_agreed"
    agreed = Page(player.open("05").section().html).text
    for words in ("act on most", "act on few", "head of support", "one complaint"):
        assert words in agreed
    codes = [gap.code for gap in player.open("05").gaps]
    assert "not_agreed" in codes
    assert "no_threshold" not in codes, "one gap and not two"


def disagree(panel, decides: str = "the head") -> None:
    """Keep two positions about a panel's choice."""
    form = getattr(panel, "form", panel)
    panel.buttons["disagree"].click()
    positions = {"product": "A", "engineering": "B", "by": "2027-01"}
    form.not_agreed.fill(positions | {"decides": decides})
    form.not_agreed.buttons["save"].click()
    saved(form.not_agreed.message.value)


def test_what_is_decided_after_all_is_disputed_no_longer(player):
    step = player.open("03")
    panel = step.choose()
    disagree(panel)
    disagree(player.open("04").choose())
    open_now = {item.about for item in player.said().agreement.not_agreed}
    assert open_now == {"threshold", "option"}
    step = player.open("03")
    for _ in range(2):
        step.curve().buttons["show"].click()
    saved(player.fill("03", step.choose(), because="the head has decided"))
    record = player.said()
    assert [item.about for item in record.agreement.not_agreed] == ["option"]
    assert record.threshold.because == "the head has decided"
    assert record.log[-1].section == "threshold, agreement"
    assert step.section().status == "ok"
    assert player.open("04").section().status == "not_agreed"


def test_what_was_not_agreed_twice_is_kept_once(player):
    for decides in ("the head", "the board"):
        disagree(player.open("04").choose(), decides)
    (item,) = player.said().agreement.not_agreed
    assert item.decides == "the board"


# --- the file is the whole of it -----------------------------------------------------


def test_editing_the_file_by_hand_equals_using_the_panel(player):
    step = player.open("00")
    saved(player.fill("00", step.what_is_wrong(), counts_as_wrong="as typed"))
    path = player.file.path
    text = path.read_text("utf-8")
    path.write_text(text.replace("as typed", "as edited   # by hand"), "utf-8")
    assert "as edited" in Page(step.section().html).text
    assert values(step.what_is_wrong())["counts_as_wrong"] == "as edited"
    saved(player.fill("00", step.who(), mode="two"))
    assert "as edited   # by hand" in path.read_text("utf-8")


def test_a_mistyped_key_in_the_file_is_a_sentence_on_the_panel(player):
    step = player.open("00")
    panel = step.what_is_wrong()
    saved(player.fill("00", panel, counts_as_wrong="one"))
    path = player.file.path
    text = path.read_text("utf-8").replace("counts_as_wrong", "counts_as_rong")
    path.write_text(text, "utf-8")
    panel.fill({"counts_as_wrong": "two"})
    panel.buttons["save"].click()
    assert "cgp-bad" in panel.message.value
    assert "counts_as_wrong" in panel.message.value
    assert values(panel)["counts_as_wrong"] == "two", "nothing typed is lost"
    assert path.read_text("utf-8") == text


OUTCOME = {"measure": "hours", "from": "9", "to": "5", "by": "2027-06"}


def test_two_windows_on_one_record_lose_nothing(player):
    one, other = player.open("00").what_is_wrong(), player.open("01").outcome()
    saved(player.fill("00", one, counts_as_wrong="mine"))
    saved(player.fill("01", other, **OUTCOME))
    saved(player.fill("00", one, counts_as_wrong="mine, again"))
    framing = player.said().framing
    assert framing.counts_as_wrong == "mine, again"
    assert framing.outcome.measure == "hours"


def test_the_same_words_changed_in_two_windows_are_a_conflict_said_once(player):
    step, again = player.open("00"), player.open("00")
    one, other = step.what_is_wrong(), again.what_is_wrong()
    saved(player.fill("00", one, counts_as_wrong="one"))
    before = player.file.path.read_bytes()
    told = player.fill("00", other, counts_as_wrong="two")
    assert "cgp-bad" in told
    assert "framing was changed by" in told
    assert say("page.save_again").text in told
    assert player.file.path.read_bytes() == before, "nothing is written"
    assert other.controls["counts_as_wrong"].value == "two"
    other.buttons["save"].click()
    saved(other.message.value)
    assert player.said().framing.counts_as_wrong == "two"
    assert "cgp-bad" in player.fill("00", one, counts_as_wrong="three"), "and back"
    assert player.said().framing.counts_as_wrong == "two"


def test_a_page_that_has_not_saved_yet_does_not_overwrite_what_it_never_saw(player):
    one, other = player.open("00").what_is_wrong(), player.open("00").what_is_wrong()
    saved(player.fill("00", other, counts_as_wrong="theirs"))
    assert "cgp-bad" in player.fill("00", one, counts_as_wrong="mine")
    assert player.said().framing.counts_as_wrong == "theirs"


def test_different_sections_in_two_windows_are_both_saved_at_once(player):
    one, other = player.open("00").what_is_wrong(), player.open("05").rights()
    for round_ in ("first", "second"):
        saved(player.fill("00", one, counts_as_wrong=round_))
        owner = "product" if round_ == "first" else "engineering"
        saved(player.fill("05", other, threshold=owner, release=owner))
    record = player.said()
    assert record.framing.counts_as_wrong == "second"
    owners = {r.decision: r.owner for r in record.agreement.decides}
    assert (owners["move the threshold"], owners["release"]) == ("engineering",) * 2
    assert record.revision == 4


def test_each_half_judges_in_a_window_of_its_own_and_both_survive(player):
    step = player.open("00")
    saved(player.fill("00", step.who(), mode="two"))
    windows = {role: player.open("00").cases().panels[0] for role in BETS}
    said = {"product": ["fine", "harmful"], "engineering": ["harmful", "fine"]}
    for place in (0, 1):
        for role, panel in windows.items():
            panel.buttons[f"{role}.{said[role][place]}"].click()
            assert panel._message.value == ""
            panel.buttons["next"].click()
    cases = player.said().cases
    first_two = step.scenario.cases[:2]
    for role in BETS:
        assert getattr(cases, role) == dict(zip(first_two, said[role], strict=True))
    (again,) = player.open("00").cases().panels
    assert [again.closed(case) for case in first_two] == [True, True]


def test_nothing_is_written_before_the_first_save(player):
    for number in STEPS:
        player.open(number).section()
    assert list(player.home.iterdir()) == []


# --- the shipped example -------------------------------------------------------------


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


SAVES = {
    "00": ("who", "what_is_wrong"),
    "01": ("outcome", "expectations"),
    "02": ("risks", "assumptions"),
    "03": ("choose",),
    "04": ("choose",),
    "05": ("rights", "clauses", "escalation", "actions"),
}


def test_the_shipped_example_opens_read_only_and_stays_as_it_was(player, root):
    before = digests(root / "datasets")
    player.record = SHIPPED
    how = "workshop start privacy-assistant -o my-workshop/record.yaml"
    for number, cells in SAVES.items():
        step = player.open(number)
        for cell in cells:
            panel = getattr(step, cell)()
            form = getattr(panel, "form", panel)
            for way in ("save", "undecided"):
                if way in form.buttons:
                    form.buttons[way].click()
                    assert "cgp-bad" in form.message.value
                    assert how in Page(form.message.value).text
            assert how in shown(panel)
            assert all(control.disabled for control in form.controls.values())
    assert player.open("00").bets().controls == {}
    for live in (player.open("05").sign(),):
        for panel in live.panels:
            form = getattr(panel, "form", panel)
            if form is not None:
                form.buttons["save"].click()
    (cases,) = player.open("00").cases().panels
    cases.buttons["product.fine"].click()
    assert player.open("01").open_bets().buttons == {}
    assert digests(root / "datasets") == before
    assert list(player.home.iterdir()) == []


def test_the_shipped_example_leaves_only_what_it_says_it_leaves(player):
    player.record = SHIPPED
    codes = [gap.code for gap in player.open("05").gaps]
    assert codes == [
        "today_not_measured",
        "expectation_promised_none",
        "expectation_promised_early",
        "satisfaction_unknown",
        "not_agreed",
    ]


def test_a_record_that_was_named_and_is_not_there_is_made_on_the_first_save(player):
    player.record = "ours/pair-3.yaml"
    step = player.open("00")
    saved(player.fill("00", step.who(), mode="two"))
    assert (player.home / "ours" / "pair-3.yaml").is_file()


def test_a_step_answers_within_two_seconds_of_a_save(played, player):
    player.record = str(copy_of(played("two"), player.home))
    step = player.open("05")
    step.section()
    started = time.perf_counter()
    saved(player.fill("05", step.rights(), threshold="product", release="product"))
    step.section()
    assert time.perf_counter() - started < 2


def test_04_does_not_move_a_line_that_it_has_not_seen(player):
    player.start("two")
    panel = player.open("04").choose()
    player.framing()
    player.data()
    player.line()
    before = player.said().threshold
    told = player.fill("04", panel, option="minilm", because="it", bound="120")
    assert say("page.line_moved").text in told or "cgp-bad" in panel.message.value
    assert player.said().threshold == before


def test_a_signature_is_under_what_stands_now(player):
    player.start("two")
    signing = player.open("05").sign()
    player.framing()
    for panel, name in zip(signing.panels, ("Dana", "Ilir"), strict=True):
        saved(player.fill("05", panel, name=name))
    codes = {gap.code for gap in player.open("05").gaps}
    assert "signature_out_of_date" not in codes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("{kind: today}", "Today's process stays"),
        ("{kind: none}", "none is acted on"),
        ("{kind: all}", "all are acted on"),
        ("{kind: random, volume: 0.5}", "Acted on by lot"),
        ("{kind: review_band, act_at: 0.5, review_at: 0.3}", "go to a person"),
    ],
)
def test_every_kind_of_policy_written_by_hand_has_a_page(player, root, policy, says):
    example = root / "datasets" / SHIPPED / "example-record.yaml"
    kind = "policy: {kind: single, act_at: 0.452166}"
    text = example.read_text("utf-8")
    assert kind in text
    player.file.path.parent.mkdir(parents=True)
    player.file.path.write_text(text.replace(kind, f"policy: {policy}"), "utf-8")
    sections = [player.open(number).section() for number in ("03", "04")]
    assert any(says in section.headline.text for section in sections)
    assert not any("– to –" in section.html for section in sections)
