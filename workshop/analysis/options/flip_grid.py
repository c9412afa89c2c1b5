"""Over which cost ratios and prevalences is a flip map drawn, and can it be drawn?

The pair's own ratio and the measured prevalence lie in the middle of the grid; what
cannot be compared is refused before anything is computed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.columns import labels_of
from workshop.analysis.metrics import check_ratio
from workshop.analysis.options.contender import Contender
from workshop.analysis.options.flip_choice import Cells, Prices
from workshop.errors import InputError

Floats = NDArray[np.float64]

RATIOS, PREVALENCES = 25, 21
WIDEST_RATIO, WIDEST_ODDS = 10.0, 8.0  # times the pair's own, and a part of it
RAREST, COMMONEST = 0.01, 0.99


def grid_of(
    ratio: float,
    prevalence: float,
    ratios: ArrayLike | None,
    prevalences: ArrayLike | None,
) -> Cells:
    """Return the cells around a ratio and a prevalence, or those that were asked for.

    Raises
    ------
    InputError
        A ratio or a prevalence out of its range, or an axis that does not ascend.
    """
    check_ratio(ratio)
    if not 0 < prevalence < 1:
        raise InputError(f"a prevalence lies between 0 and 1, not at {prevalence}")
    across = _ratios(ratio) if ratios is None else np.array(ratios, dtype=np.float64)
    down = (
        _prevalences(prevalence)
        if prevalences is None
        else np.array(prevalences, dtype=np.float64)
    )
    _check_axis(across, math.inf, "ratios")
    _check_axis(down, 1, "prevalences")
    odds = down / (1 - down) * ((1 - prevalence) / prevalence)
    odds[down == prevalence] = 1.0
    return Cells(across, down, odds)


def _ratios(ratio: float) -> Floats:
    found = ratio * WIDEST_RATIO ** np.linspace(-1, 1, RATIOS)
    found[RATIOS // 2] = ratio
    return np.asarray(found)


def _prevalences(measured: float) -> Floats:
    odds = measured / (1 - measured) * WIDEST_ODDS ** np.linspace(-1, 1, PREVALENCES)
    found = odds / (1 + odds)
    found[PREVALENCES // 2] = measured
    least, most = min(RAREST, measured), max(COMMONEST, measured)
    return np.asarray(found[(found >= least) & (found <= most)])


def _check_axis(values: Floats, most: float, what: str) -> None:
    inside = values.size and np.all((values > 0) & (values < most))
    if not (inside and np.all(np.diff(values) > 0)):
        raise InputError(f"{what} of a flip map ascend, all above 0 and below {most}")


def check_contenders(
    contenders: Sequence[Contender], reference: str, effects: Mapping[str, float]
) -> None:
    """Raise `InputError` where options cannot be set against each other."""
    ids = [each.id for each in contenders]
    if len(ids) < 2 or len(set(ids)) < len(ids):
        raise InputError(f"a flip map needs two or more different options, not {ids}")
    if reference not in ids:
        raise InputError(f"unknown reference {reference!r}; one of {ids}")
    labels = {each.id: labels_of(each.report.labels) for each in contenders}
    lengths = {id: len(those) for id, those in labels.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"options must be valued on the same rows, not on {lengths}")
    if len(np.unique(labels[reference])) < 2:
        raise InputError(f"the rows of {reference!r} have one label; both must occur")
    if not all(effect >= 1 for effect in effects.values()):
        raise InputError(f"a design effect is at least 1, not as in {effects}")


def check_prices(contenders: Sequence[Contender], prices: Prices) -> None:
    """Raise `InputError` where a price is missing, or none that there can be."""
    if not 0 <= prices.review < math.inf:
        raise InputError(f"a review's price cannot be {prices.review}")
    if prices.capacity is not None and not prices.capacity >= 0:
        raise InputError(f"reviews for a decision cannot be {prices.capacity}")
    shows = [each.id for each in contenders if each.fallback == "alternatives"]
    if shows and not (prices.shown and np.all(np.isfinite(prices.shown))):
        raise InputError(
            f"{shows} show the best few, but what that is worth is not given; state it"
            " in the payoff, or leave them out"
        )
