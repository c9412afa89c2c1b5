"""Is docs/own-data.md a way that somebody can go, with the answers that it quotes?"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import workshop
from tests.analysis.readiness.engine_tables import postgres_server
from tests.docs.pages import ROOT
from tests.docs.played import Block, blocks_of, play, put, unlike
from workshop.bring.answers import USUAL
from workshop.cli import main
from workshop.data.catalog import scenario_folders
from workshop.data.scenario import load_scenario

PAGE = (ROOT / "docs" / "own-data.md").read_text("utf-8")
BLOCKS = blocks_of(PAGE)
ANSWERS = "An assistant's judged answers"
WAREHOUSE = "A table in a warehouse"
SCHEDULE = "On a schedule"
APART = {ANSWERS, WAREHOUSE, SCHEDULE}


def under(*headings: str) -> list[Block]:
    return [block for block in BLOCKS if block.heading in headings]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Go the ten minutes' way once: every block up to the judged answers."""
    home = tmp_path_factory.mktemp("reader")
    return home, play([b for b in BLOCKS if b.heading not in APART], home)


# --- the ten minutes -----------------------------------------------------------------


@pytest.mark.slow
def test_the_way_can_be_gone_and_prints_what_the_page_quotes(played):
    _, wrong = played
    assert wrong == []


@pytest.mark.slow
def test_the_record_holds_what_was_typed_and_the_report_took_it(played):
    home, _ = played
    report = json.loads((home / "reports/coaching/report.json").read_text("utf-8"))
    assert report["verdict"] == "cannot_tell"
    numbers = report["sections"]["data_readiness"]["numbers"]
    labels = {n["id"]: n["value"] for n in numbers if n["id"].startswith("labels.")}
    assert f"about {labels['labels.to_tell']:,.0f} labelled patients" in PAGE


@pytest.mark.slow
def test_what_wakes_a_check_is_what_the_check_asks_for(played):
    """The page's table, against the reasons that the report itself gives."""
    home, _ = played
    report = json.loads((home / "reports/coaching/report.json").read_text("utf-8"))
    asleep = {
        finding["code"]: finding["says"]
        for finding in report["findings"]
        if finding["outcome"] == "not_applicable"
    }
    asks = {
        "time": "no time column",
        "cluster": "no column for rows that hang together",
        "groups": "no two group columns",
        "annotators": "no two people",
    }
    woken: set[str] = set()
    for name, reason in asks.items():
        (row,) = re.findall(rf"(?m)^\| `{name}:` .*$", PAGE)
        codes = set(re.findall(r"DR\d{3}", row))
        assert codes == {code for code, says in asleep.items() if reason in says}
        woken |= codes
    assert set(asleep) - woken == {"DR013"}
    checks, idle = re.search(r"Of the (\d+) checks (\d+) did not apply", PAGE).groups()
    assert (int(checks), int(idle)) == (len(report["findings"]), len(asleep))


@pytest.mark.slow
def test_an_accepted_finding_is_taken_by_the_record(played):
    home, _ = played
    record = workshop.find_target(str(home / "coaching" / "record.yaml")).record
    assert [risk.finding for risk in record.data_review.accepted] == ["DR031"]
    assert record.threshold.policy.act_at == 0.41


def test_the_table_is_in_no_shipped_scenario():
    for folder in scenario_folders():
        card = (folder / "card.yaml").read_text("utf-8").lower()
        assert "diabetes" not in card
        assert "digits" not in card


def test_every_outcome_and_severity_of_a_finding_is_explained():
    from typing import get_args

    from workshop.report.schema import FindingJson

    part = PAGE.split("## Read every finding")[1].split("\n## ")[0]
    told = re.findall(r"(?m)^\| ([a-z ]+) \|", part)
    words = {"not_applicable": "does not apply", "cannot_tell": "cannot be told"}
    outcomes = set(get_args(FindingJson.model_fields["outcome"].annotation))
    kinds = {"blocker", "warning", "note"}
    expected = {words.get(one, one) for one in outcomes - {"finding"}} | kinds
    assert expected <= set(told)


# --- judged answers ------------------------------------------------------------------


@pytest.mark.slow
def test_judged_answers_are_brought_as_the_page_says(tmp_path):
    example, *rest = under(ANSWERS)
    assert json.loads(example.text)["label"] == "right"
    assert play(rest, tmp_path) == []
    scenario = load_scenario(tmp_path / "reader")
    assert [run.latency_ms for run in scenario.runs] == ["latency_ms"] * 2
    report = json.loads((tmp_path / "reports/reader/report.json").read_text("utf-8"))
    (sure,) = (f for f in report["findings"] if f["code"] == "DR027")
    assert sure["severity"] == "warning"
    told, came = re.search(r"says (\d+) of 100 and\s+is right in (\d+)", PAGE).groups()
    assert f"promise {told} of 100" in sure["says"]
    assert f"{came} of 100 came" in sure["says"]


def test_the_example_line_has_every_part_by_a_usual_name():
    line = json.loads(under(ANSWERS)[0].text)
    for part in ("key", "label", "score", "option", "latency", "cost"):
        assert set(USUAL[part]) & set(line), part


