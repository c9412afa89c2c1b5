"""What the explorer is given: counts at a few hundred cuts, never a row.

Everything here was computed elsewhere. The browser may add counts, evaluate Wilson's
interval and fill sentences; `workshop.views.explorer.readout` says the same in Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workshop.record.values import Limits, Policy, Role, Rows

MOST_CUTS = 300
DOTS = 100

JumpName = Literal["least_cost", "best_within", "today"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Cumulative counts of some rows, one entry a cut.

    ``tp[i]`` and ``fp[i]`` count the rows of either label with ``score >= cuts[i]``.
    ``deff`` is the design effect by which their ranges widen.
    """

    tp: tuple[int, ...]
    fp: tuple[int, ...]
    positives: int
    negatives: int
    deff: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """One group's counts under its name; ``column`` says by what rows are grouped."""

    column: str
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Band:
    """Ends of precision and recall at each cut; None where there is no value."""

    precision_lo: tuple[float | None, ...]
    precision_hi: tuple[float | None, ...]
    recall_lo: tuple[float | None, ...]
    recall_hi: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Worth:
    """What one row of each cell is worth, or takes, in ``unit`` a decision.

    ``today`` is what one decision is worth in today's process, where that is known.
    """

    unit: str
    tp: float = 0.0
    fp: float = 0.0
    fn: float = 0.0
    tn: float = 0.0
    asked_positive: float = 0.0
    asked_negative: float = 0.0
    today: float | None = None


@dataclass(frozen=True, slots=True)
class Jump:
    """A point to jump to; without a policy, ``why_not`` says why there is none."""

    name: JumpName
    policy: Policy | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """One of 100 stand-ins for all rows: its score, and whether its label is positive.

    ``across`` is its place on the axis, 0 to 1, and ``up`` its place in the pile,
    counted from 0; ``until`` is the last cut, by index, that still acts on it.
    """

    across: float
    up: int
    positive: bool
    until: int


@dataclass(frozen=True, slots=True)
class ExplorerGiven:
    """All that the explorer shows.

    ``cuts`` ascends; the first acts on everyone, the last is infinite and acts on no
    one; every marked point is among them. ``above_all`` is a finite score that no row
    reaches: a line there acts on no one. ``across`` is each cut's place on the axis of
    the dots, 0 to 1, ascending; ``ticks`` are (place, score) for its scale.

    ``marks`` are the cuts that either half has marked as its own, ``names`` what the
    halves are called, ``here`` those at the table. ``ratio`` is how many false alarms
    one miss is worth. ``few_sources`` says that ranges are only indicative, ``rows``
    which rows were counted, ``fallback`` what happens to those that are left alone.
    """

    unit: str
    act: str
    wrong: str
    cuts: tuple[float, ...]
    above_all: float
    across: tuple[float, ...]
    ticks: tuple[tuple[float, float], ...]
    dots: tuple[Dot, ...]
    counts: Counts
    per_week: float
    start: Policy | None = None
    band: Band | None = None
    groups: tuple[Group, ...] = ()
    money: Worth | None = None
    minutes: Worth | None = None
    ratio: float | None = None
    limits: Limits = field(default_factory=Limits)
    jumps: tuple[Jump, ...] = ()
    marks: dict[Role, float] = field(default_factory=dict)
    names: dict[Role, str] = field(default_factory=dict)
    here: tuple[Role, ...] = ("product", "engineering")
    few_sources: bool = False
    fallback: str = ""
    rows: Rows = "choose"
