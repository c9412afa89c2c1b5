"""05 at the panels: rights, meetings, pitfalls, the parking lot, and two signatures."""

from __future__ import annotations

import icalendar
import pytest

import workshop
from tests.helpers import SHIPPED, STEPS, Page
from tests.steps.conftest import Player, saved, words_of
from workshop.commands import status
from workshop.errors import RunError
from workshop.record.agreed import Action, DecisionRight
from workshop.record.terms import DECISIONS, ESCALATIONS
from workshop.steps import planning


@pytest.fixture
def table(played_to) -> Player:
    """A player with people, bets, a framing and a line behind it."""
    return played_to("start", "framing", "line")


def codes(step) -> set[str]:
    return {gap.code for gap in step.gaps}


def by_hand(player: Player, **fields) -> None:
    """Write into the agreement as somebody with an editor would."""
    player.open("05").save_agreement(**fields)


# who decides, and whom to ask --------------------------------------------------------


def test_all_seven_decisions_are_saved_as_the_scenario_suggests_them(table):
    step = table.open("05")
    saved(table.fill("05", step.rights()))
    decides = table.said().agreement.decides
    assert [right.decision for right in decides] == list(DECISIONS.values())
    assert all(right.owner for right in decides)
    assert not {"decision_unowned", "decision_owned_twice"} & codes(step)
    assert "legal" in Page(step.section().html).text


def test_a_decision_owned_twice_by_hand_is_a_gap_and_can_be_mended(
    table,
):
    twice = tuple(
        DecisionRight(decision="release", owner=owner)
        for owner in ("product", "engineering")
    )
    by_hand(table, decides=twice)
    step = table.open("05")
    assert {"decision_owned_twice", "decision_unowned"} <= codes(step)
    saved(table.fill("05", step.rights()))
    assert not {"decision_unowned", "decision_owned_twice"} & codes(step)


def test_the_four_cases_are_saved_with_one_date(table):
    step = table.open("05")
    saved(table.fill("05", step.escalation(), retrospective="2027-03"))
    agreement = table.said().agreement
    assert [one.when for one in agreement.escalation] == list(ESCALATIONS.values())
    assert agreement.retrospective == "2027-03"
    assert not {"no_escalation", "escalation_missing"} & codes(step)


def test_a_date_in_the_past_is_refused_at_the_panel_and_is_a_gap_by_hand(table):
    step = table.open("05")
    told = table.fill("05", step.escalation(), retrospective="2026-11")
    assert "cgp-bad" in told
    assert table.said().agreement is None
    by_hand(table, retrospective="2026-11")
    assert "retrospective_overdue" in codes(table.open("05"))


# when we meet ------------------------------------------------------------------------


def test_the_meetings_stand_beside_the_record_for_a_calendar(table):
    step = table.open("05")
    saved(table.fill("05", step.escalation(), retrospective="2027-03"))
    assert not step.calendar_file.exists(), "until somebody plans meetings"
    told = table.fill("05", step.calendar())
    saved(told)
    assert "record.ics" in told
    file = table.file.path.with_name("record.ics")
    found = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert len(found) == 3
    assert [r.what for r in table.said().agreement.rituals] == [
        "readiness_review",
        "metric_review",
    ]


def test_the_calendar_file_follows_what_is_saved_afterwards(table):
    step = table.open("05")
    saved(table.fill("05", step.calendar()))
    saved(table.fill("05", step.escalation(), retrospective="2027-04-07"))
    assert b"DTSTART;VALUE=DATE:20270407" in step.calendar_file.read_bytes()


def test_what_was_saved_stays_where_the_calendar_file_cannot_be_written(
    table, monkeypatch
):
    step = table.open("05")
    saved(table.fill("05", step.calendar()))

    def full(*_: object) -> None:
        raise RunError("record.ics: the disk is full")

    monkeypatch.setattr(planning, "write_text", full)
    told = table.fill("05", step.escalation(), retrospective="2027-04-07")
    saved(told)
    assert "The calendar file is as it was: record.ics: the disk is full." in told
    assert table.said().agreement.retrospective == "2027-04-07"
    told = table.fill("05", step.calendar())
    saved(told)
    assert "for your calendar" not in told, "it is not in it"


def test_whoever_signs_for_another_is_named_so_and_a_part_of_a_name_is_no_name(table):
    step = table.open("05")
    product, engineering = step.names["product"], step.names["engineering"]
    panels = step.sign().panels
    saved(table.fill("05", panels[0], name=product[:3]))
    saved(table.fill("05", panels[1], name=engineering))
    told = [line.decided for line in table.said().log[-2:]]
    assert told == [
        f"signed by {product[:3]} for {product}",
        f"signed by {engineering}",
    ]


