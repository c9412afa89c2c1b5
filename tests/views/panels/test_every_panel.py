"""What holds for every panel: each control does something, and nothing typed is lost.

The last test walks every panel and fails when it meets a control that none of the
tests in this folder drives.
"""

from __future__ import annotations

import ast
from pathlib import Path

import ipywidgets as w
import pytest

from tests.views.panels.conftest import examples
from workshop.errors import ConflictError, WorkshopError
from workshop.record.terms import DECISIONS
from workshop.views.panels import Panel, required_answers
from workshop.views.panels.form import Form
from workshop.views.panels.journey import JOURNEY
from workshop.views.panels.premortem import PITFALLS
from workshop.views.wording import has, phrases

# Panel → field → an answer, and another one that has to change what is saved.
ANSWERS: dict[str, dict[str, tuple[object, object]]] = {
    "seats": {
        "mode": ("two", "product"),
        "product_name": ("Dana", "Kim"),
        "engineering_name": ("Ilir", "Ole"),
        "support_name": ("Sol", "Sam"),
        "legal_name": ("Lena", "Luc"),
        "design_name": ("Dov", "Dee"),
    },
    "line": {"counts_as_wrong": ("a false clause", "an empty clause")},
    "bet": {
        "tolerable_error": ("20", "10 %"),
        "expected": ("10 20 30", "10 - 25 - 30"),
        "ratio": ("5", "2.5"),
        "fallback": ("human", "not_sure"),
        "owner": ("both", "product"),
        "guess": ("far too few", "twice as many"),
    },
    "outcome": {
        "measure": ("agent hours a week", "questions sent on"),
        "from": ("200", "1,200"),
        "to": ("130", "100"),
        "by": ("2027-03", "April 2027"),
        "kind": ("operations", "decision"),
    },
    "questions": {
        "harmed": ("customers", "staff"),
        "rule": ("a law", "another law"),
        "promised": ("nothing", "too much"),
        "engineering_there": ("yes", "no"),
        "rule_checked_by": ("the legal team", "nobody"),
        "promised_by": ("2027-03", "2027-04"),
    },
    "expectations": {
        "acceptable_error": ("20", "25"),
        "fallback": ("human", "not_sure"),
        "success": ("fewer calls", "fewer mails"),
        "cost_speed": ("under a second", "under a minute"),
        "ratio": ("5", "4"),
        "says": ("I am not sure", "Please call us"),
        "success_metric": ("precision", "recall"),
        "last_word_today": ("the head", "nobody"),
    },
    "risk": {
        "finding": ("DR002", "DR004"),
        "reason": ("we know", "we measure"),
        "owner": ("product", "both"),
        "revisit": ("2027-01", "2027-02"),
    },
    "assumption": {
        "says": ("users read it", "users skip it"),
        "confidence": ("low", "high"),
        "owner": ("product", "both"),
        "revisit": ("2027-01", "2027-02"),
    },
    "threshold": {
        "because": ("half of it", "most of it"),
        "told_why": ("it is the nearest", "others asked the same"),
    },
    "value": {
        "name": ("fp", "fn"),
        "low": ("-5", "-6"),
        "likely": ("-3", "-2"),
        "high": ("-1", "0"),
        "confidence": ("low", "high"),
        "source": ("two complaints", "the bills"),
        "owner": ("engineering", "both"),
        "ratio": ("keep", "follow"),
    },
    "satisfaction": {
        "asked": ("was it helpful?", "would you come again?"),
        "today": ("60", "70"),
        "target": ("80", "90"),
        "unit": ("of 100 say yes", "of 5"),
        "owner": ("product", "both"),
    },
    "option": {
        "option": ("keyword", "minilm"),
        "because": ("cheap", "fast"),
        "bound": ("130", "1,300"),
        "measure": ("hours", "mails"),
        "metric": ("nothing", "hours_saved"),
        "side": ("at_least", "at_most"),
    },
    "rights": {
        answer: ("support", "engineering, legal")
        if answer.endswith("_asked")
        else ("engineering", "product")
        for key in DECISIONS
        for answer in (key, f"{key}_asked")
    },
    "clauses": {
        "bound_1": ("20", "30"),
        "bound_2": ("50", "60"),
        "metric_1": ("error_among_answered", "coverage"),
        "metric_2": ("coverage", "error_among_answered"),
        "owner_1": ("product", "both"),
        "owner_2": ("product", "both"),
        "then_1": ("pause", "talk"),
        "then_2": ("pause", "talk"),
        "labels_per_week": ("40", "50"),
        "who": ("support", "experts"),
        "cost_per_label": ("3", "0"),
        "bound_3": ("10", "20"),
        "metric_3": ("error_among_answered", "coverage"),
        "owner_3": ("product", "both"),
        "then_3": ("pause", "talk"),
    }
    | {
        f"{key}_{place}": answers
        for place in (1, 2, 3)
        for key, answers in {
            "slice": ("carrier=UA", "carrier=DL"),
            "window": ("2 weeks", "a month"),
            "minimum_sample": ("50", "60"),
            "expires": ("2027-06", "2027-07-01"),
        }.items()
    }
    # only where a limit needs labels can they be counted by others
    | {
        f"{key}_1": answers
        for key, answers in {
            "own_labels": ("20", "30"),
            "own_who": ("experts", "lawyers"),
            "own_cost": ("4", "5"),
        }.items()
    },
    "escalation": {
        "to": ("head of support", "the board"),
        "retrospective": ("2027-06", "2027-07-01"),
    }
    | {
        f"{case}{part}": answers
        for case in ("", "disagree_", "user_harmed_", "against_business_")
        for part, answers in {
            "to": ("head of support", "the board"),
            "within_days": ("2", "0"),
            "meanwhile": ("answers pause", "people answer"),
        }.items()
    },
    "rituals": {
        "readiness_review": ("2027-02", "2027-03"),
        "metric_review": ("2027-01-04", "2027-01-11"),
        "every_weeks": ("4", "2"),
        "readiness_review_who": ("Ilir", "Dana"),
        "metric_review_who": ("Ilir", "Dana"),
    },
    "premortem": {
        answer: answers
        for name in PITFALLS
        for answer, answers in {
            name: ("we say why", "we say how"),
            f"{name}_act": (True, False),
            f"{name}_who": ("Ilir", "Dana"),
            f"{name}_by": ("2027-03", "2027-04"),
        }.items()
    },
    "parking": {"text": ("a thought", "a worry")},
    "parked": {
        "line": ("a thought", "a worry"),
        "who": ("Ilir", "Dana"),
        "by": ("2027-03", "2027-04"),
    },
    "actions": {
        f"action_{i}": (f"label {i} - Ilir - 2027-03", f"label {i} - Dana - 2027-04")
        for i in (1, 2, 3)
    },
    "sign": {"name": ("Dana", "Dana K.")},
    "not_agreed": {
        "product": ("at most 10", "at most 12"),
        "engineering": ("30 is fine", "25 is fine"),
        "decides": ("the head", "the board"),
        "by": ("2027-03", "2027-04"),
        "would_change_product": ("20 calls", "30 calls"),
        "would_change_engineering": ("5 calls", "6 calls"),
    },
}
# Newer panels bring theirs along, in the module of their own tests.
ANSWERS |= {name: one.answers for name, one in examples().items()}
FORMS = sorted(set(ANSWERS) - {"not_agreed"})
FILLED = {"value", "satisfaction", "rights", "escalation", "rituals", "premortem"}
ASKED = sorted(set(FORMS) - FILLED)
"""Forms that ask; others start with what is stated, and may stay as they are."""
FIELDS = [(name, key) for name, keys in ANSWERS.items() for key in keys]
PASSIVE = (w.HTML, w.VBox, w.HBox)

