"""One look at new rows as lines of a terminal: the page's own sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workshop.record.agreed import Agreement
from workshop.record.bets import Seat
from workshop.record.choices import Record
from workshop.views.recaps.retrospective_clauses import clause_card, states_said
from workshop.views.recaps.retrospective_drift import drift_blocks
from workshop.views.recaps.retrospective_people import (
    action_blocks,
    bet_said,
    rows_blocks,
    waiting_blocks,
    win_said,
)
from workshop.views.recaps.retrospective_promise import (
    apart_said,
    held_together,
    promise_said,
    since_blocks,
)
from workshop.views.recaps.retrospective_words import (
    Words,
    metric_said,
    rate_said,
    why_said,
)
from workshop.views.section import Block, Fold, Items, Paragraph
from workshop.views.wording import say

if TYPE_CHECKING:
    from workshop.analysis.retro.results import ClauseHeld, PromiseHeld
    from workshop.views.recaps.retrospective import Looked

INDENT = "  "


def look_text(
    looked: Looked, record: Record, words: Words, names: Mapping[Seat, str]
) -> str:
    """Set one look as plain text, in the order of the page."""
    agreement = record.agreement or Agreement()
    lines = [
        states_said(looked.clauses).text,
        *plain(rows_blocks(looked.window, words, looked.labelled_apart)),
    ]
    for held in looked.clauses:
        lines += ["", *clause_lines(held, agreement, words)]
    if looked.promises:
        lines += ["", promise_said(looked.promises).text]
        lines += [f"{INDENT}{promise_line(one)}" for one in looked.promises]
        lines += plain(held_together(looked.promises))
    if looked.waiting is not None:
        lines += ["", *plain(waiting_blocks(looked.waiting, words))]
    lines += ["", *plain(drift_blocks(looked.drifts, looked.decision, words))]
    lines += ["", *plain(since_blocks(looked.since, looked.within))]
    for part in (
        [bet_said(bet, names).text for bet in looked.bets],
        [win_said(win).text for win in looked.wins],
        plain(action_blocks(looked.actions)),
    ):
        lines += ["", *part] if part else []
    return "\n".join(lines)


def clause_lines(held: ClauseHeld, agreement: Agreement, words: Words) -> list[str]:
    """A promise's state, then what follows, a line each."""
    card = clause_card(held, agreement, words)
    foot = (card.foot,) if card.foot else ()
    said = (*card.said, *card.ways, *foot)
    return [f"{card.tag.text}  {card.title.text}", *(f"{INDENT}{s.text}" for s in said)]


def promise_line(one: PromiseHeld) -> str:
    """A figure then and now, and what that is."""
    told = say(f"retro.verdict_{one.verdict}")
    if one.why:
        told = say("retro.verdict_why", why=why_said(one.why))
    return say(
        "retro.then_now",
        metric=metric_said(one.metric),
        then=rate_said(one.then),
        now=rate_said(one.now),
        apart=apart_said(one.difference),
        told=told,
    ).text


def plain(blocks: tuple[Block, ...]) -> list[str]:
    """The sentences of some blocks; what is folded or drawn stays on the page."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.said.text)
        elif isinstance(block, Items):
            lines += [f"{INDENT}{said.text}" for said in block.said]
        else:
            assert isinstance(block, Fold), type(block)
    return lines
