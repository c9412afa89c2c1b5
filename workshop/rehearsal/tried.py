"""One line of a rehearsal: what was tried, how it stands, and a sentence that helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from workshop.record.values import Number
from workshop.views.wording import Said, phrase, say

State = Literal["ok", "look", "fails"]
GB = 1e9
MB = 1e6


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried.

    ``look`` is for what a program cannot see, or what goes but could go better; only
    ``fails`` keeps people from coming.
    """

    what: str
    state: State
    name: str
    said: str = ""

    @property
    def text(self) -> str:
        """The line as it is printed."""
        words = {one: phrase(f"rehearsal.state.{one}") for one in get_args(State)}
        state = f"{words[self.state]:<{max(map(len, words.values()))}} "
        if not self.said:
            return say("rehearsal.line_bare", state=state, name=self.name).text
        given = {"state": state, "name": self.name, "said": self.said}
        return say("rehearsal.line", **given).text


def tried(what: str, state: State, said: Said) -> Tried:
    """Return a line that has its own name in the catalogue."""
    return Tried(what, state, phrase(f"rehearsal.name.{what}"), said.text)


def number(name: str, value: float, unit: str = "") -> Number:
    """Return a figure of this computer."""
    return Number(id=f"rehearsal.{name}", value=value, unit=unit)
