"""A pair that comes late borrows what it skipped, and still reaches its signatures."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

from tests.helpers import THAT_DAY
from tests.record.room_server import SEATS, room
from tests.steps.conftest import words_of
from workshop.analysis.compared import compare_records
from workshop.data.catalog import Target, example_of, find_scenario
from workshop.record.choices import Participants, Person, Record
from workshop.record.file import RecordFile
from workshop.record.values import ROLES
from workshop.record.wire import RoomFile
from workshop.steps import STEPS
from workshop.steps.given import Given
from workshop.steps.whole import Whole
from workshop.views.wording import phrase

SCENARIOS = ("flight-disruptions", "privacy-assistant", "deposit-calls")
LENT = ("01", "02", "03", "04")
NAMES = {"product": "Dana", "engineering": "Ilir"}
PEOPLE = Participants(
    product=(Person(name="Dana"),), engineering=(Person(name="Ilir"),)
)


@pytest.fixture(scope="module", params=SCENARIOS)
def given(request: pytest.FixtureRequest) -> Given:
    return Given(find_scenario(request.param))


@pytest.fixture
def file(tmp_path: Path, given: Given) -> RecordFile:
    kept = RecordFile(tmp_path / "record.yaml", bets=tmp_path / "bets")
    kept.create(Record(scenario=given.scenario.id, participants=PEOPLE))
    return kept


@pytest.fixture
def page(file: RecordFile, given: Given, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
    monkeypatch.setattr("workshop.record.wire.FRESH", 0.0)
    w.Widget.close_all()
    with room(file, lambda: given.example) as url:

        def opened(number: str, seat: str | None = "product") -> Any:
            module, name = STEPS[number]
            step = getattr(import_module(f"workshop.steps.{module}"), name)
            token = next(token for token, of in SEATS.items() if of == seat)
            target = Target(given.scenario, RoomFile(url, token))
            return step(target, interactive=True, given=given)

        yield opened
    w.Widget.close_all()


def borrow(panel: Any) -> None:
    panel.buttons["borrow"].click()
    panel.buttons["yes"].click()


def hidden(part: Any) -> bool:
    return part.layout.display == "none"


@pytest.mark.slow
def test_a_late_pair_borrows_four_steps_and_signs_its_own_agreement(page, file, given):
    for number in LENT:
        borrow(page(number).borrow())
    for seat in ROLES:
        page("05", seat)._sign(seat, NAMES[seat])
    record = file.read()
    assert set(record.signatures) == set(ROLES)
    assert record.agreement is None
    lines = [line.decided for line in record.log][:4]
    assert lines == [f"borrowed step {number} from the example" for number in LENT]
    assert {line.who for line in record.log[:4]} == {"Dana"}

    whole = Whole(Target(given.scenario, file), interactive=False, given=given)
    recap = whole.section()
    assert recap.extra["borrowed"] == list(LENT)
    first = recap.blocks[0].said.text
    assert first.startswith("Borrowed from the example, not decided by this pair")
    assert all(f"{number} “" in first for number in LENT)
    for name in ("framing", "data_readiness", "threshold", "user_impact"):
        part = whole.part(name)
        assert part.status != "ok"
        assert part.blocks[0].said.text.startswith("Borrowed from the example: ")
    kinds = [gap.kind for gap in whole.gaps()]
    assert kinds.count("borrowed") == len(LENT)
    assert "signature_out_of_date" not in [gap.code for gap in whole.gaps()]


def test_the_panel_asks_once_more_and_says_what_stands_there_then(page, file):
    panel = page("03").borrow()
    assert not hidden(panel._open)
    panel.buttons["borrow"].click()
    assert not hidden(panel._sure)
    panel.buttons["no"].click()
    assert hidden(panel._sure)
    assert file.read().threshold is None
    borrow(panel)
    assert hidden(panel._open)
    assert phrase("borrowed.stands") in words_of(panel)
    panel.buttons["give_back"].click()
    assert file.read().threshold is None
    assert file.read().borrowed == ()
    assert not hidden(panel._open)


def test_ones_own_takes_the_mark_away_and_the_panel_goes(page, file):
    step = page("01", "engineering")
    panel, outcome = step.borrow(), step.outcome()
    borrow(panel)
    assert outcome.controls["measure"].value == file.read().framing.outcome.measure
    outcome.controls["measure"].value = "Hours of agents a week on wrong answers"
    assert outcome.save()
    assert "framing.outcome" not in file.read().borrowed
    assert "framing.questions" in file.read().borrowed
    step.save_framing(harmed="nobody in particular")
    step.save_framing(ratio=7.5)
    assert file.read().borrowed == ()
    panel.refresh()
    assert hidden(panel.widget)


def test_what_the_partner_borrowed_appears_here(page):
    mine, theirs = page("04", "product"), page("04", "engineering")
    panel = mine.borrow()
    borrow(theirs.borrow())
    mine.catch_up()
    assert not hidden(panel._borrowed)


@pytest.mark.slow
def test_an_example_lends_nothing_to_itself(given):
    file = RecordFile(given.scenario.folder / "example-record.yaml", read_only=True)
    module, name = STEPS["03"]
    step = getattr(import_module(f"workshop.steps.{module}"), name)
    target = Target(given.scenario, file)
    panel = step(target, interactive=True, given=given).borrow()
    assert hidden(panel.widget)
    still = step(target, interactive=False, given=given)
    assert still.borrow().blocks == ()
    assert "borrowed" not in json.dumps(sorted(still.section().extra))


def test_pairs_that_borrowed_the_same_do_not_agree(page, file, given):
    for number in LENT:
        borrow(page(number).borrow())
    lent, example = file.read(), example_of(given.scenario)
    two = compare_records([lent, lent], labels=["a", "b"])
    assert "threshold" not in {choice.id for choice in two.alike}
    mixed = compare_records([lent, example], labels=["a", "b"])
    threshold = next(c for c in mixed.choices if c.id == "threshold")
    assert threshold.values[0].state == "borrowed"
    assert not threshold.same
