"""Bets as people make and open them: one laptop, two browsers, alone, and what if."""

from __future__ import annotations

import gc
import json
import os
import shutil
import types
from itertools import permutations
from pathlib import Path

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances

import workshop
from tests.helpers import SHIPPED, Tiny
from tests.steps.conftest import BETS, WORDS, Player, saved, say_ready, words_of
from workshop.record.bets import SEATS, Bet
from workshop.record.sealed import Drawer, Table, is_proven, open_bets
from workshop.views.panels.looks import STYLE
from workshop.views.wording import phrase, say

TYPED = {
    "tolerable_error": "17.31",
    "expected": "31.13 43.77 59.29",
    "ratio": "7.253",
    "fallback": "alternatives",
    "owner": "both",
    "guess": "she will say heliotrope",
}
SECRETS = (
    *("17.31", "0.1731", "31.13", "0.3113", "43.77", "0.4377", "59.29", "0.5929"),
    *("7.253", "heliotrope", WORDS["product"]),
)


@pytest.fixture(scope="module")
def played_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play as far as most tests begin, once: who is here, and then both bets."""
    kept = tmp_path_factory.mktemp("played")
    with pytest.MonkeyPatch.context() as patch:
        now = tmp_path_factory.mktemp("now")
        patch.setenv("WORKSHOP_HOME", str(now / "home"))
        patch.setenv("WORKSHOP_BETS", str(now / "bets"))
        (now / "bets").mkdir()
        player = Player(now / "home")
        saved(player.fill("00", player.open("00").who(), mode="two"))
        shutil.copytree(now, kept / "pair")
        player.bet(player.open("00"))
        shutil.copytree(now, kept / "sealed")
        w.Widget.close_all()
    return kept


@pytest.fixture(autouse=True)
def _own_drawers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_BETS", str(tmp_path / "drawers"))


def take_up(player: Player, played: Path) -> Player:
    """Go on from what was played before, with files of one's own."""
    shutil.copytree(played / "home", player.home, dirs_exist_ok=True)
    shutil.copytree(played / "bets", os.environ["WORKSHOP_BETS"])
    return player


@pytest.fixture
def pair(player: Player, played_once: Path) -> Player:
    """Two people who said who they are, and nothing else."""
    return take_up(player, played_once / "pair")


@pytest.fixture
def sealed(player: Player, played_once: Path) -> Player:
    """Two people whose bets are both sealed."""
    return take_up(player, played_once / "sealed")


def bets(player: Player):
    return player.said().bets


def waiting() -> list[str]:
    """Return the bets that wait in drawers on this computer."""
    home = Path(os.environ["WORKSHOP_BETS"])
    return sorted(file.name for file in home.rglob("*") if file.is_file())


# --- nothing can be read -------------------------------------------------------------


def told(widgets) -> str:
    states = [{key: getattr(part, key) for key in part.keys} for part in widgets]
    return json.dumps(states, default=repr).replace(json.dumps(STYLE), "")


def reachable(*roots: object) -> list[object]:
    """Return all that hangs on some objects, modules and types left aside."""
    aside = (types.ModuleType, type, types.FrameType)
    known = {id(vars(m)) for m in gc.get_objects() if isinstance(m, types.ModuleType)}
    found, todo = [], list(roots)
    while todo:
        one = todo.pop()
        if id(one) in known or isinstance(one, aside):
            continue
        known.add(id(one))
        found.append(one)
        todo.extend(gc.get_referents(one))
    return found


def folders(player: Player) -> bytes:
    """Return every byte beside the record and in the drawers."""
    homes = (player.file.path.parent, Path(os.environ["WORKSHOP_BETS"]))
    kept = (file for home in homes for file in home.rglob("*") if file.is_file())
    return b"\n".join(file.read_bytes() for file in kept)


def test_a_sealed_bet_can_be_read_nowhere(pair):
    step = pair.open("00")
    panel = step.bets()
    panel.buttons["product"].click()
    pair.fill("00", panel.form, **TYPED)
    ever = list(_instances.values())
    panel.controls["word"].value = WORDS["product"]
    ever += [panel.controls["word"]]
    assert [s for s in SECRETS if s in told(ever)]
    panel.buttons["seal"].click()
    assert set(bets(pair).sealed) == {"product"}
    pages = [told(ever), told(_instances.values())]
    for number in ("00", "01"):
        section = pair.open(number).section()
        pages.append(section.html + json.dumps(section.to_json()))
    for page in (*pages, folders(pair).decode("utf-8", "replace"), repr(pair.said())):
        assert [s for s in SECRETS if s in page] == []
        assert '"alternatives"' not in page


