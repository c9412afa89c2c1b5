"""The first screen: what is decided, whether it holds, whose it is, what is open.

What stands here stands further down in full: the same numbers under the same ids, said
once more in the fewest words, for somebody who has three minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workshop.analysis.impact.floors import DualFloors, FloorState
from workshop.analysis.options.table import OptionLine
from workshop.analysis.readout import PolicyRow
from workshop.record.agreed import Agreement, DecisionRight
from workshop.record.choices import ImpactChoice
from workshop.record.framed import Framing
from workshop.record.gaps import RELEASE_RIGHT, THRESHOLD_RIGHT
from workshop.record.terms import ESCALATIONS
from workshop.record.values import Gap, Number, Policy, Role
from workshop.views.amounts import amount, bare_reach, join
from workshop.views.columns import Columns, Panel, Tagged
from workshop.views.recaps.agreement import gaps_lead
from workshop.views.recaps.clauses import ClauseNow, metric_said
from workshop.views.recaps.impact import margin_said, measure_name
from workshop.views.recaps.options import lettered
from workshop.views.recaps.threshold import cut_number
from workshop.views.recaps.user_impact import floors_line
from workshop.views.section import (
    Block,
    Figure,
    Fold,
    Heading,
    Items,
    Paragraph,
    Table,
)
from workshop.views.strip import people_strip
from workshop.views.wording import Said, as_written, capitalised, phrase, say
from workshop.views.wording.gaps import gap_said

FIRST_GAPS = 5


# --- what may be said outside ---------------------------------------------------------


def outside_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Set what may be said and what not yet side by side, and who signed it below.

    Each heading opens a panel that holds what stands under it, but for quiet lines.
    """
    panels: list[Panel] = []
    rest: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            panels.append(Panel(block.said, ()))
        elif not panels or (isinstance(block, Paragraph) and block.tone == "quiet"):
            rest.append(block)
        else:
            last = panels.pop()
            panels.append(replace(last, blocks=(*last.blocks, block)))
    return (*((Columns(tuple(panels), "outside"),) if panels else ()), *rest)


# --- what is decided ------------------------------------------------------------------


def decision_said(
    act: str, policy: Policy | None, framing: Framing | None, *, today: str
) -> Said:
    """Say in one sentence what will be done, and what where it is not."""
    if policy is None:
        return say("first.act_open", act=act)
    given: dict[str, Number | str | Said] = {
        "act": capitalised(act),
        "otherwise": otherwise_said(framing),
        "title": today,
    }
    if policy.act_at is None:
        return say(f"first.act_{policy.kind}", **given)
    given["act_at"] = cut_number("threshold.act_at", policy.act_at)
    if policy.review_at is None:
        return say("first.act_from", **given)
    given["review_at"] = cut_number("threshold.review_at", policy.review_at)
    return say("first.act_band", **given)


def otherwise_said(framing: Framing | None) -> Said:
    """Say what happens where nothing is done: in the pair's words where there are."""
    unsure = framing.when_unsure if framing else None
    expected = (
        framing.expectations.fallback if framing and framing.expectations else None
    )
    kind = unsure.fallback if unsure else expected
    if kind is None:
        return say("first.otherwise_open")
    if unsure is None or not unsure.says:
        return say(f"first.otherwise_{kind}")
    if kind == "not_sure":
        return say("first.otherwise_says", says=unsure.says)
    return say(f"first.otherwise_{kind}_says", says=unsure.says)


def decision_blocks(decided: Said, option: Said, because: str) -> tuple[Block, ...]:
    """The decision, the option it is for, and why."""
    blocks = [Paragraph(decided, "lead"), Paragraph(option, "quiet")]
    if because:
        blocks.append(Paragraph(say("first.because", text=because), "quiet"))
    return tuple(blocks)


def verdict_blocks(kind: str, rule: Said) -> tuple[Block, ...]:
    """The verdict by its name, and the rule that gave it."""
    return (Paragraph(say(f"verdict.{kind}"), "verdict"), Paragraph(rule))


# --- how many people ------------------------------------------------------------------


def people_blocks(head: Said, error: Number | None) -> tuple[Block, ...]:
    """The headline, over ten people of whom some are hit and some might be."""
    lead = Paragraph(head, "lead")
    if error is None or error.value is None or error.lo is None or error.hi is None:
        return (lead, Paragraph(say("first.people_none"), "quiet"))
    return (lead, _people(error))


