"""Spreads texts over every field that a person fills, and over the data.

Which fields there are is read off the models, so that a new one is covered by itself.
What names something elsewhere stands in ``FIXED``; what comes from a closed list takes
whatever of ``CLOSED`` its model accepts.
"""

from __future__ import annotations

import ast
import functools
import json
import tempfile
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import nbformat
import pandas as pd
import pytest
from click.testing import CliRunner
from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.helpers import THAT_DAY, Tiny
from tests.hostile import HOSTILE_STRINGS
from workshop.cli import main
from workshop.data.card import DatasetCard
from workshop.data.scenario import Scenario
from workshop.record import yaml_io
from workshop.record.choices import Record
from workshop.record.values import Seen
from workshop.report import one, running

DIGEST = "sha256:" + "0" * 64
CLOSED = (DIGEST, "2027-03-01", "coverage", "hours_saved", "minutes_today", "EUR")
LEFT_OUT = object()
FIXED: dict[str, Any] = {
    "Scenario.key": LEFT_OUT,
    "Scenario.label": LEFT_OUT,
    "Scenario.data": LEFT_OUT,
    "Scenario.table": LEFT_OUT,
    "Scenario.stated": LEFT_OUT,
    "Scenario.annotators": LEFT_OUT,
    "Scenario.cluster": LEFT_OUT,
    "Scenario.time": LEFT_OUT,
    "Scenario.groups": LEFT_OUT,
    "Scenario.runs": LEFT_OUT,
    "Scenario.proposed": LEFT_OUT,
    "Scenario.options": LEFT_OUT,
    "Scenario.judge": LEFT_OUT,
    "Scenario.cases": LEFT_OUT,
    "Scenario.shows": LEFT_OUT,
    "Scenario.split": 0.5,
    "Scenario.fresh_days": LEFT_OUT,
    "Scenario.limits": LEFT_OUT,
    "Scenario.asks_per_user": LEFT_OUT,
    "Scenario.payoff": {"tp": 1, "fp": -2, "fn": -1, "review": -0.5},
    "Scenario.exercises[].at_most": LEFT_OUT,
    "Scenario.exercises[].share": LEFT_OUT,
    "Scenario.today.error": "not measured",
    "Scenario.today.line": LEFT_OUT,
    "DatasetCard.schema": LEFT_OUT,
    "Record.format": 1,
    "Record.scenario": LEFT_OUT,
    "Record.option": LEFT_OUT,
    "Record.threshold.policy": {"kind": "single", "act_at": 0.4},
    "Record.agreement.clauses[].at_most": LEFT_OUT,
    "Record.agreement.clauses[].slice": LEFT_OUT,
    "Record.lesson.guesses{}.clause.at_most": LEFT_OUT,
    "Record.lesson.guesses{}.clause.slice": LEFT_OUT,
    "Record.impact.model_floor.at_most": LEFT_OUT,
    "Record.impact.business_floor.at_most": LEFT_OUT,
    # a unit that differs from the assumption's own is refused, with a sentence
    "Record.impact.assumed{}.unit": "",
    "Scenario.assumed{}.unit": "",
}
"""Field → what stands in it. What is left out here is put in by `Spread`, if at all."""

EACH_ONCE = ("Record.agreement.actions", "DatasetCard.limits", "Record.parking")
"""Lists that take in every text there is."""
ONE = ("Scenario.exercises",)
"""Lists whose ids have to differ."""


