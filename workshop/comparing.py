"""`workshop compare`: read records, and say where they differ.

Records alone are read: no data, no kernel. A scenario is looked up only for its title
and its currency, and may be missing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.data.catalog import find_scenario, find_target, folder_named
from workshop.errors import InputError, WorkshopError
from workshop.record.atomic import explain, write_text
from workshop.record.choices import Record
from workshop.record.digest import digest, same_digest
from workshop.record.file import RecordFile
from workshop.record.values import ROLES
from workshop.views.wording import say

if TYPE_CHECKING:
    from workshop.data.scenario import Scenario
    from workshop.views.recaps.compared import Source, Told

PAGE, TWIN = "compare.html", "compare.json"


@dataclass(frozen=True)
class Given:
    """One record that was named, its file, and its scenario where that is here."""

    name: str
    path: Path
    record: Record
    scenario: Scenario | None

    @property
    def of(self) -> str:
        """What its scenario is called, whatever the way to it."""
        if self.scenario is not None:
            return self.scenario.id
        return Path(self.record.scenario).name


@dataclass(frozen=True)
class Comparison:
    """What to print, and one line for each record that had to be left out."""

    text: str
    left_out: tuple[str, ...] = ()
    page: Path | None = None

    @property
    def exit_code(self) -> int:
        """2 where a record could not be read, else 0."""
        return 2 if self.left_out else 0


def compare(
    targets: Sequence[str],
    output: Path | None = None,
    *,
    as_json: bool = False,
    as_of: date | None = None,
    labels: Sequence[str] | None = None,
) -> Comparison:
    """Say where records differ, choice by choice, with what each saw.

    Parameters
    ----------
    targets
        At least two records, or scenarios that stand for their example records.
    output
        A folder for ``compare.html`` and ``compare.json``; nothing is written without.
    as_json
        Give JSON instead of text.
    as_of
        The day that counts as today; later retrospectives are left out.
    labels
        Names to show the records by, one for each target; their people's names, with
        the file where two have the same, when left out.

    Returns
    -------
    Comparison
        A record that cannot be read is left out and named, and the others are compared.

    Raises
    ------
    InputError
        With fewer than two records, one that is named twice, records of different
        scenarios, or a folder that nothing can be written to.
    RunError
        When the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     mine = Path(folder) / "mine.yaml"
    ...     _ = RecordFile(mine).create(Record(scenario="privacy-assistant"))
    ...     found = compare(["privacy-assistant", str(mine)], as_json=True)
    >>> found.exit_code, json.loads(found.text)["scenario"]
    (0, 'privacy-assistant')
    """
    from workshop.views.recaps.compared_text import compared_json, compared_text

    if len(targets) < 2:
        raise InputError(say("compare.error.one", first=_first(targets)).text)
    given, left_out = _read(targets)
    if len(given) < 2:
        raise InputError("\n".join((*left_out, say("compare.error.too_few").text)))
    _refuse_others(given)
    named = labels_of(given) if labels is None else _kept(labels, targets, given)
    told = _told(given, named, as_of or date.today())
    data = json.dumps(compared_json(told), indent=1, ensure_ascii=False)
    text = data if as_json else compared_text(told)
    if output is None:
        return Comparison(text, left_out)
    page = _put(output, told, f"{data}\n")
    if not as_json:
        text = f"{text}\n{say('compare.error.written', page=str(page)).text}"
    return Comparison(text, left_out, page)


def _first(targets: Sequence[str]) -> str:
    return targets[0] if targets else "it"


def _read(targets: Sequence[str]) -> tuple[list[Given], tuple[str, ...]]:
    """Read what can be read; a line for each that cannot."""
    given: list[Given] = []
    left_out: list[str] = []
    known: dict[str, Scenario | None] = {}
    for name in targets:
        try:
            one = _given(name, known)
        except WorkshopError as error:
            why = str(error).removeprefix(f"{name}: ")
            left_out.append(say("compare.error.left_out", file=name, why=why).text)
            continue
        if any(one.path.resolve() == other.path.resolve() for other in given):
            raise InputError(say("compare.error.twice", first=name).text)
        given.append(one)
    return given, tuple(left_out)


def _given(name: str, known: dict[str, Scenario | None]) -> Given:
    """Read a record; its scenario need not be here, as with one of an older version."""
    path = Path(name)
    if not path.is_file():
        target = find_target(name)
        return Given(name, target.file.path, target.file.read(), target.scenario)
    record = RecordFile(path).read()
    where = _folder_of(path, record)
    if where not in known:
        known[where] = _scenario_in(where)
    return Given(name, path, record, known[where])


def _folder_of(path: Path, record: Record) -> str:
    """The folder that a record names, or the shipped name; each is read only once."""
    folder = folder_named(path, record.scenario)
    return record.scenario if folder is None else str(folder.resolve())


def _scenario_in(where: str) -> Scenario | None:
    try:
        return find_scenario(where)
    except WorkshopError:
        return None


def _refuse_others(given: Sequence[Given]) -> None:
    first = given[0]
    for other in given[1:]:
        if other.of != first.of or _titled_otherwise(first, other):
            raise InputError(
                say(
                    "compare.error.scenarios",
                    first=first.name,
                    other=other.name,
                    scenario=first.of,
                    another=other.of,
                ).text
            )


def _titled_otherwise(one: Given, other: Given) -> bool:
    """Two folders may have one name and hold different things."""
    if one.scenario is None or other.scenario is None:
        return False
    return one.scenario.title != other.scenario.title


def labels_of(given: Sequence[Given]) -> tuple[str, ...]:
    """Name records by their people; by their files too where names are the same."""
    names = [_people(one.record) for one in given]
    files = _short([one.path for one in given])
    counts = Counter(names)
    return tuple(
        say("compare.one_of", label=name, file=file).text if counts[name] > 1 else name
        for name, file in zip(names, files, strict=True)
    )


def _people(record: Record) -> str:
    """Both halves by name; a persona is no person."""
    halves = [getattr(record.participants, role) for role in ROLES]
    names = [p.name for people in halves for p in people if not p.persona]
    if not names:
        return say("compare.nobody").text
    if any(p.persona for people in halves for p in people) and len(names) == 1:
        return say("compare.alone", name=names[0]).text
    found = names[0]
    for name in names[1:]:
        found = say("compare.pair", first=found, then=name).text
    return found


def _short(paths: Sequence[Path]) -> list[str]:
    """The ends of paths, each as long as it takes to tell them apart."""
    parts = [path.resolve().parts for path in paths]
    for length in range(1, max(map(len, parts)) + 1):
        ends = ["/".join(part[-length:]) for part in parts]
        if len(set(ends)) == len(ends):
            return ends
    return [str(path) for path in paths]


def _kept(
    labels: Sequence[str], targets: Sequence[str], given: Sequence[Given]
) -> tuple[str, ...]:
    """The labels of those that could be read."""
    by_name = dict(zip(targets, labels, strict=True))
    return tuple(by_name[one.name] for one in given)


def _told(given: Sequence[Given], labels: Sequence[str], day: date) -> Told:
    from workshop.analysis.compared import compare_records
    from workshop.views.recaps.compared import Told

    records = [one.record for one in given]
    known = next((g.scenario for g in given if g.scenario is not None), None)
    compared = compare_records(records, labels=labels, as_of=day.isoformat())
    files = _short([one.path for one in given])
    return Told(
        compared,
        sources=tuple(map(_source, files, records)),
        scenario=given[0].of,
        title=known.title if known else given[0].of,
        as_of=day.isoformat(),
        currency=known.payoff.unit if known else "",
    )


def _source(file: str, record: Record) -> Source:
    from workshop.views.recaps.compared import Source

    now = digest(record)
    signed = [record.signatures.get(role) for role in ROLES]
    return Source(
        file=file,
        revision=record.revision,
        signed=all(one is not None and same_digest(one.digest, now) for one in signed),
        digest=now,
    )


def _put(output: Path, told: Told, data: str) -> Path:
    from workshop.views.recaps.compared import compared_page

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(output, error) from error
    write_text(output / TWIN, data)
    write_text(output / PAGE, compared_page(told))
    return output / PAGE
