"""How is a text file written: which compression, letters, separator, header?

Nothing is guessed silently that could change a number: what cannot be told is refused
with the reason. What was found is kept so that a person can be told.
"""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workshop.errors import InputError

SEPARATORS = (",", ";", "\t", "|", ":")
NAMES_OF_SEPARATORS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    ":": "colon",
}
MOST_COLUMNS = 20_000
"""Beyond this a table is a matrix, and nobody reads a review of it."""

_CHUNK = 1 << 20
_HEAD = 1 << 18
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
}
_BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text file as UTF-8 without compression: the file itself, or a copy of it."""

    path: Path
    encoding: str
    compression: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The separator and the names that the first record holds."""

    separator: str
    names: tuple[str, ...]


def compression_of(path: Path) -> str:
    """Say how a file is packed, by its first bytes; "" where it is not."""
    with path.open("rb") as stream:
        head = stream.read(8)
    return next((n for magic, n in _MAGIC.items() if head.startswith(magic)), "")


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """Open a file's bytes as they were before they were packed.

    Raises
    ------
    InputError
        When the packed file is cut off or damaged, or a zip holds several files.
    """
    packing = compression_of(path)
    try:
        with _open_packed(path, packing) as stream:
            yield stream
    except _BROKEN as error:
        if not packing:
            raise
        raise InputError(
            f"{path.name}: the {packing} file is cut off or damaged; fetch it again."
        ) from error


def _open_packed(path: Path, packing: str) -> BinaryIO:
    if packing == "gzip":
        return gzip.open(path)  # type: ignore[return-value]
    if packing == "bzip2":
        return bz2.open(path)  # type: ignore[return-value]
    if packing == "xz":
        return lzma.open(path)  # type: ignore[return-value]
    if packing == "zstd":
        import pyarrow as pa

        return pa.input_stream(str(path), compression="zstd")
    if packing == "zip":
        return _only_file(path)
    return path.open("rb")


def _only_file(path: Path) -> BinaryIO:
    archive = zipfile.ZipFile(path)
    inside = [n for n in archive.namelist() if not n.endswith("/")]
    # what a Mac adds to each archive is no table
    tables = [n for n in inside if not n.startswith("__MACOSX/")]
    if len(tables) != 1:
        raise InputError(
            f"{path.name}: the zip holds {len(tables)} files; unpack it and name one."
        )
    try:
        return archive.open(tables[0])  # type: ignore[return-value]
    except RuntimeError as error:
        raise InputError(
            f"{path.name}: the zip asks for a password; unpack it."
        ) from error


# --- letters -------------------------------------------------------------------------


def plain_text(path: Path, scratch: Path, *, keep_mark: bool = True) -> PlainText:
    """Return a file as UTF-8 text, writing a copy into ``scratch`` only where needed.

    ``keep_mark`` allows the byte order mark that some programs put first. UTF-8 and
    UTF-16 are told by their mark or by being valid; anything else is read as
    Windows-1252 (which holds Latin-1) where each byte means a letter there.

    Raises
    ------
    InputError
        When it is no text, empty, HTML, or damaged.
    """
    packing = compression_of(path)
    with unpacked(path) as stream:
        head = stream.read(_HEAD)
    _refuse_no_table(path, head)
    encoding, mixed_ends = _encoding(path, head)
    named = _named(encoding)
    fine = ("utf-8", "utf-8-sig") if keep_mark else ("utf-8",)
    if encoding in fine and not packing and not mixed_ends:
        return PlainText(path, named)
    copy = scratch / "plain.txt"
    _recode(path, copy, encoding)
    return PlainText(copy, named, packing)


def _named(encoding: str) -> str:
    return {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}.get(
        encoding, encoding.upper()
    )


def _refuse_no_table(path: Path, head: bytes) -> None:
    if not head.strip():
        what = "empty" if not head else "empty but for blank lines, and no CSV"
        raise InputError(f"{path.name}: the file is {what}; save the table again.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<table")):
        raise InputError(
            f"{path.name}: this is a web page or XML, not a CSV file; "
            "download the table itself."
        )


