"""What was trained for the checks that need it, or why there is nothing to look at."""

from __future__ import annotations

from workshop.analysis.readiness.findings import CannotTell, NotApplicable
from workshop.analysis.readiness.given import ReviewInput
from workshop.analysis.trained import Trained


def trained(given: ReviewInput) -> Trained:
    """Return what was trained.

    Raises
    ------
    NotApplicable
        When nobody asked for training, or there is nothing to learn from or to tell.
    CannotTell
        When there are too few rows to train on.
    """
    found = given.trained
    if found is None or found.why_not == "not_asked":
        raise NotApplicable("not_asked")
    if found.why_not == "too_few_rows":
        raise CannotTell("too_few_rows")
    if found.why_not:
        raise NotApplicable(found.why_not)
    return found
