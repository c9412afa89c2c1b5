"""The file that keeps a record: read, saved section by section, never half.

Widgets are views of this file. Several windows, several people and a text editor may
change it at the same time; nobody's words are lost, and a comment stays where it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workshop.errors import ConflictError, InputError, ReadOnlyError, RunError
from workshop.record import borrowed, yaml_io
from workshop.record.atomic import leftovers, touched, write_text
from workshop.record.choices import CHOICES, SECTIONS, LogEntry, Record
from workshop.record.locking import locked
from workshop.record.migrate import upgrade
from workshop.record.mistakes import explain_value, nearest, shown
from workshop.record.sealed import Drawer, Table
from workshop.record.together import ADDED_TO, BY_ROLE, SameWordsTwiceError, both
from workshop.record.values import Role, Seen
from workshop.record.yaml_again import Known
from workshop.record.yaml_nodes import Node

SAVEABLE = (*CHOICES, "retrospectives")
LOOKS_AGAIN = 0.3
"""How many seconds pass between two looks at whether the file has changed."""

Allow = Callable[[Record, Record], None]
"""Raises where a change from the first record to the second is not allowed."""


def read_record(text: str, *, file: str | Path) -> Record:
    """Read the text of a record of any known format.

    ``file`` is what errors call it; `InputError` names it with line and key.

    >>> read_record("{format: 1, scenario: deposit-calls}", file="a.yaml").revision
    0
    """
    return _checked_root(yaml_io.compose(text, file=file), file=file)


def _checked_root(root: Node, *, file: str | Path) -> Record:
    def prepare(root: Node) -> dict[str, Any]:
        place = root.key("format")
        return upgrade(root.value, file=file, line=place.line if place else None)

    return yaml_io.check(root, Record, file=file, prepare=prepare)


class RecordFile:
    """One pair's record on disk.

    Parameters
    ----------
    path : str or Path
        The file; it need not exist before `create` or the first save.
    read_only : bool
        Refuse every change, as a shipped example does.
    bets : Path, optional
        The folder in which sealed bets wait; each person's own by default.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = RecordFile(Path(folder) / "record.yaml")
    ...     record = file.create(Record(scenario="privacy-assistant"))
    ...     told = {"base": record, "who": "Dana", "decided": "the search it is"}
    ...     record = file.save("option", "minilm", **told)
    >>> record.revision, record.option, record.log[-1].decided
    (1, 'minilm', 'the search it is')
    """

    seat: Role | None = None
    """The half that this reader acts for; None where the pair sits at one page."""

    def __init__(
        self, path: str | Path, *, read_only: bool = False, bets: Path | None = None
    ) -> None:
        self.path = Path(path)
        self.read_only = read_only
        self._bets = bets
        self._known: tuple[str, Record] | None = None
        self._composed: Known | None = None

    @property
    def exists(self) -> bool:
        """Whether there is a file to read."""
        return self.path.is_file()

    def read(self) -> Record:
        """Return the record as it stands on disk now.

        Parsed again only when the file has changed: pages ask often.
        """
        stamp = self.stamp
        if self._known is None or self._known[0] != stamp:
            root = self._compose(self._text())
            self._known = stamp, _checked_root(root, file=self.path)
        return self._known[1]

    @property
    def stamp(self) -> str:
        """What changes whenever the file does; empty without one."""
        return "-".join(f"{part:x}" for part in touched(self.path))

    def wait_for_change(self, stamp: str, seconds: float) -> str:
        """Wait until the file is another than ``stamp``, or the time is over.

        Returns
        -------
        str
            The stamp as it is then; hand it in to wait for the next change.
        """
        until = time.monotonic() + seconds
        while (now := self.stamp) == stamp:
            left = until - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(LOOKS_AGAIN, left))
        return now

    def drawer(self, record: str) -> Drawer:
        """Where bets wait that are sealed for the record of this random name."""
        return Drawer(record, self._bets)

    @property
    def table(self) -> Table:
        """The folder beside the record where bets are laid to be opened."""
        return Table(self.path)

    def create(self, record: Record, *, force: bool = False) -> Record:
        """Write a new file, and the folders above it; overwrite only with force.

        `InputError` where one is there already; `ReadOnlyError` for a shipped example.
        """
        self._refuse_if_read_only(record.scenario)
        with self.locked():
            if self.path.exists() and not force:
                raise InputError(
                    f"{self.path}: already exists; choose another name, or --force"
                )
            text = yaml_io.dump(record)
            created = read_record(text, file=self.path)
            write_text(self.path, text)
            return created

    def save(
        self,
        section: str,
        value: Any,
        *,
        base: Record,
        who: str,
        decided: str,
        because: str = "",
        seen: Seen | None = None,
        now: str | None = None,
    ) -> Record:
        """Save one section; see `save_many`."""
        return self.save_many(
            {section: value},
            base=base,
            who=who,
            decided=decided,
            because=because,
            seen=seen,
            now=now,
        )

    def save_many(
        self,
        values: Mapping[str, Any],
        *,
        base: Record,
        who: str,
        decided: str,
        because: str = "",
        seen: Seen | None = None,
        now: str | None = None,
        allow: Allow | None = None,
    ) -> Record:
        """Save sections in one revision and log the decision.

        Parameters
        ----------
        values : mapping of section to value
            Values or plain dicts; None clears a section.
        base : Record
            What the caller had read. Sections that somebody else changed since then
            are kept as they are now on disk.
        who, decided, because : str
            The line of the decision log.
        seen : Seen, optional
            The figures that the decision rested on.
        now : str, optional
            The time to log; the current one by default.
        allow : callable, optional
            Gets the record on disk and the one to be, while nobody else can write;
            what it raises keeps the save from happening.

        Returns
        -------
        Record
            What now stands on disk: the ``base`` of the next save.

        Raises
        ------
        ConflictError
            A section was changed by somebody else in the meantime. Nothing is
            written.
        InputError
            There is no such section, or it cannot have that value.
        ReadOnlyError
            The record is a shipped example.
        RunError
            The disk is full, or somebody else has been writing for too long.
        """
        _refuse_unknown(values)
        names = [name for name in SECTIONS if name in values]
        said = {"decided": decided, "because": because, "seen": seen}
        line = _line(", ".join(names), who, now, **said)
        return self._commit(values, line, base=base, allow=allow)

    def note(
        self,
        decided: str,
        *,
        base: Record,
        who: str,
        section: str = "",
        because: str = "",
        seen: Seen | None = None,
        now: str | None = None,
        allow: Allow | None = None,
    ) -> Record:
        """Log a decision that changes no section, such as "undecided, go on"."""
        said = {"decided": decided, "because": because, "seen": seen}
        line = _line(section, who, now, **said)
        return self._commit({}, line, base=base, allow=allow)

    def _commit(
        self,
        values: Mapping[str, Any],
        line: LogEntry,
        *,
        base: Record,
        allow: Allow | None,
    ) -> Record:
        self._refuse_if_read_only(base.scenario)
        with self.locked():
            self._sweep()
            text = self._text() if self.exists else yaml_io.dump(base)
            old = self._compose(text)
            current = self._current(old, base)
            changed = self._reconciled(values, base=base, current=current)
            log = (*current.log, line)
            step = {"revision": current.revision + 1, "log": log}
            target = borrowed.marked(current, _checked(current, changed | step))
            if allow is not None:
                allow(current, target)
            new, found = yaml_io.merge_composed(
                text, old, _changes(old, current, target), file=self.path
            )
            written = _checked_root(found, file=self.path)
            if written != target or written.log[:-1] != current.log:
                raise RunError(
                    f"{self.path}: the new text does not read back; nothing was saved"
                )
            self._refuse_if_edited_since(text)
            write_text(self.path, new)
            self._composed = new, found
            return written

    def _compose(self, text: str) -> Node:
        """Return what a text holds; little of it is new when it is read again."""
        known = self._composed
        if known is None or known[0] != text:
            root = yaml_io.compose(text, file=self.path, known=known)
            self._composed = known = text, root
        return known[1]

    def _current(self, old: Node, base: Record) -> Record:
        if not self.exists and base.revision:
            raise ConflictError(
                f"{self.path}: the file is gone since it was read; put it back, or "
                "start a new one. Nothing was written"
            )
        current = _checked_root(old, file=self.path)
        if current.scenario != base.scenario:
            raise ConflictError(
                f"{self.path}: holds {shown(current.scenario)}, not "
                f"{shown(base.scenario)}; save under another name"
            )
        return current

    def _refuse_if_edited_since(self, text: str) -> None:
        """An editor does not ask for the lock."""
        if self.exists and self._text() != text:
            raise ConflictError(
                f"{self.path}: was edited by hand at this very moment; save again. "
                "Nothing was written"
            )

    def _reconciled(
        self, values: Mapping[str, Any], *, base: Record, current: Record
    ) -> dict[str, Any]:
        wanted = _checked(base, values)
        agreed = {}
        for name in values:
            mine, theirs, was = (getattr(r, name) for r in (wanted, current, base))
            if theirs in (was, mine):
                agreed[name] = mine
            elif name in ADDED_TO and mine[: len(was)] == was:
                agreed[name] = (*theirs, *mine[len(was) :])
            elif name in BY_ROLE:
                parts = [yaml_io.as_plain(part) for part in (was, theirs, mine)]
                try:
                    agreed[name] = both(*parts)
                except SameWordsTwiceError:
                    raise self._conflict(name, base, current) from None
            else:
                raise self._conflict(name, base, current)
        return agreed

    def _conflict(self, section: str, base: Record, current: Record) -> ConflictError:
        by = "hand, in the file,"
        for line in current.log[len(base.log) :]:
            if section in line.section.split(", "):
                by = f"{line.who[:60]!r} at {line.at[:40]}"
        return ConflictError(
            f"{self.path}: {section} was changed by {by} since you opened it. Nothing "
            "is lost: theirs stands in the file, yours on your page; reload and compare"
        )

    def _text(self) -> str:
        if not self.path.exists():
            raise InputError(
                f"{self.path}: there is no record here; make one with "
                f"'workshop start SCENARIO -o {self.path}'"
            )
        return yaml_io.read_text(self.path)

    def _refuse_if_read_only(self, scenario: str) -> None:
        if self.read_only:
            raise ReadOnlyError(
                f"{self.path}: a shipped example, open for reading only; make your own "
                f"with 'workshop start {scenario} -o my-workshop/record.yaml'"
            )

    def locked(self) -> AbstractContextManager[None]:
        """Keep everybody else from writing for as long as this lasts."""
        return locked(self.path)

    def _sweep(self) -> None:
        for file in leftovers(self.path):
            with suppress(OSError):
                file.unlink()


def _line(section: str, who: str, now: str | None, **said: Any) -> LogEntry:
    at = now or datetime.now(UTC).isoformat(timespec="seconds")
    return LogEntry(at=at, who=who, section=section, **said)


def _refuse_unknown(values: Mapping[str, Any]) -> None:
    for name in values:
        if name not in SAVEABLE:
            raise InputError(f"{shown(name)} is no section; {nearest(name, SAVEABLE)}")


def _changes(old: Node, current: Record, target: Record) -> dict[str, Any]:
    """Return the sections to write; those that did not change keep their text."""
    names = [n for n in SECTIONS if getattr(current, n) != getattr(target, n)]
    if old.value["format"] != target.format:
        # An older format was upgraded on reading: all of it is written anew.
        names = [*SECTIONS, *(n for n in old.value if n not in SECTIONS)]
    return {name: getattr(target, name, None) for name in names}


def _checked(record: Record, values: Mapping[str, Any]) -> Record:
    """Return the record with some sections replaced, all checked again."""
    sections = {name: getattr(record, name) for name in SECTIONS}
    cleared = {name: Record.model_fields[name].get_default() for name in values}
    given = {
        name: cleared[name] if value is None else value
        for name, value in values.items()
    }
    try:
        return Record.model_validate(sections | given)
    except ValidationError as error:
        raise explain_value(error, Record) from None
