"""What is known of a table before anything is judged: counts, never rows.

A profile is made once per table (`profiling`), on whichever engine holds it, and read
by every check. Whole-table figures are exact unless a field says otherwise; figures
on shape come from a bounded sample of the rows, which says how many it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from workshop.data.card import ColumnRole

Kind = Literal["number", "text", "boolean", "time", "other"]
Value = str | float | bool | datetime


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column over all rows.

    ``missing`` counts nulls and NaN; ``stand_ins`` counts values that stand for
    missing (``"unknown"``, ``"-999"``, blanks as ``""``), by value as text.
    ``missing_judged`` and ``missing_positives`` look at the rows where the column is
    missing: how many of them carry a label, and how many of those are positive.
    ``distinct`` is approximate where ``distinct_exact`` is False. ``one_value`` is the
    engine's own word on whether all values are the same, where it was asked: ``low``
    and ``high`` cannot tell whole numbers beyond 2**53 apart.
    """

    name: str
    kind: Kind
    role: ColumnRole | None
    rows: int
    missing: int
    missing_judged: int = 0
    missing_positives: int = 0
    stand_ins: dict[str, int] = field(default_factory=dict)
    distinct: int = 0
    distinct_exact: bool = False
    low: Value | None = None
    high: Value | None = None
    mean: float | None = None
    sd: float | None = None
    commonest: tuple[str, int] | None = None
    """The sample's most frequent value and its count over all rows, where a column
    has few values or one of them rules; of nearly equal ones it may be either."""
    one_value: bool | None = None

    @property
    def constant(self) -> bool:
        """Whether all rows that hold a value hold the same one."""
        if self.rows <= self.missing:
            return False
        if self.one_value is not None:
            return self.one_value
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class LabelProfile:
    """The label over all rows. ``values`` are its most frequent values, up to 50.

    ``deff`` is how much more the share of positives varies when whole clusters are
    drawn than when as many single rows are; 1 where no cluster is named.
    """

    column: str
    rows: int
    judged: int
    positives: int
    values: tuple[tuple[str, int], ...] = ()
    distinct: int = 2
    deff: float = 1.0

    @property
    def missing(self) -> int:
        """Rows that nobody judged."""
        return self.rows - self.judged


@dataclass(frozen=True, slots=True)
class GroupCount:
    """One value of a group column. ``missing`` counts holes there, by column."""

    value: str
    rows: int
    judged: int
    positives: int
    missing: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupProfile:
    """A group column's largest values (at most 200) and what the rest comes to."""

    column: str
    values: tuple[GroupCount, ...]
    distinct: int
    rest_rows: int = 0


@dataclass(frozen=True, slots=True)
class CrossCount:
    """One cell of groups × groups for the two largest group columns."""

    first: str
    second: str
    rows: int
    judged: int
    positives: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """The two group columns with the most usable values, crossed; largest first."""

    columns: tuple[str, str]
    cells: tuple[CrossCount, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """One day, week or month: its start, rows, rows with a label, positives."""

    start: datetime
    rows: int
    judged: int
    positives: int


@dataclass(frozen=True, slots=True)
class TimeProfile:
    """The time column, in periods of one ``unit``.

    Periods without rows are left out, so a hole is a step of more than one unit.

    ``low``, ``high`` and ``periods`` are those of the rows up to today, less the
    ``far_off``: few rows that lie further from all others than those span, such as a
    mistyped year. ``unread`` counts values that are no date; ``future`` rows after
    today, which stand in no period unless all do; ``formats`` the ways in which text
    dates are written, where they are text.
    """

    column: str
    low: datetime | None
    high: datetime | None
    unit: Literal["day", "week", "month", "year"]
    periods: tuple[Period, ...]
    missing: int = 0
    unread: int = 0
    future: int = 0
    formats: tuple[str, ...] = ()
    far_off: int = 0


@dataclass(frozen=True, slots=True)
class Copies:
    """Rows alike in every input. ``share`` is 1, or 1/64 above ten million rows.

    ``rows`` were looked at; ``repeated`` repeat an earlier one; ``clashing`` of
    ``judged`` stand in a set of alike rows that carries both labels; ``floor`` counts
    the rarer label of each such set, so many rows no model can be right about.
    """

    columns: tuple[str, ...]
    rows: int
    repeated: int
    judged: int
    clashing: int
    share: float = 1.0
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Separation:
    """How well one column alone tells the labels apart, on the sample.

    ``auc`` is the area under its ROC curve, folded to lie at or above 0.5, categories
    ordered by their positive rate on the other half of the rows. ``lo`` and ``hi`` are
    the 95 % interval of Hanley and McNeil (1982).
    """

    column: str
    auc: float
    lo: float
    hi: float
    n: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a column moved between the earlier and the later half of the sample.

    ``psi`` is the population stability index with a bootstrap interval; ``critical`` is
    what rows of one and the same make would exceed in 5 of 100 cases, given these
    counts (Yurdakul 2018). Where a cluster is named, both are of whole clusters.
    """

    column: str
    psi: float
    lo: float
    hi: float
    critical: float
    earlier: int
    later: int


@dataclass(frozen=True, slots=True)
class Twins:
    """Two columns that say nearly the same: share of rows, or rank correlation."""

    first: str
    second: str
    likeness: float
    n: int


@dataclass(frozen=True, slots=True)
class Personal:
    """A column that looks like it names or reaches a person.

    ``by`` says how: by its ``name``, or by a kind of ``value`` (email, phone, card
    number, IBAN, IP address, national id), found in ``k`` of ``n`` values looked at.
    """

    column: str
    what: str
    by: Literal["name", "value"]
    k: int = 0
    n: int = 0


@dataclass(frozen=True, slots=True)
class Mixed:
    """A text column whose values are of several makes: make → how many of the sample.

    Makes are ``number``, ``text``, and for dates their format (``2024-01-31``,
    ``31/01/2024``, …).
    """

    column: str
    makes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Shapes:
    """What the bounded sample shows. ``rows`` of it; ``whole``: it is all rows."""

    rows: int
    whole: bool
    separations: tuple[Separation, ...] = ()
    drifts: tuple[Drift, ...] = ()
    twins: tuple[Twins, ...] = ()
    personal: tuple[Personal, ...] = ()
    mixed: tuple[Mixed, ...] = ()
    free_text: tuple[str, ...] = ()
    hole_deffs: dict[str, float] = field(default_factory=dict)
    """By how much holes that come by the cluster widen a share of them, by column."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the checks know of a table. ``engine`` is ibis's name for it.

    ``not_done`` names what the engine cannot do, each with the reason's id.
    """

    engine: str
    rows: int
    columns: dict[str, ColumnProfile]
    label: LabelProfile | None = None
    groups: tuple[GroupProfile, ...] = ()
    crossing: Crossing | None = None
    time: TimeProfile | None = None
    copies: Copies | None = None
    shapes: Shapes = Shapes(0, whole=True)
    not_done: dict[str, str] = field(default_factory=dict)

    def of_role(self, *roles: ColumnRole) -> tuple[ColumnProfile, ...]:
        """Return the columns that play one of these parts."""
        return tuple(c for c in self.columns.values() if c.role in roles)
