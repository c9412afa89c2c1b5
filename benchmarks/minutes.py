"""Does what a run sheet asks of a pair fit into the minutes that it gives?

    python benchmarks/minutes.py              # beside 60, 120 and 180 minutes
    python benchmarks/minutes.py --markdown   # the table of docs/facilitator/played.md

A room of one pair is started and its pages are read in Chromium as two newcomers meet
them: the words that show with all folded parts closed, each field, each click, and how
long a page takes to come. Minutes are counted from these at the speeds below. Nobody
was timed; talk is what the sheet sets aside for it, half a minute a turn. A step, or a
part of one, more than a quarter over its budget is a defect: it gets a star, and the
exit code says so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.minutes_pages import HEAD, Pages, read_pages  # noqa: E402
from workshop.room.sheet import Slot, lengths, run_sheet  # noqa: E402
from workshop.views.wording import say  # noqa: E402

SCENARIO = "flight-disruptions"
READ, ALOUD, SAID = 200, 150, 150
"""Words a minute: read by oneself, read to the other one, said by the facilitator."""
SECONDS = {"number": 20, "range": 60, "sentence": 60, "name": 10, "choice": 10}
"""A field, by what is asked; a sentence is one of about fifteen words."""
CLICK, JUDGE, DRAG, TURN = 5, 15, 30, 30
"""Seconds: to press something, to judge a case, to draw a line, to say something."""
OVER = 1.25
HEADS = ("words", "reading", "filling in", "talk", "waiting", "counted", "given")
CASES = tuple(f"case {number}" for number in range(1, 7))
LAYERS = ("curve", "person", "money", "groups", "limits")


@dataclass(frozen=True)
class Task:
    """What a part of the sheet asks: what to read, fill in, press and talk about.

    ``fields`` are the beginnings of names that fields carry on the page; ``times`` is
    how often they are gone through. ``talk`` counts turns.
    """

    step: str
    reads: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    times: int = 1
    clicks: int = 1
    seconds: int = 0
    talk: int = 0
    aloud: bool = False
    share: float = 1.0


NOW = "Where we are now"
FOUND, LIVE = "What the checks found", "What we live with"
TASKS = {
    "welcome": Task("00", (HEAD,), ("pulse",), talk=2),
    "cases": Task(
        "00", ("Six real cases", *CASES), clicks=11, seconds=6 * JUDGE, talk=6
    ),
    "three_cases": Task(
        "00", ("Six real cases", *CASES[:3]), clicks=5, seconds=3 * JUDGE, talk=1
    ),
    "wrong_line": Task("00", ("What do we call wrong?",), ("line",), talk=2),
    "bets": Task(
        "00", ("Sealed bets", "What this means for people", "people", NOW), ("bet",)
    ),
    "outcome": Task(
        "01",
        (HEAD, "The request as it came", "The outcome"),
        ("outcome",),
        talk=3,
    ),
    "questions": Task("01", ("Four questions, early",), ("questions",)),
    "opening": Task("01", ("opened",), ("second_look",), clicks=2, talk=6),
    "expect": Task("01", ("What we expect", NOW), ("expectations",), talk=3),
    "borrow_rest": Task("01", clicks=2, talk=1),
    "findings": Task("02", (HEAD, FOUND), clicks=0, talk=5, aloud=True),
    "top_finding": Task("02", (HEAD, FOUND), clicks=0, talk=1, aloud=True, share=0.2),
    "price": Task(
        "02",
        ("What knowing more would cost", "What this sample cannot show"),
        clicks=0,
        talk=1,
    ),
    "risks": Task("02", (LIVE, NOW), ("risk",), clicks=5, times=2, talk=2),
    "borrow_data": Task("02", clicks=2),
    "dots": Task("03", (HEAD, "Draw the line"), clicks=4, seconds=2 * DRAG, talk=8),
    "layers": Task("03", LAYERS, clicks=5, talk=6),
    "lock": Task("03", ("Lock it",), ("threshold",), seconds=DRAG, talk=2),
    "kept_aside": Task(
        "03",
        ("locked", "Beside what anybody could do without a model"),
        clicks=0,
        talk=2,
    ),
    "why": Task("03", ("Why this answer?", "why"), talk=2),
    "neighbours": Task("03", clicks=0, talk=6),
    "people": Task("04", (HEAD, "A week in people"), clicks=0, talk=2, aloud=True),
    "values": Task("04", ("What nobody measured",), ("value",), seconds=DRAG, talk=1),
    "options": Task("04", ("A, B or C?",), clicks=0, talk=4, aloud=True),
    "choose": Task("04", ("Which one do we take?", NOW), ("option",), talk=3),
    "borrow_option": Task("04", clicks=2),
    "rights": Task("05", (HEAD, "Who decides"), ("rights",), talk=2),
    "clauses": Task(
        "05",
        ("What must hold",),
        ("clauses-labels_per_week", "clauses-who"),
        clicks=3,
        talk=4,
    ),
    "proposal": Task(
        "05",
        ("What must hold",),
        ("clauses-labels_per_week", "clauses-who"),
        clicks=3,
        talk=2,
    ),
    "asked": Task(
        "05", ("Who is asked, and when we meet again",), ("escalation",), clicks=2
    ),
    "actions": Task(
        "05",
        (
            "What usually goes wrong",
            "What we asked early",
            "What this rests on",
            "Three next actions",
        ),
        ("actions-action", "pulse"),
        clicks=3,
        talk=1,
    ),
    "sign": Task(
        "05",
        (
            "What is still open",
            "What was parked",
            "What we say outside this room",
            "Two signatures",
        ),
        ("sign",),
        clicks=2,
        talk=1,
        aloud=True,
    ),
    "close": Task("05", clicks=0, talk=2),
}


@dataclass(frozen=True)
class Counted:
    """A part's minutes: what they are made of, beside what the sheet gives."""

    name: str
    words: int
    reading: float
    filling: float
    talk: float
    waiting: float
    budget: float

    @property
    def minutes(self) -> float:
        """All of it."""
        return self.reading + self.filling + self.talk + self.waiting


