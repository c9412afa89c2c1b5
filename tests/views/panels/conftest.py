"""Panels as a pair meets them, with callables that only note what they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

from tests.helpers import THAT_DAY
from workshop.record.agreed import (
    DecisionRight,
    Escalation,
    Outside,
    Ritual,
    Statement,
)
from workshop.record.bets import Bet
from workshop.record.choices import Assumed, Participants
from workshop.record.framed import Outcome
from workshop.record.terms import DECISIONS, ESCALATIONS
from workshop.record.values import Policy
from workshop.views import panels
from workshop.views.panels.values import ValuesPanel, satisfaction_panel
from workshop.views.recaps.framing_check import Checked
from workshop.views.wording import Said

HOSTILE = "<script>alert('x')</script><b>\"&'</b>"
SINGLE = Policy(kind="single", act_at=0.5)
CASES = {f"q{i}": {"Question": f"question {i}", "Clause": f"clause {i}"} for i in "123"}

PAIR = (panels.Chair("product", "Dana"), panels.Chair("engineering", "Ilir"))
READY_SOON = tuple(panels.Chair(c.seat, c.name, "sealed") for c in PAIR)


@dataclass
class Notes:
    """What the panel asked for, in order: (callable, arguments)."""

    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    answer: Any = ""
    error: Exception | None = None

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [given for called, given in self.calls if called == name]

    def note(self, name: str) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            if self.error is not None:
                raise self.error
            self.calls.append((name, given))
            return self.answer

        return noted


def walk(widget: w.Widget) -> Iterator[w.Widget]:
    """Yield a widget and all that is in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def page(panel: panels.Panel) -> str:
    """Return all the HTML that a panel shows, without its style sheet."""
    return "\n".join(
        part.value
        for part in walk(panel.widget)
        if isinstance(part, w.HTML) and not part.value.startswith("<style>")
    )


@dataclass(frozen=True)
class Example:
    """A panel that the module of its own tests brings along, under ``EXAMPLES``.

    ``answers`` has for each question an answer, and another one that has to change
    what is saved. With this the rules of test_every_panel.py hold for it too.
    """

    panel: Callable[..., panels.Panel]
    answers: dict[str, tuple[object, object]]
    args: tuple[Any, ...] = ()
    given: dict[str, Any] = field(default_factory=dict)


@cache
def examples() -> dict[str, Example]:
    """Return what the modules beside this one bring along, by the panel's name."""
    found: dict[str, Example] = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.stem != "test_every_panel":
            own = import_module(f"tests.views.panels.{path.stem}")
            found |= getattr(own, "EXAMPLES", {})
    return found


def _ways(notes: Notes) -> dict[str, Any]:
    return {
        "on_undecided": notes.note("undecided"),
        "on_not_agreed": notes.note("not_agreed"),
    }


def build(name: str, notes: Notes, **given: Any) -> panels.Panel:
    """Build one panel by name; ``given`` replaces what it would get."""
    save, note = notes.note("save"), notes.note
    pair = ("product", "engineering")
    options = (("keyword", "Keywords"), ("minilm", "Embedding search"))
    judging = {"roles": pair, "on_judge": note("judge"), "reveal": _revealed}
    first: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "seats": ((Participants(),), {"on_save": save}),
        "cases": ((CASES, None), judging | {"summary": lambda: "<p>the summary</p>"}),
        "line": (("",), {"on_save": save}),
        "bet": (("Dana",), {"on_save": save}),
        "hand_over": (
            (lambda: PAIR,),
            {"line": lambda: "a wrong clause", "on_seal": note("seal")}
            | {"on_again": note("again")},
        ),
        "outcome": ((None,), {"on_save": save, "review": _reviewed}),
        "questions": ((None,), {"on_save": save}),
        "opening": (
            (lambda: READY_SOON,),
            {"on_ready": note("ready"), "shown": lambda: None, "look": note("look")},
        ),
        "expectations": ((None,), {"on_save": save}),
        "risk": (
            ([("DR002", "Few sources"), ("DR004", "Twins")], []),
            {"on_save": save},
        ),
        "register": ((PROPOSED,), {"on_save": save}),
        "assumption": (([],), {"on_save": save}),
        "threshold": (
            (lambda: SINGLE,),
            {"on_save": save, "says": _stands},
        ),
        "value": (
            (FIGURES, lambda: STATED),
            {
                "weighs": ("fp", "fn"),
                "on_save": save,
                "on_forget": note("forget"),
                "estimate": _valued,
            },
        ),
        "satisfaction": ((None,), {"on_save": save}),
        "option": ((options, None), {"on_save": save, "estimate": _estimated}),
        "rights": (([],), {"on_save": save, "suggests": RIGHTS}),
        "clauses": (
            ([],),
            {"on_save": save, "metrics": METRICS},
        ),
        "escalation": (
            (None,),
            {"on_save": save, "suggests": CASES_TO_ASK, "today": _that_day},
        ),
        "rituals": (
            ([],),
            {"on_save": save, "proposed": MEETINGS, "today": _that_day},
        ),
        "premortem": ((_evidence, {}), {"on_save": save, "today": _that_day}),
        "parking": ((), {"on_save": save}),
        "parked": (
            (lambda: ("a thought", "a worry"),),
            {"on_save": save, "today": _that_day},
        ),
        "actions": (([],), {"on_save": save, "today": _that_day}),
        "outside": ((lambda: DRAFTED, lambda: DRAFTED), {"on_save": save}),
        "sign": (("product", "Dana", "<p>two gaps</p>"), {"on_sign": save}),
    }
    own = examples()
    first |= {k: (one.args, one.given | {"on_save": save}) for k, one in own.items()}
    args, kwargs = first[name]
    args = given.pop("args", args)
    if name not in ("cases", "hand_over", "opening", "register", "outside"):
        kwargs = kwargs | _ways(notes)
    apart = {"value": ValuesPanel, "satisfaction": satisfaction_panel}
    apart |= {"hand_over": panels.HandOver, "opening": panels.OpeningPanel}
    apart |= {k: one.panel for k, one in own.items()}
    maker = apart.get(name) or getattr(panels, f"{name}_panel")
    return maker(*args, **(kwargs | given))


