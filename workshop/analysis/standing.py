"""Where the record stands against what is computed now: verdict, clauses, gaps.

Everything that both step 02, step 05 and the whole report need, made once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from workshop.analysis.clause_rows import held_now, not_held
from workshop.analysis.clauses import ClauseHeld
from workshop.analysis.evidence import Evidence
from workshop.analysis.expectations import conflicts_of
from workshop.analysis.impact.assumptions import implied_ratio
from workshop.analysis.impact.estimate import measures_of
from workshop.analysis.impact.floors import margin_of, side_of
from workshop.analysis.intervals import wilson
from workshop.analysis.labels import (
    LabelPrice,
    fewest_rows,
    labelling_of,
    price_of_precision,
)
from workshop.analysis.metrics import Context, number_of
from workshop.analysis.options.compared import Options
from workshop.analysis.options.offers import limits_of
from workshop.analysis.options.table import held_figures, limits_for, outside
from workshop.analysis.outside import carried_now
from workshop.analysis.outside_ground import Ground
from workshop.analysis.policies import Cells
from workshop.analysis.readiness import CHECKS, ReadinessReport, Verdict, judge
from workshop.analysis.readout import cells_of, figures_of, seen_figures
from workshop.record.choices import Record
from workshop.record.gaps import Measured
from workshop.record.terms import METRICS
from workshop.record.values import Count, FallbackKind, Number

TARGET_HALF_WIDTH = 0.05
MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Standing:
    """The review, the verdict it leads to, and the error that it was held against."""

    report: ReadinessReport
    verdict: Verdict
    error: Number | None
    price: LabelPrice | None


def label_price(evidence: Evidence) -> LabelPrice | None:
    """What the error to within five points would cost; None without a price."""
    labelling = labelling_of(evidence.scenario)
    if labelling is None or evidence.error.value is None:
        return None
    return price_of_precision(
        evidence.error.value,
        len(evidence.rows),
        TARGET_HALF_WIDTH,
        labelling=labelling,
        deff=evidence.deff,
        clusters=evidence.sources,
    )


def chosen_cells(evidence: Evidence) -> Cells | None:
    """Where the chosen policy puts the rows kept aside; None without a choice."""
    policy = evidence.policy
    if policy is None or policy.kind == "today":
        return None
    return cells_of(evidence, policy, "report")


def error_kept_aside(evidence: Evidence) -> Number | None:
    """Error among answered of the chosen policy on the rows kept aside."""
    cells = chosen_cells(evidence)
    if cells is None:
        return None
    return number_of(
        "error_among_answered",
        cells,
        rows="report",
        id="chosen.error_among_answered",
        deff=evidence.deff,
    )


def standing(evidence: Evidence, report: ReadinessReport) -> Standing:
    """Reach the verdict that a review leads to."""
    error = error_kept_aside(evidence)
    verdict = judge(
        report,
        accepted=accepted_codes(evidence.record),
        acceptable=evidence.acceptable_error,
        error=error,
    )
    return Standing(report, verdict, error, label_price(evidence))


def accepted_codes(record: Record) -> tuple[str, ...]:
    """Codes of the findings that the pair lives with."""
    review = record.data_review
    return tuple(risk.finding for risk in review.accepted) if review else ()


def rows_to_tell(evidence: Evidence, error: Number) -> int | None:
    """How many more labelled rows would settle the promise, were the error to stay.

    That is where Wilson's whole interval lies on one side of the acceptable error. None
    where the error is the acceptable one itself, or where more than a million rows
    would not do.
    """
    acceptable, answered = evidence.acceptable_error, error.n
    if acceptable is None or error.value is None or not answered:
        return None

    def tells(n: int) -> bool:
        found = wilson((error.value or 0) * n, n, deff=evidence.deff)
        return found.hi <= acceptable or found.lo > acceptable

    enough = fewest_rows(tells, answered, most=MOST_ROWS)
    if enough is None:
        return None
    shown = answered / len(evidence.rows.keys[~evidence.choosing()])
    return math.ceil((enough - answered) / shown)


def measured(evidence: Evidence, report: ReadinessReport) -> Measured:
    """Gather what `find_gaps` compares the record with."""
    figures, options = _figures_now(evidence), Options(evidence)
    held = held_now(evidence)
    said = carried_now(_ground(evidence, report, held))
    return Measured(
        figures={
            "threshold": figures,
            "impact": {} if _seen_alike(evidence) else figures,
        },
        data=evidence.digest,
        payoff_ratio=implied_ratio(evidence.payoff),
        cheapest_at=evidence.cheapest(),
        today_measured=evidence.scenario.today.error != "not measured",
        blockers=report.codes("blocker"),
        known_findings=tuple(CHECKS),
        known_options=evidence.known_options,
        option_limits_broken=_limits_broken(evidence, options),
        option_fallback=_option_fallback(evidence),
        model_floor_missed=_model_floor_missed(evidence),
        business_floor_missed=_floor_missed(evidence, options),
        conflicts=conflicts_of(evidence.record, evidence.scenario),
        threshold_meets_expectation=_meets(evidence),
        clauses_broken=_clauses_broken(held),
        clauses_not_held=not_held(held),
        statements=said.figures,
        not_carried=said.not_yet,
    )


def _ground(
    evidence: Evidence, report: ReadinessReport, held: tuple[ClauseHeld, ...]
) -> Ground:
    """What statements to outside follow from, as far as they rest on rows."""
    found = standing(evidence, report)
    return Ground(
        record=evidence.record,
        scenario=evidence.scenario,
        evidence=evidence,
        verdict=found.verdict,
        error=found.error,
        clauses=held,
    )


def _seen_alike(evidence: Evidence) -> bool:
    """Whether both choices rest on the same figures: one gap says it, not two."""
    threshold, impact = evidence.record.threshold, evidence.record.impact
    return bool(threshold and impact and threshold.seen == impact.seen)


def _figures_now(evidence: Evidence) -> dict[str, Count]:
    cells = chosen_cells(evidence)
    if cells is None:
        return {}
    figures = figures_of(
        "chosen", cells, rows="report", deff=evidence.deff, ratio=evidence.ratio
    )
    return seen_figures(figures)


def _limits_broken(evidence: Evidence, options: Options) -> tuple[str, ...]:
    """Limits of the scenario that the option in play breaks, by point estimates.

    An option with a promise of its own is held to that one.
    """
    if evidence.chosen_option is None:
        return ()
    offer = options.offer(options.in_play)
    own = limits_of(evidence.scenario.limits, offer.candidate)
    limits = limits_for(options, offer, own)
    return outside(held_figures(options, offer), limits)


def _model_floor_missed(evidence: Evidence) -> float | None:
    """Where the model floor's metric stands kept aside, if that is the wrong side."""
    impact, cells = evidence.record.impact, chosen_cells(evidence)
    floor = impact.model_floor if impact else None
    bounded = side_of(floor) if floor else None
    if (
        floor is None
        or bounded is None
        or cells is None
        or floor.measure not in METRICS
    ):
        return None
    context = Context(ratio=evidence.ratio)
    id = "floor.model.now"
    found = number_of(
        floor.measure, cells, rows="report", id=id, deff=evidence.deff, context=context
    )
    if found.value is None or margin_of(found.value, *bounded) >= 0:
        return None
    return found.value


