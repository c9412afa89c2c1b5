"""Every shipped workshop, from sealed bets to what became of the promise.

A pair, or one person with a persona, sits down at the panels, says what the example's
pair said, signs, and lives with it: then the scenario's own later rows come in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest
from click.testing import CliRunner, Result

import workshop
from tests.helpers import THAT_DAY, Page
from tests.steps.answers import PARKED, Pair
from tests.steps.conftest import saved
from workshop import commands
from workshop import report as report_room
from workshop.cli import main
from workshop.data.catalog import find_scenario, find_target
from workshop.errors import GateError
from workshop.record.bets import THIRD_ROLES
from workshop.record.choices import Record
from workshop.record.digest import digest
from workshop.record.sealed import is_proven
from workshop.record.values import ROLES
from workshop.report import Written
from workshop.steps import base
from workshop.steps.given import Given
from workshop.steps.whole import Whole

LATER_DAY = "2027-03-01"
FILES = {
    "privacy-assistant": "first-month.parquet",
    "deposit-calls": "after-release.parquet",
    "flight-disruptions": "after-release.parquet",
}
EACH = {"flight-disruptions": ("--each", "month")}

# What no answer of the example's pair settles; each is said on the page.
LEFT_OPEN = {
    "privacy-assistant": {
        "today_not_measured",  # nobody has counted how often agents err
        "satisfaction_unknown",  # nor asked how content people are
        "expectation_promised_none",  # support was told: no wrong answers
        "expectation_promised_early",  # and earlier than the outcome is due
    },
    "deposit-calls": {"satisfaction_unknown"},
    "flight-disruptions": {"today_not_measured", "satisfaction_unknown"},
}

# Day of the look → what became of each clause.
LIVED = {
    "privacy-assistant": {LATER_DAY: {"C1": "cannot_tell", "C2": "cannot_tell"}},
    "deposit-calls": {LATER_DAY: {"C1": "kept", "C2": "kept", "C3": "broken"}},
    "flight-disruptions": {
        "2013-09-30": {"C1": "cannot_tell", "C2": "cannot_tell"},
        "2013-10-31": {"C1": "cannot_tell", "C2": "cannot_tell"},
        "2013-11-30": {"C1": "cannot_tell", "C2": "broken"},
        "2013-12-31": {"C1": "kept", "C2": "broken"},
    },
}
BROKEN = {
    "privacy-assistant": "",
    "deposit-calls": "C3: base rate at most 42 of 100, but it is 52 of 100",
    "flight-disruptions": "C2: recall at least 35 of 100, but it is 20 of 100",
}

WORKSHOPS = [
    pytest.param(
        (scenario, mode),
        id=f"{scenario}-{mode}",
        marks=[pytest.mark.slow] if scenario == "flight-disruptions" else [],
    )
    for scenario, mode in (
        ("privacy-assistant", "two"),
        ("privacy-assistant", "product"),
        ("privacy-assistant", "engineering"),
        ("deposit-calls", "two"),
        ("deposit-calls", "engineering"),
        ("flight-disruptions", "two"),
        ("flight-disruptions", "product"),
    )
]


@dataclass
class Life:
    """One workshop that was played, and the life that its promise had afterwards."""

    mode: str
    pair: Pair
    signed: Record
    stood: str
    open_then: set[str]
    bytes_after: list[bytes] = field(default_factory=list)

    @property
    def scenario(self) -> str:
        return self.pair.scenario

    @property
    def alone(self) -> str | None:
        return None if self.mode == "two" else self.mode

    @property
    def data(self) -> Path:
        """The file of the rows that came after the agreement."""
        return find_scenario(self.scenario).folder / FILES[self.scenario]

    @cached_property
    def lived(self) -> tuple[Result, ...]:
        """What the command says of the later rows: twice, the second time for none."""
        path = self.pair.file.path
        given = ["retro", str(path), "--data", str(self.data), "--as-of", LATER_DAY]
        given += [*EACH.get(self.scenario, ()), "--json", "--fail-on", "broken"]
        found = []
        for _ in range(2):
            found.append(CliRunner().invoke(main, given))
            self.bytes_after.append(path.read_bytes())
        return tuple(found)

    @property
    def looks(self) -> list[dict[str, Any]]:
        """The looks that the command gave the first time."""
        looks: list[dict[str, Any]] = json.loads(self.lived[0].stdout)["looks"]
        return looks


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    """That day, bets of one's own, rows that are read once, and pages not written."""
    known: dict[Path, Given] = {}

    def read_once(scenario: Any) -> Given:
        return known.setdefault(scenario.folder, Given(scenario))

    def no_page(target: Any, out: Path, **_: Any) -> Written:
        page = out / "report.html"
        return Written(page=page, headline="", verdict="cannot_tell")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "Given", read_once)
        patch.setattr(report_room, "write_report", no_page)
        yield patch


