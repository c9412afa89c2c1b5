"""Two people talk about opened bets in two browsers, and neither's words are lost."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances

import workshop
from tests.helpers import SHIPPED
from tests.steps.conftest import saved
from workshop.record.bets import BetRound, Bets, SecondLook
from workshop.record.choices import Participants, Person, Record
from workshop.record.file import RecordFile, read_record
from workshop.steps.talking import with_looks

EXAMPLE = Path(__file__).parents[2] / "datasets" / SHIPPED / "example-record.yaml"


@pytest.fixture
def file(player) -> RecordFile:
    """A record whose bets are open, and nobody has talked about them yet."""
    file = RecordFile(player.home / "record.yaml")
    return created(file)


def created(file: RecordFile, **changes: Any) -> RecordFile:
    record = read_record(EXAMPLE.read_text("utf-8"), file=EXAMPLE)
    assert record.bets is not None
    bets = record.bets.model_copy(update={"rounds": ()})
    fresh = {"bets": bets, "pulse": None, "signatures": {}, "revision": 1}
    file.create(record.model_copy(update=fresh | changes), force=True)
    return file


def opened(file: RecordFile, number: str = "01", *, interactive: bool = True) -> Any:
    return workshop.open_step(number, record=str(file.path), interactive=interactive)


def look(panel: Any, tolerable: str, ratio: str) -> str:
    panel.fill({"tolerable_error": tolerable, "ratio": ratio})
    panel.buttons["save"].click()
    return panel.message.value


def feel(panel: Any, worry: str) -> str:
    panel.fill({"worry": worry})
    panel.buttons["save"].click()
    return panel.message.value


def rounds(file: RecordFile) -> tuple[BetRound, ...]:
    return (file.read().bets or Bets()).rounds


# --- the second look -----------------------------------------------------------------


def test_two_browsers_keep_both_second_looks(file):
    product, engineering = (opened(file).second_look() for _ in range(2))
    saved(look(product.panels[0], "25", "1"))
    saved(look(engineering.panels[1], "20", "0.5"))
    ((round_),) = rounds(file)
    assert round_.product == SecondLook(tolerable_error=0.25, ratio=1)
    assert round_.engineering == SecondLook(tolerable_error=0.2, ratio=0.5)
    assert round_.at


def test_a_save_that_slips_in_between_is_read_again_and_kept(file, monkeypatch):
    one, other = opened(file), opened(file)
    mine, theirs = one.second_look().panels[0], other.second_look().panels[1]
    save_many, slipped = one.target.file.save_many, []

    def slow(*args: Any, **kwargs: Any) -> Record:
        if not slipped:
            slipped.append(look(theirs, "20", "0.5"))
        return save_many(*args, **kwargs)

    monkeypatch.setattr(one.target.file, "save_many", slow)
    saved(look(mine, "25", "1"))
    saved(slipped[0])
    ((round_),) = rounds(file)
    assert round_.product is not None
    assert round_.engineering is not None


def test_saving_at_the_same_moment_keeps_both(file):
    steps = [opened(file), opened(file)]
    panels = [steps[i].second_look().panels[i] for i in range(2)]
    at_once = threading.Barrier(2)

    def press(panel: Any) -> None:
        at_once.wait()
        look(panel, "25", "1")

    threads = [threading.Thread(target=press, args=(panel,)) for panel in panels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((round_),) = rounds(file)
    assert None not in (round_.product, round_.engineering)


def test_saving_a_second_look_takes_nothing_else_along(file):
    """A page that shows an older framing still meets the conflict afterwards."""
    here, there = opened(file), opened(file)
    there.save_framing(counts_as_wrong="A clause that misleads.")
    saved(look(here.second_look().panels[0], "25", "1"))
    assert file.read().framing.counts_as_wrong == "A clause that misleads."


def test_looking_a_third_time_changes_ones_own_look_only(file):
    panel = opened(file).second_look()
    saved(look(panel.panels[0], "25", "1"))
    saved(look(panel.panels[1], "20", "0.5"))
    saved(look(panel.panels[0], "22", "1"))
    ((round_),) = rounds(file)
    assert round_.product == SecondLook(tolerable_error=0.22, ratio=1)
    assert round_.engineering == SecondLook(tolerable_error=0.2, ratio=0.5)


def test_what_one_types_stays_while_the_other_saves(file):
    panel = opened(file).second_look()
    panel.panels[1].fill({"tolerable_error": "19"})
    saved(look(panel.panels[0], "25", "1"))
    assert panel.panels[1].controls["tolerable_error"].value == "19"


def test_nothing_is_asked_again_before_the_bets_are_open(file):
    created(file, bets=None)
    step = opened(file)
    panel = step.second_look()
    assert panel.panels == ()
    assert "once the bets are open" in panel._words.value
    record = read_record(EXAMPLE.read_text("utf-8"), file=EXAMPLE)
    step.save({"bets": record.bets}, "opened the bets")
    assert len(panel.panels) == 2


def test_bets_that_were_closed_again_take_no_second_look(file):
    panel = opened(file).second_look().panels[0]
    created(file, bets=Bets())
    assert "open" in look(panel, "25", "1")
    assert rounds(file) == ()


def test_alone_the_personas_second_look_comes_along(file):
    alone = Participants(
        product=(Person(name="Kim"),), engineering=(Person(name="Ilir", persona=True),)
    )
    created(file, participants=alone)
    step = opened(file)
    (panel,) = step.second_look().panels
    saved(look(panel, "25", "1"))
    ((round_),) = rounds(file)
    assert round_.engineering == step.scenario.personas.engineering.second
    saved(look(panel, "22", "1"))
    assert rounds(file)[0].engineering == round_.engineering


def test_later_rounds_stay_where_they_are():
    later = BetRound(at="later", product=SecondLook(tolerable_error=0.1, ratio=1))
    bets = Bets(rounds=(BetRound(at="first"), later))
    mine = SecondLook(tolerable_error=0.2, ratio=2)
    first, second = with_looks(bets, {"engineering": mine}, at="now").rounds
    assert (first.at, first.engineering, first.product) == ("first", mine, None)
    assert second == later


# --- the pulse -----------------------------------------------------------------------


def test_each_half_says_at_the_start_and_at_the_end(file):
    start, end = opened(file, "00"), opened(file, "05")
    before, after = start.pulse("start").panels, end.pulse("end").panels
    saved(feel(before[0], "2"))
    saved(feel(after[1], "4"))
    saved(feel(before[1], "3"))
    saved(feel(after[0], "5"))
    pulse = file.read().pulse
    assert (pulse.start.product, pulse.start.engineering) == (2, 3)
    assert (pulse.end.product, pulse.end.engineering) == (5, 4)


def test_two_browsers_keep_both_pulses(file):
    one, other = (opened(file, "00").pulse("start").panels for _ in range(2))
    saved(feel(one[0], "1"))
    saved(feel(other[1], "5"))
    pulse = file.read().pulse.start
    assert (pulse.product, pulse.engineering) == (1, 5)


def test_a_persona_is_not_asked(file):
    alone = Participants(
        product=(Person(name="Dana", persona=True),), engineering=(Person(name="Kim"),)
    )
    created(file, participants=alone)
    (panel,) = opened(file, "00").pulse("start").panels
    saved(feel(panel, "3"))
    assert file.read().pulse.start.product is None


# --- the board -----------------------------------------------------------------------


def test_the_board_stands_once_the_bets_are_open(file):
    shown = opened(file).board().html
    assert "Discuss first" in shown
    assert "data-id=error.all" in shown
    created(file, bets=None)
    assert "not opened yet" in opened(file).board().html


def test_a_report_shows_what_was_said_and_makes_no_widget(file):
    panel = opened(file).second_look()
    saved(look(panel.panels[0], "25", "1"))
    saved(look(panel.panels[1], "20", "0.5"))
    saved(feel(opened(file, "00").pulse("start").panels[0], "2"))
    w.Widget.close_all()
    step = opened(file, interactive=False)
    start = opened(file, "00", interactive=False)
    assert "gap closed" in step.second_look().html
    assert "of 5 at the start" in start.pulse("start").html
    assert "What talking changed" in step.board().html
    assert _instances == {}