def _floor_missed(evidence: Evidence, options: Options) -> float | None:
    """Where the business floor stands, if that is the wrong side, all as likely."""
    impact = evidence.record.impact
    floor = impact.business_floor if impact else None
    bounded = side_of(floor) if floor else None
    if floor is None or floor.metric is None or bounded is None or not options.stands:
        return None
    counts = options.place(options.offer(options.in_play)).counts
    told = measures_of(
        counts / counts.sum(),
        options.assumptions_for(options.in_play).likely,
        running=options.running(options.in_play),
    )
    value = told.get(floor.metric)
    if value is None or math.isnan(value):
        return None
    return float(value) if margin_of(value, *bounded) < 0 else None


def _clauses_broken(held: Iterable[ClauseHeld]) -> dict[str, Count]:
    """Clauses that do not hold even now, with their counts; of shares alone."""
    return {
        one.clause.id: Count(k=one.number.k, n=one.number.n)
        for one in held
        if one.state == "broken"
        and one.number is not None
        and one.number.k is not None
        and one.number.n is not None
    }


def _option_fallback(evidence: Evidence) -> FallbackKind | None:
    """What happens under the chosen line and option when the model is unsure."""
    policy, option = evidence.policy, evidence.record.option
    if option is None or option not in evidence.known_options:
        return None
    if policy is not None and policy.kind in ("all", "review_band"):
        return "human" if policy.kind == "review_band" else None
    taken = evidence.candidate(option)
    has_a_model = taken.run is not None or taken.stated is not None
    return taken.fallback if has_a_model else None


def _meets(evidence: Evidence) -> bool | None:
    error = error_kept_aside(evidence)
    acceptable = evidence.acceptable_error
    if error is None or error.lo is None or acceptable is None:
        return None
    return error.lo <= acceptable