# Buttons that the tests of one panel's own file drive.
DRIVEN_ELSEWHERE = {
    "cases": {
        f"{r}.{s}" for r in ("product", "engineering") for s in ("fine", "harmful")
    }
    | {"back", "next"},
    "clauses": {f"own_{key}_{p}" for key in ("labels", "who", "cost") for p in (2, 3)},
    "hand_over": {"product", "engineering"},
    "opening": {"product", "engineering", "look"}
    | {"ready.product", "ready.engineering"},
    "value": {"yes", "no", "forget", "handle"},
    "option": {"yes", "no"},
    "outcome": {"yes", "no"},
    "questions": {"harmed.unknown", "rule.unknown", "promised.unknown"},
    "assumption": {"open"},
    "register": {"assumption.DR003", "cannot_do.DR011.OO"},
    "outside": {f"{do}_{n}" for do in ("line", "move", "remove") for n in "123"}
    | {"own", "add_may", "add_not", "draft"},
}
PROPOSED = ("clauses",)
"""Forms that stand filled in; a test of their own says that they can be empty too."""
FOR_ONE = ("guess", "exercise")
"""Asked of one who is alone; tests/steps/test_lessons.py drives them."""
NO_FORM = ("cases", "hand_over", "opening", "register", "outside")
DRIVEN_HERE = {"save", "undecided", "disagree", "more"}


def form_of(panel: Panel) -> Form:
    return panel if isinstance(panel, Form) else panel.form


