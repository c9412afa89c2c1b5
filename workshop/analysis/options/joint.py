"""Where do all options put the same rows, and where would other samples put them?

A row is in one place for each option: its pattern. There are few patterns however many
rows there are, so that samples of the same size are drawn from their counts, and all
options stand on the same rows in every one of them. Rows that hang together are drawn
as whole clusters.

Sources: Efron & Tibshirani 1993 (paired bootstrap; whole clusters as the unit drawn).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.intervals import FEW_SOURCES
from workshop.analysis.options.places import PLACES, Placed
from workshop.analysis.split import group_codes
from workshop.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int8]
Places = NDArray[np.intp]

N_DRAWS = 10_000
ROWS = "paired bootstrap"
EFFECTIVE = "paired bootstrap at the effective sample size"
CLUSTERS = "paired bootstrap of whole clusters"

MOST_UNITS = 1000  # more clusters than this are drawn in bundles of whole ones
_MOST_PATTERNS = 500  # with more, drawing bundles of rows is faster than their counts
_AT_ONCE = 2_000_000  # drawn counts held at a time
_PLACES = len(PLACES)


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Where all options put the rows that all of them have.

    ``patterns`` has shape (P, K): the place in each of ``options``, distinct and in
    order. ``counts`` has shape (C, P): rows of each pattern, one line a cluster and one
    line in all where there are none; above `MOST_UNITS` clusters a line holds several
    whole ones. ``clusters`` says how many there are. ``lost`` rows are had by some of
    the options only. Arrays are read-only.
    """

    options: tuple[str, ...]
    patterns: Codes
    counts: Ints
    clusters: int | None
    rows: int
    lost: int


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The share of rows in each place, as observed and in other samples.

    ``observed`` has shape (K, 10), ``shares`` (B, K, 10): option k of ``options``, on
    the same rows as all others in every sample. ``method`` says what was drawn.
    ``rows`` is what was observed, in ``clusters`` clusters; ``deff`` is the design
    effect as it was given, for intervals that no sample gives. Arrays are read-only.
    """

    options: tuple[str, ...]
    observed: Floats
    shares: Floats
    method: str
    rows: int
    clusters: int | None
    deff: float = 1.0

    @property
    def few_sources(self) -> bool:
        """Too few clusters to draw them: rows were drawn, by the design effect."""
        return self.clusters is not None and self.clusters < FEW_SOURCES


def join(placed: Sequence[Placed], clusters: ArrayLike | None = None) -> Joint:
    """Count the patterns of places over the rows that all options have.

    Parameters
    ----------
    placed
        One or more options, matched by key; neither order of rows matters.
    clusters
        What each row of the first option hangs together by, in its order: shape (n,).

    Raises
    ------
    InputError
        No option, one that is named twice or has a key twice, no row that all have,
        lengths that differ, or a row without its cluster.
    """
    _check(placed, clusters)
    codes, rows, lost = _on_common_rows(placed)
    _need_rows(codes[0])
    patterns, place = _patterns(codes)
    if clusters is None:
        units, own, count = 1, place, None
    else:
        values = np.asarray(clusters)
        found, count = _units(values if rows is None else values[rows])
        units = min(count, MOST_UNITS)
        own = found * len(patterns) + place
    counts = np.bincount(own, minlength=units * len(patterns)).reshape(units, -1)
    counts = counts.astype(np.int64, copy=False)
    _freeze(patterns, counts)
    names = tuple(option.option for option in placed)
    return Joint(names, patterns, counts, count, len(place), lost)


def draw(
    joint: Joint, *, n_draws: int = N_DRAWS, seed: int = 0, deff: float = 1.0
) -> Drawn:
    """Draw other samples of the same size and count every option's places in each.

    From 20 clusters on whole ones are drawn with replacement, as many as there are, and
    divided by the rows that come with them. Else rows are drawn, as many as ``n /
    deff``: the caller's design effect then stands in for the clusters. Time and memory
    grow with patterns and draws, hardly with rows. Raises `InputError` unless ``deff
    >= 1`` and there is at least one draw.
    """
    if not deff >= 1:
        raise InputError(f"a design effect is at least 1, but it is {deff}")
    if n_draws < 1:
        raise InputError(f"at least one sample is drawn, not {n_draws}")
    rng = np.random.default_rng(seed)
    own = joint.counts.sum(axis=0)
    observed = own @ _marks(joint.patterns) / joint.rows
    if joint.clusters is not None and joint.clusters >= FEW_SOURCES:
        method, sums = CLUSTERS, joint.counts @ _marks(joint.patterns)
        shares = _draw_units(sums, len(sums), n_draws, rng)
    else:
        method = ROWS if deff == 1 else EFFECTIVE
        shares = _draw_rows(own, joint.patterns, deff, n_draws, rng)
    k = len(joint.options)
    observed, shares = observed.reshape(k, -1), shares.reshape(n_draws, k, -1)
    _freeze(observed, shares)
    return Drawn(
        options=joint.options,
        observed=observed,
        shares=shares,
        method=method,
        rows=joint.rows,
        clusters=joint.clusters,
        deff=deff,
    )


def _check(placed: Sequence[Placed], clusters: ArrayLike | None) -> None:
    if not placed:
        raise InputError("there is no option to look at; name one at least")
    names = [option.option for option in placed]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"two options are called {twice[0]!r}; ids must differ")
    for option in placed:
        if len(option.keys) != len(option.codes):
            raise InputError(
                f"{option.option}: {len(option.keys)} keys but {len(option.codes)}"
                " places; each row needs one of each"
            )
    if clusters is not None and np.shape(clusters) != placed[0].keys.shape:
        raise InputError(
            f"{placed[0].option}: {len(placed[0].keys)} rows but {np.size(clusters)}"
            " clusters; each row needs one"
        )


def _need_rows(rows: NDArray[Any]) -> None:
    if len(rows) == 0:
        raise InputError(
            "no row is had by every option; give runs that share keys, or leave one out"
        )


def _on_common_rows(
    placed: Sequence[Placed],
) -> tuple[list[Codes], NDArray[np.intp] | None, int]:
    """Each option's codes on the common rows, which these are of the first, and lost.

    The rows are None where all options have the first one's, in the same order.
    """
    first = placed[0].keys
    if all(_same(option.keys, first) for option in placed[1:]):
        return [option.codes for option in placed], None, 0
    places = _places_of(placed)
    common = np.flatnonzero(np.logical_and.reduce([found >= 0 for found in places]))
    taken = zip(placed, places, strict=True)
    codes = [option.codes[found[common]] for option, found in taken]
    lost = len(first) + _elsewhere(placed, places) - len(common)
    return codes, common, lost


def _places_of(placed: Sequence[Placed]) -> list[Places]:
    """Where each option has the first one's keys; -1 where it has not."""
    first = placed[0].keys
    wanted = _sorted(placed[0])
    known = [(first, np.arange(len(first), dtype=np.intp))]
    places = []
    for option in placed:
        # Options of one run share its keys: they are looked up once.
        found = next((p for keys, p in known if _same(option.keys, keys)), None)
        if found is None:
            found = _look_up(first, wanted, option)
            known.append((option.keys, found))
        places.append(found)
    return places


