"""Do values mean what their column says: scores, types, dates, classes?"""

from __future__ import annotations

import numpy as np

from workshop.analysis.intervals import rate
from workshop.analysis.readiness.checks.sizes import (
    detailed,
    listed,
    quantity,
    scaled,
    worst_first,
)
from workshop.analysis.readiness.findings import Detail, NotApplicable, Severity
from workshop.analysis.readiness.given import ReviewInput
from workshop.analysis.readiness.profile import Mixed, TimeProfile
from workshop.analysis.readiness.registry import Found, check
from workshop.record.values import Number

# One row of a hundred that reads wrongly is more than typing errors.
MISREAD = 0.01
# A label with so many values is a measurement rather than a name of classes.
MANY_CLASSES = 50
TWO_CLASSES = 2


@check("DR008", "validity", threatens="threshold", owner="engineering")
def scores_as_probabilities(given: ReviewInput) -> Found | None:
    """Scores outside 0 to 1 cannot be read as probabilities.

    A note: a threshold can be chosen on labelled rows all the same. At stake is the
    share of rows whose score cannot be read.
    """
    if given.scored is None or len(given.scored.scores) == 0:
        raise NotApplicable("no_scores")
    scores = given.scored.scores
    outside = int(np.count_nonzero((scores < 0) | (scores > 1)))
    if outside == 0:
        return None
    share = rate("DR008.outside", outside, len(scores), rows="all")
    return Found(
        "note",
        {
            "low": quantity("DR008.low", float(np.nanmin(scores)), "score"),
            "high": quantity("DR008.high", float(np.nanmax(scores)), "score"),
            "outside": share,
        },
        at_stake=scaled("DR008.at_stake", share, 1.0),
    )


# --- values that do not read as their column does ------------------------------------


@check("DR030", "validity", threatens="promise", owner="engineering")
def unreadable_values(given: ReviewInput) -> Found | None:
    """Columns of several makes, dates that cannot be read, or that lie far off.

    A warning where rows lie in the future, or where surely more than one of a hundred
    values reads wrongly; a note below. At stake is the largest share of values that
    can be misread; where a time column holds several formats and nobody counted them,
    any of its dates can be.
    """
    profile = given.profile
    if profile.time is None and not any(
        c.kind == "text" for c in profile.columns.values()
    ):
        raise NotApplicable("nothing_to_read")
    odd = {
        m.column: _mixed_numbers(m) for m in profile.shapes.mixed if len(m.makes) > 1
    }
    if profile.time is not None:
        _add_time(odd, profile.time, profile.rows)
    if not odd:
        return None
    shares = {name: _worst_of(numbers)[1] for name, numbers in odd.items()}
    names = worst_first(shares, lambda name: shares[name].value or 0.0, str)
    fault, worst = _worst_of(odd[names[0]])
    future = profile.time is not None and profile.time.future > 0
    severe = future or any((s.lo or 0) > MISREAD for s in shares.values())
    return Found(
        "warning" if severe else "note",
        {
            "worst": worst.model_copy(update={"id": "DR030.worst"}),
            "count": quantity("DR030.count", float(len(odd)), "columns"),
        },
        {"column": names[0], "columns": listed(names)},
        scaled("DR030.at_stake", worst, 1.0),
        detailed(Detail(name, odd[name]) for name in names),
        variant="" if fault == "odd" else fault,
    )


def _mixed_numbers(mixed: Mixed) -> dict[str, Number]:
    looked = sum(mixed.makes.values())
    odd = looked - max(mixed.makes.values())
    return {
        "makes": quantity("DR030.makes", float(len(mixed.makes)), "makes"),
        "odd": rate("DR030.odd", odd, looked, rows="all"),
    }


def _add_time(odd: dict[str, dict[str, Number]], time: TimeProfile, rows: int) -> None:
    """Add what is wrong with the time column to what is known of it already."""
    held = rows - time.missing
    found: dict[str, Number] = dict(odd.get(time.column, {}))
    if len(time.formats) > 1:
        found.setdefault(
            "makes", quantity("DR030.makes", float(len(time.formats)), "makes")
        )
        found.setdefault("odd", rate("DR030.odd", held, held, rows="all"))
    if time.unread:
        found["unread"] = rate("DR030.unread", time.unread, held, rows="all")
    if time.future:
        found["future"] = rate("DR030.future", time.future, held, rows="all")
    if time.far_off:
        found["far_off"] = rate("DR030.far_off", time.far_off, held, rows="all")
    if found:
        odd[time.column] = found


def _worst_of(numbers: dict[str, Number]) -> tuple[str, Number]:
    """What is wrong with most of a column's values, and with how many."""
    shares = [(key, n) for key, n in numbers.items() if key != "makes"]
    return max(shares, key=lambda one: one[1].value or 0.0)


# --- more than two classes -----------------------------------------------------------


@check("DR032", "validity", threatens="promise", owner="product", reach="rows")
def many_classes(given: ReviewInput) -> Found | None:
    """A label of more than two values: one is held against all others.

    A note; a warning above fifty values, which look like a measurement. At stake is
    the share of labelled rows among which the figures cannot tell one class from
    another.
    """
    label = given.profile.label
    if label is None or label.judged == 0:
        raise NotApplicable("no_label")
    if label.distinct <= TWO_CLASSES:
        return None
    rest = rate("DR032.rest", label.judged - label.positives, label.judged, rows="all")
    severity: Severity = "warning" if label.distinct > MANY_CLASSES else "note"
    return Found(
        severity,
        {
            "classes": quantity("DR032.classes", float(label.distinct), "classes"),
            "positives": rate(
                "DR032.positives", label.positives, label.judged, rows="all"
            ),
            "rest": rest,
        },
        {
            "column": label.column,
            "values": listed([v for v, _ in label.values], of=label.distinct),
        },
        scaled("DR032.at_stake", rest, 1.0),
        detailed(
            Detail(value, {"share": rate("DR032.share", k, label.judged, rows="all")})
            for value, k in label.values
        ),
    )