def made(make, name: str) -> tuple[Panel, str]:
    """Return a panel, and what its saved values are noted as."""
    if name == "not_agreed":
        return form_of(make("line")).not_agreed, "not_agreed"
    return make(name), "save"


def answer_all(panel: Panel, name: str, but: str | None = None) -> None:
    """Fill every control; the one called ``but`` gets its other answer, at last."""
    for key, (usual, _) in ANSWERS[name].items():
        panel.controls[key].value = usual
    if but is not None:
        panel.controls[but].value = ANSWERS[name][but][1]


@pytest.mark.parametrize(("name", "key"), FIELDS)
def test_each_answer_changes_what_is_saved(make, notes, name, key):
    for but in (None, key):
        panel, noted = made(make, name)
        answer_all(panel, name, but)
        panel.buttons["save"].click()
        if (name, but) == ("value", "ratio"):  # it is asked once more
            panel.buttons["yes"].click()
    usual, other = notes.of(noted)
    assert usual != other


@pytest.mark.parametrize("name", ANSWERS)
def test_saving_says_so_on_the_page(make, notes, page, name):
    panel, _ = made(make, name)
    notes.answer = "Kept: 20 of 100."
    answer_all(panel, name)
    panel.buttons["save"].click()
    assert "Kept: 20 of 100." in page(panel)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_panel_asks_at_most_five_things_and_the_rest_is_closed(make, name):
    panel, _ = made(make, name)
    form = form_of(panel)
    assert form.required <= 5
    assert form.more.opened is (name in ("not_agreed", "satisfaction", "actions"))


@pytest.mark.parametrize("name", ASKED)
def test_each_unanswered_question_says_so_and_nothing_is_saved(make, notes, name):
    form = form_of(make(name))
    form.save()
    assert notes.of("save") == []
    silent = [key for key in form._asked if not form.rows[key].note.value]
    assert silent == []


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_typed_is_lost_when_saving_does_not_work(make, notes, name):
    panel, _ = made(make, name)
    answer_all(panel, name)
    typed = {key: control.value for key, control in panel.controls.items()}
    notes.error = ConflictError("Somebody else saved this in the meantime.")
    panel.buttons["save"].click()
    assert {key: control.value for key, control in panel.controls.items()} == typed


@pytest.mark.parametrize("name", ANSWERS)
def test_an_error_of_the_workshop_becomes_a_sentence(make, notes, page, name):
    panel, _ = made(make, name)
    answer_all(panel, name)
    notes.error = WorkshopError("record.yaml: <the disk> is full.")
    panel.buttons["save"].click()
    assert "record.yaml: &lt;the disk&gt; is full." in page(panel)
    assert "Traceback" not in page(panel)


@pytest.mark.parametrize("name", FORMS)
def test_undecided_goes_on_without_an_answer(make, notes, page, name):
    panel = make(name)
    panel.buttons["undecided"].click()
    assert notes.of("undecided") == [()]
    assert "Left open." in page(panel)


@pytest.mark.parametrize("name", FORMS)
def test_disagreeing_unfolds_a_small_form_about_this_choice(make, notes, name):
    panel = make(name)
    form = form_of(panel)
    assert form._disagreement_area.layout.display == "none"
    panel.buttons["disagree"].click()
    assert form._disagreement_area.layout.display == ""
    answer_all(form.not_agreed, "not_agreed")
    form.not_agreed.buttons["save"].click()
    ((kept,),) = notes.of("not_agreed")
    assert kept.about
    assert (kept.product, kept.decides, kept.by) == (
        "at most 10",
        "the head",
        "2027-03",
    )
    panel.buttons["disagree"].click()
    assert form._disagreement_area.layout.display == "none"


@pytest.mark.parametrize("name", FORMS)
def test_more_opens_and_closes(make, name):
    panel = make(name)
    if "more" not in panel.buttons:
        hidden = set(form_of(panel).controls) - set(form_of(panel)._asked)
        assert name == "premortem" or not hidden  # there, behind a tick each
        return
    at_first = form_of(panel).more.opened
    panel.buttons["more"].click()
    assert form_of(panel).more.opened is not at_first
    panel.buttons["more"].click()
    assert form_of(panel).more.opened is at_first


def test_more_of_a_disagreement_can_be_closed(make):
    panel, _ = made(make, "not_agreed")
    panel.buttons["more"].click()
    assert not panel.more.opened


@pytest.mark.parametrize("name", FORMS)
def test_a_read_only_record_keeps_nothing_and_says_how_to_start_ones_own(
    make, notes, page, name
):
    why = "This is the shipped example. Start your own with: workshop start"
    panel = make(name, read_only=why)
    assert why in page(panel)
    answer_all(panel, name)
    for pressed in ("save", "undecided"):
        panel.buttons[pressed].click()
        assert why in form_of(panel).message.value
    assert notes.of("save") == notes.of("undecided") == []


