"""What is still missing, said twice differently, overdue, or no longer true.

Only compares: what the record says with itself, with today's date, and with what the
analysis measured now. Each gap has a code that picks its sentence elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isinf
from typing import Any

from workshop.record.agreed import Agreement
from workshop.record.bets import Bets
from workshop.record.choices import SECTIONS, DataReview, Participants, Record
from workshop.record.dates import is_past
from workshop.record.digest import digest
from workshop.record.framed import Expectations, Framing, Outcome
from workshop.record.gap_codes import GAP_CODES, KIND_OF
from workshop.record.measured import Measured
from workshop.record.terms import METRICS
from workshop.record.values import ROLES, Clause, Gap, Seen

__all__ = ["GAP_CODES", "Measured", "find_gaps"]

THRESHOLD_RIGHT = "move the threshold"
RELEASE_RIGHT = "release"
ENOUGH_CLAUSES = 2
RATIO_TOLERANCE = 1.2
_SHORTEST_DIGEST = len("sha256:") + 4


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
        *_rights(agreement, bets),
        *_clauses(record, agreement, measured, today),
        *_meeting(record, agreement, today),
        *_not_agreed(agreement, today),
        *_signatures(record),
    ]
    disputed = tuple(item.about for item in agreement.not_agreed)
    kept = (gap for gap in found if not _is_disputed(gap, disputed))
    return tuple(sorted(kept, key=lambda gap: SECTIONS.index(_section(gap.where))))


def _gap(code: str, where: str, **given: Any) -> Gap:
    return Gap(kind=KIND_OF[code], where=where, code=code, given=given)


def _section(where: str) -> str:
    return where.split(".")[0].split("[")[0]


def _is_disputed(gap: Gap, disputed: tuple[str, ...]) -> bool:
    return gap.kind == "undecided" and any(
        gap.where == about or gap.where.startswith(f"{about}.")
        for about in disputed
        if about
    )


def _people(participants: Participants) -> Iterator[Gap]:
    for role in ROLES:
        if not getattr(participants, role):
            yield _gap("no_participants", f"participants.{role}", role=role)


def _bets(bets: Bets) -> Iterator[Gap]:
    for role in ROLES:
        if role not in bets.sealed:
            yield _gap("bet_not_sealed", f"bets.sealed.{role}", role=role)
    if len(bets.sealed) == len(ROLES) and len(bets.opened) < len(ROLES):
        yield _gap("bets_not_opened", "bets.opened")


def _framing(framing: Framing, measured: Measured, today: date) -> Iterator[Gap]:
    if not framing.counts_as_wrong:
        yield _gap("no_counts_as_wrong", "framing.counts_as_wrong")
    if framing.outcome is None:
        yield _gap("no_outcome", "framing.outcome")
    else:
        yield from _outcome(framing.outcome, today)
    if measured.today_measured is False:
        yield _gap("today_not_measured", "framing.outcome.from")
    yield from _expectations(framing)
    yield from _ratio(framing.ratio, measured.payoff_ratio)


def _outcome(outcome: Outcome, today: date) -> Iterator[Gap]:
    said = outcome.model_dump(by_alias=True)
    for part, value in said.items():
        if value in (None, ""):
            yield _gap("outcome_part_missing", f"framing.outcome.{part}", part=part)
    if is_past(outcome.by, today):
        yield _gap("outcome_date_passed", "framing.outcome.by", by=outcome.by)


def _expectations(framing: Framing) -> Iterator[Gap]:
    expected = framing.expectations or Expectations()
    for name, value in expected:
        if value in (None, ""):
            yield _gap("no_expectation", f"framing.expectations.{name}", name=name)
    unsure = framing.when_unsure
    if unsure and expected.fallback and unsure.fallback != expected.fallback:
        yield _gap(
            "fallbacks_differ",
            "framing.when_unsure.fallback",
            expected=expected.fallback,
            when_unsure=unsure.fallback,
        )


def _ratio(ratio: float | None, payoff: float | None) -> Iterator[Gap]:
    if ratio is None:
        yield _gap("no_ratio", "framing.ratio")
    elif payoff is not None and not _close(ratio, payoff):
        yield _gap(
            "ratio_against_payoff", "framing.ratio", ratio=ratio, payoff_ratio=payoff
        )


def _close(one: float, other: float) -> bool:
    small, large = sorted((one, other))
    return small > 0 and large <= small * RATIO_TOLERANCE * (1 + 1e-9)


def _data_review(review: DataReview, measured: Measured, today: date) -> Iterator[Gap]:
    accepted = {risk.finding for risk in review.accepted}
    for code in measured.blockers:
        if code not in accepted:
            yield _gap("blocker_open", "data_review.accepted", finding=code)
    for place, risk in enumerate(review.accepted):
        where, finding = f"data_review.accepted[{place}]", risk.finding
        known = measured.known_findings
        if known is not None and finding not in known:
            yield _gap("unknown_finding", f"{where}.finding", finding=finding)
        if risk.owner is None:
            yield _gap("risk_without_owner", f"{where}.owner", finding=finding)
        if is_past(risk.revisit, today):
            given = {"finding": finding, "by": risk.revisit}
            yield _gap("risk_revisit_passed", f"{where}.revisit", **given)
    for place, taken in enumerate(review.assumptions):
        where = f"data_review.assumptions[{place}]"
        if taken.owner is None:
            yield _gap("assumption_without_owner", f"{where}.owner", says=taken.says)
        if is_past(taken.revisit, today):
            yield _gap(
                "assumption_revisit_passed",
                f"{where}.revisit",
                says=taken.says,
                by=taken.revisit,
            )


def _threshold(record: Record, measured: Measured) -> Iterator[Gap]:
    choice = record.threshold
    if choice is None:
        yield _gap("no_threshold", "threshold")
        return
    if not choice.because:
        yield _gap(
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
    acceptable = _acceptable(record)
    count = seen.figures.get("error_among_answered") if seen else None
    if acceptable is None:
        return
    if count and count.k > acceptable * count.n:
        yield _gap(
            "seen_error_above_acceptable",
            "threshold.seen.error_among_answered",
            k=count.k,
            n=count.n,
            acceptable_error=acceptable,
        )
    elif measured.threshold_meets_expectation is False:
        given = {"acceptable_error": acceptable}
        yield _gap("threshold_misses_expectation", "threshold.policy", **given)


def _acceptable(record: Record) -> float | None:
    expected = record.framing.expectations if record.framing else None
    return expected.acceptable_error if expected else None


def _moved(section: str, seen: Seen | None, measured: Measured) -> Iterator[Gap]:
    if seen is None:
        return
    now = measured.figures.get(section, {})
    for metric, then in seen.figures.items():
        count = now.get(metric)
        if count is not None and count != then:
            yield _gap(
                "figure_moved",
                f"{section}.seen.{metric}",
                metric=metric,
                then_k=then.k,
                then_n=then.n,
                now_k=count.k,
                now_n=count.n,
            )
    if seen.data and measured.data and not _same_digest(seen.data, measured.data):
        yield _gap("data_moved", f"{section}.seen.data", section=section)


def _same_digest(one: str, other: str) -> bool:
    """A digest may be cut short where a person reads it."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST_DIGEST and long.startswith(short)


