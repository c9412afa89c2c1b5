"""How are many fits on one table run?

By as many processes as there are cores where the process can be forked; else one after
the other, in a thread. Two threads brought a twentieth, since most of a fit is Python,
and scikit-learn changes the filters of warnings while it fits, which all threads share.
The figures are the same either way.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.baseline.folds import Pair, Rows, fit_and_score
from workshop.analysis.baseline.importance import permute
from workshop.analysis.baseline.table import Table
from workshop.analysis.trained import Importance

Floats = NDArray[np.float64]

# A thread or a process fits on the table that it was handed at its start.
_held = threading.local()


class Fits:
    """Fits on one table, asked for first and waited for later.

    ``processes`` asks for so many forked ones; with 0 there is one thread. Only a
    process without threads of its own may be forked.
    """

    def __init__(self, table: Table, processes: int = 0) -> None:
        self._pool = _pool(table, processes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def score(self, pairs: Iterable[Pair]) -> list[Future[Floats]]:
        """Fit on the first rows of each pair and score the second; longest first."""
        asked = list(pairs)
        order = sorted(range(len(asked)), key=lambda at: -len(asked[at][0]))
        begun = {at: self._pool.submit(_score, *asked[at]) for at in order}
        return [begun[at] for at in range(len(asked))]

    def permute(self, pair: Pair) -> Future[tuple[Importance, ...]]:
        """Ask the fit on ``pair`` which columns it leans on."""
        return self._pool.submit(_permute, *pair)


def _pool(table: Table, processes: int) -> Executor:
    if not processes:
        return ThreadPoolExecutor(1, initializer=_hold, initargs=(table,))
    from multiprocessing import get_context

    given = (table, os.getpid())
    return ProcessPoolExecutor(
        processes, get_context("fork"), initializer=_hold_beside, initargs=given
    )


def _hold(table: Table) -> None:
    _held.table = table


def _hold_beside(table: Table, parent: int) -> None:
    """Hold the table, and end when the process that forked this one has ended."""
    _hold(table)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _score(seen: Rows, unseen: Rows) -> Floats:
    return fit_and_score(_held.table, seen, unseen)


def _permute(seen: Rows, unseen: Rows) -> tuple[Importance, ...]:
    return permute(_held.table, (seen, unseen))
