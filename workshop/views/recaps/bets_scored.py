"""Where the truth fell, seen from each person's range, with a kind word for each.

Scores stand in the engineer's drawer, and only after five retrospectives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workshop.analysis.bets_scored import BetScored, RoundsScored
from workshop.analysis.gap_board import Answer
from workshop.record.values import Number
from workshop.views.recaps.bets_said import Names, bet_number
from workshop.views.section import Fold, Items, Paragraph, Table
from workshop.views.wording import Said, say


def bets_scored_items(
    scored: Sequence[BetScored], observed: Number, names: Names
) -> tuple[Said, ...]:
    """One sentence for each seat: what it expected, what came, a kind word."""
    return tuple(_scored_said(one, observed, names[one.seat]) for one in scored)


def _scored_said(one: BetScored, observed: Number, name: str) -> Said:
    answer = Answer(one.seat, one.likely, one.low, one.high)
    likely = bet_number(answer, "expected_error")
    values: dict[str, Any] = {"name": name, "likely": likely}
    if one.verdict != "no_range":
        values["range"] = _range_said(one, likely)
    if observed.value is not None:
        sure = None not in (observed.lo, observed.hi)
        how = "observed" if sure else "observed_plain"
        values["error"] = say(f"board.scored.{how}", error=observed)
    return say(_key(one, observed), **values)


def _key(one: BetScored, observed: Number) -> str:
    if one.verdict == "no_range" and observed.value is None:
        return "board.scored.no_range_open"
    if one.verdict == "cannot_tell" and one.leaning is not None:
        return f"board.scored.cannot_tell_{one.leaning}"
    return f"board.scored.{one.verdict}"


def _range_said(one: BetScored, likely: Number) -> Said:
    ends = {(True, False): "range_from", (False, True): "range_upto"}
    how = ends.get((one.low is not None, one.high is not None), "range")
    return say(f"board.scored.{how}", likely=likely)


def rounds_fold(scored: Sequence[RoundsScored], names: Names) -> tuple[Fold, ...]:
    """The scores over many retrospectives, folded; nothing where there are too few."""
    if not scored:
        return ()
    columns = ("seat", "inside", "low", "likely", "high", "interval", "brier")
    table = Table(
        say("board.scored.rounds_caption"),
        tuple(say(f"board.scored.col_{column}") for column in columns),
        tuple(_rounds_row(one, names[one.seat]) for one in scored),
    )
    note = Paragraph(say("board.scored.rounds_note"), "quiet")
    return (Fold(say("board.scored.rounds_title"), (table, note)),)


def _rounds_row(one: RoundsScored, name: str) -> tuple[Said, ...]:
    points = (*one.pinball, one.interval_score)
    return (
        Said("{name}", {"name": name}),
        say("board.scored.cell_inside", inside=one.inside),
        *(say("board.scored.cell_points", score=score) for score in points),
        say("board.scored.cell_brier", score=one.brier),
    )


def bets_scored_blocks(
    scored: Sequence[BetScored],
    observed: Number,
    names: Names,
    *,
    rounds: Sequence[RoundsScored] = (),
) -> tuple[Paragraph | Items | Fold, ...]:
    """All of it: a title, the sentences, and the drawer once there is enough for it."""
    if not scored:
        return ()
    return (
        Paragraph(say("board.scored.title"), "lead"),
        Items(bets_scored_items(scored, observed, names)),
        *rounds_fold(rounds, names),
    )
