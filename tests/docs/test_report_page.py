"""What docs/report.md says of the report, its JSON and its gates is true."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import click
import pytest

from tests.helpers import SHIPPED, report_of_the_example
from workshop.cli import main, report
from workshop.errors import GateError, InputError, RunError
from workshop.record.values import Number
from workshop.report.schema import ReportJson, SectionJson, VerdictKind

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "report.md").read_text("utf-8")
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
FENCED = PAGE.split("```")[1::2]
SHELL = "".join(block for block in FENCED if block.startswith("\n"))
COMMANDS = re.findall(r"(?m)^((?:workshop|papermill) .+)$", SHELL)
NOT_ASKED = {"--help", "--data", "--output", "--parameter"}


def part(title: str) -> str:
    """Return what stands under one heading of the page."""
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a real report where the examples look for it."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(report_of_the_example(), home / "reports" / SHIPPED)
    return home


def run(code: str, where: Path) -> str:
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(
        command, cwd=where, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_example_reads_a_real_report_in_ten_lines(reports):
    lines = [line for line in CODE[0].splitlines() if line]
    assert len(lines) == 10
    told = run(CODE[0], reports).splitlines()
    twin = json.loads((reports / f"reports/{SHIPPED}/report.json").read_text("utf-8"))
    assert told[0] == f"{twin['verdict']} · {twin['headline']}"
    assert [line.split()[0] for line in told[1:-2]] == [
        c["id"] for c in twin["clauses"]
    ]
    assert told[-2] == f"{len(twin['gaps'])} still open"
    numbers = twin["sections"]["start"]["numbers"]
    error = next(n for n in numbers if n["id"] == "error.all")
    bounds = f"{error['lo']:.0%} to {error['hi']:.0%}"
    assert told[-1] == f"{error['k']} of {error['n']}, {bounds}"


@pytest.mark.slow
def test_the_digest_is_computed_as_the_page_says(reports):
    run(CODE[1], reports)


def test_every_key_of_the_json_is_explained():
    told = set(re.findall(r"`(\w+)`", part("report.json")))
    keys = {field.alias or name for name, field in ReportJson.model_fields.items()}
    assert keys - told == set()
    assert set(SectionJson.model_fields) - told == set()
    assert set(Number.model_fields) - told == set()


def test_every_verdict_is_explained():
    assert set(re.findall(r"(?m)^\| `(\w+)` ", part("How to read the page"))) == set(
        get_args(VerdictKind)
    )


def test_the_version_on_the_page_is_the_schemas():
    (version,) = get_args(ReportJson.model_fields["schema_"].annotation)
    assert f"`{version}`" in PAGE
    assert version in CODE[0]


def test_the_schema_is_closed_as_the_page_says():
    schema = json.loads((DOCS / "report.schema.json").read_text("utf-8"))
    objects = [schema, *schema["$defs"].values()]
    assert all(one["additionalProperties"] is False for one in objects)


def test_every_exit_code_is_the_programs():
    codes = {
        int(code)
        for code in re.findall(r"(?m)^\| (\d+) ", part("Gates and exit codes"))
    }
    ours = {error.exit_code for error in (GateError, InputError, RunError)}
    assert codes == {0, *ours, 130}


def test_every_gate_is_explained():
    (option,) = (p for p in report.params if p.name == "fail_on")
    assert isinstance(option.type, click.Choice)
    told = re.findall(r"(?m)^\| `--fail-on (\w+)` ", PAGE)
    assert told == list(option.type.choices)


def test_every_option_of_the_report_is_on_the_page():
    options = {p.opts[-1] for p in report.params if isinstance(p, click.Option)}
    words = set(re.findall(r"(--[a-z-]+)", PAGE)) | {"--output", "--parameter"}
    assert options - words - NOT_ASKED == set()


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_on_the_page_is_one_that_there_is(line):
    program, *words = shlex.split(line)
    if program == "papermill":
        assert (DOCS.parent / words[0]).is_file()
        return
    command = main.commands[words[0]]
    command.make_context(words[0], words[1:])


def test_there_are_commands_to_try():
    assert len(COMMANDS) > 10


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_the_stores_are_those_of_papermill():
    from papermill.iorw import papermill_io

    known = {scheme for scheme, _ in papermill_io._handlers}
    told = set(re.findall(r"(?m)^\| `(\w+://)` ", part("Stores")))
    assert told - known == set()
