"""The page on paper: printed by the machine's own Chromium, headless."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workshop.errors import InputError, RunError
from workshop.report.folder import PDF, alone

SECONDS = 120
CALLED = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
ELSEWHERE = {
    "darwin": (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
# It speaks to nobody, and leaves nothing but the file that it was asked for.
QUIETLY = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)


def find_chromium() -> str:
    """Return a Chromium: the one that ``WORKSHOP_CHROMIUM`` names, else one at hand.

    Raises
    ------
    InputError
        When there is none, with what to install.
    """
    named = os.environ.get("WORKSHOP_CHROMIUM", "")
    for place in (named,) if named else _places():
        if found := shutil.which(place):
            return found
    looked = f"WORKSHOP_CHROMIUM={named} is no program" if named else "none was found"
    raise InputError(
        f"--pdf needs Chromium, Chrome or Edge, and {looked}; install one (on Debian: "
        "apt install chromium), or print report.html from any browser."
    )


def print_page(page: Path, chromium: str) -> Path:
    """Print a finished page into a PDF beside it; return the PDF.

    Raises
    ------
    RunError
        When the browser printed nothing. The page stays as it is.
    """
    pdf = page.with_name(PDF)
    with (
        alone(Path(os.path.realpath(page.parent)), shown=page.parent),
        _scratch(page) as scratch,
    ):
        printed = Path(scratch) / PDF
        command = [chromium, *QUIETLY, *_as_root(), f"--user-data-dir={scratch}/own"]
        command += [f"--print-to-pdf={printed}", page.resolve().as_uri()]
        told = _run(command)
        if not printed.is_file():
            raise RunError(
                f"{page}: {chromium} did not print it ({told}); the page itself is "
                "written, and any browser prints it."
            )
        printed.replace(pdf)
    return pdf


@contextmanager
def _scratch(page: Path) -> Iterator[str]:
    """A folder for the browser's own files; one that it still writes to may stay."""
    try:
        with tempfile.TemporaryDirectory(
            prefix=".pdf-", dir=page.parent, ignore_cleanup_errors=True
        ) as folder:
            yield folder
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise RunError(
            f"{page}: cannot be printed ({why}); the page itself is written, and any "
            "browser prints it."
        ) from error


def _places() -> Iterator[str]:
    yield from CALLED
    yield from ELSEWHERE.get(sys.platform, ())


def _as_root() -> tuple[str, ...]:
    """Chromium keeps its sandbox, but refuses to start with one for root."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ("--no-sandbox",) if is_root else ()


def _run(command: list[str]) -> str:
    """Run the browser; return the last line that it had to say."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"it took over {SECONDS} seconds"
    except OSError as error:
        return error.strerror or type(error).__name__
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"it ended with {done.returncode}"
