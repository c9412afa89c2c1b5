"""A tiny scenario with an agreement, and rows that came after it.

Small enough to break in one place; its promise is broken by the rows as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.helpers import Tiny

ROWS = 60
RECORD = {
    "format": 1,
    "scenario": "tiny",
    "participants": {
        "product": [{"name": "Dana"}],
        "engineering": [{"name": "Ilir"}],
    },
    "framing": {
        "ratio": 2,
        "expectations": {"acceptable_error": 0.3, "fallback": "human"},
    },
    "threshold": {
        "policy": {"kind": "single", "act_at": 0.5},
        "because": "half of it",
        "seen": {
            "coverage": {"k": 10, "n": 20},
            "error_among_answered": {"k": 2, "n": 10},
            "rows": "kept aside",
        },
    },
    "option": "plain",
    "agreement": {
        "clauses": [
            {
                "id": "C1",
                "metric": "error_among_answered",
                "at_most": 0.3,
                "measured_by": {"labels_per_week": 10, "who": "the post room"},
                "owner": "engineering",
                "then": "letters wait",
            },
            {"id": "C2", "metric": "coverage", "at_least": 0.45, "owner": "product"},
        ],
        "escalation": [
            {"when": "a clause is broken", "to": "the head", "within_days": 2}
        ],
        "actions": [
            {"what": "count them", "who": "Dana", "by": "2026-11"},
            {"what": "ask the shop", "who": "Ilir"},
        ],
        "retrospective": "2027-02",
    },
}


@dataclass
class Lived:
    """A scenario's folder, its record, and the file of later rows."""

    tiny: Tiny
    later: pd.DataFrame
    record: Path
    data: Path

    def write(self) -> Lived:
        """Write the later rows anew."""
        self.later.to_csv(self.data, index=False)
        return self


def lived(folder: Path) -> Lived:
    """Write a tiny scenario, its record and later rows into a folder."""
    tiny = Tiny(folder / "tiny")
    tiny.record = RECORD
    home = tiny.write()
    return Lived(tiny, later_rows(), home / "record.yaml", folder / "later.csv").write()


def later_rows(wrong: int = 24) -> pd.DataFrame:
    """Sixty letters of one option, 30 acted on, ``wrong`` of these wrongly."""
    acted = ROWS // 2
    return pd.DataFrame(
        {
            "id": [f"n{i:03}" for i in range(ROWS)],
            "text": [f"new words {i}" for i in range(ROWS)],
            "shop": [f"shop {i % 25}" for i in range(ROWS)],
            "option": "plain",
            "score": [0.9 - i / 100 for i in range(acted)]
            + [0.4 - i / 100 for i in range(ROWS - acted)],
            "good": [int(i >= wrong) for i in range(acted)]
            + [i % 2 for i in range(ROWS - acted)],
        }
    )
