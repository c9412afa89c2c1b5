"""Every hostile text in every field that a person fills, and in the data: only text.

`tests.spread` makes the scenarios; `tests.browser` opens their pages for real.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from tests.helpers import STEPS, Page
from tests.hostile import HALVES, HOSTILE_STRINGS, KINDS
from tests.spread import (
    SCENARIOS,
    Reported,
    Spread,
    fields_of,
    hostile_report,
    spreads,
)
from workshop.cli import main
from workshop.data.card import DatasetCard, load_card
from workshop.data.scenario import Scenario, load_scenario
from workshop.errors import InputError
from workshop.record import yaml_io
from workshop.record.choices import Record
from workshop.record.file import RecordFile, read_record

MANY = 200
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What moves a terminal's cursor, colours it or names its window."""


# --- the list, and what it is spread over --------------------------------------------


def test_there_are_many_texts_of_many_kinds_each_once():
    assert len(HOSTILE_STRINGS) >= MANY
    assert len(set(HOSTILE_STRINGS)) == len(HOSTILE_STRINGS)
    assert len(KINDS) > 10
    assert all(KINDS.values())


def test_the_fields_are_those_of_the_models():
    assert "Record.framing.counts_as_wrong" in fields_of(Record)
    assert "Record.agreement.actions[].what" in fields_of(Record)
    assert "Record.cases.product{key}" in fields_of(Record)
    assert "Scenario.personas.product.lines{}" in fields_of(Scenario)
    assert "DatasetCard.licenses[].notes" in fields_of(DatasetCard)
    found = [len(fields_of(kind)) for kind in (Record, Scenario, DatasetCard)]
    assert sum(found) > 100, found


def test_every_text_is_in_the_record_the_scenario_the_card_and_the_data(tmp_path):
    seen: dict[str, set[str]] = defaultdict(set)
    ids: set[str] = set()
    for spread in spreads(tmp_path):
        spread.write()
        ids |= set(spread.ids)
        for path, texts in spread.texts.items():
            seen[path.split(".")[0]] |= set(texts)
    assert ids >= set(HOSTILE_STRINGS)
    assert seen["Record"] >= set(HOSTILE_STRINGS)
    assert seen["DatasetCard"] >= set(HOSTILE_STRINGS)
    assert len(seen["Scenario"]) >= MANY


@pytest.fixture(scope="module", params=range(SCENARIOS))
def spread(request, tmp_path_factory) -> Spread:
    made = list(spreads(tmp_path_factory.mktemp("spread")))
    assert len(made) == SCENARIOS
    made[request.param].write()
    return made[request.param]


def test_what_the_products_own_writer_wrote_reads_back_as_it_was(spread):
    record = read_record(yaml_io.read_text(spread.folder / "record.yaml"), file="r")
    assert yaml_io.as_plain(record, sparse=False) == yaml_io.as_plain(
        Record.model_validate(spread.record), sparse=False
    )
    scenario = Scenario.model_validate(spread.scenario)
    assert load_scenario(spread.folder).model_dump() == scenario.model_dump()
    assert load_card(spread.folder) == DatasetCard.model_validate(spread.card)


def test_a_record_full_of_them_is_saved_section_by_section(spread, tmp_path):
    """Another text comes in, all others stay."""
    file = RecordFile(tmp_path / "record.yaml")
    whole = Record.model_validate(spread.record)
    base = file.create(Record(scenario=spread.folder.name))
    for name in ("framing", "data_review", "agreement", "impact"):
        who = spread.given[0]
        base = file.save(name, getattr(whole, name), base=base, who=who, decided=who)
    again = RecordFile(tmp_path / "record.yaml").read()
    for name in ("framing", "data_review", "agreement", "impact"):
        assert getattr(again, name) == getattr(whole, name)
    assert again.log[-1].who == spread.given[0]


@pytest.mark.parametrize("half", HALVES)
def test_half_a_character_is_refused_in_one_sentence(half, tmp_path):
    file = RecordFile(tmp_path / "record.yaml")
    base = file.create(Record(scenario="x"))
    before = file.path.read_bytes()
    with pytest.raises(InputError, match="half of a character") as told:
        file.save("parking", [{"text": half}], base=base, who="x", decided="x")
    assert "\n" not in str(told.value)
    assert file.path.read_bytes() == before


# --- the report ----------------------------------------------------------------------


@pytest.fixture(scope="module", params=range(SCENARIOS))
def reported(request: pytest.FixtureRequest) -> Reported:
    return hostile_report(request.param)


SHOWN = (
    "Scenario.title",
    "Record.framing.counts_as_wrong",
    "Record.framing.harmed",
    "Record.threshold.because",
    "Record.impact.because",
    "Record.data_review.accepted[].reason",
    "Record.data_review.assumptions[].says",
    "Record.agreement.actions[].what",
    "Record.agreement.not_agreed[].product",
    "DatasetCard.limits[]",
)
"""Fields that a report shows in full."""

LEAST = 40
"""So many shown texts of each report at least are looked for."""


@pytest.mark.slow
def test_the_report_is_made(reported):
    assert reported.exit_code == 0, reported.told
    assert reported.twin["failed"] == []
    assert set(STEPS.values()) <= set(reported.twin["sections"])


