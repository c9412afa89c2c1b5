"""Panel of 03: the line is locked, with a reason.

The line itself stands in the explorer above. "Lock it" saves where it stands, and
only then shows what it does on the rows that were kept aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def _nothing(_: Policy) -> Html:
    return ""


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
        locked: Callable[[Policy], Html] = _nothing,
        **ways: Unpack[Ways],
    ):
        super().__init__()
        self._stands, self._says, self._on_save = stands, says, on_save
        self._saved, self._show_locked = saved, locked
        self._locked_by, self._locking = "", False
        self.where = looks.words()
        self.where.add_class("cgp-where")  # hidden while somebody else's line is shown
        self._locked = looks.words(looks.as_html(locked(saved)) if saved else "")
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
        self.form.tell(self._since(policy), "quiet")

    def follow(self, values: Mapping[str, Any], who: str) -> None:
        """Show what ``who`` locked meanwhile, and offer the reason beside one's own."""
        self.form.follow(values, who)
        policy = values["saved"]
        if self._locking or policy == self._saved:
            return
        self._saved, self._locked_by = policy, who if policy else ""
        self._locked.value = toned(
            looks.as_html(self._show_locked(policy)) if policy else ""
        )
        self.form.tell("", "quiet")  # what was said of the line before
        self.refresh()

    def _since(self, policy: Policy) -> Said | str:
        """Say whether the locked line is another one than stands here."""
        if policy != self._saved and self._locked_by:
            return say("panel.threshold.locked_elsewhere", who=self._locked_by)
        if policy != self._saved:
            return say("panel.threshold.moved_since")
        if self._locked_by:
            return say("panel.threshold.locked_by", who=self._locked_by)
        return ""

    def _choice(self, answers: dict[str, Any]) -> tuple[Policy, str, str]:
        policy = self._stands()
        if policy is None:
            raise WorkshopError(say("panel.threshold.no_line").text)
        return policy, answers["because"], answers["told_why"] or ""

    def _lock(self, choice: tuple[Policy, str, str]) -> Said:
        self._locking = True
        try:
            self._locked.value = toned(looks.as_html(self._on_save(*choice)))
        finally:
            self._locking = False
        self._saved, self._locked_by = choice[0], ""
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
    locked: Callable[[Policy], Html] = _nothing,
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
        Keeps policy, reason and words for users; gives as HTML what the rows aside say.
    saved, because, told_why
        What was saved before.
    locked
        Says again what locking a line had shown, as HTML.
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
