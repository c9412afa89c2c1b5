"""A small world with a past and a future: rows before release, and rows after it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.helpers import Tiny
from workshop.analysis.evidence import Evidence
from workshop.analysis.retro.retro import Retro
from workshop.data.catalog import find_target
from workshop.data.later import Later, load_later
from workshop.record.choices import Record
from workshop.steps.given import Given

TODAY = date(2026, 12, 1)
FIRST_DAY = "2026-07-06"
"""A Monday: the first week of the new rows is a whole one."""


def rows_from(
    day: str, n: int, *, seed: int, prefix: str, shift: float = 0.0, per_day: int = 10
) -> pd.DataFrame:
    """Rows whose label is as likely as their score says, ``shift`` more or less so."""
    rng = np.random.default_rng(seed)
    score = np.round(rng.random(n), 4)
    chance = np.clip(score + shift, 0, 1)
    start = pd.Timestamp(day)
    return pd.DataFrame(
        {
            "id": [f"{prefix}{i:04}" for i in range(n)],
            "at": [start + pd.Timedelta(days=i // per_day) for i in range(n)],
            "shop": [f"shop {i % 3}" for i in range(n)],
            "size": rng.integers(0, 50, n),
            "good": (rng.random(n) < chance).astype(int),
            "score_a": score,
            "score_b": np.round(0.3 * score + 0.7 * rng.random(n), 4),
        }
    )


def after(n: int = 560, *, shift: float = 0.0, seed: int = 2) -> pd.DataFrame:
    """New rows: eight weeks of ten a day."""
    return rows_from(FIRST_DAY, n, seed=seed, prefix="n", shift=shift)


def clause(**given: Any) -> dict[str, Any]:
    """One clause; the error among answered is at most a half unless said otherwise."""
    said = {"id": "C1", "metric": "error_among_answered"} | given
    if not {"at_most", "at_least"} & said.keys():
        said["at_most"] = 0.5
    return said


def said(*clauses: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A record with a threshold at 0.5, a ratio of 1 and some clauses."""
    return {
        "scenario": "tiny",
        "framing": {"ratio": 1.0, "expectations": {"acceptable_error": 0.4}},
        "threshold": {"policy": {"kind": "single", "act_at": 0.5}},
        "option": "a",
        "agreement": {"clauses": list(clauses)},
    } | given


class World:
    """A scenario with 600 rows, two runs in one wide file, a time and a group."""

    def __init__(self, folder: Path, *, cluster: bool = False, **scenario: Any):
        own = rows_from("2026-01-05", 600, seed=1, prefix="r", per_day=5)
        tiny = Tiny(folder / "tiny")
        tiny.data = own[["id", "at", "shop", "size", "good"]]
        tiny.runs = own[["id", "score_a", "score_b"]]
        tiny.use_parquet()
        tiny.scenario |= (
            {
                "time": "at",
                "split": "2026-03-05",
                "groups": ["shop"],
                "cases": [],
                "shows": [],
                "runs": [
                    {
                        "id": name,
                        "title": name,
                        "file": "runs.parquet",
                        "score": f"score_{name}",
                    }
                    for name in ("a", "b")
                ],
                "proposed": "a",
            }
            | ({"cluster": "shop"} if cluster else {})
            | scenario
        )
        self.folder = tiny.write()
        self.own = own
        self.scenario = find_target(str(self.folder)).scenario
        self.given = Given(self.scenario)

    def evidence(self, record: dict[str, Any]) -> Evidence:
        """The rows before release under a record."""
        given = self.given
        found = Record.model_validate(record)
        return Evidence(given.scenario, given.card, found, given.data, given.runs)

    def read(
        self, frame: pd.DataFrame, *, as_of: date = TODAY, option: str | None = "a"
    ) -> Later:
        """Write new rows beside the scenario, and read them."""
        path = self.folder / "after.parquet"
        frame.to_parquet(path)
        return load_later(
            self.scenario, path, self.given.data, as_of=as_of, option=option
        )

    def retro(
        self,
        frame: pd.DataFrame,
        record: dict[str, Any] | None = None,
        *,
        as_of: date = TODAY,
        option: str | None = "a",
    ) -> Retro:
        """A look back at new rows."""
        later = self.read(frame, as_of=as_of, option=option)
        return Retro(self.evidence(record or said()), later, as_of)
