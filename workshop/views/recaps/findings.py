"""The findings of 02: five first, by consequence; the rest is folded."""

from __future__ import annotations

from collections.abc import Collection
from string import Formatter
from typing import Any, get_args

from workshop.analysis.readiness import Detail, Finding, ReadinessReport
from workshop.analysis.readiness.consequences import Consequence, Proposal, screen
from workshop.record.values import Number
from workshop.views.figures import plot_ranges
from workshop.views.section import (
    Block,
    Card,
    Figure,
    Fold,
    Heading,
    Items,
    Paragraph,
    Table,
    View,
    number_json,
)
from workshop.views.wording import Said, as_written, has, in_signs, phrase, say

PICTURED = {"DR024": "rate", "DR025": "rate"}
"""Codes whose details are rates that people would rather look at, and their key."""


MOST = 4
"""Rows of a table behind a finding that a page to read shows."""
ELSEWHERE = ("DR027",)
"""Codes whose table stands with the line in 03, from the same rows."""


def finding_card(
    finding: Finding, *, accepted: bool = False, brief: bool = False
) -> Card:
    """Say what was found, what it threatens, the ways out, and who owns it.

    ``brief`` leaves out what the twin of the page has in full.
    """
    given = {**finding.numbers, **finding.names}
    severity = say(f"data.severity_{finding.severity}")
    return Card(
        title=say(_part(finding, "found")),
        tag=say(
            "data.finding_tag_accepted" if accepted else "data.finding_tag",
            code=finding.code,
            severity=severity,
        ),
        said=(
            finding_said(finding),
            say(_part(finding, "threatens"), **given),
            *_because(finding),
        ),
        ways=tuple(
            say("data.way_out", way=say(_part(finding, way), **given))
            for way in ("way_1", "way_2")
        ),
        foot=say("data.owner", owner=say(f"framing.owner_{finding.owner}")),
        behind=_behind(finding, brief=brief),
        label=say("data.behind"),
        grave=finding.severity == "blocker" and not accepted,
        name=finding.code,
    )


def _because(finding: Finding) -> tuple[Said, ...]:
    """Say which early answer changed what this finding can do."""
    return (say(f"stake.{finding.because}"),) if finding.because else ()


def _part(finding: Finding, part: str) -> str:
    """Name the sentence of a card's part: the variant's own where there is one.

    Where it would say a price that nobody stated, or a figure that is not known, the
    one that does without is said.
    """
    own = f"check.{finding.code}.{part}_{finding.variant}"
    base = own if has(own) else f"check.{finding.code}.{part}"
    for key in (base, f"{base}_unpriced", f"{base}_untold"):
        if has(key) and not _unknown(finding, key):
            return key
    return base


def _unknown(finding: Finding, key: str) -> bool:
    """Whether a sentence would have to show a number that is not known."""
    asked = (name for _, name, _, _ in Formatter().parse(phrase(key)) if name)
    numbers = (finding.numbers.get(name) for name in asked)
    return any(number is not None and number.value is None for number in numbers)


def _behind(finding: Finding, *, brief: bool) -> Table | Figure | None:
    if brief and finding.code in ELSEWHERE:
        return None
    picture = None if brief else _picture(finding)
    return picture or details_table(finding, most=MOST if brief else None)


def details_table(finding: Finding, *, most: int | None = None) -> Table | None:
    """Return the table behind a finding, a row for each column or group concerned.

    At most ``most`` of them, with a word on where the others stand.
    """
    if not finding.details:
        return None
    details = finding.details[:most]
    caption = say("data.behind_caption")
    if len(details) < len(finding.details):
        shown, all_of = (
            Number(id=f"{finding.code}.{name}", value=float(n), unit="rows")
            for name, n in (("shown", len(details)), ("all", len(finding.details)))
        )
        caption = say("data.behind_caption_first", shown=shown, all=all_of)
    about = f"check.{finding.code}"
    keys = tuple(dict.fromkeys(k for d in details for k in d.numbers))
    head = (say(f"{about}.col_about"), *(say(f"{about}.col_{key}") for key in keys))
    rows = tuple(_detail_row(detail, keys) for detail in details)
    return Table(caption, head, rows)


def _picture(finding: Finding) -> Figure | None:
    """Draw the rates behind a finding, with their ranges, where it is about rates."""
    key = PICTURED.get(finding.code)
    table = details_table(finding)
    if key is None or table is None:
        return None
    svg = plot_ranges(
        [(d.about, d.numbers[key]) for d in finding.details if key in d.numbers],
        xlabel=say("data.picture_x").text,
    )
    alt = say("data.picture_alt", about=say(_part(finding, "found")))
    return Figure(svg, alt, table, say("page.as_table"))


def _detail_row(detail: Detail, keys: tuple[str, ...]) -> tuple[Said, ...]:
    cells = (number_said(detail.numbers.get(key)) for key in keys)
    about, is_count = detail.about, detail.about.replace(",", "").isdigit()
    return (as_written(in_signs(about) if is_count else about), *cells)


