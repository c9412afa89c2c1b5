"""Two pages of one pair in a room: each half answers for itself, whatever is pressed.

A participant can set any trait and press any button of the own page. So each act is
tried by calling what such a message would reach.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import ipywidgets as w
import nbformat
import pytest
from ipywidgets.widgets.widget import _instances

from tests.helpers import SHIPPED, THAT_DAY
from tests.record.room_server import SEATS, room
from tests.steps.conftest import BETS, saved, words_of
from workshop.data.catalog import Target, find_scenario, shipped
from workshop.errors import InputError
from workshop.record.bets import Bet, SecondLook
from workshop.record.choices import Participants, Person, Record
from workshop.record.file import RecordFile
from workshop.record.sealed import is_proven
from workshop.record.values import ROLES, other_role
from workshop.record.wire import RoomFile
from workshop.steps import STEPS
from workshop.steps.given import Given
from workshop.views.wording import phrase

PEOPLE = Participants(
    product=(Person(name="Dana"),), engineering=(Person(name="Ilir"),)
)
SECRET = Bet(
    tolerable_error=0.17310419,
    expected_error=0.43770931,
    expected_low=0.31130727,
    expected_high=0.59290613,
    ratio=7.2530839,
    fallback="alternatives",
    owner="both",
    guess="heliotrope",
)
EXACT = ("310419", "770931", "130727", "290613", "530839", "heliotrope")
"""What only the secret bet has in it, wherever its numbers are written out."""
TOLD = ("1731", "17.31", "4377", "43.77", "3113", "5929", "7.25", "heliotrope")
"""The same as a page would round it; too short where thousands of numbers are sent."""
Page = Callable[..., Any]


@pytest.fixture(scope="module")
def given() -> Given:
    """What is given of the scenario, read once for all pages."""
    return Given(find_scenario(SHIPPED))


@pytest.fixture
def file(tmp_path: Path) -> RecordFile:
    kept = RecordFile(tmp_path / "record.yaml", bets=tmp_path / "bets")
    kept.create(Record(scenario=SHIPPED, participants=PEOPLE))
    return kept


@pytest.fixture
def page(
    file: RecordFile, given: Given, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """Return a function that opens a step on the page of a seat."""
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
    monkeypatch.setattr("workshop.record.wire.FRESH", 0.0)
    w.Widget.close_all()
    with room(file) as url:

        def opened(number: str, seat: str | None = "product") -> Any:
            module, name = STEPS[number]
            step = getattr(import_module(f"workshop.steps.{module}"), name)
            token = next(token for token, of in SEATS.items() if of == seat)
            target = Target(given.scenario, RoomFile(url, token))
            return step(target, interactive=True, given=given)

        yield opened
    w.Widget.close_all()


@pytest.fixture
def sealed(page: Page) -> Page:
    """Both have sealed a bet; that of engineering is the secret."""
    page("00", "engineering")._seal("engineering", SECRET, "")
    page("00", "product")._seal("product", SECRET.model_copy(update={"ratio": 3}), "")
    return page


@pytest.fixture
def opened(sealed: Page) -> Page:
    """Both bets stand open in the record."""
    for seat in ROLES:
        sealed("01", seat)._say_ready(seat, "")
    return sealed


def states() -> str:
    """Return all that the browser can read of this page's widgets, but their ids."""
    held = [part.get_state() for part in _instances.values()]
    return re.sub(r"[0-9a-f]{32}", "", json.dumps(held, default=repr))


def judge(step: Any, *words: tuple[str, str]) -> None:
    for role, word in words:
        step._judge(step.scenario.cases[0], role, word)


# --- what each page asks -------------------------------------------------------------


def test_names_come_from_the_door_and_nobody_is_asked_alone_or_two(page, file):
    step = page("00", "engineering")
    who = step.who()
    assert "You are here for engineering: Ilir." in words_of(who)
    assert "For product: Dana." in words_of(who)
    assert who.controls == who.buttons == {}
    with pytest.raises(InputError, match="door of this room"):
        step._seat("product", dict.fromkeys(("product", "engineering"), "Eve"))
    assert file.read().participants == PEOPLE


