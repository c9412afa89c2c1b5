"""What an exercise asks is counted exactly, and at its limit counts as within."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from workshop.analysis.curve import threshold_curve
from workshop.analysis.exercises import solve
from workshop.data.exercises import Exercise


def test_as_many_wrong_as_are_allowed_are_not_too_many():
    """29 of 100 is 0.29, though 0.29 times 100 is a little less than 29."""
    right = np.repeat([1, 0], [71, 29])
    curve = threshold_curve(right, np.full(100, 0.5))
    rows = SimpleNamespace(curve=lambda side: curve, deff=1.0)
    asked = Exercise(
        id="a", after="threshold", kind="most_within", at_most=0.29, asks="?", hint="!"
    )
    assert solve(asked, rows).value == 1.0
