"""The engineer's drawer says what was found, how sure it is, what nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.helpers import HOSTILE, Page
from tests.views.recaps.conftest import SCENARIOS, line_of, text
from workshop.analysis.calibration import Reading, read_as_probabilities
from workshop.analysis.group_names import Group
from workshop.analysis.group_shares import GroupShares, group_shares
from workshop.analysis.group_thresholds import GroupThresholds, group_thresholds
from workshop.analysis.groups import group_curves
from workshop.analysis.line import Line
from workshop.analysis.movement import ChosenAgain, Optimism
from workshop.analysis.prevalence import AtPrevalence, at_prevalence
from workshop.analysis.review_bands import band_grid
from workshop.record.values import Number, Policy
from workshop.views.recaps.drawer import promise_blocks, promise_line, sure_blocks
from workshop.views.recaps.drawer_costs import WAYS, review_blocks, scores_blocks
from workshop.views.recaps.drawer_groups import group_said, groups_blocks
from workshop.views.recaps.drawer_prevalence import (
    prevalence_blocks,
    prevalence_said,
)
from workshop.views.section import Figure, Fold, Paragraph


def said(blocks) -> str:
    return Page(text(blocks)).text


# --- how sure the curve is -----------------------------------------------------------

PRIVACY, FLIGHTS, DEPOSIT = SCENARIOS
AGAIN = ChosenAgain(
    here=0.5,
    lo=0.3,
    median=0.5,
    hi=0.7,
    all=0.0,
    none=0.0,
    cost_here=0.4,
    regret_median=0.01,
    regret_hi=0.015,
    level=0.95,
    n_boot=1000,
    dropped=0,
    clusters=None,
    few_sources=False,
)


def sure(scenario: str = DEPOSIT, **given):
    line = line_of(scenario)
    samples = line.samples
    flagged = samples.tp + samples.fp
    precision = np.where(flagged > 0, samples.tp / np.maximum(flagged, 1), np.nan)
    recall = samples.tp / samples.positives
    plain = {"again": line.again}
    return sure_blocks(precision, recall, *line.bands, **(plain | given))


def test_each_band_is_named_with_what_it_is_for():
    words = said(sure())
    assert "holds for one line picked before looking (a pointwise band" in words
    assert "holds for all lines at once" in words
    assert "row by row" in words


def test_both_bands_stand_in_the_table_with_the_pairs_line_marked():
    line = line_of(DEPOSIT)
    cut = line.least_cost.act_at
    rate = Number(id="x", value=0.3, lo=0.2, hi=0.4)
    blocks = sure(chosen=(cut, {"precision": rate, "recall": rate}))
    (figure,) = [b for b in blocks if isinstance(b, Figure)]
    assert figure.twin is not None
    assert figure.twin.marked is not None
    marked = figure.twin.rows[figure.twin.marked]
    assert marked[0].text == f"{cut:.3g}"
    pointwise, simultaneous = (cell.numbers[0] for cell in marked[1:3])
    assert simultaneous.lo <= pointwise.lo <= pointwise.hi <= simultaneous.hi
    assert "diamonds" in figure.alt.text


def test_a_single_source_is_said_and_nothing_of_other_samples_is_pretended():
    words = said(sure(PRIVACY))
    assert "come from a single source" in words
    assert "Cannot tell. All of these rows come from a single source" in words
    assert "Wilson’s interval stands at every line" in words


@pytest.mark.slow
def test_drawing_by_source_is_said():
    assert "source by source" in said(sure(FLIGHTS))


@pytest.mark.parametrize(
    ("regret", "word"), [(0.015, "a flat optimum"), (0.08, "a sharp optimum")]
)
def test_a_line_that_moves_matters_only_where_it_costs(regret, word):
    assert word in said(sure(again=replace(AGAIN, regret_hi=regret)))


def test_samples_that_act_on_no_one_or_everyone_are_said():
    again = replace(AGAIN, hi=float("inf"), none=0.12, all=0.02)
    words = said(sure(again=again))
    assert "between 0.3 and acting on no one" in words
    assert "12 of 100 of them, acting on no one" in words
    assert "2.0 of 100 of them, acting on everyone" in words


def test_without_a_ratio_it_is_open_where_the_cheapest_line_falls():
    assert "how many false alarms one miss is worth" in said(sure(again=None))


def test_how_much_better_a_line_looks_where_it_was_chosen_is_said():
    found = Optimism(0.011, 0.021, 0.6, 1000, 0, None, False)
    words = said(sure(optimism=found))
    assert "expect at least about +1.1 false alarms" in words
    assert "+2.1 points" in words


# --- what may be promised ------------------------------------------------------------


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_best_that_can_be_promised_stands_first(scenario):
    line = line_of(scenario)
    blocks = promise_blocks(line.asked, line.best_promise, line.promised)
    lead = blocks[1]
    assert isinstance(lead, Paragraph)
    assert lead.tone == "lead"
    assert lead.said == promise_line(line.best_promise)
    hang_together = scenario != "deposit-calls"
    assert lead.said.text.startswith("With 95") is not hang_together
    assert ("take it as a hint" in lead.said.text) is hang_together
    text(blocks)


def test_a_promise_is_rounded_up_never_down():
    best = line_of(PRIVACY).best_promise
    assert 0.37 < best.at_most < 0.38
    assert "at most 38 of 100" in promise_line(best).text


def test_an_agreed_limit_that_cannot_be_promised_stands_after_what_can():
    line = line_of(PRIVACY)
    words = said(promise_blocks(line.asked, line.best_promise, line.promised))
    assert words.index("at most 38") < words.index("cannot be promised")
    assert "take the promise as indicative" in words


def test_an_agreed_limit_that_can_be_promised_names_its_line():
    line = line_of(DEPOSIT)
    words = said(promise_blocks(line.asked, line.best_promise, line.promised))
    assert "at most 75 wrong of 100, can be promised" in words
    assert "i.i.d." in words


@pytest.mark.parametrize(
    ("state", "words"),
    [("kept", "bear it out"), ("broken", "speak against"), ("cannot_tell", "cannot")],
)
def test_what_became_of_the_promise_is_said(state, words):
    line = line_of(DEPOSIT)
    held = replace(line.promised, state=state)
    assert words in said(promise_blocks(None, line.best_promise, held))


def test_an_agreed_limit_is_a_hint_too_where_rows_hang_together():
    line = line_of(DEPOSIT)
    hint = replace(line.asked, promise=replace(line.asked.promise, indicative=True))
    best = replace(line.best_promise, indicative=True)
    words = said(promise_blocks(hint, best, None))
    assert "the agreed limit, at most 75 wrong of 100, could be promised" in words
    assert "can be promised:" not in words


def test_a_broken_promise_is_not_blamed_on_the_rows_alone():
    held = replace(line_of(DEPOSIT).promised, state="broken")
    words = said(promise_blocks(None, line_of(DEPOSIT).best_promise, held))
    assert "may fail by chance, or these rows differ" in words
    assert "with 95 % confidence" in words


def test_too_few_rows_promise_nothing():
    blocks = promise_blocks(None, None, None)
    assert "fewer than 20 rows" in "".join(block.html for block in blocks)


# --- what the scores say, and what each way costs ------------------------------------


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_way_to_draw_the_line_stands_with_both_sides_costs(scenario):
    line = line_of(scenario)
    words = said(scores_blocks(line.reading, line.cuts_compared))
    for way in (
        "count:",
        "Platt",
        "one half, as most",
        "act on everyone",
        "act on no one",
    ):
        assert way in words


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading("no", "outside", None), "below 0 or above 1"),
        (Reading("no", "off", None), "not calibrated"),
        (Reading("cannot_tell", "few_rows", None), "Cannot tell"),
        (Reading("cannot_tell", "unsure", None), "by how much is not sure"),
    ],
)
def test_whether_a_score_is_a_chance_is_said_first(reading, words):
    blocks = scores_blocks(reading, None)
    assert words in blocks[1].html
    assert "has not said yet" in blocks[-1].html


def test_what_a_high_score_came_to_is_counted_and_not_claimed():
    rng = np.random.default_rng(0)
    scores = rng.uniform(0, 0.3, size=2000)
    reading = read_as_probabilities(rng.uniform(size=2000) < scores, scores)
    assert reading.readable == "yes"
    words = said(scores_blocks(reading, None))
    top = reading.calibration.bins[-1]
    assert f"Of the {top.came.n} rows with the highest scores" in words
    assert f"promise {100 * top.mean:.0f} of 100, and" in words
    assert top.high < 0.31
    assert "70 times" not in words


def test_net_benefit_stands_beside_the_cost_and_is_prevalence_less_it():
    line = line_of(DEPOSIT)
    found = line.cuts_compared
    *_, table, _ = scores_blocks(line.reading, found)
    heads = [column.text for column in table.columns]
    at = heads.index("Net benefit, in true positives of 100")
    ratio = (1 - found.at_chance) / found.at_chance
    recall = found.everyone.report["recall"]
    share = recall.n / found.everyone.report["coverage"].n
    for row, name in zip(table.rows, WAYS, strict=True):
        cost = getattr(found, name).report["expected_cost"].value
        (benefit,) = row[at].numbers
        assert benefit.value == pytest.approx(share - cost / ratio)
    assert table.rows[-1][at].numbers[0].value == 0


def test_scores_beyond_one_draw_no_line_by_chance():
    compared = line_of(DEPOSIT).cuts_compared
    outside = replace(compared, raw=None, half=None)
    words = said(scores_blocks(Reading("no", "outside", None), outside))
    assert "neither the score itself nor 0.5" in words
    assert "one half, as most libraries do" not in words


def test_a_line_at_one_half_that_costs_more_than_no_model_is_called_out():
    line = line_of(DEPOSIT)
    words = said(scores_blocks(line.reading, line.cuts_compared))
    assert "A line at 0.5 costs more than acting on everyone" in words
    assert "Those rows are not like the ones it was found on" in words


def test_a_reliability_picture_has_its_table():
    rng = np.random.default_rng(0)
    scores = rng.uniform(size=2000)
    reading = read_as_probabilities(rng.uniform(size=2000) < scores, scores)
    (figure,) = [b for b in scores_blocks(reading, None) if isinstance(b, Figure)]
    assert figure.twin is not None
    assert len(figure.twin.rows) == len(reading.calibration.bins)


# --- asking a person -----------------------------------------------------------------


def test_the_best_band_stands_beside_the_best_line_alone():
    line = line_of(FLIGHTS)
    best = line.best_band
    keep = (best.policy.act_at, best.policy.review_at, best.single.act_at)
    grid = band_grid(line.curve, line.context, keep=keep)
    blocks = review_blocks(
        best, grid, gain=(300.0, 0.3), price=0.04, reviews_per_week=240
    )
    words = said(blocks)
    assert "It pays to act from 0.385 on and ask a person from 0.351 on" in words
    assert "240 cases a week at most" in words
    assert "Of 300 more reviews a week, each would save another 0.3" in words
    (fold,) = [b for b in blocks if isinstance(b, Fold)]
    (figure,) = fold.blocks
    assert figure.twin.rows[0][0].text == "acting on no one"
    assert figure.twin.rows[-1][1].text == "–"


def test_a_band_that_saves_next_to_nothing_is_said_to_hardly_pay():
    words = said(review_blocks(line_of(DEPOSIT).best_band, None, gain=(10.0, 0.0)))
    assert "It hardly pays" in words
    assert "10 more reviews a week would save nothing further" in words
    assert "Asking saves" not in words


def test_a_band_that_does_not_pay_leaves_the_line_alone():
    best = line_of(DEPOSIT).best_band
    alone = replace(best, policy=best.single, expected_cost=best.single_cost)
    assert "It does not pay" in said(review_blocks(alone, None))


def test_without_a_price_asking_is_open():
    blocks = review_blocks(None, None)
    assert "what one review costs" in blocks[1].html


# --- other base rates ----------------------------------------------------------------


def at(prevalence: float) -> AtPrevalence:
    line = line_of(DEPOSIT)
    point = line.evidence.point(0.1, "report")
    return at_prevalence(point, prevalence, rows="report", context=line.context)


def test_each_prevalence_has_a_row_of_its_own_and_the_measured_one_is_marked():
    own = at(0.5).measured.value
    *_, table, assumed = prevalence_blocks([at(p) for p in (own / 2, own, 0.01)])
    assert table.marked == 1
    assert "as measured" in table.rows[1][0].text
    errors = [row[1].numbers[0].value for row in table.rows]
    assert errors[1] < errors[0] < errors[2]
    assert "assumed" in assumed.said.text
    text((table,))


def test_the_sliders_words_carry_range_and_cost():
    words = prevalence_said(at(0.01)).text
    assert "If 1.0 of 100 should be acted on" in words
    assert "100 decisions cost" in words


def test_a_line_that_acts_on_no_one_has_nothing_to_say_of_error():
    line = line_of(DEPOSIT)
    none = line.evidence.point(float("inf"), "report")
    found = at_prevalence(none, 0.1, rows="report")
    assert "acts on no one" in prevalence_said(found).text
    assert "–" in said(prevalence_blocks([found]))


def test_without_a_prevalence_there_is_nothing():
    assert prevalence_blocks(()) == ()


# --- groups --------------------------------------------------------------------------

METRICS = ("coverage", "error_among_answered", "recall")
GROUPS = (Group("one"), Group(HOSTILE), Group("", "others", 3), Group("", "missing"))


@cache
def shares(rows: int = 4000) -> tuple[GroupShares, ...]:
    curves = both(rows)[1]
    return tuple(
        group_shares(m, curves.at(0.5), rows="report", id="groups.x") for m in METRICS
    )


@cache
def both(rows: int):
    """Group one scores higher than the others, whatever its label."""
    rng = np.random.default_rng(1)
    labels = rng.uniform(size=rows) < 0.4
    codes = rng.integers(0, 4, rows)
    scores = np.round(0.4 * labels + 0.3 * (codes == 0) + rng.uniform(0, 0.6, rows), 2)
    cuts = np.unique(scores)[::-1]
    half = np.arange(rows) < rows // 2
    return tuple(
        group_curves(labels[s], scores[s], codes[s], GROUPS, thresholds=cuts)
        for s in (half, ~half)
    )


def own(aim: str, rows: int = 4000) -> GroupThresholds:
    choose, report = both(rows)
    return group_thresholds(
        aim, "recall", choose, report, common=0.5, ratio=2.0, id=f"groups.x.{aim}"
    )


def test_groups_stand_side_by_side_with_how_far_they_are_apart():
    html = text(groups_blocks("region", *shares()))
    words = Page(html).text
    assert "more than chance makes of it" in words
    assert "3 others together" in words
    assert "not known" in words
    assert "<script>" not in html
    assert words.count("all rows") == 1


def test_lines_for_each_group_stay_folded_under_a_plain_warning():
    blocks = groups_blocks("region", *shares(), (own("equal"), own("cheapest")))
    text(blocks)
    (fold,) = [b for b in blocks if isinstance(b, Fold)]
    warning = fold.blocks[0]
    assert isinstance(warning, Paragraph)
    assert warning.tone == "warn"
    for word in ("law", "policy", "unfair", "counsel", "known", "allowed"):
        assert word in warning.said.text
    words = "".join(block.html for block in fold.blocks)
    assert "treated otherwise" in words
    assert "As equal as lines can make it" in words


def test_groups_with_few_rows_are_shown_and_not_compared():
    words = said(groups_blocks("region", *shares(40), (own("equal", 40),)))
    assert "fewer than 20 rows" in words
    assert "cannot tell, fewer than two groups" in words
    assert "the line for all: too few rows" in words


def test_a_group_is_called_by_its_name_or_in_plain_words():
    assert group_said(Group("north"), "x").text == "north"
    assert group_said(Group("", "others", 3), "x").text == "3 others together"
    assert group_said(Group("", "missing"), "x").text == "not known"


def test_two_columns_can_stand_on_one_page():
    line = line_of(FLIGHTS)
    assert isinstance(line, Line)
    blocks = []
    for grouped in line.groups:
        counts = grouped.report.at(Policy(kind="single", act_at=0.4).act_at)
        three = (
            group_shares(m, counts, rows="report", id=f"groups.{grouped.column}")
            for m in METRICS
        )
        blocks += groups_blocks(grouped.column, *three)
    assert "by origin" in said(blocks)
