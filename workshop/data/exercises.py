"""What a scenario asks of somebody who goes through it alone, beside the steps.

The answer is not in the file: `workshop.analysis.exercises` works it out from the rows.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from workshop.record.values import Frozen

After = Literal["threshold", "user_impact"]
Kind = Literal["error_from", "most_within", "found_among", "break_even"]

_NEEDS: dict[str, str] = {
    "error_from": "score",
    "most_within": "at_most",
    "found_among": "share",
}


class Exercise(Frozen):
    """One question whose answer is so many of 100, and a hint for whoever is stuck.

    ``after`` names the step at whose end it stands. The kinds: of those acted on from
    ``score`` up, how many are wrong; how many can be acted on with ``at_most`` that
    share of them wrong; among the ``share`` with the highest scores, how many of all
    that should be acted on; and from which share of right ones on acting pays.
    ``within`` is how far off, in of 100, an answer still counts as read rightly.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    after: After
    asks: str
    hint: str
    kind: Kind
    score: float | None = None
    at_most: float | None = Field(default=None, gt=0, lt=1)
    share: float | None = Field(default=None, gt=0, lt=1)
    within: float = Field(default=2, gt=0, le=10)

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        for kind, name in _NEEDS.items():
            if (getattr(self, name) is not None) != (self.kind == kind):
                needs = _NEEDS.get(self.kind, "no figure")
                raise ValueError(
                    f"the exercise {self.id!r} is of the kind {self.kind}, which needs "
                    f"{needs}: and nothing else"
                )
        return self
