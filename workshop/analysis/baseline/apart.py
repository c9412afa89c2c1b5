"""How is training done beside the notebook, on every core that there is?

A notebook's process has threads, so it cannot be forked, and fits in its own threads
wait for one another. A fresh process can: it loads scikit-learn while the notebook
still counts, is handed arrays, and answers with the figures as JSON. No rows' keys, no
texts and no pickles go either way. Where it cannot start or ends early, the caller
trains in its own process: the figures are the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import BinaryIO, Self
from weakref import finalize

from pydantic import TypeAdapter

from workshop.analysis.baseline.checks import silent, train_table
from workshop.analysis.baseline.table import Table
from workshop.analysis.trained import Trained

Tell = Callable[[str], None]

MOST_PROCESSES = 4
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_SERVE = "from workshop.analysis.baseline.apart import serve; serve()"


class Gone(Exception):
    """The process beside ended before it answered."""


def cores() -> int:
    """How many fits may run side by side: one where threads are held to one."""
    held = [os.environ.get(n, "") for n in ("WORKSHOP_THREADS", "OMP_NUM_THREADS")]
    if "1" in held:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(MOST_PROCESSES, len(os.sched_getaffinity(0)))
    return min(MOST_PROCESSES, os.cpu_count() or 1)


class Beside:
    """A process that trains, started before there is anything to train on.

    It ends with its answer, when `close` is called, and when the caller is gone.
    """

    def __init__(self) -> None:
        able = cores() > 1 and hasattr(os, "fork") and sys.executable
        self._process = _start() if able else None
        self._end = finalize(self, _end, self._process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def train(self, table: Table, at_hand: int, *, progress: Tell = silent) -> Trained:
        """Train there, or here where that fails; see `train_table`."""
        if self._process is not None:
            try:
                return _answer(self._process, table, at_hand, progress)
            except (OSError, ValueError, Gone):
                self.close()
        return train_table(table, at_hand, progress=progress)

    def close(self) -> None:
        """End the process."""
        self._process = None
        self._end()


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    process.kill()
    for stream in (process.stdin, process.stdout):
        # What was not yet sent to a process that is gone cannot be.
        with suppress(OSError):
            stream.close() if stream else None
    process.wait()


def _start() -> subprocess.Popen[bytes] | None:
    one = dict.fromkeys(_ONE_THREAD, "1")
    try:
        return subprocess.Popen(
            # -P: a file in the reader's folder must not pass for a library.
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **one, "WORKSHOP_CORES": str(cores())},
        )
    except OSError:
        return None


def _answer(
    process: subprocess.Popen[bytes], table: Table, at_hand: int, progress: Tell
) -> Trained:
    """Hand over the table and read what is told until the figures come."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{at_hand}\n".encode() + table.to_bytes())
    process.stdin.close()
    for line in process.stdout:
        told = json.loads(line)
        if "trained" in told:
            return as_values().validate_json(told["trained"])
        progress(told["stage"])
    raise Gone


@cache
def as_values() -> TypeAdapter[Trained]:
    """What turns the figures into JSON and back, to the last digit."""
    return TypeAdapter(Trained)


def serve() -> None:
    """Train once on what standard input brings, and answer on standard output."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: F401
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: F401

    answer_once(sys.stdin.buffer, sys.stdout.buffer, int(os.environ["WORKSHOP_CORES"]))


def answer_once(given: BinaryIO, into: BinaryIO, processes: int) -> None:
    """Read a table, tell each stage in a line of JSON, then the figures."""
    first, _, rest = given.read().partition(b"\n")
    if not rest:
        return  # nobody needed it

    def tell(**said: str) -> None:
        into.write(json.dumps(said).encode() + b"\n")
        into.flush()

    found = train_table(
        Table.from_bytes(rest),
        int(first),
        progress=lambda stage: tell(stage=stage),
        processes=processes,
    )
    tell(trained=as_values().dump_json(found).decode())
