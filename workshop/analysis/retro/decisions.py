"""Does what moved change which option, or which threshold, is best?

Options stand at the policies found for them before release: nothing is chosen on the
rows that it is valued on. A better threshold is looked for on the first half of the new
rows and valued on the second.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.evidence import Evidence
from workshop.analysis.impact.estimate import number_of_draws
from workshop.analysis.options.compared import Options, says_of_each_row
from workshop.analysis.options.joint import Drawn, draw, join
from workshop.analysis.options.offers import Offer, best_policy
from workshop.analysis.options.places import place_rows
from workshop.analysis.options.versus import Versus, compare
from workshop.analysis.retro.new_rows import NewRows
from workshop.analysis.retro.results import (
    MATTERS,
    Changes,
    DecisionNow,
    LineNow,
    OptionNow,
    Why,
    Window,
)
from workshop.analysis.split import split_rows
from workshop.data.candidates import Candidate
from workshop.data.source import ScoredRows
from workshop.record.values import Number, Policy

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

THOUSAND = 1_000
PER_THOUSAND = "false alarms per 1,000 decisions"
AGREED, BEST = "agreed", "best"


@dataclass(frozen=True)
class Sided(Evidence):
    """New rows of which ``side`` says, for each run, which may be looked at to choose.

    All others report.
    """

    side: dict[str, Bools] = field(default_factory=dict)

    @cached_property
    def _choosing(self) -> dict[str, Bools]:
        of_runs = {c.id: self.side[c.run] for c in self.candidates if c.run is not None}
        return self.side | of_runs

    @classmethod
    def of(cls, rows: Evidence, side: dict[str, Bools]) -> Sided:
        """The same rows with these sides; what hangs on rows alone is kept."""
        found = cls(
            rows.scenario,
            rows.card,
            rows.record,
            rows.data,
            rows.runs,
            rows.best_few,
            side,
        )
        for name in _OF_ROWS & rows.__dict__.keys():
            found.__dict__[name] = rows.__dict__[name]
        return found


_OF_ROWS = {
    "_scored_table",
    "_scored_keys",
    "_place_in_table",
    "_kept",
    "_design_effects",
    "_candidates",
    "scored",
}


@dataclass(frozen=True)
class Carried(Options):
    """Options at the policies that were found for them before release."""

    before: tuple[Offer, ...] = ()

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Every option that the new rows can value, at its policy of then."""
        known = {candidate.id for candidate in self.evidence.candidates}
        known.add(self.in_play)
        return tuple(offer for offer in self.before if offer.id in known)


def decision_now(rows: NewRows) -> DecisionNow:
    """Value every option at its own policy of then, and look for a better threshold."""
    why = _why(rows)
    if why:
        return DecisionNow((), None, "cannot_tell", False, None, 0, 0, why=why)
    judged = rows.judged_evidence
    assert judged is not None, "why says that nothing is labelled"
    then = Options(rows.evidence)
    usable, missing = _usable(then, judged, rows)
    now = Carried(_all_report(judged), before=usable)
    return _told(rows, then, now, missing)


def _why(rows: NewRows) -> Why:
    if rows.why:
        return rows.why
    if rows.evidence.ratio is None:
        return "no_ratio"
    judged = rows.judged_evidence
    if judged is None or rows.run not in judged.runs:
        return "no_labels"
    if rows.option.fallback == "alternatives":
        return "no_metric"  # nobody ranked the new rows' answers
    if rows.labelled_apart:
        return "labels_one_sided"
    labels = judged.runs[rows.run].labels
    return "one_label" if labels.all() or not labels.any() else ""


def _usable(
    then: Options, judged: Evidence, rows: NewRows
) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """The offers that new rows can value, and the ids of the others with a model."""
    known = {candidate.id for candidate in judged.candidates} | {rows.option.id}
    measured = [o for o in then.offers if says_of_each_row(o.policy)]
    usable = tuple(
        o for o in measured if o.id in known and o.candidate.fallback != "alternatives"
    )
    kept = {offer.id for offer in usable}
    return usable, tuple(o.id for o in measured if o.id not in kept)


def _all_report(judged: Evidence) -> Sided:
    """Nothing is chosen on these rows: all of them report."""
    nothing = {
        name: np.zeros(len(rows), dtype=np.bool_) for name, rows in judged.runs.items()
    }
    return Sided.of(judged, nothing)


