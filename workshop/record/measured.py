"""What the analysis hands to `find_gaps`, so that the record need not compute."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from workshop.record.values import Count, FallbackKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the analysis found now; None or empty where it did not look.

    Parameters
    ----------
    figures : mapping
        Section, then metric, to the count it has now.
    data : str
        The digest of the data now.
    payoff_ratio : float, optional
        How many false alarms one miss is worth by the scenario's payoff.
    cheapest_at : float, optional
        The threshold that is cheapest under the record's ratio.
    today_measured : bool, optional
        Whether anybody measured how often today's process is wrong.
    blockers : tuple of str
        Codes of findings of severity blocker.
    known_findings, known_options : tuple of str, optional
        The codes and the option ids that exist.
    option_limits_broken : tuple of str
        The limits that the chosen option does not keep.
    option_fallback : str, optional
        What the chosen option does with whatever the model leaves alone.
    model_floor_missed : float, optional
        Where the model floor's metric stands, if that is on the wrong side.
    conflicts : tuple of (str, mapping)
        Expectations that contradict each other: a code, and what fills its sentence.
    clauses_not_held : mapping
        Ids of clauses that these data can never check, with the name of the reason.
    business_floor_missed : float, optional
        Where the business floor stands, if that is on the wrong side.
    threshold_meets_expectation : bool, optional
        False where the whole range of the error on the rows kept aside is too high.
    clauses_broken : mapping
        Ids of clauses whose whole range lies outside, with the count found.
    statements : mapping
        What a statement is about, then metric, to the count it has now.
    not_carried : collection of str
        What statements are about that these rows do not carry as a promise.
    """

    figures: Mapping[str, Mapping[str, Count]] = field(default_factory=dict)
    data: str = ""
    payoff_ratio: float | None = None
    cheapest_at: float | None = None
    today_measured: bool | None = None
    blockers: tuple[str, ...] = ()
    known_findings: tuple[str, ...] | None = None
    known_options: tuple[str, ...] | None = None
    option_limits_broken: tuple[str, ...] = ()
    option_fallback: FallbackKind | None = None
    model_floor_missed: float | None = None
    business_floor_missed: float | None = None
    conflicts: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    clauses_not_held: Mapping[str, str] = field(default_factory=dict)
    threshold_meets_expectation: bool | None = None
    clauses_broken: Mapping[str, Count] = field(default_factory=dict)
    statements: Mapping[str, Mapping[str, Count]] = field(default_factory=dict)
    not_carried: Collection[str] = ()
