"""Are the columns of new rows those of the workshop's own, and written alike?

A label in another coding would turn every right answer into a wrong one without a
word, so that it is refused; so is a time that cannot be read, or a missing key.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workshop.data.candidates import Scalar
from workshop.data.scenario import Run, Scenario
from workshop.data.source import load_run
from workshop.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def own_values(
    scenario: Scenario, run: Run, name: str, data: pd.DataFrame
) -> tuple[Scalar, ...]:
    """The values that a label has in the workshop's own rows, most frequent first.

    Empty where they cannot be told, as in a record without its data.
    """
    table = load_run(scenario, run.id)
    column = table[name] if name in table else data.get(name)
    if column is None:
        return ()
    return tuple(column.dropna().value_counts().index.tolist())


def positives(column: pd.Series, positive: Scalar) -> NDArray[np.bool_]:
    """Which rows have the positive value; a missing one has not."""
    return (column == positive).fillna(False).to_numpy(dtype=bool)


def check_coding(
    column: pd.Series, positive: Scalar, own: tuple[Scalar, ...], file: str
) -> None:
    """Refuse labels that are written in another way than the workshop's own.

    Raises
    ------
    InputError
        A value of another kind than the positive one (a number where a word stood), or
        a third value where there were two.
    """
    found = column.dropna().unique().tolist()
    odd = [value for value in found if not _fits(value, positive, own)]
    if not odd:
        return
    shown = ", ".join(repr(value)[:30] for value in found[:4])
    expected = ", ".join(repr(value)[:30] for value in own[:4]) or repr(positive)
    raise InputError(
        f"{file}: the label {column.name!r} is written in another way: found {shown} "
        f"where {expected} stood in the workshop's data; write it so, {positive!r} for "
        "the positive ones, and leave it empty where it is not known yet."
    )


def _fits(value: Scalar, positive: Scalar, own: tuple[Scalar, ...]) -> bool:
    if value in own or value == positive:
        return True
    # of several values, one against the rest, a new one is one of the rest
    return isinstance(value, str) == isinstance(positive, str) and not 0 < len(own) <= 2


def refuse_other_name(name: str, columns: Iterable[str], file: str) -> None:
    """A label under nearly the same name is no late label: say so and stop."""
    alike = [c for c in columns if str(c).strip().lower() == name.strip().lower()]
    if alike:
        raise InputError(
            f"{file}: there is no label column {name!r}, but {alike[0]!r}; call it "
            f"{name!r}, or leave it out while labels are late."
        )


def nearest(name: str, columns: Iterable[str]) -> str:
    """The column whose name is nearest to one that is missing; empty if none is."""
    lowered = {str(column).lower(): str(column) for column in columns}
    found = get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)
    return lowered[found[0]] if found else ""


def need(frame: pd.DataFrame, name: str, file: str) -> None:
    """Raise an `InputError` without a column; the nearest one is offered."""
    if name not in frame:
        raise InputError(f"{file}: there is no column {name!r}; {_hint(frame, name)}.")


def _hint(frame: pd.DataFrame, name: str) -> str:
    near = nearest(name, list(frame.columns))
    if near:
        return f"did you mean {near!r}? Call it {name!r} as in the workshop's data"
    shown = ", ".join(map(str, frame.columns[:8]))
    return f"the columns are {shown}. Add it as it stands in the workshop's data"


def need_filled(frame: pd.DataFrame, scenario: Scenario, file: str) -> None:
    """No row without a key, or without what it hangs together by."""
    for name in (scenario.key, scenario.cluster):
        missing = 0 if name is None else int(frame[name].isna().sum())
        if missing:
            raise InputError(
                f"{file}: {name!r} is missing in {missing:,} of {len(frame):,} rows; "
                "fill it in or leave those rows out."
            )


def with_times(frame: pd.DataFrame, scenario: Scenario, file: str) -> pd.DataFrame:
    """The time column as moments, in UTC and without a zone."""
    name = scenario.time
    if name is None:
        return frame
    column = frame[name]
    if pd.api.types.is_numeric_dtype(column):
        raise InputError(
            f"{file}: the time {name!r} is a number (such as {column.iloc[0]}); write "
            "days or moments, such as 2026-11-20 or 2026-11-20 14:30."
        )
    when = pd.to_datetime(column, utc=True, errors="coerce").dt.tz_localize(None)
    unread = int(when.isna().sum())
    if unread:
        example = str(column[when.isna()].iloc[0])[:30]
        raise InputError(
            f"{file}: the time {name!r} cannot be read in {unread:,} of "
            f"{len(frame):,} rows (such as {example!r}); write days or moments, such "
            "as 2026-11-20 or 2026-11-20 14:30."
        )
    return frame.assign(**{name: when})
