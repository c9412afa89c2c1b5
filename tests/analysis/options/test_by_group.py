"""Whom an option hits is told for each group, and only where it is clear."""

import numpy as np
import pytest

from workshop.analysis.intervals import wilson
from workshop.analysis.options.by_group import hit_by_group
from workshop.analysis.options.places import PLACE, Placed
from workshop.errors import InputError

SIZES = {"north": 400, "south": 300, "tiny": 10}


def option(wrong, missed):
    """So many wrong and missed in each group; the others are right."""
    codes, values = [], []
    for group, size in SIZES.items():
        bad = [PLACE["fp"]] * wrong[group] + [PLACE["fn"]] * missed[group]
        codes += bad + [PLACE["tp"]] * (size - len(bad))
        values += [group] * size
    keys = np.arange(len(codes)).astype(str)
    placed = Placed("band", keys, np.array(codes, dtype=np.int8))
    return placed, np.array(values, dtype=object)


CLEAR = option(
    {"north": 20, "south": 90, "tiny": 2}, {"north": 8, "south": 6, "tiny": 0}
)


def test_a_share_is_of_all_decisions_about_the_group_at_a_widened_level():
    north, south, tiny = hit_by_group(*CLEAR, "region")
    assert [hit.group.name for hit in (north, south, tiny)] == list(SIZES)
    assert (south.wrong.k, south.wrong.n) == (90, 300)
    assert (north.missed.k, north.missed.n) == (8, 400)
    expected = wilson(90, 300, level=1 - 0.05 / 3)
    assert (south.wrong.lo, south.wrong.hi) == (expected.lo, expected.hi)
    assert south.wrong.level == pytest.approx(1 - 0.05 / 3)
    assert south.wrong.rows == "report"


def test_every_number_has_an_id_of_its_own():
    hits = hit_by_group(*CLEAR, "region")
    ids = [n.id for hit in hits for n in (hit.wrong, hit.missed)]
    assert ids[0] == "hit.band.region.north.wrong"
    assert len(set(ids)) == 6


def test_the_group_that_is_clearly_above_all_together_is_marked():
    hits = hit_by_group(*CLEAR, "region")
    assert [hit.more_wrong for hit in hits] == [False, True, False]


def test_where_ranges_reach_the_overall_share_nobody_can_tell():
    hits = hit_by_group(*CLEAR, "region")
    assert not any(hit.more_missed for hit in hits)


def test_rows_that_hang_together_widen_their_groups_range():
    plain = hit_by_group(*CLEAR, "region")
    wide = hit_by_group(*CLEAR, "region", deff=(1.0, 6.0, 1.0))
    assert wide[0].wrong == plain[0].wrong
    assert wide[1].wrong.lo < plain[1].wrong.lo
    every = hit_by_group(*CLEAR, "region", deff=2)
    assert every[0].wrong.lo < plain[0].wrong.lo


def test_asking_a_person_or_showing_the_best_few_is_neither_wrong_nor_missed():
    codes = np.arange(10, dtype=np.int8)
    placed = Placed("o", codes.astype(str), codes)
    (hit,) = hit_by_group(placed, np.array(["x"] * 10, dtype=object), "g")
    assert (hit.wrong.k, hit.missed.k, hit.wrong.n) == (1, 1, 10)


def test_many_values_are_gathered_and_missing_ones_stand_apart():
    values = np.array([f"g{i % 30}" for i in range(300)], dtype=object)
    values[:7] = None
    placed = Placed("o", np.arange(300).astype(str), np.ones(300, dtype=np.int8))
    hits = hit_by_group(placed, values, "g", most=4)
    assert [hit.group.kind for hit in hits] == ["value", "value", "others", "missing"]
    assert sum(hit.wrong.n for hit in hits) == 300


def test_lengths_that_differ_are_refused():
    placed, values = CLEAR
    with pytest.raises(InputError, match="710 rows"):
        hit_by_group(placed, values[:5], "region")
    with pytest.raises(InputError, match="2 design effects for 3 groups"):
        hit_by_group(placed, values, "region", deff=(1.0, 1.0))
