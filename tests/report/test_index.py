"""The list of reports: what needs attention stands first, and it is one plain page."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.helpers import HOSTILE, Page
from workshop.record.values import Number
from workshop.report.index import (
    Entry,
    IndexJson,
    by_attention,
    headline_number,
    json_schema,
    write_index,
)

THAT_DAY = date(2026, 12, 1)
SHARE = Number(id="error.all", value=0.3, k=30, n=100, lo=0.22, hi=0.4, level=0.95)


def entry(name: str, out: Path = Path("out"), **given: Any) -> Entry:
    """Return a report that is ready, but for what is given."""
    known = {
        "state": "written",
        "page": out / name / "report.html",
        "verdict": "ready",
        "headline": f"About 3 of 10 in {name}.",
        "number": SHARE,
        "as_of": THAT_DAY.isoformat(),
        "stops": {"blocker": (), "broken": (), "gap": ()},
    }
    return Entry(name, name, out / name, **(known | given))


def gaps(count: int) -> dict[str, tuple[str, ...]]:
    return {"gap": tuple(f"gap {number}" for number in range(count))}


def in_order(out: Path) -> list[Entry]:
    """One report for each rank, the most urgent first."""
    nothing = {"page": None, "verdict": "", "headline": "", "number": None, "as_of": ""}
    return [
        entry("failed", out, state="failed", error="it broke.", **nothing),
        entry("waiting", out, state="waiting", **nothing),
        entry("broken", out, stops={"broken": ("C1: over the line",)}),
        entry("blocked", out, stops={"blocker": ("DR101: leaks",)} | gaps(9)),
        entry("not-ready", out, verdict="not_ready"),
        entry("many", out, verdict="cannot_tell", stops=gaps(3)),
        entry("few", out, stops=gaps(1)),
        entry("unsure", out, verdict="cannot_tell", rule="Too few rows."),
        entry("conditions", out, verdict="ready_with_conditions"),
        entry("fine", out),
    ]


def names(entries: list[Entry]) -> list[str]:
    return [one.name for one in entries]


def test_what_needs_attention_stands_first(tmp_path):
    wanted = in_order(tmp_path)
    assert names(by_attention(reversed(wanted))) == names(wanted)


def test_what_is_alike_stays_in_the_order_given():
    alike = [entry("b"), entry("a"), entry("c")]
    assert names(by_attention(alike)) == ["b", "a", "c"]


def test_the_page_and_its_twin_list_the_same(tmp_path):
    page = write_index(tmp_path, in_order(tmp_path), THAT_DAY)
    assert page == tmp_path / "index.html"
    shown = Page(page.read_text("utf-8"))
    twin = json.loads((tmp_path / "index.json").read_text("utf-8"))
    wanted = names(in_order(tmp_path))
    assert [report["name"] for report in twin["reports"]] == wanted
    places = [shown.text.index(f"About 3 of 10 in {name}.") for name in wanted[2:]]
    assert places == sorted(places)
    for words in (
        "Only 8 of 10 reports are finished",
        "failed: it broke.",
        "Not finished",
        "A broken clause: C1: over the line",
        "A blocker: DR101: leaks",
        "Still open: gap 0",
        "30 of 100 (range 22 to 40)",
        "Cannot tell",
        "Too few rows.",
    ):
        assert words in shown.text
    links = [given["href"] for tag, given in shown.elements if tag == "a"]
    assert "broken/report.html" in links
    assert not [link for link in links if link.startswith(("/", "failed", "waiting"))]


def test_a_whole_list_says_nothing_of_what_is_missing(tmp_path):
    page = write_index(tmp_path, [entry("fine", tmp_path)], THAT_DAY)
    text = Page(page.read_text("utf-8")).text
    assert "are finished" not in text
    assert "nothing" in text


def test_the_twin_follows_its_models(tmp_path):
    write_index(tmp_path, in_order(tmp_path), THAT_DAY)
    twin = json.loads((tmp_path / "index.json").read_text("utf-8"))
    schema = IndexJson.model_json_schema(by_alias=True, mode="serialization")
    jsonschema.validate(twin, schema)
    IndexJson.model_validate(twin)


def test_the_same_reports_give_the_same_bytes(tmp_path):
    first = write_index(tmp_path, in_order(tmp_path), THAT_DAY).read_bytes()
    assert write_index(tmp_path, in_order(tmp_path), THAT_DAY).read_bytes() == first


def test_hostile_text_stays_text(tmp_path):
    name = "<b>&\"'#?%"
    hostile = entry(
        name, tmp_path, headline=HOSTILE, stops={"gap": (HOSTILE,)}, number=None
    )
    failed = entry("f", tmp_path, state="failed", error=HOSTILE, page=None)
    page = write_index(tmp_path, [hostile, failed], THAT_DAY)
    shown = Page(page.read_text("utf-8"))
    plain = " ".join(HOSTILE.split())
    assert " ".join(shown.text.split()).count(plain) >= 3
    assert not {"script", "img"} & {tag for tag, _ in shown.elements}
    links = [given.get("href") for tag, given in shown.elements if tag == "a"]
    assert "%3Cb%3E%26%22%27%23%3F%25/report.html" in links


def test_the_page_needs_no_style_of_its_own_and_no_script(tmp_path):
    page = write_index(tmp_path, in_order(tmp_path), THAT_DAY)
    shown = Page(page.read_text("utf-8"))
    given = [name for _, attributes in shown.elements for name in attributes]
    assert "style" not in given
    assert not [name for name in given if name.startswith("on")]
    assert "script" not in {tag for tag, _ in shown.elements}


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ([], None),
        ([{"id": "a", "unit": "rows", "value": 3.0, "lo": None, "hi": None}], None),
        ([{"id": "a", "unit": "share", "value": 0.1, "lo": None, "hi": None}], None),
        ([{"id": "a", "unit": "share", "value": 0.1, "lo": 0, "hi": 0.2}], "a"),
    ],
)
def test_the_headline_number_is_a_share_with_its_range(numbers, wanted):
    found = headline_number({"sections": {"overview": {"numbers": numbers}}})
    assert (found.id if found else None) == wanted
    assert headline_number({"sections": {}}) is None


def test_the_published_schema_of_the_list_is_the_one_of_the_models():
    published = Path(__file__).resolve().parents[2] / "docs" / "index.schema.json"
    assert json.loads(published.read_text("utf-8")) == json_schema()
    jsonschema.Draft202012Validator.check_schema(json_schema())
