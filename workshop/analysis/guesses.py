"""How does a guess that was made before the figures stand beside what they say?"""

from __future__ import annotations

from typing import Literal

import numpy as np

from workshop.analysis.evidence import Evidence
from workshop.analysis.impact.people import people_affected
from workshop.analysis.intervals import rate
from workshop.analysis.noticed import Noticed
from workshop.record.values import Number

Verdict = Literal["on_it", "within", "too_low", "too_high", "cannot_tell"]

HALF = 0.5


def judge_guess(said: float, actual: Number) -> Verdict:
    """Say how a guess, in the number's own unit, compares with it and its range."""
    if actual.value is None:
        return "cannot_tell"
    if actual.lo is not None and actual.hi is not None:
        if actual.lo <= said <= actual.hi:
            return "within"
    elif said == actual.value:
        return "on_it"
    return "too_low" if said < actual.value else "too_high"


def wrong_of_the_surest_half(evidence: Evidence) -> Number:
    """Share wrong among the half with the highest scores, on the choosing rows.

    At the distinct score at which nearest to half of them are acted on.
    """
    curve = evidence.curve("choose")
    acted = curve.tp + curve.fp
    at = int(np.argmin(np.abs(acted - HALF * curve.n)))
    k, n = int(curve.fp[at]), int(acted[at])
    return rate("guess.threshold", k, n, rows="choose", deff=evidence.deff)


def wrong_a_week(evidence: Evidence) -> Number:
    """People a week for whom acting on everybody goes wrong, with the rate's range."""
    return people_affected(evidence.error, evidence.per_week, id="guess.user_impact")


def weeks_until_noticed(noticed: Noticed) -> Number:
    """Weeks until half of all rises are noticed; None: not within its ``weeks``."""
    weeks = noticed.median
    return Number(id="guess.agreement", value=weeks, unit="weeks", assumed=True)
