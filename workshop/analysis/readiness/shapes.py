"""What do a bounded number of rows show of the columns' shapes?

Separation, drift, twins, personal data, makes and free text, all from one sample of at
most 50,000 rows; every figure carries the rows it rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workshop.analysis.readiness.counting import ratio_deff
from workshop.analysis.readiness.drifting import find_drifts
from workshop.analysis.readiness.encoded import Encoded, Sample, encode
from workshop.analysis.readiness.makes import find_free_text, find_mixed
from workshop.analysis.readiness.personal import find_personal
from workshop.analysis.readiness.profile import Shapes
from workshop.analysis.readiness.separation import find_separations
from workshop.analysis.readiness.sheet import Field, Sheet
from workshop.analysis.readiness.twins import find_twins

# A most frequent value is named where a column has few, or where one has this share.
FEW_VALUES, LARGE_SHARE = 100, 0.5


def encode_sample(sheet: Sheet, sample: Sample) -> tuple[Encoded, ...]:
    """Return every scalar column of the sample as codes."""
    fields = [field for field in sheet.fields if field.kind != "other"]
    return tuple(encode(field, sample.frame[field.name]) for field in fields)


def look_at_shapes(
    sheet: Sheet, sample: Sample, columns: Sequence[Encoded], rows: int
) -> Shapes:
    """Return what the sample shows of the columns' shapes.

    Separation and twins look at inputs and at what is known only after the event,
    drift at inputs and scores, the rest at every column. ``rows`` are the table's.
    """
    inputs = set(sheet.inputs)
    features = [c for c in columns if c.field in inputs or c.field.role == "leak"]
    moving = [c for c in columns if c.field in inputs or c.field.role == "score"]
    texts = [c for c in columns if c.field.kind == "text"]
    return Shapes(
        rows=len(sample),
        whole=sample.whole,
        separations=find_separations(features, sample),
        drifts=find_drifts(moving, sample),
        twins=find_twins(features, sample),
        personal=find_personal(columns, sample),
        mixed=find_mixed(texts),
        free_text=find_free_text(texts),
        hole_deffs=_hole_deffs(columns, sample, rows),
    )


def _hole_deffs(
    columns: Sequence[Encoded], sample: Sample, rows: int
) -> dict[str, float]:
    """Size how far holes come by the cluster, where the table names one."""
    if sample.clusters is None or not len(sample):
        return {}
    sizes = np.bincount(sample.clusters).astype(np.float64)
    sums = float(len(sizes)), float((sizes**2).sum())
    found = {}
    for column in columns:
        missing = np.flatnonzero(column.codes < 0)
        holes = np.bincount(sample.clusters[missing], minlength=len(sizes))
        both = float((holes**2).sum()), float((holes * sizes).sum())
        deff = ratio_deff(len(sample), len(missing), *sums, *both)
        # A cluster has as many times more rows in the table as the table has.
        found[column.name] = 1 + (deff - 1) * rows / len(sample)
    return {name: deff for name, deff in found.items() if deff > 1}


def commonest_in(columns: Sequence[Encoded]) -> list[tuple[Field, Any]]:
    """Return the most frequent value of each column that has few, or one that rules."""
    found = []
    for column in columns:
        counts = column.counts()[:-1]
        if not len(counts) or column.field.kind == "time":
            continue
        if column.size <= FEW_VALUES or counts.max() >= LARGE_SHARE * counts.sum():
            value = column.values[int(counts.argmax())]
            found.append(
                (column.field, value.item() if hasattr(value, "item") else value)
            )
    return found
