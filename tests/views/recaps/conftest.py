"""The three shipped scenarios' lines, once for all tests of what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import workshop
from workshop.analysis.line import Line
from workshop.views.section import Block, View

SCENARIOS = ("privacy-assistant", "flight-disruptions", "deposit-calls")


@cache
def line_of(scenario: str) -> Line:
    """Return what follows for a scenario's option in play."""
    return Line(workshop.open_step("03", scenario, interactive=False).evidence)


def text(blocks: Sequence[Block]) -> str:
    """Return the HTML of some blocks; two numbers with one id are an error."""
    view = View(tuple(blocks))
    assert view.numbers
    return view.html
