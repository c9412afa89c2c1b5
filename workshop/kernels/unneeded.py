"""What others import at the start although nothing here asks for it.

jsonschema builds a grammar of international addresses, to check a format that no schema
of notebooks or of Jupyter's events has: more than a second of each command that touches
a notebook. It does without where that is not installed, and so it does here.
"""

from __future__ import annotations

import sys

_GRAMMAR = "rfc3987_syntax"


def do_without() -> None:
    """Let it count as not installed, unless somebody has imported it already."""
    sys.modules.setdefault(_GRAMMAR, None)  # type: ignore[arg-type]
