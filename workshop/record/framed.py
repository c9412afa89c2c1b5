"""How a pair frames its problem: the outcome, four early questions, expectations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workshop.record.bets import Share
from workshop.record.values import DateText, FallbackKind, Frozen, MetricName

ProblemKind = Literal["behaviour", "decision", "operations"]
"""Users do something else than would serve them; a decision lacks what it needs; work
takes longer than it should."""

EarlyQuestion = Literal["harmed", "rule", "promised", "engineering_there"]
EARLY_QUESTIONS: tuple[EarlyQuestion, ...] = (
    "harmed",
    "rule",
    "promised",
    "engineering_there",
)


class Outcome(Frozen):
    """What should improve: a measure, from what, to what, by when."""

    measure: str
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    by: DateText | None = None


class Expectations(Frozen):
    """The four that are agreed before the curve: error, fallback, success, cost.

    ``success`` is what users or the business would notice; ``success_metric`` the
    model's own measure beside it.
    """

    acceptable_error: Share | None = None
    fallback: FallbackKind | None = None
    success: str = ""
    success_metric: MetricName | None = None
    cost_speed: str = ""


class WhenUnsure(Frozen):
    """What happens, and what is said, when nobody can be sure."""

    fallback: FallbackKind
    says: str = ""


class Framing(Frozen):
    """The problem as an outcome, and what the pair expects of any answer to it.

    ``kept_wording`` are the objections that the pair read and did not share. The early
    questions are ``harmed`` (who, and how), ``rule`` (which law or policy) with who
    checks it, ``promised`` (what, to whom) with its date, and whether engineering was
    there when it was promised; ``unknown`` are those answered by "we don't know".
    """

    counts_as_wrong: str = ""
    request: str = ""
    kind: ProblemKind | None = None
    outcome: Outcome | None = None
    kept_wording: tuple[str, ...] = ()
    harmed: str = ""
    rule: str = ""
    rule_checked_by: str = ""
    promised: str = ""
    promised_by: DateText | None = None
    engineering_there: Literal["yes", "no"] | None = None
    unknown: tuple[EarlyQuestion, ...] = ()
    expectations: Expectations | None = None
    ratio: float | None = Field(default=None, gt=0)
    when_unsure: WhenUnsure | None = None
    last_word_today: str = ""
