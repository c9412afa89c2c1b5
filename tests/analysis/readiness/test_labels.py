"""Labels that may be wrong, and people who label: judged by a second look."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.readiness.builders import Case, only, plain, same
from workshop.analysis.intervals import rate
from workshop.analysis.readiness.given import Annotations
from workshop.analysis.readiness.registry import CHECKS
from workshop.analysis.trained import Suspect, Trained
from workshop.record.values import Number

SUSPECTS = tuple(Suspect(f"r{i}", True, 0.01 + i / 1000) for i in range(40))


def trained(**changes):
    found = Trained(rows=2000, positives=600, suspects=SUSPECTS, **changes)
    return only(trained=found)


def suspected(k: int, n: int = 2000):
    return trained(suspected=rate("trained.suspected", k, n, rows="all"))


def why_not(reason: str):
    return only(trained=Trained(rows=0, positives=0, why_not=reason))


def said(*labels, names=("ann", "bob", "cem", "dee")):
    return only(annotations=Annotations(names[: len(labels)], tuple(labels)))


def two(same_yes: int, first_yes: int, second_yes: int, same_no: int):
    """Two people's labels from the four cells of their table."""
    cells = (("y", "y", same_yes), ("y", "n", first_yes), ("n", "y", second_yes))
    pairs = [(a, b) for a, b, k in (*cells, ("n", "n", same_no)) for _ in range(k)]
    return tuple(zip(*pairs, strict=True))


def drawn(people: int, cases: int, right: float, seed: int = 3):
    """People who each say the truth with that chance."""
    rng = np.random.default_rng(seed)
    truth = rng.random(cases) < 0.5
    hits = rng.random((people, cases)) < right
    return tuple(
        tuple("y" if t == hit else "n" for t, hit in zip(truth, row, strict=True))
        for row in hits
    )


CASES: dict[str, tuple[Case, ...]] = {
    "DR017": (
        Case(suspected(10), "passed"),
        Case(suspected(60), "finding", "note", names=("r0, r1, r2", "40 most")),
        Case(suspected(300), "finding", "warning"),
        Case(same, "not_applicable", reason="not_asked"),
        *(
            Case(why_not(reason), "not_applicable", reason=reason)
            for reason in ("not_asked", "no_label", "one_class", "no_features")
        ),
        Case(why_not("too_few_rows"), "cannot_tell", reason="too_few_rows"),
        Case(trained(), "cannot_tell", reason="not_estimated"),
    ),
    "DR018": (
        Case(said(*two(450, 25, 25, 500)), "passed"),
        Case(
            said(*two(400, 100, 100, 400)),
            "finding",
            "warning",
            names=("Of 1,000", "same on 800"),
        ),
        Case(said(*two(300, 200, 200, 300)), "finding", "blocker"),
        Case(said(*drawn(4, 400, 0.99)), "passed"),
        Case(said(*drawn(4, 400, 0.9)), "finding", "warning"),
        Case(said(*drawn(4, 400, 0.65)), "finding", "blocker"),
        Case(same, "not_applicable", reason="no_annotators"),
        Case(said(("y", "n")), "not_applicable", reason="no_annotators"),
        Case(
            said(("y",) * 20, ("y",) * 9 + (None,) * 11),
            "cannot_tell",
            reason="too_few_pairs",
        ),
        # Ten or twenty cases all alike are too few to pass on.
        Case(said(*two(10, 0, 0, 10)), "cannot_tell", reason="too_few_pairs"),
        Case(said(*two(5, 0, 0, 5)), "cannot_tell", reason="too_wide"),
        Case(said(*two(15, 0, 0, 15)), "passed"),
        Case(said(*two(50, 0, 0, 0)), "cannot_tell", reason="one_word"),
        Case(said(*two(9, 1, 1, 9)), "cannot_tell", reason="too_wide"),
    ),
}


def found(code: str, change):
    return CHECKS[code].run(change(plain()))


def test_the_suspicious_are_listed_with_the_chance_of_their_label():
    finding = found("DR017", suspected(60))
    first = finding.details[0]
    assert (first.about, first.numbers["chance"].value) == ("r0", 0.01)
    assert len(finding.details) == 12
    assert finding.at_stake.value == 0.03


def test_judging_them_again_has_a_price_where_a_label_has():
    assert found("DR017", suspected(60)).numbers["hours"].value == 2  # 40 · 3 minutes
    given = replace(suspected(60)(plain()), labelling=None)
    assert CHECKS["DR017"].run(given).numbers["hours"].value is None


def test_where_two_disagree_one_is_wrong():
    finding = found("DR018", said(*two(400, 100, 100, 400)))
    assert finding.at_stake.value == pytest.approx(0.1)
    assert finding.numbers["agreement"].value == pytest.approx(0.6)
    assert finding.numbers["commonest"].value == 0.5


def test_of_more_than_two_it_is_the_pairs_that_count():
    """Three people, ten cases: on five of them one of the three differs."""
    ann, bob = "y" * 5 + "n" * 5, "y" * 5 + "n" * 5
    finding = found("DR018", said(tuple(ann), tuple(bob), tuple("y" * 10)))
    # two of the three pairs differ on half of the cases: 1/3 of all pairs
    assert finding.at_stake.value == pytest.approx(1 / 6)
    assert finding.numbers["same"].k == 5


def test_those_who_agree_least_stand_first():
    ann, bob, cem = drawn(3, 300, 0.9)
    rng = np.random.default_rng(1)
    dee = tuple("y" if u < 0.5 else "n" for u in rng.random(300))
    finding = found("DR018", said(ann, bob, cem, dee))
    pairs = [d.about for d in finding.details]
    assert len(pairs) == 6
    assert all("dee" in pair for pair in pairs[:3])
    assert isinstance(finding.details[0].numbers["agreement"], Number)


def test_people_who_judged_no_case_in_common_make_no_pair():
    ann = ("y", "n") * 20 + (None,) * 40
    bob = (None,) * 40 + ("y", "n") * 20
    cem = ("n", "y") * 40
    finding = found("DR018", said(ann, bob, cem))
    assert [d.about for d in finding.details] == ["ann, cem", "bob, cem"]


def test_what_cannot_be_told_says_how_many_cases_would_tell():
    from workshop.analysis.readiness.findings import CannotTell

    with pytest.raises(CannotTell) as raised:
        found("DR018", said(*two(9, 1, 1, 9)))
    now, needed = raised.value.numbers["agreement"], raised.value.numbers["needed"]
    wider = (now.hi - now.lo) / (0.8 - 0.667)
    assert needed.value == pytest.approx(20 * wider**2, abs=1)
