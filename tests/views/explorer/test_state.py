"""What travels to the browser is small, whole, and harmless; nothing is lost on it."""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import HOSTILE
from tests.views.explorer.givens import counts_of, made_up_rows, some_given
from workshop.analysis.curve import threshold_curve
from workshop.analysis.exploring import cuts_to_show
from workshop.analysis.policies import evaluate
from workshop.analysis.review_bands import above_all
from workshop.record.values import Limits, Policy
from workshop.views.explorer.given import MOST_CUTS, Band, Counts, Dot, Group
from workshop.views.explorer.readout import cells_at
from workshop.views.explorer.state import (
    explorer_state,
    policy_at,
    position_of,
    start_of,
)
from workshop.views.explorer.static import (
    explorer_css,
    explorer_html,
    explorer_module,
    explorer_script,
    script_hash,
)
from workshop.views.explorer.widget import Explorer
from workshop.views.style import ROLES
from workshop.views.wording import phrase

GIVEN = some_given()
LAST = len(GIVEN.cuts) - 1


def falling(total: int, draw: random.Random) -> tuple[int, ...]:
    """Counts that fall from ``total`` to none over the most cuts there may be."""
    between = sorted(
        (draw.randrange(total) for _ in range(MOST_CUTS - 2)), reverse=True
    )
    return (total, *between, 0)


def largest() -> object:
    """Ten million rows, 300 cuts, six groups, a band: as large as it can get."""
    draw = random.Random(1)

    def counts(n: int) -> Counts:
        return Counts(falling(n, draw), falling(n, draw), n, n, 2.4137218351)

    def shares() -> tuple[float, ...]:
        return tuple(draw.random() for _ in range(MOST_CUTS))

    cuts = (*sorted(draw.uniform(-20, 20) for _ in range(MOST_CUTS - 1)), math.inf)
    places = tuple(sorted(draw.random() for _ in range(MOST_CUTS)))
    return some_given(
        cuts=cuts,
        across=places,
        counts=counts(5_000_000),
        band=Band(shares(), shares(), shares(), shares()),
        groups=tuple(Group("origin", "x" * 20, counts(800_000)) for _ in range(6)),
        limits=Limits(max_group_difference=0.1, min_recall=0.5, min_precision=0.5),
        dots=tuple(
            Dot(draw.random(), draw.randrange(20), True, draw.randrange(MOST_CUTS))
            for _ in range(100)
        ),
    )


def test_with_six_groups_at_300_cuts_it_stays_under_fifty_kilobytes():
    text = json.dumps(explorer_state(largest()), separators=(",", ":"))
    assert len(text.encode()) <= 50_000


def test_it_is_plain_json_without_infinities():
    text = json.dumps(explorer_state(GIVEN), allow_nan=False)
    assert json.loads(text) == explorer_state(GIVEN)
    assert json.loads(text)["cuts"][-1] is None


def test_it_holds_no_row():
    more = some_given([*made_up_rows(), *made_up_rows()])
    once, twice = (len(json.dumps(explorer_state(g))) for g in (GIVEN, more))
    assert abs(twice - once) < 0.1 * once