def _look_up(
    first: NDArray[np.str_], wanted: tuple[Places, NDArray[np.uint64]], option: Placed
) -> Places:
    order, marks = _sorted(option)
    at = np.minimum(np.searchsorted(marks, wanted[1]), len(marks) - 1)
    found = np.empty(len(first), dtype=np.intp)
    found[wanted[0]] = np.where(marks[at] == wanted[1], order[at], -1)
    told = found >= 0
    if (option.keys[found[told]] == first[told]).all():
        return found
    # Two keys share a fingerprint, once in a very long while: compare the keys.
    place = {key: i for i, key in enumerate(option.keys.tolist())}
    return np.array([place.get(key, -1) for key in first.tolist()], dtype=np.intp)


def _sorted(option: Placed) -> tuple[Places, NDArray[np.uint64]]:
    """The order of an option's keys by fingerprint, and these in that order."""
    _need_rows(option.keys)
    marks = _fingerprints(option.keys)
    order = np.argsort(marks)
    marks = marks[order]
    maybe = bool((marks[1:] == marks[:-1]).any())
    if maybe and len(set(option.keys.tolist())) < len(option.keys):
        raise InputError(f"option {option.option!r} decides some rows more than once")
    return order, marks


def _fingerprints(keys: NDArray[np.str_]) -> NDArray[np.uint64]:
    """A number a key, the same for equal keys; numbers sort far faster than text.

    A sum of letters, each times a random odd number for its place: what a wider array
    pads its keys with adds nothing.
    """
    letters = np.ascontiguousarray(keys).view(np.uint32).reshape(len(keys), -1)
    random = np.random.default_rng(0)
    found = np.zeros(len(keys), dtype=np.uint64)
    for letter in letters.T:
        factor = random.integers(0, 1 << 63, dtype=np.uint64) * np.uint64(2)
        found += letter * (factor + np.uint64(1))
    return found


def _elsewhere(placed: Sequence[Placed], places: Sequence[Places]) -> int:
    """How many keys some option has and the first has not."""
    missing = []
    for option, found in zip(placed, places, strict=True):
        other = np.ones(len(option.keys), dtype=np.bool_)
        other[found[found >= 0]] = False
        if other.any():
            missing.append(option.keys[other])
    return len(np.unique(np.concatenate(missing))) if missing else 0


