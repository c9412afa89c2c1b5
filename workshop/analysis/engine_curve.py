"""What happens at every threshold, when the scores are too many for memory?

Counted where they lie: the engine sorts rows into narrow cells of score and sends back
two counts a cell. A cell's threshold is the least score in it, so the counts are exact
there; between two of them they can be off by fewer rows than the cell holds. Cells too
full are cut again, and what remains is said.

Only comparison, subtraction, division, floor and clip place a row, each of which keeps
the order of scores on any engine: no cell reaches into the next.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from workshop.analysis.curve import ThresholdCurve, curve_from_counts
from workshop.analysis.readiness.engines import ask_frame, ask_one, mind_nan
from workshop.analysis.readiness.sheet import is_positive, kind_of
from workshop.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from ibis import Table, Value

Scalar = bool | int | float | str

CELLS = 65_536
WIDEST = sys.float_info.max
# A cell is too full with over eight times its share: normal scores stay below.
FULL = 8
CUTS = 3
# Each cell that is cut again makes the question a dozen branches longer.
MOST_AT_ONCE = 8
# Where in a full cell it is parted before each part is cut evenly: the more finely the
# nearer to either end, as scores crowd at zero, at one or at a value they all share.
PARTED_AT = tuple(2.0**-power for power in range(48, 0, -8))


@dataclass(frozen=True, slots=True)
class EngineCurve:
    """A curve with one threshold a cell, and how far its counts can be off elsewhere.

    At each of ``curve.thresholds`` the counts are those of `threshold_curve`. At any
    other they leave out the rows between it and the threshold above: fewer than
    ``largest_cell``, which is 0 where every distinct score has its own cell.
    """

    curve: ThresholdCurve
    rows: int
    largest_cell: int

    @property
    def largest_share(self) -> float:
        """``largest_cell`` as a share of all rows."""
        return self.largest_cell / self.rows

    @property
    def exact(self) -> bool:
        """The counts are right at any threshold whatever."""
        return self.largest_cell == 0


@dataclass(frozen=True, slots=True)
class _Range:
    """Scores from ``low`` to ``high``, to be cut into ``cells``, numbered on."""

    low: float
    high: float
    first: int
    cells: int

    @property
    def width(self) -> float:
        """How wide a cell is; never zero, so that it may divide."""
        return max((self.high - self.low) / self.cells, math.ulp(0.0))


def engine_curve(
    table: Table, *, label: str, score: str, positive: Scalar = 1, cells: int = CELLS
) -> EngineCurve:
    """Count both labels in narrow cells of score, inside the engine.

    Parameters
    ----------
    table
        Any ibis table; it is read twice, and up to three times more for skewed scores.
    label, score
        Its columns. Scores are numbers on any scale.
    positive
        The label's value that counts as positive; all others are negative.
    cells
        Into how many cells a range is cut. As many again for each further cut.

    Raises
    ------
    InputError
        No such column, no rows, labels or scores missing, scores infinite or no
        numbers, labels of one class, an engine that fails or a table that changes.
    """
    if cells < 2:
        raise InputError(f"a grid needs two cells or more, not {cells}")
    rows = _scored(table, label, score, positive)
    mind_nan(table)
    found = _look_over(rows, label, score)
    counted = _count(rows, list(_whole(found["low"], found["high"], cells)))
    for _ in range(CUTS):
        full = _too_full(counted, FULL * found["rows"] / cells)
        if full.empty:
            break
        finer = _count(rows, list(_again(full, cells)))
        counted = _sorted(counted.drop(full.index), finer)
    return _as_curve(counted, int(found["rows"]))


def _scored(table: Table, label: str, score: str, positive: Scalar) -> Table:
    for name in (label, score):
        if name not in table.columns:
            raise InputError(
                f"table: there is no column {name!r}; name one that it has, of "
                f"{', '.join(table.columns[:8])}."
            )
    if kind_of(table[score].type()) != "number":
        raise InputError(f"table: the scores in {score!r} are no numbers.")
    return table.select(
        unlabelled=table[label].isnull(),
        positive=is_positive(table[label], positive),
        score=table[score].cast("float64"),
    )


def _look_over(rows: Table, label: str, score: str) -> dict[str, float]:
    """Refuse what cannot be counted; else how many rows, and the range of scores."""
    found = ask_one(
        rows.aggregate(
            rows=rows.count(),
            unlabelled=rows.count(where=rows.unlabelled),
            missing=rows.count(where=rows.score.isnull() | rows.score.isnan()),
            # Not isinf: Spark, asked through ibis, finds none.
            infinite=rows.count(where=~rows.score.between(-WIDEST, WIDEST)),
            low=rows.score.min(),
            high=rows.score.max(),
        )
    )
    if not found["rows"]:
        raise InputError("table: there are no rows to count.")
    for name, what in (
        ("unlabelled", f"labels in {label!r} are missing"),
        ("missing", f"scores in {score!r} are missing"),
        ("infinite", f"scores in {score!r} are infinite"),
    ):
        if found[name]:
            raise InputError(
                f"table: {found[name]} of {found['rows']} {what}; leave those rows out."
            )
    return found


def _whole(low: float, high: float, cells: int) -> Iterator[_Range]:
    if math.isfinite(high - low):
        yield _Range(low, high, 0, cells)
    else:  # as wide as numbers go: either side of zero on its own
        yield _Range(low, 0.0, 0, cells // 2)
        yield _Range(0.0, high, cells // 2, cells // 2)


def _again(full: pd.DataFrame, cells: int) -> Iterator[_Range]:
    """Share the cells out among the full ones by their rows, and part each of them."""
    first, total = 0, int(full["rows"].sum())
    of_each = (full[name].tolist() for name in ("low", "high", "rows"))
    for low, high, rows in zip(*of_each, strict=True):
        edges = _parted(low, high)
        given = max(2, cells * rows // total // (len(edges) - 1))
        for lower, upper in pairwise(edges):
            yield _Range(lower, upper, first, given)
            first += given


def _parted(low: float, high: float) -> list[float]:
    span = high - low
    near = {low + span * share for share in PARTED_AT}
    near |= {high - span * share for share in PARTED_AT}
    return sorted(near | {low, high})


def _count(rows: Table, ranges: list[_Range]) -> pd.DataFrame:
    """Count each cell of ascending ranges: ``low, high, rows, positives``."""
    inside = rows.filter(_any_of(rows.score, ranges))
    placed = inside.mutate(cell=_cell(inside.score, ranges))
    grouped = placed.group_by("cell").aggregate(
        low=placed.score.min(),
        high=placed.score.max(),
        rows=placed.count(),
        positives=placed.count(where=placed.positive),
    )
    return _sorted(ask_frame(grouped.drop("cell")))


def _any_of(score: Value, ranges: list[_Range]) -> Value:
    import ibis

    edges = [(one.low, one.high) for one in ranges]
    joined = [edges[0]]
    for low, high in edges[1:]:
        if low == joined[-1][1]:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return ibis.or_(*(score.between(_exactly(lo), _exactly(hi)) for lo, hi in joined))


def _cell(score: Value, ranges: list[_Range]) -> Value:
    """Number the cell of a score: in order of scores, whichever way engines round."""
    import ibis

    def of_its_range(values: list[Value]) -> Value:
        tops = [score <= _exactly(one.high) for one in ranges[:-1]]
        branches = zip(tops, values[:-1], strict=True)
        return ibis.cases(*branches, else_=values[-1]) if tops else values[0]

    low = of_its_range([_exactly(one.low) for one in ranges])
    width = of_its_range([_exactly(one.width) for one in ranges])
    cells = of_its_range([ibis.literal(one.cells, "int64") for one in ranges])
    first = of_its_range([ibis.literal(one.first, "int64") for one in ranges])
    above = score - low
    # PostgreSQL refuses a quotient too small for a number instead of giving zero.
    place = ibis.ifelse(above < width, 0.0, above / width).floor().cast("int64")
    return first + ibis.least(place, cells - 1)


def _exactly(number: float) -> Value:
    """A float64 that every engine reads bit for bit: as text, not as a decimal."""
    import ibis

    return ibis.literal(repr(float(number))).cast("float64")


def _too_full(counted: pd.DataFrame, most: float) -> pd.DataFrame:
    """The fullest cells with over ``most`` rows and more than one score, in order."""
    full = counted[(counted["rows"] > most) & (counted["high"] > counted["low"])]
    return full.nlargest(MOST_AT_ONCE, "rows").sort_values("low")


def _sorted(*parts: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(parts).sort_values("low", ignore_index=True)


def _as_curve(counted: pd.DataFrame, rows: int) -> EngineCurve:
    if counted["rows"].sum() != rows:
        raise InputError(
            "table: its rows changed while they were counted; count a table at rest."
        )
    positives = counted["positives"]
    curve = curve_from_counts(
        counted["low"], positives=positives, negatives=counted["rows"] - positives
    )
    several = counted.loc[counted["high"] > counted["low"], "rows"]
    return EngineCurve(curve, rows, int(several.max()) if len(several) else 0)
