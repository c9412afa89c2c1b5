"""Columns that cannot carry a figure are refused: labels, scores, keys.

Every refusal names the file, the column, what was found and the remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workshop.data.scenario import Run, Scenario
from workshop.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def check_labels(column: pd.Series, scenario: Scenario, file: str) -> NDArray[np.bool_]:
    """Turn a label column into True where it is positive.

    Raises
    ------
    InputError
        When it is all missing, partly missing, of one class, or of three values and
        more without a word on which of them is positive.
    """
    name, label = column.name, scenario.label
    if label is None:
        raise InputError(f"{file}: scenario.yaml names no label to judge the rows by.")
    missing = int(column.isna().sum())
    if missing == len(column):
        raise InputError(f"{file}: every value of the label {name!r} is missing.")
    if missing:
        raise InputError(
            f"{file}: {missing} of {len(column)} labels in {name!r} are missing; "
            "leave those rows out of the run or label them."
        )
    positive = column == label.positive
    several = column.nunique() > 2
    if several and "positive" not in label.model_fields_set:
        raise InputError(
            f"{file}: the label {name!r} has {column.nunique():,} values "
            f"({_commonest(column)}); a decision needs two: write one against the "
            "rest, as positive: in scenario.yaml."
        )
    if not positive.any() or positive.all():
        raise InputError(
            f"{file}: the label {name!r} holds only {_commonest(column)}, and "
            f"{label.positive!r} counts as positive; both classes are needed."
        )
    return positive.to_numpy(dtype=bool)


def _commonest(column: pd.Series) -> str:
    """The most frequent values, as they are written in a file."""
    values = column.value_counts().index[:4].tolist()
    shown = ", ".join(repr(value)[:30] for value in values)
    return f"{shown}, …" if column.nunique() > 4 else shown


def check_scores(table: pd.DataFrame, run: Run) -> NDArray[np.float64]:
    """Return the score column as float64.

    Raises
    ------
    InputError
        When it is absent, text, missing, infinite or one single value.
    """
    if run.score not in table.columns:
        raise InputError(
            f"{run.file}: there is no score column {run.score!r}; the columns are "
            f"{', '.join(map(str, table.columns[:8]))}."
        )
    where = f"{run.file} ({run.id}): the score {run.score!r}"
    scores = check_numbers(table[run.score], where, are="scores are numbers")
    if scores.min() == scores.max():
        raise InputError(
            f"{where} is {scores[0]:g} in every row, so no threshold can separate "
            "anything; give scores that differ."
        )
    return scores


def check_numbers(column: pd.Series, where: str, *, are: str) -> NDArray[np.float64]:
    """Return a column as float64, or say what in it is no plain number."""
    missing = int(column.isna().sum())
    if missing < len(column) and not pd.api.types.is_numeric_dtype(column):
        example = str(column.dropna().iloc[0])[:30]
        raise InputError(f"{where} is text (such as {example!r}); {are}.")
    if missing:
        raise InputError(
            f"{where} is missing in {missing} of {len(column)} rows; fill it in or "
            "leave those rows out."
        )
    numbers = column.to_numpy(dtype=np.float64)
    infinite = int((~np.isfinite(numbers)).sum())
    if infinite:
        raise InputError(f"{where} is infinite in {infinite} of {len(column)} rows.")
    return numbers


def need_column(
    columns: Sequence[str], name: str, file: str, scenario: Scenario
) -> None:
    """Raise an `InputError` where a table has no such column."""
    if name not in columns:
        raise InputError(
            f"{file}: there is no column {name!r}; the columns are "
            f"{', '.join(map(str, columns[:12]))}. "
            f"Correct {scenario.id}/scenario.yaml."
        )


def need_unique(keys: pd.Series, file: str) -> None:
    """Raise an `InputError` where a key stands twice, or is missing."""
    missing = int(keys.isna().sum())
    if missing:
        raise InputError(
            f"{file}: the key {str(keys.name)[:40]!r} is missing in {missing:,} rows; "
            "each row needs a key of its own."
        )
    twice = keys[keys.duplicated()]
    if len(twice):
        raise InputError(
            f"{file}: the key {str(twice.iloc[0])[:40]!r} stands more than once; "
            "each row needs a key of its own."
        )
