"""A pair takes its meetings along as a file, from a room's page and from the app's."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest

from tests.helpers import SHIPPED
from tests.room.builders import a_room
from tests.room.client import APP, Person, serving
from workshop.data.catalog import find_scenario, open_target
from workshop.record.agreed import Agreement, Ritual
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.room.serving.alone import OnePair
from workshop.room.told_reports import MEETINGS, meetings_told
from workshop.views.room.meetings import has_meetings, meetings_file
from workshop.views.wording import phrase

PLANNED = Agreement(
    rituals=(Ritual(what="metric_review", on="2027-02-01", every_weeks=4),),
    retrospective="2027-04",
)


def plan(file: RecordFile, agreement: Agreement = PLANNED) -> None:
    file.save("agreement", agreement, base=file.read(), who="Dana", decided="meetings")


def test_the_way_to_the_file_is_there_once_a_meeting_is_agreed_on(tmp_path):
    state, _, seated = a_room(tmp_path, 2)
    who = [session.who for session in seated]
    assert meetings_told(state, who[0]) == []
    plan(state.file(1))
    told = {"href": MEETINGS, "text": phrase("app.meetings"), "file": True}
    assert meetings_told(state, who[0]) == meetings_told(state, who[1]) == [told]
    assert meetings_told(state, who[2]) == [], "the other pair has agreed on none"
    state.record_path(1).write_text("nonsense: [")
    assert meetings_told(state, who[0]) == []
    state.close()


def test_in_a_shipped_example_there_is_nothing_to_take_along():
    alone = OnePair(open_target(SHIPPED))
    assert has_meetings(alone.target.record)
    assert meetings_told(alone, alone.claim(alone.code).who) == []


def test_the_file_is_the_one_that_lies_beside_a_record():
    record, scenario = (
        Record(scenario=SHIPPED, agreement=PLANNED),
        find_scenario(SHIPPED),
    )
    text = meetings_file(record, scenario, name="pair-01")
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert len(events) == 2
    assert text.endswith("END:VCALENDAR\r\n")
    assert meetings_file(Record(scenario=SHIPPED), scenario, name="pair-01") == ""


def test_a_day_that_there_is_not_is_no_meeting():
    agreement = Agreement.model_construct(
        rituals=(Ritual.model_construct(what="metric_review", on="soon", who=""),),
        retrospective=None,
    )
    record = Record.model_construct(scenario=SHIPPED, agreement=agreement)
    assert not has_meetings(record)


@pytest.mark.slow
def test_the_app_gives_the_file_to_whoever_has_its_link(tmp_path: Path, root: Path):
    (tmp_path / "kept").mkdir()
    script = APP.replace("sys.argv[1]", 'sys.argv[1] + "/record.yaml"')
    with serving(script, tmp_path, root) as served:
        one, stranger = Person(served), Person(served)
        one.come_in(served.codes["app"])
        assert one.get(f"/{MEETINGS}").status == 404
        plan(RecordFile(tmp_path / "kept" / "record.yaml"))
        answer = one.get(f"/{MEETINGS}")
        assert answer.status == 200
        assert len(icalendar.Calendar.from_ical(answer.text).walk("VEVENT")) == 2
        assert stranger.get(f"/{MEETINGS}").status in (302, 403)
        here = one.get("/here/00000000-0000-4000-8000-000000000000?step=05").json()
        assert [link["href"] for link in here["reports"]["links"]] == [MEETINGS]
