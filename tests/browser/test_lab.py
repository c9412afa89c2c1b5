"""A pair at the keyboard: 00 from the first click to the figure, and the line of 03."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import Explorer
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.views.wording import phrase, say

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LINE = "a clause that does not answer, even when it is true"
PAIR = {"product": "Dana", "engineering": "Ilir"}
JUDGED = {"product": "fine", "engineering": "harmful"}
EXPECTED = {"product": "3.5 12.75 21.5", "engineering": "22.25, 37.25, 48.75"}
SECRETS = ("12.75", "37.25", "22.25", "48.75", "dana-word", "ilir-word")
WORDS = {"product": "dana-word", "engineering": "ilir-word"}
FIGURE = re.compile(r"\d+ to \d+ of every 100")


def saved(lab: Any) -> Record:
    return RecordFile(lab.record).read()


def save(panel: Any) -> None:
    panel.get_by_role("button", name=phrase("ui.save"), exact=True).click()
    panel.get_by_role("status").last.wait_for()


def answer(panel: Any, name: str, **answers: str) -> None:
    for key, text in answers.items():
        panel.get_by_label(say(f"field.{name}.{key}").text, exact=True).fill(text)


def say_who_is_here(notebook: Any) -> None:
    panel = notebook.panel(phrase("panel.seats.title"))
    panel.get_by_label(phrase("panel.seats.mode.two")).check()
    panel.get_by_role("button", name=phrase("panel.seats.more")).click()
    answer(panel, "seats", **{f"{role}_name": name for role, name in PAIR.items()})
    save(panel)


def judge_all_cases(notebook: Any) -> None:
    panel = notebook.panel(phrase("panel.cases.title"))
    for number in range(1, 7):
        panel.get_by_text(f"Case {number} of 6", exact=True).wait_for()
        for role, name in PAIR.items():
            asked = panel.locator(".cgp-field").filter(has_text=f"{name}, suppose")
            asked.get_by_text(phrase(f"panel.cases.{JUDGED[role]}"), exact=True).click()
        panel.get_by_text(f"{PAIR['engineering']} said: harmful").wait_for()
        if number < 6:
            panel.get_by_role("button", name=phrase("panel.cases.next")).click()
    panel.get_by_text("the two of you said the same 0").wait_for()


def seal(notebook: Any, role: str) -> None:
    """Take the laptop, bet, and lock the bet with a word."""
    panel = notebook.panel(phrase("panel.hand_over.title"))
    me = say("panel.hand_over.me", name=PAIR[role]).text
    panel.get_by_role("button", name=me, exact=True).click()
    answer(panel, "bet", tolerable_error="5", expected=EXPECTED[role], ratio="0.5")
    panel.get_by_label(phrase("ui.fallback.human")).check()
    panel.get_by_label(phrase("ui.owner.both")).check()
    panel.get_by_role("button", name=phrase("panel.bet.save"), exact=True).click()
    panel.get_by_label(phrase("panel.hand_over.word"), exact=True).fill(WORDS[role])
    panel.get_by_role("button", name=phrase("panel.hand_over.seal")).click()
    panel.get_by_text(say("panel.hand_over.sealed", name=PAIR[role]).text).wait_for()


@pytest.fixture(scope="module")
def first_sight() -> dict[str, str]:
    return {}


@pytest.fixture(scope="module")
def started(browser: Any, lab: Any, first_sight: dict[str, str]) -> Iterator[Any]:
    """Play 00 as two people would, up to the figure about people."""
    notebook = lab.open(browser, "00_start.ipynb")
    notebook.run_all()
    first_sight["page"] = notebook.text()
    say_who_is_here(notebook)
    judge_all_cases(notebook)
    line = notebook.panel(phrase("panel.line.title"))
    answer(line, "line", counts_as_wrong=LINE)
    save(line)
    for role in PAIR:
        seal(notebook, role)
    yield notebook
    notebook.close()
    lab.forget_kernels()


def test_nothing_of_the_figures_is_given_away_before_the_bets(started, first_sight):
    assert phrase("panel.reveal.people") in first_sight["page"]
    assert not FIGURE.search(first_sight["page"])


def test_code_is_there_and_out_of_sight(started):
    code = started.page.locator(".jp-InputArea-editor, .jp-InputPlaceholder")
    assert "step.who()" in started.text()
    assert [cell for cell in code.all() if cell.is_visible()] == []


def test_the_record_on_disk_holds_what_was_said(started, lab):
    record = saved(lab)
    people = record.participants
    assert [p.name for p in people.product + people.engineering] == ["Dana", "Ilir"]
    for role, word in JUDGED.items():
        assert list(getattr(record.cases, role).values()) == [word] * 6
    assert record.framing.counts_as_wrong == LINE
    assert set(record.bets.sealed) == set(PAIR)


def test_a_sealed_bet_is_readable_nowhere(started, lab):
    fields = started.page.locator(".cgp-panel :is(input, textarea)")
    typed = fields.evaluate_all("fields => fields.map(field => field.value)")
    kept = lab.record.read_text("utf-8")
    everything = "\n".join([started.text(), *typed, kept])
    assert LINE in typed
    assert not [secret for secret in SECRETS if secret in everything]


def test_the_people_figure_comes_when_it_is_asked_for(started):
    panel = started.reveal("people")
    panel.locator("figure svg").wait_for()
    assert FIGURE.search(panel.inner_text())


def test_after_a_new_kernel_and_a_reload_what_was_saved_is_read_back(started, lab):
    address = started.page.url
    started.page.goto("about:blank")
    lab.forget_kernels()
    started.page.goto(address)
    started.run_all()
    seats = started.panel(phrase("panel.seats.title"))
    assert seats.get_by_label(phrase("panel.seats.mode.two")).is_checked()
    line = started.panel(phrase("panel.line.title"))
    assert line.get_by_role("textbox").input_value() == LINE
    cases = started.panel(phrase("panel.cases.title"))
    cases.get_by_text("Dana said: fine").wait_for()
    started.page.get_by_text(phrase("panel.hand_over.all_sealed")).wait_for()


@pytest.fixture(scope="module")
def line_drawn(
    started: Any, lab: Any, browser: Any
) -> Iterator[tuple[Explorer, str, str]]:
    """Open 03 and move the line with the arrow keys; what was said before, after."""
    notebook = lab.open(browser, "03_threshold.ipynb")
    notebook.run_all()
    explorer = Explorer(notebook)
    before = explorer.sentence
    explorer.press("ArrowRight", times=20)
    yield explorer, before, explorer.sentence
    notebook.close()


def test_the_arrow_keys_change_what_the_line_means(line_drawn):
    _, before, after = line_drawn
    assert "All questions are acted on" in before
    assert after != before


def test_a_locked_line_is_saved_with_what_was_seen(line_drawn, lab):
    explorer, _, _ = line_drawn
    why = "we can both say why it stands here"
    assert re.search(r"On the \d+ rows kept aside", explorer.lock(why))
    choice = saved(lab).threshold
    assert choice.policy.kind == "single"
    assert choice.policy.act_at == pytest.approx(explorer.score, rel=1e-2)
    assert choice.because == why
    assert choice.seen.rows == "kept aside"
    assert choice.seen.data.startswith("sha256:")
    assert "error_among_answered" in choice.seen.figures


def test_no_page_asked_for_anything_beyond_this_machine(started, line_drawn, lab):
    assert len(lab.asked) > 20
    assert lab.strangers() == []


def test_what_follows_from_a_finding_joins_the_record_by_a_tick(started, browser, lab):
    notebook = lab.open(browser, "02_data_readiness.ipynb")
    notebook.run_all()
    notebook.page.get_by_role("heading", name=phrase("data.to_act")).wait_for()
    panel = notebook.panel(phrase("panel.register.title"))
    assert panel.get_by_role("checkbox", checked=True).count() == 0
    box = panel.get_by_role("checkbox").first
    said = box.evaluate("box => box.closest('label').innerText").strip()
    box.check()
    panel.get_by_role("button", name=phrase("panel.register.save")).click()
    panel.get_by_role("status").last.wait_for()
    assert [taken.says for taken in saved(lab).data_review.assumptions] == [said]
    notebook.close()
