"""What one saves is on the other's page, without a press and without a loss."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.record.room_server import TOKENS, room
from tests.steps.conftest import Player, saved, words_of
from workshop.errors import RunError
from workshop.record.agreed import Ritual
from workshop.record.choices import Participants, Person, Record
from workshop.record.file import RecordFile
from workshop.record.framed import Framing
from workshop.steps import following
from workshop.steps.following import ANYTHING, MEASURED, Follower
from workshop.views.section import View

PEOPLE = Participants(
    product=(Person(name="Dana"),), engineering=(Person(name="Ilir"),)
)


@pytest.fixture
def pair(player: Player) -> Player:
    player.file.create(Record(scenario="privacy-assistant", participants=PEOPLE))
    return player


def say_wrong(step, line: str) -> str:
    return step.save_framing("framing.counts_as_wrong", counts_as_wrong=line)


def counting(step, *about: str) -> list[int]:
    """Return how often something that follows was refreshed, as it grows."""
    times: list[int] = []
    step.follow(SimpleNamespace(refresh=lambda: times.append(1)), *about)
    return times


# --- what is refreshed ---------------------------------------------------------------


def test_only_what_follows_a_changed_section_is_refreshed(pair):
    dana, ilir = pair.open("01"), pair.open("01")
    times = {name: counting(ilir, name) for name in ("framing", "option", "*")}
    say_wrong(dana, "a lie")
    ilir.catch_up()
    assert {name: len(each) for name, each in times.items()} == {
        "framing": 1,
        "option": 0,
        "*": 1,
    }
    ilir.catch_up()
    assert len(times["framing"]) == 1


def test_ones_own_save_is_refreshed_once(pair):
    step = pair.open("01")
    times = counting(step, "framing", "participants")
    say_wrong(step, "a lie")
    step.catch_up()
    assert len(times) == 1


def test_a_line_in_the_log_alone_refreshes_nothing(pair):
    dana, ilir = pair.open("01"), pair.open("01")
    times = counting(ilir, "*")
    dana.undecided("framing")()
    ilir.catch_up()
    assert not times


def test_what_came_along_with_ones_own_save_is_shown_too(pair):
    dana, ilir = pair.open("01"), pair.open("01")
    times = counting(ilir, "framing")
    say_wrong(dana, "a lie")
    ilir.save({"option": "bm25"}, "taken")
    assert len(times) == 1
    ilir.catch_up()
    assert len(times) == 1


def test_one_panel_that_fails_keeps_no_other_behind(pair, caplog):
    dana, ilir = pair.open("01"), pair.open("01")

    def fail() -> None:
        raise ValueError("broken")

    ilir.follow(SimpleNamespace(refresh=fail), "framing")
    times = counting(ilir, "framing")
    say_wrong(dana, "a lie")
    ilir.catch_up()
    assert len(times) == 1
    assert "following the record failed" in caplog.text


# --- forms ---------------------------------------------------------------------------


def test_a_form_shows_what_the_other_saved_and_saves_on_top_of_it(pair):
    dana, ilir = pair.open("00"), pair.open("00")
    form = ilir.what_is_wrong()
    say_wrong(dana, "a lie")
    ilir.catch_up()
    assert form.controls["counts_as_wrong"].value == "a lie"
    saved(pair.fill("00", form, counts_as_wrong="a lie, even a small one"))
    assert pair.said().framing.counts_as_wrong == "a lie, even a small one"


def test_what_is_being_typed_stays_with_an_offer_and_is_no_conflict_then(pair):
    dana, ilir = pair.open("00"), pair.open("00")
    form = ilir.what_is_wrong()
    form.controls["counts_as_wrong"].value = "mine"
    say_wrong(dana, "theirs")
    ilir.catch_up()
    assert form.controls["counts_as_wrong"].value == "mine"
    offer = form.rows["counts_as_wrong"]._offer.children[0].value
    assert "Dana + Ilir" in offer
    assert "theirs" in offer
    assert form.save()  # it was said: whoever saves now means it
    assert pair.said().framing.counts_as_wrong == "mine"


def test_what_nobody_was_told_of_is_still_a_conflict(pair):
    dana, ilir = pair.open("00"), pair.open("00")
    form = ilir.what_is_wrong()
    say_wrong(dana, "theirs")
    told = pair.fill("00", form, counts_as_wrong="mine")
    assert "changed by" in told
    assert pair.said().framing.counts_as_wrong == "theirs"


def test_only_what_a_form_is_about_counts_as_seen(pair):
    """Two forms of one section: what the one shows says nothing of the other."""
    dana, ilir = pair.open("01"), pair.open("01")
    ilir.questions()
    dana.save_framing(ratio=4.0, harmed="people")
    ilir.catch_up()
    assert ilir.base.framing.harmed == "people"
    assert ilir.base.framing.ratio is None


@pytest.mark.parametrize(
    ("number", "make", "section", "value", "key", "shown"),
    [
        ("01", "outcome", "framing", Framing(kind="decision"), "kind", "decision"),
        ("01", "questions", "framing", Framing(harmed="x"), "harmed", "x"),
        ("01", "expectations", "framing", Framing(ratio=7), "ratio", "7"),
    ],
)
def test_the_forms_of_the_framing_follow(
    pair, number, make, section, value, key, shown
):
    dana, ilir = pair.open(number), pair.open(number)
    form = getattr(ilir, make)()
    dana.save({section: value}, "x")
    ilir.catch_up()
    assert form.controls[key].value == shown


def test_the_forms_of_the_agreement_follow(pair):
    dana, ilir = pair.open("05"), pair.open("05")
    rights, escalation = ilir.rights(), ilir.escalation()
    calendar, premortem = ilir.calendar(), ilir.premortem()
    ritual = Ritual(what="metric_review", on="2031-01-02", who="Dana")
    saved(pair.fill("05", dana.rights(), threshold="engineering", release="product"))
    dana.save_agreement(
        retrospective="2031-03", rituals=(ritual,), premortem={"ethics_compliance": "x"}
    )
    ilir.catch_up()
    assert rights.controls["threshold"].value == "engineering"
    assert escalation.controls["retrospective"].value == "2031-03"
    assert calendar.controls["metric_review"].value == "2031-01-02"
    assert premortem.controls["ethics_compliance"].value == "x"


@pytest.mark.parametrize("section", ["parking", "pulse", "signatures"])
def test_figures_are_not_made_again_for_what_no_figure_follows_from(pair, section):
    step = pair.open("04")
    figures, all_of_it = counting(step, MEASURED), counting(step, ANYTHING)
    for refresh in step._refreshing([section]):
        refresh()
    assert (figures, all_of_it) == ([], [1])
    for refresh in step._refreshing([section, "framing"]):
        refresh()
    assert (figures, all_of_it) == ([1], [1, 1])


def test_a_parked_line_leaves_the_figures_of_a_page_as_they_are(framed):
    dana, ilir = framed.open("04"), framed.open("04")
    made: list[int] = []
    ilir.figures(lambda: made.append(1) or View(()))
    assert made == [1], "both bets are sealed"
    dana._park("ask the call centre")
    ilir.catch_up()
    assert made == [1]
    dana.save({"option": "minilm"}, "x")
    ilir.catch_up()
    assert made == [1, 1]


def test_a_line_that_somebody_parks_twice_stands_there_once(pair):
    dana, ilir = pair.open("01"), pair.open("01")
    for _ in range(2):
        saved(pair.fill("01", dana.parking(), text="ask legal"))
    saved(pair.fill("01", ilir.parking(), text="ask sales"))
    assert [line.text for line in pair.said().parking] == ["ask legal", "ask sales"]
    assert sum(line.section == "parking" for line in pair.said().log) == 2


def test_lists_about_the_data_grow_by_what_the_other_adds(pair):
    dana, ilir = pair.open("02"), pair.open("02")
    risks, assumptions, register = ilir.risks(), ilir.assumptions(), ilir.register()
    risks.form.controls["reason"].value = "half a sent"
    mine, theirs = (key for _, key in risks.form.rows["finding"].control.options[:2])
    saved(pair.fill("02", dana.risks(), finding=mine, reason="we live with it"))
    saved(pair.fill("02", dana.assumptions(), says="rows are like those to come"))
    key, box = next(iter(register.controls.items()))
    dana.register().controls[key].value = True
    dana._take_over((key,))
    ilir.catch_up()
    assert "we live with it" in risks.list.value
    assert "rows are like those to come" in assumptions.list.value
    assert box.disabled
    assert risks.form.controls["reason"].value == "half a sent"
    saved(pair.fill("02", risks, finding=theirs))
    assert len(pair.said().data_review.accepted) == 2


def test_the_option_that_the_other_takes_is_taken_here(framed):
    dana, ilir = framed.open("04"), framed.open("04")
    panel, content = ilir.choose(), ilir.values().panels[1]
    answers = {"option": "minilm", "because": "as good", "bound": "480"}
    saved(framed.fill("04", dana.choose(), **answers))
    saved(framed.fill("04", dana.values().panels[1], asked="after each answer"))
    ilir.catch_up()
    assert panel.controls["option"].value == panel.taken == "minilm"
    assert panel.controls["because"].value == "as good"
    assert panel.controls["bound"].value == "480"
    assert content.controls["asked"].value == "after each answer"
    saved(framed.fill("04", panel, because="as good, and cheaper"))
    assert framed.said().impact.satisfaction.asked == "after each answer"


def test_the_line_that_the_other_locks_is_told_here_and_can_be_locked_over(framed):
    dana, ilir = framed.open("03"), framed.open("03")
    hers, mine = dana.curve().explorer, ilir.curve().explorer
    theirs, panel = dana.choose(), ilir.choose()
    hers.act = mine.act = 3
    panel.controls["because"].value = "half a sent"
    saved(framed.fill("03", theirs, because="the cheapest"))
    ilir.catch_up()
    assert " locked the line here." in words_of(panel)
    assert panel.controls["because"].value == "half a sent"
    mine.act = 5
    panel.refresh()
    assert " locked a line" in words_of(panel)
    saved(framed.fill("03", panel, because="surer"))
    dana.catch_up()
    assert " locked a line" in words_of(theirs)
    assert theirs.controls["because"].value == "surer"
    assert framed.said().threshold.policy == mine.policy


def test_lines_for_outside_that_the_other_keeps_are_offered_beside_ones_own(lined):
    dana, ilir = lined.open("05"), lined.open("05")
    theirs, panel = dana.outside(), ilir.outside()
    panel.controls["line_1"].value = "in my words"
    theirs.controls["line_1"].value = "in hers"
    assert theirs.save()
    ilir.catch_up()
    assert " kept other lines meanwhile." in words_of(panel)
    assert panel.controls["line_1"].value == "in my words"
    assert panel.save()
    says = [one.says for one in lined.said().agreement.outside.may_say]
    nots = [one.says for one in lined.said().agreement.outside.not_yet]
    assert "in my words" in [*says, *nots]
    dana.catch_up()
    assert theirs.controls["line_1"].value == "in my words"


def test_clauses_follow_with_their_metric_and_what_is_typed_stays(lined):
    dana, ilir = lined.open("05"), lined.open("05")
    theirs, mine = dana.clauses(), ilir.clauses()
    mine.controls["then_1"].value = "half a sent"
    metric = theirs.controls["metric_2"]
    metric.value = next(m for _, m in metric.options if m != metric.value)
    saved(lined.fill("05", theirs, bound_2="30 %", who="Dora", then_1="stop"))
    ilir.catch_up()
    for key in ("metric_2", "bound_2", "who", "labels_per_week", "bound_1"):
        assert mine.controls[key].value == theirs.controls[key].value, key
    assert mine.controls["then_1"].value == "half a sent"
    assert mine.rows["then_1"]._offer is not None
    said = lined.said().agreement.clauses
    saved(lined.fill("05", mine, then_1="stop"))
    assert lined.said().agreement.clauses == said


def test_actions_of_both_are_kept_and_shown(pair):
    dana, ilir = pair.open("05"), pair.open("05")
    mine, theirs = ilir.actions(), dana.actions()
    action = "label 60 more - Ilir - 2030-01"
    saved(pair.fill("05", theirs, action_1=action))
    ilir.catch_up()
    assert mine.controls["action_1"].value == action
    asks = "ask legal - Dana - 2030-02"
    saved(pair.fill("05", mine, action_2=asks))
    dana.catch_up()
    assert theirs.controls["action_2"].value == asks
    later = "and again - Dana - 2030-03"
    theirs.controls["action_3"].value = "half a line"
    saved(pair.fill("05", mine, action_1=later))
    dana.catch_up()
    assert theirs.controls["action_1"].value == later
    assert theirs.controls["action_3"].value == "half a line"
    assert [a.what for a in pair.said().agreement.actions] == ["and again", "ask legal"]


def test_people_who_come_leave_what_is_typed(pair):
    dana, ilir = pair.open("05"), pair.open("05")
    panel = ilir.pulse("end")
    panel.panels[1].controls["worry"].value = "4"
    dana.save({"option": "bm25"}, "x")
    people = PEOPLE.model_copy(update={"product": (Person(name="Dora"),)})
    dana.save({"participants": people}, "x")
    ilir.catch_up()
    assert panel.panels[1].controls["worry"].value == "4"


# --- the one that waits --------------------------------------------------------------


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop in a thread of its own, as a kernel has one."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


def wait_until(true) -> None:
    until = time.monotonic() + 10
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def follow(loop, monkeypatch) -> Iterator:
    monkeypatch.setattr(following, "WAITS", 0.5)
    monkeypatch.setattr(following, "PAUSE", 0.05)
    started: list[Follower] = []

    def start(step) -> Follower:
        started.append(Follower(step, loop))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.ended.set()
    for one in started:
        one.join()


def test_what_is_saved_elsewhere_appears_by_itself(pair, follow, loop):
    step = pair.open("01")
    times = counting(step, "framing")
    where = []
    step.follow(
        SimpleNamespace(refresh=lambda: where.append(asyncio.get_running_loop())), "*"
    )
    follow(step)
    other = pair.file
    other.save("framing", Framing(ratio=3), base=other.read(), who="x", decided="x")
    wait_until(lambda: times)
    assert where == [loop]


def test_in_a_room_it_appears_within_a_moment(pair, follow, monkeypatch, tmp_path):
    file = RecordFile(pair.file.path, bets=tmp_path / "bets")
    with room(file) as url:
        monkeypatch.setenv("WORKSHOP_ROOM", url)
        monkeypatch.setenv("WORKSHOP_SCENARIO", "privacy-assistant")
        pages = []
        for seat in ("product", "engineering"):
            monkeypatch.setenv("WORKSHOP_SEAT", TOKENS[seat])
            pages.append(pair.open("00"))
        dana, ilir = pages
        form = ilir.what_is_wrong()
        follower = follow(ilir)
        saved(pair.fill("00", dana.what_is_wrong(), counts_as_wrong="a lie"))
        began = time.monotonic()
        wait_until(lambda: form.controls["counts_as_wrong"].value == "a lie")
        assert time.monotonic() - began < 5
        follower.ended.set()
        follower.join()


def test_nothing_that_goes_wrong_ends_the_waiting(pair, follow, monkeypatch, caplog):
    step = pair.open("01")
    wrong = iter([RunError("gone"), ValueError("broken"), OSError("disk")])
    waits = step.target.file.wait_for_change

    def wait(stamp: str, seconds: float) -> str:
        for error in wrong:
            raise error
        return waits(stamp, seconds)

    monkeypatch.setattr(step.target.file, "wait_for_change", wait)
    times = counting(step, "framing")
    follow(step)
    other = pair.file
    other.save("framing", Framing(ratio=3), base=other.read(), who="x", decided="x")
    wait_until(lambda: times)
    assert "broken" in caplog.text


def test_a_room_out_of_reach_is_asked_once_more(pair, follow, monkeypatch):
    step = pair.open("01")
    wrong = iter([RunError("gone"), RunError("gone")])
    shows = step.catch_up

    def catch_up() -> None:
        for error in wrong:
            raise error
        shows()

    monkeypatch.setattr(step, "catch_up", catch_up)
    times = counting(step, "framing")
    pair.open("01").save({"framing": Framing(ratio=3)}, "x")
    follow(step)
    wait_until(lambda: times)


def test_it_ends_with_the_step_that_it_is_for(pair, loop, monkeypatch):
    monkeypatch.setattr(following, "WAITS", 0.05)
    step = pair.open("01")
    follower = Follower(step, loop)
    follower.start()
    gone = weakref.ref(step)
    del step
    gc.collect()
    assert gone() is None
    follower.join(10)
    assert not follower.is_alive()


def test_nothing_waits_where_there_is_no_kernel(pair):
    before = threading.active_count()
    pair.open("01")
    assert threading.active_count() == before


LIVE = """
import asyncio, os, sys, threading
from types import SimpleNamespace
import IPython
shell = SimpleNamespace(kernel=object(), user_ns={})
IPython.get_ipython = lambda: shell
import workshop
from workshop.record.framed import Framing
from workshop.record.file import RecordFile

async def page():
    step = workshop.open_step("01", record=sys.argv[1])
    again = workshop.open_step("01", record=sys.argv[1])
    names = [t.name for t in threading.enumerate() if t.name.startswith("following")]
    assert names, names
    seen = asyncio.Event()
    again.follow(SimpleNamespace(refresh=seen.set), "framing")
    step.follow(SimpleNamespace(refresh=lambda: print("the old one")), "framing")
    await asyncio.sleep(0.5)
    file = RecordFile(sys.argv[1])
    file.save("framing", Framing(ratio=3), base=file.read(), who="x", decided="x")
    await asyncio.wait_for(seen.wait(), 20)
    print("seen")

asyncio.run(page())
"""


def test_a_kernel_follows_by_itself_and_is_not_kept_alive(pair):
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", LIVE, str(pair.file.path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "seen\n", done.stderr
    assert done.returncode == 0
    assert time.monotonic() - began < 60
