"""Where scenarios and notebooks lie, and what a word on the command line refers to.

In a checkout they lie beside the library; in an installed wheel inside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.data.scenario import Scenario, load_scenario
from workshop.data.stores import fetch, is_address
from workshop.errors import InputError
from workshop.record.choices import Record
from workshop.record.file import RecordFile

if TYPE_CHECKING:
    from workshop.record.wire import RoomFile

DEFAULT_RECORD = Path("my-workshop") / "record.yaml"
EXAMPLE = "example-record.yaml"
FIRST_SCENARIO = "privacy-assistant"
NOTEBOOKS = "notebooks"
"""What the folder of notebooks is called, here and beside a record."""

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Target:
    """A scenario with the record that is to be read for it."""

    scenario: Scenario
    file: RecordFile | RoomFile

    @property
    def record(self) -> Record:
        """The record as it is on disk now, or an empty one before the first save."""
        if self.file.exists:
            return self.file.read()
        return Record(scenario=name_for(self.scenario, self.file.path))

    @property
    def name(self) -> str:
        """A short name for folders and headings."""
        path = self.file.path
        if path.name == EXAMPLE:
            return self.scenario.id
        above = path.absolute().parent.name  # record.yaml alone names no folder
        return above if above and path.stem == "record" else path.stem


def example_of(scenario: Scenario) -> Record | None:
    """Return the scenario's example record; None where it has none."""
    file = scenario.folder / EXAMPLE
    return RecordFile(file, read_only=True).read() if file.is_file() else None


def shipped(kind: str) -> Path:
    """Return the folder of shipped ``notebooks`` or ``datasets``."""
    inside = _PACKAGE / "_shipped" / kind
    return inside if inside.is_dir() else _PACKAGE.parent / kind


def in_checkout() -> bool:
    """Say whether the library runs from a checkout and not from an installed wheel."""
    return not (_PACKAGE / "_shipped").is_dir()


def scenario_folders() -> tuple[Path, ...]:
    """Return the folders of all shipped scenarios, by name."""
    return tuple(sorted(p.parent for p in shipped("datasets").glob("*/scenario.yaml")))


def name_for(scenario: Scenario, record: Path) -> str:
    """What a record calls its scenario: a name, or the way there from the record."""
    folder, beside = scenario.folder, record.resolve().parent
    if folder == beside or is_shipped(folder):
        return scenario.id
    return Path(os.path.relpath(folder, beside)).as_posix()


def find_scenario(name: str, *, named_in: str = "") -> Scenario:
    """Find a scenario by its shipped name or by its folder's path.

    ``named_in`` is the file and key that names it, for the error.

    Raises
    ------
    InputError
        When there is none; the nearest name is offered.
    """
    folder = Path(name)
    if (folder / "scenario.yaml").is_file():
        return load_scenario(folder)
    for shipped_folder in scenario_folders():
        if shipped_folder.name == name:
            return load_scenario(shipped_folder)
    where = f"{named_in}: " if named_in else ""
    raise InputError(f"{where}{_no_such_scenario(name)}")


def _no_such_scenario(name: str) -> str:
    known = [folder.name for folder in scenario_folders()]
    own = [file.parent.name for file in Path.cwd().glob("*/scenario.yaml")]
    near = get_close_matches(name, [*own, *known], n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
    return (
        f"{name}: neither a shipped scenario, nor a folder with scenario.yaml, "
        f"nor a record; {hint}"
    )


def find_target(name: str) -> Target:
    """Resolve a record's path or address, a scenario's name or a scenario's folder.

    A record at an address is read and never written. A scenario stands for its example
    record, opened read-only; where it has none, for an empty record beside it that
    nothing is written to.

    Raises
    ------
    InputError
        When the word refers to nothing that exists.

    Examples
    --------
    >>> target = find_target("privacy-assistant")
    >>> target.scenario.proposed, target.record.participants.product[0].name
    ('minilm', 'Dana')
    """
    if is_address(name):
        return _target_of_record(fetch(name), read_only=True)
    path = Path(name)
    if path.is_file():
        return _target_of_record(path)
    scenario = find_scenario(name)
    return Target(scenario, RecordFile(scenario.folder / EXAMPLE, read_only=True))


def _target_of_record(path: Path, *, read_only: bool = False) -> Target:
    file = RecordFile(path, read_only=read_only or is_shipped(path))
    name = file.read().scenario
    folder = folder_named(path, name)
    if folder is not None:
        return Target(load_scenario(folder), file)
    return Target(find_scenario(name, named_in=f"{path}, scenario"), file)


def folder_named(record: Path, name: str) -> Path | None:
    """Return the folder that a record's ``scenario:`` leads to from where it lies.

    None where it leads to none, as a shipped scenario's name does.
    """
    beside = record.resolve().parent
    alike = [beside] if beside.name == Path(name).name else []
    tried = (*alike, beside / name)
    return next((one for one in tried if (one / "scenario.yaml").is_file()), None)


def is_shipped(path: Path) -> bool:
    """Say whether a path lies in the shipped datasets, where nothing is written."""
    return path.resolve().is_relative_to(shipped("datasets").resolve())


def open_target(record: str = "") -> Target:
    """Resolve what a notebook works on: the argument, the environment, the default.

    In a page of a room it is the record that the room's server keeps for this seat
    (``WORKSHOP_ROOM``), whatever else is named.

    Paths are relative to `home`, never to the kernel's own folder.

    Raises
    ------
    InputError
        When a record or scenario was named that does not exist.
    """
    room = os.environ.get("WORKSHOP_ROOM", "")
    if room:
        return _target_in_room(room)
    name = record or os.environ.get("WORKSHOP_RECORD", "")
    if not name:
        return _own_record(home() / DEFAULT_RECORD)
    if is_address(name):
        return find_target(name)
    path = home() / name
    if path.is_file() or (path / "scenario.yaml").is_file():
        return find_target(str(path))
    if path.suffix in (".yaml", ".yml"):
        return _own_record(path)
    return find_target(name)


def home() -> Path:
    """Return the folder that a notebook's paths start from.

    ``WORKSHOP_HOME`` is where the program was started. Without it an editor has opened
    a notebook, and runs it in the notebook's own folder: then it is the folder in which
    the program was started that copied it, or the checkout that it is shipped in.
    """
    stated = os.environ.get("WORKSHOP_HOME", "")
    if stated:
        return Path(stated)
    here = Path.cwd()
    if here.parts[-2:] == (DEFAULT_RECORD.parent.name, NOTEBOOKS):
        return here.parents[1]
    if in_checkout() and here == shipped(NOTEBOOKS):
        return here.parent
    return Path()


def _target_in_room(url: str) -> Target:
    from workshop.record.wire import RoomFile

    scenario = find_scenario(os.environ.get("WORKSHOP_SCENARIO", FIRST_SCENARIO))
    return Target(scenario, RoomFile(url, os.environ.get("WORKSHOP_SEAT", "")))


def _own_record(path: Path) -> Target:
    """A record that is written on the first save, for the scenario chosen by name."""
    if path.is_file():
        return _target_of_record(path)
    name = os.environ.get("WORKSHOP_SCENARIO", FIRST_SCENARIO)
    own = home() / name
    is_own = (own / "scenario.yaml").is_file()
    return Target(find_scenario(str(own) if is_own else name), RecordFile(path))
