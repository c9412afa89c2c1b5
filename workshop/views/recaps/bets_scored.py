"""How each person's range did as a forecast, once there were many retrospectives.

Scores stand in the engineer's drawer, and only after five. What a single look says of a
bet, with a kind word, is said in `workshop.views.recaps.retrospective_people`.
"""

from __future__ import annotations

from collections.abc import Sequence

from workshop.analysis.bets_scored import RoundsScored
from workshop.views.recaps.bets_said import Names
from workshop.views.section import Fold, Paragraph, Table
from workshop.views.wording import Said, as_written, say


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
        as_written(name),
        say("board.scored.cell_inside", inside=one.inside),
        *(say("board.scored.cell_points", score=score) for score in points),
        say("board.scored.cell_brier", score=one.brier),
    )