def _option(record: Record, measured: Measured) -> Iterator[Gap]:
    if record.option is None:
        yield _gap("no_option", "option")
        return
    known = measured.known_options
    if known is not None and record.option not in known:
        yield _gap("unknown_option", "option", option=record.option)
    for limit in measured.option_limits_broken:
        yield _gap("option_breaks_limit", "option", option=record.option, limit=limit)


def _impact(record: Record, measured: Measured) -> Iterator[Gap]:
    impact = record.impact
    floor = impact.business_floor if impact else None
    if floor is None:
        yield _gap("no_business_floor", "impact.business_floor")
    elif measured.business_floor_missed is not None:
        bound = floor.at_least if floor.at_most is None else floor.at_most
        given = {"measure": floor.measure, "bound": bound}
        where, value = "impact.business_floor", measured.business_floor_missed
        if isinf(value):
            yield _gap("business_floor_endless", where, **given)
        else:
            yield _gap("business_floor_missed", where, **given, value=value)
    asked = impact.satisfaction if impact else None
    if impact is not None and (asked is None or asked.today is None):
        yield _gap("satisfaction_unknown", "impact.satisfaction")
    yield from _moved("impact", impact.seen if impact else None, measured)


def _owner_of(agreement: Agreement, word: str) -> str | None:
    rights = (right for right in agreement.decides if word in right.decision.casefold())
    return next((right.owner for right in rights), None)


