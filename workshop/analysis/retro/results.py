"""What does a retrospective find? The values that its parts hand on, and nothing else.

All figures of new rows are `Number` with ``rows="live"``; those of the agreement keep
``rows="report"``. A part that cannot be told is there all the same, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workshop.record.agreed import Action, BetOutcome, ClauseState
from workshop.record.bets import Seat
from workshop.record.values import Clause, Number, Policy

Why = Literal[
    "",
    "no_policy",
    "no_ratio",
    "no_option",
    "without_model",
    "no_labels",
    "no_rows",
    "few_rows",
    "no_metric",
    "no_slice",
    "one_label",
    "nothing_seen",
    "no_time",
    "no_window",
    "labels_one_sided",
    "same_rows",
]
"""Why a part cannot tell: empty where it can, or where only more rows are needed.

``no_policy``: no threshold agreed. ``no_ratio``: no ratio agreed. ``no_option``: the
new rows have no score of the option. ``without_model``: the option has no scores.
``no_labels``: no label is known yet. ``no_rows``: no row in the window or slice.
``few_rows``: fewer than the clause's minimum sample. ``no_metric``: the new rows cannot
give the metric (a latency, a cost). ``no_slice``: no such column. ``one_label``: all
labels alike. ``nothing_seen``: the record keeps no figures. ``no_time``: no time.
``no_window``: the clause's window is no number of days, weeks, months or years.
``labels_one_sided``: rows acted on and rows left alone are not labelled alike often.
``same_rows``: the rows may be those of the last time.
"""


@dataclass(frozen=True, slots=True)
class LabelledApart:
    """How often rows acted on and the others are labelled, where that is not alike."""

    acted: Number
    others: Number


Verdict = Literal["as_promised", "better", "worse", "moved", "cannot_tell"]
"""``moved`` is for figures of which neither direction is better."""

Changes = Literal["changes", "same", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows a figure rests on: days, both included; empty without a time."""

    first: str = ""
    last: str = ""
    rows: int = 0
    labelled: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """One look of the monitor: a week's own count, and what all looks say so far.

    ``starts`` is its Monday; empty where there is no time and all rows are one look.
    ``number`` is the week's own rate with its interval. ``reached`` says how much of
    what an alarm takes the evidence has reached: 1 and above is an alarm; None where
    the clause cannot be watched.
    """

    starts: str
    number: Number
    reached: float | None
    alarm: bool


@dataclass(frozen=True, slots=True)
class ClauseHeld:
    """One clause on its last window of new rows, and week by week.

    ``number`` is the metric with its count and both one-sided 95 % bounds (a 90 %
    interval); its value is None where there is none. ``bound`` is the limit. Where the
    state is cannot tell, ``why`` says what is missing or, if empty, that the interval
    holds the bound: then ``more`` further labels (rows, where none are needed) would
    tell were the rate to stay, None where no sensible number would, in ``weeks`` at the
    clause's own pace, for ``price`` in money. Where the window never holds as many,
    ``weeks`` is None: it takes ``a_week`` labels or a window of ``window_weeks``.
    ``alarm`` is the Monday of the first week
    in which the monitor, valid at every look, raised one; ``indicative`` says that its
    level is only indicative, because rows hang together.
    """

    clause: Clause
    state: ClauseState
    number: Number
    bound: Number
    window: Window
    why: Why = ""
    more: Number | None = None
    weeks: Number | None = None
    price: Number | None = None
    looks: tuple[Week, ...] = ()
    alarm: str = ""
    indicative: bool = False
    a_week: Number | None = None
    window_weeks: Number | None = None

    @property
    def id(self) -> str:
        """The clause's id."""
        return self.clause.id


@dataclass(frozen=True, slots=True)
class PromiseHeld:
    """One figure that was seen at the choice, against the same on the new rows.

    ``difference`` is now minus then, with Newcombe's interval at the effective sizes.
    ``promised`` is what the pair agreed to live with, for the error among answered;
    ``keeps`` then says whether the new rows keep it, held as a clause is: by exact
    one-sided bounds and not by the interval of ``now``.
    ``verdict`` is better or worse where the difference leaves zero out; as promised
    where its whole interval lies within `results.CLOSE`; else cannot tell. The
    intervals of all differences hold together (Bonferroni).
    """

    metric: str
    then: Number
    now: Number
    difference: Number
    verdict: Verdict
    where: Literal["threshold", "impact"] = "threshold"
    promised: Number | None = None
    keeps: ClauseState | None = None
    why: Why = ""


CLOSE = 0.05
"""A figure within five points of what was seen is as promised."""
MATTERS = 0.05
"""A saving of at most this share of what the agreed policy costs changes nothing."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How far one column of the new rows is from the rows kept aside.

    ``index`` is the population stability index with its bootstrap range, its bins
    fixed on the rows kept aside; ``critical`` is what rows of one make exceed in 5 of
    100 cases at these sizes. ``ks`` is the largest distance of the two distributions,
    for numbers. ``chance`` is the p-value of the index. ``moved``: told from chance
    (for inputs by Benjamini-Hochberg at 5 %) and above the common mark of 0.10 with its
    whole range.
    """

    column: str
    kind: Literal["score", "input"]
    index: Number
    critical: Number
    ks: Number | None
    chance: float
    moved: bool


