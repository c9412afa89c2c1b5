"""What matters most, and for how many people: a tornado and people, as light pictures.

Both are written as SVG by hand and not drawn by a library, because they are made anew
while somebody moves an assumption. They use no style sheet and bring their own ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workshop.analysis.impact.tornado import Swing, Tornado
from workshop.record.values import Number
from workshop.views.amounts import amount, join, reach, shorten
from workshop.views.crowd import Crowd, ids_of
from workshop.views.explorer.readout import allocate
from workshop.views.figures_paths import Point, short
from workshop.views.marks import attributes, line, quoted, rect, svg, text
from workshop.views.section import Table
from workshop.views.style import GROUND, INK, QUIET, ROLES
from workshop.views.wording import Said, as_written, phrase, say

Names = Mapping[str, str]
Parts = Sequence[tuple[str, int]]
"""Roles of `style.ROLES`, in the order of the picture, each with its count of rows."""

WIDE, SIDE, TOP, ROW, BAR = 540, 104, 50, 52, 18
"""The tornado's width, the room for words at either side, its head, a row, a bar."""
LOW, HIGH = "#dfe5ea", QUIET
"""Grounds of the low and the high side: far apart in grey, and no role's colour."""
LETTERS = 66
ERRORS = {"missed": INK, "false_alarm": GROUND}
"""Roles that go wrong, and the colour of the cross that they carry."""
PERSON = (
    "M-3.8-1a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0-7.6 0z"
    "m-1.6 16.4v-6.2a5.4 5.4 0 0 1 10.8 0v6.2z"
)
CROSS = "m-2.6 7.6l5.2 5.2m0-5.2l-5.2 5.2"
DOWN, FEW = 5, 10
"""People above each other, and how many are few enough for one row, twice as big."""
ACROSS, STEP_DOWN, KEY, KEY_LETTER = 26, 30, 27, 7.3


# --- the tornado ---------------------------------------------------------------------


def tornado_html(found: Tornado, names: Names, *, outcome: str) -> str:
    """Draw what each assumption alone does to the outcome, widest first.

    ``names`` gives each swing's words; ``outcome`` is what is counted, in words. A
    swing without both values is in the table only.
    """
    swings = [swing for swing in found.swings if _is_known(swing)]
    if found.centre.value is None or not swings:
        return ""
    scale = _Scale.over(found.centre.value, swings)
    high = TOP + ROW * len(swings) + 24
    inside = [
        *_tornado_key(),
        *_centre_lines(found, scale, high),
        *(
            piece
            for place, swing in enumerate(swings)
            for piece in _swing(found, swing, names, scale, TOP + ROW * place)
        ),
    ]
    return svg(inside, WIDE, high, tornado_alt(found, names, outcome=outcome).text)


def tornado_alt(found: Tornado, names: Names, *, outcome: str) -> Said:
    """Say what moves the outcome most, and from where to where."""
    centre = _comes_to(found, found.centre)
    swings = [swing for swing in found.swings if _is_known(swing)]
    if not swings or found.centre.value is None:
        return say("picture.tornado_alt_none", outcome=outcome, centre=centre)
    first = swings[0]
    return say(
        "picture.tornado_alt",
        outcome=outcome,
        centre=centre,
        name=names[first.name],
        low=_comes_to(found, first.at_low),
        high=_comes_to(found, first.at_high),
    )


def _comes_to(found: Tornado, number: Number) -> Said:
    """Say what the outcome comes to; money in two leading figures, as all over 04."""
    if found.outcome != "money" or number.value is None:
        return amount(number)
    return say("picture.amount_people", n=number)


