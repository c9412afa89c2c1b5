"""05 at the panel: what is said outside is drafted, edited, signed, and then held."""

from __future__ import annotations

import pytest

import workshop
from tests.helpers import SHIPPED, Page
from tests.steps.conftest import Player, saved, words_of
from workshop.record.agreed import Outside, Statement
from workshop.record.values import Count, Policy

DRAFTED = "Drafted from the record"


@pytest.fixture
def table(played_to) -> Player:
    """A player with people, bets, a framing and a line behind it."""
    return played_to("start", "framing", "line")


def keep(player: Player, **edits: str) -> Outside:
    """Edit the panel's lines, save, and return what stands in the file."""
    panel = player.open("05").outside()
    for name, text in edits.items():
        panel.controls[name].value = text
    assert panel.save()
    kept = player.said().agreement.outside
    assert kept is not None
    return kept


def codes(step) -> list[str]:
    return [gap.code for gap in step.gaps]


def test_the_draft_is_offered_and_kept_with_what_it_rests_on(table):
    step = table.open("05")
    panel = step.outside()
    assert DRAFTED in words_of(panel)
    assert step.outside_json()["state"] == "drafted"
    kept = keep(table)
    assert step.outside_json()["state"] == "edited"
    assert panel.lists.may_say[0].says == kept.may_say[0].says
    (error,) = (s for s in kept.not_yet if s.about == "error")
    seen = table.said().threshold.seen.figures
    assert error.seen.figures == {
        "error_among_answered": seen["error_among_answered"],
    }
    assert error.seen.data == step.evidence.digest


def test_nothing_is_asked_and_a_record_without_statements_has_no_gap(table):
    step = table.open("05")
    assert step.outside().required == 0
    assert not [code for code in codes(step) if code.startswith("statement")]


def test_the_panel_follows_what_is_said_on_the_same_page(table):
    step = table.open("05")
    panel = step.outside()
    assert "2027-03" not in " ".join(one.says for one in panel.lists.may_say)
    saved(table.fill("05", step.escalation(), retrospective="2027-03"))
    assert "2027-03" in " ".join(one.says for one in panel.lists.may_say)


def test_a_word_changed_after_signing_voids_both_signatures(played_to):
    table = played_to("start", "framing", "line", "option")
    keep(table)
    table.agreement()
    step = table.open("05")
    assert step.outside_json()["state"] == "signed"
    assert "Signed by" in Page(step.outside_blocks()[-1].html).text
    keep(table, line_1="We promise nothing.")
    step = table.open("05")
    assert step.outside_json()["state"] == "out_of_date"
    assert codes(step).count("signature_out_of_date") == 2


def test_figures_that_moved_since_are_a_gap_with_the_sentence(table):
    kept = keep(table, line_1="That about 3 of 10 are wrong.")
    agreement = table.said().agreement
    moved = tuple(
        one.model_copy(
            update={
                "seen": one.seen.model_copy(
                    update={"figures": {"error_among_answered": Count(k=1, n=2)}}
                )
            }
        )
        if one.about == "error"
        else one
        for one in kept.not_yet
    )
    table.open("05").save_agreement(
        outside=agreement.outside.model_copy(update={"not_yet": moved})
    )
    step = table.open("05")
    (gap,) = (gap for gap in step.gaps if gap.code == "statement_moved")
    assert gap.kind == "moved"
    assert (gap.given["then_k"], gap.given["then_n"]) == (1, 2)
    assert gap.given["says"] in Page(step.section().html).text
    assert step.outside().save(), "whoever reads it again and keeps it has seen it"
    assert "statement_moved" not in codes(table.open("05"))


def test_a_promise_that_the_rows_do_not_carry_is_a_gap_once_it_may_be_said(table):
    panel = table.open("05").outside()
    place = next(
        name
        for name, control in panel.controls.items()
        if control.value.startswith("That of every 100")
    )
    panel.buttons[place.replace("line", "move")].click()
    panel.controls[place].value = "At most 3 of 10 are wrong."
    assert panel.save()
    step = table.open("05")
    (gap,) = (gap for gap in step.gaps if gap.code == "statement_not_carried")
    assert gap.given == {"says": "At most 3 of 10 are wrong."}
    # acting on no one answers nothing, and a line of one's own is one's own
    own = Outside(may_say=(Statement(says="At most 3 of 10 are wrong."),))
    step.save_agreement(outside=own)
    assert "statement_not_carried" not in codes(table.open("05"))


def test_no_figure_is_in_the_draft_before_both_bets_are_sealed(player):
    player.record = ""
    step = player.open("05")
    panel = step.outside()
    said = (*panel.lists.may_say, *panel.lists.not_yet)
    assert not [one.about for one in said if one.about in ("error", "sources")]
    assert not any(char.isdigit() for one in said for char in one.says)


def test_two_windows_keep_each_others_words(table):
    first, second = table.open("05"), table.open("05")
    here, there = first.outside(), second.rights()
    saved(table.fill("05", there))
    here.controls["line_1"].value = "Our aim is in the plan."
    assert here.save()
    assert table.said().agreement.decides
    assert table.said().agreement.outside.may_say[0].says == "Our aim is in the plan."


def test_the_same_lines_changed_elsewhere_are_a_conflict_said_once(table):
    here, there = (table.open("05").outside() for _ in range(2))
    here.controls["line_1"].value = "mine"
    there.controls["line_1"].value = "theirs"
    assert there.save()
    assert not here.save()
    assert "cgp-bad" in here.message.value
    assert here.controls["line_1"].value == "mine"
    assert here.save(), "whoever saves again means it"
    assert table.said().agreement.outside.may_say[0].says == "mine"


# on the page -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("privacy-assistant", "signed"),
        ("deposit-calls", "signed"),
        ("flight-disruptions", "drafted"),
    ],
)
def test_the_shipped_pairs_say_it_on_the_page_of_05_and_once(name, state):
    step = workshop.open_step("05", record=name, interactive=False)
    recap, handed_on = step.recap(), step.section()
    assert recap.to_json()["outside"]["state"] == state
    first = recap.to_json()["outside"]["may_say"][0]["says"]
    assert Page(recap.html).text.count(first) == 1
    assert first not in Page(handed_on.html).text, "a report's first screen says it"
    assert first in Page(step.outside().html).text
    assert recap.numbers, "two numbers of one id would have raised"


def test_a_shipped_example_is_read_only(player):
    player.record = SHIPPED
    panel = player.open("05").outside()
    assert not panel.save()
    assert panel.buttons["save"].disabled
    assert "cgp-banner" in words_html(panel)


def words_html(panel) -> str:
    return "".join(getattr(part, "value", "") for part in panel.body.children)


def test_a_failed_step_is_shown_as_failed_and_nothing_is_put_before_it(table):
    step = workshop.open_step("05", record=str(table.file.path), interactive=False)
    step._recap = lambda: 1 / 0
    assert step.recap().status == "failed"


@pytest.mark.parametrize(
    "policy",
    [
        Policy(kind="all"),
        Policy(kind="none"),
        Policy(kind="random", volume=0.5),
        Policy(kind="today"),
        Policy(kind="review_band", act_at=0.6, review_at=0.4),
    ],
)
def test_every_kind_of_policy_has_its_draft(table, policy):
    threshold = table.said().threshold.model_copy(update={"policy": policy})
    table.open("05").save({"threshold": threshold}, "another policy")
    step = table.open("05")
    assert step.outside_blocks()
    assert step.outside_json()["not_yet"]
