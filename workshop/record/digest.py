"""A short proof of what was said: equal digests mean equal words and numbers."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from workshop.record.choices import Record

NOT_SIGNED = frozenset(
    {
        "signatures",
        "log",
        "revision",
        "retrospectives",
        "marks",
        "pulse",
        "lesson",
        "parking",
    }
)

_SHORTEST = len("sha256:") + 4


def digest(record: Record) -> str:
    """Return the digest of all choices that a signature covers.

    Left out is what changes after signing: the signatures themselves, the log, the
    revision and the retrospectives; and what is no promise: the marks on the way to
    the threshold, the pulse, the lesson and the parking lot. Whether a default is
    written out makes no difference, nor do comments, quotes or the order of keys in
    the file.
    """
    choices = record.model_dump(
        mode="json", by_alias=True, exclude=set(NOT_SIGNED), exclude_defaults=True
    )
    return text_digest(canonical(choices))


def text_digest(data: bytes) -> str:
    """Return ``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{sha256(data).hexdigest()}"


def canonical(value: Any) -> bytes:
    """Return the one JSON form of a plain value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def same_digest(one: str, other: str) -> bool:
    """Say whether two digests are one; either may be cut short for a reader."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST and long.startswith(short)
