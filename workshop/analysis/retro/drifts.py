"""What moved between the rows kept aside and the new ones: labels, scores, inputs?

The rows kept aside are those on which the promise was seen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import rate
from workshop.analysis.retro.apart import apart
from workshop.analysis.retro.new_rows import NewRows
from workshop.analysis.retro.results import Drifts, Shift, Why
from workshop.analysis.retro.shifted import Sides, put_together, shifts, thinned
from workshop.analysis.retro.volumes import volumes
from workshop.record.values import Number

if TYPE_CHECKING:
    import pandas as pd

TOP = 5
"""Inputs that are shown: those that moved furthest."""
SCORE = "\0score"
"""A name for the scores that no column of a table has."""


def drifts(rows: NewRows) -> Drifts:
    """Compare the new rows with those kept aside."""
    why: Why = rows.why if rows.why in ("no_option", "without_model") else ""
    then, now = _table_then(rows), _table_now(rows)
    scenario = rows.evidence.scenario
    sides = put_together(then, now, time=scenario.time, cluster=scenario.cluster)
    wanted = _inputs(rows)
    names = [name for name in wanted if name in sides.frame]
    deff = rows.evidence.design_effect(rows.option.id).deff if rows.run else 1.0
    inputs = shifts(thinned(sides), names, kind="input", deff=deff) if names else ()
    labels = (None, None, None) if why else _labels(rows)
    return Drifts(
        *labels,
        scores=None if why else _scores(sides, rows),
        inputs=inputs[:TOP],
        looked_at=len(inputs),
        told=sum(shift.moved for shift in inputs),
        volumes=volumes(sides, scenario.groups, seed=scenario.seed),
        not_there=tuple(n for n in wanted if n not in rows.later.table.columns),
        why=why or ("" if labels[1] else rows.missing("prevalence") or "no_labels"),
    )


def _table_then(rows: NewRows) -> pd.DataFrame:
    """The rows kept aside, with their scores beside their columns."""
    evidence = rows.evidence
    own = evidence.runs.get(rows.run) or next(iter(evidence.runs.values()))
    aside = ~evidence.choosing(own.option)
    table = _by_key(evidence.data, evidence.scenario.key, own.keys[aside])
    return table.assign(**{SCORE: own.scores[aside]})


def _table_now(rows: NewRows) -> pd.DataFrame:
    later = rows.later
    own = later.runs.get(rows.run)
    if own is None:
        return later.table
    table = _by_key(later.table, later.scenario.key, own.rows.keys)
    return table.assign(**{SCORE: own.rows.scores})


def _by_key(table: pd.DataFrame, key: str, keys: NDArray[np.str_]) -> pd.DataFrame:
    """The table's rows in the order of ``keys``."""
    import pandas as pd

    names = table[key].astype(str).to_numpy(dtype=object)
    wanted = keys.astype(object)
    if np.array_equal(names, wanted):
        return table
    place = pd.Index(names).get_indexer(wanted)
    found: pd.DataFrame = table.iloc[place].reset_index(drop=True)
    return found


def _inputs(rows: NewRows) -> list[str]:
    """Columns that a model could be given, as the card says."""
    scenario, card = rows.evidence.scenario, rows.evidence.card
    label = scenario.label.column if scenario.label else None
    apart_from = {scenario.key, scenario.time, scenario.cluster, label}
    apart_from |= set(scenario.annotators)
    found = []
    for name in map(str, rows.evidence.data.columns):
        column = card.column(name)
        role = column.role if column else "feature"
        if name not in apart_from and role in ("feature", "group"):
            found.append(name)
    return found


def _scores(sides: Sides, rows: NewRows) -> Shift | None:
    deff = rows.evidence.design_effect(rows.option.id).deff
    found = shifts(sides, [SCORE], kind="score", deff=deff)
    if not found:
        return None
    named = {SCORE: rows.evidence.scenario.run(rows.run).score}
    return _renamed(found[0], named)


def _renamed(shift: Shift, named: dict[str, str]) -> Shift:
    def own(number: Number) -> Number:
        return number.model_copy(update={"id": number.id.replace(SCORE, named[SCORE])})

    return replace(
        shift,
        column=named[SCORE],
        index=own(shift.index),
        critical=own(shift.critical),
        ks=own(shift.ks) if shift.ks else None,
    )


def _labels(
    rows: NewRows,
) -> tuple[Number | None, Number | None, Number | None]:
    """The share of positives then and now; None where no label is known."""
    evidence = rows.evidence
    own = evidence.scored[rows.option.id]
    aside = ~evidence.choosing(rows.option.id)
    deff = evidence.design_effect(rows.option.id).deff
    labels = own.labels[aside]
    id = "retro.labels"
    then = rate(f"{id}.then", int(labels.sum()), len(labels), rows="report", deff=deff)
    now = rows.labels
    if not now.n:
        return then, None, None
    gap = apart(f"{id}.difference", now, then, deff_now=rows.label_deff, deff_then=deff)
    return then, now, gap
