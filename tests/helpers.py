"""What several tests share: a scenario small enough to break, and a page taken apart.

A `Tiny` scenario is a whole folder as a user would bring it; a test changes one thing
in it and writes it. A `Page` is what a browser would find in some HTML.
"""

from __future__ import annotations

import functools
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd

from workshop.record.values import Number
from workshop.views.wording.formats import SPECS, show

SHIPPED = "privacy-assistant"
THAT_DAY = date(2026, 12, 1)
"""The day that counts as today wherever a test needs one: nothing is overdue then."""

STEPS = {
    "00": "start",
    "01": "framing",
    "02": "data_readiness",
    "03": "threshold",
    "04": "user_impact",
    "05": "agreement",
}
"""Notebook → the Section that it hands on."""

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> \"q\" 'q' {braces} {0} "
    "%s %(x)s 😀 \u202eright to left\u202c </data></span> & $\\alpha$"
)
"""Text that does harm wherever a page or a template takes it for more than text."""


# --- a scenario of one's own ---------------------------------------------------------


class Tiny:
    """Forty rows, two options, a card and the scenario: valid until a test breaks it.

    ``data`` and ``runs`` are frames; ``files`` names where they are written. An entry
    of ``raw`` replaces a file's bytes altogether.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        rows = range(40)
        keys = [f"r{i:02}" for i in rows]
        self.data = pd.DataFrame(
            {
                "id": keys,
                "text": [f"words {i}" for i in rows],
                "shop": [f"shop {i % 25}" for i in rows],
            }
        )
        self.runs = pd.DataFrame(
            {
                "id": keys * 2,
                "option": ["plain"] * 40 + ["clever"] * 40,
                "score": [((7 * i) % 40) / 40 for i in rows]
                + [((11 * i) % 40) / 40 for i in rows],
                "good": [int((7 * i) % 40 > 12) for i in rows] * 2,
            }
        )
        self.scenario: dict[str, Any] = {
            "title": "A tiny one",
            "request": "We need an AI that sorts letters.",
            "decision": {"unit": "letters", "act": "send it on", "per_week": 500},
            "key": "id",
            "label": {"column": "good", "positive": 1, "means": "it was right"},
            "data": "data.csv",
            "runs": [
                self.run("plain", "Plain rules"),
                self.run("clever", "Clever rules"),
            ],
            "proposed": "plain",
            "today": {"title": "people do it", "minutes": 4, "cost": 1},
            "payoff": {"tp": 1, "fp": -2, "fn": -1, "review": -0.5},
            "labelling": {
                "minutes_per_label": 2,
                "cost_per_hour": 30,
                "labels_per_day": 50,
            },
            "cases": ["r01", "r02"],
            "shows": ["text"],
        }
        self.card: dict[str, Any] = {
            "name": "tiny",
            "title": "Tiny",
            "description": "Letters that were sorted.",
            "licenses": [{"name": "CC0"}],
            "sources": [{"title": "made up"}],
            "schema": {
                "fields": [
                    {"name": "id", "role": "id"},
                    {"name": "text", "role": "feature"},
                    {"name": "shop", "role": "group"},
                ]
            },
        }
        self.record: dict[str, Any] | None = None
        self.raw: dict[str, bytes] = {}

    @staticmethod
    def run(option: str, title: str) -> dict[str, Any]:
        """Return the entry of one option in scenario.yaml."""
        where = {"option": option}
        return {"id": option, "title": title, "file": "runs.csv", "where": where}

    def use_parquet(self) -> None:
        """Keep both tables as Parquet instead of CSV."""
        self.scenario["data"] = "data.parquet"
        for run in self.scenario["runs"]:
            run["file"] = "runs.parquet"

    def write(self) -> Path:
        """Write the folder and return it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _table(self.data, self.folder / self.scenario["data"])
        _table(self.runs, self.folder / self.scenario["runs"][0]["file"])
        _yaml(self.scenario, self.folder / "scenario.yaml")
        _yaml(self.card, self.folder / "card.yaml")
        if self.record is not None:
            _yaml(self.record, self.folder / "record.yaml")
        for name, content in self.raw.items():
            (self.folder / name).write_bytes(content)
        return self.folder


def _table(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)


def _yaml(given: dict[str, Any], path: Path) -> None:
    """Write a mapping as block YAML at the top and flow below it."""
    lines = (f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in given.items())
    path.write_text("".join(lines), "utf-8")


# --- a page taken apart --------------------------------------------------------------

VOID = {"meta", "img", "br", "link", "input", "hr", "base", "source", "embed"}


@dataclass(frozen=True)
class Datum:
    """One ``<data>`` element: a number's id, the first part said, exactly, and all."""

    id: str
    part: str
    value: str
    text: str


@dataclass
class Page(HTMLParser):
    """The elements, the ``<data>`` and the loose text of some HTML."""

    html: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    data: list[Datum] = field(default_factory=list)
    texts: list[tuple[tuple[str, ...], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self.feed(self.html)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag in VOID:
            return
        kind = (given.get("class") or "").split()
        self._open.append(f"{tag}.{kind[0]}" if kind else tag)
        if tag == "data":
            self._datum, self._datum_text = given, ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].split(".")[0] == tag, f"</{tag}> in {self._open}"
        self._open.pop()
        if tag == "data":
            found = self._datum
            part, value = found.get("data-part") or "value", found.get("value") or ""
            datum = Datum(found["data-id"] or "", part, value, self._datum_text)
            self.data.append(datum)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "data":
            self._datum_text += data
        self.texts.append((tuple(self._open), data))

    @property
    def text(self) -> str:
        """All that a reader sees, pictures' words included; no styles, no scripts."""
        unseen = {"style", "script"}
        return "".join(t for where, t in self.texts if not unseen & set(where))

    def loose_text(self) -> Iterator[str]:
        """Yield text that is neither a number's, nor a person's, nor in a picture."""
        kept = ("data", "bdi", "svg", "style", "script", "title", "h1", "h2")
        for where, text in self.texts:
            if not any(part in kept or part.startswith("svg.") for part in where):
                yield text


FIXED = re.compile(r"\bof (?:every )?100?\b(?!,\d)|\b95\b")
"""The fixed denominator of a frequency, and the level that all ranges share."""


def strangers(text: str, number: Number) -> list[str]:
    """Return figures of a text that no format writes for any part of a number."""
    written = " ".join(show(number, spec).text for spec in SPECS)
    own = set(re.findall(r"\d[\d,.]*", written))
    found = re.findall(r"\d[\d,.]*", FIXED.sub("", text))
    return [figure for figure in found if not {figure, figure.rstrip(".,")} & own]


# --- one real report -----------------------------------------------------------------


@functools.cache
def report_of_the_example() -> Path:
    """Write the report of the shipped example once, and return its folder."""
    from workshop.data.catalog import find_target
    from workshop.report import write_report

    out = Path(tempfile.mkdtemp(prefix="report-")) / "out"
    write_report(find_target(SHIPPED), out, as_of=THAT_DAY)
    return out