def test_who_has_not_joined_yet_is_said_and_then_who_has(page, file):
    alone = Participants(product=PEOPLE.product)
    file.save("participants", alone, base=file.read(), who="door", decided="left")
    who = page("00").who()
    assert "Nobody has joined for engineering yet." in words_of(who)
    file.save("participants", PEOPLE, base=file.read(), who="door", decided="joined")
    who.refresh()
    assert "For engineering: Ilir." in words_of(who)


@pytest.mark.parametrize("seat", ROLES)
def test_a_page_asks_its_own_half_and_no_other(opened, seat):
    other = other_role(seat)
    start, framing, agreement = (opened(n, seat) for n in ("00", "01", "05"))
    assert len(start.pulse("start").panels) == 1
    assert len(framing.second_look().panels) == 1
    assert [p for p in start.cases().buttons if p.startswith(other)] == []
    signing = agreement.sign()
    assert [bool(panel.controls) for panel in signing.panels] == [True, False]
    assert f"The {other} half has not signed." in words_of(signing)


def test_one_page_for_the_pair_asks_both_as_ever(page):
    step = page("00", None)
    assert step.acts_for == ROLES
    assert step.voice == "Dana + Ilir"
    assert "mode" in step.who().controls
    assert len(step.pulse("start").panels) == 2


def test_third_roles_have_no_seat_and_hold_nobody_up(page, file):
    asked = PEOPLE.model_copy(update={"legal": (Person(name="Lena"),)})
    file.save("participants", asked, base=file.read(), who="door", decided="asked")
    assert [chair.seat for chair in page("00").chairs()] == list(ROLES)


# --- what is refused, pressed or not -------------------------------------------------

ACTS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "judge": ("00", lambda step, who: judge(step, (who, "fine"))),
    "seal": ("00", lambda step, who: step._seal(who, SECRET, "a-word")),
    "bet again": ("00", lambda step, who: step._bet_again(who)),
    "pulse": ("00", lambda step, who: step._feel(who, "start", 5)),
    "ready": ("01", lambda step, who: step._say_ready(who, "a-word")),
    "second look": (
        "01",
        lambda step, who: step._look_again(
            who, SecondLook(tolerable_error=0.1, ratio=1)
        ),
    ),
    "pulse at the end": ("05", lambda step, who: step._feel(who, "end", 5)),
    "sign": ("05", lambda step, who: step._sign(who, "Eve")),
}


@pytest.mark.parametrize("seat", ROLES)
@pytest.mark.parametrize("act", ACTS)
def test_a_page_cannot_act_for_the_other_half(sealed, file, act, seat):
    number, do = ACTS[act]
    before = file.path.read_bytes()
    with pytest.raises(InputError, match="on a page of their own"):
        do(sealed(number, seat), other_role(seat))
    assert file.path.read_bytes() == before


@pytest.mark.parametrize("act", ["judge", "pulse", "ready", "pulse at the end", "sign"])
def test_a_page_can_act_for_its_own_half(sealed, file, act):
    number, do = ACTS[act]
    before = file.read().revision
    do(sealed(number), "product")
    assert file.read().revision > before
    assert file.read().log[-1].who in ("Dana", "Eve")


# --- cases ---------------------------------------------------------------------------


def test_the_label_and_the_others_word_stay_hidden_until_both_have_judged(page):
    dana, ilir = page("00"), page("00", "engineering")
    ilirs = ilir.cases()
    ilirs.buttons["engineering.harmful"].click()
    w.Widget.close_all()
    danas = dana.cases()
    assert "Ilir has answered this one" in words_of(danas)
    case, before = danas._ids[0], states()
    assert dana._reveal(case) == ilir._reveal(case) == ""
    danas.buttons["product.fine"].click()
    told = dana._reveal(case)
    assert told in danas._answer.value
    assert [line for line in told.split("<br>") if line in before] == []
    ilir.catch_up()
    assert told in ilirs._answer.value


def test_a_case_that_both_have_judged_is_closed_for_a_forged_press_too(page, file):
    dana = page("00")
    judge(dana, ("product", "fine"))
    judge(dana, ("product", "harmful"))
    judge(page("00", "engineering"), ("engineering", "fine"))
    with pytest.raises(InputError, match="Everybody has answered"):
        judge(dana, ("product", "fine"))
    assert set(file.read().cases.product.values()) == {"harmful"}


