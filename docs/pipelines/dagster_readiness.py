"""Readiness reports as Dagster assets: one for each record, with three checks a piece.

Each asset runs ``workshop report`` and keeps the folder. Its checks read
``report.json`` and nothing else: no blocker that nobody accepted, no broken clause,
and, as a warning, nothing still open. Every Monday all of them are made anew.

Name your own records in `RECORDS`, then look at them with

    dagster dev -f dagster_readiness.py
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

RECORDS = {
    "privacy_assistant": "privacy-assistant",
    "flight_disruptions": "flight-disruptions",
}
"""A name of the asset → what ``workshop report`` is given: a record, or a scenario."""

REPORTS = Path("reports")

RUN_FAILED = 3

Reasons = Callable[[Mapping[str, Any]], Iterator[str]]


class Today(dg.Config):
    """The day that counts as today, as 2027-01-31; empty for the day of the run."""

    as_of: str = ""


def readiness(records: Mapping[str, str], reports: Path) -> dg.Definitions:
    """Define an asset and three checks for each record, and a weekly schedule."""
    assets = [
        report_of(name, record, reports / name) for name, record in records.items()
    ]
    checks = [
        check_of(asset, gate, reasons, report=reports / name / "report.json")
        for name, asset in zip(records, assets, strict=True)
        for gate, reasons in GATES.items()
    ]
    weekly = dg.ScheduleDefinition(
        name="weekly_readiness",
        job=dg.define_asset_job("readiness", selection=dg.AssetSelection.all()),
        cron_schedule="0 6 * * 1",
    )
    return dg.Definitions(assets=assets, asset_checks=checks, schedules=[weekly])


def report_of(name: str, record: str, folder: Path) -> dg.AssetsDefinition:
    """Define the asset that is one record's report."""

    @dg.asset(name=name, group_name="readiness", description=f"Report of {record}")
    def report(
        context: dg.AssetExecutionContext, config: Today
    ) -> dg.MaterializeResult:
        day = config.as_of or date.today().isoformat()
        command = ["report", record, "--output", str(folder), "--as-of", day]
        done = subprocess.run(
            [sys.executable, "-m", "workshop.cli", *command],
            capture_output=True,
            text=True,
            check=False,
        )
        context.log.info(done.stderr)
        if done.returncode:
            # 3: the run failed, as when a disk was full; 2: the input stays wrong
            retry = done.returncode == RUN_FAILED
            raise dg.Failure(done.stderr.strip(), allow_retries=retry)
        twin = json.loads((folder / "report.json").read_text("utf-8"))
        return dg.MaterializeResult(
            metadata={
                "verdict": twin["verdict"],
                "headline": twin["headline"],
                "gaps": len(twin["gaps"]),
                "page": dg.MetadataValue.path(str(folder / "report.html")),
            }
        )

    return report


def check_of(
    asset: dg.AssetsDefinition, gate: str, reasons: Reasons, *, report: Path
) -> dg.AssetChecksDefinition:
    """Define one check: passed where the report gives no reason against it."""
    is_warning = gate == "nothing_open"
    severity = "WARN" if is_warning else "ERROR"

    @dg.asset_check(asset=asset, name=gate)
    def check() -> dg.AssetCheckResult:
        found = list(reasons(json.loads(report.read_text("utf-8"))))
        return dg.AssetCheckResult(
            passed=not found,
            severity=dg.AssetCheckSeverity[severity],
            metadata={"reasons": dg.MetadataValue.text("\n".join(found) or "none")},
        )

    return check


def blockers(twin: Mapping[str, Any]) -> Iterator[str]:
    """Why the data cannot carry the promise, but for what somebody accepted."""
    return (g["says"] for g in twin["gaps"] if g["code"] == "blocker_open")


def broken(twin: Mapping[str, Any]) -> Iterator[str]:
    """Which promises do not hold."""
    return (c["says"] for c in twin["clauses"] if c["state"] == "broken")


def still_open(twin: Mapping[str, Any]) -> Iterator[str]:
    """What a person still has to do."""
    return (gap["says"] for gap in twin["gaps"])


GATES: dict[str, Reasons] = {
    "no_blocker": blockers,
    "no_broken_clause": broken,
    "nothing_open": still_open,
}

defs = readiness(RECORDS, REPORTS)
