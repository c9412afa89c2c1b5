"""What the page says about why: the model's columns, cases, and what a user is told."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from tests.helpers import HOSTILE, Page
from workshop.analysis.explain import Explained, explain
from workshop.analysis.trained import Importance, NoTraining, Trained
from workshop.data.source import ScoredRows
from workshop.record.values import Number, Policy
from workshop.views.recaps.explain import explain_blocks
from workshop.views.section import Fold, Table, View
from workshop.views.wording import say

LINE = Policy(kind="single", act_at=0.5)
LOST = Number(
    id="trained.importance.0",
    value=0.063,
    n=2000,
    lo=0.043,
    hi=0.08,
    unit="difference of shares",
)
TRAINED = Trained(rows=900, positives=300, importances=(Importance("month", LOST),))


def cases(side="choose", permitted=None, key="r", labels=None) -> Explained:
    rows = ScoredRows(
        option="plain",
        keys=np.array([f"{key}{i}" for i in range(10)]),
        labels=np.array(
            [1, 0, 1, 0, 1, 0, 0, 1, 0, 1] if labels is None else labels, bool
        ),
        scores=np.linspace(0.95, 0.05, 10),
        clusters=None,
        time=None,
        latency_ms=None,
        place_in_file=np.arange(10),
    )
    mask = np.full(10, side == "choose")
    found = explain(rows, mask, LINE, side=side, permitted=permitted)
    assert found is not None
    return found


def blocks(explained="cases", trained=TRAINED, **more):
    given = {"own": True, "run": "Boosted trees", "means": "it was right"} | more
    found = cases() if explained == "cases" else explained
    return explain_blocks(found, trained, **given)


def text(*args, **more) -> str:
    return Page(View(blocks(*args, **more)).html).text


def tables(found) -> list[Table]:
    inside = (b for block in found for b in getattr(block, "blocks", (block,)))
    return [block for block in inside if isinstance(block, Table)]


# --- what the model leans on ---------------------------------------------------------


def test_our_own_baseline_is_asked_and_nothing_is_said_to_be_missing():
    said = text(own=True)
    assert "not available" not in said.lower()
    assert "month" in said
    assert "+6.3 (+4.3 to +8)" in said


def test_where_only_scores_were_given_the_model_is_not_available_but_the_baseline_is():
    said = text(own=False)
    assert "Boosted trees: not available. Only its scores were given" in said
    assert "the honest baseline's" in said
    assert "+6.3 (+4.3 to +8)" in said


@pytest.mark.parametrize("reason", [r for r in get_args(NoTraining) if r])
@pytest.mark.parametrize("own", [True, False])
def test_where_nothing_was_trained_the_reason_stands(own, reason):
    said = text(trained=Trained(rows=0, positives=0, why_not=reason), own=own)
    assert say(f"explain.why_{reason}").text in said
    assert "Pairs lost" not in said
    assert ("Only its scores" in said) == (not own)


def test_a_baseline_that_nobody_trained_or_that_knows_nothing_is_said_to_be_so():
    assert say("explain.why_not_asked").text in text(trained=None)
    assert say("explain.why_no_skill").text in text(trained=Trained(900, 300))


# --- what a user is told -------------------------------------------------------------


def test_what_a_user_is_told_comes_from_the_record_or_is_said_to_be_missing():
    assert "not been written down yet" in text()
    said = text(told_why="It is what last year's calls had in common.", says="Ask us.")
    assert "“It is what last year's calls had in common.”" in said
    assert "“Ask us.”" in said
    assert "not been written down yet" not in said


# --- cases ---------------------------------------------------------------------------


def test_three_right_and_the_surely_wrong_stand_side_by_side_in_two_columns():
    side = tables(blocks())[1]
    assert [c.text for c in side.columns][1:] == ["Right", "Wrong, and sure of it"]
    assert len(side.rows) == 3
    for _, right, wrong in side.rows:
        assert "rightly" in right.text
        faint = wrong.text == "no such case"
        assert faint or "missed" in wrong.text or "false alarm" in wrong.text


def test_under_wrong_and_sure_of_it_stand_confident_mistakes_only():
    side = tables(blocks())[1]
    found = [n for row in side.rows for n in row[2].values.values()]
    surer = [n.numbers[1].value for n in found if len(n.numbers) > 1]
    assert surer
    assert min(surer) >= 0.5
    none = replace(cases(), right=(), wrong=())
    assert "no mistake is a confident one" in text(none)


def test_the_mistakes_wait_behind_one_line():
    fold = blocks()[-1]
    assert isinstance(fold, Fold)
    assert "The most confident mistakes: 4" in fold.summary.text
    assert len(tables([fold])[0].rows) == 4


def test_the_page_says_which_rows_the_cases_are_from():
    assert "the rows that the line was chosen on" in text(cases("choose"))
    assert "from the rows kept aside" in text(cases("report"))


def test_only_what_is_permitted_is_read_and_of_others_the_id_stands_alone():
    permitted = {"r0": {"question": "Where is it?"}}
    said = text(cases(permitted=permitted))
    assert "question: Where is it?" in said
    assert say("explain.ids_only").text in said
    assert len(tables(blocks(cases(permitted=permitted)))[2].columns) == 4
    read = {"r1": {"question": "Who?"}}
    assert len(tables(blocks(cases(permitted=read)))[2].columns) == 5


def test_a_line_that_is_never_wrong_has_no_mistakes_to_show():
    said = text(cases(labels=[1] * 5 + [0] * 5))
    assert say("explain.no_mistake").text in said
    assert "no such case" in said


def test_a_policy_without_a_line_says_why_no_case_is_shown():
    assert say("explain.no_line").text in text(None)


# --- the house's rules ---------------------------------------------------------------


def test_every_number_has_an_id_of_its_own():
    numbers = View(blocks()).numbers
    assert {"explain.mistakes", "trained.importance.0"} <= {n.id for n in numbers}
    assert len({n.id for n in numbers}) == len(numbers) > 15


def test_hostile_text_stays_text():
    shown = {f"{HOSTILE}{i}": {HOSTILE: HOSTILE} for i in range(10)}
    found = cases(permitted=shown, key=HOSTILE)
    trained = replace(TRAINED, importances=(Importance(HOSTILE, LOST),))
    given = dict.fromkeys(("run", "means", "told_why", "says"), HOSTILE)
    page = Page(View(blocks(found, trained, own=False, **given)).html)
    assert HOSTILE in page.text
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "form", "link"}
    assert not [n for _, given in page.elements for n in given if n.startswith("on")]
