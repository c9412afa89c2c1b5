"""What is still missing in an agreement: owners, limits, dates, signatures.

Like all gaps these only compare; see `workshop.record.gaps`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workshop.record.agreed import Agreement, DecisionRight, Outside, Statement
from workshop.record.bets import Bets
from workshop.record.choices import Record
from workshop.record.dates import is_past
from workshop.record.digest import digest, same_digest
from workshop.record.gap_codes import gap
from workshop.record.measured import Measured
from workshop.record.terms import DECISIONS, ESCALATIONS, METRICS
from workshop.record.values import ROLES, Clause, Gap

THRESHOLD_RIGHT = DECISIONS["threshold"]
RELEASE_RIGHT = DECISIONS["release"]
ENOUGH_CLAUSES = 2


def acceptable_error(record: Record) -> float | None:
    """Return the acceptable error that the pair agreed on, a share; None so far."""
    expected = record.framing.expectations if record.framing else None
    return expected.acceptable_error if expected else None


def _owner_of(agreement: Agreement, word: str) -> str | None:
    rights = (right for right in agreement.decides if word in right.decision.casefold())
    return next((right.owner for right in rights), None)


def rights(agreement: Agreement, bets: Bets) -> Iterator[Gap]:
    """Nobody decides, or two do: what to decide comes from a closed list, and more."""
    owners = {role: bets.opened[role].owner for role in ROLES if role in bets.opened}
    if _owner_of(agreement, "threshold") is None:
        if len(set(owners.values())) > 1:
            yield gap("bets_disagree_on_owner", "bets.opened", **owners)
        else:
            given = {"decision": THRESHOLD_RIGHT}
            yield gap("no_threshold_owner", "agreement.decides", **given)
    if _owner_of(agreement, "release") is None:
        yield gap("no_release_owner", "agreement.decides", decision=RELEASE_RIGHT)
    if agreement.decides:
        yield from _owned_once(agreement.decides)


def _owned_once(decides: tuple[DecisionRight, ...]) -> Iterator[Gap]:
    owners: dict[str, set[str]] = {name: set() for name in DECISIONS.values()}
    for right in decides:
        of_this = owners.setdefault(right.decision.strip().casefold(), set())
        of_this |= set(ROLES) if right.owner == "both" else {right.owner or ""} - {""}
    for decision, of_this in owners.items():
        if len(of_this) > 1:
            yield gap("decision_owned_twice", "agreement.decides", decision=decision)
        elif not of_this and decision not in (THRESHOLD_RIGHT, RELEASE_RIGHT):
            yield gap("decision_unowned", "agreement.decides", decision=decision)


def clauses(
    record: Record, agreement: Agreement, measured: Measured, today: date
) -> Iterator[Gap]:
    """Too few limits, and what each of them lacks or contradicts."""
    count = len(agreement.clauses)
    if count < ENOUGH_CLAUSES:
        yield gap(
            "too_few_clauses",
            "agreement.clauses",
            count=count,
            needed=ENOUGH_CLAUSES,
        )
    for place, clause in enumerate(agreement.clauses):
        where = f"agreement.clauses[{place}]"
        if clause.id in measured.clauses_not_held:
            given = {
                "clause": clause.id,
                "reason": measured.clauses_not_held[clause.id],
            }
            yield gap("clause_cannot_be_held", where, **given)
        if clause.owner is None:
            yield gap("clause_without_owner", f"{where}.owner", clause=clause.id)
        if clause.measured_by is None and METRICS[clause.metric].needs_labels:
            yield gap("clause_not_measured", f"{where}.measured_by", clause=clause.id)
        if is_past(clause.expires, today):
            where_it_ends = f"{where}.expires"
            yield gap(
                "clause_expired", where_it_ends, clause=clause.id, by=clause.expires
            )
        yield from _too_loose(clause, where, acceptable_error(record))
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
        yield gap(
            "clause_looser_than_expected",
            where,
            clause=clause.id,
            allowed=allowed,
            acceptable_error=acceptable,
        )


def _broken_from_start(clause: Clause, where: str, measured: Measured) -> Iterator[Gap]:
    count = measured.clauses_broken.get(clause.id)
    if count is not None:
        yield gap(
            "clause_broken_from_start",
            where,
            clause=clause.id,
            metric=clause.metric,
            bound=clause.at_least if clause.at_most is None else clause.at_most,
            k=count.k,
            n=count.n,
        )


def meeting(record: Record, agreement: Agreement, today: date) -> Iterator[Gap]:
    """Whom to ask, when to meet, and what should have been done by now."""
    if not agreement.escalation:
        yield gap("no_escalation", "agreement.escalation")
    else:
        known = {one.when.strip().casefold() for one in agreement.escalation}
        missing = [when for when in ESCALATIONS.values() if when not in known]
        if missing:
            where, named = "agreement.escalation", ", ".join(missing)
            yield gap("escalation_missing", where, missing=named)
    for place, ritual in enumerate(agreement.rituals):
        if ritual.every_weeks is None and is_past(ritual.on, today):
            where = f"agreement.rituals[{place}].on"
            yield gap("ritual_passed", where, what=ritual.what, by=ritual.on)
    planned = agreement.retrospective
    if planned is None:
        yield gap("no_retrospective_date", "agreement.retrospective")
    elif is_past(planned, today) and not _has_met(record, planned):
        yield gap("retrospective_overdue", "agreement.retrospective", by=planned)
    for place, action in enumerate(agreement.actions):
        if action.done is None and is_past(action.by, today):
            where = f"agreement.actions[{place}].by"
            given = {"what": action.what, "who": action.who, "by": action.by}
            yield gap("action_overdue", where, **given)


def _has_met(record: Record, planned: str) -> bool:
    """Whether a retrospective was held in the planned month or later."""
    return any(held.at[:7] >= planned[:7] for held in record.retrospectives)


def not_agreed(agreement: Agreement, today: date) -> Iterator[Gap]:
    """What the pair left to somebody else to decide."""
    for place, item in enumerate(agreement.not_agreed):
        where = f"agreement.not_agreed[{place}]"
        given = {"about": item.about, "decides": item.decides, "by": item.by}
        yield gap("not_agreed", where, **given)
        if is_past(item.by, today):
            yield gap("decision_overdue", f"{where}.by", **given)


def outside(agreement: Agreement, measured: Measured) -> Iterator[Gap]:
    """What is said outside and rests on other figures, or is not carried any more."""
    said = agreement.outside or Outside()
    for side, statements in (("may_say", said.may_say), ("not_yet", said.not_yet)):
        for place, one in enumerate(statements):
            where = f"agreement.outside.{side}[{place}]"
            if side == "may_say" and one.about in measured.not_carried:
                yield gap("statement_not_carried", where, says=one.says)
            yield from _statement_moved(one, where, measured)


def _statement_moved(one: Statement, where: str, measured: Measured) -> Iterator[Gap]:
    now = measured.statements.get(one.about, {})
    for metric, then in one.seen.figures.items() if one.seen else ():
        count = now.get(metric)
        if count is not None and count != then:
            yield gap(
                "statement_moved",
                f"{where}.seen.{metric}",
                says=one.says,
                then_k=then.k,
                then_n=then.n,
                now_k=count.k,
                now_n=count.n,
            )


def signatures(record: Record) -> Iterator[Gap]:
    """Who has not signed, and whose signature is out of date."""
    now = digest(record)
    for role in ROLES:
        signed = record.signatures.get(role)
        where = f"signatures.{role}"
        if signed is None:
            yield gap("signature_missing", where, role=role)
        elif not same_digest(signed.digest, now):
            yield gap("signature_out_of_date", where, role=role, name=signed.name)


def lived(record: Record) -> Iterator[Gap]:
    """A clause that the last retrospective found broken is open until it is held."""
    if not record.retrospectives:
        return
    last = record.retrospectives[-1]
    for clause, state in last.clauses.items():
        count = last.counts.get(clause)
        if state == "broken" and count is not None:
            given = {"clause": clause, "k": count.k, "n": count.n, "at": last.at[:10]}
            yield gap("clause_broken_in_life", "retrospectives", **given)
