"""What became of what people said: bets, actions still open, and what went well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from workshop.analysis.bets_scored import score_bets
from workshop.analysis.retro.new_rows import NewRows
from workshop.analysis.retro.results import (
    BetHeld,
    CarriedAction,
    ClauseHeld,
    PromiseHeld,
    Since,
    Win,
)
from workshop.record.agreed import Action, BetOutcome
from workshop.record.choices import Record
from workshop.record.dates import is_past


def bets_held(rows: NewRows) -> tuple[BetHeld, ...]:
    """Each seat's range for the error against what was observed over all new rows.

    Seats that gave no range are left out, and so are bets that are not opened yet.
    """
    bets = rows.evidence.record.bets
    if bets is None or not bets.opened:
        return ()
    observed = rows.error
    found = []
    for scored in score_bets(bets.opened, observed):
        outcome: BetOutcome
        if scored.verdict == "no_range":
            continue
        outcome = scored.verdict
        number = observed.model_copy(update={"id": f"retro.bet.{scored.seat}.observed"})
        low = 0.0 if scored.low is None else scored.low
        high = 1.0 if scored.high is None else scored.high
        found.append(BetHeld(scored.seat, low, scored.likely, high, number, outcome))
    return tuple(found)


def carried_actions(record: Record, today: date) -> tuple[CarriedAction, ...]:
    """The agreement's actions and those carried over before, that nobody did yet.

    The same words by the same person are one action; it is done once either says so.
    """
    agreed = record.agreement.actions if record.agreement else ()
    last = record.retrospectives[-1].carried if record.retrospectives else ()
    before = {_name(action) for action in last}
    done = {_name(action) for action in (*agreed, *last) if action.done}
    named = {_name(action): action for action in (*last, *agreed)}
    ordered = [*agreed, *(a for a in last if _name(a) not in set(_names(agreed)))]
    return tuple(
        CarriedAction(named[_name(a)], is_past(a.by, today), _name(a) in before)
        for a in ordered
        if _name(a) not in done
    )


def _name(action: Action) -> tuple[str, str]:
    return action.what, action.who


def _names(actions: Iterable[Action]) -> list[tuple[str, str]]:
    return [_name(action) for action in actions]


def wins(
    record: Record,
    clauses: Sequence[ClauseHeld],
    promises: Sequence[PromiseHeld],
    since: Since | None,
) -> tuple[Win, ...]:
    """Clauses surely kept, figures surely better, what helped, and actions done."""
    found = [Win("clause", c.id, c.number) for c in clauses if c.state == "kept"]
    found += [
        Win("figure", p.metric, p.difference) for p in promises if p.verdict == "better"
    ]
    helped = since.figures if since else ()
    found += [
        Win("helped", one.metric, one.difference)
        for one in helped
        if one.verdict == "better"
    ]
    found += [Win("action", action.what) for action in _done_since(record)]
    return tuple(found)


def _done_since(record: Record) -> list[Action]:
    """Actions done since the last retrospective; all that are, before the first."""
    agreed = record.agreement.actions if record.agreement else ()
    last = record.retrospectives[-1] if record.retrospectives else None
    since = last.at[:10] if last else ""
    known = [*agreed, *(last.carried if last else ())]
    done = {_name(action): action for action in known if action.done}
    return [action for action in done.values() if (action.done or "") >= since]
