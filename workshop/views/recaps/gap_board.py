"""The gap board: what to discuss first, all bets side by side, what talking changed.

The picture, its table and every sentence come from one `GapBoard` and one record.
"""

from __future__ import annotations

from typing import Literal

from workshop.analysis.gap_board import (
    LEAST_SHARE,
    Answer,
    BoardRow,
    GapBoard,
    find_gap_board,
)
from workshop.record.bets import THIRD_ROLES, Bets
from workshop.record.choices import Record
from workshop.record.sealed import is_proven
from workshop.record.values import Number
from workshop.views.figures_board import Lane, Track, plot_board
from workshop.views.recaps.bets_said import (
    CHOICES,
    Names,
    answer_said,
    distance_number,
    halves,
    seat_names,
)
from workshop.views.recaps.gap_closed import talked
from workshop.views.section import (
    Block,
    Figure,
    Heading,
    Items,
    Paragraph,
    Table,
    View,
)
from workshop.views.wording import Said, as_written, in_a_row, say

Beside = Literal["measured", "stated"]
STEP = {"fallback": 0.5, "owner": 0.25}
"""How far apart two neighbouring choices are drawn: as far as the board counts them."""


def board_view(
    record: Record, error: Number | None, *, beside: Beside = "measured"
) -> View:
    """The gap board of a record; before the opening, only that the bets are closed.

    Parameters
    ----------
    error
        The error on everyone, measured with its interval or ``beside="stated"`` as a
        range; None where neither is known.
    """
    bets = record.bets
    if bets is None or not bets.opened:
        return View((Paragraph(say("board.closed")),))
    board, names = find_gap_board(bets), seat_names(record)
    blocks: list[Block] = [
        *_unproven(bets, names),
        *_lead(board, names),
        _figure(board, names, error, beside),
        Paragraph(distance_said(board), "quiet"),
        *_guesses(bets, names),
        *talked(board, names, record.pulse),
    ]
    return View(tuple(blocks))


def _unproven(bets: Bets, names: Names) -> tuple[Block, ...]:
    """Name whoever's bet is not the one that was sealed."""
    changed = (seat for seat in bets.opened if not is_proven(bets, seat))
    return tuple(
        Paragraph(say("bets.not_as_sealed", name=names[seat]), "warn")
        for seat in changed
    )


# --- what to discuss first -----------------------------------------------------------


def _lead(board: GapBoard, names: Names) -> tuple[Block, ...]:
    if board.first is None:
        return (Paragraph(say("board.all_agree"), "lead"),)
    about = say(f"board.about_{board.first}")
    if board.both_looked_again:
        return (Paragraph(say("board.began_with", about=about), "lead"),)
    blocks: list[Block] = [
        Paragraph(say("board.discuss_first", about=about), "lead"),
        Paragraph(question_said(board.rows[0], names)),
    ]
    if any(row.ranges_apart for row in board.rows):
        blocks.append(Paragraph(say("board.ranges_apart", **halves(names))))
    return tuple(blocks)


def question_said(row: BoardRow, names: Names) -> Said:
    """The question that helps with this gap, to both sides alike."""
    said = {answer.seat: answer_said(row.question, answer) for answer in row.answers}
    return say(
        f"board.ask_{row.question}",
        one=said["product"],
        other=said["engineering"],
        **halves(names),
    )


def distance_said(board: GapBoard) -> Said:
    """State the distance; what it does with tiny shares only where there are any."""
    told = [say("board.distance")]
    shares = [row for row in board.rows if row.question.endswith("_error")]
    if any(float(a.said) < LEAST_SHARE for row in shares for a in row.answers):
        told.append(say("board.distance_small"))
    if any(a.seat in THIRD_ROLES for row in board.rows for a in row.answers):
        told.append(say("board.distance_third"))
    return in_a_row(*told)


# --- the board as a picture and as a table -------------------------------------------


def _figure(
    board: GapBoard, names: Names, error: Number | None, beside: Beside
) -> Figure:
    svg = plot_board([_track(row, board, names, error, beside) for row in board.rows])
    table = board_table(board, names, error, beside=beside)
    return Figure(svg, _alt(board, names, error, beside), table, say("page.as_table"))


def _alt(board: GapBoard, names: Names, error: Number | None, beside: Beside) -> Said:
    told = [say("board.alt", **halves(names))]
    answers = [answer for row in board.rows for answer in row.answers]
    if any(answer.seat in THIRD_ROLES for answer in answers):
        told.append(say("board.alt_third"))
    if any((answer.low, answer.high) != (None, None) for answer in answers):
        told.append(say("board.alt_range"))
    if error is not None:
        told.append(say(f"board.alt_{beside}"))
    if board.both_looked_again:
        told.append(say("board.alt_again"))
    return in_a_row(*told)


