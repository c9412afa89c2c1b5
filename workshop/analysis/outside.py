"""What may a pair say outside its room, and what not yet?

Each statement is a kind, what fills its sentence, and the counts it rests on. A promise
may be said where the rows kept aside carry it: the verdict's whole interval, and each
clause's, is on the right side. Whatever they cannot tell, nobody measured, was promised
otherwise or is still open is not said yet. No kind stands on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workshop.analysis.clauses import ClauseHeld
from workshop.analysis.evidence import Evidence
from workshop.analysis.expectations import conflicts
from workshop.analysis.impact.people import people_affected
from workshop.analysis.intervals import rate
from workshop.analysis.metrics import size_of
from workshop.analysis.outside_ground import Draft, Drafts, Ground
from workshop.analysis.outside_groups import unsure_group
from workshop.analysis.readout import cells_of
from workshop.record.dates import is_past
from workshop.record.gaps import RELEASE_RIGHT, is_nothing
from workshop.record.terms import METRICS
from workshop.record.values import Count, Number, Rows, Seen

ERROR = "error_among_answered"
COUNTED = frozenset({"acted_per_success"})
"""Measures of the business side that follow from counts alone."""

KEPT_ASIDE, ALL_ROWS = "kept aside", "all"
PROMISED = frozenset({"promised_none", "promised_early"})


def draft_outside(ground: Ground) -> Drafts:
    """Return every statement that follows, the most important of each side first."""
    may: tuple[Callable[[Ground], Iterator[Draft]], ...] = (
        _promise,
        _outcome,
        _when_unsure,
        _counts_as_wrong,
        _look_again,
        _kept_clauses,
        _people,
    )
    not_yet: tuple[Callable[[Ground], Iterator[Draft]], ...] = (
        _unproven,
        _promised_before,
        _still_open,
        _unproven_clauses,
        _few_sources,
        _unmeasured,
        _groups,
        _cannot_do,
    )
    return Drafts(
        tuple(draft for find in may for draft in find(ground)),
        tuple(draft for find in not_yet for draft in find(ground)),
    )


# --- what may be said -----------------------------------------------------------------


def _promise(ground: Ground) -> Iterator[Draft]:
    """The largest error, with its range, where the rows kept aside carry it."""
    if not ground.carried:
        return
    given = {"bound": _acceptable(ground), "error": ground.error}
    how = "kept"
    if ground.evidence is not None and _is_few(ground):
        how, given["sources"] = "kept_here", _sources(ground.evidence)
    yield Draft("error", how, given, _seen(ground, ERROR, ground.error))


def _outcome(ground: Ground) -> Iterator[Draft]:
    outcome = ground.framing.outcome
    if outcome is None or outcome.from_ is None or outcome.to is None:
        return
    if not outcome.measure or not outcome.by or is_past(outcome.by, ground.today):
        return
    ends = {"from": outcome.from_, "to": outcome.to}
    numbers = {
        name: Number(id=f"framing.outcome.{name}", value=end, unit="", assumed=True)
        for name, end in ends.items()
    }
    yield Draft("outcome", "", {"measure": outcome.measure, "by": outcome.by} | numbers)


def _when_unsure(ground: Ground) -> Iterator[Draft]:
    unsure, expected = ground.framing.when_unsure, ground.framing.expectations
    agreed = expected.fallback if expected else None
    if unsure is not None and agreed in (None, unsure.fallback):
        how = "in_words" if unsure.says else ""
        yield Draft("unsure", how, {"how": unsure.fallback, "says": unsure.says})
    elif unsure is None and agreed is not None:
        yield Draft("unsure", "", {"how": agreed})


def _counts_as_wrong(ground: Ground) -> Iterator[Draft]:
    if ground.framing.counts_as_wrong:
        yield Draft("wrong", "", {"line": ground.framing.counts_as_wrong})


def _look_again(ground: Ground) -> Iterator[Draft]:
    """When it is looked at again, and who decides whether it is released."""
    when = ground.agreement.retrospective
    if when is None or is_past(when, ground.today):
        return
    rights = ground.agreement.decides
    owners = {r.owner for r in rights if r.decision.casefold() == RELEASE_RIGHT}
    if len(owners) == 1 and (owner := owners.pop()):
        how = "decide" if owner == "both" else "decides"
        yield Draft("look", how, {"date": when, "owner": owner})
    else:
        yield Draft("look", "", {"date": when})


def _kept_clauses(ground: Ground) -> Iterator[Draft]:
    """Limits that hold; how the world is, such as a base rate, is nobody's promise.

    None while a finding blocks every promise; of few sources, in these alone.
    """
    if _blocked(ground):
        return
    for held in _told(ground.clauses):
        ours = METRICS[held.clause.metric].better != "none"
        if held.state == "kept" and ours:
            yield _clause(ground, held, "kept_here" if _is_few(ground) else "kept")


def _people(ground: Ground) -> Iterator[Draft]:
    """How many a week meet a wrong answer, with the range; where that is carried.

    A week is spoken of only where the rows come from enough sources to stand for it.
    """
    evidence = ground.evidence
    policy = evidence.policy if evidence else None
    if not ground.carried or evidence is None or policy is None or _is_few(ground):
        return
    if policy.kind not in ("single", "review_band", "all"):
        return
    cells = cells_of(evidence, policy, "report")
    k, n = int(cells.fp), int(size_of(cells))
    share = rate("share.wrong", k, n, rows="report", deff=evidence.deff)
    volume = evidence.per_week
    unit = ground.scenario.decision.unit
    given = {
        "people": people_affected(share, volume, id="week.wrong"),
        "volume": Number(id="week.volume", value=volume, unit=unit, assumed=True),
    }
    acted = int(cells.tp + cells.fp)
    counts = {ERROR: Count(k=k, n=acted), "coverage": Count(k=acted, n=n)}
    yield Draft("people", "", given, _seen_counts(ground, counts, KEPT_ASIDE))


# --- what not yet ---------------------------------------------------------------------


def _unproven(ground: Ground) -> Iterator[Draft]:
    """The largest error, where the rows kept aside do not carry it: and why not."""
    verdict = ground.verdict
    if verdict is None or ground.carried:
        return
    if verdict.rule == "blocker":
        yield Draft("error", "blocker", {"codes": ", ".join(verdict.blockers)})
    elif verdict.rule in ("straddles", "above"):
        given = {"bound": _acceptable(ground), "error": ground.error}
        yield Draft("error", verdict.rule, given, _seen(ground, ERROR, ground.error))
    else:
        yield Draft("error", verdict.rule)


def _promised_before(ground: Ground) -> Iterator[Draft]:
    """What somebody promised before the two sat down; nobody knows that it holds."""
    promised = ground.framing.promised
    if promised and not is_nothing(promised):
        found = {one.code for one in conflicts(ground.record, ground.scenario)}
        how = "against" if found & PROMISED else ""
        yield Draft("promised", how, {"promised": promised})


def _still_open(ground: Ground) -> Iterator[Draft]:
    for item in ground.agreement.not_agreed[:1]:
        given = {"about": item.about, "decides": item.decides, "by": item.by or ""}
        yield Draft("open", "decided" if item.decides and item.by else "", given)


def _unproven_clauses(ground: Ground) -> Iterator[Draft]:
    """Limits that these rows break, and then those of which they cannot tell.

    Last those that they keep, while a finding blocks every promise.
    """
    told = [held for held in _told(ground.clauses) if held.state != "kept"]
    for held in sorted(told, key=lambda one: one.state != "broken"):
        yield _clause(ground, held, held.state or "")
    for held in _told(ground.clauses) if _blocked(ground) else ():
        if held.state == "kept" and METRICS[held.clause.metric].better != "none":
            yield _clause(ground, held, "blocked")


def _few_sources(ground: Ground) -> Iterator[Draft]:
    evidence = ground.evidence
    if evidence is None or not evidence.few_sources:
        return
    given = {"error": evidence.error, "sources": _sources(evidence)}
    seen = _seen(ground, "error_rate", evidence.error)
    yield Draft("sources", "", given, seen)


def _unmeasured(ground: Ground) -> Iterator[Draft]:
    """What it brings: that rests on figures which somebody stated.

    Not a floor that is counted on the rows, which the page shows with its range.
    """
    impact, payoff = ground.record.impact, ground.scenario.payoff
    floor = impact.business_floor if impact else None
    if floor is not None and floor.metric in COUNTED:
        floor = None
    side = "at_least" if floor and floor.at_least is not None else "at_most"
    bound = getattr(floor, side) if floor else None
    if floor is not None and bound is not None:
        number = Number(id="impact.business_floor", value=bound, unit="", assumed=True)
        given = {"measure": floor.measure, "side": side, "bound": number}
        yield Draft("worth", "floor", given)
    elif any((payoff.tp, payoff.fp, payoff.fn, payoff.tn)):
        yield Draft("worth")


def _groups(ground: Ground) -> Iterator[Draft]:
    evidence = ground.evidence
    if evidence is None:
        return
    if not ground.scenario.groups:
        yield Draft("groups", "unseen")
        return
    found = unsure_group(evidence)
    if found is not None:
        given = {"column": found.column, "group": found.group, "error": found.error}
        yield Draft("groups", "unsure", given)


def _cannot_do(ground: Ground) -> Iterator[Draft]:
    review = ground.record.data_review
    for text in (review.cannot_do if review else ())[:1]:
        yield Draft("cannot_do", "", {"text": text})


# --- what they share ------------------------------------------------------------------


def _told(clauses: tuple[ClauseHeld, ...]) -> Iterator[ClauseHeld]:
    """Clauses on a counted share; the error of everybody is a statement already."""
    for held in clauses:
        number, clause = held.number, held.clause
        if held.state is None or number is None or number.lo is None or not number.n:
            continue
        if METRICS[clause.metric].unit != "share" or number.k is None:
            continue
        if clause.metric != ERROR or clause.slice:
            yield held


def _clause(ground: Ground, held: ClauseHeld, how: str) -> Draft:
    clause, number = held.clause, held.number
    name = f"clause.{clause.id}.bound"
    given: dict[str, Any] = {
        "metric": clause.metric,
        "slice": clause.slice,
        "side": held.side,
        "bound": Number(id=name, value=held.bound, unit="share", assumed=True),
        "rate": number,
    }
    if how == "kept_here" and ground.evidence is not None:
        given["sources"] = _sources(ground.evidence)
    if how == "blocked" and ground.verdict is not None:
        given["codes"] = ", ".join(ground.verdict.blockers)
    seen = _seen(ground, clause.metric, number)
    return Draft(f"clause.{clause.id}", how, given, seen)


def _blocked(ground: Ground) -> bool:
    return ground.verdict is not None and ground.verdict.rule == "blocker"


def _is_few(ground: Ground) -> bool:
    return ground.evidence is not None and ground.evidence.few_sources


def _acceptable(ground: Ground) -> Number:
    expected = ground.framing.expectations
    value = expected.acceptable_error if expected else None
    return Number(id="framing.acceptable_error", value=value, assumed=True)


def _sources(evidence: Evidence) -> Number:
    return Number(
        id="error.sources",
        value=float(evidence.sources or 0),
        unit=evidence.scenario.cluster_name,
        rows="all",
    )


def _seen(ground: Ground, metric: str, number: Number | None) -> Seen | None:
    if number is None or number.k is None or number.n is None:
        return None
    rows: dict[Rows | None, str] = {"all": ALL_ROWS}
    counts = {metric: Count(k=number.k, n=number.n)}
    return _seen_counts(ground, counts, rows.get(number.rows, KEPT_ASIDE))


def _seen_counts(ground: Ground, counts: dict[str, Count], rows: str) -> Seen:
    data = ground.evidence.digest if ground.evidence else ""
    return Seen(figures=counts, rows=rows, data=data)


# --- what the record is held against --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carried:
    """What statements that rest on rows come to now, by what they are about.

    ``figures`` are their counts; ``not_yet`` the promises that the rows do not carry.
    """

    figures: Mapping[str, Mapping[str, Count]]
    not_yet: frozenset[str]


def carried_now(ground: Ground) -> Carried:
    """Say what rests on rows, and which promises these do not carry now."""
    people = tuple(_people(ground))
    proven = (*_promise(ground), *_kept_clauses(ground), *people)
    unproven = (*_unproven(ground), *_unproven_clauses(ground))
    told = (*proven, *unproven, *_few_sources(ground))
    not_yet = {one.about for one in unproven}
    if ground.verdict is not None and not people:
        not_yet.add("people")
    return Carried(
        {one.about: one.seen.figures for one in told if one.seen is not None},
        frozenset(not_yet),
    )
