"""What every new scenario begins with, and how its folder is finished."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workshop.bring import told
from workshop.bring.asked import Asked
from workshop.bring.files import titled, write_scenario
from workshop.bring.pick import cases_of, split_of, weekly
from workshop.data.card import load_card
from workshop.data.scenario import Scenario, load_scenario
from workshop.data.source import load_data, scored_rows
from workshop.data.tables import open_table


def base_values(asked: Asked) -> dict[str, Any]:
    """What every new scenario starts from; people put their own in its place."""
    name = asked.folder.absolute().name
    about = asked.label or name
    return {
        "title": titled(name),
        "request": told.request(about),
        "decision": {"unit": "rows", "act": told.act(), "per_week": 100},
        "today": {"title": told.today(), "error": "not measured"},
        "payoff": {"unit": "points", "tp": 1, "fp": -1, "fn": 0, "tn": 0},
    }


def finish(folder: Path, values: Mapping[str, Any]) -> None:
    """Write scenario.yaml, read all of it as every command will, add split and cases.

    Raises
    ------
    InputError
        As reading a scenario does: a key twice, scores that never differ, …
    """
    values = dict(values)
    path = folder / "scenario.yaml"
    write_scenario(path, values)
    load_card(folder)
    scenario = load_scenario(folder)
    if not scenario.runs:
        return
    data = load_data(scenario)
    rows = {run.id: scored_rows(scenario, run.id, data) for run in scenario.runs}
    first = rows[scenario.proposed]
    if scenario.time:
        per_week = weekly(open_table(scenario), scenario.time)
        values["decision"] = values["decision"] | per_week
        values |= split_of(first, data[scenario.time])
    values["cases"] = cases_of(_with(scenario, values), first, data)
    write_scenario(path, values)
    load_scenario(folder)


def _with(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    return scenario.model_copy(update={"split": values.get("split", scenario.split)})
