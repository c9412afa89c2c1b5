"""Many people of one shape: drawn once, then set where they stand, in lines.

A whole line is drawn once as well, so that a hundred people take little more than ten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from workshop.views.figures_paths import Point, short


def ids_of(*shown: object) -> str:
    """How all ids of a picture begin: made of what it shows, so no other has them."""
    return f"p{sha256(repr(shown).encode('utf-8', 'replace')).hexdigest()[:7]}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """Where people stand: ``first`` the first one, ``next`` to the next in a line.

    ``long`` is how many are in a line, ``below`` the way from one line to the next;
    ``shape`` is the path of a person about its place, ``ids`` what all ids begin with.
    """

    ids: str
    shape: str
    first: Point
    next: Point
    below: Point
    long: int

    def place(self, number: int) -> Point:
        """Where one person stands, counted from 0."""
        line, along = divmod(number, self.long)
        return (
            self.first[0] + along * self.next[0] + line * self.below[0],
            self.first[1] + along * self.next[1] + line * self.below[1],
        )

    def people(self, start: int, end: int) -> str:
        """Everyone from ``start`` to before ``end``, whole lines at once."""
        return "".join(self._uses(start, end))

    def _uses(self, start: int, end: int) -> Iterator[str]:
        while start < end:
            line, along = divmod(start, self.long)
            if along == 0 and start + self.long <= end:
                at = line * self.below[0], line * self.below[1]
                yield self._use("line", at)
                start += self.long
            else:
                yield self.one(self.place(start))
                start += 1

    def one(self, at: Point) -> str:
        """A single person anywhere."""
        return self._use("one", at)

    def defined(self) -> str:
        """A person and a line of them, ready to be used."""
        line = "".join(self.one(self.place(number)) for number in range(self.long))
        person = f'<path id="{self.ids}one" d="{self.shape}"/>'
        return f'<defs>{person}<g id="{self.ids}line">{line}</g></defs>'

    def _use(self, name: str, at: Point) -> str:
        places = "".join(
            f' {axis}="{short(value)}"'
            for axis, value in zip("xy", at, strict=True)
            if value
        )
        return f'<use href="#{self.ids}{name}"{places}/>'
