"""What does a table hold, counted once, on whichever engine holds it?

`profile` is the only door: a handful of queries written as ibis expressions, one
bounded sample, and a `Profile` of frozen counts that every check reads. DuckDB,
PostgreSQL and Spark run the same lines; `engines` holds what differs between them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from workshop.analysis.readiness.counting import (
    Totals,
    Wanted,
    count_columns,
    count_label,
    count_totals,
    count_values,
)
from workshop.analysis.readiness.encoded import Encoded, Sample, cluster_codes
from workshop.analysis.readiness.engines import mind_nan
from workshop.analysis.readiness.grouping import (
    count_crossing,
    count_group,
    with_exact_distinct,
)
from workshop.analysis.readiness.periods import count_time, read_time
from workshop.analysis.readiness.profile import (
    ColumnProfile,
    GroupProfile,
    LabelProfile,
    Profile,
)
from workshop.analysis.readiness.repeats import count_copies
from workshop.analysis.readiness.sampling import bounded_sample, rows_for
from workshop.analysis.readiness.shapes import (
    commonest_in,
    encode_sample,
    look_at_shapes,
)
from workshop.analysis.readiness.sheet import (
    BESIDE,
    Field,
    Parts,
    Scalar,
    Sheet,
    as_text,
    lay_out,
)
from workshop.analysis.readiness.stand_ins import count_codes, words_in
from workshop.data.card import DatasetCard

if TYPE_CHECKING:
    from ibis import Table

Progress = Callable[[str, int, int], None]
Part = TypeVar("Part")

STAGES = ("rows", "columns", "sample", "values", "groups", "time", "copies", "shapes")
"""What is done, in this order; ``on_progress`` gets one of these as it begins."""


def profile(
    table: Table,
    *,
    key: str | None,
    label: str | None,
    positive: Scalar,
    card: DatasetCard,
    time: str | None,
    groups: tuple[str, ...],
    cluster: str | None,
    today: date,
    annotators: tuple[str, ...] = (),
    on_progress: Progress | None = None,
) -> Profile:
    """Count a table once; only aggregates and one bounded sample leave its engine.

    Parameters
    ----------
    table
        An ibis table on any engine; nothing is written to it.
    key, label, time, groups, cluster, annotators
        Columns by the part they play; None or empty where there is none.
    positive
        The label's value that counts as positive; a number matches its text.
    card
        What is known of the columns; those it does not name have no role.
    today
        Rows after this day are in the future.
    on_progress
        Called as each stage begins with its name, its place from 1, and how many.

    Returns
    -------
    Profile
        Counts over all rows, exact unless a field says otherwise, and shapes from the
        sample.

    Raises
    ------
    InputError
        When a named column is absent, or the engine cannot answer.
    """
    parts = Parts(key, label, positive, time, groups, cluster, annotators)
    mind_nan(table)
    tell = _teller(on_progress)
    tell("rows")
    sheet, formats = read_time(lay_out(table, card, parts))
    return _counted(sheet, formats, today, tell)


def _counted(
    sheet: Sheet,
    formats: tuple[str, ...],
    today: date,
    tell: Callable[[str], None],
) -> Profile:
    """Count a sheet stage by stage; a later stage reads what an earlier one counted."""
    not_done: dict[str, str] = {}
    totals = count_totals(sheet)
    counted_label = count_label(sheet, totals)
    tell("columns")
    columns = count_columns(sheet, totals)
    tell("sample")
    sample = _draw(sheet, totals)
    encoded = encode_sample(sheet, sample)
    tell("values")
    columns = _with_values(sheet, columns, sample, encoded)
    tell("groups")
    counted = tuple(count_group(sheet, f, columns) for f in _group_fields(sheet))
    crossing = count_crossing(sheet, counted)
    tell("time")
    counted_time = count_time(sheet, formats, today)
    tell("copies")
    copies = _attempt("copies", not_done, lambda: count_copies(sheet, totals))
    tell("shapes")
    return Profile(
        engine=sheet.engine,
        rows=totals.rows,
        columns=_with_exact(columns, counted_label, counted),
        label=counted_label,
        groups=counted,
        crossing=crossing,
        time=counted_time,
        copies=copies,
        shapes=look_at_shapes(sheet, sample, encoded, totals.rows),
        not_done=not_done,
    )


def _teller(on_progress: Progress | None) -> Callable[[str], None]:
    def tell(stage: str) -> None:
        if on_progress is not None:
            on_progress(stage, STAGES.index(stage) + 1, len(STAGES))

    return tell


def _attempt(
    part: str, not_done: dict[str, str], count: Callable[[], Part]
) -> Part | None:
    """Count one part; what the engine has no words for is noted, not hidden."""
    from ibis.common.exceptions import IbisError

    try:
        return count()
    except IbisError:
        not_done[part] = "engine_cannot"
        return None


def _draw(sheet: Sheet, totals: Totals) -> Sample:
    import numpy as np

    fields = [field for field in sheet.fields if field.kind != "other"]
    names = [*(field.at for field in fields), *BESIDE]
    key = sheet.field(sheet.parts.key).at if sheet.parts.key is not None else None
    most = rows_for(len(fields))
    rows = sheet.view(*fields)
    frame = bounded_sample(rows, key=key, columns=names, rows=most, of=totals.rows)
    judged, positive, when = (frame.pop(name) for name in BESIDE)
    frame.columns = [field.name for field in fields]
    seconds = when.to_numpy("datetime64[us]").astype(np.int64) / 1e6
    cluster = sheet.parts.cluster
    return Sample(
        frame=frame,
        judged=judged.to_numpy(dtype=bool),
        positive=positive.to_numpy(dtype=bool),
        when=np.where(when.isna(), np.nan, seconds),
        whole=len(frame) == totals.rows,
        clusters=cluster_codes(frame[cluster]) if cluster in frame else None,
    )


def _with_values(
    sheet: Sheet,
    columns: dict[str, ColumnProfile],
    sample: Sample,
    encoded: tuple[Encoded, ...],
) -> dict[str, ColumnProfile]:
    """Count over all rows the values that the sample and the ends suggest."""
    words = words_in(sheet, sample.frame)
    common = [Wanted(field, value) for field, value in commonest_in(encoded)]
    counts = count_values(sheet, [*words, *common])
    stand_ins = count_codes(sheet, columns)
    for word, rows in zip(words, counts, strict=False):
        stand_ins.setdefault(word.field.name, {})[word.value] = rows
    found = dict(columns)
    for name, held in stand_ins.items():
        found[name] = replace(found[name], stand_ins=held)
    for one, rows in zip(common, counts[len(words) :], strict=True):
        name = one.field.name
        found[name] = replace(found[name], commonest=(as_text(one.value), rows))
    if sample.whole:
        return with_exact_distinct(found, {c.name: c.size for c in encoded})
    return found


def _with_exact(
    columns: dict[str, ColumnProfile],
    label: LabelProfile | None,
    groups: tuple[GroupProfile, ...],
) -> dict[str, ColumnProfile]:
    exact = {group.column: group.distinct for group in groups}
    if label is not None:
        exact[label.column] = label.distinct
    return with_exact_distinct(columns, exact)


def _group_fields(sheet: Sheet) -> list[Field]:
    return [
        field
        for field in map(sheet.field, dict.fromkeys(sheet.parts.groups))
        if field.kind != "other"
    ]
