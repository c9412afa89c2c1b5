"""Which numbers of a record answer what people say, where no other module has them?

Which options to name beside a line, by a rule that can be said aloud; and the few small
counts that only an answer needs. All else on a card is a number of the page.

Source: Fleiss, Levin & Paik 2003, chapter 4, without the correction for continuity, for
the rows that two separate shares take; R's `power.prop.test` computes the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from workshop.analysis.evidence import Evidence
from workshop.analysis.group_shares import GroupShares
from workshop.analysis.intervals import LEVEL, rate, z_of
from workshop.analysis.labels import Labelling
from workshop.analysis.options.compared import Options
from workshop.analysis.options.table import OptionLine, OptionLines
from workshop.analysis.policies import Cells
from workshop.analysis.split import group_codes
from workshop.data.candidates import Candidate
from workshop.record.choices import Record
from workshop.record.values import Number, Policy

Rule = Literal[
    "fewest_wrong",
    "person",
    "cheapest",
    "next_cheapest",
    "most_recall",
    "no_model",
    "nearest",
    "as_now",
]
POWER = 0.80
_NEVER = math.inf


# --- which options to name -----------------------------------------------------------


def pick(
    lines: Sequence[OptionLine], rules: Sequence[Rule]
) -> tuple[tuple[Rule, OptionLine], ...]:
    """Two options behind a line, each with the rule that names it.

    By each rule the best that keeps the limits, or the best of all where none does.
    Where that one is named already the next cheapest stands in, and where nothing is
    left, the option in play for staying as it is. An option whose figure is not known
    is not named by it.
    """
    found: list[tuple[Rule, OptionLine]] = []
    wanted: tuple[Rule, ...] = (*rules, "next_cheapest", "as_now")
    for rule in wanted:
        best = _best(lines, rule)
        if best is not None and any(best is named for _, named in found):
            rest = [x for x in lines if all(x is not named for _, named in found)]
            rule, best = "next_cheapest", _best(rest, "next_cheapest")
        if best is not None and len(found) < 2:
            found.append((rule, best))
    return tuple(found)


def _best(lines: Sequence[OptionLine], rule: str) -> OptionLine | None:
    """The first by a rule, those within the limits before all others."""
    ranked = [
        ((bool(line.outside), rank), line)
        for line in lines
        if (rank := _rank(rule, line)) < _NEVER
    ]
    return min(ranked, key=lambda each: each[0])[1] if ranked else None


def _rank(rule: str, line: OptionLine) -> float:
    """The smaller the sooner; infinite where the rule does not speak of the option."""
    if line.in_play:
        return 0.0 if rule == "as_now" else _NEVER
    cost = _value(line, "cost", _NEVER)
    versus = line.versus
    match rule:
        case "cheapest" | "next_cheapest":
            return cost
        case "fewest_wrong":
            return _value(line, "error_among_answered", _NEVER)
        case "most_recall" if acts(line):
            return -_value(line, "recall", -_NEVER)
        case "person" if asks_a_person(line):
            return cost
        case "no_model" if line.kind in ("people", "nothing", "everyone"):
            return cost
        case "nearest" if versus is not None and versus.more_rows is not None:
            return float(versus.more_rows)
    return _NEVER


def acts(line: OptionLine) -> bool:
    """Whether the option acts on anyone without a person, by rows."""
    return _value(line, "error_among_answered", _NEVER) < _NEVER


def asks_a_person(line: OptionLine) -> bool:
    """Whether the option sends anyone to a person."""
    return _value(line, "review_rate", 0.0) > 0


def _value(line: OptionLine, figure: str, missing: float) -> float:
    number = line.figures.get(figure)
    return missing if number is None or number.value is None else number.value


def other_models(options: Options, lines: OptionLines) -> tuple[OptionLine, ...]:
    """Options that act by another model than the one in play; the dearest first."""
    own = options.offer(options.in_play).candidate.run
    found = [
        line
        for line in lines.lines
        if line.kind == "model"
        and acts(line)
        and options.offer(line.id).candidate.run != own
    ]
    return tuple(
        sorted(
            found,
            key=lambda line: (
                -_value(line, "running", 0.0),
                -_value(line, "latency_ms_p95", 0.0),
            ),
        )
    )


def nearest(lines: OptionLines) -> OptionLine | None:
    """The option that the fewest further rows would tell from the one in play."""
    return _best(lines.lines, "nearest")


def all_told_apart(lines: OptionLines) -> bool:
    """Whether the rows tell the option in play from every other that was compared."""
    compared = [line.versus for line in lines.lines if line.versus is not None]
    return bool(compared) and all(each.separated for each in compared)


def in_round_figures(rows: int) -> int:
    """Two leading figures, upwards: more would claim to know too much."""
    size: int = 10 ** max(0, len(str(rows)) - 2)
    return math.ceil(rows / size) * size


# --- small counts --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rightly:
    """Of rows decided without a person: right as decided, had all been acted on, none.

    The three have the same rows as their base.
    """

    decided: Number
    everyone: Number
    no_one: Number


def decided_rightly(id: str, cells: Cells, *, deff: float) -> Rightly | None:
    """Accuracy, beside that of doing the same to everyone; None without such rows."""
    tp, fp, fn, tn = (int(k) for k in (cells.tp, cells.fp, cells.fn, cells.tn))
    n = tp + fp + fn + tn
    if n == 0:
        return None
    counts = {"decided": tp + tn, "everyone": tp + fn, "no_one": fp + tn}
    return Rightly(
        **{
            name: rate(f"{id}.{name}", k, n, rows="report", deff=deff)
            for name, k in counts.items()
        }
    )


def left_alone(id: str, recall: Number) -> Number:
    """Of those that should be acted on, how many are not: one less the recall."""

    def rest(share: float | None) -> float | None:
        return None if share is None else 1.0 - share

    k = None if recall.k is None or recall.n is None else recall.n - recall.k
    update = {"value": rest(recall.value), "lo": rest(recall.hi), "hi": rest(recall.lo)}
    return recall.model_copy(update={"id": id, "k": k, **update})


def half_as_many(evidence: Evidence, policy: Policy) -> Policy | None:
    """The same policy with the highest line that acts on at least half as many.

    Of the choosing rows. A review band keeps its lower line. None where nothing has a
    line to move, or where rows share their scores so that it would not move.
    """
    curve = evidence.curve("choose")
    if policy.kind == "all":
        policy = Policy(kind="single", act_at=float(curve.thresholds[-1]))
    if policy.act_at is None or policy.kind not in ("single", "review_band"):
        return None
    flagged = curve.tp + curve.fp
    wanted = curve.at(policy.act_at).flagged / 2
    place = int(np.searchsorted(flagged, max(1.0, wanted)))
    cut = float(curve.thresholds[min(place, len(flagged) - 1)])
    if cut <= policy.act_at:
        return None
    return policy.model_copy(update={"act_at": cut})


def area_of(id: str, options: Options, candidate: Candidate) -> Number | None:
    """AUC of an option's scores on the rows kept aside; None with one label only."""
    from workshop.analysis.baseline.auc import auc_number

    rows, side = options.rows_of(candidate)
    labels, scores = rows.labels[side], rows.scores[side]
    if candidate.run is None or labels.all() or not labels.any():
        return None
    clusters = None
    if rows.clusters is not None:
        clusters = group_codes(rows.clusters[side], what="cluster")[0]
    return auc_number(id, labels, scores, clusters, rows="report")


