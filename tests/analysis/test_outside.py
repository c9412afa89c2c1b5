"""What may be said outside follows from the record, and no promise is too large."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import THAT_DAY
from workshop.analysis.clauses import hold
from workshop.analysis.outside import carried_now, draft_outside
from workshop.analysis.outside_ground import MOST, Draft, Drafts, Ground
from workshop.analysis.policies import Cells
from workshop.analysis.readiness import Verdict
from workshop.data.catalog import find_target
from workshop.record.choices import Record
from workshop.record.values import Clause, Number

SCENARIO = find_target("privacy-assistant").scenario
FRAMING: dict[str, Any] = {
    "counts_as_wrong": "a clause that does not answer",
    "outcome": {"measure": "hours", "from": 600, "to": 420, "by": "2027-06"},
    "expectations": {"acceptable_error": 0.3, "fallback": "human"},
    "when_unsure": {"fallback": "human", "says": "ask us"},
    "promised": "no wrong answers",
}
AGREEMENT: dict[str, Any] = {
    "decides": [{"decision": "release", "owner": "product"}],
    "retrospective": "2027-03",
    "not_agreed": [{"about": "health apps", "decides": "Kim", "by": "2027-01"}],
}
ERROR = Number(
    id="chosen.error_among_answered", value=0.2, k=20, n=100, lo=0.1, hi=0.28,
    level=0.95, method="wilson", rows="report",
)  # fmt: skip
READY = Verdict("ready", "below")
UNSURE = Verdict("cannot_tell", "straddles")


def ground(
    framing: dict[str, Any] | None = None,
    agreement: dict[str, Any] | None = None,
    *,
    today: date = THAT_DAY,
    **given: Any,
) -> Ground:
    said = {
        "scenario": "privacy-assistant",
        "framing": FRAMING | (framing or {}),
        "agreement": AGREEMENT | (agreement or {}),
    }
    record = Record.model_validate(said)
    return Ground(record=record, scenario=SCENARIO, today=today, **given)


def abouts(drafts: tuple[Draft, ...]) -> list[str]:
    return [one.about for one in drafts]


def of(drafts: tuple[Draft, ...], about: str) -> Draft:
    (found,) = (one for one in drafts if one.about == about)
    return found


def clause(id: str, k: int, n: int, **more: Any):
    """Hold a clause "at least 4 of 10 are acted on" against k of n."""
    promised = Clause(id=id, metric="coverage", at_least=0.4, **more)
    return hold(promised, Cells(tp=k, fp=0, fn=n - k, tn=0))


# --- what may be said ----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ready", "ready_with_conditions"])
def test_a_promise_is_said_where_the_rows_kept_aside_carry_it(kind):
    found = draft_outside(ground(verdict=Verdict(kind, "below"), error=ERROR))
    promise = found.may_say[0]
    assert (promise.about, promise.how) == ("error", "kept")
    assert promise.given["bound"].value == 0.3
    assert promise.given["error"] == ERROR
    assert promise.seen.figures["error_among_answered"].k == 20
    assert "error" not in abouts(found.not_yet)


def test_without_a_figure_what_was_agreed_may_be_said_and_nothing_is_promised():
    found = draft_outside(ground())
    assert abouts(found.may_say) == ["outcome", "unsure", "wrong", "look"]
    assert "error" not in abouts(found.not_yet), "no verdict, nothing to say of it"


@pytest.mark.parametrize("part", ["measure", "from", "to", "by"])
def test_an_outcome_that_lacks_a_part_is_not_said(part):
    outcome = {k: v for k, v in FRAMING["outcome"].items() if k != part}
    said = {"measure": ""} | outcome
    assert "outcome" not in abouts(draft_outside(ground({"outcome": said})).may_say)


def test_dates_that_have_passed_are_not_said():
    found = draft_outside(ground(today=date(2028, 1, 1)))
    assert abouts(found.may_say) == ["unsure", "wrong"]


def test_two_fallbacks_that_differ_are_not_said():
    unsure = {"when_unsure": {"fallback": "not_sure"}}
    assert "unsure" not in abouts(draft_outside(ground(unsure)).may_say)
    alone = of(draft_outside(ground({"when_unsure": None})).may_say, "unsure")
    assert (alone.how, alone.given) == ("", {"how": "human"})


@pytest.mark.parametrize(
    ("decides", "how"),
    [
        ([], ""),
        ([{"decision": "Release", "owner": "both"}], "decide"),
        ([{"decision": "release", "owner": "engineering"}], "decides"),
        ([{"decision": "release"}], ""),
        (
            [
                {"decision": "release", "owner": "product"},
                {"decision": "release", "owner": "engineering"},
            ],
            "",
        ),
    ],
)
def test_who_decides_is_said_where_it_is_one(decides, how):
    found = draft_outside(ground(agreement={"decides": decides}))
    assert of(found.may_say, "look").how == how


# --- what not yet --------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["straddles", "above"])
def test_a_promise_that_the_rows_do_not_carry_is_not_said_yet(rule):
    kind = "cannot_tell" if rule == "straddles" else "not_ready"
    found = draft_outside(ground(verdict=Verdict(kind, rule), error=ERROR))
    draft = found.not_yet[0]
    assert (draft.about, draft.how) == ("error", rule)
    assert draft.given["error"] == ERROR
    assert "error" not in abouts(found.may_say)


@pytest.mark.parametrize(
    "rule", ["blocker", "no_promise", "no_threshold", "nothing_answered", "no_rows"]
)
def test_why_nothing_can_be_promised_is_said_without_a_rate(rule):
    verdict = Verdict("cannot_tell", rule, ("DR001", "DR007"))
    draft = draft_outside(ground(verdict=verdict)).not_yet[0]
    assert (draft.about, draft.how, draft.seen) == ("error", rule, None)
    assert draft.given == ({"codes": "DR001, DR007"} if rule == "blocker" else {})


@pytest.mark.parametrize(
    ("promised", "how"),
    [("no wrong answers", "against"), ("half the calls", ""), ("None.", None)],
)
def test_an_earlier_promise_is_not_repeated(promised, how):
    found = draft_outside(ground({"promised": promised})).not_yet
    assert [one.how for one in found if one.about == "promised"] == (
        [] if how is None else [how]
    )


def test_what_is_open_between_the_two_is_not_said_yet():
    assert of(draft_outside(ground()).not_yet, "open").how == "decided"
    undated = {"not_agreed": [{"about": "health apps"}]}
    assert of(draft_outside(ground(agreement=undated)).not_yet, "open").how == ""


def test_clauses_stand_where_the_rows_put_them_and_broken_ones_first():
    held = (clause("A", 420, 1000), clause("B", 100, 1000), clause("C", 800, 1000))
    found = draft_outside(ground(clauses=held))
    assert [one.state for one in held] == ["cannot_tell", "broken", "kept"]
    assert "clause.C" in abouts(found.may_say)
    told = [a for a in abouts(found.not_yet) if a.startswith("clause.")]
    assert told == ["clause.B", "clause.A"]
    assert of(found.may_say, "clause.C").seen.figures["coverage"].k == 800


def test_a_clause_that_nobody_can_hold_is_no_statement():
    assert not any(
        about.startswith("clause")
        for held in (clause("A", 0, 0), hold(clause("A", 1, 2).clause, None))
        for side in vars_of(draft_outside(ground(clauses=(held,))))
        for about in abouts(side)
    )


def test_the_error_of_everybody_is_one_statement_and_of_some_another():
    cells = Cells(tp=90, fp=10, fn=0, tn=0)
    all_ = Clause(id="A", metric="error_among_answered", at_most=0.3)
    some = all_.model_copy(update={"id": "B", "slice": "app=health"})
    held = tuple(hold(one, cells) for one in (all_, some))
    found = draft_outside(ground(verdict=READY, error=ERROR, clauses=held))
    assert "clause.A" not in abouts(found.may_say)
    assert of(found.may_say, "clause.B").given["slice"] == "app=health"


def test_what_it_brings_rests_on_figures_that_nobody_measured():
    assert of(draft_outside(ground()).not_yet, "worth").how == ""
    impact = {"business_floor": {"measure": "hours saved", "at_least": 120}}
    record = ground().record.model_dump(by_alias=True) | {"impact": impact}
    found = draft_outside(
        Ground(record=Record.model_validate(record), scenario=SCENARIO, today=THAT_DAY)
    )
    assert of(found.not_yet, "worth").given["side"] == "at_least"


def test_what_is_counted_on_the_rows_is_no_figure_that_nobody_measured():
    impact = {
        "business_floor": {
            "measure": "calls",
            "metric": "acted_per_success",
            "at_most": 4,
        }
    }
    record = ground().record.model_dump(by_alias=True) | {"impact": impact}
    found = draft_outside(
        Ground(record=Record.model_validate(record), scenario=SCENARIO)
    )
    assert of(found.not_yet, "worth").how == ""


def test_nothing_is_promised_while_a_finding_blocks_every_promise():
    held = (clause("C", 800, 1000),)
    blocked = Verdict("not_ready", "blocker", ("DR001",))
    given_ = ground(verdict=blocked, error=ERROR, clauses=held)
    found = draft_outside(given_)
    assert "clause.C" not in abouts(found.may_say)
    told = of(found.not_yet, "clause.C")
    assert (told.how, told.given["codes"]) == ("blocked", "DR001")
    assert {"error", "clause.C", "people"} <= carried_now(given_).not_yet


# --- on real rows --------------------------------------------------------------------


@cache
def shipped(name: str) -> Drafts:
    import workshop

    return workshop.open_step("05", record=name, interactive=False)._drafts()


SHIPPED_THREE = ("privacy-assistant", "deposit-calls", "flight-disruptions")


@pytest.mark.slow
def test_rows_from_few_sources_promise_nothing_elsewhere():
    privacy = shipped("privacy-assistant")
    kept = [one for one in privacy.may_say if one.about.startswith("clause.")]
    assert {one.how for one in kept} == {"kept_here"}
    assert "people" not in abouts(privacy.may_say)
    few = of(privacy.not_yet, "sources")
    assert few.given["sources"].value == 5
    assert few.given["error"].id == "error.all"
    assert few.seen.rows == "all"
    assert "sources" not in abouts(shipped("flight-disruptions").not_yet)


def test_a_group_with_too_wide_a_range_is_not_spoken_for():
    found = of(shipped("deposit-calls").not_yet, "groups")
    error = found.given["error"]
    assert found.given["column"] in ("age_group", "job")
    assert error.hi - error.lo > 0.2
    assert of(shipped("privacy-assistant").not_yet, "groups").how == "unseen"


def test_people_a_week_are_those_of_the_options():
    import workshop

    step = workshop.open_step("04", record="deposit-calls", interactive=False)
    told = {number.id: number for number in step.section().numbers}
    people = of(shipped("deposit-calls").may_say, "people")
    assert people.given["people"] == told["week.wrong"]
    assert people.given["volume"] == told["week.volume"]
    wrong, acted = (
        people.seen.figures[n] for n in ("error_among_answered", "coverage")
    )
    assert people.given["people"].n == acted.n
    assert wrong.n == acted.k


@pytest.mark.parametrize("name", SHIPPED_THREE)
def test_what_rests_on_rows_says_on_how_many_and_with_which_range(name):
    for side in vars_of(shipped(name)):
        for draft in side:
            rates = [
                number
                for number in draft.given.values()
                if isinstance(number, Number) and number.k is not None
            ]
            for number in rates:
                assert None not in (number.n, number.lo, number.hi, number.level)
            assert (draft.seen is None) == (not rates or draft.about == "groups")


# --- laws ----------------------------------------------------------------------------


def vars_of(drafts: Drafts) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    return drafts.may_say, drafts.not_yet


VERDICTS = st.none() | st.sampled_from(
    [
        READY,
        Verdict("ready_with_conditions", "below_with_warnings"),
        UNSURE,
        Verdict("not_ready", "above"),
        Verdict("not_ready", "blocker", ("DR001",)),
        Verdict("cannot_tell", "no_threshold"),
        Verdict("cannot_tell", "no_promise"),
        Verdict("cannot_tell", "no_rows"),
    ]
)
HELD = st.lists(
    st.tuples(st.sampled_from("ABCDEF"), st.integers(0, 200), st.integers(0, 200)),
    max_size=4,
    unique_by=lambda one: one[0],
).map(lambda found: tuple(clause(i, min(k, n), max(k, n)) for i, k, n in found))
DROPPED = st.sets(st.sampled_from(sorted(FRAMING)))


@settings(deadline=None, max_examples=150)
@given(VERDICTS, HELD, DROPPED)
def test_no_kind_stands_on_both_sides_and_none_twice(verdict, held, dropped):
    framing = {name: None for name in dropped if name in ("expectations", "outcome")}
    framing |= dict.fromkeys(dropped & {"counts_as_wrong", "promised"}, "")
    found = draft_outside(ground(framing, verdict=verdict, error=ERROR, clauses=held))
    may, not_yet = abouts(found.may_say), abouts(found.not_yet)
    assert not set(may) & set(not_yet)
    assert len(set(may)) == len(may)
    assert len(set(not_yet)) == len(not_yet)
    first = found.first
    assert max(len(first.may_say), len(first.not_yet)) <= MOST
    assert found.may_say[:MOST] == first.may_say


@settings(deadline=None, max_examples=150)
@given(VERDICTS, HELD)
def test_a_promise_that_is_not_carried_is_never_one_that_may_be_said(verdict, held):
    given_ = ground(verdict=verdict, error=ERROR, clauses=held)
    carried, found = carried_now(given_), draft_outside(given_)
    assert not carried.not_yet & set(abouts(found.may_say))
    assert carried.not_yet <= {*abouts(found.not_yet), "people"}
    seen = {d.about: d.seen.figures for side in vars_of(found) for d in side if d.seen}
    assert dict(carried.figures) == seen
