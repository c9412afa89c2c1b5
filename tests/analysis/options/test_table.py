"""One line an option: the figures of step 03, what is outside a limit, the front."""

import pytest

from tests.analysis.options.small import (
    ASKED,
    BAND,
    EVERY,
    FILTER,
    ONE,
    PEOPLE,
    SHOWN,
    STATED,
    TWO,
    compared,
)
from workshop.analysis.evidence import Evidence
from workshop.analysis.options.compared import Options
from workshop.analysis.options.table import (
    OptionLines,
    held_figures,
    option_lines,
    outside,
)
from workshop.analysis.readout import figures_of, review_of
from workshop.analysis.standing import chosen_cells
from workshop.data.catalog import find_target
from workshop.record.choices import Record
from workshop.record.values import Limits, Number
from workshop.steps.given import Given

SHARED = ("coverage", "error_among_answered", "recall", "precision")


@pytest.fixture(scope="module")
def every() -> Options:
    return compared(act_at=0.3)


@pytest.fixture(scope="module")
def lines(every) -> OptionLines:
    return option_lines(every)


# the same figures everywhere --------------------------------------------------------


def same_as_step_03(options: Options) -> None:
    """Hold the line of the option in play against the figures of the locked line."""
    evidence = options.evidence
    told = figures_of(
        "chosen",
        chosen_cells(evidence),
        rows="report",
        deff=evidence.deff,
        ratio=evidence.ratio,
        review=review_of(evidence),
    )
    line = option_lines(options).of(options.in_play)
    for name in SHARED:
        own, other = line.figures.get(name), told[name]
        if other.value is None:
            assert own is None
            continue
        assert (own.k, own.n, own.lo, own.hi) == (
            other.k,
            other.n,
            other.lo,
            other.hi,
        ), name
    if options.offer(options.in_play).candidate.fallback == "not_sure":
        cost, other = line.figures["cost"], told["expected_cost"]
        negatives = options.placed[options.in_play].counts[1::2].sum()
        absent = options.absent_answer * negatives / options.joint.rows
        assert cost.value - absent == pytest.approx(other.value)
        assert cost.lo < cost.value < cost.hi


@pytest.mark.parametrize(
    "option", [ONE, TWO, ASKED, SHOWN, FILTER], ids=lambda o: o["id"]
)
def test_the_option_in_play_has_the_counts_that_step_03_shows(option):
    for act_at in (-0.5, 0.3):
        same_as_step_03(compared(act_at=act_at, said={"option": option["id"]}))


@pytest.mark.parametrize("kind", ["all", "none"])
@pytest.mark.parametrize("option", [ONE, FILTER], ids=lambda o: o["id"])
def test_and_so_it_has_at_either_end(option, kind):
    said = {"option": option["id"], "threshold": {"policy": {"kind": kind}}}
    found = compared(said=said)
    own = chosen_cells(found.evidence)
    assert found.placed[option["id"]].cells.tp == own.tp
    assert found.placed[option["id"]].cells.fp == own.fp


def test_and_so_it_has_with_a_person_in_between():
    policy = {"kind": "review_band", "act_at": 0.9, "review_at": -0.2}
    found = compared(said={"option": "band", "threshold": {"policy": policy}})
    same_as_step_03(found)
    asked = option_lines(found).of("band").figures["review_rate"]
    cells = chosen_cells(found.evidence)
    assert asked.k == cells.asked_positive + cells.asked_negative > 0


@pytest.mark.parametrize(
    "name", ["privacy-assistant", "flight-disruptions", "deposit-calls"]
)
def test_and_so_it_has_in_what_is_shipped(name):
    target = find_target(name)
    given = Given(target.scenario)
    record = target.record or Record(scenario=name)
    evidence = Evidence(
        given.scenario, given.card, record, given.data, given.runs, given.best_few
    )
    if chosen_cells(evidence) is None:
        pytest.skip("its example draws no line")
    same_as_step_03(Options(evidence))


# what stands in a line --------------------------------------------------------------


