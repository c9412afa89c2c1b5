"""What the pair signs: rights, two limits and who checks them, an action, a name."""

from __future__ import annotations

import pytest

from workshop.record.agreed import Action, Agreement, DecisionRight, Escalation
from workshop.record.terms import DECISIONS, ESCALATIONS, MODEL_DECISIONS
from workshop.record.values import Clause, MeasuredBy
from workshop.views.panels.agreement import (
    read_action,
    write_action,
)
from workshop.views.panels.reading import UnreadError
from workshop.views.panels.rights import read_asked, write_asked

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


def test_an_action_without_a_date_is_shown_and_asked_for(make):
    panel = make("actions", args=((Action(what="do it", who="Kim"),),))
    assert panel.controls["action_1"].value == "do it - Kim"
    assert not panel.save()


def test_an_action_that_is_done_or_overdue_is_said_and_kept(make, notes, page):
    old = Action(what="count", who="Dana", by="2026-01")
    panel = make("actions", args=((old,),), telling=lambda: "<p>one is overdue</p>")
    assert "one is overdue" in page(panel)
    panel.fill({"action_2": "label more - Ilir - 2027-03"})
    assert panel.save(), "what stood there before is no reason to refuse the rest"
    panel.controls["action_1_done"].value = True
    assert panel.save()
    ((first,), (second,)) = notes.of("save")
    assert first[0] == old
    assert second[0] == old.model_copy(update={"done": "2026-12-01"})
    assert second[1:] == first[1:]


def test_the_day_on_which_it_was_done_stays_and_can_be_taken_back(make, notes):
    done = Action(what="count", who="Dana", by="2026-01", done="2026-02-03")
    panel = make("actions", args=((done,),))
    assert panel._asked == ["action_1"]
    assert {"action_2", "action_3", "action_4"} <= set(panel.controls), "three to come"
    assert panel.save()
    panel.controls["action_1_done"].value = False
    assert panel.save()
    assert notes.of("save") == [
        ((done,),),
        ((done.model_copy(update={"done": None}),),),
    ]


def test_an_action_for_a_day_that_has_passed_is_refused(make, notes):
    panel = make("actions")
    panel.fill({"action_1": "label more - Ilir - 2026-11"})
    assert not panel.save()
    assert "has passed" in panel.rows["action_1"].note.value
    assert notes.of("save") == []


def test_one_action_is_asked_for_and_two_more_stand_open(make, notes):
    panel = make("actions")
    assert panel.required == 1
    assert panel.more.opened
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


def test_every_action_is_read_back_however_many_there_are(make, notes):
    actions = tuple(Action(what=f"do {i}", who="Kim", by="2027-03") for i in range(5))
    panel = make("actions", args=(actions,))
    assert panel.controls["action_5"].value == "do 4 - Kim - 2027-03"
    assert panel.save()
    assert notes.of("save") == [(actions,)]


# who decides -------------------------------------------------------------------------


def test_what_the_scenario_suggests_stands_filled_in_and_asks_for_nothing(make, notes):
    panel = make("rights")
    assert panel.required == 0
    assert panel.save()
    ((rights,),) = notes.of("save")
    assert [right.decision for right in rights] == list(DECISIONS.values())
    owners = {right.decision: right.owner for right in rights}
    for key, decision in DECISIONS.items():
        usual = "engineering" if key in MODEL_DECISIONS else "product"
        assert owners[decision] == usual
    release = rights[list(DECISIONS).index("release")]
    assert release.asked == ("legal",)


def test_without_a_suggestion_threshold_and_release_are_asked(make, notes):
    panel = make("rights", suggests=())
    assert panel.required == 2
    assert not panel.save()
    filled = {key for key in DECISIONS if not panel.rows[key].empty}
    assert filled == set(DECISIONS) - {"threshold", "release"}
    panel.fill({"threshold": "product", "release": "product"})
    assert panel.save()
    assert all(right.owner for right in notes.of("save")[0][0])


def test_no_decision_is_left_without_an_owner(make, notes):
    panel = make("rights")
    panel.controls["impact"].value = None
    assert not panel.save()
    assert panel.rows["impact"].note.value
    assert panel.more.opened
    assert notes.of("save") == []


@pytest.mark.parametrize("key", DECISIONS)
def test_a_decision_that_two_would_own_is_refused_in_one_sentence(make, notes, key):
    panel = make("rights")
    panel.fill({key: "both"})
    assert not panel.save()
    assert "choose one of you" in panel.rows[key].note.value
    assert notes.of("save") == []


