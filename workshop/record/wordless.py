"""What is left of a record when nothing stays that somebody typed?

Numbers, names from the house's closed lists, and nothing else: what may be told of a
pair that did not choose to be named. Whatever is new in a record is left out until it
is listed here.
"""

from __future__ import annotations

from collections.abc import Collection

from workshop.record.agreed import Agreement, DecisionRight, NotAgreed
from workshop.record.bets import Bets
from workshop.record.borrowed import PARTS, give_back, is_borrowed
from workshop.record.choices import Record, ThresholdChoice
from workshop.record.framed import Expectations, Framing, WhenUnsure
from workshop.record.terms import DECISIONS
from workshop.record.values import Clause

PLACES = frozenset(
    {
        "framing.counts_as_wrong",
        "framing.outcome",
        "framing.questions",
        "framing.expectations",
        "framing.ratio",
        "data_review",
        "threshold",
        "option",
        "impact",
        "agreement.decides",
        "agreement.clauses",
        "agreement.escalation",
        "agreement.rituals",
        "agreement.actions",
    }
)
"""Places of a record that a pair can save as not agreed by a press of a button."""

OTHER_OPTION = "other"
"""Stands for an option that the scenario does not have: somebody's own words."""

_NO_SEAL = "sha256:0000"


def wordless(record: Record, *, options: Collection[str]) -> Record:
    """Return a record's numbers and closed names; every text that was typed is gone.

    Parameters
    ----------
    record
        As it stands.
    options
        The ids of the scenario's options; any other is `OTHER_OPTION`.
    """
    option = record.option
    return Record(
        scenario="",
        pulse=record.pulse,
        bets=_bets(record.bets),
        framing=_framing(record.framing),
        marks=record.marks,
        threshold=ThresholdChoice(policy=record.threshold.policy)
        if record.threshold
        else None,
        option=option if option is None or option in options else OTHER_OPTION,
        agreement=_agreement(record.agreement),
        borrowed=tuple(part for part in record.borrowed if is_borrowed(record, part)),
    )


def own_only(record: Record) -> Record:
    """Return a record without what was taken from the example."""
    for step in PARTS:
        record = record.model_copy(update=give_back(record, step))
    return record


def _bets(bets: Bets | None) -> Bets | None:
    if bets is None or not bets.opened:
        return None
    opened = {
        seat: bet.model_copy(update={"guess": "", "nonce": ""})
        for seat, bet in bets.opened.items()
    }
    rounds = tuple(later.model_copy(update={"at": ""}) for later in bets.rounds)
    sealed = dict.fromkeys(opened, _NO_SEAL)
    return Bets(sealed=sealed, opened=opened, rounds=rounds)


def _framing(framing: Framing | None) -> Framing | None:
    if framing is None:
        return None
    said, unsure = framing.expectations, framing.when_unsure
    return Framing(
        ratio=framing.ratio,
        expectations=Expectations(
            acceptable_error=said.acceptable_error, fallback=said.fallback
        )
        if said
        else None,
        when_unsure=WhenUnsure(fallback=unsure.fallback) if unsure else None,
    )


def _agreement(agreement: Agreement | None) -> Agreement | None:
    if agreement is None:
        return None
    ours = {_plain(words): words for words in DECISIONS.values()}
    rights = tuple(
        DecisionRight(
            decision=ours[_plain(right.decision)],
            owner=right.owner,
            consulted=right.consulted,
        )
        for right in agreement.decides
        if _plain(right.decision) in ours
    )
    return Agreement(
        decides=rights,
        clauses=_clauses(agreement.clauses),
        retrospective=agreement.retrospective,
        not_agreed=tuple(
            NotAgreed(about=item.about if item.about in PLACES else "")
            for item in agreement.not_agreed
        ),
    )


def _clauses(clauses: Collection[Clause]) -> tuple[Clause, ...]:
    """Bounds for everybody; a slice is words of the pair's own."""
    return tuple(
        Clause(
            id=f"C{place}",
            metric=clause.metric,
            at_most=clause.at_most,
            at_least=clause.at_least,
            owner=clause.owner,
        )
        for place, clause in enumerate(clauses, start=1)
        if not clause.slice
    )


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".")
