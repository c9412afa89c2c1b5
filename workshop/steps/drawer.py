"""What an engineer asks next about the line, part by part."""

from __future__ import annotations

from workshop.analysis.line import Line
from workshop.views.section import Block


def drawer_blocks(line: Line) -> tuple[Block, ...]:
    """Each part folded behind one line."""
    return ()
