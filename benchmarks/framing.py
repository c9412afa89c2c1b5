"""How often does the checker of 01 object rightly, and how often for nothing?

Run as ``python benchmarks/framing.py``. For every rule: of its objections, how many a
careful reader shares (precision), and of the reader's, how many it raises (recall), on
the statements that the rules were tuned on and on those held out. Goals: under 5 of 100
good statements get any objection, in both parts. ``--show`` lists what differs.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workshop.analysis.framing_rules import RULES, OutcomeGiven, check_statement

EXAMPLES = Path(__file__).parents[1] / "tests" / "analysis" / "framing_examples.toml"


@dataclass
class Score:
    """Objections raised rightly, for nothing, and not raised, by code."""

    right: Counter[str] = field(default_factory=Counter)
    needless: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    good: int = 0
    alarmed: int = 0
    differ: list[str] = field(default_factory=list)

    def add(self, example: dict[str, Any]) -> None:
        """Hold the checker's objections to one statement against the reader's."""
        expected, found = set(example.get("codes", ())), objections(example)
        self.right.update(found & expected)
        self.needless.update(found - expected)
        self.missed.update(expected - found)
        self.good += not expected
        self.alarmed += bool(found and not expected)
        if found != expected:
            extra = f"+{sorted(found - expected)} -{sorted(expected - found)}"
            self.differ.append(f"{extra}  {example['says']}")

    def precision(self, *codes: str) -> float:
        """Of the objections raised, the share that the reader shares."""
        return _share(self.right, self.needless, codes)

    def recall(self, *codes: str) -> float:
        """Of the reader's objections, the share that is raised."""
        return _share(self.right, self.missed, codes)


def _share(right: Counter[str], other: Counter[str], codes: tuple[str, ...]) -> float:
    hit = sum(right[code] for code in codes or right)
    rest = sum(other[code] for code in codes or other)
    return hit / (hit + rest) if hit + rest else 1.0


def objections(example: dict[str, Any]) -> set[str]:
    """Check one statement of the table."""
    given = OutcomeGiven(
        example.get("from"), example.get("to"), example.get("by"), example.get("error")
    )
    found = check_statement(
        example["says"],
        given=given,
        cannot_move=tuple(example.get("cannot_move", ())),
    )
    return {objection.code for objection in found}


def scored(part: str) -> Score:
    """Check all statements of one part, ``tuned`` or ``held_out``."""
    score = Score()
    table = tomllib.loads(EXAMPLES.read_text("utf-8"))[part]
    for example in (*table["good"], *table["bad"]):
        score.add(example)
    return score


def main() -> None:
    """Print a line for every rule and part."""
    for part in ("tuned", "held_out"):
        score = scored(part)
        print(f"{part}: {score.alarmed} of {score.good} good statements objected to")
        for name, codes in [
            *((rule.code, (rule.code,)) for rule in RULES),
            ("all", ()),
        ]:
            raised = sum(score.right[c] for c in codes or score.right)
            print(
                f"  {name:<20} precision {score.precision(*codes):.2f}"
                f"  recall {score.recall(*codes):.2f}  ({raised} right)"
            )
        if "--show" in sys.argv and part == "tuned":
            print("\n".join(f"    {line}" for line in score.differ))


if __name__ == "__main__":
    main()
