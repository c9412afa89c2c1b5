"""Many reports in one go: some at a time, a folder each, and a page that lists them.

A failure in one is told, and the rest are finished. What an earlier run finished from
the same is kept. Every kernel is fresh; where the system can, it is forked from one
process that has imported everything once.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from workshop.data.catalog import Target, find_target
from workshop.errors import GateError, InputError, RunError, WorkshopError
from workshop.kernels import CAN_FORK, CAN_WAIT, ONE_THREAD, Ahead
from workshop.report import index, resuming
from workshop.report.folder import NAMES, PARTIAL, PDF, make_folder
from workshop.report.index import Entry, found_in, write_index
from workshop.report.one import Written, write_report
from workshop.report.running import environment
from workshop.views.wording import say

Progress = Callable[[str], None]
Finish = Callable[[Path], object]

INTERRUPTED = 130
_RESERVED = {*index.NAMES, resuming.NAME, ".", ".."}


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of all that was asked for, in the order asked, and where the list is.

    A run that was interrupted has entries that wait.
    """

    entries: tuple[Entry, ...]
    index: Path
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """The gravest code of all; 130 where somebody interrupted."""
        codes = [entry.exit_code for entry in self.entries]
        return INTERRUPTED if self.interrupted else max(codes, default=0)


def write_reports(
    targets: Sequence[str],
    out: Path,
    *,
    jobs: int = 1,
    as_of: date,
    gates: tuple[str, ...] = (),
    progress: Progress = lambda _: None,
    finish: Finish = lambda _: None,
) -> Batch:
    """Write a report for each target below ``out``, and the list of them.

    Parameters
    ----------
    targets
        Records, scenarios' names or folders.
    out
        The folder for a folder each, ``index.html`` and ``index.json``.
    jobs
        How many reports are made at the same time.
    as_of
        The day that counts as today.
    gates
        Which of "blocker", "broken", "gap" make a report's exit code 1.
    progress
        Called with one line for each report that is finished or failed.
    finish
        Called with the page of each report that was made, before it counts as made,
        and of one that was kept without a PDF.

    Raises
    ------
    InputError
        When ``out`` cannot be written, or ``jobs`` is no count.
    RunError
        When the disk is full.
    """
    if jobs < 1:
        raise InputError(f"--jobs {jobs}: give how many at a time, 1 or more.")
    make_folder(out)
    plan = _plan(targets, out, progress)
    run = _Run(plan, out, as_of, gates, progress, finish)
    run.keep()
    with environment(as_of, ONE_THREAD):
        interrupted = run.make(jobs)
    if interrupted:
        write_index(out, run.entries, as_of)
        progress(say("batch.stopped", done=run.done, all=str(len(plan))).text)
    return Batch(tuple(run.entries), out / index.NAMES[0], interrupted)


# --- what there is to do -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Job:
    """A target, or the sentence that says why there is none; and its folder."""

    asked: str
    folder: Path
    target: Target | None
    error: WorkshopError | None = None


def _plan(targets: Sequence[str], out: Path, progress: Progress) -> list[_Job]:
    """Find every target, each record once, and give each a folder of its own."""
    found: dict[str, Target | WorkshopError] = {}
    of_record: dict[Path, str] = {}
    for asked in dict.fromkeys(targets):
        target = _find(asked)
        if isinstance(target, Target):
            other = of_record.setdefault(target.file.path.resolve(), asked)
            if other != asked:
                progress(say("batch.twice", target=asked, other=other).text)
                continue
        found[asked] = target
    names = folder_names({a: t for a, t in found.items() if isinstance(t, Target)})
    return [
        _Job(asked, out / names[asked], target)
        if isinstance(target, Target)
        else _Job(asked, out, None, target)
        for asked, target in found.items()
    ]


def _find(asked: str) -> Target | WorkshopError:
    try:
        target = find_target(asked)
        target.record  # noqa: B018 - one that cannot be read is said at once
    except WorkshopError as error:
        return error
    return target


