"""What was computed once, and need not be computed again for the same data?

Entries lie in the user's own cache folder, as JSON that only that user may read. One
that is damaged, half-written or somebody else's counts as not there, and a disk that
is full or may not be written costs time and nothing else. Whoever keeps something names
it by a digest of all that it follows from.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import Any

FORMAT = "common-ground/kept-1"
MOST_ENTRIES = 200
MOST_BYTES = 1_000_000


def read_kept(kind: str, digest: str) -> Any:
    """Return what was kept under ``digest``, or None."""
    path = _path(kind, digest)
    if path is None:
        return None
    try:
        found = json.loads(_own_bytes(path))
        value = found.pop("value")
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None
    if found != _envelope(kind, digest, value):
        return None
    with suppress(OSError):
        os.utime(path)  # the oldest are those that nobody asked for
    return value


def keep(kind: str, digest: str, value: Any) -> None:
    """Keep a value that is plain JSON; what cannot be kept is forgotten."""
    path = _path(kind, digest)
    if path is None:
        return
    text = json.dumps(_envelope(kind, digest, value) | {"value": value})
    if len(text) > MOST_BYTES:
        return
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, text.encode())
        _drop_oldest(path.parent)


def versions(*packages: str) -> list[str]:
    """Name the versions of installed packages; they change what is computed."""
    found = []
    for name in packages:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} none")
    return found


def code_digest(modules: Sequence[str]) -> str:
    """Return the SHA-256 of the sources of modules and packages, never importing them.

    Kept figures are those of the program as it stands, whatever its version says.
    """
    found = hashlib.sha256()
    for name in modules:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            continue
        path = Path(spec.origin)
        whole = spec.submodule_search_locations is not None
        for file in sorted(path.parent.rglob("*.py")) if whole else [path]:
            with suppress(OSError):
                found.update(f"{name} {file.name}\n".encode() + file.read_bytes())
    return found.hexdigest()


def _folder() -> Path | None:
    """Where things are kept: ``WORKSHOP_CACHE``, else the user's own cache folder."""
    stated = os.environ.get("WORKSHOP_CACHE", "")
    if stated == "off":
        return None
    if stated:
        return Path(stated)
    from platformdirs import user_cache_path

    try:
        return user_cache_path("common-ground")
    except RuntimeError:  # a user without a home
        return None


def _path(kind: str, digest: str) -> Path | None:
    folder = _folder()
    return None if folder is None else folder / kind / f"{digest}.json"


def _envelope(kind: str, digest: str, value: Any) -> dict[str, str]:
    plain = json.dumps(value, sort_keys=True).encode()
    sha256 = hashlib.sha256(plain).hexdigest()
    return {"format": FORMAT, "kind": kind, "of": digest, "sha256": sha256}


def _own_bytes(path: Path) -> bytes:
    """Read a file of this user's; another's could bring figures of their choice."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        about = os.fstat(file.fileno())
        if hasattr(os, "getuid") and about.st_uid != os.getuid():
            raise PermissionError(path)
        return file.read(MOST_BYTES + 1)


def _write(path: Path, data: bytes) -> None:
    scratch = path.with_name(f".{path.name}.{token_hex(6)}.tmp")
    try:
        opened = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(data)
        scratch.replace(path)
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def _drop_oldest(folder: Path) -> None:
    """Keep the youngest entries; scratch files of killed writers age like them."""
    files = []
    for file in folder.iterdir():
        with suppress(OSError):
            files.append((file.stat().st_mtime, file))
    for _, file in sorted(files, reverse=True)[MOST_ENTRIES:]:
        with suppress(OSError):
            file.unlink()