def test_no_count_tells_a_label_before_both_have_judged(page):
    dana = page("00")
    judge(dana, ("product", "fine"))
    assert dana.agreement.with_label == {}
    assert dana.agreement.agreed is None
    judge(page("00", "engineering"), ("engineering", "fine"))
    assert set(dana.agreement.with_label) == set(ROLES)
    assert dana.agreement.agreed.n == 1


def test_the_page_comes_back_at_the_first_case_not_judged_here(page):
    judge(page("00"), ("product", "fine"))
    assert page("00").cases().current == 1
    assert page("00", "engineering").cases().current == 0


# --- bets ----------------------------------------------------------------------------


def test_a_bet_is_sealed_without_a_word_and_nothing_typed_stays(page, file):
    panel = page("00").bets()
    assert panel.betting == "product"
    assert "Ilir has not sealed a bet yet." in words_of(panel)
    typed = BETS["product"] | {"tolerable_error": "17.31", "guess": "heliotrope"}
    panel.form.fill(typed)
    panel.buttons["save"].click()
    assert "It waits with the room" in words_of(panel)
    assert set(file.read().bets.sealed) == {"product"}
    assert panel.form is None
    assert panel.controls == {}
    assert [secret for secret in TOLD if secret in states()] == []
    assert file.read().log[-1].who == "Dana"


def test_no_page_of_a_seat_holds_anything_of_a_sealed_bet(sealed):
    dana = [sealed(number) for number in ("00", "01", "05")]
    panels = [dana[0].bets(), dana[1].open_bets(), dana[2].sign()]
    panels += [dana[1].second_look(), dana[0].recap(), dana[2].recap()]
    for panel in panels:
        for _ in range(2):  # asked once more before it is shown
            for name in ("show", "look"):
                if name in panel.buttons:
                    panel.buttons[name].click()
    assert "Ilir has sealed a bet." in words_of(panels[0])
    assert [secret for secret in TOLD if secret in states()] == []
    ilir = sealed("01", "engineering")
    ilir._say_ready("engineering", "")
    panels[1].refresh()
    assert "Ilir is ready." in words_of(panels[1])
    panels[1].buttons["look"].click()
    assert [secret for secret in TOLD if secret in states()] == []


@pytest.mark.parametrize("number", ["00", "01", "02", "03", "04", "05"])
def test_no_notebook_of_a_seat_sends_anything_of_a_sealed_bet(sealed, number):
    step = sealed(number)
    sent = []
    for cell in cells(number):
        shown = eval(cell, {"step": step, "display": lambda *parts: parts})
        sent += shown if isinstance(shown, tuple) else (shown,)
    assert len(sent) >= 6
    for panel in sent:
        for _ in range(2 * ("show" in getattr(panel, "buttons", ()))):
            panel.buttons["show"].click()
    page = states() + "".join(map(html_of, sent))
    assert [secret for secret in EXACT if secret in page] == []


def cells(number: str) -> list[str]:
    """Return what the notebook of a step asks it to show, cell by cell."""
    (file,) = shipped("notebooks").glob(f"{number}_*.ipynb")
    sources = (cell.source for cell in nbformat.read(file, 4).cells)
    return [source for source in sources if re.match(r"(step|display)[.(]", source)]


def html_of(shown: Any) -> str:
    """Return what is shown without any widget."""
    return shown._repr_html_() if hasattr(shown, "_repr_html_") else ""


def test_the_last_who_is_ready_opens_all_and_the_other_page_shows_them(sealed, file):
    danas, ilirs = sealed("01"), sealed("01", "engineering")
    dana, ilir = danas.open_bets(), ilirs.open_bets()
    assert dana.controls == ilir.controls == {}
    dana.buttons["ready.product"].click()
    assert "You are ready." in words_of(dana)
    assert not file.read().bets.opened
    ilirs.catch_up()
    assert "Dana is ready." in words_of(ilir)
    ilir.buttons["ready.engineering"].click()
    bets = file.read().bets
    assert bets.opened["engineering"].guess == "heliotrope"
    assert all(is_proven(bets, seat) for seat in ROLES)
    danas.catch_up()
    assert dana.buttons == {}
    assert "heliotrope" in states(), "what the other tests look for would be found"
    assert not file.table.folder.exists()


