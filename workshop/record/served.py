"""What a room answers to one request of a page's kernel: a record, read and written.

Knows nothing of any web server: JSON values in, JSON values out. Whatever is asked,
an answer comes back; what cannot be done is said in it. Who asks is told by the caller,
who knows it from the seat's token, and never by the request.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from workshop.errors import InputError, RunError, WorkshopError
from workshop.record import borrowed, may
from workshop.record.bets import SEATS, Bet, Bets, OpenedBet, Seat
from workshop.record.choices import Record
from workshop.record.file import RecordFile
from workshop.record.sealed import is_sealed
from workshop.record.values import Role, Seen
from workshop.record.wire import plain

MOST = 2_000_000
"""How many characters of JSON one request may have."""

Words = Callable[[Seat], str]
Example = Callable[[], Record | None]
Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=20_000)]
Plain = dict[str, Any]


def answer(
    asked: Any,
    *,
    file: RecordFile,
    seat: Role | None,
    words: Words,
    example: Example = lambda: None,
) -> Plain:
    """Do what one request asks for, if it may be done.

    Parameters
    ----------
    asked : JSON value
        An object with ``act`` and what that act needs; see the classes here.
    file : RecordFile
        The record of the pair that asks.
    seat : Role or None
        The half that asks; None where the pair sits at one page and nothing is one's
        own.
    words : callable
        Gives the room's own word that locks a seat's bet, so that nobody has to
        remember one. Not asked where ``seat`` is None.
    example : callable, optional
        Gives the scenario's example record, from which a step may be borrowed.

    Returns
    -------
    dict
        What was asked for, or ``{"error": {"kind": …, "says": …}}``.
    """
    try:
        act = _read(asked)
        return act.done(_Pair(file, seat, words, example))
    except WorkshopError as error:
        return refusal(error, file=file)
    except OSError:
        return refusal(RunError("the room cannot write at this moment; save again"))


def refusal(error: WorkshopError, *, file: RecordFile | None = None) -> Plain:
    """Return an error as JSON; no sentence tells where the room keeps its files."""
    says = str(error)
    if file is not None:
        for folder in (file.path.parent, file.drawer("-").folder.parent):
            if folder.is_absolute():
                says = says.replace(f"{folder}{os.sep}", "")
                says = says.replace(str(folder), "the room's folder")
    return {"error": {"kind": type(error).__name__, "says": says}}


@dataclass(frozen=True, slots=True)
class _Pair:
    """The record that is asked about, and who asks."""

    file: RecordFile
    seat: Role | None
    words: Words
    example: Example

    @property
    def record(self) -> Record | None:
        return self.file.read() if self.file.exists else None

    @property
    def bets(self) -> Bets:
        record = self.record
        return (record.bets if record else None) or Bets()

    def owns(self, seat: Seat) -> bool:
        """Whether whoever asks acts for that seat."""
        if self.seat is None:
            return True
        record = self.record
        return seat in (may.seats_of(record, self.seat) if record else (self.seat,))

    def needs(self, seat: Seat) -> None:
        """Refuse what is only for that seat."""
        if not self.owns(seat):
            raise InputError(f"the bet of {seat} is not yours to touch")

    def allow(self, old: Record, new: Record) -> None:
        """Refuse a change that is not for this seat to make."""
        borrowed.check(old, new, self.example)
        if self.seat is None:
            return
        bets = new.bets or Bets()
        may.check(old, new, self.seat, lies=lambda seat: self.lies(bets, seat))

    def lies(self, bets: Bets, seat: Seat) -> bool:
        """Whether the bet on the table is the one that the seat sealed."""
        try:
            bet = self.file.table.get(seat)
        except InputError:
            return False
        return bet is not None and is_sealed(bets, seat, bet)

    def word(self, seat: Seat, given: str) -> str:
        """Return what locks the bet: the room's own word where people have seats."""
        return given if self.seat is None else self.words(seat)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Change what lies beside the record while nobody writes it."""
        if self.file.read_only:
            raise InputError("a shipped example is open for reading only")
        with self.file.locked():
            yield

    def read(self, stamp: str = "") -> Plain:
        """Return the record as it stands, or that it is still the one of ``stamp``."""
        now = self.file.stamp
        if stamp and stamp == now:
            return {"stamp": now}
        return {
            "stamp": now,
            "record": plain(self.record),
            "read_only": self.file.read_only,
            "seat": self.seat,
            "name": self.file.path.name,
        }


# -- what can be asked -----------------------------------------------------------------


class _Act(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    def done(self, pair: _Pair) -> Plain:
        raise NotImplementedError


class _Read(_Act):
    act: Literal["read"]
    stamp: Short = ""

    def done(self, pair: _Pair) -> Plain:
        return pair.read(self.stamp)


class _Line(_Act):
    """What goes into the decision log."""

    base: Plain
    who: Short
    decided: Long
    because: Long = ""
    seen: Plain | None = None

    def line(self, pair: _Pair) -> Plain:
        return {
            "base": _made(Record, self.base),
            "who": self.who,
            "decided": self.decided,
            "because": self.because,
            "seen": None if self.seen is None else _made(Seen, self.seen),
            "allow": pair.allow,
        }


class _Save(_Line):
    act: Literal["save"]
    values: Annotated[Plain, Field(max_length=30)]

    def done(self, pair: _Pair) -> Plain:
        pair.file.save_many(self.values, **self.line(pair))
        return pair.read()


class _Note(_Line):
    act: Literal["note"]
    section: Short = ""

    def done(self, pair: _Pair) -> Plain:
        pair.file.note(section=self.section, **self.line(pair))
        return pair.read()


class _AboutBet(_Act):
    record: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
    seat: Seat

    def known(self, pair: _Pair) -> None:
        """Refuse the drawers of another record."""
        name = pair.bets.record
        if name and name != self.record:
            raise InputError("this bet is of another record; load the page again")


class _Put(_AboutBet):
    act: Literal["bet_put"]
    bet: Plain
    word: Short = ""

    def done(self, pair: _Pair) -> Plain:
        pair.needs(self.seat)
        bet = _made(Bet, self.bet)
        with pair.writing():
            self.known(pair)
            if pair.seat is not None and self.seat in pair.bets.sealed:
                raise InputError(f"the bet of {self.seat} is sealed already")
            drawer = pair.file.drawer(self.record)
            word = pair.word(self.seat, self.word)
            return {"sealed": drawer.put(self.seat, bet, word=word)}


class _Take(_AboutBet):
    act: Literal["bet_take"]
    word: Short = ""

    def done(self, pair: _Pair) -> Plain:
        pair.needs(self.seat)
        self.known(pair)
        drawer = pair.file.drawer(self.record)
        bet = drawer.take(self.seat, word=pair.word(self.seat, self.word))
        return {"bet": plain(bet)}


class _Holds(_AboutBet):
    act: Literal["bet_holds"]

    def done(self, pair: _Pair) -> Plain:
        self.known(pair)
        return {"holds": pair.file.drawer(self.record).holds(self.seat)}


class _Forget(_AboutBet):
    act: Literal["bet_forget"]

    def done(self, pair: _Pair) -> Plain:
        with pair.writing():
            self.known(pair)
            if not pair.bets.opened:
                pair.needs(self.seat)
            pair.file.drawer(self.record).forget(self.seat)
        return {}


class _Lay(_Act):
    act: Literal["lay"]
    seat: Seat
    bet: Plain

    def done(self, pair: _Pair) -> Plain:
        pair.needs(self.seat)
        bet = _made(OpenedBet, self.bet)
        with pair.writing():
            if pair.seat and not is_sealed(pair.bets, self.seat, bet):
                raise InputError(f"this is not the bet that {self.seat} sealed")
            pair.file.table.lay(self.seat, bet)
        return {}


class _Laid(_Act):
    act: Literal["get_laid"]
    seat: Seat

    def done(self, pair: _Pair) -> Plain:
        if not (pair.owns(self.seat) or may.all_ready(pair.bets)):
            raise InputError(
                f"the bet of {self.seat} stays closed until all are sealed and ready"
            )
        return {"bet": plain(pair.file.table.get(self.seat))}


class _TakeBack(_Act):
    act: Literal["take_back"]
    seat: Seat

    def done(self, pair: _Pair) -> Plain:
        with pair.writing():
            if pair.lies(pair.bets, self.seat):
                pair.needs(self.seat)
            pair.file.table.take_back(self.seat)
        return {}


class _Clear(_Act):
    act: Literal["clear"]

    def done(self, pair: _Pair) -> Plain:
        """Take all bets off; one whose maker stands by it only when it is opened."""
        with pair.writing():
            bets = pair.bets
            if pair.seat is None or bets.opened:
                pair.file.table.clear()
                return {}
            for seat in SEATS:
                if pair.owns(seat) or seat not in bets.ready:
                    pair.file.table.take_back(seat)
        return {}


_ASKED: TypeAdapter[_Act] = TypeAdapter(
    Annotated[
        _Read
        | _Save
        | _Note
        | _Put
        | _Take
        | _Holds
        | _Forget
        | _Lay
        | _Laid
        | _TakeBack
        | _Clear,
        Field(discriminator="act"),
    ]
)


def _read(asked: Any) -> _Act:
    try:
        if len(json.dumps(asked)) > MOST:
            raise InputError("this is too much for one save; make it shorter")
        return _ASKED.validate_python(asked)
    except (ValueError, TypeError, RecursionError):
        raise InputError("the room does not know what was asked of it") from None


def _made(model: type[Any], given: Plain) -> Any:
    """Read a value that a page sent; what people typed was checked there already."""
    try:
        return model.model_validate(given)
    except (ValidationError, RecursionError):
        raise InputError(
            "the room cannot read what this page sent; load the page again"
        ) from None
