"""05: what usually goes wrong, and what the agreement rests on without measuring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workshop.analysis.pitfalls import PitfallFound, Point
from workshop.analysis.register import Held
from workshop.record.agreed import Pitfall
from workshop.record.values import Number
from workshop.views.recaps.common import owner_said
from workshop.views.recaps.options import assumed_said
from workshop.views.section import Block, Card, Fold, Items, Paragraph, Table
from workshop.views.wording import Said, as_written, has, say


def point_said(point: Point) -> Said:
    """Say one thing that the record says of a pitfall."""
    return say(f"pitfall_point.{point.key}", **point.given)


def pitfall_state(found: PitfallFound, line: str) -> Said:
    """Whether the record answers it, the pair did in its own words, or nobody has."""
    if found.answered:
        return say("agreement.pitfall_record")
    return say("agreement.pitfall_words" if line else "agreement.pitfall_open")


def evidence_html(found: PitfallFound, line: str) -> str:
    """A pitfall's state and evidence, to stand above the line that it asks for."""
    points = Items(tuple(point_said(point) for point in found.points)).html
    state = f'<p class="cgp-quiet">{pitfall_state(found, line).html}</p>'
    return f"{state}{points}"


def premortem_blocks(
    found: Sequence[PitfallFound], premortem: Mapping[Pitfall, str]
) -> tuple[Block, ...]:
    """Five pitfalls: where each stands, what the record says of it, the pair's line."""
    return tuple(_pitfall(one, premortem.get(one.name, "")) for one in found)


def _pitfall(found: PitfallFound, line: str) -> Card:
    return Card(
        title=say(f"pitfall.{found.name}"),
        tag=pitfall_state(found, line),
        said=tuple(point_said(point) for point in found.points),
        ways=(say("agreement.in_our_words", text=line),) if line else (),
        grave=not (found.answered or line),
    )


def register_blocks(
    held: Sequence[Held], *, currency: str, brief: bool = False
) -> tuple[Block, ...]:
    """Everything that nobody measured and somebody answers for; overdue ones apart.

    ``brief`` counts the figures of step 04, which stand there on the same page.
    """
    if not held:
        return (Paragraph(say("agreement.register_none")),)
    late = tuple(_late(one, currency) for one in held if one.overdue)
    first = Items(late) if late else Paragraph(say("agreement.register_in_time"))
    lines = _count("lines", len(held))
    summary = say("agreement.register_fold", count=lines)
    figures = [one for one in held if one.kind == "impact"]
    if not (brief and figures):
        return (first, Fold(summary, (register_table(held, currency=currency),)))
    beside = say("agreement.register_figures", count=_count("figures", len(figures)))
    rest = [one for one in held if one.kind != "impact"]
    table = (register_table(rest, currency=currency),) if rest else ()
    return (first, Fold(summary, (*table, Paragraph(beside))))


def _count(name: str, value: int) -> Number:
    return Number(id=f"register.{name}", value=float(value), unit="lines")


def register_table(held: Sequence[Held], *, currency: str) -> Table:
    """The register, a row for each line."""
    heads = ("kind", "what", "owner", "sure", "revisit")
    return Table(
        say("agreement.register_caption"),
        tuple(say(f"agreement.register_{head}") for head in heads),
        tuple(_held_row(one, currency) for one in held),
    )


def _late(one: Held, currency: str) -> Said:
    what = {"what": _what(one, currency), "by": one.revisit}
    return say("agreement.register_late", owner=owner_said(one.owner), **what)


def _held_row(one: Held, currency: str) -> tuple[Said, ...]:
    nothing = say("agreement.not_asked")
    return (
        say(f"agreement.held_{one.kind}"),
        _what(one, currency),
        owner_said(one.owner) if _is_owned(one) else nothing,
        say(f"impact.sure_{one.confidence}") if one.confidence else nothing,
        _revisit(one),
    )


def _is_owned(one: Held) -> bool:
    """A condition or a limit of the model is everybody's; nobody is asked whose."""
    return one.kind not in ("condition", "cannot_do")


def _revisit(one: Held) -> Said:
    if one.overdue:
        return say("agreement.overdue_since", by=one.revisit)
    if one.revisit:
        return as_written(one.revisit)
    reviewed = one.kind in ("risk", "assumption")
    return say("data.no_date") if reviewed else say("agreement.not_asked")


def _what(one: Held, currency: str) -> Said:
    if one.figure is not None:
        return _figure(one, currency)
    if one.kind != "risk":
        return as_written(one.text)
    key = f"check.{one.name}.found"
    found = say(key) if has(key) else as_written(one.name)
    return say("agreement.held_finding", code=one.name, found=found, reason=one.text)


def _figure(one: Held, currency: str) -> Said:
    assert one.figure is not None
    name = say(f"assumed.{one.name}", unit=currency)
    given = {"name": name, "figure": assumed_said(one.figure)}
    if not one.text:
        return say("agreement.held_figure", **given)
    return say("agreement.held_figure_source", source=one.text, **given)
