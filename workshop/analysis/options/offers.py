"""What is on offer, and which line would each option draw for itself?

Every option is given its best policy on the choosing rows under the pair's ratio: the
cheapest one that keeps the limits there, or the cheapest of all where none does. The
option that the pair has taken stands at the pair's own line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.curve import threshold_curve
from workshop.analysis.evidence import Evidence
from workshop.analysis.limited_cuts import LimitedCuts
from workshop.analysis.line import Line
from workshop.analysis.metrics import cell_costs
from workshop.analysis.review_bands import best_band
from workshop.data.candidates import Candidate
from workshop.errors import InputError
from workshop.record.values import Limits, Policy

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Offer:
    """One option with the policy that it stands at.

    ``letter`` is A, B, C… in the order of the page. ``policy`` is None while there is
    no ratio to find one by, and for stated rates; ``own`` says that it is the line
    which the pair drew, ``keeps`` whether the limits hold on the choosing rows (None
    where nothing was looked for).
    """

    candidate: Candidate
    letter: str
    policy: Policy | None
    own: bool = False
    keeps: bool | None = None

    @property
    def id(self) -> str:
        """The option's id."""
        return self.candidate.id


def offers(evidence: Evidence, hits: dict[str, Bools]) -> tuple[Offer, ...]:
    """Return every option at its policy; ``hits`` tells of each option's best few.

    ``hits`` maps an option that shows the best few to whether a right one is among
    them, in the order of its scored rows.
    """
    return tuple(
        _offer(evidence, candidate, letter_of(place), hits.get(candidate.id))
        for place, candidate in enumerate(_shown(evidence))
    )


def in_play(evidence: Evidence) -> str:
    """The option that all others are held against: the taken, or the proposed one."""
    return evidence.chosen_option or evidence.scenario.proposed


def _shown(evidence: Evidence) -> tuple[Candidate, ...]:
    """What is offered, and the one in play where it is none of these."""
    own = in_play(evidence)
    if any(candidate.id == own for candidate in evidence.candidates):
        return evidence.candidates
    return (*evidence.candidates, evidence.candidate(own))


def letter_of(place: int) -> str:
    """A, B, … Z, then A2 and so on."""
    turn, within = divmod(place, len(ascii_uppercase))
    return ascii_uppercase[within] + (str(turn + 1) if turn else "")


def _offer(
    evidence: Evidence, candidate: Candidate, letter: str, hit: Bools | None
) -> Offer:
    drawn = candidate.id == in_play(evidence) and candidate.run is not None
    if drawn and evidence.policy is not None:
        return Offer(candidate, letter, evidence.policy, own=True)
    policy, keeps = best_policy(evidence, candidate, hit)
    return Offer(candidate, letter, policy, keeps=keeps)


def best_policy(
    evidence: Evidence, candidate: Candidate, hit: Bools | None = None
) -> tuple[Policy | None, bool | None]:
    """The option's best policy on the choosing rows, and whether the limits hold there.

    None without a ratio, where nothing is scored, or where nobody can tell what its
    best few are worth. What is not acted on is priced by the option's own fallback.
    Raises `InputError` where a filter leaves no row to choose by.
    """
    if candidate.stated is not None:
        return None, None
    if candidate.policy == "all":
        return evidence.bounded(Policy(kind="all"), candidate.id), None
    if candidate.run is None:
        return Policy(kind="none"), None
    if evidence.ratio is None:
        return None, None
    line = Line(evidence.with_option(candidate.id))
    if candidate.fallback == "alternatives" and (
        hit is None or math.isnan(shown_costs(evidence)[0])
    ):
        return None, None
    policy, keeps = _cheapest(line, candidate, hit)
    return evidence.bounded(policy, candidate.id), keeps


def _cheapest(
    line: Line, candidate: Candidate, hit: Bools | None
) -> tuple[Policy, bool]:
    """The cheapest of all lines that keep the limits; of all, where none does.

    Limits hold for all decisions, those that a filter leaves out among them.
    """
    evidence, limits = line.evidence, limits_of(line.limits, candidate)
    cuts = LimitedCuts(
        curve=line.curve,
        limits=limits,
        goal="cheapest",
        context=line.context,
        per_week=evidence.per_week,
        group_gap=None,
        rows="choose",
        deff=evidence.deff,
    )
    last = _let_through(line, candidate)
    keep = cuts.keeping()
    if candidate.fallback == "human" and line.capacity is not None:
        keep &= cuts.curve.n - cuts.flagged <= line.capacity
    found = keep[:last]
    allowed = found if found.any() else np.ones_like(found)
    policy = _band(line, candidate, allowed)
    if policy is None:
        saved = np.where(allowed, _saved(line, candidate, cuts, hit)[:last], -np.inf)
        policy = cuts.policy(_first_of_most(saved))
    return policy, bool(found.any())


