"""Where does an option put a row, and what does each place cost?

An option acts on a row, leaves it alone, sends it to a person or shows the best few
answers. With the row's label that makes ten places; whatever an option comes to, in
people, minutes, money or false alarms, is a sum over these.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.metrics import Context, cell_costs
from workshop.analysis.policies import Cells, lines_of
from workshop.errors import InputError
from workshop.record.values import FallbackKind, PayoffMatrix, Policy

Floats = NDArray[np.float64]

PLACES = (
    "tp",
    "fp",
    "fn",
    "tn",
    "asked_positive",
    "asked_negative",
    "right_positive",
    "right_negative",
    "wrong_positive",
    "wrong_negative",
)
"""The six cells of a policy, and four for the best few: a right one among them or not,
by the label of the answer that stood first."""
PLACE = {name: code for code, name in enumerate(PLACES)}

# What happens to a row; a code is twice that, and one more where it is a negative.
_ACTED, _LEFT, _ASKED, _RIGHT, _WRONG = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where one option puts the rows of one side of the split.

    ``keys`` and ``codes`` have shape (n,); a code is an index into `PLACES`. Both are
    read-only.
    """

    option: str
    keys: NDArray[np.str_]
    codes: NDArray[np.int8]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows in each place, shape (10,)."""
        return np.bincount(self.codes, minlength=len(PLACES)).astype(np.int64)

    @property
    def cells(self) -> Cells:
        """The counts as a policy's cells; what shows the best few is left alone."""
        return cells_of_counts(self.counts)


def cells_of_counts(counts: NDArray[np.int64]) -> Cells:
    """Ten counts as a policy's six cells: what shows the best few is left alone.

    Rates of what is acted on then keep their meaning whatever the fallback is.
    """
    found = dict(zip(PLACES, counts.tolist(), strict=True))
    return Cells(
        tp=found["tp"],
        fp=found["fp"],
        fn=found["fn"] + found["right_positive"] + found["wrong_positive"],
        tn=found["tn"] + found["right_negative"] + found["wrong_negative"],
        asked_positive=found["asked_positive"],
        asked_negative=found["asked_negative"],
    )


def place_rows(
    option: str,
    keys: NDArray[np.str_],
    labels: NDArray[np.bool_],
    scores: NDArray[np.float64],
    policy: Policy,
    *,
    fallback: FallbackKind,
    hit: NDArray[np.bool_] | None = None,
) -> Placed:
    """Put each row in its place: acted on, asked, or left to the fallback.

    Parameters
    ----------
    option
        The option's id.
    keys, labels, scores
        Shape (n,): one of each a row; scores are finite.
    policy
        Acts where ``score >= act_at`` and asks in its review band; ``none`` leaves
        every row to the fallback, as an option without a model does.
    fallback
        Where all other rows go: ``not_sure`` leaves them alone, ``human`` asks a
        person, ``alternatives`` shows the best few.
    hit
        Shape (n,): whether a right answer is among the best few. Only
        ``alternatives`` reads it.

    Raises
    ------
    InputError
        Lengths that differ, ``alternatives`` without ``hit``, or a policy that does
        not say of each row what happens to it: ``random`` and ``today``.
    """
    if not len(keys) == len(labels) == len(scores):
        raise InputError(
            f"{option}: {len(keys)} keys, {len(labels)} labels and {len(scores)} scores"
            " were given; each row needs one of each"
        )
    act_at, review_at = _lines(option, policy)
    what = _left_to(option, fallback, hit, len(keys))
    np.putmask(what, scores >= review_at, _ASKED)
    np.putmask(what, scores >= act_at, _ACTED)
    what *= 2
    what += ~np.asarray(labels, dtype=np.bool_)
    what.flags.writeable = False
    return Placed(option, _read_only(keys), what)


def place_costs(context: Context, payoff: PayoffMatrix) -> Floats:
    """What a row of each place costs, in false alarms; shape (10,), read-only.

    The six as in `metrics.cell_costs`. Showing the best few costs what it is worth less
    than deciding that row rightly, over C_FP; below zero it is a gain. NaN where the
    payoff does not say what it is worth, or prices no false alarm: harmless to options
    that show nothing. Raises `InputError` without a ratio.
    """
    if context.ratio is None:
        raise InputError("a cost needs the ratio: how many false alarms one miss is")
    six = cell_costs(context.ratio, context.review_cost, context.reviewer)
    alarm = payoff.false_alarm_cost if payoff.false_alarm_cost > 0 else math.nan
    shown = (
        (best - value) / alarm
        for value in (_or_nan(payoff.choice_right), _or_nan(payoff.choice_wrong))
        for best in (payoff.tp, payoff.tn)
    )
    return _by_place(*astuple(six), *shown)


def _lines(option: str, policy: Policy) -> tuple[float, float]:
    """From which score on it acts, and from which on it asks a person."""
    lines = lines_of(policy)
    if lines is not None:
        return lines
    raise InputError(
        f"{option}: a policy of kind {policy.kind} does not say which rows it acts on;"
        " take single, review_band, all or none"
    )


def _left_to(
    option: str, fallback: FallbackKind, hit: NDArray[np.bool_] | None, n: int
) -> NDArray[np.int8]:
    """What happens to each row if the policy neither acts nor asks."""
    if fallback != "alternatives":
        return np.full(n, _ASKED if fallback == "human" else _LEFT, dtype=np.int8)
    if hit is None:
        raise InputError(
            f"{option} shows the best few, but nobody ranked them; name a ranking:"
        )
    if len(hit) != n:
        raise InputError(f"{option}: {n} rows, but {len(hit)} of them were ranked")
    return np.where(hit, np.int8(_RIGHT), np.int8(_WRONG))


def _by_place(*given: float) -> Floats:
    found = np.array(given, dtype=np.float64)
    found.flags.writeable = False
    return found


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _read_only(keys: NDArray[np.str_]) -> NDArray[np.str_]:
    # The caller's own array stays as it was; no key is copied.
    view = keys.view()
    view.flags.writeable = False
    return view
