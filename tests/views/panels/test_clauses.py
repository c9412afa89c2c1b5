"""What must hold: proposed, edited, priced while it is typed, and lost by nobody."""

from __future__ import annotations

import pytest

from workshop.record.values import Clause, MeasuredBy

SUPPORT = MeasuredBy(labels_per_week=40, who="support", cost_per_label=3)
ERROR = Clause(
    id="C1",
    metric="error_among_answered",
    at_most=0.3,
    slice="app=maps",
    window="2 weeks",
    minimum_sample=50,
    measured_by=SUPPORT,
    owner="engineering",
    then="pause",
    expires="2027-12",
)
REACH = Clause(id="C2", metric="coverage", at_least=0.5, owner="both")
EXPERTS = MeasuredBy(labels_per_week=10, who="experts", cost_per_label=9)
THIRD = Clause(id="C7", metric="error_among_answered", at_most=0.1, measured_by=EXPERTS)


def typed(panel) -> str:
    return "|".join(said.value for said in panel._beside.values())


def brings(clause: Clause) -> str:
    """Say which clause it was asked about, as a step would say what it brings."""
    by = clause.measured_by
    if by is None:
        return f"<p>nobody for {clause.id}</p>"
    return f"<p>{clause.id} by {by.who} {by.labels_per_week} {by.cost_per_label}</p>"


def test_a_proposal_fills_the_form_asks_nothing_and_is_kept_by_saving_alone(
    make, notes
):
    panel = make("clauses", proposed=(ERROR, REACH))
    assert panel.required == 0
    assert notes.of("save") == []
    assert panel.save()
    assert notes.of("save") == [((ERROR, REACH),)]


def test_an_edited_proposal_is_kept_as_it_was_edited(make, notes):
    panel = make("clauses", proposed=(ERROR, REACH))
    panel.fill({"bound_1": "25", "slice_1": "", "window_1": "a month"})
    assert panel.save()
    first = notes.of("save")[0][0][0]
    assert (first.at_most, first.slice, first.window) == (0.25, "", "a month")


def test_what_was_agreed_comes_before_any_proposal(make, notes):
    panel = make("clauses", args=((REACH, THIRD),), proposed=(ERROR,))
    assert panel.save()
    assert notes.of("save") == [((REACH, THIRD),)]


def test_half_a_proposal_asks_for_the_other_half(make):
    panel = make("clauses", proposed=(REACH,))
    assert panel.required == 3, "the second bound, how many, and who"


@pytest.mark.parametrize("many", [2, 3, 5])
def test_every_clause_of_the_record_is_on_the_form_and_one_place_is_free(
    make, notes, many
):
    more = tuple(
        THIRD.model_copy(update={"id": f"C{9 + place}"}) for place in range(many)
    )
    clauses = (ERROR, REACH, *more)[:many]
    panel = make("clauses", args=(clauses,))
    assert f"bound_{many + 1}" in panel.controls or many == 2
    assert panel.save()
    assert notes.of("save") == [(clauses,)]


def test_a_third_limit_is_added_and_taken_away_again(make, notes):
    panel = make("clauses", args=((ERROR, REACH),))
    panel.fill({"bound_3": "5", "metric_3": "error_among_answered"})
    assert panel.save()
    panel.fill({"bound_3": ""})
    assert panel.save()
    with_third, without = (saved for (saved,) in notes.of("save"))
    assert [c.id for c in with_third] == ["C1", "C2", "C3"]
    assert with_third[2].measured_by == SUPPORT, "as all are"
    assert without == (ERROR, REACH)


def test_new_names_differ_from_each_other_and_from_those_that_are_there(make, notes):
    panel = make("clauses", args=((Clause(id="C2", metric="coverage", at_least=0.5),),))
    panel.fill({"bound_2": "5", "bound_3": "6", "metric_2": "coverage"})
    panel.fill({"labels_per_week": "4", "who": "us"})
    assert panel.save()
    names = [clause.id for clause in notes.of("save")[0][0]]
    assert len(set(names)) == 3
    assert names[0] == "C2"


@pytest.mark.parametrize("place", [2, 3])
@pytest.mark.parametrize(
    ("key", "text", "part", "value"),
    [
        ("own_labels", "12", "labels_per_week", 12),
        ("own_who", "lawyers", "who", "lawyers"),
        ("own_cost", "0", "cost_per_label", 0),
    ],
)
def test_a_limit_can_be_measured_otherwise_than_the_others(
    make, notes, place, key, text, part, value
):
    panel = make("clauses", proposed=(ERROR, REACH))
    panel.fill({f"metric_{place}": "error_among_answered", f"bound_{place}": "9"})
    panel.fill({f"{key}_{place}": text})
    assert panel.save()
    clauses = notes.of("save")[0][0]
    expected = SUPPORT.model_copy(update={part: value})
    assert clauses[place - 1].measured_by == expected
    assert clauses[0].measured_by == SUPPORT


def test_who_measures_all_limits_themselves_need_no_common_answer(make, notes):
    panel = make("clauses", args=((ERROR, REACH, THIRD),))
    assert panel.controls["own_who_3"].value == "experts"
    panel.fill({"labels_per_week": "", "who": "", "own_labels_1": "5"})
    assert not panel.save()
    panel.fill({"own_who_1": "us"})
    assert panel.save()


def test_what_a_limit_brings_stands_beside_it_while_it_is_typed(make):
    panel = make("clauses", brings=brings)
    assert typed(panel) == "||"
    panel.fill({"bound_1": "30"})
    assert "nobody for C1" in typed(panel)
    panel.fill({"labels_per_week": "40", "who": "support"})
    assert "C1 by support 40 None" in typed(panel)
    panel.fill({"cost_per_label": "2.5"})
    assert "C1 by support 40 2.5" in typed(panel)
    panel.fill({"bound_1": "much"})
    assert typed(panel) == "||"


def test_a_limit_that_did_not_change_is_not_asked_about_again(make, notes):
    asked: list[str] = []
    panel = make(
        "clauses",
        proposed=(ERROR, REACH),
        brings=lambda clause: asked.append(clause.id) or "",
    )
    asked.clear()
    panel.fill({"then_2": "talk"})
    assert asked == ["C2"]


def test_a_price_below_nothing_is_not_taken(make, notes):
    panel = make("clauses", proposed=(ERROR, REACH))
    panel.fill({"cost_per_label": "-1"})
    assert not panel.save()
    assert "less than nothing" in panel.rows["cost_per_label"].note.value
    assert notes.of("save") == []
