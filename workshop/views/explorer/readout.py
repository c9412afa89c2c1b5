"""What does the explorer say at one position? The browser's twin, in Python.

Every text that the page shows where the lines stand, made of the same counts and the
same templates. A browser test compares the two at every cut, so that neither can say
what the other would not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from workshop.analysis.groups import FEWEST
from workshop.analysis.intervals import LEVEL, newcombe, rate
from workshop.analysis.metrics import number_of
from workshop.analysis.policies import Cells
from workshop.analysis.readout import CELLS, Values, mean_value
from workshop.record.values import Limits, Number
from workshop.views.explorer.given import Counts, ExplorerGiven, Group, Worth
from workshop.views.wording import phrase, say, show, tongue_of

PEOPLE = 100
FINE = 1000
"""Ends that travel do so in thousandths, so that they read the same there."""

LIMITS = (
    "min_precision",
    "max_error_among_answered",
    "min_recall",
    "min_coverage",
    "max_group_difference",
    "reviews_per_week",
)
"""The limits that a line can keep or break; time and cost a decision it cannot."""

Line = tuple[str, str, str]


def readout(given: ExplorerGiven, act: int, ask: int) -> dict[str, str]:
    """Return every text shown while the lines stand at cuts ``act`` and ``ask``.

    Both are places in ``given.cuts``; ``ask`` does not lie above ``act`` and equals it
    where nobody is asked. ``people`` is the 100 people from left to right, counted.
    """
    cells = cells_at(given.counts, act, ask)
    return {
        "sentence": _sentence(given, cells, act),
        **_position(given, cells, act, ask),
        **_people(given, cells),
        **_curve(given, cells),
        **_worth("money", given, given.money, cells),
        **_worth("minutes", given, given.minutes, cells),
        **_groups(given, act, ask),
        **_limits(given, cells, act, ask),
    }


def cells_at(counts: Counts, act: int, ask: int) -> Cells:
    """Count each cell of a policy: acted on from one cut, asked down to another."""
    tp, fp = counts.tp[act], counts.fp[act]
    seen_tp, seen_fp = counts.tp[ask], counts.fp[ask]
    return Cells(
        tp=tp,
        fp=fp,
        fn=counts.positives - seen_tp,
        tn=counts.negatives - seen_fp,
        asked_positive=seen_tp - tp,
        asked_negative=seen_fp - fp,
    )


def allocate(counts: tuple[int, ...], total: int = PEOPLE) -> tuple[int, ...]:
    """Share out ``total`` by largest remainder; of equals the first gets more.

    >>> allocate((1, 1, 1))
    (34, 33, 33)
    """
    n = sum(counts)
    if n == 0:
        return (0,) * len(counts)
    shares = [k * total // n for k in counts]
    order = sorted(range(len(counts)), key=lambda i: (-(counts[i] * total % n), i))
    for place in order[: total - sum(shares)]:
        shares[place] += 1
    return tuple(shares)


def people_of(cells: Cells) -> tuple[int, ...]:
    """100 people from left to right, as the axis has them.

    They are left alone, missed, asked about in vain or with good reason, false alarms,
    caught: shared out first over what is done with them, then within each over what is
    true of them, so that the picture and the words at its sides say the same.
    """
    pairs = _pairs(_from_left(cells))
    people = allocate(tuple(sum(pair) for pair in pairs))
    return tuple(
        share
        for pair, total in zip(pairs, people, strict=True)
        for share in allocate(pair, total)
    )


def _from_left(cells: Cells) -> tuple[int, ...]:
    asked = (cells.asked_negative, cells.asked_positive)
    return tuple(int(k) for k in (cells.tn, cells.fn, *asked, cells.fp, cells.tp))


def _pairs(six: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    return six[:2], six[2:4], six[4:]


def where(given: ExplorerGiven, place: int) -> str:
    """What a cut is called: its score, everyone, or no one."""
    if place == 0:
        return phrase("explorer.everyone")
    if place == len(given.cuts) - 1:
        return phrase("explorer.no_one")
    return score_text(given.cuts[place])


def score_text(score: float) -> str:
    """One score as people read it."""
    return show(Number(id="cut", value=score, unit="score"), "num", tongue()).text


def worth_a_week(worth: Worth, cells: Cells, *, deff: float, per_week: float) -> Number:
    """What a week is worth in ``worth.unit``, with the range of its mean."""
    values = Values(**{cell: getattr(worth, cell) for cell in CELLS})
    mean = mean_value("worth", cells, values, rows="choose", deff=deff, unit=worth.unit)
    ends = {part: getattr(mean, part) for part in ("value", "lo", "hi")}
    scaled = {
        part: None if end is None else steady(end * per_week)
        for part, end in ends.items()
    }
    return mean.model_copy(update=scaled)


def steady(value: float) -> float:
    """Drop the last digits, in which two ways of adding up may differ."""
    return float(f"{value:.12g}")


# --- the parts, one by one -----------------------------------------------------------


def _say(key: str, **values: Number | str) -> str:
    return say(f"explorer.{key}", **values).text_in(tongue())


def tongue() -> str:
    """Return the language that all of this is said in."""
    return tongue_of("explorer.title")


def _rate(k: int, n: int, deff: float = 1.0) -> Number:
    return rate("share", k, n, rows="choose", deff=deff)


def _number(name: str, cells: Cells, deff: float) -> Number:
    return number_of(name, cells, rows="choose", id=name, deff=deff)


def _count(value: float | None) -> Number:
    return Number(id="count", value=value, unit="count")


def _sentence(given: ExplorerGiven, cells: Cells, act: int) -> str:
    deff = given.counts.deff
    asked = cells.asked_positive + cells.asked_negative
    acted = cells.tp + cells.fp
    numbers = {
        "coverage": _number("coverage", cells, deff),
        "error": _number("error_among_answered", cells, deff),
        "recall": _number("recall", cells, deff),
        "asked": _number("review_rate", cells, deff),
        "reached": _rate(cells.asked_positive, given.counts.positives, deff),
    }
    if acted == 0:
        kind = "sentence_asked" if asked else "sentence_none"
    elif act == 0:
        kind = "sentence_all"
    else:
        kind = "sentence_band" if asked else "sentence"
    wanted = {"unit": given.unit, "wrong": given.wrong} | numbers
    return _say(kind, **wanted)


def _position(given: ExplorerGiven, cells: Cells, act: int, ask: int) -> dict[str, str]:
    idle, asked, acted = (_count(sum(pair)) for pair in _pairs(people_of(cells)))
    left = "left_says" if given.fallback else "left"
    kind = "spoken_ask" if act > ask else "spoken_ask_none"
    return {
        "bar": where(given, act),
        "bar_ask": where(given, ask),
        "left": _say(left, count=idle, fallback=given.fallback),
        "middle": _say("middle", count=asked),
        "right": _say("right", count=acted, act=given.act),
        "spoken": _spoken(given, cells, act),
        "spoken_ask": _say(kind, cut=where(given, ask), asked=asked),
    }


def _spoken(given: ExplorerGiven, cells: Cells, act: int) -> str:
    deff = given.counts.deff
    kind = {0: "spoken_all", len(given.cuts) - 1: "spoken_none"}.get(act, "spoken")
    return _say(
        kind,
        cut=where(given, act),
        coverage=_number("coverage", cells, deff),
        error=_number("error_among_answered", cells, deff),
    )


def _people(given: ExplorerGiven, cells: Cells) -> dict[str, str]:
    shares = people_of(cells)
    counts = {name: _count(share) for name, share in _five(shares).items()}
    texts = {name: _say("cell_count", count=count) for name, count in counts.items()}
    for name, k in _five(_from_left(cells)).items():
        texts[f"{name}_rows"] = _say("cell_count", count=_count(k))
    texts["people"] = " ".join(str(share) for share in shares)
    texts["people_alt"] = _say("people_alt", **counts)
    return texts


def _five(six: tuple[int, ...]) -> dict[str, int]:
    left, missed, asked_no, asked_yes, false_alarm, caught = six
    return {
        "left_alone": left,
        "missed": missed,
        "asked": asked_no + asked_yes,
        "false_alarm": false_alarm,
        "caught": caught,
    }


def _curve(given: ExplorerGiven, cells: Cells) -> dict[str, str]:
    deff = given.counts.deff
    if cells.tp + cells.fp == 0:
        return {"curve": _say("curve_none")}
    precision, recall = (_number(n, cells, deff) for n in ("precision", "recall"))
    return {"curve": _say("curve_point", precision=precision, recall=recall)}


def _worth(
    name: str, given: ExplorerGiven, worth: Worth | None, cells: Cells
) -> dict[str, str]:
    if worth is None:
        return {}
    value = worth_a_week(worth, cells, deff=given.counts.deff, per_week=given.per_week)
    return {name: _say("money_now", value=value, unit=worth.unit)}


def _groups(given: ExplorerGiven, act: int, ask: int) -> dict[str, str]:
    texts = {}
    for place, group in enumerate((None, *given.groups)):
        counts = given.counts if group is None else group.counts
        cells = cells_at(counts, act, ask)
        key = "overall" if group is None else f"group{place - 1}"
        for part, name in _GROUP_PARTS.items():
            number = _number(name, cells, counts.deff)
            texts[f"{key}_{part}"] = _rate_text(number)
    return texts if given.groups else {}


_GROUP_PARTS = {"share": "coverage", "error": "error_among_answered", "found": "recall"}


def _rate_text(number: Number) -> str:
    if number.value is None:
        return _say("cell_none")
    return _say("cell_share" if number.lo is None else "cell_rate", rate=number)


def _limits(given: ExplorerGiven, cells: Cells, act: int, ask: int) -> dict[str, str]:
    texts = {}
    for name, bound in limits_set(given.limits):
        now = _now(name, given, cells, act, ask)
        count = name == "reviews_per_week"
        number = _count(now.value)
        texts[f"{name}_now"] = (
            _say("cell_count", count=number) if count else _rate_text(now)
        )
        texts[f"{name}_state"] = phrase(f"explorer.{_state(name, now, bound)}")
        texts[f"{name}_range"] = (
            phrase("explorer.crosses") if _crosses(now, bound) else ""
        )
    return texts


def limits_set(limits: Limits) -> Iterator[tuple[str, float]]:
    """Yield name and bound of each limit that is set and that a line can break."""
    for name in LIMITS:
        bound = getattr(limits, name)
        if bound is not None:
            yield name, bound


def _now(name: str, given: ExplorerGiven, cells: Cells, act: int, ask: int) -> Number:
    if name == "reviews_per_week":
        n = given.counts.positives + given.counts.negatives
        asked = cells.asked_positive + cells.asked_negative
        return _count(steady(asked / n * given.per_week))
    if name == "max_group_difference":
        return group_gap(given.groups, act)
    return _number(
        name.removeprefix("min_").removeprefix("max_"), cells, given.counts.deff
    )


def group_gap(groups: tuple[Group, ...], act: int) -> Number:
    """Largest less smallest error among those acted on, within one grouping.

    Only groups with at least `FEWEST` acted on are compared; the value is None where
    no grouping has two of them. The range is Newcombe's, Bonferroni over the pairs of
    a grouping as in `group_shares`; of several groupings the ends are the largest, and
    groups cannot be less than nothing apart.
    """
    acted: dict[str, list[tuple[int, int, float]]] = {}
    for group in groups:
        counts = group.counts
        fp, n = counts.fp[act], counts.tp[act] + counts.fp[act]
        if n >= FEWEST:
            acted.setdefault(group.column, []).append((fp, n, counts.deff))
    gaps = [_gap(found) for found in acted.values() if len(found) > 1]
    if not gaps:
        return Number(id="gap", value=None)
    value, lo, hi = (max(ends) for ends in zip(*gaps, strict=True))
    lo, hi = (round(FINE * max(0.0, end)) / FINE for end in (lo, hi))
    return Number(id="gap", value=value, lo=lo, hi=hi)


def _gap(compared: list[tuple[int, int, float]]) -> tuple[float, float, float]:
    """The difference of two extremes and its ends; each group is ``fp, n, deff``."""
    shares = [fp / n for fp, n, _ in compared]
    # Of equal ones the first and the last, so that two groups are compared.
    most = shares.index(max(shares))
    least = len(shares) - 1 - shares[::-1].index(min(shares))
    (k1, n1, deff1), (k2, n2, deff2) = compared[most], compared[least]
    pairs = math.comb(len(compared), 2)
    found = newcombe(
        *(k1 / deff1, n1 / deff1, k2 / deff2, n2 / deff2),
        level=1 - (1 - LEVEL) / pairs,
    )
    return shares[most] - shares[least], found.lo, found.hi


def _state(name: str, now: Number, bound: float) -> str:
    if now.value is None:
        return "cannot_tell"
    least = name.startswith("min_")
    kept = now.value >= bound if least else now.value <= bound
    return "holds" if kept else "broken"


def _crosses(now: Number, bound: float) -> bool:
    if now.lo is None or now.hi is None or math.isnan(now.lo):
        return False
    return now.lo < bound < now.hi
