"""What has each card of the translator to say of one record?

Nothing is found here; each function asks the analysis and names what it got. What is
not known is left out, and the card then says what is missing.
"""

from __future__ import annotations

from collections.abc import Callable

from workshop.analysis.group_shares import GroupShares
from workshop.analysis.impact.drift import DEGRADED
from workshop.analysis.impact.people import people_affected
from workshop.analysis.intervals import rate
from workshop.analysis.options.table import OptionLine
from workshop.analysis.policies import Cells
from workshop.analysis.readout import cells_of, figures_of, review_of
from workshop.analysis.translated import (
    acts,
    all_told_apart,
    area_of,
    asks_a_person,
    bill_of,
    decided_rightly,
    half_as_many,
    hours_of,
    in_round_figures,
    left_alone,
    nearest,
    no_mistake_in,
    other_models,
    pair_differs,
    people_differ,
    pick,
    trial_between,
)
from workshop.record.values import Number
from workshop.steps.translating_record import AtHand, Values, known, named, stated
from workshop.views.recaps.drawer_groups import group_said
from workshop.views.recaps.framing import acceptable
from workshop.views.wording import Said

SECOND_LOOK = 100
"""Rows for a second person: how often they disagree is known to ten points."""
NEARLY_ALL = 0.99


# --- people --------------------------------------------------------------------------


def _nothing_more(at: AtHand) -> Values:
    return {}


def _accuracy(at: AtHand) -> Values:
    placed = at.placed
    recall = at.own.figures.get("recall")
    if placed is None or recall is None or not acts(at.own):
        return {}
    deff = at.evidence.deff
    found = decided_rightly("translator.accuracy", placed.cells, deff=deff)
    if found is None:
        return {}
    return {
        "accuracy": found.decided,
        "everyone": found.everyone,
        "no_one": found.no_one,
        "left": left_alone("translator.accuracy.left", recall),
    }


def _get_used(at: AtHand) -> Values:
    keep = at.options.assumptions.stated.get("keep_after_wrong")
    if keep is None:
        return {}
    ends = dict(zip(("low", "high"), keep.ends, strict=True)) | {"keep": keep.likely}
    found = {n: stated(f"translator.get_used.{n}", v) for n, v in ends.items()}
    return known(found | {"active": at.week("active_share")})


# --- options -------------------------------------------------------------------------


def _speed(at: AtHand) -> Values:
    p95 = at.own.figures.get("latency_ms_p95")
    timed = [
        (time.value, other)
        for other in other_models(at.options, at.lines)
        if (time := other.figures.get("latency_ms_p95")) and time.value is not None
    ]
    if p95 is None or p95.value is None or not timed:
        return {}
    time, other = min(timed, key=lambda each: each[0])
    return named("fast_" if time < p95.value else "slow_", other)


def _bigger(at: AtHand) -> Values:
    others = other_models(at.options, at.lines)
    if not others:
        return {}
    other = others[0]
    found = named("other_", other)
    if other.versus is None or "cost" not in other.figures:
        return found
    told = "cheaper" if (other.versus.cost.value or 0.0) < 0 else "dearer"
    key = told if other.versus.separated else "unclear"
    return found | {key: other.figures["cost"]}


def _more_data(at: AtHand) -> Values:
    other = nearest(at.lines)
    if not any(line.versus for line in at.lines.lines):
        return {}
    if other is None or other.versus is None or other.versus.more_rows is None:
        key = "rows_told" if all_told_apart(at.lines) else "rows_same"
        return {key: at.lines.rows}
    more = float(in_round_figures(other.versus.more_rows))
    found = named("other_", other) | {
        "rows": at.lines.rows,
        "more": Number(
            id=f"versus.{other.id}.more_rows", value=more, unit="rows", assumed=True
        ),
    }
    return found | _bill(at, more) | _sources(at)


def _bill(at: AtHand, labels: float) -> Values:
    if at.labelling is None:
        return {}
    bill, id = bill_of(labels, at.labelling), "translator.more_data"
    unit = at.evidence.scenario.payoff.unit
    return known(
        {
            "hours": stated(f"{id}.hours", bill.hours, "hours"),
            "money": stated(f"{id}.money", bill.money, unit),
            "days": stated(f"{id}.days", bill.days, "days"),
        }
    )


