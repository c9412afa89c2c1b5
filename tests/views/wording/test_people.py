"""No line calls anybody by gender, and none blames or belittles.

The lists are short on purpose: each word on them has been taken for a slight or leaves
somebody out, and each has a plain word in its place. What they cannot see, such as a
sentence that blames in kind words, is left to whoever reads it.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from workshop.views.wording.english import english
from workshop.views.wording.translations import read_translation, shipped

# Pronouns and words for people that name a gender where none is known or matters.
GENDERED = re.compile(
    r"\b(?:he|she|him|his|hers?|himself|herself|s/he|"
    r"guys?|lad(?:y|ies)|gentlem[ae]n|girls?|boys?|"
    r"mankind|man-?(?:hours?|days?|power|made)|manned|unmanned|"
    r"(?:chair|sales|spokes|business|middle|lay|crafts|fore|fire|police)m[ae]n|"
    r"workmanship|housewi(?:fe|ves)|grandfathered)\b",
    re.IGNORECASE,
)
# Who reads this has done nothing wrong; a program says what is lacking and what helps.
BLAMING = re.compile(
    r"\b(?:your (?:fault|mistake|error)|you (?:failed|forgot|broke|neglected|ignored)|"
    r"you (?:should|ought to|could) have|you (?:were|are) wrong|wrong of you|"
    r"you must not|careless\w*|stupid\w*|silly|lazy|ignoran\w+|incompeten\w+|dumb|"
    r"illegal|invalid|incorrect(?:ly)?)\b",
    re.IGNORECASE,
)
# What is easy for one is not for another, who then feels slow.
BELITTLING = re.compile(
    r"\b(?:obvious(?:ly)?|simply|trivially|of course|needless to say|"
    r"as (?:everybody|everyone|you) knows?|even a child|no-brainer|"
    r"just (?:click|press|type|run|do|use|write|add|choose|open|say|put|take))\b",
    re.IGNORECASE,
)
# Words that make a failing of a body, a mind or an origin.
HURTFUL = re.compile(
    r"\b(?:crazy|insane|sanity|idiot\w*|cripple\w*|lame|"
    r"(?:black|white)-?list\w*|slaves?|tone-?deaf|blind(?:ly| to| spot))\b",
    re.IGNORECASE,
)
RULES = {
    "gendered": GENDERED,
    "blaming": BLAMING,
    "belittling": BELITTLING,
    "hurtful": HURTFUL,
}

# German names people by gender where English does not: each of these has a form that
# names none ("wer prüft", "die Person", "ein Mensch", "die Produktseite").
GERMAN = re.compile(
    r"\b(?:(?:Be)?[Nn]utzer|Anwender|Mitarbeiter|Entwickler|Ingenieure?|Manager|"
    r"Kunden?|Experten?|Kollegen?|Teilnehmer|Leser|Besucher|Prüfer|Moderator|"
    r"Vertreter|Bearbeiter|Kandidaten?)(?:s|n|en|in|innen)?\b"
    r"|\b(?:[Jj]eder (?:kann|soll|darf|muss|ist|hat|weiß|sieht)|jede und jeder|"
    r"jedermann|Mannschaft|Manntage?)\b"
    r"|\w+[*:_]innen\b|\b(?:Ihnen|Ihre[mnrs]?)\b"
    r"|\b(?:[Oo]ffensichtlich|[Ss]elbstverständlich|natürlich|(?:dein|euer) Fehler)"
)


def notebooks() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(file.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield file.name, "".join(cell["source"])


def pages_of_the_docs() -> Iterator[tuple[str, str]]:
    for file in (*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))):
        yield file.name, file.read_text("utf-8")


# It holds the words by which a rule finds a statement that is none.
LOOKED_FOR = "framing_words.py"


def helps_and_errors() -> Iterator[tuple[str, str]]:
    """Yield what the command line and errors say, wherever it stands in the code."""
    for file in sorted((ROOT / "workshop").rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        told = set() if file.name.startswith("cli") else set(_notes(tree))
        for node in ast.walk(tree):
            text = getattr(node, "value", None)
            is_text = isinstance(node, ast.Constant) and " " in str(text)
            if is_text and node not in told and file.name != LOOKED_FOR:
                yield file.name, str(text)


def _notes(tree: ast.Module) -> Iterator[ast.Constant]:
    """Docstrings, and texts below an attribute: read by whoever works on the code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def slips(said: Iterator[tuple[str, str]]) -> list[str]:
    """Return what a rule finds: which rule, where, and the word."""
    return [
        f"{rule} in {where}: {found[0]!r} … {text[max(0, found.start() - 40) :][:90]!r}"
        for where, text in said
        for rule, pattern in RULES.items()
        if (found := pattern.search(text))
    ]


def test_no_sentence_names_a_gender_or_blames():
    assert slips(iter(english().items())) == []


def test_no_notebook_names_a_gender_or_blames():
    found = list(notebooks())
    assert len(found) > 30
    assert slips(iter(found)) == []


def test_no_page_of_the_docs_names_a_gender_or_blames():
    assert slips(pages_of_the_docs()) == []


def test_neither_the_command_line_nor_an_error_names_a_gender_or_blames():
    found = list(helps_and_errors())
    assert len(found) > 500
    assert slips(iter(found)) == []


def test_no_german_sentence_names_a_gender_or_blames():
    sentences = read_translation(shipped()["de"]).sentences
    assert {
        k: f[0] for k, text in sentences.items() if (f := GERMAN.search(text))
    } == {}


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("gendered", "Ask the engineer what he thinks."),
        ("gendered", "It takes two man-hours."),
        ("gendered", "Each writes down her own number."),
        ("blaming", "You forgot to save."),
        ("blaming", "Invalid number."),
        ("blaming", "You should have looked before."),
        ("belittling", "Simply press Save."),
        ("belittling", "Just press Save."),
        ("belittling", "This is obviously wrong."),
        ("hurtful", "A sanity check."),
    ],
)
def test_a_slip_is_found(rule, line):
    assert [found.split(" ")[0] for found in slips(iter([("x", line)]))] == [rule]


@pytest.mark.parametrize(
    "line",
    [
        "The cases you have just judged show where it is needed.",
        "Where others see it, there is a history.",
        "Of 100, seven are wrong.",
        "This could not be saved; what you typed is still here.",
    ],
)
def test_a_plain_line_passes(line):
    assert slips(iter([("x", line)])) == []


@pytest.mark.parametrize(
    "line", ["Jeder darf das.", "Die Mitarbeiter:innen", "Fragen Sie Ihre Leute"]
)
def test_a_german_slip_is_found(line):
    assert GERMAN.search(line)
