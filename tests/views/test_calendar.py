"""The meetings as a file that any calendar reads, read back by the library's parser."""

from __future__ import annotations

from datetime import UTC, date, datetime

import icalendar
import pytest

from tests.helpers import HOSTILE
from workshop.data.catalog import find_target
from workshop.record.agreed import Action, Agreement, NotAgreed, Ritual
from workshop.record.bets import Bets
from workshop.record.choices import LogEntry, Record
from workshop.views.calendar import calendar_text
from workshop.views.wording import speaking

SCENARIO = find_target("privacy-assistant").scenario
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
AT = "2026-11-19T11:12:00+02:00"
LEFT = NotAgreed(
    about="framing.outcome",
    product="In: they ask the most.",
    engineering="Out, until labelled.",
    would_change_product="20 of 100 wrong",
    would_change_engineering="100 labels",
    decides="the head of support",
    by="2027-01",
)
AGREED = Agreement(
    rituals=(
        Ritual(what="readiness_review", on="2027-02-08", who="Ilir"),
        Ritual(what="metric_review", on="2027-01", every_weeks=4),
    ),
    retrospective="2027-05",
    not_agreed=(LEFT,),
    actions=(
        Action(what="label more", who="Ilir", by="2027-01"),
        Action(what="count", who="Dana", done="2026-11-30"),
    ),
)


KEYS = {"SUMMARY", "DESCRIPTION", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE"}
KEYS |= {"TRANSP", "RRULE"}


def record(agreement: Agreement = AGREED, **given) -> Record:
    line = LogEntry(at=AT, who="Dana", section="agreement", decided="it")
    given = {"agreement": agreement, "log": (line,), "revision": 7} | given
    return Record(scenario="privacy-assistant", **given)


def events(text: str) -> dict[str, icalendar.Event]:
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {str(event["SUMMARY"]).split(":")[0]: event for event in found}


def written(given: Record, name: str = "pair", now: datetime = NOW) -> str:
    return calendar_text(given, SCENARIO, now, name=name)


def test_each_meeting_is_a_day_of_its_own():
    found = events(written(record()))
    starts = {name: event.decoded("DTSTART") for name, event in found.items()}
    assert starts == {
        "Readiness review": date(2027, 2, 8),
        "Metric review": date(2027, 1, 1),
        "Retrospective": date(2027, 5, 3),
    }
    for event in found.values():
        assert (event.decoded("DTEND") - event.decoded("DTSTART")).days == 1
        assert "VALUE=DATE" in event.to_ical().decode()
        assert SCENARIO.title in str(event["SUMMARY"])


def test_a_meeting_begins_with_a_capital_and_keeps_those_of_its_language():
    with speaking("de"):
        found = events(written(record()))
    assert "Blick auf die Kennzahlen" in found


def test_what_comes_again_says_how_often():
    found = events(written(record()))
    assert found["Metric review"]["RRULE"] == {"FREQ": ["WEEKLY"], "INTERVAL": [4]}
    assert "RRULE" not in found["Readiness review"]


def test_the_retrospective_carries_what_was_not_agreed_and_what_is_to_be_done():
    told = str(events(written(record()))["Retrospective"]["DESCRIPTION"])
    assert "For the next meeting" in told
    for part in (LEFT.product, LEFT.engineering, LEFT.decides, LEFT.by,
                 LEFT.would_change_product, LEFT.would_change_engineering,
                 "label more", "The outcome"):  # fmt: skip
        assert part in told
    assert "count" not in told.split("What we do next")[1], "that is done"
    assert "With: Ilir" in str(
        events(written(record()))["Readiness review"]["DESCRIPTION"]
    )


def test_the_same_record_gives_the_same_file_whenever_it_is_made():
    later = datetime(2027, 6, 1, tzinfo=UTC)
    assert written(record()) == written(record(), now=later)
    (stamp,) = {e.decoded("DTSTAMP") for e in events(written(record())).values()}
    assert stamp == datetime(2026, 11, 19, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "log", [(), (LogEntry(at="one day", who="", section="", decided=""),)]
)
def test_without_a_time_in_the_log_it_is_now(log):
    found = events(written(record(log=log)))
    assert {e.decoded("DTSTAMP") for e in found.values()} == {NOW}


def test_a_meeting_keeps_its_identity_when_it_moves_and_no_other_has_it():
    def ids(given: Record, name: str = "pair") -> dict[str, str]:
        return {k: str(e["UID"]) for k, e in events(written(given, name)).items()}

    before = ids(record())
    assert len(set(before.values())) == 3
    moved = AGREED.model_copy(update={"retrospective": "2027-09"})
    assert ids(record(moved, revision=9)) == before
    assert not set(ids(record(), "another").values()) & set(before.values())
    others = ids(record(bets=Bets(record="0123456789abcdef")))
    assert not set(others.values()) & set(before.values())
    newer = events(written(record(revision=9)))["Retrospective"]
    assert newer["SEQUENCE"] == 9


def test_two_meetings_of_a_kind_are_two():
    twice = tuple(
        Ritual(what="metric_review", on=on) for on in ("2027-01-04", "2027-02-01")
    )
    text = written(record(Agreement(rituals=twice)))
    ids = [str(e["UID"]) for e in icalendar.Calendar.from_ical(text).walk("VEVENT")]
    assert len(set(ids)) == 2


def test_hostile_text_is_text_and_adds_no_event():
    nasty = f"{HOSTILE}\r\nEND:VEVENT\nBEGIN:VEVENT;X=1\\n,;\x00\x07"
    left = NotAgreed(about=nasty, product=nasty, decides=nasty)
    given = Agreement(
        rituals=(Ritual(what="readiness_review", on="2027-02-08", who=nasty),),
        retrospective="2027-03",
        not_agreed=(left,),
        actions=(Action(what=nasty, who=nasty),),
    )
    scenario = SCENARIO.model_copy(update={"title": nasty})
    text = calendar_text(record(given), scenario, NOW, name=nasty)
    parsed = icalendar.Calendar.from_ical(text)
    assert len(parsed.walk("VEVENT")) == 2
    for event in parsed.walk("VEVENT"):
        assert HOSTILE in str(event["SUMMARY"]).replace("\r\n", "\n")
        assert not set(event.keys()) - KEYS
    assert not {"\x00", "\x07"} & set(text)
    assert parsed.to_ical().decode("utf-8") == text


def test_lines_end_and_are_folded_as_calendars_want_it():
    data = written(record()).encode("utf-8")
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75


def test_a_record_without_meetings_is_an_empty_calendar():
    for given in (record(Agreement()), Record(scenario="x")):
        parsed = icalendar.Calendar.from_ical(written(given))
        assert parsed.walk("VEVENT") == []


def test_a_date_that_no_calendar_has_is_left_out():
    given = Agreement(rituals=(Ritual(what="metric_review", on="0000-01"),))
    assert events(written(record(given))) == {}