@dataclass(frozen=True, slots=True)
class Trial:
    """What it takes to see a difference of two error rates live: labels, and weeks."""

    labels: float
    weeks: float


def trial_between(
    one: OptionLine, other: OptionLine, *, per_week: float, deff: float = 1.0
) -> Trial | None:
    """Answers to check, half of each option, to see their gap with a chance of 80 %.

    An answer comes of a decision that is acted on, so the weeks follow from how much
    either acts; ``deff`` is the rows' design effect. None where there is no gap, or
    either acts on no one.
    """
    p1, p2 = (_value(each, "error_among_answered", _NEVER) for each in (one, other))
    shares = [_value(each, "coverage", 0.0) for each in (one, other)]
    if max(p1, p2) == _NEVER or p1 == p2 or min(shares) <= 0:
        return None
    side = rows_a_side(p1, p2) * deff
    weeks = sum(side / share for share in shares) / per_week
    return Trial(labels=2 * side, weeks=weeks)


def rows_a_side(p1: float, p2: float, *, power: float = POWER) -> float:
    """Rows of each of two samples until a test at 5 % tells ``p1`` from ``p2``.

    (z_a·sqrt((p1 + p2)·(1 - (p1 + p2)/2)) + z_b·sqrt(p1·q1 + p2·q2))² / (p1 - p2)².
    """
    no_gap = (p1 + p2) * (1 - (p1 + p2) / 2)
    gap = p1 * (1 - p1) + p2 * (1 - p2)
    reach = z_of(LEVEL) * math.sqrt(no_gap)
    reach += NormalDist().inv_cdf(power) * math.sqrt(gap)
    return (reach / (p1 - p2)) ** 2


def hours_of(rows: float, minutes: float) -> float:
    """Hours that so many rows take a person."""
    return rows * minutes / 60


@dataclass(frozen=True, slots=True)
class LabelBill:
    """What so many labels take: hours, money, whole working days."""

    hours: float
    money: float
    days: int


def bill_of(labels: float, labelling: Labelling) -> LabelBill:
    """What so many labels take, by what labelling takes."""
    hours = hours_of(labels, labelling.minutes_per_label)
    return LabelBill(
        hours,
        hours * labelling.cost_per_hour,
        math.ceil(labels / labelling.labels_per_day),
    )


def no_mistake_in(id: str, n: int) -> Number | None:
    """What ``n`` cases without a mistake leave open; None without any."""
    return rate(id, 0, n, rows="choose") if n else None


def pair_differs(id: str, record: Record) -> Number | None:
    """Of the cases that both halves judged, how many they judged differently."""
    if record.cases is None:
        return None
    one, other = record.cases.product, record.cases.engineering
    both = sorted(set(one) & set(other))
    if not both:
        return None
    differ = sum(one[case] != other[case] for case in both)
    return rate(id, differ, len(both), rows="choose")


def people_differ(id: str, evidence: Evidence) -> Number | None:
    """Of rows that several people labelled, on how many not all say the same."""
    columns = [c for c in evidence.scenario.annotators if c in evidence.data]
    if len(columns) < 2:
        return None
    labels = evidence.data[columns]
    several = labels.notna().sum(axis=1) > 1
    if not several.any():
        return None
    differ = labels[several].nunique(axis=1) > 1
    return rate(id, int(differ.sum()), int(several.sum()), rows="all")


def widest(shares: Sequence[GroupShares]) -> GroupShares | None:
    """The columns' largest difference: first what is told apart; None of none."""
    known = [each for each in shares if each.difference.value is not None]
    if not known:
        return None
    return max(known, key=lambda each: (each.told_apart, each.difference.value or 0.0))
