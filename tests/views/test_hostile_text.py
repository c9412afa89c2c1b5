"""Whatever a person, a column or a cell says, a page shows it and never runs it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import ipywidgets as w
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _instances

import workshop
from tests.helpers import HOSTILE, STEPS, Page, Tiny
from workshop.record.values import Number
from workshop.views.page import fragment, page
from workshop.views.section import (
    Card,
    Figure,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
)
from workshop.views.wording import Said, say

LINES = f"{HOSTILE}\nsecond line\n\nlast & least"
DANGEROUS = {"script", "img", "iframe", "object", "embed", "base", "link", "form"}


def harm(html: str) -> list[str]:
    """Return elements and attributes of some HTML that would do something."""
    found = []
    for tag, given_attributes in Page(html).elements:
        # a script of that type is a value that no browser runs
        inert = tag == "script" and given_attributes == {"type": "application/json"}
        if tag in DANGEROUS and not inert:
            found.append(tag)
        found += [name for name in given_attributes if name.startswith("on")]
    return found


@pytest.mark.parametrize(
    "planted",
    [
        "<script>1</script>",
        '<script type="application/json" src="x"></script>',
        '<img src="x">',
        '<p onerror="x()">x</p>',
    ],
)
def test_planted_harm_is_found(planted):
    assert harm(f"<p>fine</p>{planted}")
    assert harm("<p>fine &lt;script&gt;</p>") == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of a scenario in which everything that can be named is hostile."""
    tiny = Tiny(tmp_path_factory.mktemp("hostile") / "tiny")
    tiny.data = tiny.data.rename(columns={"text": HOSTILE})
    tiny.data[HOSTILE] = [f"{LINES} {i}" for i in range(40)]
    tiny.data["shop"] = [f"{LINES} {i % 3}" for i in range(40)]
    tiny.data["<b>undescribed</b>"] = None
    tiny.use_parquet()
    s = tiny.scenario
    s |= {
        "title": LINES,
        "request": f"We need an AI that {LINES}",
        "cluster": "shop",
        "cluster_name": LINES,
        "groups": ["shop"],
        "shows": [HOSTILE],
        "today": {"title": LINES, "minutes": 4, "cost": 1},
        "personas": {
            "engineering": {
                "name": LINES,
                "bet": {
                    "tolerable_error": 0.1,
                    "expected_error": 0.2,
                    "ratio": 2,
                    "fallback": "human",
                    "owner": "both",
                },
                "lines": dict.fromkeys(STEPS.values(), LINES),
            }
        },
    }
    s["decision"] |= {"unit": LINES, "act": LINES, "wrong": LINES}
    s["label"]["means"] = LINES
    s["assumed"] = {"fp": {"low": -4, "likely": -2, "high": -1, "source": LINES}}
    rates = {"coverage": [0.5, 0.7], "error_among_answered": [0.1, 0.2]}
    s["options"] = [
        {"id": "plain", "run": "plain", "title": LINES, "reversible": LINES},
        {"id": "stated", "title": LINES, "stated": rates, "reversible": LINES},
        {"id": "people", "title": LINES, "fallback": "human"},
    ]
    for run in s["runs"]:
        run["title"] = f"{run['id']} {LINES}"
    tiny.card |= {"title": LINES, "description": LINES, "limits": [LINES]}
    tiny.card["schema"]["fields"][1]["name"] = HOSTILE
    tiny.record = _hostile_record()
    return tiny.write() / "record.yaml"


def _hostile_record() -> dict:
    bet = {
        "tolerable_error": 0.1,
        "expected_error": 0.2,
        "ratio": 2,
        "fallback": "human",
        "owner": "both",
        "guess": LINES,
        "nonce": LINES,
    }
    both = ("product", "engineering")
    digest = "sha256:" + "0" * 64
    seen = {"coverage": {"k": 1, "n": 2}, "rows": LINES, "data": digest}
    return {
        "format": 1,
        "scenario": "tiny",
        "revision": 3,
        "participants": {
            "product": [{"name": LINES}],
            "engineering": [{"name": LINES, "persona": True}],
        },
        "cases": {"product": {"r01": "fine"}, "engineering": {"r01": "harmful"}},
        "bets": {
            "sealed": dict.fromkeys(both, digest),
            "opened": dict.fromkeys(both, bet),
        },
        "framing": {
            "counts_as_wrong": LINES,
            "request": LINES,
            "outcome": {"measure": LINES, "from": 3, "to": 1, "by": "2027-03"},
            "expectations": {
                "acceptable_error": 0.2,
                "fallback": "human",
                "success": LINES,
                "cost_speed": LINES,
            },
            "ratio": 2,
            "when_unsure": {"fallback": "human", "says": LINES},
            "harmed": LINES,
            "rule": LINES,
            "promised": LINES,
            "last_word_today": LINES,
        },
        "data_review": {
            "accepted": [{"finding": LINES, "reason": LINES, "revisit": "2020-01"}],
            "conditions": [LINES],
            "assumptions": [{"says": LINES, "revisit": "2020-01"}],
            "cannot_do": [LINES],
        },
        "threshold": {
            "policy": {"kind": "single", "act_at": 0.4},
            "because": LINES,
            "seen": seen,
        },
        "option": "clever",
        "impact": {
            "assumed": {"minutes_today": {"likely": 5, "source": LINES}},
            "satisfaction": {"asked": LINES, "today": 3, "unit": LINES},
            "business_floor": {
                "measure": LINES,
                "metric": "hours_saved",
                "at_least": 3,
            },
            "because": LINES,
            "seen": seen,
        },
        "agreement": {
            "decides": [{"decision": LINES, "owner": "product", "consulted": "both"}],
            "clauses": [
                {
                    "id": LINES,
                    "metric": "coverage",
                    "at_least": 0.9,
                    "window": LINES,
                    "then": LINES,
                    "measured_by": {"labels_per_week": 4, "who": LINES},
                }
            ],
            "escalation": [{"when": LINES, "to": LINES, "meanwhile": LINES}],
            "retrospective": "2020-01",
            "actions": [{"what": LINES, "who": LINES, "by": "2020-01"}],
            "not_agreed": [
                {
                    "about": LINES,
                    "product": LINES,
                    "engineering": LINES,
                    "would_change_product": LINES,
                    "would_change_engineering": LINES,
                    "decides": LINES,
                    "by": "2020-01",
                }
            ],
        },
        "signatures": {
            role: {"name": LINES, "digest": digest, "at": LINES} for role in both
        },
    }


