"""What does a rate mean for people: in a week, or for one who asks several times?

Each turns one `Number` into another by a function that only grows, so the interval's
ends go the same way. What a week's volume is, and whether asking again is independent,
are assumptions, and marked as such.
"""

from __future__ import annotations

import math

from workshop.errors import InputError
from workshop.record.values import Number


def people_affected(
    number: Number, per_week: float, *, id: str | None = None, measured: bool = False
) -> Number:
    """The share ``number`` of ``per_week`` decisions, in decisions a week.

    ``k``, ``n``, level and method stay those of the share it rests on. The volume is
    somebody's statement unless ``measured``. Raises `InputError` on a number that is no
    share, or a volume that is not positive.
    """
    _check_share(number)
    if not 0 < per_week < math.inf:
        raise InputError(f"decisions a week must be positive, not {per_week}")
    return number.model_copy(
        update={
            "id": id or f"{number.id}_per_week",
            "value": _scaled(number.value, per_week),
            "lo": _scaled(number.lo, per_week),
            "hi": _scaled(number.hi, per_week),
            "unit": "per week",
            "assumed": number.assumed or not measured,
        }
    )


def at_least_one_miss(number: Number, asks: int, *, id: str | None = None) -> Number:
    """Share of users who meet at least one miss in ``asks`` questions: 1 - (1-p)^asks.

    Assumes that one user's questions miss independently of each other; users whose
    questions are alike meet misses together, so fewer of them meet any. Raises
    `InputError` on a number that is no share, or fewer than one question.
    """
    _check_share(number)
    if asks < 1:
        raise InputError(f"a user asks at least once, not {asks} times")
    return number.model_copy(
        update={
            "id": id or f"{number.id}_in_{asks}_asks",
            "value": _any_of(number.value, asks),
            "lo": _any_of(number.lo, asks),
            "hi": _any_of(number.hi, asks),
            "assumed": True,
        }
    )


def _scaled(share: float | None, per_week: float) -> float | None:
    return None if share is None else share * per_week


def _any_of(share: float | None, asks: int) -> float | None:
    return None if share is None else 1 - (1 - share) ** asks


def _check_share(number: Number) -> None:
    if number.unit != "share":
        raise InputError(f"{number.id} is in {number.unit}, but a share is needed")