def tornado_twin(found: Tornado, names: Names, *, outcome: str) -> Table:
    """Tell every assumption's ends, and what the outcome comes to there."""
    heads = ("name", "low_end", "at_low", "high_end", "at_high")
    rows = tuple(
        (
            as_written(names[swing.name]),
            reach(swing.low_end),
            _comes_to(found, swing.at_low),
            reach(swing.high_end),
            _comes_to(found, swing.at_high),
        )
        for swing in found.swings
    )
    centre = _comes_to(found, found.centre)
    caption = say("picture.tornado_caption", outcome=outcome, centre=centre)
    return Table(caption, tuple(say(f"picture.tornado_col_{h}") for h in heads), rows)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a value of the outcome to a place across the picture."""

    least: float
    most: float
    centre: float

    @classmethod
    def over(cls, centre: float, swings: Sequence[Swing]) -> _Scale:
        ends = [centre, *(end for swing in swings for end in _ends(swing))]
        return cls(min(ends), max(ends), centre)

    def __call__(self, value: float) -> float:
        room = WIDE - 2 * SIDE
        if self.most == self.least:
            return WIDE / 2
        return SIDE + room * (value - self.least) / (self.most - self.least)


def _is_known(swing: Swing) -> bool:
    return swing.at_low.value is not None and swing.at_high.value is not None


def _ends(swing: Swing) -> tuple[float, float]:
    return swing.at_low.value or 0.0, swing.at_high.value or 0.0


def _tornado_key() -> list[str]:
    low, high = phrase("picture.tornado_low"), phrase("picture.tornado_high")
    after = 26 + KEY_LETTER * len(low) + 16
    return [
        rect(2, 4, 16, 13, LOW),
        text(24, 15, low, fill=QUIET),
        rect(after, 4, 16, 13, HIGH),
        text(after + 22, 15, high, fill=QUIET),
    ]


def _centre_lines(found: Tornado, scale: _Scale, high: float) -> list[str]:
    """The line of all as likely, with its value; nought where it lies inside."""
    x = scale(scale.centre)
    said = say("picture.tornado_centre", centre=_comes_to(found, found.centre)).text
    place, anchor = _kept_inside(x, said)
    pieces = [
        line(x, TOP - 6, x, high - 20, stroke=INK, stroke_width=1.2),
        text(place, TOP - 12, said, anchor, font_weight=600),
    ]
    if scale.least < 0 < scale.most:
        nought = scale(0)
        pieces += [
            line(nought, TOP, nought, high - 18, stroke=QUIET, stroke_dasharray="3 4"),
            text(nought, high - 4, "0", "middle", fill=QUIET),
        ]
    return pieces


def _kept_inside(x: float, said: str) -> tuple[float, str]:
    """A place and an anchor that keep words about ``x`` within the picture."""
    half = KEY_LETTER * len(said) / 2
    if x - half < 0:
        return 2, "start"
    return (WIDE - 2, "end") if x + half > WIDE else (x, "middle")


def _swing(
    found: Tornado, swing: Swing, names: Names, scale: _Scale, top: float
) -> list[str]:
    """One assumption: its name, a bar to either end, and at each end both values."""
    low, high = (scale(value) for value in _ends(swing))
    centre = scale(scale.centre)
    left, right = min(low, high, centre), max(low, high, centre)
    at_low, at_high = (
        _comes_to(found, at).text for at in (swing.at_low, swing.at_high)
    )
    sides = (swing.low_end, at_low), (swing.high_end, at_high)
    name = shorten(names[swing.name], LETTERS)
    y = top + 21
    return [
        text(2, top + 14, name, font_size=14, halo=True),
        *_bars(centre, low, high, y),
        *_at_end(*sides[low > high], left, y, left=True),
        *_at_end(*sides[low <= high], right, y, left=False),
    ]


def _bars(centre: float, low: float, high: float, y: float) -> Iterable[str]:
    """Both sides; one above the other where both lie on one side of the centre."""
    crossed = (low - centre) * (high - centre) > 0
    for at, fill, place in ((low, LOW, 0), (high, HIGH, 1)):
        tall = BAR / 2 if crossed else BAR
        left, wide = min(at, centre), max(abs(at - centre), 1)
        yield rect(left, y + place * tall * crossed, wide, tall, fill)


def _at_end(
    end: Number, comes_to: str, x: float, y: float, *, left: bool
) -> Iterable[str]:
    """What the outcome comes to at an end, and under it what was assumed there."""
    x, anchor = (x - 6, "end") if left else (x + 6, "start")
    at = say("picture.tornado_at", end=amount(end)).text
    if end.value is not None:
        yield text(
            x, y + 21, shorten(at, 16), anchor, fill=QUIET, font_size=11.5, halo=True
        )
    yield text(x, y + 8, comes_to, anchor, font_weight=600, halo=True)


# --- people --------------------------------------------------------------------------


def icons_html(
    parts: Parts, *, of: int = 100, names: Names | None = None, id: str = "people"
) -> str:
    """Draw ``of`` people in groups, a colour a role; mistakes have a rim and a cross.

    The counts are those behind the sentence; people are shared out by largest
    remainder, so that there are always ``of``. ``names`` replaces the roles' own words.
    Empty where nothing was counted.

    Raises
    ------
    ValueError
        A role that has no colour, or a count below nought.
    """
    shown = _shared(parts, of)
    if not sum(shown):
        return ""
    alt = icons_alt(parts, of=of, names=names, id=id).text
    crowd = _crowd(ids_of(id, alt), of)
    big = 1 if of > FEW else 2
    wide = max(ACROSS * -(-of // DOWN), 20 * ACROSS) if of > FEW else 20 * ACROSS
    deep = STEP_DOWN * (DOWN if of > FEW else 1) * big + 12
    key, high = _people_key(crowd, _key_words(parts, shown, names), wide, deep)
    people = f'<g transform="scale({big})">{_people(crowd, parts, shown)}</g>'
    drawn = svg([crowd.defined(), people, *key], wide, high, alt)
    return drawn.replace("<svg", '<svg class="cg-crowd"', 1)


def _crowd(ids: str, of: int) -> Crowd:
    """Column by column, so that a group stays together; a few stand in one row."""
    first = (ACROSS / 2, 12.5)
    if of > FEW:
        return Crowd(ids, PERSON, first, (0.0, STEP_DOWN), (ACROSS, 0.0), DOWN)
    return Crowd(ids, PERSON, first, (ACROSS, 0.0), (0.0, 0.0), of)


def _people(crowd: Crowd, parts: Parts, shown: Sequence[int]) -> str:
    pieces, start = [], 0
    for (role, _), count in zip(parts, shown, strict=True):
        end = start + count
        if count:
            places = [crowd.place(number) for number in range(start, end)]
            pieces.append(_group(role, crowd.people(start, end), places))
        start = end
    return "".join(pieces)


def icons_alt(
    parts: Parts, *, of: int = 100, names: Names | None = None, id: str = "people"
) -> Said:
    """Say how many people of each kind the picture shows; raises as `icons_html`."""
    said: list[Said] = []
    for (role, count), shown in zip(parts, _shared(parts, of), strict=True):
        if count:
            said.append(_said(parts, role, shown, names=names, id=id))
    whole = Number(id=f"{id}.of", value=float(of), unit="people")
    if not said:
        return say("picture.unknown")
    return say("picture.people_alt", of=whole, parts=join(said))


def icons_twin(
    parts: Parts, *, of: int = 100, names: Names | None = None, id: str = "people"
) -> Table:
    """Tell each kind's people, and the count behind them; raises as `icons_html`."""
    whole = Number(id=f"{id}.of", value=float(of), unit="people")
    rows = []
    for (role, _), shown in zip(parts, _shared(parts, of), strict=True):
        number = _number(parts, role, shown, id)
        rows.append(
            (
                as_written(_name(role, names)),
                say("picture.people_cell", shown=number),
                say("picture.people_cell_counted", shown=number),
            )
        )
    columns = (
        say("picture.people_col_who"),
        say("picture.people_col_shown", of=whole),
        say("picture.people_col_counted"),
    )
    return Table(say("picture.people_caption"), columns, tuple(rows))