def test_nothing_that_hangs_on_the_page_remembers_the_bet(pair):
    step = pair.open("00")
    panel = step.bets()
    pair.seal(panel, "product", **TYPED)
    pair.asked.clear()
    gc.collect()
    hanging = reachable(step, panel, *_instances.values())
    assert len(hanging) > 1000
    assert not [one for one in hanging if isinstance(one, Bet) and one.ratio == 7.253]
    said = {one for one in hanging if isinstance(one, str)}
    typed = {*TYPED.values(), WORDS["product"]} - {"both", "alternatives"}
    assert said & typed == set(), "but for what every choice offers"


def test_only_digests_stand_in_the_record_until_the_opening(sealed):
    text = sealed.file.path.read_text("utf-8")
    assert text.count("sha256:") == 2
    for seat, word in WORDS.items():
        if seat in BETS:
            nonce = Drawer(bets(sealed).record).take(seat, word=word).nonce
            assert nonce not in text
    assert "nonce" not in text
    beside = {file.name for file in sealed.file.path.parent.iterdir()}
    assert beside <= {"record.yaml", ".record.yaml.lock"}


# --- one laptop ----------------------------------------------------------------------


def test_two_people_hand_one_laptop_over(pair):
    panel = pair.open("00").bets()
    assert "Who bets now?" in words_of(panel)
    pair.seal(panel, "engineering")
    assert "hand the laptop to Product" in words_of(panel)
    assert set(panel.buttons) == {"product", "again.engineering"}
    pair.seal(panel, "product")
    assert "All bets are sealed." in words_of(panel)
    assert waiting() == ["engineering", "product"]


def test_the_line_is_the_one_that_was_just_saved(pair):
    step = pair.open("00")
    panel = step.bets()
    panel.buttons["product"].click()
    saved(pair.fill("00", step.what_is_wrong(), counts_as_wrong="a false clause"))
    assert "a false clause" in words_of(panel)


def test_the_bets_open_with_the_last_word_and_stay_proven(sealed):
    panel = sealed.open("01").open_bets()
    first = say_ready(panel, "product")
    assert "Product is ready." in first
    assert not bets(sealed).opened
    assert set(bets(sealed).ready) == {"product"}
    say_ready(panel, "engineering")
    opened = bets(sealed)
    assert {seat: opened.opened[seat].tolerable_error for seat in BETS} == {
        "product": 0.17,
        "engineering": 0.07,
    }
    assert all(is_proven(opened, seat) for seat in BETS)
    assert set(opened.ready) == set(BETS)
    assert panel.controls == {}
    assert waiting() == []
    assert not Table(sealed.file.path).folder.exists()
    openings = [line for line in sealed.said().log if line.decided == "opened the bets"]
    assert len(openings) == 1


def test_nobody_bets_again_after_the_opening(sealed):
    sealed.ready(sealed.open("01"))
    panel = sealed.open("00").bets()
    assert panel.buttons == {}
    assert "have been opened" in words_of(panel)
    assert sealed.open("01").open_bets().controls == {}


# --- two browsers on one record ------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(BETS)))
@pytest.mark.parametrize("ready", list(permutations(BETS)))
def test_each_in_a_browser_of_ones_own_in_any_order(pair, order, ready):
    sealing = {seat: pair.open("00").bets() for seat in BETS}
    for seat in order:
        pair.seal(sealing[seat], seat)
    assert set(bets(pair).sealed) == set(BETS)
    opening = {seat: pair.open("01").open_bets() for seat in BETS}
    for seat in ready:
        say_ready(opening[seat], seat)
    assert set(bets(pair).opened) == set(BETS)
    last, first = opening[ready[1]], opening[ready[0]]
    assert last.controls == {}
    assert "look" in first.buttons
    first.buttons["look"].click()
    assert first.controls == first.buttons == {}


def test_both_answer_at_once_and_the_second_waits_for_nobody(pair):
    one, other = pair.open("00").bets(), pair.open("00").bets()
    for panel, seat in ((one, "product"), (other, "engineering")):
        panel.buttons[seat].click()
        pair.fill("00", panel.form, **BETS[seat])
        panel.controls["word"].value = WORDS[seat]
    for panel in (one, other):
        panel.buttons["seal"].click()
        assert panel.form is None
    assert set(bets(pair).sealed) == set(BETS)
    pair.ready(pair.open("01"))
    assert set(bets(pair).opened) == set(BETS)


