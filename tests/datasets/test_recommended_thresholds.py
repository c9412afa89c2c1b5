"""Is every figure of docs/threshold.md what the shipped rows give?

Each table row and sentence with a figure is written anew from the rows and looked for
in the page, and no other figure may stand there. The lines recommended are those of
the example records.
"""

import re
from functools import cache
from pathlib import Path

import pytest

import workshop
from workshop.analysis.calibrated_cut import ValuedCut
from workshop.analysis.intervals import LEVEL, clopper_pearson, wilson
from workshop.analysis.line import Line
from workshop.analysis.policies import cheapest_policy
from workshop.analysis.readout import cells_of, figures_of
from workshop.record.values import ROLES, Number, Policy

PAGE = Path(__file__).parents[2] / "docs" / "threshold.md"
SCENARIOS = ("privacy-assistant", "flight-disruptions", "deposit-calls")
SIDES = {"choose": "choosing", "report": "kept aside"}
EVERYONE, NO_ONE = Policy(kind="all"), Policy(kind="none")
HALF = Policy(kind="single", act_at=0.5)
WORTHS = (0.5, 1, 3, 5, 10)
"""What a missed deposit is worth, in calls in vain; 3 and 10 are the personas' bets."""
VISIT = 20
"""EUR for a visit in place of a call, at which a deposit is worth half of one."""


@cache
def line_of(scenario: str) -> Line:
    """Open step 03 of a shipped scenario with its example record."""
    return workshop.open_step("03", record=scenario, interactive=False).line


def figures(line: Line, policy: Policy, side: str, ratio: float) -> dict[str, Number]:
    """All figures of a policy on one side of the split."""
    cells = cells_of(line.evidence, policy, side)
    return figures_of(side, cells, rows=side, deff=line.evidence.deff, ratio=ratio)


def cost(number: Number) -> str:
    """Write a cost of 1,000 decisions with its range."""
    value, lo, hi = (round(1000 * x) for x in (number.value, number.lo, number.hi))
    return f"{value:,} ({lo:,}–{hi:,})"


def share(number: Number) -> str:
    """Write a rate with its counts and its range."""
    value, lo, hi = (round(100 * x) for x in (number.value, number.lo, number.hi))
    return f"{number.k:,} of {number.n:,}: {value} of 100 ({lo}–{hi})"


# --- why 0.5 can cost more than calling nobody ---------------------------------------


def ways() -> list[str]:
    """Every way to draw the line, at five calls in vain for a missed deposit."""
    line = line_of("deposit-calls")
    cuts = line.cuts_compared
    named = {
        "call nobody": NO_ONE,
        "call everyone": EVERYONE,
        "act from 0.5 on": HALF,
        "act from 0.05 on": Policy(kind="single", act_at=0.05),
        "read the score as a chance: from 0.167 on": cuts.raw.policy,
        "cheapest on the choosing rows: from 0.106 on": cuts.counted.policy,
    }
    assert f"{cuts.raw.policy.act_at:.3f}" == "0.167"
    assert f"{cuts.counted.policy.act_at:.3f}" == "0.106"
    return [
        f"| {name} | " + " | ".join(way(line, policy, side) for side in SIDES) + " |"
        for name, policy in named.items()
    ]


def way(line: Line, policy: Policy, side: str) -> str:
    cells = cells_of(line.evidence, policy, side)
    found = figures(line, policy, side, line.evidence.ratio)
    called = cells.tp + cells.fp
    return f"{called:,} | {cells.tp:,} | {cost(found['expected_cost'])}"


def worths() -> list[str]:
    """At 0.5 beside nobody, for other worths of a missed deposit."""
    line = line_of("deposit-calls")
    return [
        f"| {worth:g} | "
        + " | ".join(
            cost(figures(line, policy, side, worth)["expected_cost"])
            for side in SIDES
            for policy in (HALF, NO_ONE)
        )
        + " |"
        for worth in WORTHS
    ]


def half_sentences() -> list[str]:
    spring, autumn = (figures_at_half(side) for side in SIDES)
    line = line_of("deposit-calls")
    scenario = line.evidence.scenario
    call, deposit = -scenario.payoff.fp, scenario.payoff.tp - scenario.payoff.fp
    bets = {role: getattr(scenario.personas, role).bet for role in ROLES}
    assert (deposit - VISIT) / VISIT == WORTHS[0]
    return [
        f"a call costs {call:g} EUR and a deposit brings {deposit:g} EUR, so one missed"
        f" deposit is worth {(deposit - call) / call:g} calls in vain",
        f"for {VISIT:g} EUR. A deposit then leaves {deposit - VISIT:g} EUR",
        f"Marta's bet was {bets['product'].ratio:g} and Joel's was"
        f" {bets['engineering'].ratio:g}",
        f"The model was right in {spring['right']}",
        f"Kept aside it was right in {autumn['right']}",
        f"In spring that is {spring['even']}, in autumn {autumn['even']}.",
        f"every cut up to {_dearer_than_no_one(line):.4f}",
        f"At a ratio of {line.evidence.ratio:g}",
        "at least 1 in 6",
        "at least 2 of 3",
    ]


