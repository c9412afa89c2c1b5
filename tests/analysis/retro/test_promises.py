"""Promise against observation: then, now, the difference, and what it is called."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.retro.world import World, after, clause, said
from workshop.analysis.intervals import newcombe, rate
from workshop.analysis.retro.apart import apart, verdict_on
from workshop.analysis.retro.promises import seen_now
from workshop.analysis.retro.results import PromiseHeld
from workshop.record.agreed import Retrospective
from workshop.record.values import Count, Number, Seen


def seen(**figures: tuple[int, int]) -> dict[str, Any]:
    """What stood on the page when the threshold was chosen."""
    return {name: {"k": k, "n": n} for name, (k, n) in figures.items()}


def record(figures: dict[str, Any], **given: Any) -> dict[str, Any]:
    threshold = {"policy": {"kind": "single", "act_at": 0.5}, "seen": figures}
    return said(threshold=threshold, **given)


def one(world: World, figures: dict[str, Any], **given: Any) -> PromiseHeld:
    return world.retro(after(**given), record(figures)).promises[0]


def test_then_and_now_are_counted_and_held_apart(world: World) -> None:
    found = one(world, seen(recall=(150, 200)))
    assert (found.then.k, found.then.n) == (150, 200)
    assert (found.then.rows, found.now.rows) == ("report", "live")
    assert found.now.n
    assert found.now.k is not None
    ends = newcombe(found.now.k, found.now.n, 150, 200)
    assert (found.difference.lo, found.difference.hi) == pytest.approx(
        (ends.lo, ends.hi)
    )


def test_a_figure_that_surely_fell_is_worse_and_one_that_rose_is_better(
    world: World,
) -> None:
    assert one(world, seen(precision=(195, 200))).verdict == "worse"
    assert one(world, seen(precision=(100, 200))).verdict == "better"
    assert one(world, seen(error_among_answered=(10, 200))).verdict == "worse"
    assert one(world, seen(prevalence=(10, 200))).verdict == "moved"


def test_few_rows_cannot_tell_and_many_alike_are_as_promised(world: World) -> None:
    assert one(world, seen(precision=(3, 4))).verdict == "cannot_tell"
    now = one(world, seen(coverage=(1, 2))).now
    assert now.k is not None
    assert now.n is not None
    many = seen(coverage=(now.k * 100, now.n * 100))
    assert one(world, many, n=5_600).verdict == "as_promised"


def test_the_error_is_held_against_what_the_pair_can_live_with(world: World) -> None:
    found = one(world, seen(error_among_answered=(50, 200)))
    assert found.promised is not None
    assert found.promised.value == 0.4
    assert found.keeps == "kept"
    assert one(world, seen(recall=(50, 200))).keeps is None
    worse = one(world, seen(error_among_answered=(50, 200)), shift=-0.45)
    assert worse.keeps == "broken"


def test_the_impact_s_own_figures_are_told_only_where_they_differ(
    world: World,
) -> None:
    figures = seen(recall=(150, 200), coverage=(100, 200))
    alike = record(figures, impact={"seen": figures})
    assert {p.where for p in world.retro(after(), alike).promises} == {"threshold"}
    other = record(figures, impact={"seen": seen(recall=(1, 2))})
    found = [(p.metric, p.where) for p in world.retro(after(), other).promises]
    assert found[-1] == ("recall", "impact")


def test_without_labels_only_what_needs_none_is_told(world: World) -> None:
    figures = seen(recall=(150, 200), coverage=(100, 200))
    late = world.retro(after().drop(columns="good"), record(figures)).promises
    assert [(p.metric, p.why) for p in late] == [
        ("recall", "no_labels"),
        ("coverage", ""),
    ]


def test_the_same_rows_are_no_difference(world: World) -> None:
    kept = world.evidence(said())
    aside = ~kept.choosing("a")
    keys = set(kept.runs["a"].keys[aside])
    frame = world.own[world.own["id"].isin(keys)].copy()
    frame["id"] = "again " + frame["id"]  # the same rows under other keys
    own = world.retro(frame).rows
    figures = seen_now(own)
    assert figures is not None
    again = {name: count.model_dump() for name, count in figures.figures.items()}
    for promise in world.retro(frame, record(again)).promises:
        assert promise.difference.value == 0
        assert promise.verdict in ("as_promised", "cannot_tell")


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(now=counts, then=counts, deff=st.floats(1, 50))
def test_a_difference_lies_in_its_interval_and_turns_round_with_its_sides(
    now: tuple[int, int], then: tuple[int, int], deff: float
) -> None:
    one, two = (rate("x", *each, rows="live") for each in (now, then))
    there = apart("d", one, two, deff_now=deff, deff_then=1)
    back = apart("d", two, one, deff_now=1, deff_then=deff)
    assert there.value == pytest.approx(-(back.value or 0))
    assert there.lo is not None
    assert there.hi is not None
    assert there.lo - 1e-9 <= (there.value or 0) <= there.hi + 1e-9
    assert (there.lo, there.hi) == pytest.approx((-(back.hi or 0), -(back.lo or 0)))


@given(ends=st.tuples(st.floats(-1, 1), st.floats(-1, 1)).map(sorted))
def test_better_and_worse_change_places_with_the_side_that_is_better(
    ends: list[float],
) -> None:
    number = Number(id="d", value=sum(ends) / 2, lo=ends[0], hi=ends[1])
    other = {"better": "worse", "worse": "better"}
    found = verdict_on("recall", number)
    assert verdict_on("error_rate", number) == other.get(found, found)


# --- since the last time --------------------------------------------------------------


def last(digest: str = "sha256:abcd", **figures: tuple[int, int]) -> Retrospective:
    kept = {name: Count(k=k, n=n) for name, (k, n) in figures.items()}
    return Retrospective(
        at="2026-09-01T10:00:00+00:00",
        data=digest,
        last="2026-06-30",
        seen=Seen(figures=kept),
        clauses={"C1": "broken"},
        changed="a new weather feed",
    )


def test_before_and_after_say_whether_it_helped(world: World) -> None:
    record = said(retrospectives=[last(precision=(100, 200)).model_dump()])
    found = world.retro(after(), record).since
    assert found is not None
    assert (found.at[:10], found.changed) == ("2026-09-01", "a new weather feed")
    (figure,) = found.figures
    assert (figure.metric, figure.verdict) == ("precision", "better")
    assert figure.before.k == 100


def test_the_same_rows_again_are_no_before(world: World) -> None:
    digest = world.read(after()).digest
    record = said(retrospectives=[last(digest).model_dump()])
    assert world.retro(after(), record).since is None
    older = last(recall=(1, 2)).model_dump()
    both = said(retrospectives=[older, last(digest).model_dump()])
    since = world.retro(after(), both).since
    assert since is not None
    assert since.figures[0].metric == "recall"


def test_rows_of_the_last_time_stand_on_one_side_only(world: World) -> None:
    frame = after()
    before = last(precision=(100, 200)).model_copy(update={"last": "2026-08-16"})
    record = said(retrospectives=[before.model_dump()])
    found = world.retro(frame, record).since
    assert found is not None
    (figure,) = found.figures
    own = frame[(frame["at"] > "2026-08-16") & (frame["score_a"] >= 0.5)]
    assert (figure.after.k, figure.after.n) == (int(own["good"].sum()), len(own))


def test_without_a_later_row_nothing_is_compared(world: World) -> None:
    for day in ("2026-08-30", ""):
        before = last(precision=(100, 200)).model_copy(update={"last": day})
        record = said(clause(), retrospectives=[before.model_dump()])
        found = world.retro(after(), record).since
        assert found is not None
        assert (found.figures, found.why) == ((), "same_rows")
        assert [name for name, *_ in found.clauses] == ["C1"]


# --- one family of figures ------------------------------------------------------------


def test_a_figure_and_its_complement_are_one_and_one_win(world: World) -> None:
    figures = seen(precision=(100, 200), error_among_answered=(100, 200))
    retro = world.retro(after(), record(figures))
    assert [p.metric for p in retro.promises] == ["error_among_answered"]
    assert [w.what for w in retro.wins] == ["error_among_answered"]
    before = last(precision=(100, 200), error_among_answered=(100, 200))
    since = world.retro(after(), said(retrospectives=[before.model_dump()])).since
    assert since is not None
    assert [f.metric for f in since.figures] == ["error_among_answered"]


def test_differences_hold_together(world: World) -> None:
    figures = seen(recall=(150, 200), coverage=(100, 200))
    held = world.retro(after(), record(figures)).promises
    assert [p.difference.level for p in held] == pytest.approx([0.975, 0.975])
    assert one(world, seen(recall=(150, 200))).difference.level == 0.95
    # what cannot be looked at is not counted
    late = world.retro(after().drop(columns="good"), record(figures)).promises
    assert late[1].difference.level == 0.95
