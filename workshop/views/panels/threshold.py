"""Panel of 03: the line is locked, with a reason.

The line itself stands in the explorer above. "Lock it" saves where it stands, and
only then shows what it does on the rows that were kept aside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from workshop.errors import WorkshopError
from workshop.record.values import Policy
from workshop.views.panels import looks
from workshop.views.panels.common import Ways
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html, Panel, toned
from workshop.views.wording import Said, say

OnLock = Callable[[Policy, str, str], Html | None]


class ThresholdPanel(Panel):
    """Where the line stands now, why, and the lock."""

    def __init__(
        self,
        stands: Callable[[], Policy | None],
        *,
        says: Callable[[Policy | None], Html],
        on_save: OnLock,
        saved: Policy | None = None,
        because: str = "",
        told_why: str = "",
        note: Html = "",
        locked: Html = "",
        **ways: Unpack[Ways],
    ):
        super().__init__()
        self._stands, self._says, self._on_save = stands, says, on_save
        self._saved = saved
        self.where = looks.words()
        self.where.add_class("cgp-where")  # hidden while somebody else's line is shown
        self._locked = looks.words(looks.as_html(locked))
        self.form = Form(
            "threshold",
            [Field("because", "prose")],
            [Field("told_why", "prose")],
            values={"because": because, "told_why": told_why},
            build=self._choice,
            on_save=self._lock,
            above=(
                looks.column(self.where, kind="inset"),
                looks.words(looks.as_html(note), "quiet"),
            ),
            **ways,
        )
        self.required = self.form.required + 1
        self.controls = self.form.controls
        self.buttons |= self.form.buttons
        self.body.children = (self.form.body, self._locked)
        self.refresh()

    def save(self) -> bool:
        """Do what "Lock it" does; say whether it was locked."""
        return self.form.save()

    def refresh(self) -> None:
        """Say where the line stands now."""
        policy = self._stands()
        self.where.value = toned(looks.as_html(self._says(policy)))
        if self._saved is None or policy is None:
            return
        moved = say("panel.threshold.moved_since") if policy != self._saved else ""
        self.form.tell(moved, "quiet")

    def _choice(self, answers: dict[str, Any]) -> tuple[Policy, str, str]:
        policy = self._stands()
        if policy is None:
            raise WorkshopError(say("panel.threshold.no_line").text)
        return policy, answers["because"], answers["told_why"] or ""

    def _lock(self, choice: tuple[Policy, str, str]) -> Said:
        self._locked.value = toned(looks.as_html(self._on_save(*choice)))
        self._saved = choice[0]
        return say("panel.threshold.locked")


def threshold_panel(
    stands: Callable[[], Policy | None],
    *,
    says: Callable[[Policy | None], Html],
    on_save: OnLock,
    saved: Policy | None = None,
    because: str = "",
    told_why: str = "",
    note: Html = "",
    locked: Html = "",
    **ways: Unpack[Ways],
) -> ThresholdPanel:
    """Ask why the line stands where it stands, and lock it.

    Parameters
    ----------
    stands
        Where the line stands on the page; None while it is not shown yet.
    says
        Says that in a sentence, as HTML.
    on_save
        Keeps policy, reason and what users are told, and returns what the rows kept
        aside say, as HTML.
    saved, because, told_why, locked
        What was saved before, and the HTML that locking had shown.
    note
        HTML that reminds of the fallback.
    """
    return ThresholdPanel(
        stands,
        says=says,
        on_save=on_save,
        saved=saved,
        because=because,
        told_why=told_why,
        note=note,
        locked=locked,
        **ways,
    )
