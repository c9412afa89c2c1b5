"""Does what somebody else saved appear here while nobody presses anything?

In a live kernel one thread waits for the record to change; the kernel's own loop, which
runs every button too, then refreshes what follows the record. Where there is no kernel,
as in a report or a test, nothing waits and nothing is started.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from workshop.errors import RunError, WorkshopError
from workshop.record.choices import SECTIONS, Record
from workshop.views.wording import phrase

if TYPE_CHECKING:
    from workshop.steps.base import Step

ANYTHING = "*"
"""What a panel follows that depends on more than a section or two."""
MEASURED = "measured"
"""What a panel follows that shows figures: all from which a figure or a gap follows."""
UNMEASURED = frozenset(("parking", "pulse", "lesson", "signatures"))
"""Lines for later come most often of all, and figures take long to make again."""

WAITS = 20.0
"""How many seconds one wait lasts; a step that was opened anew ends it then."""
PAUSE = 1.0
"""How many seconds pass after something went wrong."""

_LOG = logging.getLogger(__name__)
_following: dict[str, Follower] = {}


class Following:
    """The part of a step that keeps its panels with the record.

    A base of every step (`workshop.steps.base`).
    """

    def follow(
        self: Step,
        panel: Any,
        *about: str,
        values: Callable[[], Mapping[str, Any]] | None = None,
    ) -> Any:
        """Let a panel follow the record; return it.

        Parameters
        ----------
        panel
            What is refreshed whenever one of the sections is saved, here or elsewhere.
        about
            Sections, `ANYTHING`, `MEASURED`, or single fields such as
            ``framing.ratio``.
        values
            For a form: its answers as the record has them now. It takes those that
            nobody is changing here, and offers the others; the page then counts as
            made from the record as it stands, for what the form is about.
        """
        sections = dict.fromkeys(path.partition(".")[0] for path in about)

        def follow() -> None:
            assert values is not None, "only a form with values follows softly"
            panel.follow(values(), self._who_saved(sections))
            self._count_as_seen(about)

        refresh = panel.refresh if values is None else follow
        for section in sections:
            self._followers.setdefault(section, []).append(refresh)
        return panel

    def catch_up(self: Step) -> None:
        """Refresh what follows that which somebody else saved since.

        Raises
        ------
        RunError
            The record was out of reach; nothing is lost by trying again.
        """
        record = self.record
        changed = _changed(self._refreshed_for, record)
        failed = None
        for refresh in self._refreshing(changed):
            try:
                refresh()
            except RunError as error:
                failed = error
            except Exception as error:  # one panel must not keep the others behind
                _say(error)
        if failed is not None:
            raise failed
        self._refreshed_for = record

    def _show_saved(self: Step, sections: Iterable[str]) -> None:
        """Refresh what follows what was saved here, and what came along with it."""
        saved, shown = self.base, self._refreshed_for
        self._refreshed_for = saved
        for refresh in self._refreshing([*sections, *_changed(shown, saved)]):
            refresh()

    def _refreshing(self: Step, sections: list[str]) -> list[Callable[[], None]]:
        """Return what to do for those sections, each once; nothing for none."""
        if not sections:
            return []
        measured = [] if UNMEASURED.issuperset(sections) else [MEASURED]
        each = dict.fromkeys([*sections, *measured, ANYTHING])
        return list(
            dict.fromkeys(do for name in each for do in self._followers.get(name, ()))
        )

    def _count_as_seen(self: Step, about: Iterable[str]) -> None:
        """Count those parts of the record as seen on this page."""
        record, base = self.record, self.base
        for path in about:
            section, _, field = path.partition(".")
            now = getattr(record, section)
            if field and now is not None:
                was = getattr(base, section) or type(now)()
                now = was.model_copy(update={field: getattr(now, field)})
            base = base.model_copy(update={section: now})
        self._base = base

    def _who_saved(self: Step, sections: Iterable[str]) -> str:
        """Name whoever last saved one of those sections."""
        for line in reversed(self.record.log):
            if not set(sections).isdisjoint(line.section.split(", ")):
                return line.who
        return phrase("follow.somebody")


def _changed(was: Record | None, now: Record) -> list[str]:
    """Name the sections that differ; a line in the log alone is no change."""
    counted = (name for name in SECTIONS if name not in ("log", "revision"))
    return [n for n in counted if getattr(was, n, None) != getattr(now, n)]


def follow_others(step: Step) -> None:
    """Show in this step what others save, for as long as the kernel lives.

    A step that is opened again in the same kernel takes the place of the earlier one.
    """
    loop = _kernel_loop()
    if loop is None or step.target.file.read_only:
        return
    before = _following.pop(step.id, None)
    if before is not None:
        before.ended.set()
    _following[step.id] = Follower(step, loop)
    _following[step.id].start()


def _kernel_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that runs the kernel; None where there is no kernel."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    if getattr(get_ipython(), "kernel", None) is None:
        return None
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Follower(threading.Thread):
    """Waits for a record to change, and has the kernel's loop refresh the step.

    Parameters
    ----------
    step : Step
        What to refresh; it is not kept alive by this.
    loop : asyncio.AbstractEventLoop
        The loop that refreshes, in its own thread.
    """

    def __init__(self, step: Step, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name=f"following {step.id}", daemon=True)
        self._step, self._file = weakref.ref(step), step.target.file
        self._loop = loop
        self._again = False
        self.ended = threading.Event()

    def run(self) -> None:
        """Wait and hand over, again and again; nothing that goes wrong ends it."""
        stamp = ""
        while not self.ended.is_set() and self._step() is not None:
            began = time.monotonic()
            try:
                now = self._file.wait_for_change(stamp, WAITS)
            except Exception as error:
                _say(error)
                self.ended.wait(PAUSE)
                continue
            if now != stamp:
                stamp = now
                self._hand_over()
            elif time.monotonic() - began < WAITS / 2:
                self.ended.wait(PAUSE)  # it did not wait; never ask without a pause

    def _hand_over(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._show)
        except RuntimeError:
            self.ended.set()  # the loop is closed: the kernel ends

    def _show(self) -> None:
        """Refresh the step, in the loop; soon again where the room was out of reach."""
        step = self._step()
        if step is None or self.ended.is_set():
            return
        try:
            step.catch_up()
        except RunError as error:
            _say(error)
            if not self._again:
                self._again = True
                self._loop.call_later(PAUSE, self._once_more)
        except Exception as error:
            _say(error)

    def _once_more(self) -> None:
        self._again = False
        self._show()


def _say(error: Exception) -> None:
    """Keep what went wrong in the kernel's log; it is no news where it is expected."""
    if isinstance(error, WorkshopError):
        _LOG.info("%s", error)
    else:
        _LOG.error("following the record failed", exc_info=error)