@pytest.fixture(autouse=True)
def _that_day(
    _no_settings_of_the_reader: None,
    around: pytest.MonkeyPatch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())


@pytest.fixture(scope="module", params=WORKSHOPS)
def life(
    request: pytest.FixtureRequest,
    around: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Life]:
    """A workshop that was played once for all tests; look only."""
    scenario, mode = request.param
    home = tmp_path_factory.mktemp(scenario)
    around.setenv("WORKSHOP_HOME", str(home))
    around.setenv("WORKSHOP_BETS", str(home / "bets"))
    around.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
    pair = Pair(home, scenario=scenario)
    pair.play(mode)
    pair.record = str(pair.file.path)
    step = pair.open("05")
    gaps = {gap.code for gap in step.gaps}
    yield Life(mode, pair, pair.said(), step.where_we_are(), gaps)
    w.Widget.close_all()


# --- up to the signatures ------------------------------------------------------------


def test_two_signatures_stand_under_what_was_agreed(life):
    signatures = life.signed.signatures
    assert set(signatures) == set(ROLES)
    for role, signature in signatures.items():
        assert signature.name == life.pair.name(role)
        assert signature.digest == digest(life.signed)
        assert signature.persona == (life.alone not in (None, role))
    names = [life.pair.name(role) for role in ROLES]
    says = f"Agreed and signed by {names[0]} and {names[1]};"
    if life.alone:
        name = life.pair.name(life.alone)
        says = f"Signed by {name}, alone with a recorded persona;"
    assert life.stood.startswith(says)


def test_nothing_is_open_but_what_nobody_has_measured_or_can_keep(life):
    assert life.open_then == LEFT_OPEN[life.scenario]


def test_the_cheapest_line_is_the_one_that_the_example_promises_by(life):
    example = life.pair.example
    assert life.pair.cheapest == example.threshold.policy
    threshold = life.signed.threshold
    assert threshold.model_dump() == example.threshold.model_dump()
    assert life.signed.option == example.option
    assert life.signed.impact.business_floor == example.impact.business_floor


def test_the_bets_are_opened_as_they_were_sealed_and_talked_over_once(life):
    bets, example = life.signed.bets, life.pair.example.bets
    assert all(is_proven(bets, role) for role in ROLES)
    for role in ROLES:
        said, expected = bets.opened[role], example.opened[role]
        assert said.model_dump(exclude={"nonce"}) == expected.model_dump(
            exclude={"nonce"}
        )
        assert said.nonce != expected.nonce
    (round_,), (expected,) = bets.rounds, example.rounds
    assert (round_.product, round_.engineering) == (
        expected.product,
        expected.engineering,
    )


def test_each_person_says_before_and_after_how_well_the_other_is_understood(life):
    for moment in ("start", "end"):
        said = getattr(life.signed.pulse, moment)
        expected = getattr(life.pair.example.pulse, moment)
        for role in ROLES:
            asked = life.alone in (None, role)
            assert getattr(said, role) == (getattr(expected, role) if asked else None)


def test_the_board_shows_how_far_apart_the_two_were_and_what_talking_changed(life):
    page = Page(workshop.open_step("01", life.pair.record, interactive=False).board().html)
    assert "Furthest apart when the bets were opened" in page.text
    assert "What talking changed" in page.text


def test_what_was_typed_is_what_the_example_holds(life):
    said, example = life.signed, life.pair.example
    changed = {"framing": said.framing.model_dump(), "was": example.framing.model_dump()}
    for framing in changed.values():
        framing["expectations"].pop("success_metric")
    assert changed["framing"] == changed["was"]
    assert said.cases == example.cases
    accepted = {risk.finding: risk.reason for risk in said.data_review.accepted}
    assert accepted == {r.finding: r.reason for r in example.data_review.accepted}
    agreed, was = said.agreement, example.agreement
    assert [a.model_dump() for a in agreed.actions] == [
        a.model_dump() for a in was.actions
    ]
    assert agreed.escalation == was.escalation
    assert agreed.retrospective == was.retrospective
    assert agreed.premortem == was.premortem
    assert {r.what: r.on for r in agreed.rituals} == {r.what: r.on for r in was.rituals}
    assert [line.text for line in said.parking] == [PARKED]


