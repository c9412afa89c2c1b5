"""Are the formulas of docs/numbers.md those of the code, with its own sources?"""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "numbers.md").read_text("utf-8")
ANALYSIS = ROOT / "workshop" / "analysis"
ROWS = re.findall(r"(?m)^\| (.+?) \| (.+?) \| `(workshop\.[\w.]+)` \| (.*?) ?\|$", PAGE)
WITH_SOURCES = [(figure, module, cited) for figure, _, module, cited in ROWS if cited]


def text_of(module: str) -> str:
    """Return a module's source in one line, so that a name may be wrapped."""
    found = importlib.import_module(module).__file__
    assert found is not None
    return " ".join(Path(found).read_text("utf-8").split())


def cited(text: str) -> set[tuple[str, str]]:
    """Return first author and year of each source that is named in a text.

    Written as "Wilson 1927", "Platt (1999)" or "Figueroa et al. 2012"; of several
    authors the first one's family name counts.
    """
    name = r"[A-Z][\w'’-]+"
    more = rf"(?:(?:, | & | and ){name}(?: [A-Z]?[\w'’-]+)?)*(?: et al\.)?"
    found = re.findall(rf"\b({name})({more}),? \(?((?:18|19|20)\d\d)\b(?!-)", text)
    return {(first, year) for first, _, year in found if first not in MONTHS}


MONTHS = {"April", "August", "December", "January", "July", "May", "Dec"}


def test_the_table_is_read():
    assert len(ROWS) > 50
    assert len(ROWS) == PAGE.count("\n| ") - PAGE.count("\n| figure |")
    assert cited("Wilson 1927; Brown, Cai & DasGupta 2001; Vickers et al. 2008") == {
        ("Wilson", "1927"),
        ("Brown", "2001"),
        ("Vickers", "2008"),
    }


@pytest.mark.parametrize(("figure", "module", "sources"), WITH_SOURCES)
def test_a_source_on_the_page_stands_in_the_module(figure, module, sources):
    text = text_of(module)
    for one in sources.split("; "):
        first, year = one.split()[0].rstrip(","), one.split()[-1]
        near = rf"\b{re.escape(first)}\b.{{0,120}}?{re.escape(year)}"
        assert re.search(near, text), f"{figure}: {one} is not in {module}"


@pytest.mark.parametrize("module", sorted({module for _, _, module, _ in ROWS}))
def test_every_module_on_the_page_is_there(module):
    assert importlib.import_module(module).__doc__


def test_every_source_that_a_module_opens_with_is_on_the_page():
    told = cited(" ".join(PAGE.split()))
    missing = {}
    for path in sorted(ANALYSIS.rglob("*.py")):
        doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        _, _, sources = " ".join(doc.split()).partition("Source")
        if lacks := cited(sources) - told:
            missing[path.relative_to(ANALYSIS).as_posix()] = lacks
    assert missing == {}


def test_the_published_figures_are_where_the_page_says():
    tests = " ".join(
        path.read_text("utf-8") for path in (ROOT / "tests" / "reference").glob("*.py")
    )
    named = ("binom", "statsmodels", "scikit-learn", "fairlearn", "dcurves", "MAPIE")
    for source in (*named, "Fagerland"):
        assert source in PAGE
        assert source in tests, source
