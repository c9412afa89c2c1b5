"""The explorer behind its button: a mark that cannot be kept is said to be lost."""

from __future__ import annotations

import pytest

from tests.views.explorer.givens import some_given
from workshop.errors import ConflictError
from workshop.views.panels.explorer import ExplorerPanel


@pytest.fixture
def panel(notes):
    return ExplorerPanel(some_given, ready=lambda: True, on_mark=notes.note("mark"))


def test_each_mark_is_kept_by_its_score(panel, notes):
    panel.explorer.marks = {"product": 3}
    ((marks,),) = notes.of("mark")
    assert marks == {"product": panel.explorer.given.cuts[3]}


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ConflictError("They <saved>."), "They &lt;saved&gt;."),
        (OSError(28, "No space left on device"), "check that the disk has room"),
    ],
)
def test_a_mark_that_cannot_be_kept_is_said_to_be_so(panel, notes, page, error, says):
    notes.error = error
    panel.explorer.marks = {"product": 3}
    assert says in page(panel)
    notes.error = None
    panel.explorer.marks = {"product": 4}
    assert says not in page(panel)
