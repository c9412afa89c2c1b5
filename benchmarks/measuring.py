"""What several of these programs measure with: a clock, and a word for a goal."""

from __future__ import annotations

import time
from collections.abc import Callable


def seconds(call: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def said(met: bool) -> str:
    """Say in a word whether goals are met."""
    return "met" if met else "NOT MET"
