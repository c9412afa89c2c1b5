"""How are scores put in order with their labels beside them, at the price of one sort?

An argsort carries an array of positions along. Here the label itself travels in a spare
bit of the score: one array of integers is sorted, and both are read from it again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MAGNITUDE = (1 << 63) - 1  # every bit of a float64 but its sign
_SPARE = 1 << 62  # the bit that numbers below 2 never set
_BLOCK = 1 << 15  # rows handled at once, so that a block stays in the cache


def sort_with_labels(
    scores: Floats, hits: Bools, *, largest: float
) -> tuple[Floats, Ints]:
    """Sort scores upwards and bring their labels, as 0 and 1, into the same order.

    Parameters
    ----------
    scores
        Shape (n,), finite and contiguous; -0.0 comes back as 0.0.
    hits
        Shape (n,). Among equal scores their order is free.
    largest
        The greatest magnitude among the scores.

    >>> scores, hits = np.array([2.0, -1.0, 0.5]), np.array([True, True, False])
    >>> sort_with_labels(scores, hits, largest=2.0)
    (array([-1. ,  0.5,  2. ]), array([1, 0, 1]))
    """
    scale = _scale_below_two(largest)
    keys = _pack(scores, hits, scale)
    if keys is None:
        order = np.argsort(scores)
        return scores[order] + 0.0, hits[order].astype(np.int64)
    keys.sort()
    # Bits of negative numbers ascend with their size: the lowest of them came last.
    _reverse(keys[: np.searchsorted(keys, 0)])
    return _unpack(keys, scale)


def _scale_below_two(largest: float) -> float:
    """The power of two, at most 1, that brings ``largest`` below 2."""
    _, exponent = np.frexp(largest)
    return float(np.ldexp(1.0, -max(0, int(exponent) - 1)))


def _pack(scores: Floats, hits: Bools, scale: float) -> Ints | None:
    """Integers of sign, magnitude and, as the lowest bit, the label.

    A float64 has its sign in the first bit and, below 2, a spare one in the second
    (IEEE 754): the rest moves up by one. Larger numbers are scaled by a power of two,
    which is exact unless the least of them vanish; then the answer is None.
    """
    keys = np.empty(len(scores), dtype=np.int64)
    for part in _blocks(len(scores)):
        key, scaled = keys[part], keys[part].view(np.float64)
        np.multiply(scores[part], scale, out=scaled)
        if scale < 1 and not np.array_equal(scaled * (1 / scale), scores[part]):
            return None
        scaled += 0.0  # -0.0 becomes 0.0
        key += key & _MAGNITUDE
        key |= hits[part]
    return keys


def _unpack(keys: Ints, scale: float) -> tuple[Floats, Ints]:
    """Undo `_pack`, in place."""
    found = np.empty_like(keys)
    for part in _blocks(len(keys)):
        key, scores = keys[part], keys[part].view(np.float64)
        np.bitwise_and(key, 1, out=found[part])
        key >>= 1  # copies the sign into the spare bit
        key &= ~_SPARE
        if scale < 1:
            scores *= 1 / scale
    return keys.view(np.float64), found


def _reverse(values: Ints) -> None:
    """Reverse in place, block by block: a whole copy costs more than the moves."""
    end = len(values)
    for part in _blocks(end // 2):
        mirror = slice(end - part.stop, end - part.start)
        kept = values[part].copy()
        values[part] = values[mirror][::-1]
        values[mirror] = kept[::-1]


def _blocks(rows: int) -> list[slice]:
    starts = range(0, rows, _BLOCK)
    return [slice(start, min(start + _BLOCK, rows)) for start in starts]
