"""Records beside each other: what is the same, how far apart, and what each saw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.compared import Choice, Compared, compare_records
from workshop.analysis.compared_values import fold
from workshop.record.agreed import Agreement, DecisionRight, NotAgreed, Retrospective
from workshop.record.choices import (
    AcceptedRisk,
    DataReview,
    Floor,
    ImpactChoice,
    Record,
    ThresholdChoice,
)
from workshop.record.framed import Expectations, Framing, Outcome
from workshop.record.values import Clause, Count, Policy, Seen

ONE, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def record(**sections) -> Record:
    return Record(scenario="tiny", **sections)


def compared(*records: Record, as_of: str = "") -> Compared:
    labels = [f"pair {i}" for i, _ in enumerate(records, 1)]
    return compare_records(records, labels=labels, as_of=as_of)


def choice(found: Compared, id: str) -> Choice:
    return next(one for one in found.choices if one.id == id)


def framed(**given) -> Record:
    return record(framing=Framing(**given))


def seen(data: str = ONE, **figures: tuple[int, int]) -> Seen:
    counts = {name: Count(k=k, n=n) for name, (k, n) in figures.items()}
    return Seen(figures=counts, rows="kept aside", data=data)


def promised(clause: Clause, *looks: Retrospective) -> Record:
    return record(agreement=Agreement(clauses=(clause,)), retrospectives=looks)


WRONG = Clause(id="C1", metric="error_among_answered", at_most=0.3, then="pause")


def test_a_record_agrees_with_itself_on_all_that_it_has_decided():
    same = framed(ratio=2, counts_as_wrong="too late")
    found = compared(same, same)
    assert [c.id for c in found.alike] == ["counts_as_wrong", "ratio"]
    assert found.differing == ()
    assert found.furthest is None


def test_what_nobody_has_decided_is_no_agreement():
    found = compared(record(), record())
    assert found.alike == found.differing == ()
    assert found.undecided == found.choices


def test_what_differs_comes_first_in_the_order_of_the_journey():
    one = framed(counts_as_wrong="x", ratio=2, last_word_today="Ada")
    other = framed(counts_as_wrong="y", ratio=3, last_word_today="Ada")
    assert [c.id for c in compared(one, other).choices][:4] == [
        "counts_as_wrong",
        "ratio",
        "last_word",
        "outcome",
    ]


def test_undecided_beside_decided_differs():
    found = choice(compared(framed(ratio=2), record()), "ratio")
    assert not found.same
    assert [v.state for v in found.values] == ["said", "undecided"]


def test_case_spaces_and_a_last_full_stop_make_no_other_words():
    one, other = (
        framed(counts_as_wrong="Too late."),
        framed(counts_as_wrong="too  late"),
    )
    assert choice(compared(one, other), "counts_as_wrong").same


def test_how_far_apart_two_ratios_are():
    found = compared(framed(ratio=0.5), framed(ratio=2))
    spread = choice(found, "ratio").spread
    assert spread is not None
    ends = spread.low.value, spread.middle.value, spread.high.value
    assert ends == (0.5, 1.25, 2)
    assert spread.apart.value == 1.5
    assert spread.relative == 0.75
    assert found.furthest == choice(found, "ratio")


def test_the_choice_furthest_apart_for_its_size_is_named():
    def said(ratio: float, error: float) -> Record:
        return framed(ratio=ratio, expectations=Expectations(acceptable_error=error))

    found = compared(said(10, 0.1), said(12, 0.3))
    assert found.furthest is not None
    assert found.furthest.id == "acceptable_error"


def test_targets_of_other_measures_are_not_set_side_by_side():
    hours = Outcome(measure="hours", **{"from": 9, "to": 5}, by="2027-06")
    calls = Outcome(measure="calls", **{"from": 900, "to": 500}, by="2027-06")
    found = choice(compared(framed(outcome=hours), framed(outcome=calls)), "outcome")
    assert not found.same
    assert found.spread is None


def test_cuts_of_other_options_are_not_set_side_by_side():
    line = ThresholdChoice(policy=Policy(kind="single", act_at=0.4))
    later = ThresholdChoice(policy=Policy(kind="single", act_at=0.9))
    one, other = record(threshold=line, option="a"), record(threshold=later, option="b")
    assert choice(compared(one, other), "threshold").spread is None
    same = choice(compared(one, record(threshold=later, option="a")), "threshold")
    assert same.spread is not None
    assert same.spread.relative is None, "a score has no size"


def test_each_choice_says_what_was_seen_and_whether_it_was_the_same_data():
    def line(data: str) -> Record:
        policy = Policy(kind="single", act_at=0.4)
        saw = seen(data, coverage=(90, 152))
        return record(threshold=ThresholdChoice(policy=policy, seen=saw))

    same, other = compared(line(ONE), line(ONE)), compared(line(ONE), line(OTHER))
    assert choice(same, "threshold").data == "same"
    assert choice(other, "threshold").data == "other"
    assert other.data == (ONE, OTHER)
    saw = choice(other, "threshold").values[1].saw
    assert saw is not None
    assert (saw.data_as, saw.rows) == (2, "kept aside")
    coverage = saw.figures["coverage"]
    assert (coverage.k, coverage.n) == (90, 152)
    assert coverage.lo is coverage.hi is None, "how rows hang together is not known"


def test_seen_by_only_one_of_two_is_not_known_to_be_the_same():
    policy = Policy(kind="single", act_at=0.4)
    one = record(threshold=ThresholdChoice(policy=policy, seen=seen(coverage=(1, 2))))
    other = record(threshold=ThresholdChoice(policy=policy))
    assert choice(compared(one, other), "threshold").data == "unknown"
    assert choice(compared(one, record()), "threshold").data == ""


def test_a_digest_cut_short_is_the_same_data():
    def line(data: str) -> Record:
        policy = Policy(kind="single", act_at=0.4)
        return record(threshold=ThresholdChoice(policy=policy, seen=seen(data)))

    assert compared(line(ONE), line(ONE[:20])).data == (ONE,)


def test_what_was_not_agreed_is_marked_with_both_positions():
    left = NotAgreed(about="framing.ratio", product="two", engineering="five")
    one = record(agreement=Agreement(not_agreed=(left,)))
    value = choice(compared(one, framed(ratio=2)), "ratio").values[0]
    assert value.state == "not_agreed"
    assert (value.aside["product"], value.aside["engineering"]) == ("two", "five")


def test_a_place_that_is_disputed_as_a_whole_leaves_alone_what_was_said_in_it():
    left = NotAgreed(about="framing.expectations")
    one = record(
        framing=Framing(expectations=Expectations(fallback="human")),
        agreement=Agreement(not_agreed=(left,)),
    )
    found = compared(one, one)
    assert choice(found, "fallback").values[0].state == "said"
    assert choice(found, "acceptable_error").values[0].state == "not_agreed"


def test_accepted_risks_are_compared_as_a_set():
    def living_with(*codes: str) -> Record:
        risks = tuple(AcceptedRisk(finding=code, reason="so") for code in codes)
        return record(data_review=DataReview(accepted=risks))

    one, turned = living_with("DR002", "DR003"), living_with("DR003", "DR002")
    assert choice(compared(one, turned), "risks").same
    assert not choice(compared(one, living_with()), "risks").same


def test_clauses_are_one_choice_by_metric_side_and_slice_whatever_their_id():
    tighter = WRONG.model_copy(update={"id": "mine", "at_most": 0.1, "then": "stop"})
    sliced = WRONG.model_copy(update={"slice": "shop=a"})
    found = compared(promised(WRONG), promised(tighter), promised(sliced))
    rows = [c for c in found.choices if c.kind == "clause"]
    assert [c.about for c in rows] == [
        "error_among_answered",
        "error_among_answered shop=a",
    ]
    assert [v.state for v in rows[0].values] == ["said", "said", "absent"]
    assert rows[0].spread is not None
    assert rows[0].spread.apart.value == pytest.approx(0.2)


def test_what_follows_a_broken_clause_is_shown_and_not_compared():
    other = WRONG.model_copy(update={"then": "we stop"})
    found = choice(compared(promised(WRONG), promised(other)), "clause.1")
    assert found.same
    assert [v.aside["then"] for v in found.values] == ["pause", "we stop"]


def test_floors_are_compared_by_what_is_computed():
    def floor(bound: float) -> Record:
        money = Floor(measure="money", metric="money", at_least=bound)
        return record(impact=ImpactChoice(business_floor=money))

    spread = choice(compared(floor(100), floor(300)), "business_floor").spread
    assert spread is not None
    assert (spread.apart.value, spread.apart.unit) == (200, "money")


def test_who_decides_is_a_choice_for_each_decision():
    def decided(*rights: DecisionRight) -> Record:
        return record(agreement=Agreement(decides=rights))

    one = decided(DecisionRight(decision="Release", owner="product"))
    other = decided(
        DecisionRight(decision="release", owner="engineering"),
        DecisionRight(decision="rename it", owner="both"),
    )
    found = compared(one, other)
    assert not choice(found, "right.release").same
    own = choice(found, "right.own_1")
    assert own.about == "rename it"
    assert [v.state for v in own.values] == ["absent", "said"]


def look(at: str, state: str, k: int, n: int) -> Retrospective:
    counts = {"C1": Count(k=k, n=n)}
    return Retrospective(at=at, data=OTHER, clauses={"C1": state}, counts=counts)


def test_months_differ_by_what_came_of_the_promise():
    first = look("2027-02-01T10:00:00+00:00", "kept", 20, 100)
    then = look("2027-03-01T10:00:00+00:00", "broken", 50, 100)
    found = compared(
        promised(WRONG), promised(WRONG, first), promised(WRONG, first, then)
    )
    result = choice(found, "result.1")
    assert [v.state for v in result.values] == ["absent", "said", "said"]
    assert [v.terms.get("state") for v in result.values] == [None, "kept", "broken"]
    saw = result.values[2].saw
    assert saw is not None
    assert saw.figures["error_among_answered"].k == 50


def test_a_look_after_the_day_that_counts_as_today_is_left_out():
    late = look("2027-03-01T10:00:00+00:00", "broken", 50, 100)
    found = compared(promised(WRONG), promised(WRONG, late), as_of="2027-02-15")
    assert "result.1" not in [c.id for c in found.choices]


@pytest.mark.parametrize("labels", [["a"], ["a", "a"], ["a", "b", "c"]])
def test_each_record_needs_a_name_of_its_own(labels):
    with pytest.raises(ValueError, match="label"):
        compare_records([record(), record()], labels=labels)


def test_one_record_is_not_compared():
    with pytest.raises(ValueError, match="two"):
        compare_records([record()], labels=["a"])


ratios = st.one_of(st.none(), st.floats(0.01, 1e4))
records = st.builds(
    lambda ratio, words, error: framed(
        ratio=ratio,
        counts_as_wrong=words,
        expectations=Expectations(acceptable_error=error),
    ),
    ratios,
    st.sampled_from(["", "late", "Late.", "wrong"]),
    st.one_of(st.none(), st.floats(0, 1)),
)


@given(st.lists(records, min_size=2, max_size=6))
def test_every_choice_is_in_one_group_and_ids_of_numbers_are_unique(given_records):
    found = compared(*given_records)
    groups = (*found.differing, *found.alike, *found.undecided)
    assert groups == found.choices
    ids = [n.id for c in found.choices for v in c.values for n in v.numbers.values()]
    assert len(ids) == len(set(ids))


@given(st.lists(records, min_size=2, max_size=5), st.randoms())
def test_the_order_of_records_changes_nothing_but_the_order(given_records, random):
    turned = list(given_records)
    random.shuffle(turned)
    one, other = compared(*given_records), compared(*turned)
    for before in one.choices:
        after = choice(other, before.id)
        assert (before.same, before.open) == (after.same, after.open)
        if before.spread:
            assert after.spread is not None
            assert before.spread.apart.value == after.spread.apart.value


@given(st.text())
def test_folding_words_twice_is_folding_them_once(text):
    once = fold(text)
    assert fold(once) == once or text.count(".") > 1


def test_the_same_cut_on_another_option_is_another_line():
    """Scores of two options share no scale."""
    policy = ThresholdChoice(policy=Policy(kind="single", act_at=0.106))
    one, other = (record(threshold=policy, option=name) for name in ("model", "B"))
    assert "threshold" in {c.id for c in compared(one, other).differing}
    assert "threshold" in {c.id for c in compared(one, one).alike}


def test_open_points_are_the_same_in_any_order():
    points = tuple(NotAgreed(about=about) for about in ("one", "two"))
    first, second = (
        record(agreement=Agreement(not_agreed=given))
        for given in (points, points[::-1])
    )
    assert compared(first, second).differing == ()


def test_where_the_figures_are_the_same_nothing_is_said_to_lie_apart():
    one, other = (
        framed(outcome=Outcome(**{"measure": "hours", "from": 9, "to": 4, "by": by}))
        for by in ("2027-01", "2027-06")
    )
    (target,) = compared(one, other).differing
    assert target.spread is None


def test_what_came_later_is_not_the_data_that_was_chosen_on():
    looked = promised(WRONG, look("2027-02-01T10:00:00+00:00", "kept", 20, 100))
    chosen = ThresholdChoice(policy=Policy(kind="all"), seen=seen())
    one = looked.model_copy(update={"threshold": chosen})
    assert compared(one, one).data == (ONE,)
