"""What travels to the browser: the given counts as small, plain JSON.

Counts that only fall are sent as the steps by which they fall, which are short; an
infinite cut is null. Nothing here is a row, and nothing grows with the rows.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from workshop.analysis.intervals import LEVEL, z_of
from workshop.analysis.readout import CELLS
from workshop.record.values import ROLES, Policy
from workshop.views.explorer.given import Counts, ExplorerGiven, Jump, Worth
from workshop.views.explorer.readout import (
    FINE,
    group_gap,
    limits_set,
    score_text,
    tongue,
    where,
)
from workshop.views.explorer.texts import explorer_texts
from workshop.views.wording import language, phrase
from workshop.views.wording.english import ENGLISH
from workshop.views.wording.signs import HOUSE, localised, signs_of

PLACES = 4
"""Decimals of a place on the axis: a tenth of a pixel on any screen."""

State = dict[str, Any]
Position = tuple[int, int]


def explorer_state(given: ExplorerGiven) -> State:
    """Return all that the browser needs, as plain JSON of at most 50 KB.

    Marks and the position are not in it: they change on the page, and travel alone.
    """
    return _language() | {
        "unit": given.unit,
        "act": given.act,
        "wrong": given.wrong,
        "fallback": given.fallback,
        "per_week": given.per_week,
        "z": z_of(LEVEL),
        "cuts": [cut if math.isfinite(cut) else None for cut in given.cuts],
        "shown": [where(given, place) for place in range(len(given.cuts))],
        "across": [round(place, PLACES) for place in given.across],
        "ticks": [[round(at, PLACES), score_text(s)] for at, s in given.ticks],
        "dots": _dots(given),
        "counts": _counts(given.counts),
        "band": _band(given),
        "groups": [
            {"column": g.column, "name": g.name, "counts": _counts(g.counts)}
            for g in given.groups
        ],
        "money": _worth(given.money),
        "minutes": _worth(given.minutes),
        "limits": dict(limits_set(given.limits)),
        "gap": _gap(given),
        "jumps": {jump.name: _jump(given, jump) for jump in given.jumps},
        "names": {r: given.names.get(r) or phrase(f"ui.role.{r}") for r in ROLES},
        "here": list(given.here),
        "notes": _notes(given),
        "texts": explorer_texts(),
    }


def start_of(given: ExplorerGiven) -> Position:
    """Where the lines stand at first: on everyone, unless there is a start."""
    found = None if given.start is None else position_of(given, given.start)
    return found or (0, 0)


def position_of(given: ExplorerGiven, policy: Policy) -> Position | None:
    """Places of a policy's two lines among the cuts; None where it draws no line."""
    last = len(given.cuts) - 1
    if policy.kind in ("all", "none"):
        place = 0 if policy.kind == "all" else last
        return place, place
    if policy.act_at is None:
        return None
    act = place_of(given, policy.act_at)
    ask = act if policy.review_at is None else place_of(given, policy.review_at)
    return act, min(ask, act)


def place_of(given: ExplorerGiven, score: float) -> int:
    """The cut that acts on the same rows as a line at ``score``.

    Every marked point is a cut; a score between two cuts goes to the upper one.
    """
    return min(bisect_left(given.cuts, score), len(given.cuts) - 1)


def policy_at(given: ExplorerGiven, act: int, ask: int) -> Policy:
    """The policy of the lines at cuts ``act`` and ``ask``."""
    last = len(given.cuts) - 1
    if ask < act:
        return Policy(
            kind="review_band",
            act_at=_finite(given, act),
            review_at=_finite(given, ask),
        )
    if act in (0, last):
        return Policy(kind="none" if act == last else "all")
    return Policy(kind="single", act_at=given.cuts[act])


def _finite(given: ExplorerGiven, place: int) -> float:
    cut = given.cuts[place]
    if math.isfinite(cut):
        return cut
    # Not just above the last finite cut: rows may score more than any cut shown.
    return given.above_all if place else given.cuts[1]


def _counts(counts: Counts) -> State:
    return {
        "tp": _steps(counts.tp),
        "fp": _steps(counts.fp),
        "positives": counts.positives,
        "negatives": counts.negatives,
        "deff": counts.deff,
    }


def _steps(counts: Sequence[int]) -> list[int]:
    """The first count, then by how much each is less than the one before."""
    return [int(counts[0]), *(int(a - b) for a, b in pairwise(counts))]


def _dots(given: ExplorerGiven) -> State:
    """The dots in the order in which a rising line leaves them behind."""
    dots = sorted(given.dots, key=lambda dot: (dot.until, dot.across, dot.up))
    return {
        "across": [round(dot.across, PLACES) for dot in dots],
        "up": [dot.up for dot in dots],
        "positive": [int(dot.positive) for dot in dots],
        "until": [dot.until for dot in dots],
    }


def _band(given: ExplorerGiven) -> State | None:
    if given.band is None:
        return None
    names = ("precision_lo", "precision_hi")
    return {name: _fine(getattr(given.band, name)) for name in names}


def _gap(given: ExplorerGiven) -> State | None:
    """The range of the difference between groups, at each cut to act from."""
    if given.limits.max_group_difference is None:
        return None
    found = [group_gap(given.groups, place) for place in range(len(given.cuts))]
    return {end: _fine(getattr(gap, end) for gap in found) for end in ("lo", "hi")}


def _fine(ends: Iterable[float | None]) -> list[int | None]:
    """Ends of ranges in thousandths, which are short."""
    return [None if end is None else round(FINE * end) for end in ends]


def _worth(worth: Worth | None) -> State | None:
    """What it is worth; ``now`` is the sentence where money goes before its number."""
    if worth is None:
        return None
    found = {name: getattr(worth, name) for name in ("unit", *CELLS, "today")}
    if tongue() == ENGLISH:
        return found
    usual = phrase("explorer.money_now")
    now, shown = localised(usual, {"unit": worth.unit}, tongue())
    return found | shown | ({} if now == usual else {"now": now})


def _language() -> State:
    """Which language is spoken, and its signs; nothing where all is in English."""
    spoken = tongue()
    if language().is_house:
        return {}
    signs = signs_of(spoken)
    if signs is HOUSE:
        return {"lang": spoken}
    needed = ("decimal", "group", "minus", "sizes")
    return {"lang": spoken, "signs": {name: getattr(signs, name) for name in needed}}


def _jump(given: ExplorerGiven, jump: Jump) -> State:
    found = None if jump.policy is None else position_of(given, jump.policy)
    if found is None:
        return {"why_not": jump.why_not}
    return {"to": list(found)}


def _notes(given: ExplorerGiven) -> list[str]:
    said = {
        phrase(f"explorer.rows_{given.rows}"): True,
        phrase("explorer.widened"): given.counts.deff > 1,
        phrase("explorer.few_sources"): given.few_sources,
    }
    return [sentence for sentence, holds in said.items() if holds]
