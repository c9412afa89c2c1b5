"""How far do people who judged the same cases agree, beyond chance?

Raw agreement stands beside kappa, because kappa alone hides how common each word was
(Cohen 1960; Artstein & Poesio 2008). Two people: Cohen's kappa, with the large-sample
standard error of Fleiss, Cohen & Everitt 1969. More, or cases that not all have judged:
Krippendorff's alpha for names (2004, chapter 11), with an interval from drawing cases
again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.intervals import LEVEL, wilson, z_of
from workshop.errors import InputError

COHEN = "Cohen's kappa, large-sample"
KRIPPENDORFF = "Krippendorff's alpha, bootstrap of cases"


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

    @property
    def apart(self) -> float:
        """Raw share of cases on which the two differ."""
        return 1 - self.agreement


def cohen_kappa(
    table: ArrayLike, *, level: float = LEVEL, floored: bool = True
) -> Kappa:
    """Kappa of a square table of counts.

    Rows are the first person's words, columns the second's, in the same order. The
    interval is nowhere narrower than Wilson's of the raw agreement, unless ``floored``
    is False: then it is the published one, too narrow for a few cases. Raises
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
    chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    if math.isclose(chance, 1.0):
        return Kappa(None, None, None, None, level, agreed, n)
    kappa = (float(np.trace(shares)) - chance) / (1 - chance)
    se = _standard_error(shares, kappa, chance, n)
    lo, hi = kappa - z * se, kappa + z * se
    if floored:
        floor = _at_least(agreed / n, n, 1 - chance, level)
        lo, hi = min(lo, floor[0]), max(hi, floor[1])
    return Kappa(kappa, max(-1.0, lo), min(1.0, hi), se, level, agreed, n)


def _standard_error(
    shares: NDArray[np.float64], kappa: float, chance: float, n: int
) -> float:
    """Fleiss, Cohen & Everitt 1969, equation 13: diagonal, other cells, remainder."""
    marginal = shares.sum(axis=1)[:, None] + shares.sum(axis=0)[None, :]
    diagonal = np.diag(shares) * (1 - np.diag(marginal) * (1 - kappa)) ** 2
    # Cell (i, j) is weighed by the first's share of j and the second's share of i.
    weighed = shares * marginal.T**2
    others = (1 - kappa) ** 2 * (weighed.sum() - np.trace(weighed))
    rest = (kappa - chance * (1 - kappa)) ** 2
    variance = (float(diagonal.sum()) + float(others) - rest) / (1 - chance) ** 2 / n
    return math.sqrt(max(0.0, variance))