def _told(
    rows: NewRows, then: Options, now: Carried, missing: tuple[str, ...]
) -> DecisionNow:
    found = [_option(then, now, offer) for offer in now.measured]
    rest = [option for option in found if not option.in_play]
    best = min(found, key=_by_cost)
    own = next(o for o in found if o.in_play)
    least = -MATTERS * (own.cost.value or 0.0)
    sure = [o for o in rest if _surely_cheaper(o.now) and _lo(o.now) < least]
    cheaper = min(sure, key=_by_cost, default=None)
    return DecisionNow(
        options=tuple(sorted(found, key=lambda o: not o.in_play)),
        best=best.id,
        option=_changes(rest, least, cheaper is not None),
        already=cheaper is not None and _surely_cheaper(cheaper.then),
        line=line_now(rows),
        looks=sum(o.now is not None and o.now.lo is not None for o in rest),
        lost=now.joint.lost,
        not_there=missing,
        few_sources=now.drawn.few_sources,
        cheaper=None if cheaper is None else cheaper.id,
    )


def _by_cost(option: OptionNow) -> float:
    return np.inf if option.cost.value is None else option.cost.value


def _changes(rest: list[OptionNow], least: float, cheaper: bool) -> Changes:
    if cheaper:
        return "changes"
    same = all(_lo(option.now) >= least for option in rest)
    return "same" if same else "cannot_tell"


def _lo(number: Number | None) -> float:
    """The most that an option could be cheaper; without a range, without end."""
    return -np.inf if number is None or number.lo is None else number.lo


def _surely_cheaper(number: Number | None) -> bool:
    return number is not None and number.hi is not None and number.hi < 0


def _option(then: Options, now: Carried, offer: Offer) -> OptionNow:
    assert offer.policy is not None
    before, after = then.versus.get(offer.id), now.versus.get(offer.id)
    return OptionNow(
        id=offer.id,
        title=offer.candidate.title,
        letter=offer.letter,
        policy=offer.policy,
        in_play=offer.id == now.in_play,
        cost=_cost(now.drawn, offer.id, now.costs(offer.id)),
        error=_live(now.error(offer.id), f"retro.option.{offer.id}.error"),
        then=_thousand(before, f"retro.option.{offer.id}.then", "report"),
        now=_thousand(after, f"retro.option.{offer.id}.now", "live"),
        separated=after is not None and after.separated,
    )


def _cost(drawn: Drawn, option: str, costs: Floats) -> Number:
    """What an option costs a thousand decisions, and what draws of rows stay within."""
    place = drawn.options.index(option)
    priced = THOUSAND * np.nan_to_num(costs)
    found = number_of_draws(
        f"retro.option.{option}.cost",
        float(drawn.observed[place] @ priced),
        drawn.shares[:, place] @ priced,
        unit=PER_THOUSAND,
        method="draws of rows",
        assumed=False,
    )
    return found.model_copy(update={"n": drawn.rows, "rows": "live"})


def _live(number: Number, id: str) -> Number:
    return number.model_copy(update={"id": id, "rows": "live"})


def _thousand(versus: Versus | None, id: str, rows: str) -> Number | None:
    """A difference of costs, a thousand decisions of it."""
    if versus is None:
        return None
    return per_thousand(versus.cost, id).model_copy(update={"rows": rows})


def per_thousand(number: Number, id: str, sign: int = 1) -> Number:
    """A cost a decision as that of a thousand; with sign -1 what is saved."""
    ends = [number.lo, number.hi][::sign]
    value, lo, hi = (
        None if each is None else sign * THOUSAND * each
        for each in (number.value, *ends)
    )
    update = {"id": id, "value": value, "lo": lo, "hi": hi, "unit": PER_THOUSAND}
    return number.model_copy(update=update | {"rows": "live"})


# --- a better threshold ---------------------------------------------------------------


