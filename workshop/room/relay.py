"""What does one of a pair see of the other's moves, and who may move?

A pair picks: one drives and the others follow, or each alone. What the driver moves is
passed on to the other pages of the same pair on the same step; alone, each only learns
at which point the others look. Nothing here reaches a kernel or the record, and only
what stands in a message's known shape goes on. Nothing here knows HTTP.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from workshop.errors import InputError, WorkshopError

LARGEST = 4096
"""Bytes of one message; the largest that a page sends has some hundred."""
PASSED_A_SECOND = 60
MOST_A_SECOND = 200
"""A line on which more come in one second is closed; a page sends at most 60."""
MOST_CHOICES, CHOICES_WITHIN = 20, 10.0
"""So many choices in so many seconds: each is written to the room's folder."""
PARTS = frozenset({"curve", "person", "money", "groups", "limits"})
"""The parts of the explorer that can be opened."""
ENDS = ("all", "none")
"""Lines that have no score: acting on everyone, and on no one."""
ALONE = "alone"
NOT_CHOSEN = ""
_LONGEST_MARK = 16

Cut = float | Literal["all", "none"]
Message = dict[str, Any]
People = Callable[[int], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody wants to drive, or that each goes alone."""

    drive: bool


@dataclass(frozen=True, slots=True)
class At:
    """Where somebody's explorer stands: its lines by score, and what is open.

    ``of`` marks the numbers that it was drawn from, so that two pages which do not
    hold the same can say so.
    """

    act: Cut
    ask: Cut
    opened: tuple[str, ...]
    of: str

    def told(self) -> Message:
        """Write it anew, from what was checked."""
        opened = list(self.opened)
        return {"act": self.act, "ask": self.ask, "opened": opened, "of": self.of}


@dataclass(eq=False, slots=True)
class Page:
    """One open page of somebody with a seat."""

    person: str
    pair: int
    step: str


Told = tuple[Page, Message]


class Relay:
    """All pairs' choices, and where each one's explorer stands at this moment.

    Parameters
    ----------
    people : callable
        Names who sits in a pair now, by the id of their session.
    ways : mapping
        What each pair had chosen before: `ALONE`, or the id of who drives.
    keep : callable
        Called with all choices whenever one has changed.
    """

    def __init__(
        self,
        people: People,
        ways: Mapping[int, str] | None = None,
        keep: Callable[[Mapping[int, str]], None] = lambda _: None,
    ) -> None:
        self._people, self._keep = people, keep
        self._ways = dict(ways or {})
        self._pages: dict[int, list[Page]] = {}
        self._driven: dict[tuple[int, str], At] = {}
        self._points: dict[tuple[int, str], dict[str, At]] = {}

    def way(self, pair: int) -> str:
        """Return `NOT_CHOSEN`, `ALONE`, or who drives; nobody drives who has left."""
        way = self._ways.get(pair, NOT_CHOSEN)
        return way if way == ALONE or way in self._people(pair) else NOT_CHOSEN

    # -- pages come, go and say something ---------------------------------------------

    def enter(self, page: Page) -> list[Told]:
        """Welcome a page: it learns all that it missed, the others that it is here."""
        self._pages.setdefault(page.pair, []).append(page)
        driven = self._driven.get((page.pair, page.step))
        has = driven is not None and self.way(page.pair) not in (ALONE, NOT_CHOSEN)
        hello = self._said(page) | {"do": "hello", "at": driven.told() if has else None}
        points = self._points.get((page.pair, page.step), {})
        known = [
            (page, self._point(page.pair, person, at))
            for person, at in points.items()
            if person != page.person
        ]
        return [(page, hello), *known, *self._ways_told(page)]

    def leave(self, page: Page) -> list[Told]:
        """Forget a page, and tell the others."""
        staying = [one for one in self._pages.get(page.pair, []) if one is not page]
        self._pages[page.pair] = staying
        if page.person not in {p.person for p in staying if p.step == page.step}:
            self._points.get((page.pair, page.step), {}).pop(page.person, None)
        return list(self._ways_told(page))

    def hear(self, page: Page, said: Choice | At) -> list[Told]:
        """Take in what a page says; return who is told what."""
        if isinstance(said, Choice):
            return self._choose(page, page.person if said.drive else ALONE)
        way, place = self.way(page.pair), (page.pair, page.step)
        if way == page.person:
            self._driven[place] = said
            message = {"do": "at", **said.told()}
            return [(one, message) for one in self._beside(page)]
        if way not in (ALONE, NOT_CHOSEN):
            return []  # somebody else has taken over since
        self._points.setdefault(place, {})[page.person] = said
        point = self._point(page.pair, page.person, said)
        others = (o for o in self._beside(page) if o.person != page.person)
        return [(one, point) for one in others]

    # -- how --------------------------------------------------------------------------

    def _choose(self, page: Page, way: str) -> list[Told]:
        if self.way(page.pair) == way or page.person not in self._people(page.pair):
            return []
        self._ways[page.pair] = way
        for held in (self._driven, self._points):
            for place in [place for place in held if place[0] == page.pair]:
                del held[place]
        with suppress(WorkshopError):  # it is chosen here, kept or not
            self._keep(dict(self._ways))
        by = self._people(page.pair)[page.person]
        return [
            (one, self._said(one) | {"do": "way", "by": by, "by_you": one is page})
            for one in self._pages.get(page.pair, [])
        ]

    def _beside(self, page: Page) -> Iterator[Page]:
        """The pages of this pair on this step, but for the one that speaks."""
        for one in self._pages.get(page.pair, []):
            if one is not page and one.step == page.step:
                yield one

    def _ways_told(self, page: Page) -> Iterator[Told]:
        for one in self._pages.get(page.pair, []):
            if one is not page:
                yield one, self._said(one) | {"do": "way"}

    def _said(self, page: Page) -> Message:
        """What a page is told of the choice and of who is here."""
        names, way = self._people(page.pair), self.way(page.pair)
        beside = {one.person for one in self._beside(page)}
        others = [
            {"id": person, "name": name, "here": person in beside}
            for person, name in names.items()
            if person != page.person
        ]
        chosen = way in (ALONE, NOT_CHOSEN)
        return {
            "way": (way or "ask") if chosen else "drive",
            "yours": way == page.person,
            "driver": "" if chosen else names[way],
            "driver_here": way in beside,
            "others": others,
        }

    def _point(self, pair: int, person: str, at: At) -> Message:
        """Say where somebody looks; what is open there is nobody else's matter."""
        name = self._people(pair).get(person, "")
        said = {"act": at.act, "ask": at.ask, "of": at.of}
        return {"do": "point", "id": person, "name": name, **said}


# --- what a page may say --------------------------------------------------------------


def read(text: str | bytes) -> Choice | At:
    """Read one message of a page.

    Raises
    ------
    InputError
        It is too large, no JSON, or of no known shape.
    """
    if not isinstance(text, str) or len(text.encode("utf-8", "replace")) > LARGEST:
        raise InputError("no message of a page: too large, or no text")
    try:
        said = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise InputError("no message of a page: no JSON") from None
    match said:
        case {"do": "choose", "way": "drive" | "alone" as way} if len(said) == 2:
            return Choice(drive=way == "drive")
        case {
            "do": "at",
            "act": act,
            "ask": ask,
            "opened": list(opened),
            "of": str(of),
        }:
            if len(said) == 5 and _is_mark(of) and _are_parts(opened):
                return At(_cut(act), _cut(ask), tuple(opened), of)
    raise InputError("no message of a page: not one of the known shapes")


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _is_mark(text: str) -> bool:
    return len(text) <= _LONGEST_MARK and set(text) <= set("0123456789abcdef")


def _are_parts(opened: list[Any]) -> bool:
    are_names = all(isinstance(one, str) and one in PARTS for one in opened)
    return are_names and len(set(opened)) == len(opened)


def _cut(said: Any) -> Cut:
    if said in ENDS and isinstance(said, str):
        return said  # type: ignore[return-value]
    if isinstance(said, int | float) and not isinstance(said, bool):
        with suppress(OverflowError):
            if math.isfinite(found := float(said)):
                return found
    raise InputError("no message of a page: a line that is nowhere")


class Pace:
    """How fast one page may speak; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = self._chosen_since = clock()
        self._count = self._choices = 0
        self._passed = -math.inf

    def is_too_much(self, said: Choice | At) -> bool:
        """Count one message; say whether too many have come of late."""
        now = self._clock()
        if now - self._since >= 1.0:
            self._since, self._count = now, 0
        if now - self._chosen_since >= CHOICES_WITHIN:
            self._chosen_since, self._choices = now, 0
        self._count += 1
        self._choices += isinstance(said, Choice)
        return self._count > MOST_A_SECOND or self._choices > MOST_CHOICES

    def wait(self) -> float:
        """Return the seconds until one more may be passed on; nought when at once."""
        return max(0.0, self._passed + 1.0 / PASSED_A_SECOND - self._clock())

    def passed(self) -> None:
        """Note that one is passed on now."""
        self._passed = self._clock()
