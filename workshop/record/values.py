"""The small values that the record, the analysis and the views all speak.

They live at the bottom of the house so that everything above can hand them on. All
are frozen; none computes more than its own difference or share.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_serializer,
    model_validator,
)

from workshop.record.currencies import CURRENCIES
from workshop.record.terms import ASSUMED, BUSINESS, METRICS

Role = Literal["product", "engineering"]
Owner = Literal["product", "engineering", "both"]
FallbackKind = Literal["not_sure", "human", "alternatives"]
PolicyKind = Literal["single", "review_band", "all", "none", "random", "today"]
Rows = Literal["all", "choose", "report", "live"]

ROLES: tuple[Role, Role] = ("product", "engineering")


def other_role(role: Role) -> Role:
    """Return the other half of the pair."""
    return "engineering" if role == "product" else "product"


def _known_metric(name: str) -> str:
    return _closest(name, METRICS, "metric")


def _known_currency(code: str) -> str:
    if code in CURRENCIES:
        return code
    close = get_close_matches(code[:40].upper(), CURRENCIES, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}?" if close else "write three letters such as EUR"
    raise ValueError(f"no currency is called {code[:40]!r}; {hint}")


def _known_business(name: str) -> str:
    return _closest(name, BUSINESS, "business measure")


def _known_assumption(name: str) -> str:
    return _closest(name, ASSUMED, "assumption")


def _closest(name: str, known: Collection[str], what: str) -> str:
    if name in known:
        return name
    close = get_close_matches(name[:40], known, n=1)
    listed = ", ".join(sorted(known))
    hint = f"did you mean {close[0]!r}?" if close else f"one of {listed}"
    raise ValueError(f"unknown {what} {name[:40]!r}; {hint}")


DateText = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$")
]
MetricName = Annotated[str, AfterValidator(_known_metric)]
BusinessName = Annotated[str, AfterValidator(_known_business)]
AssumedName = Annotated[str, AfterValidator(_known_assumption)]
Currency = Annotated[str, AfterValidator(_known_currency)]


class Frozen(BaseModel):
    """Base of every value read from or written to a file: strict, closed, frozen."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class Count(Frozen):
    """``k`` of ``n``: the only form in which a share is ever saved.

    >>> Count(k=30, n=100)
    Count(k=30, n=100)
    """

    k: int = Field(ge=0)
    n: int = Field(ge=0)

    @model_validator(mode="after")
    def _k_within_n(self) -> Self:
        if self.k > self.n:
            raise ValueError(f"k is {self.k} but n is only {self.n}")
        return self


class Number(Frozen):
    """One number on a page, with all that is needed not to overstate it.

    ``value`` is a share between 0 and 1 when ``unit`` is ``"share"``, otherwise a
    quantity in ``unit``. ``k`` and ``n`` are counts of rows. ``lo`` and ``hi`` bound
    the value at ``level`` by ``method``; None where the number has no interval.
    ``assumed`` marks what somebody stated and nobody measured.

    >>> Number(id="volume", value=4000, unit="per week", assumed=True).lo is None
    True
    """

    id: str
    value: float | None
    k: int | None = None
    n: int | None = None
    lo: float | None = None
    hi: float | None = None
    level: float | None = None
    method: str | None = None
    rows: Rows | None = None
    unit: str = "share"
    assumed: bool = False


