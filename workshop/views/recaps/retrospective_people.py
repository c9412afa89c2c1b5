"""The bets with a kind word, what went well, what is left to do, and what must wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workshop.analysis.bets_scored import RoundsScored
from workshop.analysis.retro.results import (
    BetHeld,
    CarriedAction,
    LabelledApart,
    Waiting,
    Win,
    Window,
)
from workshop.record.agreed import Action
from workshop.record.bets import Seat
from workshop.record.values import Number
from workshop.views.recaps.bets_scored import rounds_fold
from workshop.views.recaps.common import by_said, who_said
from workshop.views.recaps.retrospective_promise import apart_said
from workshop.views.recaps.retrospective_words import (
    Words,
    metric_said,
    why_said,
)
from workshop.views.section import Block, Items, Paragraph
from workshop.views.wording import Said, in_a_row, say

POLICY_PARTS = ("acted", "asked", "left")


def bet_blocks(
    bets: Sequence[BetHeld],
    names: Mapping[Seat, str],
    words: Words,
    rounds: Sequence[RoundsScored] = (),
) -> tuple[Block, ...]:
    """Say of each bet where the truth fell, and something kind.

    Scores over many ``rounds`` wait in a fold.
    """
    if not bets:
        return (Paragraph(say("retro.bets_none"), "quiet"),)
    about = Paragraph(say("retro.bets_about", unit=words.unit), "quiet")
    called = {one.seat: _called(one.seat, names) for one in rounds}
    said = Items(tuple(bet_said(bet, names) for bet in bets))
    return (about, said, *rounds_fold(rounds, called))


def _called(seat: Seat, names: Mapping[Seat, str]) -> str:
    return names.get(seat) or say(f"ui.role.{seat}").text


def bet_said(bet: BetHeld, names: Mapping[Seat, str]) -> Said:
    """Say where the truth fell for one bet."""
    ends = {
        part: Number(
            id=f"retro.bet.{bet.seat}.{part}", value=getattr(bet, part), assumed=True
        )
        for part in ("low", "likely", "high")
    }
    who = names.get(bet.seat) or say(f"ui.role.{bet.seat}")
    given = {"who": who, "seen": bet.observed, **ends}
    known = bet.outcome if bet.observed.value is not None else "cannot_tell"
    return say(f"retro.bet_{known}", **given)


def win_blocks(wins: Sequence[Win], said: Sequence[str] = ()) -> tuple[Block, ...]:
    """What the figures say went well, then what the pair says."""
    items = (
        *(win_said(win) for win in wins),
        *(say("retro.win_said", what=line) for line in said),
    )
    if not items:
        return (Paragraph(say("retro.wins_none"), "quiet"),)
    return (Items(items),)


def win_said(win: Win) -> Said:
    """Say one thing that went well."""
    if win.kind in ("clause", "action") or win.number is None:
        kind = "action" if win.kind == "action" else "clause"
        return say(f"retro.win_{kind}", what=win.what)
    what, apart = metric_said(win.what), apart_said(win.number)
    return say(f"retro.win_{win.kind}", what=what, apart=apart)


def action_blocks(carried: Sequence[CarriedAction]) -> tuple[Block, ...]:
    """What is still to do, and since when."""
    if not carried:
        return (Paragraph(say("retro.actions_none")),)
    return (Items(tuple(action_said(one) for one in carried)),)


def action_said(one: CarriedAction) -> Said:
    """Say one open action, whether it is late and whether it was carried over."""
    kind = {
        (False, False): "open",
        (True, False): "late",
        (False, True): "carried",
        (True, True): "late_carried",
    }[one.overdue, one.carried]
    return say(f"retro.action_{kind}", **words_of(one.action))


def words_of(action: Action) -> dict[str, str | Said]:
    """An action's own words, for a sentence."""
    given = {"who": who_said(action.who), "by": by_said(action.by)}
    return {"what": action.what, **given}


# --- which rows -----------------------------------------------------------------------


def rows_blocks(
    window: Window, words: Words, apart: LabelledApart | None = None
) -> tuple[Block, ...]:
    """Say which rows this rests on, and for how many of them the truth is known.

    Where that is so mostly on one side of the line, say what follows and what helps.
    """
    rows = Number(id="retro.rows", value=float(window.rows), unit=words.unit)
    given: dict[str, Number | str] = {"rows": rows, "unit": words.unit}
    if window.first and window.last:
        said = say("retro.rows_from", first=window.first, last=window.last, **given)
    else:
        said = say("retro.rows_plain", **given)
    lead = Paragraph(in_a_row(said, _known(window)), "quiet")
    if apart is None:
        return (lead,)
    given = {"acted": apart.acted, "others": apart.others}
    more = (apart.acted.value or 0) > (apart.others.value or 0)
    side = "others" if more else "acted"
    return (lead, Paragraph(say(f"retro.labels_too_few_{side}", **given), "warn"))


def _known(window: Window) -> Said:
    if window.labelled == window.rows:
        return say("retro.labels_all")
    if not window.labelled:
        return say("retro.labels_none")
    known = Number(
        id="retro.labelled",
        value=window.labelled / window.rows,
        k=window.labelled,
        n=window.rows,
    )
    return say("retro.labels_some", known=known)


# --- before labels arrive ------------------------------------------------------------


def waiting_blocks(waiting: Waiting, words: Words) -> tuple[Block, ...]:
    """What can be said while it is not known what was right."""
    lead = say(
        "retro.waiting_some",
        n=Number(
            id="retro.waiting.rows",
            value=float(waiting.unlabelled.n or 0),
            unit=words.unit,
        ),
        unit=words.unit,
        unlabelled=waiting.unlabelled,
    )
    if waiting.why:
        return (Paragraph(lead), Paragraph(why_said(waiting.why)))
    items = (*_shares(waiting), *_speeds(waiting), *_expected(waiting))
    return (Paragraph(lead), Items(items)) if items else (Paragraph(lead),)


def _shares(waiting: Waiting) -> tuple[Said, ...]:
    said = []
    for part in POLICY_PARTS:
        now, then = getattr(waiting, part), waiting.then.get(part)
        if now is None or now.value is None:
            continue
        if then is None or then.value is None:
            said.append(say(f"retro.waiting_{part}_alone", now=now))
        else:
            said.append(say(f"retro.waiting_{part}", now=now, then=then))
    return tuple(said)


def _speeds(waiting: Waiting) -> tuple[Said, ...]:
    return tuple(
        say("retro.waiting_speed", metric=metric_said(metric), now=number)
        for metric, number in waiting.latency.items()
        if number.value is not None
    )


def _expected(waiting: Waiting) -> tuple[Said, ...]:
    said = []
    if waiting.expected_error is not None and waiting.expected_error.value is not None:
        said.append(say("retro.waiting_expected", error=waiting.expected_error))
    if waiting.enough is not None and waiting.enough.value is not None:
        kind = "enough" if waiting.enough_by else "enough_open"
        given = {"by": waiting.enough_by} if waiting.enough_by else {}
        said.append(say(f"retro.waiting_{kind}", enough=waiting.enough, **given))
    return tuple(said)