def test_a_shipped_example_gets_no_calendar_file(player):
    player.record = SHIPPED
    step = player.open("05")
    step.calendar().buttons["save"].click()
    assert not step.calendar_file.exists()


# what could go wrong -----------------------------------------------------------------


def test_the_evidence_is_this_records_and_follows_it(table):
    step = table.open("05")
    panel = step.premortem()
    error = step.section().numbers
    aside = next(n for n in error if n.id == "pitfall.error")
    assert f"{round(100 * aside.value)} of 100 are wrong" in words_of(panel)
    assert "Nothing is written down that a user is told" in words_of(panel)
    threshold = step.record.threshold.model_copy(update={"told_why": "the nearest"})
    step.save({"threshold": threshold}, "told why")
    assert "Users are told why: “the nearest”" in words_of(panel)


def test_before_the_bets_are_sealed_no_figure_is_given_away(player):
    player.start("two")
    player.framing()
    player.line()
    step = player.open("05")
    bets = step.record.bets.model_copy(
        update={"sealed": {}, "opened": {}, "ready": {}, "rounds": ()}
    )
    step.save({"bets": bets}, "anew")
    ids = [n.id for one in player.open("05").pitfalls for p in one.points
           for n in p.given.values() if hasattr(n, "id")]  # fmt: skip
    assert not {"chosen.error_among_answered", "pitfall.error"} & set(ids)


def test_lines_are_kept_and_a_tick_makes_an_action(table):
    step = table.open("05")
    panel = step.premortem()
    told = table.fill(
        "05",
        panel,
        black_box="write why",
        black_box_act=True,
        black_box_who="Dana",
        black_box_by="2027-01",
        overpromising="we say it plainly",
    )
    saved(told)
    agreement = table.said().agreement
    assert agreement.premortem == {
        "black_box": "write why",
        "overpromising": "we say it plainly",
    }
    assert agreement.actions == (Action(what="write why", who="Dana", by="2027-01"),)
    page = Page(step.section().html).text
    assert "we say it plainly" in page
    assert "answered in our words" in page


def test_an_action_that_one_panel_adds_is_not_lost_by_another(table):
    step = table.open("05")
    actions, premortem = step.actions(), step.premortem()
    saved(table.fill("05", actions, action_1="label - Ilir - 2027-01"))
    line = {"black_box": "write why", "black_box_act": True}
    who = {"black_box_who": "Dana", "black_box_by": "2027-01"}
    saved(table.fill("05", premortem, **line, **who))
    assert actions.controls["action_2"].value == "write why - Dana - 2027-01"
    saved(table.fill("05", actions, action_3="count - Dana - 2027-02"))
    saved(table.fill("05", actions, action_3=""))
    names = [one.what for one in table.said().agreement.actions]
    assert names == ["label", "write why"]


# the register ------------------------------------------------------------------------


def test_the_register_lists_what_nobody_measured_and_marks_what_is_overdue(table):
    table.data()
    step = table.open("05")
    page = Page(step.section().html).text
    assert "we start with these" in page
    risk = table.said().data_review.accepted[0]
    review = table.said().data_review.model_copy(
        update={"accepted": (risk.model_copy(update={"revisit": "2026-11"}),)}
    )
    step.save({"data_review": review}, "a date")
    assert step.held[0].overdue
    assert "by 2026-11, which has passed" in Page(step.section().html).text
    assert "by 2026-11, which has passed" in words_of(step.register())


# the parking lot ---------------------------------------------------------------------


@pytest.mark.parametrize("number", STEPS)
def test_a_line_can_be_parked_at_any_step(played_to, number):
    player = played_to("start")
    step = player.open(number)
    saved(player.fill(number, step.parking(), text=f"a thought at {number}"))
    (line,) = player.said().parking
    assert (line.text, line.step) == (f"a thought at {number}", step.id)
    assert line.who == step.speakers
    assert line.at
    assert f"a thought at {number}" in words_of(player.open(number).parking())
    static = workshop.open_step(number, record=player.record, interactive=False)
    assert f"a thought at {number}" in static.parking().html
    assert f"a thought at {number}" in Page(player.open("05").section().html).text


def test_two_who_park_at_once_both_keep_their_line(table):
    one, other = table.open("02"), table.open("03")
    first, second = one.parking(), other.parking()
    saved(table.fill("02", first, text="hers"))
    saved(table.fill("03", second, text="his"))
    saved(table.fill("02", first, text="hers too"))
    assert [p.text for p in table.said().parking] == ["hers", "his", "hers too"]
    assert [p.step for p in table.said().parking] == [
        "data_readiness",
        "threshold",
        "data_readiness",
    ]


