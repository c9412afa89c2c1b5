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


def test_what_was_ticked_once_stays_done() -> None:
    ticked = ASK | {"done": "2026-10-01"}
    later = look(COUNT) | {"at": "2026-11-01T09:00:00+00:00"}
    found = record([ASK, COUNT], look(ticked, COUNT), later)
    assert [c.action.what for c in carried_actions(found, TODAY)] == ["count"]
    assert wins(found, (), (), None) == (), "it was a win then"


def test_what_was_carried_once_is_carried_on() -> None:
    other = {"what": "write", "who": "Ilir"}
    found = record([], look(other), look())
    assert [c.action.what for c in carried_actions(found, TODAY)] == ["write"]


# --- bets over many retrospectives ----------------------------------------------------


def held(month: int, first: str, last: str) -> dict[str, Any]:
    at = f"2026-{month:02}-28T09:00:00+00:00"
    return {
        "at": at,
        "data": DIGEST,
        "first": first,
        "last": last,
        "seen": {"figures": {"prevalence": {"k": 50, "n": 100}}},
    }


def test_bets_are_scored_once_there_are_five_looks_at_other_days(world: World) -> None:
    bets = {
        "sealed": {"product": DIGEST, "engineering": DIGEST},
        "opened": {"product": bet(0.3, 0.5, 0.7), "engineering": bet(0.0, 0.1, 0.2)},
    }
    months = [
        held(month, f"2026-{month:02}-01", f"2026-{month:02}-27")
        for month in range(2, 6)
    ]
    five = world.retro(after(), said(bets=bets, retrospectives=months)).rounds
    assert [(one.seat, one.inside.k) for one in five] == [
        ("product", 5),
        ("engineering", 0),
    ]
    twice = [*months[:3], held(7, "2026-04-20", "2026-04-27")]
    assert world.retro(after(), said(bets=bets, retrospectives=twice)).rounds == ()
    assert world.retro(after(), said(retrospectives=months)).rounds == ()
