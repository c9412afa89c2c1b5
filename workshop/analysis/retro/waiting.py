"""What can be said before labels arrive?

How many are acted on, sent to people and left alone, how long it takes, what the error
would be if scores still meant what they meant, and when there will be labels enough.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.intervals import LEVEL, rate, sample_size, z_of
from workshop.analysis.options.paired import latency
from workshop.analysis.options.places import PLACES, place_rows
from workshop.analysis.policies import lines_of
from workshop.analysis.retro.new_rows import Bools, NewRows, Part
from workshop.analysis.retro.results import Waiting
from workshop.analysis.retro.windows import day_of
from workshop.record.values import FallbackKind, Number

Floats = NDArray[np.float64]

BINS = 10
HALF_WIDTH = 0.05
"""How near to the truth labels should bring the error."""
ACTED, LEFT, ASKED = "acted", "left", "asked"
_WHERE = {"tp": ACTED, "fp": ACTED, "fn": LEFT, "tn": LEFT}
_KINDS = np.array([_WHERE.get(place, ASKED) for place in PLACES])
"""What happens to a row of each place."""
REWEIGHTED = "error by score then, weighted by scores now"


def waiting(rows: NewRows) -> Waiting:
    """Say what no label is needed for."""
    whole = len(rows.later)
    labelled = rows.window.labelled
    unlabelled = rate("retro.waiting.unlabelled", whole - labelled, whole, rows="live")
    if rows.why:
        return Waiting(unlabelled, None, None, None, why=rows.why)
    fallback = _fallback(rows)
    now = _shares(rows, rows.placed(fallback))
    expected = expected_error(rows)
    enough = _enough(rows, expected)
    return Waiting(
        unlabelled,
        acted=now[ACTED],
        asked=now[ASKED],
        left=now[LEFT],
        then=_then(rows, fallback),
        latency=_latency(rows),
        expected_error=expected,
        enough=enough,
        enough_by=_enough_by(rows, enough),
    )


def _fallback(rows: NewRows) -> FallbackKind:
    """Where what is not acted on goes; the best few are shown to nobody's harm."""
    own = rows.option.fallback
    return "human" if own == "human" else "not_sure"


def _shares(rows: NewRows, part: Part) -> dict[str, Number]:
    deff = rows.deff("coverage")
    kinds = _KINDS[part.codes]
    return {
        kind: rate(
            f"retro.waiting.{kind}",
            int((kinds == kind).sum()),
            len(part),
            rows="live",
            deff=deff,
        )
        for kind in (ACTED, ASKED, LEFT)
    }


def _then(rows: NewRows, fallback: FallbackKind) -> dict[str, Number]:
    """The same shares on the rows kept aside."""
    evidence, option = rows.evidence, rows.option.id
    own, aside = evidence.scored[option], ~evidence.choosing(option)
    policy = evidence.policy
    assert policy is not None, "why says that there is none"
    placed = place_rows(
        option,
        own.keys[aside],
        own.labels[aside],
        own.scores[aside],
        policy,
        fallback=fallback,
    )
    kinds, deff = _KINDS[placed.codes], evidence.design_effect(option).deff
    return {
        kind: rate(
            f"retro.waiting.{kind}.then",
            int((kinds == kind).sum()),
            len(kinds),
            rows="report",
            deff=deff,
        )
        for kind in (ACTED, ASKED, LEFT)
    }


def _latency(rows: NewRows) -> dict[str, Number]:
    times = rows.all.rows.latency_ms
    if times is None or not len(times):
        return {}
    return {
        name: latency(f"retro.waiting.{name}", times, q, rows="live")
        for name, q in (("latency_ms_p50", 0.5), ("latency_ms_p95", 0.95))
    }


# --- if scores still meant what they did ----------------------------------------------


def expected_error(rows: NewRows) -> Number | None:
    """The error among those acted on, were every score to mean what it meant.

    The rows kept aside that the policy acts on, in ten bins of their scores: each bin's
    error there, weighted by the share of the new rows that fall into it. The range is a
    normal one at n / deff, of the rows kept aside. An assumption: a score that means
    something else today makes it wrong. None where either side acts on no one.
    """
    evidence, option = rows.evidence, rows.option.id
    own, aside = evidence.scored[option], ~evidence.choosing(option)
    lines = lines_of(rows.policy)
    assert lines is not None, "why says that it places no rows"
    act_at, _ = lines
    acted = aside & (own.scores >= act_at)
    scores = rows.all.rows.scores
    scores = scores[scores >= act_at]
    if not acted.any() or not len(scores):
        return None
    deff = evidence.design_effect(option).deff
    value, variance = reweighted(own.scores[acted], ~own.labels[acted], scores)
    half = z_of(LEVEL) * math.sqrt(variance * deff)
    return Number(
        id="retro.waiting.expected_error",
        value=value,
        n=len(scores),
        lo=max(0.0, value - half),
        hi=min(1.0, value + half),
        level=LEVEL,
        method=REWEIGHTED,
        rows="live",
        assumed=True,
    )


