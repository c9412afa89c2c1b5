"""Bets that nobody reads before all of them are made.

The record holds only a digest of each bet until all are opened together. The digest
covers the form of the record, the record itself, the seat, the answers and a secret of
32 random bytes, so that nobody can find the answers by trying them out. The answers and
the secret wait in a folder of their maker's own, outside the folder that the record
lies in, locked with a word that the maker picked. Once all bets are sealed, and their
makers say that they are ready, each lays its bet beside the record, where nothing can
be changed any more without the digest telling; then all are opened in one act.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from workshop.errors import InputError, RunError
from workshop.record.atomic import explain, write_text
from workshop.record.bets import SEATS, Bet, Bets, OpenedBet, Seat
from workshop.record.choices import FORMAT
from workshop.record.digest import canonical, text_digest
from workshop.record.values import ROLES

SHORTEST_WORD = 4
_KEY_WORK = 2**15
"""Scrypt's cost: about a tenth of a second and 32 MB for each try at a word."""


def new_nonce() -> str:
    """Return 32 random bytes in hexadecimal: what keeps a seal from being guessed."""
    return secrets.token_hex(32)


def new_name() -> str:
    """Return a random name for a record, so that a seal holds for no other one."""
    return secrets.token_hex(8)


def seal(bet: Bet, *, record: str, seat: Seat, nonce: str) -> str:
    """Return the digest that proves a bet later and says nothing about it now.

    Parameters
    ----------
    bet
        What was said; an `OpenedBet` gives the same digest as the bet in it.
    record
        The record's random name, ``bets.record``.
    seat
        Who said it.
    nonce
        The secret of this bet, from `new_nonce`.
    """
    said = bet.model_dump(mode="json", exclude={"nonce"}, exclude_defaults=True)
    whole = {
        "format": FORMAT,
        "record": record,
        "seat": seat,
        "bet": said,
        "nonce": nonce,
    }
    return text_digest(canonical(whole))


def is_sealed(bets: Bets, seat: Seat, bet: OpenedBet) -> bool:
    """Say whether a bet is the one that a seat sealed."""
    found = seal(bet, record=bets.record, seat=seat, nonce=bet.nonce)
    return found == bets.sealed.get(seat)


def is_proven(bets: Bets, seat: Seat) -> bool:
    """Say whether an opened bet is the one that was sealed."""
    return is_sealed(bets, seat, bets.opened[seat])


class Drawer:
    """A person's own folder in which sealed bets wait, each locked with a word.

    Parameters
    ----------
    record : str
        The record's random name.
    folder : Path, optional
        Where; ``WORKSHOP_BETS``, or else the user's own data folder by default. Never
        the folder of the record, which others may read.
    """

    def __init__(self, record: str, folder: Path | None = None) -> None:
        self.record = record
        self.folder = (folder or _own_folder()) / record

    def put(self, seat: Seat, bet: Bet, *, word: str) -> str:
        """Lock a bet in, replacing an earlier one of this seat; return its digest.

        Raises
        ------
        InputError
            The word is too short, or the folder cannot be written.
        """
        if len(word) < SHORTEST_WORD:
            raise InputError(
                f"the word that locks a bet has {SHORTEST_WORD} letters or more; pick "
                "one that you will still know in an hour"
            )
        nonce = new_nonce()
        said = bet.model_dump(mode="json", exclude={"nonce"}) | {"nonce": nonce}
        salt = secrets.token_bytes(16)
        locked = {
            "salt": salt.hex(),
            "locked": _cipher(word, salt).encrypt(canonical(said)).decode("ascii"),
        }
        _write(self.folder / seat, json.dumps(locked))
        return seal(bet, record=self.record, seat=seat, nonce=nonce)

    def take(self, seat: Seat, *, word: str) -> OpenedBet:
        """Return the bet that the word unlocks; it stays in until it is forgotten.

        Raises
        ------
        InputError
            No bet is here, the word is another one, or the file is damaged.
        """
        from cryptography.fernet import InvalidToken

        file = self.folder / seat
        try:
            held = json.loads(file.read_bytes())
            cipher = _cipher(word, bytes.fromhex(held["salt"]))
            return OpenedBet.model_validate_json(cipher.decrypt(held["locked"]))
        except FileNotFoundError:
            raise InputError(
                "the sealed bet is not on this computer; open it where it was made, "
                "or bet again"
            ) from None
        except InvalidToken:
            raise InputError(
                "this is not the word that the bet was locked with, or the locked file "
                "was changed; try again, or bet again"
            ) from None
        except (OSError, ValueError, TypeError, KeyError):
            raise InputError(
                "the sealed bet cannot be read any more; bet again"
            ) from None

    def holds(self, seat: Seat) -> bool:
        """Say whether a bet of this seat waits here."""
        return (self.folder / seat).is_file()

    def forget(self, seat: Seat) -> None:
        """Throw a bet away: it was opened, or its maker bets again."""
        (self.folder / seat).unlink(missing_ok=True)
        with suppress(OSError):
            self.folder.rmdir()


