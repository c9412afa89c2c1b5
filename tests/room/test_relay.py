"""Who may move what the others see: only who drives, only in the own pair and step."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.errors import InputError, RunError
from workshop.room.relay import (
    CHOICES_WITHIN,
    LARGEST,
    MOST_A_SECOND,
    MOST_CHOICES,
    PARTS,
    PASSED_A_SECOND,
    At,
    Choice,
    Pace,
    Page,
    Relay,
    read,
)

PEOPLE = {1: {"d": "Dana", "i": "Ilir", "n": "Noor"}, 2: {"m": "Mara", "o": "Otto"}}
STEPS = ("03", "04")
DRIVE, ALONE = Choice(drive=True), Choice(drive=False)
HERE = At(0.62, 0.62, ("curve",), "ab12")
THERE = At(0.55, 0.5, (), "ab12")


def a_relay(**given: Any) -> Relay:
    return Relay(PEOPLE.__getitem__, **given)


def opened(relay: Relay, *persons: str, step: str = "03") -> list[Page]:
    pages = []
    for person in persons:
        pair = next(p for p, names in PEOPLE.items() if person in names)
        pages.append(Page(person, pair, step))
        relay.enter(pages[-1])
    return pages


def kinds(told: list[Any], page: Page) -> list[str]:
    return [message["do"] for to, message in told if to is page]


# --- who may choose, and what passes --------------------------------------------------


def test_nobody_is_asked_to_follow_before_somebody_chose():
    relay = a_relay()
    dana, ilir = opened(relay, "d", "i")
    assert relay.way(1) == ""
    told = relay.hear(dana, HERE)
    assert [(to, m["do"], m["name"]) for to, m in told] == [(ilir, "point", "Dana")]


def test_what_the_driver_moves_reaches_everybody_else_of_the_pair_on_that_step():
    relay = a_relay()
    dana, ilir, noor = opened(relay, "d", "i", "n")
    (elsewhere,) = opened(relay, "i", step="04")
    mara, _ = opened(relay, "m", "o")
    relay.hear(dana, DRIVE)
    told = relay.hear(dana, HERE)
    assert [to for to, _ in told] == [ilir, noor]
    assert told[0][1] == {"do": "at", **HERE.told()}
    assert elsewhere not in dict(told)
    assert mara not in dict(told)


def test_a_second_page_of_the_driver_shows_the_same():
    relay = a_relay()
    first, second = opened(relay, "d", "d")
    relay.hear(first, DRIVE)
    assert kinds(relay.hear(first, HERE), second) == ["at"]


def test_who_follows_moves_nothing_until_taking_over_and_the_other_is_told():
    relay = a_relay()
    dana, ilir = opened(relay, "d", "i")
    relay.hear(dana, DRIVE)
    assert relay.hear(ilir, HERE) == []
    told = dict(relay.hear(ilir, DRIVE))
    assert told[dana]["way"] == "drive"
    assert told[dana]["driver"] == told[dana]["by"] == "Ilir"
    assert told[ilir]["yours"]
    assert relay.hear(dana, HERE) == []
    assert kinds(relay.hear(ilir, HERE), dana) == ["at"]


def test_alone_each_learns_where_the_others_look_and_nothing_is_moved():
    relay = a_relay()
    dana, ilir = opened(relay, "d", "i")
    relay.hear(dana, ALONE)
    ((to, point),) = relay.hear(ilir, THERE)
    assert to is dana
    assert (point["do"], point["act"], point["ask"]) == ("point", 0.55, 0.5)
    assert "opened" not in point


def test_who_comes_late_catches_up():
    relay = a_relay()
    (dana,) = opened(relay, "d")
    relay.hear(dana, DRIVE)
    relay.hear(dana, HERE)
    late = Page("i", 1, "03")
    hello = dict(relay.enter(late))[late]
    assert hello["do"] == "hello"
    assert hello["at"] == HERE.told()
    assert hello["driver_here"]
    back = Page("d", 1, "03")
    assert dict(relay.enter(back))[back]["at"] == HERE.told()


def test_who_comes_late_to_those_alone_learns_where_they_look():
    relay = a_relay()
    (dana,) = opened(relay, "d")
    relay.hear(dana, THERE)
    late = Page("i", 1, "03")
    assert [m["do"] for to, m in relay.enter(late) if to is late] == ["hello", "point"]


def test_who_leaves_is_said_to_be_away_and_looks_at_nothing_any_more():
    relay = a_relay()
    dana, ilir = opened(relay, "d", "i")
    relay.hear(ilir, THERE)
    ((to, message),) = relay.leave(ilir)
    assert to is dana
    assert {one["name"]: one["here"] for one in message["others"]}["Ilir"] is False
    late = Page("n", 1, "03")
    assert [m["do"] for to, m in relay.enter(late) if to is late] == ["hello"]


def test_nobody_drives_who_has_left_for_good():
    relay = Relay(lambda _: {"i": "Ilir"}, {1: "d"})
    assert relay.way(1) == ""


def test_a_choice_is_kept_and_comes_back():
    kept: dict[int, str] = {}
    relay = a_relay(keep=kept.update)
    dana, _ = opened(relay, "d", "i")
    relay.hear(dana, DRIVE)
    assert kept == {1: "d"}
    assert a_relay(ways=kept).way(1) == "d"


def test_a_choice_holds_when_it_cannot_be_kept():
    def fail(_: Any) -> None:
        raise RunError("the disk is full")

    relay = a_relay(keep=fail)
    dana, ilir = opened(relay, "d", "i")
    assert kinds(relay.hear(dana, DRIVE), ilir) == ["way"]


SAID = st.sampled_from([DRIVE, ALONE, HERE, THERE])
WHO = st.sampled_from([("d", "03"), ("i", "03"), ("n", "04"), ("m", "03"), ("o", "04")])


@given(st.lists(st.tuples(WHO, st.one_of(SAID, st.sampled_from(["in", "out"])))))
def test_no_sequence_reaches_another_pair_or_comes_from_who_does_not_drive(events):
    relay, pages = a_relay(), {}
    for (person, step), event in events:
        if event == "in" or (person, step) not in pages:
            (pages[person, step],) = opened(relay, person, step=step)
        page = pages[person, step]
        driver = relay.way(page.pair)
        if event == "out":
            told = relay.leave(pages.pop((person, step)))
        else:
            told = [] if event == "in" else relay.hear(page, event)
        for to, message in told:
            assert to.pair == page.pair
            assert "guess" not in json.dumps(message)
            if message["do"] == "at":
                assert driver == page.person
            if message["do"] in ("at", "point"):
                assert to.step == page.step
                assert to is not page
            if message["do"] == "point":
                assert driver in ("", "alone")


# --- what a page may say --------------------------------------------------------------

SAYS = {"do": "at", "act": 0.5, "ask": "all", "opened": ["curve"], "of": "0aF".lower()}


def test_what_a_page_says_is_read():
    assert read(json.dumps(SAYS)) == At(0.5, "all", ("curve",), "0af")
    assert read('{"do": "choose", "way": "drive"}') == DRIVE
    assert read('{"do": "choose", "way": "alone"}') == ALONE


GARBAGE = {
    "no JSON": "{",
    "bytes": b"{}",
    "empty": "",
    "a list": "[]",
    "nested without end": "[" * 3000,
    "another act": '{"do": "save", "way": "drive"}',
    "another way": '{"do": "choose", "way": "engineering"}',
    "more than is known": '{"do": "choose", "way": "drive", "pair": 2}',
    "a bet": json.dumps(SAYS | {"tolerable_error": 0.415}),
    "typed text": json.dumps(SAYS | {"opened": ["what I typed"]}),
    "a part twice": json.dumps(SAYS | {"opened": ["curve", "curve"]}),
    "no list": json.dumps(SAYS | {"opened": {"curve": 1}}),
    "a list in the list": json.dumps(SAYS | {"opened": [["curve"]]}),
    "no number": json.dumps(SAYS | {"act": math.nan}),
    "endless": json.dumps(SAYS | {"act": math.inf}),
    "too great a number": json.dumps(SAYS).replace("0.5", "1e999"),
    "a huge whole number": json.dumps(SAYS).replace("0.5", "1" + "0" * 400),
    "more digits than are read": json.dumps(SAYS).replace("0.5", "1" * 4250),
    "true": json.dumps(SAYS | {"act": True}),
    "a word": json.dumps(SAYS | {"act": "<script>"}),
    "nothing": json.dumps(SAYS | {"ask": None}),
    "an object": json.dumps(SAYS | {"ask": {}}),
    "a long mark": json.dumps(SAYS | {"of": "a" * 17}),
    "a mark of other letters": json.dumps(SAYS | {"of": "<b>"}),
    "too large": json.dumps(SAYS) + " " * LARGEST,
    "half a character": '"\\ud800"',
}


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_anything_else_is_refused(text):
    with pytest.raises(InputError):
        read(text)


ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*SAYS, "way", "x"]), inner, max_size=6)
    ),
)


@given(ANY)
def test_whatever_is_read_is_written_with_known_words_and_finite_numbers_only(value):
    try:
        said = read(json.dumps(value))
    except InputError:
        return
    if isinstance(said, At):
        for cut in (said.act, said.ask):
            assert cut in ("all", "none") or math.isfinite(cut)
        assert set(said.opened) <= PARTS


# --- how fast -------------------------------------------------------------------------


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_sixty_a_second_pass_and_the_rest_waits_for_the_newest():
    clock = Clock()
    pace = Pace(clock)
    assert pace.wait() == 0
    pace.passed()
    assert pace.wait() == pytest.approx(1 / PASSED_A_SECOND)
    clock.now += 1
    assert pace.wait() == 0


def test_a_flood_is_too_much_and_a_hand_never_is():
    clock = Clock()
    pace = Pace(clock)
    assert not any(pace.is_too_much(HERE) for _ in range(MOST_A_SECOND))
    assert pace.is_too_much(HERE)
    clock.now += 1
    assert not pace.is_too_much(HERE)
    assert not any(pace.is_too_much(DRIVE) for _ in range(MOST_CHOICES))
    assert pace.is_too_much(ALONE)
    clock.now += CHOICES_WITHIN
    assert not pace.is_too_much(ALONE)
