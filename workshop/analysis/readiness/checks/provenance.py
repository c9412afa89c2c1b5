"""May these data be used so, and does anybody know what they hold?"""

from __future__ import annotations

import re

from workshop.analysis.intervals import rate
from workshop.analysis.readiness.checks.sizes import (
    detailed,
    listed,
    quantity,
    scaled,
    worst_first,
)
from workshop.analysis.readiness.findings import Detail, NotApplicable
from workshop.analysis.readiness.given import ReviewInput
from workshop.analysis.readiness.profile import Personal
from workshop.analysis.readiness.registry import Found, check
from workshop.record.values import Number

# A card that says "none" declares that there is nothing to declare.
NONE_DECLARED = re.compile(r"\s*(no|none|nothing|unknown|not)\b", re.IGNORECASE)


@check("DR009", "provenance", threatens="option", owner="both")
def undocumented_columns(given: ReviewInput) -> Found | None:
    """Columns that the card does not describe, or that were guessed and left so.

    A note. Nothing is at stake that could be sized: what a column means moves no
    figure by itself.
    """
    names = list(given.profile.columns)
    if not names:
        raise NotApplicable("no_columns")
    bare = [name for name in names if not _is_described(given, name)]
    if not bare:
        return None
    share = Number(
        id="DR009.bare", value=len(bare) / len(names), k=len(bare), n=len(names)
    )
    return Found("note", {"bare": share}, {"columns": listed(bare)})


def _is_described(given: ReviewInput, name: str) -> bool:
    column = given.card.column(name)
    return column is not None and not (column.inferred and not column.description)


@check("DR031", "provenance", threatens="release", owner="both")
def licence_and_origin(given: ReviewInput) -> Found | None:
    """A card that names no licence, or no origin.

    A warning. Nothing is at stake that could be sized: the figures stay as they are,
    but whether they may be used is open for all rows alike.
    """
    if given.profile.rows == 0:
        raise NotApplicable("no_rows")
    card = given.card
    if card.licenses and card.sources:
        return None
    counts = {
        "licences": len(card.licenses),
        "origins": len(card.sources),
        "rows": given.profile.rows,
    }
    numbers = {
        name: quantity(f"DR031.{name}", float(count), name)
        for name, count in counts.items()
    }
    variant = "origin" if card.licenses else "licence" if card.sources else ""
    return Found("warning", numbers, variant=variant)


@check("DR021", "provenance", threatens="release", owner="both")
def personal_data(given: ReviewInput) -> Found | None:
    """Columns that name or reach a person, by their name or by their values.

    A warning where one of them plays feature and the card does not speak of personal
    data; a note where they only identify rows or the card declares them. At stake is
    the largest share of rows that such a value stands in.
    """
    if given.profile.shapes.rows == 0:
        raise NotApplicable("no_rows")
    shares = [(p, _rows_with(given, p)) for p in given.profile.shapes.personal]
    if not shares:
        return None
    shares = worst_first(
        shares, lambda one: one[1].value or 0.0, lambda one: _about(one[0])
    )
    declared = given.card.personal_data
    open_ones = not declared or NONE_DECLARED.match(declared)
    features = {c.name for c in given.profile.of_role("feature")}
    used = list(dict.fromkeys(p.column for p, _ in shares if p.column in features))
    columns = list(dict.fromkeys(p.column for p, _ in shares))
    worst, share = shares[0]
    return Found(
        "warning" if used and open_ones else "note",
        {
            "count": _count("count", len(columns)),
            "used": _count("used", len(used)),
            "share": share,
        },
        {"column": worst.column, "what": worst.what, "columns": listed(columns)},
        scaled("DR021.at_stake", share, 1.0),
        detailed(Detail(_about(p), {"share": n}) for p, n in shares),
    )


def _about(personal: Personal) -> str:
    return f"{personal.column}: {personal.what}"


def _rows_with(given: ReviewInput, personal: Personal) -> Number:
    """Of the values looked at, those of that kind; by name, all rows with a value."""
    k, n = personal.k, personal.n
    column = given.profile.columns.get(personal.column)
    if n == 0 and column is not None:
        k, n = column.rows - column.missing, column.rows
    return rate("DR021.share", k, n, rows="all")


def _count(name: str, columns: int) -> Number:
    return quantity(f"DR021.{name}", float(columns), "columns")
