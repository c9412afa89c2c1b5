"""What does one person bet? Five questions, and three numbers typed as one answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, Unpack

from workshop.record.bets import Bet
from workshop.views.panels.common import Ways, fallbacks, owners
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html
from workshop.views.panels.reading import Read, UnreadError, read_share, write_share
from workshop.views.wording import say

_BETWEEN = re.compile(r"\s*(?:[-–—;/|…]|\.{2,3}|\bto\b)\s*|,\s+|\s+(?![%])")


class Range(NamedTuple):
    """Three shares in 0..1, from the least to the most."""

    low: float
    likely: float
    high: float


def bet_panel(
    name: str,
    *,
    on_save: Callable[[Bet], Html | None],
    seat: str = "",
    seals: bool = True,
    **ways: Unpack[Ways],
) -> Form:
    """Ask one person for a bet; ``on_save`` gets it once every answer is readable.

    ``seals`` says whether it is sealed then, or only held until a word is picked.
    """
    return Form(
        "bet",
        [
            Field("tolerable_error", "share"),
            Field("expected", read=read_range),
            Field("ratio", "number", positive=True),
            Field("fallback", "choice", fallbacks()),
            Field("owner", "choice", owners()),
        ],
        [Field("guess")],
        build=_bet,
        on_save=on_save,
        given={"name": name},
        whose=seat,
        saves=seals,
        **ways,
    )


def read_range(text: str) -> Read:
    """Read three shares typed in percent: ``10 20 30``, ``10 - 20 - 30``, ``10,20,30``.

    Raises
    ------
    UnreadError
        When there are not three, one is no share, or they are not in order.
    """
    parts = _three(text)
    if len(parts) != len(Range._fields):
        raise UnreadError(say("panel.range.three"))
    low, likely, high = (read_share(part).value for part in parts)
    if not low <= likely <= high:
        raise UnreadError(say("panel.range.order"))
    small = 0 < high < 0.01
    written = {
        key: write_share(share).removesuffix(" %")
        for key, share in zip(Range._fields, (low, likely, high), strict=True)
    }
    key = "panel.range.understood_small" if small else "panel.range.understood"
    return Read(Range(low, likely, high), say(key, **written))


def _three(text: str) -> list[str]:
    """Split what was typed; a comma parts numbers unless it can be a decimal one."""
    bare = text.strip().strip(",;")
    parts = [part for part in _BETWEEN.split(bare) if part]
    if len(parts) == 1 and bare.count(",") == len(Range._fields) - 1:
        parts = bare.split(",")
    return parts


def _bet(answers: dict[str, Any]) -> Bet:
    expected: Range = answers["expected"]
    return Bet(
        tolerable_error=answers["tolerable_error"],
        expected_error=expected.likely,
        expected_low=expected.low,
        expected_high=expected.high,
        ratio=answers["ratio"],
        fallback=answers["fallback"],
        owner=answers["owner"],
        guess=answers["guess"] or "",
    )
