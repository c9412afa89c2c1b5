"""Every shipped workshop, from sealed bets to what became of the promise.

A pair, or one person with a persona, sits down at the panels, says what the example's
pair said, signs, and lives with it: then the scenario's own later rows come in.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
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
from workshop.data.catalog import Target, find_scenario, find_target
from workshop.data.scenario import Scenario
from workshop.errors import GateError
from workshop.record.choices import Record
from workshop.record.digest import digest
from workshop.record.sealed import is_proven
from workshop.record.terms import ESCALATIONS
from workshop.record.values import ROLES
from workshop.report import Written, write_report
from workshop.steps import base
from workshop.steps.given import Given
from workshop.steps.whole import Whole
from workshop.views.recaps.outside import state_of

pytestmark = pytest.mark.slow

LATER_DAY = "2027-03-01"
FILES = {
    "privacy-assistant": "first-month.parquet",
    "deposit-calls": "after-release.parquet",
    "flight-disruptions": "after-release.parquet",
}

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

# What became of each clause, by the last rows that there are.
LIVED = {
    "privacy-assistant": {"C1": "cannot_tell", "C2": "cannot_tell"},
    "deposit-calls": {"C1": "kept", "C2": "kept", "C3": "broken"},
    "flight-disruptions": {"C1": "kept", "C2": "broken"},
}
MONTH_BY_MONTH = {
    "2013-09-30": {"C1": "cannot_tell", "C2": "cannot_tell"},
    "2013-10-31": {"C1": "cannot_tell", "C2": "cannot_tell"},
    "2013-11-30": {"C1": "cannot_tell", "C2": "broken"},
    "2013-12-31": LIVED["flight-disruptions"],
}
TRUTH = {
    "privacy-assistant": {"product": "cannot_tell", "engineering": "cannot_tell"},
    "deposit-calls": {"product": "inside", "engineering": "below"},
    "flight-disruptions": {"product": "above", "engineering": "above"},
}
BROKEN = {
    "privacy-assistant": "",
    "deposit-calls": "C3: base rate at most 42 of 100, but it is 52 of 100",
    "flight-disruptions": "C2: recall at least 35 of 100, but it is 25 of 100",
}

WORKSHOPS = [
    ("privacy-assistant", "two"),
    ("privacy-assistant", "product"),
    ("privacy-assistant", "engineering"),
    ("deposit-calls", "two"),
    ("deposit-calls", "engineering"),
    ("flight-disruptions", "two"),
    ("flight-disruptions", "product"),
]
SLOW = "flight-disruptions"


@dataclass
class Life:
    """One workshop that was played, and the life that its promise had afterwards."""

    mode: str
    pair: Pair
    signed: Record
    stood: str
    open_then: set[str]

    @property
    def scenario(self) -> str:
        """The scenario's name."""
        return self.pair.scenario

    @property
    def alone(self) -> str | None:
        """The half that sat there alone; None where there were two."""
        return None if self.mode == "two" else self.mode

    @property
    def monthly(self) -> bool:
        """Whether it is lived through month by month."""
        return (self.scenario, self.mode) == ("flight-disruptions", "two")

    @property
    def expected(self) -> dict[str, dict[str, str]]:
        """The day of each look, and what it finds of each clause."""
        return MONTH_BY_MONTH if self.monthly else {LATER_DAY: LIVED[self.scenario]}

    @property
    def data(self) -> Path:
        """The file of the rows that came after the agreement."""
        return find_scenario(self.scenario).folder / FILES[self.scenario]

    @cached_property
    def lived(self) -> Result:
        """What the command says of the later rows; it adds them to the record."""
        given = ["--data", str(self.data), "--as-of", LATER_DAY, "--json"]
        each = ("--each", "month") if self.monthly else ()
        gate = ("--fail-on", "broken")
        record = str(self.pair.file.path)
        return CliRunner().invoke(main, ["retro", record, *given, *each, *gate])

    @property
    def looks(self) -> list[dict[str, Any]]:
        """The looks that the command gave."""
        assert self.lived.stdout, self.lived.stderr or repr(self.lived.exception)
        looks: list[dict[str, Any]] = json.loads(self.lived.stdout)["looks"]
        return looks

    def now(self) -> Record:
        """The record with the looks in it."""
        assert self.looks
        return self.pair.said()


