"""How long after a hand has moved the line is the page drawn, beside `interact`?

Run as ``python benchmarks/explorer.py [--rows N ...] [--moves N]`` where a Chromium is.
JupyterLab is opened in it on this machine, step 03 with 10,000 and with a million
scored rows. The mouse drags the line: real input events by the browser's debugging
protocol, one a frame, each at another moment of the frame, as a hand's are. What counts
is the time from the event's own stamp to the first task after the animation frame that
drew it. Beside it stands `ipywidgets.interact` with a matplotlib figure whose curve is
computed once: from the key that moves its slider to the first task after the frame that
has the new picture. Then the kernel is kept from answering, and then it is ended.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.browsers import chromium, to_and_fro
from benchmarks.measuring import said
from tests.browser.conftest import Lab, running_lab
from tests.helpers import Tiny
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.values import ROLES

ROOT = Path(__file__).resolve().parents[1]
ROWS = [10_000, 1_000_000]
MOVES = 320
PEER_MOVES = 40
TURNS = 2
P50_GOAL, P95_GOAL = 16.7, 33.0  # milliseconds
TIMES_FASTER = 10.0
AS_FAST = 1.15  # what counts as no difference between two medians
FRAME = 1 / 60
STEP = 5.0  # pixels: far enough that the line reaches another cut
BUSY_SECONDS = 600
PATIENCE = 240_000  # milliseconds; a million rows are read and counted first
IDLE, OPEN = "kernel idle", "all parts open"
BUSY, ENDED = "kernel busy", "kernel ended"
PARTS = ("curve", "person", "money", "groups", "limits")

WATCH = """() => {
  const task = (then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  };
  const bar = () => document.querySelector('.cgx-handle-act');
  const place = () => bar().getAttribute('transform');
  window.moves = [];
  addEventListener('pointermove', (event) => {
    const before = place();
    requestAnimationFrame((frame) => {
      const began = performance.now();
      task(() => {
        const now = performance.now();
        const drawn = place() !== before;
        moves.push({ late: now - event.timeStamp, work: now - began, frame, drawn });
      });
    });
  }, true);
}"""

WATCH_PEER = """() => {
  const picture = () => document.querySelector('.widget-interact img');
  window.moves = [];
  addEventListener('keydown', (event) => {
    const before = picture().src;
    const watch = new MutationObserver(async () => {
      const now = picture();
      if (!now || now.src === before) return;
      watch.disconnect();
      await now.decode();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => moves.push(performance.now() - event.timeStamp);
        port2.postMessage(0);
      });
    });
    const shown = document.querySelector('.widget-interact');
    watch.observe(shown, { childList: true, subtree: true, attributes: true });
  }, true);
}"""

PEER_CELL = """%matplotlib inline
import matplotlib.pyplot as plt
import pandas as pd
from ipywidgets import FloatSlider, interact
from sklearn.metrics import precision_recall_curve

rows = pd.read_parquet("../../made/runs.parquet")
precision, recall, cuts = precision_recall_curve(rows.good, rows.score)

def draw(cut):
    place = min(cuts.searchsorted(cut), len(cuts) - 1)
    plt.plot(recall, precision)
    plt.plot(recall[place], precision[place], "o")
    plt.xlabel("recall")
    plt.ylabel("precision")
    plt.title(f"precision {precision[place]:.2f}, recall {recall[place]:.2f}")
    plt.show()