@pytest.mark.parametrize("number", STEPS)
def test_a_steps_section_shows_it_as_text(hostile, number):
    step = workshop.open_step(number, record=str(hostile), interactive=False)
    section = step.section()
    assert section.status != "failed", section.headline.text
    assert harm(section._repr_html_()) == []
    shown = Page(section.html).text
    assert HOSTILE in shown
    assert "last & least" in shown
    json.dumps(section.to_json())


@pytest.mark.parametrize("number", STEPS)
def test_every_cell_without_panels_shows_it_as_text(hostile, number):
    step = workshop.open_step(number, record=str(hostile), interactive=False)
    for name in AGENDA[number]:
        assert harm(getattr(step, name)()._repr_html_()) == []
    assert harm(step.persona_line()._repr_html_()) == []


AGENDA = {
    "00": ("who", "cases", "what_is_wrong", "bets", "people"),
    "01": (
        "request",
        "outcome",
        "questions",
        "open_bets",
        "second_look",
        "expectations",
        "borrow",
    ),
    "02": ("findings", "price", "limits", "risks", "register", "assumptions", "borrow"),
    "03": ("curve", "choose", "beside", "cheapest", "why", "drawer", "borrow"),
    "04": ("people", "values", "options", "choose", "borrow"),
    "05": (
        "rights",
        "clauses",
        "escalation",
        "calendar",
        "premortem",
        "looking_back",
        "register",
        "actions",
        "open_points",
        "parked",
        "outside",
        "sign",
    ),
}
"""Notebook → its cells, as the notebooks have them."""


@pytest.mark.parametrize("number", STEPS)
def test_every_panel_shows_it_as_text(hostile, number):
    w.Widget.close_all()
    step = workshop.open_step(number, record=str(hostile), interactive=True)
    shown = [getattr(step, name)() for name in AGENDA[number]]
    for panel in [*shown, step.recap()]:
        for name, button in getattr(panel, "buttons", {}).items():
            if name in ("show", "more", "disagree"):
                button.click()
    html = [p.value for p in _instances.values() if isinstance(p, w.HTML)]
    for value in html:
        assert harm(value) == []
    assert any(HOSTILE in Page(value).text for value in html)
    w.Widget.close_all()


def test_the_agenda_here_is_that_of_the_notebooks(root):
    for number, names in AGENDA.items():
        (path,) = (root / "notebooks").glob(f"{number}_*.ipynb")
        sources = [
            "".join(cell["source"])
            for cell in json.loads(path.read_text("utf-8"))["cells"]
            if cell["cell_type"] == "code"
        ]
        called = {n for n in names if any(f"step.{n}()" in s for s in sources)}
        assert called == set(names)
        others = {"lesson", "exercises", "in_short", "parking", "recap", *names}
        sources = [s for s in sources if "step.pulse(" not in s]
        assert all(s.count("step.") == sum(f"step.{n}()" in s for n in others)
                   for s in sources if "open_step" not in s)  # fmt: skip


def test_a_page_of_hostile_words_is_whole():
    said = Said("{a} and {b:of100}", {"a": LINES, "b": Number(id=LINES, value=0.3)})
    table = Table(said, (said, said), ((said, said),), marked=0)
    blocks = (
        Paragraph(said),
        Heading(said),
        Items((said,)),
        Card(said, said, (said,)),
        table,
        Figure("<svg></svg>", said, table, said),
    )
    section = Section(LINES, said, "ok", said, blocks)
    whole = page(
        title=LINES,
        subtitle=said,
        verdict=said,
        contents=[(LINES, LINES)],
        body=section.html,
        foot=[said],
        partial=said,
    )
    assert harm(whole) == []
    found = Page(whole)
    assert {d.id for d in found.data} == {LINES}
    assert [g["aria-label"] for t, g in found.elements if g.get("role") == "img"] == [
        said.text
    ]
    assert harm(fragment(section.html)) == []


@given(text=st.text())
def test_any_text_stays_the_same_text(text):
    said = say("framing.request", request=text)
    assert said.text == f"The request was: “{text}”"
    page = Page(f"<p>{said.html}</p>")
    # a few plain words need no mark that sets them apart from the text around them
    plain = re.fullmatch(r"[A-Za-z][A-Za-z ,.'-]{0,40}", text)
    assert [tag for tag, _ in page.elements] == (["p"] if plain else ["p", "bdi"])
    # a browser, too, reads a carriage return as a line end and drops a null
    assert (
        page.text.replace("\ufffd", "\0")
        == said.text.replace("\r\n", "\n").replace("\r", "\n")
        or page.text == said.text
    )


@given(text=st.text(alphabet="{}%s0:!()[]. \\"))
def test_what_looks_like_a_template_is_not_filled(text):
    said = say("threshold.because", text=text)
    assert said.text == f"Why: {text}"
    assert Said("{a}", {"a": said}).text == said.text
