"""Two lists of lines: reworded, moved, left out, added to, and kept as they stand."""

from __future__ import annotations

import ipywidgets as w
import pytest

from tests.views.panels.conftest import DRAFTED
from workshop.errors import ConflictError
from workshop.record.agreed import OWN, Outside, Statement


def told(notes) -> list[Outside]:
    return [lists for (lists,) in notes.of("save")]


def says(lists: Outside) -> tuple[list[str], list[str]]:
    return [one.says for one in lists.may_say], [one.says for one in lists.not_yet]


def on_page(panel, side: str) -> list[str]:
    """Return the lines that stand in one of the two columns."""
    return [
        part.value
        for field in panel._sides[side].children
        for part in field.children
        if isinstance(part, w.Textarea)
    ]


def test_the_draft_stands_there_and_is_kept_as_it_is(make, notes, page):
    panel = make("outside")
    assert panel.required == 0
    assert panel.optional
    assert on_page(panel, "may") == ["fewer hours, which is an aim"]
    assert on_page(panel, "not") == ["at most 3 of 10 are wrong", "what it is worth"]
    panel.buttons["save"].click()
    assert told(notes) == [DRAFTED]
    assert "Your lines are kept." in page(panel)


@pytest.mark.parametrize("line", ["1", "2", "3"])
def test_a_line_can_be_reworded_and_keeps_what_it_is_about(make, notes, line):
    panel = make("outside")
    panel.controls[f"line_{line}"].value = "  in other words\n"
    panel.buttons["save"].click()
    (kept,) = told(notes)
    before = [*DRAFTED.may_say, *DRAFTED.not_yet]
    now = [*kept.may_say, *kept.not_yet]
    changed = int(line) - 1
    assert now[changed].says == "in other words"
    assert [one.about for one in now] == [one.about for one in before]
    assert [n for i, n in enumerate(now) if i != changed] == [
        n for i, n in enumerate(before) if i != changed
    ]


def test_a_line_moves_to_the_other_side_and_back(make):
    file = [DRAFTED]
    panel = make(
        "outside",
        args=(lambda: file[-1], lambda: DRAFTED),
        on_save=lambda lists: file.append(lists),
    )
    panel.buttons["move_2"].click()
    panel.buttons["move_1"].click()
    panel.buttons["save"].click()
    panel.buttons["move_2"].click()
    panel.buttons["save"].click()
    _, first, second = map(says, file)
    assert first == (
        ["at most 3 of 10 are wrong"],
        ["what it is worth", "fewer hours, which is an aim"],
    )
    assert second == ([], [*first[1], *first[0]])


def test_a_moved_line_is_called_after_its_new_side(make):
    panel = make("outside")
    line, move = panel.controls["line_3"], panel.buttons["move_3"]
    assert (line.description, move.description) == (
        "Not yet, 2",
        "Move to “We may say”",
    )
    move.click()
    assert line.description == "We may say, 2"
    assert move.description == "Move to “Not yet”"
    assert move.tooltip == "Move to “Not yet”: We may say, 2"
    assert panel.buttons["remove_3"].tooltip == "Leave out: We may say, 2"


@pytest.mark.parametrize("line", ["1", "2", "3"])
def test_a_line_can_be_left_out(make, notes, line):
    panel = make("outside")
    panel.buttons[f"remove_{line}"].click()
    panel.buttons["save"].click()
    (kept,) = told(notes)
    assert len(kept.may_say) + len(kept.not_yet) == 2
    gone = [*DRAFTED.may_say, *DRAFTED.not_yet][int(line) - 1]
    assert gone not in (*kept.may_say, *kept.not_yet)


@pytest.mark.parametrize("side", ["may", "not"])
def test_a_line_of_ones_own_joins_the_side_that_was_meant(make, notes, side):
    panel = make("outside")
    panel.controls["own"].value = "ask us in spring"
    panel.buttons[f"add_{side}"].click()
    assert panel.controls["own"].value == ""
    assert on_page(panel, side)[-1] == "ask us in spring"
    panel.buttons["save"].click()
    (kept,) = told(notes)
    last = (kept.may_say if side == "may" else kept.not_yet)[-1]
    assert last == Statement(about=OWN, says="ask us in spring")


def test_a_line_without_words_is_not_added_and_one_that_lost_them_not_kept(
    make, notes, page
):
    panel = make("outside")
    panel.buttons["add_may"].click()
    assert "Please write the line first." in page(panel)
    panel.controls["line_1"].value = "  "
    panel.buttons["save"].click()
    (kept,) = told(notes)
    assert kept.may_say == ()