def _let_through(line: Line, candidate: Candidate) -> int:
    """How many of the curve's positions act on no one that a filter leaves out."""
    kept, positions = line.evidence.kept(candidate), len(line.curve.thresholds) + 1
    if kept is None:
        return positions
    choosing = kept[line.evidence.choosing()]
    if not choosing.any():
        raise InputError(
            f"{line.evidence.scenario.id}/scenario.yaml: the option {candidate.id!r} "
            f"has no row to choose a line by: none of those has {candidate.only}; "
            "correct its only:."
        )
    # what is left out has one score, below all others
    return positions if choosing.all() else positions - 1


def _band(line: Line, candidate: Candidate, allowed: Bools) -> Policy | None:
    """The cheapest review band; None where the option has none to look for."""
    if candidate.policy != "review_band":
        return None
    evidence, curve = line.evidence, line.curve
    kept = evidence.kept(candidate)
    if kept is not None:
        side = evidence.choosing() & kept
        labels, scores = evidence.rows.labels[side], evidence.rows.scores[side]
        if labels.all() or not labels.any():
            return None  # nothing to doubt: every row let through is alike
        curve = threshold_curve(labels, scores)
    # reviews belong to all decisions, not only to those a filter lets through
    found = best_band(curve, line.context, capacity=line.capacity, allowed=allowed)
    return found.policy


def _saved(
    line: Line, candidate: Candidate, cuts: LimitedCuts, hit: Bools | None
) -> Floats:
    """What acting from each position saves over the fallback, in false alarms.

    Silence costs the misses. A person costs the review and the errors that a person
    makes, for a positive and for a negative; the best few cost what they are worth less
    than the best way out.
    """
    context = line.context
    ratio = context.ratio or math.nan
    if candidate.fallback == "not_sure":
        missed = cuts.curve.positives - cuts.tp
        return np.asarray(-(cuts.fp + ratio * missed))  # rounded as in `policies`
    if candidate.fallback == "human":
        asked = cell_costs(ratio, context.review_cost, context.reviewer)
        found = asked.asked_positive * cuts.tp - (1 - asked.asked_negative) * cuts.fp
        return np.asarray(found, dtype=np.float64)
    assert hit is not None, "best_policy leaves out what nobody ranked"
    side = line.evidence.choosing()
    labels, scores = line.evidence.rows.labels[side], line.evidence.rows.scores[side]
    shown = shown_costs(line.evidence)
    first_right = np.where(hit[side], shown[0], shown[2])
    first_wrong = np.where(hit[side], shown[1], shown[3])
    each = np.where(labels, first_right, first_wrong - 1.0)
    total = np.cumsum(each[np.argsort(-scores, kind="stable")])
    return np.concatenate(([0.0], total))[cuts.flagged]


def _first_of_most(saved: Floats) -> int:
    """The highest cut that saves the most: of equal ones, it acts on fewest."""
    most = saved.max()
    return int(np.argmax(saved >= most - 1e-12 * max(1.0, abs(most))))


def limits_of(limits: Limits, candidate: Candidate) -> Limits:
    """What an option is held to: the limits given, with its own lower promise."""
    if candidate.max_error is None:
        return limits
    own = {"max_error_among_answered": candidate.max_error}
    return limits.model_copy(update=own)


def shown_costs(evidence: Evidence) -> tuple[float, float, float, float]:
    """What showing the best few costs, in false alarms, in the order of the places.

    What the best way out would have been worth, less what the few are worth, both by
    the payoff. A list that helps more than silence does costs less than nothing.
    """
    payoff = evidence.payoff
    alarm = payoff.false_alarm_cost
    right, wrong = payoff.choice_right, payoff.choice_wrong
    if right is None or wrong is None or alarm <= 0:
        return (math.nan,) * 4
    return (
        (payoff.tp - right) / alarm,
        (payoff.tn - right) / alarm,
        (payoff.tp - wrong) / alarm,
        (payoff.tn - wrong) / alarm,
    )
