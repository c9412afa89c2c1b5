"""What became of the four questions that are asked early: answered, or not known?

"We don't know" is an answer: it is kept as such and becomes an action. "Nobody" and
"nothing" are answers too.
"""

from __future__ import annotations

import re
from typing import Literal

from workshop.record.agreed import Action
from workshop.record.framed import EarlyQuestion, Framing
from workshop.record.gaps import is_nothing

Answered = Literal["open", "unknown", "none", "said"]
"""Not answered; "we don't know"; "there is none"; something was said."""

_NOT_KNOWN = re.compile(
    r"\?+|(?:(?:we|i)\s+)?(?:do\s+not|don['’]?t)\s+know(?:\s+yet)?|unknown|no\s+idea|"
    r"not\s+(?:sure|known)(?:\s+yet)?|tbd",
    re.IGNORECASE,
)


def is_unknown(text: str) -> bool:
    """Whether somebody says that they do not know.

    >>> is_unknown("We don't know yet."), is_unknown("?"), is_unknown("nobody")
    (True, True, False)
    """
    return _NOT_KNOWN.fullmatch(text.strip(" .!")) is not None


def answered(framing: Framing | None, question: EarlyQuestion) -> Answered:
    """How one of the four questions stands.

    That engineering was not there is none, and that it was is something said.
    """
    if framing is None:
        return "open"
    if question in framing.unknown:
        return "unknown"
    text = getattr(framing, question) or ""
    if not text.strip(" .!"):
        return "open"
    return "none" if is_nothing(text) else "said"


def with_actions(
    actions: tuple[Action, ...], asked: dict[EarlyQuestion, tuple[Action, bool]]
) -> tuple[Action, ...]:
    """Add the action of what is not known, once; take it back when it is known.

    Parameters
    ----------
    actions
        Those that stand in the agreement; the pair's own stay as they are.
    asked
        For each question the action that finds it out, and whether it is unknown now.

    Returns
    -------
    tuple of Action
        An action that somebody edited or finished is never taken back.
    """
    left = list(actions)
    for action, is_open in asked.values():
        same = [one for one in left if one.what == action.what]
        if is_open and not same:
            left.append(action)
        elif not is_open:
            left = [one for one in left if one not in same or not _is_as_made(one)]
    return tuple(left)


def _is_as_made(action: Action) -> bool:
    return action.done is None
