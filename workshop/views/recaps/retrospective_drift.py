"""Has the world moved, and does it matter? One sentence first, the figures folded."""

from __future__ import annotations

from workshop.analysis.retro.results import (
    MATTERS,
    Changes,
    DecisionNow,
    Drifts,
    GroupVolume,
    LineNow,
    OptionNow,
    Shift,
)
from workshop.data.scenario import DO_NOTHING, PERSON_ONLY
from workshop.record.values import Number
from workshop.views.recaps.retrospective_promise import apart_said
from workshop.views.recaps.retrospective_words import (
    Words,
    listed,
    rate_said,
    why_said,
)
from workshop.views.section import Block, Fold, Items, Paragraph, Table
from workshop.views.wording import Said, say

MOST_NAMES = 3
CHANGED = ("line", "option", "both")
ALWAYS_THERE = {
    PERSON_ONLY: "options.title_people",
    DO_NOTHING: "options.title_nothing",
}


def drift_blocks(
    drifts: Drifts | None, decision: DecisionNow | None, words: Words
) -> tuple[Block, ...]:
    """Say whether what moved changes the decision; the details wait in a fold."""
    reasons = (*_decision_said(decision, words), *_moved_said(drifts))
    tables = (*_drift_tables(drifts), *_option_table(decision))
    fold = (Fold(say("retro.drift_fold"), tables),) if tables else ()
    listing = (Items(reasons),) if reasons else ()
    return (Paragraph(drift_said(drifts, decision)), *listing, *fold)


def drift_said(drifts: Drifts | None, decision: DecisionNow | None) -> Said:
    """Say in one sentence whether the world moved and whether that matters."""
    seen, so = _has_moved(drifts), _so(decision)
    moved = say(f"retro.moved_{seen}")
    if seen != "yes" and so in CHANGED:
        # what nobody saw move did not change anything
        return say(f"retro.yet_{so}", moved=moved)
    matters = Number(id="retro.matters", value=MATTERS, assumed=True)
    given = {"matters": matters} if so == "same" else {}
    return say(f"retro.so_{so}", moved=moved, **given)


def _has_moved(drifts: Drifts | None) -> str:
    if drifts is None or drifts.why:
        return "unknown"
    parts = (
        _label_moved(drifts),
        drifts.scores is not None and drifts.scores.moved,
        drifts.told > 0,
        any(volume.moved for volume in drifts.volumes),
    )
    return "yes" if any(parts) else "no"


def _label_moved(drifts: Drifts) -> bool:
    return drifts.label is not None and _is_apart(drifts.label)


def _is_apart(difference: Number) -> bool:
    """Whether a whole range lies on one side of zero."""
    lo, hi = difference.lo, difference.hi
    return lo is not None and hi is not None and (lo > 0 or hi < 0)


def _so(decision: DecisionNow | None) -> str:
    """What follows for the decision.

    Another line or option that was surely cheaper before the release too is no change.
    """
    if decision is None:
        return "cannot_tell"
    line = _verdict(decision.line.verdict, decision.line) if decision.line else ""
    option = _verdict(decision.option, decision)
    if "changes" in (line, option):
        return "both" if line == option else ("line" if line == "changes" else "option")
    if "before" in (line, option):
        return "before"
    return "same" if line == option == "same" else "cannot_tell"


def _verdict(verdict: Changes, found: LineNow | DecisionNow) -> str:
    return "before" if verdict == "changes" and found.already else verdict


# --- what follows for the decision ---------------------------------------------------


def _decision_said(decision: DecisionNow | None, words: Words) -> tuple[Said, ...]:
    if decision is None:
        return ()
    if decision.why:
        return (say("retro.option_why", why=why_said(decision.why)),)
    line = (_line_said(decision.line, words),) if decision.line else ()
    return (*line, _option_said(decision, words))


def _line_said(line: LineNow, words: Words) -> Said:
    if line.why:
        return say("retro.line_why", why=why_said(line.why))
    if line.saves.value is None:
        return say("retro.line_why", why=why_said("few_rows"))
    key = f"retro.line_{line.verdict}"
    given = {"saves": line.saves, "unit": words.unit}
    if line.verdict == "changes" and line.already:
        return say("retro.line_already", **given)
    if line.verdict == "changes" and line.best is not None:
        given |= {"best": _cut("best", line), "agreed": _cut("agreed", line)}
        if line.best.act_at is None or line.agreed.act_at is None:
            key = "retro.line_changes_kind"
    return say(key, **given)


def _cut(which: str, line: LineNow) -> Number:
    policy = line.best if which == "best" else line.agreed
    cut = policy.act_at if policy is not None else None
    return Number(id=f"retro.line.{which}", value=cut, unit="score")


