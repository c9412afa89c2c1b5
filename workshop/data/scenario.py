"""A use case as a folder: the data, the decision it supports, who acts, the personas.

The keys of ``scenario.yaml`` are the fields below; nothing here opens a data file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from workshop.data.candidates import Candidate, Ends, Judge, Ranking
from workshop.data.candidates import Scalar as Scalar
from workshop.data.exercises import Exercise
from workshop.errors import InputError
from workshop.record.agreed import DecisionRight, Escalation
from workshop.record.atomic import touched
from workshop.record.bets import Bet, SecondLook
from workshop.record.choices import AssumedBy, Judgement
from workshop.record.framed import Outcome, ProblemKind
from workshop.record.values import (
    Count,
    DateText,
    Frozen,
    Limits,
    PayoffMatrix,
    Role,
)
from workshop.record.yaml_io import load


class Decision(Frozen):
    """What is decided: the unit, what acting means, and how often a week.

    ``wrong`` completes "3 of 10 …" where acting is wrong: "answers miss".
    """

    unit: str
    act: str
    wrong: str = "are wrong if all are acted on"
    per_week: float = Field(gt=0)


class Label(Frozen):
    """The column that says what was right, and which value counts as positive.

    ``delay_days`` is how long after its row a label is known.
    """

    column: str
    positive: Scalar = 1
    means: str
    delay_days: float | None = Field(default=None, ge=0)


class Run(Frozen):
    """One option's scored rows: a file, the rows of it, and where its columns are.

    ``cost`` is money per decision as stated by somebody; None means not stated.
    """

    id: str
    title: str
    file: str
    where: dict[str, Scalar] = {}
    score: str = "score"
    label: str | None = None
    latency_ms: str | None = None
    cost: float | None = Field(default=None, ge=0)
    ranking: Ranking | None = None


class Stated(Frozen):
    """Rates that somebody states before there is any data: low and high, shares.

    ``positive_rate`` is how often acting is right; ``precision`` and ``recall`` are
    what a model is expected to reach. None where nobody dares to say.
    """

    positive_rate: Ends | None = None
    precision: Ends | None = None
    recall: Ends | None = None

    @model_validator(mode="after")
    def _low_first(self) -> Self:
        for name in ("positive_rate", "precision", "recall"):
            ends = getattr(self, name)
            if ends is not None and ends[0] > ends[1]:
                raise ValueError(f"{name} goes from low to high, not {list(ends)}")
        return self


class Today(Frozen):
    """The process that is in place now; ``error`` is a count, or not measured.

    ``line`` is where it draws the line on the proposed run's scores: at a score, or
    for ``all`` or ``none`` of the cases.
    """

    title: str
    minutes: float | None = Field(default=None, ge=0)
    cost: float | None = Field(default=None, ge=0)
    error: Count | Literal["not measured"] = "not measured"
    line: float | Literal["all", "none"] | None = None


class Labelling(Frozen):
    """What one more label takes."""

    minutes_per_label: float = Field(gt=0)
    cost_per_hour: float = Field(ge=0)
    labels_per_day: float = Field(gt=0)


class Reviewer(Frozen):
    """How well and how fast a person decides what the model leaves open."""

    sensitivity: float = Field(default=1.0, ge=0, le=1)
    specificity: float = Field(default=1.0, ge=0, le=1)
    minutes: float | None = Field(default=None, gt=0)
    hours_per_week: float | None = Field(default=None, ge=0)


class Persona(Frozen):
    """A recorded half of the pair, so that one person alone has somebody to meet.

    ``second`` is what it says once the bets are open and talked about, ``guesses`` what
    it would have guessed at a step, as a plain number.
    """

    name: str
    bet: Bet
    second: SecondLook | None = None
    cases: dict[str, Judgement] = {}
    lines: dict[str, str] = {}
    guesses: dict[str, float] = {}


class Personas(Frozen):
    """The recorded halves, either of which may be missing."""

    product: Persona | None = None
    engineering: Persona | None = None

    def of(self, role: Role) -> Persona | None:
        """Return the persona who plays that half."""
        return self.product if role == "product" else self.engineering


class Suggests(Frozen):
    """What a pair may start from in this use case, and has to make its own.

    ``outcome`` and ``kind`` are an example of a framing that holds; ``cannot_move`` are
    words of outcomes that this model cannot move. ``rights`` and ``escalation`` fill
    the agreement's panels; ``labels_per_week`` and ``checked_by`` say who could check
    a clause.
    """

    outcome: Outcome | None = None
    kind: ProblemKind | None = None
    cannot_move: tuple[str, ...] = ()
    rights: tuple[DecisionRight, ...] = ()
    escalation: tuple[Escalation, ...] = ()
    labels_per_week: int | None = Field(default=None, gt=0)
    checked_by: str = ""


class Scenario(Frozen):
    """A use case, as read from ``scenario.yaml`` in its folder.

    ``data`` is a file beside it or an address with ``table``; empty before there is any
    data, when ``stated`` rates stand in. ``split`` is the share of rows that choose a
    threshold, or the day from which rows report. ``fresh_days`` is how old the newest
    row may be for this use. ``annotators`` are columns, one person's labels each.

    >>> from workshop.data.catalog import find_target
    >>> scenario = find_target("deposit-calls").scenario
    >>> scenario.id, scenario.payoff.unit, scenario.run(scenario.proposed).score
    ('deposit-calls', 'EUR', 'score_model')
    """

    title: str
    request: str
    decision: Decision
    key: str
    label: Label | None = None
    data: str = ""
    table: str | None = None
    stated: Stated | None = None
    annotators: tuple[str, ...] = ()
    fresh_days: float | None = Field(default=None, gt=0)
    cluster: str | None = None
    cluster_name: str = "sources"
    time: str | None = None
    groups: tuple[str, ...] = ()
    seed: int = 0
    split: Annotated[float, Field(gt=0, lt=1)] | DateText = 0.5
    runs: tuple[Run, ...] = ()
    proposed: str = ""
    options: tuple[Candidate, ...] = ()
    assumed: AssumedBy = {}
    judge: Judge | None = None
    today: Today
    payoff: PayoffMatrix
    price_per_cpu_hour: float | None = Field(default=None, ge=0)
    cases: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    labelling: Labelling | None = None
    limits: Limits = Limits()
    reviewer: Reviewer = Reviewer()
    personas: Personas = Personas()
    suggests: Suggests = Suggests()
    asks_per_user: int | None = Field(default=None, ge=1)
    exercises: tuple[Exercise, ...] = ()

    _folder: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _names_fit_together(self) -> Self:
        ids = [run.id for run in self.runs]
        for what, named in (
            ("runs", ids),
            ("exercises", [exercise.id for exercise in self.exercises]),
        ):
            twice = sorted({i for i in named if named.count(i) > 1})
            if twice:
                raise ValueError(f"two {what} are called {twice[0]!r}; ids must differ")
        if ids and self.label is None:
            raise ValueError("runs are given, but no label: that says which are right")
        if ids and self.proposed not in ids:
            raise ValueError(f"proposed is {self.proposed!r}, but the runs are {ids}")
        return self

    @model_validator(mode="after")
    def _options_have_runs(self) -> Self:
        runs = {run.id: run for run in self.runs}
        seen: set[str] = set()
        for option in self.options:
            if option.id in seen:
                raise ValueError(f"two options are called {option.id!r}")
            seen.add(option.id)
            if option.run is not None and option.run not in runs:
                raise ValueError(
                    f"the option {option.id!r} rests on the run {option.run!r}, which "
                    f"is not there; the runs are {list(runs)}"
                )
            if option.id in runs and option.run != option.id:
                raise ValueError(
                    f"the option {option.id!r} is called like another run; rename it"
                )
            if option.id in runs and option.only:
                raise ValueError(
                    f"the option {option.id!r} is called like its run, but has a "
                    "filter, only:; give it an id of its own"
                )
            if option.shows:
                self._check_shows(option, runs[option.run or ""])
        self._check_own_words(seen | set(runs))
        return self

    def _check_shows(self, option: Candidate, run: Run) -> None:
        shows = f"the option {option.id!r} shows the best {option.shows}"
        if run.ranking is None:
            raise ValueError(f"{shows}, but its run has no ranking:")
        for name in ("choice_right", "choice_wrong"):
            if getattr(self.payoff, name) is None and name not in self.assumed:
                raise ValueError(
                    f"{shows}, but nobody says what that is worth; add {name}: to "
                    "payoff:"
                )

    def _check_own_words(self, ids: set[str]) -> None:
        """Refuse an id that stands for what is compared without being listed."""
        added = offered(self)[len(self.options or self.runs) :]
        for name in sorted(ids & ({c.id for c in added} | WITHOUT_A_MODEL)):
            raise ValueError(
                f"{name!r} stands for something that is always compared; rename it"
            )

    @property
    def folder(self) -> Path:
        """The folder it was read from."""
        return self._folder

    @property
    def id(self) -> str:
        """The folder's name: what ``scenario:`` in a record refers to."""
        return self._folder.name

    def run(self, option: str) -> Run:
        """Return the run with that id, or the one that the option of that id rests on.

        Raises
        ------
        InputError
            When no run has it.
        """
        for run in self.runs:
            if run.id == option:
                return run
        for candidate in self.options:
            if candidate.id == option and candidate.run is not None:
                return self.run(candidate.run)
        known = ", ".join(run.id for run in self.runs)
        raise InputError(
            f"{self.id}/scenario.yaml: no run is called {option!r}; there are: {known}."
        )


