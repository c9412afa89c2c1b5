"""What can the record be held against while nothing has been scored?

Only what needs no row: the payoff, what is known of today's process, and the findings
of a table that nobody has scored yet. No figure has moved, since none was there.
"""

from __future__ import annotations

from workshop.analysis.expectations import conflicts_of
from workshop.analysis.impact.assumptions import implied_ratio
from workshop.analysis.readiness import CHECKS, ReadinessReport
from workshop.data.scenario import Scenario
from workshop.record.choices import Record
from workshop.record.measured import Measured


def measured_before(
    scenario: Scenario, record: Record, report: ReadinessReport | None
) -> Measured:
    """Gather what `find_gaps` compares the record with, before any row is scored.

    ``report`` is the review of a table without scores; None where there is no table.
    """
    return Measured(
        payoff_ratio=implied_ratio(scenario.payoff),
        today_measured=scenario.today.error != "not measured",
        blockers=report.codes("blocker") if report else (),
        known_findings=tuple(CHECKS),
        known_options=(),
        conflicts=conflicts_of(record, scenario),
    )