def _sources(at: AtHand) -> Values:
    sources = at.evidence.sources_of("report")
    if sources is None or not at.lines.few_sources:
        return {}
    name = at.evidence.scenario.cluster_name
    number = stated("translator.sources", sources, name, assumed=False)
    return known({"sources": number, "sources_name": name})


def _ab_test(at: AtHand) -> Values:
    per_week = at.evidence.per_week
    near = nearest(at.lines)
    rivals = [near] if near is not None and acts(near) else []
    for other in (*rivals, *other_models(at.options, at.lines)):
        trial = trial_between(at.own, other, per_week=per_week, deff=at.evidence.deff)
        if trial is None:
            continue
        id = "translator.ab_test"
        hours = None
        if at.labelling is not None:
            hours = bill_of(trial.labels, at.labelling).hours
        return named("other_", other) | known(
            {
                "labels": stated(f"{id}.labels", trial.labels, "rows"),
                "weeks": stated(f"{id}.weeks", trial.weeks, "weeks"),
                "hours": stated(f"{id}.hours", hours, "hours"),
            }
        )
    return {}


# --- values --------------------------------------------------------------------------


def _competitors(at: AtHand) -> Values:
    idle = next((x for x in at.lines.lines if x.kind == "nothing"), None)
    found = {"idle": idle.figures.get("money")} if idle and not idle.in_play else {}
    stated = next((x for x in at.lines.lines if x.kind == "stated"), None)
    return known(found) | (named("stated_", stated) if stated else {})


def _after_launch(at: AtHand) -> Values:
    back = at.own.reversible or None
    return known({"events": at.week("events"), "back": back})


def _human(at: AtHand) -> Values:
    asking = _asking(at)
    if asking is None:
        return {}
    reviews, who = asking.figures.get("reviews"), at.evidence.reviewer
    hours = None
    if reviews is not None and reviews.value is not None and who.minutes is not None:
        hours = hours_of(reviews.value, who.minutes)
    overflow, id = at.week("overflow_per_week", asking), "translator.human"
    return named("other_", asking) | known(
        {
            "reviews": reviews,
            "hours": stated(f"{id}.hours", hours, "hours"),
            "minutes": stated(f"{id}.minutes", who.minutes, "minutes"),
            "room": stated(f"{id}.room", at.line.reviews_per_week, "per week"),
            "waiting": at.week("waiting_hours", asking),
            "overflow": overflow if overflow and overflow.value else None,
            "found": stated(f"{id}.found", who.sensitivity),
            "left_alone": stated(f"{id}.left_alone", who.specificity),
        }
    )


def _asking(at: AtHand) -> OptionLine | None:
    """The option in play if it asks a person, else the cheapest that does."""
    if asks_a_person(at.own):
        return at.own
    lines = at.lines.lines
    first = [line for rule, line in pick(lines, ("person",)) if rule == "person"]
    return next((line for line in (*first, *lines) if asks_a_person(line)), None)


def _drifts(at: AtHand) -> Values:
    if at.drift is None:
        return {}
    kind = f"degraded_{DEGRADED[-1]}"
    worse = next(scene for scene in at.drift.scenes if scene.kind == kind)
    found: dict[str, Number | None] = {
        "share": stated("translator.drifts.share", DEGRADED[-1] / 100),
        "worse_error": worse.numbers.get("error_among_answered"),
    }
    breaks, limit = at.drift.degradation, acceptable(at.evidence.record.framing)
    if breaks.value == 0:
        found["broken"] = at.own.figures["error_among_answered"]
    elif breaks.value is not None:
        found["breaks"] = breaks
    else:
        found["acceptable_holds"] = limit
    return known(found)


# --- the line ------------------------------------------------------------------------


def _ninety_nine(at: AtHand) -> Values:
    best = at.line.best_promise
    found = {"asked": stated("translator.ninety_nine.asked", NEARLY_ALL)}
    if best is not None:
        key = "rough" if best.indicative else "promise"
        found |= {key: best.error, "promised": best.coverage}
    return known(found)