@dataclass
class Filler:
    """Fills a model: free text from a row of texts, everything else as is valid."""

    given: Sequence[str]
    texts: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._next = cycle(self.given)

    def draw(self) -> str:
        """Return the next text."""
        return next(self._next)

    def model(self, kind: type[BaseModel], path: str = "") -> dict[str, Any]:
        """Return a whole document of a model, by its aliases."""
        path = path or kind.__name__
        if kind is Seen:
            rows = self._text(f"{path}.rows")
            return {"coverage": {"k": 1, "n": 2}, "rows": rows, "data": DIGEST}
        fields = {info.alias or name: info for name, info in kind.model_fields.items()}
        filled = {
            key: self._value(info.annotation, f"{path}.{key}", info.metadata)
            for key, info in fields.items()
        }
        return {key: value for key, value in filled.items() if value is not LEFT_OUT}

    def _value(self, kind: Any, path: str, metadata: Sequence[Any] = ()) -> Any:
        if path in FIXED:
            return FIXED[path]
        origin, parts = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._value(parts[0], path, parts[1:])
        if origin in (Union, types.UnionType):
            return self._value(parts[0], path, metadata)
        if origin is Literal:
            return parts[0]
        if origin is tuple:
            return self._list(parts, path)
        if origin is dict:
            return self._pairs(parts, path)
        if kind is str:
            return self._closed(path, metadata) if metadata else self._text(path)
        if issubclass(kind, BaseModel):
            return self.model(kind, path)
        return {bool: False, int: 1, float: 0.5}[kind]

    def _text(self, path: str) -> str:
        text = self.draw()
        self.texts.setdefault(path, []).append(text)
        return text

    def _list(self, parts: tuple[Any, ...], path: str) -> list[Any]:
        if parts[-1] is not Ellipsis:
            return [self._value(part, f"{path}[]") for part in parts]
        times = len(self.given) if path in EACH_ONCE else 1 if path in ONE else 2
        return [self._value(parts[0], f"{path}[]") for _ in range(times)]

    def _pairs(self, parts: tuple[Any, ...], path: str) -> dict[str, Any]:
        if get_origin(parts[0]) is Literal:
            keys = list(get_args(parts[0]))
        else:
            keys = [self._value(parts[0], f"{path}{{key}}")]
        return {key: self._value(parts[1], f"{path}{{}}") for key in keys}

    def _closed(self, path: str, metadata: Sequence[Any]) -> str:
        """Return a text that the field's own rules accept; a free one if they do."""
        check = TypeAdapter(Annotated[str, *metadata])
        for text in (self.given[0], *CLOSED):
            try:
                check.validate_python(text)
            except ValidationError:
                continue
            return self._text(path) if text == self.given[0] else text
        raise AssertionError(f"{path}: nothing in CLOSED is accepted there")


def fields_of(kind: type[BaseModel]) -> set[str]:
    """Return the paths of all free texts of a model."""
    filler = Filler(["text"])
    filler.model(kind)
    return set(filler.texts)


@dataclass
class Spread:
    """A scenario with a record in which all that can be named is one of these texts.

    ``texts`` says by field what was put there; ``folder`` is the scenario's.
    """

    folder: Path
    given: Sequence[str]
    texts: dict[str, list[str]] = field(default_factory=dict)

    def write(self) -> Path:
        """Write card, scenario, record and data by the product's own writers."""
        tiny = Tiny(self.folder)
        tiny.use_parquet()
        names = self._columns()
        self._rows(tiny, names)
        self.scenario = self._scenario(tiny, names)
        self.card = self._card(names)
        self.record = self._record(names)
        tiny.scenario["data"], tiny.scenario["runs"][0]["file"] = self.files
        tiny.write()
        for name in ("scenario", "card", "record"):
            text = yaml_io.dump(getattr(self, name))
            (self.folder / f"{name}.yaml").write_bytes(text.encode())
        return self.folder

    files = ("data.parquet", "runs.parquet")

    def _columns(self) -> dict[str, str]:
        """Names for columns, which differ in more than the case of their letters."""
        by_case = {t.strip().casefold(): t for t in self.given if t.strip()}
        kinds = ("key", "text", "group", "option", "score", "label")
        return dict(zip(kinds, by_case.values(), strict=False))

    def _rows(self, tiny: Tiny, names: dict[str, str]) -> None:
        keys = [*self.given, *(f"{t} {i}" for i, t in enumerate(self.given))][:40]
        self.ids = keys
        groups = self.given[-5:]
        tiny.data = pd.DataFrame(
            {
                names["key"]: keys,
                names["text"]: (list(self.given) * 40)[:40],
                names["group"]: [groups[i % len(groups)] for i in range(40)],
            }
        )
        runs, (yes, no) = tiny.runs, self._answers()
        self.options = self.given[7:9]
        tiny.runs = pd.DataFrame(
            {
                names["key"]: keys * 2,
                names["option"]: [o for o in self.options for _ in range(40)],
                names["score"]: runs["score"],
                names["label"]: [yes if good else no for good in runs["good"]],
            }
        )
        self.groups = groups

    def _answers(self) -> tuple[str, str]:
        return self.given[9], self.given[10]

    def _scenario(self, tiny: Tiny, names: dict[str, str]) -> dict[str, Any]:
        filler = Filler(self.given)
        filled = filler.model(Scenario)
        self.texts |= filler.texts
        runs = [
            {
                "id": option,
                "title": filler.draw(),
                "file": self.files[1],
                "where": {names["option"]: option},
                "score": names["score"],
            }
            for option in self.options
        ]
        stated = {"coverage": [0.5, 0.7], "error_among_answered": [0.1, 0.2]}
        first, second = self.options
        own = {
            "key": names["key"],
            "label": {
                "column": names["label"],
                "positive": self._answers()[0],
                "means": filler.draw(),
            },
            "data": self.files[0],
            "runs": runs,
            "proposed": first,
            "options": [
                {"id": first, "title": filler.draw(), "run": first},
                {"id": second, "title": filler.draw(), "run": second},
                {"id": self.given[11], "title": filler.draw(), "stated": stated},
                {"id": self.given[12], "title": filler.draw(), "fallback": "human"},
            ],
            "cluster": names["group"],
            "groups": [names["group"]],
            "cases": self.ids[:2],
            "shows": [names["text"]],
        }
        for option in own["options"]:
            option["reversible"] = filler.draw()
        return filled | own

    def _card(self, names: dict[str, str]) -> dict[str, Any]:
        filler = Filler([*self.given[3:], *self.given[:3]])
        filled = filler.model(DatasetCard)
        self.texts |= filler.texts
        roles = {"key": "id", "text": "feature", "group": "group"}
        columns = [
            {"name": names[kind], "role": role, "description": filler.draw()}
            for kind, role in roles.items()
        ]
        return filled | {"schema": {"fields": columns}}

    def _record(self, names: dict[str, str]) -> dict[str, Any]:
        filler = Filler([*self.given[5:], *self.given[:5]])
        filled = filler.model(Record)
        self.texts |= filler.texts
        _, second = filled["agreement"]["clauses"]
        second["slice"] = f"{names['group']}={self.groups[0]}"
        own = {"scenario": self.folder.name, "option": self.options[1]}
        return filled | own


