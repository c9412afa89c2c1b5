"""Generated tables to review, written by DuckDB: 20 columns, or 300.

Numbers, categories, a time and booleans, 5 of 100 values missing, 8 of 100 rows
positive. A longer table is the million rows repeated, with keys that go on.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

OUT = Path(__file__).resolve().parents[1] / "out" / "review"
BLOCK = 1_000_000


def _holed(expression: str) -> str:
    return f"CASE WHEN random() < 0.05 THEN NULL ELSE {expression} END"


def narrow_columns() -> dict[str, str]:
    """Return the 20 columns by name, each as SQL."""
    columns = {
        "label": "CAST(random() < 0.08 AS INT)",
        "happened": "TIMESTAMP '2025-01-01' + to_seconds(CAST(random() * 31e6 AS INT))",
        "region": "'r' || CAST(floor(random() * 12) AS INT)",
        "segment": "'s' || CAST(floor(random() * 5) AS INT)",
    }
    for place in range(6):
        columns[f"amount_{place}"] = _holed(f"round(random() * 1000 + {place}, 4)")
    for place in range(3):
        columns[f"count_{place}"] = _holed("CAST(random() * 100 AS INT)")
    for values in (3, 50, 2000):
        columns[f"kind_{values}"] = _holed(
            f"'v' || CAST(floor(random() * {values}) AS INT)"
        )
    for place in range(3):
        columns[f"flag_{place}"] = _holed("random() < 0.3")
    return {"id": "i", **columns}


def wide_columns() -> dict[str, str]:
    """Return 300 columns: two of three numbers, the others categories."""
    columns = {"id": "i", "label": "CAST(random() < 0.08 AS INT)"}
    for place in range(198):
        columns[f"amount_{place}"] = _holed("round(random() * 1000, 4)")
    for place in range(100):
        columns[f"kind_{place}"] = _holed("'v' || CAST(floor(random() * 20) AS INT)")
    return columns


def write_table(name: str, rows: int, columns: dict[str, str]) -> Path:
    """Write a table once and return its path; a later run finds it there."""
    path = OUT / f"{name}.parquet"
    if path.exists():
        return path
    OUT.mkdir(parents=True, exist_ok=True)
    listed = ", ".join(f"{sql} AS {column}" for column, sql in columns.items())
    with duckdb.connect() as engine:
        engine.execute("SELECT setseed(0.5)")
        engine.execute(
            f"COPY (SELECT {listed} FROM range({min(rows, BLOCK)}) t(i)) "
            f"TO '{path}.part' (FORMAT parquet)"
        )
    Path(f"{path}.part").rename(path)
    return path


def repeat_table(name: str, block: Path, times: int) -> Path:
    """Write a file's rows several times over, with keys that go on."""
    path = OUT / f"{name}.parquet"
    if path.exists():
        return path
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = false")
        engine.execute(
            f"COPY (SELECT b.* REPLACE (b.id + t.i * {BLOCK} AS id) "
            f"FROM range({times}) t(i), '{block}' b) "
            f"TO '{path}.part' (FORMAT parquet)"
        )
    Path(f"{path}.part").rename(path)
    return path
