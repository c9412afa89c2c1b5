"""What did the model judge say of each row, and what did a person say of some?

The judge's labels are the run's own (``label.column``); people's labels and further
runs of the judge stand beside them, in the run's file or in the scenario's data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workshop.data.refusals import need_column
from workshop.data.scenario import Scenario
from workshop.data.source import load_run, scored_rows
from workshop.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

TO_START_WITH = 100
"""Rows for people to label at first.

With half of either kind, each of the judge's two error rates is known to about ten
points.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The rows of one run, each with what the judge said; True where acting is right.

    ``judge`` has shape (n,); ``human`` (n,) is 1 or 0 by a person and NaN where nobody
    looked; ``repeats`` (r, n) are further runs of the judge; ``clusters`` (n,) is None
    where rows count as independent. ``at_random`` says that the rows with a person's
    label were drawn at random. ``title`` names the judge, ``means`` says what makes a
    row right. Raises `InputError` where lengths differ or nobody labelled a row.
    """

    judge: NDArray[np.bool_]
    human: NDArray[np.float64]
    repeats: NDArray[np.bool_]
    clusters: NDArray[np.str_] | None = None
    at_random: bool = False
    title: str = ""
    means: str = ""

    def __post_init__(self) -> None:
        """Refuse what does not belong together."""
        n, last = len(self.judge), self.repeats.shape[-1]
        others = [len(self.human), last if len(self.repeats) else n]
        others += [len(self.clusters)] if self.clusters is not None else []
        if any(length != n for length in others):
            raise InputError(
                f"the judge has {n} rows, but people's labels, its other runs or the "
                f"clusters have {others}; each row needs one of each"
            )
        if not np.isin(self.human[~np.isnan(self.human)], (0, 1)).all():
            raise InputError("a person's label is 1, 0 or missing, and nothing else")
        if np.isnan(self.human).all():
            raise InputError(no_human_labels("these rows"))


def read_judged(scenario: Scenario, option: str, data: pd.DataFrame) -> Judged:
    """Read what the judge and people said, in the order of `scored_rows`' keys.

    Raises
    ------
    InputError
        When the scenario names no judge, a column is missing or stands twice, no row
        has a person's label, a further run is missing somewhere, or a label is none of
        those that the judge gives.
    """
    judge, label = scenario.judge, scenario.label
    if judge is None or label is None:
        raise InputError(f"{scenario.id}/scenario.yaml names no judge: of its labels.")
    rows = scored_rows(scenario, option, data)
    columns = _columns(scenario, option, data, rows.keys)
    file = scenario.run(option).file
    known = columns[0].unique().tolist()
    for column in columns[1:]:
        _refuse_other_values(column, known, file)
    human, *repeats = columns[1:]
    if human.isna().all():
        raise InputError(no_human_labels(f"{file}: the column {human.name!r}"))
    for column in repeats:
        _refuse_missing(column, file)
    runs = [(column == label.positive).to_numpy(dtype=bool) for column in repeats]
    found = Judged(
        judge=rows.labels,
        human=_ones_and_zeros(human, label.positive),
        repeats=np.array(runs, dtype=bool).reshape(len(runs), len(rows)),
        clusters=rows.clusters,
        at_random=judge.at_random,
        title=judge.title,
        means=label.means,
    )
    for array in (found.judge, found.human, found.repeats, found.clusters):
        if array is not None:
            array.flags.writeable = False
    return found


def no_human_labels(where: str) -> str:
    """Say that a judge alone corrects nothing, and how many labels would start it."""
    return (
        f"{where}: judge labels without any human ones; no corrected number is shown. "
        f"Let people label about {TO_START_WITH} rows drawn at random, or take judge: "
        "out of scenario.yaml."
    )


def _columns(
    scenario: Scenario, option: str, data: pd.DataFrame, keys: NDArray[np.str_]
) -> list[pd.Series]:
    """The judge's column, people's, and those of further runs, in the keys' order."""
    judge, label, run = scenario.judge, scenario.label, scenario.run(option)
    assert judge is not None
    assert label is not None
    names = [run.label or label.column, judge.human, *judge.repeats]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(
            f"{scenario.id}/scenario.yaml: the column {twice[0]!r} is named more than "
            "once among label.column, judge.human and judge.repeats; they must differ."
        )
    table = load_run(scenario, option)
    table.index = pd.Index(table[scenario.key].astype(str))
    looked_up = data.set_index(data[scenario.key].astype(str))
    found = []
    for name in names:
        place = table if name in table.columns else looked_up
        both = [*table.columns, *looked_up.columns]
        need_column(both, name, f"{run.file} and {scenario.data}", scenario)
        found.append(place.loc[keys, name])
    return found


def _refuse_other_values(column: pd.Series, known: list[object], file: str) -> None:
    strange = [v for v in column.dropna().unique().tolist() if v not in known]
    if strange:
        raise InputError(
            f"{file}: {column.name!r} holds {str(strange[0])[:30]!r}, which is none of "
            f"the judge's labels ({', '.join(str(v)[:30] for v in known[:4])}); write "
            "both in the same words."
        )


def _refuse_missing(column: pd.Series, file: str) -> None:
    missing = int(column.isna().sum())
    if missing:
        raise InputError(
            f"{file}: the judge's further run {column.name!r} is missing in {missing} "
            f"of {len(column)} rows; let it judge all of them, or leave it out of "
            "judge.repeats."
        )


def _ones_and_zeros(human: pd.Series, positive: object) -> NDArray[np.float64]:
    ones = (human == positive).fillna(False).to_numpy(dtype=np.float64)
    return np.where(human.isna().to_numpy(dtype=bool), np.nan, ones)
