"""What does a whole report cost beside a profiling tool's page on the same table?

`workshop report` on a scenario that `workshop new` made of the table, beside the
minimal report of ydata-profiling and the summary of Evidently, each a whole process in
an environment of its own: wall time and the size of the page. Cold is with nothing
kept; warm when one report of the same data was made before, so that training is read
back. The sides take turns, compiled beforehand.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median

from peers.environments import environment
from peers.tables import BLOCK, narrow_columns, write_table
from report import program, seconds, settings_in

HERE = Path(__file__).resolve().parent
TOOLS = ("ydata", "evidently")
SIZES = {"100k": 100_000, "1m": BLOCK}
GOALS = {"100k": 0.7, "1m": 0.3}
PAGE_GOAL = 0.1
NEW = (
    *("--label", "label", "--positive", "1", "--time", "happened"),
    *("--group", "region", "--group", "segment", "--key", "id"),
)


def bring(size: str, folder: Path, settings: dict[str, str]) -> Path:
    """Write the table and make a scenario of it; return the scenario."""
    table = write_table(size, SIZES[size], narrow_columns())
    case = folder / size
    seconds(
        [program("workshop"), "new", str(case), "--data", str(table), *NEW], settings
    )
    return case


def sides_of(size: str, case: Path, folder: Path) -> dict[str, tuple[list[str], Path]]:
    """Return each side's command and the page that it writes."""
    table = write_table(size, SIZES[size], narrow_columns())
    page = folder / f"{size}-report"
    report = [program("workshop"), "report", str(case), "-o", str(page)]
    found = {"ours": (report, page / "report.html")}
    for tool in TOOLS:
        python = environment(tool)
        if isinstance(python, str):
            print(f"{tool} could not be run: {python}")
            continue
        page = folder / f"{size}-{tool}.html"
        others = [str(python), str(HERE / "peers" / "others.py"), tool]
        found[tool] = ([*others, str(table), str(page)], page)
    return found


def measure(size: str, rounds: int, folder: Path) -> None:
    """Let the sides take turns and print what was found."""
    settings = settings_in(folder)
    cold = settings | {"WORKSHOP_CACHE": "off"}
    case = bring(size, folder, settings)
    sides = sides_of(size, case, folder)
    for command, _ in sides.values():
        seconds(command, settings)  # the first turn compiles and keeps
    turns = [
        {side: seconds(command, settings) for side, (command, _) in sides.items()}
        | {"cold": seconds(sides["ours"][0], cold)}
        for _ in range(rounds)
    ]
    took = {side: median(turn[side] for turn in turns) for side in turns[0]}
    weighs = {side: page.stat().st_size for side, (_, page) in sides.items()}
    for tool in sides:
        if tool != "ours":
            print(_line(size, tool, took, weighs))


def _line(size: str, tool: str, took: dict[str, float], weighs: dict[str, int]) -> str:
    warm, cold = (took[arm] / took[tool] for arm in ("ours", "cold"))
    page = weighs["ours"] / weighs[tool]
    return (
        f"{SIZES[size]:>9,} rows  {tool:<9} {took[tool]:6.2f} s  "
        f"report {took['ours']:6.2f} s warm, {took['cold']:6.2f} s cold: "
        f"{warm:.2f} and {cold:.2f} (goal {GOALS[size]})  "
        f"page {weighs['ours'] / 1e6:.2f} of {weighs[tool] / 1e6:.2f} MB: "
        f"{page:.2f} (goal {PAGE_GOAL})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side")
    parser.add_argument("--size", nargs="+", choices=SIZES, default=tuple(SIZES))
    chosen = parser.parse_args()
    print(f"medians of {chosen.rounds} turns, whole processes")
    with tempfile.TemporaryDirectory() as folder:
        for size in chosen.size:
            measure(size, chosen.rounds, Path(folder))


if __name__ == "__main__":
    main()
