"""What became of what people said: bets, actions still open, and what went well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workshop.analysis.bets_scored import RoundsScored, score_bets, score_rounds
from workshop.analysis.intervals import rate
from workshop.analysis.retro.new_rows import NewRows
from workshop.analysis.retro.promises import BASE
from workshop.analysis.retro.results import (
    BetHeld,
    CarriedAction,
    ClauseHeld,
    PromiseHeld,
    Since,
    Win,
)
from workshop.record.agreed import Action, BetOutcome, Retrospective
from workshop.record.choices import Record
from workshop.record.dates import is_past
from workshop.record.values import Number


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


def bets_scored(rows: NewRows) -> tuple[RoundsScored, ...]:
    """Each seat's bet scored over all retrospectives; empty with fewer than five.

    A day counts in one of them only: those that overlap an earlier one are left out,
    and so are those without days, which may hold the same rows.
    """
    record = rows.evidence.record
    if record.bets is None or not record.bets.opened:
        return ()
    first, last = rows.later.days
    looks = [(o.first, o.last, _error_then(o)) for o in record.retrospectives]
    looks.append((first, last, rows.error))
    observed, until = [], ""
    for starts, ends, error in sorted(looks, key=lambda look: look[:2]):
        if starts > until and error is not None and error.n:
            observed.append(error)
            until = ends
    scored = [score_rounds(s, b, observed) for s, b in record.bets.opened.items()]
    return tuple(one for one in scored if one is not None)


def _error_then(look: Retrospective) -> Number | None:
    """How often acting on everyone was wrong, as a retrospective kept it."""
    found = look.seen.figures.get(BASE) if look.seen else None
    if found is None:
        return None
    return rate(f"retro.round.{look.at}", found.n - found.k, found.n, rows="live")


def carried_actions(record: Record, today: date) -> tuple[CarriedAction, ...]:
    """The agreement's actions and those carried over before, that nobody did yet.

    The same words by the same person are one action; it is done once either says so.
    """
    agreed = record.agreement.actions if record.agreement else ()
    carried = _carried(record)
    before = {_name(action) for action in carried}
    done = {_name(action) for action in (*agreed, *carried) if action.done}
    # as the agreement words it, else as it was carried last
    named = {_name(action): action for action in (*agreed, *carried, *agreed)}
    return tuple(
        CarriedAction(action, is_past(action.by, today), name in before)
        for name, action in named.items()
        if name not in done
    )


def _carried(record: Record) -> list[Action]:
    """What every retrospective carried, the oldest first."""
    return [action for look in record.retrospectives for action in look.carried]


def _name(action: Action) -> tuple[str, str]:
    return action.what, action.who


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
    known = [*agreed, *_carried(record)]
    done = {_name(action): action for action in known if action.done}
    return [action for action in done.values() if (action.done or "") >= since]
