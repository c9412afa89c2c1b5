"""What the record keeps of the retrospectives that were held: from the record only."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.record.agreed import Retrospective
from workshop.record.choices import Record
from workshop.record.values import Number
from workshop.views.recaps.common import who_said
from workshop.views.recaps.retrospective_words import listed
from workshop.views.section import Block, Heading, Items, Paragraph, Section
from workshop.views.wording import Said, say


def held_said(one: Retrospective, place: int = 0) -> Said:
    """Say each clause's state at one retrospective, the record's number ``place``."""
    if not one.clauses:
        return say("retro.held_no_clause")
    said = []
    for name, state in one.clauses.items():
        given = {"id": name, "state": say(f"retro.state_{state}")}
        count = one.counts.get(name)
        if count is None or not count.n:
            said.append(say("retro.held_clause_plain", **given))
            continue
        rate = Number(
            id=f"retro.held.{place}.{name}",
            value=count.k / count.n,
            k=count.k,
            n=count.n,
            rows="live",
        )
        counted = say("retro.counted_alone", rate=rate)
        said.append(say("retro.held_clause", rate=counted, **given))
    return listed(said)


def held_headline(held: Sequence[Retrospective]) -> Said:
    """Say how many retrospectives there were, and what the last one found."""
    last = held[-1]
    given = {"at": last.at[:10], "clauses": held_said(last, len(held) - 1)}
    if len(held) == 1:
        return say("retro.since_headline_one", **given)
    count = Number(id="retro.held.count", value=float(len(held)), unit="retrospectives")
    return say("retro.since_headline_many", count=count, **given)


def since_section(record: Record, unit: str) -> Section | None:
    """What happened since the agreement; None where nobody has looked yet."""
    held = record.retrospectives
    if not held:
        return None
    blocks: list[Block] = []
    for place, one in enumerate(held):
        blocks += _one(one, place, unit)
    return Section(
        id="since",
        title=say("section.since"),
        status="ok",
        headline=held_headline(held),
        blocks=tuple(blocks),
    )


def _one(one: Retrospective, place: int, unit: str) -> tuple[Block, ...]:
    rows = Number(
        id=f"retro.held.{place}.rows", value=float(one.rows), rows="live", unit=unit
    )
    given = {"rows": rows, "unit": unit}
    if one.first and one.last:
        about = say("retro.rows_from", first=one.first, last=one.last, **given)
    else:
        about = say("retro.rows_plain", **given)
    said = [say("retro.held_list", parts=held_said(one, place))]
    if one.changed:
        said.append(say("retro.held_changed", changed=one.changed))
    said += [say("retro.held_wins", what=what) for what in one.wins]
    for action in one.carried:
        key = "held_done" if action.done else "held_carried"
        said.append(say(f"retro.{key}", what=action.what, who=who_said(action.who)))
    title = Heading(say("retro.win_said", what=one.at[:10]))
    return (title, Paragraph(about, "quiet"), Items(tuple(said)))


def last_line(held: Sequence[Retrospective]) -> Said:
    """One line about the last retrospective of at least one."""
    last = held[-1]
    given = {"at": last.at[:10], "clauses": held_said(last, len(held) - 1)}
    return say("retro.status_line", **given)