class Seen(Frozen):
    """The figures that stood on the page when a choice was made.

    In YAML the metrics stand beside ``rows`` and ``data``::

        seen: {coverage: {k: 98, n: 195}, rows: kept aside, data: "sha256:3f2c"}
    """

    figures: dict[MetricName, Count] = {}
    rows: str = ""
    data: str = ""

    @model_validator(mode="before")
    @classmethod
    def _gather_figures(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "figures" in given:
            return given
        own = {k: v for k, v in given.items() if k in ("rows", "data")}
        return own | {"figures": {k: v for k, v in given.items() if k not in own}}

    @model_serializer
    def _flat(self) -> dict[str, Any]:
        flat: dict[str, Any] = {k: v.model_dump() for k, v in self.figures.items()}
        if self.rows:
            flat["rows"] = self.rows
        if self.data:
            flat["data"] = self.data
        return flat


class PayoffMatrix(Frozen):
    """Value of each outcome and of one review, all in ``unit`` per decision.

    ``choice_right`` and ``choice_wrong`` are what showing the best few is worth, where
    a right one is among them and where none is; None where nobody has said. ``unit``
    is a currency's code as in ISO 4217, or ``points``.
    """

    unit: Currency = "EUR"
    tp: float = 0.0
    fp: float = 0.0
    fn: float = 0.0
    tn: float = 0.0
    review: float = 0.0
    choice_right: float | None = None
    choice_wrong: float | None = None

    @property
    def false_alarm_cost(self) -> float:
        """C_FP: what acting wrongly costs against staying silent."""
        return self.tn - self.fp

    @property
    def miss_cost(self) -> float:
        """C_FN: what staying silent wrongly costs against acting."""
        return self.tp - self.fn


class Limits(Frozen):
    """What must hold whatever is cheapest; None means no limit was set."""

    min_precision: float | None = Field(default=None, ge=0, le=1)
    min_recall: float | None = Field(default=None, ge=0, le=1)
    max_error_among_answered: float | None = Field(default=None, ge=0, le=1)
    min_coverage: float | None = Field(default=None, ge=0, le=1)
    max_group_difference: float | None = Field(default=None, ge=0, le=1)
    reviews_per_week: float | None = Field(default=None, ge=0)
    max_latency_ms_p95: float | None = Field(default=None, gt=0)
    max_cost_per_decision: float | None = Field(default=None, ge=0)


class Policy(Frozen):
    """How scores become actions. Positive when ``score >= act_at``, said once.

    ``review_band`` acts at or above ``act_at``, asks a person from ``review_at`` up to
    ``act_at``, and stays silent below. ``random`` acts on ``volume`` of all rows. A
    kind without its cuts is pydantic's ``ValidationError``.

    >>> Policy(kind="review_band", act_at=0.6, review_at=0.4).kind
    'review_band'
    """

    kind: PolicyKind
    act_at: float | None = None
    review_at: float | None = None
    volume: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _cuts_fit_kind(self) -> Self:
        needs = {"single": ("act_at",), "review_band": ("act_at", "review_at")}
        for cut in needs.get(self.kind, ()):
            if getattr(self, cut) is None:
                raise ValueError(f"a policy of kind {self.kind} needs {cut}")
        if self.kind == "review_band" and self.review_at > self.act_at:  # type: ignore[operator]
            raise ValueError("review_at must not lie above act_at")
        if self.kind == "random" and self.volume is None:
            raise ValueError("a policy of kind random needs volume")
        return self


class MeasuredBy(Frozen):
    """Who labels how many rows a week so that a clause can be checked at all.

    ``cost_per_label`` is in the scenario's currency; None takes the scenario's price.
    """

    labels_per_week: int = Field(gt=0)
    who: str
    cost_per_label: float | None = Field(default=None, ge=0)


class Clause(Frozen):
    """A promise a program can check: metric, bound, slice, window, owner, then.

    ``slice`` is ``column=value``, empty for everybody; below ``minimum_sample`` rows
    nothing is said.
    """

    id: str
    metric: MetricName
    at_most: float | None = None
    at_least: float | None = None
    slice: str = ""
    window: str = "4 weeks"
    minimum_sample: int | None = Field(default=None, gt=0)
    measured_by: MeasuredBy | None = None
    owner: Owner | None = None
    then: str = ""
    expires: DateText | None = None
    seen: Seen | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("a clause needs at_most or at_least, and not both")
        return self


GapKind = Literal[
    "undecided",
    "not_agreed",
    "unmeasured",
    "contradictory",
    "unowned",
    "stale",
    "moved",
    "borrowed",
]


class Gap(Frozen):
    """Something a person still has to do.

    ``code`` picks the sentence and ``given`` fills it; the values in ``given`` are
    numbers or the pair's own words.
    """

    kind: GapKind
    where: str
    code: str
    given: dict[str, Any] = {}
