"""Does a record lose anything when its writers are killed, or are two, and how slow?

    python benchmarks/record.py                # 10,000 kills, two writers x 1,000
    python benchmarks/record.py --kills 200 --updates 50

A writer is killed by the system at a random moment of its saving, ten thousand times.
After each kill the file must read, hold every line that the writer was told is saved,
in order, and at most one line more: the one it was saving.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from workshop.record.atomic import leftovers
from workshop.record.choices import Record
from workshop.record.file import RecordFile, read_record

EXAMPLE = Path(__file__).parents[1] / "datasets/deposit-calls/example-record.yaml"
AFRESH = 25
"""A new file after so many kills, so that reading it whole each time stays quick."""
LONGEST_WAIT = 0.02


def main() -> int:
    """Run all three, print what was lost and how long a save takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--updates", type=int, default=1_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        faults = killed(Path(folder), given.kills)
        faults += two_writers(Path(folder), given.updates)
        saves(Path(folder))
    return 1 if faults else 0


# --- killed -----------------------------------------------------------------------


def killed(folder: Path, kills: int) -> int:
    """Kill a writer at random moments; return how often anything was wrong."""
    chance = random.Random(8)
    lost = torn = mid = swept = 0
    began = time.perf_counter()
    path = folder / "killed.yaml"
    for turn in range(kills):
        if turn % AFRESH == 0:
            path.unlink(missing_ok=True)
            RecordFile(path).create(Record(scenario="s"))
        before = len(RecordFile(path).read().log)
        told, died_writing = _killed_once(path, chance.uniform(0, LONGEST_WAIT))
        mid += died_writing
        swept += bool(leftovers(path))
        try:
            log = RecordFile(path).read().log
        except Exception as error:  # whatever it is, the file is torn
            print(f"kill {turn}: {error}")
            torn += 1
            path.unlink()
            RecordFile(path).create(Record(scenario="s"))
            continue
        numbers = [int(line.decided) for line in log]
        whole = numbers == list(range(len(log)))
        lost += not (whole and before + told <= len(log) <= before + told + 1)
    seconds = time.perf_counter() - began
    print(
        f"{kills:,} kills: {mid:,} inside a save ({swept:,} left a scratch file), "
        f"{torn} files torn, {lost} with a line lost or out of order "
        f"(goal 0 and 0; {seconds:.0f} s)"
    )
    return lost + torn


def _killed_once(path: Path, wait: float) -> tuple[int, bool]:
    """Return how many saves a writer was told are done, and if it died in the next."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _write_for_ever(path, writing)
    os.close(writing)
    os.read(reading, 1)  # it is about to save
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    return said.count(b"s"), not said.endswith(b"s")


def _write_for_ever(path: Path, told: int) -> None:
    try:
        pair = RecordFile(path)
        record = pair.read()
        while True:
            os.write(told, b"b")
            record = pair.note(str(len(record.log)), base=record, who="Dana")
            os.write(told, b"s")
    finally:
        os._exit(1)


# --- two writers ------------------------------------------------------------------


def two_writers(folder: Path, updates: int) -> int:
    """Let two programs save at once; return how many updates are missing."""
    path = folder / "shared.yaml"
    RecordFile(path).create(Record(scenario="s"))
    began = time.perf_counter()
    children = []
    for name, section in (("Dana", "framing"), ("Ilir", "data_review")):
        child = os.fork()
        if not child:
            _save_many(path, name, section, updates)
        children.append(child)
    failed = sum(os.waitpid(child, 0)[1] != 0 for child in children)
    seconds = time.perf_counter() - began
    record = RecordFile(path).read()
    missing = 0
    for name in ("Dana", "Ilir"):
        numbers = [line.decided for line in record.log if line.who == name]
        missing += numbers != [str(n) for n in range(updates)]
    last = str(updates - 1)
    sections = (record.framing, record.data_review)
    kept = [getattr(s, "harmed", None) or getattr(s, "because", None) for s in sections]
    missing += kept != [last, last]
    missing += len(record.parking) != 2 * len(range(0, updates, 50))
    print(
        f"two writers x {updates:,}: {2 * updates - len(record.log)} updates lost, "
        f"{failed} writers failed, {missing} orders wrong (goal 0, 0, 0; {seconds:.0f} "
        f"s, {1000 * seconds / updates / 2:.0f} ms an update)"
    )
    return failed + missing


def _save_many(path: Path, name: str, section: str, updates: int) -> None:
    field = {"framing": "harmed", "data_review": "because"}[section]
    try:
        pair = RecordFile(path)
        base = pair.read()
        for number in range(updates):
            values: dict[str, object] = {section: {field: str(number)}}
            if number % 50 == 0:
                line = {
                    "who": name,
                    "text": f"{name} asks {number}",
                    "at": "2026-01-01",
                }
                values["parking"] = (*base.parking, line)
            base = pair.save_many(values, base=base, who=name, decided=str(number))
        os._exit(0)
    except BaseException as error:
        print(f"{name}: {error!r}", file=sys.stderr)
        os._exit(1)


# --- how slow ---------------------------------------------------------------------


def saves(folder: Path) -> None:
    """Print how long one save takes beside reading the same file whole."""
    pair = RecordFile(folder / "long.yaml")
    base = pair.create(read_record(EXAMPLE.read_text("utf-8"), file=EXAMPLE))
    for lines in (50, 200, 500):
        while len(base.log) < lines:
            base = pair.note("go on", base=base, who="Dana", section="framing")
        times, whole = [], []
        for _ in range(5):
            start = time.perf_counter()
            base = pair.note("go on", base=base, who="Dana", section="framing")
            times.append(time.perf_counter() - start)
            start = time.perf_counter()
            RecordFile(pair.path).read()
            whole.append(time.perf_counter() - start)
        print(
            f"a save at {lines} lines of log: {1000 * median(times):.0f} ms, "
            f"{median(times) / median(whole):.2f} of reading it whole"
        )


if __name__ == "__main__":
    raise SystemExit(main())
