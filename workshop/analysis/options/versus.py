"""Is one option better than another on the same rows, and how sure is that?

Which interval applies:

- Both act on every row: a difference of two shares of the same rows, for which
  `paired` has Newcombe's interval.
- They act on different rows: the error among those acted on is a ratio with a base of
  its own in each option, and a cost is no share at all. Both are differences of what
  the same drawn samples give, here.

All ranges hold together (max-T): each is as many of its own standard deviations wide
as the largest of all, in 95 of 100 drawn samples. Where so few are acted on, or so few
of them wrongly, that samples hardly vary, Newcombe's interval for separate samples
stands in with its share of the risk (Bonferroni); on shared rows it is too wide rather
than too narrow.

Sources: Efron & Tibshirani 1993 (paired bootstrap); Westfall & Young 1993 (max-T);
Newcombe 1998.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import LEVEL, NEWCOMBE, family_level, newcombe
from workshop.analysis.options.joint import Drawn
from workshop.analysis.options.places import PLACE, PLACES
from workshop.errors import InputError
from workshop.record.terms import METRICS
from workshop.record.values import Number

Floats = NDArray[np.float64]

COST_UNIT = METRICS["expected_cost"].unit
ERROR_UNIT = "difference of shares"
ALIKE = "alike on every row"
FEWEST = 20  # acted on, below which samples say too little about an error among them
POWER = 0.80
MOST_TIMES = 100  # more rows than this many times today's is no advice
_NO_SPREAD = 1e-12  # of the largest cost: what is left by rounding


@dataclass(frozen=True, slots=True)
class Versus:
    """One option minus the reference, on the rows kept aside that both decided.

    ``cost`` is the difference of costs in false alarms a decision, its range one of a
    family (max-T over all options and both measures). ``error`` is the difference of
    errors among those acted on; None where either acts on no one. ``separated`` says
    whether the cost's range leaves zero out. ``more_rows`` is how many further rows
    would separate the two with a chance of 80 %, were the difference to stay; None
    where they are separated already, or where no sensible number would. ``dropped``
    counts the drawn samples in which either acts on no one: the error's range rests on
    the others.
    """

    option: str
    reference: str
    cost: Number
    error: Number | None
    separated: bool
    more_rows: int | None
    dropped: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Contrast:
    """A difference as observed and in each drawn sample, NaN where it has none.

    ``same``: the two options are one, and the difference is zero by definition.
    ``stand_in`` holds wrong and all of those acted on, by the option and by the
    reference, in effective rows, where another interval has to stand in.
    """

    value: float
    draws: Floats
    spread: float
    same: bool
    stand_in: tuple[float, ...] | None = None

    @property
    def varies(self) -> bool:
        """Whether samples say how sure the difference is."""
        return self.spread > 0 and not self.same and self.stand_in is None


@dataclass(frozen=True, slots=True)
class _Family:
    """What all ranges share: how many there are, and how many deviations wide."""

    size: int
    level: float
    wide: float
    method: str

    @property
    def bonferroni(self) -> str:
        """What a range that stands apart from the drawn ones is corrected by."""
        return f"Bonferroni over {self.size} comparisons"


def compare(
    drawn: Drawn, *, reference: str, costs: Floats, level: float = LEVEL
) -> tuple[Versus, ...]:
    """Every other option minus ``reference``: cost, and error among those acted on.

    Parameters
    ----------
    drawn
        All options on the same rows and samples, as `joint.draw` gives them.
    reference
        The option that the others are held against.
    costs
        False alarms a row of each place, shape (10,), or (K, 10) where an option has
        its own. A cost that is not known (NaN) leaves the options without a cost that
        have rows there, and no others.
    level
        Of all ranges at once.

    Raises
    ------
    InputError
        An unknown reference, no other option, or costs of another shape.
    """
    if reference not in drawn.options:
        raise InputError(
            f"unknown reference {reference!r}; one of {sorted(drawn.options)}"
        )
    if len(drawn.options) < 2:
        raise InputError("a comparison needs at least two options")
    base = drawn.options.index(reference)
    priced = _priced(costs, len(drawn.options))
    others = [k for k in range(len(drawn.options)) if k != base]
    cost = [_cost_contrast(drawn, k, base, priced) for k in others]
    error = [_error_contrast(drawn, k, base) for k in others]
    family = _family([c for c in cost + error if c is not None], drawn, level)
    return tuple(
        _versus(drawn, k, reference, family, own, wrong)
        for k, own, wrong in zip(others, cost, error, strict=True)
    )


def _versus(
    drawn: Drawn,
    k: int,
    reference: str,
    family: _Family,
    cost: _Contrast | None,
    error: _Contrast | None,
) -> Versus:
    name, n = drawn.options[k], drawn.rows
    cost_id = f"versus.{name}.cost"
    found = Number(id=cost_id, value=None, n=n, rows="report", unit=COST_UNIT)
    if cost is not None:
        found = _number(cost_id, cost, family, n=n, unit=COST_UNIT)
    separated = found.lo is not None and (found.lo > 0 or (found.hi or 0) < 0)
    wrong = None
    if error is not None:
        id = f"versus.{name}.error"
        wrong = _number(id, error, family, n=n, unit=ERROR_UNIT)
    return Versus(
        option=name,
        reference=reference,
        cost=found,
        error=wrong,
        separated=separated,
        more_rows=None if cost is None or separated else _more_rows(cost, family, n),
        dropped=0 if error is None else int(np.isnan(error.draws).sum()),
    )


def _cost_contrast(drawn: Drawn, k: int, base: int, costs: Floats) -> _Contrast | None:
    """The difference of two costs; None where one of them is not known."""
    if any(np.isnan(costs[i][drawn.observed[i] > 0]).any() for i in (k, base)):
        return None
    own, other = np.nan_to_num(costs[k]), np.nan_to_num(costs[base])

    # Shares are subtracted first: options that are alike then differ by zero exactly.
    def gap(shares: Floats) -> Floats:
        apart = (shares[..., k, :] - shares[..., base, :]) @ own
        return np.asarray(apart + shares[..., base, :] @ (own - other))

    largest = float(max(np.abs(own).max(), np.abs(other).max()))
    same = _alike(drawn, k, base) and bool((own == other).all())
    value = float(gap(drawn.observed))
    return _contrast(value, gap(drawn.shares), largest=largest, same=same)


def _error_contrast(drawn: Drawn, k: int, base: int) -> _Contrast | None:
    """The difference of errors among those acted on; None where there is none."""
    pair = [k, base]
    wrong, acted = _acted(drawn.observed[pair])
    if acted.min() == 0:
        return None
    drawn_wrong, drawn_acted = _acted(drawn.shares[:, pair])
    nobody = np.full(drawn_acted.shape, np.nan)
    errors = np.divide(drawn_wrong, drawn_acted, out=nobody, where=drawn_acted > 0)
    found = _contrast(
        float(wrong[0] / acted[0] - wrong[1] / acted[1]),
        errors[:, 0] - errors[:, 1],
        largest=1.0,
        same=_alike(drawn, k, base),
    )
    k_n = np.rint(np.column_stack((wrong, acted)) * drawn.rows)
    rare = (k_n[:, 1] < FEWEST) | (k_n[:, 0] == 0) | (k_n[:, 0] == k_n[:, 1])
    if found.same or not rare.any():
        return found
    effective = (k_n / drawn.deff).ravel().tolist()
    return replace(found, stand_in=tuple(effective))


def _acted(shares: Floats) -> tuple[Floats, Floats]:
    """Shares acted on wrongly, and acted on at all, of (…, 10) shares of rows."""
    wrong = shares[..., PLACE["fp"]]
    return wrong, wrong + shares[..., PLACE["tp"]]


def _alike(drawn: Drawn, k: int, base: int) -> bool:
    return bool(np.array_equal(drawn.shares[:, k], drawn.shares[:, base]))


def _contrast(value: float, draws: Floats, *, largest: float, same: bool) -> _Contrast:
    given = draws[~np.isnan(draws)]
    spread = float(given.std(ddof=1)) if len(given) > 1 else 0.0
    return _Contrast(
        value, draws, spread if spread > _NO_SPREAD * largest else 0.0, same
    )


def _family(contrasts: list[_Contrast], drawn: Drawn, level: float) -> _Family:
    """How wide all ranges are, so that they hold together.

    Those that another interval stands in for take their equal part of the risk; what is
    zero by definition, and what has no range, takes none.
    """
    varied = [c for c in contrasts if c.varies]
    size = len(varied) + sum(c.stand_in is not None for c in contrasts)
    comparisons = "1 comparison" if size == 1 else f"{size} comparisons"
    method = f"{drawn.method}, max-T over {comparisons}"
    if not varied:
        return _Family(size, level, math.nan, method)
    largest = np.zeros(len(varied[0].draws))
    for contrast in varied:
        away = np.abs(contrast.draws - contrast.value) / contrast.spread
        np.fmax(largest, away, out=largest)  # a sample without a value says nothing
    risk = (1 - level) * len(varied) / size
    return _Family(size, level, float(np.quantile(largest, 1 - risk)), method)


def _number(
    id: str, contrast: _Contrast, family: _Family, *, n: int, unit: str
) -> Number:
    found = Number(id=id, value=contrast.value, n=n, rows="report", unit=unit)
    if contrast.same:
        half, level, method = 0.0, family.level, ALIKE
    elif contrast.varies:
        half = family.wide * contrast.spread
        level, method = family.level, family.method
    elif contrast.stand_in is not None:
        return _separate(found, contrast.stand_in, family)
    else:  # no sample differs from another: nothing says how sure this is
        return found
    ends = {"lo": contrast.value - half, "hi": contrast.value + half}
    return found.model_copy(update={**ends, "level": level, "method": method})


def _separate(number: Number, k_n: tuple[float, ...], family: _Family) -> Number:
    """The number with Newcombe's interval, at this comparison's part of the risk."""
    level = family_level(family.size, level=family.level)
    found = newcombe(*k_n, level=level)
    method = NEWCOMBE if family.size == 1 else f"{NEWCOMBE}, {family.bonferroni}"
    ends = {"lo": found.lo, "hi": found.hi, "level": level, "method": method}
    return number.model_copy(update=ends)


def _more_rows(cost: _Contrast, family: _Family, n: int) -> int | None:
    """Further rows of this kind that would separate the two, were the gap to stay."""
    if cost.value == 0 or not cost.varies:
        return None
    deviations = family.wide + NormalDist().inv_cdf(POWER)
    needed = n * (deviations * cost.spread / abs(cost.value)) ** 2
    return None if needed > MOST_TIMES * n else math.ceil(needed - n)


def _priced(costs: Floats, options: int) -> Floats:
    given = np.asarray(costs, dtype=np.float64)
    if given.shape not in ((len(PLACES),), (options, len(PLACES))):
        raise InputError(
            f"costs have one figure for each of {len(PLACES)} places, and one line for"
            f" all options or for each of {options}; not the shape {given.shape}"
        )
    return np.broadcast_to(given, (options, len(PLACES)))
