"""What follows from the rows of a new scenario: split, cases, what is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from workshop.analysis.split import split_rows
from workshop.data.guess import Guess, Named
from workshop.data.scenario import Scenario
from workshop.data.source import ScoredRows
from workshop.data.tables import fetched

if TYPE_CHECKING:
    import ibis
    import pandas as pd

CASES = 6
_SHOWN = 6
_THIN_SIDE = 0.2
"""With fewer of the scored rows on one side of the usual cut, they get their own."""


def shows_of(guesses: Sequence[Guess], named: Named) -> list[str]:
    """Columns that a case may show: inputs, and nothing that names a person."""
    fit = [
        g.name
        for g in guesses
        if g.role in ("feature", "group")
        and not g.reason.startswith("personal")
        and g.reason not in ("empty", "constant", "free_text_personal")
        and g.name != named.cluster
    ]
    return fit[:_SHOWN]


def weekly(table: ibis.Table, time: str) -> dict[str, Any]:
    """Decisions a week as the span of all rows has it; nothing where it is too short.

    All rows of the table count, for of a large one only a sample may have been scored.
    """
    when = table[time]
    asking = table.aggregate(rows=table.count(), first=when.min(), last=when.max())
    found = fetched(asking).to_pylist()[0]
    days = (found["last"] - found["first"]).total_seconds() / 86_400
    if days < 14:
        return {}
    return {"per_week": max(1, round(found["rows"] / (days / 7)))}


def split_of(rows: ScoredRows, moments: pd.Series) -> dict[str, Any]:
    """A day that parts the scored rows, where half of all rows would not do it.

    An honest baseline scores later rows only, and scores are often at hand for the
    last months alone: all of them would be kept aside and none left to choose on.
    """
    import pandas as pd

    own = pd.Series(pd.to_datetime(rows.time, utc=True))
    every = pd.to_datetime(moments, utc=True)
    before = float((own <= every.quantile(0.5, interpolation="lower")).mean())
    if _THIN_SIDE <= before <= 1 - _THIN_SIDE:
        return {}
    days = own.dt.normalize().sort_values()
    middle = days.iloc[len(days) // 2]
    later = days[days > days.iloc[0]]
    if later.empty:
        return {}
    day = middle if middle > days.iloc[0] else later.iloc[0]
    return {"split": day.date().isoformat()}


def cases_of(scenario: Scenario, rows: ScoredRows, data: pd.DataFrame) -> list[str]:
    """Six keys of rows that choose, half of them positive, dealt by the seed."""
    keys = data[scenario.key].astype(str)
    split = split_rows(
        keys.to_numpy(dtype=str),
        seed=scenario.seed,
        share=scenario.split,
        time=data[scenario.time].to_numpy() if scenario.time else None,
        cluster=data[scenario.cluster].astype(str).to_numpy()
        if scenario.cluster
        else None,
    )
    choosing = set(keys[split.choose].tolist())
    labels = dict(zip(rows.keys.tolist(), rows.labels.tolist(), strict=True))
    dealt = sorted((k for k in labels if k in choosing), key=_lot(scenario.seed))
    sides = [[k for k in dealt if labels[k] is side] for side in (True, False)]
    right = min(CASES // 2, len(sides[0]))
    wrong = min(CASES - right, len(sides[1]))
    right = min(CASES - wrong, len(sides[0]))
    return sorted([*sides[0][:right], *sides[1][:wrong]], key=dealt.index)


def _lot(seed: int) -> Callable[[str], bytes]:
    def drawn(key: str) -> bytes:
        return hashlib.blake2b(f"case:{seed}:{key}".encode(), digest_size=8).digest()

    return drawn