def count(slot: Slot, pages: Pages) -> Iterator[Counted]:
    """Count each part of a step."""
    for number, part in enumerate(slot.parts):
        task = TASKS[part.name]
        page = pages[task.step]
        words = round(task.share * sum(page.words(name) for name in task.reads))
        line = said(part.name) + (0 if number else opening(slot.section))
        yield Counted(
            part.name,
            words,
            words / (ALOUD if task.aloud else READ),
            filling(task, page.fields) / 60,
            line / SAID + task.talk * TURN / 60,
            0 if number else page.waited / 60,
            (part.ends - part.starts) / 60,
        )


def filling(task: Task, fields: tuple[tuple[str, str], ...]) -> float:
    """Return the seconds at keyboard and mouse; a field that is gone is an error."""
    seconds = float(task.clicks * CLICK + task.seconds)
    for begins in task.fields:
        found = {key: kind for key, kind in fields if key.startswith(begins)}
        if not found:
            raise SystemExit(f"step {task.step} has no field {begins}…")
        seconds += task.times * sum(SECONDS[kind] for kind in found.values())
    return seconds


def said(part: str) -> int:
    """Return how many words the facilitator says in a part."""
    return len(say(f"kit.part.{part}.says").text.split())


def opening(section: str) -> int:
    """Return how many words open a step."""
    return len(say(f"kit.step.{section}.opens").text.split())


def whole(name: str, parts: list[Counted]) -> Counted:
    """Return a step's parts together."""
    given = ("words", "reading", "filling", "talk", "waiting", "budget")
    return Counted(name, *(sum(getattr(p, key) for p in parts) for key in given))


def told(one: Counted) -> list[str]:
    """Return a row's cells; a star for what is more than a quarter over."""
    over = one.minutes > OVER * one.budget
    spans = (one.reading, one.filling, one.talk, one.waiting, one.minutes)
    cells = (one.name, str(one.words), *(f"{span:.1f}" for span in spans))
    return [*cells, f"{one.budget:.0f}{' *' if over else ''}"]


def table(rows: list[list[str]], *, markdown: bool) -> str:
    """Set rows under their heads."""
    heads = ["", *HEADS]
    if markdown:
        lines = [heads, ["---"] * len(heads), *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n".join(
        f"{line[0]:<14}" + "".join(f"{cell:>11}" for cell in line[1:])
        for line in (heads, *rows)
    )


def compare(minutes: int, pages: Pages, *, markdown: bool) -> int:
    """Print a sheet's table; return how many steps and parts are over."""
    rows, steps = [], []
    for slot in run_sheet(minutes).slots:
        if slot.is_break:
            continue
        parts = list(count(slot, pages))
        steps.append(whole(f"**{slot.id}**" if markdown else slot.id, parts))
        rows += [told(steps[-1]), *map(told, parts)]
    total = sum(step.minutes for step in steps)
    print(f"\n## {minutes} minutes\n\n{table(rows, markdown=markdown)}")
    print(f"\n{total:.0f} minutes counted, {sum(s.budget for s in steps):.0f} given.")
    return sum(row[-1].endswith("*") for row in rows)


def main() -> int:
    """Read the pages once, compare them with every sheet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--scenario", default=SCENARIO)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pages = read_pages(ROOT, Path(folder), given.scenario)
    over = sum(compare(m, pages, markdown=given.markdown) for m in lengths())
    asked = {(t.step, name) for t in TASKS.values() for name in t.reads}
    for step, page in pages.items():
        left = {n: w for n, w in page.said.items() if (step, n) not in asked and w}
        if left:
            print(f"{step}: no part asks to read {left}", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
