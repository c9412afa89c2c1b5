"""A look back with every part in it, made by hand: what a page is tried on."""

from __future__ import annotations

from dataclasses import replace

from workshop.analysis.intervals import newcombe, rate
from workshop.analysis.retro.results import (
    BetHeld,
    CarriedAction,
    ClauseHeld,
    DecisionNow,
    Drifts,
    GroupVolume,
    LineNow,
    OptionNow,
    PromiseHeld,
    Shift,
    Since,
    SinceLast,
    Waiting,
    Week,
    Win,
    Window,
)
from workshop.record.agreed import Action, Agreement, Escalation
from workshop.record.choices import Record
from workshop.record.values import Clause, MeasuredBy, Number, Policy
from workshop.views.recaps.retrospective import Looked
from workshop.views.recaps.retrospective_words import Words

WORDS = Words("flights", "USD")
NAMES = {"product": "Noor", "engineering": "Mateo"}
MONDAYS = [f"2013-09-{day:02}" for day in (2, 9, 16, 23, 30)] + [
    f"2013-10-{day:02}" for day in (7, 14, 21)
]
WRONG = Clause(
    id="C1",
    metric="error_among_answered",
    at_most=0.6,
    measured_by=MeasuredBy(labels_per_week=40, who="support"),
    owner="engineering",
    then="warnings go to the duty manager first",
)
FOUND = Clause(id="C2", metric="recall", at_least=0.35, owner="product")
SILENT = Clause(id="C3", metric="coverage", at_least=0.1, slice="origin=JFK")
AGREEMENT = Agreement(
    clauses=(WRONG, FOUND, SILENT),
    escalation=(
        Escalation(
            when="a clause is broken",
            to="the head of operations",
            within_days=1,
            meanwhile="warnings wait",
        ),
    ),
    actions=(Action(what="count them", who="Noor", by="2026-12"),),
    retrospective="2027-02",
)
RECORD = Record(scenario="flight-disruptions", agreement=AGREEMENT)
WINDOW = Window("2013-09-01", "2013-10-27", 20000, 20000)


def amount(name: str, value: float, lo: float, hi: float) -> Number:
    return Number(id=name, value=value, lo=lo, hi=hi, unit="", rows="live")


def apart(name: str, k: int, n: int, was_k: int, was_n: int) -> Number:
    found = newcombe(k, n, was_k, was_n)
    return Number(id=name, value=k / n - was_k / was_n, lo=found.lo, hi=found.hi)


def weeks(clause: str, counts: list[tuple[int, int]], alarm: str) -> tuple[Week, ...]:
    return tuple(
        Week(
            starts,
            rate(f"retro.{clause}.week.{starts}", k, n, rows="live"),
            0.4,
            alarm=starts == alarm,
        )
        for starts, (k, n) in zip(MONDAYS, counts, strict=True)
    )


def bound(clause: Clause) -> Number:
    value = clause.at_least if clause.at_most is None else clause.at_most
    return Number(id=f"retro.{clause.id}.bound", value=value, assumed=True)