def line_now(rows: NewRows) -> LineNow | None:
    """The best line on the first half of the new rows, valued on the second."""
    judged = rows.judged_evidence
    if judged is None:
        return None
    agreed, own = rows.policy, judged.scored[rows.option.id]
    if _one_of(own.clusters if own.time is None else own.time):
        return _no_line(agreed, (Window(), Window()))
    choose = _first_half(own, judged.scenario.seed)
    windows = _days(own.time, choose), _days(own.time, ~choose)
    if _alike(own.labels[choose]) or not (~choose).any():
        return _no_line(agreed, windows)
    halves = _one_option(judged, rows.option, choose)
    best, _ = best_policy(halves, _as_agreed(rows.option, agreed))
    if best is None:
        return _no_line(agreed, windows)
    drawn, versus, costs = _side_by_side(rows, halves, ~choose, (agreed, best))
    cost = _cost(drawn, AGREED, costs).model_copy(update={"id": "retro.line.cost"})
    saves = per_thousand(versus.cost, "retro.line.saves", sign=-1)
    verdict = _line_verdict(saves, cost)
    already = verdict == "changes" and _saved_before(rows, (agreed, best))
    return LineNow(agreed, best, cost, saves, *windows, verdict, already=already)


def _saved_before(rows: NewRows, policies: tuple[Policy, Policy]) -> bool:
    """Whether the other line was surely cheaper on the rows kept aside too."""
    then = rows.evidence
    aside = ~then.choosing(rows.option.id)
    _, versus, _ = _side_by_side(rows, then, aside, policies)
    return _surely_cheaper(versus.cost)


def _first_half(rows: ScoredRows, seed: int) -> Bools:
    """The earlier half of the rows, or half of the sources: which may be looked at."""
    return split_rows(
        rows.keys, seed=seed, time=rows.time, cluster=rows.clusters
    ).choose


def _one_option(judged: Evidence, option: Candidate, choose: Bools) -> Sided:
    """The rows of one option alone: nothing is asked of any other."""
    run = option.run or ""
    scenario = judged.scenario.model_copy(
        update={
            "runs": tuple(r for r in judged.scenario.runs if r.id == run),
            "options": (option,),
            "proposed": run,
        }
    )
    alone = replace(judged, scenario=scenario, runs={run: judged.runs[run]})
    return Sided.of(alone, {run: choose})


def _as_agreed(option: Candidate, agreed: Policy) -> Candidate:
    """The option, looking for a line of the kind that was agreed."""
    kind = "review_band" if agreed.kind == "review_band" else "cheapest"
    if kind == "review_band" and option.fallback != "not_sure":
        return option
    return option.model_copy(update={"policy": kind})


def _side_by_side(
    rows: NewRows, among: Evidence, side: Bools, policies: tuple[Policy, Policy]
) -> tuple[Drawn, Versus, Floats]:
    """Both policies on the same rows: drawn together, and what the second adds."""
    own = among.scored[rows.option.id]
    placed = tuple(
        place_rows(
            name,
            own.keys[side],
            own.labels[side],
            own.scores[side],
            policy,
            fallback=rows.option.fallback,
        )
        for name, policy in zip((AGREED, BEST), policies, strict=True)
    )
    clusters = None if own.clusters is None else own.clusters[side]
    seed = among.scenario.seed
    deff = among.design_effect(rows.option.id).deff
    drawn = draw(join(placed, clusters), seed=seed, deff=deff)
    costs = Options(rows.evidence).costs(rows.option.id)
    (versus,) = compare(drawn, reference=AGREED, costs=costs)
    return drawn, versus, costs


def _line_verdict(saves: Number, cost: Number) -> Changes:
    if saves.lo is None or saves.hi is None:
        return "cannot_tell"
    if saves.hi <= MATTERS * (cost.value or 0.0):
        return "same"
    return "changes" if saves.lo > 0 else "cannot_tell"


def _no_line(agreed: Policy, windows: tuple[Window, Window]) -> LineNow:
    cost = Number(id="retro.line.cost", value=None, rows="live", unit=PER_THOUSAND)
    saves = cost.model_copy(update={"id": "retro.line.saves"})
    return LineNow(agreed, None, cost, saves, *windows, "cannot_tell", "one_label")


def _alike(labels: Bools) -> bool:
    return bool(labels.all() or not labels.any())


def _one_of(groups: NDArray[np.generic] | None) -> bool:
    """Whether there is only one source, or one moment: no halves to make."""
    return groups is not None and bool((groups == groups[0]).all())


def _days(when: NDArray[np.generic] | None, mask: Bools) -> Window:
    rows = int(mask.sum())
    if when is None or not rows:
        return Window("", "", rows, rows)
    days = when[mask].astype("M8[D]")
    return Window(str(days.min()), str(days.max()), rows, rows)
