"""The first screen says in the fewest words what is decided, found, owned and open."""

from __future__ import annotations

import pytest

from workshop.analysis.clauses import ClauseHeld
from workshop.analysis.impact.floors import DualFloors, FloorState
from workshop.analysis.options.table import OptionLine
from workshop.analysis.readout import PolicyRow
from workshop.record.agreed import Agreement, DecisionRight, Escalation
from workshop.record.choices import Floor, ImpactChoice
from workshop.record.framed import Expectations, Framing, WhenUnsure
from workshop.record.gaps import RELEASE_RIGHT, THRESHOLD_RIGHT
from workshop.record.values import Clause, Gap, Number, Policy
from workshop.views.columns import Columns
from workshop.views.recaps import first_screen as views
from workshop.views.recaps.clauses import ClauseNow
from workshop.views.recaps.overview import recap
from workshop.views.section import Block, Figure, Heading, Items, Paragraph, View
from workshop.views.wording import Said, say

NAMES = {"product": "Dana", "engineering": "Ilir"}


def own(text: str) -> Said:
    return Said("{text}", {"text": text})


def share(id: str, value: float | None, **given) -> Number:
    return Number(id=id, value=value, unit="share", rows="report", **given)


def html(blocks: tuple[Block, ...]) -> str:
    return View(blocks).html


def decided(policy: Policy | None, framing: Framing | None = None) -> str:
    act = "show the quoted clause"
    return views.decision_said(act, policy, framing, today="agents answer").text


def unsure(kind: str, says: str = "") -> Framing:
    return Framing(when_unsure=WhenUnsure(fallback=kind, says=says))


# --- what may be said outside ---------------------------------------------------------


def test_both_lists_stand_side_by_side_and_who_signed_below():
    told = (
        Heading(own("We may say")),
        Items((own("a"),)),
        Heading(own("Not yet")),
        Paragraph(own("Nothing.")),
        Paragraph(own("Signed by both"), "quiet"),
    )
    columns, signed = views.outside_blocks(told)
    assert isinstance(columns, Columns)
    assert [panel.title.text for panel in columns.panels] == ["We may say", "Not yet"]
    assert [len(panel.blocks) for panel in columns.panels] == [1, 1]
    assert signed == told[-1]


def test_a_part_that_could_not_be_made_stands_in_its_place():
    warning = Paragraph(own("could not be made"), "warn")
    assert views.outside_blocks((warning,)) == (warning,)


# --- what is decided ------------------------------------------------------------------


def test_a_line_is_said_with_what_happens_otherwise():
    said = decided(Policy(kind="single", act_at=0.43), unsure("not_sure", "Not sure."))
    assert said == (
        "Show the quoted clause when the score is at least 0.43; "
        "otherwise say: “Not sure.”"
    )


def test_a_band_says_who_looks_first():
    policy = Policy(kind="review_band", act_at=0.8, review_at=0.4)
    said = decided(policy, unsure("human"))
    assert "from 0.4 on a person looks first; otherwise a person takes over." in said


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Policy(kind="all"), "Show the quoted clause every time"),
        (Policy(kind="none"), "Act on no one"),
        (Policy(kind="random", volume=0.5), "drawn by lot"),
        (Policy(kind="today"), "Keep today's process: agents answer."),
        (None, "Undecided: where to show the quoted clause"),
    ],
)
def test_every_way_to_act_has_its_sentence(policy, words):
    assert words in decided(policy)


@pytest.mark.parametrize("kind", ["not_sure", "human", "alternatives"])
def test_what_happens_otherwise_is_what_the_pair_agreed(kind):
    agreed = Framing(expectations=Expectations(fallback=kind))
    assert views.otherwise_said(agreed).text == say(f"first.otherwise_{kind}").text
    assert "“so”" in views.otherwise_said(unsure(kind, "so")).text


def test_what_happens_otherwise_may_be_undecided():
    for framing in (None, Framing()):
        assert "undecided" in views.otherwise_said(framing).text


