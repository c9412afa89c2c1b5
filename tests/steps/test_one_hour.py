"""The sheet of one hour leaves much out, and a pair still signs at its end.

Two people do what that sheet tells them to and nothing more: three cases, the outcome
and the bets, one line, the clauses as proposed; the rest is borrowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ipywidgets as w
import pytest

from tests.helpers import THAT_DAY
from tests.steps.answers import Pair, clauses_typed
from tests.steps.conftest import saved
from workshop.record.borrowed import steps_borrowed
from workshop.record.values import ROLES
from workshop.room.sheet import run_sheet

THREE = 3
DISPUTE_THE_LINE = {
    "seen_error_above_acceptable",
    "threshold_misses_expectation",
    "unknown_option",
    "option_breaks_limit",
    "model_floor_missed",
}


@dataclass
class ShortPair(Pair):
    """A pair that has an hour."""

    def _judge(self, step) -> None:
        (cases,) = step.cases().panels
        for case in step.scenario.cases[:THREE]:
            for role in step.roles_here:
                word = getattr(self.example.cases, role)[case]
                cases.buttons[f"{role}.{word}"].click()
            cases.buttons["next"].click()

    def _feel(self, step, moment: str) -> None:
        """Nobody asks in an hour."""

    def framing(self) -> None:
        """State the outcome, open the bets, borrow the rest."""
        step, said = self.open("01"), self.framed
        outcome = said.outcome.model_dump(by_alias=True)
        numbers = {part: f"{outcome[part]:g}" for part in ("from", "to")}
        asked = {**outcome, **numbers, "kind": said.kind}
        saved(self.fill("01", step.outcome(), **asked))
        self.ready(step)
        borrow(step)

    def data(self) -> None:
        """Borrow."""
        borrow(self.open("02"))

    def option(self) -> None:
        """Borrow."""
        borrow(self.open("04"))

    def agreement(self) -> None:
        """Say who decides, keep the clauses, sign."""
        step, said = self.open("05"), self.example.agreement
        saved(self.fill("05", step.rights()))
        saved(self.fill("05", step.clauses(), **clauses_typed(said.clauses)))
        for role, panel in zip(step.roles_here, step.sign().panels, strict=True):
            saved(self.fill("05", panel, name=self.name(role)))


def borrow(step) -> None:
    panel = step.borrow()
    panel.buttons["borrow"].click()
    panel.buttons["yes"].click()


@pytest.fixture(
    params=[
        "privacy-assistant",
        "deposit-calls",
        pytest.param("flight-disruptions", marks=pytest.mark.slow),
    ]
)
def pair(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShortPair:
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_BETS", str(tmp_path / "bets"))
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
    played = ShortPair(tmp_path, scenario=request.param)
    played.play()
    yield played
    w.Widget.close_all()


@pytest.mark.slow
def test_a_pair_of_one_hour_signs_what_is_its_own_and_what_it_borrowed(pair):
    record = pair.said()
    assert set(record.signatures) == set(ROLES)
    assert set(record.bets.opened) == set(ROLES)
    short = {slot.id for slot in run_sheet(60).slots if "borrow_now" in slot.nudges}
    assert set(steps_borrowed(record)) == short == {"01", "02", "04"}
    assert record.framing.outcome is not None
    assert record.threshold is not None
    assert not {"framing.outcome", "threshold"} & set(record.borrowed)
    assert record.agreement.clauses

    pair.record = str(pair.file.path)
    gaps = {gap.code for gap in pair.open("05").gaps}
    assert {"step_borrowed", "no_escalation", "no_retrospective_date"} <= gaps
    assert gaps & DISPUTE_THE_LINE == set()
