"""What one person bets before any curve is drawn, and how bets come to be opened.

The record holds digests until all are opened together; then the bets with the nonces
that prove them, and what each says after talking about it.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from workshop.record.values import ROLES, FallbackKind, Frozen, Owner

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{4,64}$")]
Share = Annotated[float, Field(ge=0, le=1)]
RecordName = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{0,64}$")]
"""A record's random name: folders are called so, and no file may choose a path."""

Worry = Annotated[int, Field(ge=1, le=5)]

Seat = Literal["product", "engineering", "support", "legal", "design"]
"""Who may bet: both halves of the pair, and third roles that are asked."""

THIRD_ROLES: tuple[Seat, ...] = ("support", "legal", "design")
SEATS: tuple[Seat, ...] = (*ROLES, *THIRD_ROLES)


class Bet(Frozen):
    """One person's numbers before any curve was drawn. Shares lie in 0..1.

    ``ratio`` says how many false alarms one miss is worth; ``guess`` is a line on what
    the other one will say, which is never scored.
    """

    tolerable_error: Share
    expected_error: Share
    expected_low: Share | None = None
    expected_high: Share | None = None
    ratio: float = Field(gt=0)
    fallback: FallbackKind
    owner: Owner
    guess: str = ""

    @model_validator(mode="after")
    def _range_in_order(self) -> Self:
        low, high = self.expected_low, self.expected_high
        if low is not None and low > self.expected_error:
            raise ValueError("expected_low lies above expected_error")
        if high is not None and high < self.expected_error:
            raise ValueError("expected_high lies below expected_error")
        return self


class OpenedBet(Bet):
    """A bet after the opening, with the secret that proves it is the one sealed."""

    nonce: str


class SecondLook(Frozen):
    """What one person says after talking about it: the two that matter most."""

    tolerable_error: Share
    ratio: float = Field(gt=0)


class BetRound(Frozen):
    """A later round, after the bets were opened and talked about."""

    at: str = ""
    product: SecondLook | None = None
    engineering: SecondLook | None = None


class Bets(Frozen):
    """Digests first; the bets themselves only after all of them are sealed.

    ``record`` is the random name that ties a seal to this record; ``ready`` says when
    a seat handed its bet over for the opening.
    """

    record: RecordName = ""
    sealed: dict[Seat, Digest] = {}
    ready: dict[Seat, str] = {}
    opened: dict[Seat, OpenedBet] = {}
    rounds: tuple[BetRound, ...] = ()

    @model_validator(mode="after")
    def _opened_after_all_sealed(self) -> Self:
        if self.opened and not set(ROLES) <= set(self.sealed):
            raise ValueError("bets are opened only after both are sealed")
        if self.opened and set(self.opened) != set(self.sealed):
            raise ValueError("all sealed bets are opened together, and no other")
        if not set(self.ready) <= set(self.sealed):
            raise ValueError("only who has sealed a bet can be ready")
        return self


class Pulse(Frozen):
    """Could each explain the other's worry? From 1, not at all, to 5, as well."""

    product: Worry | None = None
    engineering: Worry | None = None


class Pulses(Frozen):
    """The same question at the start and at the end."""

    start: Pulse | None = None
    end: Pulse | None = None
