"""What is told to the person who brings a table: each guess, why, and what is next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workshop.bring.asked import Asked
from workshop.bring.label import LabelSeen
from workshop.bring.runs import Scored
from workshop.data.guess import Guess
from workshop.data.moments import MomentsRead
from workshop.data.reading import TableFile
from workshop.data.tables import without_password
from workshop.record.values import Number
from workshop.views.wording import Said, say

if TYPE_CHECKING:
    from workshop.bring.compose import Brought

MOST_LINES = 60
_NAME, _WORD = 28, 9


def reading(asked: Asked) -> str:
    """What is said while a table is read."""
    return say("bring.reading", file=without_password(asked.data)).text


def training() -> str:
    """What is said while a baseline is trained."""
    return say("bring.training").text


def request(about: str) -> str:
    """The feature brief that a new scenario starts from."""
    return say("bring.request", label=about).text


def request_answers() -> str:
    """The feature brief that an assistant's answers start from."""
    return say("brought_answers.request").text


def act() -> str:
    """What acting means until somebody says it."""
    return say("bring.act").text


def today() -> str:
    """Today's process until somebody describes it."""
    return say("bring.today").text


def means(label: LabelSeen | None) -> str:
    """What a positive label means until somebody says it."""
    if label is None:
        return say("bring.means_nobody").text
    return say("bring.means", label=label.column, value=str(label.positive)).text


# --- notes ---------------------------------------------------------------------------


def file_notes(file: TableFile) -> tuple[str, ...]:
    """What was changed on the way from text to values, a sentence each."""
    notes = []
    for column in file.columns:
        if column.words:
            words = ", ".join(f"{w!r} ({n:,})" for w, n in column.words[:5])
            notes.append(say("bring.words_read", column=column.name, words=words).text)
        if column.decimal_comma:
            notes.append(say("bring.comma_read", column=column.name).text)
        if column.formats and column.type == "datetime":
            how = ", ".join(column.formats)
            notes.append(say("bring.dates_read", column=column.name, formats=how).text)
    return tuple(notes)


def unread_time(column: str, read: MomentsRead | None) -> str:
    """Some values of a time could not be read, so it stays text."""
    if read is None:
        return say("bring.no_moment", column=column).text
    return say(
        "bring.unread_time",
        column=column,
        count=_count("bring.unread", read.unread),
        rows=_count("bring.values", read.n),
        formats=", ".join(read.formats),
        example=read.example[:40],
    ).text


def one_moment(column: str) -> str:
    """All rows are of one moment, so none is earlier than another."""
    return say("bring.one_moment", column=column).text


def missing_time(column: str, missing: int) -> str:
    """Rows lack a moment, so nothing can be split by it."""
    count = _count("bring.missing_time", missing)
    return say("bring.missing_time", column=column, count=count).text


def unfinished(count: int) -> str:
    """Answers without a label or a confidence."""
    return say("bring.unfinished", count=_count("bring.unfinished", count)).text


def untimed(column: str, option: str, count: int) -> str:
    """An option's answers lack a time, so none is told of it."""
    given = {"column": _plain(column), "option": _plain(option)}
    return say(
        "brought_answers.untimed", count=_count("bring.untimed", count), **given
    ).text


def _count(id: str, value: int) -> Number:
    return Number(id=id, value=float(value), unit="rows")


# --- the whole answer ----------------------------------------------------------------


def brought(
    asked: Asked, found: Brought, label: LabelSeen | None, scored: Scored | None
) -> str:
    """What was read, what was guessed of each column and why, and what is next."""
    head = say(
        "bring.read",
        rows=_count("bring.rows", found.rows),
        columns=_count(
            "bring.columns", sum(g.reason != "row_number" for g in found.guesses)
        ),
        how=", ".join(found.how),
    ).text
    lines = [head, "", *columns_table(found.guesses), ""]
    lines += [*found.notes, *_label_lines(label), *_run_lines(scored)]
    return "\n".join([*lines, "", *next_lines(asked)])


def columns_table(guesses: Sequence[Guess]) -> list[str]:
    """One line a column: name, type, part, reason."""
    lines = []
    for guess in guesses[:MOST_LINES]:
        why = say(f"guess.{guess.reason}", **_given(guess)).text
        name = _plain(guess.name)
        lines.append(
            f"  {name:<{_NAME}} {guess.type:<{_WORD}} {guess.role:<{_WORD}} {why}"
        )
    if len(guesses) > MOST_LINES:
        more = _count("bring.more", len(guesses) - MOST_LINES)
        lines.append("  " + say("bring.more_columns", count=more).text)
    return lines


def _given(guess: Guess) -> dict[str, Said | str]:
    """What fills the reason: values as they are, and words of ours."""
    if "what" in guess.given:
        return {"what": say(f"guess.what_{guess.given['what']}")}
    return dict(guess.given)


def _plain(name: str) -> str:
    """A name as a terminal may show it: nothing in it that moves the cursor."""
    shown = "".join(c if c.isprintable() else "?" for c in name)
    return shown if len(shown) <= _NAME else shown[: _NAME - 1] + "…"


def _label_lines(label: LabelSeen | None) -> list[str]:
    if label is None:
        return [say("bring.no_label").text]
    judged = label.judged
    count = Number(
        id="bring.positives",
        value=label.positives / judged,
        k=label.positives,
        n=judged,
        rows="all",
    )
    given = {"label": label.column, "value": _plain(str(label.positive))}
    lines = [say(f"bring.positive_{label.chosen}", count=count, **given).text]
    if label.kinds > 2:
        others = _count("bring.others", label.kinds - 1)
        lines.append(say("bring.one_against_rest", count=others, **given).text)
    if label.missing:
        missing = _count("bring.unjudged", label.missing)
        lines.append(say("bring.unjudged", count=missing, **given).text)
    return lines


def _run_lines(scored: Scored | None) -> list[str]:
    if scored is None:
        return []
    if scored.why_none:
        return [say("bring.no_baseline", why=scored.why_none).text]
    lines = []
    if scored.shuffled is not None:
        lines.append(say("bring.baseline", auc=scored.shuffled).text)
    if scored.later is not None:
        lines.append(say("bring.baseline_later", auc=scored.later).text)
    if scored.sampled:
        count = _count("bring.sampled", scored.sampled)
        lines.append(say("bring.sampled", count=count).text)
    for name, missing in scored.left_out.items():
        count = _count("bring.unscored", missing)
        lines.append(say("bring.unscored", score=name, count=count).text)
    return lines


def next_lines(asked: Asked) -> list[str]:
    """What to do with the folder."""
    folder = str(asked.folder)
    return [
        say("bring.finish", folder=folder).text,
        say("bring.next", folder=folder).text,
    ]


def stated(asked: Asked) -> str:
    """What is told where there is no data yet."""
    return "\n".join([say("bring.stated").text, *next_lines(asked)])


def answered(
    asked: Asked, rows: int, options: Sequence[str], lines: Sequence[str]
) -> str:
    """What is told of an assistant's judged answers."""
    head = say(
        "brought_answers.read",
        rows=_count("bring.answers", rows),
        options=", ".join(_plain(option) for option in options),
    ).text
    return "\n".join([head, "", *lines, "", *next_lines(asked)])
