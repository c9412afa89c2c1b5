"""Everything that follows about one line: how sure, how far off, for whom.

The same object serves the explorer, the engineer's drawer and the report. What is
found, is found on the choosing rows; what is held against it, on the rows kept aside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.bands import Band, estimate_band
from workshop.analysis.calibrated_cut import CutsCompared, compare_cuts
from workshop.analysis.calibration import Reading, read_as_probabilities
from workshop.analysis.curve import ThresholdCurve
from workshop.analysis.evidence import Evidence
from workshop.analysis.group_names import group_names
from workshop.analysis.groups import GroupCurves, group_curves, group_design_effects
from workshop.analysis.guarantee import (
    Promise,
    PromiseAsked,
    PromiseHeld,
    hold_promise,
)
from workshop.analysis.guarantee import best_promise as find_best
from workshop.analysis.guarantee import promise_at as find_promise
from workshop.analysis.limits import Goal, GroupGaps, Within, best_within
from workshop.analysis.metrics import Context, Reviewer, number_of
from workshop.analysis.movement import (
    ChosenAgain,
    Optimism,
    choose_again,
    estimate_optimism,
    expected_elsewhere,
)
from workshop.analysis.policies import cheapest_policy
from workshop.analysis.readout import cells_of, review_of, review_price
from workshop.analysis.resampling import Samples, choose_cuts, draw_clusters, draw_rows
from workshop.analysis.review_bands import BestBand, best_band, capacity_of
from workshop.analysis.running import running_cost
from workshop.record.values import Limits, Number, Policy, Rows

GROUPS = 6
"""Groups shown in all; several columns share them."""
GROUP_CUTS = 1024
SIDES: tuple[Rows, Rows] = ("choose", "report")
COMPARED = "error_among_answered"
"""The share by which a largest difference of groups is meant."""


@dataclass(frozen=True)
class GroupedBy:
    """One column's groups on either side of the split; ``deffs`` is one a group."""

    column: str
    choose: GroupCurves
    report: GroupCurves
    deffs: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """What follows for the option in play; each part is computed when asked for."""

    evidence: Evidence

    @property
    def curve(self) -> ThresholdCurve:
        """The choosing rows' curve."""
        return self.evidence.curve("choose")

    @cached_property
    def context(self) -> Context:
        """The pair's ratio, the reviewer, and what a decision takes and costs."""
        evidence = self.evidence
        review, own = review_of(evidence), evidence.candidate(evidence.option)
        return Context(
            ratio=evidence.ratio,
            review_cost=review.price,
            reviewer=Reviewer(review.sensitivity, review.specificity),
            latency_ms=evidence.rows.latency_ms,
            cost=running_cost(evidence, own),
        )

    @property
    def clustered(self) -> bool:
        """Whether rows hang together."""
        return self.evidence.rows.clusters is not None

    # how sure ----------------------------------------------------------------------

    def band(self, cuts: Iterable[float]) -> Band:
        """The pointwise band at some thresholds, on the choosing rows."""
        return estimate_band(self._draw(list(cuts)), deff=self.evidence.deff)

    @cached_property
    def samples(self) -> Samples:
        """Other samples like the choosing rows, counted at at most 256 cuts."""
        return self._draw(choose_cuts(self.curve, keep=self.marked))

    def _draw(self, cuts: ArrayLike) -> Samples:
        evidence = self.evidence
        rows, mask = evidence.rows, evidence.choosing()
        seed = evidence.scenario.seed
        descending = np.unique(np.asarray(cuts, dtype=np.float64))[::-1]
        if rows.clusters is None:
            return draw_rows(self.curve, descending, seed=seed)
        return draw_clusters(
            rows.labels[mask],
            rows.scores[mask],
            rows.clusters[mask],
            descending,
            seed=seed,
        )

    @cached_property
    def bands(self) -> tuple[Band, Band]:
        """The pointwise and the simultaneous band."""
        deff = self.evidence.deff
        return (
            estimate_band(self.samples, "pointwise", deff=deff),
            estimate_band(self.samples, "simultaneous", deff=deff),
        )

    @cached_property
    def again(self) -> ChosenAgain | None:
        """Where the cheapest line would fall on other samples; None without a ratio."""
        ratio = self.evidence.ratio
        return None if ratio is None else choose_again(self.samples, ratio=ratio)

    @cached_property
    def optimism(self) -> Optimism | None:
        """How much better the cheapest line looks where it was chosen."""
        ratio = self.evidence.ratio
        return None if ratio is None else estimate_optimism(self.samples, ratio=ratio)

    @cached_property
    def shares(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Precision and recall at the bands' cuts; NaN where nobody is acted on."""
        tp, flagged = self.samples.tp, self.samples.tp + self.samples.fp
        precision = np.full(len(tp), np.nan)
        np.divide(tp, flagged, out=precision, where=flagged > 0)
        return precision, tp / self.samples.positives

    # the best ----------------------------------------------------------------------

    @cached_property
    def least_cost(self) -> Policy | None:
        """The cheapest way to act without a person; None without a ratio."""
        ratio = self.evidence.ratio
        return None if ratio is None else cheapest_policy(self.curve, ratio=ratio)

    @cached_property
    def best_band(self) -> BestBand | None:
        """The cheapest pair of cuts within the reviews a week; None without prices."""
        if self.evidence.ratio is None or review_price(self.evidence) is None:
            return None
        return best_band(self.curve, self.context, capacity=self.capacity)

    @property
    def capacity(self) -> int | None:
        """How many of the choosing rows people could look at; None without a limit."""
        most = self.reviews_per_week
        if most is None:
            return None
        per_week = self.evidence.per_week
        return capacity_of(most, rows=self.curve.n, per_week=per_week)

    @property
    def reviews_per_week(self) -> float | None:
        """The limit on reviews a week, or what the reviewers' hours allow."""
        scenario = self.evidence.scenario
        who = self.evidence.reviewer
        found = [scenario.limits.reviews_per_week]
        if who.minutes is not None and who.hours_per_week is not None:
            found.append(60 * who.hours_per_week / who.minutes)
        return min((most for most in found if most is not None), default=None)

    @cached_property
    def limits(self) -> Limits:
        """The scenario's limits and the pair's own: the error that it agreed to accept.

        Reviews are limited by the hours that there are for them, too.
        """
        given, agreed = self.evidence.scenario.limits, self.evidence.acceptable_error
        errors = [e for e in (given.max_error_among_answered, agreed) if e is not None]
        return given.model_copy(
            update={
                "reviews_per_week": self.reviews_per_week,
                "max_error_among_answered": min(errors, default=None),
            }
        )

    @cached_property
    def within(self) -> Within:
        """The best that keeps all limits: the cheapest once there is a ratio."""
        return self.best(self.goal)

    @property
    def goal(self) -> Goal:
        """What is looked for within the limits."""
        return "cheapest" if self.evidence.ratio is not None else "most_recall"

    def best(self, goal: Goal) -> Within:
        """The best by one goal that keeps all limits, on the choosing rows."""
        return best_within(
            self.curve,
            self.limits,
            goal=goal,
            context=self.context,
            per_week=self.evidence.per_week,
            group_gap=self._gaps,
            band=goal == "cheapest" and self.best_band is not None,
            deff=self.evidence.deff,
        )

    @property
    def _gaps(self) -> GroupGaps | None:
        if self.limits.max_group_difference is None or not self.groups:
            return None
        gaps = np.array([g.choose.largest_gap(COMPARED) for g in self.groups])
        thresholds = self.groups[0].choose.thresholds
        told = np.where(np.isnan(gaps), -np.inf, gaps).max(axis=0)
        return GroupGaps(thresholds, np.where(np.isinf(told), np.nan, told))

    @cached_property
    def today(self) -> Policy | None:
        """Where today's process draws the line; None where nobody has said."""
        line = self.evidence.scenario.today.line
        if line is None:
            return None
        if line == "all" or line == "none":
            return Policy(kind=line)
        return Policy(kind="single", act_at=line)

    @cached_property
    def marked(self) -> tuple[float, ...]:
        """Every threshold that somebody or something has marked."""
        record = self.evidence.record
        policies = (
            record.threshold.policy if record.threshold else None,
            self.least_cost,
            self.best_band.policy if self.best_band else None,
            self.today,
        )
        cuts = [c for p in policies if p for c in (p.act_at, p.review_at)]
        return tuple(c for c in (*record.marks.values(), *cuts) if c is not None)

    # what may be promised ----------------------------------------------------------

    @cached_property
    def asked(self) -> PromiseAsked | None:
        """Whether the agreed error can be promised; None where none is agreed."""
        error = self.evidence.acceptable_error
        if error is None or not 0 < error < 1:
            return None
        return find_promise(
            1 - error, self.curve, clustered=self.clustered, deff=self.evidence.deff
        )

    @cached_property
    def promised(self) -> PromiseHeld | None:
        """What became of the best promise on the rows kept aside."""
        best = self.best_promise
        if best is None:
            return None
        return hold_promise(
            best, self.evidence.curve("report"), deff=self.evidence.deff
        )

    @cached_property
    def best_promise(self) -> Promise | None:
        """The least error that can be promised at all; None with too few rows."""
        deff = self.evidence.deff
        return find_best(self.curve, clustered=self.clustered, deff=deff)

    # what the scores are -----------------------------------------------------------

    @cached_property
    def reading(self) -> Reading:
        """Whether scores may be read as probabilities, on all rows."""
        evidence = self.evidence
        return read_as_probabilities(
            evidence.rows.labels,
            evidence.rows.scores,
            deff=evidence.deff,
            seed=evidence.scenario.seed,
        )

    @cached_property
    def cuts_compared(self) -> CutsCompared | None:
        """The cheapest cut, counted and calculated; None without a ratio."""
        evidence = self.evidence
        if evidence.ratio is None:
            return None
        sides = (evidence.curve(side) for side in SIDES)
        return compare_cuts(*sides, ratio=evidence.ratio, deff=evidence.deff)

    # for whom ----------------------------------------------------------------------

    @cached_property
    def groups(self) -> tuple[GroupedBy, ...]:
        """Each declared column's groups, counted at the same thresholds."""
        return self.groups_at(())

    def groups_at(self, cuts: Iterable[float]) -> tuple[GroupedBy, ...]:
        """The groups, with further thresholds among those they are counted at."""
        marked = (*self.marked, *cuts)
        table = self.curve.table(GROUP_CUTS, keep=marked)
        # a marked cut need not be a score; on the rows kept aside that is a difference
        thresholds = np.union1d(table["threshold"].to_numpy(), marked)
        return self.grouped(thresholds[::-1], GROUPS)

    def grouped(self, thresholds: ArrayLike, most: int) -> tuple[GroupedBy, ...]:
        """Count each declared column's groups at some descending thresholds."""
        columns = self.evidence.scenario.groups
        each = max(2, most // max(1, len(columns)))
        return tuple(
            self._grouped(column, thresholds, each) for column in columns[: most // 2]
        )

    def _grouped(self, column: str, thresholds: ArrayLike, most: int) -> GroupedBy:
        evidence = self.evidence
        rows, choose = evidence.rows, evidence.choosing()
        codes, names = group_names(evidence.values_of(column, rows), most)

        def counted(side: NDArray[np.bool_]) -> GroupCurves:
            return group_curves(
                rows.labels[side],
                rows.scores[side],
                codes[side],
                names,
                thresholds=thresholds,
            )

        deffs = group_design_effects(
            rows.labels, rows.clusters, codes, names, seed=evidence.scenario.seed
        )
        return GroupedBy(column, counted(choose), counted(~choose), deffs)

    # on other rows -----------------------------------------------------------------

    def expected(self, policy: Policy) -> tuple[Number, Number] | None:
        """The error among answered here, and the range where it may fall elsewhere.

        On the choosing rows, and on as many rows as those kept aside that are acted
        on. None where either side acts on no one, or by lot.
        """
        if policy.kind in ("random", "today"):
            return None
        evidence, name = self.evidence, "error_among_answered"
        here, there = (cells_of(evidence, policy, side) for side in SIDES)
        n, elsewhere = here.tp + here.fp, there.tp + there.fp
        if not (n and elsewhere):
            return None
        deff = evidence.deff
        found = expected_elsewhere(here.fp, n, elsewhere, deff=deff)
        rows = number_of(name, here, rows="choose", id=f"chosen_on.{name}", deff=deff)
        return rows, rows.model_copy(
            update={
                "id": f"expected.{name}",
                "lo": found.lo,
                "hi": found.hi,
                "method": found.method,
            }
        )