def _people(error: Number) -> Figure:
    parts = {"lo": "lo100", "value": "of100", "hi": "hi100"}
    rows = tuple(
        (say(f"first.people_{part}"), Said(f"{{e:{spec}}}", {"e": error}))
        for part, spec in parts.items()
    )
    columns = (say("first.people_what"), say("first.people_number"))
    twin = Table(say("first.people_caption"), columns, rows)
    alt = say("first.people_alt", error=error)
    return Figure(people_strip(error), alt, twin, say("page.as_table"), name="people")


# --- the choice beside its alternatives -----------------------------------------------


def policies_blocks(
    rows: Sequence[PolicyRow], options: Sequence[OptionLine], *, today: str
) -> tuple[Block, ...]:
    """Every way to act in one table, the chosen one first and marked.

    Without a choice there is none to draw as many by lot for, and without a ratio no
    cost.
    """
    if not rows:
        return (Paragraph(say("first.policies_none")),)
    chosen = rows[0].kind == "chosen"
    shown = [row for row in rows if chosen or row.kind != "random"]
    rates = ["coverage", "error_among_answered"]
    if any("expected_cost" in row.figures for row in shown):
        rates.append("expected_cost")
    others = [line for line in options if _is_another(line)]
    table = Table(
        say("first.policies_caption" if chosen else "first.policies_caption_open"),
        (say("first.col_policy"), *(say(f"first.col_{rate}") for rate in rates)),
        (
            *(_policy_row(row, rates, today) for row in shown),
            *(_option_row(line, rates) for line in others),
        ),
        marked=0 if chosen else None,
    )
    return (table,) if chosen else (Paragraph(say("first.policies_open")), table)


def _is_another(line: OptionLine) -> bool:
    """Whether a line of the options is not one of the policies already."""
    return not line.in_play and line.kind not in ("everyone", "nothing")


def _policy_row(row: PolicyRow, rates: Sequence[str], today: str) -> tuple[Said, ...]:
    name, missing = say(f"first.{row.kind}", title=today), say("first.not_measured")
    if not row.measured:
        return (name, *(missing for _ in rates))
    shown = (row.figures.get(rate) for rate in rates)
    return (name, *(share_said(one) if one else missing for one in shown))


def _option_row(line: OptionLine, rates: Sequence[str]) -> tuple[Said, ...]:
    names = ("cost" if rate == "expected_cost" else rate for rate in rates)
    return (lettered(line), *(share_said(line.figures.get(name)) for name in names))


def share_said(number: Number | None) -> Said:
    """A share or a cost of 100 with its range, as short as a cell needs it."""
    if number is None:
        return say("first.share_none")
    ranged = number.lo is not None and number.hi is not None
    if number.value is None:
        stated = ranged and number.assumed
        return (
            say("first.share_stated", rate=number)
            if stated
            else say("first.share_none")
        )
    if number.assumed and ranged:
        return say("first.share_stated", rate=number)
    if ranged:
        # beside figures of some rows only, what all rows say must not pass for theirs
        return say(f"first.share{'_all' if number.rows == 'all' else ''}", rate=number)
    expected = number.k is None
    return say(f"first.share_{'expected' if expected else 'certain'}", rate=number)


# --- the two floors -------------------------------------------------------------------


def floors_blocks(
    found: DualFloors | None,
    acceptable: Number | None,
    choice: ImpactChoice | None,
) -> tuple[Block, ...]:
    """Both floors: promised, found, and how far the one is from the other."""
    states = {"model": found and found.model, "business": found and found.business}
    told = {which: state for which, state in states.items() if state is not None}
    blocks: list[Block] = []
    if told:
        blocks.append(_floors_table(told))
    stated = {
        "model": acceptable is not None,
        "business": bool(choice and choice.business_floor),
    }
    if any(stated[which] and which not in told for which in stated):
        blocks.append(Paragraph(floors_line(acceptable, choice)))
        if not told:
            blocks.append(Paragraph(say("first.floor_waits"), "quiet"))
    open_ones = [which for which, there in stated.items() if not there]
    blocks += [Paragraph(say(f"first.floor_open_{which}")) for which in open_ones]
    return tuple(blocks)


def _floors_table(told: Mapping[str, FloorState]) -> Table:
    heads = ("floor", "promised", "found", "margin")
    return Table(
        say("first.floors_caption"),
        tuple(say(f"first.col_{head}") for head in heads),
        tuple(_floor_row(which, state) for which, state in told.items()),
    )