BROKEN = ClauseHeld(
    WRONG,
    "broken",
    rate("retro.C1", 700, 1000, rows="live"),
    bound(WRONG),
    WINDOW,
    looks=weeks("C1", [(55 + 3 * i, 100) for i in range(8)], "2013-10-07"),
    alarm="2013-10-07",
)
KEPT = ClauseHeld(
    FOUND,
    "kept",
    rate("retro.C2", 400, 900, rows="live"),
    bound(FOUND),
    WINDOW,
    looks=weeks("C2", [(44, 100)] * 8, ""),
)
UNTOLD = ClauseHeld(
    SILENT,
    "cannot_tell",
    rate("retro.C3", 12, 110, rows="live"),
    bound(SILENT),
    WINDOW,
    more=Number(id="retro.C3.more", value=460, unit="rows"),
    weeks=Number(id="retro.C3.weeks", value=12, unit="weeks"),
    price=Number(id="retro.C3.price", value=1380, unit="money"),
)
PROMISES = (
    PromiseHeld(
        "error_among_answered",
        rate("retro.then.error", 2705, 4808, rows="report"),
        rate("retro.now.error", 700, 1000, rows="live"),
        apart("retro.apart.error", 700, 1000, 2705, 4808),
        "worse",
        promised=Number(id="retro.promised", value=0.6, assumed=True),
        keeps="broken",
    ),
    PromiseHeld(
        "recall",
        rate("retro.then.recall", 2103, 5113, rows="report"),
        rate("retro.now.recall", 400, 900, rows="live"),
        apart("retro.apart.recall", 400, 900, 2103, 5113),
        "cannot_tell",
    ),
    PromiseHeld(
        "coverage",
        rate("retro.then.coverage", 4808, 29327, rows="report"),
        rate("retro.now.coverage", 1000, 20000, rows="live"),
        apart("retro.apart.coverage", 1000, 20000, 4808, 29327),
        "moved",
    ),
)
LABEL_MOVED = {
    "label_then": rate("retro.label.then", 17, 100, rows="report"),
    "label_now": rate("retro.label.now", 1200, 20000, rows="live"),
    "label": apart("retro.label.apart", 1200, 20000, 17, 100),
}
DRIFTS = Drifts(
    **LABEL_MOVED,
    scores=Shift(
        "score_model",
        "score",
        amount("retro.shift.score", 0.3, 0.25, 0.35),
        amount("retro.shift.score.critical", 0.01, 0.01, 0.01),
        None,
        0.001,
        moved=True,
    ),
    inputs=(
        Shift(
            "temperature",
            "input",
            amount("retro.shift.temperature", 0.9, 0.8, 1.0),
            amount("retro.shift.temperature.critical", 0.01, 0.01, 0.01),
            None,
            0.001,
            moved=True,
        ),
    ),
    looked_at=22,
    told=1,
    volumes=(
        GroupVolume(
            "origin",
            "JFK",
            "value",
            rate("retro.volume.then", 300, 900, rows="report"),
            rate("retro.volume.now", 6000, 20000, rows="live"),
            apart("retro.volume.apart", 6000, 20000, 300, 900),
            moved=False,
        ),
    ),
)
CUT = Policy(kind="single", act_at=0.3819)
LINE = LineNow(
    CUT,
    Policy(kind="single", act_at=0.45),
    amount("retro.line.cost", 170, 160, 180),
    amount("retro.line.saves", 12, 5, 19),
    WINDOW,
    WINDOW,
    "changes",
)
OPTIONS = tuple(
    OptionNow(
        name,
        title,
        letter,
        CUT,
        in_play=name == "model",
        cost=amount(f"retro.option.{name}.cost", cost, cost - 9, cost + 9),
        error=rate(f"retro.option.{name}.error", 60, 100, rows="live"),
        then=None,
        now=None
        if name == "model"
        else amount(f"retro.option.{name}.now", cost - 170, -30, -4),
        separated=name != "model",
    )
    for name, title, letter, cost in (
        ("model", "Boosted trees", "A", 170.0),
        ("weather", "Weather and hour", "B", 150.0),
    )
)
DECISION = DecisionNow(
    OPTIONS,
    best="weather",
    option="same",
    already=False,
    line=LINE,
    looks=2,
    lost=0,
    not_there=("rules",),
)
ERROR = {
    seat: rate(f"retro.bet.{seat}.observed", 17000, 20000, rows="live")
    for seat in NAMES
}
BETS = (
    BetHeld("product", 0.1, 0.2, 0.35, ERROR["product"], "above"),
    BetHeld("engineering", 0.8, 0.85, 0.9, ERROR["engineering"], "inside"),
)
SINCE = Since(
    "2013-09-30",
    "the line went up",
    (
        SinceLast(
            "recall",
            rate("retro.before.recall", 300, 900, rows="live"),
            rate("retro.after.recall", 400, 900, rows="live"),
            apart("retro.since.recall", 400, 900, 300, 900),
            "better",
        ),
    ),
    (("C1", "kept", "broken"), ("C2", "kept", "kept")),
)
ACTIONS = (
    CarriedAction(Action(what="count them", who="Noor", by="2026-12"), True, True),
    CarriedAction(Action(what="write it", who="Mateo"), False, False),
)
WINS = (
    Win("clause", "C2", KEPT.number),
    Win("helped", "recall", SINCE.figures[0].difference),
    Win("action", "ask the desk"),
)
WAITING = Waiting(
    rate("retro.waiting.unlabelled", 4000, 20000, rows="live"),
    rate("retro.waiting.acted", 1000, 20000, rows="live"),
    None,
    rate("retro.waiting.left", 19000, 20000, rows="live"),
    then={"acted": rate("retro.waiting.acted.then", 164, 1000, rows="report")},
    expected_error=amount("retro.waiting.error", 0.58, 0.5, 0.66).model_copy(
        update={"unit": "share", "assumed": True}
    ),
    enough=Number(id="retro.waiting.enough", value=385, unit="rows"),
    enough_by="2013-11-20",
)
EVERYTHING = Looked(
    window=WINDOW,
    data="sha256:abcd",
    clauses=(BROKEN, KEPT, UNTOLD),
    promises=PROMISES,
    drifts=DRIFTS,
    decision=DECISION,
    bets=BETS,
    since=SINCE,
    wins=WINS,
    actions=ACTIONS,
)
BEFORE_LABELS = replace(
    EVERYTHING, window=replace(WINDOW, labelled=16000), waiting=WAITING
)