# --- how many people ------------------------------------------------------------------


def test_the_headline_comes_with_ten_people_and_their_table():
    error = share("error", 0.31, lo=0.23, hi=0.4, k=93, n=300)
    lead, figure = views.people_blocks(own("About 3 of 10"), error)
    assert isinstance(figure, Figure)
    assert figure.twin is not None
    assert lead.said.text == "About 3 of 10"
    assert {number.id for number in figure.numbers} == {"error"}


@pytest.mark.parametrize("error", [None, share("error", None, lo=0.1, hi=0.2)])
def test_without_a_count_there_is_no_picture_and_it_says_so(error):
    blocks = views.people_blocks(own("Nothing yet"), error)
    assert not any(isinstance(block, Figure) for block in blocks)
    assert say("first.people_none").text in html(blocks)


# --- the choice beside its alternatives -----------------------------------------------


def row(kind: str, **figures: Number) -> PolicyRow:
    return PolicyRow(kind, figures)


CHOSEN = row(
    "chosen",
    coverage=share("chosen.coverage", 0.59, lo=0.46, hi=0.71, k=90, n=152),
    error_among_answered=share("chosen.error", 0.17, lo=0.08, hi=0.33, k=15, n=90),
    expected_cost=share("chosen.cost", 0.22, lo=0.14, hi=0.31),
)
LOT = row("random", coverage=share("random.coverage", 0.59))
TODAY = row("today")


def line(id: str, kind: str, *, in_play: bool = False) -> OptionLine:
    figures = {
        "coverage": share(f"option.{id}.coverage", 0.5, lo=0.4, hi=0.6, k=5, n=9)
    }
    return OptionLine(id, "B", f"title {id}", kind, in_play, None, figures)


def test_the_choice_stands_first_and_marked_beside_everything_else():
    options = (line("own", "run", in_play=True), line("other", "run"))
    (table,) = views.policies_blocks((CHOSEN, LOT, TODAY), options, today="agents")
    assert table.marked == 0
    names = [cells[0].text for cells in table.rows]
    assert names == [
        "As chosen", "As many, drawn by lot", "Today: agents", "B · title other"
    ]  # fmt: skip
    assert table.rows[0][1].text == "59 (46 to 71)"
    assert table.rows[1][1].text == "59 (expected)"
    assert table.rows[2][1].text == "not measured"


def test_what_is_a_policy_already_is_no_option_besides():
    options = (line("all", "everyone"), line("none", "nothing"))
    (table,) = views.policies_blocks((CHOSEN,), options, today="agents")
    assert len(table.rows) == 1


def test_without_a_choice_nothing_is_marked_nor_drawn_as_many():
    lead, table = views.policies_blocks((LOT, TODAY), (), today="agents")
    assert lead.said.text == say("first.policies_open").text
    assert table.marked is None
    assert [cells[0].text for cells in table.rows] == ["Today: agents"]
    assert len(table.columns) == 3, "no ratio, no cost"


def test_without_rows_it_says_that_nothing_is_scored():
    assert "Nothing has been scored" in html(views.policies_blocks((), (), today="x"))


# --- the two floors -------------------------------------------------------------------


def state(
    margin: float | None,
    chance: float | None = 0.95,
    metric: str = "error_among_answered",
) -> FloorState:
    value = None if margin is None else 0.3 - margin
    return FloorState(
        metric,
        share("floor.bound", 0.3),
        "at_most",
        share("floor.value", value, lo=0.1, hi=0.4),
        share("floor.margin", margin),
        None if chance is None else share("floor.chance", chance),
    )


LIVE_WITH = share("acceptable", 0.3)
FLOOR = ImpactChoice(business_floor=Floor(measure="hours saved", at_least=120))


def floors(model: FloorState | None, business: FloorState | None = None) -> str:
    found = DualFloors("own", model, business, both=None, binds=None)
    return View(views.floors_blocks(found, LIVE_WITH, FLOOR)).html


