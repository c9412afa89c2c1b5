"""What several panels ask in the same words: who owns it, what happens when unsure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, get_args

from workshop.record.agreed import NotAgreed
from workshop.record.values import FallbackKind, Owner
from workshop.views.panels.looks import Html
from workshop.views.wording import phrase


class Ways(TypedDict, total=False):
    """The ways around saving that any panel can offer."""

    on_undecided: Callable[[], Html | None] | None
    on_not_agreed: Callable[[NotAgreed], Html | None] | None
    read_only: str


def owners() -> tuple[tuple[str, str], ...]:
    """Return the halves of the pair as options of a choice."""
    return tuple((owner, phrase(f"ui.owner.{owner}")) for owner in get_args(Owner))


def fallbacks() -> tuple[tuple[str, str], ...]:
    """Return what can happen when the model is unsure, as options of a choice."""
    return tuple(
        (kind, phrase(f"ui.fallback.{kind}")) for kind in get_args(FallbackKind)
    )
