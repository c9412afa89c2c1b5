"""One look at new rows as plain data.

Keys are added, never renamed; a part that cannot be told is there with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workshop.analysis.retro.results import (
    BetHeld,
    CarriedAction,
    ClauseHeld,
    DecisionNow,
    Drifts,
    LabelledApart,
    PromiseHeld,
    Since,
    Waiting,
    Win,
)
from workshop.record.values import Number
from workshop.views.recaps.retrospective_clauses import states_said
from workshop.views.recaps.retrospective_drift import drift_said
from workshop.views.recaps.retrospective_people import win_said
from workshop.views.section import number_json

if TYPE_CHECKING:
    from workshop.views.recaps.retrospective import Looked

SCHEMA = "common-ground/retro-1"


def look_json(looked: Looked) -> dict[str, Any]:
    """One look as plain data, rounded to six significant digits."""
    window = looked.window
    return {
        "rows": window.rows,
        "labelled": window.labelled,
        "first": window.first,
        "last": window.last,
        "labelled_apart": _apart(looked.labelled_apart),
        "data": looked.data,
        "headline": states_said(looked.clauses).text,
        "clauses": [_clause(one) for one in looked.clauses],
        "promise": [_promise(one) for one in looked.promises],
        "drift": _drift(looked.drifts, looked.decision),
        "bets": [_bet(one) for one in looked.bets],
        "since": _since(looked.since),
        "wins": [_win(one) for one in looked.wins],
        "carried": [_carried(one) for one in looked.actions],
        "waiting": _waiting(looked.waiting),
    }


def _number(number: Number | None) -> dict[str, Any] | None:
    return None if number is None else number_json(number)


def _apart(apart: LabelledApart | None) -> dict[str, Any] | None:
    if apart is None:
        return None
    return {"acted": _number(apart.acted), "others": _number(apart.others)}


def _clause(one: ClauseHeld) -> dict[str, Any]:
    clause = one.clause
    return {
        "id": clause.id,
        "metric": clause.metric,
        "at_most": clause.at_most,
        "at_least": clause.at_least,
        "slice": clause.slice,
        "state": one.state,
        "why": one.why,
        "number": _number(one.number),
        "first": one.window.first,
        "last": one.window.last,
        "more": _number(one.more),
        "weeks": _number(one.weeks),
        "price": _number(one.price),
        "a_week": _number(one.a_week),
        "window_weeks": _number(one.window_weeks),
        "alarm": one.alarm,
    }


def _promise(one: PromiseHeld) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "where": one.where,
        "then": _number(one.then),
        "now": _number(one.now),
        "difference": _number(one.difference),
        "verdict": one.verdict,
        "promised": _number(one.promised),
        "keeps": one.keeps,
        "why": one.why,
    }


def _drift(drifts: Drifts | None, decision: DecisionNow | None) -> dict[str, Any]:
    line = decision.line if decision else None
    return {
        "says": drift_said(drifts, decision).text,
        "label": _number(drifts.label) if drifts else None,
        "scores_moved": drifts.scores.moved if drifts and drifts.scores else None,
        "inputs_moved": drifts.told if drifts else None,
        "line": line.verdict if line else "cannot_tell",
        "option": decision.option if decision else "cannot_tell",
        "best": decision.best if decision else None,
        "cheaper": decision.cheaper if decision else None,
        "line_already": line.already if line else False,
        "option_already": decision.already if decision else False,
        "why": decision.why if decision else "",
    }


def _bet(one: BetHeld) -> dict[str, Any]:
    return {"seat": one.seat, "outcome": one.outcome, "number": _number(one.observed)}


def _since(since: Since | None) -> dict[str, Any] | None:
    if since is None:
        return None
    figures = [
        {
            "metric": one.metric,
            "difference": _number(one.difference),
            "verdict": one.verdict,
        }
        for one in since.figures
    ]
    given = {"at": since.at, "changed": since.changed, "why": since.why}
    return {**given, "figures": figures}


def _win(one: Win) -> dict[str, Any]:
    return {"kind": one.kind, "what": one.what, "says": win_said(one).text}


def _carried(one: CarriedAction) -> dict[str, Any]:
    return one.action.model_dump(exclude={"done"}) | {
        "overdue": one.overdue,
        "carried": one.carried,
    }


def _waiting(waiting: Waiting | None) -> dict[str, Any] | None:
    if waiting is None:
        return None
    return {
        "unlabelled": _number(waiting.unlabelled),
        "expected_error": _number(waiting.expected_error),
        "enough": _number(waiting.enough),
        "enough_by": waiting.enough_by,
        "why": waiting.why,
    }
