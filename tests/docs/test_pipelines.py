"""The pipeline files in docs/ are ready to be copied: they are read, parsed and run."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.helpers import THAT_DAY, Tiny
from workshop.cli import main

ROOT = Path(__file__).resolve().parents[2]
PIPELINES = ROOT / "docs" / "pipelines"
WORKFLOW = (PIPELINES / "readiness.yml").read_text("utf-8")

# --- the workflow file ---------------------------------------------------------------


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    return YAML(typ="safe").load(WORKFLOW)


@pytest.fixture(scope="module")
def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return workflow["jobs"]["report"]["steps"]


def commands(steps: list[dict[str, Any]]) -> list[list[str]]:
    """Return every line that calls the workshop, as a shell would hand it over."""
    scripts = "\n".join(step.get("run", "") for step in steps).replace("\\\n", " ")
    lines = [line.strip() for line in scripts.splitlines()]
    known = {'"$RECORD"': "record.yaml", '"$(date -u +%F)"': "2027-01-31"}
    for word, value in known.items():
        lines = [line.replace(word, value) for line in lines]
    assert not [line for line in lines if line.startswith("workshop") and "$" in line]
    return [shlex.split(line) for line in lines if line.startswith("workshop ")]


def test_it_runs_every_week_and_when_the_record_changes(workflow):
    assert workflow["on"]["schedule"] == [{"cron": "0 6 * * 1"}]
    assert workflow["on"]["push"]["paths"]
    assert workflow["permissions"] == {"contents": "read"}


def test_every_workshop_line_is_one_that_the_program_takes(steps):
    found = commands(steps)
    assert [words[1] for words in found] == ["status", "report"]
    for _, name, *words in found:
        main.commands[name].make_context(name, words)


def test_the_report_stops_on_a_blocker_and_on_a_broken_clause(steps):
    (words,) = (words for words in commands(steps) if words[1] == "report")
    context = main.commands["report"].make_context("report", words[2:])
    assert context.params["fail_on"] == ("blocker", "broken")
    assert context.params["as_of"] == "2027-01-31"
    assert str(context.params["output"]) == "readiness"


def test_the_folder_is_kept_even_when_a_gate_stops_the_job(steps):
    (kept,) = (s for s in steps if "upload-artifact" in s.get("uses", ""))
    assert kept["if"] == "always()"
    assert kept["with"]["path"] == "readiness"


def test_what_is_installed_is_locked_and_hashed(steps):
    install = next(s["run"] for s in steps if s.get("name") == "Install")
    assert "--require-hashes --requirement .toolkit/requirements.lock" in install
    assert (ROOT / "requirements.lock").is_file()


def test_every_variable_is_set(workflow):
    used = re.findall(r"\$(?:\{\{ env\.)?([A-Z_]+)", WORKFLOW)
    assert set(used) == set(workflow["env"])


# --- what the example is installed from ----------------------------------------------


def pins(name: str) -> dict[str, str]:
    """Return package → version of a lock."""
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", text))


def test_the_dagster_lock_stands_beside_the_other_one():
    ours, theirs = pins("requirements.lock"), pins("requirements-dagster.lock")
    assert "dagster" in theirs
    assert "dagster" not in ours
    both = ours.keys() & theirs.keys()
    assert both
    assert {n: theirs[n] for n in both} == {n: ours[n] for n in both}, "run: make lock"


def test_the_dagster_lock_is_hashed_and_names_no_address():
    text = (ROOT / "requirements-dagster.lock").read_text("utf-8")
    blocks = re.split(r"(?m)^(?=[a-zA-Z0-9])", text)
    assert [
        b.split()[0] for b in blocks if b.strip() and "--hash=sha256:" not in b
    ] == []
    assert re.findall(r"://|file:| @ |(?m:^\s*-[if] )|--index", text) == []


# --- the Dagster example -------------------------------------------------------------

HAS_DAGSTER = importlib.util.find_spec("dagster") is not None
needs_dagster = pytest.mark.skipif(
    not HAS_DAGSTER and not os.environ.get("CI"),
    reason="Dagster is not installed here: make pipelines",
)


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """Import the example as somebody who copied it would."""
    path = PIPELINES / "dagster_readiness.py"
    spec = importlib.util.spec_from_file_location("dagster_readiness", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["dagster_readiness"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give Dagster a place of its own, and tell nobody how it is used."""
    import dagster as dg

    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    silent = {"telemetry": {"enabled": False}}
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides=silent) as found:
        yield found


@pytest.mark.engine
@needs_dagster
def test_the_example_loads_with_a_report_a_record_and_a_weekly_schedule(example):
    import dagster as dg

    dg.Definitions.validate_loadable(example.defs)
    (schedule,) = example.defs.schedules
    assert schedule.cron_schedule == "0 6 * * 1"
    graph = example.defs.resolve_asset_graph()
    assert {key.to_user_string() for key in graph.get_all_asset_keys()} == set(
        example.RECORDS
    )
    assert len(graph.asset_check_keys) == 3 * len(example.RECORDS)


@pytest.mark.slow
@pytest.mark.engine
@needs_dagster
def test_a_record_becomes_an_asset_whose_checks_say_what_its_report_says(
    example, instance, tmp_path
):
    import dagster as dg

    folder = Tiny(tmp_path / "tiny").write()
    defs = example.readiness({"tiny": str(folder)}, tmp_path / "reports")
    day = {"config": {"as_of": THAT_DAY.isoformat()}}
    done = dg.materialize(
        [*defs.assets, *defs.asset_checks],
        instance=instance,
        run_config={"ops": {"tiny": day}},
    )
    assert done.success
    twin = json.loads((tmp_path / "reports/tiny/report.json").read_text("utf-8"))
    assert twin["as_of"] == THAT_DAY.isoformat()
    (made,) = done.asset_materializations_for_node("tiny")
    assert made.metadata["verdict"].value == twin["verdict"]
    passed = {c.check_name: c.passed for c in done.get_asset_check_evaluations()}
    assert passed == {
        "no_blocker": True,
        "no_broken_clause": True,
        "nothing_open": not twin["gaps"],
    }


@pytest.mark.slow
@pytest.mark.engine
@needs_dagster
def test_a_record_that_cannot_be_read_fails_with_the_programs_own_sentence(
    example, instance, tmp_path
):
    import dagster as dg

    defs = example.readiness({"gone": str(tmp_path / "gone.yaml")}, tmp_path / "out")
    assets = list(defs.assets)
    done = dg.materialize(assets, instance=instance, raise_on_error=False)
    assert not done.success
    (event,) = done.get_step_failure_events()
    assert "neither a shipped scenario" in event.step_failure_data.error.message


@pytest.mark.engine
@needs_dagster
@pytest.mark.parametrize(
    ("gate", "twin"),
    [
        ("no_blocker", {"gaps": [{"code": "blocker_open", "says": "DR001 …"}]}),
        ("no_broken_clause", {"clauses": [{"state": "broken", "says": "C1 …"}]}),
        ("nothing_open", {"gaps": [{"code": "no_outcome", "says": "No outcome."}]}),
    ],
)
def test_each_gate_gives_its_reasons(example, gate, twin):
    told = {"gaps": [], "clauses": []} | twin
    assert len(list(example.GATES[gate](told))) == 1
    assert list(example.GATES[gate]({"gaps": [], "clauses": []})) == []
