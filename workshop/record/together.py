"""What stands when two people changed the same section at the same time?"""

from __future__ import annotations

from typing import Any

# Two people fill these at the same time, each under their own role.
BY_ROLE = ("participants", "cases", "pulse", "bets", "signatures", "marks")
# Everybody adds a line to these; nobody's line goes because of somebody else's.
ADDED_TO = ("parking", "borrowed", "retrospectives")


class SameWordsTwiceError(Exception):
    """Two people changed the same words differently."""


def both(was: Any, theirs: Any, mine: Any) -> Any:
    """Return what two changed, each from the same beginning, as plain values.

    Raises
    ------
    SameWordsTwiceError
        Both changed the same words, and not to the same ones.
    """
    if mine in (was, theirs):
        return theirs
    if theirs == was:
        return mine
    if not (isinstance(theirs, dict) and isinstance(mine, dict)):
        raise SameWordsTwiceError
    start = was if isinstance(was, dict) else {}
    merged = {
        key: both(start.get(key), theirs.get(key), mine.get(key))
        for key in dict.fromkeys((*theirs, *mine))
    }
    return {key: value for key, value in merged.items() if value is not None}
