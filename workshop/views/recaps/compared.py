"""`workshop compare`: records beside each other, as a page.

Up to four records stand in columns; of more, a row sums a choice up and who says what
is folded below. `compared_text` says the same in a terminal and as data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workshop.record.values import Number
from workshop.views.recaps.compared_words import (
    CompareWords,
    far_said,
    joined,
    saw_said,
    spread_said,
    topic_said,
    value_said,
    with_saw,
)
from workshop.views.section import (
    Block,
    Fold,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
)
from workshop.views.wording import Said, as_written, in_a_row, say

if TYPE_CHECKING:
    from workshop.analysis.compared import Choice, Compared
    from workshop.analysis.compared_values import Value

MOST_COLUMNS = 4
FEW_ANSWERS = 3


@dataclass(frozen=True)
class Source:
    """Where one record comes from: its file as it was named, and how far it came."""

    file: str
    revision: int
    signed: bool
    digest: str


@dataclass(frozen=True)
class Told:
    """Records compared, and what is said around them."""

    compared: Compared
    sources: tuple[Source, ...]
    scenario: str
    title: str
    as_of: str
    currency: str = ""

    @property
    def words(self) -> CompareWords:
        """What the sayers need beside the records."""
        return CompareWords(self.currency, many_data=len(self.compared.data) > 1)

    @property
    def many(self) -> bool:
        """Whether there are too many for a column each."""
        return len(self.compared.labels) > MOST_COLUMNS


def counted(id: str, value: int, unit: str = "choices") -> Number:
    """Return a plain count as a number of the page."""
    return Number(id=f"compare.{id}", value=float(value), unit=unit)


# --- what is said first --------------------------------------------------------------


def lead_said(compared: Compared, words: CompareWords) -> Said:
    """Say on how many choices they agree, and where they are furthest apart."""
    alike, differing = len(compared.alike), compared.differing
    if not alike and not differing:
        return say("compare.lead_nothing")
    same, all_ = counted("same", alike), counted("all", alike + len(differing))
    if not differing:
        return say("compare.lead_all", same=same)
    first = say("compare.lead_some", same=same, all=all_)
    if not alike:
        first = say("compare.lead_none", all=all_)
    return in_a_row(first, _most(compared, words))


def _most(compared: Compared, words: CompareWords) -> Said:
    furthest = compared.furthest
    if furthest is None:
        named = compared.differing[:FEW_ANSWERS]
        topics = joined([say("compare.quoted", topic=topic_said(c)) for c in named])
        return say("compare.differ_on", topics=topics)
    return say(
        "compare.furthest",
        topic=topic_said(furthest),
        range=spread_said(furthest, words),
    )


def data_said(compared: Compared) -> Said:
    """Say whether all had the same data before them."""
    many = len(compared.data)
    if many > 1:
        return say("compare.data_many", count=counted("data", many, "data"))
    return say("compare.data_one" if many else "compare.data_none")


# --- the page ------------------------------------------------------------------------


def compared_blocks(told: Told) -> tuple[Block, ...]:
    """What differs, then what is alike and what is open, folded."""
    compared = told.compared
    blocks: list[Block] = [Paragraph(data_said(compared))]
    if compared.differing:
        blocks.append(Heading(say("compare.differs")))
        blocks += _summed(told) if told.many else [_side_by_side(told)]
    if compared.alike:
        alike = counted("alike", len(compared.alike))
        blocks.append(Fold(say("compare.alike", count=alike), (_alike(told),)))
    if compared.undecided:
        topics = tuple(topic_said(choice) for choice in compared.undecided)
        open_ = counted("open", len(topics))
        blocks.append(Fold(say("compare.open", count=open_), (Items(topics),)))
    blocks.append(Fold(say("compare.records"), (_records(told),)))
    return tuple(blocks)


def _side_by_side(told: Told) -> Table:
    return Table(
        say("compare.differs_caption"),
        (
            say("compare.col_choice"),
            *(as_written(label) for label in told.compared.labels),
            say("compare.col_apart"),
        ),
        tuple(
            (
                topic_said(choice),
                *(cell(choice, value, told.words) for value in choice.values),
                apart_said(choice, told.words),
            )
            for choice in told.compared.differing
        ),
    )


def cell(choice: Choice, value: Value, words: CompareWords) -> Said:
    """Say what one record says, and what it saw."""
    return with_saw(value_said(choice, value, words), value.saw, words)


def apart_said(choice: Choice, words: CompareWords) -> Said:
    """Say how far apart a choice is, and whether it rests on the same data."""
    far = far_said(choice, words)
    if choice.data == "":
        return far
    data = say(f"compare.data.{choice.data}")
    if choice.spread is None:
        return data
    return say("compare.apart_data", apart=far, data=data)


def _summed(told: Told) -> list[Block]:
    """A row for each choice, then who says what, each folded."""
    differing, words = told.compared.differing, told.words
    table = Table(
        say("compare.differs_caption_many"),
        tuple(say(f"compare.col_{name}") for name in ("choice", "says", "apart")),
        tuple(
            (topic_said(c), summary_said(c, words), apart_said(c, words))
            for c in differing
        ),
    )
    folds = (
        Fold(say("compare.who", topic=topic_said(c)), (_who(told, c),))
        for c in differing
    )
    return [table, *folds]


def _who(told: Told, choice: Choice) -> Table:
    heads = ("record", "says", "saw")
    rows = []
    for label, value in zip(told.compared.labels, choice.values, strict=True):
        saw = saw_said(value.saw, told.words) or say("compare.nothing_seen")
        rows.append((as_written(label), value_said(choice, value, told.words), saw))
    return Table(
        say("compare.who_caption"),
        tuple(say(f"compare.col_{head}") for head in heads),
        tuple(rows),
    )


def summary_said(choice: Choice, words: CompareWords) -> Said:
    """Sum up what many say: the range, or how many say what; then who says nothing."""
    said = [v for v in choice.values if v.state in ("said", "not_agreed")]
    parts = [_answers(choice, said, words)]
    for state in ("undecided", "absent", "not_agreed", "borrowed"):
        found = sum(value.state == state for value in choice.values)
        if found:
            n = _of(choice, state, found)
            parts.append(say(f"compare.count_{state}", n=n))
    told = parts[0]
    for part in parts[1:]:
        told = say("compare.and_state", first=told, then=part)
    return told


def _answers(choice: Choice, said: Sequence[Value], words: CompareWords) -> Said:
    if choice.spread is not None:
        return spread_said(choice, words, many=True)
    answers: dict[Any, list[Value]] = {}
    for value in said:
        answers.setdefault(value.key, []).append(value)
    if len(answers) > FEW_ANSWERS:
        count = counted(f"answers.{choice.id}", len(answers), "answers")
        return say("compare.wordings", count=count)
    return joined(
        [
            say(
                "compare.answer",
                said=value_said(choice, same[0], words),
                n=_of(choice, f"answer_{place}", len(same)),
            )
            for place, same in enumerate(answers.values(), 1)
        ]
    )


def _of(choice: Choice, name: str, k: int) -> Number:
    """So many of the records: a plain count of all of them, hence without a range."""
    n = len(choice.values)
    return Number(id=f"compare.{choice.id}.{name}", value=k / n, k=k, n=n)


def _alike(told: Told) -> Table:
    """What all say, once, and what each saw where they kept it."""
    labels, words = told.compared.labels, told.words
    return Table(
        say("compare.alike_caption"),
        tuple(say(f"compare.col_{head}") for head in ("choice", "says")),
        tuple(
            (
                topic_said(choice),
                all_saw(
                    value_said(choice, choice.values[0], words), choice, labels, words
                ),
            )
            for choice in told.compared.alike
        ),
    )


def all_saw(
    said: Said, choice: Choice, labels: Sequence[str], words: CompareWords
) -> Said:
    """Say what all say, and what each of them saw."""
    who: dict[str, list[str]] = {}
    told: dict[str, Said] = {}
    for label, value in zip(labels, choice.values, strict=True):
        if (saw := saw_said(value.saw, words)) is not None:
            who.setdefault(saw.text, []).append(label)
            told[saw.text] = saw
    if not who:
        return said
    if [len(names) for names in who.values()] == [len(labels)]:
        return say("compare.saw_all", said=said, saw=next(iter(told.values())))
    parts = [
        say("compare.line", label=joined(list(map(as_written, names))), said=told[text])
        for text, names in who.items()
    ]
    seen = parts[0]
    for part in parts[1:]:
        seen = say("compare.lines", first=seen, then=part)
    return say("compare.line_saw", said=said, saw=seen)


def _records(told: Told) -> Table:
    heads = ("record", "file", "saves", "signed")
    rows = []
    labelled = zip(told.compared.labels, told.sources, strict=True)
    for place, (label, source) in enumerate(labelled, 1):
        saves = counted(f"r{place}.saves", source.revision, "saves")
        rows.append(
            (
                as_written(label),
                as_written(source.file),
                say("compare.saves", saves=saves),
                say(f"compare.signed_{'yes' if source.signed else 'no'}"),
            )
        )
    return Table(
        say("compare.records_caption"),
        tuple(say(f"compare.col_{head}") for head in heads),
        tuple(rows),
    )


def compared_section(told: Told) -> Section:
    """All of it as one section, for a page."""
    return Section(
        id="compare",
        title=say("compare.section"),
        status="ok",
        headline=lead_said(told.compared, told.words),
        blocks=compared_blocks(told),
    )


def compared_page(told: Told) -> str:
    """All of it as a page of its own."""
    from workshop.views.page import page

    return page(
        title=say("compare.title", title=told.title).text,
        subtitle=subtitle(told),
        verdict=None,
        contents=(),
        body=compared_section(told).html,
        foot=[say("compare.foot")],
    )


def subtitle(told: Told) -> Said:
    """Say which records these are."""
    return say(
        "compare.subtitle",
        count=counted("records", len(told.sources), "records"),
        scenario=told.scenario,
        labels=joined([as_written(label) for label in told.compared.labels]),
        as_of=told.as_of,
    )
