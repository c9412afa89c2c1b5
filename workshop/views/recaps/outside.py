"""What may be said outside the room, and what not yet: drafted, edited, signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workshop.analysis.outside_ground import Draft, Drafts
from workshop.data.scenario import Decision
from workshop.record.agreed import Outside, Statement
from workshop.record.choices import Record
from workshop.record.digest import digest, same_digest
from workshop.record.values import ROLES, Number, Role
from workshop.views.recaps.agreement_next import disputed_said
from workshop.views.recaps.common import when_said
from workshop.views.recaps.drawer_groups import group_said
from workshop.views.section import Block, Heading, Items, Paragraph
from workshop.views.wording import Said, as_written, has, phrase, say

State = Literal["drafted", "edited", "signed", "out_of_date"]
SIDES = ("may_say", "not_yet")
USUAL_LEVEL = 0.95
# by whether the bound is near, and whether the level is another than everywhere else
ENDS = {
    (False, False): "outside.ends",
    (False, True): "outside.ends_level",
    (True, False): "outside.ends_near",
    (True, True): "outside.ends_near_level",
}


@dataclass(frozen=True)
class Telling:
    """What sentences are filled with beside their drafts: the decision, and names."""

    decision: Decision
    cluster_name: str
    names: Mapping[Role, str]

    def said(self, draft: Draft) -> Said:
        """Say one statement as it follows from the record."""
        kind = draft.about.split(".")[0]
        key = f"outside.{kind}_{draft.how}" if draft.how else f"outside.{kind}"
        given = {name: self._worded(kind, name, draft) for name in draft.given}
        return say(key, **self._around(kind, draft), **given)

    def _around(self, kind: str, draft: Draft) -> dict[str, Said | str]:
        """The scenario's own words, and the promise that a limit comes to."""
        given: dict[str, Said | str] = {
            "act": self.decision.act,
            "unit": self.decision.unit,
            "wrong": self.decision.wrong,
            "cluster_name": self.cluster_name,
        }
        if {"bound", "error"} <= set(draft.given):
            given["ends"] = _ends(draft.given["error"], draft.given["bound"])
        if kind == "clause":
            given["promise"] = self._limit(draft)
            given["ends"] = _ends(draft.given["rate"], draft.given["bound"])
        elif "bound" in draft.given:
            given["promise"] = say(
                "outside.promise", act=self.decision.act, bound=draft.given["bound"]
            )
        return given

    def _limit(self, draft: Draft) -> Said:
        metric, slice_ = draft.given["metric"], draft.given["slice"]
        key = f"outside_share.{metric}"
        promise = say(
            key if has(key) else "outside_share.other",
            act=self.decision.act,
            unit=self.decision.unit,
            metric=say(f"metric.{metric}.name"),
            side=phrase(f"ui.{draft.given['side']}"),
            bound=draft.given["bound"],
        )
        if not slice_:
            return promise
        return say("outside_share.of_slice", promise=promise, slice=slice_)

    def _worded(self, kind: str, name: str, draft: Draft) -> Any:
        """Translate words of the record's own vocabulary; leave all else alone."""
        value = draft.given[name]
        match kind, name:
            case "unsure", "how":
                return say(f"framing.fallback_{value}")
            case "look", "date":
                return when_said(str(value))
            case "look", "owner":
                halves = ROLES if value == "both" else (value,)
                return " + ".join(self.names[role] for role in halves)
            case "groups", "group":
                return group_said(value, draft.given["column"])
            case "open", "about":
                return disputed_said(value)
            case "worth", "side":
                return say(f"ui.{value}")
        return value


def _ends(rate: Number, bound: Number) -> Said:
    """A range, as fine as its bound needs, and its level where it is not the usual."""
    near = any(
        end is not None and bound.value is not None and abs(end - bound.value) < 0.01
        for end in (rate.lo, rate.hi)
    )
    unusual = rate.level not in (None, USUAL_LEVEL)
    return say(ENDS[near, unusual], rate=rate)


def sentences(drafts: Drafts, telling: Telling) -> Outside:
    """The drafts as statements, to start an edit from."""
    return Outside(
        may_say=tuple(_statement(one, telling) for one in drafts.may_say),
        not_yet=tuple(_statement(one, telling) for one in drafts.not_yet),
    )


def _statement(draft: Draft, telling: Telling) -> Statement:
    text = telling.said(draft).text
    return Statement(about=draft.about, says=text, seen=draft.seen)


# --- where it stands ------------------------------------------------------------------


def state_of(record: Record) -> State:
    """Say whether the statements are a draft, edited, signed, or changed since."""
    agreement = record.agreement
    if agreement is None or agreement.outside is None:
        return "drafted"
    if set(record.signatures) != set(ROLES):
        return "edited"
    now = digest(record)
    holds = all(same_digest(one.digest, now) for one in record.signatures.values())
    return "signed" if holds else "out_of_date"


def signed_by(record: Record) -> Said:
    """Who signed the statements and when; or that nobody has, or that they changed."""
    state = state_of(record)
    if state != "signed":
        return say(f"outside.{state}")
    signed = record.signatures
    date = max(one.at for one in signed.values())[:10]
    people = [one.name for one in signed.values() if not one.persona]
    if len(people) == 1:
        return say("outside.signed_alone", name=people[0], date=date)
    names = {role: signed[role].name for role in ROLES}
    return say("outside.signed", date=date, **names)


# --- shown ----------------------------------------------------------------------------


def outside_blocks(
    outside: Outside | None,
    proposed: Drafts,
    telling: Telling,
    *,
    signed: Said,
) -> tuple[Block, ...]:
    """Two lists and who signed them; where nothing was edited, as it is drafted.

    A sentence that stands in the record as it was drafted keeps its numbers; whatever
    a person changed stands as that person's words.
    """
    may_say, not_yet = both_said(outside, proposed, telling)
    return (
        Heading(say("outside.may_title")),
        _listed(may_say, "may"),
        Heading(say("outside.not_title")),
        _listed(not_yet, "not"),
        Paragraph(signed, "quiet"),
    )


def _listed(said: tuple[Said, ...], side: str) -> Block:
    if not said:
        return Paragraph(say(f"outside.nothing_{side}"))
    return Items(said)


def both_said(
    outside: Outside | None, proposed: Drafts, telling: Telling
) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """The sentences of both sides: the record's, or else the first of the drafts."""
    first = proposed.first
    if outside is None:
        return (
            tuple(map(telling.said, first.may_say)),
            tuple(map(telling.said, first.not_yet)),
        )
    drafted = {
        side: {said.text: said for said in map(telling.said, getattr(proposed, side))}
        for side in SIDES
    }
    return (
        tuple(_kept(outside.may_say, drafted["may_say"])),
        tuple(_kept(outside.not_yet, drafted["not_yet"])),
    )


def _kept(
    statements: Iterable[Statement], drafted: Mapping[str, Said]
) -> Iterator[Said]:
    return (drafted.get(one.says) or as_written(one.says) for one in statements)


def outside_json(
    outside: Outside | None, proposed: Drafts, telling: Telling, *, state: State
) -> dict[str, Any]:
    """The same as plain data for the JSON twin."""
    shown = outside or sentences(proposed.first, telling)
    return {
        "state": state,
        **{
            side: [
                {"about": one.about, "says": one.says} for one in getattr(shown, side)
            ]
            for side in SIDES
        },
    }
