"""Panels as a pair meets them, with callables that only note what they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as w
import pytest

from workshop.record.choices import Assumed, Participants
from workshop.record.values import Policy
from workshop.views import panels
from workshop.views.panels.values import ValuesPanel, satisfaction_panel

HOSTILE = "<script>alert('x')</script><b>\"&'</b>"
SINGLE = Policy(kind="single", act_at=0.5)
CASES = {f"q{i}": {"Question": f"question {i}", "Clause": f"clause {i}"} for i in "123"}


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
        "bet": (("product", "Dana", False), {"on_seal": save}),
        "outcome": ((None,), {"on_save": save, "review": _reviewed}),
        "opening": ((), {"can_open": True, "on_open": note("open")}),
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
        "rights": (([],), {"on_save": save}),
        "clauses": (
            ([],),
            {"on_save": save, "metrics": METRICS},
        ),
        "escalation": ((None,), {"on_save": save}),
        "actions": (([],), {"on_save": save}),
        "sign": (("product", "Dana", "<p>two gaps</p>"), {"on_sign": save}),
    }
    args, kwargs = first[name]
    args = given.pop("args", args)
    if name not in ("cases", "opening", "register"):
        kwargs = kwargs | _ways(notes)
    apart = {"value": ValuesPanel, "satisfaction": satisfaction_panel}
    maker = apart.get(name) or getattr(panels, f"{name}_panel")
    return maker(*args, **(kwargs | given))


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


def _reviewed(text: str) -> str:
    return f"<p>{len(text)} letters</p>"


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