def test_every_clause_is_the_examples_with_what_stood_on_the_page(life):
    def as_promised(clause: Any) -> dict[str, Any]:
        return clause.model_dump(exclude={"measured_by"})

    clauses = life.signed.agreement.clauses
    was = life.pair.example.agreement.clauses
    assert [as_promised(c) for c in clauses] == [as_promised(c) for c in was]
    for clause, expected in zip(clauses, was, strict=True):
        # nobody has to label what a program counts
        measured = None if clause.metric == "coverage" else expected.measured_by
        assert clause.measured_by == measured


def test_the_calendar_stands_beside_the_record(life):
    file = life.pair.file.path.with_suffix(".ics")
    assert file.read_bytes().count(b"BEGIN:VEVENT") == 3


# --- what became of it ---------------------------------------------------------------


def test_the_later_rows_say_what_became_of_each_promise(life):
    states = {
        look["at"]: {one["id"]: one["state"] for one in look["clauses"]}
        for look in life.looks
    }
    assert states == LIVED[life.scenario]


def test_a_broken_promise_stops_a_pipeline_and_an_open_one_does_not(life):
    says = BROKEN[life.scenario]
    for done in life.lived:
        assert done.exit_code == bool(says), done.stderr
        assert ("workshop: Broken: " in done.stderr) == bool(says)
        assert says in done.stderr


def test_what_cannot_be_told_has_a_price_where_labels_would_tell(life):
    for look in life.looks:
        for one in look["clauses"]:
            if one["state"] != "cannot_tell" or one["why"]:
                continue
            assert one["more"]["value"] > 0
            assert one["weeks"]["value"] > 0
            if one["metric"] != "coverage":  # a program counts that for nothing
                assert one["price"]["value"] > 0


def test_every_look_joins_the_record_and_a_second_run_adds_none(life):
    added = [[look["added"] for look in json.loads(d.stdout)["looks"]] for d in life.lived]
    looks = LIVED[life.scenario]
    assert added == [[True] * len(looks), [False] * len(looks)]
    assert life.bytes_after[0] == life.bytes_after[1]
    record = life.pair.said()
    assert {one.at: one.clauses for one in record.retrospectives} == looks
    assert [line.section for line in record.log][-len(looks) :] == (
        ["retrospectives"] * len(looks)
    )
    for one in record.retrospectives:
        assert set(one.counts) == set(one.clauses)
        assert set(one.bets) == set(ROLES) - set(THIRD_ROLES)
        assert [a.what for a in one.carried] == [
            a.what for a in life.signed.agreement.actions
        ]


def test_signatures_hold_after_the_looks_and_a_broken_promise_is_open(life):
    assert life.lived
    record = life.pair.said()
    assert {s.digest for s in record.signatures.values()} == {digest(record)}
    now = {gap.code for gap in life.pair.open("05").gaps}
    broken = {"clause_broken_in_life"} if BROKEN[life.scenario] else set()
    assert now == life.open_then | broken


def test_the_report_says_what_happened_since(life):
    assert life.lived
    whole = Whole(find_target(life.pair.record), interactive=False)
    section = whole.since().to_json()
    page = Page(whole.since().html)
    for day, states in LIVED[life.scenario].items():
        assert day in page.text
        for name, state in states.items():
            assert f"{name} {state.replace('_', ' ')}" in page.text
    looks = len(LIVED[life.scenario])
    rows = [n for n in section["numbers"] if n["id"].endswith(".rows")]
    assert [n["value"] for n in rows] == [look["rows"] for look in life.looks]
    assert len(rows) == looks


def test_the_later_rows_say_whose_range_the_truth_fell_into(life):
    outcomes = {
        "privacy-assistant": {"product": "cannot_tell", "engineering": "cannot_tell"},
        "deposit-calls": {"product": "inside", "engineering": "below"},
        "flight-disruptions": {"product": "above", "engineering": "above"},
    }
    for look in life.looks:
        found = {bet["seat"]: bet["outcome"] for bet in look["bets"]}
        assert found == outcomes[life.scenario]
