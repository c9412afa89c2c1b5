"""The whole look back: what the record keeps, and the shipped scenarios' stories."""

from __future__ import annotations

from datetime import date

import pytest

from tests.analysis.retro.world import TODAY, World, after, clause, said
from workshop.analysis.evidence import Evidence
from workshop.analysis.retro.retro import Retro
from workshop.data.catalog import find_target
from workshop.data.later import Later, by_month, load_later
from workshop.record.choices import Record
from workshop.record.values import Clause
from workshop.steps.given import Given

NOW = "2026-12-01T10:00:00+00:00"


def test_an_entry_keeps_states_counts_figures_and_what_is_open(world: World) -> None:
    actions = [{"what": "ask", "who": "Dana"}]
    record = said(clause(at_most=0.6))
    record["agreement"]["actions"] = actions
    retro = world.retro(after(), record)
    found = retro.entry(NOW, changed="a new feed", wins=["fewer errors"])
    assert found.clauses == {"C1": "kept"}
    assert found.counts["C1"].n == retro.clauses[0].number.n
    assert (found.rows, found.first, found.last) == (560, "2026-07-06", "2026-08-30")
    assert found.data == retro.later.digest
    assert found.seen is not None
    assert found.seen.data == found.data
    assert {"precision", "recall", "coverage"} <= found.seen.figures.keys()
    assert [action.what for action in found.carried] == ["ask"]
    assert (found.changed, found.wins) == ("a new feed", ("fewer errors",))


def test_an_entry_of_rows_without_labels_keeps_what_could_be_counted(
    world: World,
) -> None:
    found = world.retro(after().drop(columns="good"), said(clause())).entry(NOW)
    assert found.clauses == {"C1": "cannot_tell"}
    assert found.counts == {}
    assert found.seen is not None
    assert found.seen.figures.keys() == {"coverage"}


def test_the_next_look_starts_from_the_last(world: World) -> None:
    july, august = by_month(world.read(after()))
    record = said(clause())
    first = Retro(world.evidence(record), july, TODAY)
    kept = Record.model_validate(record).model_copy(
        update={"retrospectives": (first.entry(NOW),)}
    )
    second = Retro(world.evidence(record).with_record(kept), august, TODAY)
    assert first.since is None
    assert second.since is not None
    july_s = {p.metric: p.before.k for p in second.since.figures}
    assert july_s["recall"] == first.entry(NOW).seen.figures["recall"].k  # type: ignore[union-attr]
    assert second.since.clauses[0][0] == "C1"


def test_a_file_without_the_workshop_s_future_says_nothing_untrue(world: World) -> None:
    # a record at its very beginning: nothing agreed, nothing raised
    retro = world.retro(after(), {"scenario": "tiny"}, option=None)
    assert retro.why == "no_policy"
    assert (retro.clauses, retro.promises, retro.bets, retro.actions) == (
        (),
        (),
        (),
        (),
    )
    assert retro.decision.why == "no_policy"
    assert retro.waiting.why == "no_policy"
    assert retro.entry(NOW).seen is None


def test_broken_clauses_are_listed(world: World) -> None:
    record = said(clause(at_most=0.01), clause(id="C2", at_most=0.9))
    assert world.retro(after(), record).broken == ("C1",)


# --- the shipped scenarios ------------------------------------------------------------


def shipped(name: str, file: str) -> tuple[Evidence, Later]:
    target = find_target(name)
    given = Given(target.scenario)
    evidence = Evidence(
        target.scenario,
        given.card,
        target.record,
        given.data,
        given.runs,
        given.best_few,
    )
    path = target.scenario.folder / file
    option = target.record.option
    later = load_later(target.scenario, path, given.data, as_of=TODAY, option=option)
    return evidence, later


def with_clauses(evidence: Evidence, *clauses: Clause) -> Evidence:
    record = evidence.record
    assert record.agreement is not None
    agreed = record.agreement.model_copy(update={"clauses": clauses})
    return evidence.with_record(record.model_copy(update={"agreement": agreed}))


ERROR = Clause(id="E", metric="error_among_answered", at_most=0.6)
RECALL = Clause(id="R", metric="recall", at_least=0.35)


@pytest.mark.slow
def test_flights_are_lived_through_month_by_month() -> None:
    evidence, later = shipped("flight-disruptions", "after-release.parquet")
    months = by_month(later)
    assert [len(month) for month in months] == [27_574, 28_889, 27_268, 28_135]

    own = with_clauses(evidence, ERROR, RECALL)
    looks = [Retro(own, month, TODAY).clauses for month in months]
    error, recall = zip(*looks, strict=True)
    assert [held.state for held in recall] == [
        "cannot_tell",
        "cannot_tell",
        "broken",
        "broken",
    ]
    assert (recall[2].number.k, recall[2].number.n) == (540, 2648)
    assert [held.state for held in error] == ["cannot_tell"] * 3 + ["kept"]
    assert (error[3].number.k, error[3].number.n) == (906, 2556)
    # a window says the same, whichever file its rows came in
    whole = Retro(with_clauses(evidence, RECALL), later, TODAY).clauses[0]
    assert whole.number == recall[3].number


@pytest.mark.slow
def test_deposits_lose_what_was_promised_of_the_lists() -> None:
    evidence, later = shipped("deposit-calls", "after-release.parquet")
    lists = Clause(id="L", metric="prevalence", at_most=0.42)
    retro = Retro(with_clauses(evidence, lists), later, TODAY)
    assert retro.clauses[0].state == "broken"
    assert retro.clauses[0].alarm
    by_metric = {p.metric: p for p in retro.promises}
    assert by_metric["coverage"].verdict == "worse"
    assert by_metric["error_among_answered"].verdict == "better"
    # calling everyone was cheaper on the rows kept aside already, and is now
    assert (retro.decision.best, retro.decision.option) == ("everyone", "changes")
    assert retro.decision.already
    assert retro.decision.line is not None
    assert retro.decision.line.verdict == "changes"


def test_the_assistant_s_first_month_cannot_tell_and_says_its_price() -> None:
    evidence, later = shipped("privacy-assistant", "first-month.parquet")
    by = {"labels_per_week": 40, "who": "support"}
    error = Clause.model_validate(
        {
            "id": "E",
            "metric": "error_among_answered",
            "at_most": 0.3,
            "measured_by": by,
        }
    )
    retro = Retro(with_clauses(evidence, error), later, date(2027, 1, 10))
    assert len(later) == 90
    held = retro.clauses[0]
    assert (held.state, held.why) == ("cannot_tell", "")
    assert held.more is not None
    assert held.price is not None
    assert (held.price.value or 0) > 0
    assert len(held.looks) == 1
    assert held.looks[0].starts == ""
    assert {p.verdict for p in retro.promises} == {"cannot_tell"}
