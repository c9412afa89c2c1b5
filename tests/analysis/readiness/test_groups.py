"""Sources and groups: too few, too thin, too different, alone and crossed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.readiness.builders import (
    ROWS,
    Case,
    plain,
    same,
    with_profile,
)
from workshop.analysis.intervals import newcombe, wilson
from workshop.analysis.readiness.given import ReviewInput
from workshop.analysis.readiness.profile import (
    CrossCount,
    Crossing,
    GroupCount,
    GroupProfile,
    LabelProfile,
)
from workshop.analysis.readiness.registry import CHECKS

# --- what a case changes -------------------------------------------------------------


def scored(**changes):
    return lambda given: replace(given, scored=replace(given.scored, **changes))


def sources(count: int):
    return scored(sources=np.array([f"s{i % count}" for i in range(ROWS)]))


def group(column: str, counts: dict[str, tuple[int, int]], **more) -> GroupProfile:
    """Return a group column: positives and judged rows of each value."""
    values = tuple(GroupCount(v, n, n, k) for v, (k, n) in counts.items())
    return GroupProfile(column, values, **({"distinct": len(values)} | more))


def groups(*profiles: GroupProfile):
    return with_profile(groups=profiles)


def crossed(*cells: tuple[str, str, int, int], columns=("region", "kind")):
    """Return a change to these crossings: first, second, positives, judged."""
    counts = tuple(CrossCount(a, b, n, n, k) for a, b, k, n in cells)
    return with_profile(crossing=Crossing(columns, counts))


def in_use(*columns: str):
    return lambda given: replace(given, use=replace(given.use, groups=columns))


def both(*changes):
    def change(given: ReviewInput) -> ReviewInput:
        for one in changes:
            given = one(given)
        return given

    return change


NO_GROUPS = with_profile(groups=())
NO_LABEL = with_profile(label=None)
CARRIERS = {"UA": (1500, 5000), "AA": (1500, 5000), "OO": (10, 32)}
EVEN = (
    ("north", "old", 300, 1000),
    ("north", "new", 300, 1000),
    ("south", "old", 300, 1000),
    ("south", "new", 300, 1000),
)
# Nobody in the north is special, nor anybody new; those who are both, are.
ODD = (*EVEN[:1], ("north", "new", 600, 1000), *EVEN[2:])

CASES: dict[str, tuple[Case, ...]] = {
    "DR003": (
        Case(same, "passed"),
        Case(sources(20), "passed"),
        Case(sources(5), "finding", "warning", names=("s0", "5 sources")),
        Case(sources(1), "finding", "warning"),
        Case(scored(sources=None), "not_applicable", reason="no_cluster"),
        Case(lambda g: replace(g, scored=None), "not_applicable", reason="no_scores"),
    ),
    "DR011": (
        Case(same, "passed"),
        Case(
            both(groups(group("carrier", CARRIERS)), in_use("carrier")),
            "finding",
            "warning",
            names=("carrier: OO (32)", "1 of 3"),
        ),
        Case(groups(group("carrier", CARRIERS)), "finding", "note"),
        Case(groups(group("carrier", {"A": (0, 0)})), "finding", "note"),
        Case(NO_GROUPS, "not_applicable", reason="no_groups"),
        Case(NO_LABEL, "not_applicable", reason="no_label"),
    ),
    "DR025": (
        Case(same, "passed"),
        Case(
            groups(group("region", {"north": (900, 3000), "south": (1500, 3000)})),
            "finding",
            "warning",
            names=("region: south", "region: north", "+20 points"),
        ),
        Case(
            groups(group("kind", {"old": (900, 3000), "new": (1500, 3000)})),
            "finding",
            "note",
        ),
        # Ten points apart, and yet not surely five.
        Case(
            groups(group("region", {"north": (90, 300), "south": (120, 300)})),
            "passed",
        ),
        Case(NO_GROUPS, "not_applicable", reason="no_groups"),
        Case(NO_LABEL, "not_applicable", reason="no_label"),
        Case(
            groups(group("region", {"north": (900, 3000), "south": (3, 10)})),
            "cannot_tell",
            reason="too_thin",
        ),
    ),
    "DR026": (
        Case(crossed(*EVEN), "passed"),
        Case(
            crossed(*EVEN, ("east", "new", 3, 9)), "finding", "note", names=("1 of 5",)
        ),
        Case(crossed(*ODD), "finding", "note", names=("north × new",)),
        Case(both(crossed(*ODD), in_use("region", "kind")), "finding", "warning"),
        Case(same, "not_applicable", reason="no_crossing"),
        Case(both(crossed(*EVEN), NO_LABEL), "not_applicable", reason="no_label"),
    ),
}


def found(code: str, change):
    return CHECKS[code].run(change(plain()))


# --- sources -------------------------------------------------------------------------


def test_what_few_sources_put_at_stake_is_what_one_of_them_moves():
    labels = np.array([True] * 60 + [False] * 40)
    names = np.array(["a"] * 50 + ["b"] * 50)  # a: all right; b: 10 of 50
    finding = found("DR003", scored(labels=labels, sources=names))
    # without a: 10 of 50 right instead of 60 of 100
    assert finding.at_stake.value == pytest.approx(0.4)
    errors = {d.about: d.numbers["error"].k for d in finding.details}
    assert errors == {"a": 0, "b": 40}


def test_one_source_alone_cannot_be_left_out():
    assert found("DR003", sources(1)).at_stake is None


# --- thin groups ---------------------------------------------------------------------


def test_a_thin_group_is_named_with_its_rows_and_its_half_width():
    finding = found("DR011", groups(group("carrier", CARRIERS)))
    # at a rate of one half: the measure by which it is thin
    assert finding.at_stake.value == pytest.approx(wilson(16, 32).half_width)
    (detail,) = finding.details
    assert detail.about == "carrier: OO"
    assert detail.numbers["judged"].value == 32


def test_what_is_thin_does_not_depend_on_what_was_found_there():
    """Fifteen points at any rate take 39 rows: Wilson at 19.5 of 39 is 15.0."""
    some = {"a": (0, 38), "b": (9, 38), "c": (0, 39), "d": (19, 39)}
    finding = found("DR011", groups(group("g", some)))
    assert sorted(d.about for d in finding.details) == ["g: a", "g: b"]


def test_rows_that_hang_together_make_more_groups_thin():
    ample = groups(group("carrier", {"UA": (1500, 5000), "AA": (30, 100)}))
    assert found("DR011", ample) is None
    finding = found("DR011", both(ample, scored(deff=4.0)))
    assert [d.about for d in finding.details] == ["carrier: AA"]


def test_values_beyond_those_counted_are_thin_where_the_last_counted_is():
    counts = {f"v{i}": (3, 10) for i in range(200)}
    finding = found("DR011", groups(group("tail", counts, distinct=100_000)))
    assert finding.numbers["thin"].k == finding.numbers["thin"].n == 100_000
    assert len(finding.details) == 12
    named = finding.names["groups"].removesuffix(" more")
    shown, rest = named.rsplit(" and ", 1)
    assert int(rest) == 100_000 - len(shown.split(", "))


# --- groups apart --------------------------------------------------------------------


def test_the_difference_has_newcombes_interval_at_the_familys_level():
    counts = {"north": (900, 3000), "south": (1500, 3000), "west": (1000, 3000)}
    finding = found("DR025", groups(group("region", counts)))
    expected = newcombe(1500, 3000, 900, 3000, level=1 - 0.05 / 3)
    apart = finding.numbers["apart"]
    assert apart.value == pytest.approx(0.2)
    assert (apart.lo, apart.hi) == pytest.approx((expected.lo, expected.hi))
    assert apart.level == pytest.approx(1 - 0.05 / 3)
    abouts = [d.about for d in finding.details]
    assert abouts == ["region: south", "region: west", "region: north"]


def test_the_more_groups_are_looked_at_the_more_it_takes():
    two = {"north": (810, 2700), "south": (1040, 2700)}
    others = {f"v{i}": (900, 2700) for i in range(180)}
    assert found("DR025", groups(group("region", two))) is not None
    many = groups(group("region", two), group("kind", others))
    assert found("DR025", many) is None


def test_chance_alone_sets_no_groups_apart():
    """A hundred tables of 40 groups with one and the same rate."""
    rng = np.random.default_rng(5)
    fired = 0
    for _ in range(100):
        counts = {
            f"g{i}": (int(k), 300) for i, k in enumerate(rng.binomial(300, 0.3, 40))
        }
        fired += found("DR025", groups(group("region", counts))) is not None
    assert fired <= 5


def test_where_positives_are_rare_half_of_their_rate_is_far():
    rare = both(
        groups(group("region", {"a": (60, 6000), "b": (180, 6000)})),
        with_profile(label=LabelProfile("good", 12_000, 12_000, 240)),
    )
    assert found("DR025", rare).numbers["apart"].value == pytest.approx(0.02)


def test_a_group_in_use_is_named_before_one_that_is_not():
    finding = found(
        "DR025",
        groups(
            group("kind", {"old": (300, 3000), "new": (1500, 3000)}),
            group("region", {"north": (900, 3000), "south": (1500, 3000)}),
        ),
    )
    assert finding.names["high_name"] == "region: south"
    assert CHECKS["DR025"].threatens == "groups"


# --- crossings -----------------------------------------------------------------------


def test_a_crossing_stands_apart_from_both_its_groups():
    finding = found("DR026", crossed(*ODD))
    # all others hold 30 of 100, which adds up to 30; those who are both: 60
    assert finding.at_stake.value == pytest.approx(0.6 - 0.3)
    assert finding.names["cells"] == "north × new"
    assert finding.details == ()


def test_a_crossing_that_is_only_what_one_of_its_groups_is_does_not():
    steep = (
        ("north", "old", 600, 1000),
        ("north", "new", 600, 1000),
        ("south", "old", 300, 1000),
        ("south", "new", 300, 1000),
    )
    assert found("DR026", crossed(*steep)) is None


def test_two_groups_whose_differences_add_up_are_no_surprise():
    added = (
        ("north", "old", 1200, 3000),
        ("north", "new", 1500, 3000),
        ("south", "old", 900, 3000),
        ("south", "new", 1200, 3000),
    )
    assert found("DR026", crossed(*added)) is None


def test_chance_alone_makes_no_crossing_stand_apart():
    """Sixty tables of 24 crossings whose groups differ, and add up."""
    rng = np.random.default_rng(9)
    fired = 0
    for _ in range(60):
        cells = [
            (f"a{i}", f"b{j}", int(rng.binomial(200, 0.2 + 0.05 * i + 0.04 * j)), 200)
            for i in range(6)
            for j in range(4)
        ]
        fired += found("DR026", crossed(*cells)) is not None
    assert fired <= 4


def test_the_groups_that_a_crossing_is_held_against_are_uncertain_too():
    """Wilson's interval at 60 of 100 leaves out 45, but the others hold 40 rows."""
    few = (
        ("north", "old", 12, 40),
        ("north", "new", 60, 100),
        ("south", "old", 12, 40),
        ("south", "new", 12, 40),
    )
    assert found("DR026", crossed(*few)) is None


def test_a_crossing_with_nothing_else_of_its_group_cannot_be_compared():
    alone = (*EVEN, ("west", "other", 900, 1000))
    assert found("DR026", crossed(*alone)) is None


def test_the_thin_crossings_are_what_the_model_cannot_do():
    finding = found("DR026", crossed(*ODD, ("east", "new", 3, 9)))
    assert [d.about for d in finding.details] == ["east × new"]
