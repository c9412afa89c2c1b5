"""docs/checks.md: every check in the words of the product, made from the catalogue."""

from __future__ import annotations

from workshop.analysis.readiness import CHECKS
from workshop.analysis.readiness.registry import Check
from workshop.views.wording import phrase

HEAD = """# The checks

Each check looks at one thing and comes back with a finding (a blocker, a warning or a
note), passed, not applicable with the reason, or cannot tell with what would be needed.
Evidence is numbers with their base and a 95 % interval; a finding names the decision it
threatens and by how much, two ways out with their effort, and who owns it. On the live
screen at most five are shown, those that put most at stake; the rest folds away.

The verdict follows by rules that anybody can check:

1. A blocker that nobody accepted: **not ready**. Nothing scored yet: **cannot tell**.
2. No acceptable error agreed, or no threshold chosen: **cannot tell**.
3. The error among answered, on the rows kept aside, against what was agreed: its whole
   interval above, **not ready**; partly, **cannot tell**.
4. Wholly below: **ready**, or **ready with conditions** while a warning stands.

This page is made by `make docs` from the checks and their sentences.

| code | looks for | dimension | threatens | owner |
|---|---|---|---|---|
"""


def markdown() -> str:
    """Return the page: a table of all checks, and what each finds and advises."""
    checks = [one for _, one in sorted(CHECKS.items())]
    return HEAD + "".join(map(_row, checks)) + "".join(map(_part, checks))


def _row(one: Check) -> str:
    title = phrase(f"check.{one.code}.title")
    cells = (f"[{one.code}](#{one.code.lower()})", title, one.dimension, one.threatens)
    return f"| {' | '.join(cells)} | {one.owner} |\n"


def _part(one: Check) -> str:
    about = f"check.{one.code}"
    rule = " ".join((one.run.__doc__ or "").split())
    ways = "".join(f"- {phrase(f'{about}.{way}')}\n" for way in ("way_1", "way_2"))
    return (
        f"\n## {one.code}\n\n**{phrase(f'{about}.found')}.** {rule}\n\n"
        f"Way out:\n\n{ways}"
    )
