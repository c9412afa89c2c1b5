"""How is a number of any unit written, in a picture's label or a table's cell?

What comes out in a week may be money, hours, people or a share; a picture that draws
any of them needs one place that knows how each is said. Money goes without its
currency: what is counted stands beside the picture.
"""

from __future__ import annotations

from workshop.record.values import Number
from workshop.views.wording import Said, say

_OWN = {
    "share": "share",
    "ms": "ms",
    "minutes": "minutes",
    "hours": "hours",
    "count": "people",
    "false alarms per decision": "cost",
}
_REACH = {"share": "share", "cost": "share", "people": "people", "money": "people"}
_FEW = 40


def kind_of(number: Number) -> str:
    """Say which way to write a number its unit asks for; ``num`` where none does.

    >>> kind_of(Number(id="x", value=3.0, unit="hours per week"))
    'hours'
    """
    first = number.unit.split(" ", 1)[0]
    if number.unit in _OWN or first in ("hours", "minutes"):
        return _OWN.get(number.unit, first)
    return "people" if first == "per" and number.unit != "per success" else "num"


def amount(number: Number) -> Said:
    """Say a number in the way of its unit, without its range."""
    if number.value is None:
        return say("picture.unknown")
    return say(f"picture.amount_{kind_of(number)}", n=number)


def reach(number: Number) -> Said:
    """Say a number with its range, and that it was assumed where it was."""
    said = bare_reach(number)
    if number.value is None:
        return said
    return say("picture.assumed", amount=said) if number.assumed else said


def bare_reach(number: Number) -> Said:
    """The same where a caption or a heading has said already that it is assumed."""
    said = amount(number)
    if number.lo is None or number.hi is None or number.value is None:
        return said
    return say(
        f"picture.reach_{_REACH.get(kind_of(number), 'num')}", amount=said, n=number
    )


def join(parts: list[Said] | list[str]) -> Said | str:
    """Put several sayings behind each other; at least one."""
    said: Said | str = parts[0]
    for part in parts[1:]:
        said = say("picture.and_more", first=said, then=part)
    return said


def shorten(text: str, most: int = _FEW) -> str:
    """Cut a text that has no room, and say so by its last sign.

    >>> shorten("a long title", 7)
    'a long…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