def test_the_lines_are_those_of_the_offers_in_their_order(every, lines):
    assert [line.id for line in lines.lines] == [o.id for o in every.offers]
    assert [line.letter for line in lines.lines] == list("ABCDEFGHIJ")
    assert [line.id for line in lines.lines if line.in_play] == ["one"]
    kinds = {line.id: line.kind for line in lines.lines}
    assert kinds["one"] == kinds["band"] == "model"
    assert kinds["people"] == "people"
    assert kinds["everyone"] == "everyone"
    assert kinds["do_nothing"] == "nothing"
    assert kinds["vendor"] == "stated"
    assert lines.of("gone") is None


def test_reviews_a_week_are_their_share_of_the_volume(lines):
    reviews, share = (lines.of("asked").figures[n] for n in ("reviews", "review_rate"))
    assert reviews.value == pytest.approx(500 * share.value)
    assert (reviews.lo, reviews.hi) == pytest.approx((500 * share.lo, 500 * share.hi))
    assert reviews.assumed
    assert lines.of("people").figures["reviews"].value == 500
    assert lines.of("one").figures["reviews"].value == 0


def test_beside_the_best_few_stands_what_a_draw_by_lot_would_find(every, lines):
    figures, evidence = lines.of("shown").figures, every.evidence
    shown = every.placed["shown"].codes >= 6
    aside = ~evidence.choosing("one")
    few = evidence.best_few["shown"]
    assert figures["shown"].k == shown.sum()
    assert figures["right_among_shown"].k == few.hit[aside][shown].sum()
    assert figures["right_among_shown"].n == figures["by_lot"].n == shown.sum()
    by_lot = few.by_lot[aside][shown].mean()
    assert figures["by_lot"].value == pytest.approx(by_lot)
    assert "shown" not in lines.of("one").figures


def test_time_is_measured_and_money_to_run_is_of_a_million_decisions():
    found = option_lines(compared((ONE | {"cost": 0.004}, TWO, PEOPLE)))
    own = found.of("one").figures
    assert own["latency_ms_p50"].value < own["latency_ms_p95"].value
    assert own["running"].value == pytest.approx(4000)
    assert "latency_ms_p95" not in found.of("two").figures
    assert own["running"].unit == found.of("people").figures["running"].unit
    assert found.of("people").figures["running"].value == pytest.approx(1_500_000)


def test_without_a_price_of_false_alarms_the_best_few_have_no_cost():
    payoff = {"tp": 1, "fp": 0, "fn": -1, "choice_right": 0.4, "choice_wrong": 0}
    said = {"option": "shown"}
    found = compared((ONE, SHOWN), payoff=payoff, act_at=0.3, said=said)
    line = option_lines(found).of("shown")
    assert "cost" not in line.figures
    assert line.figures["coverage"].k
    assert found.versus["one"].cost.value is None


def test_what_is_stated_is_marked_so_and_never_counted(lines):
    figures = lines.of("vendor").figures
    assert all(number.k is None for number in figures.values())
    assert (figures["people_wrong"].lo, figures["people_wrong"].hi) == pytest.approx(
        (0.1 * 0.5 * 500, 0.3 * 0.8 * 500)
    )
    assert lines.of("vendor").versus is None


def test_numbers_of_a_line_have_ids_of_their_own(lines):
    ids = [n.id for line in lines.lines for n in line.figures.values()]
    assert len(ids) == len(set(ids))


def test_looks_are_the_ranges_that_hold_together(lines):
    methods = {
        number.method
        for line in lines.lines
        if line.versus
        for number in (line.versus.cost, line.versus.error)
        if number is not None and number.lo is not None
    }
    assert any(f"over {int(lines.looks.value)} comparisons" in m for m in methods)


def test_without_a_ratio_and_a_line_there_is_nothing_to_read_aloud():
    assert option_lines(compared(ratio=None)) is None
    found = option_lines(compared(ratio=None, act_at=0.3))
    assert found.of("one").figures["coverage"].k
    assert "cost" not in found.of("one").figures
    assert found.of("two").policy is None
    assert found.looks is None


