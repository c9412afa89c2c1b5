"""Two lists for people who were not there: each line whole, and who signed it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers import HOSTILE, Page
from workshop.analysis.clauses import hold
from workshop.analysis.group_names import Group
from workshop.analysis.outside_ground import Draft, Drafts
from workshop.analysis.policies import Cells
from workshop.data.catalog import find_target
from workshop.record.agreed import Agreement, Outside, Statement
from workshop.record.choices import Record, Signature
from workshop.record.digest import digest
from workshop.record.terms import METRICS
from workshop.record.values import Clause, Number
from workshop.views.recaps import outside as views
from workshop.views.section import View
from workshop.views.wording import phrases

SCENARIO = find_target("privacy-assistant").scenario
NAMES = {"product": "Dana", "engineering": "Ilir"}
TELLING = views.Telling(SCENARIO.decision, SCENARIO.cluster_name, NAMES)
BOUND = Number(id="framing.acceptable_error", value=0.3, assumed=True)
ERROR = Number(
    id="chosen.error_among_answered", value=0.2, k=18, n=90, lo=0.13, hi=0.295,
    level=0.95, method="wilson", rows="report",
)  # fmt: skip
SOURCES = Number(id="error.sources", value=5.0, unit="sources", rows="all")
PEOPLE = ERROR.model_copy(update={"id": "week.wrong", "lo": 520.0, "hi": 1180.0})
VOLUME = Number(id="week.volume", value=4000.0, unit="questions", assumed=True)
TWO = {"bound": BOUND, "error": ERROR}
GROUP = {"column": "job", "group": Group("nurse"), "error": ERROR}
OPEN = {"about": "health apps", "decides": "Kim", "by": "2027-01"}
KEPT = Draft("error", "kept", TWO)
DRAFTS: list[tuple[Draft, str]] = [
    (KEPT,
     "We promise that of every 100 times we show the quoted clause, at most 30 are"
     " wrong: by the 90 checked it is 13.0 to 29.5."),
    (Draft("error", "kept_here", TWO | {"sources": SOURCES}),
     "We promise that of every 100 times we show the quoted clause, at most 30 are"
     " wrong: by the 90 checked it is 13.0 to 29.5, in the 5 sources that they come"
     " from."),
    (Draft("outcome", "", {"measure": "hours", "by": "2027-06",
           "from": BOUND.model_copy(update={"id": "a", "value": 600.0}),
           "to": BOUND.model_copy(update={"id": "b", "value": 420.0})}),
     "We want this to change by 2027-06: hours, from 600 to 420. That is an aim and no"
     " promise."),
    (Draft("unsure", "", {"how": "human"}), "When it is unsure, a person takes over."),
    (Draft("unsure", "in_words", {"how": "not_sure", "says": "ask us"}),
     "When it is unsure, it says that it is not sure, in these words: “ask us”"),
    (Draft("wrong", "", {"line": "a false clause"}),
     "What we count as wrong: “a false clause”"),
    (Draft("look", "", {"date": "2027-03"}),
     "We hold all of this against new data in 2027-03."),
    (Draft("look", "", {"date": "2027-03-15"}),
     "We hold all of this against new data on 2027-03-15."),
    (Draft("look", "decides", {"date": "2027-03", "owner": "product"}),
     "We hold all of this against new data in 2027-03; Dana decides on the release."),
    (Draft("look", "decide", {"date": "2027-03", "owner": "both"}),
     "We hold all of this against new data in 2027-03; Dana + Ilir decide on the"
     " release."),
    (Draft("people", "", {"people": PEOPLE, "volume": VOLUME}),
     "Of 4,000 questions a week, as stated, 520 to 1,200 are acted on and wrong, by"
     " the 90 checked."),
    (Draft("error", "straddles", TWO),
     "That of every 100 times we show the quoted clause, at most 30 are wrong: by the"
     " 90 checked it may be 13.0 to 29.5, so nobody can tell yet."),
    (Draft("error", "above", TWO),
     "That of every 100 times we show the quoted clause, at most 30 are wrong: by the"
     " 90 checked it is 13.0 to 29.5, which is more."),
    (Draft("error", "blocker", {"codes": "DR001"}),
     "How often it is wrong: finding DR001 stands in the way of any promise."),
    (Draft("error", "no_promise"),
     "How often it may be wrong: that has not been agreed."),
    (Draft("error", "no_threshold"),
     "How often it is wrong: nobody has decided yet from which score on it acts."),
    (Draft("error", "nothing_answered"),
     "How often it is wrong: among the rows checked it acted on none."),
    (Draft("error", "no_rows"),
     "How often it is wrong: nothing has been checked yet."),
    (Draft("promised", "", {"promised": "half the calls"}),
     "“half the calls”: that was promised before anybody had counted."),
    (Draft("promised", "against", {"promised": "never wrong"}),
     "“never wrong”: that was promised before anybody had counted, and does not fit"
     " what is agreed now."),
    (Draft("open", "", OPEN), "This is still open between us: health apps."),
    (Draft("open", "decided", OPEN),
     "This is still open between us, and decided by 2027-01 (Kim): health apps."),
    (Draft("sources", "", {"error": ERROR, "sources": SOURCES}),
     "That it goes elsewhere as it does here: the 90 checked come from only 5 sources;"
     " of 100 in them, 13 to 30 answers miss."),
    (Draft("worth"),
     "What it is worth in money: that rests on figures that nobody measured."),
    (Draft("worth", "floor", {"measure": "hours", "side": "at_least", "bound": VOLUME}),
     "That it comes to at least 4,000 (hours): that rests on figures that nobody"
     " measured."),
    (Draft("groups", "unseen"),
     "That it goes equally well for everyone: no groups of people were looked at."),
    (Draft("groups", "unsure", GROUP),
     "That it goes equally well for everyone: where job is nurse, by the 90 checked 13"
     " to 30 of 100 are wrong."),
    (Draft("cannot_do", "", {"text": "says nothing of June"}),
     "Anything that it cannot do: says nothing of June"),
]  # fmt: skip


CLAUSES = ("kept", "kept_here", "broken", "cannot_tell", "blocked")


def held(metric: str, **more: Any) -> Draft:
    promised = Clause(id="C", metric=metric, at_least=0.4, **more)
    number = hold(promised, Cells(tp=60, fp=20, fn=10, tn=10)).number
    given = {
        "metric": metric,
        "slice": promised.slice,
        "side": "at_least",
        "bound": BOUND,
        "rate": number,
    }
    return Draft("clause.C", "kept", given)


@pytest.mark.parametrize(("draft", "words"), DRAFTS)
def test_every_statement_is_one_plain_sentence(draft, words):
    assert TELLING.said(draft).text == words


def test_every_sentence_of_the_catalogue_is_said_by_one_of_these():
    keys = {f"outside.{d.about}_{d.how}" if d.how else d.about for d, _ in DRAFTS}
    keys |= {f"outside.{d.about}" for d, _ in DRAFTS if not d.how}
    others = {"title", "may_title", "not_title", "nothing_may", "nothing_not"}
    others |= {"signed", "signed_alone", "drafted", "edited", "out_of_date", "promise"}
    others |= {f"clause_{how}" for how in CLAUSES}
    others |= {"ends", "ends_near", "ends_level", "ends_near_level"}
    written = {key for key in phrases() if key.startswith("outside.")}
    assert written - keys == {f"outside.{other}" for other in others}


@pytest.mark.parametrize("how", ["kept", "broken", "cannot_tell"])
@pytest.mark.parametrize(
    "metric", sorted(n for n, one in METRICS.items() if one.unit == "share")
)
def test_a_limit_on_any_share_is_said_with_its_range(metric, how):
    draft = held(metric)
    told = TELLING.said(Draft(draft.about, how, draft.given))
    assert "at least 30" in told.text
    assert f"by the {draft.given['rate'].n} checked" in told.text
    assert {number.id for number in told.numbers} == {
        "framing.acceptable_error",
        "clause.C.now",
    }


def test_a_limit_on_some_says_on_whom():
    told = TELLING.said(held("coverage", slice="app=health")).text
    assert "are acted on (where app=health): by the 100 checked" in told


# --- drafted, edited, signed ---------------------------------------------------------

OUTSIDE = Outside(may_say=(Statement(says="we look again"),))


def record(outside: Outside | None = OUTSIDE, **given: Any) -> Record:
    return Record(scenario="s", agreement=Agreement(outside=outside), **given)


def signed(one: Record, *roles: str, persona: str = "") -> Record:
    signatures = {
        role: Signature(
            name=NAMES[role],
            digest=digest(one),
            at=f"2026-11-{19 + place}T11:00:00+00:00",
            persona=role == persona,
        )
        for place, role in enumerate(roles)
    }
    return one.model_copy(update={"signatures": signatures})


@pytest.mark.parametrize(
    ("given", "state", "words"),
    [
        (Record(scenario="s"), "drafted", "not yet looked over by both"),
        (signed(record(None), *NAMES), "drafted", "Drafted from the record"),
        (record(), "edited", "not yet signed by both"),
        (signed(record(), "product"), "edited", "not yet signed by both"),
        (signed(record(), *NAMES), "signed", "Signed by Dana and Ilir on 2026-11-20."),
        (
            signed(record(), *NAMES, persona="engineering"),
            "signed",
            "Signed by Dana, alone with a recorded persona, on 2026-11-20.",
        ),
    ],
)
def test_it_says_who_signed_and_when_or_that_nobody_has(given, state, words):
    assert views.state_of(given) == state
    assert words in views.signed_by(given).text


def test_another_word_voids_both_signatures():
    other = Outside(may_say=(Statement(says="we look again soon"),))
    changed = record(other, signatures=signed(record(), *NAMES).signatures)
    assert views.state_of(changed) == "out_of_date"
    assert "Changed since it was signed" in views.signed_by(changed).text


# --- shown ---------------------------------------------------------------------------

BOTH = Drafts((KEPT,), (Draft("worth"), Draft("groups", "unseen")))


def shown(outside: Outside | None, drafts: Drafts = BOTH) -> View:
    signed_by = views.signed_by(record(outside))
    return View(views.outside_blocks(outside, drafts, TELLING, signed=signed_by))


def test_a_draft_keeps_its_numbers_and_stands_on_its_side():
    page = Page(shown(None).html)
    assert [n.id for n in shown(None).numbers] == [BOUND.id, ERROR.id]
    may, not_yet = page.text.split("Not yet")
    assert "We may say" in may
    assert "at most 30 are wrong" in may
    assert "worth in money" in not_yet
    assert "Drafted from the record" in not_yet


def test_a_persons_words_stand_as_they_are_and_run_nothing():
    html = shown(Outside(not_yet=(Statement(about="worth", says=HOSTILE),))).html
    assert HOSTILE in Page(html).text
    assert "<script>" not in html
    assert "Nothing yet." in Page(html).text
    assert "Nothing is held back." in Page(shown(OUTSIDE).html).text


def test_a_sentence_that_was_kept_as_drafted_keeps_its_numbers():
    kept = views.sentences(BOTH, TELLING)
    assert shown(kept).numbers == shown(None).numbers


def test_a_sentence_on_the_other_side_is_a_persons_own():
    swapped = Outside(not_yet=views.sentences(BOTH, TELLING).may_say)
    assert shown(swapped).numbers == ()


def test_a_draft_is_shown_and_started_from_up_to_five_on_a_side():
    many = Drafts((), tuple(Draft("cannot_do", "", {"text": t}) for t in "abcdefg"))
    assert shown(None, many).html.count("<li>") == 5


def test_the_twin_says_the_same():
    told = views.outside_json(None, BOTH, TELLING, state="drafted")
    assert told == {
        "state": "drafted",
        "may_say": [{"about": "error", "says": TELLING.said(KEPT).text}],
        "not_yet": [
            {"about": one.about, "says": TELLING.said(one).text} for one in BOTH.not_yet
        ],
    }
    edited = views.outside_json(OUTSIDE, BOTH, TELLING, state="edited")
    assert edited["may_say"] == [{"about": "own", "says": "we look again"}]
    assert edited["not_yet"] == []
