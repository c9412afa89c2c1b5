"""05 as one page: tables that a stranger can read, and nothing left unsaid."""

from __future__ import annotations

from datetime import date

import pytest

from tests.helpers import HOSTILE, THAT_DAY, Page
from workshop.analysis.pitfalls import find_pitfalls
from workshop.analysis.register import list_held
from workshop.data.catalog import find_target
from workshop.record.agreed import (
    Action,
    Agreement,
    DecisionRight,
    Escalation,
    NotAgreed,
    Parked,
    Ritual,
)
from workshop.record.choices import AcceptedRisk, DataReview, Record, Signature
from workshop.record.digest import digest
from workshop.record.terms import DECISIONS
from workshop.views.recaps import agreement as views
from workshop.views.recaps.agreement_next import action_said
from workshop.views.section import Section, View

SCENARIO = find_target("privacy-assistant").scenario
FULL = Agreement(
    decides=tuple(
        DecisionRight(decision=d, owner="product", consulted="engineering")
        for d in DECISIONS.values()
    ),
    escalation=(
        Escalation(
            when="a clause is broken", to="Kim", within_days=1, meanwhile="rest"
        ),
        Escalation(when="the two disagree", to="Lee", within_days=0),
        Escalation(when="costs double", to="the board"),
    ),
    rituals=(Ritual(what="metric_review", on="2027-01-04", every_weeks=4, who="both"),),
    retrospective="2027-03",
    premortem={"black_box": "we quote the clause"},
    actions=(
        Action(what="wait", who="Kim", by="2027-03"),
        Action(what="late", who="Lee", by="2026-01"),
        Action(what="over", who="Dana", done="2026-11-30"),
    ),
    not_agreed=(NotAgreed(about="option", product="A", engineering="B"),),
)


def section(record: Record, today: date = THAT_DAY) -> Section:
    around = views.Around(
        pitfalls=find_pitfalls(record, error=None, acceptable=None, blockers=()),
        held=list_held(record, SCENARIO, today),
        today=today,
        currency="EUR",
    )
    return views.recap(record, around, clauses=(), gaps=())


def words(record: Record, today: date = THAT_DAY) -> str:
    found = section(record, today)
    assert found.numbers is not None
    return Page(found.html).text


def record(agreement: Agreement | None = FULL, **given) -> Record:
    return Record(scenario="x", agreement=agreement, **given)


def test_an_empty_record_says_what_is_missing_and_breaks_nothing():
    text = words(record(None))
    for part in ("Nobody has said yet who decides", "Nobody is named to ask",
                 "No date yet", "No next action", "has not signed"):  # fmt: skip
        assert part in text


def test_each_decision_has_a_row_with_owner_and_who_is_asked():
    text = words(record())
    places = [text.index(words) for words in ("About the model", "retrain the model")]
    places += [text.index(words) for words in ("About the product", "release")]
    assert places == sorted(places)
    own = DecisionRight(decision="name it", asked=("legal", "the board"))
    text = words(record(Agreement(decides=(own,))))
    assert "name it" in text
    assert "legal, the board" in text
    assert "nobody yet" in text


def test_how_soon_is_said_in_days_and_what_runs_meanwhile():
    text = words(record())
    answers = ("Kim, and answers within 1 day", "Lee, and answers the same day")
    for part in (*answers, "the board", "rest", "nothing said"):
        assert part in text


def test_meetings_stand_by_date_and_a_past_one_says_so():
    text = words(record())
    assert text.index("Metric review, from 2027-01-04") < text.index(
        "Retrospective, 2027-03"
    )
    assert "every 4 weeks" in text
    assert "range. With: both." in text
    assert "has passed" not in text
    assert "Retrospective, 2027-03, which has passed" in words(
        record(), date(2027, 4, 1)
    )


def test_a_pitfall_is_answered_by_the_record_in_words_or_open():
    text = words(record())
    assert "answered in our words" in text
    assert "we quote the clause" in text
    assert "open" in text


def test_what_is_overdue_is_marked_and_stands_first():
    text = words(record())
    assert (
        text.index("late") < text.index("wait") < text.index("over", text.index("wait"))
    )
    assert "overdue since 2026-01" in text
    assert "done on 2026-11-30" in text
    risk = AcceptedRisk(finding="DR002", reason="few", revisit="2026-10")
    text = words(record(None, data_review=DataReview(accepted=(risk,))))
    assert "overdue since 2026-10" in text


def test_a_finding_that_no_check_knows_is_still_listed():
    risk = AcceptedRisk(finding="ZZ9", reason="as it was")
    text = words(record(None, data_review=DataReview(accepted=(risk,))))
    assert "ZZ9" in text
    assert "as it was" in text


def test_both_positions_stand_for_the_next_meeting():
    found = section(record())
    text = Page(found.html).text
    assert "For the next meeting" in text
    assert "Which option to take" in text
    assert "somebody still to be named decides by a date still to be set" in text
    (carried,) = found.extra["next_meeting"]
    assert "“A”" in carried
    assert "“B”" in carried


@pytest.mark.parametrize("taken", [True, False])
def test_what_was_parked_says_who_where_and_whether_it_was_taken_up(taken):
    parked = Parked(text="wait" if taken else "muse", step="threshold", who="Dana")
    text = words(record(parking=(parked,)))
    assert "Where we draw the line" in text
    assert ("an action by now" in text) is taken


def test_a_signature_over_something_else_is_void():
    given = record()
    names = {"product": "Dana", "engineering": "Ilir"}
    held = {
        role: Signature(name=name, digest=digest(given), at="2026-12-01T10:00:00")
        for role, name in names.items()
    }
    assert "void, for" not in words(given.model_copy(update={"signatures": held}))
    moved = record(FULL.model_copy(update={"retrospective": "2027-04"}))
    assert words(moved.model_copy(update={"signatures": held})).count("void, for") == 2


def test_an_action_says_what_it_lacks():
    assert "nobody yet" in action_said(Action(what="x", who="")).text
    said = action_said(Action(what="x", who="Kim")).text
    assert said == "x: Kim, by a date still to be set."


def test_hostile_words_are_words():
    line = f"{HOSTILE}\nnext"
    given = Agreement(
        decides=(DecisionRight(decision=line, asked=(line,)),),
        escalation=(Escalation(when=line, to=line, meanwhile=line),),
        rituals=(Ritual(what="retrospective", on="2027-01", who=line),),
        premortem={"black_box": line},
        actions=(Action(what=line, who=line),),
        not_agreed=(NotAgreed(about=line, product=line, decides=line),),
    )
    review = DataReview(conditions=(line,), cannot_do=(line,))
    parked = (Parked(text=line, step=line, who=line),)
    html = section(record(given, data_review=review, parking=parked)).html
    assert "<script>" not in html
    assert "<img" not in html
    assert Page(html).text.count("alert(1)") >= 13
    assert View(()).html == ""
