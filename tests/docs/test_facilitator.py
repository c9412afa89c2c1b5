"""What docs/facilitator says can be done can be done; what is made is up to date."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from benchmarks import minutes
from workshop.cli import main
from workshop.kit import documents
from workshop.rehearsal.whole import YOURSELF
from workshop.room.sheet import PARTS, Slot, run_sheet
from workshop.views.wording import phrase

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "facilitator"
WRITTEN = ("README.md", "own-data.md", "played.md", "when-it-fails.md")
PAGES = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.md"))}
COMMAND = r"(?m)^(workshop .+)$"
COMMANDS = [
    (name, line)
    for name, page in PAGES.items()
    for block in page.split("```")[1::2]
    for line in re.findall(COMMAND, block.replace("\\\n", " "))
]
INLINE = [
    (name, words)
    for name, page in PAGES.items()
    for words in re.findall(r"`(workshop [^`]+)`", page)
]


def test_the_folder_holds_what_is_made_and_what_is_written():
    assert set(PAGES) == {*WRITTEN, *documents()}


@pytest.mark.parametrize("name", documents())
def test_a_page_that_is_made_is_up_to_date(name):
    assert PAGES[name] == documents()[name], "run: make docs"


@pytest.mark.parametrize(("name", "line"), COMMANDS)
def test_every_command_is_one_that_there_is(name, line):
    _, word, *words = shlex.split(line, comments=True)
    main.commands[word].make_context(word, words)


@pytest.mark.parametrize(("name", "words"), INLINE)
def test_every_command_in_a_sentence_is_one_that_there_is(name, words):
    _, word, *rest = words.split()
    options = {o for p in main.commands[word].params for o in getattr(p, "opts", ())}
    assert {one for one in rest if one.startswith("-")} <= options


def test_there_are_commands_to_try():
    assert len(COMMANDS) > 8
    assert len(INLINE) > 3


def test_every_line_of_the_check_is_explained():
    """The list for the day before names what each line is called."""
    names = phrase_names("rehearsal.name.")
    page = PAGES["README.md"]
    told = set(re.findall(r"(?m)^\| `([^`]+)` \|", page))
    assert told == {phrase(f"rehearsal.name.{n}") for n in names if n not in YOURSELF}


def phrase_names(prefix: str) -> list[str]:
    from workshop.views.wording import phrases

    return [key.removeprefix(prefix) for key in phrases() if key.startswith(prefix)]


def test_every_option_of_the_kit_is_on_the_page():
    page = PAGES["README.md"]
    options = {
        p.opts[0]
        for p in main.commands["kit"].params
        if isinstance(p, click.Option) and p.name != "language"
    }
    assert {o for o in options if f"{o} " in page} == options


def test_no_page_says_a_sentence_that_another_says():
    """Of those that are written by hand, and of those beside them that they link to."""
    others = [FOLDER.parent / name for name in ("room.md", "deploy.md")]
    pages = {name: PAGES[name] for name in WRITTEN}
    pages |= {path.name: path.read_text("utf-8") for path in others}
    seen: dict[str, str] = {}
    for name, page in pages.items():
        text = " ".join(re.sub(r"```.*?```", "", page, flags=re.DOTALL).split())
        for sentence in re.split(r"(?<=[.?!:]) ", text):
            if len(sentence) > 40:
                assert seen.setdefault(sentence, name) == name, sentence


# --- the sheet, played ----------------------------------------------------------------


def steps(length: int) -> list[Slot]:
    return [slot for slot in run_sheet(length).slots if not slot.is_break]


def counted(heading: str) -> list[list[str]]:
    """Return the cells of a table of the page that tells what was counted."""
    part = PAGES["played.md"].partition(f"## {heading}")[2].partition("\n## ")[0]
    rows = re.findall(r"(?m)^\| (.+) \|$", part)[1:]
    return [[cell.strip("* ") for cell in row.split("|")] for row in rows]


def test_every_step_and_part_that_was_played_has_the_minutes_that_it_has_on_the_sheet():
    told = [(row[0], row[-1]) for row in counted("Minute by minute")[1:]]
    given = []
    for slot in steps(120):
        name = phrase(f"room.step_name.{slot.section}")
        given.append((f"{slot.id} {name}", str(slot.minutes)))
        for part in slot.parts:
            name = part.name.replace("_", " ")
            given.append((name, f"{(part.ends - part.starts) / 60:.0f}"))
    assert told == given


def test_the_other_two_sheets_are_told_as_they_are():
    rows = counted("The other two")[1:]
    assert [int(row[2]) for row in rows] == [slot.minutes for slot in steps(60)]
    assert [int(row[4]) for row in rows] == [slot.minutes for slot in steps(180)]


def test_nothing_that_was_counted_is_more_than_a_quarter_over():
    rows = counted("Minute by minute")[1:]
    others = counted("The other two")[1:]
    pairs = [row[-2:] for row in rows] + [
        row[at : at + 2] for row in others for at in (1, 3)
    ]
    assert len(pairs) > 30
    for needed, given in pairs:
        assert float(needed) <= minutes.OVER * float(given)


def test_what_was_counted_adds_up():
    """Each step to its parts, and each row to what it is made of, but for rounding."""
    rows = iter(counted("Minute by minute")[1:])
    for slot in steps(120):
        whole = next(rows)
        parts = [next(rows) for _ in slot.parts]
        assert int(whole[1]) == sum(int(part[1]) for part in parts)
        for row in (whole, *parts):
            made = sum(float(cell) for cell in row[2:6])
            assert float(row[6]) == pytest.approx(made, abs=0.21)


def test_the_speeds_on_the_page_are_those_that_were_counted_with():
    page = " ".join(PAGES["played.md"].split())
    seconds = minutes.SECONDS
    for said in (
        f"{minutes.READ} words a minute",
        f"at {minutes.ALOUD} where the sheet has them read aloud",
        f"lines at {minutes.SAID} words",
        f"{seconds['number']} seconds for a number",
        f"{seconds['sentence']} for a sentence",
        f"{seconds['name']} for a name",
        f"{minutes.CLICK} seconds for a click, {minutes.JUDGE} to judge a case",
        f"{minutes.DRAG} to draw a line",
    ):
        assert said in page
    assert minutes.TURN == 30
    assert "half a minute for each turn" in page


def test_every_part_of_every_sheet_can_be_counted():
    assert set(minutes.TASKS) == set(PARTS) - {"pause", "stand_up"}


def test_a_field_that_a_page_no_longer_has_stops_the_count():
    task = minutes.Task("04", fields=("option-because",))
    fields = (("option-because", "sentence"), ("option-bound", "number"))
    seconds = minutes.SECONDS["sentence"] + minutes.CLICK
    assert minutes.filling(task, fields) == seconds
    with pytest.raises(SystemExit, match="step 04 has no field option-because"):
        minutes.filling(task, fields[1:])
