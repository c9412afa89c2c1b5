"""What the pair signs: rights, two limits and who checks them, an action, a name."""

from __future__ import annotations

import pytest

from workshop.record.agreed import Action, Agreement, DecisionRight, Escalation
from workshop.record.values import Clause, MeasuredBy
from workshop.views.panels.agreement import DECISIONS, read_action, write_action
from workshop.views.panels.reading import UnreadError

PAUSE = Clause(
    id="C1",
    metric="error_among_answered",
    at_most=0.3,
    slice="English questions",
    window="4 weeks",
    measured_by=MeasuredBy(labels_per_week=40, who="support"),
    owner="engineering",
    then="pause",
    expires="2027-12",
)
ENOUGH = Clause(id="C2", metric="coverage", at_least=0.5, owner="both")
FAST = Clause(id="C3", metric="latency_ms_p95", at_most=200)
CHECKED = {"labels_per_week": "40", "who": "support"}


def test_rights_name_the_decision_and_its_owner(make, notes):
    panel = make("rights")
    panel.fill({"threshold": "engineering", "release": "product"})
    panel.fill({"threshold_consulted": "product"})
    assert panel.save()
    ((rights,),) = notes.of("save")
    assert rights == (
        DecisionRight(
            decision="move the threshold", owner="engineering", consulted="product"
        ),
        DecisionRight(decision="release", owner="product"),
    )


def test_rights_are_read_back_and_others_are_handed_on(make, notes):
    rights = (
        DecisionRight(decision=DECISIONS["threshold"], owner="both"),
        DecisionRight(decision=DECISIONS["release"], owner="product"),
        DecisionRight(decision="name the thing", owner="both"),
    )
    panel = make("rights", args=(rights,))
    assert panel.save()
    assert notes.of("save") == [(rights,)]


def test_two_bounds_and_who_checks_are_enough_for_two_clauses(make, notes):
    panel = make("clauses")
    assert panel.required == 4
    panel.fill({"bound_1": "30", "bound_2": "50"} | CHECKED)
    assert panel.save()
    ((clauses,),) = notes.of("save")
    assert [(c.id, c.metric, c.at_most, c.at_least) for c in clauses] == [
        ("C1", "error_among_answered", 0.3, None),
        ("C2", "coverage", None, 0.5),
    ]


def test_clauses_are_read_back_with_all_that_the_form_does_not_show(make, notes):
    panel = make("clauses", args=((PAUSE, ENOUGH, FAST),))
    assert panel.controls["bound_1"].value == "30 %"
    assert panel.save()
    assert notes.of("save") == [((PAUSE, ENOUGH, FAST),)]


def test_a_bound_follows_its_metric(make, notes, page):
    panel = make("clauses")
    bound = panel.controls["bound_2"]
    assert bound.description == "Questions answered: at least"
    panel.fill(CHECKED | {"bound_1": "30", "bound_2": "200"})
    panel.fill({"metric_2": "latency_ms_p95"})
    assert bound.description == "Slowest answers: at most"
    assert panel.save()
    assert notes.of("save")[0][0][1].at_most == 200
    panel.fill({"metric_2": "coverage"})
    assert not panel.save()
    assert "between 0 and 100" in panel.rows["bound_2"].note.value


def test_a_metric_that_nobody_offers_any_more_is_kept(make, notes):
    rare = Clause(
        id="C9", metric="net_benefit", at_least=0.1, measured_by=PAUSE.measured_by
    )
    panel = make("clauses", args=((rare, ENOUGH),))
    assert panel.controls["metric_1"].value == "net_benefit"
    assert panel.save()
    assert notes.of("save") == [((rare, ENOUGH),)]


def test_who_checks_belongs_to_metrics_that_need_labels(make, notes):
    panel = make("clauses")
    panel.fill({"bound_1": "30", "bound_2": "50", "labels_per_week": "40"})
    assert not panel.save()
    assert "who checks" in panel.rows["who"].note.value
    panel.fill({"labels_per_week": "", "who": "support"})
    assert not panel.save()
    assert "how many answers" in panel.rows["labels_per_week"].note.value
    panel.fill({"labels_per_week": "40"})
    assert panel.save()
    first, second = notes.of("save")[0][0]
    assert first.measured_by == MeasuredBy(labels_per_week=40, who="support")
    assert second.measured_by is None


@pytest.mark.parametrize("missing", CHECKED)
@pytest.mark.parametrize(
    ("first", "second", "needs_labels"),
    [
        ("error_among_answered", "coverage", True),
        ("coverage", "error_among_answered", True),
        ("coverage", "latency_ms_p95", False),
    ],
)
def test_a_limit_that_nobody_checks_is_asked_for_only_where_people_have_to_check(
    make, notes, missing, first, second, needs_labels
):
    panel = make("clauses")
    panel.fill({"metric_1": first, "metric_2": second})
    panel.fill({"bound_1": "50", "bound_2": "60"} | CHECKED | {missing: " "})
    assert panel.save() is not needs_labels
    assert bool(panel.rows[missing].note.value) is needs_labels
    assert len(notes.of("save")) == (0 if needs_labels else 1)


