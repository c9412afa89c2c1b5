"""A judge is told raw and corrected; what is refused is said plainly."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers import Page
from tests.views.recaps.conftest import text
from workshop.analysis.judge import JudgedRate, judge_rates
from workshop.data.judged import Judged
from workshop.views.recaps.judged import judged_blocks, lead_said
from workshop.views.section import Items, Table


def found(*counts: int, repeats: int = 0, **more) -> JudgedRate:
    """Rates of kept, lost, passed, caught, right and wrong rows."""
    human = np.repeat([1, 1, 0, 0, np.nan, np.nan], counts)
    judge = np.repeat([True, False, True, False, True, False], counts)
    again = np.array([np.roll(judge, i + 1) for i in range(repeats)], dtype=bool)
    given = Judged(judge, human, again.reshape(repeats, len(judge)), **more)
    return judge_rates(given, n_boot=500)


GOOD = (92, 8, 6, 44, 211, 139)
COIN = (55, 45, 45, 55, 100, 100)


def shown(rates: JudgedRate) -> str:
    return Page(text(judged_blocks(rates))).text


def ways(rates: JudgedRate) -> str:
    (items,) = (b for b in judged_blocks(rates) if isinstance(b, Items))
    return " ".join(said.text for said in items.said)


def test_the_first_sentence_holds_raw_against_corrected():
    rates = found(*GOOD)
    said = lead_said(rates).text
    assert "It calls 38 of 100 wrong" in said
    assert f"it is about {100 * rates.corrected.value:.0f} of 100" in said
    assert [n.id for n in lead_said(rates).numbers][:2] == [
        "judge.raw",
        "judge.corrected",
    ]


def test_the_table_has_each_rate_with_count_and_range():
    rates = found(
        *GOOD, repeats=2, at_random=True, title="a large model", means="it answers"
    )
    (table,) = (b for b in judged_blocks(rates) if isinstance(b, Table))
    assert "a large model" in table.caption.text
    ids = {number.id for number in table.numbers}
    assert ids == {
        f"judge.{name}"
        for name in (
            "raw",
            "corrected",
            "powered",
            "people",
            "sensitivity",
            "specificity",
            "beyond_chance",
            "agreement",
            "kappa",
            "repeats.runs",
            "repeats.differ",
            "repeats.spread",
        )
    }
    assert "92 (92 of 100;" in shown(rates)
    assert "Right means: it answers." in shown(rates)


def test_rows_not_drawn_at_random_give_no_figure_of_their_own():
    said = shown(found(*GOOD))
    assert "has not been stated" in said
    assert "prediction-powered)" not in said
    assert "by them alone" not in said


def test_a_judge_like_a_coin_is_said_plainly_with_what_to_do():
    rates = found(*COIN)
    assert "hardly better than a coin" in lead_said(rates).text
    assert "no corrected figure" in lead_said(rates).text
    assert "clearer instructions" in ways(rates)
    assert "drawn at random" in ways(rates)
    assert "not shown" in shown(rates)
    assert "judge.corrected" not in {
        n.id for b in judged_blocks(rates) for n in b.numbers
    }


def test_where_people_labelled_at_random_their_own_figure_is_the_way_out():
    rates = found(*COIN, at_random=True)
    assert "50 of 100 were wrong (100 of 200;" in ways(rates)
    assert "prediction-powered)" in shown(rates)


def test_too_few_labels_name_how_many_would_do():
    rates = found(14, 6, 3, 7, 100, 50)
    assert "not enough" in lead_said(rates).text
    assert f"about {rates.labels_needed.value:.0f} rows" in ways(rates)


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ((40, 5, 0, 0, 9, 9), "only right ones"),
        ((0, 0, 5, 40, 9, 9), "only wrong ones"),
    ],
)
def test_labels_of_one_kind_are_named(counts, kind):
    rates = found(*counts)
    assert kind in lead_said(rates).text
    assert "cannot tell" in shown(rates)


def test_few_sources_and_a_clipped_figure_are_said():
    counts = (80, 20, 0, 30, 500, 70)
    sources = (np.arange(sum(counts)) % 7).astype(str)
    said = shown(found(*counts, clusters=sources))
    assert "cut off there" in said
    assert "few sources" in said


def test_mistakes_that_no_rate_fits_are_said():
    rates = found(80, 20, 0, 30, 500, 0)
    assert "no figure from 0 to 100 fits" in lead_said(rates).text
    assert "at random from all judged ones" in ways(rates)