def _option_said(decision: DecisionNow, words: Words) -> Said:
    others = [o for o in decision.options if o.id == decision.cheaper]
    if decision.option != "changes" or not others or others[0].now is None:
        verdict = "cannot_tell" if decision.option == "changes" else decision.option
        return say(f"retro.option_{verdict}")
    if decision.already:
        return say("retro.option_already", title=title_of(others[0]))
    return say(
        "retro.option_changes",
        title=title_of(others[0]),
        now=others[0].now,
        unit=words.unit,
    )


# --- what moved ----------------------------------------------------------------------


def _moved_said(drifts: Drifts | None) -> tuple[Said, ...]:
    if drifts is None:
        return ()
    said = [*_label_said(drifts)]
    if drifts.scores is not None:
        kind = "moved" if drifts.scores.moved else "alike"
        said.append(say(f"retro.scores_{kind}"))
    said += _inputs_said(drifts)
    if drifts.not_there:
        names = ", ".join(drifts.not_there[:MOST_NAMES])
        said.append(say("retro.not_there", names=names))
    return tuple(said)


def _label_said(drifts: Drifts) -> tuple[Said, ...]:
    then, now, apart = drifts.label_then, drifts.label_now, drifts.label
    if then is None or now is None or apart is None or now.value is None:
        return ()
    kind = "alike"
    if _is_apart(apart):
        kind = "more" if (apart.value or 0) > 0 else "less"
    return (say(f"retro.label_{kind}", then=then, now=now),)


def _inputs_said(drifts: Drifts) -> tuple[Said, ...]:
    if not drifts.looked_at:
        return ()
    looked = Number(
        id="retro.inputs.looked", value=float(drifts.looked_at), unit="columns"
    )
    if not drifts.told:
        return (say("retro.inputs_none", looked=looked),)
    names = ", ".join([s.column for s in drifts.inputs if s.moved][:MOST_NAMES])
    if drifts.told == 1:
        return (say("retro.inputs_one", looked=looked, names=names),)
    told = Number(id="retro.inputs.told", value=float(drifts.told), unit="columns")
    return (say("retro.inputs_moved", told=told, looked=looked, names=names),)


# --- the figures ---------------------------------------------------------------------


def _drift_tables(drifts: Drifts | None) -> tuple[Block, ...]:
    if drifts is None:
        return ()
    shifts = (*((drifts.scores,) if drifts.scores else ()), *drifts.inputs)
    tables = []
    if shifts:
        heads = ("column", "index", "critical", "moved")
        tables.append(
            Table(
                caption=say("retro.shift_caption"),
                columns=tuple(say(f"retro.col_{head}") for head in heads),
                rows=tuple(_shift_row(shift) for shift in shifts),
            )
        )
    if drifts.volumes:
        heads = ("group", "then", "now", "apart", "moved")
        tables.append(
            Table(
                caption=say("retro.volume_caption"),
                columns=tuple(say(f"retro.col_{head}") for head in heads),
                rows=tuple(_volume_row(volume) for volume in drifts.volumes),
            )
        )
    return tuple(tables)


def _shift_row(shift: Shift) -> tuple[Said, ...]:
    name = say("retro.win_said", what=shift.column)
    return (
        say("retro.shift_score") if shift.kind == "score" else name,
        say("retro.shift_index", n=shift.index),
        say("retro.shift_value", n=shift.critical),
        _yes_or_no(shift.moved),
    )


def _volume_row(volume: GroupVolume) -> tuple[Said, ...]:
    name = say(f"retro.volume_{volume.kind}", column=volume.column, group=volume.group)
    return (
        name,
        rate_said(volume.then),
        rate_said(volume.now),
        apart_said(volume.difference),
        _yes_or_no(volume.moved),
    )


def _yes_or_no(which: bool) -> Said:
    return say(f"retro.{'yes' if which else 'no'}")


def _option_table(decision: DecisionNow | None) -> tuple[Block, ...]:
    if decision is None or not decision.options:
        return ()
    heads = ("option", "cost", "from_chosen", "from_chosen_then", "error")
    table = Table(
        caption=say("retro.options_caption"),
        columns=tuple(say(f"retro.col_{head}") for head in heads),
        rows=tuple(_option_row(one) for one in decision.options),
        marked=0,
    )
    missing = decision.not_there
    if not missing:
        return (table,)
    names = listed([say("retro.win_said", what=name) for name in missing])
    return (table, Paragraph(say("retro.options_not_there", names=names), "quiet"))


def _option_row(one: OptionNow) -> tuple[Said, ...]:
    name = "option_chosen" if one.in_play else "option_name"
    return (
        say(f"retro.{name}", letter=one.letter, title=title_of(one)),
        rate_said(one.cost),
        _from_chosen(one.now),
        _from_chosen(one.then),
        rate_said(one.error),
    )


def title_of(one: OptionNow) -> str | Said:
    """What an option is called; those that are always there have the house's words."""
    return one.title or say(ALWAYS_THERE[one.id])


def _from_chosen(difference: Number | None) -> Said:
    if difference is None or difference.value is None:
        return say("retro.nothing_apart")
    return rate_said(difference)
