"""An assistant's judged answers: which column is what, and one run for each option."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop.bring import told
from workshop.bring.asked import Asked, check_columns, nearest, place
from workshop.bring.files import write_card
from workshop.bring.finished import base_values, finish
from workshop.bring.label import MOST_VALUES, pick_positive
from workshop.bring.runs import ids_of
from workshop.bring.times import file_time
from workshop.data.guess import Guess, guess_columns
from workshop.data.reading import TableFile, engine, open_file
from workshop.data.sql import literal, quoted
from workshop.data.tables import as_ibis
from workshop.errors import InputError

if TYPE_CHECKING:
    import duckdb

# Usual names of each part, likeliest first.
USUAL = {
    "key": ("answer_id", "question_id", "query_id", "request_id", "id", "qid", "key"),
    "label": ("label", "correct", "grounded", "is_correct", "judged", "good", "right"),
    "score": ("confidence", "score", "probability", "prob", "certainty"),
    "option": ("option", "model", "system", "variant", "assistant", "run"),
    "latency": ("latency_ms", "latency", "duration_ms", "milliseconds", "ms"),
    "cost": ("cost", "price", "cost_usd", "cost_eur"),
    "group": ("group", "segment", "topic", "language"),
    "time": ("time", "timestamp", "created_at", "asked_at", "date", "datetime"),
}
MOST_OPTIONS = 50
"""Beyond this a column names something else than who answered."""
_PLACE = '"place in file"'
_WORDS = {"key": "--key", "label": "--label", "score": "--score"}


@dataclass(frozen=True)
class Parts:
    """Which column plays which part; None where there is none.

    ``own`` are other columns that differ by option, such as the words of an answer.
    """

    key: str
    label: str
    score: str
    option: str | None
    latency: str | None
    cost: str | None
    time: str | None
    groups: tuple[str, ...]
    own: tuple[str, ...] = ()

    @property
    def judging(self) -> tuple[str, ...]:
        """Columns that say how an answer came about and what was thought of it."""
        mine = (self.label, self.score, self.option, self.latency, self.cost)
        return tuple(name for name in mine if name is not None)

    @property
    def of_the_run(self) -> tuple[str, ...]:
        """Columns that differ by option and so belong to the run."""
        return (*self.judging, *self.own)


def find_parts(asked: Asked, names: Sequence[str], file: str) -> Parts:
    """Tell the parts by what was named, else by usual names.

    Raises
    ------
    InputError
        When there is no column for the id, the label or the confidence.
    """
    said = {"key": asked.key, "label": asked.label, "time": asked.time}
    said["score"] = asked.scores[0] if asked.scores else None
    # a column plays one part; only what rows hang together by may be a key as well
    named = {name for option, name in asked.columns if option != "cluster"}
    left = [name for name in names if name not in named]
    found = {part: said.get(part) or _usual(part, left) for part in USUAL}
    for part, option in _WORDS.items():
        if found[part] is None:
            usual = ", ".join(USUAL[part][:4])
            raise InputError(
                f"{file}: no column is called {usual} or the like; "
                f"name it with {option}. {nearest('', list(names))}"
            )
    groups = asked.groups or ((found["group"],) if found["group"] else ())
    return Parts(
        key=str(found["key"]),
        label=str(found["label"]),
        score=str(found["score"]),
        option=found["option"],
        latency=found["latency"],
        cost=found["cost"],
        time=found["time"],
        groups=tuple(groups),
    )


def _usual(part: str, names: Sequence[str]) -> str | None:
    plain = {re.sub(r"\W+", "_", name).lower(): name for name in reversed(names)}
    return next((plain[usual] for usual in USUAL[part] if usual in plain), None)


def from_answers(asked: Asked, folder: Path) -> str:
    """Make a scenario of judged answers alone: one row an answer, one run an option."""
    with engine(folder) as con:
        file, parts = _opened(asked, con)
        guesses, *_ = guess_columns(as_ibis(file), _named(asked, parts))
        guesses = tuple(_known_by_name(g, asked, parts) for g in guesses)
        con.execute(
            f"CREATE TABLE answers AS SELECT *, row_number() OVER () AS {_PLACE} "
            f"FROM ({file.select})"
        )
        parts = replace(parts, own=_own(con, asked, parts, file.names))
        rows = _write_data(con, parts, file, folder / "data.parquet")
        entries, positive, lines = _write_runs(con, asked, parts, folder)
    path = folder / "data.parquet"
    time, notes = file_time(guesses, path, file) if parts.time else (None, ())
    values = base_values(asked) | {
        "request": told.request_answers(),
        "decision": {"unit": "answers", "act": told.act(), "per_week": 100},
        **_columns(asked, parts, positive, time),
        "seed": 0,
        "runs": entries,
        "proposed": entries[0]["id"],
        "shows": _shown(guesses, parts),
    }
    resources = [{"path": "data.parquet", "rows": rows}]
    name = asked.folder.absolute().name
    write_card(folder / "card.yaml", name, guesses, rows, resources)
    finish(folder, values)
    table = told.columns_table(guesses)
    return told.answered(
        asked, rows, [e["title"] for e in entries], [*table, *lines, *notes]
    )


def _columns(
    asked: Asked, parts: Parts, positive: Any, time: str | None
) -> dict[str, Any]:
    """What scenario.yaml says of the table: the parts that there are, in order."""
    label = {"column": parts.label, "positive": positive, "means": told.means(None)}
    return {
        "key": parts.key,
        "label": label,
        "data": "data.parquet",
        **({"time": time} if time else {}),
        **({"cluster": asked.cluster} if asked.cluster else {}),
        **({"groups": list(parts.groups)} if parts.groups else {}),
    }


def _opened(asked: Asked, con: duckdb.DuckDBPyConnection) -> tuple[TableFile, Parts]:
    path = place(asked.runs)
    if not isinstance(path, Path):
        raise InputError(f"{asked.runs[:80]}: judged answers are read from a file.")
    times = [asked.time] if asked.time else list(USUAL["time"])
    file = open_file(path, con, sheet=asked.table, times=times, lenient=True)
    check_columns(asked, file.names, path.name)
    parts = find_parts(asked, file.names, path.name)
    return file, parts if asked.key else _with_shared_key(con, parts, file)


def _with_shared_key(
    con: duckdb.DuckDBPyConnection, parts: Parts, file: TableFile
) -> Parts:
    """Take the usual key that options share: the question's, not each answer's own."""
    usual = [n for n in file.names if _usual("key", (n,)) and n not in parts.groups]
    if parts.option is None or len(usual) < 2:
        return parts
    option = quoted(parts.option)
    asking = (
        f"count(DISTINCT {quoted(n)}), count(DISTINCT ({quoted(n)}, {option})), "
        f"count({quoted(n)})"
        for n in usual
    )
    counted = con.execute(f"SELECT {', '.join(asking)} FROM ({file.select})").fetchone()
    found = {n: (counted or ())[3 * i : 3 * i + 3] for i, n in enumerate(usual)}
    # one answer an option; of these keys the one with the fewest values is shared most
    fit = [n for n, (_, pairs, rows) in found.items() if pairs == rows]
    first = sorted(fit, key=lambda n: (found[n][0], n != parts.key))
    return replace(parts, key=first[0]) if first else parts


def _own(
    con: duckdb.DuckDBPyConnection,
    asked: Asked,
    parts: Parts,
    names: Sequence[str],
) -> tuple[str, ...]:
    """Columns that differ between the options' answers to one question."""
    stay = {parts.key, parts.time, *parts.groups, asked.cluster, *parts.judging}
    left = [name for name in names if name not in stay]
    if parts.option is None or not left:
        return ()
    key = quoted(parts.key)
    # a hole beside a value is a difference too
    several = ", ".join(
        f"count(DISTINCT {quoted(n)}) > 1 OR "
        f"count({quoted(n)}) BETWEEN 1 AND count(*) - 1 AS differs_{i}"
        for i, n in enumerate(left)
    )
    ever = ", ".join(f"bool_or(differs_{i})" for i in range(len(left)))
    found = con.execute(
        f"SELECT {ever} FROM (SELECT {several} FROM answers WHERE {key} IS NOT NULL "
        f"GROUP BY {key})"
    ).fetchone()
    return tuple(n for n, own in zip(left, found or (), strict=False) if own)