def number_said(number: Number | None) -> Said:
    """Write a number as a cell: of 100 with its range and base, or as it is."""
    if number is None or number.value is None:
        return say("data.cell_none")
    ranged = number.lo is not None and number.hi is not None
    if number.unit == "share" and number.k is not None:
        return say("data.cell_share" if ranged else "data.cell_count", number=number)
    if number.unit == "share":
        return say(
            "data.cell_of100_range" if ranged else "data.cell_of100", number=number
        )
    if number.unit == "difference of shares":
        return say("data.cell_points" if ranged else "data.cell_point", number=number)
    return say("data.cell_range" if ranged else "data.cell_number", number=number)


def finding_said(finding: Finding) -> Said:
    """Say a check's outcome in one sentence."""
    about = f"check.{finding.code}"
    given = {**finding.numbers, **finding.names}
    if finding.outcome == "finding":
        return say(_part(finding, "finding"), **given)
    title = say(f"{about}.title")
    if finding.outcome == "passed":
        return say("data.passed", code=finding.code, title=title)
    reason = say(f"{about}.{finding.reason}", **given)
    return say(f"data.{finding.outcome}", code=finding.code, title=title, reason=reason)


def findings_view(
    report: ReadinessReport,
    accepted: Collection[str] = (),
    not_done: Collection[str] = (),
    *,
    brief: bool = False,
) -> View:
    """At most five findings, by consequence; everything else behind a line each.

    ``brief`` is for a page to read: the further ones as a sentence each.
    ``accepted`` are the codes that the pair lives with, ``not_done`` the parts that
    the engine which holds the table cannot count.
    """

    def card(finding: Finding) -> Card:
        taken = finding.code in accepted
        return finding_card(finding, accepted=taken, brief=brief)

    shown = screen(report)
    blocks: list[Block] = [
        Heading(say("data.findings_title")),
        Paragraph(_tally(report)),
        *(Paragraph(say(f"data.not_done_{part}"), "quiet") for part in not_done),
    ]
    for title, findings in (("data.to_act", shown.act), ("data.to_know", shown.know)):
        if findings:
            blocks.append(Heading(say(title)))
            blocks += [card(f) for f in findings]
    if not (shown.act or shown.know):
        blocks.append(Paragraph(say("data.findings_none")))
    if shown.rest:
        more = say("data.more_findings", count=_count("more", len(shown.rest)))
        short = (Items(tuple(_in_short(f) for f in shown.rest)),)
        cards = tuple(card(f) for f in shown.rest)
        blocks.append(Fold(more, short if brief else cards))
    return View((*blocks, *_without_finding(report)))


def _in_short(finding: Finding) -> Said:
    """A finding in one line: its code, what was found, what it threatens."""
    given = {**finding.numbers, **finding.names}
    return say(
        "data.in_short",
        code=finding.code,
        found=finding_said(finding),
        threatens=say(_part(finding, "threatens"), **given),
    )


def _without_finding(report: ReadinessReport) -> tuple[Block, ...]:
    """What could not be told, what passed, and what does not apply: a fold each."""
    return tuple(
        Fold(
            say(f"data.fold_{outcome}", count=_count(outcome, len(found))),
            (Items(tuple(finding_said(f) for f in found)),),
        )
        for outcome in ("cannot_tell", "passed", "not_applicable")
        if (found := report.of(outcome))
    )


def _tally(report: ReadinessReport) -> Said:
    found = report.of("finding")
    counts = {
        severity: sum(f.severity == severity for f in found)
        for severity in ("blocker", "warning", "note")
    }
    counts["checks"] = len(report.findings)
    return say("data.tally", **{name: _count(name, n) for name, n in counts.items()})


def _count(name: str, n: int) -> Number:
    return Number(id=f"checks.{name}", value=float(n), unit="checks")


def proposal_said(proposal: Proposal) -> Said:
    """Say what a finding leaves behind, as the pair might write it down."""
    finding, kind = proposal.finding, proposal.kind
    given: dict[str, Any] = {**finding.numbers, **finding.names}
    if proposal.detail is not None:
        given |= {**proposal.detail.numbers, "about": proposal.detail.about}
    ending = "untold" if proposal.untold else kind
    return say(f"register.{finding.code}.{ending}", **given)


def register_view(
    proposals: tuple[Proposal, ...], taken: frozenset[str]
) -> tuple[Block, ...]:
    """What the findings leave behind and nobody has taken over yet, by kind."""
    blocks: list[Block] = []
    for kind in get_args(Consequence):
        said = tuple(proposal_said(p) for p in proposals if p.kind == kind)
        open_ones = tuple(s for s in said if s.text not in taken)
        if open_ones:
            blocks += [Heading(say(f"data.register_{kind}")), Items(open_ones)]
    return tuple(blocks)


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding as plain data for the JSON twin."""
    return {
        "code": finding.code,
        "dimension": finding.dimension,
        "outcome": finding.outcome,
        "severity": finding.severity,
        "owner": finding.owner,
        "threatens": finding.threatens,
        "numbers": [number_json(n) for n in finding.numbers.values()],
        "details": [
            {"about": d.about, "numbers": [number_json(n) for n in d.numbers.values()]}
            for d in finding.details
        ],
        "says": finding_said(finding).text,
    }
