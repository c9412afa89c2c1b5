"""The handle of another base rate changes what is said, and comes back."""

import pytest

from tests.views.panels.conftest import page
from workshop.errors import InputError
from workshop.views.panels.prevalence import OF_100, PrevalencePanel


@pytest.fixture
def asked() -> list[float]:
    return []


@pytest.fixture
def panel(asked: list[float]) -> PrevalencePanel:
    def estimate(prevalence: float) -> str:
        asked.append(prevalence)
        return f"<p>at {prevalence:.4f}</p>"

    return PrevalencePanel(0.2317, estimate=estimate)


def test_it_starts_at_the_measured_share_exactly(panel, asked):
    assert panel.prevalence == 0.2317
    assert asked == [0.2317]
    assert "as measured" in page(panel)
    assert panel.buttons["back"].disabled


def test_each_move_says_what_the_line_comes_to_there(panel, asked):
    panel.handle.value = 0
    assert asked[-1] == 0.001
    assert "at 0.0010" in page(panel)
    assert "as measured" not in page(panel)
    panel.handle.value = panel.handle.max
    assert "at 0.9900" in page(panel)


def test_the_button_goes_back_to_the_measured_share(panel, asked):
    panel.handle.value = 3
    assert not panel.buttons["back"].disabled
    panel.buttons["back"].click()
    assert panel.prevalence == 0.2317
    assert asked[-1] == 0.2317
    assert "as measured" in page(panel)


def test_a_move_is_one_step_of_the_keyboard_and_small_shares_lie_close(panel):
    steps = []
    for place in range(panel.handle.max + 1):
        panel.handle.value = place
        steps.append(panel.prevalence)
    assert steps == sorted(steps)
    assert panel.handle.step == 1
    assert steps[1] - steps[0] < 0.002 < steps[-2] - steps[-3]


def test_a_measured_share_that_is_a_step_already_is_there_once():
    panel = PrevalencePanel(0.25, estimate=str)
    assert panel.handle.max == len(OF_100) - 1
    assert panel.prevalence == 0.25


def test_what_cannot_be_said_is_said_in_plain_words():
    def estimate(prevalence: float) -> str:
        raise InputError("there are no <b>rows</b>; bring some")

    assert "no &lt;b&gt;rows" in page(PrevalencePanel(0.3, estimate=estimate))


def test_it_is_said_anew_when_the_line_has_moved(panel, asked):
    panel.refresh()
    assert asked == [0.2317, 0.2317]