def test_the_usual_names_on_the_page_are_those_that_are_known():
    part = PAGE.split(f"## {ANSWERS}")[1].split("\n## ")[0]
    rows = re.findall(r"(?m)^\| [^|]+ \| (`[^|]+`) \|", part)
    told = [tuple(re.findall(r"`(\w+)`", row)) for row in rows]
    assert sorted(told) == sorted(USUAL.values())


# --- warehouses ----------------------------------------------------------------------


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A folder with the patients' table, as the tutorial leaves it."""
    table = under("A table")[0]
    wrong = play([table, *[b for b in BLOCKS if "drop(columns" in b.text]], tmp_path)
    assert wrong == []
    return tmp_path


@pytest.mark.engine
def test_a_table_in_duckdb_is_brought_as_the_page_says(clinic):
    assert play(under(WAREHOUSE), clinic) == []
    scenario = load_scenario(clinic / "stays")
    assert (scenario.data, scenario.table) == ("duckdb://../clinic.duckdb", "patients")
    assert not (clinic / "stays" / "data.parquet").exists()


def lines_for(engine: str) -> Block:
    """The page's own command for an engine, on the tutorial's table."""
    (block,) = (b for b in under(WAREHOUSE) if b.kind == "sh")
    (line,) = (one for one in block.text.splitlines() if engine in one)
    return replace(block, kind="", text=line + "\n")


@pytest.fixture
def server(clinic: Path) -> Iterator[str]:
    """Where a PostgreSQL server holds the patients, as ``sales.orders``."""
    import pandas as pd

    psycopg = pytest.importorskip("psycopg")
    frame = pd.read_csv(clinic / "patients.csv")
    kinds = {"patient_id": "integer", "sex": "text", "worse": "text"}
    columns = ", ".join(f"{n} {kinds.get(n, 'double precision')}" for n in frame)
    holes = ", ".join(["%s"] * frame.shape[1])
    # Not pytest's own folder: the server runs as a user who may not look into that.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    try:
        with postgres_server(folder) as reached_by:
            at = f"{reached_by['host']}:{reached_by['port']}"
            with psycopg.connect(f"postgresql://reader@{at}/postgres") as con:
                con.execute("CREATE SCHEMA sales")
                con.execute(f"CREATE TABLE sales.orders ({columns})")
                con.cursor().executemany(
                    f"INSERT INTO sales.orders VALUES ({holes})",
                    frame.astype(object).to_numpy().tolist(),
                )
            yield at
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.engine
@pytest.mark.slow
def test_a_table_in_postgresql_goes_the_same_way(clinic, server):
    instead = {
        "reader@db.example.org/shop": f"reader:secret@{server}/postgres",
        "--label refunded": "--label worse",
    }
    assert play([lines_for("postgres://")], clinic, instead=instead) == []
    text = (clinic / "shop" / "scenario.yaml").read_text("utf-8")
    assert f"data: postgres://reader@{server}/postgres" in text
    assert "table: sales.orders" in text
    assert "secret" not in text
    report = Block("", "workshop report shop --step 02\n", WAREHOUSE)
    assert play([report], clinic) == []


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_a_file_that_spark_reads_is_found_again_from_the_scenario(clinic):
    import pandas as pd

    pytest.importorskip("pyspark", reason="Spark is an extra: make engines")
    frame = pd.read_csv(clinic / "patients.csv")
    frame.to_parquet(clinic / "calls.parquet")
    instead = {"--label sold --key call_id": "--label worse --key patient_id"}
    assert play([lines_for("pyspark://")], clinic, instead=instead) == []
    # Bringing ends with reading the new folder as every command will.
    assert load_scenario(clinic / "calls").table == "../calls.parquet"


# --- every command, and the harness itself -------------------------------------------


def test_every_command_on_the_page_is_one_that_there_is():
    lines = [
        line for b in BLOCKS for line in b.text.splitlines() if b.kind in ("", "sh")
    ]
    cron = next(b.text for b in under(SCHEDULE))
    lines.append(cron[cron.index("workshop ") :])
    found = [shlex.split(line, comments=True) for line in lines]
    found = [words for words in found if words and words[0] == "workshop"]
    assert len(found) > 8
    for _, name, *words in found:
        main.commands[name].make_context(name, words)


def test_a_quotation_that_was_not_printed_is_found():
    said = "one\ntwo\nthree\nfour\n"
    assert unlike("two\nthree\n", said) == ""
    assert unlike("one\n…\nfour\n", said) == ""
    assert unlike("thr…\n", said) == ""
    for wrong in ("two\nfour\n", "three\n…\none\n", "five\n", "one\ntwo\nthree\n4\n"):
        assert unlike(wrong, said), wrong


@pytest.mark.slow
def test_a_command_that_fails_and_a_script_that_breaks_are_found(tmp_path):
    lines = "workshop status gone.yaml\nworkshop list\n"
    (status,) = play([Block("", lines, "")], tmp_path)
    assert "ended with 2" in status
    (script,) = play([Block("python", "print(1 / 0)", "")], tmp_path)
    assert "ZeroDivisionError" in script


def test_keys_are_put_in_place_and_the_rest_stays(tmp_path):
    (tmp_path / "a.yaml").write_text("# a word\nkept: 1\nchanged: 2\n", "utf-8")
    put("# a.yaml\nchanged: {to: 3}\nnew: 4\n", tmp_path)
    text = (tmp_path / "a.yaml").read_text("utf-8")
    assert text == "# a word\nkept: 1\nchanged: {to: 3}\nnew: 4\n"
