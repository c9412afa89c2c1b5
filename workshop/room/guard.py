"""Which messages may pass between a page and its kernel?

A page may look after its widgets and nothing else. Every frame that it sends is taken
apart here first, each length held against what is really there, and what passes is
written anew from the parts that were checked: the parser behind, and the kernel, read
exactly what was looked at. The frame's form is v1 of Jupyter's websocket protocol: a
count and that many offsets, of eight bytes each, then the channel and the parts.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

V1 = "v1.kernel.websocket.jupyter.org"
LARGEST = 64 * 1024
"""Bytes of one frame; the largest that the shipped pages send is far below."""
MOST_PARTS = 32
"""Header, parent, metadata, content, and buffers."""
LONGEST_NAME = 200

_WORD = 8
_NEEDED = 4
_CHANNELS = frozenset({b"shell", b"control"})
_HEADER = ("msg_id", "msg_type", "session", "username", "date", "version")
_LEAVING = frozenset(
    {
        "status",
        "comm_open",
        "comm_msg",
        "comm_close",
        "kernel_info_reply",
        "comm_info_reply",
        "display_data",
        "update_display_data",
        "clear_output",
    }
)


def passes(frame: str | bytes, subprotocol: str | None) -> bytes | None:
    """Return what may go on to the kernel of a frame that a page sent, or None.

    Parameters
    ----------
    frame : str or bytes
        As it came; anything at all.
    subprotocol : str or None
        What was agreed on when the websocket opened; nothing passes but `V1`.
    """
    if subprotocol != V1 or not isinstance(frame, bytes):
        return None
    if (parts := _parts(frame)) is None or parts[0] not in _CHANNELS:
        return None
    try:
        return _written_anew(*parts)
    except (ValueError, RecursionError):  # no JSON, or nested without end
        return None


def leaves(msg_type: object) -> bool:
    """Say whether a kernel's message may go to the page: no text of an error does."""
    return isinstance(msg_type, str) and msg_type in _LEAVING


def framed(*parts: bytes) -> bytes:
    """Put a channel and the parts of a message into one frame."""
    offsets = [_WORD * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    words = (number.to_bytes(_WORD, "little") for number in (len(offsets), *offsets))
    return b"".join((*words, *parts))


def _written_anew(channel: bytes, *parts: bytes) -> bytes | None:
    """Write a message from what is known and allowed of it."""
    header, _parent, metadata, content = map(_mapping, parts[:_NEEDED])
    known = _known_header(header)
    allowed = _content(header.get("msg_type"), content)
    if known is None or allowed is None:
        return None
    written = (json.dumps(part).encode() for part in (known, {}, metadata, allowed))
    return framed(channel, *written, *parts[_NEEDED:])


def _parts(frame: bytes) -> list[bytes] | None:
    """Cut a frame into the channel and its parts; None where a length is not true."""
    if len(frame) > LARGEST:
        return None
    count = int.from_bytes(frame[:_WORD], "little")
    begin = _WORD * (count + 1)
    if not _NEEDED + 2 <= count <= MOST_PARTS + 2 or begin > len(frame):
        return None
    words = range(_WORD, begin, _WORD)
    offsets = [int.from_bytes(frame[at : at + _WORD], "little") for at in words]
    if offsets[0] != begin or offsets[-1] != len(frame) or offsets != sorted(offsets):
        return None
    return [frame[a:b] for a, b in pairwise(offsets)]


def _mapping(part: bytes) -> dict[str, Any]:
    """Read a JSON object in which no key stands twice.

    Raises
    ------
    ValueError
        When it is anything else.
    RecursionError
        When it is nested without end.
    """
    found = json.loads(
        part.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number
    )
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _known_header(header: dict[str, Any]) -> dict[str, str] | None:
    """Return what is known of a header; which thread is to answer is not asked."""
    known = {name: header[name] for name in _HEADER if name in header}
    if "msg_id" in known and all(map(_is_name, known.values())):
        return known
    return None


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NAME


def _content(kind: object, content: dict[str, Any]) -> dict[str, Any] | None:
    """Return what may be said in a message of that kind; None where it may not be."""
    match kind, content:
        case "kernel_info_request", _:
            return {}
        case "comm_info_request", {"target_name": "jupyter.widget"}:
            return {"target_name": "jupyter.widget"}
        case (
            "comm_open",
            {"comm_id": str(to), "target_name": "jupyter.widget.control"},
        ) if _is_name(to):
            return {"comm_id": to, "target_name": "jupyter.widget.control", "data": {}}
        case "comm_msg", {"comm_id": str(to), "data": dict(data)} if _is_name(to):
            told = _told(data)
            return None if told is None else {"comm_id": to, "data": told}
    return None


def _told(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a page may tell one of its widgets."""
    match data:
        case {"method": "update", "state": dict(state)}:
            paths = data.get("buffer_paths", [])
            return {"method": "update", "state": state, "buffer_paths": paths}
        case {"method": "custom", "content": content}:
            return {"method": "custom", "content": content}
        case {"method": "request_states"}:
            return {"method": "request_states"}
    return None