def figures_at_half(side: str) -> dict[str, str]:
    """Precision at 0.5, and the worth of a miss at which it costs what no one does."""
    cells = cells_of(line_of("deposit-calls").evidence, HALF, side)
    found = wilson(cells.tp, cells.tp + cells.fp)
    ends = sorted((1 - p) / p for p in (found.lo, found.hi))
    precision = figures(line_of("deposit-calls"), HALF, side, 5)["precision"]
    return {
        "right": share(precision),
        "even": f"{cells.fp / cells.tp:.2f} ({ends[0]:.2f}–{ends[1]:.2f})",
    }


def _dearer_than_no_one(line: Line) -> float:
    """The highest cut at which acting costs more than no one: all below do as well."""
    curve = line.curve
    pays = line.evidence.ratio * curve.tp >= curve.fp
    highest = float(curve.thresholds[~pays].max())
    assert highest < curve.thresholds[pays].min()
    return highest


def test_a_line_costs_more_than_no_one_just_where_too_few_are_right():
    """Below a precision of 1/(1 + ratio), and nowhere else."""
    line = line_of("deposit-calls")
    for side in SIDES:
        curve = line.evidence.curve(side)
        for ratio in WORTHS:
            cost_here = curve.fp + ratio * (curve.positives - curve.tp)
            dearer = cost_here > ratio * curve.positives
            precision = curve.tp / (curve.tp + curve.fp)
            clear = abs(precision - 1 / (1 + ratio)) > 1e-12
            assert (dearer == (precision < 1 / (1 + ratio)))[clear].all()


def test_the_default_line_is_hardly_better_than_no_call_in_spring_and_dear_in_autumn():
    cuts = line_of("deposit-calls").cuts_compared

    def costs(cut: ValuedCut) -> list[float]:
        sides = (cut.choose, cut.report)
        return [round(1000 * found["expected_cost"].value) for found in sides]

    assert costs(cuts.half) == [641, 1794]
    assert costs(cuts.no_one) == [662, 2007]
    assert costs(cuts.everyone) == [868, 599]
    assert costs(cuts.counted) == [544, 940]


# --- the lines of the shipped scenarios ----------------------------------------------


def lines_drawn() -> list[str]:
    """Each scenario's line, and what it gives on either side."""
    return [row(scenario, side) for scenario in SCENARIOS for side in SIDES]


def row(scenario: str, side: str) -> str:
    line = line_of(scenario)
    policy, ratio = line.evidence.policy, line.evidence.ratio
    found = figures(line, policy, side, ratio)
    others = (
        cost(figures(line, other, side, ratio)["expected_cost"])
        for other in (NO_ONE, EVERYONE)
    )
    return (
        " | ".join(
            (
                f"| {scenario}, {ratio:g}, from {policy.act_at:g} on",
                SIDES[side],
                share(found["coverage"]),
                share(found["error_among_answered"]),
                share(found["recall"]),
                cost(found["expected_cost"]),
                *others,
            )
        )
        + " |"
    )


def reasons() -> list[str]:
    """What the reasons beside the lines rest on."""
    assistant, flights, calls = (line_of(name) for name in SCENARIOS)
    nearest = calls.within.shortfall.checks
    missing, wrong = (check.number for check in nearest[:2])
    reviews = calls.within.shortfall.reviews
    return [
        *(_gain(line) for line in (assistant, flights)),
        f"finds {share(missing)} and is wrong in {share(wrong)}",
        f"{reviews.asked:,.0f} of the {calls.curve.n:,} choosing rows",
        f"{reviews.per_week:.0f} reviews a week",
        f"At 0.5 August would have cost {cost(_aside(flights, HALF))}",
        f"the {flights.again.clusters} days of July",
        f"from {flights.again.lo:.3f} to {flights.again.hi:.3f}",
        f"answers {_few(assistant)}",
        f"warns of {_few(flights)}",
    ]


def _gain(line: Line) -> str:
    best = line.best_band
    saved = 1000 * (best.single_cost - best.expected_cost)
    ends = best.policy.act_at, best.policy.review_at
    return (
        f"act from {ends[0]:.4f} on and ask a person from {ends[1]:.4f} on would save"
        f" {saved:.0f} false alarms in 1,000"
    )


def _aside(line: Line, policy: Policy) -> Number:
    return figures(line, policy, "report", line.evidence.ratio)["expected_cost"]


def _few(line: Line) -> str:
    """How few the way to be wrong least often acts on, and its range."""
    within = line.best("least_error")
    found = figures(line, within.policy, "choose", line.evidence.ratio)
    error, acted = found["error_among_answered"], found["coverage"]
    assert error.k == 0
    most = round(100 * error.hi)
    return f"{acted.k} of {acted.n:,}, none of them wrong (0–{most} of 100)"


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_line_recommended_is_the_cheapest_on_the_choosing_rows(scenario):
    line = line_of(scenario)
    found = cheapest_policy(line.curve, ratio=line.evidence.ratio)
    assert line.evidence.policy == found


