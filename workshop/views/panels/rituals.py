"""Panel of 05: two meetings beside the retrospective, proposed and to be edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Unpack, get_args

from workshop.record.agreed import Ritual, RitualKind
from workshop.views.panels.common import Ways
from workshop.views.panels.fields import Field
from workshop.views.panels.looks import Html
from workshop.views.panels.telling import TellingForm, Today, read_coming
from workshop.views.wording import Said, phrase

MEETINGS: tuple[RitualKind, ...] = ("readiness_review", "metric_review")
"""Asked here; the day of the retrospective is asked with whom to ask."""


class RitualsPanel(TellingForm):
    """Two meetings, either of which may be left out."""

    def _missing(self, key: str) -> Said | None:
        return None


def rituals_panel(
    rituals: Sequence[Ritual],
    *,
    on_save: Callable[[tuple[Ritual, ...]], Html | None],
    proposed: Sequence[Ritual] = (),
    telling: Callable[[], Html] = str,
    today: Today = date.today,
    **ways: Unpack[Ways],
) -> RitualsPanel:
    """Ask when the data and the measures are looked at again.

    ``proposed`` fills in what the record does not say yet; ``telling`` says when the
    retrospective is. Meetings beyond the first of a kind are handed on.
    """
    first = _first(rituals, proposed)
    asked = [first[what] for what in MEETINGS if what in first]
    others = tuple(one for one in rituals if one not in asked)
    return RitualsPanel(
        "rituals",
        [_date_field(what, first.get(what), today) for what in MEETINGS],
        [
            Field("every_weeks", "number", positive=True, whole=True),
            *(
                Field(f"{what}_who", say_as="who", given=_title(what))
                for what in MEETINGS
            ),
        ],
        values=ritual_values(rituals, proposed),
        build=lambda answers: (*_built(answers), *others),
        on_save=on_save,
        optional=True,
        telling=telling,
        **ways,
    )


def _date_field(what: RitualKind, before: Ritual | None, today: Today) -> Field:
    kept = before.on if before else None
    return Field(what, "date", read=read_coming(today, kept=kept))


def _title(what: RitualKind) -> dict[str, str]:
    return {"meeting": phrase(f"ritual.{what}")}


def _first(
    rituals: Sequence[Ritual], proposed: Sequence[Ritual]
) -> dict[RitualKind, Ritual]:
    return {one.what: one for one in (*reversed(proposed), *reversed(rituals))}


def ritual_values(
    rituals: Sequence[Ritual], proposed: Sequence[Ritual] = ()
) -> dict[str, Any]:
    """What the record holds, or what is proposed, as answers of the panel."""
    first = _first(rituals, proposed)
    values: dict[str, Any] = {}
    for what in MEETINGS:
        if what in first:
            values |= {what: first[what].on, f"{what}_who": first[what].who}
    if "metric_review" in first:
        values["every_weeks"] = first["metric_review"].every_weeks
    return values


def _built(answers: Mapping[str, Any]) -> tuple[Ritual, ...]:
    """A meeting without a date was not planned."""
    weeks = {"metric_review": answers["every_weeks"]}
    return tuple(
        Ritual(
            what=what,
            on=answers[what],
            every_weeks=weeks.get(what),
            who=answers[f"{what}_who"] or "",
        )
        for what in get_args(RitualKind)
        if answers.get(what) is not None
    )