def _track(
    row: BoardRow, board: GapBoard, names: Names, error: Number | None, beside: Beside
) -> Track:
    lanes = [
        _lane(row, answer, _later(board, row, answer), names) for answer in row.answers
    ]
    if row.question == "expected_error" and error is not None:
        lanes.append(_error_lane(error, beside))
    return Track(
        say(f"board.row_{row.question}").text,
        say("board.apart", apart=apart_number(row)).text,
        _scale(row.question),
        tuple(lanes),
    )


def _scale(question: str) -> Literal["share", "ratio", "choice"]:
    if question in CHOICES:
        return "choice"
    return "ratio" if question == "ratio" else "share"


def _later(board: GapBoard, row: BoardRow, answer: Answer) -> Answer | None:
    """What this seat said to this question after talking; None until both did."""
    for asked in board.again if board.both_looked_again else ():
        if asked.question == row.question:
            return next((a for a in asked.answers if a.seat == answer.seat), None)
    return None


def _lane(row: BoardRow, answer: Answer, later: Answer | None, names: Names) -> Lane:
    if row.question in CHOICES:
        text = say(f"board.short_{answer.said}").text
        return Lane(answer.seat, names[answer.seat], text, _choice_place(row, answer))
    said = answer_said(row.question, answer)
    if later is not None:
        then = answer_said(row.question, later, then=True)
        said = say("board.arrow", first=said, then=then)
    return Lane(
        answer.seat,
        names[answer.seat],
        said.text,
        float(answer.said),
        answer.low,
        answer.high,
        None if later is None else float(later.said),
    )


def _choice_place(row: BoardRow, answer: Answer) -> float:
    """Where a choice stands: only those that somebody made have a place."""
    known = CHOICES[row.question]
    if row.question == "fallback":
        made = {a.said for a in row.answers}
        known = tuple(choice for choice in known if choice in made)
    return STEP[row.question] * known.index(str(answer.said))


def _error_lane(error: Number, beside: Beside) -> Lane:
    name, text = say(f"board.col_{beside}").text, _error_said(error, beside).text
    at = error.value if beside == "measured" else None
    return Lane("measured", name, text, at, error.lo, error.hi)


def apart_number(row: BoardRow) -> Number:
    """How far apart the two halves are on a question."""
    return distance_number(f"board.{row.question}.apart", row.distance)


def board_table(
    board: GapBoard, names: Names, error: Number | None, *, beside: Beside
) -> Table:
    """The same as a table: a row a question, a column a seat."""
    seats = [answer.seat for answer in board.rows[0].answers]
    heads = {"measured": "board.col_measured", "stated": "before.col_stated"}
    last = [] if error is None else [say(heads[beside])]
    columns = (
        say("board.col_question"),
        *(as_written(names[seat]) for seat in seats),
        say("board.col_apart"),
        *last,
    )
    key = "board.caption" if error is None else f"board.caption_{beside}"
    rows = tuple(_table_row(row, board, error, beside) for row in board.rows)
    return Table(say(key), columns, rows, marked=None if board.first is None else 0)


def _table_row(
    row: BoardRow, board: GapBoard, error: Number | None, beside: Beside
) -> tuple[Said, ...]:
    cells = [_cell(row, answer, _later(board, row, answer)) for answer in row.answers]
    if error is not None:
        expected = row.question == "expected_error"
        cells.append(_error_said(error, beside) if expected else say("board.nothing"))
        cells.insert(-1, say("board.num", bet=apart_number(row)))
    else:
        cells.append(say("board.num", bet=apart_number(row)))
    return (say(f"board.row_{row.question}"), *cells)


def _cell(row: BoardRow, answer: Answer, later: Answer | None) -> Said:
    said = answer_said(row.question, answer)
    if later is None:
        return said
    then = answer_said(row.question, later, then=True)
    return say("board.then", first=said, then=then)


def _error_said(error: Number, beside: Beside) -> Said:
    return say(f"board.{beside}", error=error)


# --- what they thought of each other -------------------------------------------------


def _guesses(bets: Bets, names: Names) -> tuple[Block, ...]:
    """The lines that are never scored, as they were written."""
    said = tuple(
        say("board.thought", name=names[seat], guess=bet.guess)
        for seat, bet in bets.opened.items()
        if bet.guess
    )
    return (Heading(say("board.thought_title")), Items(said)) if said else ()
