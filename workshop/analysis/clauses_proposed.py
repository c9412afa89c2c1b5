"""Which clauses may a pair start from, given the line it chose and what it is worth?

At most three: an error it can live with, enough of what it wants to reach, and, where
people are asked, no more than they can answer. Each is a proposal to be edited; the
figures behind them are of the rows kept aside, their bounds one-sided at 95 %.
"""

from __future__ import annotations

import math

from workshop.analysis.evidence import Evidence
from workshop.analysis.intervals import share_held
from workshop.analysis.metrics import count_of
from workshop.analysis.readout import cells_of
from workshop.data.scenario import Scenario
from workshop.record.agreed import Agreement
from workshop.record.choices import Record
from workshop.record.terms import ESCALATIONS, METRICS, MODEL_DECISIONS
from workshop.record.values import Clause, MeasuredBy, Number, Owner

USUAL_WINDOW = "4 weeks"
_OWNERS: dict[str, Owner] = {
    "error_among_answered": "engineering",
    "recall": "product",
    "coverage": "product",
    "review_rate": "product",
}


def propose_clauses(
    evidence: Evidence | None,
    scenario: Scenario,
    record: Record,
    *,
    window: str = USUAL_WINDOW,
) -> tuple[Clause, ...]:
    """Propose what must hold; nothing where there is nothing to go by.

    The error at most the acceptable one, else the most that the rows kept aside speak
    for. At least about the recall that they speak for where a miss is worth more than a
    false alarm, else the coverage. Reviews at most what people can answer, where the
    line asks them. Owners and what happens then come from the agreement or from what
    the scenario suggests.
    """
    limits = (_error(evidence, record), _reach(evidence), _reviews(evidence, scenario))
    return tuple(
        Clause.model_validate(
            {
                "id": f"C{place}",
                "metric": metric,
                side: bound,
                "window": window,
                "measured_by": _measured_by(metric, scenario),
                "owner": _owner(metric, scenario, record),
                "then": _then(scenario, record),
            }
        )
        for place, (metric, side, bound) in enumerate(filter(None, limits), start=1)
    )


def _error(evidence: Evidence | None, record: Record) -> tuple[str, str, float] | None:
    metric = "error_among_answered"
    expected = record.framing.expectations if record.framing else None
    bound = expected.acceptable_error if expected else None
    if bound is None:
        seen = _seen(evidence, metric)
        bound = None if seen is None or seen.hi is None else _up(seen.hi)
    return None if bound is None else (metric, "at_most", bound)


def _reach(evidence: Evidence | None) -> tuple[str, str, float] | None:
    if evidence is None:
        return None
    metric = "recall" if (evidence.ratio or 0) > 1 else "coverage"
    seen = _seen(evidence, metric)
    bound = 0.0 if seen is None or seen.lo is None else _down(seen.lo)
    return (metric, "at_least", bound) if bound > 0 else None


def _reviews(
    evidence: Evidence | None, scenario: Scenario
) -> tuple[str, str, float] | None:
    capacity = scenario.limits.reviews_per_week
    policy = evidence.policy if evidence else None
    if evidence is None or capacity is None or policy is None:
        return None
    if policy.kind != "review_band":
        return None
    return "review_rate", "at_most", _down(min(1.0, capacity / evidence.per_week))


def _seen(evidence: Evidence | None, metric: str) -> Number | None:
    """Where the chosen line stands on the rows kept aside, at a one-sided 95 %."""
    policy = evidence.policy if evidence else None
    if evidence is None or policy is None or policy.kind == "today":
        return None
    count = count_of(metric, cells_of(evidence, policy, "report"))
    if count is None:
        return None
    return share_held(metric, count.k, count.n, rows="report", deff=evidence.deff)


def _up(share: float) -> float:
    return math.ceil(100 * share - 1e-9) / 100


def _down(share: float) -> float:
    """To a whole of 100 or, below a tenth, to two leading digits: never to nothing."""
    if share <= 0:
        return 0.0
    digits = max(2, 1 - math.floor(math.log10(share)))
    return round(math.floor(10.0**digits * share + 1e-9) / 10.0**digits, digits)


def _measured_by(metric: str, scenario: Scenario) -> MeasuredBy | None:
    """Who could check it by the scenario; nobody where a program counts."""
    suggests = scenario.suggests
    if not METRICS[metric].needs_labels or suggests.labels_per_week is None:
        return None
    if not suggests.checked_by:
        return None
    return MeasuredBy(labels_per_week=suggests.labels_per_week, who=suggests.checked_by)


def _owner(metric: str, scenario: Scenario, record: Record) -> Owner:
    """Who moves the threshold answers for the error; reach is the product half's."""
    usual = _OWNERS[metric]
    if metric != "error_among_answered":
        return usual
    agreement = record.agreement or Agreement()
    moves = MODEL_DECISIONS["threshold"]
    rights = (*agreement.decides, *scenario.suggests.rights)
    found = (right.owner for right in rights if right.decision == moves)
    return next((owner for owner in found if owner is not None), usual)


def _then(scenario: Scenario, record: Record) -> str:
    """What runs meanwhile when a clause is broken, as agreed or suggested."""
    agreement = record.agreement or Agreement()
    broken = ESCALATIONS["clause_broken"]
    escalation = (*agreement.escalation, *scenario.suggests.escalation)
    found = (one.meanwhile for one in escalation if one.when == broken)
    return next((meanwhile for meanwhile in found if meanwhile), "")
