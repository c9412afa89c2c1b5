"""Is every figure of docs/agreement.md what the shipped rows give?"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workshop.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "agreement.md").read_text("utf-8")
STATES = {"kept": "kept", "broken": "broken", "cannot_tell": "cannot tell"}
FILES = {
    "privacy-assistant": "first-month.parquet",
    "flight-disruptions": "after-release.parquet",
    "deposit-calls": "after-release.parquet",
}

pytestmark = pytest.mark.slow


@cache
def lived(scenario: str, out: Path) -> list[dict[str, Any]]:
    """Hold the example's agreement against the rows that came after it."""
    data = ROOT / "datasets" / scenario / FILES[scenario]
    asked = ["retro", scenario, "--data", str(data), "--json", "--no-save"]
    if scenario == "flight-disruptions":
        asked += ["--each", "month"]
    done = CliRunner().invoke(main, [*asked, "-o", str(out / scenario)])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["looks"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("retro")


def rows_of_the_page() -> list[list[str]]:
    _, after = PAGE.split("| scenario | rows | clause |")
    lines = [line for line in after.splitlines() if line.startswith("|")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_clause_stands_on_the_page_with_its_count_and_state(out):
    told = []
    for scenario in FILES:
        for look in lived(scenario, out):
            for place, clause in enumerate(look["clauses"]):
                number = clause["number"]
                rows = f"{look['rows']:,}" if place == 0 else ""
                counted = f"{number['k']:,} of {number['n']:,}"
                told.append([rows, clause["id"], counted, STATES[clause["state"]]])
    page = [
        [rows, re.match(r"C\d", clause)[0], counted, state]
        for _, rows, clause, counted, state in rows_of_the_page()
    ]
    assert page == told


def test_the_price_of_telling_is_the_one_on_the_page(out):
    (look,) = lived("privacy-assistant", out)
    first = look["clauses"][0]
    plain = " ".join(PAGE.split())
    assert f"{first['more']['value']:,.0f} more labels" in plain
    assert f"about {first['price']['value']:,.0f} EUR" in plain
    assert f"a window of {first['window_weeks']['value']:.0f} weeks" in plain


def test_the_week_in_which_the_watch_called_is_the_one_on_the_page(out):
    (look,) = lived("deposit-calls", out)
    assert [c["alarm"] for c in look["clauses"]] == ["", "", "2010-04-12"]
    assert "in the week of 2010-04-12" in PAGE