def folder_names(targets: dict[str, Target]) -> dict[str, str]:
    """Give each target a folder's name that no other has, whatever the disk's case.

    Where two would have the same, the folders that their records lie in come before;
    those of one folder are numbered.
    """
    above = {asked: _above(target) for asked, target in targets.items()}
    names = {asked: target.name for asked, target in targets.items()}
    often = Counter((names[asked].casefold(), *above[asked]) for asked in names)
    together = {a for a in names if often[(names[a].casefold(), *above[a])] > 1}
    for depth in range(1, 1 + max(map(len, above.values()), default=0)):
        for asked in set(_alike(names)) - together:
            before = reversed(above[asked][:depth])
            names[asked] = "-".join((*before, targets[asked].name))
    for number, asked in enumerate(_alike(names), start=1):
        names[asked] = f"{names[asked]}-{number}"
    return names


def _above(target: Target) -> list[str]:
    """The folders that a record lies in, the nearest first, but for its own name's."""
    parents = target.file.path.resolve().parents
    return [p.name for p in parents if p.name and p.name != target.name]


def _alike(names: dict[str, str]) -> list[str]:
    """Those whose name another has too, or that a file of ours has."""
    often = Counter(name.casefold() for name in names.values())
    return [
        asked
        for asked, name in names.items()
        if often[name.casefold()] > 1 or name.casefold() in _RESERVED
    ]


# --- doing it ------------------------------------------------------------------------