interact(draw, cut=FloatSlider(min=0, max=1, step=0.005));"""


@dataclass
class Case:
    """One page with the explorer on it, and how late each drawn move was (ms)."""

    rows: int
    lab: Lab
    page: Any
    late: dict[str, list[float]] = field(default_factory=dict)
    work: dict[str, list[float]] = field(default_factory=dict)
    crowded: int = 0

    def drag(self, moves: int, state: str) -> None:
        """Drag the line to and fro, one move a frame, and keep how late each was."""
        self.page.bring_to_front()
        self.page.evaluate("() => { moves.length = 0 }")
        across, height = self._way()
        mouse = self.page.mouse
        mouse.move(next(across), height)
        mouse.down()
        for _ in range(moves):
            mouse.move(next(across), height)
            time.sleep(random.uniform(0, FRAME))
        mouse.up()
        self.page.wait_for_timeout(100)
        self._keep(self.page.evaluate("() => moves"), state)

    def press_parts(self) -> None:
        """Open or close every part."""
        for name in PARTS:
            self.page.locator(f'[data-key="part-{name}"]').click()
        self.page.locator(".cgx-line-svg").scroll_into_view_if_needed()

    def _way(self) -> tuple[Iterator[float], float]:
        """From the grip to either end of the axis and back, a few pixels at a time."""
        grip = self.page.locator(".cgx-handle-act .cgx-grip").bounding_box()
        box = self.page.locator(".cgx-line-svg").bounding_box()
        start = grip["x"] + grip["width"] / 2
        ends = box["x"] + 30, box["x"] + box["width"] - 30
        return to_and_fro(start, ends, STEP), grip["y"] + grip["height"] / 2

    def _keep(self, moves: list[dict[str, Any]], state: str) -> None:
        drawn = [move for move in moves if move["drawn"]]
        self.late.setdefault(state, []).extend(move["late"] for move in drawn)
        self.work.setdefault(state, []).extend(move["work"] for move in drawn)
        self.crowded += len(moves) - len({move["frame"] for move in moves})


# --- what is looked at ----------------------------------------------------------------


def make(home: Path, rows: int) -> None:
    """Write a scenario of so many scored rows, and a record with both bets sealed."""
    tiny, rng = Tiny(home / "made"), np.random.default_rng(0)
    number, score = np.arange(rows), rng.random(rows)
    keys = np.char.mod("r%07d", number)
    text, shop = np.char.mod("%d", number % 1000), np.char.mod("%d", number % 5)
    tiny.data = pd.DataFrame({"id": keys, "text": text, "shop": shop})
    good = (rng.random(rows) < score).astype(int)
    tiny.runs = pd.DataFrame(
        {"id": keys, "option": "plain", "score": score, "good": good}
    )
    only = {"runs": tiny.scenario["runs"][:1], "cases": [*keys[:2]], "groups": ["shop"]}
    tiny.scenario |= only | {"limits": {"max_error_among_answered": 0.3}}
    tiny.use_parquet()
    tiny.write()
    RecordFile(home / "my-workshop" / "record.yaml").create(ready_record())


def ready_record() -> Record:
    """Return a record whose bets are sealed, so that figures may be seen."""
    sealed = dict.fromkeys(ROLES, f"sha256:{'1' * 64}")
    return Record.model_validate(
        {
            "scenario": "../made",
            "participants": {
                "product": [{"name": "Dana"}],
                "engineering": [{"name": "Ilir"}],
            },
            "bets": {"sealed": sealed},
            "framing": {"ratio": 0.5},
        }
    )


def write_peer(folder: Path) -> None:
    """Write a notebook with one cell: a slider over a matplotlib figure."""
    cell = {
        "cell_type": "code",
        "id": "peer",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": PEER_CELL,
    }
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": [cell],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / "interact.ipynb").write_text(json.dumps(notebook), "utf-8")


def open_case(browser: Any, home: Path, rows: int, stack: ExitStack) -> Case:
    """Start a lab with so many rows, and open the explorer in it."""
    home.mkdir()
    make(home, rows)
    lab = stack.enter_context(running_lab(home, ROOT))
    notebook = lab.open(browser, "03_threshold.ipynb")
    notebook.page.set_default_timeout(PATIENCE)
    start = time.perf_counter()
    notebook.run_all()
    print(f"{rows:>11,} rows: all cells ran in {time.perf_counter() - start:.0f} s")
    notebook.page.locator(".cgx-line-svg").scroll_into_view_if_needed()
    notebook.page.evaluate(WATCH)
    return Case(rows, lab, notebook.page)


def peer(browser: Any, lab: Lab) -> list[float]:
    """Move interact's slider, one move at a time; return how late its picture was."""
    write_peer(lab.record.parent / "notebooks")
    page = lab.open(browser, "interact.ipynb").page
    page.wait_for_function("() => /\\| Idle/.test(document.body.innerText)")
    page.locator(".jp-CodeCell .cm-content").click()
    page.keyboard.press("Control+Enter")
    page.locator(".widget-interact img").wait_for()
    page.evaluate(WATCH_PEER)
    page.locator(".noUi-handle").focus()
    for done in range(1, PEER_MOVES + 1):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("done => moves.length >= done", arg=done)
    return page.evaluate("() => moves")


