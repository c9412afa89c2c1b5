"""In which step is a part of the record filled in?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

STEPS = ("00", "01", "02", "03", "04", "05", "06")

HOME: Mapping[str, str] = MappingProxyType(
    {
        "participants": "00",
        "cases": "00",
        "pulse": "00",
        "lesson": "00",
        "bets.sealed": "00",
        "framing.counts_as_wrong": "00",
        "bets": "01",
        "framing": "01",
        "data_review": "02",
        "marks": "03",
        "threshold": "03",
        "option": "04",
        "impact": "04",
        "agreement": "05",
        "signatures": "05",
        "retrospectives": "06",
    }
)
"""Parts by their place in the record; of two that fit, the longer one holds."""


Borrowable = Literal[
    "framing.outcome",
    "framing.questions",
    "framing.expectations",
    "data_review",
    "threshold",
    "option",
    "impact",
]
"""Parts that a pair may borrow from the example; see `workshop.record.borrowed`."""


def home_of(where: str) -> str | None:
    """Return the step in which something is filled in; None where that is nowhere.

    >>> home_of("bets.sealed.product"), home_of("agreement.clauses[2]")
    ('00', '05')
    """
    parts = where.split("[")[0].split(".")
    tried = (".".join(parts[:count]) for count in (2, 1))
    return next((HOME[name] for name in tried if name in HOME), None)
