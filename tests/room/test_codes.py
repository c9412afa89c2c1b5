"""A code is long, random, kept as a digest, and read however a person types it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.errors import RunError
from workshop.room.codes import (
    ALPHABET,
    LINK_LETTERS,
    SEAT_LETTERS,
    digest_of,
    is_among,
    new_code,
    new_token,
    tidy,
)
from workshop.room.people import kept
from workshop.room.throttle import FREE, LONGEST, MOST_WAITING, WINDOW, Throttle


def test_a_seats_code_has_50_bits_or_more_and_a_links_has_more():
    assert SEAT_LETTERS * 5 >= 50
    assert LINK_LETTERS * 5 >= 80
    assert len(set(ALPHABET)) == 32
    assert len(new_token()) * 6 >= 128


def test_codes_differ_and_come_in_groups_of_four():
    drawn = {new_code() for _ in range(500)}
    assert len(drawn) == 500
    assert all([len(g) for g in code.split("-")] == [4, 4, 4] for code in drawn)


@given(st.data())
def test_a_code_is_read_however_it_is_typed(data):
    letters = data.draw(st.text(ALPHABET, min_size=12, max_size=12))
    code = "-".join(letters[i : i + 4] for i in (0, 4, 8))
    lookalikes = {"0": "0oO", "1": "1iIlL"}
    typed = ""
    for letter in letters:
        as_typed = lookalikes.get(letter, letter + letter.lower())
        typed += data.draw(st.sampled_from(as_typed))
        typed += data.draw(st.sampled_from(["", " ", "-", "–", " - ", "\u00a0"]))
    assert kept(typed) == kept(code)


@given(st.text())
def test_no_text_makes_reading_fail(text):
    read = tidy(text)
    assert set(read) <= set(ALPHABET)
    assert len(kept(text)) == 64


@pytest.mark.parametrize("far_off", ["U" * 12, "7K3M!9QXR€2TVü", "7" * 81, "", "-"])
def test_what_cannot_be_a_code_is_read_as_nothing_or_as_another(far_off):
    assert kept(far_off) != kept("7K3M-9QXR-2TVB")


def test_a_token_with_half_a_character_is_only_a_wrong_one():
    assert not is_among(digest_of("\ud800"), [digest_of("x")])


def test_a_digest_is_found_wherever_it_stands():
    all_of_them = [digest_of(str(n)) for n in range(5)]
    assert all(is_among(one, all_of_them) for one in all_of_them)
    assert not is_among(digest_of("6"), all_of_them)
    assert not is_among(digest_of("6"), [])


# --- slowing down ---------------------------------------------------------------------


class Watch:
    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_few_wrong_tries_cost_nothing_then_each_waits_longer_up_to_a_limit():
    throttle = Throttle(Watch())
    waits = []
    for _ in range(FREE + 10):
        waits.append(throttle.seconds)
        throttle.failed()
    assert waits[:FREE] == [0.0] * FREE
    assert waits[FREE] > 0
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST


def test_the_room_forgets_wrong_tries():
    watch = Watch()
    throttle = Throttle(watch)
    for _ in range(1000):
        throttle.failed()
    assert throttle.seconds == LONGEST
    watch.now = WINDOW + 1
    assert throttle.seconds == 0.0


def test_only_so_many_wait_at_a_time_and_a_place_is_free_again_after():
    throttle = Throttle(Watch())
    waiting = [throttle.turn() for _ in range(MOST_WAITING)]
    for one in waiting:
        one.__enter__()
    with pytest.raises(RunError, match="tries yours again"), throttle.turn():
        pass
    waiting[0].__exit__(None, None, None)
    with throttle.turn() as seconds:
        assert seconds == 0.0
    for one in waiting[1:]:
        one.__exit__(None, None, None)


def test_under_attack_a_guess_stays_hopeless():
    """Even with all places taken by a guesser, for a whole day, of 80 open seats."""
    tries = MOST_WAITING / LONGEST * 86_400
    assert 80 * tries / 2 ** (5 * SEAT_LETTERS) < 1e-8
