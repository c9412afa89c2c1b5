"""How pairs differed in what they chose: a picture, a table, and who says what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workshop.record.values import Number
from workshop.views.figures_room import Strip, plot_strips
from workshop.views.recaps.common import owner_said
from workshop.views.recaps.compared_words import (
    CompareWords,
    amount_said,
    topic_said,
    value_said,
)
from workshop.views.section import (
    Block,
    Figure,
    Fold,
    Section,
    Table,
    number_json,
)
from workshop.views.wording import Said, phrase, say

if TYPE_CHECKING:
    from workshop.analysis.compared_values import Value
    from workshop.analysis.pairs import RoomChoice, RoomFound

MOST_ANSWERS = 3
_DRAWN = {"acceptable_error": "share", "ratio": "ratio", "threshold": "score"}
_WORDS = CompareWords()


def differed_section(found: RoomFound) -> Section:
    """Say where pairs chose otherwise, and how far apart they are."""
    title = say("closing.differed.title")
    if len(found.pairs) < 2:
        lead = say("closing.differed.lead_one")
        return Section("differed", title, "cannot_tell", lead)
    blocks: list[Block] = [
        *_strips(found),
        _table(found),
        Fold(
            say("closing.differed.who"),
            tuple(_who(found, one) for one in found.choices),
        ),
    ]
    return Section("differed", title, "ok", _lead(found), tuple(blocks))


def _lead(found: RoomFound) -> Said:
    shared = [one for one in found.choices if (one.decided.k or 0) > 1]
    if not shared:
        return say("closing.differed.lead_none")
    same = [one for one in shared if one.most.k == one.most.n]
    return say(
        "closing.differed.lead_alike",
        all=_plain("choices.all", len(shared)),
        same=_plain("choices.same", len(same)),
    )


# --- the picture ----------------------------------------------------------------------


def _strips(found: RoomFound) -> tuple[Block, ...]:
    drawn = [one for one in found.choices if len(_points(found, one)) > 1]
    if not drawn:
        return ()
    svg = plot_strips(
        [
            Strip(
                phrase(f"closing.differed.strip_{one.choice.id}"),
                _DRAWN[one.choice.id],  # type: ignore[arg-type]
                _points(found, one),
            )
            for one in drawn
        ]
    )
    alt = say("closing.differed.alt")
    twin = _answers_table(found, drawn)
    return (Figure(svg, alt, twin, say("page.as_table"), name="choices"),)


def _points(found: RoomFound, one: RoomChoice) -> tuple[tuple[str, float], ...]:
    """Each pair's figure; none where they stand on scales of their own."""
    if one.choice.id not in _DRAWN:
        return ()
    given = [
        (pair.label, value)
        for pair, value in zip(found.pairs, one.choice.values, strict=True)
        if value.lead is not None and value.lead.value is not None
    ]
    if len({value.basis for _, value in given}) > 1:
        return ()
    return tuple((label, float(value.lead.value)) for label, value in given)  # type: ignore[union-attr, arg-type]


def _answers_table(found: RoomFound, drawn: list[RoomChoice]) -> Table:
    rows = []
    for at, pair in enumerate(found.pairs):
        cells = [_one_said(one, at) for one in drawn]
        rows.append((say("closing.pair", letter=pair.label), *cells))
    heads = (topic_said(one.choice) for one in drawn)
    caption = say("closing.differed.who_caption")
    return Table(caption, (say("closing.col_pair"), *heads), tuple(rows))


# --- the table ------------------------------------------------------------------------


def _table(found: RoomFound) -> Table:
    heads = ("choice", "says")
    return Table(
        say("closing.differed.caption"),
        tuple(say(f"closing.differed.col_{head}") for head in heads),
        tuple((topic_said(one.choice), _summed(found, one)) for one in found.choices),
    )