def _known_by_name(guess: Guess, asked: Asked, parts: Parts) -> Guess:
    """What nobody named was known by its usual name, and that is the reason."""
    if guess.name in {name for _, name in asked.columns}:
        return guess
    if guess.name == parts.option:
        return replace(guess, role="group", reason="usual_name", given={})
    if guess.reason.startswith("named_") or guess.name in parts.of_the_run:
        return replace(guess, reason="usual_name", given={})
    return guess


def _named(asked: Asked, parts: Parts) -> Any:
    return replace(
        asked.named,
        key=parts.key,
        label=parts.label,
        scores=(parts.score,),
        time=parts.time,
        groups=parts.groups,
    )


def _write_data(
    con: duckdb.DuckDBPyConnection, parts: Parts, file: TableFile, path: Path
) -> int:
    """One row an answer: the first one's columns that are not the run's."""
    kept = [n for n in file.names if n not in parts.of_the_run]
    names = ", ".join(quoted(name) for name in kept)
    key = quoted(parts.key)
    con.execute(
        f"COPY (SELECT {names} FROM answers WHERE {_PLACE} IN (SELECT min({_PLACE}) "
        f"FROM answers WHERE {key} IS NOT NULL GROUP BY {key}) ORDER BY {_PLACE}) "
        f"TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)"
    )
    found = con.execute(f"SELECT count(DISTINCT {key}) FROM answers").fetchone()
    return int(found[0]) if found else 0