def test_a_floor_says_what_was_promised_found_and_how_far_they_are_apart():
    told = floors(state(0.13), state(-0.05, metric="hours_saved"))
    for words in ("at most", "holds by", "misses by", "95"):
        assert words in told


@pytest.mark.parametrize(
    ("margin", "words"),
    [(0.13, "holds by"), (-0.1, "misses by"), (None, "cannot tell")],
)
def test_a_floor_without_a_chance_has_none_said(margin, words):
    told = floors(state(margin, chance=None))
    assert words in told
    assert "chance" not in told


def test_floors_that_nobody_set_are_said_to_be_open():
    told = html(views.floors_blocks(None, None, None))
    for which in ("model", "business"):
        assert say(f"first.floor_open_{which}").text in told


def test_floors_that_cannot_be_held_yet_are_said_as_they_were_promised():
    told = html(views.floors_blocks(None, LIVE_WITH, FLOOR))
    assert "hours saved" in told
    assert say("first.floor_waits").text in told


# --- who owns it, what stops it, what is open -----------------------------------------


def test_owners_stand_with_their_names_and_whom_they_ask():
    agreement = Agreement(
        decides=(
            DecisionRight(
                decision=THRESHOLD_RIGHT, owner="engineering", consulted="product"
            ),
            DecisionRight(decision=RELEASE_RIGHT, owner="both", asked=("legal",)),
        ),
        escalation=(Escalation(when="a clause is broken", to="the desk"),),
        retrospective="2027-03",
    )
    told = View(views.owner_blocks(agreement, NAMES)).html
    for words in ("Ilir", "both together", "legal", "the desk", "2027-03"):
        assert words in told


def test_an_owner_that_nobody_named_is_said_to_be_open():
    told = html(views.owner_blocks(Agreement(), NAMES))
    assert told.count("nobody yet") == 2
    assert say("first.looked_again_open").text in told


def clause(state: str | None, id: str) -> ClauseNow:
    promised = Clause(
        id=id, metric="error_among_answered", at_most=0.3, then="answers pause"
    )
    return ClauseNow(ClauseHeld(promised, state))


def test_each_clause_is_one_line_with_its_state_and_a_broken_one_is_marked():
    now = (clause("kept", "C1"), clause("broken", "C2"), clause(None, "C3"))
    (told,) = views.stops_blocks(now)
    assert [tag.text for tag, _ in told.lines] == ["kept", "broken", "not held yet"]
    assert told.grave == (1,)
    assert "answers pause" in told.lines[0][1].text
    assert "30 of 100" in told.lines[0][1].text


def test_without_a_clause_nothing_would_stop_it_and_it_says_so():
    assert say("first.stops_none").text in html(views.stops_blocks(()))


def gap(kind: str, where: str) -> Gap:
    return Gap(kind=kind, where=where, code="no_threshold")


def test_gaps_are_counted_by_kind_and_the_first_five_said():
    gaps = [gap("undecided", f"u{i}") for i in range(6)] + [gap("moved", "m")]
    lead, kinds, shown, rest = views.gaps_blocks(gaps)
    assert "7" in lead.said.text
    assert kinds.said.text == "6 undecided, 1 moved since"
    assert len(shown.lines) == 5
    assert rest.summary.text == "The other 2"


def test_where_nothing_is_open_it_says_only_that():
    (lead,) = views.gaps_blocks(())
    assert lead.said.text == say("page.gaps_none").text


# --- the section ----------------------------------------------------------------------


def test_the_screen_says_its_headline_in_a_place_of_its_own():
    head = own("About 3 of 10")
    found = recap(head, (Paragraph(own("x")),), extra={"verdict": "ready"})
    assert found.headline == head
    assert "cg-headline" not in found.html
    assert found.to_json()["verdict"] == "ready"
    assert found.status == "ok"


def test_a_screen_without_a_headline_says_why():
    found = recap(None, (), status="failed", why="a bug of ours", extra={})
    assert "a bug of ours" in found.headline.text
    assert "a bug of ours" in found.html
