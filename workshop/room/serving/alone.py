"""Who sits where, when one pair sits at one page: `workshop app`.

The same answers that a room gives, for a single table: one link lets in, as often as it
is opened, and nothing belongs to one half.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from workshop.data.catalog import Target
from workshop.errors import InputError
from workshop.record.bets import Seat
from workshop.record.file import RecordFile
from workshop.room.codes import digest_of, is_among, new_code, new_token, tidy
from workshop.room.people import Session, Who
from workshop.room.throttle import Throttle

LINK_LETTERS = 20
ONLY = 1
"""The number of the only pair."""


class OnePair:
    """One pair and its record; ``code`` lets in whoever has it."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.code = new_code(LINK_LETTERS)
        self.throttle = Throttle()
        self.cookie_secret = secrets.token_bytes(32)
        self.on_ended: Callable[[tuple[str, ...]], None] = lambda _ids: None
        self._sessions: dict[str, Who] = {}

    @property
    def scenario(self) -> str:
        """The scenario's folder."""
        return str(Path(self.target.scenario.folder).resolve())

    @property
    def title(self) -> str:
        """What the scenario is called."""
        return self.target.scenario.title

    def file(self, pair: int) -> RecordFile:
        """Return the record's file."""
        return self.target.file

    def word(self, pair: int, seat: Seat) -> str:
        """Refuse: people who share a page lock their bets with words of their own."""
        raise InputError("the room keeps no words where a pair sits at one page")

    def claim(self, code: str, name: str = "") -> Session:
        """Let somebody in who has the link.

        Raises
        ------
        InputError
            The code is another one.
        """
        if not is_among(digest_of(tidy(code)), [digest_of(tidy(self.code))]):
            self.throttle.failed()
            raise InputError("this is not the link that the app printed")
        token = new_token()
        who = Who("seat", secrets.token_hex(4), pair=ONLY)
        self._sessions[digest_of(token)] = who
        return Session(token, who)

    def who(self, token: str) -> Who | None:
        """Return whom a session belongs to."""
        return self._sessions.get(digest_of(token[:200]))

    def saw(self, who: Who, step: str = "") -> None:
        """Nobody asks for how long a pair at one page was away."""
