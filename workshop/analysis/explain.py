"""Which cases does a line get right, and where is it surely wrong?

Confident means far from the line in rank, so that it means the same on any scale: the
share of rows on a case's own side of the line that lie nearer to it. Sides are ranked
apart, else the side that holds most rows would have all the confidence. Rows that are
sent to a person are decided by nobody here, and left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import rate
from workshop.analysis.policies import lines_of
from workshop.data.scenario import Run
from workshop.data.source import ScoredRows
from workshop.record.values import Number, Policy, Rows

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Done = Literal["acted", "left"]
Side = Literal["choose", "report"]

SIDE_BY_SIDE, MISTAKES = 3, 10
# As sure as half of the rows on its side, or surer: what may be called confident.
CONFIDENT = 0.5
OWN_RUN = ("baseline", "Honest baseline (gradient boosting)")
"""Id and title of the run that `workshop new` trains itself."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row: its id, its label, what is done, and how far from the line it is.

    ``surer`` is the share of rows on its side of the line that lie nearer to it.
    ``shown`` maps a column to its text, empty where the scenario does not permit it.
    """

    key: str
    positive: bool
    done: Done
    score: Number
    surer: Number
    shown: Mapping[str, str]

    @property
    def right(self) -> bool:
        """Whether what is done fits the label."""
        return self.positive == (self.done == "acted")


@dataclass(frozen=True, slots=True)
class Explained:
    """Cases on one side of the split, under one policy.

    ``right`` and ``wrong`` are at most three each, and all that are ``wrong`` are
    confident; ``mistakes`` at most ten, surest first, confident or not;
    ``wrong_in_all`` counts the mistakes among the rows decided without a person.
    """

    rows: Rows
    right: tuple[Case, ...]
    wrong: tuple[Case, ...]
    mistakes: tuple[Case, ...]
    wrong_in_all: Number


def explain(
    rows: ScoredRows,
    choosing: Bools,
    policy: Policy,
    *,
    side: Side = "choose",
    permitted: Mapping[str, Mapping[str, str]] | None = None,
    deff: float = 1.0,
) -> Explained | None:
    """Pick cases that show where a policy is right and where it is confidently wrong.

    Parameters
    ----------
    rows
        One option's scored rows.
    choosing
        Which of them choose a threshold, shape (rows,).
    policy
        How scores become actions.
    side
        Where the cases come from: the choosing rows, or those kept aside.
    permitted
        What the scenario lets be read, by case and column; of confident cases these
        are shown first. Of all others only the id is known.
    deff
        By how much the interval of the share of mistakes is widened.

    Returns
    -------
    Explained or None
        None where the policy draws no line on the scores (at random, today), or where
        it leaves every row of that side to a person. Equal cases stand by key.
    """
    cuts = lines_of(policy)
    mask = choosing if side == "choose" else ~choosing
    if cuts is None:
        return None
    found = _Decided(rows, mask, *cuts, permitted or {}, side)
    if not len(found.keys):
        return None
    wrong = found.positive != found.acted
    return Explained(
        rows=side,
        right=found.cases("right", found.to_read(~wrong, SIDE_BY_SIDE)),
        wrong=found.cases(
            "wrong", found.to_read(wrong & found.confident, SIDE_BY_SIDE)
        ),
        mistakes=found.cases("mistake", found.surest(wrong, MISTAKES)),
        wrong_in_all=rate(
            "explain.mistakes", int(wrong.sum()), len(wrong), rows=side, deff=deff
        ),
    )


def is_own_baseline(run: Run) -> bool:
    """Whether a run is the baseline that `workshop new` trained itself.

    Of any other run only the scores are at hand, and its model cannot be asked.
    """
    return (run.id, run.title) == OWN_RUN


class _Decided:
    """The rows that a line decides on, aligned; a person's are left out."""

    def __init__(
        self,
        rows: ScoredRows,
        mask: Bools,
        act_at: float,
        below: float,
        permitted: Mapping[str, Mapping[str, str]],
        side: Rows,
    ) -> None:
        kept = mask & ((rows.scores >= act_at) | (rows.scores < below))
        self.keys, self.scores = rows.keys[kept], rows.scores[kept]
        self.positive: Bools = rows.labels[kept]
        self.acted: Bools = self.scores >= act_at
        self.permitted, self.side = permitted, side
        # How many rows on its own side lie nearer to the line, and how many are there.
        self.nearer = np.empty(len(self.keys), dtype=np.intp)
        self.beside = np.where(self.acted, self.acted.sum(), (~self.acted).sum())
        for which, upward in ((True, 1.0), (False, -1.0)):
            held = self.acted == which
            self.nearer[held] = _below(self.scores[held] * upward)
        self.surer: Floats = self.nearer / self.beside
        self.confident: Bools = self.surer >= CONFIDENT

    def surest(self, wanted: Bools, most: int) -> Places:
        """Places of the wanted rows that lie farthest from the line; ties by key."""
        places = np.flatnonzero(wanted)
        if len(places) > most:
            bar = np.partition(self.surer[places], -most)[-most]
            places = places[self.surer[places] >= bar]
        order = np.lexsort((self.keys[places], -self.surer[places]))
        return places[order[:most]]

    def to_read(self, wanted: Bools, most: int) -> Places:
        """The same, but confident ones that may be read before all others."""
        readable = np.isin(self.keys, np.array(list(self.permitted), dtype=str))
        first = wanted & readable & self.confident
        found = (self.surest(first, most), self.surest(wanted & ~first, most))
        return np.concatenate(found)[:most]

    def cases(self, name: str, places: Places) -> tuple[Case, ...]:
        """The rows at ``places`` as values; ``name`` begins their numbers' ids."""
        return tuple(
            self._case(f"explain.{name}.{nth}", int(place))
            for nth, place in enumerate(places, 1)
        )

    def _case(self, id: str, place: int) -> Case:
        key = str(self.keys[place])
        return Case(
            key=key,
            positive=bool(self.positive[place]),
            done="acted" if self.acted[place] else "left",
            score=Number(
                id=f"{id}.score",
                value=float(self.scores[place]),
                unit="score",
                rows=self.side,
            ),
            surer=Number(
                id=f"{id}.surer",
                value=float(self.surer[place]),
                k=int(self.nearer[place]),
                n=int(self.beside[place]),
                rows=self.side,
            ),
            shown=self.permitted.get(key, {}),
        )


def _below(scores: Floats) -> Places:
    """How many rows lie below each; rows of one score are equally far."""
    return np.searchsorted(np.sort(scores), scores, side="left")
