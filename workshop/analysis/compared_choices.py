"""Which choices can records be compared by, and how is a record asked for each?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from workshop.analysis.compared_agreed import (
    clause_keys,
    clause_topic,
    held_in,
    result_topic,
    rights,
)
from workshop.analysis.compared_values import (
    ABSENT,
    UNDECIDED,
    Read,
    Topic,
    Value,
    fold,
    saw_of,
    stated,
)
from workshop.record.agreed import Agreement
from workshop.record.choices import Floor, ImpactChoice, Record
from workshop.record.framed import Expectations, Framing
from workshop.record.terms import BUSINESS, METRICS


def topics_of(records: Sequence[Record], as_of: str = "") -> tuple[Topic, ...]:
    """Return every choice that can be compared, in the order of the journey.

    Those of the first five steps are always there; decisions, clauses, what was not
    agreed and what came of it where at least one record has them.
    """
    clauses = clause_keys(records)
    return (
        *FIXED,
        *rights(records),
        *(clause_topic(i, key) for i, key in enumerate(clauses, 1)),
        LOOK_BACK,
        *((LEFT,) if any(_has_left(record) for record in records) else ()),
        *(
            result_topic(i, key)
            for i, key in enumerate(clauses, 1)
            if any(held_in(record, key, as_of) for record in records)
        ),
    )


# --- one reader for each choice of the journey ---------------------------------------


def _words(get: Callable[[Record], str]) -> Read:
    def read(record: Record, id: str, as_of: str) -> Value:
        text = get(record).strip()
        return Value(words={"text": text}) if text else UNDECIDED

    return read


def _outcome(record: Record, id: str, as_of: str) -> Value:
    outcome = _framing(record).outcome
    if outcome is None:
        return UNDECIDED
    return Value(
        words={"measure": outcome.measure},
        terms={"by": outcome.by or ""},
        numbers={
            "from": stated(f"{id}.from", outcome.from_, ""),
            "to": stated(f"{id}.to", outcome.to, ""),
        },
        leads="to",
        basis=fold(outcome.measure),
    )


def _acceptable(record: Record, id: str, as_of: str) -> Value:
    share = _expectations(record).acceptable_error
    if share is None:
        return UNDECIDED
    return Value(
        numbers={"share": stated(f"{id}.share", share, "share")}, leads="share"
    )


def _ratio(record: Record, id: str, as_of: str) -> Value:
    ratio = _framing(record).ratio
    if ratio is None:
        return UNDECIDED
    number = stated(f"{id}.ratio", ratio, "false alarms per miss")
    return Value(numbers={"ratio": number}, leads="ratio")


def _fallback(record: Record, id: str, as_of: str) -> Value:
    framing = _framing(record)
    said = framing.when_unsure
    kind = _expectations(record).fallback or (said.fallback if said else None)
    if kind is None:
        return UNDECIDED
    aside = {"says": said.says} if said and said.says else {}
    return Value(terms={"fallback": kind}, aside=aside)


def _risks(record: Record, id: str, as_of: str) -> Value:
    if record.data_review is None:
        return UNDECIDED
    risks = {risk.finding: risk for risk in record.data_review.accepted}
    seen = next((r.seen for r in risks.values() if r.seen is not None), None)
    return Value(terms={code: code for code in sorted(risks)}, saw=saw_of(seen, id))


def _policy(record: Record, id: str, as_of: str) -> Value:
    if record.threshold is None:
        return UNDECIDED
    policy = record.threshold.policy
    cuts = {"act_at": policy.act_at, "review_at": policy.review_at}
    used = {"single": ("act_at",), "review_band": ("act_at", "review_at")}
    numbers = {
        name: stated(f"{id}.{name}", cuts[name], "score")
        for name in used.get(policy.kind, ())
    }
    if policy.kind == "random":
        numbers["volume"] = stated(f"{id}.volume", policy.volume, "share")
    # Scores of two options share no scale: the same cut on another one is another line.
    on = {"option": record.option} if numbers and record.option else {}
    return Value(
        words=on,
        terms={"kind": policy.kind},
        numbers=numbers,
        leads="act_at" if "act_at" in numbers else "",
        basis=f"{policy.kind} {record.option or ''}",
        saw=saw_of(record.threshold.seen, id),
    )


def _option(record: Record, id: str, as_of: str) -> Value:
    if record.option is None:
        return UNDECIDED
    seen = record.impact.seen if record.impact else None
    return Value(words={"option": record.option}, saw=saw_of(seen, id))


def _floor(side: Literal["model_floor", "business_floor"]) -> Read:
    def read(record: Record, id: str, as_of: str) -> Value:
        impact = record.impact or ImpactChoice()
        floor: Floor | None = getattr(impact, side)
        return UNDECIDED if floor is None else _floor_value(floor, id)

    return read


def _floor_value(floor: Floor, id: str) -> Value:
    bounds = {"at_least": floor.at_least, "at_most": floor.at_most}
    unit = _unit_of(floor)
    numbers = {
        name: stated(f"{id}.{name}", bound, unit)
        for name, bound in bounds.items()
        if bound is not None
    }
    leads = next(iter(numbers), "")
    named = floor.metric or (floor.measure if floor.measure in METRICS else "")
    words = {} if floor.measure in METRICS else {"measure": floor.measure}
    terms = {"metric": named} if named else {}
    basis = f"{named or fold(floor.measure)} {leads}"
    return Value(words=words, terms=terms, numbers=numbers, leads=leads, basis=basis)


def _unit_of(floor: Floor) -> str:
    if floor.metric is not None:
        return BUSINESS[floor.metric].unit
    return METRICS[floor.measure].unit if floor.measure in METRICS else ""


def _look_back(record: Record, id: str, as_of: str) -> Value:
    date = (record.agreement or Agreement()).retrospective
    return Value(terms={"date": date}) if date else UNDECIDED


def _left(record: Record, id: str, as_of: str) -> Value:
    """What a pair wrote down as not agreed, in its own words."""
    left = (record.agreement or Agreement()).not_agreed
    if not left:
        return ABSENT
    points = sorted(item.about for item in left)
    return Value(words={str(i): about for i, about in enumerate(points)})


def _has_left(record: Record) -> bool:
    return bool(record.agreement and record.agreement.not_agreed)


def _framing(record: Record) -> Framing:
    return record.framing or Framing()


def _expectations(record: Record) -> Expectations:
    return _framing(record).expectations or Expectations()


# --- the choices that are always there -----------------------------------------------

FIXED: tuple[Topic, ...] = (
    Topic(
        "counts_as_wrong",
        "start",
        "words",
        "framing.counts_as_wrong",
        _words(lambda record: _framing(record).counts_as_wrong),
    ),
    Topic("outcome", "framing", "outcome", "framing.outcome", _outcome),
    Topic(
        "acceptable_error",
        "framing",
        "share",
        "framing.expectations.acceptable_error",
        _acceptable,
    ),
    Topic("ratio", "framing", "ratio", "framing.ratio", _ratio),
    Topic(
        "fallback", "framing", "fallback", "framing.expectations.fallback", _fallback
    ),
    Topic(
        "last_word",
        "framing",
        "words",
        "framing.last_word_today",
        _words(lambda record: _framing(record).last_word_today),
    ),
    Topic("risks", "data_readiness", "risks", "data_review.accepted", _risks),
    Topic("threshold", "threshold", "policy", "threshold", _policy),
    Topic("option", "user_impact", "option", "option", _option),
    Topic(
        "model_floor",
        "user_impact",
        "floor",
        "impact.model_floor",
        _floor("model_floor"),
    ),
    Topic(
        "business_floor",
        "user_impact",
        "floor",
        "impact.business_floor",
        _floor("business_floor"),
    ),
)
LOOK_BACK = Topic(
    "look_back", "agreement", "date", "agreement.retrospective", _look_back
)
LEFT = Topic("left", "agreement", "left", "agreement.not_agreed", _left)
