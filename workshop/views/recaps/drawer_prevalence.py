"""The engineer's drawer: the same line where positives are rarer, or more common."""

from __future__ import annotations

import math
from collections.abc import Sequence

from workshop.analysis.prevalence import AtPrevalence
from workshop.record.values import Number
from workshop.views.section import Block, Heading, Paragraph, Table
from workshop.views.wording import Said, say


def prevalence_blocks(found: Sequence[AtPrevalence]) -> tuple[Block, ...]:
    """The same line where positives are rarer or more common, one row for each.

    The row whose stated share is the measured one is marked.
    """
    if not found:
        return ()
    measured = found[0].measured.model_copy(update={"id": "at_prevalence.measured"})
    own = [place for place, one in enumerate(found) if _is_own(one)]
    with_cost = any(one.expected_cost is not None for one in found)
    heads = ("stated", "error", "coverage") + ("cost",) * with_cost
    rows = tuple(
        _prevalence_row(one, f"at_prevalence.{place}", with_cost)
        for place, one in enumerate(found)
    )
    table = Table(
        say("drawer.prevalence_caption"),
        tuple(say(f"drawer.prevalence_{head}") for head in heads),
        rows,
        own[0] if own else None,
    )
    return (
        Heading(say("drawer.prevalence_title")),
        Paragraph(say("drawer.prevalence_lead", measured=measured)),
        table,
        Paragraph(say("drawer.prevalence_assumed"), "quiet"),
    )


def prevalence_said(one: AtPrevalence) -> Said:
    """What the line comes to at one stated share: the readout of the slider."""
    row = _renamed(one, "at_prevalence.slider")
    if row["error"].value is None:
        return say("drawer.prevalence_no_value", stated=row["stated"])
    said = say("drawer.prevalence_now", **row)
    if "cost" not in row:
        return said
    return say("drawer.prevalence_now_cost", now=said, cost=row["cost"])


def _is_own(one: AtPrevalence) -> bool:
    measured, stated = one.measured.value, one.stated.value
    if measured is None or stated is None:
        return False
    return math.isclose(measured, stated, rel_tol=1e-6)


def _prevalence_row(one: AtPrevalence, id: str, with_cost: bool) -> tuple[Said, ...]:
    row = _renamed(one, id)
    cells = [say("drawer.stated_own" if _is_own(one) else "drawer.stated", **row)]
    cells += [_ranged(row.get(name)) for name in ("error", "coverage")]
    return (*cells, _ranged(row.get("cost"))) if with_cost else tuple(cells)


def _renamed(one: AtPrevalence, id: str) -> dict[str, Number]:
    """The numbers of one stated share, under ids that no other share has."""
    parts = {
        "stated": one.stated,
        "error": one.error_among_answered,
        "precision": one.precision,
        "coverage": one.coverage,
        "cost": one.expected_cost,
    }
    return {
        name: number.model_copy(update={"id": f"{id}.{name}"})
        for name, number in parts.items()
        if number is not None
    }


def _ranged(number: Number | None) -> Said:
    if number is None or number.value is None:
        return say("drawer.no_value")
    return say("drawer.bounded", rate=number)
