"""Figures wait to be asked for, and what depends on the record follows it."""

import pytest

from workshop.errors import InputError
from workshop.views.panels.live import InShort, LivePanel, LiveWords, RevealPanel
from workshop.views.panels.looks import Panel
from workshop.views.wording import phrase, say


def shown(panel: Panel) -> str:
    return "".join(getattr(child, "value", "") for child in panel.body.children)


@pytest.fixture
def sealed() -> list[bool]:
    return [True]


@pytest.fixture
def panel(sealed: list[bool]) -> RevealPanel:
    numbers = iter(range(1, 9))
    return RevealPanel(
        "people",
        ready=lambda: sealed[0],
        show=lambda: f"<p>figure {next(numbers)}</p>",
    )


def test_nothing_is_shown_before_anybody_asks(panel: RevealPanel):
    panel.refresh()
    assert "figure 1" not in shown(panel)


def test_the_button_shows_the_figure(panel: RevealPanel):
    panel.buttons["show"].click()
    assert "figure 1" in shown(panel)
    assert panel.buttons["show"].description == phrase("panel.reveal.again")


def test_once_shown_it_follows_the_record(panel: RevealPanel):
    panel.buttons["show"].click()
    panel.refresh()
    assert "figure 2" in shown(panel)


def test_before_the_bets_are_sealed_the_first_click_only_warns(panel, sealed):
    sealed[0] = False
    panel.buttons["show"].click()
    assert "figure 1" not in shown(panel)
    assert "sealed" in shown(panel)


def test_whoever_insists_sees_the_figure(panel, sealed):
    sealed[0] = False
    panel.buttons["show"].click()
    panel.buttons["show"].click()
    assert "figure 1" in shown(panel)
    assert "sealed" not in shown(panel)


def test_words_follow_the_record():
    words = iter(["<p>2 open</p>", "<p>none open</p>"])
    panel = LiveWords(lambda: next(words))
    assert "2 open" in shown(panel)
    panel.refresh()
    assert "none open" in shown(panel)


def test_where_we_are_is_plain_text_where_no_widget_can_be_drawn():
    head = InShort(lambda: say("page.not_yet"))
    assert phrase("page.not_yet") in shown(head)
    assert head._repr_mimebundle_()["text/plain"] == phrase("page.not_yet")


def test_where_we_are_says_what_stops_it():
    def stopped() -> None:
        raise InputError("rows.csv: <b>not</b> there.")

    head = InShort(stopped)
    assert "&lt;b&gt;not&lt;/b&gt; there." in shown(head)
    assert head._repr_mimebundle_()["text/plain"] == "rows.csv: <b>not</b> there."


def test_panels_are_made_again_for_those_who_are_here():
    here = ["one"]

    def make() -> list[Panel]:
        panels = [Panel() for _ in here]
        for each in panels:
            each.required = 2
        return panels

    panel = LivePanel(make)
    assert panel.required == 2
    here.append("two")
    panel.refresh()
    assert panel.required == 4
    assert len(panel.body.children) == 2