class _Run:
    """The reports on their way: what became of each, and what is told of it."""

    def __init__(
        self,
        plan: list[_Job],
        out: Path,
        as_of: date,
        gates: tuple[str, ...],
        progress: Progress,
        finish: Finish,
    ) -> None:
        self.plan, self.out, self.as_of = plan, out, as_of
        self._gates, self._tell, self._finish = gates, progress, finish
        self._made = resuming.read_made(out)
        self._keys = [
            resuming.key_of(j.target, as_of) if j.target else "" for j in plan
        ]
        self.entries = [_first_entry(job) for job in plan]
        self._begun = time.monotonic()
        self._to_make = self._finished_here = 0
        self._kernels: set[Ahead] = set()

    @property
    def waiting(self) -> int:
        """How many reports are still to be made."""
        return sum(entry.state == "waiting" for entry in self.entries)

    @property
    def done(self) -> str:
        """How many need nothing any more, as it is told."""
        return str(len(self.entries) - self.waiting)

    def keep(self) -> None:
        """Keep what an earlier run made from the same; tell what cannot be made."""
        for number, (job, key) in enumerate(zip(self.plan, self._keys, strict=True)):
            if job.target is None:
                self._told(job.asked, job.error)
                continue
            made = self._made.get(job.folder.name, {})
            if twin := resuming.twin_that_holds(job.folder, key, made):
                given = found_in(twin, job.target.record)
                page = job.folder / NAMES[0]
                entry = replace(self.entries[number], state="kept", page=page, **given)
                self.entries[number] = self._gated(self._with_pdf(entry, page))
        if count := sum(entry.state == "kept" for entry in self.entries):
            all_ = str(len(self.plan))
            self._tell(say("batch.kept", kept=str(count), all=all_).text)
        self._to_make = self.waiting
        write_index(self.out, self.entries, self.as_of)

    def _with_pdf(self, entry: Entry, page: Path) -> Entry:
        """Print what an earlier run kept but did not print, where it is asked for."""
        try:
            if not page.with_name(PDF).is_file():
                self._finish(page)
        except WorkshopError as error:
            return _failed(entry, str(error), error.exit_code)
        return entry

    def make(self, jobs: int) -> bool:
        """Make what is waiting, so many at a time; say whether somebody interrupted."""
        if not self.waiting:
            return False
        shared = Ahead(forks=True) if CAN_FORK else None
        pool = ThreadPoolExecutor(jobs)
        running = {
            pool.submit(self._one, number, shared): number
            for number, entry in enumerate(self.entries)
            if entry.state == "waiting"
        }
        try:
            for future in as_completed(running):
                self._finished(running[future], future.result())
        except KeyboardInterrupt:
            return True
        finally:
            # nothing is running any more, unless it was interrupted or the disk is full
            for kernel in (shared, *tuple(self._kernels)):
                if kernel is not None:
                    kernel.stop()
            pool.shutdown(cancel_futures=True)
        return False

    def _one(self, number: int, shared: Ahead | None) -> Entry:
        """Make one report; whatever becomes of it is an entry, never an exception."""
        entry = self.entries[number]
        try:
            with self._kernel(shared) as kernel:
                entry = self._written(number, kernel)
        except WorkshopError as error:
            entry = _failed(entry, str(error), error.exit_code)
        except Exception as error:  # a fault of ours in one must not end the others
            what = f"{type(error).__name__}: {error}"
            said = say("batch.unforeseen", what=what).text
            entry = _failed(entry, said, RunError.exit_code)
        return self._gated(entry)

    @contextmanager
    def _kernel(self, shared: Ahead | None) -> Iterator[Ahead | None]:
        """Where a kernel comes from: the process that is forked, or one of its own."""
        if shared is not None or not CAN_WAIT:
            yield shared
            return
        with Ahead() as own:
            self._kernels.add(own)
            try:
                yield own
            finally:
                self._kernels.discard(own)

    def _written(self, number: int, kernel: Ahead | None) -> Entry:
        job = self.plan[number]
        assert job.target is not None
        written = write_report(job.target, job.folder, as_of=self.as_of, kernel=kernel)
        _refuse_partial(written)
        self._finish(written.page)
        given = found_in(resuming.read_twin(job.folder), job.target.record)
        entry = self.entries[number]
        return replace(entry, state="written", page=written.page, **given)

    def _gated(self, entry: Entry) -> Entry:
        """Set the exit code where a gate that was asked for is not met."""
        stopped = any(entry.stops.get(gate) for gate in self._gates)
        return replace(entry, exit_code=GateError.exit_code) if stopped else entry

    def _finished(self, number: int, entry: Entry) -> None:
        """Write down what became of a report, in the list too, and tell it."""
        self.entries[number] = entry
        self._finished_here += 1
        key = self._keys[number]
        if entry.finished and key:
            self._made[entry.name] = resuming.made_of(entry.folder, key)
        else:
            self._made.pop(entry.name, None)
        resuming.write_made(self.out, self._made)
        write_index(self.out, self.entries, self.as_of)
        self._tell(self._line(entry))

    def _line(self, entry: Entry) -> str:
        if entry.finished:
            outcome = say(f"verdict.{entry.verdict}").text
        else:
            outcome = say("batch.failed", why=entry.error).text
        return say(
            "batch.line",
            done=self.done,
            all=str(len(self.entries)),
            name=entry.name,
            outcome=outcome,
            left=self._left(),
        ).text

    def _left(self) -> str:
        """How long the rest may take, from what the reports took so far."""
        spent = time.monotonic() - self._begun
        return time_left(spent, self._finished_here, self._to_make)

    def _told(self, asked: str, error: WorkshopError | None) -> None:
        said = str(error)
        self._tell(said if said.startswith(asked) else f"{asked}: {said}")


def time_left(spent: float, done: int, all_: int) -> str:
    """Say how long the rest may take, when ``done`` of ``all_`` took ``spent``."""
    seconds = spent / max(done, 1) * (all_ - done)
    if done >= all_:
        return say("batch.left_none").text
    if seconds < 100:
        return say("batch.left_seconds", left=str(max(1, round(seconds)))).text
    return say("batch.left_minutes", left=str(round(seconds / 60))).text


def _first_entry(job: _Job) -> Entry:
    if job.error is None:
        return Entry(job.folder.name, job.asked, job.folder)
    entry = Entry(job.asked, job.asked, job.folder, state="failed")
    return replace(entry, error=str(job.error), exit_code=job.error.exit_code)


def _refuse_partial(written: Written) -> None:
    if written.why:
        raise (InputError if written.input_was_wrong else RunError)(written.why)


def _failed(entry: Entry, why: str, code: int) -> Entry:
    partial = entry.folder / PARTIAL[0]
    page = partial if partial.is_file() else None
    return replace(entry, state="failed", page=page, error=why, exit_code=code)
