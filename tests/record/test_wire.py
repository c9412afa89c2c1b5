"""A record over the wire is the record: read, saved, refused in the same words."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.record.conftest import EXAMPLE
from tests.record.room_server import TOKENS, room
from tests.record.test_roundtrip import RECORDS
from workshop.data.catalog import open_target
from workshop.errors import ConflictError, InputError, ReadOnlyError, RunError
from workshop.record.agreed import Parked
from workshop.record.bets import Bet, Bets
from workshop.record.choices import Cases, Participants, Person, Record
from workshop.record.file import RecordFile
from workshop.record.framed import Framing
from workshop.record.sealed import new_name, open_bets
from workshop.record.wire import NOT_SEATED, UNREACHED, RoomFile, plain

BET = Bet(
    tolerable_error=0.1,
    expected_error=0.2,
    ratio=3.0,
    fallback="human",
    owner="both",
)
PEOPLE = Participants(
    product=(Person(name="Dana"),), engineering=(Person(name="Ilir"),)
)


@pytest.fixture
def file(tmp_path: Path) -> RecordFile:
    kept = RecordFile(tmp_path / "record.yaml", bets=tmp_path / "bets")
    kept.create(Record(scenario="privacy-assistant", participants=PEOPLE))
    return kept


@pytest.fixture
def url(file: RecordFile) -> Iterator[str]:
    with room(file) as address:
        yield address


@pytest.fixture
def dana(url: str) -> RoomFile:
    return RoomFile(url, TOKENS["product"])


@pytest.fixture
def ilir(url: str) -> RoomFile:
    return RoomFile(url, TOKENS["engineering"])


@pytest.fixture
def app(url: str) -> RoomFile:
    """One page for the pair, without seats."""
    return RoomFile(url, TOKENS[None])


def keep(file: RoomFile, who: str = "Dana", **values: object) -> Record:
    return file.save_many(values, base=file.read(), who=who, decided="this")


# --- it is the same record -----------------------------------------------------------


def test_it_reads_what_stands_on_disk(file, dana, app):
    file.path.write_text(EXAMPLE, "utf-8")
    assert dana.exists
    assert dana.read() == file.read()
    assert (dana.seat, app.seat, file.seat) == ("product", None, None)
    assert str(dana.path) == "record.yaml"
    assert not dana.read_only
    assert dana.stamp == file.stamp


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(RECORDS)
def test_whatever_a_pair_can_say_passes_the_wire_unchanged(record):
    assert Record.model_validate(plain(record)) == record


def test_what_it_saves_stands_on_disk_with_who_and_why(file, dana):
    after = dana.save(
        "framing",
        Framing(counts_as_wrong="no answer"),
        base=dana.read(),
        who="Dana + Ilir",
        decided="what is wrong",
        because="we say so",
    )
    assert after == file.read() == dana.read()
    assert after.framing.counts_as_wrong == "no answer"
    line = after.log[-1]
    assert (line.who, line.decided, line.because) == (
        "Dana + Ilir",
        "what is wrong",
        "we say so",
    )
    assert dana.note("go on", base=after, who="Dana").log[-1].decided == "go on"


def test_what_the_other_saved_is_there_within_a_moment(dana, ilir):
    dana.read()
    keep(ilir, who="Ilir", option="minilm")
    time.sleep(0.25)
    assert dana.read().option == "minilm"


def test_a_change_ends_the_waiting_at_once(dana, ilir):
    stamp = dana.wait_for_change("", 0)
    assert dana.wait_for_change(stamp, 0.01) == stamp
    timer = threading.Timer(0.1, lambda: keep(ilir, who="Ilir", option="minilm"))
    timer.start()
    began = time.monotonic()
    assert dana.wait_for_change(stamp, 20) != stamp
    assert time.monotonic() - began < 10
    assert dana.read().option == "minilm"
    timer.join()


def test_a_file_on_disk_is_waited_for_in_the_same_way(file):
    stamp = file.wait_for_change("", 0)
    assert file.wait_for_change(stamp, 0.01) == stamp
    file.note("go on", base=file.read(), who="Dana")
    assert file.wait_for_change(stamp, 5) == file.stamp != stamp


def test_a_kernel_in_a_room_opens_the_record_of_its_seat(url, file, monkeypatch):
    monkeypatch.setenv("WORKSHOP_ROOM", url)
    monkeypatch.setenv("WORKSHOP_SEAT", TOKENS["product"])
    monkeypatch.setenv("WORKSHOP_SCENARIO", "privacy-assistant")
    target = open_target("/etc/passwd")
    assert isinstance(target.file, RoomFile)
    assert target.record == file.read()
    assert target.scenario.id == "privacy-assistant"


# --- what goes wrong is said in the same words ---------------------------------------


def test_saving_over_what_somebody_else_saved_is_a_conflict(dana, ilir):
    base = dana.read()
    keep(ilir, who="Ilir", option="minilm")
    with pytest.raises(ConflictError, match=r"'Ilir'.*reload and compare"):
        dana.save("option", "bm25", base=base, who="Dana", decided="ours")
    assert dana.read().option == "minilm"


def test_two_parts_of_one_section_are_both_kept(dana, ilir):
    base = dana.read()
    keep(ilir, who="Ilir", cases=Cases(engineering={"q1": "fine"}))
    after = dana.save(
        "cases", Cases(product={"q1": "harmful"}), base=base, who="Dana", decided="q1"
    )
    assert after.cases == Cases(product={"q1": "harmful"}, engineering={"q1": "fine"})


@pytest.mark.parametrize("seat", ["product", None])
def test_a_value_that_does_not_fit_is_explained_as_on_disk(file, url, seat):
    far = RoomFile(url, TOKENS[seat])
    wrong = {"marks": {"product": "far up"}}
    said = []
    for one in (file, far):
        with pytest.raises(InputError) as error:
            one.save_many(wrong, base=one.read(), who="Dana", decided="x")
        said.append(str(error.value))
    assert said[0] == said[1]


def test_no_sentence_tells_where_the_room_keeps_its_files(file, app, tmp_path):
    file.path.write_text("format: [", "utf-8")
    with pytest.raises(InputError) as error:
        app.read()
    assert str(tmp_path) not in str(error.value)
    assert str(error.value).startswith("record.yaml")


def test_a_shipped_example_stays_as_it_is(tmp_path, file):
    with room(RecordFile(file.path, read_only=True)) as url:
        far = RoomFile(url, TOKENS["product"])
        assert far.read_only
        with pytest.raises(ReadOnlyError, match="reading only"):
            keep(far, option="bm25")
        with pytest.raises(InputError, match="reading only"):
            far.drawer(new_name()).put("product", BET, word="")


def test_without_a_server_it_says_what_happens_to_what_was_typed():
    far = RoomFile("http://127.0.0.1:1", "x")
    with pytest.raises(RunError) as error:
        far.read()
    assert str(error.value) == UNREACHED
    assert "what you typed stays on the page" in UNREACHED


def test_a_token_that_is_nobodys_reads_nothing(url):
    for token in ("", "x", TOKENS["product"] + "x"):
        with pytest.raises(RunError) as error:
            RoomFile(url, token).read()
        assert str(error.value) == NOT_SEATED


def test_no_page_makes_a_record_in_a_room(dana):
    with pytest.raises(InputError, match="makes its own records"):
        dana.create(Record(scenario="other"))


# --- bets ----------------------------------------------------------------------------


def seal_one(far: RoomFile, seat: str, bet: Bet = BET) -> None:
    bets = far.read().bets or Bets()
    bets = bets.model_copy(update={"record": bets.record or new_name()})
    sealed = far.drawer(bets.record).put(seat, bet, word="")
    bets = bets.model_copy(update={"sealed": {**bets.sealed, seat: sealed}})
    keep(far, who=seat, bets=bets)


def be_ready(far: RoomFile, seat: str) -> None:
    time.sleep(0.21)
    bets = far.read().bets
    far.table.lay(seat, far.drawer(bets.record).take(seat, word=""))
    bets = bets.model_copy(update={"ready": {**bets.ready, seat: "now"}})
    keep(far, who=seat, bets=bets)


def test_bets_are_sealed_laid_and_opened_over_the_wire(file, dana, ilir):
    seal_one(dana, "product")
    time.sleep(0.21)
    seal_one(ilir, "engineering", BET.model_copy(update={"ratio": 8.0}))
    name = file.read().bets.record
    assert dana.drawer(name).holds("product")
    be_ready(dana, "product")
    with pytest.raises(InputError, match="until all are sealed and ready"):
        ilir.table.get("product")
    be_ready(ilir, "engineering")
    opened = open_bets(ilir.read().bets, ilir.table)
    keep(ilir, who="Dana + Ilir", bets=opened)
    ilir.table.clear()
    for seat in opened.sealed:
        ilir.drawer(name).forget(seat)
    time.sleep(0.21)
    assert dana.read().bets.opened["engineering"].ratio == 8.0
    assert not dana.drawer(name).holds("product")
    assert dana.table.get("product") is None


def test_one_page_for_both_locks_bets_with_the_words_that_people_pick(app):
    drawer = app.drawer(new_name())
    drawer.put("product", BET, word="dana-word")
    with pytest.raises(InputError, match="word"):
        drawer.take("product", word="ilir-word")
    assert drawer.take("product", word="dana-word").ratio == BET.ratio


# --- nothing is lost -----------------------------------------------------------------


def _write_many(far: RoomFile, who: str, times: int, wrong: list[Exception]) -> None:
    base = far.read()
    for turn in range(times):
        line = Parked(text=f"{who} {turn}", who=who)
        try:
            base = far.save_many(
                {"parking": (*base.parking, line)}, base=base, who=who, decided="park"
            )
        except Exception as error:
            wrong.append(error)
            return


@pytest.mark.parametrize("times", [25, pytest.param(100, marks=pytest.mark.slow)])
def test_two_who_write_at_the_same_time_lose_nothing(file, dana, ilir, times):
    wrong: list[Exception] = []
    writers = [
        threading.Thread(target=_write_many, args=(far, who, times, wrong))
        for far, who in ((dana, "Dana"), (ilir, "Ilir"))
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not wrong
    record = file.read()
    assert len(record.log) == record.revision == 2 * times
    for who in ("Dana", "Ilir"):
        own = [line.text for line in record.parking if line.who == who]
        assert own == [f"{who} {turn}" for turn in range(times)]
