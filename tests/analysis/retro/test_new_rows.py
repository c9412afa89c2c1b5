"""Labels of one side of the line, and how sure rows that hang together can make us."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.analysis.retro.world import World, after, clause, said
from workshop.analysis.retro.promises import seen_now
from workshop.analysis.retro.retro import Retro

DIGEST = "sha256:" + "ab" * 32


def labelled(frame: pd.DataFrame, mask: Any) -> pd.DataFrame:
    """The same rows, their label known only where ``mask`` is True."""
    good = frame["good"].astype("Int64").mask(~np.asarray(mask))
    return frame.assign(good=good)


def agreed() -> dict[str, Any]:
    names = ("precision", "recall", "error_among_answered", "prevalence", "coverage")
    figures = {name: {"k": 50, "n": 100} for name in names}
    bet = {
        "tolerable_error": 0.2,
        "expected_error": 0.5,
        "expected_low": 0.1,
        "expected_high": 0.9,
        "ratio": 1,
        "fallback": "not_sure",
        "owner": "both",
        "nonce": "00" * 32,
    }
    return said(
        clause(id="E", at_most=0.6, window="8 weeks"),
        clause(id="R", metric="recall", at_least=0.3, window="8 weeks"),
        clause(id="C", metric="expected_cost", at_most=5, window="8 weeks"),
        threshold={"policy": {"kind": "single", "act_at": 0.5}, "seen": figures},
        bets={
            "sealed": {"product": DIGEST, "engineering": DIGEST},
            "opened": {"product": bet, "engineering": bet},
        },
    )


def one_sided(world: World) -> Retro:
    frame = after()
    return world.retro(labelled(frame, frame["score_a"] >= 0.5), agreed())


def test_labels_of_those_acted_on_keep_no_promise_about_the_others(
    world: World,
) -> None:
    found = one_sided(world)
    apart = found.labelled_apart
    assert apart is not None
    assert (apart.acted.value, apart.others.value) == (1, 0)
    states = {held.id: (held.state, held.why) for held in found.clauses}
    assert states["E"] == ("kept", "")
    assert states["R"] == states["C"] == ("cannot_tell", "labels_one_sided")


def test_of_labels_on_one_side_only_how_often_acting_was_right_is_told(
    world: World,
) -> None:
    found = one_sided(world)
    assert {p.metric: p.why for p in found.promises} == {
        "recall": "labels_one_sided",
        "error_among_answered": "",
        "prevalence": "labels_one_sided",
        "coverage": "",
    }
    assert (found.decision.why, found.decision.line) == ("labels_one_sided", None)
    assert (found.drifts.why, found.drifts.label) == ("labels_one_sided", None)
    assert {bet.outcome for bet in found.bets} == {"cannot_tell"}
    assert found.error.value is None
    kept = seen_now(found.rows)
    assert kept is not None
    assert kept.figures.keys() == {"precision", "error_among_answered", "coverage"}


def test_labels_by_lot_or_late_on_both_sides_are_one_sided_on_none(
    world: World,
) -> None:
    frame = after()
    lot = np.random.default_rng(3).random(len(frame)) < 0.3
    for mask in (lot, frame["at"] < pd.Timestamp("2026-08-01")):
        assert world.retro(labelled(frame, mask), agreed()).labelled_apart is None


def test_labels_far_more_often_on_one_side_are_one_sided(world: World) -> None:
    frame = after()
    draw, acted = np.random.default_rng(3).random(len(frame)), frame["score_a"] >= 0.5
    mask = draw < np.where(acted, 0.9, 0.3)
    assert world.retro(labelled(frame, mask), agreed()).labelled_apart is not None


def test_none_or_all_wrong_is_no_proof_that_rows_stand_alone(tmp_path: Path) -> None:
    world = World(tmp_path, cluster=True)
    frame = after()
    frame["shop"] = [f"shop {i // 14}" for i in range(len(frame))]
    retro = world.retro(frame.assign(good=1), said())
    own = retro.evidence.design_effect("a").deff
    retro.evidence._design_effects["a"] = type(retro.evidence.design_effect("a"))(
        4.0, 600, 40
    )
    assert own >= 1
    assert retro.rows.deff("error_among_answered") == pytest.approx(4.0)
    assert retro.rows.label_deff == pytest.approx(4.0)
