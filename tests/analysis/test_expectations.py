"""Four answers that cannot all be kept are told, and those that can are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.analysis.expectations import (
    CONFLICTS,
    conflicts,
    milliseconds,
    money,
    pays_below,
)
from workshop.data.catalog import find_target
from workshop.data.scenario import Reviewer
from workshop.record.bets import BetRound, Bets, OpenedBet, SecondLook
from workshop.record.choices import Assumed, ImpactChoice, Record, ThresholdChoice
from workshop.record.framed import Framing
from workshop.record.values import Count, Limits, Policy, Seen
from workshop.views.recaps.framing import clash_view
from workshop.views.wording import has

SCENARIO = find_target("privacy-assistant").scenario


def found(framing, *, limits=None, scenario=SCENARIO, **record):
    given = dict(framing)
    scenario = scenario.model_copy(update={"limits": Limits(**(limits or {}))})
    record = Record(
        scenario=SCENARIO.id, framing=Framing.model_validate(given), **record
    )
    return {one.code: dict(one.given) for one in conflicts(record, scenario)}


def expects(**given):
    return {"expectations": given}


def test_nothing_said_collides_with_nothing():
    assert found({}) == {}
    assert conflicts(Record(scenario="x"), SCENARIO) == ()


def test_accepting_more_than_the_ratio_pays_for_is_told():
    above = found(expects(acceptable_error=0.4) | {"ratio": 0.5})
    assert above["above_ratio"]["pays"] == pytest.approx(1 / 3)
    assert found(expects(acceptable_error=1 / 3) | {"ratio": 0.5}) == {}


@given(st.floats(0.01, 100), st.floats(0.01, 0.99))
def test_acting_pays_exactly_while_it_costs_less_than_silence(ratio, wrong):
    acting, silence = wrong, (1 - wrong) * ratio
    if abs(acting - silence) > 1e-9:
        assert (wrong < pays_below(ratio)) == (acting < silence)


def test_accepting_more_than_the_limit_is_told():
    limits = {"max_error_among_answered": 0.3}
    assert set(found(expects(acceptable_error=0.31), limits=limits)) == {"above_limit"}
    assert found(expects(acceptable_error=0.3), limits=limits) == {}


def bets(*errors, rounds=()):
    common = {"expected_error": 0.2, "ratio": 1, "fallback": "human"}
    roles = ("product", "engineering")
    opened = {
        role: OpenedBet(tolerable_error=e, owner=role, nonce="0" * 64, **common)
        for role, e in zip(roles, errors, strict=True)
    }
    sealed = dict.fromkeys(roles, f"sha256:{'0' * 64}")
    return Bets(sealed=sealed, opened=opened, rounds=rounds)


def test_an_error_that_neither_called_tolerable_is_told():
    outside = found(expects(acceptable_error=0.3), bets=bets(0.05, 0.2))
    assert outside["outside_bets"] == {"acceptable": 0.3, "low": 0.05, "high": 0.2}
    assert found(expects(acceptable_error=0.2), bets=bets(0.05, 0.2)) == {}
    second = BetRound(product=SecondLook(tolerable_error=0.35, ratio=1))
    widened = bets(0.05, 0.2, rounds=(second,))
    assert found(expects(acceptable_error=0.3), bets=widened) == {}


@pytest.mark.parametrize(
    "promised",
    [
        "support was told: no wrong answers by spring",
        "zero errors",
        "the board: it never makes mistakes, never wrong",
        "100 % right",
        "always correct",
        "error-free letters",
    ],
)
def test_a_promise_of_none_beside_an_error_is_told(promised):
    given = expects(acceptable_error=0.1) | {"promised": promised}
    assert found(given)["promised_none"]["promised"] == promised
    assert found(given | expects(acceptable_error=0.0)) == {}


@pytest.mark.parametrize("promised", ["half the calls", "nothing", "no delay"])
def test_other_promises_are_left_alone(promised):
    assert found(expects(acceptable_error=0.1) | {"promised": promised}) == {}


def test_a_promise_for_an_earlier_day_than_the_outcome_is_told():
    outcome = {"outcome": {"measure": "hours", "by": "2027-06"}}
    early = found(outcome | {"promised_by": "2027-05-31"})
    assert early["promised_early"]["until"] == "2027-06"
    assert found(outcome | {"promised_by": "2027-06"}) == {}


def with_reviewer(**given):
    return SCENARIO.model_copy(update={"reviewer": Reviewer(**given), "assumed": {}})


def test_a_person_who_has_no_hour_cannot_take_over():
    alone = with_reviewer()
    assert set(found(expects(fallback="human"), scenario=alone)) == {"nobody_to_ask"}
    some = with_reviewer(hours_per_week=10, minutes=3)
    assert found(expects(fallback="human"), scenario=some) == {}
    assert found(expects(fallback="not_sure"), scenario=alone) == {}
    limit = {"reviews_per_week": 30}
    assert found(expects(fallback="human"), scenario=alone, limits=limit) == {}


@pytest.mark.parametrize(("answered", "told"), [(10, True), (98, False)])
def test_more_hand_overs_than_there_is_room_for_are_told(answered, told):
    seen = Seen(figures={"coverage": Count(k=answered, n=100)})
    policy = Policy(kind="single", act_at=0.5)
    line = ThresholdChoice(policy=policy, seen=seen)
    people = with_reviewer(hours_per_week=10, minutes=3)
    given = found(expects(fallback="human"), scenario=people, threshold=line)
    if told:
        asked = SCENARIO.decision.per_week * 0.9
        assert given["too_many_to_ask"] == {"asked": asked, "room": 200}
    else:
        assert given == {}


def test_hand_overs_are_counted_at_the_volume_that_the_pair_assumes():
    """As step 04 saves it: a range, and no figure beside it."""
    seen = Seen(figures={"coverage": Count(k=10, n=100)})
    line = ThresholdChoice(policy=Policy(kind="single", act_at=0.5), seen=seen)
    people = with_reviewer(hours_per_week=10, minutes=3)
    volume = ImpactChoice(assumed={"per_week": Assumed(low=100, likely=150, high=200)})
    given = expects(fallback="human")
    assert found(given, scenario=people, threshold=line, impact=volume) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("an answer within 200 ms", set()),
        ("under a second", {"slower_than_limit"}),
        ("0.05 s", {"faster_than_limit"}),
        ("fast", set()),
        ("100 ms, or a second at night", set()),
    ],
)
def test_a_line_on_speed_is_held_against_the_limit(line, expected):
    limits = {"max_latency_ms_p95": 200}
    assert set(found(expects(cost_speed=line), limits=limits)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("less than 5 cents a flight", set()),
        ("at most 0.2 EUR per answer", {"dearer_than_limit"}),
        ("10 EUR a million", set()),
        ("100 EUR a month", set()),
        ("0,05 EUR a flight", set()),
        ("0,06 EUR a flight", {"dearer_than_limit"}),
        ("cheap", set()),
    ],
)
def test_a_line_on_cost_is_held_against_the_limit(line, expected):
    limits = {"max_cost_per_decision": 0.05}
    assert set(found(expects(cost_speed=line), limits=limits)) == expected


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1,500", 1500),
        ("1.500", 1.5),
        ("1,500.5", 1500.5),
        ("1.500,5", 1500.5),
        ("1,500,000", 1.5e6),
        ("1.500.000", 1.5e6),
        ("0,050", 0.05),
        ("1,5", 1.5),
        ("1.2.3", None),
        ("1,2,3", None),
        ("12,34,567.8", None),
    ],
)
def test_an_amount_is_read_as_it_is_written_here_or_elsewhere(written, amount):
    assert milliseconds(f"within {written} ms") == amount
    assert money(f"{written} EUR a flight") == amount


AMOUNTS = st.from_regex(r"\A[0-9]{1,4}([.,][0-9]{1,4}){0,4}\Z")


@given(st.text() | AMOUNTS.map("{} s".format) | AMOUNTS.map("{} cents a line".format))
def test_any_line_on_cost_and_speed_can_be_read(line):
    assert milliseconds(line) is None or milliseconds(line) >= 0
    assert money(line) is None or money(line) >= 0


def test_every_conflict_has_a_sentence_for_its_gap():
    assert all(has(f"gap.expectation_{code}") for code in CONFLICTS)


def test_what_was_promised_stays_text_on_the_page():
    hostile = "<script>alert(1)</script> {braces} no errors"
    framing = expects(acceptable_error=0.1) | {"promised": hostile}
    record = Record(scenario="x", framing=Framing.model_validate(framing))
    view = clash_view(conflicts(record, SCENARIO))
    assert "<script>" not in view.html
    assert "&lt;script&gt;" in view.html
