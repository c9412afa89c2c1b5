"""What is still missing, said twice differently, overdue, or no longer true.

Only compares: what the record says with itself, with today's date, and with what the
analysis measured now. Each gap has a code that picks its sentence elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isinf

from workshop.record.agreed import Agreement
from workshop.record.bets import Bets
from workshop.record.borrowed import borrowed_in, steps_borrowed
from workshop.record.choices import SECTIONS, DataReview, Participants, Record
from workshop.record.dates import is_past
from workshop.record.digest import same_digest
from workshop.record.framed import EARLY_QUESTIONS, Expectations, Framing, Outcome
from workshop.record.gap_codes import GAP_CODES, gap
from workshop.record.gaps_agreed import (
    RELEASE_RIGHT,
    THRESHOLD_RIGHT,
    acceptable_error,
    clauses,
    lived,
    meeting,
    not_agreed,
    outside,
    rights,
    signatures,
)
from workshop.record.measured import Measured
from workshop.record.sealed import is_proven
from workshop.record.values import ROLES, Gap, Seen

__all__ = [
    "GAP_CODES",
    "RELEASE_RIGHT",
    "THRESHOLD_RIGHT",
    "Measured",
    "find_gaps",
    "is_nothing",
]

RATIO_TOLERANCE = 1.2
NOTHING = frozenset({"no", "none", "nothing", "nobody", "no one", "n/a", "-"})
"""Answers to an early question that say: there is none."""


def find_gaps(record: Record, measured: Measured, today: date) -> tuple[Gap, ...]:
    """Return all gaps in the order of the record's sections.

    What the pair saved as not agreed is one gap, not two: the ``undecided`` gaps at
    or below the place it is ``about`` are left out.
    """
    agreement = record.agreement or Agreement()
    bets = record.bets or Bets()
    data_review = record.data_review or DataReview()
    framing = record.framing or Framing()
    found = [
        *_people(record.participants),
        *_bets(bets),
        *_framing(framing, measured, today),
        *_data_review(data_review, measured, today),
        *_threshold(record, measured),
        *_option(record, measured),
        *_impact(record, measured),
        *rights(agreement, bets),
        *clauses(record, agreement, measured, today),
        *meeting(record, agreement, today),
        *not_agreed(agreement, today),
        *outside(agreement, measured),
        *signatures(record),
        *lived(record),
        *_borrowed(record),
    ]
    disputed = tuple(item.about for item in agreement.not_agreed)
    kept = (one for one in found if not _is_disputed(one, disputed))
    return tuple(sorted(kept, key=lambda one: SECTIONS.index(_section(one.where))))


def _section(where: str) -> str:
    return where.split(".")[0].split("[")[0]


def _is_disputed(one: Gap, disputed: tuple[str, ...]) -> bool:
    return one.kind == "undecided" and any(
        one.where == about or one.where.startswith(f"{about}.")
        for about in disputed
        if about
    )


def _people(participants: Participants) -> Iterator[Gap]:
    for role in ROLES:
        if not getattr(participants, role):
            yield gap("no_participants", f"participants.{role}", role=role)


def _bets(bets: Bets) -> Iterator[Gap]:
    for role in ROLES:
        if role not in bets.sealed:
            yield gap("bet_not_sealed", f"bets.sealed.{role}", role=role)
    if set(ROLES) <= set(bets.sealed) and not bets.opened:
        yield gap("bets_not_opened", "bets.opened")
    for seat in bets.opened:
        if not is_proven(bets, seat):
            yield gap("bet_not_as_sealed", f"bets.opened.{seat}", role=seat)


def _framing(framing: Framing, measured: Measured, today: date) -> Iterator[Gap]:
    if not framing.counts_as_wrong:
        yield gap("no_counts_as_wrong", "framing.counts_as_wrong")
    if framing.outcome is None:
        yield gap("no_outcome", "framing.outcome")
    else:
        yield from _outcome(framing.outcome, today)
    if measured.today_measured is False:
        yield gap("today_not_measured", "framing.outcome.from")
    yield from _early_questions(framing)
    yield from _expectations(framing)
    for code, given in measured.conflicts:
        yield gap(f"expectation_{code}", "framing.expectations", **given)
    yield from _ratio(framing.ratio, measured.payoff_ratio)


def _outcome(outcome: Outcome, today: date) -> Iterator[Gap]:
    said = outcome.model_dump(by_alias=True)
    for part, value in said.items():
        if value in (None, ""):
            yield gap("outcome_part_missing", f"framing.outcome.{part}", part=part)
    if is_past(outcome.by, today):
        yield gap("outcome_date_passed", "framing.outcome.by", by=outcome.by)


def _early_questions(framing: Framing) -> Iterator[Gap]:
    """Unanswered is a gap; "we don't know" is an answer."""
    for question in EARLY_QUESTIONS:
        if not getattr(framing, question) and question not in framing.unknown:
            yield gap(
                "question_open", f"framing.questions.{question}", question=question
            )
    if framing.rule and not framing.rule_checked_by and not is_nothing(framing.rule):
        yield gap("rule_unchecked", "framing.rule_checked_by", rule=framing.rule)


def is_nothing(text: str) -> bool:
    """Whether an answer says that there is none."""
    return text.strip(" .!").casefold() in NOTHING


def _expectations(framing: Framing) -> Iterator[Gap]:
    expected = framing.expectations or Expectations()
    for name, value in expected:
        if value in (None, "") and name != "success_metric":
            yield gap("no_expectation", f"framing.expectations.{name}", name=name)
    unsure = framing.when_unsure
    if unsure and expected.fallback and unsure.fallback != expected.fallback:
        yield gap(
            "fallbacks_differ",
            "framing.when_unsure.fallback",
            expected=expected.fallback,
            when_unsure=unsure.fallback,
        )


def _ratio(ratio: float | None, payoff: float | None) -> Iterator[Gap]:
    if ratio is None:
        yield gap("no_ratio", "framing.ratio")
    elif payoff is not None and not _close(ratio, payoff):
        yield gap(
            "ratio_against_payoff", "framing.ratio", ratio=ratio, payoff_ratio=payoff
        )


def _close(one: float, other: float) -> bool:
    small, large = sorted((one, other))
    return small > 0 and large <= small * RATIO_TOLERANCE * (1 + 1e-9)


def _data_review(review: DataReview, measured: Measured, today: date) -> Iterator[Gap]:
    accepted = {risk.finding for risk in review.accepted}
    for code in measured.blockers:
        if code not in accepted:
            yield gap("blocker_open", "data_review.accepted", finding=code)
    for place, risk in enumerate(review.accepted):
        where, finding = f"data_review.accepted[{place}]", risk.finding
        known = measured.known_findings
        if known is not None and finding not in known:
            yield gap("unknown_finding", f"{where}.finding", finding=finding)
        if risk.owner is None:
            yield gap("risk_without_owner", f"{where}.owner", finding=finding)
        if is_past(risk.revisit, today):
            given = {"finding": finding, "by": risk.revisit}
            yield gap("risk_revisit_passed", f"{where}.revisit", **given)
    for place, taken in enumerate(review.assumptions):
        where = f"data_review.assumptions[{place}]"
        if taken.owner is None:
            yield gap("assumption_without_owner", f"{where}.owner", says=taken.says)
        if is_past(taken.revisit, today):
            yield gap(
                "assumption_revisit_passed",
                f"{where}.revisit",
                says=taken.says,
                by=taken.revisit,
            )


def _threshold(record: Record, measured: Measured) -> Iterator[Gap]:
    choice = record.threshold
    if choice is None:
        yield gap("no_threshold", "threshold")
        return
    if not choice.because:
        yield gap(
            "threshold_without_because",
            "threshold.because",
            act_at=choice.policy.act_at,
            cheapest_at=measured.cheapest_at,
        )
    yield from _against_expectation(record, choice.seen, measured)
    yield from _moved("threshold", choice.seen, measured)


def _against_expectation(
    record: Record, seen: Seen | None, measured: Measured
) -> Iterator[Gap]:
    acceptable = acceptable_error(record)
    count = seen.figures.get("error_among_answered") if seen else None
    if acceptable is None:
        return
    # divided, because 0.29 * 100 is a little less than 29
    if count and count.n and count.k / count.n > acceptable:
        yield gap(
            "seen_error_above_acceptable",
            "threshold.seen.error_among_answered",
            k=count.k,
            n=count.n,
            acceptable_error=acceptable,
        )
    elif measured.threshold_meets_expectation is False:
        given = {"acceptable_error": acceptable}
        yield gap("threshold_misses_expectation", "threshold.policy", **given)


def _moved(section: str, seen: Seen | None, measured: Measured) -> Iterator[Gap]:
    if seen is None:
        return
    now = measured.figures.get(section, {})
    for metric, then in seen.figures.items():
        count = now.get(metric)
        if count is not None and count != then:
            yield gap(
                "figure_moved",
                f"{section}.seen.{metric}",
                metric=metric,
                then_k=then.k,
                then_n=then.n,
                now_k=count.k,
                now_n=count.n,
            )
    if seen.data and measured.data and not same_digest(seen.data, measured.data):
        yield gap("data_moved", f"{section}.seen.data", section=section)


def _option(record: Record, measured: Measured) -> Iterator[Gap]:
    if record.option is None:
        yield gap("no_option", "option")
        return
    known = measured.known_options
    if known is not None and record.option not in known:
        yield gap("unknown_option", "option", option=record.option)
    for limit in measured.option_limits_broken:
        yield gap("option_breaks_limit", "option", option=record.option, limit=limit)
    expected = record.framing.expectations if record.framing else None
    agreed, does = expected and expected.fallback, measured.option_fallback
    if agreed and does and agreed != does:
        yield gap("option_against_fallback", "option", expected=agreed, fallback=does)


def _impact(record: Record, measured: Measured) -> Iterator[Gap]:
    impact = record.impact
    model = impact.model_floor if impact else None
    if model is not None and measured.model_floor_missed is not None:
        yield gap(
            "model_floor_missed",
            "impact.model_floor",
            measure=model.measure,
            bound=model.at_least if model.at_most is None else model.at_most,
            value=measured.model_floor_missed,
        )
    floor = impact.business_floor if impact else None
    if floor is None:
        yield gap("no_business_floor", "impact.business_floor")
    elif measured.business_floor_missed is not None:
        bound = floor.at_least if floor.at_most is None else floor.at_most
        given = {"measure": floor.measure, "bound": bound}
        where, value = "impact.business_floor", measured.business_floor_missed
        if isinf(value):
            yield gap("business_floor_endless", where, **given)
        else:
            yield gap("business_floor_missed", where, **given, value=value)
    asked = impact.satisfaction if impact else None
    if impact is not None and (asked is None or asked.today is None):
        yield gap("satisfaction_unknown", "impact.satisfaction")
    yield from _moved("impact", impact.seen if impact else None, measured)


def _borrowed(record: Record) -> Iterator[Gap]:
    """Whatever the example says is nobody's decision yet."""
    for step in steps_borrowed(record):
        yield gap("step_borrowed", borrowed_in(record, step)[0], step=step)