def test_who_sealed_in_one_browser_does_not_seal_in_another(pair):
    one, other = pair.open("00").bets(), pair.open("00").bets()
    other.buttons["product"].click()
    pair.fill("00", other.form, **TYPED)
    pair.seal(one, "product")
    kept = bets(pair).sealed
    other.controls["word"].value = "another-word"
    other.buttons["seal"].click()
    assert "in another window already" in words_of(other)
    assert bets(pair).sealed == kept
    pair.bet(pair.open("00"), "engineering")
    pair.ready(pair.open("01"))
    assert bets(pair).opened["product"].tolerable_error == 0.17, "the first holds"


def test_two_who_say_ready_at_the_same_moment_are_opened_by_whoever_looks(sealed):
    """Each saved that the one is ready before it could read that the other is."""
    now = bets(sealed)
    table = Table(sealed.file.path)
    for seat in BETS:
        table.lay(seat, Drawer(now.record).take(seat, word=WORDS[seat]))
    ready = dict.fromkeys(BETS, "2027-01-01T00:00:00+00:00")
    both = now.model_copy(update={"ready": ready})
    sealed.file.save("bets", both, base=sealed.said(), who="both", decided="ready")
    panel = sealed.open("01").open_bets()
    assert panel.controls == {}
    panel.buttons["look"].click()
    assert set(bets(sealed).opened) == set(BETS)
    assert panel.buttons == {}


# --- alone ---------------------------------------------------------------------------


def test_alone_the_personas_bet_is_sealed_and_opened_with_ones_own(player):
    saved(player.fill("00", player.open("00").who(), mode="engineering"))
    panel = player.open("00").bets()
    assert panel.betting == "engineering", "nobody is asked who bets"
    player.seal(panel, "engineering")
    assert set(bets(player).sealed) == set(BETS)
    opening = player.open("01").open_bets()
    assert set(opening.controls) == {"engineering"}
    say_ready(opening, "engineering")
    persona = player.open("00").scenario.personas.product.bet
    opened = bets(player).opened["product"].model_dump(exclude={"nonce"})
    guess = persona.guess.replace("Ilir", "Engineering")  # nobody here is called Ilir
    assert opened == persona.model_dump() | {"guess": guess}
    assert all(is_proven(bets(player), seat) for seat in BETS)
    assert waiting() == []


def test_a_persona_speaks_of_whoever_sits_there_and_not_of_the_example(player):
    who = player.open("00").who()
    saved(player.fill("00", who, mode="product", product_name="Mira"))
    player.bet(player.open("00"))
    player.ready(player.open("01"))
    guess = bets(player).opened["engineering"].guess
    assert guess == "Mira will hope for fewer mistakes than there are."