RIGHTS = [
    DecisionRight(decision=DECISIONS["threshold"], owner="engineering"),
    DecisionRight(decision=DECISIONS["release"], owner="product", asked=("legal",)),
]
CASES_TO_ASK = [
    Escalation(when=when, to="the head", within_days=3, meanwhile="it pauses")
    for when in ESCALATIONS.values()
]
MEETINGS = [
    Ritual(what="readiness_review", on="2027-02-08"),
    Ritual(what="metric_review", on="2027-01-04", every_weeks=4),
]


DRAFTED = Outside(
    may_say=(Statement(about="outcome", says="fewer hours, which is an aim"),),
    not_yet=(
        Statement(about="error", says="at most 3 of 10 are wrong"),
        Statement(about="worth", says="what it is worth"),
    ),
)


def _that_day() -> date:
    return THAT_DAY


def _evidence() -> dict[str, str]:
    return {"black_box": "<p>the evidence</p>"}


BET = Bet(
    tolerable_error=0.15, expected_error=0.3, ratio=2, fallback="human", owner="both"
)
FIGURES = {
    "fp": "Worth of acting wrongly",
    "fn": "Worth of a miss",
    "minutes_today": "Minutes today",
    "seen": "Who sees it",
}
STATED = {
    "fp": Assumed(low=-5, likely=-2.5, high=-1.5, confidence="low", source="a guess"),
    "fn": Assumed(likely=-0.4, owner="both"),
    "minutes_today": Assumed(likely=9),
}


PROPOSED = {
    "assumption": [("assumption.DR003", "New sources look like these.")],
    "cannot_do": [("cannot_do.DR011.OO", "Says nothing about OO.")],
}
METRICS = (
    ("error_among_answered", "Wrong among the answers shown"),
    ("coverage", "Questions answered"),
    ("latency_ms_p95", "Slowest answers"),
)


def _revealed(case: str) -> str:
    return f"<p>the label of {case}</p>"


def _reviewed(outcome: Outcome) -> Checked:
    """Ask after letters, and object to a measure that names an AI."""
    codes = ("feature_brief",) if "AI" in outcome.measure else ()
    letters = Said("{n} letters", {"n": str(len(outcome.measure))})
    return Checked((letters,), codes)


def _stands(policy: Policy | None) -> str:
    cuts = (policy.act_at, policy.review_at) if policy else ()
    return f"stands at {[cut for cut in cuts if cut is not None]}"


def _valued(name: str, assumed: Assumed) -> str:
    return (
        f"<p>{name} at {assumed.ends[0]:g}, {assumed.likely:g}, {assumed.ends[1]:g}</p>"
    )


def _estimated(given: Any) -> str:
    return f"<p>estimate for {given}</p>"


@pytest.fixture
def notes() -> Notes:
    """Return what the panel's callables were given."""
    return Notes()


@pytest.fixture
def make(notes: Notes) -> Callable[..., panels.Panel]:
    """Return a function that builds a panel by name."""
    return lambda name, **given: build(name, notes, **given)


@pytest.fixture(name="walk")
def _walk() -> Callable[[w.Widget], Iterator[w.Widget]]:
    return walk


@pytest.fixture(name="page")
def _page() -> Callable[[panels.Panel], str]:
    return page


@pytest.fixture
def hostile() -> str:
    """Return text that would run if a page took it for HTML."""
    return HOSTILE


@pytest.fixture(autouse=True)
def _no_widget_stays() -> Iterator[None]:
    """Forget the widgets of the test before, so that each sees only its own."""
    w.Widget.close_all()
    yield
    w.Widget.close_all()
