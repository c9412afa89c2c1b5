"""What is a seat's code, how is it read from a person's typing, and what is kept of it?

A code is random: 60 bits for a seat, which a person types; more for a link, which
nobody does. It is kept only as a digest. At 25 tries a second, the most that the room
answers under attack, finding one of 40 seats takes some hundred million years.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from hmac import compare_digest

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O, which look like digits, and without U."""

SEAT_LETTERS = 12
LINK_LETTERS = 20
_GROUP = 4
_LONGEST = 80
_LOOKS_LIKE = str.maketrans("OIL", "011")


def new_code(letters: int = SEAT_LETTERS) -> str:
    """Return a random code of five bits a letter, in groups of four: 7K3M-9QXR-2TVB."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(letters))
    return "-".join(drawn[i : i + _GROUP] for i in range(0, letters, _GROUP))


def tidy(typed: str) -> str:
    """Return what was meant: capitals only, O as 0, I and L as 1, nothing between.

    Empty where it cannot be a code, such as a text that is far too long.

    >>> tidy(" 7k3m–9qxr 2tvb ")
    '7K3M9QXR2TVB'
    >>> tidy("oil")
    '011'
    """
    if len(typed) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_LOOKS_LIKE)
    letters = "".join(c for c in plain if c.isalnum())
    return letters if set(letters) <= set(ALPHABET) else ""


def digest_of(secret: str) -> str:
    """Return what is kept of a code or of a session's token."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_among(digest: str, kept: Iterable[str]) -> bool:
    """Say whether a digest is one of those kept, in the same time wherever it is."""
    found = False
    for one in kept:
        found |= compare_digest(digest, one)
    return found


def new_token() -> str:
    """Return a session's token: 256 random bits, for a cookie."""
    return secrets.token_urlsafe(32)
