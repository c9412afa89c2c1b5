"""How far do two people who judged the same cases agree, beyond chance?

Raw agreement stands beside kappa, because kappa alone hides how common each word was
(Cohen 1960; Artstein & Poesio 2008). The interval uses the large-sample standard error
of Fleiss, Cohen & Everitt 1969.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workshop.analysis.intervals import LEVEL, z_of
from workshop.errors import InputError


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of ``n`` cases, with ``agreed`` of them judged alike.

    ``value`` and the interval are None where chance alone would agree on everything:
    both used a single word, and the same.
    """

    value: float | None
    lo: float | None
    hi: float | None
    se: float | None
    level: float
    agreed: int
    n: int

    @property
    def agreement(self) -> float:
        """Raw share of cases judged alike."""
        return self.agreed / self.n


def cohen_kappa(table: ArrayLike, *, level: float = LEVEL) -> Kappa:
    """Kappa of a square table of counts.

    Rows are the first person's words, columns the second's, in the same order. Raises
    `InputError` unless the table is square, whole, not negative and not empty.

    >>> round(cohen_kappa([[20, 20], [10, 50]]).value, 4)
    0.3478
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise InputError(f"a table of agreement is square, not {counts.shape}")
    if not (counts >= 0).all() or not (counts == np.floor(counts)).all():
        raise InputError("a table of agreement holds whole counts, none negative")
    n = int(counts.sum())
    if n == 0:
        raise InputError("a table of agreement needs at least one case")
    z, agreed = z_of(level), int(np.trace(counts))
    shares = counts / n
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    seen, chance = float(np.trace(shares)), float(first @ second)
    if math.isclose(chance, 1.0):
        return Kappa(None, None, None, None, level, agreed, n)
    kappa = (seen - chance) / (1 - chance)
    # Fleiss, Cohen & Everitt 1969, equation 13: diagonal, other cells, remainder.
    marginal = first[:, None] + second[None, :]
    diagonal = np.diag(shares) * (1 - np.diag(marginal) * (1 - kappa)) ** 2
    # Cell (i, j) is weighed by the first's share of j and the second's share of i.
    weighed = shares * marginal.T**2
    others = (1 - kappa) ** 2 * (weighed.sum() - np.trace(weighed))
    rest = (kappa - chance * (1 - kappa)) ** 2
    variance = (float(diagonal.sum()) + float(others) - rest) / (1 - chance) ** 2 / n
    se = math.sqrt(max(0.0, variance))
    lo, hi = max(-1.0, kappa - z * se), min(1.0, kappa + z * se)
    return Kappa(kappa, lo, hi, se, level, agreed, n)
