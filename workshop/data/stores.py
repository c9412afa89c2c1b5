"""Records and reports that lie at an address: whatever store papermill can reach.

``s3://``, ``gs://``, ``abs://``, ``adl://``, ``hdfs://`` and what other packages add
to papermill. papermill is imported only where there is an address; each store needs
its own library, and papermill says which.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workshop.errors import InputError, RunError, WorkshopError


def is_address(name: str) -> bool:
    """Say whether a word is an address, of a store or an engine, and not a path.

    >>> is_address("s3://bucket/pairs/june.yaml"), is_address("pairs/june.yaml")
    (True, False)
    """
    return re.match(r"[a-z][a-z0-9+.-]+://", name, re.IGNORECASE) is not None


def fetch(address: str) -> Path:
    """Bring a text file here, for as long as the program runs, and say where it is.

    It keeps its own name and that of the folder it was in.

    Raises
    ------
    InputError
        When there is no such store or file, or the store's library is missing.
    """
    try:
        text = _handler(address).read(address)
    except Exception as error:
        why = f"{type(error).__name__}: {_first_line(error)}"
        raise InputError(f"{address} cannot be read ({why})") from error
    kept = tempfile.mkdtemp(prefix="common-ground-")
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    *_, folder, name = ("", *address.rstrip("/").split("/"))
    here = Path(kept) / (folder or "fetched") / name
    here.parent.mkdir(parents=True)
    here.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return here


@contextmanager
def local_folder(output: str) -> Iterator[Path]:
    """Give a folder to write to; what is in it afterwards goes to its address.

    A path is the folder itself. What a failed run leaves there is sent as well: a
    page that is not whole says so.

    Raises
    ------
    RunError
        When the store did not take it.
    """
    if not is_address(output):
        yield Path(output)
        return
    with tempfile.TemporaryDirectory(prefix="common-ground-") as scratch:
        folder = Path(scratch) / "report"
        address = output.rstrip("/")
        try:
            yield folder
        except WorkshopError as error:
            # the folder is gone when this is read; the page lies at the address
            told = str(error).replace(str(folder), address)
            raise type(error)(told) from error
        finally:
            _send(folder, address)


def _send(folder: Path, address: str) -> None:
    for file in sorted(path for path in folder.rglob("*") if _is_text(path)):
        there = f"{address}/{file.relative_to(folder).as_posix()}"
        try:
            _handler(there).write(file.read_text("utf-8"), there)
        except Exception as error:
            why = f"{type(error).__name__}: {_first_line(error)}"
            raise RunError(f"{there} cannot be written ({why})") from error


def _is_text(path: Path) -> bool:
    """Whether it is one of the files of a report that a store of papermill takes."""
    return path.suffix in (".html", ".json", ".ipynb") and path.is_file()


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "no reason given")


def _handler(address: str) -> Any:
    """Return papermill's own handler of the address.

    Raises `ValueError` where it would take the address for the name of a local file.
    """
    from papermill.iorw import LocalHandler, papermill_io

    handler = papermill_io.get_handler(address)
    if isinstance(handler, LocalHandler):
        raise ValueError("papermill knows no such store")
    return handler