def test_no_line_for_the_calls_keeps_every_limit_and_everyone_is_cheaper_later():
    line = line_of("deposit-calls")
    assert all(line.best(goal).policy is None for goal in ("cheapest", "most_recall"))
    reviews = line.within.shortfall.reviews
    assert reviews.affordable
    drawn, everyone = (_aside(line, p) for p in (line.evidence.policy, EVERYONE))
    assert everyone.hi < drawn.lo


def test_the_lines_keep_their_limits_as_the_page_says():
    """By the figure, and by the range where the page says so."""
    said = {
        ("privacy-assistant", "choose"): (True, False),
        ("privacy-assistant", "report"): (True, False),
        ("flight-disruptions", "choose"): (True, True),
        ("flight-disruptions", "report"): (True, False),
        ("deposit-calls", "report"): (True, True),
    }
    for (scenario, side), (kept, surely) in said.items():
        line = line_of(scenario)
        found = figures(line, line.evidence.policy, side, line.evidence.ratio)
        error, most = (
            found["error_among_answered"],
            line.limits.max_error_among_answered,
        )
        assert (error.value <= most, error.hi <= most) == (kept, surely)
    assert found["recall"].lo >= line.limits.min_recall
    assert line.promised.state == "kept"


def test_at_half_a_visit_in_spring_surely_loses_and_a_call_surely_pays():
    line = line_of("deposit-calls")
    found = figures(line, HALF, "choose", line.evidence.ratio)["precision"]
    assert found.lo > 1 / 6
    assert found.hi < 2 / 3
    assert figures(line, HALF, "report", 5)["precision"].value < 2 / 3


def test_kept_aside_the_assistants_line_and_everyone_cannot_be_told_apart():
    line = line_of("privacy-assistant")
    drawn, everyone = (_aside(line, p) for p in (line.evidence.policy, EVERYONE))
    assert drawn.value < everyone.value < drawn.hi


# --- how sure, in four ways ----------------------------------------------------------


def doubts() -> list[str]:
    """The calls' line, doubted in each of the four ways."""
    line = line_of("deposit-calls")
    at = line.evidence.policy.act_at
    error = figures(line, line.evidence.policy, "choose", 5)["error_among_answered"]
    point, everywhere = (_band(band, at) for band in line.bands)
    again, best = line.again, line.best_promise
    return [
        f"| {share(error)} |",
        f"right: {point} of 100 at this point; {everywhere} wherever one looks",
        f"from {again.lo:.3f} to {again.hi:.3f}; it costs"
        f" {1000 * again.regret_median:.0f} more in 1,000 at the middle one and up to"
        f" {1000 * again.regret_hi:.0f}",
        f"at most {100 * best.at_most:.1f} of 100 wrong, if"
        f" {round(100 * best.coverage.value)} of 100 are called",
        f"and kept: {share(line.promised.error)} were wrong",
    ]


def _band(band, at: float) -> str:
    place = abs(band.thresholds - at).argmin()
    ends = band.precision_lo[place], band.precision_hi[place]
    return "–".join(f"{100 * end:.0f}" for end in ends)


def promises() -> list[str]:
    """What the assistant may promise, and what picking one cut would pretend."""
    best = line_of("privacy-assistant").best_promise
    k, n = best.error.k, best.error.n
    alone = clopper_pearson(k, n, level=LEVEL, side="upper").hi
    return [
        f"{k} of {n} wrong",
        f"{100 * best.at_most:.1f} of 100",
        f"{100 * alone:.1f} of 100",
        f"over {best.cuts} cuts",
    ]


# --- the page ------------------------------------------------------------------------


def all_written() -> list[str]:
    return [
        *ways(),
        *worths(),
        *half_sentences(),
        *lines_drawn(),
        *reasons(),
        *doubts(),
        *promises(),
    ]


SAID = ("0.5", "0.05", "1,000", "95 %", "03", "0019")
"""Figures that measure nothing: names, denominators, settings."""


@cache
def page() -> str:
    """The page with its lines joined, but for those of tables."""
    return " ".join(PAGE.read_text("utf-8").split())


@pytest.mark.parametrize(
    "part", [ways, worths, half_sentences, lines_drawn, reasons, doubts, promises]
)
def test_the_page_gives_the_figures_that_the_rows_give(part):
    missing = [text for text in part() if text not in page()]
    assert missing == []


def test_the_page_gives_no_figure_that_is_not_held_here():
    rest = re.sub(r"```.*?```|\]\([^)]*\)", " ", page())
    for text in sorted(all_written(), key=len, reverse=True):
        rest = rest.replace(text, " ")
    others = re.findall(r"\d[\d,.]*\d %|\d[\d,.]*\d|\d", re.sub(r"\s\d\. ", " ", rest))
    assert [figure for figure in others if figure not in SAID] == []


def test_the_pages_example_runs():
    code = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    exec(compile(code[1], str(PAGE), "exec"), {})
