"""Which columns may a baseline learn from, and how are they handed to it?

Numbers stay numbers, text becomes a native category (rare values are pooled), a time
becomes month, weekday and hour, and missing stays missing. What names or reaches a
person, what is only known afterwards, free text and what never varies is left out,
each with the reason's id. Nothing here looks at the label.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from workshop.data.card import ColumnRole

Floats = NDArray[np.float64]

# A histogram has 255 bins, and one category is the pool of the rare ones.
MOST_VALUES = 250
# From here on a table counts as wide: coarser bins, fewer rows (see `folds`).
WIDE = 50
MOST_VALUES_WIDE = 60
MOST_COLUMNS = 400
NEVER_ROLES: tuple[ColumnRole, ...] = (
    "id",
    "label",
    "score",
    "annotator",
    "leak",
    "time",
)
_NUMERIC_TEXT = 0.95
_SENTENCE_WORDS = 5
_ALL_DIFFERENT, _ENOUGH_TO_TELL = 0.9, 20


@dataclass(frozen=True)
class Inputs:
    """What is fed: ``values`` of shape (rows, parts), NaN where missing.

    ``categorical`` marks the parts that hold codes; ``used`` names the columns that
    the parts come from, in the table's order, and ``column_of`` says of each part
    which of these it is; ``left_out`` maps the others to why.
    """

    values: Floats
    categorical: NDArray[np.bool_]
    used: tuple[str, ...]
    left_out: dict[str, str]
    column_of: NDArray[np.intp]

    @property
    def wide(self) -> bool:
        """Whether there are so many parts that each is looked at more coarsely."""
        return len(self.categorical) > WIDE


def read_inputs(
    frame: pd.DataFrame,
    *,
    roles: Mapping[str, ColumnRole],
    never: Collection[str],
    apart: Mapping[str, str],
) -> Inputs:
    """Turn the columns that may be learnt from into numbers and codes.

    ``apart`` maps columns that play another part (key, label, time, cluster) to the
    reason's id; ``never`` are personal columns. Reasons are a role's name, or one of
    ``cluster, personal, free_text, all_different, constant, empty, unreadable,
    named_twice, too_many``.
    """
    left_out, open_ = _allowed(frame, roles=roles, never=never, apart=apart)
    most = MOST_VALUES_WIDE if len(open_) > WIDE else MOST_VALUES
    parts: list[tuple[Floats, bool]] = []
    used: list[str] = []
    column_of: list[int] = []
    for name in open_:
        read = _read(frame[name], most)
        if isinstance(read, str):
            left_out[name] = read
        else:
            column_of += [len(used)] * len(read)
            used.append(name)
            parts += read
    values = [part for part, _ in parts]
    return Inputs(
        np.column_stack(values) if values else np.empty((len(frame), 0)),
        np.array([coded for _, coded in parts], dtype=np.bool_),
        tuple(used),
        left_out,
        np.array(column_of, dtype=np.intp),
    )


def _allowed(
    frame: pd.DataFrame,
    *,
    roles: Mapping[str, ColumnRole],
    never: Collection[str],
    apart: Mapping[str, str],
) -> tuple[dict[str, str], list[str]]:
    left_out: dict[str, str] = {}
    twice = set(frame.columns[frame.columns.duplicated()])
    for name in dict.fromkeys(frame.columns):
        if name in apart:
            left_out[name] = apart[name]
        elif roles.get(name, "feature") in NEVER_ROLES:
            left_out[name] = roles[name]
        elif name in never:
            left_out[name] = "personal"
        elif name in twice:
            left_out[name] = "named_twice"
    open_ = [n for n in dict.fromkeys(frame.columns) if n not in left_out]
    if len(open_) > MOST_COLUMNS:
        # The fullest ones, whatever the label says: choosing by the label would
        # flatter every figure that follows.
        missing = frame[open_].isna().sum().to_numpy()
        kept = set(np.argsort(missing, kind="stable")[:MOST_COLUMNS].tolist())
        left_out |= {n: "too_many" for i, n in enumerate(open_) if i not in kept}
        open_ = [n for i, n in enumerate(open_) if i in kept]
    return left_out, open_


def _read(column: pd.Series[Any], most: int) -> list[tuple[Floats, bool]] | str:
    """Read one column as its parts, or say why it cannot be one."""
    import pandas as pd

    present = column.dropna()
    if present.empty:
        return "empty"
    kind = _kind(present)
    if kind == "time":
        return _times(column)
    if kind == "number":
        return _varying([(_numbers(column), False)])
    if kind == "unreadable":
        return kind
    text = present.astype(str)
    counts = text.value_counts()
    if _numeric_text(counts, len(text)):
        numbers = pd.to_numeric(column.astype("str"), errors="coerce")
        return _varying([(_numbers(numbers), False)])
    why_not = _unfit_text(counts, len(text))
    return why_not or _varying([(_codes(column, counts, most), True)])


def _kind(present: pd.Series[Any]) -> str:
    import pandas as pd

    types = pd.api.types
    if types.is_datetime64_any_dtype(present):
        return "time"
    if types.is_timedelta64_dtype(present) or types.is_numeric_dtype(present):
        return "number"
    if isinstance(present.dtype, (pd.CategoricalDtype, pd.StringDtype)):
        return "text"
    found = types.infer_dtype(present, skipna=True)
    if found in ("date", "datetime", "datetime64"):
        return "time"
    if found in ("boolean", "decimal", "integer", "floating", "mixed-integer-float"):
        return "number"
    nested = present.map(lambda v: isinstance(v, (list, dict, set, np.ndarray, bytes)))
    return "unreadable" if bool(nested.any()) else "text"


def _numbers(column: pd.Series[Any]) -> Floats:
    import pandas as pd

    if pd.api.types.is_timedelta64_dtype(column):
        return np.asarray(column.dt.total_seconds(), dtype=np.float64)
    values = column.astype("Float64" if column.dtype != object else "float64")
    read = np.array(values.to_numpy(np.float64, na_value=np.nan), dtype=np.float64)
    # An infinite value has no bin.
    read[~np.isfinite(read)] = np.nan
    return read


def _times(column: pd.Series[Any]) -> list[tuple[Floats, bool]] | str:
    """Month, weekday and hour; the moment itself would only tell old from new."""
    import pandas as pd

    moments = pd.to_datetime(column, utc=True, errors="coerce").dt
    parts = (moments.month, moments.day_of_week, moments.hour)
    return _varying([(_numbers(part), False) for part in parts])


def _varying(parts: list[tuple[Floats, bool]]) -> list[tuple[Floats, bool]] | str:
    # A part with one value still says something where others are missing.
    kept = [p for p in parts if len(np.unique(p[0])) > 1]
    return kept or "constant"


def _numeric_text(counts: pd.Series[int], rows: int) -> bool:
    """Whether nearly all of a text column are numbers written out."""
    import pandas as pd

    values = pd.Series(counts.index.astype("str"))
    read = pd.to_numeric(values, errors="coerce").notna().to_numpy()
    return bool(counts.to_numpy()[read].sum() >= _NUMERIC_TEXT * rows)


def _unfit_text(counts: pd.Series[int], rows: int) -> str:
    words = counts.index.astype("str").str.count(r"\S+").to_numpy()
    mean = float((words * counts.to_numpy()).sum()) / rows
    if mean >= _SENTENCE_WORDS and len(counts) > min(MOST_VALUES, rows / 2):
        return "free_text"
    if rows >= _ENOUGH_TO_TELL and len(counts) > _ALL_DIFFERENT * rows:
        return "all_different"
    return ""


def _codes(column: pd.Series[Any], counts: pd.Series[int], most: int) -> Floats:
    """Number the values, commonest first, ties by their text; the rest share one."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    place = {str(value): float(i) for i, (value, _) in enumerate(ranked[:most])}
    present = column.notna().to_numpy()
    codes = np.full(len(column), np.nan)
    text = column[present].astype(str)
    codes[present] = text.map(place).fillna(float(most)).to_numpy(dtype=np.float64)
    return codes
