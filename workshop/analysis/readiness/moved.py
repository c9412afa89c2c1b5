"""How many rows can have moved, given a column's population stability index?"""

from __future__ import annotations

import math


def most_moved(psi: float) -> float:
    """Return the largest share of rows that can hold other values than before.

    At a given share t (total variation) the index is at least 2t·ln((1 + t)/(1 - t)),
    with equality for two bins that swap their shares (Gilardoni 2006); solved for t.

    >>> round(most_moved(0.040547), 2)
    0.1
    """
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        small = 4 * middle * math.atanh(middle) < psi
        low, high = (middle, high) if small else (low, middle)
    return high
