"""What 04 asks of the business floor: which measure, and from which side?"""

from __future__ import annotations

from typing import Literal

from workshop.record.choices import Floor, Record
from workshop.record.values import Number


def floor_asked(record: Record) -> Floor | None:
    """Return the floor that was set, or one with the measure of the outcome alone."""
    impact, framing = record.impact, record.framing
    if impact and impact.business_floor:
        return impact.business_floor
    outcome = framing.outcome if framing else None
    return Floor(measure=outcome.measure) if outcome else None


def model_floor(acceptable: Number | None) -> Floor | None:
    """Return the model's floor: the acceptable error that was agreed, if it was."""
    if acceptable is None:
        return None
    return Floor(measure="error_among_answered", at_most=acceptable.value)


def side_asked(record: Record) -> Literal["at_least", "at_most"]:
    """Say from where a floor holds; of a measure that is to fall, from above."""
    outcome = record.framing.outcome if record.framing else None
    if outcome is None or outcome.from_ is None or outcome.to is None:
        return "at_least"
    return "at_most" if outcome.to < outcome.from_ else "at_least"