def _raise(at: AtHand) -> Values:
    policy = at.policy
    if policy is None or at.own.kind != "model":
        return {}
    halved = half_as_many(at.evidence, policy)
    if halved is None:
        return {}
    cells = cells_of(at.evidence, halved, "report")
    figures = figures_of(
        "translator.raise",
        cells,
        rows="report",
        deff=at.evidence.deff,
        ratio=at.evidence.ratio,
        review=review_of(at.evidence),
    )
    found = {
        "half_error": figures["error_among_answered"],
        "half_coverage": figures["coverage"],
    }
    fallback = at.options.offer(at.own.id).candidate.fallback
    if fallback != "not_sure" or halved.kind != "single":
        return known(found)  # whoever is not acted on is not left without
    cost = figures.get("expected_cost")
    return known(found | {"half_missed": _missed(at, cells), "half_cost": cost})


def _missed(at: AtHand, cells: Cells) -> Number:
    """How many a week are left alone that should be acted on."""
    n, id = int(cells.tp + cells.fp + cells.fn + cells.tn), "translator.raise.missed"
    share = rate(id, int(cells.fn), n, rows="report", deff=at.evidence.deff)
    return people_affected(share, at.evidence.per_week, id=id)


def _auc(at: AtHand) -> Values:
    candidate = at.options.offer(at.own.id).candidate
    return known({"auc": area_of("translator.auc", at.options, candidate)})


def _chances(at: AtHand) -> Values:
    policy, reading = at.policy, at.line.reading
    found: dict[str, Number | str | Said | None] = {}
    if policy is not None and at.own.kind == "model":
        found["act_at"] = stated("translator.chances.act_at", policy.act_at, "score")
    if reading.calibration is None:
        scores = at.evidence.rows.scores
        ends = {"low": float(scores.min()), "high": float(scores.max())}
        return known(
            found
            | {
                n: stated(f"translator.chances.{n}", v, "score")
                for n, v in ends.items()
            }
        )
    word = {"no": "off", "cannot_tell": "unclear", "yes": "fine"}[reading.readable]
    mean = reading.calibration.mean_score
    number = Number(id="calibration.mean_score", value=mean, rows="all")
    return known(
        found | {f"{word}_mean": number, f"{word}_came": reading.calibration.came}
    )


# --- groups, examples, labels --------------------------------------------------------


def _most_people(at: AtHand) -> Values:
    return _apart(at.shares("error_among_answered"), "error")


def _biased(at: AtHand) -> Values:
    return _apart(at.shares("recall"), "recall")


def _apart(found: GroupShares | None, short: str) -> Values:
    """The two groups that are farthest apart, and whether chance could do that."""
    if found is None or found.largest is None or found.smallest is None:
        return {}
    column = found.overall.id.removeprefix("translator.groups.").split(".")[0]
    key = short if found.told_apart else "even"
    return {
        "column": column,
        "most": group_said(found.groups[found.largest], column),
        "least": group_said(found.groups[found.smallest], column),
        f"most_{key}": found.by_group[found.largest],
        f"least_{key}": found.by_group[found.smallest],
    }


def _examples(at: AtHand) -> Values:
    n = len(at.evidence.scenario.cases)
    cases = stated("translator.examples.cases", n, "cases", assumed=False)
    bound = no_mistake_in("translator.examples.bound", n)
    return known({"cases": cases, "bound": bound}) if n else {}


def _labels(at: AtHand) -> Values:
    found: dict[str, Number | str | Said | None] = {
        "twice": people_differ("translator.labels.twice", at.evidence),
        "differ": pair_differs("translator.labels.differ", at.evidence.record),
    }
    if found["twice"] is None and at.labelling is not None:
        minutes = SECOND_LOOK * at.labelling.minutes_per_label
        found |= {
            "again": stated("translator.labels.again", SECOND_LOOK, "rows"),
            "minutes": stated("translator.labels.minutes", minutes, "minutes"),
        }
    return known(found)


MAKE: dict[str, Callable[[AtHand], Values]] = {
    "hallucinating": _nothing_more,
    "accuracy": _accuracy,
    "reach": _nothing_more,
    "get_used": _get_used,
    "speed": _speed,
    "bigger": _bigger,
    "more_data": _more_data,
    "ab_test": _ab_test,
    "competitors": _competitors,
    "after_launch": _after_launch,
    "human": _human,
    "drifts": _drifts,
    "ninety_nine": _ninety_nine,
    "raise": _raise,
    "auc": _auc,
    "chances": _chances,
    "most_people": _most_people,
    "biased": _biased,
    "examples": _examples,
    "labels": _labels,
}
