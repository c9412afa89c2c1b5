"""Are these labels, scores and weights what can be counted?

One column each, of numbers; what is not is refused with its count and first place, so
that it can be found in the table it came from. A column that is fine costs one pass.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.errors import InputError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def labels_of(labels: ArrayLike) -> Bools:
    """Labels as truth, shape (n,); each must be 0 or 1, False or True."""
    given = _one_column(labels, "labels")
    if given.dtype.kind == "b":
        return given
    missing = _missing(given)
    if missing.any():
        raise InputError(f"{_count_and_first(missing, 'labels')} missing")
    hits = np.asarray(given == 1, dtype=np.bool_)
    if np.count_nonzero(hits) + np.count_nonzero(given == 0) != len(given):
        found = sorted({str(value) for value in given.tolist()})
        shown = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
        raise InputError(f"labels must be 0 or 1, but these are found: {shown}")
    return hits


def check_lengths(hits: Bools, values: Floats, what: str) -> None:
    """Refuse labels and values that are not as many."""
    if len(hits) != len(values):
        raise InputError(f"{len(hits)} labels but {len(values)} {what} were given")


def weights_of(weights: ArrayLike, hits: Bools) -> Floats:
    """Weights as floats, shape (n,): finite, none negative, one for each label."""
    given = numbers_of(weights, "weights")
    check_lengths(hits, given, "weights")
    largest_of(given, "weights")
    if (given < 0).any():
        raise InputError(f"{_count_and_first(given < 0, 'weights')} negative")
    return given


def largest_of(values: Floats, what: str) -> float:
    """The greatest magnitude; refuse what is not finite."""
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise _not_finite(values, what)
    return max(-low, high)


def numbers_of(values: ArrayLike, what: str) -> Floats:
    """Numbers of any kind as floats, shape (n,) and contiguous, widened without loss.

    Missing and infinite ones pass: `largest_of` refuses them in its own single pass.
    """
    given = _one_column(values, what)
    kind = given.dtype.kind
    if kind == "O":
        given = _numbers_in(given, what)
    elif kind not in "biuf":
        raise InputError(f"{what} must be numbers, but {given[0]!r} is found first")
    if kind in "iu" and max(-int(given.min()), int(given.max())) > 1 << 53:
        raise InputError(f"{what} are integers too large to tell apart as numbers")
    return np.ascontiguousarray(given, dtype=np.float64)


def _numbers_in(given: NDArray[Any], what: str) -> Floats:
    missing = _missing(given)
    for position in np.flatnonzero(~missing):
        value = given[position]
        if isinstance(value, str) or not np.isscalar(value):
            raise InputError(
                f"{what} must be numbers, but position {position} (counting from 0)"
                f" holds {value!r}"
            )
    return np.where(missing, np.nan, given).astype(np.float64)


def _one_column(values: ArrayLike, what: str) -> NDArray[Any]:
    given = np.asarray(values)
    if given.ndim != 1:
        raise InputError(f"{what} must be one column, but have shape {given.shape}")
    if len(given) == 0:
        raise InputError(f"there are no {what}: the table has no rows")
    return given


def _missing(values: NDArray[Any]) -> Bools:
    if values.dtype.kind == "O":
        import pandas as pd

        return np.asarray(pd.isna(values))
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values), dtype=np.bool_)
    return np.zeros(len(values), dtype=np.bool_)


def _not_finite(values: Floats, what: str) -> InputError:
    missing = np.isnan(values)
    if missing.any():
        return InputError(f"{_count_and_first(missing, what)} missing")
    return InputError(f"{_count_and_first(np.isinf(values), what)} infinite")


def _count_and_first(bad: Bools, what: str) -> str:
    count, first = int(np.count_nonzero(bad)), int(bad.argmax())
    verb = "is" if count == 1 else "are"
    at = f"first at position {first}, counting from 0"
    return f"{count} of {len(bad)} {what} ({at}) {verb}"
