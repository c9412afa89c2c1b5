"""What does a filter in front of a model let through, and where may a line stand then?

What it leaves out is scored below all else, and no line goes down to there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop.data.candidates import Candidate
from workshop.data.source import ScoredRows
from workshop.errors import InputError
from workshop.record.values import Policy

Bools = NDArray[np.bool_]


def let_through(
    candidate: Candidate, columns: Mapping[str, NDArray[np.object_]], *, file: str
) -> Bools:
    """Which rows have what the option's ``only`` wants in each column; read-only.

    ``columns`` holds each column's value of each row, shape (n,). A missing value is
    never let through. Raises `InputError` naming ``file`` where no row is.
    """
    import pandas as pd

    missing = [pd.isna(each) for each in columns.values()]
    kept: Bools = ~np.logical_or.reduce(missing)
    for name, wanted in candidate.only.items():
        among = wanted if isinstance(wanted, tuple) else (wanted,)
        known = columns[name][kept]  # what is missing compares with nothing
        kept[kept] = np.isin(known, np.array(among, dtype=object))
    if not kept.any():
        raise InputError(
            f"{file}: the option {candidate.id!r} has no row: none has "
            f"{candidate.only}; correct its only:."
        )
    kept.flags.writeable = False
    return kept


def below_all(rows: ScoredRows, kept: Bools) -> ScoredRows:
    """The same rows, with what was not kept scored below all else."""
    least = rows.scores.min()
    under = min(least - 1.0, np.nextafter(least, -np.inf))  # of huge ones, 1 is nothing
    scores = np.where(kept, rows.scores, under)
    scores.flags.writeable = False
    return replace(rows, scores=scores)


def from_score(policy: Policy, least: Any) -> Policy:
    """The same policy, reaching down to a score and no further."""
    if policy.kind == "all":
        return Policy(kind="single", act_at=float(least))
    cuts = {"act_at": policy.act_at, "review_at": policy.review_at}
    moved = {n: max(cut, float(least)) for n, cut in cuts.items() if cut is not None}
    return policy.model_copy(update=moved)