def reweighted(then: Floats, wrong: Bools, now: Floats) -> tuple[float, float]:
    """The error of ``then``, weighted as ``now`` is spread; and its variance.

    Bins are tenths of the scores ``then``, shape (n,), as ``wrong``. Each bin
    has one row added that is wrong as often as all are, so that none is sure of 0 or 1
    by a handful of rows, and an empty one says what all say. That overall error, of
    ``wrong + 1/2`` in ``n + 1``, is never quite 0 or 1 itself.
    """
    edges = np.unique(np.quantile(then, np.linspace(0, 1, BINS + 1)[1:-1]))
    place = np.searchsorted(edges, then, side="right")
    size = len(edges) + 1
    rows = np.bincount(place, minlength=size).astype(np.float64)
    found = np.bincount(place, wrong, minlength=size).astype(np.float64)
    overall = (float(wrong.sum()) + 0.5) / (len(wrong) + 1)
    error = (found + overall) / (rows + 1)
    weights = np.bincount(np.searchsorted(edges, now, side="right"), minlength=size)
    share = weights / weights.sum()
    variance = float((share**2 * error * (1 - error) / (rows + 1)).sum())
    return float(share @ error), variance


# --- when there will be labels enough -------------------------------------------------


def _enough(rows: NewRows, expected: Number | None) -> Number | None:
    """Labelled rows acted on that bring the error to within five points."""
    value = expected.value if expected else None
    if value is None:
        return None
    deff = rows.evidence.design_effect(rows.option.id).deff
    needed = sample_size(value, HALF_WIDTH, deff=deff)
    return Number(
        id="retro.waiting.enough",
        value=float(needed),
        rows="live",
        unit="labels",
        assumed=True,
    )


def _enough_by(rows: NewRows, enough: Number | None) -> str:
    """The day by which there will be as many, at the pace of these rows.

    Labels come with a delay, or as many a week as a clause says; empty where nobody
    can tell.
    """
    if enough is None or enough.value is None:
        return ""
    acted = rows.all.counted("coverage")[0]
    missing = enough.value - int((acted & rows.all.known).sum())
    if missing <= 0:
        return rows.later.as_of.isoformat()
    by_people = _labels_a_week(rows)
    label = rows.later.scenario.label
    if rows.all.rows.time is not None and label and label.delay_days is not None:
        return _by_delay(rows, acted, enough.value, label.delay_days)
    if by_people is None:
        return ""
    weeks = math.ceil(missing / by_people)
    return _day(rows.later.as_of, 7 * weeks)


def _labels_a_week(rows: NewRows) -> int | None:
    """How many rows that are acted on somebody labels a week, by the clauses."""
    agreement = rows.evidence.record.agreement
    stated = [
        clause.measured_by.labels_per_week
        for clause in (agreement.clauses if agreement else ())
        if clause.measured_by and clause.metric in ("error_among_answered", "precision")
    ]
    return max(stated) if stated else None


def _by_delay(rows: NewRows, acted: Bools, enough: float, delay: float) -> str:
    """The day on which the label of the last row needed is known."""
    assert rows.all.rows.time is not None, "asked before"
    days = np.sort(day_of(rows.all.rows.time)[acted])
    needed = math.ceil(enough)
    if len(days) >= needed:
        last = int(days[needed - 1])
    else:
        span = int(day_of(rows.all.rows.time).max() - day_of(rows.all.rows.time).min())
        pace = len(days) / (span + 1)
        if not pace:
            return ""
        last = int(days[-1]) + math.ceil((needed - len(days)) / pace)
    return _day(date(1970, 1, 1), last + math.ceil(delay))


def _day(start: date, days: int) -> str:
    """A day so many days on; empty beyond the calendar."""
    try:
        return (start + timedelta(days=days)).isoformat()
    except OverflowError:
        return ""
