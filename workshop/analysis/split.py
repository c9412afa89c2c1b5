"""Which rows is a threshold chosen on, and on which is it reported?

Split once, before anybody looks: by time where there is a time (later rows report),
else by a seeded hash of the cluster or the key, so that rows that hang together stay
together and neither row order nor library version moves a row across.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workshop.errors import InputError

Values = Sequence[Any] | NDArray[Any]
SplitBy = Literal["time", "cluster", "key"]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """``choose[i]`` is True where row i may be looked at while choosing.

    ``by`` says what was split on; ``groups`` how many distinct ones there were.
    """

    choose: NDArray[np.bool_]
    by: SplitBy
    groups: int

    @property
    def report(self) -> NDArray[np.bool_]:
        """The rows kept aside: all the others."""
        return ~self.choose


def split_rows(
    keys: Values,
    *,
    seed: int,
    share: float | str = 0.5,
    time: Values | None = None,
    cluster: Values | None = None,
    always_choose: Iterable[Any] = (),
) -> Split:
    """Split rows into `choose` and `report`, about ``share`` of them into `choose`.

    ``share`` may be a day instead, as 2013-08-01: then rows from that day on report.

    Parameters
    ----------
    keys
        One key a row, shape (n,); equal keys stay together.
    seed
        Part of what is hashed; another seed is another split.
    time
        Sortable values, shape (n,). Given, it decides alone: the earliest rows choose,
        rows of equal time stay together.
    cluster
        What rows hang together by, shape (n,); else each key is its own cluster.
    always_choose
        Keys whose rows must be in `choose`: with clusters their whole cluster, by time
        those rows alone. A key without a row is no error: it is reported on nowhere.

    Raises
    ------
    InputError
        Missing keys, times or clusters, lengths that differ, fewer than two distinct
        groups, cases that leave no row to report on, or a day without a time column
        or outside the rows.

    Examples
    --------
    >>> split = split_rows(["a", "b", "c", "d"], seed=0, time=[3, 1, 4, 2])
    >>> split.by, split.choose.tolist()
    ('time', [False, True, False, True])
    """
    codes, names = group_codes(keys, what="key")
    wanted = {_text(key) for key in always_choose}
    pinned = np.array([name in wanted for name in names], dtype=bool)[codes]
    if isinstance(share, str):
        if time is None:
            raise InputError(f"split: {share} is a day, but no time column is named")
        return _from_day(_same_length(time, codes, "time"), pinned, share)
    if not 0 < share < 1:
        raise InputError(f"the share to choose on lies between 0 and 1, not at {share}")
    if time is not None:
        return _by_time(_same_length(time, codes, "time"), pinned, share)
    if cluster is None:
        return _by_hash(codes, names, pinned, seed=seed, share=share, by="key")
    codes, names = group_codes(_same_length(cluster, codes, "cluster"), what="cluster")
    return _by_hash(codes, names, pinned, seed=seed, share=share, by="cluster")


def group_codes(values: Values, *, what: str) -> tuple[NDArray[np.intp], list[str]]:
    """Number the distinct ``values``, in the order of their text.

    Returns codes of shape (n,) and the text of each group; 1, 1.0 and "1" are one
    group. Raises `InputError` on missing values; ``what`` names them in its sentence.
    """
    import pandas as pd

    found, distinct = pd.factorize(np.asarray(values))
    missing = np.flatnonzero(found < 0)
    if len(missing):
        raise InputError(
            f"{len(missing)} of {len(found)} rows have no {what};"
            f" the first is at position {missing[0]}, counting from 0"
        )
    plain = all(isinstance(value, str) for value in distinct)
    texts = [str(v) if plain else _text(v) for v in distinct]
    names = sorted(set(texts))
    place = {name: i for i, name in enumerate(names)}
    codes = np.array([place[text] for text in texts], dtype=np.intp)
    return codes[found], names


def _by_time(time: Values, pinned: NDArray[np.bool_], share: float) -> Split:
    import pandas as pd

    found, moments = pd.factorize(np.asarray(time))
    if len(found) and found.min() < 0:
        raise InputError(f"{int((found < 0).sum())} of {len(found)} rows have no time")
    try:
        codes = moments.argsort().argsort()[found]
    except TypeError as error:
        raise InputError("the time column mixes values that have no order") from error
    if len(moments) < 2:
        raise InputError("a split by time needs at least two distinct times")
    # The last moment always reports, hence the cut lies before it.
    ends = np.bincount(codes).cumsum()[:-1]
    cut = int(np.abs(ends / len(codes) - share).argmin())
    choose = (codes <= cut) | pinned
    if choose.all():
        raise InputError("the cases to choose on leave no later row to report on")
    return Split(choose, "time", len(moments))


def _from_day(time: Values, pinned: NDArray[np.bool_], day: str) -> Split:
    """Rows from ``day`` on report; earlier ones choose."""
    import pandas as pd

    moments = pd.to_datetime(pd.Series(np.asarray(time)), utc=True)
    missing = int(moments.isna().sum())
    if missing:
        raise InputError(f"{missing} of {len(moments)} rows have no time")
    choose = (moments < pd.Timestamp(day, tz="UTC")).to_numpy(dtype=bool) | pinned
    if choose.all() or not choose.any():
        where = "before" if choose.all() else "from"
        raise InputError(f"split: all rows lie {where} {day}; name a day among them")
    return Split(choose, "time", int(moments.nunique()))


def _by_hash(
    codes: NDArray[np.intp],
    names: list[str],
    pinned: NDArray[np.bool_],
    *,
    seed: int,
    share: float,
    by: SplitBy,
) -> Split:
    if len(names) < 2:
        raise InputError(f"a split by {by} needs at least two distinct ones")
    sizes = np.bincount(codes)
    chosen = np.bincount(codes, pinned) > 0
    if chosen.all():
        raise InputError(
            f"the cases touch every {by}, which leaves no row to report on;"
            f" take the cases from fewer of the {len(names)}"
        )
    order = [g for g in _hash_order(names, seed) if not chosen[g]]
    _fill(chosen, order, sizes, share * len(codes))
    return Split(chosen[codes], by, len(names))


def _fill(
    chosen: NDArray[np.bool_], order: list[int], sizes: NDArray[np.intp], target: float
) -> None:
    """Add groups in order, each that brings the number of rows nearer to target."""
    have, smallest = int(sizes[chosen].sum()), int(sizes.min())
    left, rows = len(order), sizes.tolist()
    for group in order:
        # Adding s rows brings a gap g nearer to zero exactly when s < 2g.
        if 2 * (target - have) <= smallest or left == 1:
            break
        if rows[group] < 2 * (target - have):
            chosen[group] = True
            have, left = have + rows[group], left - 1
    if not chosen.any():
        chosen[min(order, key=lambda group: int(sizes[group]))] = True


def _hash_order(names: list[str], seed: int) -> list[int]:
    def digest(name: str) -> bytes:
        return hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=8).digest()

    keys = [(digest(name), name) for name in names]
    return sorted(range(len(names)), key=keys.__getitem__)


def _same_length(values: Values, codes: NDArray[np.intp], what: str) -> Values:
    if len(values) != len(codes):
        raise InputError(f"{len(codes)} keys but {len(values)} values of {what}")
    return values


def _text(value: Any) -> str:
    # A column with one missing value turns integers into floats: 7.0 is still 7.
    if isinstance(value, np.generic) and not isinstance(value, np.datetime64):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