def test_who_bets_again_leaves_the_other_one_ready(sealed, file):
    sealed("01", "engineering")._say_ready("engineering", "")
    panel = sealed("00").bets()
    panel.buttons["again"].click()
    panel.buttons["yes"].click()
    assert "Thrown away, unread." in words_of(panel)
    bets = file.read().bets
    assert set(bets.sealed) == set(bets.ready) == {"engineering"}
    panel.form.fill(BETS["product"])
    panel.buttons["save"].click()
    sealed("01")._say_ready("product", "")
    assert file.read().bets.opened["product"].tolerable_error == 0.17


def test_a_press_too_early_is_a_sentence(page, file):
    page("00")._seal("product", SECRET, "")
    panel = page("01").open_bets()
    assert "Ilir still has to seal a bet" in words_of(panel)
    assert [name for name in panel.buttons if name.startswith("ready")] == []
    with pytest.raises(InputError, match="No sealed bet yet: Ilir"):
        page("01")._say_ready("product", "")
    assert file.read().bets.ready == {}


def test_one_alone_in_a_room_bets_again_beside_a_persona(page, file):
    played = PEOPLE.model_copy(
        update={"engineering": (Person(name="Ilir", persona=True),)}
    )
    file.save("participants", played, base=file.read(), who="door", decided="alone")
    step = page("00")
    step._seal("product", SECRET, "")
    step._bet_again("product")
    page("00")._seal("product", SECRET, "")
    page("01")._say_ready("product", "")
    assert set(file.read().bets.opened) == set(ROLES)


# --- who speaks ----------------------------------------------------------------------


def test_what_one_says_is_logged_under_the_own_name_and_decisions_under_both(
    opened, file
):
    dana = opened("05")
    saved(saved_by(dana.parking(), text="a thought"))
    assert (file.read().parking[-1].who, file.read().log[-1].who) == ("Dana", "Dana")
    saved(saved_by(dana.premortem(), black_box="we say why"))
    assert file.read().log[-1].who == "Dana"
    told = dana.save_agreement(retrospective="2027-03")
    assert told == phrase("page.saved_there"), "no file that nobody here can see"
    assert file.read().log[-1].who == "Dana + Ilir"


def test_both_sign_on_their_own_pages_and_see_each_other(opened, file):
    ilirs = opened("05", "engineering")
    dana, ilir = opened("05").sign(), ilirs.sign()
    saved(saved_by(dana.panels[0], name="Dana"))
    ilirs.catch_up()
    assert "Dana" in words_of(ilir.panels[1])
    saved(saved_by(ilir.panels[0], name="Ilir"))
    assert set(file.read().signatures) == set(ROLES)


def test_meetings_are_kept_without_a_file_where_the_record_lies_elsewhere(
    opened, file, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    told = saved_by(opened("05").calendar())
    saved(told)
    assert ".ics" not in told
    assert list(tmp_path.rglob("*.ics")) == []
    assert file.read().agreement.rituals


def test_both_second_looks_and_pulses_are_kept_from_two_pages(opened, file):
    for seat, share in (("product", "25"), ("engineering", "20")):
        step = opened("01", seat)
        (panel,) = step.second_look().panels
        saved(saved_by(panel, tolerable_error=share, ratio="1"))
        (pulse,) = step.pulse("start").panels
        saved(saved_by(pulse, worry="3"))
    record = file.read()
    (first,) = record.bets.rounds
    assert (first.product.tolerable_error, first.engineering.tolerable_error) == (
        0.25,
        0.2,
    )
    assert record.pulse.start.product == record.pulse.start.engineering == 3


def saved_by(panel: Any, **answers: str) -> str:
    """Fill in a form, press Save, and return what it says then."""
    panel.fill(answers)
    panel.buttons["save"].click()
    return panel.message.value


def test_each_marks_the_own_line_and_nobody_the_others(sealed, file):
    sealed("03", "product")._mark({"product": 0.6, "engineering": 0.1})
    sealed("03", "engineering")._mark({"engineering": 0.3, "product": 0.9})
    assert file.read().marks == {"product": 0.6, "engineering": 0.3}


def test_a_mark_of_the_other_half_is_refused_where_the_record_lies(sealed, file):
    step = sealed("03", "product")
    with pytest.raises(InputError, match="only the engineering half"):
        step.save({"marks": {"engineering": 0.1}}, "a mark", who="Dana")
