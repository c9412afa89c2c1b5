"""The kit comes from the run sheets alone: times, lines, cards and slides."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tests.helpers import SHIPPED, Page
from workshop import kit
from workshop.data.catalog import shipped
from workshop.errors import InputError
from workshop.room.sheet import lengths, run_sheet
from workshop.views.wording import phrase, speaking

NAMES = ["run-sheet.html", "cards.html", "slides.html"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("kit") / "not" / "there yet"
    made = kit.write_kit(folder, scenario=SHIPPED)
    assert [path.name for path in made] == NAMES
    return {path.name: path.read_text("utf-8") for path in made}


@pytest.mark.parametrize("minutes", [*lengths(), 45, 90, 240])
def test_a_sheet_says_each_part_at_the_minute_at_which_the_desk_comes_to_it(minutes):
    sheet, said = run_sheet(minutes), kit.sheet_said(minutes)
    assert [slot.minute * 60 for slot in said.slots] == [s.starts for s in sheet.slots]
    for slot, given in zip(said.slots, sheet.slots, strict=True):
        assert [m.minute * 60 for m in slot.moments] == [p.starts for p in given.parts]
        assert slot.minutes == given.minutes
        assert slot.task.text == phrase(f"room.task.{given.task}")
    assert said.minutes == minutes


def test_a_step_has_a_line_to_open_it_and_a_break_has_none():
    said = kit.sheet_said(120)
    assert [slot.id for slot in said.steps] == ["00", "01", "02", "03", "04", "05"]
    for slot in said.slots:
        has_lines = (slot.opens is not None, slot.go_on is not None)
        assert set(has_lines) == {slot.id != "break"}


@pytest.mark.parametrize("path", sorted(shipped("notebooks").glob("0[0-5]*.ipynb")))
def test_whose_turn_it_is_stands_in_the_notebooks_head(path: Path):
    """Another way to read it than the code's: by the table's own cells."""
    head = nbformat.read(path, as_version=4).cells[0].source
    cells = re.findall(r"(?m)^\| (.+) \| (.+) \| (.+) \|$", head)
    slot = next(s for s in kit.sheet_said(120).slots if s.id == path.name[:2])
    assert tuple(map(str, (slot.first, slot.drives, slot.leaves))) == cells[1]


def test_a_short_sheet_does_not_promise_what_it_leaves_out():
    said = kit.sheet_said(60)
    assert all(slot.leaves is None for slot in said.slots)
    assert "stays marked as borrowed" in said.lead[0].text


def test_another_length_says_which_sheet_it_follows():
    follows, lead, *_ = kit.sheet_said(90).lead
    assert follows.text.startswith("This follows the sheet of 120 minutes")
    assert lead == kit.sheet_said(120).lead[0]


@pytest.mark.parametrize(
    ("starts", "first", "last"),
    [("09:30", "09:30", "11:30"), ("23:00", "23:00", "01:00"), ("", "", "")],
)
def test_a_time_of_the_day_is_told_where_one_is_named(starts, first, last):
    said = kit.sheet_said(120, starts)
    assert (said.slots[0].clock, said.ends) == (first, last)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"minutes": 20}, "--minutes 20: a workshop takes 30 to 480"),
        ({"minutes": 481}, "--minutes 481"),
        ({"starts": "half nine"}, "--starts half nine: write a time as 09:30"),
        ({"starts": "25:00"}, "--starts 25:00"),
        ({"scenario": "privacy-asistant"}, "did you mean privacy-assistant"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(tmp_path, asked, why):
    with pytest.raises(InputError, match=re.escape(why)):
        kit.write_kit(tmp_path / "kit", **asked)
    assert not (tmp_path / "kit").exists()


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "kit").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="kit"):
        kit.write_kit(tmp_path / "kit")
    assert (tmp_path / "kit").read_text("utf-8") == "mine"


def test_written_again_it_takes_the_place_of_what_was_there(tmp_path):
    kit.write_kit(tmp_path, minutes=60)
    kit.write_kit(tmp_path, minutes=180)
    page = (tmp_path / "run-sheet.html").read_text("utf-8")
    assert "Run sheet: 180 minutes" in page
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asks_nothing_of_a_network(written, name):
    page = written[name]
    assert "default-src 'none'" in page
    addresses = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?[^\s\"')>]+", page)
    assert addresses == []
    assert "http:" not in page
    assert "https:" not in page


def test_every_line_of_the_sheet_stands_on_the_page_with_what_goes_wrong(written):
    text = Page(written["run-sheet.html"]).text
    for slot in kit.sheet_said(120).slots:
        assert slot.title.text in text
        for moment in slot.moments:
            assert moment.does.text in text
            assert moment.says.text in text
    assert phrase("kit.trouble.framing.feature.help") in text
    assert phrase("kit.trouble.whole.odd.help") in text


def test_the_first_slide_asks_what_the_scenario_asks(written):
    text = Page(written["slides.html"]).text
    assert "“We need an AI that answers privacy questions.”" in text


def test_in_another_language_what_stays_english_is_marked(tmp_path):
    with speaking("de"):
        (sheet, *_) = kit.write_kit(tmp_path)
    page = sheet.read_text("utf-8")
    assert '<html lang="de">' in page
    slot = kit.sheet_said(120).slots[0]
    assert f"<span lang=en>{slot.leaves}</span>" in page


def test_what_a_scenario_is_called_stays_text(tmp_path):
    from tests.helpers import HOSTILE, Tiny

    tiny = Tiny(tmp_path / "tiny")
    tiny.scenario["title"] = tiny.scenario["request"] = HOSTILE
    kit.write_kit(tmp_path / "kit", scenario=str(tiny.write()))
    page = (tmp_path / "kit" / "slides.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