def test_where_a_program_counts_both_limits_nobody_has_to_check(make, notes):
    panel = make("clauses")
    panel.fill({"metric_1": "coverage", "metric_2": "latency_ms_p95"})
    panel.fill({"bound_1": "50", "bound_2": "200"})
    assert panel.save()
    ((clauses,),) = notes.of("save")
    assert [c.measured_by for c in clauses] == [None, None]
    panel.fill({"metric_2": "error_among_answered", "bound_2": "30"})
    assert not panel.save(), "now somebody has to check"
    assert all(panel.rows[key].note.value for key in CHECKED)


def test_a_saved_clause_that_nobody_checks_is_asked_for_when_opened_again(make, notes):
    unchecked = PAUSE.model_copy(update={"measured_by": None})
    panel = make("clauses", args=((unchecked, ENOUGH),))
    assert not panel.save()
    panel.fill(CHECKED)
    assert panel.save()
    assert notes.of("save") == [((PAUSE, ENOUGH),)]


def test_a_new_clause_takes_a_free_name(make, notes):
    panel = make("clauses", args=((Clause(id="C2", metric="recall", at_least=0.5),),))
    panel.fill(CHECKED | {"bound_2": "50"})
    assert panel.save()
    names = [clause.id for clause in notes.of("save")[0][0]]
    assert names == ["C2", "C3"]


def test_escalation_asks_two_things_and_hands_others_on(make, notes):
    second = Escalation(when="costs double", to="the board")
    agreement = Agreement(
        escalation=(Escalation(when="C1 breaks", to="Kim", within_days=2), second),
        retrospective="2027-06",
    )
    panel = make("escalation", args=(agreement,))
    assert panel.controls["within_days"].value == "2"
    panel.fill({"to": "Ole", "when": ""})
    assert panel.save()
    ((asked, when),) = notes.of("save")
    assert (asked[0].to, asked[0].when, when) == ("Ole", "a limit breaks", "2027-06")
    assert asked[1] == second


@pytest.mark.parametrize(
    ("line", "what", "who", "by"),
    [
        ("label 60 more - Ilir - 2027-03", "label 60 more", "Ilir", "2027-03"),
        ("write it up – Dana – March 2027", "write it up", "Dana", "2027-03"),
        ("re-label - and check - Ilir - 2027-03-05", "re-label - and check", "Ilir",
         "2027-03-05"),
        ("ask Anne-Marie — Dana K. — 2027-3", "ask Anne-Marie", "Dana K.", "2027-03"),
    ],
)  # fmt: skip
def test_an_action_is_one_line_in_three_parts(line, what, who, by):
    action = read_action(line).value
    assert action == Action(what=what, who=who, by=by)
    assert read_action(write_action(action)).value == action


@pytest.mark.parametrize(
    "line",
    [
        "label more",
        "label more - Ilir",
        "label more-Ilir-2027",
        " - - - ",
        "a - b - soon",
        "label - - 2027-03",
    ],
)
def test_a_line_that_lacks_a_part_is_answered_with_what_is_needed(make, notes, line):
    with pytest.raises(UnreadError):
        read_action(line)
    panel = make("actions")
    panel.fill({"action_1": line})
    assert not panel.save()
    assert panel.controls["action_1"].value == line
    assert 'role="alert"' in panel.rows["action_1"].note.value


def test_one_action_is_asked_for_and_two_more_may_be_given(make, notes):
    panel = make("actions")
    assert panel.required == 1
    assert not panel.more.opened
    first, third = "label more - Ilir - 2027-03", "write it up - Dana - 2027-04"
    panel.fill({"action_3": third})
    assert not panel.save()
    assert panel.rows["action_1"].note.value
    assert panel.rows["action_2"].note.value == ""
    panel.fill({"action_1": first})
    assert panel.save()
    panel.fill({"action_3": ""})
    assert panel.save()
    both = (read_action(first).value, read_action(third).value)
    assert notes.of("save") == [(both,), (both[:1],)]


def test_actions_are_read_back_and_a_fourth_is_handed_on(make, notes):
    actions = tuple(Action(what=f"do {i}", who="Kim", by="2027-03") for i in range(4))
    panel = make("actions", args=(actions,))
    assert panel.save()
    assert notes.of("save") == [(actions,)]


def test_an_action_without_a_date_is_shown_and_asked_for(make):
    panel = make("actions", args=((Action(what="do it", who="Kim"),),))
    assert panel.controls["action_1"].value == "do it - Kim"
    assert not panel.save()


def test_what_is_still_open_stands_above_the_name(make, notes, page):
    panel = make("sign", signed="<p>signed in May</p>")
    assert "<p>two gaps</p>" in page(panel)
    assert "<p>signed in May</p>" in page(panel)
    panel.fill({"name": " Dana "})
    assert panel.save()
    assert notes.of("save") == [("Dana",)]