def _floor_row(which: str, state: FloorState) -> tuple[Said, ...]:
    name = phrase("impact.floor_error")
    if which == "business":
        name = measure_name(state.metric)
    return (
        say(
            "first.floor_named",
            floor=say(f"impact.floor_head_{which}"),
            name=name,
        ),
        say(
            "first.promised",
            side=say(f"ui.{state.side}"),
            bound=amount(state.bound),
        ),
        bare_reach(state.value),
        _margin(state),
    )


def _margin(state: FloorState) -> Said:
    if state.value.value is None:
        return say("first.margin_open")
    how = "holds" if state.holds else "breaks"
    margin = margin_said(state)
    if state.chance is None:
        return say(f"first.margin_{how}_alone", margin=margin)
    return say(f"first.margin_{how}", margin=margin, chance=state.chance)


# --- who owns it ----------------------------------------------------------------------


def owner_blocks(agreement: Agreement, names: Mapping[Role, str]) -> tuple[Block, ...]:
    """Who moves the line, who releases, who is told first, and when we look again."""
    rights = {right.decision: right for right in agreement.decides}
    said = [
        say("first.owns", what=say(f"first.owns_{what}"), who=_owner(right, names))
        for what, right in (
            ("threshold", rights.get(THRESHOLD_RIGHT)),
            ("release", rights.get(RELEASE_RIGHT)),
        )
    ]
    broken = ESCALATIONS["clause_broken"]
    told = next((one for one in agreement.escalation if one.when == broken), None)
    if told is not None:
        said.append(say("first.told_first", when=told.when, to=told.to))
    date = agreement.retrospective
    said.append(
        say("first.looked_again", date=date) if date else say("first.looked_again_open")
    )
    return (Items(tuple(said)),)


def _owner(right: DecisionRight | None, names: Mapping[Role, str]) -> Said:
    if right is None or right.owner is None:
        return say("first.owner_nobody")
    role = say(f"framing.owner_{right.owner}")
    who = role
    if right.owner != "both":
        who = say("first.owner_named", role=role, name=names[right.owner])
    halves = (say(f"framing.owner_{right.consulted}"),) if right.consulted else ()
    asked = [*halves, *(as_written(name) for name in right.asked)]
    return say("first.asked_before", who=who, asked=join(asked)) if asked else who


# --- what would stop it ---------------------------------------------------------------


def stops_blocks(clauses: Sequence[ClauseNow]) -> tuple[Block, ...]:
    """Each clause in one line, and how it stands."""
    if not clauses:
        return (Paragraph(say("first.stops_none")),)
    lines = tuple(
        (say(f"first.state_{one.state or 'not_held'}"), _clause(one)) for one in clauses
    )
    grave = tuple(i for i, one in enumerate(clauses) if one.state == "broken")
    return (Tagged(lines, grave),)


def _clause(one: ClauseNow) -> Said:
    clause = one.clause
    side = "at_most" if clause.at_most is not None else "at_least"
    return say(
        f"first.stop_{side}",
        id=clause.id,
        metric=metric_said(clause),
        bound=amount(one.bound),
        window=clause.window,
        then=clause.then or say("first.then_open"),
    )


# --- what is still open ---------------------------------------------------------------


def gaps_blocks(gaps: Sequence[Gap]) -> tuple[Block, ...]:
    """How much is open and of which kind, the first of them, and the rest folded."""
    lead = Paragraph(gaps_lead(gaps))
    if not gaps:
        return (lead,)
    shown, rest = gaps[:FIRST_GAPS], gaps[FIRST_GAPS:]
    blocks: list[Block] = [lead, _listed(shown)]
    if len(gaps) > 1:
        blocks.insert(1, Paragraph(_kinds(gaps), "quiet"))
    if rest:
        count = Number(id="gaps.rest", value=float(len(rest)), unit="gaps")
        blocks.append(Fold(say("first.gaps_more", count=count), (_listed(rest),)))
    return tuple(blocks)


def _kinds(gaps: Sequence[Gap]) -> Said:
    """How many are open of each kind, the most frequent kind first."""
    kinds = [gap.kind for gap in gaps]
    by_count = sorted(dict.fromkeys(kinds), key=lambda kind: -kinds.count(kind))
    said = [
        say(
            "first.gaps_count",
            count=Number(
                id=f"gaps.{kind}", value=float(kinds.count(kind)), unit="gaps"
            ),
            kind=say(f"first.kind_{kind}"),
        )
        for kind in by_count
    ]
    joined = join(said)
    return joined if isinstance(joined, Said) else Said(joined, {})


def _listed(gaps: Sequence[Gap]) -> Tagged:
    return Tagged(tuple((say(f"first.kind_{g.kind}"), gap_said(g)) for g in gaps))
