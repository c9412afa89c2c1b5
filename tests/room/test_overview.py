"""The overview says how far each pair is, and never what it bet before the opening."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import SHIPPED, THAT_DAY
from tests.room.builders import BETS, SECRETS
from workshop.data.catalog import find_target, scenario_folders
from workshop.record.bets import BetRound, Bets, OpenedBet, Pulse, Pulses, SecondLook
from workshop.record.choices import LogEntry, Person, Record, Signature
from workshop.record.framed import Framing, Outcome
from workshop.record.sealed import new_nonce, seal
from workshop.record.values import ROLES
from workshop.room.overview import PairNow, dots, how_far_apart, look

SHIPPED_NAMES = [folder.name for folder in scenario_folders()]


def a_log(*lines: tuple[str, str]) -> tuple[LogEntry, ...]:
    return tuple(
        LogEntry(at=f"2026-12-01T10:{n:02}:00+00:00", who="x", section=s, decided=d)
        for n, (s, d) in enumerate(lines)
    )


def sealed_bets(*, opened: bool, rounds: bool = False) -> Bets:
    nonces = {role: new_nonce() for role in ROLES}
    digests = {
        role: seal(BETS[role], record="r", seat=role, nonce=nonces[role])
        for role in ROLES
    }
    laid = {
        role: OpenedBet(**BETS[role].model_dump(), nonce=nonces[role]) for role in ROLES
    }
    second = SecondLook(tolerable_error=0.1234567, ratio=34.567891)
    return Bets(
        record="r",
        sealed=digests,
        opened=laid if opened else {},
        rounds=(BetRound(product=second),) if rounds else (),
    )


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_a_shipped_example_is_signed_and_has_reached_the_agreement(name):
    now = look(1, find_target(name).record, THAT_DAY)
    assert now.signed == now.sealed == ROLES
    assert now.opened
    assert now.step >= "05"
    assert now.since <= now.last


def test_a_new_record_is_at_the_start():
    now = look(3, Record(scenario=SHIPPED), THAT_DAY)
    assert (now.pair, now.step, now.since, now.sealed) == (3, "00", None, ())
    assert not now.opened
    assert set(now.gaps) == {"undecided"}


@pytest.mark.parametrize(
    ("lines", "step", "minute"),
    [
        ([("participants", "who is here: D")], "00", 0),
        ([("framing", "framing: counts_as_wrong"), ("bets", "sealed a bet")], "00", 0),
        ([("bets", "sealed a bet"), ("framing", "framing: outcome")], "01", 1),
        ([("bets", "sealed a bet"), ("bets", "opened the bets")], "01", 1),
        ([("pulse", "could …: 2 of 5 (start)")], "00", 0),
        ([("threshold", "the threshold"), ("bets", "sealed a bet")], "03", 0),
        ([("option, impact", "x"), ("threshold", "y"), ("impact", "z")], "04", 0),
        ([("data_review", "undecided, go on")], "02", 0),
        ([("parking", "parked: x"), ("nonsense", "?")], "00", 0),
    ],
)
def test_the_step_is_the_furthest_one_saved_and_its_time_is_when_it_was_reached(
    lines, step, minute
):
    now = look(1, Record(scenario=SHIPPED, log=a_log(*lines)), THAT_DAY)
    assert now.step == step
    assert now.since == datetime(2026, 12, 1, 10, minute, tzinfo=UTC)


def test_a_record_filled_by_hand_says_its_step_without_a_log():
    framing = Framing(outcome=Outcome(measure="m"))
    assert look(1, Record(scenario=SHIPPED, framing=framing), THAT_DAY).step == "01"
    only_word = Framing(counts_as_wrong="w")
    assert look(1, Record(scenario=SHIPPED, framing=only_word), THAT_DAY).step == "00"
    signed = {"product": Signature(name="D", digest="sha256:abcd", at="t")}
    assert look(1, Record(scenario=SHIPPED, signatures=signed), THAT_DAY).step == "05"


def test_a_log_with_times_that_are_none_is_borne():
    log = (LogEntry(at="at noon", who="x", section="threshold", decided="y"),)
    now = look(1, Record(scenario=SHIPPED, log=log), THAT_DAY)
    assert (now.step, now.since, now.last) == ("03", None, None)


def test_gaps_of_steps_that_are_still_to_come_are_not_held_against_anybody():
    start = look(1, Record(scenario=SHIPPED), THAT_DAY).gaps["undecided"]
    log = a_log(("agreement", "x"))
    late = look(1, Record(scenario=SHIPPED, log=log), THAT_DAY).gaps["undecided"]
    assert start < late


# --- nothing before the reveal --------------------------------------------------------


def test_the_type_has_no_place_for_a_bet():
    names = {one.name for one in fields(PairNow)}
    assert names == {
        *("pair", "step", "since", "last", "sealed", "ready", "opened", "signed"),
        *("not_agreed", "gaps", "readable"),
    }


def test_before_the_opening_there_is_nothing_to_compare_and_no_dot():
    record = Record(scenario=SHIPPED, bets=sealed_bets(opened=False, rounds=True))
    assert how_far_apart(record) is None
    assert dots([record] * 5) is None


def test_after_it_both_stand_side_by_side():
    apart = how_far_apart(Record(scenario=SHIPPED, bets=sealed_bets(opened=True)))
    assert apart.tolerable == (0.1234567, 0.3456789)
    assert apart.ratio == (34.567891, 5.6789123)
    assert not apart.same_fallback
    assert not apart.same_owner


def test_fewer_than_three_pairs_give_no_dots_since_each_would_have_a_name():
    opened = Record(scenario=SHIPPED, bets=sealed_bets(opened=True))
    closed = Record(scenario=SHIPPED, bets=sealed_bets(opened=False))
    assert dots([opened, opened, closed, closed]) is None
    assert dots([opened] * 3).pairs == 3


def test_dots_are_sorted_so_that_their_order_names_nobody():
    records = []
    for n in range(4):
        bets = sealed_bets(opened=True)
        moved = {
            role: bet.model_copy(update={"ratio": 10.0 - n - (role == "product")})
            for role, bet in bets.opened.items()
        }
        bets = bets.model_copy(update={"opened": moved})
        records.append(Record(scenario=SHIPPED, bets=bets))
    shown = dots(records)
    assert shown == dots(records[::-1])
    assert [d.value for d in shown.ratio] == sorted(d.value for d in shown.ratio)
    assert sum(shown.fallbacks.values()) == 8


RECORDS = st.builds(
    Record,
    scenario=st.just(SHIPPED),
    participants=st.just({"product": (Person(name="Dana"),)}),
    bets=st.sampled_from(
        [
            None,
            sealed_bets(opened=False),
            sealed_bets(opened=False, rounds=True),
            Bets(record="r", sealed={"product": "sha256:abcd"}),
        ]
    ),
    pulse=st.sampled_from([None, Pulses(start=Pulse(product=2))]),
    marks=st.sampled_from([{}, {"product": 0.1234567}]),
    log=st.lists(
        st.builds(
            LogEntry,
            at=st.just("2026-12-01T10:00:00+00:00"),
            who=st.just("Dana"),
            section=st.sampled_from(["bets", "framing", "cases", "impact", ""]),
            decided=st.sampled_from(["sealed a bet", *(f"bet {s}" for s in SECRETS)]),
            because=st.sampled_from(["", *SECRETS]),
        ),
        max_size=4,
    ).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(RECORDS)
def test_of_no_record_does_anything_of_a_bet_come_through_before_the_opening(record):
    now = look(1, record, THAT_DAY)
    told = json.dumps(
        [
            {f.name: str(getattr(now, f.name)) for f in fields(now)},
            how_far_apart(record),
        ]
    )
    assert [secret for secret in SECRETS if secret in told] == []
