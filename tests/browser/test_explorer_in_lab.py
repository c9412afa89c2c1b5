"""The explorer in a notebook: moved by hand, marked, locked, and found again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Explorer, Lab, running_lab
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.values import ROLES
from workshop.views.wording import phrase

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "03_threshold.ipynb"
PAIR = {"product": "Dana", "engineering": "Ilir"}
KEPT_ASIDE = re.compile(r"On the \d+ rows kept aside")
FIGURE = re.compile(rb'"cuts"|\d of (every )?100')
NO_KERNEL = "() => /No Kernel/.test(document.body.innerText)"


def opened(browser: Any, lab: Lab) -> Explorer:
    """Open 03 and run all of it."""
    notebook = lab.open(browser, NOTEBOOK)
    notebook.run_all()
    return Explorer(notebook)


def saved(lab: Lab) -> Record:
    return RecordFile(lab.record).read()


def until_saved(explorer: Explorer, lab: Lab, **sections: Any) -> None:
    """Wait until the record holds what was said; the kernel writes it."""
    for _ in range(100):
        record = saved(lab)
        if all(getattr(record, name) == value for name, value in sections.items()):
            return
        explorer.notebook.page.wait_for_timeout(100)
    pytest.fail(f"never saved: {sections}")


def until_at(explorer: Explorer, place: int, name: str = "act") -> None:
    handle = f'.cgx-handle-{name}[aria-valuenow="{place}"]'
    explorer.notebook.page.locator(handle).wait_for()


# --- two who have not bet yet, and two who have ---------------------------------------


@pytest.fixture(scope="module")
def pair(
    chromium: str, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """A lab with a record of its own, at which two people have said who they are."""
    home = tmp_path_factory.mktemp("pair")
    people = {role: [{"name": name}] for role, name in PAIR.items()}
    start = {"scenario": "privacy-assistant", "participants": people}
    file = RecordFile(home / "my-workshop" / "record.yaml")
    file.create(Record.model_validate(start | {"framing": {"ratio": 0.5}}))
    with running_lab(home, root) as lab:
        yield lab


def seal_both(lab: Lab) -> None:
    """Seal both bets, as 00 does."""
    file = RecordFile(lab.record)
    sealed = dict.fromkeys(ROLES, f"sha256:{'1' * 64}")
    file.save("bets", {"sealed": sealed}, base=file.read(), who="both", decided="bets")


@pytest.fixture(scope="module")
def told_too_early(browser: Any, pair: Lab) -> list[bytes]:
    """Everything that a page of 03 is told of figures while no bet is sealed."""
    explorer = opened(browser, pair)
    assert explorer.notebook.page.locator(".cgx").count() == 0
    told = [found.group() for heard in pair.heard for found in FIGURE.finditer(heard)]
    explorer.notebook.close()
    pair.forget_kernels()
    return told


@pytest.fixture(scope="module")
def explorer(told_too_early: list[bytes], browser: Any, pair: Lab) -> Iterator[Any]:
    """The explorer, once both bets are sealed."""
    seal_both(pair)
    one = opened(browser, pair)
    one.key("handle-act").wait_for()
    yield one
    one.notebook.close()


def test_no_figure_reaches_the_browser_before_both_bets_are_sealed(
    told_too_early, explorer, pair
):
    assert told_too_early == []
    assert any(FIGURE.search(heard) for heard in pair.heard)


def test_it_begins_with_everyone_and_with_nothing_opened(explorer):
    assert explorer.at() == 0
    assert "All questions are acted on" in explorer.sentence
    parts = explorer.notebook.page.locator('.cgx [aria-expanded="true"]')
    assert parts.count() == 0


def test_keyboard_and_mouse_move_the_line_and_what_is_said(explorer):
    said = [explorer.sentence]
    explorer.press("ArrowRight", times=12)
    assert explorer.at() == 12
    said.append(explorer.sentence)
    explorer.drag(0.6)
    assert explorer.at() > 12
    said.append(explorer.sentence)
    assert len(set(said)) == 3


def test_the_kernel_knows_where_the_line_stands(explorer):
    panel = explorer.notebook.panel(phrase("panel.threshold.title"))
    explorer.drag(0.5)
    panel.get_by_text(f"The line stands at {explorer.score:.3g}").wait_for()


def test_shortcuts_wake_and_marks_are_kept_once_both_have_placed_one(explorer, pair):
    assert explorer.key("least_cost").is_disabled()
    marks = {}
    for role, share in zip(PAIR, (0.4, 0.7), strict=True):
        explorer.drag(share)
        explorer.key(f"mark-{role}").click()
        marks[role] = explorer.score
    for _ in range(100):
        if set(saved(pair).marks) == set(PAIR):
            break
        explorer.notebook.page.wait_for_timeout(100)
    assert saved(pair).marks == pytest.approx(marks, rel=1e-2)
    explorer.key("least_cost").click()
    assert explorer.score not in marks.values()
    assert explorer.at() > 0


def test_after_a_reload_the_line_stands_where_it_stood_though_not_saved(explorer):
    explorer.drag(0.3)
    place, said = explorer.at(), explorer.sentence
    explorer.notebook.save_page()
    explorer.notebook.page.reload()
    until_at(explorer, place)
    assert explorer.sentence == said
    explorer.press("ArrowRight")
    assert explorer.at() == place + 1


def test_locking_keeps_what_the_page_showed_and_shows_the_rows_kept_aside(
    explorer, pair
):
    explorer.drag(0.55)
    shown = explorer.score
    assert not KEPT_ASIDE.search(explorer.notebook.text())
    assert KEPT_ASIDE.search(explorer.lock("we can both say why"))
    choice = saved(pair).threshold
    assert choice.policy.kind == "single"
    assert choice.policy.act_at == pytest.approx(shown, rel=1e-2)
    assert choice.because == "we can both say why"
    assert choice.seen.rows == "kept aside"


def test_two_lines_are_locked_as_a_band_with_a_person_in_between(explorer, pair):
    explorer.key("part-person").click()
    explorer.press("PageDown", times=2, name="ask")
    assert explorer.at("ask") == explorer.at() - 20
    explorer.lock("a person looks at those in between")
    policy = saved(pair).threshold.policy
    assert policy.kind == "review_band"
    assert policy.review_at < policy.act_at


def test_a_busy_kernel_and_an_ended_one_make_no_difference_to_a_hand(explorer, pair):
    page, said = explorer.notebook.page, {explorer.sentence}
    with pair.busy(60) as is_busy:
        explorer.drag(0.8)
        said.add(explorer.sentence)
        assert is_busy()
        pair.forget_kernels()
    page.wait_for_function(NO_KERNEL)
    for share in (0.3, 0.6):
        explorer.drag(share)
        said.add(explorer.sentence)
    explorer.press("PageUp")
    said.add(explorer.sentence)
    assert len(said) == 5


def test_with_a_new_kernel_the_line_stands_where_it_was_locked(explorer, pair):
    policy = saved(pair).threshold.policy
    explorer.notebook.page.reload()
    explorer.notebook.run_all()
    explorer.key("handle-ask").wait_for()
    assert explorer.score == pytest.approx(policy.act_at, rel=1e-2)
    asked = float(explorer.key("typed-ask").input_value())
    assert asked == pytest.approx(policy.review_at, rel=1e-2)


def test_no_page_asked_for_anything_beyond_this_machine(explorer, pair):
    assert len(pair.asked) > 20
    assert pair.strangers() == []
