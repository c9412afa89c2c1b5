"""What somebody asks for when they bring a table, and what is wrong with asking so."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urlsplit

from workshop.data.catalog import is_shipped
from workshop.data.guess import Named
from workshop.data.scenario import Stated
from workshop.data.stores import is_address
from workshop.data.tables import duckdb_path, refuse_to_fetch, without_password
from workshop.errors import InputError, ReadOnlyError

OURS = ("scenario.yaml", "card.yaml", "data.parquet", "runs.parquet")
_DATABASES = (".duckdb", ".ddb")


@dataclass(frozen=True)
class Asked:
    """What `new_scenario` is asked for: the arguments of ``workshop new``.

    ``data`` is a file or an address, ``runs`` a file of judged answers, ``stated``
    ranges before any data; one of the three. All else names columns of it.

    >>> Asked(Path("calls"), data="calls.csv", label="sold", positive="yes").key is None
    True
    """

    folder: Path
    data: str = ""
    runs: str = ""
    label: str | None = None
    positive: str | None = None
    time: str | None = None
    groups: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()
    cluster: str | None = None
    key: str | None = None
    table: str | None = None
    stated: Stated | None = None
    force: bool = False

    @property
    def named(self) -> Named:
        """What was said of the columns."""
        return Named(
            label=self.label,
            time=self.time,
            key=self.key,
            cluster=self.cluster,
            groups=self.groups,
            scores=self.scores,
            annotators=self.annotators,
        )

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Every column that was named, with the option that named it."""
        single = {"label": self.label, "time": self.time, "key": self.key}
        single["cluster"] = self.cluster
        several = {"group": self.groups, "score": self.scores}
        several["annotator"] = self.annotators
        pairs = [(o, name) for o, name in single.items() if name is not None]
        pairs += [(o, name) for o, names in several.items() for name in names]
        return tuple(pairs)


def check_asked(asked: Asked) -> None:
    """Refuse what contradicts itself, or would overwrite something.

    Raises
    ------
    InputError
        With what to write instead.
    ReadOnlyError
        Where the folder lies among the shipped examples.
    """
    if is_shipped(asked.folder):
        raise ReadOnlyError(f"{asked.folder}: shipped examples stay as they are.")
    if asked.folder.exists() and not asked.folder.is_dir():
        raise InputError(f"{asked.folder} is a file; name a folder.")
    there = [name for name in OURS if (asked.folder / name).exists()]
    if there and not asked.force:
        raise InputError(
            f"{asked.folder} holds {', '.join(there)} already; "
            "name another folder, or add --force to replace them."
        )
    if asked.data and asked.runs:
        raise InputError(
            "--data and --runs are two ways in: --data with --score COL for a table "
            "with its scores, --runs for an assistant's judged answers."
        )
    if asked.stated is not None and (asked.data or asked.runs):
        raise InputError(
            "stated rates stand in for data that is not there; "
            "leave out either them or the file."
        )
    _check_roles(asked)


def _check_roles(asked: Asked) -> None:
    if asked.data and not asked.label:
        for given, option in ((asked.positive, "positive"), (asked.scores, "score")):
            if given:
                raise InputError(f"--{option} says something of a label; add --label.")
    seen: dict[str, str] = {}
    for option, name in asked.columns:
        first = seen.setdefault(name, option)
        # what rows hang together by may well be looked at as a group
        if first != option and {first, option} != {"cluster", "group"}:
            raise InputError(
                f"{name!r} is named with --{first} and with --{option}; "
                "a column plays one part."
            )


def check_columns(asked: Asked, columns: Iterable[str], where: str) -> None:
    """Refuse a named column that the table does not have, offering the nearest."""
    known = list(columns)
    for option, name in asked.columns:
        if name not in known:
            raise InputError(
                f"{where}: there is no column {name[:60]!r} (--{option}); "
                f"{nearest(name, known)}"
            )


def nearest(name: str, known: list[str]) -> str:
    """Return words that offer the likeliest of what there is."""
    lower = {k.casefold(): k for k in reversed(known)}
    near = get_close_matches(name.casefold(), lower, n=1)
    if near:
        return f"did you mean {lower[near[0]]!r}?"
    more = f" and {len(known) - 12:,} more" if len(known) > 12 else ""
    return f"there are: {', '.join(known[:12])}{more}."


def place(data: str) -> Path | str:
    """Tell a file from an address.

    Raises
    ------
    InputError
        For what would have to be fetched from the net.
    """
    if data.lower().startswith("file:"):
        return Path(unquote(urlsplit(data).path))
    if is_address(data):
        refuse_to_fetch(data)
        return data
    path = Path(data)
    if path.suffix.lower() in _DATABASES:
        return f"duckdb://{path}"
    return path


def kept_address(address: str, folder: Path) -> str:
    """An address as scenario.yaml keeps it: paths seen from the folder."""
    if not address.lower().startswith("duckdb://"):
        return without_password(address)
    path = duckdb_path(address, Path())
    return f"duckdb://{Path(os.path.relpath(path, folder.absolute())).as_posix()}"


def kept_table(address: str, table: str, folder: Path) -> str:
    """A table as scenario.yaml keeps it: Spark's files are seen from the folder."""
    if not address.lower().startswith(("pyspark://", "spark://")):
        return table
    if not Path(table).exists():
        return table
    return Path(os.path.relpath(table, folder.absolute())).as_posix()


_RANGE = re.compile(r"\s*([\d.]+)\s*(%?)\s*(?:-|–|to|\.\.)\s*([\d.]+)\s*(%?)\s*")


def ranges(
    *, positive_rate: str = "", precision: str = "", recall: str = ""
) -> Stated | None:
    """Read ranges such as 0.05-0.2 or 5-20%; None where none was given.

    Raises
    ------
    InputError
        When a range is not one, or does not go from low to high between 0 and 1.
    """
    given = {"positive_rate": positive_rate, "precision": precision, "recall": recall}
    read = {name: _range(name, text) for name, text in given.items() if text}
    return Stated(**read) if read else None


def _range(name: str, text: str) -> tuple[float, float]:
    found = _RANGE.fullmatch(text)
    option = "--" + name.replace("_", "-")
    remedy = "write a range such as 0.05-0.20, or 5-20%."
    try:
        ends = [float(found[1]), float(found[3])] if found else []
    except ValueError:
        ends = []
    if not found or not ends:
        raise InputError(f"{option} {text[:30]}: {remedy}")
    if found[4] or found[2]:
        ends = [end / 100 for end in ends]
    low, high = ends
    if not 0 <= low <= high <= 1:
        raise InputError(
            f"{option} {text[:30]}: a range goes from low to high, within 0 to 1; "
            f"{remedy}"
        )
    return low, high