@dataclass(frozen=True, slots=True)
class GroupVolume:
    """What share of all rows one group was then, and is now."""

    column: str
    group: str
    kind: Literal["value", "others", "missing"]
    then: Number
    now: Number
    difference: Number
    moved: bool


@dataclass(frozen=True, slots=True)
class Drifts:
    """What moved between the rows kept aside and the new ones.

    ``label`` is then, now and the difference of the share of positives; None without
    labels. ``inputs`` are the few that moved furthest, of ``looked_at`` columns of
    which ``told`` moved. ``not_there`` are columns that the new rows lack.
    """

    label_then: Number | None
    label_now: Number | None
    label: Number | None
    scores: Shift | None
    inputs: tuple[Shift, ...]
    looked_at: int
    told: int
    volumes: tuple[GroupVolume, ...]
    not_there: tuple[str, ...] = ()
    why: Why = ""


@dataclass(frozen=True, slots=True)
class OptionNow:
    """One option at the policy found for it before release, on the new rows.

    ``cost`` is false alarms a thousand decisions; ``now`` that minus the option in
    play, ``then`` the same on the rows kept aside (ranges hold together: max-T). A
    negative difference is cheaper. ``error`` is the error among answered.
    """

    id: str
    title: str
    letter: str
    policy: Policy
    in_play: bool
    cost: Number
    error: Number
    then: Number | None
    now: Number | None
    separated: bool


@dataclass(frozen=True, slots=True)
class LineNow:
    """The cheapest line of the option in play on the new rows, against the agreed one.

    Chosen on the first half of the new rows (``chosen_on``) and valued on the second
    (``valued_on``), so that it is no better for having been looked for. ``saves`` is
    what it saves, false alarms a thousand decisions, with a paired interval; ``cost``
    what the agreed policy costs there. ``verdict``: ``same`` where it could save a
    twentieth of the cost at most, else ``changes`` where the whole range is a saving.
    ``already`` says that it surely saved something on the rows kept aside too: then it
    is no change of the world.
    """

    agreed: Policy
    best: Policy | None
    cost: Number
    saves: Number
    chosen_on: Window
    valued_on: Window
    verdict: Changes
    why: Why = ""
    already: bool = False


@dataclass(frozen=True, slots=True)
class DecisionNow:
    """Does what moved change which option or which threshold is best?

    ``options`` start with the one in play. ``best`` is the id of the cheapest now by
    point estimates; ``option`` says that another is surely cheaper, and may be so by
    more than a twentieth (``changes``), that none can be (``same``), or neither.
    ``cheaper`` is the cheapest of those surely cheaper. ``already`` is True where that
    one was surely cheaper on the rows kept aside too: it is no change of the world.
    ``not_there`` are options that the new rows cannot value. ``line`` is None only
    where ``why`` says so.
    """

    options: tuple[OptionNow, ...]
    best: str | None
    option: Changes
    already: bool
    line: LineNow | None
    looks: int
    lost: int
    not_there: tuple[str, ...] = ()
    few_sources: bool = False
    why: Why = ""
    cheaper: str | None = None


@dataclass(frozen=True, slots=True)
class SinceLast:
    """One figure at the last retrospective, now, and the difference: did it help?"""

    metric: str
    before: Number
    after: Number
    difference: Number
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Since:
    """The last retrospective's figures beside those of the rows that came after it.

    ``at`` is when that was. Where rows may be the same ones there are no figures, and
    ``why`` says so.
    """

    at: str
    changed: str
    figures: tuple[SinceLast, ...]
    clauses: tuple[tuple[str, ClauseState, ClauseState], ...] = ()
    why: Why = ""


@dataclass(frozen=True, slots=True)
class BetHeld:
    """One seat's range for the error against what was observed over all new rows."""

    seat: Seat
    low: float
    likely: float
    high: float
    observed: Number
    outcome: BetOutcome


@dataclass(frozen=True, slots=True)
class CarriedAction:
    """An action that is still open: ``overdue``, its day has passed.

    ``carried`` says that it was carried over once before.
    """

    action: Action
    overdue: bool
    carried: bool


@dataclass(frozen=True, slots=True)
class Win:
    """Something that went well: ``what`` is a clause's id, a metric or an action."""

    kind: Literal["clause", "figure", "helped", "action"]
    what: str
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What can be said before labels arrive; rows without a label are ``unlabelled``.

    ``acted``, ``asked`` and ``left`` are shares of all new rows, with the same on the
    rows kept aside in ``then``. ``expected_error`` is the error among answered, were
    every score to mean what it meant there (reweighted by score): an assumption, marked
    as ``assumed``, and of no use where scores no longer mean the same. ``enough_by`` is
    the day from which labels suffice to tell the error to within five points, empty
    where nobody can say; ``enough`` how many labelled rows acted on that takes.
    """

    unlabelled: Number
    acted: Number | None
    asked: Number | None
    left: Number | None
    then: dict[str, Number] = field(default_factory=dict)
    latency: dict[str, Number] = field(default_factory=dict)
    expected_error: Number | None = None
    enough: Number | None = None
    enough_by: str = ""
    why: Why = ""
