"""01: the outcome, the question that mends a feature brief, the bets side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from workshop.analysis.framing import OutcomePart, RequestReview
from workshop.record.bets import Bets
from workshop.record.choices import Record
from workshop.record.framed import Framing
from workshop.record.values import ROLES, Number
from workshop.views.figures import plot_ranges
from workshop.views.section import (
    Block,
    Figure,
    Heading,
    Items,
    Paragraph,
    Section,
    Table,
    View,
)
from workshop.views.wording import Said, say


def mend(review: RequestReview) -> Said:
    """Say what a line still needs before it is an outcome."""
    if review.kind == "feature_brief":
        if review.machine_does:
            return say("framing.mend_feature_brief_does", does=review.machine_does)
        return say("framing.mend_feature_brief")
    if review.kind == "outcome":
        key = "outcome" if review.has_quantity else "outcome_no_quantity"
        return say(f"framing.mend_{key}")
    return say("framing.mend_unclear")


def mend_measure(review: RequestReview) -> str:
    """Answer a measure while it is typed: only a machine needs mending there."""
    return mend(review).html if review.kind == "feature_brief" else ""


def request_view(request: str, review: RequestReview) -> View:
    """The request as it came, and the question that mends it."""
    return View(
        (
            Paragraph(say("framing.request", request=request), "lead"),
            Paragraph(mend(review)),
        )
    )


def given_number(id: str, value: float, unit: str = "share") -> Number:
    """A number that somebody stated and nobody measured."""
    return Number(id=id, value=value, unit=unit, assumed=True)


def outcome_line(framing: Framing | None, missing: Sequence[OutcomePart]) -> Said:
    """Say the outcome, or what it still lacks."""
    if missing or framing is None or framing.outcome is None:
        parts = ", ".join(say(f"framing.part_{part}").text for part in missing)
        return say("framing.headline_undecided", missing=parts)
    outcome = framing.outcome
    return say(
        "framing.headline_ok",
        measure=outcome.measure,
        **{"from": given_number("framing.outcome.from", outcome.from_ or 0.0, "")},
        to=given_number("framing.outcome.to", outcome.to or 0.0, ""),
        by=outcome.by or "",
    )


def expectation_items(framing: Framing | None) -> tuple[Said, ...]:
    """What the pair expects of any answer, as far as it has said so."""
    if framing is None:
        return (say("framing.expect_none"),)
    said: list[Said] = []
    agreed = framing.expectations
    if agreed is not None and agreed.acceptable_error is not None:
        said.append(say("framing.expect_error", acceptable=acceptable(framing)))
    if agreed is not None and agreed.fallback is not None:
        said.append(_fallback(framing, agreed.fallback))
    if agreed is not None and agreed.success:
        said.append(say("framing.expect_success", success=agreed.success))
    if agreed is not None and agreed.cost_speed:
        said.append(say("framing.expect_cost_speed", cost_speed=agreed.cost_speed))
    if framing.ratio is not None:
        ratio = given_number("framing.ratio", framing.ratio, "false alarms")
        said.append(say("framing.expect_ratio", ratio=ratio))
    return tuple(said) or (say("framing.expect_none"),)


def acceptable(framing: Framing | None) -> Number | None:
    """The agreed acceptable error as a number that was stated, not measured."""
    if framing is None or framing.expectations is None:
        return None
    value = framing.expectations.acceptable_error
    if value is None:
        return None
    return given_number("framing.acceptable_error", value)


def _fallback(framing: Framing, kind: str) -> Said:
    says = framing.when_unsure.says if framing.when_unsure else ""
    how = say(f"framing.fallback_{kind}")
    if says:
        return say("framing.expect_fallback_says", fallback=how, says=says)
    return say("framing.expect_fallback", fallback=how)


def _expects(framing: Framing | None) -> bool:
    """Whether the ratio and all four expectations have been said."""
    if framing is None or framing.expectations is None or framing.ratio is None:
        return False
    return all(value not in (None, "") for _, value in framing.expectations)


def _more(framing: Framing | None) -> tuple[Said, ...]:
    if framing is None:
        return ()
    texts = {
        "harmed": framing.harmed,
        "rule": framing.rule,
        "promised": framing.promised,
        "last_word": framing.last_word_today,
    }
    return tuple(say(f"framing.{k}", text=t) for k, t in texts.items() if t)


def bets_table(
    bets: Bets, error: Said | None, *, beside: Literal["measured", "stated"]
) -> Table:
    """The opened bets side by side, with what was measured or stated where it was."""
    nothing = Said("–", {})
    rows = (
        ("tolerable", "tolerable_error", "of100", nothing),
        ("expected", "expected_error", "of100", error or nothing),
        ("ratio", "ratio", "num", nothing),
        ("guess", "guess", "of100", nothing),
    )
    numeric = tuple(
        (
            say(f"framing.bets_row_{row}"),
            *(_bet_cell(bets, role, field, spec) for role in ROLES),
            last,
        )
        for row, field, spec, last in rows
    )
    worded = tuple(
        (
            say(f"framing.bets_row_{row}"),
            *(say(f"framing.{row}_{getattr(bets.opened[r], row)}") for r in ROLES),
            nothing,
        )
        for row in ("fallback", "owner")
    )
    last = {
        "measured": say("framing.col_measured"),
        "stated": say("before.col_stated"),
    }
    caption = {
        "measured": say("framing.bets_caption"),
        "stated": say("before.bets_caption"),
    }
    columns = (
        *(say(f"framing.col_{name}") for name in ("bet", "product", "engineering")),
        last[beside],
    )
    return Table(caption[beside], columns, numeric + worded)


def _bet_cell(bets: Bets, role: str, field: str, spec: str) -> Said:
    value = getattr(bets.opened[role], field)
    if value is None:
        return Said("–", {})
    number = given_number(f"bets.{role}.{field}", value)
    if field == "expected_error":
        number = _expected_range(bets, role)
    return Said(f"{{bet:{spec}}}", {"bet": number})


def bets_view(bets: Bets | None, error: Number) -> View:
    """The bets once both are open; before that, only that they are closed."""
    if bets is None or not bets.opened:
        return View((Paragraph(say("framing.bets_sealed")),))
    rows = [
        (say(f"framing.col_{role}").text, _expected_range(bets, role)) for role in ROLES
    ]
    svg = plot_ranges(
        [*rows, (say("framing.col_measured").text, error)],
        xlabel=say("framing.bets_row_expected").text,
        marked=say("framing.col_measured").text,
    )
    measured = say("framing.bets_measured", error=error)
    table = bets_table(bets, measured, beside="measured")
    figure = Figure(svg, say("framing.bets_alt"), table, say("page.as_table"))
    return View((figure,))


def _expected_range(bets: Bets, role: str) -> Number:
    bet = bets.opened[role]
    return Number(
        id=f"bets.{role}.expected_error",
        value=bet.expected_error,
        lo=bet.expected_low,
        hi=bet.expected_high,
        assumed=True,
    )


def recap(
    record: Record, request: View, missing: Sequence[OutcomePart], bets: View
) -> Section:
    """Gather 01 into its Section."""
    framing = record.framing
    blocks: list[Block] = [
        *request.blocks,
        Heading(say("framing.expect_title")),
        Items(expectation_items(framing) + _more(framing)),
        *bets.blocks,
    ]
    return Section(
        id="framing",
        title=say("section.framing"),
        status="undecided" if missing or not _expects(framing) else "ok",
        headline=outcome_line(framing, missing),
        blocks=tuple(blocks),
    )


def outcome_view(framing: Framing | None, missing: Sequence[OutcomePart]) -> View:
    """The outcome as it was said, or what it lacks."""
    return View((Paragraph(outcome_line(framing, missing), "lead"),))


def expectations_view(framing: Framing | None) -> View:
    """The four expectations as far as they were agreed."""
    return View((Items(expectation_items(framing) + _more(framing)),))