def _rights(agreement: Agreement, bets: Bets) -> Iterator[Gap]:
    owners = {role: bet.owner for role, bet in bets.opened.items()}
    if _owner_of(agreement, "threshold") is None:
        if len(set(owners.values())) > 1:
            yield _gap("bets_disagree_on_owner", "bets.opened", **owners)
        else:
            given = {"decision": THRESHOLD_RIGHT}
            yield _gap("no_threshold_owner", "agreement.decides", **given)
    if _owner_of(agreement, "release") is None:
        yield _gap("no_release_owner", "agreement.decides", decision=RELEASE_RIGHT)


def _clauses(
    record: Record, agreement: Agreement, measured: Measured, today: date
) -> Iterator[Gap]:
    count = len(agreement.clauses)
    if count < ENOUGH_CLAUSES:
        yield _gap(
            "too_few_clauses",
            "agreement.clauses",
            count=count,
            needed=ENOUGH_CLAUSES,
        )
    for place, clause in enumerate(agreement.clauses):
        where = f"agreement.clauses[{place}]"
        if clause.owner is None:
            yield _gap("clause_without_owner", f"{where}.owner", clause=clause.id)
        if clause.measured_by is None and METRICS[clause.metric].needs_labels:
            yield _gap("clause_not_measured", f"{where}.measured_by", clause=clause.id)
        if is_past(clause.expires, today):
            given = {"clause": clause.id, "by": clause.expires}
            yield _gap("clause_expired", f"{where}.expires", **given)
        yield from _too_loose(clause, where, _acceptable(record))
        yield from _broken_from_start(clause, where, measured)


def _too_loose(clause: Clause, where: str, acceptable: float | None) -> Iterator[Gap]:
    """A clause on everybody must not allow more error than the pair accepts."""
    allowed: float | None = None
    if clause.metric in ("error_among_answered", "error_rate"):
        allowed = clause.at_most
    elif clause.metric == "precision" and clause.at_least is not None:
        allowed = 1 - clause.at_least
    if acceptable is None or allowed is None or clause.slice:
        return
    if allowed > acceptable + 1e-9:
        yield _gap(
            "clause_looser_than_expected",
            where,
            clause=clause.id,
            allowed=allowed,
            acceptable_error=acceptable,
        )


def _broken_from_start(clause: Clause, where: str, measured: Measured) -> Iterator[Gap]:
    count = measured.clauses_broken.get(clause.id)
    if count is not None:
        yield _gap(
            "clause_broken_from_start",
            where,
            clause=clause.id,
            metric=clause.metric,
            bound=clause.at_least if clause.at_most is None else clause.at_most,
            k=count.k,
            n=count.n,
        )


def _meeting(record: Record, agreement: Agreement, today: date) -> Iterator[Gap]:
    if not agreement.escalation:
        yield _gap("no_escalation", "agreement.escalation")
    planned = agreement.retrospective
    if planned is None:
        yield _gap("no_retrospective_date", "agreement.retrospective")
    elif is_past(planned, today) and not _has_met(record, planned):
        yield _gap("retrospective_overdue", "agreement.retrospective", by=planned)
    for place, action in enumerate(agreement.actions):
        if is_past(action.by, today):
            where = f"agreement.actions[{place}].by"
            given = {"what": action.what, "who": action.who, "by": action.by}
            yield _gap("action_overdue", where, **given)


def _has_met(record: Record, planned: str) -> bool:
    """Whether a retrospective was held in the planned month or later."""
    return any(held.at[:7] >= planned[:7] for held in record.retrospectives)


def _not_agreed(agreement: Agreement, today: date) -> Iterator[Gap]:
    for place, item in enumerate(agreement.not_agreed):
        where = f"agreement.not_agreed[{place}]"
        given = {"about": item.about, "decides": item.decides, "by": item.by}
        yield _gap("not_agreed", where, **given)
        if is_past(item.by, today):
            yield _gap("decision_overdue", f"{where}.by", **given)


def _signatures(record: Record) -> Iterator[Gap]:
    now = digest(record)
    for role in ROLES:
        signed = record.signatures.get(role)
        where = f"signatures.{role}"
        if signed is None:
            yield _gap("signature_missing", where, role=role)
        elif not _same_digest(signed.digest, now):
            yield _gap("signature_out_of_date", where, role=role, name=signed.name)
