"""What must hold: each clause, where it stands, and what it would notice at what price.

Computes nothing: `workshop.analysis.clauses` has held each clause, and
`workshop.analysis.clause_rows` has said what measuring it brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workshop.analysis.clause_rows import Consequence
from workshop.analysis.clauses import ClauseHeld, Needed
from workshop.analysis.noticed import Noticed
from workshop.record.agreed import ClauseState
from workshop.record.terms import METRICS
from workshop.record.values import Clause, Number
from workshop.views.recaps.common import owner_said
from workshop.views.section import Block, Card, Paragraph, View
from workshop.views.wording import Said, as_written, say

ONE = 1.5
"""Below so many labels that count, a page would say one of them, or none."""


@dataclass(frozen=True)
class ClauseNow:
    """A clause as it is held on the rows kept aside, and what measuring it brings."""

    held: ClauseHeld
    brings: Consequence | None = None
    currency: str = ""

    @property
    def clause(self) -> Clause:
        """The clause itself."""
        return self.held.clause

    @property
    def bound(self) -> Number:
        """What its metric must keep to."""
        clause = self.clause
        return Number(
            id=f"clause.{clause.id}.bound",
            value=clause.at_least if clause.at_most is None else clause.at_most,
            unit=METRICS[clause.metric].unit,
            assumed=True,
        )

    @property
    def now(self) -> Number | None:
        """Where its metric stands; None where that cannot be said."""
        return self.held.number

    @property
    def state(self) -> ClauseState | None:
        """Kept, broken, cannot tell; None where these rows say nothing about it."""
        return self.held.state


def clause_said(one: ClauseNow) -> tuple[Said, ...]:
    """Say a clause, where it stands, what telling takes, and what it would notice."""
    name = f"clause.{one.clause.id}"
    brings = one.brings or Consequence()
    return (
        _clause(one),
        *_now(one.held),
        *_needs(one, name),
        *consequence_said(brings, name=name, currency=one.currency, measured=False),
    )


def _clause(one: ClauseNow) -> Said:
    clause, bound = one.clause, one.bound
    side = "at_most" if clause.at_most is not None else "at_least"
    key = f"clause_{side}" if bound.unit == "share" else f"clause_quantity_{side}"
    return say(
        f"agreement.{key}",
        id=clause.id,
        metric=metric_said(clause),
        bound=bound,
        window=clause.window,
        owner=owner_said(clause.owner),
        then=clause.then or say("agreement.nothing"),
        measured=_measured_by(clause),
    )


def metric_said(clause: Clause) -> Said:
    """Name a clause's metric, and for whom where it is not for everybody."""
    metric = say(f"metric.{clause.metric}.name")
    if not clause.slice:
        return metric
    return say("clauses.of_slice", metric=metric, slice=clause.slice)


def _measured_by(clause: Clause) -> Said:
    if clause.measured_by is None:
        by_hand = METRICS[clause.metric].needs_labels
        return say(f"agreement.measured_by_{'none' if by_hand else 'program'}")
    labels = Number(
        id=f"clause.{clause.id}.labels",
        value=float(clause.measured_by.labels_per_week),
        unit="labels per week",
        assumed=True,
    )
    return say("agreement.measured_by", labels=labels, who=clause.measured_by.who)


def _now(held: ClauseHeld) -> tuple[Said, ...]:
    number, state = held.number, held.state
    if number is None or number.value is None or state is None:
        never = held.reason in ("slice_unknown", "not_measured", "not_countable")
        reason = f"clause_reason.{held.reason}"
        return (say("clauses.not_held", reason=say(reason)),) if never else ()
    told = say(f"agreement.state_{state}")
    if held.reason == "few_rows":
        told = say("clause_reason.few_rows")
    if number.assumed:
        return (
            say("clauses.stated", rate=number, state=say(f"clauses.stated_{state}")),
        )
    if number.k is not None:
        return (say("agreement.clause_now", rate=number, state=told),)
    between = "now" if number.lo is None else "now_between"
    return (say(f"clauses.{between}", rate=number, state=told),)


def _needs(one: ClauseNow, name: str) -> tuple[Said, ...]:
    held = one.held
    if held.state != "cannot_tell" or held.number is None or held.number.k is None:
        return ()
    if held.needs is not None:
        given = {"name": name, "currency": one.currency, "window": held.clause.window}
        return (needs_said(held.needs, **given),)
    endless = held.reason in ("holds_limit", "few_rows")
    return (say("clauses.needs_endless"),) if endless else ()


def needs_said(needs: Needed, *, name: str, currency: str, window: str) -> Said:
    """Say what telling takes, in labels or rows, weeks and money.

    Where the clause's ``window`` never holds enough at this pace, what would.
    """

    def number(part: str, unit: str) -> Number:
        value = float(getattr(needs, part))
        return Number(id=f"{name}.needs.{part}", value=value, unit=unit)

    if not needs.fits:
        longer = weeks_said(needs.window_weeks or 0, f"{name}.needs.window_weeks")
        way = say("clauses.takes_window", weeks=longer)
        if needs.labels_a_week is not None:
            faster = number("labels_a_week", "labels per week")
            way = say("clauses.takes_labels", labels=faster, window=way)
        return say("clauses.needs_window", window=window, way=way)
    if needs.labels is None:
        what = say("clauses.needs_rows", rows=number("rows", "rows"))
    else:
        what = say("clauses.needs_labels", labels=number("labels", "labels"))
    time = price = Said("", {})
    if needs.weeks is not None:
        weeks = weeks_said(needs.weeks, f"{name}.needs.weeks")
        time = say("clauses.needs_time", weeks=weeks)
    if needs.cost is not None:
        money = number("cost", currency)
        price = say("clauses.needs_price", price=money, currency=currency)
    return say("clauses.needs", what=what, time=time, price=price)


