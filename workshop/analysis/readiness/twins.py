"""Which columns say nearly the same as another?

Numbers by rank correlation where both hold a value, categories when they are one-to-one
or equal in nearly all rows beyond chance. Each column is named once, beside the first
one that it repeats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.readiness.encoded import Codes, Encoded, Sample, midranks
from workshop.analysis.readiness.profile import Twins

SEED = 20263
ALIKE = 0.98
# A first look is allowed to be this much too low before the exact figure is taken.
LOOSE = 0.9
FEWEST = 30
# Two rare flags agree by chance on nearly all rows; so many must be uncommon.
FEWEST_UNCOMMON = 5
# Beyond this many columns the first look takes this many rows.
MANY_COLUMNS, FIRST_LOOK = 500, 1_000

Pairs = Iterator[tuple[int, int]]


def find_twins(columns: Sequence[Encoded], sample: Sample) -> tuple[Twins, ...]:
    """Return the pairs that say nearly the same, the most alike first."""
    if len(sample) < FEWEST:
        return ()
    told = [column for column in columns if _tells(column)]
    numbers = [column for column in told if column.ordered]
    texts = [column for column in told if not column.ordered]
    found: dict[str, Twins] = {}
    for i, j in _one_to_one(told):
        rows = int((told[i].codes >= 0).sum())
        _keep(found, Twins(told[i].name, told[j].name, 1.0, rows))
    for group, close, likeness in (
        (numbers, _close_in_rank, _rank_likeness),
        (texts, _close_in_text, _equal_likeness),
    ):
        for i, j in close(group):
            first, second = group[i], group[j]
            if {first.name, second.name} & set(found):
                continue
            share, rows = likeness(first, second)
            if share >= ALIKE and rows >= FEWEST:
                _keep(found, Twins(first.name, second.name, share, rows))
    return tuple(sorted(found.values(), key=lambda t: (-t.likeness, t.first, t.second)))


def _keep(found: dict[str, Twins], twins: Twins) -> None:
    found.setdefault(twins.second, twins)


def _tells(column: Encoded) -> bool:
    counts = column.counts()[:-1]
    return column.size > 1 and counts.sum() - counts.max() >= FEWEST_UNCOMMON


def _one_to_one(columns: Sequence[Encoded]) -> Pairs:
    """Yield columns whose values stand for each other in every row."""
    import pandas as pd

    seen: dict[bytes, int] = {}
    for place, column in enumerate(columns):
        # Values that are nearly all different stand for each other in any two columns.
        if column.size > len(column.codes) / 2:
            continue
        by_appearance = pd.factorize(column.codes)[0].astype(np.int32).tobytes()
        first = seen.setdefault(by_appearance, place)
        if first != place:
            yield first, place


def _close_in_rank(columns: Sequence[Encoded]) -> Pairs:
    """Yield pairs whose rank correlation may be high, holes left out pair by pair."""
    if len(columns) < 2:
        return
    rows = _rows_for_first_look(columns)
    ranks = np.column_stack([_centred(column, rows) for column in columns])
    held = np.column_stack([column.codes[rows] >= 0 for column in columns])
    present = held.astype(np.float32)
    spread = (ranks * ranks).T @ present
    scale = np.sqrt(spread * spread.T)
    loose = np.abs(ranks.T @ ranks) >= LOOSE * np.maximum(scale, 1e-12)
    yield from _upper(loose)


def _centred(column: Encoded, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    codes = column.codes[rows]
    ranks = midranks(codes, column.size)
    held = codes >= 0
    placed = np.where(held, ranks[codes], 0.0)
    centred = np.where(held, placed - placed.sum() / max(1, held.sum()), 0.0)
    return np.asarray(centred / max(1, len(codes)), dtype=np.float32)


def _rank_likeness(first: Encoded, second: Encoded) -> tuple[float, int]:
    both = (first.codes >= 0) & (second.codes >= 0)
    if both.sum() < 2:
        return 0.0, int(both.sum())
    one = midranks(first.codes[both], first.size)[first.codes[both]]
    two = midranks(second.codes[both], second.size)[second.codes[both]]
    if one.std() == 0 or two.std() == 0:
        return 0.0, int(both.sum())
    likeness = abs(float(np.corrcoef(one, two)[0, 1]))
    return min(1.0, likeness), int(both.sum())


def _close_in_text(columns: Sequence[Encoded]) -> Pairs:
    """Yield pairs of texts that are equal in most rows of a first look."""
    if len(columns) < 2:
        return
    rows = _rows_for_first_look(columns, 200)
    hashed = np.column_stack([_hashed(column)[rows] for column in columns])
    equal = np.zeros((len(columns), len(columns)), dtype=bool)
    for place in range(len(columns)):
        same = (hashed == hashed[:, [place]]).mean(axis=0)
        equal[place] = same >= LOOSE / 2
    yield from _upper(equal)


def _hashed(column: Encoded) -> NDArray[np.uint64]:
    import pandas as pd

    hashes = pd.util.hash_array(column.values.to_numpy(dtype=object))
    return np.asarray(np.append(hashes, np.uint64(0))[column.codes])


def _equal_likeness(first: Encoded, second: Encoded) -> tuple[float, int]:
    """Return the share of equal rows where it is beyond chance (kappa), else 0."""
    both = (first.codes >= 0) & (second.codes >= 0)
    rows = int(both.sum())
    if not rows:
        return 0.0, 0
    one, two = _hashed(first)[both], _hashed(second)[both]
    equal = float((one == two).mean())
    chance = _chance(one, two)
    kappa = (equal - chance) / (1 - chance) if chance < 1 else 0.0
    return (equal if kappa >= ALIKE else 0.0), rows


def _chance(one: NDArray[np.uint64], two: NDArray[np.uint64]) -> float:
    values, n_one = np.unique(one, return_counts=True)
    others, n_two = np.unique(two, return_counts=True)
    _, i, j = np.intersect1d(values, others, return_indices=True)
    return float((n_one[i] / len(one) * (n_two[j] / len(two))).sum())


def _rows_for_first_look(columns: Sequence[Encoded], most: int = 0) -> Codes:
    rows = len(columns[0].codes)
    most = most or (FIRST_LOOK if len(columns) > MANY_COLUMNS else rows)
    if rows <= most:
        return np.arange(rows)
    chosen = np.random.default_rng(SEED).choice(rows, most, replace=False)
    return np.asarray(np.sort(chosen))


def _upper(close: NDArray[np.bool_]) -> Pairs:
    for first, second in np.argwhere(np.triu(close, 1)):
        yield int(first), int(second)
