"""What docs/facilitator says can be done can be done; what is made is up to date."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from workshop.cli import main
from workshop.kit import documents
from workshop.rehearsal.whole import YOURSELF
from workshop.views.wording import phrase

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "facilitator"
WRITTEN = ("README.md", "own-data.md", "when-it-fails.md")
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
