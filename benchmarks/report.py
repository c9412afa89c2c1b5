"""What does a report cost beside the same step calls, and an empty papermill run?

A report is papermill, a kernel, the step calls and a page. The step calls are what they
are; what is asked here is what putting them on a page adds: the report's wall time less
that of the same calls in one plain process (imports included), in units of papermill on
a notebook with one empty cell. The sides take turns. Trained figures are kept in a
folder of the run's own, filled by the first turn, which does not count.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat

RUNS = 5
GOAL = 2.0
SCENARIOS = ("privacy-assistant", "deposit-calls", "flight-disruptions")
STEP_CALLS = """
import workshop
whole = workshop.open_step("report", record={name!r}, interactive=False)
str(whole.where_we_are())
parts = "start", "framing", "data_readiness", "threshold", "user_impact", "agreement"
for part in parts:
    whole.part(part)._repr_mimebundle_()
for shown in (whole.since(), whole.recap(), whole.glossary()):
    shown is None or shown._repr_mimebundle_()
"""


def program(name: str) -> str:
    """Return a console script that lies beside the interpreter in use."""
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    if beside is None:
        sys.exit(f"no `{name}` beside this interpreter: run make bench")
    return beside


def seconds(command: list[str], settings: dict[str, str]) -> float:
    """Return the wall time of one run; a command that fails ends the benchmark."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=settings)
    spent = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    return spent


def settings_in(folder: Path) -> dict[str, str]:
    """What every side runs with: compiled once, and what is kept in ``folder``."""
    own = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    kept = {"PYTHONPYCACHEPREFIX": "compiled", "WORKSHOP_CACHE": "kept"}
    return own | {name: str(folder / where) for name, where in kept.items()}


def write_empty(path: Path) -> None:
    """Write the notebook of the least that papermill can be asked to run."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, path)


def sides_of(name: str, folder: Path) -> dict[str, list[str]]:
    """Return the commands of one scenario, by side."""
    notebook, ran = folder / "empty.ipynb", folder / "ran.ipynb"
    write_empty(notebook)
    report = [program("workshop"), "report", name, "-o", str(folder / name)]
    return {
        "report": report,
        "calls": [sys.executable, "-c", STEP_CALLS.format(name=name)],
        "empty": [program("papermill"), "--no-progress-bar", str(notebook), str(ran)],
    }


def measure(name: str, runs: int, folder: Path) -> None:
    """Let the sides take turns and print what was found."""
    settings, sides = settings_in(folder), sides_of(name, folder)
    for command in sides.values():
        seconds(command, settings)  # the first turn fills the caches
    turns = [{s: seconds(c, settings) for s, c in sides.items()} for _ in range(runs)]
    report, calls, empty = (median(t[side] for t in turns) for side in sides)
    ratio = median((t["report"] - t["calls"]) / t["empty"] for t in turns)
    met = "met" if ratio <= GOAL else "MISSED"
    print(
        f"{name:<20} report {report:6.2f} s  step calls {calls:6.2f} s  "
        f"empty papermill {empty:5.2f} s  ratio {ratio:5.2f}  (goal {GOAL}: {met})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each side")
    parser.add_argument("--scenario", nargs="+", default=SCENARIOS)
    chosen = parser.parse_args()
    print(f"medians of {chosen.runs} turns; (report - step calls) / empty papermill")
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.scenario:
            measure(name, chosen.runs, Path(folder))


if __name__ == "__main__":
    main()