def _same(one: NDArray[np.str_], other: NDArray[np.str_]) -> bool:
    """Whether both hold the same keys in the same order; at once if they are one."""
    if one.shape != other.shape:
        return False
    place = one.ctypes.data, one.strides, one.dtype
    if place == (other.ctypes.data, other.strides, other.dtype):
        return True
    return bool(np.array_equal(one, other))


def _patterns(codes: Sequence[Codes]) -> tuple[Codes, NDArray[np.intp]]:
    """The distinct patterns in order, shape (P, K), and each row's among them.

    Numbered anew after each option, so that the numbers stay small and a count does
    where rows would have to be sorted.
    """
    patterns = np.empty((1, 0), dtype=np.int8)
    place = np.zeros(len(codes[0]), dtype=np.intp)
    for column in codes:
        place = place * _PLACES
        place += column
        seen = np.flatnonzero(np.bincount(place, minlength=_PLACES * len(patterns)))
        number = np.empty(_PLACES * len(patterns), dtype=np.intp)
        number[seen] = np.arange(len(seen))
        last = (seen % _PLACES).astype(np.int8)
        patterns = np.column_stack((patterns[seen // _PLACES], last))
        place = number[place]
    return patterns, place


def _units(clusters: NDArray[Any]) -> tuple[NDArray[np.intp], int]:
    """The unit that each row is drawn with, and how many clusters there are.

    A unit is a cluster, or a bundle of as many whole ones as the others: their totals
    vary as those of single clusters do, so that ranges stay as wide.
    """
    codes, names = group_codes(clusters, what="cluster")
    if len(names) <= MOST_UNITS:
        return codes, len(names)
    unit = np.random.default_rng(0).permutation(len(names)) % MOST_UNITS
    return unit[codes], len(names)


def _marks(patterns: Codes) -> Floats:
    """1 where a pattern has an option in a place: shape (P, K·10)."""
    found = (patterns[:, :, None] == np.arange(_PLACES)).astype(np.float64)
    return np.reshape(found, (len(patterns), -1))


def _draw_rows(
    counts: Ints, patterns: Codes, deff: float, n_draws: int, rng: np.random.Generator
) -> Floats:
    """Shares when ``n / deff`` rows are drawn with replacement: shape (B, K·10)."""
    n = int(counts.sum())
    if len(counts) > _MOST_PATTERNS:
        sums = _bundles(counts, patterns, rng)
        return _draw_units(sums, max(1, round(len(sums) / deff)), n_draws, rng)
    size, marks = max(1, round(n / deff)), _marks(patterns)
    shares = np.empty((n_draws, marks.shape[1]))
    for part in _parts(n_draws, len(counts)):
        drawn = rng.multinomial(size, counts / n, size=part.stop - part.start)
        # Whole numbers of this size add up exactly as floats, and far faster.
        shares[part] = drawn.astype(np.float64) @ marks / size
    return shares


def _bundles(counts: Ints, patterns: Codes, rng: np.random.Generator) -> Floats:
    """Deal all rows at random to bundles of one size: rows a place, (units, K·10)."""
    rows = rng.permutation(np.repeat(np.arange(len(counts), dtype=np.int32), counts))
    units = min(MOST_UNITS, len(rows))
    first = np.arange(len(rows), dtype=np.int64) % units * _PLACES
    sums = np.empty((units, patterns.shape[1], _PLACES))
    for option in range(patterns.shape[1]):
        cell = first + patterns[:, option][rows]
        found = np.bincount(cell, minlength=units * _PLACES)
        sums[:, option] = found.reshape(units, _PLACES)
    return sums.reshape(units, -1)


def _draw_units(
    sums: Floats, size: int, n_draws: int, rng: np.random.Generator
) -> Floats:
    """Shares when ``size`` units are drawn with replacement: shape (B, K·10)."""
    units = len(sums)
    rows = sums[:, :_PLACES].sum(axis=1)
    shares = np.empty((n_draws, sums.shape[1]))
    for part in _parts(n_draws, max(units, size)):
        times = [
            np.bincount(rng.integers(0, units, size), minlength=units)
            for _ in range(part.start, part.stop)
        ]
        weights = np.array(times, dtype=np.float64)
        shares[part] = weights @ sums / (weights @ rows)[:, None]
    return shares


def _parts(n_draws: int, wide: int) -> list[slice]:
    step = max(1, _AT_ONCE // wide)
    return [slice(at, min(at + step, n_draws)) for at in range(0, n_draws, step)]


def _freeze(*arrays: NDArray[Any]) -> None:
    for array in arrays:
        array.flags.writeable = False
