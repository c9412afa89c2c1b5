"""What a statement is asked while it is typed: a question, and an example from here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workshop.analysis.framing_rules import Objection, ObjectionCode
from workshop.data.scenario import Scenario
from workshop.record.framed import ProblemKind
from workshop.record.values import Number
from workshop.views.wording import Said, has, in_a_row, phrase, say

MOST = 3
"""As many questions as somebody can take in while typing."""

ASKED_LATER: frozenset[ObjectionCode] = frozenset({"no_tolerable_error"})
"""What a panel of its own asks for: said while typing, and no reason to ask again."""


@dataclass(frozen=True)
class Checked:
    """What to say to a statement, and the objections that saving asks about."""

    said: tuple[Said, ...] = ()
    codes: tuple[ObjectionCode, ...] = ()

    @property
    def html(self) -> str:
        """The questions as a list; nothing where there is none."""
        if not self.said:
            return ""
        return f"<ul>{''.join(f'<li>{said.html}</li>' for said in self.said)}</ul>"


def checked(
    objections: Sequence[Objection], scenario: Scenario, *, in_text: Iterable[str] = ()
) -> Checked:
    """Ask the first few, the most important with an example in the scenario's words.

    ``in_text`` are the parts that the text says and their fields do not.
    """
    asked = [say(f"objection.{o.code}", words=o.words) for o in objections[:MOST]]
    if objections:
        asked[0] = in_a_row(asked[0], example(objections[0].code, scenario))
    if len(objections) > MOST:
        asked.append(say("objection.more"))
    parts = ", ".join(phrase(f"framing.part_{part}") for part in in_text)
    if parts and not objections:
        asked.append(say("objection.fields", parts=parts))
    codes = tuple(o.code for o in objections if o.code not in ASKED_LATER)
    return Checked(tuple(asked), codes)


def example(code: ObjectionCode, scenario: Scenario) -> Said:
    """An example of what mends it, made of the scenario's own words."""
    outcome = scenario.suggests.outcome
    unit = scenario.decision.unit
    plain = say("objection.measure_plain", unit=unit).text
    values: dict[str, Number | str | Said] = {
        "measure": outcome.measure if outcome else plain,
        "unit": unit,
        "act": scenario.decision.act,
    }
    for name, value in (
        ("from", outcome.from_ if outcome else None),
        ("to", outcome.to if outcome else None),
    ):
        if value is not None:
            id = f"objection.{code}.{name}"
            values[name] = Number(id=id, value=value, unit="", assumed=True)
    if outcome and outcome.by:
        values["by"] = outcome.by
    needs = {"no_baseline": "from", "no_target": "to", "no_date": "by"}.get(code)
    if needs is not None and needs not in values:
        return say(f"objection.{code}_example_plain", **values)
    return say(f"objection.{code}_example", **values)


def names_of(codes: Iterable[str]) -> str:
    """Name objections in a few words, as a log line does."""
    known = (f"objection_name.{code}" for code in codes)
    return ", ".join(phrase(key) for key in known if has(key))


def keep_question(codes: Sequence[str]) -> Said | None:
    """Ask once more before a wording is kept; nothing where nothing is open."""
    return say("objection.ask", names=names_of(codes)) if codes else None


def kept_said(codes: Sequence[str]) -> Said | None:
    """Say what wording the pair kept."""
    return say("objection.kept", names=names_of(codes)) if names_of(codes) else None


def prompts(kind: ProblemKind | None) -> tuple[Said, ...]:
    """The questions that a kind of problem is thought through with."""
    keys = [f"problem.ask_{kind}_{place}" for place in (1, 2, 3)]
    return tuple(say(key) for key in keys if has(key))
