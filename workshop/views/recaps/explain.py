"""Why: what a user is told, what the model leans on, cases right and surely wrong."""

from __future__ import annotations

from workshop.analysis.explain import Case, Explained
from workshop.analysis.trained import Trained
from workshop.record.values import Number
from workshop.views.section import (
    Block,
    Fold,
    Heading,
    Items,
    Paragraph,
    Table,
)
from workshop.views.wording import Said, as_written, in_a_row, say

MOST = 5
"""Columns and mistakes that a table shows; the first weigh most."""
NTH = ("first", "second", "third")


def explain_blocks(
    explained: Explained | None,
    trained: Trained | None,
    *,
    own: bool,
    run: str,
    means: str,
    told_why: str = "",
    says: str = "",
) -> tuple[Block, ...]:
    """Say why people get the answer they get, as far as that can be known.

    Parameters
    ----------
    explained
        The cases picked under a policy; None where it draws no line on the scores.
    trained
        What training the honest baseline told; None where nobody has trained it.
    own
        Whether the run in play is that baseline's; of another only scores are known.
    run, means
        The run's title, and what a positive label means.
    told_why, says
        What a user is told about why, and when nobody can be sure; empty if nothing.
    """
    return (
        Heading(say("explain.title")),
        *_told(told_why, says),
        *importance_blocks(trained, own=own, run=run),
        *case_blocks(explained, means=means),
    )


def _told(told_why: str, says: str) -> tuple[Block, ...]:
    told = say("explain.told", told=told_why) if told_why else say("explain.told_none")
    lines = (told, say("explain.unsure", says=says)) if says else (told,)
    return (Items(lines),)


# --- what the model leans on ---------------------------------------------------------


def importance_blocks(
    trained: Trained | None, *, own: bool, run: str
) -> tuple[Block, ...]:
    """The columns that the baseline leans on, or why nobody can say."""
    blocks: list[Block] = [Heading(say("explain.leans_title"))]
    reason = _why_not(trained)
    if not own:
        blocks.append(Paragraph(say("explain.only_scores", run=run)))
    if trained is None or reason:
        key = "explain.not_available" if own else "explain.baseline_not_available"
        why = say(f"explain.why_{reason}")
        return (*blocks, Paragraph(say(key, why=why)))
    if not own:
        blocks.append(Paragraph(say("explain.baseline_instead")))
    shared = Paragraph(say("explain.shared"), "quiet")
    return (*blocks, _importance_table(trained), shared)


def _why_not(trained: Trained | None) -> str:
    if trained is None:
        return "not_asked"
    return trained.why_not or ("" if trained.importances else "no_skill")


def _importance_table(trained: Trained) -> Table:
    rows = tuple(
        (as_written(one.column), say("explain.lost", lost=one.lost))
        for one in trained.importances[:MOST]
    )
    head = (say("explain.col_column"), say("explain.col_lost"))
    held = trained.importances[0].lost.n or 0
    rested = Number(id="explain.held", value=float(held), unit="rows", rows="all")
    return Table(say("explain.leans_caption", held=rested), head, rows)


# --- cases ---------------------------------------------------------------------------


def case_blocks(explained: Explained | None, *, means: str) -> tuple[Block, ...]:
    """Cases side by side, and the most confident mistakes behind one line."""
    title = Heading(say("explain.cases_title"))
    if explained is None:
        return (title, Paragraph(say("explain.no_line")))
    wrong = explained.wrong_in_all
    lead = say(f"explain.rows_{explained.rows}", wrong=wrong, means=means)
    blocks: list[Block] = [title, Paragraph(lead), _side_by_side(explained)]
    picked = (*explained.right, *explained.wrong, *explained.mistakes)
    if not all(case.shown for case in picked):
        blocks.append(Paragraph(say("explain.ids_only"), "quiet"))
    return (*blocks, _mistakes(explained))


def _side_by_side(explained: Explained) -> Table | Paragraph:
    if not (explained.right or explained.wrong):
        return Paragraph(say("explain.none_confident"))
    head = (say("explain.col_case"), say("explain.col_right"), say("explain.col_wrong"))
    rows = tuple(
        (
            say(f"explain.nth_{nth}"),
            _cell(explained.right, place),
            _cell(explained.wrong, place),
        )
        for place, nth in enumerate(NTH)
        if place < max(len(explained.right), len(explained.wrong))
    )
    return Table(say("explain.side_caption"), head, rows)


def _cell(cases: tuple[Case, ...], place: int) -> Said:
    if place >= len(cases):
        return say("explain.no_case")
    case = cases[place]
    said = say(
        "explain.case",
        id=case.key,
        kind=_kind(case),
        score=case.score,
        surer=case.surer,
    )
    return in_a_row(said, *_texts(case))


def _mistakes(explained: Explained) -> Paragraph | Fold:
    found = explained.mistakes[:MOST]
    if not found:
        return Paragraph(say("explain.no_mistake"))
    count = Number(
        id="explain.mistakes.shown",
        value=float(len(found)),
        rows=explained.rows,
        unit="cases",
    )
    head = ["case", "kind", "score", "nearer"]
    read = any(case.shown for case in found)
    rows = tuple(_mistake_row(case, read) for case in found)
    columns = tuple(say(f"explain.col_{name}") for name in head + ["text"] * read)
    table = Table(say("explain.sure"), columns, rows)
    return Fold(say("explain.mistakes", count=count), (table,))


def _mistake_row(case: Case, read: bool) -> tuple[Said, ...]:
    texts = _texts(case)
    row = (
        as_written(case.key),
        _kind(case),
        say("explain.score", score=case.score),
        say("explain.nearer", surer=case.surer),
    )
    if not read:
        return row
    return (*row, in_a_row(*texts) if texts else say("explain.id_only"))


def _kind(case: Case) -> Said:
    if case.done == "acted":
        return say("explain.caught" if case.right else "explain.false_alarm")
    return say("explain.left_alone" if case.right else "explain.missed")


def _texts(case: Case) -> tuple[Said, ...]:
    return tuple(
        say("explain.shown", column=column, text=text)
        for column, text in case.shown.items()
    )
