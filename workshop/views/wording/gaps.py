"""How is a gap said? Its code picks the sentence, and what was given fills it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workshop.record.values import Gap, Number
from workshop.views.wording.catalogue import has
from workshop.views.wording.sentences import Said, say

_OPEN = {"by": "data.date_open", "decides": "data.person_open", "who": "data.nobody"}
"""What is said in the place of a date or a name that nobody has given."""


def gap_said(gap: Gap) -> Said:
    """Say one gap; numbers in it become numbers, the pair's words stay words."""
    values = {name: _gap_value(gap, name, value) for name, value in gap.given.items()}
    return say(gap_key(gap.code, gap.given), **values)


def gap_key(code: str, given: Mapping[str, Any]) -> str:
    """Which sentence says it: a range whose two ends are one figure has its own."""
    same = f"gap_same.{code}"
    ends = given.get("low"), given.get("high")
    return same if has(same) and ends[0] == ends[1] else f"gap.{code}"


def _gap_value(gap: Gap, name: str, value: Any) -> Number | str | Said:
    if isinstance(value, int | float):
        return Number(
            id=f"gap.{gap.code}.{gap.where}.{name}", value=float(value), unit=""
        )
    if value is None or (value == "" and name in _OPEN):
        return say(_OPEN.get(name, "data.nobody"))
    return _worded(name, str(value))


def _worded(name: str, value: str) -> Said | str:
    """Translate words of the record's own vocabulary; leave the pair's words alone."""
    by_name = {
        "role": f"framing.owner_{value}",
        "part": f"framing.part_{value}",
        "expected": f"framing.fallback_{value}",
        "when_unsure": f"framing.fallback_{value}",
        "fallback": f"framing.fallback_{value}",
        "metric": f"metric.{value}.name",
        "name": f"gap_name.{value}",
        "limit": f"limit.{value}",
        "question": f"question.{value}",
        "what": f"ritual.{value}",
        "reason": f"clause_reason.{value}",
        "about": f"about.{value.replace('.', '_')}",
    }
    key = by_name.get(name)
    return say(key) if key and has(key) else value
