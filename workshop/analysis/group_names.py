"""Which groups of people are shown, and to which does each row belong?

A column of a scenario may hold hundreds of values, and rows without one. A page shows a
handful: the largest by name, the others gathered, those without a value apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.split import group_codes
from workshop.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int16]

MOST = 6  # groups shown


@dataclass(frozen=True, slots=True)
class Group:
    """One group as it is shown: a value, several gathered, or no value at all.

    ``name`` is the value's text, and empty for the other two, which wording names.
    ``gathered`` says how many values were gathered.
    """

    name: str
    kind: Literal["value", "others", "missing"] = "value"
    gathered: int = 0

    @property
    def key(self) -> str:
        """A text that no other group of the column has: part of a number's id."""
        if self.kind != "value":
            return f"*{self.kind}"
        return f"*{self.name}" if self.name.startswith("*") else self.name


def group_names(
    values: ArrayLike | pd.Series, most: int = MOST
) -> tuple[Codes, tuple[Group, ...]]:
    """Which groups of one column are shown, and to which each row belongs.

    The largest are shown by name, largest first. Where there are more than ``most``,
    the smallest are gathered into one group; rows without a value, or with a blank one,
    are a group of their own, the last. Neither the order of rows nor ties matter.

    Parameters
    ----------
    values
        Shape (n,): text, numbers, dates, with None, NaN or the like where missing. 7,
        7.0 and "7" are one group.
    most
        Groups shown at most, those of gathered and of missing values included; from 2
        to 100.

    Returns
    -------
    The place of each row's group, shape (n,), read-only; and the groups.

    Raises
    ------
    InputError
        No rows, more than one column, values such as lists that cannot be compared, or
        ``most`` out of range.
    """
    if not 2 <= most <= 100:
        raise InputError(f"from 2 to 100 groups can be shown, not {most}")
    found, names = _numbered(values)
    sizes = np.bincount(found[found >= 0], minlength=len(names))
    order = sorted(range(len(names)), key=lambda i: (-sizes[i], names[i]))
    missing = bool((found < 0).any())
    shown = order if len(order) + missing <= most else order[: most - 1 - missing]
    groups = [Group(names[i]) for i in shown]
    place = np.full(len(names) + 1, len(shown), dtype=np.int16)
    place[shown] = np.arange(len(shown))
    if len(shown) < len(order):
        groups.append(Group("", "others", len(order) - len(shown)))
    # Rows without a value carry -1, which reads the last place.
    place[-1] = len(groups)
    if missing:
        groups.append(Group("", "missing"))
    codes = place[found]
    codes.flags.writeable = False
    return codes, tuple(groups)


def _numbered(values: ArrayLike | pd.Series) -> tuple[NDArray[np.intp], list[str]]:
    """Number the distinct values by their text; -1 where there is none."""
    import pandas as pd

    try:
        series = pd.Series(values).reset_index(drop=True)
    except ValueError as error:
        raise InputError("a group column is one column") from error
    if len(series) == 0:
        raise InputError("there are no rows to group")
    given = series.notna().to_numpy(dtype=bool)
    present = series[given]
    if pd.api.types.infer_dtype(present, skipna=False).startswith("mixed"):
        # True equals 1 to Python; which of the two came first must not matter.
        present = present.map(lambda v: str(v) if isinstance(v, bool | np.bool_) else v)
    try:
        codes, names = group_codes(present.to_numpy(), what="group")
    except TypeError as error:
        raise InputError("a group is a text, a number or a date, no list") from error
    found = np.full(len(series), -1, dtype=np.intp)
    named = [place for place, name in enumerate(names) if name.strip()]
    renumbered = np.full(len(names), -1, dtype=np.intp)
    renumbered[named] = np.arange(len(named))
    found[given] = renumbered[codes]
    return found, [names[place] for place in named]
