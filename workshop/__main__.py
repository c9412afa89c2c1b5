"""``python -m workshop``: the same door, where the command is not on the path.

Runs on Pythons that are too old for the rest, to say so: nothing newer than 3.7 here.
"""

from __future__ import annotations

import sys

_NEEDED = (3, 11)


def _door() -> object:
    """Return the command line, or end with one sentence that says what is missing."""
    if sys.version_info < _NEEDED:
        found = ".".join(map(str, sys.version_info[:3]))
        _end(
            f"Common Ground needs Python 3.11 or newer, and this is {found} "
            f"({sys.executable}); call a newer one, such as python3.13 -m workshop"
        )
    try:
        from workshop.cli import main
    except ModuleNotFoundError as error:
        _end(
            f"{error.name} is not installed for this Python ({sys.executable}); in a "
            "checkout say make lab, elsewhere install Common Ground's wheel with pip"
        )
    return main(prog_name="workshop")


def _end(sentence: str) -> None:
    sys.stderr.write(f"workshop: {sentence}\n")
    sys.exit(2)


if __name__ == "__main__":
    _door()