def test_back_to_the_draft_undoes_every_edit_and_keeps_nothing_yet(make, notes, page):
    panel = make("outside")
    panel.controls["line_1"].value = "we promise everything"
    panel.buttons["remove_2"].click()
    panel.buttons["draft"].click()
    assert panel.lists == DRAFTED
    assert notes.of("save") == []
    assert "as it follows from the record now" in page(panel)


def test_it_follows_the_record_until_somebody_changes_a_line(make):
    now = [DRAFTED]
    panel = make("outside", args=(lambda: now[0], lambda: DRAFTED))
    now[0] = Outside(may_say=(Statement(about="look", says="again in March"),))
    panel.refresh()
    assert panel.lists == now[0]
    assert set(panel.controls) == {"own", "line_1"}, "the lines before are gone"
    panel.controls["line_1"].value = "again in spring"
    now[0] = DRAFTED
    panel.refresh()
    assert says(panel.lists) == (["again in spring"], [])


THEIRS = Outside(may_say=(Statement(about="look", says="again in March"),))


def test_what_the_partner_kept_is_offered_where_a_line_was_changed_here(make, page):
    now = [DRAFTED]
    panel = make("outside", args=(lambda: now[0], lambda: DRAFTED))
    panel.controls["line_1"].value = "in my words"
    now[0] = THEIRS
    panel.follow({"lists": THEIRS}, "Ilir")
    panel.refresh()
    assert "Ilir kept other lines meanwhile." in page(panel)
    assert "in my words" in on_page(panel, "may")
    panel.buttons["take"].click()
    assert panel.lists == THEIRS
    assert "Ilir kept" not in page(panel)
    assert "take" not in panel.buttons


def test_keeping_ones_own_lines_ends_the_offer(make, notes, page):
    panel = make("outside")
    panel.controls["line_1"].value = "in my words"
    panel.follow({"lists": THEIRS}, "Ilir")
    panel.buttons["save"].click()
    assert len(told(notes)) == 1
    assert "Ilir kept" not in page(panel)


def test_nothing_is_offered_where_nothing_was_changed_or_kept(make, page):
    panel = make("outside")
    panel.follow({"lists": THEIRS}, "Ilir")
    panel.controls["line_1"].value = "in my words"
    panel.follow({"lists": None}, "Ilir")
    panel.follow({"lists": panel.lists}, "Ilir")
    assert "Ilir kept" not in page(panel)


def test_what_a_line_rests_on_is_no_reason_to_show_it_anew(make):
    now = [DRAFTED]
    panel = make("outside", args=(lambda: now[0], lambda: DRAFTED))
    line = panel.controls["line_1"]
    seen = {"seen": {"coverage": {"k": 1, "n": 2}}}
    now[0] = Outside.model_validate(
        {"may_say": [DRAFTED.may_say[0].model_dump() | seen]}
        | {"not_yet": [one.model_dump() for one in DRAFTED.not_yet]}
    )
    panel.refresh()
    assert panel.controls["line_1"] is line


def test_it_says_how_far_the_lines_are(make, page):
    state = ["<b>drafted</b>"]
    panel = make("outside", telling=lambda: state[0])
    assert "drafted" in page(panel)
    state[0] = "signed by both"
    panel.refresh()
    assert "signed by both" in page(panel)


@pytest.mark.parametrize("error", [ConflictError("<i>changed</i>"), OSError()])
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    make, notes, page, error
):
    panel = make("outside")
    panel.controls["line_1"].value = "mine"
    notes.error = error
    assert not panel.save()
    assert "cgp-bad" in panel.message.value
    assert "<i>" not in page(panel)
    assert says(panel.lists)[0] == ["mine"]


def test_a_read_only_record_keeps_nothing_and_says_so(make, notes, page):
    panel = make("outside", read_only="the shipped <example>")
    assert "the shipped &lt;example&gt;" in page(panel)
    assert all(button.disabled for button in panel.buttons.values())
    assert all(control.disabled for control in panel.controls.values())
    assert not panel.save()
    assert notes.of("save") == []


def test_what_a_person_typed_is_shown_as_text(make, notes, page, hostile):
    panel = make("outside")
    panel.controls["own"].value = hostile
    panel.buttons["add_not"].click()
    panel.buttons["save"].click()
    assert "<script>" not in page(panel)
    assert told(notes)[0].not_yet[-1].says == hostile


def test_every_line_can_be_reached_by_its_label_and_by_keys(make, walk):
    panel = make("outside")
    for part in walk(panel.widget):
        if isinstance(part, w.Textarea | w.Button):
            assert part.description
            assert part.tabbable is not False
