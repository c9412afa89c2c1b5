"""Panel of 05: the two limits that make the pair stop, as clauses a program checks.

Asked are the two bounds, and how many answers a week are checked by whom: a limit
that nobody checks is none. Where a program can count both metrics, nobody has to
check. Which metric a limit binds, who owns it and what happens when it breaks waits
under "More"; the direction follows from the metric.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Unpack

from workshop.record.terms import METRICS
from workshop.record.values import Clause, MeasuredBy
from workshop.views.panels.common import Ways, owners
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html
from workshop.views.panels.reading import (
    Read,
    read_number,
    read_share,
    write_number,
    write_share,
)
from workshop.views.wording import Said, phrase, say

USUAL = ("error_among_answered", "coverage")
PLACES = (1, 2)
CHECKED_BY = {
    "labels_per_week": "panel.clauses.how_many",
    "who": "panel.clauses.who",
}
"""Asked only where a metric needs labels: field → what to say without an answer."""


class ClausesPanel(Form):
    """Two clauses; what each says follows its metric while it is changed."""

    def __init__(
        self,
        clauses: Sequence[Clause],
        *,
        metrics: Sequence[tuple[str, str]],
        on_save: Callable[[tuple[Clause, ...]], Html | None],
        **ways: Unpack[Ways],
    ):
        self._before = tuple(clauses)
        self._metric_now = {place: self._usual(place) for place in PLACES}
        usual = {metric: metric for metric in self._metric_now.values()}
        self._titles = usual | dict(metrics)
        more = [
            Field("metric", "choice", tuple(self._titles.items())),
            Field("owner", "choice", owners()),
            Field("then"),
            Field("window"),
        ]
        super().__init__(
            "clauses",
            [
                *(self._bound_field(place) for place in PLACES),
                Field("labels_per_week", "number", positive=True, whole=True),
                Field("who"),
            ],
            [
                replace(
                    asked,
                    key=f"{asked.key}_{place}",
                    given={"number": str(place)},
                    say_as=asked.key,
                )
                for place in PLACES
                for asked in more
            ],
            values=self._values(),
            build=self._clauses,
            on_save=on_save,
            **ways,
        )
        for place in PLACES:
            self._name_bound(place)
            metric = self.controls[f"metric_{place}"]
            metric.observe(self._follow(place), "value")

    # -- reading back ---------------------------------------------------------------

    def _usual(self, place: int) -> str:
        if place <= len(self._before):
            return self._before[place - 1].metric
        return USUAL[place - 1]

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for place in PLACES:
            values[f"metric_{place}"] = self._metric_now[place]
            values[f"window_{place}"] = phrase("panel.clauses.usual_window")
            if place <= len(self._before):
                clause = self._before[place - 1]
                values |= {
                    f"bound_{place}": _bound(clause),
                    f"owner_{place}": clause.owner,
                    f"then_{place}": clause.then,
                    f"window_{place}": clause.window,
                }
                if clause.measured_by is not None:
                    values |= clause.measured_by.model_dump()
        return values

    # -- a bound follows its metric -------------------------------------------------

    def _bound_field(self, place: int) -> Field:
        return Field(
            f"bound_{place}",
            read=lambda text: self._read_bound(place, text),
            write=lambda value: self._write_bound(place, value),
            say_as="bound",
            given={"limit": self._limit(place).text},
        )

    def _limit(self, place: int) -> Said:
        metric = self._metric_now[place]
        return say(f"panel.clauses.{_side(metric)}", metric=self._titles[metric])

    def _read_bound(self, place: int, text: str) -> Read:
        metric = self._metric_now[place]
        read = read_share if METRICS[metric].unit == "share" else read_number
        return read(text)

    def _write_bound(self, place: int, value: float) -> str:
        share = METRICS[self._metric_now[place]].unit == "share"
        return write_share(value) if share else write_number(value)

    def _follow(self, place: int) -> Callable[[Any], None]:
        def follow(change: Any) -> None:
            self._metric_now[place] = change["new"] or self._usual(place)
            self._name_bound(place)

        return follow

    def _name_bound(self, place: int) -> None:
        row = self.rows[f"bound_{place}"]
        row.rename(say("field.clauses.bound", limit=self._limit(place).text))

    # -- somebody checks, where a program cannot -------------------------------------

    def _missing(self, key: str) -> Said | None:
        if key not in CHECKED_BY:
            return super()._missing(key)
        return say(CHECKED_BY[key]) if self._needs_labels() else None

    def _needs_labels(self) -> bool:
        return any(METRICS[metric].needs_labels for metric in self._metric_now.values())

    # -- building -------------------------------------------------------------------

    def _clauses(self, answers: dict[str, Any]) -> tuple[Clause, ...]:
        checked_by = _measured_by(answers)
        named = tuple(self._clause(place, answers, checked_by) for place in PLACES)
        return named + self._before[len(PLACES) :]

    def _clause(
        self, place: int, answers: dict[str, Any], checked_by: MeasuredBy | None
    ) -> Clause:
        before = self._before[place - 1] if place <= len(self._before) else None
        metric = self._metric_now[place]
        kept = before.model_dump() if before else {"id": self._free_id(place)}
        kept |= {"metric": metric, "at_most": None, "at_least": None}
        return Clause.model_validate(
            kept
            | {
                _side(metric): answers[f"bound_{place}"],
                "owner": answers[f"owner_{place}"],
                "then": answers[f"then_{place}"] or "",
                "window": answers[f"window_{place}"]
                or phrase("panel.clauses.usual_window"),
                "measured_by": checked_by if METRICS[metric].needs_labels else None,
            }
        )

    def _free_id(self, place: int) -> str:
        taken = {clause.id for clause in self._before}
        return next(i for i in (f"C{n}" for n in range(place, 100)) if i not in taken)


def clauses_panel(
    clauses: Sequence[Clause],
    *,
    metrics: Sequence[tuple[str, str]],
    on_save: Callable[[tuple[Clause, ...]], Html | None],
    **ways: Unpack[Ways],
) -> ClausesPanel:
    """Ask for the two limits; metrics are (name, title) that a limit may speak of."""
    return ClausesPanel(clauses, metrics=metrics, on_save=on_save, **ways)


def _side(metric: str) -> str:
    return "at_least" if METRICS[metric].better == "higher" else "at_most"


def _bound(clause: Clause) -> float | None:
    return clause.at_least if clause.at_most is None else clause.at_most


def _measured_by(answers: dict[str, Any]) -> MeasuredBy | None:
    labels, who = answers["labels_per_week"], answers["who"]
    if labels is None or who is None:
        return None
    return MeasuredBy(labels_per_week=labels, who=who)