@pytest.mark.slow
def test_every_shown_text_reads_back_as_it_was(reported):
    said = as_a_browser_reads(reported.html)
    lost = {
        (path, text)
        for path in SHOWN
        for text in reported.spread.texts[path]
        if as_lines(text) not in said
    }
    assert lost == set()
    assert len({t for p in SHOWN for t in reported.spread.texts[p]}) >= LEAST


@pytest.mark.slow
def test_its_json_carries_them_as_they_were(reported):
    twin, texts = reported.twin, reported.spread.texts
    assert twin["title"] == texts["Scenario.title"][0]
    assert twin["scenario"] == reported.spread.folder.name
    assert twin["limits"] == texts["DatasetCard.limits[]"]
    assert json.loads(json.dumps(twin)) == twin


class Elements(HTMLParser):
    """The elements and attributes of a page, in their order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


KNOWN = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
OURS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "nav",
    "footer", "section", "article", "aside", "div", "p", "h1", "h2", "h3", "h4", "h5",
    "ul", "ol", "li", "dl", "dt", "dd", "a", "span", "strong", "em", "b", "i", "small",
    "abbr", "q", "time", "data", "br", "hr", "table", "caption", "colgroup", "col",
    "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "details",
    "summary", "script", "svg", "g", "path", "defs", "clippath", "rect",
    "use", "line", "circle", "text", "bdi",
     "tspan", "polyline", "polygon", "desc", "symbol",
    "marker", "pattern", "ellipse",
}  # fmt: skip
"""Elements that the house writes; anything else came from a text."""

REACHING = {"src", "srcset", "action", "formaction", "srcdoc", "data", "style", "ping"}


@pytest.mark.slow
def test_no_element_and_no_attribute_came_from_them(reported):
    assert foreign(reported.html) == []
    Page(reported.html)


def foreign(html: str) -> list[str]:
    """Return what a page holds that the house does not write."""
    wrong = []
    for tag, attributes in Elements(html).found:
        if tag not in OURS:
            wrong.append(f"<{tag}>")
        for name, value in attributes:
            if not (KNOWN.fullmatch(name) or name in {"viewbox", "xlink:href"}):
                wrong.append(f"<{tag} {name}>")
            if name.startswith("on") or name in REACHING:
                wrong.append(f"<{tag} {name}>")
            if name in {"href", "xlink:href"} and not (value or "").startswith("#"):
                wrong.append(f"<{tag} {name}={value}>")
    return wrong + _too_many(html)


ONCE = {"html", "head", "title", "style", "body", "main"}


def _too_many(html: str) -> list[str]:
    """Say what stands on a page more often than the house sets it."""
    found = Elements(html).found
    often = Counter(tag for tag, _ in found)
    wrong = [f"{often[tag]} <{tag}>" for tag in sorted(ONCE) if often[tag] > 1]
    policies = [a for tag, a in found if tag == "meta" and "http-equiv" in dict(a)]
    kinds = sorted(str(dict(a).get("type")) for tag, a in found if tag == "script")
    if len(policies) > 1:
        wrong.append("two policies")
    if kinds not in ([], ["application/json", "module"]):
        wrong.append(f"scripts: {kinds}")
    return wrong


HARMLESS = {"<b>bold</b>", "<p>one<p>two"}
A_PAGE = (
    "<html><head><title>x</title><style></style>"
    '<meta http-equiv="Content-Security-Policy" content="x"></head><body><p>'
)


@pytest.mark.parametrize("text", sorted(set(KINDS["markup"]) - HARMLESS))
def test_a_text_that_was_not_escaped_is_found(text):
    assert foreign(A_PAGE) == []
    same = Elements(f"{A_PAGE}{text}</p>").found == Elements(A_PAGE).found
    assert same or foreign(f"{A_PAGE}{text}</p>")


@pytest.mark.slow
def test_the_terminal_gets_no_control_character(reported):
    assert CONTROL.findall(reported.told) == []


@pytest.mark.parametrize("command", ["status", "report"])
def test_a_text_in_an_error_moves_no_cursor(spread, tmp_path, command):
    """A record that is wrong quotes what it found."""
    text = next((t for t in spread.given if CONTROL.search(t)), spread.given[0])
    (spread.folder / "broken.yaml").write_text(
        yaml_io.dump({"format": 1, "scenario": text, text: text}), "utf-8"
    )
    done = CliRunner().invoke(main, [command, str(spread.folder / "broken.yaml")])
    assert done.exit_code == 2
    assert CONTROL.findall(done.stdout + done.stderr) == []
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_status_shows_them_as_text(reported, arguments):
    record = str(reported.spread.folder / "record.yaml")
    done = CliRunner().invoke(main, ["status", record, *arguments])
    assert done.exit_code == 0, done.stderr
    assert CONTROL.findall(done.stdout + done.stderr) == []


# --- how a browser reads a page ------------------------------------------------------


def as_a_browser_reads(html: str) -> str:
    return as_lines(Page(html).text)


def as_lines(text: str) -> str:
    """Every line end as one, and a null, which no page can hold, as its stand-in."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