# --- what is printed ------------------------------------------------------------------


def share(times: list[float], part: float) -> float:
    """Return the time that so many of them do not exceed."""
    return float(np.quantile(times, part))


def tell(case: Case, state: str) -> bool:
    """Print one line: how late the page was drawn, and whether that is in time."""
    late, work = case.late[state], case.work[state]
    p50, p95 = share(late, 0.5), share(late, 0.95)
    met = p50 <= P50_GOAL and p95 <= P95_GOAL and len(late) >= 300
    print(
        f"{case.rows:>11,} rows  {state:<22}{len(late):>4} moves drawn"
        f"  p50 {p50:5.1f} ms  p95 {p95:5.1f} ms"
        f"  (the frame's own work {share(work, 0.5):4.1f} and {share(work, 0.95):4.1f})"
        f"  {said(met)}"
    )
    return met


def compare(cases: list[Case], slow: list[float]) -> bool:
    """Print the ratios: beside interact, from few rows to many, without a kernel."""
    first, last = (case.late[IDLE] for case in (cases[0], cases[-1]))
    faster = [share(slow, part) / share(first, part) for part in (0.5, 0.95)]
    growth = share(last, 0.5) / share(first, 0.5)
    alone = [
        share(case.late[state], 0.5) / share(case.late[IDLE], 0.5)
        for case in cases
        for state in (BUSY, ENDED)
    ]
    met = faster[0] >= TIMES_FASTER, growth <= AS_FAST, max(alone) <= AS_FAST
    print(
        f"interact with matplotlib, {cases[0].rows:,} rows: {len(slow)} moves"
        f"  p50 {share(slow, 0.5):.0f} ms  p95 {share(slow, 0.95):.0f} ms\n"
        f"times faster: {faster[0]:.1f} at p50, {faster[1]:.1f} at p95;"
        f" goal {TIMES_FASTER:g} at p50: {said(met[0])}\n"
        f"{cases[-1].rows:,} rows over {cases[0].rows:,}: {growth:.2f};"
        f" goal at most {AS_FAST}: {said(met[1])}\n"
        f"kernel busy or ended over idle: {', '.join(f'{r:.2f}' for r in alone)};"
        f" goal at most {AS_FAST}: {said(met[2])}\n"
        f"moves that shared a frame: {sum(case.crowded for case in cases)}"
    )
    return all(met)


def measure(cases: list[Case], moves: int) -> None:
    """Drag on each page in turn; then with all parts open, then without a kernel."""
    for _ in range(TURNS):
        for case in cases:
            case.drag(moves // TURNS, IDLE)
    for case in cases:
        case.press_parts()
        case.drag(moves, OPEN)
        case.press_parts()
        with case.lab.busy(BUSY_SECONDS) as is_busy:
            case.drag(moves, BUSY)
            if not is_busy():
                sys.exit("the kernel answered too soon: it was not kept busy")
            case.lab.forget_kernels()
        case.drag(moves, ENDED)


def main() -> None:
    """Measure with few rows and many, beside interact, and with no kernel to ask."""
    read = argparse.ArgumentParser()
    read.add_argument("--rows", type=int, nargs="+", default=ROWS)
    read.add_argument("--moves", type=int, default=MOVES)
    asked = read.parse_args()
    random.seed(0)
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"goals: p50 {P50_GOAL} ms, p95 {P95_GOAL} ms, on an idle machine")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = stack.enter_context(chromium())
        cases = [
            open_case(browser, folder / str(rows), rows, stack) for rows in asked.rows
        ]
        slow = peer(browser, cases[0].lab)
        measure(cases, asked.moves)
        met = compare(cases, slow)
        for case in cases:
            for state in case.late:
                met &= tell(case, state)
    print(f"all goals: {said(met)}")


if __name__ == "__main__":
    main()