def weeks_said(weeks: int, id: str) -> Said:
    """So many weeks, or one."""
    if weeks == 1:
        return say("clauses.one_week")
    return say("clauses.weeks", weeks=Number(id=id, value=float(weeks), unit="weeks"))


def consequence_said(
    brings: Consequence, *, name: str, currency: str, measured: bool = True
) -> tuple[Said, ...]:
    """Say what measuring a clause brings; ``measured`` also says that nobody does.

    ``name`` heads each number's id.
    """
    if brings.reason == "slice_unknown":
        example = say("clauses.slice_example")
        return (say("clauses.slice_unknown", example=example),)
    if brings.reason == "nobody" and not measured:
        return ()  # the clause itself has said so
    if brings.reason:
        return (say(f"clauses.{brings.reason}"),)
    found = [] if brings.noticed is None else _noticed(brings.noticed, name)
    if found and brings.labels != brings.effective:
        found.append(_effective(brings, name))
    if brings.cost is not None:
        cost = Number(id=f"{name}.cost", value=brings.cost, unit=currency, assumed=True)
        found.append(say("clauses.costs", cost=cost, currency=currency))
    return tuple(found)


def brings_view(clause: Clause, brings: Consequence, currency: str) -> View:
    """What measuring a clause brings, beside the clause while it is typed."""
    name = f"clause.{clause.id}.typed"
    said = consequence_said(brings, name=name, currency=currency)
    return View(tuple(Paragraph(one) for one in said))


def _noticed(noticed: Noticed, name: str) -> list[Said]:
    rates = {
        part: Number(id=f"{name}.{part}", value=getattr(noticed, part), assumed=True)
        for part in ("promised", "risen")
    }
    move = say("clauses.rise" if noticed.side == "at_most" else "clauses.fall", **rates)
    if noticed.median is None:
        within = Number(id=f"{name}.within", value=noticed.within)
        return [say("clauses.unnoticed", move=move, within=within)]
    median = weeks_said(noticed.median, f"{name}.median")
    if noticed.most is None:
        return [say("clauses.noticed_half", move=move, median=median)]
    most = weeks_said(noticed.most, f"{name}.most")
    return [say("clauses.noticed", move=move, median=median, most=most)]


def _effective(brings: Consequence, name: str) -> Said:
    numbers = {
        part: Number(id=f"{name}.in.{part}", value=getattr(brings, part), unit="labels")
        for part in ("labels", "effective")
    }
    if (brings.effective or 0) < ONE:
        return say("clauses.effective_one", labels=numbers["labels"])
    return say("clauses.effective", **numbers)


def _about_all(clauses: Sequence[ClauseNow], *, has_rows: bool) -> tuple[Said, ...]:
    """How sure one look is where any is kept or broken, and why none is held yet."""
    told = any(one.state in ("kept", "broken") and _is_counted(one) for one in clauses)
    once = (say("clauses.one_look"),) if told else ()
    ends = (say("clauses.both_ends"),) if any(map(_is_counted, clauses)) else ()
    unchecked = () if has_rows or not clauses else (say("before.clauses_unchecked"),)
    return ends + once + unchecked


def _is_counted(one: ClauseNow) -> bool:
    return one.now is not None and one.now.lo is not None


def clauses_blocks(
    clauses: Sequence[ClauseNow], *, has_rows: bool = True
) -> tuple[Block, ...]:
    """One card a clause: what must hold, where it stands, what would be noticed."""
    about_all = _about_all(clauses, has_rows=has_rows)
    return (
        *(_card(one) for one in clauses),
        *(Paragraph(said, "quiet") for said in about_all),
    )


def _card(one: ClauseNow) -> Card:
    promise, *rest = clause_said(one)
    state = one.state or "not_held"
    return Card(
        title=as_written(one.clause.id),
        tag=say(f"clauses.tag_{state}"),
        said=(promise,),
        ways=tuple(rest),
        grave=one.state == "broken",
    )


def clauses_view(clauses: Sequence[ClauseNow], *, has_rows: bool = True) -> View:
    """What must hold, for a page without panels."""
    return View(clauses_blocks(clauses, has_rows=has_rows))


def clause_json(one: ClauseNow) -> dict[str, Any]:
    """One clause as plain data for the JSON twin."""
    clause = one.clause
    return {
        "id": clause.id,
        "metric": clause.metric,
        "at_most": clause.at_most,
        "at_least": clause.at_least,
        "owner": clause.owner,
        "number": one.now.id if one.now else None,
        "state": one.state,
        "says": clause_said(one)[0].text,
    }