def _write_runs(
    con: duckdb.DuckDBPyConnection, asked: Asked, parts: Parts, folder: Path
) -> tuple[list[dict[str, Any]], Any, list[str]]:
    """Write the judged and scored rows of each option, and say what was left out."""
    label, score = quoted(parts.label), quoted(parts.score)
    most = "" if asked.positive else f"LIMIT {MOST_VALUES}"
    values = con.execute(
        f"SELECT {label}, count(*) FROM answers WHERE {label} IS NOT NULL "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 {most}"
    ).fetchall()
    about = f"{Path(asked.runs).name}: the label {parts.label!r}"
    positive, _ = pick_positive(values, asked.positive, about)
    option = quoted(parts.option) if parts.option else "'answers'"
    kept = [parts.key, parts.label, parts.score, *parts.own]
    kept += [parts.latency] if parts.latency else []
    names = ", ".join(quoted(name) for name in kept)
    con.execute(
        f"COPY (SELECT {names}, CAST({option} AS VARCHAR) AS run_of FROM answers "
        f"WHERE {label} IS NOT NULL AND {score} IS NOT NULL ORDER BY {_PLACE}) "
        f"TO {literal(folder / 'runs.parquet')} (FORMAT parquet, COMPRESSION zstd)"
    )
    untimed = _untimed(con, parts, option)
    lines = [
        *_left_out(con, label, score),
        *(told.untimed(str(parts.latency), title, n) for title, n in untimed.items()),
    ]
    entries = _entries(con, parts, option, set(untimed))
    if not entries:
        raise InputError(
            f"{about} and the score {parts.score!r} are never both filled in; fill in "
            "both where an answer was judged."
        )
    if len(entries) > MOST_OPTIONS:
        raise InputError(
            f"{Path(asked.runs).name}: {parts.option!r} is read as who answered, and "
            f"has more than {MOST_OPTIONS} values; rename it, or bring fewer of them."
        )
    return entries, positive, lines


def _untimed(
    con: duckdb.DuckDBPyConnection, parts: Parts, option: str
) -> dict[str, int]:
    """How many judged answers have no time, of each option of which some have none."""
    if parts.latency is None:
        return {}
    found = con.execute(
        f"SELECT CAST({option} AS VARCHAR), count(*) FROM answers "
        f"WHERE {quoted(parts.label)} IS NOT NULL "
        f"AND {quoted(parts.score)} IS NOT NULL "
        f"AND TRY_CAST({quoted(parts.latency)} AS DOUBLE) IS NULL "
        f"AND {option} IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {str(title): int(n) for title, n in found}


def _entries(
    con: duckdb.DuckDBPyConnection, parts: Parts, option: str, untimed: set[str]
) -> list[dict[str, Any]]:
    cost = f"avg(TRY_CAST({quoted(parts.cost)} AS DOUBLE))" if parts.cost else "NULL"
    label, score = quoted(parts.label), quoted(parts.score)
    found = con.execute(
        f"SELECT CAST({option} AS VARCHAR), {cost} FROM answers "
        f"WHERE {option} IS NOT NULL GROUP BY 1 "
        f"HAVING count_if({label} IS NOT NULL AND {score} IS NOT NULL) > 0 "
        f"ORDER BY min({_PLACE}) LIMIT {MOST_OPTIONS + 1}"
    ).fetchall()
    entries = []
    ids = ids_of(str(title) for title, _ in found)
    for id_, (title, mean) in zip(ids, found, strict=True):
        told_: dict[str, Any] = {"id": id_, "title": str(title), "file": "runs.parquet"}
        told_ |= {"where": {"run_of": str(title)}, "score": parts.score}
        if parts.latency and str(title) not in untimed:
            told_["latency_ms"] = parts.latency
        if mean is not None and mean >= 0:
            told_["cost"] = round(mean, 6)
        entries.append(told_)
    return entries


def _left_out(con: duckdb.DuckDBPyConnection, label: str, score: str) -> list[str]:
    found = con.execute(
        f"SELECT count(*) FROM answers WHERE {label} IS NULL OR {score} IS NULL"
    ).fetchone()
    return [told.unfinished(int(found[0]))] if found and found[0] else []


def _shown(guesses: Sequence[Guess], parts: Parts) -> list[str]:
    return [
        g.name
        for g in guesses
        if g.role in ("feature", "group") and g.name not in parts.judging
    ][:6]