# limits -----------------------------------------------------------------------------

FIGURES = {
    "max_error_among_answered": ("error_among_answered", 0.3),
    "min_precision": ("precision", 0.7),
    "min_recall": ("recall", 0.5),
    "min_coverage": ("coverage", 0.5),
    "reviews_per_week": ("reviews", 100.0),
    "max_latency_ms_p95": ("latency_ms_p95", 200.0),
    "max_cost_per_decision": ("running", 0.05),
}


@pytest.mark.parametrize("limit", FIGURES)
def test_at_a_limit_is_inside_and_past_it_outside(limit):
    name, bound = FIGURES[limit]
    scale = 1e6 if name == "running" else 1
    wrong_way = -1 if limit.startswith("min_") else 1
    limits = Limits(**{limit: bound})
    for shift, found in (
        (0, ()),
        (0.01 * wrong_way, (limit,)),
        (-0.01 * wrong_way, ()),
    ):
        value = (bound + shift * bound) * scale
        assert outside({name: Number(id="n", value=value)}, limits) == found
    assert outside({}, limits) == ()
    assert outside({name: Number(id="n", value=bound)}, Limits()) == ()


def test_a_stated_range_is_outside_where_even_its_better_end_is():
    def told(lo, hi, **limits):
        names = ("error_among_answered", "coverage")
        stated = {n: Number(id=n, value=None, lo=lo, hi=hi) for n in names}
        return outside(stated, Limits(**limits))

    assert told(0.1, 0.3, max_error_among_answered=0.1) == ()
    assert told(0.1, 0.3, max_error_among_answered=0.09) == (
        "max_error_among_answered",
    )
    assert told(0.5, 0.8, min_coverage=0.8) == ()
    assert told(0.5, 0.8, min_coverage=0.81) == ("min_coverage",)


def test_what_lies_outside_is_shown_and_never_hidden():
    limits = {"max_latency_ms_p95": 20, "reviews_per_week": 10}
    slow = STATED | {"stated": STATED["stated"] | {"latency_ms_p95": 30}}
    found = option_lines(compared((ONE, TWO, ASKED, PEOPLE, slow), limits=limits))
    broken = {line.id: line.outside for line in found.lines}
    assert broken == {
        "one": ("max_latency_ms_p95",),
        "two": (),
        "asked": ("reviews_per_week", "max_latency_ms_p95"),
        "people": ("reviews_per_week",),
        "vendor": ("max_latency_ms_p95",),
        "do_nothing": (),
    }


def test_a_lower_promise_is_held_to_its_own_error():
    limits = {"max_error_among_answered": 0.01, "min_coverage": 0.4}
    lower = TWO | {"id": "lower", "max_error": 1.0}
    found = option_lines(compared((ONE, TWO, lower), limits=limits, ratio=3.0))
    assert "max_error_among_answered" in found.of("two").outside
    assert found.of("lower").outside == ()


def test_what_is_held_is_what_the_table_shows(every, lines):
    for offer in every.offers:
        figures = lines.of(offer.id).figures
        for name, number in held_figures(every, offer).items():
            assert figures[name] == number


# the front --------------------------------------------------------------------------


def test_the_front_is_what_no_other_option_beats(lines):
    def point(line):
        names = ("error_among_answered", "cost", "latency_ms_p95")
        return [f.value if (f := line.figures.get(n)) else None for n in names]

    for line in lines.lines:
        own = point(line)
        beaten = any(
            None not in own
            and None not in (theirs := point(other))
            and all(a <= b for a, b in zip(theirs, own, strict=True))
            and theirs != own
            for other in lines.lines
        )
        assert line.on_front is not beaten


def test_a_band_and_every_other_option_can_be_in_play():
    for option in EVERY:
        found = compared(act_at=0.3, said={"option": option["id"]})
        told = option_lines(found)
        assert told.of(option["id"]).in_play
        assert BAND["id"] in {line.id for line in told.lines}
