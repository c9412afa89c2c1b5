"""The page says word for word what Python says, in every language's signs.

Browsers know languages too, and not always as Python does: so the page is handed its
signs, and the two are compared at every cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.test_explorer import (
    NEXT_FRAME,
    opened,
    said_by_the_browser,
    some_pairs,
)
from tests.views.explorer.givens import made_up_rows, some_given
from workshop.views.explorer.readout import readout
from workshop.views.explorer.state import explorer_state
from workshop.views.wording import phrase, speaking
from workshop.views.wording.english import english
from workshop.views.wording.translations import read_translation, shipped

pytestmark = pytest.mark.browser

MANY = some_given(made_up_rows(200, kinds=2, seed=2), kinds=2, per_week=270_000.0)


@contextmanager
def in_signs_of(tag: str, folder: Path) -> Iterator[None]:
    """Speak German words with another language's signs, as its translation would."""
    found = read_translation(shipped()["de"]).sentences
    part = {k: v for k, v in found.items() if k.startswith("explorer.")}
    lines = [f"language = {json.dumps(tag)}"]
    lines += [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in part.items()]
    file = folder / "signs.toml"
    file.write_text("\n".join(lines), "utf-8")
    with speaking(str(file)):
        yield


@pytest.mark.parametrize("tag", ["de", "nl", "fr", "en-IN", "de-CH"])
def test_page_and_python_agree_at_every_cut(browser, tmp_path, tag):
    last = len(MANY.cuts) - 1
    pairs = some_pairs(last)
    pairs = [*pairs[: last + 1], *pairs[last + 1 :: len(pairs) // 60]]
    with in_signs_of(tag, tmp_path):
        found = said_by_the_browser(browser, MANY, pairs)
        for (act, ask), said in zip(pairs, found, strict=True):
            assert said == readout(MANY, act, ask), (act, ask)
        money = readout(MANY, last // 2, last // 2)["money"]
    first = {"nl": "€", "en-IN": "€", "de-CH": "EUR"}
    assert money.startswith(("€", "EUR")) == (tag in first)
    assert first.get(tag, "€") in money


def test_in_english_nothing_more_travels_than_before():
    assert {"lang", "signs"} & set(explorer_state(MANY)) == set()


def test_what_a_translation_lacks_is_english_as_a_whole(browser, tmp_path):
    file = tmp_path / "partial.toml"
    sentence = json.dumps(english()["explorer.sentence"].replace("acted", "ACTED"))
    file.write_text(f'language = "de"\nexplorer.sentence = {sentence}\n', "utf-8")
    with speaking(str(file)):
        state = explorer_state(MANY)
        assert (state["lang"], "signs" in state) == ("en", False)
        middle = len(MANY.cuts) // 2
        (said,) = said_by_the_browser(browser, MANY, [(middle, middle)])
        assert said == readout(MANY, middle, middle)
        assert "ACTED" not in said["sentence"]
    assert said == readout(MANY, middle, middle)


def test_a_page_marks_the_language_of_its_explorer(browser, tmp_path):
    with speaking("de"):
        one = opened(browser, tmp_path, MANY)
        assert one(".cgx").get_attribute("lang") == "de"
        assert one(".cgx").get_attribute("aria-label") == phrase("explorer.title")
        assert one.complaints == []
        one.page.context.close()
    one = opened(browser, tmp_path, MANY)
    assert one(".cgx").get_attribute("lang") is None
    one.page.context.close()


def test_a_point_between_thousands_is_no_decimal_sign_in_german(browser, tmp_path):
    rows = [(score * 2000, label, kind) for score, label, kind in made_up_rows(200)]
    given = some_given(rows)
    with speaking("de"):
        one = opened(browser, tmp_path, given)
        typed = one.key("typed-act")
        for written in ("1.000", "1000", "1.000,0"):
            one.press("End")
            typed.fill(written)
            typed.press("Enter")
            one.page.evaluate(NEXT_FRAME)
            reached = typed.input_value().replace(".", "").replace(",", ".")
            assert abs(float(reached) - 1000) < 200
        one.page.context.close()