def _at_least(
    agreement: float, cases: int, by_chance: float, level: float
) -> tuple[float, float]:
    """Wilson's bounds of raw agreement as figures beyond chance.

    The spread of both figures vanishes when all cases are judged alike, and is too
    small in a few; that of the raw agreement does not. ``by_chance`` is the
    disagreement that chance alone would bring.
    """
    found = wilson(agreement * cases, cases, level=level)
    return 1 - (1 - found.lo) / by_chance, 1 - (1 - found.hi) / by_chance


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha of the ``n`` cases that two people or more judged.

    ``agreed`` counts the cases on which all who judged said the same; ``apart`` is the
    share of pairs of judgements of one case that differ. ``value`` and the interval are
    None where everybody used one word for everything; the interval alone is None where
    too many draws of the cases held a single word.
    """

    value: float | None
    lo: float | None
    hi: float | None
    level: float
    agreed: int
    n: int
    apart: float

    @property
    def agreement(self) -> float:
        """Raw share of cases on which all who judged said the same."""
        return self.agreed / self.n


def krippendorff_alpha(
    said: Sequence[Sequence[str | None]],
    *,
    level: float = LEVEL,
    n_boot: int = 2000,
    seed: int = 0,
) -> Alpha:
    """Alpha for names: one sequence a person, aligned by case, None where unsaid.

    The interval is the percentile one of cases drawn again with replacement, nowhere
    narrower than Wilson's of the raw agreement. Raises `InputError` without two people,
    with sequences of different lengths, or where no case was judged twice.

    >>> one, other = ["y", "y", "n", "n"], ["y", "y", "n", "y"]
    >>> round(krippendorff_alpha([one, other, [None] * 4]).value, 4)
    0.5333
    """
    table = word_counts(said)
    table = table[table.sum(axis=1) >= 2]
    if len(table) == 0:
        raise InputError("agreement needs a case that two people judged")
    agreed = int((table.max(axis=1) == table.sum(axis=1)).sum())
    # Few words and few people make few patterns: draw those, not each case.
    patterns, times = np.unique(table, axis=0, return_counts=True)
    value = _alphas(patterns, times[None, :])[0]
    apart = 1 - float(times @ _matched(patterns)) / float(times @ patterns.sum(axis=1))
    if math.isnan(value):
        return Alpha(None, None, None, level, agreed, len(table), apart)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(table), times / times.sum(), size=n_boot)
    found = _alphas(patterns, drawn)
    lo, hi = _percentiles(found, level)
    if lo is not None and hi is not None:
        # Cases are what is drawn; one that is not all alike has this many pairs apart.
        odd = 1 - agreed / len(table)
        pairs = apart / odd if odd else 2 / float(table.sum(axis=1).min())
        by_chance = _by_chance(table) / pairs
        floor = _at_least(agreed / len(table), len(table), by_chance, level)
        lo, hi = max(-1.0, min(lo, floor[0])), min(1.0, max(hi, floor[1]))
    return Alpha(float(value), lo, hi, level, agreed, len(table), apart)


def word_counts(said: Sequence[Sequence[str | None]]) -> NDArray[np.int64]:
    """How many people said each word of each case, shape (cases, words)."""
    lengths = {len(one) for one in said}
    if len(said) < 2 or len(lengths) > 1:
        raise InputError("agreement needs two people or more, on the same cases")
    words = sorted({word for one in said for word in one if word is not None})
    place = {word: at for at, word in enumerate(words)}
    table = np.zeros((lengths.pop(), len(words)), dtype=np.int64)
    for one in said:
        judged = [case for case, word in enumerate(one) if word is not None]
        spoken = [place[word] for word in one if word is not None]
        table[judged, spoken] += 1
    return table


def pair_table(
    one: Sequence[str | None], other: Sequence[str | None]
) -> NDArray[np.int64]:
    """Cross what two people said of the cases that both judged, for `cohen_kappa`."""
    both = [
        (a, b)
        for a, b in zip(one, other, strict=True)
        if a is not None and b is not None
    ]
    place = {word: at for at, word in enumerate(sorted({w for p in both for w in p}))}
    table = np.zeros((len(place), len(place)), dtype=np.int64)
    for a, b in both:
        table[place[a], place[b]] += 1
    return table


def _alphas(
    patterns: NDArray[np.int64], times: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Alpha for each row of ``times``: how often each pattern of counts occurs.

    Krippendorff 2004, equation 11.5 for names: 1 - (n - 1)(n - sum o_cc) /
    (n² - sum n_c²), where a case of m words adds c(c - 1)/(m - 1) to o_cc.
    """
    values = times @ patterns.sum(axis=1)
    by_word = times @ patterns
    apart = values - times @ _matched(patterns)
    chance = values.astype(np.float64) ** 2 - (by_word.astype(np.float64) ** 2).sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 1 - (values - 1) * apart / chance
    return np.where(chance > 0, found, np.nan)


def _by_chance(table: NDArray[np.int64]) -> float:
    """The share of pairs of all judgements, of any two cases, that differ."""
    n, by_word = int(table.sum()), table.sum(axis=0)
    return 1 - float((by_word * (by_word - 1)).sum()) / (n * (n - 1))


def _matched(patterns: NDArray[np.int64]) -> NDArray[np.float64]:
    """How many judgements of each case are matched by its others, on average."""
    others = patterns.sum(axis=1) - 1
    found: NDArray[np.float64] = (patterns * (patterns - 1)).sum(axis=1) / others
    return found


def _percentiles(
    found: NDArray[np.float64], level: float
) -> tuple[float | None, float | None]:
    kept = found[~np.isnan(found)]
    # A draw with one word only has no alpha; many of those, and there is no interval.
    if len(kept) < 0.9 * len(found):
        return None, None
    tail = (1 - level) / 2
    lo, hi = np.quantile(kept, (tail, 1 - tail))
    return float(lo), float(hi)
