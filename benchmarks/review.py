"""How long does the whole review take, beside SUMMARIZE, pandas and other tools?

Run as ``python benchmarks/review.py [--quick] [--only PART …]``; the parts are narrow,
wide, long, trained and tools. ``--quick`` takes small tables. Tables and the tools' own
environments are made in ``benchmarks/out/`` and found there again; what could not be
installed or run is printed as such.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent))

from peers.environments import environment
from peers.tables import (
    BLOCK,
    OUT,
    narrow_columns,
    repeat_table,
    wide_columns,
    write_table,
)

HERE = Path(__file__).resolve().parent
PARTS = ("narrow", "wide", "long", "trained", "tools")
TOOLS = ("ydata", "evidently", "deepchecks")
GROUPS = ("region", "segment")


def review_file(path: Path) -> None:
    """Run every check but the trained ones, the expressions' building included."""
    import ibis

    from workshop.analysis.readiness import ReviewInput, Use, review
    from workshop.analysis.readiness.profiling import profile
    from workshop.data.card import Column, DatasetCard, Schema

    engine = ibis.duckdb.connect()
    table = engine.read_parquet(str(path))
    fields = tuple(Column(name=name) for name in table.columns)
    card = DatasetCard(
        name="made", title="Made", description="Made.", schema=Schema(fields=fields)
    )
    today, narrow = date(2026, 1, 1), "region" in table.columns
    groups = GROUPS if narrow else ()
    counted = profile(
        table,
        key="id",
        label="label",
        positive=1,
        card=card,
        time="happened" if narrow else None,
        groups=groups,
        cluster=None,
        today=today,
    )
    review(ReviewInput(counted, card, Use(today=today, groups=groups)))
    engine.disconnect()


def summarize_file(path: Path) -> None:
    """Let DuckDB summarize the same file."""
    import duckdb

    with duckdb.connect() as engine:
        engine.execute(f"SUMMARIZE SELECT * FROM '{path}'").fetchall()


def by_hand(path: Path) -> None:
    """Count the same list in pandas and scikit-learn."""
    from peers.by_hand import review_by_hand

    narrow = "wide" not in path.name
    review_by_hand(
        path,
        label="label",
        time="happened" if narrow else None,
        groups=GROUPS if narrow else (),
    )


def train_on_sample(path: Path) -> None:
    """Draw the bounded sample and run the trained checks on it."""
    import ibis

    from workshop.analysis.baseline import train
    from workshop.analysis.readiness.gathering import rows_to_train
    from workshop.analysis.readiness.sampling import bounded_sample

    engine = ibis.duckdb.connect()
    table = engine.read_parquet(str(path))
    columns = tuple(table.columns)
    frame = bounded_sample(
        table, key="id", columns=columns, rows=rows_to_train(len(columns))
    )
    engine.disconnect()
    train(
        frame,
        key="id",
        label="label",
        positive=1,
        roles={"id": "id", "label": "label", "happened": "time"},
        time="happened" if "happened" in columns else None,
    )


SIDES: dict[str, Callable[[Path], None]] = {
    "review": review_file,
    "summarize": summarize_file,
    "by hand": by_hand,
    "trained": train_on_sample,
}


def compare(path: Path, rows: int, rounds: int, goals: dict[str, float]) -> None:
    """Let the sides take turns and print medians and ratios beside their goals."""
    sides = ("review", *goals)
    spent: dict[str, list[float]] = {side: [] for side in sides}
    for turn in range(rounds + 1):
        for side in sides:
            seconds = _apart(side, path)[0]
            # The first turn warms the disk's cache and is not counted.
            spent[side] += [seconds] if turn else []
    times = {side: median(each) for side, each in spent.items()}
    listed = "  ".join(f"{side} {seconds:7.2f} s" for side, seconds in times.items())
    print(f"{path.stem:<8} {rows:>11,} rows  {listed}")
    for side, goal in goals.items():
        ratio = times["review"] / times[side]
        print(f"{'':>22} review / {side:<10} {ratio:5.2f}  (goal {goal:g})")


