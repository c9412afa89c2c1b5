"""One table with everything that goes wrong, and engines to hold it.

Servers run in temporary directories, on a Unix socket or the loopback address, and are
stopped by whoever started them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

ROWS = 2400
QUOTED = 'a "quoted" name; drop table t; --'
SPACED = "  spaced  out "
UNICODE = "größe – π"
HOSTILE = ("<b>x</b>", "'; drop table t", 'say "hi"', "50 %s {x}", "Ω\u00a0é", "\\n")


def mixed_table() -> pa.Table:
    """Return 2,400 rows of every kind, with nulls, NaN, copies and hostile words."""
    rng = np.random.default_rng(11)
    start = datetime(2024, 3, 1, 6, 30)
    amount = np.round(rng.normal(100, 30, ROWS), 3)
    label = [None if r < 0.04 else int(r > 0.8) for r in rng.random(ROWS)]
    sizes = rng.choice(["S", "M", "L", " Unknown", "N/A", ""], ROWS)
    days = [date(2020, 1, 1) + timedelta(int(d)) for d in rng.integers(0, 900, ROWS)]
    coded = np.where(rng.random(ROWS) < 0.6, -1, rng.integers(1, 80, ROWS))
    money = [Decimal(f"{v:.2f}") for v in amount]
    columns = {
        "id": pa.array(range(1, ROWS + 1), pa.int64()),
        "label": pa.array(label, pa.int32()),
        "when": _times(rng, start),
        QUOTED: _holed(rng, amount.tolist(), pa.float64(), nan=True),
        SPACED: _holed(rng, rng.choice(HOSTILE, ROWS).tolist(), pa.string()),
        UNICODE: _holed(rng, rng.integers(0, 40, ROWS).tolist(), pa.int32()),
        "pdays": pa.array(coded, pa.int64()),
        "single": _holed(rng, amount.tolist(), pa.float32()),
        "price": _holed(rng, money, pa.decimal128(12, 2)),
        "flag": _holed(rng, (rng.random(ROWS) < 0.3).tolist(), pa.bool_()),
        "day": _holed(rng, days, pa.date32()),
        "region": _holed(rng, rng.choice(list("NSEW"), ROWS).tolist(), pa.string()),
        "size": pa.array(sizes.tolist()),
        "shop": pa.array([f"shop {i}" for i in rng.integers(0, 300, ROWS)]),
        "tags": pa.array([["a", "b"][: i % 3] if i % 7 else None for i in range(ROWS)]),
        "leak": pa.array([v and v * 10.0 for v in label], pa.float64()),
        "email": pa.array([f"user{i}@example.org" for i in range(ROWS)]),
        "score": pa.array(np.round(rng.random(ROWS), 4), pa.float64()),
        "empty": pa.array([None] * ROWS, pa.float64()),
        "huge": _huge(rng),
        "constant": pa.array(["same"] * ROWS),
    }
    table = pa.table(columns)
    inputs = [
        n for n in table.column_names if n not in ("id", "label", "when", "score")
    ]
    return _with_copies(table, inputs)


def _holed(rng, values, kind, *, nan=False):
    drawn = rng.random(ROWS)
    made = [None if r < 0.05 else v for r, v in zip(drawn, values, strict=True)]
    if nan:
        drawn = rng.random(ROWS)
        made = [
            float("nan") if r < 0.05 else v for r, v in zip(drawn, made, strict=True)
        ]
    return pa.array(made, kind, from_pandas=False)


def _times(rng, start):
    seconds = np.sort(rng.integers(0, 300 * 86400, ROWS))
    when = [start + timedelta(seconds=int(s)) for s in seconds]
    when[5] = None
    when[7] = datetime(2031, 1, 1)
    return pa.array(when, pa.timestamp("us"))


def _huge(rng):
    values = np.round(rng.lognormal(3, 2, ROWS), 2)
    values[3], values[4] = np.inf, -np.inf
    return pa.array(values, pa.float64())


def _with_copies(table: pa.Table, inputs: list[str]) -> pa.Table:
    """Let the last hundred rows repeat the inputs of the first hundred."""
    columns = []
    for name in table.column_names:
        column = table[name].combine_chunks()
        if name in inputs:
            parts = [column.slice(0, ROWS - 100), column.slice(0, 100)]
            column = pa.concat_arrays(parts)
        columns.append(column)
    return pa.table(columns, names=table.column_names)


@contextlib.contextmanager
def postgres_server(folder: Path) -> Iterator[dict[str, object]]:
    """Start a PostgreSQL server in a folder; yield how to reach it; stop it."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed (initdb and pg_ctl)")
    data, as_user = folder / "data", _as_other_user(folder)
    port = _free_port()
    _run(as_user, programs / "initdb", "-D", data, "-U", "reader", "-A", "trust",
         "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run(as_user, programs / "pg_ctl", "-D", data, "-o", options, "-l",
         folder / "log", "-w", "start")  # fmt: skip
    try:
        yield {"host": "127.0.0.1", "port": port, "user": "reader",
               "password": "", "database": "postgres"}  # fmt: skip
    finally:
        _run(as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _postgres_programs() -> Path | None:
    # Wrappers on the path may refuse what the server's own programs do.
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    places += [Path(found).parent] if found else []
    return next((p for p in places if (p / "initdb").exists()), None)


def _as_other_user(folder: Path) -> list[str]:
    """Return how to run a program as somebody else: the server refuses root."""
    if os.geteuid() != 0:
        return []
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    if shutil.which("setpriv") is None:
        pytest.skip("PostgreSQL refuses to run as root, and setpriv is not installed")
    entry = pwd.getpwnam(user)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}",
            "--clear-groups"]  # fmt: skip


def _run(prefix: list[str], *command: object) -> None:
    done = subprocess.run(
        [*prefix, *map(str, command)],
        cwd="/",
        stdout=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if "start" not in command else subprocess.DEVNULL,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
