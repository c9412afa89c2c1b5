"""How far is a share from what it was, and is that better, worse, or as it was?"""

from __future__ import annotations

from workshop.analysis.intervals import LEVEL, NEWCOMBE, newcombe
from workshop.analysis.retro.results import CLOSE, Verdict
from workshop.record.terms import METRICS
from workshop.record.values import Number

EFFECTIVE = f"{NEWCOMBE} at the effective sample sizes"
DIFFERENCE = "difference of shares"


def apart(
    id: str,
    now: Number,
    then: Number,
    *,
    deff_now: float,
    deff_then: float,
    level: float = LEVEL,
) -> Number:
    """``now`` minus ``then`` of two samples, with Newcombe's interval at n / deff.

    Without rows on either side the value is None: cannot tell.
    """
    found = Number(id=id, value=None, n=now.n, rows="live", unit=DIFFERENCE)
    if now.value is None or then.value is None or not now.n or not then.n:
        return found
    own, other = now.n / deff_now, then.n / deff_then
    ends = newcombe(now.value * own, own, then.value * other, other, level=level)
    method = NEWCOMBE if deff_now == deff_then == 1 else EFFECTIVE
    return found.model_copy(
        update={
            "value": now.value - then.value,
            "lo": ends.lo,
            "hi": ends.hi,
            "level": ends.level,
            "method": method,
        }
    )


def verdict_on(metric: str, difference: Number) -> Verdict:
    """What a difference says of a metric: now minus before.

    Better, worse or, where neither direction is better, moved, if its interval leaves
    zero out; as promised if all of it lies within five points; else cannot tell.
    """
    lo, hi = difference.lo, difference.hi
    if lo is None or hi is None:
        return "cannot_tell"
    if lo <= 0 <= hi:
        return "as_promised" if lo >= -CLOSE and hi <= CLOSE else "cannot_tell"
    better = METRICS[metric].better
    if better == "none":
        return "moved"
    return "better" if (lo > 0) == (better == "higher") else "worse"