def test_alone_where_nobody_is_recorded_both_halves_are_asked_and_it_is_said(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    tiny.record = {"format": 1, "scenario": "tiny"}
    record = str(tiny.write() / "record.yaml")
    panel = workshop.open_step("00", record=record, interactive=True).who()
    panel.fill({"mode": "product"})
    assert panel.save()
    assert phrase("panel.seats.nobody_recorded") in words_of(panel)


def test_alone_one_can_bet_again_too(player):
    saved(player.fill("00", player.open("00").who(), mode="product"))
    panel = player.open("00").bets()
    player.seal(panel, "product")
    panel.buttons["again.product"].click()
    panel.buttons["yes"].click()
    player.seal(player.open("00").bets(), "product", **TYPED)
    player.ready(player.open("01"))
    assert bets(player).opened["product"].ratio == 7.253


def test_a_persona_who_takes_the_seat_of_a_person_bets_for_itself(sealed):
    step = sealed.open("00")
    saved(sealed.fill("00", step.who(), mode="product"))
    assert set(bets(sealed).sealed) == {"product"}
    assert waiting() == ["product"]


def test_bets_that_were_opened_go_when_a_person_takes_the_personas_seat(player):
    saved(player.fill("00", player.open("00").who(), mode="product"))
    player.bet(player.open("00"))
    player.ready(player.open("01"))
    assert bets(player).opened
    saved(player.fill("00", player.open("00").who(), mode="two"))
    assert not (bets(player) and (bets(player).opened or bets(player).sealed))
    player.bet(player.open("00"))
    player.ready(player.open("01"))
    assert bets(player).opened["engineering"].tolerable_error == 0.07


# --- third roles ---------------------------------------------------------------------


@pytest.fixture
def three(pair: Player) -> Player:
    """Two people, and Lena from legal."""
    who = pair.open("00").who()
    saved(pair.fill("00", who, mode="two", legal_name="Lena"))
    return pair


LEGAL = BETS["product"] | {"tolerable_error": "2"}


def test_a_third_role_seals_a_bet_too_and_all_open_together(three):
    panel = three.bet(three.open("00"))
    assert panel.buttons["legal"].description == "I am Lena"
    three.seal(panel, "legal", **LEGAL)
    assert "All bets are sealed." in words_of(panel)
    opening = three.ready(three.open("01"), *BETS)
    assert not bets(three).opened
    say_ready(opening, "legal")
    assert set(bets(three).opened) == {*BETS, "legal"}
    assert bets(three).opened["legal"].tolerable_error == 0.02


def test_a_third_role_that_does_not_bet_holds_nobody_up(three):
    three.bet(three.open("00"))
    opening = three.ready(three.open("01"))
    assert opening.controls == {}
    assert set(bets(three).opened) == set(BETS)
    chairs = three.open("00").chairs()
    assert [chair.seat for chair in chairs] == list(BETS), "too late for Lena"


def test_a_third_role_that_leaves_takes_its_bet_along(three):
    panel = three.bet(three.open("00"))
    three.seal(panel, "legal", **LEGAL)
    who = three.open("00").who()
    assert who.controls["legal_name"].value == "Lena"
    saved(three.fill("00", who, legal_name=""))
    assert set(bets(three).sealed) == set(BETS)
    assert waiting() == sorted(BETS)


def test_who_bets_late_sees_no_bet_that_lies_on_the_table(three):
    three.bet(three.open("00"))
    say_ready(three.open("01").open_bets(), "product")
    assert Table(three.file.path).folder.exists()
    three.seal(three.open("00").bets(), "legal", **LEGAL)
    assert not Table(three.file.path).folder.exists()
    assert bets(three).ready == {}
    three.ready(three.open("01"), *BETS, "legal")
    assert set(bets(three).opened) == {*BETS, "legal"}


def test_names_of_third_roles_are_kept_in_their_seats(three):
    people = three.said().participants
    assert [p.name for p in people.legal] == ["Lena"]
    assert people.support == people.design == ()


# --- bet again -----------------------------------------------------------------------


def bet_again(panel, seat: str) -> None:
    panel.buttons[f"again.{seat}"].click()
    panel.buttons["yes"].click()


def test_a_forgotten_word_only_means_betting_again(sealed):
    opening = sealed.open("01").open_bets()
    assert "not the word" in say_ready(opening, "product", "what-was-it")
    assert not bets(sealed).opened
    assert bets(sealed).ready == {}
    before = bets(sealed)
    panel = sealed.open("00").bets()
    bet_again(panel, "product")
    assert "Thrown away, unread." in words_of(panel)
    after = bets(sealed)
    assert set(after.sealed) == {"engineering"}
    assert after.sealed["engineering"] == before.sealed["engineering"]
    assert waiting() == ["engineering"]
    assert sealed.said().log[-1].decided == "bets again"
    sealed.seal(panel, "product", **TYPED)
    sealed.ready(sealed.open("01"))
    assert bets(sealed).opened["product"].ratio == 7.253


def test_who_bets_again_makes_the_other_say_ready_again(sealed):
    say_ready(sealed.open("01").open_bets(), "engineering")
    assert Table(sealed.file.path).folder.exists()
    panel = sealed.open("00").bets()
    bet_again(panel, "product")
    assert bets(sealed).ready == {}
    assert not Table(sealed.file.path).folder.exists()
    sealed.seal(panel, "product")
    sealed.ready(sealed.open("01"), "engineering", "product")
    assert set(bets(sealed).opened) == set(BETS)


# --- what must not happen ------------------------------------------------------------


def test_nothing_opens_before_both_are_sealed(pair):
    pair.bet(pair.open("00"), "product")
    step = pair.open("01")
    panel = step.open_bets()
    assert panel.controls == {}
    assert "Engineering still has to seal a bet" in words_of(panel)
    before = pair.file.path.read_bytes()
    with pytest.raises(Exception, match="No sealed bet yet: Engineering"):
        step._say_ready("product", WORDS["product"])
    assert pair.file.path.read_bytes() == before


def test_a_bet_thrown_away_in_another_window_is_not_opened(sealed):
    opening = sealed.open("01").open_bets()
    bet_again(sealed.open("00").bets(), "engineering")
    assert "No sealed bet yet: Engineering" in say_ready(opening, "product")
    assert bets(sealed).ready == {}
    assert not Table(sealed.file.path).folder.exists()


def test_a_bet_made_on_another_computer_is_opened_there(sealed, monkeypatch, tmp_path):
    here = os.environ["WORKSHOP_BETS"]
    monkeypatch.setenv("WORKSHOP_BETS", str(tmp_path / "elsewhere"))
    opening = sealed.open("01").open_bets()
    assert "not on this computer" in say_ready(opening, "product")
    monkeypatch.setenv("WORKSHOP_BETS", here)
    sealed.ready(sealed.open("01"))
    assert bets(sealed).opened


def test_a_bet_changed_in_the_drawer_is_told_and_not_opened(sealed):
    drawer = Drawer(bets(sealed).record)
    taken = drawer.take("product", word=WORDS["product"])
    other = Bet(**taken.model_dump(exclude={"nonce"}) | {"ratio": 9})
    drawer.put("product", other, word=WORDS["product"])
    before = sealed.file.path.read_bytes()
    told = say_ready(sealed.open("01").open_bets(), "product")
    assert "not the one that was sealed" in told
    assert sealed.file.path.read_bytes() == before
    assert not Table(sealed.file.path).folder.exists()


@pytest.mark.parametrize("how", ["changed", "damaged", "taken away"])
def test_a_bet_changed_on_the_table_is_told_and_can_be_laid_anew(sealed, how):
    panel = sealed.open("01").open_bets()
    say_ready(panel, "product")
    table = Table(sealed.file.path)
    if how == "changed":
        lies = table.get("product")
        table.lay("product", lies.model_copy(update={"tolerable_error": 0.5}))
    elif how == "damaged":
        (table.folder / "product").write_bytes(b"nothing")
    else:
        table.take_back("product")
    told = say_ready(panel, "engineering")
    assert "is not the bet that was sealed (Product)" in told
    assert not bets(sealed).opened
    assert set(bets(sealed).ready) == {"engineering"}
    assert "was changed" in sealed.said().log[-1].decided
    say_ready(panel, "product")
    assert bets(sealed).opened["product"].tolerable_error == 0.17


def test_a_seal_edited_by_hand_opens_nothing(sealed):
    path = sealed.file.path
    digest = bets(sealed).sealed["product"]
    fake = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    path.write_text(path.read_text("utf-8").replace(digest, fake), "utf-8")
    told = say_ready(sealed.open("01").open_bets(), "product")
    assert "not the one that was sealed" in told
    assert not bets(sealed).opened


def test_an_opened_bet_edited_by_hand_is_told_on_the_page(sealed):
    sealed.ready(sealed.open("01"))
    warning = say("bets.not_as_sealed", name="Product").text
    assert warning not in words_of(sealed.open("01").open_bets())
    path = sealed.file.path
    text = path.read_text("utf-8")
    assert text.count("tolerable_error: 0.17") == 1
    path.write_text(text.replace("rror: 0.17", "rror: 0.71"), "utf-8")
    assert warning in words_of(sealed.open("01").open_bets())
    assert "somebody changed it after" in sealed.open("01").section().html


def test_the_last_word_opens_nothing_that_was_not_checked(sealed):
    """What the record then holds is what `open_bets` proves, and no other."""
    now = bets(sealed)
    sealed.ready(sealed.open("01"))
    after = bets(sealed)
    assert after.sealed == now.sealed
    assert open_bets(after, Table(sealed.file.path)) is after


def test_a_word_too_short_seals_nothing_and_loses_nothing(pair):
    panel = pair.open("00").bets()
    panel.buttons["product"].click()
    pair.fill("00", panel.form, **TYPED)
    panel.controls["word"].value = "abc"
    panel.buttons["seal"].click()
    assert "4 letters or more" in words_of(panel)
    assert panel.form.controls["ratio"].value == TYPED["ratio"]
    assert not bets(pair)
    assert waiting() == []


def test_the_shipped_example_shows_its_bets_and_keeps_no_other(player):
    player.record = SHIPPED
    assert player.open("01").open_bets().controls == {}
    assert player.open("00").bets().controls == {}
    assert [p for p in _instances.values() if isinstance(p, w.Password)] == []
    opened = player.said() if player.file.exists else player.open("00").record
    assert all(is_proven(opened.bets, seat) for seat in SEATS if seat in BETS)