@pytest.mark.parametrize("name", sorted(JOURNEY))
def test_a_panel_shows_itself_and_has_words_where_no_widget_can(make, name):
    panel = make(name)
    bundle = panel._repr_mimebundle_()
    widget = bundle["application/vnd.jupyter.widget-view+json"]
    assert widget["model_id"] == panel.widget.model_id
    assert "VBox" not in bundle["text/plain"]
    assert "=" not in repr(panel)


@pytest.mark.parametrize("name", sorted(JOURNEY))
def test_no_panel_uses_the_widget_that_can_hang(make, walk, name):
    assert not any(isinstance(part, w.Output) for part in walk(make(name).widget))


@pytest.mark.parametrize("name", sorted(JOURNEY))
def test_no_program_words_stand_on_a_panel(make, page, walk, name):
    panel = make(name)
    shown = page(panel) + " ".join(
        getattr(part, "description", "") for part in walk(panel.widget)
    )
    for word in ("digest", "kernel", "revision", "None", "{", "sha256"):
        assert word not in shown


@pytest.mark.parametrize("name", ASKED)
def test_nothing_that_a_person_should_judge_is_filled_in(make, name):
    panel = make(name)
    form = form_of(panel)
    filled = {k for k in form._asked if not form.rows[k].empty}
    assert filled == set()


@pytest.mark.parametrize("name", FORMS)
def test_what_a_person_typed_is_shown_as_text(make, notes, page, hostile, name):
    panel = make(name)
    answer_all(panel, name)
    for control in form_of(panel).controls.values():
        if isinstance(control, w.Text | w.Textarea):
            control.value = hostile
            panel.buttons["save"].click()
            assert "<script>" not in page(panel)
            assert "<b>" not in page(panel)


def test_the_whole_journey_asks_for_at_most_forty_answers(make):
    required = required_answers()
    assert sum(required.values()) <= 40
    for name, (often, _) in JOURNEY.items():
        if name not in PROPOSED:
            assert required[name] == often * make(name).required
    assert required["clauses"] == 0, "proposed, and only to be edited"


def test_every_control_of_every_panel_is_driven_by_a_test(make, walk):
    untested = []
    for name in JOURNEY:
        panel = make(name)
        known = {control: key for key, control in panel.controls.items()}
        pressed = {button: key for key, button in panel.buttons.items()}
        form = None if name in NO_FORM else form_of(panel)
        if form is not None:
            panel.buttons["disagree"].click()
            known |= {c: f"not_agreed.{k}" for k, c in form.not_agreed.controls.items()}
            pressed |= {
                b: f"not_agreed.{k}" for k, b in form.not_agreed.buttons.items()
            }
        driven = set(ANSWERS.get(name, ())) | DRIVEN_ELSEWHERE.get(name, set())
        driven |= {f"not_agreed.{key}" for key in ANSWERS["not_agreed"]}
        driven |= DRIVEN_HERE | {"not_agreed.save", "not_agreed.more"}
        for part in walk(panel.widget):
            if isinstance(part, PASSIVE):
                continue
            key = known.get(part) or pressed.get(part)
            if key not in driven:
                untested.append(f"{name}: {key or type(part).__name__}")
    assert untested == []


def test_every_sentence_that_a_panel_names_is_in_the_catalogue():
    missing = []
    for path in Path("workshop/views/panels").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            named = getattr(node.func, "id", "") in ("say", "phrase")
            if named and isinstance(node.args[0], ast.Constant):
                key = node.args[0].value
                missing += [] if has(key) else [f"{path.name}: {key}"]
    assert missing == []


def test_every_question_in_the_catalogue_is_asked_by_some_panel(make):
    asked = set()
    for name in FORMS:
        form = form_of(make(name))
        asked |= {f"field.{name}.{r.asked.say_as or k}" for k, r in form.rows.items()}
        rows = form.not_agreed.rows
        asked |= {f"field.not_agreed.{key}" for key in rows}
    parts = ("", "_help", "_example", "_missing")
    spoken = {f"{key}{part}" for key in asked for part in parts}
    written = {key for key in phrases() if key.startswith("field.")}
    written = {key for key in written if key.split(".")[1] not in FOR_ONE}
    assert written - spoken == set()
    assert asked - written == set()


@pytest.mark.parametrize("name", sorted(JOURNEY))
def test_every_form_can_say_what_a_disagreement_is_about(name):
    if name not in NO_FORM:
        assert has(f"panel.{name}.about")
