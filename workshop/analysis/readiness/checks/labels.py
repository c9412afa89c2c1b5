"""Can the labels themselves be trusted: by a second look, and by a second person?"""

from __future__ import annotations

import math
from itertools import combinations

from workshop.analysis.agreement_stats import (
    COHEN,
    KRIPPENDORFF,
    Alpha,
    Kappa,
    cohen_kappa,
    krippendorff_alpha,
    pair_table,
    word_counts,
)
from workshop.analysis.intervals import rate
from workshop.analysis.readiness.checks.sizes import MOST_DETAILS, listed, quantity
from workshop.analysis.readiness.checks.training import trained
from workshop.analysis.readiness.findings import CannotTell, Detail, NotApplicable
from workshop.analysis.readiness.given import Annotations, ReviewInput
from workshop.analysis.readiness.registry import Found, check
from workshop.record.values import Number

SOME_WRONG, MANY_WRONG = 0.01, 0.05
"""Share of labels that are likely wrong, by the lower bound: worth knowing, and acting
on."""

POOR, TENTATIVE, RELIABLE = 0.4, 0.667, 0.8
"""Krippendorff (2004): from 0.8 reliable, under 0.667 not even for tentative
conclusions; under 0.4 is poor by Fleiss, Levin & Paik (2003)."""

FEW_JUDGED_TWICE, ENOUGH_JUDGED_TWICE = 10, 30
"""Under ten cases judged twice, no interval is worth showing; under thirty, none is
good enough to pass on: large-sample bounds hold the truth too seldom there."""


@check("DR017", "label quality", threatens="promise", owner="both")
def suspected_label_errors(given: ReviewInput) -> Found | None:
    """Labels that a model which never saw them finds most unlikely.

    Fires on the lower bound of the share suspected: a note from one of 100, a warning
    from five. At stake is that share: an error rate can be off by as much.
    """
    found = trained(given)
    suspected = found.suspected
    if suspected is None or suspected.value is None or suspected.lo is None:
        raise CannotTell("not_estimated")
    if suspected.lo < SOME_WRONG:
        return None
    count = len(found.suspects)
    minutes = given.labelling.minutes_per_label if given.labelling else None
    hours = None if minutes is None else count * minutes / 60
    numbers = {
        "suspected": suspected,
        "listed": quantity("DR017.listed", count, "rows"),
        "hours": quantity("DR017.hours", hours, "hours"),
    }
    first = found.suspects[:MOST_DETAILS]
    return Found(
        "warning" if suspected.lo >= MANY_WRONG else "note",
        numbers,
        {"rows": listed([one.key for one in found.suspects])},
        quantity("DR017.at_stake", suspected.value, "share"),
        tuple(
            Detail(s.key, {"chance": quantity(f"DR017.{i}.chance", s.chance, "share")})
            for i, s in enumerate(first)
        ),
    )


@check("DR018", "label quality", threatens="promise", owner="product")
def annotator_agreement(given: ReviewInput) -> Found | None:
    """People who judged the same rows do not agree enough beyond chance.

    Cohen's kappa for two, Krippendorff's alpha for more or where not all judged all.
    Passed when the whole interval lies from 0.667 on, by 30 cases at least; blocker
    when it lies wholly under 0.4; warning when wholly under 0.8; else these cases
    cannot tell. At stake is half of the raw disagreement: where two disagree, one of
    them is wrong.
    """
    said = given.annotations
    if said is None or len(said.names) < 2:
        raise NotApplicable("no_annotators")
    cases = _judged_twice(said)
    few = {
        "cases": quantity("DR018.cases", cases, "cases"),
        "enough": quantity("DR018.enough", ENOUGH_JUDGED_TWICE, "cases"),
    }
    if cases < FEW_JUDGED_TWICE:
        raise CannotTell("too_few_pairs", few)
    found = _agreement(said)
    if found.value is None or found.lo is None or found.hi is None:
        raise CannotTell("one_word")
    beyond = _beyond_chance("DR018.agreement", found)
    if found.lo >= TENTATIVE:
        if cases < ENOUGH_JUDGED_TWICE:
            raise CannotTell("too_few_pairs", few)
        return None
    if found.hi >= RELIABLE:
        needed = quantity("DR018.needed", _cases_to_tell(found), "cases")
        raise CannotTell("too_wide", {"agreement": beyond, "needed": needed})
    return _disagreement(said, found, beyond)


def _disagreement(said: Annotations, found: Kappa | Alpha, beyond: Number) -> Found:
    """What people who do not agree enough said, and on what they do agree."""
    assert found.hi is not None  # as it was just told apart from enough
    word, common = _commonest(said)
    return Found(
        "blocker" if found.hi < POOR else "warning",
        {
            "agreement": beyond,
            "same": rate("DR018.same", found.agreed, found.n, rows="all"),
            "commonest": common,
            "people": quantity("DR018.people", len(said.names), "people"),
        },
        {"word": word},
        quantity("DR018.at_stake", found.apart / 2, "share"),
        _pairs(said),
    )


def _judged_twice(said: Annotations) -> int:
    by_case = zip(*said.labels, strict=True)
    return sum(sum(word is not None for word in words) >= 2 for words in by_case)


def _agreement(said: Annotations) -> Kappa | Alpha:
    if len(said.names) == 2:
        return cohen_kappa(pair_table(*said.labels))
    return krippendorff_alpha(said.labels)


def _beyond_chance(id: str, found: Kappa | Alpha) -> Number:
    cohen = isinstance(found, Kappa)
    return Number(
        id=id,
        value=found.value,
        n=found.n,
        lo=found.lo,
        hi=found.hi,
        level=found.level,
        method=COHEN if cohen else KRIPPENDORFF,
        rows="all",
        unit="kappa" if cohen else "alpha",
    )


def _cases_to_tell(found: Kappa | Alpha) -> int:
    """Cases from which the interval fits between the two marks: width goes as 1/√n."""
    assert found.lo is not None
    assert found.hi is not None
    wider = (found.hi - found.lo) / (RELIABLE - TENTATIVE)
    return math.ceil(found.n * max(1.0, wider) ** 2)


def _commonest(said: Annotations) -> tuple[str, Number]:
    """The word used most, and its share of all that was said."""
    counts = word_counts(said.labels).sum(axis=0)
    words = sorted({w for one in said.labels for w in one if w is not None})
    at = int(counts.argmax())
    share = rate("DR018.commonest", int(counts[at]), int(counts.sum()), rows="all")
    return words[at], share


def _pairs(said: Annotations) -> tuple[Detail, ...]:
    """Each two people, those who agree least first."""
    found = []
    people = zip(said.names, said.labels, strict=True)
    for (one, first), (other, second) in combinations(people, 2):
        table = pair_table(first, second)
        if table.sum():
            found.append((f"{one}, {other}", cohen_kappa(table)))
    found.sort(key=lambda pair: (pair[1].value is None, pair[1].value))
    return tuple(
        Detail(
            names,
            {
                "same": rate(f"DR018.{i}.same", kappa.agreed, kappa.n, rows="all"),
                "agreement": _beyond_chance(f"DR018.{i}.agreement", kappa),
            },
        )
        for i, (names, kappa) in enumerate(found[:MOST_DETAILS])
    )