def _encoding(path: Path, head: bytes) -> tuple[str, bool]:
    """The encoding, and whether line ends are mixed (which a strict reader refuses)."""
    marked = next((n for mark, n in _MARKS.items() if head.startswith(mark)), None)
    first = marked or _utf16_without_mark(head) or "utf-8"
    if first == "utf-8" and b"\0" in head:
        raise InputError(
            f"{path.name}: this is not a CSV file but binary data; "
            "mend its ending or save the table as text."
        )
    for encoding in (first, "cp1252") if first == "utf-8" else (first,):
        try:
            return encoding, _mixed_ends(path, encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(
        f"{path.name}: this is not a CSV file in UTF-8, UTF-16 or Windows letters; "
        "save it as UTF-8."
    )


def _utf16_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by the zero in every other byte of Latin text."""
    sample = head[:2000]
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = sample[offset::2].count(0), sample[1 - offset :: 2].count(0)
        if zeros > len(sample) // 4 and others == 0:
            return encoding
    return None


def _mixed_ends(path: Path, encoding: str) -> bool:
    """Decode all of it, to be sure; say whether lines end in more than one way."""
    decoder = codecs.getincrementaldecoder(encoding)()
    both = alone = 0
    last = ""
    with unpacked(path) as stream:
        while chunk := stream.read(_CHUNK):
            text = last + decoder.decode(chunk)
            last = "\r" if text.endswith("\r") else ""
            text = text.removesuffix("\r")
            pairs = text.count("\r\n")
            both += pairs
            alone += text.count("\n") + text.count("\r") - 2 * pairs
        decoder.decode(b"", final=True)
    return both > 0 and alone > 0


def _recode(path: Path, copy: Path, encoding: str) -> None:
    with unpacked(path) as stream, copy.open("w", encoding="utf-8", newline="") as out:
        decoder = io.IncrementalNewlineDecoder(
            codecs.getincrementaldecoder(encoding)(), translate=True
        )
        while chunk := stream.read(_CHUNK):
            out.write(decoder.decode(chunk))
        out.write(decoder.decode(b"", final=True))


# --- separator and header ------------------------------------------------------------


def dialect_of(text: PlainText, name: str) -> Dialect:
    """Tell the separator by the records' equal length, and read the header.

    Raises
    ------
    InputError
        When two columns have one name, or there are too many columns.
    """
    with text.path.open(encoding="utf-8-sig", newline="") as stream:
        head = stream.read(_HEAD)
        whole = len(head) < _HEAD
    separator = max(SEPARATORS, key=lambda s: _evenness(head, s, whole=whole))
    records = _records(head, separator, whole=whole)
    header = next((record for record in records if record), [])
    return Dialect(separator, column_names(header, name))


def _evenness(head: str, separator: str, *, whole: bool) -> tuple[float, int]:
    """How even the records are under a separator: share that agree, then how many."""
    records = _records(head, separator, whole=whole)
    lengths = Counter(len(record) for record in records if record)
    if not lengths:
        return (0.0, 0)
    usual, times = lengths.most_common(1)[0]
    header = len(next(record for record in records if record))
    if usual == 1 or header == 1:
        return (0.0, 0)
    share = times / lengths.total()
    # colons stand in times of day, so they separate only where nothing else does
    weight = 0.5 if separator == ":" else 1.0
    return (round(weight * share, 1), header if header == usual else 0)


def _records(head: str, separator: str, *, whole: bool) -> list[list[str]]:
    lines = head.splitlines(keepends=True)
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    try:
        # the limit is for cells; a cell as long as the head is no cell
        return list(csv.reader(lines[:400], delimiter=separator))
    except csv.Error:
        return []


def column_names(header: list[str], file: str) -> tuple[str, ...]:
    """Return the names in a header, blanks named by their place.

    Raises
    ------
    InputError
        When two columns have one name (capitals aside, since databases do not tell
        them apart), or there are too many columns.
    """
    if len(header) > MOST_COLUMNS:
        raise InputError(
            f"{file}: {len(header):,} columns are more than the {MOST_COLUMNS:,} that "
            "are read; keep those the decision needs."
        )
    given = [name.strip() for name in header]
    taken = {name.casefold() for name in given}
    names = []
    for place, name in enumerate(given, 1):
        new = f"column_{place}"
        while not name and new in taken:
            new += "_"
        names.append(name or new)
    refuse_twins(names, file)
    return tuple(names)


def refuse_twins(names: list[str], file: str) -> None:
    """Raise an `InputError` where two columns have one name, capitals aside."""
    seen: dict[str, str] = {}
    for name in names:
        earlier = seen.get(name.casefold())
        seen[name.casefold()] = name
        if earlier is not None:
            alike = "" if earlier == name else f" (and {name[:40]!r})"
            raise InputError(
                f"{file}: two columns are called {earlier[:40]!r}{alike}; "
                "rename one, so that each is known by its name."
            )
