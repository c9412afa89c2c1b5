"""What a retrospective's page says: calm, in people, and the same everywhere."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.helpers import HOSTILE, Page
from tests.views.recaps.retros import (
    ACTIONS,
    AGREEMENT,
    BEFORE_LABELS,
    BETS,
    BROKEN,
    DECISION,
    DRIFTS,
    EVERYTHING,
    KEPT,
    NAMES,
    PROMISES,
    RECORD,
    SINCE,
    UNTOLD,
    WORDS,
)
from workshop.analysis.bets_scored import score_rounds
from workshop.analysis.intervals import rate
from workshop.analysis.retro.results import LabelledApart, Window
from workshop.record.agreed import Action, Escalation, Retrospective
from workshop.record.bets import Bet
from workshop.record.choices import Record
from workshop.record.values import Count, Number
from workshop.views.recaps.retrospective import (
    Looked,
    broken_said,
    headline,
    open_recap,
    part_view,
    recap,
)
from workshop.views.recaps.retrospective_clauses import (
    clause_card,
    states_said,
    weeks_figure,
)
from workshop.views.recaps.retrospective_drift import drift_blocks, drift_said
from workshop.views.recaps.retrospective_held import last_line, since_section
from workshop.views.recaps.retrospective_json import look_json
from workshop.views.recaps.retrospective_people import action_said, bet_said
from workshop.views.recaps.retrospective_promise import promise_said
from workshop.views.recaps.retrospective_text import look_text
from workshop.views.recaps.retrospective_words import how_many, listed
from workshop.views.section import View
from workshop.views.wording import say


def page_of(looked: Looked = EVERYTHING, record: Record = RECORD) -> Page:
    return Page(recap(looked, record, WORDS, NAMES).html)


def card_text(held, agreement=AGREEMENT) -> str:
    return Page(clause_card(held, agreement, WORDS).html).text


# --- the headline --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ([BROKEN, KEPT, UNTOLD], "Of three promises one is kept, one is broken and "),
        ([KEPT], "The promise is kept."),
        ([UNTOLD], "Whether the promise is kept cannot be told yet."),
        ([KEPT, KEPT], "Both promises are kept."),
        ([UNTOLD, UNTOLD], "Neither of the two promises can be told yet."),
        ([BROKEN] * 3, "All three promises are broken."),
        ([KEPT, KEPT, BROKEN], "Of three promises two are kept and one is broken."),
        ([], "Nothing was promised that a program can check"),
    ],
)
def test_the_headline_counts_promises_in_words(held, says):
    assert states_said(held).text.startswith(says)


def test_more_than_ten_are_written_in_figures():
    assert how_many(11, "x").text == "11"
    assert [n.value for n in how_many(11, "x").numbers] == [11.0]


def test_a_list_has_an_and_before_the_last():
    words = [say("retro.win_said", what=w) for w in "abc"]
    assert listed(words).text == "a, b and c"
    assert listed(words[:1]).text == "a"


# --- the page ------------------------------------------------------------------------


def test_every_number_on_the_page_is_one_of_the_sections():
    section = recap(BEFORE_LABELS, RECORD, WORDS, NAMES)
    known = {number.id for number in section.numbers}
    shown = {datum.id for datum in Page(section.html).data}
    assert shown <= known
    assert len(shown) > 40


def test_no_figure_stands_loose_in_a_sentence():
    loose = list(page_of(BEFORE_LABELS).loose_text())
    allowed = "of 100"
    digits = [t for t in loose if any(c.isdigit() for c in t.replace(allowed, ""))]
    assert digits == []


def test_each_promise_has_a_card_and_each_with_weeks_a_picture():
    html = recap(EVERYTHING, RECORD, WORDS, NAMES).html
    assert html.count('<div class="cg-card') == 3
    assert html.count("cg-grave") == 1, "only the broken one is marked"
    assert html.count("<figure") == 3, "two promises with weeks, then and now"


def test_a_broken_promise_says_what_was_agreed_for_that():
    said = card_text(BROKEN)
    assert "70 of 100 (67 to 73; 700 of 1,000)" in said
    assert "warnings go to the duty manager first" in said
    assert "Now the head of operations is asked, within one day" in said
    assert "the watch called in the week of 2013-10-07" in said


@pytest.mark.parametrize(
    ("within", "meanwhile", "says"),
    [
        (None, "", "Now Ada is asked."),
        (None, "it waits", "Now Ada is asked; meanwhile it waits."),
        (0, "", "Now Ada is asked, the same day."),
        (0, "it waits", "Now Ada is asked, the same day; meanwhile it waits."),
        (1, "", "Now Ada is asked, within one day."),
        (3, "", "Now Ada is asked, within 3 days."),
        (3, "it waits", "within 3 days; meanwhile it waits."),
    ],
)
def test_whoever_is_asked_is_named_with_as_much_as_was_said(within, meanwhile, says):
    call = Escalation(
        when="a clause is broken", to="Ada", within_days=within, meanwhile=meanwhile
    )
    asked = AGREEMENT.model_copy(update={"escalation": (call,)})
    assert says in card_text(BROKEN, asked)
    assert "Ada" not in card_text(KEPT, asked)


def test_a_broken_promise_that_the_watch_missed_says_why():
    quiet = replace(BROKEN, alarm="")
    assert "asks for more than one window shows" in card_text(quiet)
    assert "never called" in card_text(KEPT)


def test_cannot_tell_has_its_price():
    said = card_text(UNTOLD)
    assert "About 460 more rows would tell" in said, "coverage needs no label"
    assert "about 12 weeks" in said
    assert "about 1,380 USD" in said
    assert "price" not in card_text(KEPT)


def test_cannot_tell_without_a_way_says_so():
    assert "no sensible number of rows" in card_text(replace(UNTOLD, more=None))


@pytest.mark.parametrize(
    "why",
    [
        "no_policy",
        "no_ratio",
        "no_option",
        "without_model",
        "no_labels",
        "no_rows",
        "few_rows",
        "no_metric",
        "no_slice",
        "one_label",
        "nothing_seen",
        "no_time",
        "no_window",
        "labels_one_sided",
        "same_rows",
    ],
)
def test_whatever_is_missing_is_a_sentence(why):
    missing = replace(
        UNTOLD,
        why=why,
        more=None,
        number=UNTOLD.number.model_copy(update={"value": None}),
    )
    said = card_text(missing)
    assert say(f"retro.why_{why}").text in said
    assert "no sensible number" not in said


def test_the_picture_of_the_weeks_says_what_it_shows_and_has_a_table():
    figure = weeks_figure(BROKEN)
    assert figure is not None
    assert "Beyond the limit lie six of eight weeks" in figure.alt.text
    assert "called in the week of 2013-10-07" in figure.alt.text
    assert figure.twin is not None
    assert len(figure.twin.rows) == 8
    assert "the last 4 weeks together" in figure.svg
    assert "the watch called" in figure.svg
    assert "the watch called" not in weeks_figure(KEPT).svg


def test_without_weeks_there_is_no_picture():
    assert weeks_figure(UNTOLD) is None
    assert weeks_figure(replace(BROKEN, looks=BROKEN.looks[:1])) is None


def test_then_and_now_are_counted_and_drawn():
    said = promise_said(PROMISES).text
    assert "three figures" in said
    assert "one is worse, one has moved and one cannot be told" in said
    page = page_of()
    assert "56 of 100 (55 to 58; 2,705 of 4,808)" in page.text
    assert "+13.7 points (+10.5 to +16.8)" in page.text
    assert "the new rows are above that" in page.text


def test_figures_that_all_say_the_same_are_said_at_once():
    assert promise_said(PROMISES[:1]).text.endswith("it is worse.")
    alike = [replace(one, verdict="cannot_tell") for one in PROMISES]
    assert "none of them can be told from chance" in promise_said(alike).text


# --- what moved ----------------------------------------------------------------------

CALM = replace(
    DRIFTS,
    label=DRIFTS.label.model_copy(update={"lo": -0.02, "hi": 0.02}),
    scores=replace(DRIFTS.scores, moved=False),
    told=0,
    inputs=(),
)


def test_what_moved_is_tied_to_the_decision():
    assert drift_said(DRIFTS, DECISION).text == (
        "The new rows differ from those you chose on, and that changes where the "
        "line should be."
    )
    assert drift_said(None, None).text.startswith("Whether the world has moved cannot")
    same = replace(DECISION, line=replace(DECISION.line, verdict="same"))
    assert drift_said(CALM, same).text == (
        "The new rows look like those you chose on; neither another line nor another "
        "option would be better by more than 5 of 100 of what the agreed one costs."
    )


@pytest.mark.parametrize(
    ("line", "option", "already", "says"),
    [
        ("changes", "changes", False, "both the line and the option"),
        ("same", "changes", False, "which option is best"),
        ("same", "changes", True, "was better before the release too"),
        ("cannot_tell", "same", False, "cannot be told yet"),
        ("same", "cannot_tell", False, "cannot be told yet"),
    ],
)
def test_an_option_that_was_cheaper_before_is_no_change(line, option, already, says):
    found = replace(
        DECISION,
        option=option,
        already=already,
        line=replace(DECISION.line, verdict=line),
    )
    assert says in drift_said(DRIFTS, found).text


def test_details_wait_in_a_fold():
    html = View(drift_blocks(DRIFTS, DECISION, WORDS)).html
    before, _, folded = html.partition("<details>")
    assert "<table>" not in before
    assert folded.count("<table>") == 3
    assert "(chosen)" in folded
    assert "rules" in folded, "what has no score is named"


def test_an_option_without_a_title_has_the_houses_words():
    own, other = DECISION.options
    nameless = replace(other, id="do_nothing", title="")
    found = replace(
        DECISION, options=(own, nameless), cheaper="do_nothing", option="changes"
    )
    said = Page(View(drift_blocks(DRIFTS, found, WORDS)).html).text
    assert "“Do nothing” is surely cheaper now" in said


# --- people --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        ("inside", "inside the range, and that is harder than it looks"),
        ("above", "Most first guesses are more hopeful"),
        ("below", "better than feared"),
        ("cannot_tell", "cannot tell yet"),
    ],
)
def test_every_bet_gets_a_kind_word(outcome, says):
    said = bet_said(replace(BETS[0], outcome=outcome), NAMES).text
    assert says in said
    assert said.startswith("Noor bet on 20 wrong of 100, between 10 and 35.")
    for blame in ("wrong about", "failed", "mistake", "should have"):
        assert blame not in said


def test_a_seat_without_a_name_is_called_by_its_role():
    assert bet_said(BETS[0], {}).text.startswith("Product")


def test_an_action_says_whether_it_is_late_and_carried():
    assert "passed, and it was carried" in action_said(ACTIONS[0]).text
    assert action_said(ACTIONS[1]).text == "write it: Mateo, by a date still to be set."


def test_an_action_that_nobody_has_taken_says_so():
    nobody = replace(ACTIONS[1], action=Action(what="write it", who=""))
    assert action_said(nobody).text.startswith("write it: nobody yet, by")


def test_the_first_time_says_so_and_the_next_says_what_helped():
    def since(looked: Looked) -> str:
        return Page(part_view(["since"], looked, RECORD, WORDS, NAMES).html).text

    assert "the first retrospective" in since(replace(EVERYTHING, since=None))
    said = since(EVERYTHING)
    assert "What you changed then: the line went up" in said
    assert "33 of 100 then, 44 now, better by more than chance" in said
    assert "C1 was kept and is broken." in said
    assert "C2 is still kept." in said
    unknown = SINCE.figures[0].before.model_copy(update={"value": None})
    figures = (replace(SINCE.figures[0], before=unknown),)
    lost = replace(EVERYTHING, since=replace(SINCE, figures=figures))
    assert "one of the two is not known" in since(lost)


def test_before_labels_arrive_the_page_says_what_can_be_said():
    said = page_of(BEFORE_LABELS).text
    assert "The truth is known for 16,000 of them." in said
    assert "Acted on: 5 of 100, against 16 of 100 before the release." in said
    assert "That is an assumption and no measurement." in said
    assert "takes 385 of those acted on" in said
    assert "by about 2013-11-20" in said
    assert "Before the truth is known" not in page_of().text
    none = replace(BEFORE_LABELS, window=Window(rows=7, labelled=0))
    assert "The truth is known for none of them yet." in page_of(none).text


# --- the same elsewhere --------------------------------------------------------------


def test_the_terminal_says_what_the_page_says():
    lines = look_text(BEFORE_LABELS, RECORD, WORDS, NAMES).splitlines()
    page = page_of(BEFORE_LABELS).text
    assert lines[0] == headline(BEFORE_LABELS).text
    assert "broken  C1: error among answered at most 60 of 100" in lines
    for sentence in (
        "The range reaches over the limit, so these rows cannot tell.",
        "Acted on: 5 of 100, against 16 of 100 before the release.",
        "C1 was kept and is broken.",
        "write it: Mateo, by a date still to be set.",
    ):
        assert any(line.strip() == sentence for line in lines)
        assert sentence in page


def test_the_gates_reason_names_the_promise_and_the_figure():
    said = broken_said(EVERYTHING).text
    assert said.startswith("C1: error among answered at most 60 of 100, but it is 70")
    assert "C2" not in said


KEYS = {
    "rows",
    "labelled",
    "first",
    "last",
    "labelled_apart",
    "data",
    "headline",
    "clauses",
    "promise",
    "drift",
    "bets",
    "since",
    "wins",
    "carried",
    "waiting",
}
CLAUSE_KEYS = {
    "id",
    "metric",
    "at_most",
    "at_least",
    "slice",
    "state",
    "why",
    "number",
    "first",
    "last",
    "more",
    "weeks",
    "price",
    "a_week",
    "window_weeks",
    "alarm",
}


@pytest.mark.parametrize("looked", [EVERYTHING, BEFORE_LABELS, Looked(Window())])
def test_the_json_has_the_same_keys_whatever_was_found(looked):
    found = json.loads(json.dumps(look_json(looked)))
    assert set(found) == KEYS
    assert all(set(clause) == CLAUSE_KEYS for clause in found["clauses"])
    keys = {"says", "label", "scores_moved", "inputs_moved", "line", "option"}
    assert set(found["drift"]) == keys | {"best", "why", "cheaper"} | {
        "line_already",
        "option_already",
    }


def test_whatever_somebody_wrote_is_shown_as_text():
    record = RECORD.model_copy(
        update={
            "agreement": AGREEMENT.model_copy(
                update={
                    "escalation": (
                        Escalation(
                            when="a clause is broken", to=HOSTILE, meanwhile=HOSTILE
                        ),
                    )
                }
            )
        }
    )
    clause = BROKEN.clause.model_copy(update={"then": HOSTILE, "slice": HOSTILE})
    looked = replace(
        EVERYTHING,
        clauses=(replace(BROKEN, clause=clause),),
        since=replace(SINCE, changed=HOSTILE),
        said_wins=(HOSTILE,),
        actions=(replace(ACTIONS[0], action=Action(what=HOSTILE, who=HOSTILE)),),
    )
    tags = {tag for tag, _ in page_of(looked, record).elements}
    assert not tags & {"script", "img"}
    assert HOSTILE.split("{")[0].split(">")[0] in page_of(looked, record).text


# --- what the record keeps -----------------------------------------------------------

HELD = tuple(
    Retrospective(
        at=f"2027-0{month}-10",
        data="sha256:abcd",
        rows=900 + month,
        first="2027-01-01",
        last="2027-01-31",
        clauses={"C1": state, "C2": "kept"},
        counts={"C1": Count(k=30 + month, n=100)},
        changed="the line went up",
        carried=(
            Action(what="count them", who="Noor", done=f"2027-0{month}-09"),
            Action(what="write it", who="Mateo"),
        ),
        wins=("people noticed",),
    )
    for month, state in ((2, "kept"), (3, "broken"))
)


def test_the_report_lists_every_retrospective_from_the_record():
    section = since_section(RECORD.model_copy(update={"retrospectives": HELD}), "calls")
    page = Page(section.html)
    assert "2 retrospectives were held, the last on 2027-03-10" in page.text
    for said in (
        "902 calls from 2027-01-01 to 2027-01-31.",
        "C1 broken (33 of 100) and C2 kept",
        "Changed since: the line went up",
        "Went well: people noticed.",
        "Done: count them: Noor.",
        "Still to do: write it: Mateo.",
    ):
        assert said in page.text
    assert {datum.id for datum in page.data} <= {n.id for n in section.numbers}


def test_before_any_retrospective_the_report_says_nothing_of_it():
    assert since_section(RECORD, "calls") is None


def test_status_mentions_the_last_one():
    said = last_line(HELD).text
    assert said.startswith("Last retrospective 2027-03-10: C1 broken (33 of 100")


def test_without_rows_the_page_says_what_to_hand_in_and_what_is_open():
    section = open_recap(RECORD, "record.yaml", ACTIONS)
    page = Page(section.html)
    assert section.status == "undecided"
    assert "workshop retro record.yaml --data" in page.text
    assert "C1: error among answered at most 60 of 100" in page.text
    assert "You wanted to meet again in 2027-02." in page.text
    assert "count them" in page.text
    empty = open_recap(Record(scenario="x"), "record.yaml", ())
    assert "done in the agreement's notebook" in Page(empty.html).text
    held = RECORD.model_copy(update={"retrospectives": HELD})
    assert "the last on 2027-03-10" in open_recap(held, "r", ()).headline.text


# --- what may be said and what may not ------------------------------------------------


CHANGES = [("changes", "same"), ("same", "changes"), ("changes", "changes")]


def test_rows_that_look_alike_are_never_said_to_change_anything():
    for drifts in (CALM, None):
        for line, option in CHANGES:
            found = replace(
                DECISION, option=option, line=replace(DECISION.line, verdict=line)
            )
            said = drift_said(drifts, found).text
            assert "and that changes" not in said
            assert "all the same" in said


def test_a_line_that_was_cheaper_before_is_no_change():
    line = replace(DECISION.line, already=True)
    found = replace(DECISION, line=line)
    assert "was better before the release too" in drift_said(DRIFTS, found).text
    said = Page(View(drift_blocks(DRIFTS, found, WORDS)).html).text
    assert "it would have before the release too" in said
    assert "the line saves" not in said


def test_the_option_named_is_the_best_of_those_surely_cheaper():
    own, other = DECISION.options
    luck = replace(other, id="luck", title="Luck")
    found = replace(
        DECISION,
        options=(own, other, luck),
        best="luck",
        cheaper="weather",
        option="changes",
    )
    said = Page(View(drift_blocks(DRIFTS, found, WORDS)).html).text
    assert "“Weather and hour” is surely cheaper now" in said


def test_how_near_as_seen_is_and_that_ranges_hold_together_is_said():
    said = page_of().text
    assert "“As seen” means within 5 points." in said
    assert "all three differences hold together" in said
    alone = page_of(replace(EVERYTHING, promises=PROMISES[:1])).text
    assert "hold together" not in alone


def test_labels_on_one_side_are_said_with_a_remedy():
    apart = LabelledApart(
        rate("retro.labelled.acted", 90, 100, rows="live"),
        rate("retro.labelled.others", 0, 400, rows="live"),
    )
    said = page_of(replace(EVERYTHING, labelled_apart=apart)).text
    assert "for 90 of 100 of those acted on and for 0 of 100 of the others" in said
    assert "pick some of those left alone by lot" in said
    turned = LabelledApart(acted=apart.others, others=apart.acted)
    other = page_of(replace(EVERYTHING, labelled_apart=turned)).text
    assert "pick some of those acted on by lot" in other


def test_a_window_that_is_not_full_says_how_many_days_there_were():
    clause = BROKEN.clause.model_copy(update={"window": "4 weeks"})
    short = Window("2013-10-22", "2013-10-27", 90, 90)
    said = card_text(replace(BROKEN, clause=clause, window=short))
    assert "In the 6 days that there are of the last 4 weeks, up to 2013-10-27" in said
    day = card_text(replace(BROKEN, window=replace(short, first=short.last)))
    assert "In the one day that there is of the last" in day


def test_a_window_that_never_holds_enough_says_what_would():
    given = {
        "a_week": Number(id="retro.C3.a_week", value=90, unit="labels"),
        "window_weeks": Number(id="retro.C3.window_weeks", value=12, unit="weeks"),
    }
    said = card_text(replace(UNTOLD, weeks=None, **given))
    assert "never holds that many" in said
    assert "90 a week" in said
    assert "12 weeks" in said
    longer = card_text(replace(UNTOLD, weeks=None, window_weeks=given["window_weeks"]))
    assert "12 weeks" in longer
    assert "a week or" not in longer


def test_where_rows_may_be_the_same_there_is_no_before_and_after():
    since = replace(SINCE, figures=(), why="same_rows")
    said = page_of(replace(EVERYTHING, since=since)).text
    assert "may be those of the last time" in said
    assert "C1 was kept and is broken." in said


def test_scores_of_bets_wait_in_a_fold_of_the_page():
    bet = Bet(
        tolerable_error=0.2,
        expected_error=0.2,
        expected_low=0.1,
        expected_high=0.35,
        ratio=1,
        fallback="not_sure",
        owner="both",
    )
    errors = [rate(f"e{i}", 20 + i, 100, rows="live") for i in range(5)]
    rounds = (score_rounds("product", bet, errors),)
    html = recap(replace(EVERYTHING, rounds=rounds), RECORD, WORDS, {}).html
    assert "Pinball" not in page_of().text
    before, _, folded = html.partition("Bets as forecasts")
    assert before.rstrip().endswith("<summary>")
    assert "Brier" in folded
    assert "Product" in folded