def play(home: Path, scenario: str, mode: str) -> Life:
    """Play a workshop in an empty folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_HOME", str(home))
        patch.setenv("WORKSHOP_BETS", str(home / "bets"))
        patch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
        pair = Pair(home, scenario=scenario)
        pair.play(mode)
        pair.record = str(pair.file.path)
        step = pair.open("05")
        gaps = {gap.code for gap in step.gaps}
        return Life(mode, pair, pair.said(), step.where_we_are(), gaps)


@pytest.fixture(scope="module")
def lives(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str, str], Life]]:
    """Return a function that gives a workshop, played once for all tests; look only.

    A scenario's rows are read once for all of its workshops.
    """
    played: dict[tuple[str, str], Life] = {}
    rows: dict[Path, Given] = {}

    def read_once(scenario: Scenario) -> Given:
        if scenario.folder not in rows:
            rows[scenario.folder] = Given(scenario)
        return rows[scenario.folder]

    def once(scenario: str, mode: str) -> Life:
        if (scenario, mode) not in played:
            home = tmp_path_factory.mktemp(scenario)
            played[scenario, mode] = play(home, scenario, mode)
            w.Widget.close_all()
        return played[scenario, mode]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "Given", read_once)
        yield once


@pytest.fixture(
    params=[
        pytest.param(one, marks=[pytest.mark.slow] if one[0] == SLOW else [])
        for one in WORKSHOPS
    ],
    ids="-".join,
)
def life(
    request: pytest.FixtureRequest,
    lives: Callable[[str, str], Life],
    monkeypatch: pytest.MonkeyPatch,
) -> Life:
    """Each workshop in turn, on the day on which it was played; no page is written."""

    def no_page(target: Target, out: Path, **_: Any) -> Written:
        page = out / "report.html"
        return Written(page=page, headline="", verdict="cannot_tell")

    monkeypatch.setattr(report_room, "write_report", no_page)
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())
    return lives(*request.param)


# --- up to the signatures ------------------------------------------------------------


@pytest.mark.slow
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
    page = Page(
        workshop.open_step("01", life.pair.record, interactive=False).board().html
    )
    assert "Furthest apart when the bets were opened" in page.text
    assert "What talking changed" in page.text


def test_what_was_typed_is_what_the_example_holds(life):
    said, example = life.signed, life.pair.example
    changed = {
        "framing": said.framing.model_dump(),
        "was": example.framing.model_dump(),
    }
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
    asked = [one for one in was.escalation if one.when in ESCALATIONS.values()]
    assert list(agreed.escalation) == asked  # a case in one's own words is by hand
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


def test_what_is_said_outside_is_signed_with_all_the_rest(life):
    assert state_of(life.signed) == "signed"
    said, was = life.signed.agreement.outside, life.pair.example.agreement.outside
    if was is not None:
        for side in ("may_say", "not_yet"):
            by_hand = {one.about: one.seen for one in getattr(was, side)}
            drafted = {one.about: one.seen for one in getattr(said, side)}
            for about in by_hand.keys() & drafted.keys():
                assert by_hand[about] == drafted[about]


def test_the_calendar_stands_beside_the_record(life):
    file = life.pair.file.path.with_suffix(".ics")
    assert file.read_bytes().count(b"BEGIN:VEVENT") == 3


# --- what became of it ---------------------------------------------------------------


def test_the_later_rows_say_what_became_of_each_promise(life):
    states = {
        look["at"]: {one["id"]: one["state"] for one in look["clauses"]}
        for look in life.looks
    }
    assert states == life.expected


def test_a_broken_promise_stops_a_pipeline_and_an_open_one_does_not(life):
    says = BROKEN[life.scenario]
    assert life.lived.exit_code == bool(says), life.lived.stderr
    assert ("workshop: Broken: " in life.lived.stderr) == bool(says)
    assert says in life.lived.stderr


def test_what_cannot_be_told_yet_has_rows_weeks_and_a_price_that_would_tell(life):
    open_ones = [
        one
        for look in life.looks
        for one in look["clauses"]
        if one["state"] == "cannot_tell"
    ]
    assert bool(open_ones) == (life.scenario == "privacy-assistant" or life.monthly)
    for one in open_ones:
        assert one["why"] == ""
        assert one["more"]["value"] > 0
        told = [one[k] for k in ("weeks", "window_weeks") if one.get(k)]
        assert told, "how long it takes, or which window would hold as many"
        assert told[0]["value"] > 0
        if one["metric"] == "coverage":
            assert one["price"] is None, "a program counts it"
        else:
            assert one["price"]["value"] > 0


def test_the_later_rows_say_whose_range_the_truth_fell_into(life):
    for look in life.looks:
        found = {bet["seat"]: bet["outcome"] for bet in look["bets"]}
        assert found == TRUTH[life.scenario]


def test_every_look_joins_the_record_with_the_actions_that_are_open(life):
    assert all(look["added"] for look in life.looks)
    record, expected = life.now(), life.expected
    assert {one.at: one.clauses for one in record.retrospectives} == expected
    written = [line.section for line in record.log[len(life.signed.log) :]]
    assert written == ["retrospectives"] * len(expected)
    actions = [action.what for action in life.signed.agreement.actions]
    for one in record.retrospectives:
        assert set(one.counts) == set(one.clauses)
        assert one.bets == TRUTH[life.scenario]
        assert [action.what for action in one.carried] == actions


def test_the_same_rows_on_the_same_day_are_added_once(life):
    """Month by month this is held on a few rows, by the tests of the command."""
    if life.monthly:
        return
    assert life.looks
    path = life.pair.file.path
    before = path.read_bytes()
    given = {"as_json": True, "as_of": LATER_DAY, "fail_on": "broken"}
    broken = BROKEN[life.scenario]
    stops = pytest.raises(GateError, match="Broken: C") if broken else nullcontext()
    with stops:
        commands.retro(str(path), str(life.data), **given)
    assert path.read_bytes() == before


def test_signatures_hold_after_the_looks_and_a_broken_promise_is_open(life):
    record = life.now()
    assert {s.digest for s in record.signatures.values()} == {digest(record)}
    now = {gap.code for gap in life.pair.open("05").gaps}
    broken = {"clause_broken_in_life"} if BROKEN[life.scenario] else set()
    assert now == life.open_then | broken


def test_the_record_on_one_page_says_what_happened_since(life):
    life.now()
    whole = Whole(find_target(life.pair.record), interactive=False)
    section = whole.since()
    text = Page(section.html).text
    for day, states in life.expected.items():
        assert day in text
        for name, state in states.items():
            assert f"{name} {state.replace('_', ' ')}" in text
    numbers = section.to_json()["numbers"]
    rows = [n["value"] for n in numbers if n["id"].endswith(".rows")]
    assert rows == [look["rows"] for look in life.looks]


def test_what_the_pair_says_at_the_table_joins_the_look_that_was_added(
    lives, tmp_path, monkeypatch
):
    life = lives("privacy-assistant", "two")
    record = tmp_path / "record.yaml"
    life.now()
    shutil.copy(life.pair.file.path, record)
    monkeypatch.setenv("WORKSHOP_AS_OF", LATER_DAY)
    step = workshop.open_step("06", str(record), data=str(life.data))
    (panel,) = step.wins_and_actions().panels
    said = {"changed": "nothing yet", "wins": "nobody complained", "done_0": True}
    for name, answer in said.items():
        panel.controls[name].value = answer
    panel.buttons["save"].click()
    saved(panel.message.value)
    (held,) = step.record.retrospectives
    assert held.clauses == LIVED["privacy-assistant"]
    assert (held.changed, held.wins) == ("nothing yet", ("nobody complained",))
    assert [action.done for action in held.carried] == [LATER_DAY, None, None]


@pytest.mark.slow
def test_the_report_of_a_life_is_one_page_to_the_end(lives, tmp_path):
    life = lives("deposit-calls", "two")
    life.now()
    target = find_target(life.pair.record)
    written = write_report(
        target, tmp_path / "out", as_of=date.fromisoformat(LATER_DAY)
    )
    assert not written.failed
    twin = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert "C3 broken" in twin["sections"]["since"]["headline"]
    page = Page(written.page.read_text("utf-8")).text
    assert "What happened since" in page
    assert "Clause C3 was broken" in page or "C3 broken" in page
