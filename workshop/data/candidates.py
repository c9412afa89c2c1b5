"""What can be chosen from: a run with a policy, or something without a model.

The keys under ``options:`` and ``judge:`` in scenario.yaml. A run that no entry names
is an option too, at its own cheapest line.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from workshop.record.bets import Share
from workshop.record.values import FallbackKind, Frozen

Scalar = str | int | float | bool
"""What one cell of a table may hold, as YAML writes it."""
Ends = tuple[Share, Share]


class StatedOption(Frozen):
    """Rates that somebody states for an option whose answers nobody has scored.

    Each goes from low to high: of those acted on, how many are wrong; of all, how many
    are acted on. Time in milliseconds, half and 95 of 100 within.
    """

    error_among_answered: Ends
    coverage: Ends
    latency_ms_p50: float | None = Field(default=None, gt=0)
    latency_ms_p95: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _low_first(self) -> Self:
        for name in ("error_among_answered", "coverage"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name} goes from low to high, not [{low}, {high}]")
        return self


class Candidate(Frozen):
    """One option that the pair compares, with its own fallback and consequences.

    ``run`` names the scored rows it rests on; without one it is decided by nobody but
    its ``fallback``, a person only or nothing at all, or everyone is acted on. The
    policy ``review_band`` sends those in between to a person, ``max_error`` is a
    promise of its own, and ``only`` a filter in front: what does not equal it, or is
    not among it, is left to the fallback. With the fallback ``alternatives`` the best
    ``shows`` are shown. ``stated`` rates stand in for rows. ``cost`` is money a
    decision, ``days_to_ship`` working days, ``reversible`` how it is taken back.
    """

    id: str
    title: str
    run: str | None = None
    fallback: FallbackKind = "not_sure"
    policy: Literal["cheapest", "review_band", "all"] = "cheapest"
    max_error: Share | None = None
    only: dict[str, Scalar | tuple[Scalar, ...]] = {}
    shows: int | None = Field(default=None, ge=2)
    stated: StatedOption | None = None
    cost: float | None = Field(default=None, ge=0)
    days_to_ship: float | None = Field(default=None, ge=0)
    reversible: str = ""

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.stated and self.run:
            raise ValueError(f"{self.id} has a run and stated rates; keep one of them")
        banded = self.policy == "review_band"
        if self.run is None and (banded or self.only or self.max_error is not None):
            raise ValueError(
                f"{self.id} has no run, so nothing can be banded, filtered or promised;"
                " name the run: that it rests on"
            )
        if banded and self.fallback != "not_sure":
            raise ValueError(
                f"{self.id}: a review band asks a person already, and leaves the rest "
                "alone; drop its fallback:, or the policy: review_band"
            )
        if (self.fallback == "alternatives") != (self.shows is not None):
            raise ValueError(
                f"{self.id}: the fallback alternatives and shows: go together"
            )
        if self.shows and not self.run:
            raise ValueError(f"{self.id} shows the best few of no run; name its run:")
        return self


class Ranking(Frozen):
    """Where a run ranked several answers to one case, each with its own label.

    ``file`` holds the scenario's key, ``rank`` (1 is best) and ``label`` (1 is right),
    one row an answer; every answer that was ranked stands in it.
    """

    file: str
    where: dict[str, Scalar] = {}
    rank: str = "rank"
    label: str = "relevant"


class Judge(Frozen):
    """Labels come from a model; ``human`` holds a person's, where there is one.

    ``repeats`` are columns with further runs of the same judge. ``at_random`` says
    that the rows which people labelled too were drawn at random.
    """

    human: str
    repeats: tuple[str, ...] = ()
    at_random: bool = False
    title: str = ""
