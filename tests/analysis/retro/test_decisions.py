"""Does what moved change which option, or which threshold, is best?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.analysis.retro.world import World, after, rows_from, said
from workshop.analysis.retro.decisions import THOUSAND


def many(shift: float = 0.0) -> pd.DataFrame:
    """Enough rows to tell a saving: eight weeks of fifty a day."""
    return rows_from("2026-07-06", 2_800, seed=5, prefix="n", shift=shift, per_day=50)


def test_options_stand_at_the_policies_that_were_found_before_release(
    world: World,
) -> None:
    found = world.retro(after()).decision
    by_id = {option.id: option for option in found.options}
    assert found.options[0].in_play
    assert by_id["a"].policy.act_at == 0.5
    assert by_id["b"].policy.act_at is not None
    # the file's own scores of after are looked at by nobody when a line is drawn
    again = world.retro(after(shift=-0.4)).decision
    assert {o.id: o.policy for o in again.options} == {
        o.id: o.policy for o in found.options
    }


def test_a_world_as_before_does_not_change_what_is_best(world: World) -> None:
    found = world.retro(many()).decision
    assert found.option in ("same", "cannot_tell")
    assert found.line is not None
    assert found.line.verdict in ("same", "cannot_tell")


def test_costs_are_counted_a_thousand_decisions(world: World) -> None:
    frame = after()
    own = next(o for o in world.retro(frame).decision.options if o.id == "a")
    acted = frame["score_a"] >= 0.5
    wrong = int(
        (acted & (frame["good"] == 0)).sum() + (~acted & (frame["good"] == 1)).sum()
    )
    assert own.cost.value == pytest.approx(THOUSAND * wrong / len(frame))


def test_a_better_threshold_is_looked_for_and_valued_on_other_rows(
    world: World,
) -> None:
    found = world.retro(many(-0.4)).decision.line
    assert found is not None
    assert found.chosen_on.last < found.valued_on.first
    assert found.best is not None
    assert found.verdict == "changes"
    assert (found.saves.lo or 0) > 0
    assert (found.best.act_at or 2) > 0.6


def test_an_option_that_is_surely_cheaper_now_changes_the_choice(world: World) -> None:
    found = world.retro(many(-0.6)).decision
    assert found.option == "changes"
    assert found.best == "do_nothing"
    assert not found.already


def test_what_was_cheaper_before_is_no_change_of_the_world(world: World) -> None:
    record = said(threshold={"policy": {"kind": "single", "act_at": 0.02}})
    found = world.retro(many(), record).decision
    assert found.option == "changes"
    assert found.already


def test_labels_all_alike_or_missing_tell_nothing(world: World) -> None:
    frame = after()
    assert world.retro(frame.assign(good=1)).decision.why == "one_label"
    assert world.retro(frame.drop(columns="good")).decision.why == "no_labels"


def test_without_a_ratio_nothing_is_cheaper(world: World) -> None:
    found = world.retro(after(), said() | {"framing": None}).decision
    assert (found.why, found.option) == ("no_ratio", "cannot_tell")


def test_an_option_that_the_file_does_not_score_is_left_out_by_name(
    world: World,
) -> None:
    found = world.retro(after().drop(columns="score_b")).decision
    assert found.not_there == ("b",)
    assert "b" not in {option.id for option in found.options}


def test_one_moment_has_no_halves(world: World) -> None:
    frame = after()
    found = world.retro(frame.assign(at=frame["at"].iloc[0])).decision
    assert found.line is not None
    assert (found.line.best, found.line.verdict) == (None, "cannot_tell")


def test_rows_that_hang_together_widen_the_range(tmp_path: Path) -> None:
    alone, together = World(tmp_path / "1"), World(tmp_path / "2", cluster=True)
    frame = after()
    rng = np.random.default_rng(0)
    frame["good"] = (frame["shop"] == "shop 1").astype(int) ^ (
        rng.random(len(frame)) < 0.05
    )
    one, other = (w.retro(frame).rows.deff("error_rate") for w in (alone, together))
    assert one == 1
    assert other > 5
    assert together.retro(frame).decision.few_sources


def test_a_line_that_saved_before_too_is_no_change_of_the_world(world: World) -> None:
    record = said(threshold={"policy": {"kind": "single", "act_at": 0.02}})
    found = world.retro(many(), record).decision.line
    assert found is not None
    assert found.verdict == "changes"
    assert found.already
    new = world.retro(many(-0.4)).decision.line
    assert new is not None
    assert not new.already


def test_the_best_of_those_surely_cheaper_has_its_own_already(world: World) -> None:
    found = world.retro(many(-0.6)).decision
    by_id = {option.id: option for option in found.options}
    assert found.cheaper is not None
    now = by_id[found.cheaper].now
    assert now is not None
    assert (now.hi or 0) < 0
    assert world.retro(many()).decision.cheaper is None


def test_a_later_half_of_one_label_hides_no_better_line(world: World) -> None:
    """A line is looked for on the first half; the second only values it."""
    frame = after()
    frame["good"] = np.where(np.arange(len(frame)) < 280, frame["good"], 0)
    line = world.retro(frame).decision.line
    assert line is not None
    assert line.best is not None
    assert line.cost.value is not None
