"""Scored rows for a table: from its own score columns, or an honest baseline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workshop.analysis.explain import OWN_RUN
from workshop.bring.label import LabelSeen
from workshop.data.guess import Guess
from workshop.data.tables import fetched
from workshop.errors import InputError
from workshop.record.values import Number

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

    from workshop.analysis.baseline import BaselineRun

MOST_SCORED = 1_000_000
"""A curve of a million rows is as smooth as one of more; beyond, a sample is kept."""

TRAINED_ON = 50_000


@dataclass(frozen=True)
class Scored:
    """Runs as rows: key, option, score (and more), with an entry for each option.

    ``left_out`` counts the judged rows without a score, by option; ``sampled`` is how
    many rows were drawn, 0 where all were taken. Of a baseline, ``shuffled`` and
    ``later`` are its areas under the curve out of fold and on later rows, and
    ``why_none`` says why there is none.
    """

    rows: pa.Table
    entries: tuple[dict[str, Any], ...]
    left_out: dict[str, int]
    sampled: int = 0
    shuffled: Number | None = None
    later: Number | None = None
    why_none: str = ""


def sample_of(table: ibis.Table, key: str, rows: int) -> ibis.Table:
    """Return at most ``rows`` rows, the same each time, whatever the file's order."""
    text = table[key].cast("string")
    return table.order_by([text.hash(), text]).limit(rows)


def from_scores(
    table: ibis.Table, key: str, label: LabelSeen, scores: Sequence[str], where: str
) -> Scored:
    """Make a run of each score column, on the rows that carry a label and a score.

    Raises
    ------
    InputError
        When a score is no number.
    """
    import pyarrow as pa

    parts, entries, left_out = [], [], {}
    for name, option in zip(scores, ids_of(scores), strict=True):
        if not table[name].type().is_numeric():
            raise InputError(
                f"{where}: the score {name!r} is text; scores are numbers."
            )
        rows = table.filter(table[label.column].notnull(), table[name].notnull())
        part = rows.select(key=rows[key], score=rows[name].cast("float64"))
        if label.judged > MOST_SCORED:
            part = sample_of(part, "key", MOST_SCORED)
        found = fetched(part)
        parts.append(as_rows(found, key, option))
        entries.append(entry(option, name, key))
        missing = min(label.judged, MOST_SCORED) - found.num_rows
        left_out |= {name: missing} if missing else {}
    sampled = MOST_SCORED if label.judged > MOST_SCORED else 0
    return Scored(pa.concat_tables(parts), tuple(entries), left_out, sampled)


def as_rows(found: pa.Table, key: str, option: str) -> pa.Table:
    """Return key and score of one option as rows of runs.parquet."""
    import pyarrow as pa

    options = pa.array([option] * found.num_rows, pa.string())
    columns = [found.column("key"), options, found.column("score")]
    return pa.table(columns, names=names_beside(key))


def names_beside(key: str) -> list[str]:
    """Names for key, option and score that differ even where the key is called so."""
    return [key, *(n if n != key else f"{n}_" for n in ("option", "score"))]


def entry(option: str, title: str, key: str) -> dict[str, Any]:
    """Return what scenario.yaml says of one run."""
    _, chosen, score = names_beside(key)
    told: dict[str, Any] = {"id": option, "title": title, "file": "runs.parquet"}
    told["where"] = {chosen: option}
    return told if score == "score" else told | {"score": score}


def ids_of(names: Iterable[str]) -> list[str]:
    """Return short ids, each different, for names of any kind."""
    taken: list[str] = []
    for name in names:
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "option"
        new, n = plain[:40], 2
        while new in taken:
            new, n = f"{plain[:36]}-{n}", n + 1
        taken.append(new)
    return taken


# --- the honest baseline -------------------------------------------------------------


def from_baseline(
    table: ibis.Table,
    key: str,
    label: LabelSeen,
    guesses: Sequence[Guess],
    *,
    time: str | None,
    cluster: str | None,
) -> Scored:
    """Train a baseline on a bounded sample; keep the rows that it had not seen.

    Where none can be trained, there are no rows and ``why_none`` says why.
    """
    import pyarrow as pa

    never = {g.name for g in guesses if g.never_fed}
    columns = [n for n in table.columns if n not in never or n in (key, cluster)]
    labelled = table.filter(table[label.column].notnull()).select(columns)
    sample = fetched(sample_of(labelled, key, TRAINED_ON)).to_pandas()
    parts = {"key": key, "label": label.column, "cluster": cluster}
    roles = {g.name: g.role for g in guesses} | {key: "id"}
    fed = {"positive": label.positive, "roles": roles, "never": never}
    time = time if time and _days(sample[time]) > 1 else None
    try:
        found = _trained(sample, time, parts | fed)
    except InputError as error:
        return Scored(pa.table({}), (), {}, why_none=str(error))
    rows = pa.table({"key": found.keys, "score": found.scores})
    id, title = OWN_RUN
    return Scored(
        as_rows(rows, key, id),
        (entry(id, title, key),),
        {},
        shuffled=found.shuffled,
        later=found.later,
        sampled=len(sample) if label.judged > len(sample) else 0,
    )


def _trained(
    sample: pd.DataFrame, time: str | None, arguments: dict[str, Any]
) -> BaselineRun:
    """Train in time where there is enough on both sides of the cut, else shuffled."""
    from workshop.analysis.baseline import baseline_run

    if time is not None:
        with suppress(InputError):
            return baseline_run(sample, time=time, **arguments)
    return baseline_run(sample, **arguments)


def _days(moments: pd.Series) -> int:
    import pandas as pd

    return int(pd.to_datetime(moments, utc=True).dt.date.nunique())
