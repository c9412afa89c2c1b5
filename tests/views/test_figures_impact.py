"""The tornado and the people add up, stay text, and need no style sheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import HOSTILE, Page
from tests.views.pictures import marks
from tests.views.test_style import contrast, lab, light
from workshop.analysis.impact.tornado import Swing, Tornado
from workshop.record.values import Number
from workshop.views.figures_impact import (
    HIGH,
    LOW,
    icons_alt,
    icons_html,
    icons_twin,
    tornado_alt,
    tornado_html,
    tornado_twin,
)
from workshop.views.section import View
from workshop.views.style import GROUND, INK, ROLES

MONEY = "EUR per week"
ENDS = {
    "fp": (-40.0, -5.0, "EUR", -1400.0, 4100.0),
    "seen": (0.3, 0.8, "share", 700.0, 2900.0),
    "minutes_review": (2.0, 6.0, "minutes", 2300.0, 1500.0),
    "per_week": (2500.0, 6000.0, "count", 2000.0, 2600.0),
}
NAMES = {name: f"what {name} is" for name in ENDS}


def number(id: str, value: float | None, unit: str = MONEY) -> Number:
    return Number(id=id, value=value, unit=unit, assumed=True)


def swing(name: str, low: float, high: float, unit: str, *at: float | None) -> Swing:
    return Swing(
        name,
        number(f"{name}.low", low, unit),
        number(f"{name}.high", high, unit),
        number(f"{name}.at_low", at[0]),
        number(f"{name}.at_high", at[1]),
    )


def tornado(**changed: tuple) -> Tornado:
    swings = tuple(swing(name, *each) for name, each in (ENDS | changed).items())
    return Tornado("money", number("centre", 1850.0), swings)


def drawn(found: Tornado, names: dict[str, str] = NAMES) -> str:
    return tornado_html(found, names, outcome="money a week")


def texts(svg: str) -> list[str]:
    return [text for where, text in Page(svg).texts if "text" in where]


def boxes(svg: str, fill: str) -> list[dict]:
    found = [given for tag, given in marks(svg) if tag == "rect"]
    return [given for given in found if given["fill"] == fill][1:]


PARTS = (
    ("left_alone", 93),
    ("missed", 31),
    ("asked", 22),
    ("false_alarm", 1),
    ("caught", 133),
)
PICTURES = {
    "tornado": lambda: drawn(tornado()),
    "people": lambda: icons_html(PARTS),
    "ten people": lambda: icons_html(PARTS, of=10),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_light_and_holds_under_the_strictest_policy(name):
    svg = PICTURES[name]()
    elements = Page(svg).elements
    assert elements[0][0] == "svg"
    assert elements[0][1]["role"] == "img"
    assert len(elements[0][1]["aria-label"] or "") > 20
    assert len(svg) < 8_000
    assert elements[0][1].get("class") in (None, "cg-crowd")
    assert not any("class" in attributes for _, attributes in elements[1:])
    for _, given_attributes in elements:
        assert "style" not in given_attributes
        assert (given_attributes.get("href") or "#p").startswith("#p")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_brings_its_own_ground(name):
    ground = Page(PICTURES[name]()).elements[1]
    assert ground[0] == "rect"
    assert ground[1]["fill"] == GROUND


# --- the tornado ---------------------------------------------------------------------


def test_each_assumption_has_its_name_its_ends_and_what_they_lead_to():
    words = texts(drawn(tornado()))
    assert set(NAMES.values()) <= set(words)
    for said in ("at −40", "at −5", "−1,400", "4,100", "at 30 of 100", "at 6 min"):
        assert said in words
    assert "as likely: 1,800" in words, "money in two leading figures, as beside it"


def test_a_bar_reaches_from_the_low_end_over_the_centre_to_the_high_end():
    svg = drawn(tornado())
    centre = next(float(g["x1"]) for t, g in marks(svg) if t == "line")
    low, high = boxes(svg, LOW), boxes(svg, HIGH)
    assert len(low) == len(high) == len(ENDS)
    assert float(low[0]["x"]) + float(low[0]["width"]) == pytest.approx(
        centre, abs=0.11
    )
    assert float(high[0]["x"]) == pytest.approx(centre, abs=0.11)
    # more minutes earn less: there the low end lies on the right
    assert float(low[2]["x"]) == pytest.approx(centre, abs=0.11)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_widths_are_in_proportion_and_stay_inside(at_low, at_high):
    svg = drawn(tornado(fp=(1.0, 2.0, "EUR", at_low, at_high)))
    for fill in (LOW, HIGH):
        for box in boxes(svg, fill):
            assert 0 <= float(box["x"]) <= 540
            assert float(box["x"]) + float(box["width"]) <= 541.1
    ends = [
        v
        for each in (ENDS | {"fp": (0, 0, "", at_low, at_high)}).values()
        for v in each[3:]
    ]
    room = max(*ends, 1850.0) - min(*ends, 1850.0)
    wide = float(boxes(svg, LOW)[0]["width"])
    assert wide == pytest.approx(max(332 * abs(at_low - 1850) / room, 1), abs=0.06)


def test_nought_is_marked_only_where_it_lies_inside():
    assert "0" in texts(drawn(tornado()))
    inside = tornado(fp=(-40.0, -5.0, "EUR", 400.0, 4100.0))
    assert "0" not in texts(drawn(inside))


def test_both_sides_are_seen_where_they_lie_on_one_side_of_the_centre():
    svg = drawn(tornado(fp=(1.0, 2.0, "EUR", 3000.0, 2400.0)))
    low, high = boxes(svg, LOW)[0], boxes(svg, HIGH)[0]
    assert float(low["height"]) == float(high["height"]) == 9
    assert float(high["y"]) == float(low["y"]) + 9


def test_low_and_high_stay_apart_in_grey_and_from_the_ground():
    gap = abs(lab(light(LOW))[0] - lab(light(HIGH))[0])
    assert gap > 40
    assert contrast(INK, GROUND) > 4.5
    assert not {LOW, HIGH} & set(ROLES.values())


def test_an_assumption_without_values_is_in_the_table_only():
    found = tornado(fp=(-40.0, -5.0, "EUR", None, 4100.0))
    assert NAMES["fp"] not in texts(drawn(found))
    table = tornado_twin(found, NAMES, outcome="money a week")
    assert table.rows[0][2].text == "cannot tell"
    assert len(table.rows) == len(ENDS)


def test_without_a_swing_there_is_no_picture_and_words_say_so():
    found = Tornado("money", number("centre", 1850.0), ())
    assert drawn(found) == ""
    said = tornado_alt(found, NAMES, outcome="money a week").text
    assert said == "No assumption moves money a week: it is 1,800."


def test_words_name_what_moves_it_most():
    said = tornado_alt(tornado(), NAMES, outcome="money a week").text
    assert "from “what fp is”: from −1,400" in said


def test_a_swing_of_nothing_is_still_a_stroke():
    found = tornado(fp=(3.0, 3.0, "EUR", 1850.0, 1850.0))
    assert float(boxes(drawn(found), LOW)[0]["width"]) == 1


def test_the_tornados_numbers_have_one_meaning_each():
    table = tornado_twin(tornado(), NAMES, outcome="money a week")
    assert len(View((table,)).numbers) == 4 * len(ENDS) + 1


def test_hostile_names_stay_text():
    names = dict.fromkeys(NAMES, HOSTILE)
    svg = tornado_html(tornado(), names, outcome=HOSTILE)
    twin = tornado_twin(tornado(), names, outcome=HOSTILE)
    html = svg + twin.html + icons_html(PARTS, names=dict.fromkeys(ROLES, HOSTILE))
    found = Page(html).elements
    assert not {"script", "img"} & {tag for tag, _ in found}
    assert not [n for _, g in found for n in g if n.startswith("on")]


# --- people --------------------------------------------------------------------------


def people(svg: str, role: str) -> int:
    """How many stand in the picture, without the one in the key."""
    known = {ROLES[role]}
    return (
        sum(g["fill"] in known and "v-6.2" in g.get("d", "") for _, g in marks(svg)) - 1
    )


@given(
    st.lists(st.integers(0, 10_000), min_size=5, max_size=5).filter(sum),
    st.sampled_from((10, 100)),
)
def test_people_always_add_up(counts, of):
    parts = list(zip(ROLES, counts, strict=True))
    svg = icons_html(parts, of=of)
    in_the_key = sum(count > 0 for count in counts)
    drawn = [look for _, look in marks(svg) if "v-6.2" in look.get("d", "")]
    assert len(drawn) == of + in_the_key
    shown = [n for n in icons_twin(parts, of=of).numbers if n.unit == "people" and n.n]
    by_role = {each.id: each for each in shown}
    assert sum(each.value for each in by_role.values()) == of
    for role, count in parts:
        each = by_role[f"people.{role}"]
        assert (each.k, each.n) == (count, sum(counts))
        assert abs(each.value - of * count / sum(counts)) < 1


def test_people_are_drawn_in_groups_in_the_colours_of_what_happens_to_them():
    svg = icons_html(PARTS)
    assert people(svg, "caught") == 48
    assert people(svg, "left_alone") == 33
    said = icons_alt(PARTS).text
    assert said.startswith("Of 100: 33 left alone, 11 missed, 8 sent to a person,")


def test_a_kind_too_rare_for_a_person_of_its_own_is_still_said():
    assert "false alarms: fewer than one" in icons_alt(PARTS).text
    assert "false alarms: fewer than one" in texts(icons_html(PARTS))


def test_a_kind_that_nobody_met_is_left_out_of_the_words():
    said = icons_alt((("caught", 5), ("missed", 0))).text
    assert said == "Of 100: 100 caught."


def test_mistakes_carry_a_cross_so_that_grey_tells_them_too():
    crossed = icons_html((("caught", 1), ("false_alarm", 1)))
    plain = icons_html((("caught", 1), ("asked", 1)))
    assert 'fill="none"' in crossed
    assert 'fill="none"' not in plain


def test_nobody_counted_is_no_picture():
    assert icons_html((("caught", 0),)) == ""
    assert icons_alt((("caught", 0),)).text == "cannot tell"


@pytest.mark.parametrize("parts", [(("wizard", 3),), (("caught", -1),)])
def test_people_that_cannot_be_are_refused(parts):
    with pytest.raises(ValueError, match="cannot be drawn"):
        icons_html(parts)
