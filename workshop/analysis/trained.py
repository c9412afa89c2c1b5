"""What does training on a bounded sample tell, and what does the baseline lean on?

Values only; `workshop.analysis.baseline` computes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from workshop.record.values import Number

NoTraining = Literal[
    "no_label", "one_class", "no_features", "too_few_rows", "not_asked", ""
]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row whose label the model, never having seen it, finds most unlikely."""

    key: str
    positive: bool
    chance: float
    """The out-of-fold chance of the label that it carries."""


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """Out-of-sample error (1 − AUC) when trained on ``rows`` rows."""

    rows: int
    error: float
    lo: float
    hi: float


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """The inverse power law a + b·n^(−c) through the points (Figueroa et al. 2012).

    ``now`` and ``doubled`` are the error at the rows at hand and at twice as many,
    each with a 95 % interval; ``gain`` is now - doubled. Their ``n`` says at how many
    rows: the line is carried no farther than four times the largest fit, so for a
    large table ``gain`` is at ``n`` rows, and less beyond.
    """

    points: tuple[LearningPoint, ...]
    a: float
    b: float
    c: float
    now: Number
    doubled: Number
    gain: Number


@dataclass(frozen=True, slots=True)
class Importance:
    """How much AUC the baseline loses on unseen rows when a column is shuffled there.

    ``lost`` is the mean over repeats; its ``lo`` and ``hi`` are the least and the most
    of them (no confidence interval: other rows are not drawn), its ``n`` the rows.
    """

    column: str
    lost: Number


@dataclass(frozen=True, slots=True)
class Trained:
    """The trained checks' figures. ``why_not`` says why there are none.

    ``rows`` were trained on, a bounded sample of those with a label. ``shuffled`` is
    the AUC of the honest baseline over shuffled folds, the share of pairs that it
    orders rightly; ``later`` its AUC on the later rows when trained on the earlier
    ones, cut at ``cut``; ``gap`` how far, on the same later rows, a shuffled model of
    as many rows stands above it (so not quite ``shuffled`` less ``later``).

    ``suspects`` are at most 200, most suspicious first; ``suspected`` is the share of
    labels that may be wrong, at most; its ``lo`` is above 0 only where labels are
    contrary as often where the model is surest as further on, which mere overlap of
    the labels does not explain. Both are empty where the lower bound of ``shuffled``
    is under 0.7: such a model knows too little to doubt a label.
    ``importances`` are at most ten, largest first, and empty where the lower bound of
    ``shuffled`` is not above one half: such a model leans on nothing.
    ``why_no_learning`` is ``few_sizes`` or ``few_positives``. ``left_out`` maps a
    column to a role's name or to one of ``cluster, personal, free_text,
    all_different, constant, empty, unreadable, named_twice, too_many``.
    """

    rows: int
    positives: int
    used: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    shuffled: Number | None = None
    later: Number | None = None
    gap: Number | None = None
    cut: datetime | None = None
    suspects: tuple[Suspect, ...] = ()
    suspected: Number | None = None
    learning: LearningCurve | None = None
    importances: tuple[Importance, ...] = ()
    why_no_learning: str = ""
    why_not: NoTraining = ""