def _apart(side: str, path: Path) -> tuple[float, float, float]:
    """Run one side in a process of its own; seconds inside, whole, and peak in GB.

    Imports are not counted in the first figure and are in the second.
    """
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--side", side, str(path)],
        capture_output=True,
        text=True,
    )
    whole = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{side} on {path.name} failed:\n{done.stderr}")
    inside, peak = map(float, done.stdout.split()[-2:])
    return inside, whole, peak


def _one_side(side: str, path: Path) -> None:
    """Run one side here and print its seconds and this process's peak in GB."""
    import ibis  # noqa: F401
    import pandas  # noqa: F401

    import workshop.analysis.readiness.profiling  # noqa: F401

    start = time.perf_counter()
    SIDES[side](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(time.perf_counter() - start, peak)


def bench_narrow(quick: bool) -> None:
    """Compare on 20 columns, a million and ten million rows."""
    block = write_table("1m", BLOCK, narrow_columns())
    compare(block, BLOCK, 1 if quick else 5, {"summarize": 3, "by hand": 0.7})
    if not quick:
        longer = repeat_table("10m", block, 10)
        compare(longer, 10 * BLOCK, 3, {"summarize": 3, "by hand": 0.4})


def bench_wide(quick: bool) -> None:
    """Compare on 300 columns of 50,000 rows."""
    path = write_table("wide", 50_000, wide_columns())
    compare(path, 50_000, 1 if quick else 3, {"summarize": 4})


def bench_long(quick: bool) -> None:
    """Print the peak memory and how time grows, up to a hundred million rows."""
    block = write_table("1m", BLOCK, narrow_columns())
    for times in (2, 4) if quick else (25, 50, 100):
        path = repeat_table(f"{times}m", block, times)
        seconds, _, peak = _apart("review", path)
        print(
            f"{times * BLOCK:>20,} rows  {seconds:7.1f} s  "
            f"{seconds / times:6.3f} s a million  peak {peak:.2f} GB (goal 1)"
        )
        path.unlink()


def bench_trained(quick: bool) -> None:
    """Print what the trained checks take, drawing the bounded sample included."""
    tables = [write_table("1m", BLOCK, narrow_columns())]
    tables += [] if quick else [repeat_table("10m", tables[0], 10)]
    tables += [write_table("wide", 50_000, wide_columns())]
    for path in tables:
        seconds = _apart("trained", path)[0]
        print(f"{path.stem:<8} trained checks {seconds:7.1f} s  (goal 20)")


def bench_tools(quick: bool) -> None:
    """Compare whole processes at a hundred thousand rows with other tools."""
    path = write_table("100k", 100_000, narrow_columns())
    print(f"{path.stem:<8} 100,000 rows, whole processes in turn")
    for tool in TOOLS:
        python = environment(tool)
        said = (
            python if isinstance(python, str) else _in_turn(tool, python, path, quick)
        )
        if isinstance(said, str):
            print(f"{tool:<12} could not be run: {said}")
            continue
        ours, theirs = said
        goal = "  (goal 0.2)" if tool == "ydata" else ""
        print(
            f"{tool:<12} {theirs:7.2f} s  review {ours:7.2f} s  "
            f"review / {tool} {ours / theirs:5.2f}{goal}"
        )


def _in_turn(
    tool: str, python: Path, path: Path, quick: bool
) -> tuple[float, float] | str:
    """Return the medians of the review and of a tool, or what the tool died of."""
    command = [str(python), str(HERE / "peers" / "others.py"), tool, str(path)]
    ours, theirs = [], []
    for _ in range(1 if quick else 3):
        ours.append(_apart("review", path)[1])
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        theirs.append(time.perf_counter() - start)
        if done.returncode:
            return done.stderr.strip().splitlines()[-1][:200].replace(str(OUT), "")
    return median(ours), median(theirs)


def main() -> None:
    """Run the parts asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="small tables, one round")
    asked.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    asked.add_argument("--side", nargs=2, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.side:
        _one_side(given.side[0], Path(given.side[1]))
        return
    for part in given.only:
        globals()[f"bench_{part}"](given.quick)


if __name__ == "__main__":
    main()
