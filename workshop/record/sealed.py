"""Bets that nobody reads before both are made.

The record holds only a salted digest of each bet until both are opened together. The
bets themselves wait in a folder beside the record, so that a closed laptop loses
nothing. That folder keeps eyes off; it does not keep a determined reader out. On one
computer nothing can, and the digest shows afterwards that nobody changed a bet.
"""

from __future__ import annotations

import base64
import json
import secrets
import zlib
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from workshop.errors import InputError
from workshop.record.atomic import write_text
from workshop.record.choices import Bet, Bets, OpenedBet
from workshop.record.digest import canonical, text_digest
from workshop.record.values import ROLES, Role


def new_salt() -> str:
    """Return 128 random bits, so that equal bets have different digests."""
    return secrets.token_hex(16)


def seal(bet: Bet, salt: str) -> str:
    """Return the digest that proves a bet later and says nothing about it now."""
    said = bet.model_dump(mode="json", exclude={"salt"}, exclude_defaults=True)
    return text_digest(canonical({"bet": said, "salt": salt}))


class SealedStore:
    """The folder beside a record in which sealed bets wait to be opened.

    Each file is compressed and encoded and may be read by its owner alone. This
    hides a bet from a glance over the shoulder, not from somebody who wants to know.

    Parameters
    ----------
    record_path : str or Path
        The record; the bets lie in ``record.sealed/`` beside it.
    """

    def __init__(self, record_path: str | Path) -> None:
        self.folder = Path(record_path).with_suffix(".sealed")

    def put(self, role: Role, bet: Bet, *, salt: str | None = None) -> str:
        """Keep a bet, replacing an earlier one of this role; return its digest."""
        salt = salt or new_salt()
        said = bet.model_dump(mode="json", exclude={"salt"}) | {"salt": salt}
        packed = base64.b85encode(zlib.compress(json.dumps(said).encode("ascii")))
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{self.folder}: cannot be written ({error.strerror}); choose a "
                "folder you may write to"
            ) from error
        write_text(self.folder / role, packed.decode("ascii"), mode=0o600)
        return seal(bet, salt)

    def get(self, role: Role) -> OpenedBet | None:
        """Return a kept bet with its salt, None where this role has none."""
        file = self.folder / role
        try:
            unpacked = zlib.decompress(base64.b85decode(file.read_bytes()))
            return OpenedBet.model_validate_json(unpacked)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, zlib.error, ValidationError):
            raise InputError(
                f"{file}: this sealed bet cannot be read any more; seal it again"
            ) from None

    def clear(self) -> None:
        """Forget all kept bets, once they stand opened in the record."""
        for role in ROLES:
            (self.folder / role).unlink(missing_ok=True)
        with suppress(OSError):
            self.folder.rmdir()


def open_bets(bets: Bets, store: SealedStore) -> Bets:
    """Return the bets with both opened, each checked against its digest.

    Raises
    ------
    InputError
        Only one is sealed yet, a kept bet is missing, or it is not the one sealed.
    """
    if set(bets.opened) == set(ROLES):
        return bets
    missing = [role for role in ROLES if role not in bets.sealed]
    if missing:
        raise InputError(
            f"bets.sealed: {' and '.join(missing)} has not sealed a bet yet; "
            "bets are opened together"
        )
    opened = {role: _opened(role, bets.sealed[role], store) for role in ROLES}
    return Bets(sealed=bets.sealed, opened=opened, rounds=bets.rounds)


def _opened(role: Role, sealed: str, store: SealedStore) -> OpenedBet:
    bet = store.get(role)
    if bet is None:
        raise InputError(
            f"{store.folder / role}: the sealed bet is missing; put the file back, "
            "or seal a new bet"
        )
    if seal(bet, bet.salt) != sealed:
        raise InputError(
            f"{store.folder / role}: this is not the bet that was sealed; put the "
            "right file back, or seal a new bet"
        )
    return bet
