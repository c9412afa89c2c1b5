"""Each field has a class of its own, and one more while it is changed and not saved."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets as w
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _instances

import workshop
from tests.helpers import SHIPPED
from workshop.data.catalog import find_scenario, shipped
from workshop.record.bets import SEATS
from workshop.record.file import RecordFile
from workshop.views.panels import drafts
from workshop.views.panels.bet import bet_panel
from workshop.views.panels.drafts import Draft
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.hand_over import Chair, HandOver
from workshop.views.panels.own_bet import OwnBet

PAGES = sorted(shipped("notebooks").glob("0[0-6]_*.ipynb"))
BET = {
    "tolerable_error": "17",
    "expected": "5 13 20",
    "ratio": "2",
    "fallback": "not_sure",
    "owner": "product",
}


@pytest.fixture(autouse=True)
def _no_widgets() -> Iterator[None]:
    w.Widget.close_all()
    yield
    w.Widget.close_all()


def classes(control: Any, start: str) -> list[str]:
    return [name for name in control._dom_classes if name.startswith(start)]


def is_unsaved(control: Any) -> bool:
    return drafts.UNSAVED in control._dom_classes


def form(**given: Any) -> Form:
    asked = {"values": {"counts_as_wrong": "theirs"}, "build": dict} | given
    on_save = asked.pop("on_save", lambda built: "saved")
    return Form("line", [Field("counts_as_wrong", "prose")], on_save=on_save, **asked)


def calls(file: Path) -> Iterator[tuple[str, list[Any]]]:
    """Yield what a notebook asks of its step."""
    for cell in nbformat.read(file, as_version=4).cells:
        if cell.cell_type != "code" or "open_step" in cell.source:
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node.func.attr, [ast.literal_eval(arg) for arg in node.args]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_each_field_of_a_page_has_a_class_of_its_own(file, tmp_path):
    scenario = find_scenario(SHIPPED)
    example = RecordFile(scenario.folder / "example-record.yaml").read()
    own = RecordFile(tmp_path / "record.yaml")
    own.create(example.model_copy(update={"bets": None}))
    step = workshop.open_step(file.stem[:2], record=str(own.path), interactive=True)
    shown = [getattr(step, name)(*args) for name, args in calls(file)]
    assert shown
    typed = (w.Text, w.Textarea, w.Dropdown, w.RadioButtons, w.Checkbox)
    controls = [one for one in _instances.values() if isinstance(one, typed)]
    found = Counter(name for one in controls for name in classes(one, drafts.FIELD))
    assert [name for name, times in found.items() if times > 1] == []
    assert not [name for name in found if not name.isascii() or " " in name]


def test_a_field_is_marked_from_the_first_letter_until_it_is_saved():
    panel = form()
    control = panel.controls["counts_as_wrong"]
    assert classes(control, drafts.FIELD) == ["cg-field-line-counts_as_wrong"]
    assert "cg-form-line" in panel.body._dom_classes
    assert not is_unsaved(control)
    control.value = "ours"
    assert is_unsaved(control)
    assert panel.save()
    assert not is_unsaved(control)


def test_a_field_that_says_the_same_again_is_not_marked():
    control = form().controls["counts_as_wrong"]
    control.value = "ours"
    control.value = "theirs"
    assert not is_unsaved(control)


def test_a_form_that_empties_itself_marks_nothing():
    panel = form(values={}, clear_after=True)
    panel.controls["counts_as_wrong"].value = "one line"
    assert panel.save()
    assert panel.controls["counts_as_wrong"].value == ""
    assert not is_unsaved(panel.controls["counts_as_wrong"])


def test_what_somebody_else_saved_leaves_the_own_words_marked_until_they_are_left():
    panel = form()
    row = panel.rows["counts_as_wrong"]
    row.control.value = "ours"
    panel.follow({"counts_as_wrong": "theirs anew"}, "Ilir")
    assert is_unsaved(row.control)
    row.taking.click()
    assert not is_unsaved(row.control)


def test_forms_of_one_panel_are_told_apart_by_what_they_are_about():
    ids = [form(given={"name": name}).id for name in ("Dana", "Ilir", "Dana")]
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]


@given(
    given_one=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    given_other=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)
def test_a_forms_name_follows_from_what_it_is_given(given_one, given_other):
    one, other = (drafts.form_id("sign", g) for g in (given_one, given_other))
    assert (one == other) == (given_one == given_other)
    assert " " not in one


def test_a_tick_is_marked_like_a_field():
    box = w.Checkbox(value=False)
    draft = Draft(box, "register", "a key with spaces")
    assert len(classes(box, drafts.FIELD)) == 1
    assert " " not in classes(box, drafts.FIELD)[0]
    box.value = True
    assert is_unsaved(box)
    draft.keep()
    assert not is_unsaved(box)


# --- bets ---------------------------------------------------------------------------


@pytest.mark.parametrize("seat", SEATS)
def test_a_bet_belongs_to_a_seat_whatever_the_name(seat):
    ids = {
        bet_panel(name, on_save=lambda bet: "", seat=seat).id for name in ("Dana", "D")
    }
    assert ids == {f"bet-{seat}"}


def test_a_sealed_bet_says_so_on_its_page_and_marks_nothing():
    state = ["to_bet"]

    def seal(bet: Any) -> str:
        state[0] = "sealed"
        return "sealed"

    panel = OwnBet(
        "product",
        lambda: [Chair("product", "Dana", state[0])],
        line=str,
        on_seal=seal,
        on_again=str,
    )
    assert not classes(panel.body, drafts.SEALED)
    panel.form.fill(BET)
    controls = dict(panel.controls)
    assert all(is_unsaved(controls[key]) for key in BET)
    panel.form.save()
    assert classes(panel.body, drafts.SEALED) == ["cg-sealed-bet-product"]
    assert not any(is_unsaved(control) for control in controls.values())


def test_a_bet_that_is_only_held_is_still_a_draft_until_its_word_is_picked():
    states = {"product": "to_bet", "engineering": "to_bet"}

    def seal(seat: str, bet: Any, word: str) -> str:
        states[seat] = "sealed"
        return "sealed"

    panel = HandOver(
        lambda: [Chair(seat, seat, state) for seat, state in states.items()],
        line=str,
        on_seal=seal,
        on_again=str,
    )
    panel.buttons["product"].click()
    panel.form.fill(BET)
    controls = dict(panel.form.controls)
    panel.form.save()
    assert all(is_unsaved(controls[key]) for key in BET)
    panel.controls["word"].value = "a word"
    assert not classes(panel.controls["word"], drafts.FIELD)
    panel.buttons["seal"].click()
    assert not any(is_unsaved(control) for control in controls.values())
    assert classes(panel.body, drafts.SEALED) == ["cg-sealed-bet-product"]


def test_going_back_leaves_no_draft_for_whoever_sits_down_next():
    chairs = [Chair("product", "Dana"), Chair("engineering", "Ilir")]
    panel = HandOver(
        lambda: chairs, line=str, on_seal=lambda *_: "", on_again=lambda _: ""
    )
    panel.buttons["product"].click()
    panel.form.fill(BET)
    controls = dict(panel.form.controls)
    panel.buttons["back"].click()
    assert not any(is_unsaved(control) for control in controls.values())