def _shared(parts: Parts, of: int) -> tuple[int, ...]:
    for role, count in parts:
        if role not in ROLES or count < 0:
            raise ValueError(f"{role!r} with {count} people cannot be drawn")
    return allocate(tuple(count for _, count in parts), of)


def _number(parts: Parts, role: str, shown: int, id: str) -> Number:
    counts = dict(parts)
    return Number(
        id=f"{id}.{role}",
        value=float(shown),
        k=counts[role],
        n=sum(counts.values()),
        unit="people",
    )


def _name(role: str, names: Names | None) -> str:
    return (names or {}).get(role) or phrase(f"explorer.{role}")


def _said(parts: Parts, role: str, shown: int, *, names: Names | None, id: str) -> Said:
    name = _name(role, names)
    if not shown:
        return say("picture.people_some", name=name)
    number = _number(parts, role, shown, id)
    return say("picture.people_part", shown=number, name=name)


def _key_words(
    parts: Parts, shown: Sequence[int], names: Names | None
) -> list[tuple[str, str]]:
    """Every role that was counted, with how many there are of it."""
    return [
        (role, _said(parts, role, count, names=names, id="people").text)
        for (role, counted), count in zip(parts, shown, strict=True)
        if counted
    ]


def _group(role: str, people: str, places: Sequence[Point]) -> str:
    """All people of one kind, those that go wrong with a cross."""
    group = f"<g {_look(role)}>{people}</g>"
    if role not in ERRORS:
        return group
    crosses = "".join(f"M{short(x)} {short(y)}{CROSS}" for x, y in places)
    look = attributes(fill="none", stroke=ERRORS[role], stroke_width=1.5)
    return f"{group}<path d={quoted(crosses)} {look}/>"


def _look(role: str) -> str:
    edge = INK if role in ERRORS else QUIET if role == "left_alone" else ROLES[role]
    width = 1.5 if role in ERRORS else 0.8
    return attributes(fill=ROLES[role], stroke=edge, stroke_width=width)


def _people_key(
    crowd: Crowd, words: Sequence[tuple[str, str]], wide: float, top: float
) -> tuple[list[str], float]:
    """A person and words a role, side by side as long as there is room."""
    pieces: list[str] = []
    x, y = 8.0, top + 10
    for role, said in words:
        said = shorten(said, LETTERS)
        room = 22 + KEY_LETTER * 1.08 * len(said) + 18
        if x > 8 and x + room > wide:
            x, y = 8.0, y + KEY
        person = _group(role, crowd.one((x, y)), [(x, y)])
        pieces += [person, text(x + 14, y + 9, said)]
        x += room
    return pieces, y + KEY
