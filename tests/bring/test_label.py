"""Which value is positive is found among all values, however many there are."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

from workshop.bring.label import MOST_VALUES, LabelSeen, label_of
from workshop.errors import InputError

KINDS = MOST_VALUES + 500


def seen(values: list[object], positive: str | None) -> LabelSeen:
    table = ibis.memtable(pa.table({"place": values}))
    return label_of(table, "place", positive, "trips.csv")


def places(*rare: object) -> list[object]:
    """Return many names, each twice but for the rare ones."""
    return [f"p{i:05}" for i in range(KINDS)] * 2 + [*rare]


def test_every_row_counts_where_a_label_has_very_many_values():
    found = seen([*places("Rome"), None, None], "p00007")
    assert (found.kinds, found.judged, found.missing) == (KINDS + 1, 2 * KINDS + 1, 2)
    assert found.positives == 2


@pytest.mark.parametrize("asked", ["Rome", " rome"])
def test_a_positive_value_may_be_one_of_the_rarest(asked):
    found = seen(places("Rome"), asked)
    assert (found.positive, found.positives) == ("Rome", 1)


def test_a_rare_number_is_found_however_it_is_typed():
    numbers = [float(i) for i in range(KINDS)] * 2 + [-5.0]
    assert seen(numbers, "-5").positive == -5.0


def test_a_value_that_does_not_occur_is_still_refused():
    with pytest.raises(InputError, match="is never 'Milan'"):
        seen(places("Rome"), "Milan")
