"""Bets against what came, actions carried over, and what went well."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.analysis.retro.world import World, after, clause, said
from workshop.analysis.retro.followed import carried_actions, wins
from workshop.record.choices import Record

DIGEST = "sha256:" + "ab" * 32
TODAY = date(2026, 12, 1)


def bet(low: float | None, likely: float, high: float | None) -> dict[str, Any]:
    return {
        "tolerable_error": 0.2,
        "expected_error": likely,
        "expected_low": low,
        "expected_high": high,
        "ratio": 1,
        "fallback": "not_sure",
        "owner": "both",
        "nonce": "00" * 32,
    }


def test_each_range_is_held_against_the_error_of_all_new_rows(world: World) -> None:
    bets = {
        "sealed": {"product": DIGEST, "engineering": DIGEST},
        "opened": {"product": bet(0.3, 0.5, 0.7), "engineering": bet(0.0, 0.1, 0.2)},
    }
    frame = after()
    found = world.retro(frame, said(bets=bets)).bets
    assert [(b.seat, b.outcome) for b in found] == [
        ("product", "inside"),
        ("engineering", "above"),
    ]
    assert found[0].observed.k == int((frame["good"] == 0).sum())
    assert found[0].observed.n == len(frame)


def test_a_bet_without_a_range_is_not_scored(world: World) -> None:
    bets = {
        "sealed": {"product": DIGEST, "engineering": DIGEST},
        "opened": {"product": bet(None, 0.5, None), "engineering": bet(0.4, 0.5, None)},
    }
    found = world.retro(after(), said(bets=bets)).bets
    assert [(b.seat, b.high) for b in found] == [("engineering", 1.0)]


def test_without_opened_bets_there_is_nothing_to_score(world: World) -> None:
    assert world.retro(after()).bets == ()


def record(actions: list[dict[str, Any]], *looks: dict[str, Any]) -> Record:
    said = {"scenario": "tiny", "agreement": {"actions": actions}}
    return Record.model_validate(said | {"retrospectives": list(looks)})


def look(*carried: dict[str, Any]) -> dict[str, Any]:
    at = "2026-10-01T09:00:00+00:00"
    return {"at": at, "data": DIGEST, "carried": list(carried)}


ASK = {"what": "ask", "who": "Dana", "by": "2026-11"}
COUNT = {"what": "count", "who": "Ilir", "by": "2027-01"}


def test_open_actions_are_carried_over_and_those_overdue_are_marked() -> None:
    found = carried_actions(record([ASK, COUNT]), TODAY)
    assert [(c.action.what, c.overdue, c.carried) for c in found] == [
        ("ask", True, False),
        ("count", False, False),
    ]


def test_an_action_is_one_however_often_it_was_carried() -> None:
    other = {"what": "write", "who": "Ilir"}
    found = carried_actions(record([ASK], look(ASK, other)), TODAY)
    assert [(c.action.what, c.carried) for c in found] == [
        ("ask", True),
        ("write", True),
    ]


def test_what_is_done_is_carried_no_further_and_is_a_win() -> None:
    done = ASK | {"done": "2026-11-20"}
    found = record([done, COUNT], look(ASK))
    assert [c.action.what for c in carried_actions(found, TODAY)] == ["count"]
    assert [win.what for win in wins(found, (), (), None)] == ["ask"]


def test_what_was_done_before_the_last_time_is_no_win_again() -> None:
    found = record([ASK | {"done": "2026-09-01"}], look())
    assert wins(found, (), (), None) == ()


def test_clauses_surely_kept_and_figures_surely_better_are_wins(world: World) -> None:
    threshold = {
        "policy": {"kind": "single", "act_at": 0.5},
        "seen": {"precision": {"k": 100, "n": 200}},
    }
    kept = clause(at_most=0.6, window="8 weeks")
    found = world.retro(after(), said(kept, threshold=threshold)).wins
    assert [(win.kind, win.what) for win in found] == [
        ("clause", "C1"),
        ("figure", "precision"),
    ]