def _summed(found: RoomFound, one: RoomChoice) -> Said:
    """What they say, then how many say it alike, and who says nothing of their own."""
    said = _answered(one)
    if one.choice.spread is not None and (one.most.k or 0) > 1:
        said = say("closing.differed.most", said=said, k=one.most)
    n, values = len(found.pairs), one.choice.values
    counts = {
        "not_agreed": sum(value.state == "not_agreed" for value in values),
        "borrowed": sum(one.borrowed),
        "undecided": _so_many(one, "undecided"),
        "absent": _so_many(one, "absent"),
    }
    for name, k in counts.items():
        if k and k < n:
            number = Number(id=f"room.{one.choice.id}.{name}", value=k / n, k=k, n=n)
            said = say(f"closing.differed.{name}", said=said, k=number)
    return said


def _so_many(one: RoomChoice, state: str) -> int:
    both = zip(one.choice.values, one.borrowed, strict=True)
    return sum(value.state == state and not borrowed for value, borrowed in both)


def _answered(one: RoomChoice) -> Said:
    spread = one.choice.spread
    if spread is not None:
        ends = {
            name: amount_said(getattr(spread, name), _WORDS)
            for name in ("low", "middle", "high")
        }
        return say("closing.differed.range", **ends)
    groups: dict[Any, list[Value]] = {}
    for value in one.choice.values:
        if value.state == "said":
            groups.setdefault(value.key, []).append(value)
    if not groups:
        return say("closing.differed.none")
    if len(groups) > MOST_ANSWERS:
        return say(
            "closing.differed.answers", n=_plain(f"{one.choice.id}.kinds", len(groups))
        )
    n = one.decided.k or 1
    ordered = sorted(groups.values(), key=len, reverse=True)
    return _listed(
        [
            say(
                "closing.differed.answer",
                said=_value_said(one, same[0]),
                k=Number(
                    id=f"room.{one.choice.id}.answer_{place}",
                    value=len(same) / n,
                    k=len(same),
                    n=n,
                ),
            )
            for place, same in enumerate(ordered, start=1)
        ]
    )


def _listed(parts: list[Said]) -> Said:
    said = parts[0]
    for part in parts[1:]:
        said = say("closing.differed.then", first=said, then=part)
    return said


# --- who says what --------------------------------------------------------------------


def _who(found: RoomFound, one: RoomChoice) -> Table:
    return Table(
        topic_said(one.choice),
        (say("closing.col_pair"), say("closing.differed.col_says")),
        tuple(
            (say("closing.pair", letter=pair.label), _one_said(one, at))
            for at, pair in enumerate(found.pairs)
        ),
    )


def _one_said(one: RoomChoice, at: int) -> Said:
    if one.borrowed[at]:
        return say("closing.differed.who_borrowed")
    return _value_said(one, one.choice.values[at])


def _value_said(one: RoomChoice, value: Value) -> Said:
    """Say a value; of a bound only the bound, since its window was somebody's words."""
    if value.state != "said":
        bare = replace(value, words={}, terms={}, numbers={})
        return value_said(one.choice, bare, _WORDS)
    if one.choice.kind == "clause":
        return amount_said(value.numbers[value.leads], _WORDS)
    if one.choice.kind == "right":
        return owner_said(value.terms["owner"])
    return value_said(one.choice, value, _WORDS)


def choices_json(found: RoomFound) -> list[dict[str, Any]]:
    """Return every choice as plain data."""
    return [
        {
            "id": one.choice.id,
            "about": topic_said(one.choice).text,
            "decided": number_json(one.decided),
            "most": number_json(one.most),
            "values": [
                {
                    "letter": pair.label,
                    "state": "borrowed" if one.borrowed[at] else value.state,
                    "says": _one_said(one, at).text,
                }
                for at, (pair, value) in enumerate(
                    zip(found.pairs, one.choice.values, strict=True)
                )
            ],
        }
        for one in found.choices
    ]


def _plain(name: str, value: float) -> Number:
    return Number(id=f"room.{name}", value=float(value), unit="")
