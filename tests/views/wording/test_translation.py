"""A translation is one file: what it lacks is said in English, and nothing is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import HOSTILE, Page
from workshop.errors import InputError
from workshop.kit import sheet_said
from workshop.record.values import Number
from workshop.views.kit.pages import slides_page
from workshop.views.page import fragment, page
from workshop.views.wording import (
    Said,
    language,
    phrase,
    phrases,
    say,
    speaking,
    tongue_of,
)
from workshop.views.wording.catalogue import VARIABLE
from workshop.views.wording.english import english
from workshop.views.wording.translations import (
    WHOLE,
    Translation,
    faults,
    fields,
    is_wordless,
    missing,
    read_translation,
    shipped,
    unknown,
    worded,
)

NUMBER = Number(id="n", value=0.3051, k=1190, n=3900, lo=0.24, hi=0.379, level=0.95)


def translated(folder: Path, text: str, tag: str = "de") -> Path:
    """Write a translation, the language named at its top."""
    file = folder / "mine.toml"
    file.write_text(f'language = "{tag}"\n{text}\n', "utf-8")
    return file


# --- what it lacks -------------------------------------------------------------------


def test_what_a_translation_holds_is_said_in_it_and_the_rest_in_english(tmp_path):
    file = translated(tmp_path, '[page]\ntop = "Nach oben"')
    with speaking(str(file)):
        assert phrase("page.top") == "Nach oben"
        assert phrase("page.link") == "Link"
        assert (tongue_of("page.top"), tongue_of("page.link")) == ("de", "en")
        assert set(phrases()) == set(english())
    assert phrase("page.top") == "Back to the top"


def test_what_is_said_in_english_is_marked_so_on_a_page_in_another_language(tmp_path):
    file = translated(tmp_path, '[verdict]\nready = "Bereit"')
    with speaking(str(file)):
        assert say("verdict.ready").html == "Bereit"
        assert say("verdict.not_ready").html == "<span lang=en>Not ready</span>"
        assert say("verdict.not_ready").text == "Not ready"
        both = say("data.headline", verdict=say("verdict.not_ready"), rule="x")
        assert both.html == "<span lang=en>Not ready</span>. x"


def test_a_sentence_in_another_one_is_marked_where_the_language_changes(tmp_path):
    file = translated(tmp_path, '[verdict]\nready = "Bereit"\n[page]\nlink = "Link"')
    with speaking(str(file)):
        said = say("cli.verdict", verdict=say("verdict.ready"))
        assert said.html == (
            "<span lang=en>Verdict: <span lang=de>Bereit</span></span>"
        )
        assert Page(f"<p>{said.html}</p>").text == said.text == "Verdict: Bereit"


def test_a_number_has_the_signs_of_the_sentence_that_it_stands_in(tmp_path):
    file = translated(tmp_path, '[start]\ncases_experts = "{name}: {same:k}/{same:n}"')
    with speaking(str(file)):
        own = say("start.cases_experts", name="x", same=NUMBER)
        other = say("start.cases_agreed", agreed=NUMBER)
        assert own.text == "x: 1.190/3.900"
        assert "1,190 times of 3,900" in other.text
        bare = Said("{n:k}", {"n": NUMBER})
        assert bare.text == "1.190"
        assert bare.text_in("en") == "1,190"


def test_exact_values_are_the_same_in_every_language():
    data = {}
    for name in ("en", "de", "de-AT", "en-IN"):
        with speaking(name):
            html = say("first.share", rate=NUMBER).html
            data[name] = [(d.id, d.value) for d in Page(f"<p>{html}</p>").data]
    assert len({json.dumps(one) for one in data.values()}) == 1


def test_a_page_says_which_language_it_is_in(tmp_path):
    given = {"title": "t", "subtitle": say("page.nobody"), "verdict": None}
    given |= {"contents": (), "body": "", "foot": ()}
    with speaking("de"):
        assert '<html lang="de">' in page(**given)
        assert '<div class="cg" lang="de">' in fragment("")
    assert '<html lang="en">' in page(**given)
    assert '<div class="cg">' in fragment("")


def test_a_part_that_is_one_picture_is_said_in_one_language_or_not_at_all(tmp_path):
    whole = {k: v for k, v in english().items() if k.startswith("explorer.")}
    del whole["explorer.curve_x"]
    text = "\n".join(f"{k} = {json.dumps(v)}" for k, v in whole.items())
    file = translated(tmp_path, text)
    with speaking(str(file)):
        assert {tongue_of(key) for key in worded() if key in whole} == {"en"}
    text += '\nexplorer.curve_x = "Erkannt"'
    with speaking(str(translated(tmp_path / ".", text).rename(tmp_path / "b.toml"))):
        assert {tongue_of(key) for key in worded() if key in whole} == {"de"}


def test_the_facilitators_kit_is_said_in_it_too(tmp_path):
    file = translated(tmp_path, '[kit]\ndeck.keys = "Pfeile blättern um."')
    with speaking(str(file)):
        html = slides_page(sheet_said(60))
    assert "Pfeile blättern um." in html
    assert '<html lang="de">' in html


def test_an_empty_sentence_is_one_that_is_lacking(tmp_path):
    file = translated(tmp_path, '[page]\ntop = ""')
    with speaking(str(file)):
        assert phrase("page.top") == "Back to the top"
    assert "page.top" in missing(read_translation(file))


def test_a_sentence_may_go_over_several_lines_and_keeps_its_no_break_spaces(tmp_path):
    file = translated(tmp_path, '[page]\ntop = """\nNach  oben\n  bitte\u00a0!\n"""')
    with speaking(str(file)):
        assert phrase("page.top") == "Nach oben bitte\u00a0!"


# --- which one -----------------------------------------------------------------------


def test_the_language_is_chosen_in_the_environment_and_nowhere_else(monkeypatch):
    assert language().tag == "en"
    monkeypatch.setenv(VARIABLE, "de")
    assert language().tag == "de"
    assert phrase("verdict.ready") == "Bereit"
    monkeypatch.setenv(VARIABLE, "")
    assert phrase("verdict.ready") == "Ready"


def test_speaking_lasts_as_long_as_it_is_asked_for(monkeypatch):
    monkeypatch.setenv(VARIABLE, "de")
    with speaking("en"):
        assert phrase("verdict.ready") == "Ready"
    assert phrase("verdict.ready") == "Bereit"


def test_a_path_holds_in_whatever_folder_a_kernel_starts(tmp_path, monkeypatch):
    translated(tmp_path, '[page]\ntop = "Nach oben"')
    monkeypatch.chdir(tmp_path)
    with speaking("mine.toml"):
        monkeypatch.chdir("/")
        assert phrase("page.top") == "Nach oben"


def test_a_countrys_language_has_the_words_of_the_language_and_its_own_signs():
    price = {"price": Number(id="p", value=1234.5), "currency": "EUR"}
    with speaking("de_AT"):
        assert language().tag == "de-AT"
        assert phrase("verdict.ready") == "Bereit"
        assert say("start.headline_many", error=NUMBER, wrong="x").text.endswith("100.")
        assert Said("{p:whole}", {"p": Number(id="p", value=12345)}).text == "12.345"
    with speaking("en-IN"):
        assert Said("{p:whole}", {"p": Number(id="p", value=1234567)}).text == (
            "12,34,567"
        )
        assert "₹" not in say("retro.price", **price).text
        assert "<span" not in say("retro.price", **price).html


def test_an_organisation_may_have_english_of_its_own(tmp_path):
    file = translated(tmp_path, '[verdict]\nready = "Good to go"', tag="en")
    with speaking(str(file)):
        assert say("verdict.ready").html == "Good to go"
        assert say("verdict.not_ready").html == "Not ready"


@pytest.mark.parametrize("name", ["xx", "klingon", "nl", "../de", "de.toml", "-", "C"])
def test_a_language_that_is_not_there_is_said_with_what_there_is(name, tmp_path):
    with pytest.raises(InputError) as caught, speaking(name):
        pass
    assert "nl.toml" in str(caught.value) or "cannot be read" in str(caught.value)


# --- what does not fit ---------------------------------------------------------------

MODEL = "start.wrong_line"  # We call wrong: “{line}”
NUMBERED = "start.cases_agreed"  # … {agreed:k} times of {agreed:n}.
TURNS = (0x200B, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
"""Signs that nobody sees: they part a word, or turn the words of a line around."""


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        (MODEL, "Falsch ist:", "lacks {line}"),
        (MODEL, "Falsch: {zeile}", "lacks {line}, and {zeile} is not"),
        (MODEL, "Falsch: {line} {line:k}", "{line:k} is not"),
        (MODEL, "Falsch: {line", "brace"),
        (MODEL, "Falsch: line}", "brace"),
        (MODEL, "Falsch: {line!r}", "{line!r} is not"),
        (MODEL, "Falsch: {line.__class__}", "{line.__class__} is not"),
        (MODEL, "Falsch: {line[0]}", "{line[0]} is not"),
        (MODEL, "Falsch: {}{line}", "{} is not"),
        (MODEL, "Falsch: {line:{line}}", "is not"),
        (MODEL, "Falsch: {line}\\u0007", "cannot be seen, U+0007;"),
        *((MODEL, f"Falsch: {{line}}\\u{at:04x}", f"U+{at:04X};") for at in TURNS),
        (NUMBERED, "{agreed:k} Mal", "lacks {agreed:n}"),
        (NUMBERED, "{agreed:n} Mal von {agreed:of100}", "lacks {agreed:k}"),
    ],
)
def test_a_sentence_that_does_not_fit_is_said_with_file_key_and_remedy(
    tmp_path, key, text, said
):
    file = translated(tmp_path, f'{key} = "{text}"')
    with pytest.raises(InputError) as caught, speaking(str(file)):
        pass
    told = str(caught.value)
    assert told.startswith(f"{file}: {key}: ")
    assert said in told
    assert told.endswith(".")
    assert len(told.splitlines()) == 1


def test_one_sentence_is_named_and_the_others_are_counted(tmp_path):
    file = translated(tmp_path, 'start.wrong_line = "a"\nstart.reveal_said = "b"')
    with pytest.raises(InputError, match=r"\(1 more: workshop wording\)"):
        speaking(str(file)).__enter__()


def test_values_may_be_named_in_another_order_and_more_than_once(tmp_path):
    file = translated(
        tmp_path, 'start.cases_agreed = "Von {agreed:n}: {agreed:k}, ja, {agreed:k}"'
    )
    with speaking(str(file)):
        said = say("start.cases_agreed", agreed=NUMBER)
        assert said.text == "Von 3.900: 1.190, ja, 1.190"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b'language = "de"\n[page\n', "not TOML"),
        (b'language = "de"\npage.top = 3\n', "page.top is no text"),
        (b'language = "de"\n[[page]]\ntop = "x"\n', "page is no text"),
        (b'[page]\ntop = "x"\n', "language is not named"),
        (b"language = 3\n", "language is not named"),
        (b'language = "quatsch"\n', "no language"),
        (b'language = "<script>"\n', "no language"),
        (b'language = "de@\\"><script>alert(1)</script>"\n', "no language"),
        (b'language = "de.<b>"\n', "no language"),
        (b'language = "de@ onclick=alert(1)"\n', "no language"),
        (b'language = "de_AT"\n', "letters, digits and hyphens"),
        (b'language = ""\n', "no language"),
        (b"", "language is not named"),
        (b'language = "de"\n' + b"#" * 1_000_001, "more than the"),
        (b'language = "de"\nx = ' + b"[" * 5000, "not TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_with_what_is_wrong(tmp_path, data, said):
    file = tmp_path / "mine.toml"
    file.write_bytes(data)
    with pytest.raises(InputError) as caught, speaking(str(file)):
        pass
    assert str(caught.value).startswith((str(file), "'"))
    assert said in str(caught.value)


def test_a_folder_is_no_translation(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        speaking(str(tmp_path)).__enter__()


def test_a_file_from_windows_is_read_like_any_other(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_bytes('\ufefflanguage = "de"\r\npage.top = "Hoch"\r\n'.encode())
    with speaking(str(file)):
        assert phrase("page.top") == "Hoch"


@pytest.mark.parametrize("sign", ["\u200c", "\u200d", "\u200e", "\u200f"])
def test_signs_that_some_scripts_are_not_written_without_may_stand(tmp_path, sign):
    file = translated(tmp_path, f'[page]\ntop = "a{sign}b"')
    with speaking(str(file)):
        assert phrase("page.top") == f"a{sign}b"


def test_what_a_translation_holds_is_text_on_a_page(tmp_path):
    seen = HOSTILE.replace("\u202e", "").replace("\u202c", "")
    doubled = seen.replace("{", "{{").replace("}", "}}")
    evil = json.dumps(doubled, ensure_ascii=False)
    file = translated(tmp_path, f"page.top = {evil}\nverdict.ready = {evil}")
    given = {"title": "t", "subtitle": say("page.nobody"), "contents": (), "foot": ()}
    with speaking(str(file)):
        html = page(**given, verdict=say("verdict.ready"), body="")
    found = Page(html)
    assert not [tag for tag, _ in found.elements if tag in ("script", "img")]


@given(st.text())
def test_any_sentence_is_refused_or_says_what_the_english_one_says(text):
    found = Translation("mine.toml", "de", {NUMBERED: text})
    if not faults(found):
        assert fields(text) == {"{agreed:k}", "{agreed:n}"}
        assert Said(text, {"agreed": NUMBER}, "de").text


# --- those that come along -----------------------------------------------------------


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_translation_fits_and_holds_nothing_that_nobody_asks_for(name):
    found = read_translation(shipped()[name])
    assert found.tag == name
    assert faults(found) == {}
    assert unknown(found) == []
    assert len(found.sentences) > 300


def test_german_says_the_first_screen_the_explorer_the_steps_and_the_buttons():
    lacking = missing(read_translation(shipped()["de"]))
    shown = ("first.", "verdict.", "verdict_rule.", "section.", *WHOLE[:3])
    assert [key for key in lacking if key.startswith(shown)] == []
    for part in ("gap.", "ui."):
        all_of = [key for key in worded() if key.startswith(part)]
        assert len([key for key in lacking if key in all_of]) < len(all_of) / 5


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_translation_reads_the_same_as_text_and_as_html(name):
    with speaking(name):
        for key in language().own:
            values: dict[str, Number | str] = {}
            for _, field, spec, _ in Formatter().parse(phrase(key)):
                if field:
                    values[field] = NUMBER if spec else HOSTILE
            said = say(key, **values)
            assert Page(f"<p>{said.html}</p>").text == said.text, key
            assert "<span" not in said.html, key


def test_a_wordless_sentence_needs_no_translation():
    assert is_wordless("{letter} · {n:of100} ({n:lo100})")
    assert not is_wordless("{n:of100} of 100")
    assert "explorer.cell_count" not in worded()
