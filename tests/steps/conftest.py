"""A pair that sits down at the panels and plays: it types, presses, and reads."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

import workshop
from tests.helpers import THAT_DAY, Page
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.values import Policy
from workshop.views.panels import Panel

BETS = {
    "product": {
        "tolerable_error": "17",
        "expected": "5 13 20",
        "ratio": "2",
        "fallback": "not_sure",
        "owner": "product",
    },
    "engineering": {
        "tolerable_error": "7",
        "expected": "21, 33, 43",
        "ratio": "0.3",
        "fallback": "human",
        "owner": "engineering",
    },
}

WORDS = {"product": "dana-word", "engineering": "ilir-word", "legal": "lena-word"}


@dataclass
class Player:
    """One pair, or one person alone, at one record; counts what it is asked."""

    home: Path
    record: str = ""
    fields: int = 0
    cases: int = 0
    seconds: float = 0.0
    asked: dict[str, list[Panel]] = field(default_factory=dict)

    def open(self, number: str) -> Any:
        """Open a step as its notebook does."""
        return workshop.open_step(number, record=self.record, interactive=True)

    def begin(self, number: str) -> Any:
        """Open a step; where one who is alone is asked for a guess, make it."""
        step = self.open(number)
        if step.waits_for_a_guess():
            asked = next(part for part in step.lesson().panels if hasattr(part, "fill"))
            saved(self.fill(number, asked, **{step.id: "20"}))
        return step

    @property
    def file(self) -> RecordFile:
        return RecordFile(self.home / "my-workshop" / "record.yaml")

    def said(self) -> Record:
        """Return the record as it stands on disk."""
        return self.file.read()

    def fill(self, number: str, panel: Any, **answers: Any) -> str:
        """Answer a panel's questions, press Save, and return what it says then."""
        self.asked.setdefault(number, []).append(panel)
        form = getattr(panel, "form", panel)
        form.fill(answers)
        self.fields += len(answers)
        form.buttons["save"].click()
        return form.message.value

    def play(self, mode: str = "two") -> None:
        """Walk the whole journey, answering what is asked and nothing besides."""
        start = time.perf_counter()
        for walk in (self.start, self.framing, self.data, self.line, self.option):
            walk(*((mode,) if walk == self.start else ()))
        self.agreement()
        self.seconds = time.perf_counter() - start

    # -- bets -----------------------------------------------------------------------

    def bet(self, step: Any, *roles: str) -> Any:
        """Let each seal a bet, the laptop going round; alone, nobody is asked who."""
        panel = step.bets()
        for role in roles or step.roles_here:
            self.seal(panel, role)
        return panel

    def seal(self, panel: Any, role: str, **answers: str) -> None:
        """Bet and lock it, as that role alone at the laptop does."""
        if panel.betting != role:
            panel.buttons[role].click()
        form = panel.form
        readable = self.fill("00", form, **(answers or BETS[role]))
        saved(readable)
        panel.controls["word"].value = WORDS[role]
        panel.buttons["seal"].click()
        assert panel.form is None, words_of(panel)

    def ready(self, step: Any, *roles: str) -> Any:
        """Let each say the word and "I am ready"; the last one opens all bets."""
        panel = step.open_bets()
        self.asked.setdefault("01", []).append(panel)
        for role in roles or step.roles_here:
            say_ready(panel, role)
        return panel

    # -- the steps ------------------------------------------------------------------

    def start(self, mode: str = "two") -> None:
        step = self.open("00")
        saved(self.fill("00", step.who(), mode=mode))
        (cases,) = step.cases().panels
        for place in range(len(step.scenario.cases)):
            for role in step.roles_here:
                word = "harmful" if place % 2 else "fine"
                cases.buttons[f"{role}.{word}"].click()
                self.cases += 1
            cases.buttons["next"].click()
        line = "A clause that does not answer."
        saved(self.fill("00", step.what_is_wrong(), counts_as_wrong=line))
        self.bet(step)
        step.people().buttons["show"].click()

    def framing(self) -> None:
        step = self.open("01")
        outcome = {"measure": "agent hours a week", "from": "600", "to": "420"}
        saved(self.fill("01", step.outcome(), by="2027-06", **outcome))
        saved(
            self.fill(
                "01",
                step.questions(),
                harmed="people who act on a wrong clause",
                rule="none",
                promised="nothing",
                engineering_there="yes",
            )
        )
        self.ready(step)
        for panel in step.second_look().panels:
            saved(self.fill("01", panel, tolerable_error="30", ratio="0.5"))
            self.fields -= 2  # nobody asks for these
        saved(
            self.fill(
                "01",
                step.expectations(),
                acceptable_error="30",
                fallback="not_sure",
                success="fewer hours",
                cost_speed="within 200 ms",
                ratio="0.5",
            )
        )

    def data(self) -> None:
        step = self.begin("02")
        step.findings()
        panel = step.risks()
        saved(self.fill("02", panel, finding="DR003", reason="we start with these"))

    def line(self) -> None:
        step = self.begin("03")
        explorer = step.curve().explorer
        panel = step.choose()
        middle = explorer.given.cuts[len(explorer.given.cuts) // 2]
        explorer.policy = step.line.least_cost or Policy(kind="single", act_at=middle)
        self.fields += 1
        saved(self.fill("03", panel, because="cheapest where we chose"))

    def option(self) -> None:
        step = self.begin("04")
        answers = {"option": "minilm", "because": "as good", "bound": "480"}
        saved(self.fill("04", step.choose(), **answers))

    def agreement(self) -> None:
        step = self.begin("05")
        saved(self.fill("05", step.rights()))  # as the scenario suggests them
        saved(self.fill("05", step.clauses()))  # as they are proposed
        saved(self.fill("05", step.escalation(), retrospective="2027-03"))
        action = "label 60 more - Ilir - 2027-01"
        saved(self.fill("05", step.actions(), action_1=action))
        names = {"product": "Dana", "engineering": "Ilir"}
        panels = step.sign().panels
        for role, panel in zip(step.roles_here, panels, strict=True):
            saved(self.fill("05", panel, name=names[role]))


def say_ready(panel: Any, role: str, word: str = "") -> str:
    """Type the word, press "I am ready", and return all that the panel says then."""
    panel.controls[role].value = word or WORDS[role]
    panel.buttons[f"ready.{role}"].click()
    return words_of(panel)


def words_of(panel: Any) -> str:
    """Return all words on a panel."""
    return "\n".join(Page(value).text for value in _html(panel.widget))


def _html(widget: w.Widget) -> Iterator[str]:
    if isinstance(widget, w.HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from _html(child)


def saved(message: str) -> None:
    """Fail with the panel's own words where it did not save."""
    assert "cgp-good" in message, message


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Player]:
    """A player with an empty folder, on a day when nothing is overdue."""
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
    w.Widget.close_all()
    yield Player(tmp_path)
    w.Widget.close_all()


@pytest.fixture(scope="session")
def _journeys() -> dict[str, Player]:
    """The journeys that were played so far, by who was at the table."""
    return {}


@pytest.fixture
def played(
    _journeys: dict[str, Player],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], Player]:
    """Return a function that gives a journey, played once for all tests; look only."""
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())

    def once(mode: str) -> Player:
        if mode not in _journeys:
            player = Player(tmp_path_factory.mktemp(mode))
            monkeypatch.setenv("WORKSHOP_HOME", str(player.home))
            player.play(mode)
            _journeys[mode] = player
        monkeypatch.setenv("WORKSHOP_HOME", str(_journeys[mode].home))
        return _journeys[mode]

    return once


@pytest.fixture
def played_to(
    player: Player,
    _journeys: dict[str, Player],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Player]:
    """Return a function that gives a player with some steps behind it.

    What was played once for all is copied, so that each test has a record of its own.
    """

    def go(*walks: str) -> Player:
        name = " ".join(walks)
        if name not in _journeys:
            first = Player(tmp_path_factory.mktemp(walks[-1]))
            monkeypatch.setenv("WORKSHOP_HOME", str(first.home))
            for walk in walks:
                getattr(first, walk)()
            w.Widget.close_all()
            monkeypatch.setenv("WORKSHOP_HOME", str(player.home))
            _journeys[name] = first
        shutil.copytree(_journeys[name].home, player.home, dirs_exist_ok=True)
        return player

    return go


@pytest.fixture
def framed(played_to: Callable[..., Player]) -> Player:
    """A player with 00 and 01 behind it."""
    return played_to("start", "framing")


@pytest.fixture
def lined(played_to: Callable[..., Player]) -> Player:
    """A player with a line locked as well, and no option taken yet."""
    return played_to("start", "framing", "line")
