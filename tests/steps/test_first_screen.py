"""The first screen stands whatever fails: the rest is shown, and why it failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import Page, Tiny
from workshop.data.catalog import find_target
from workshop.errors import InputError
from workshop.steps.agreement import AgreementStep
from workshop.steps.data_readiness import DataReadiness
from workshop.steps.start import Start
from workshop.steps.threshold import Threshold
from workshop.steps.user_impact import UserImpact
from workshop.steps.whole import AGENDA, Whole
from workshop.views.columns import Columns, Panel
from workshop.views.wording import say

PANELS = (
    "decision", "verdict", "people", "policies", "floors", "owners", "stops", "gaps"
)  # fmt: skip


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path / "tiny")


def whole(tiny: Tiny) -> Whole:
    folder = tiny.write()
    record = folder / "record.yaml"
    return Whole(
        find_target(str(record if record.is_file() else folder)), interactive=False
    )


def panels(section) -> dict[str, Panel]:
    found = [block for block in section.blocks if isinstance(block, Columns)][-1].panels
    assert [one.title.text for one in found] == [
        say(f"first.title_{name}").text for name in PANELS
    ]
    return dict(zip(PANELS, found, strict=True))


def text(panel: Panel) -> str:
    return Page(panel.html).text


def test_a_record_in_which_nothing_is_decided_says_so_in_every_place(tiny):
    head = whole(tiny).section()
    assert head.status == "ok"
    told = {name: text(panel) for name, panel in panels(head).items()}
    for name in ("decision", "floors", "stops"):
        assert "ndecided" in told[name], name
    assert "nobody yet" in told["owners"]
    assert "No line has been chosen yet" in told["policies"]
    assert "“" not in told["decision"]


def test_the_screen_begins_with_what_may_be_said_outside(tiny):
    head = whole(tiny).section()
    first = head.blocks[0]
    assert isinstance(first, Columns)
    assert [one.title.text for one in first.panels] == [
        say("outside.may_title").text,
        say("outside.not_title").text,
    ]
    assert {"may_say", "not_yet", "state"} <= set(head.extra["outside"])


def test_a_locked_line_is_the_decision_and_stands_first_among_the_policies(tiny):
    tiny.record = {
        "format": 1,
        "scenario": "tiny",
        "framing": {"when_unsure": {"fallback": "human", "says": "One moment."}},
        "option": "plain",
        "threshold": {
            "policy": {"kind": "single", "act_at": 0.5},
            "because": "why not",
        },
    }
    told = panels(whole(tiny).section())
    assert "Send it on when the score is at least 0.5" in text(told["decision"])
    assert "a person takes over, and it says: “One moment.”" in text(told["decision"])
    assert "why not" in text(told["decision"])
    assert "As chosen" in text(told["policies"])


def test_what_was_not_agreed_is_no_decision(tiny):
    item = {"about": "threshold", "product": "high", "engineering": "low"}
    tiny.record = {
        "format": 1, "scenario": "tiny", "agreement": {"not_agreed": [item]}
    }  # fmt: skip
    assert "Not agreed: where to send it on" in text(
        panels(whole(tiny).section())["decision"]
    )


FAILING = {
    "start": (Start, "headline", {"people"}),
    "data_readiness": (DataReadiness, "verdict", {"verdict"}),
    "threshold": (Threshold, "rows", {"policies"}),
    "user_impact": (UserImpact, "floors", {"floors"}),
    "agreement": (AgreementStep, "clauses_now", {"stops"}),
}


@pytest.mark.parametrize("step", FAILING)
def test_a_part_that_breaks_says_why_and_hides_no_other(tiny, monkeypatch, step):
    kind, method, broken = FAILING[step]

    def breaks(self):
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(kind, method, breaks)
    told = panels(whole(tiny).section())
    assert {name for name in PANELS if "a bug of ours" in text(told[name])} == broken


def test_a_part_that_breaks_alone_makes_the_screen_a_failed_one(tiny, monkeypatch):
    def breaks(self):
        raise InputError("no such column; name one that is there")

    monkeypatch.setattr(UserImpact, "floors", breaks)
    head = whole(tiny).section()
    assert head.status == "failed"
    assert head.extra["why"] == "no such column; name one that is there"
    assert head.extra["input_was_wrong"]


def test_a_step_that_says_itself_that_it_broke_leaves_the_screen_whole(
    tiny, monkeypatch
):
    def breaks(self):
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(DataReadiness, "verdict", breaks)
    made = whole(tiny)
    assert made.part("data_readiness").status == "failed"
    head = made.section()
    assert head.status == "ok"
    assert head.extra["verdict"] == "cannot_tell"
    assert "a bug of ours" in text(panels(head)["verdict"])


def test_every_link_of_the_screen_leads_to_a_section_of_the_page(tiny):
    html = whole(tiny).section().html
    led = {
        (given["href"] or "")[1:] for tag, given in Page(html).elements if tag == "a"
    }
    assert led
    assert led <= set(AGENDA)