def test_parking_a_line_does_not_void_a_signature(table):
    step = table.open("05")
    saved(table.fill("05", step.sign().panels[0], name="Dana"))
    saved(table.fill("05", step.parking(), text="later"))
    assert "signature_out_of_date" not in codes(step)


def test_a_parked_line_becomes_an_action(table):
    step = table.open("05")
    parked = step.parked()
    assert "Nothing has been parked." in words_of(parked)
    saved(table.fill("05", step.parking(), text="Swiss law"))
    answers = {"line": "Swiss law", "who": "Dana", "by": "2027-02"}
    saved(table.fill("05", parked, **answers))
    action = Action(what="Swiss law", who="Dana", by="2027-02")
    assert table.said().agreement.actions == (action,)
    assert "an action by now" in words_of(parked)
    assert parked.rows["line"].asked.options == ()
    assert [p.text for p in table.said().parking] == ["Swiss law"], "and stays listed"


# no agreement ------------------------------------------------------------------------

POSITIONS = {
    "product": "in, they ask most",
    "engineering": "out, until labelled",
    "decides": "the head of support",
    "by": "2027-01",
    "would_change_product": "20 of 100 wrong",
    "would_change_engineering": "100 labels",
}


def test_no_agreement_is_carried_to_page_status_and_calendar(table):
    step = table.open("05")
    saved(table.fill("05", step.escalation(), retrospective="2027-03"))
    panel = step.rights()
    panel.buttons["disagree"].click()
    panel.not_agreed.fill(POSITIONS)
    panel.not_agreed.buttons["save"].click()
    saved(panel.not_agreed.message.value)
    saved(table.fill("05", step.calendar()))
    page = Page(step.section().html).text
    told = status(str(table.file.path))
    calendar = icalendar.Calendar.from_ical(step.calendar_file.read_bytes())
    (event,) = [e for e in calendar.walk("VEVENT") if "Retro" in str(e["SUMMARY"])]
    for carried in (page, told, str(event["DESCRIPTION"])):
        assert "For the next meeting" in carried
        assert all(words in carried for words in POSITIONS.values())
    assert step.section().extra["next_meeting"]


# signatures --------------------------------------------------------------------------


def sign(player: Player, step, *names: str) -> None:
    for panel, name in zip(step.sign().panels, names, strict=False):
        saved(player.fill("05", panel, name=name))


def test_two_who_sign_at_once_in_two_notebooks_both_survive(table):
    one, other = table.open("05"), table.open("05")
    hers, his = one.sign().panels[0], other.sign().panels[1]
    saved(table.fill("05", hers, name="Dana"))
    saved(table.fill("05", his, name="Ilir"))
    signatures = table.said().signatures
    assert {role: s.name for role, s in signatures.items()} == {
        "product": "Dana",
        "engineering": "Ilir",
    }
    assert len({s.digest for s in signatures.values()}) == 1
    assert "signature_out_of_date" not in codes(one)


def test_a_change_voids_the_signature_and_signing_again_mends_it(table):
    step = table.open("05")
    signing = step.sign()
    for panel, name in zip(signing.panels, ("Dana", "Ilir"), strict=True):
        saved(table.fill("05", panel, name=name))
    assert "void, for something" not in words_of(signing)
    saved(table.fill("05", step.rights()))
    assert words_of(signing).count("void, for something") == 2, "said at once"
    assert "void until it is given again" in step.section().headline.text
    assert "signature_out_of_date" in codes(step)
    for panel, name in zip(signing.panels, ("Dana", "Ilir"), strict=True):
        saved(table.fill("05", panel, name=name))
    assert "void, for something" not in words_of(signing)
    assert "signature_out_of_date" not in codes(step)


def test_alone_the_page_says_that_the_persona_signed_along(player):
    saved(player.fill("00", player.open("00").who(), mode="product"))
    signing = player.open("05").sign()
    (panel,) = signing.panels
    assert "a recorded persona" not in words_of(signing)
    saved(player.fill("05", panel, name="Mira"))
    assert "Mira (product)" in words_of(signing)
    assert "Ilir (engineering, a recorded persona)" in words_of(signing)


def test_the_page_ends_with_who_does_what_and_who_signed(table):
    step = table.open("05")
    saved(table.fill("05", step.actions(), action_1="label - Ilir - 2027-01"))
    sign(table, step, "Dana", "Ilir")
    page = Page(step.section().html).text
    order = ("Who decides", "What is still open", "What we do next", "Signed")
    places = [page.rindex(words) for words in order]
    assert places == sorted(places)
    assert "not cryptography" in page[places[-1] :]
    assert "label" in page[places[-2] : places[-1]]