AT_A_TIME = 40
"""Texts a scenario: as many as it has rows, so that each is a row's id as well."""
SCENARIOS = -(-len(HOSTILE_STRINGS) // AT_A_TIME)


def spreads(folder: Path) -> Iterator[Spread]:
    """Yield a scenario for every so many of the hostile texts, until all are used."""
    for start in range(0, len(HOSTILE_STRINGS), AT_A_TIME):
        # the last one is full as well
        start = min(start, len(HOSTILE_STRINGS) - AT_A_TIME)
        given = HOSTILE_STRINGS[start : start + AT_A_TIME]
        yield Spread(folder / folder_name(given[5]), given)


def folder_name(text: str) -> str:
    """Return as much of a text as a folder's name can hold."""
    return "".join(c for c in text if c not in "/\0")[:80].strip(". ") or "x"


# --- their reports -------------------------------------------------------------------


@dataclass(frozen=True)
class Reported:
    """A scenario full of hostile texts, its report, and what the terminal was told."""

    spread: Spread
    out: Path
    html: str
    twin: dict[str, Any]
    told: str
    exit_code: int


@functools.cache
def hostile_report(nth: int) -> Reported:
    """Make one of the reports once, by the command, with the notebook run here."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(one, "execute", run_here)
        return _reported(list(spreads(folder))[nth])


def _reported(spread: Spread) -> Reported:
    out = spread.folder / "out"
    record = spread.write() / "record.yaml"
    given = ["report", str(record), "-o", str(out), "--as-of", THAT_DAY.isoformat()]
    done = CliRunner().invoke(main, given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done
    html, twin = (
        next(out.glob(f"report*.{end}")).read_bytes().decode("utf-8")
        for end in ("html", "json")
    )
    return Reported(
        spread, out, html, json.loads(twin), done.stdout + done.stderr, done.exit_code
    )


def run_here(
    source: Path, executed: Path, given: dict[str, Any], day: date, *_: Any
) -> str:
    """Run a report's notebook in this process; return why it ended early, if it did."""
    notebook = nbformat.read(source, as_version=4)
    names: dict[str, Any] = {}
    try:
        with running.environment(day):
            for cell in notebook.cells:
                if "parameters" in cell.metadata.get("tags", ()):
                    names |= given
                elif cell.cell_type == "code":
                    cell.outputs = list(_outputs(cell.source, names))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        nbformat.write(notebook, executed)
    return ""


def _outputs(source: str, names: dict[str, Any]) -> Iterator[Any]:
    for value in _shown(source, names):
        if hasattr(value, "_repr_mimebundle_"):
            bundle = value._repr_mimebundle_()
            yield nbformat.v4.new_output("display_data", data=bundle)


def _shown(source: str, names: dict[str, Any]) -> Iterator[Any]:
    """Run a cell and yield the value of its last line, where it is an expression."""
    *before, last = ast.parse(source).body
    if not isinstance(last, ast.Expr) or "print(" in ast.unparse(last):
        before.append(last)
        last = None
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    if last is not None:
        yield eval(compile(ast.Expression(last.value), "cell", "eval"), names)