def load_scenario(folder: Path) -> Scenario:
    """Read ``scenario.yaml`` of a folder and remember where it lies.

    Raises
    ------
    InputError
        With file, line and key where the scenario cannot be used.
    """
    return _loaded(folder, touched(folder.resolve() / "scenario.yaml"))


@lru_cache(maxsize=16)
def _loaded(folder: Path, _: tuple[int, ...]) -> Scenario:
    """Read it again only when the file was touched: many pages ask."""
    scenario = load(folder / "scenario.yaml", Scenario)
    scenario._folder = folder.resolve()
    return scenario


PERSON_ONLY = "person_only"
DO_NOTHING = "do_nothing"
WITHOUT_A_MODEL = frozenset({"trivial_all", "trivial_none"})
"""Acting on everyone and on no one, which stand beside every option."""


def offered(scenario: Scenario) -> tuple[Candidate, ...]:
    """What a pair can choose from: the options listed, or else every run.

    A person only and doing nothing are always among them, unless an option of the
    scenario's own says what they are; a person only where that has a price, and is not
    what today's process does anyway with whatever is left alone.
    """
    listed = scenario.options or tuple(candidate_of(run) for run in scenario.runs)
    taken = {
        c.fallback
        for c in listed
        if c.run is None and c.stated is None and c.policy != "all"
    }
    found = [*listed]
    by_people = scenario.today.line == "none"
    priced = scenario.payoff.review or scenario.today.cost
    if "human" not in taken and priced and not by_people:
        found.append(Candidate(id=PERSON_ONLY, title="", fallback="human"))
    if "not_sure" not in taken:
        found.append(Candidate(id=DO_NOTHING, title=""))
    return tuple(found)


def candidate_of(run: Run) -> Candidate:
    """Return a run as an option: acted on from its own cheapest line."""
    return Candidate(id=run.id, title=run.title, run=run.id, cost=run.cost)
