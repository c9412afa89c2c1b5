"""A seat's own page: one's own bet and button; of the other only how far they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ipywidgets.widgets.widget import _instances

from tests.helpers import HOSTILE, Page
from tests.views.panels.conftest import CASES
from tests.views.panels.test_every_panel import ANSWERS
from workshop.errors import ConflictError, InputError
from workshop.record.choices import Cases, Participants, Person
from workshop.views.panels import Chair, OpeningPanel, cases_panel
from workshop.views.panels.own_bet import OwnBet
from workshop.views.recaps.seated import seated_html

TYPED = {key: first for key, (first, _) in ANSWERS["bet"].items()}


class Room:
    """What a page asks of the record: how far each is, and what was called."""

    def __init__(self) -> None:
        self.states = {"product": "to_bet", "engineering": "to_bet"}
        self.line, self.error = "a wrong clause", None
        self.bets: list[Any] = []

    def chairs(self) -> tuple[Chair, ...]:
        names = {"product": "Dana", "engineering": "Ilir"}
        return tuple(Chair(s, names[s], state) for s, state in self.states.items())

    def seal(self, bet: Any) -> str:
        self.refuse()
        self.bets.append(bet)
        self.states["product"] = "sealed"
        return "Saved."

    def again(self) -> None:
        self.refuse()
        self.states["product"] = "to_bet"

    def ready(self, seat: str, word: str) -> str:
        self.refuse()
        self.states[seat] = "ready"
        return "Saved."

    def say_line(self) -> str:
        return self.line

    def not_open(self) -> None:
        """Nothing is shown: the bets are closed."""

    def refuse(self) -> None:
        if self.error is not None:
            raise self.error

    def own_bet(self, **given: Any) -> OwnBet:
        asks = {"on_seal": self.seal, "on_again": self.again}
        return OwnBet("product", self.chairs, line=self.say_line, **asks, **given)

    def opening(self, **given: Any) -> OpeningPanel:
        asks = {"on_ready": self.ready, "shown": self.not_open, "own": "product"}
        return OpeningPanel(self.chairs, **asks, **given)


@pytest.fixture
def here() -> Room:
    return Room()


def text(panel: Any, page: Any) -> str:
    return Page(page(panel)).text


def sealed(panel: OwnBet, **answers: str) -> OwnBet:
    panel.form.fill(TYPED | answers)
    panel.buttons["save"].click()
    return panel


# --- one's own bet -------------------------------------------------------------------


def test_one_bets_seals_and_bets_again_without_a_word(here, page):
    panel = sealed(here.own_bet())
    assert len(here.bets) == 1
    assert "It waits with the room" in text(panel, page)
    assert panel.controls == {}
    panel.buttons["again"].click()
    assert set(panel.buttons) == {"yes", "no"}
    panel.buttons["no"].click()
    assert "again" in panel.buttons
    panel.buttons["again"].click()
    panel.buttons["yes"].click()
    assert panel.betting == "product"
    assert "Now bet again." in text(panel, page)


def test_nothing_typed_stays_in_any_widget_once_it_is_sealed(here):
    sealed(here.own_bet(), guess="heliotrope", tolerable_error="17.31")
    states = json.dumps([p.get_state() for p in _instances.values()], default=repr)
    assert "heliotrope" not in states
    assert "17.31" not in states


def test_what_is_typed_stays_while_the_page_follows_the_record(here, page):
    panel = here.own_bet()
    panel.form.fill({"guess": "half a"})
    control = panel.form.controls["guess"]
    here.states["engineering"] = "sealed"
    here.line = "a false clause"
    panel.refresh()
    assert panel.form.controls["guess"] is control
    assert control.value == "half a"
    assert "Ilir has sealed a bet." in text(panel, page)
    assert "All bets are sealed" not in text(panel, page)
    assert "a false clause" in text(panel, page)
    assert "All bets are sealed. You open them together" in text(sealed(panel), page)


def test_a_question_stays_while_the_page_follows_the_record(here):
    panel = sealed(here.own_bet())
    panel.buttons["again"].click()
    here.states["engineering"] = "sealed"
    panel.refresh()
    assert set(panel.buttons) == {"yes", "no"}


def test_a_bet_that_could_not_be_sealed_stays_on_the_page(here, page):
    here.error = InputError("the room is <full>")
    panel = sealed(here.own_bet())
    assert "the room is <full>" in text(panel, page)
    assert panel.form.controls["ratio"].value == TYPED["ratio"]


def test_a_bet_that_could_not_be_thrown_away_is_still_sealed(here, page):
    panel = sealed(here.own_bet())
    here.error = ConflictError("changed elsewhere")
    panel.buttons["again"].click()
    panel.buttons["yes"].click()
    assert "changed elsewhere" in text(panel, page)
    assert "again" in panel.buttons


def test_opened_bets_are_asked_no_more(here, page):
    here.states = dict.fromkeys(here.states, "opened")
    panel = here.own_bet()
    assert panel.buttons == panel.controls == {}
    assert "have been opened" in text(panel, page)


def test_what_cannot_be_saved_is_not_sealed(here):
    panel = sealed(here.own_bet(read_only="only to look at"))
    assert here.bets == []
    here.states["product"] = "sealed"
    panel.refresh()
    panel.buttons["again"].click()
    panel.buttons["yes"].click()
    assert here.states["product"] == "sealed"


# --- one's own "I am ready" ----------------------------------------------------------


def test_one_button_and_no_word_and_it_is_pressed_once(here, page):
    here.states = dict.fromkeys(here.states, "sealed")
    panel = here.opening()
    assert panel.controls == {}
    assert set(panel.buttons) == {"look", "ready.product"}
    assert "Ilir has sealed a bet and has not said ready yet." in text(panel, page)
    panel.buttons["ready.product"].click()
    assert "You are ready." in text(panel, page)
    assert set(panel.buttons) == {"look"}


def test_the_button_stays_the_one_it_is_while_nothing_changes(here):
    here.states = dict.fromkeys(here.states, "sealed")
    panel = here.opening()
    button = panel.buttons["ready.product"]
    panel.refresh()
    assert panel.buttons["ready.product"] is button
    assert button.comm is not None


@pytest.mark.parametrize("given", [{}, {"read_only": "only to look at"}])
def test_why_one_is_not_ready_is_a_sentence(here, page, given):
    here.states = dict.fromkeys(here.states, "sealed")
    here.error = InputError("the room is gone")
    panel = here.opening(**given)
    panel.buttons["ready.product"].click()
    assert (given.get("read_only") or "the room is gone") in text(panel, page)
    assert here.states["product"] == "sealed"


# --- cases, and who is here ----------------------------------------------------------


def test_a_case_closes_when_the_other_page_has_judged_it_too(page):
    closed: set[str] = set()
    panel = cases_panel(
        CASES,
        Cases(product={"q1": "fine"}),
        roles=("product",),
        on_judge=lambda *_: None,
        reveal=lambda case: f"<p>the label of {case}</p>",
        closed_now=lambda: closed,
        others=lambda case: f"Ilir and {case}",
    )
    assert panel.current == 1
    panel.buttons["back"].click()
    assert "the label" not in page(panel)
    assert "Ilir and q1" in page(panel)
    closed.add("q1")
    panel.refresh()
    assert panel.current == 0
    assert "the label of q1" in page(panel)
    assert "Ilir and q1" not in page(panel)
    assert panel.buttons["product.fine"].disabled


def test_names_from_the_door_are_text_and_personas_are_told(page):
    people = Participants(
        product=(Person(name=HOSTILE), Person(name="Kim")),
        engineering=(Person(name="Ilir", persona=True),),
    )
    told = seated_html(people, "product")
    assert HOSTILE in Page(told).text.replace("\n", " ")
    assert "<script" not in told
    assert "Ilir, who speaks recorded lines" in Page(told).text
