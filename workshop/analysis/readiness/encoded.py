"""What does the sample hold, in a form that every look at shapes can share?

Each column becomes small codes: sorted for numbers, times and booleans, by first
appearance for text, -1 where nothing stands. Ranks, bins, rates and equalities are then
counting by code, which is quick for hundreds of columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.readiness.sheet import Field

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """Some rows of the table, sorted by key; ``whole`` says that these are all.

    ``judged`` and ``positive`` tell the rows' labels; ``when`` their time in seconds,
    NaN where it is not known. ``clusters`` numbers what rows hang together by from 0,
    None where nothing is named; a row without one stands alone.
    """

    frame: pd.DataFrame
    judged: Flags
    positive: Flags
    when: Floats
    whole: bool
    clusters: Codes | None = None

    def __len__(self) -> int:
        return len(self.frame)


@dataclass(frozen=True)
class Encoded:
    """A column as codes 0 … size - 1, -1 for missing; ``values`` are what they mean."""

    field: Field
    codes: Codes
    values: pd.Index

    @property
    def name(self) -> str:
        """The column's own name."""
        return self.field.name

    @property
    def ordered(self) -> bool:
        """Whether codes are in the order of the values."""
        return self.field.kind != "text"

    @property
    def size(self) -> int:
        """Number of distinct values."""
        return len(self.values)

    def counts(self, rows: Flags | None = None) -> Codes:
        """Count rows by code, missing ones in the last place."""
        codes = self.codes if rows is None else self.codes[rows]
        return np.bincount(_missing_last(codes, self.size), minlength=self.size + 1)


def encode(field: Field, column: pd.Series) -> Encoded:
    """Return a column of the sample as codes."""
    import pandas as pd

    codes, values = pd.factorize(column, sort=field.kind != "text")
    return Encoded(field, codes.astype(np.int64), pd.Index(values))


def cluster_codes(column: pd.Series) -> Codes:
    """Return the number of each row's cluster, from 0; rows without one stand alone."""
    import pandas as pd

    codes, names = pd.factorize(column)
    alone = codes < 0
    found = codes.astype(np.int64)
    found[alone] = len(names) + np.arange(int(alone.sum()))
    return found


def midranks(codes: Codes, size: int) -> Floats:
    """Return each code's mean rank among the rows that hold a value, from 0.5 on."""
    counts = np.bincount(codes[codes >= 0], minlength=size)
    return np.asarray(np.cumsum(counts) - counts / 2, dtype=np.float64)


def _missing_last(codes: Codes, size: int) -> Codes:
    return np.where(codes < 0, size, codes)