def asked_by_the_module() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return every word of the module, and the forms of names it puts together."""
    module = explorer_module()
    forms = re.findall(r"texts\[`([^`]*)`\]", module)
    whole = [re.sub(r"\\\$\\\{.*?\\\}", r"\\w+", re.escape(f)) for f in forms]
    return set(re.findall(r"\w+", module)), [re.compile(form) for form in whole]


def test_every_template_that_travels_is_asked_for():
    words, forms = asked_by_the_module()
    assert len(forms) > 4
    idle = [
        name
        for name in explorer_state(GIVEN)["texts"]
        if name not in words and not any(form.fullmatch(name) for form in forms)
    ]
    assert idle == []


def test_every_template_that_the_module_names_travels():
    named = set(re.findall(r"texts\.(\w+)", explorer_module()))
    assert len(named) > 40
    assert named <= set(explorer_state(GIVEN)["texts"])


def test_dots_come_in_the_order_in_which_a_line_leaves_them():
    until = explorer_state(GIVEN)["dots"]["until"]
    assert until == sorted(until)


@given(st.integers(0, LAST), st.integers(0, LAST))
def test_a_position_makes_a_policy_and_a_policy_the_position(one, other):
    ask, act = sorted((one, other))
    assert position_of(GIVEN, policy_at(GIVEN, act, ask)) == (act, ask)


@pytest.mark.parametrize(
    ("policy", "position"),
    [
        (Policy(kind="all"), (0, 0)),
        (Policy(kind="none"), (LAST, LAST)),
        (Policy(kind="single", act_at=GIVEN.cuts[7]), (7, 7)),
        (Policy(kind="single", act_at=10**9), (LAST, LAST)),
        (Policy(kind="single", act_at=-(10**9)), (0, 0)),
        (
            Policy(kind="review_band", act_at=GIVEN.cuts[9], review_at=GIVEN.cuts[4]),
            (9, 4),
        ),
        (Policy(kind="today"), None),
        (Policy(kind="random", volume=0.5), None),
    ],
)
def test_where_a_policy_stands(policy, position):
    assert position_of(GIVEN, policy) == position


def test_asking_some_and_acting_on_no_one_acts_on_no_row_between_the_cuts():
    rows = made_up_rows(900)
    scores, labels = [s for s, _, _ in rows], [label for _, label, _ in rows]
    curve = threshold_curve(labels, scores)
    cuts = cuts_to_show(curve, MOST_CUTS)
    assert max(scores) > cuts[-2]  # as many cuts as there may be do not hold all scores
    many = some_given(rows, cuts=cuts, counts=counts_of(rows, cuts))
    many = replace(many, above_all=above_all(curve))
    last = len(cuts) - 1
    policy = policy_at(many, last, 40)
    cells = evaluate(policy, curve, ratio=1.0).cells
    assert cells.tp + cells.fp == 0
    assert cells == cells_at(many.counts, last, 40)
    assert position_of(many, policy) == (last, 40)
    assert Policy.model_validate_json(policy.model_dump_json()) == policy


def test_the_range_between_groups_travels_only_where_there_is_such_a_limit():
    gap = explorer_state(GIVEN)["gap"]
    assert len(gap["lo"]) == len(gap["hi"]) == len(GIVEN.cuts)
    assert gap["hi"][LAST] is None
    assert gap["lo"][0] < gap["hi"][0]
    unlimited = replace(GIVEN, limits=Limits(min_recall=0.5))
    assert explorer_state(unlimited)["gap"] is None


def test_where_rows_hang_together_it_says_by_what_ranges_are_widened():
    widened = phrase("explorer.widened")
    assert widened in explorer_state(GIVEN)["notes"]
    single = replace(GIVEN.counts, deff=1.0)
    assert widened not in explorer_state(replace(GIVEN, counts=single))["notes"]


def test_it_starts_at_everyone_unless_a_line_was_locked():
    assert start_of(GIVEN) == (0, 0)
    locked = replace(GIVEN, start=Policy(kind="single", act_at=GIVEN.cuts[5]))
    assert start_of(locked) == (5, 5)


def test_a_jump_says_where_to_or_why_not():
    jumps = explorer_state(GIVEN)["jumps"]
    assert jumps["least_cost"] == {"to": [len(GIVEN.cuts) // 2] * 2}
    assert jumps["best_within"] == {"why_not": "No line keeps every limit."}
    assert jumps["today"] == {"to": [LAST, LAST]}


# --- the widget ----------------------------------------------------------------------


def test_the_widget_knows_its_policy():
    widget = Explorer(GIVEN)
    assert widget.policy == Policy(kind="all")
    widget.act = widget.ask = 5
    assert widget.policy == Policy(kind="single", act_at=GIVEN.cuts[5])
    widget.ask = 2
    band = Policy(kind="review_band", act_at=GIVEN.cuts[5], review_at=GIVEN.cuts[2])
    assert widget.policy == band
    widget.policy = Policy(kind="none")
    assert (widget.act, widget.ask) == (LAST, LAST)


def test_other_numbers_leave_line_and_marks_at_their_scores():
    widget = Explorer(GIVEN)
    widget.act, widget.ask, widget.marks = 40, 30, {"product": 40, "engineering": LAST}
    fewer = some_given([row for row in made_up_rows() if row[0] != GIVEN.cuts[3]])
    widget.show(fewer)
    assert fewer.cuts[widget.act] == GIVEN.cuts[40]
    assert fewer.cuts[widget.ask] == GIVEN.cuts[30]
    assert widget.marked == {"product": GIVEN.cuts[40], "engineering": math.inf}
    assert widget.state == explorer_state(fewer)


def test_marks_that_were_kept_are_there_again():
    kept = replace(GIVEN, marks={"product": GIVEN.cuts[8]})
    assert Explorer(kept).marks == {"product": 8}
    assert Explorer(kept).marked == {"product": GIVEN.cuts[8]}


# --- the page without a kernel -------------------------------------------------------


def test_a_page_hides_the_explorer_until_its_script_runs():
    html = explorer_html(GIVEN, "explorer")
    assert html.startswith('<div class="cgx-host" id="explorer" hidden>')


def test_hostile_names_cannot_leave_the_state():
    hostile = replace(
        GIVEN, unit=HOSTILE, act=HOSTILE, names=dict.fromkeys(GIVEN.names, HOSTILE)
    )
    html = explorer_html(hostile, 'a"b')
    inside = html.split('json">', 1)[1].split("</script>", 1)[0]
    assert "<" not in inside
    assert json.loads(inside)["state"]["unit"] == HOSTILE
    scripts = [tag for tag in html.split("<") if tag.startswith("script")]
    assert scripts == [f'script type="application/json">{inside}']


def test_the_script_is_the_same_text_every_time_and_asks_for_nothing():
    script = explorer_script()
    assert script == explorer_script()
    assert script_hash().startswith("sha256-")
    assert "</script" not in script
    reaches = ("http://www.w3.org/2000/svg",)
    for address in reaches:
        script = script.replace(address, "")
    assert "://" not in script
    assert "innerHTML" not in script
    assert "eval(" not in script


def test_colours_are_the_houses():
    assert all(colour in explorer_css() for colour in ROLES.values())
