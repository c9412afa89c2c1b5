"""The name of a language is a name, and text wherever it stands."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from workshop.errors import InputError
from workshop.kit import sheet_said
from workshop.room.serving.pages import plain_page
from workshop.views.kit.pages import slides_page
from workshop.views.page import fragment, page
from workshop.views.room.pages import desk_page
from workshop.views.wording import Said, catalogue, say
from workshop.views.wording.catalogue import Language
from workshop.views.wording.english import english
from workshop.views.wording.translations import read_translation

EVIL = 'de@"><script>alert(1)</script>'
"""Babel takes it for German: what stands behind the sign is no business of its."""


def named(folder: Path, tag: str) -> Path:
    """Write a translation whose language is called so."""
    file = folder / "mine.toml"
    file.write_text(f"language = '{tag}'\n", "utf-8")
    return file


@pytest.mark.parametrize(
    ("written", "tag"),
    [("de", "de"), ("DE", "de"), ("pt-br", "pt-BR"), ("zh-hant", "zh-Hant")],
)
def test_a_language_is_called_as_everybody_writes_it(tmp_path, written, tag):
    assert read_translation(named(tmp_path, written)).tag == tag


@pytest.mark.parametrize(
    "tag", [EVIL, "de.<b>", "de@ onclick=alert(1)", "de_AT", "de\u00a0", "", "-", "de-"]
)
def test_what_is_no_name_is_refused_in_one_sentence(tmp_path, tag):
    file = named(tmp_path, tag)
    with pytest.raises(InputError) as caught:
        read_translation(file)
    told = str(caught.value)
    assert told.startswith(f"{file}: ")
    assert "letters, digits and hyphens" in told
    assert len(told.splitlines()) == 1


@pytest.fixture
def evil(monkeypatch):
    """A language that was called so, however that came about."""
    spoken = Language(EVIL, english())
    monkeypatch.setattr(catalogue, "_language", lambda _name: spoken)


def a_report() -> str:
    said = say("page.nobody")
    return page(title="t", subtitle=said, verdict=None, contents=(), body="", foot=())


WITH_A_LANGUAGE = {
    "a report": a_report,
    "a cell": lambda: fragment(""),
    "the kit": lambda: slides_page(sheet_said(60)),
    "the room": lambda: desk_page(xsrf="", title="t"),
    "a plain page": lambda: plain_page("", "/"),
    "a sentence": lambda: Said("{y}", {"y": Said("y", {}, EVIL)}, "en").html,
}


@pytest.mark.parametrize("what", WITH_A_LANGUAGE)
def test_the_name_of_a_language_is_text_wherever_it_stands(what, evil):
    html = WITH_A_LANGUAGE[what]()
    assert "<script>alert" not in html
    assert escape(EVIL) in html
