"""Clauses on the rows kept aside: their slices, and what measuring them brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.helpers import Tiny
from workshop.analysis.clause_rows import (
    cells_where,
    consequence,
    held_now,
    hold_now,
    not_held,
    slice_rows,
    slice_unknown,
)
from workshop.analysis.clauses_proposed import propose_clauses
from workshop.analysis.curve import threshold_curve
from workshop.analysis.evidence import Evidence
from workshop.analysis.policies import count_cells
from workshop.data.catalog import find_target
from workshop.data.scenario import Scenario
from workshop.record.choices import Record
from workshop.record.values import Clause, MeasuredBy, Policy
from workshop.steps.given import Given

ERROR = Clause(
    id="C1",
    metric="error_among_answered",
    at_most=0.3,
    measured_by=MeasuredBy(labels_per_week=40, who="support"),
)
LINE = {"policy": {"kind": "single", "act_at": 0.5}, "because": "so"}
BAND = {"policy": {"kind": "review_band", "act_at": 0.6, "review_at": 0.3}}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    tiny = Tiny(tmp_path_factory.mktemp("clauses") / "tiny")
    tiny.data["shop"] = [f"s{i % 2}" for i in range(40)]
    tiny.scenario["groups"] = ["shop"]
    folder: Path = tiny.write()
    return Given(find_target(str(folder)).scenario)


def evidence(given: Given, **said: Any) -> Evidence:
    record = Record.model_validate({"scenario": "tiny", "threshold": LINE} | said)
    return Evidence(
        given.scenario, given.card, record, given.data, given.runs, given.best_few
    )


def with_(clause: Clause, **fields: Any) -> Clause:
    return Clause.model_validate(clause.model_dump() | fields)


# --- where a policy puts rows ---------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    [
        Policy(kind="single", act_at=0.4),
        Policy(kind="review_band", act_at=0.7, review_at=0.3),
        Policy(kind="all"),
        Policy(kind="none"),
        Policy(kind="random", volume=0.25),
    ],
)
def test_rows_fall_where_the_curve_puts_them(policy):
    rng = np.random.default_rng(0)
    labels, scores = rng.random(200) < 0.4, np.round(rng.random(200), 2)
    curve = threshold_curve(labels, scores)
    assert cells_where(policy, labels, scores) == count_cells(policy, curve)


def test_rows_of_one_label_or_none_at_all_are_counted_too():
    policy = Policy(kind="single", act_at=0.5)
    ones = np.ones(3, dtype=bool)
    assert cells_where(policy, ones, np.array([0.1, 0.5, 0.9])).tp == 2
    assert cells_where(policy, ones[:0], np.zeros(0)).tp == 0


# --- slices ---------------------------------------------------------------------------


def test_a_clause_on_a_slice_is_held_on_its_rows_alone(given):
    found = evidence(given)
    parts = [hold_now(found, with_(ERROR, slice=f"shop={s}")) for s in ("s0", "s1")]
    whole = hold_now(found, ERROR)
    assert sum(one.number.n for one in parts) == whole.number.n > 0
    assert sum(one.number.k for one in parts) == whole.number.k
    assert slice_rows(found, with_(ERROR, slice="shop=s0")).mean() == 0.5


@pytest.mark.parametrize("text", ["shop=s9", "floor=1", "shop 1", "=", "shop="])
def test_a_slice_of_no_rows_is_a_gap_and_no_number(given, text):
    found, clause = evidence(given), with_(ERROR, slice=text)
    assert slice_unknown(found, clause)
    held = hold_now(found, clause)
    assert (held.state, held.reason, held.number) == (None, "slice_unknown", None)
    assert consequence(clause, found.scenario, found).reason == "slice_unknown"


def test_what_these_data_can_never_check_is_named(given):
    clauses = [
        ERROR,
        with_(ERROR, id="C2", slice="shop=s9"),
        with_(ERROR, id="C3", window="soon"),
        Clause(id="C4", metric="cost_per_decision", at_most=1),
    ]
    found = evidence(given, agreement={"clauses": [c.model_dump() for c in clauses]})
    assert not_held(held_now(found)) == {
        "C2": "slice_unknown",
        "C3": "window_unknown",
        "C4": "not_measured",
    }


def test_without_a_line_nothing_stands_anywhere(given):
    found = evidence(given, threshold=None)
    assert hold_now(found, ERROR).reason == "no_policy"
    today = evidence(given, threshold={"policy": {"kind": "today"}})
    assert hold_now(today, ERROR).reason == "no_policy"


# --- what measuring brings ------------------------------------------------------------


def test_labels_and_their_price_say_when_a_rise_is_noticed(given):
    found = evidence(given)
    brings = consequence(ERROR, found.scenario, found)
    stated = found.scenario.labelling
    if stated is not None:
        each = stated.minutes_per_label / 60 * stated.cost_per_hour
        assert brings.cost == pytest.approx(40 * each)
    assert (brings.labels, brings.reason) == (40, "")
    own = MeasuredBy(labels_per_week=10, who="x", cost_per_label=2)
    dear = consequence(with_(ERROR, measured_by=own), found.scenario, found)
    assert dear.cost == 20
    assert dear.noticed.within <= brings.noticed.within


def test_a_slice_has_its_share_of_the_labels_and_recall_its_positives(given):
    found = evidence(given)
    of_slice = consequence(with_(ERROR, slice="shop=s0"), found.scenario, found)
    assert of_slice.labels == 20
    recall = Clause(
        id="C", metric="recall", at_least=0.5, measured_by=ERROR.measured_by
    )
    right = found.rows.labels.mean()
    assert consequence(recall, found.scenario, found).labels == pytest.approx(
        40 * right
    )


def test_more_labels_than_rows_that_are_acted_on_bring_no_more(given):
    """Of 500 decisions a week not all are answered: the rest cannot be labelled."""
    found = evidence(given)
    promised = [MeasuredBy(labels_per_week=n, who="us") for n in (500, 6500)]
    some, many = (
        consequence(with_(ERROR, measured_by=by), found.scenario, found)
        for by in promised
    )
    acted = float(np.mean(found.rows.scores >= 0.5))
    assert 0 < acted < 1
    assert many.labels == pytest.approx(500 * acted)
    assert many == some
    before = consequence(with_(ERROR, measured_by=promised[1]), found.scenario, None)
    assert before.labels == 500, "no more than all decisions, before any row"


def test_a_line_that_acts_on_nobody_notices_nothing(given):
    found = evidence(given, threshold={"policy": {"kind": "none"}})
    brings = consequence(ERROR, found.scenario, found)
    assert (brings.noticed, brings.labels) == (None, None)


def test_what_a_program_counts_is_counted_on_every_decision(given):
    found = evidence(given)
    reach = Clause(id="C", metric="coverage", at_least=0.3)
    brings = consequence(reach, found.scenario, found)
    assert (brings.labels, brings.cost) == (found.per_week, None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"measured_by": None}, "nobody"),
        ({"window": "soon"}, "window_unknown"),
        ({"at_most": 1.0}, "never"),
        ({"at_most": 0.0}, ""),
    ],
)
def test_a_clause_that_nobody_can_measure_says_so(given, change, reason):
    found = evidence(given)
    brings = consequence(with_(ERROR, **change), found.scenario, found)
    assert (brings.reason, brings.noticed) == (reason, None)


def test_before_any_row_a_clause_brings_what_can_be_said_without_one(given):
    scenario = given.scenario
    assert consequence(ERROR, scenario, None).noticed is not None
    assert consequence(with_(ERROR, slice="shop=s0"), scenario, None).noticed is None


# --- proposals ------------------------------------------------------------------------


def promised(given: Given, scenario: dict[str, Any] | None = None, **said: Any):
    found = evidence(given, **said)
    changed = Scenario.model_validate(
        found.scenario.model_dump(by_alias=True) | (scenario or {})
    )
    return propose_clauses(found, changed, found.record)


def test_the_error_is_the_one_that_the_pair_can_live_with(given):
    framing = {"expectations": {"acceptable_error": 0.25}}
    first, *_ = promised(given, framing=framing)
    assert (first.id, first.metric, first.at_most) == (
        "C1", "error_among_answered", 0.25)  # fmt: skip


def test_without_one_it_is_the_most_that_the_rows_speak_for(given):
    first, *_ = promised(given)
    held = hold_now(evidence(given), first)
    assert held.state == "kept"
    assert first.at_most == pytest.approx(held.number.hi, abs=0.01)


@pytest.mark.parametrize(("ratio", "metric"), [(0.5, "coverage"), (5, "recall")])
def test_what_is_worth_more_has_the_floor_and_it_is_kept_today(given, ratio, metric):
    said = {"framing": {"ratio": ratio}}
    _, reach = promised(given, **said)
    assert (reach.metric, reach.at_most) == (metric, None)
    assert hold_now(evidence(given, **said), reach).state == "kept"
    assert round(100 * reach.at_least) == pytest.approx(100 * reach.at_least)


def test_a_band_that_asks_people_asks_no_more_than_they_can_answer(given):
    limits = {"limits": {"reviews_per_week": 60}}
    *_, asked = promised(given, limits, threshold=BAND)
    assert (asked.metric, asked.at_most) == ("review_rate", 0.12)
    few = {"limits": {"reviews_per_week": 0.46}}
    *_, asked = promised(given, few, threshold=BAND)
    assert asked.at_most == 0.00092, "few are not none"
    assert all(c.metric != "review_rate" for c in promised(given, limits))


def test_who_checks_owns_and_acts_comes_from_the_scenario_or_the_agreement(given):
    suggests = {
        "suggests": {
            "labels_per_week": 30,
            "checked_by": "clerks",
            "rights": [{"decision": "move the threshold", "owner": "product"}],
            "escalation": [
                {"when": "a clause is broken", "to": "her", "meanwhile": "we pause"}
            ],
        }
    }
    first, reach = promised(given, suggests)
    assert first.measured_by == MeasuredBy(labels_per_week=30, who="clerks")
    assert reach.measured_by is None, "a program counts coverage"
    assert (first.owner, first.then) == ("product", "we pause")
    agreed = {"decides": [{"decision": "move the threshold", "owner": "engineering"}]}
    first, _ = promised(given, suggests, agreement=agreed)
    assert first.owner == "engineering"


def test_nothing_is_proposed_where_there_is_nothing_to_go_by(given):
    record = Record(scenario="tiny")
    assert propose_clauses(None, given.scenario, record) == ()
    assert promised(given, threshold=None) == ()