class Table:
    """The folder beside a record where sealed bets are laid to be opened together.

    A bet is laid here only when all are sealed: nobody can change one any more. It is
    packed so that a glance does not read it.

    Parameters
    ----------
    record_path : str or Path
        The record; the bets lie in ``record.sealed/`` beside it.
    """

    def __init__(self, record_path: str | Path) -> None:
        self.folder = Path(record_path).with_suffix(".sealed")

    def lay(self, seat: Seat, bet: OpenedBet) -> None:
        """Lay a bet beside the record, ready to be opened."""
        said = json.dumps(bet.model_dump(mode="json")).encode("ascii")
        packed = base64.b85encode(zlib.compress(said)).decode("ascii")
        # whoever may read the record may open what lies beside it
        _write(self.folder / seat, packed, shared=True)

    def get(self, seat: Seat) -> OpenedBet | None:
        """Return a bet that was laid here; None where this seat laid none."""
        file = self.folder / seat
        try:
            unpacked = zlib.decompress(base64.b85decode(file.read_bytes()))
            return OpenedBet.model_validate_json(unpacked)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, zlib.error, ValidationError):
            raise InputError(
                f"{file}: this bet cannot be read any more; say ready again, or bet "
                "again"
            ) from None

    def take_back(self, seat: Seat) -> None:
        """Take a bet off again: its maker bets again."""
        (self.folder / seat).unlink(missing_ok=True)

    def clear(self) -> None:
        """Take all bets off, once they stand opened in the record."""
        for seat in SEATS:
            self.take_back(seat)
        with suppress(OSError):
            self.folder.rmdir()


def open_bets(bets: Bets, table: Table) -> Bets:
    """Return the bets with all of them opened, each checked against its digest.

    Raises
    ------
    InputError
        Not both halves have sealed one, somebody is not ready, or a bet is not the one
        that was sealed.
    """
    if bets.opened:
        return bets
    missing = [role for role in ROLES if role not in bets.sealed]
    if missing:
        raise InputError(
            f"bets.sealed: {_have(missing)} not sealed a bet yet; bets are opened "
            "together"
        )
    found = {seat: table.get(seat) for seat in bets.sealed}
    waiting = [seat for seat, bet in found.items() if bet is None]
    if waiting:
        raise InputError(
            f"bets.ready: {_have(waiting)} not said ready yet; bets are opened together"
        )
    opened = {seat: bet for seat, bet in found.items() if bet is not None}
    after = bets.model_copy(update={"opened": opened})
    for seat in opened:
        if not is_proven(after, seat):
            raise InputError(
                f"the bet of {seat} is not the one that was sealed: it was changed "
                "since; nothing was opened. Bet again"
            )
    return after


def _have(seats: Sequence[Seat]) -> str:
    return f"{' and '.join(seats)} {'has' if len(seats) == 1 else 'have'}"


def _own_folder() -> Path:
    stated = os.environ.get("WORKSHOP_BETS", "")
    if stated:
        return Path(stated)
    from platformdirs import user_data_path

    try:
        return user_data_path("common-ground") / "bets"
    except RuntimeError:  # a user without a home; whoever writes there is told so
        return Path(os.devnull) / "bets"


def _cipher(word: str, salt: bytes):  # type: ignore[no-untyped-def]
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    key = Scrypt(salt=salt, length=32, n=_KEY_WORK, r=8, p=1)
    return Fernet(base64.urlsafe_b64encode(key.derive(word.encode("utf-8"))))


def _write(file: Path, text: str, *, shared: bool = False) -> None:
    try:
        mode = 0o777 if shared else 0o700
        file.parent.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        told = explain(file.parent, error)
        if shared or isinstance(told, RunError):
            raise told from error
        raise InputError(f"{told}, and name it in WORKSHOP_BETS") from error
    write_text(file, text, mode=0o666 if shared else 0o600)
