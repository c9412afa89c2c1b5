"""Neither half changes what is the other's to say, whatever it asks for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.errors import InputError
from workshop.record import may
from workshop.record.agreed import Parked, Retrospective
from workshop.record.bets import (
    Bet,
    BetRound,
    Bets,
    OpenedBet,
    Pulse,
    Pulses,
    SecondLook,
)
from workshop.record.choices import (
    Cases,
    LogEntry,
    Participants,
    Person,
    Record,
    Signature,
)
from workshop.record.framed import Framing
from workshop.record.sealed import seal

NONCE = "00" * 32
LOOK = SecondLook(tolerable_error=0.1, ratio=2)
PEOPLE = Participants(
    product=(Person(name="Dana"),), engineering=(Person(name="Ilir"),)
)
SIGNED = Signature(name="Ilir", digest="sha256:aaaa", at="now")


def bet_of(ratio: float) -> OpenedBet:
    said = Bet(
        tolerable_error=0.1,
        expected_error=0.2,
        ratio=ratio,
        fallback="human",
        owner="both",
    )
    return OpenedBet(**said.model_dump(), nonce=NONCE)


HELD = {"product": bet_of(2), "engineering": bet_of(8)}
SEALED = {
    role: seal(bet, record="r1", seat=role, nonce=NONCE) for role, bet in HELD.items()
}
READY = {"product": "then", "engineering": "then"}
BETTING = {
    "none": None,
    "theirs": Bets(record="r1", sealed={"engineering": SEALED["engineering"]}),
    "sealed": Bets(record="r1", sealed=SEALED),
    "one ready": Bets(record="r1", sealed=SEALED, ready={"engineering": "then"}),
    "all ready": Bets(record="r1", sealed=SEALED, ready=READY),
    "opened": Bets(record="r1", sealed=SEALED, ready=READY, opened=HELD),
}


def record(**said: Any) -> Record:
    known = {"scenario": "s", "participants": PEOPLE} | said
    return Record.model_validate(known)


def after(old: Record, who: str = "Dana", **said: Any) -> Record:
    line = LogEntry(at="now", who=who, section="", decided="x")
    return old.model_copy(update={**said, "log": (*old.log, line)})


def allowed(old: Record, new: Record, *, laid: tuple[str, ...] = ()) -> None:
    may.check(old, new, "product", lies=lambda seat: seat in laid)


def refused(old: Record, new: Record, match: str, laid: tuple[str, ...] = ()) -> None:
    with pytest.raises(InputError, match=match):
        allowed(old, new, laid=laid)


def bets(name: str, **changed: Any) -> Record:
    return record(bets=BETTING[name].model_copy(update=changed))


# --- what is shared, and what is one's own -------------------------------------------


def test_what_the_two_decide_together_either_may_write_down():
    old = record()
    allowed(old, after(old, "Dana + Ilir", framing=Framing(counts_as_wrong="x")))
    allowed(old, after(old, "Dana + Ilir", option="bm25"))
    looked = Retrospective(at="now", data="sha256:aaaa")
    allowed(old, after(old, retrospectives=(looked,)))
    allowed(old, after(old, parking=(Parked(text="later", who="Dana"),)))


def test_each_says_its_own():
    old = record()
    allowed(old, after(old, cases=Cases(product={"q": "fine"})))
    allowed(old, after(old, pulse=Pulses(start=Pulse(product=3))))
    allowed(old, after(old, signatures={"product": SIGNED}))
    renamed = PEOPLE.model_copy(update={"product": (Person(name="Dan"),)})
    allowed(old, after(old, participants=renamed))


@pytest.mark.parametrize(
    "said",
    [
        {"cases": Cases(engineering={"q": "fine"})},
        {"pulse": Pulses(start=Pulse(engineering=3))},
        {"pulse": Pulses(end=Pulse(engineering=3))},
        {"signatures": {"engineering": SIGNED}},
        {"participants": Participants(product=PEOPLE.product)},
        {
            "participants": PEOPLE.model_copy(
                update={"engineering": (Person(name="Ilir", persona=True),)}
            )
        },
        {"participants": PEOPLE.model_copy(update={"legal": (Person(name="Lena"),)})},
    ],
)
def test_nobody_speaks_for_the_other_half(said):
    old = record()
    refused(old, after(old, **said), "only the (engineering|legal) half")
    theirs = record(**said)
    if "participants" not in said:
        gone = dict.fromkeys(said) | {name: {} for name in said if name == "signatures"}
        refused(theirs, after(theirs, **gone), "only the engineering half")


def test_nobody_sits_down_as_a_persona():
    persona = (Person(name="P", persona=True),)
    people = PEOPLE.model_copy(update={"product": persona})
    refused(record(), after(record(), participants=people), "a persona takes no seat")


def test_whoever_is_here_with_a_persona_answers_for_it():
    persona = (Person(name="Sam", persona=True),)
    old = record(participants=PEOPLE.model_copy(update={"engineering": persona}))
    assert may.seats_of(old, "product") == ("product", "engineering")
    both = {"product": SIGNED, "engineering": SIGNED}
    allowed(old, after(old, cases=Cases(engineering={"q": "fine"}), signatures=both))


def test_nobody_writes_in_the_name_of_the_other_alone():
    old = record()
    refused(old, after(old, "Ilir"), "log .'Ilir'")
    refused(old, after(old, "engineering"), "log")
    line = Parked(text="I was wrong", who="Ilir")
    refused(old, after(old, parking=(line,)), "log")
    allowed(old, after(old, "Dana + Ilir"))


def test_what_was_parked_stays():
    old = record(parking=(Parked(text="one", who="Ilir"),))
    refused(old, after(old, parking=()), "what was parked stays")


# --- bets ----------------------------------------------------------------------------


def test_one_seals_ones_own_bet_and_may_take_it_back():
    old, new = bets("theirs"), BETTING["sealed"]
    allowed(old, after(old, bets=new))
    allowed(bets("sealed"), after(bets("sealed"), bets=BETTING["theirs"]))


def test_a_bet_that_is_sealed_anew_lets_the_other_say_ready_again():
    old = bets("one ready")
    anew = {**SEALED, "product": "sha256:cccc"}
    now = BETTING["sealed"].model_copy(update={"sealed": anew})
    allowed(old, after(old, bets=now), laid=("engineering",))


@pytest.mark.parametrize("sealed", [{}, {**SEALED, "engineering": "sha256:cccc"}])
def test_what_the_other_sealed_is_not_replaced(sealed):
    for name in ("theirs", "sealed", "one ready"):
        old = bets(name)
        refused(old, after(old, bets=Bets(record="r1", sealed=sealed)), "bets")


@pytest.mark.parametrize("name", ["all ready", "opened"])
def test_once_all_are_ready_no_bet_is_changed_any_more(name):
    old = bets(name)
    refused(old, after(old, bets=BETTING["theirs"]), "no bet can be changed any more")


def test_ready_is_only_who_laid_down_what_was_sealed():
    old, new = bets("one ready"), BETTING["all ready"]
    refused(old, after(old, bets=new), "say ready once more", laid=("engineering",))
    allowed(old, after(old, bets=new), laid=("product", "engineering"))
    others = BETTING["one ready"]
    old = bets("sealed")
    refused(old, after(old, bets=others), "only the engineering", laid=("engineering",))


def test_ready_is_taken_back_for_somebody_whose_bet_is_gone():
    old, new = bets("one ready"), BETTING["sealed"]
    allowed(old, after(old, bets=new))
    refused(old, after(old, bets=new), "only the engineering", laid=("engineering",))


def test_bets_are_opened_only_when_all_are_ready_and_as_they_were_sealed():
    for name in ("sealed", "one ready"):
        old = bets(name)
        new = BETTING[name].model_copy(update={"opened": HELD})
        refused(old, after(old, bets=new), "not all are ready")
    old = bets("all ready")
    allowed(old, after(old, bets=BETTING["opened"]))
    other = {**HELD, "engineering": bet_of(1)}
    new = BETTING["opened"].model_copy(update={"opened": other})
    refused(old, after(old, bets=new), "not the bet that was sealed")


def test_what_was_opened_stays():
    old = bets("opened")
    for gone in (None, Bets(), BETTING["all ready"]):
        refused(old, after(old, bets=gone), "bets")


def test_a_second_look_is_ones_own():
    old = bets("opened")
    both = BetRound(at="now", product=LOOK, engineering=LOOK)

    def with_round(*rounds: BetRound) -> Bets:
        return BETTING["opened"].model_copy(update={"rounds": rounds})

    one = BetRound(at="now", product=LOOK)
    allowed(old, after(old, bets=with_round(one)))
    refused(old, after(old, bets=with_round(both)), "bets.rounds.engineering")
    old = record(bets=with_round(both))
    refused(old, after(old, bets=with_round(one)), "bets.rounds.engineering")
    refused(old, after(old, bets=with_round()), "bets.rounds")
    again = both.model_copy(update={"at": "later"})
    refused(old, after(old, bets=with_round(again)), "a round that was held stays")


# --- the law -------------------------------------------------------------------------


def theirs(of: Record) -> dict[str, Any]:
    """All that engineering said, apart from being ready, which a new seal takes off."""
    bets, pulse = of.bets or Bets(), of.pulse or Pulses()
    rounds = [(r.at, r.engineering) for r in bets.rounds if r.engineering]
    return {
        "people": of.participants.model_copy(update={"product": ()}),
        "cases": (of.cases or Cases()).engineering,
        "pulse": [one and one.engineering for one in (pulse.start, pulse.end)],
        "signed": of.signatures.get("engineering"),
        "sealed": bets.sealed.get("engineering"),
        "opened": bets.opened.get("engineering"),
        "rounds": rounds,
    }


BEGINNINGS = st.sampled_from(sorted(BETTING)).map(
    lambda name: record(
        bets=BETTING[name],
        cases=Cases(engineering={"q": "fine"}),
        pulse=Pulses(start=Pulse(engineering=2)),
        signatures={"engineering": SIGNED},
    )
)
ROLE = st.sampled_from(["product", "engineering"])
WORRY = st.none() | st.integers(1, 2)
JUDGED = st.dictionaries(st.just("q"), st.sampled_from(["fine", "harmful"]))
PULSE = st.builds(Pulse, product=WORRY, engineering=WORRY)
LOOKS = st.none() | st.just(LOOK)
ROUND = st.builds(BetRound, at=st.just("now"), product=LOOKS, engineering=LOOKS)
SEATED = st.lists(
    st.builds(Person, name=st.sampled_from(["Dana", "Ilir"]), persona=st.booleans()),
    max_size=1,
).map(tuple)
SOME_BETS = st.builds(
    lambda bets, rounds: bets and bets.model_copy(update={"rounds": rounds}),
    st.sampled_from([*BETTING.values(), bets("opened", opened={}).bets]),
    st.lists(ROUND, max_size=1).map(tuple),
)
ACT = st.fixed_dictionaries(
    {},
    optional={
        "bets": SOME_BETS,
        "cases": st.builds(Cases, product=JUDGED, engineering=JUDGED),
        "pulse": st.none() | st.builds(Pulses, start=PULSE),
        "signatures": st.dictionaries(ROLE, st.just(SIGNED)),
        "participants": st.builds(Participants, product=SEATED, engineering=SEATED),
    },
)
LAID = st.sets(ROLE)


@settings(max_examples=400, deadline=None)
@given(BEGINNINGS, st.lists(st.tuples(ACT, LAID), max_size=8))
def test_no_sequence_of_acts_changes_what_the_other_said(begin, acts):
    now = begin
    for values, laid in acts:
        try:
            allowed(now, after(now, **values), laid=tuple(laid))
        except InputError:
            continue
        now = after(now, **values)
        expected = theirs(begin)
        if now.bets is not None and now.bets.opened:
            expected["opened"] = HELD["engineering"]
        assert theirs(now) == expected
