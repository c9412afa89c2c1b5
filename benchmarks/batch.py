"""How much sooner are sixteen reports there with two jobs, and does memory grow?

Run as ``python benchmarks/batch.py``. One run with one job and one with two over the
same records, the shipped scenarios' own repeated under other names, each in a process
of its own; BLAS, OpenMP and the embedded engine are held to one thread in both. What
the trained checks keep on disk is switched off, so that both do the same work. Memory
is the whole process tree's, what is shared counted once, looked at twice a second.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from processes import tree_memory

REPORTS, SMALL = 16, 4
GOAL, AIM = 1.5, 1.8
GROWTH = 1.1
QUARTER = 4
RUN = """
import sys
from datetime import date
from pathlib import Path
from workshop.report.batch import write_reports

done = write_reports(
    sys.argv[3:], Path(sys.argv[1]), jobs=int(sys.argv[2]), as_of=date(2026, 12, 1),
    progress=lambda line: print(line, flush=True),
)
sys.exit(done.exit_code)
"""


def records(folder: Path, count: int) -> list[str]:
    """Copy the shipped scenarios' own records, in turns, each under its own name."""
    shipped = sorted(Path(__file__).parents[1].glob("datasets/*/example-record.yaml"))
    made = []
    for number in range(count):
        source = shipped[number % len(shipped)]
        record = folder / f"{source.parent.name}-{number:02}.yaml"
        shutil.copyfile(source, record)
        made.append(str(record))
    return made


class Peaks:
    """The most that a process tree held before each count of finished reports."""

    def __init__(self, pid: int) -> None:
        self.done, self.most = 0, dict.fromkeys(range(REPORTS + 1), 0.0)
        self._pid, self._over = pid, threading.Event()
        self._watch = threading.Thread(target=self._sample)
        self._watch.start()

    def _sample(self) -> None:
        while not self._over.wait(0.5):
            now = tree_memory(self._pid)
            self.most[self.done] = max(self.most[self.done], now)

    def stop(self) -> None:
        """Sample no more."""
        self._over.set()
        self._watch.join()

    def until(self, done: int) -> float:
        """Return the peak before so many reports were finished."""
        return max(most for count, most in self.most.items() if count < done)


def run(folder: Path, jobs: int, targets: list[str]) -> tuple[float, Peaks]:
    """Write all reports; return the wall time and the peaks of memory."""
    command = [sys.executable, "-c", RUN, str(folder), str(jobs), *targets]
    begun = time.perf_counter()
    held = os.environ | {"WORKSHOP_CACHE": "off"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=held)
    assert process.stdout is not None
    peaks = Peaks(process.pid)
    for line in process.stdout:
        peaks.done += " · " in line
    peaks.stop()
    if process.wait():
        sys.exit(f"the run with {jobs} jobs ended with {process.returncode}")
    return time.perf_counter() - begun, peaks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help=f"{SMALL} reports only")
    count = SMALL if parser.parse_args().small else REPORTS
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        targets = records(folder, count)
        one, _ = run(folder / "one", 1, targets)
        two, peaks = run(folder / "two", 2, targets)
    ratio = one / two
    verdict = "met" if ratio >= GOAL else "MISSED"
    print(f"{count} reports, one run of each, threads held to 1 in both")
    print(f"--jobs 1   {one:6.1f} s, {3600 * count / one:5.0f} an hour")
    print(f"--jobs 2   {two:6.1f} s, {3600 * count / two:5.0f} an hour")
    print(f"throughput {ratio:.2f}; goal {GOAL}, aim {AIM}: {verdict}")
    few = count // QUARTER
    early, late = peaks.until(few), peaks.until(count)
    grown = "met" if late <= GROWTH * early else "MISSED"
    print(f"most memory before {few} were finished, the whole tree {early:.0f} MB")
    print(f"most memory before all {count} were {late:.0f} MB; goal no growth: {grown}")


if __name__ == "__main__":
    main()
