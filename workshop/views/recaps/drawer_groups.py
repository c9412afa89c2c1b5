"""The engineer's drawer: the line for all by group, and a line for each group."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.analysis.group_names import Group
from workshop.analysis.group_shares import GroupShares
from workshop.analysis.group_thresholds import GroupThresholds
from workshop.record.values import Number
from workshop.views.recaps.threshold import cut_number, rate_cell
from workshop.views.section import (
    Block,
    Fold,
    Heading,
    Items,
    Paragraph,
    Table,
)
from workshop.views.wording import Said, as_written, say


def groups_blocks(
    column: str,
    coverage: GroupShares,
    error: GroupShares,
    recall: GroupShares,
    own: Sequence[GroupThresholds] = (),
    *,
    brief: bool = False,
) -> tuple[Block, ...]:
    """One column's groups under the line for all; behind it, a line for each.

    The three shares have the same groups. Ids of numbers are those given: the step
    heads them with the column's name, so that two columns can stand on one page.
    ``brief`` says what a line for each brings and costs, without a table of them.
    """
    shares = (coverage, error, recall)
    blocks: list[Block] = [
        Heading(say("drawer.groups_title", column=column)),
        Items(tuple(difference_said(each, column) for each in shares)),
        _table(column, coverage, error, recall),
    ]
    if any(each.too_few for each in shares):
        blocks.append(Paragraph(say("drawer.groups_too_few"), "quiet"))
    if own:
        inside = [block for each in own for block in _own(column, each, brief=brief)]
        warning = Paragraph(say("drawer.own_warning"), "warn")
        blocks.append(Fold(say("drawer.own_title", column=column), (warning, *inside)))
    return tuple(blocks)


def difference_said(shares: GroupShares, column: str) -> Said:
    """Say how far the two extremes of one share are apart, and whether that is told."""
    name = say(f"drawer.share_{shares.metric}")
    if shares.largest is None or shares.smallest is None:
        return say("drawer.apart_untold", share=name)
    return say(
        "drawer.apart" if shares.told_apart else "drawer.apart_chance",
        share=name,
        most=group_said(shares.groups[shares.largest], column),
        least=group_said(shares.groups[shares.smallest], column),
        difference=shares.difference,
    )


def group_said(group: Group, column: str, *, head: str = "groups") -> Said:
    """A group of a column as it is called on a page; ``head`` begins a number's id."""
    if group.kind == "value":
        return as_written(group.name)
    if group.kind == "missing":
        return say("drawer.group_missing")
    gathered = Number(
        id=f"{head}.{column}.gathered", value=float(group.gathered), unit="groups"
    )
    return say("drawer.group_others", gathered=gathered)


def _table(
    column: str, coverage: GroupShares, error: GroupShares, recall: GroupShares
) -> Table:
    shares = (coverage, error, recall)
    overall = (say("drawer.group_all"), *(rate_cell(s.overall) for s in shares))
    rows = tuple(
        (
            group_said(group, column),
            *(rate_cell(each.by_group[place]) for each in shares),
        )
        for place, group in enumerate(coverage.groups)
    )
    heads = ("group", "coverage", "error", "recall")
    columns = tuple(say(f"drawer.col_group_{head}") for head in heads)
    return Table(say("drawer.groups_caption"), columns, (overall, *rows))


# --- a line for each group -----------------------------------------------------------


def _own(column: str, found: GroupThresholds, *, brief: bool) -> tuple[Block, ...]:
    title = say(f"drawer.own_{found.aim}", share=say(f"drawer.share_{found.metric}"))
    id = found.cost.id.removesuffix(".cost")
    lines = _own_lines(found)
    if brief:
        return (Heading(title), Items(lines[:1]))
    return (Heading(title), Items(lines), _own_table(found, column, id))


def _own_lines(found: GroupThresholds) -> tuple[Said, ...]:
    change = found.cost_difference
    if change.lo is not None and change.hi is not None and change.lo <= 0 <= change.hi:
        verdict = "own_cost_chance"
    else:
        verdict = "own_costs" if (change.value or 0) > 0 else "own_saves"
    share = say(f"drawer.share_{found.metric}")
    before, after = found.common.difference, found.own.difference
    lines = [
        say(
            f"drawer.{verdict}",
            cost=found.cost,
            common=found.common_cost,
            change=change,
        ),
        say("drawer.own_otherwise", moved=found.otherwise),
    ]
    if before.value is None or after.value is None:
        lines.append(say("drawer.own_untold", share=share))
    else:
        told = "own_remains" if found.own.told_apart else "own_gone"
        lines.append(say(f"drawer.{told}", share=share, before=before, after=after))
    return tuple(lines)


def _own_table(found: GroupThresholds, column: str, id: str) -> Table:
    common = cut_number(f"{id}.common", found.common_threshold)
    rows = tuple(
        (
            group_said(group, column),
            _own_line(found, place, f"{id}.{place}"),
            rate_cell(found.common.by_group[place]),
            rate_cell(found.own.by_group[place]),
        )
        for place, group in enumerate(found.groups)
    )
    share = say(f"drawer.share_{found.metric}")
    columns = (
        say("drawer.col_group_group"),
        say("drawer.col_own_line"),
        say("drawer.col_under_common", share=share),
        say("drawer.col_under_own", share=share),
    )
    return Table(say("drawer.own_caption", common=common), columns, rows)


def _own_line(found: GroupThresholds, place: int, id: str) -> Said:
    cut = found.thresholds[place]
    if cut == float("inf"):
        return say("drawer.acts_on_none")
    number = cut_number(id, cut)
    return say("drawer.own_kept" if place in found.kept else "drawer.cut", cut=number)