def test_rights_are_read_back_and_others_are_handed_on(make, notes):
    rights = (
        *(
            DecisionRight(decision=words, owner="product", consulted="engineering")
            for words in DECISIONS.values()
        ),
        DecisionRight(decision="name the thing", owner="both", asked=("the board",)),
    )
    panel = make("rights", args=(rights,))
    assert panel.save()
    assert notes.of("save") == [(rights,)]


def test_a_decision_owned_twice_by_hand_has_one_owner_after_saving(make, notes):
    twice = [
        DecisionRight(decision="Release ", owner=owner)
        for owner in ("product", "engineering")
    ]
    panel = make("rights", args=(twice,))
    assert panel.controls["release"].value == "product"
    assert panel.save()
    names = [right.decision for right in notes.of("save")[0][0]]
    assert names == list(DECISIONS.values())


@pytest.mark.parametrize(
    ("text", "consulted", "asked"),
    [
        ("engineering", "engineering", ()),
        ("Engineering, legal,  the works council ", "engineering",
         ("legal", "the works council")),
        ("product, engineering, product", "both", ()),
        ("support,,", None, ("support",)),
        ("engineering lead", None, ("engineering lead",)),
    ],
)  # fmt: skip
def test_who_is_asked_is_a_line_of_names(text, consulted, asked):
    read = read_asked(text).value
    assert read == (consulted, asked)
    assert read_asked(write_asked(read)).value == read


# whom to ask -------------------------------------------------------------------------


def test_escalation_asks_for_a_day_and_the_four_cases_stand_filled_in(make, notes):
    panel = make("escalation")
    assert panel.required == 1
    assert panel.controls["disagree_to"].value == "the head"
    panel.fill({"retrospective": "2027-06"})
    assert panel.save()
    ((asked, when),) = notes.of("save")
    assert [one.when for one in asked] == list(ESCALATIONS.values())
    assert {(one.to, one.within_days) for one in asked} == {("the head", 3)}
    assert when == "2027-06"


def test_without_a_suggestion_only_the_first_case_is_needed(make, notes):
    panel = make("escalation", suggests=())
    assert panel.required == 2
    panel.fill({"to": "Ole", "retrospective": "2027-06"})
    assert panel.save()
    first = Escalation(when=ESCALATIONS["clause_broken"], to="Ole")
    assert notes.of("save") == [((first,), "2027-06")]


def test_how_soon_without_whom_is_asked_for(make, notes):
    panel = make("escalation", suggests=())
    panel.fill({"to": "Ole", "retrospective": "2027-06", "disagree_within_days": "3"})
    assert not panel.save()
    assert panel.rows["disagree_to"].note.value
    assert notes.of("save") == []


def test_escalation_is_read_back_and_cases_of_ones_own_are_handed_on(make, notes):
    own = Escalation(when="costs double", to="the board")
    cases = tuple(
        Escalation(when=when, to="Kim", within_days=0, meanwhile="it stops")
        for when in ESCALATIONS.values()
    )
    agreement = Agreement(escalation=(own, *cases), retrospective="2027-06")
    panel = make("escalation", args=(agreement,))
    assert panel.save()
    assert notes.of("save") == [((*cases, own), "2027-06")]


def test_a_day_that_has_passed_is_refused_unless_it_stood_there_before(make, notes):
    panel = make("escalation")
    panel.fill({"retrospective": "2026-11-30"})
    assert not panel.save()
    assert "has passed" in panel.rows["retrospective"].note.value
    panel.fill({"retrospective": "2026-12"})
    assert panel.save(), "this month is not over"
    before = Agreement(retrospective="2026-05")
    again = make("escalation", args=(before,))
    again.fill({"to": "Kim"})
    assert again.save(), "that it is overdue is a gap, said elsewhere"


# the signature -----------------------------------------------------------------------


def test_what_is_still_open_stands_above_the_name(make, notes, page):
    told = ["signed in May"]
    panel = make("sign", signed=lambda: told[0])
    assert "<p>two gaps</p>" in page(panel)
    assert "signed in May" in page(panel)
    told[0] = "void"
    panel.refresh()
    assert "signed in May" not in page(panel)
    assert "void" in page(panel)
    panel.fill({"name": " Dana "})
    assert panel.save()
    assert notes.of("save") == [("Dana",)]


def test_the_panel_says_what_a_signature_is_and_is_not(make, page):
    assert "not cryptography" in page(make("sign"))
    assert "void" in page(make("sign"))
