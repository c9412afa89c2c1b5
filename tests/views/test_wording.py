"""Every sentence asked for is in the catalogue, and none waits there unasked."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import HOSTILE, Page, strangers
from workshop.analysis.expectations import CONFLICTS
from workshop.analysis.framing import OutcomePart
from workshop.analysis.readiness import CHECKS
from workshop.analysis.readiness.findings import Outcome, Severity
from workshop.analysis.readiness.verdict import VerdictKind
from workshop.analysis.readout import RowKind
from workshop.record import gaps, gaps_agreed
from workshop.record.agreed import ClauseState
from workshop.record.framed import Expectations
from workshop.record.gap_codes import GAP_CODES
from workshop.record.values import FallbackKind, Limits, Number, Owner
from workshop.room.sheet import lengths, run_sheet
from workshop.steps.whole import AGENDA
from workshop.views.panels.start import MODES
from workshop.views.section import Status
from workshop.views.wording import Said, has, phrase, phrases, say, show
from workshop.views.wording.formats import NOT_KNOWN, six_digits

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "workshop").rglob("*.py"))

# --- what is asked for ---------------------------------------------------------------


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in SOURCES}


@cache
def words() -> frozenset[str]:
    """Return every string that stands in the code, and what the run sheets ask for."""
    tasks = {slot.task for length in lengths() for slot in run_sheet(length).slots}
    return frozenset(tasks) | {
        node.value
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def asked_for() -> Iterator[tuple[str, str]]:
    """Yield place and id of every sentence that is asked for by its whole name."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if called in ("say", "phrase") and isinstance(first, ast.Constant):
                yield f"{path.name}:{node.lineno}", first.value


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Return one pattern for each id that is put together, such as ``gap.{code}``."""
    found = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                fixed = [p.value for p in node.values if isinstance(p, ast.Constant)]
                if not re.match(r"[a-z_]+\.", str(fixed[0]) if fixed else ""):
                    continue
                if isinstance(node.values[0], ast.Constant):
                    found.add("".join(_piece(part) for part in node.values))
    return tuple(re.compile(pattern) for pattern in sorted(found))


def _piece(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"(\w+?)"


# Ids that a form or a check makes of a name of its own and of these endings.
OWN_NAMES = re.compile(
    r"field\.(\w+)\.(\w+?)(?:_help|_example|_missing)?"
    r"|panel\.(\w+)\.(title|intro|more|save|about|yes|no|open|so_far)"
    r"|ui\.(title|intro|more|save|yes|no|about)"
    r"|check\.(DR\d{3})\.\w+"
    r"|agreement\.clause_(?:quantity_)?(at_most|at_least)"
)


def is_used(key: str) -> bool:
    """Say whether the code can ask for that sentence."""
    if key in words() or key in _closed():
        return True
    for pattern in (OWN_NAMES, *patterns()):
        found = pattern.fullmatch(key)
        if found and all(_is_known(word) for word in found.groups() if word):
            return True
    return False


def _is_known(word: str) -> bool:
    """Say whether the code knows a word, or the field or place that it is made of."""
    if word in words() or f"{word}_" in words():
        return True
    return word.removesuffix("_consulted") in words() or word in _places()


@cache
def _places() -> frozenset[str]:
    return frozenset(word.replace(".", "_") for word in words())


def test_every_sentence_that_is_asked_for_is_there():
    asked = list(asked_for())
    assert [f"{place} asks for {key}" for place, key in asked if not has(key)] == []
    assert len(asked) > 200


def test_every_sentence_that_is_there_is_asked_for():
    assert [key for key in phrases() if not is_used(key)] == []


@pytest.mark.parametrize(
    "stranger",
    ["page.never_said", "gap.no_such_gap", "panel.line.unheard", "field.line.unheard"],
)
def test_a_sentence_that_nobody_asks_for_is_found(stranger):
    assert not is_used(stranger)


CLOSED: dict[str, tuple[str, ...]] = {
    "verdict": get_args(VerdictKind),
    "status": get_args(Status),
    "section": (*AGENDA, "overview", "glossary"),
    "framing.owner_": get_args(Owner),
    "framing.fallback_": get_args(FallbackKind),
    "framing.part_": get_args(OutcomePart),
    "ui.owner": get_args(Owner),
    "ui.fallback": get_args(FallbackKind),
    "ui.role": ("product", "engineering"),
    "data.severity_": get_args(Severity),
    "data": tuple(o for o in get_args(Outcome) if o != "finding"),
    "agreement.state_": get_args(ClauseState),
    "threshold.row_": get_args(RowKind),
    "threshold.rows_": ("time", "cluster", "key"),
    "gap": GAP_CODES,
    "gap_name": tuple(set(Expectations.model_fields) - {"success_metric"}),
    "limit": tuple(Limits.model_fields),
    "panel.seats.mode": MODES,
    "panel.reveal": ("people", "curve", "recap", "again", "not_sealed"),
    "cli.gate_": ("blocker", "gap"),
    "start.word_": ("fine", "harmful"),
}


@cache
def _closed() -> frozenset[str]:
    """Return the ids of sentences that the closed lists ask for."""
    return frozenset(
        _id(prefix, v) for prefix, values in CLOSED.items() for v in values
    )


def _id(prefix: str, value: str) -> str:
    return f"{prefix}{value}" if prefix.endswith("_") else f"{prefix}.{value}"


@pytest.mark.parametrize("prefix", CLOSED)
def test_every_value_of_a_closed_list_has_its_sentence(prefix):
    assert [v for v in CLOSED[prefix] if not has(_id(prefix, v))] == []


def test_every_place_that_can_be_disputed_has_a_name():
    disputed = {
        node.args[0].value
        for path, tree in trees().items()
        if path.parent.name == "steps"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "ways"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(disputed) >= 8
    assert [d for d in disputed if not has(f"about.{d.replace('.', '_')}")] == []


@pytest.mark.parametrize("code", CHECKS)
def test_every_check_has_its_words(code):
    assert has(f"check.{code}.title")
    raises = _check_source(code)
    for reason in re.findall(r'(?:NotApplicable|CannotTell)\("(\w+)"\)', raises):
        assert phrase(f"check.{code}.{reason}").endswith(".")
    if "Found(" in raises:
        for part in ("found", "finding", "threatens", "way_1", "way_2"):
            assert has(f"check.{code}.{part}")


@pytest.mark.parametrize("code", CHECKS)
def test_a_findings_sentence_is_filled_by_what_the_check_finds(code):
    if not has(f"check.{code}.finding"):
        return
    given_names = set(re.findall(r'"(\w+)":', _check_source(code)))
    given_names |= set(re.findall(r"names=\{\"(\w+)\"", _check_source(code)))
    assert placeholders(f"check.{code}.finding") <= given_names


def _check_source(code: str) -> str:
    """Return the code of one check, with that of its own module which it calls."""
    import inspect

    module = inspect.getmodule(CHECKS[code].run)
    waiting, seen = [CHECKS[code].run], {}
    while waiting:
        function = waiting.pop()
        if function.__name__ not in seen:
            text = seen[function.__name__] = inspect.getsource(function)
            called = re.findall(r"\b(_\w+)\(", text)
            found = (getattr(module, name, None) for name in called)
            waiting += [one for one in found if inspect.isfunction(one)]
    return "\n".join(seen.values())


# --- gaps ----------------------------------------------------------------------------


def placeholders(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase(key)) if name}


def given_with_gaps() -> dict[str, list[set[str]]]:
    """Return, for each code, the names that `find_gaps` gives along."""
    found: dict[str, list[set[str]]] = {}
    for function in _functions_of(gaps, gaps_agreed):
        if not isinstance(function, ast.FunctionDef):
            continue
        dicts = {
            target.id: {k.value for k in node.value.keys if isinstance(k, ast.Constant)}
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "gap":
                code = node.args[0]
                if not isinstance(code, ast.Constant):
                    continue  # an expectation that collides, with the values of both
                names = {k.arg for k in node.keywords if k.arg}
                for star in (k.value for k in node.keywords if k.arg is None):
                    names |= dicts.get(getattr(star, "id", ""), set())
                found.setdefault(code.value, []).append(names)
    return found


def _functions_of(*modules: ModuleType) -> Iterator[ast.AST]:
    for module in modules:
        yield from ast.walk(ast.parse(Path(module.__file__).read_text("utf-8")))


def test_every_code_is_found_somewhere_and_no_other():
    conflicting = {f"expectation_{code}" for code in CONFLICTS}
    assert set(given_with_gaps()) | conflicting == set(GAP_CODES)


@pytest.mark.parametrize("code", given_with_gaps())
def test_a_gaps_sentence_is_filled_by_what_comes_with_it(code):
    for names in given_with_gaps()[code]:
        assert placeholders(f"gap.{code}") <= names


# --- text and HTML say the same ------------------------------------------------------

NUMBER = Number(id="n", value=0.3051, k=119, n=390, lo=0.24, hi=0.379, level=0.95)


def filled(key: str) -> Said:
    """Fill a sentence: numbers where it shows numbers, hostile words elsewhere."""
    values: dict[str, Number | str] = {}
    for _, name, spec, _ in Formatter().parse(phrase(key)):
        if name:
            values[name] = NUMBER if spec else values.get(name, HOSTILE)
    return say(key, **values)


# The laws that follow hold for each of some thousands of sentences. One test goes
# through them all and names those that break the law: a test each took longer to begin
# than to run.


def failing(law: Callable[[str], object]) -> dict[str, str]:
    """Return each sentence that a law does not hold for, with what was wrong."""
    found = {}
    for key in phrases():
        try:
            law(key)
        except Exception as error:  # whatever it is, the sentence is to be named
            found[key] = f"{type(error).__name__}: {error}"
    return found


def test_text_and_html_agree_once_tags_are_stripped():
    def law(key):
        said = filled(key)
        assert Page(f"<p>{said.html}</p>").text == said.text
        bare = re.sub(r"</?(?:data|span|bdi)\b[^>]*>", "", said.html)
        assert unescape(bare) == said.text
        assert "{" not in said.text.replace(HOSTILE, "")

    assert failing(law) == {}


def test_every_sentence_shows_numbers_in_the_houses_formats():
    def law(key):
        for _, name, spec, conversion in Formatter().parse(phrase(key)):
            if name and spec:
                assert show(NUMBER, spec).text
            assert not conversion

    assert failing(law) == {}


def test_a_sentence_that_breaks_a_law_is_named(monkeypatch):
    def law(key):
        assert key != "page.one", "as was planted"

    monkeypatch.setitem(globals(), "phrases", lambda: ("page.one", "page.two"))
    assert list(failing(law)) == ["page.one"]


def test_a_number_stands_in_data_with_its_id_part_and_exact_value():
    said = Said("{e:of100} of 100; {given}; {e:k} counted", {"e": NUMBER, "given": "x"})
    assert said.text == "31 of 100; x; 119 counted"
    value, k = Page(f"<p>{said.html}</p>").data
    assert (value.id, value.part, value.value, value.text) == (
        "n",
        "value",
        "0.3051",
        "31",
    )
    assert (k.id, k.part, k.value, k.text) == ("n", "k", "119", "119")
    assert said.numbers == (NUMBER, NUMBER)


def test_a_number_with_its_counts_and_range_is_one_element():
    said = Said("{e:of100} of 100 ({e:k} of {e:n})", {"e": NUMBER})
    assert said.html == "<data data-id=n value=0.3051>31 of 100 (119 of 390</data>)"
    assert said.numbers == (NUMBER, NUMBER, NUMBER)
    nested = {"rate": Said("{n:of100}", {"n": NUMBER}), "n": NUMBER}
    inside = Said("{rate} ({n:k} of {n:n})", nested)
    assert inside.html.count("<data") == 1, "a sentence in a sentence reads as one"


def test_parts_of_a_number_far_apart_or_across_other_words_stay_apart():
    apart = (
        "{e:of100} and, quite a while later, {e:k}",
        "{e:of100} or 7 or {e:k}",
        "{e:of100} {given} {e:k}",
        "{e:of100} {other:of100} {e:k}",
    )
    other = NUMBER.model_copy(update={"id": "o"})
    for template in apart:
        said = Said(template, {"e": NUMBER, "other": other, "given": "x"})
        shown = Page(f"<p>{said.html}</p>")
        assert [d.part for d in shown.data if d.id == "n"] == ["value", "k"], template
        assert shown.text == said.text


def test_no_digits_of_another_hide_between_the_parts_of_a_number():
    def law(key):
        for datum in Page(f"<p>{filled(key).html}</p>").data:
            if datum.id == NUMBER.id:
                assert strangers(datum.text, NUMBER) == []

    assert failing(law) == {}


def test_an_id_that_is_no_plain_word_stands_in_quotes():
    odd = NUMBER.model_copy(update={"id": 'a b"><script>'})
    (shown,) = Page(Said("{n:of100}", {"n": odd}).html).data
    assert shown.id == 'a b"><script>'


def test_what_is_not_known_is_shown_as_not_known():
    nothing = Number(id="n", value=None)
    said = Said("{n:of100}", {"n": nothing})
    assert said.text == NOT_KNOWN
    assert 'value=""' in said.html


@pytest.mark.parametrize(
    ("spec", "value", "text"),
    [
        ("tenths", 0.3051, "3 of 10"),
        ("tenths", 0.025, "2.5 of 100"),
        ("tenths", 0.05, "5 of 100"),
        ("tenths", 0.95, "95 of 100"),
        ("tenths", 1.0, "10 of 10"),
        ("of100", 0.025, "2.5"),
        ("of100", 0.3051, "31"),
        ("of100", 0.995, "100"),
        ("num", 0.468089, "0.468"),
        ("num", 1234.5, "1,234"),
        ("people", 1189.0, "1,200"),
        ("people", 37.4, "37"),
        ("points", 0.0125, "+1.2"),
        ("points", -0.02, "−2"),
        ("points", -0.0004, "+0"),
        ("money", -5.0, "−5.00"),
        ("whole", 390, "390"),
    ],
)
def test_how_numbers_are_rounded_for_people(spec, value, text):
    assert show(Number(id="n", value=value), spec).text == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_six_digits_are_kept_and_rounding_twice_changes_nothing(value):
    once = six_digits(value)
    assert six_digits(once) == once
    assert once == pytest.approx(value, rel=1e-5)


def test_a_sentence_without_its_value_is_a_fault_of_the_program():
    with pytest.raises(KeyError, match="needs 'text'"):
        say("threshold.because")
    with pytest.raises(KeyError):
        say("no.such_sentence")


# Words that a product manager's page does not use.
NOT_SAID = re.compile(
    r"\b(?:digest|revision|kernel|traceback|null|NaN|exception|obviously|simply)\b",
    re.IGNORECASE,
)


def test_no_sentence_uses_the_machines_words():
    assert [key for key in phrases() if NOT_SAID.search(phrase(key))] == []
