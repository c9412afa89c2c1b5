"""Panel of 05: what makes the pair stop, as clauses that a program checks.

Asked are two bounds, and how many answers a week are checked by whom: a limit that
nobody checks is none. Where a program can count both metrics, nobody has to check. A
third limit, and of which rows, over which time, who owns it and what happens when it
breaks waits under "More"; the direction follows from the metric. Beside each bound
stands what it would notice and at what price, while it is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

from pydantic import ValidationError

from workshop.record.terms import METRICS
from workshop.record.values import Clause, MeasuredBy
from workshop.views.panels import looks
from workshop.views.panels.common import Ways, owners
from workshop.views.panels.fields import Field, read_so_far
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html
from workshop.views.panels.reading import (
    Read,
    UnreadError,
    read_number,
    read_share,
    write_number,
    write_share,
)
from workshop.views.wording import Said, phrase, say

USUAL = ("error_among_answered", "coverage")
ASKED = (1, 2)
SPARE = 3
"""Places that there are at least; one is always free for a further limit."""
CHECKED_BY = {
    "labels_per_week": "panel.clauses.how_many",
    "who": "panel.clauses.who",
}
"""Asked only where a metric needs labels: field → what to say without an answer."""
OWN = {"labels_per_week": "own_labels", "who": "own_who", "cost_per_label": "own_cost"}
"""Part of who measures → the field of a limit that is measured otherwise."""


class ClausesPanel(Form):
    """Clauses; what each says follows its metric while it is changed.

    ``proposed`` fills the form where nothing was agreed yet, to be edited; nothing of
    it is kept until somebody saves.
    """

    def __init__(
        self,
        clauses: Sequence[Clause],
        *,
        metrics: Sequence[tuple[str, str]],
        on_save: Callable[[tuple[Clause, ...]], Html | None],
        proposed: Sequence[Clause] = (),
        brings: Callable[[Clause], Html] | None = None,
        **ways: Unpack[Ways],
    ):
        self._before = tuple(clauses) or tuple(proposed)
        self._places = range(1, max(SPARE, len(self._before) + 1) + 1)
        self._metric_now = {place: self._usual(place) for place in self._places}
        usual = {metric: metric for metric in self._metric_now.values()}
        self._titles = usual | dict(metrics)
        self._brings = brings
        self._no_room: tuple[Clause, ...] = ()
        self._shown: dict[int, Clause | None] = {}
        self._beside = {place: looks.words() for place in self._places}
        super().__init__(
            "clauses",
            [
                *(self._bound_field(place) for place in ASKED),
                Field("labels_per_week", "number", positive=True, whole=True),
                Field("who"),
            ],
            self._more(),
            values=self._values(),
            build=self._clauses,
            on_save=on_save,
            beside={f"bound_{place}": said for place, said in self._beside.items()},
            **ways,
        )
        if proposed and not clauses:
            self.required = sum(self.rows[key].empty for key in self._asked)
        self._watch_what_is_typed()

    def _watch_what_is_typed(self) -> None:
        """Let each bound follow its metric, and say what it would notice."""
        for place in self._places:
            self._name_bound(place)
            metric = self.controls[f"metric_{place}"]
            metric.observe(self._follow(place), "value")
        for control in self.controls.values():
            control.observe(self._show, "value")
        self._show()

    def _more(self) -> list[Field]:
        """The fields of one place, for each; a further limit's bound comes first."""
        of_one = [
            Field("metric", "choice", tuple(self._titles.items())),
            Field("slice"),
            Field("owner", "choice", owners()),
            Field("then"),
            Field("window"),
            Field("minimum_sample", "number", positive=True, whole=True),
            Field("expires", "date"),
            Field("own_labels", "number", positive=True, whole=True),
            Field("own_who"),
            Field("own_cost", read=_read_price, write=write_number),
        ]
        found = [Field("cost_per_label", read=_read_price, write=write_number)]
        for place in self._places:
            found += [] if place in ASKED else [self._bound_field(place)]
            found += [
                replace(
                    asked,
                    key=f"{asked.key}_{place}",
                    given={"number": str(place)},
                    say_as=asked.key,
                )
                for asked in of_one
            ]
        return found

    # -- reading back ---------------------------------------------------------------

    def _usual(self, place: int) -> str:
        if place <= len(self._before):
            return self._before[place - 1].metric
        return USUAL[(place - 1) % len(USUAL)]

    def _values(self) -> dict[str, Any]:
        measured = [c.measured_by for c in self._before if c.measured_by is not None]
        common = measured[0] if measured else None
        values: dict[str, Any] = {} if common is None else common.model_dump()
        for place in self._places:
            values[f"metric_{place}"] = self._metric_now[place]
            values[f"window_{place}"] = phrase("panel.clauses.usual_window")
        for place, clause in enumerate(self._before, start=1):
            said = clause.model_dump() | {"bound": _bound(clause)}
            values |= {f"{key}_{place}": value for key, value in said.items()}
            if clause.measured_by not in (None, common):
                own = clause.measured_by.model_dump()
                values |= {f"{OWN[part]}_{place}": own[part] for part in OWN}
        return values

    def follow(self, values: Mapping[str, Any], who: str) -> None:
        """Show the clauses as they stand now; those without room are handed on."""
        clauses = tuple(values["clauses"])
        if not clauses:
            return  # what is proposed stands here
        room = len(self._places)
        self._before, self._no_room = clauses[:room], clauses[room:]
        said = self._values()
        if not self._saving:
            # a bound is written as its metric is, so that comes first
            metrics = {f"metric_{place}" for place in self._places}
            super().follow({key: said[key] for key in metrics}, who, only=metrics)
        super().follow(said, who)

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
        label = self._limit(place)
        if place not in ASKED:
            label = say("panel.clauses.further", number=str(place), limit=label)
        self.rows[f"bound_{place}"].rename(label)

    # -- what a limit brings, as typed ----------------------------------------------

    def say_again(self) -> None:
        """Say anew what each limit brings: more may be told than before."""
        self._shown.clear()
        self._show()

    def _show(self, _: Any = None) -> None:
        """Say beside each bound what it would notice; only where something changed."""
        if self._brings is None:
            return
        for place in self._places:
            clause = self._typed(place)
            if clause != self._shown.get(place):
                self._shown[place] = clause
                html = looks.as_html(self._brings(clause)) if clause else ""
                self._beside[place].value = looks.toned(html, "quiet")

    def _typed(self, place: int) -> Clause | None:
        """The clause as it stands on the page; None while it cannot be read."""
        answers = read_so_far(self.rows)
        if answers[f"bound_{place}"] is None:
            return None
        try:
            return self._clause(place, answers, self._ids()[place])
        except ValidationError:
            return None

    # -- somebody checks, where a program cannot -------------------------------------

    def _missing(self, key: str) -> Said | None:
        if key not in CHECKED_BY:
            return super()._missing(key)
        needed = any(self._lacks(place, OWN[key]) for place in self._places)
        return say(CHECKED_BY[key]) if needed else None

    def _lacks(self, place: int, own: str) -> bool:
        """Whether a limit needs labels and does not say itself who makes them."""
        used = place in ASKED or not self.rows[f"bound_{place}"].empty
        labelled = METRICS[self._metric_now[place]].needs_labels
        return used and labelled and self.rows[f"{own}_{place}"].empty

    # -- building -------------------------------------------------------------------

    def _clauses(self, answers: dict[str, Any]) -> tuple[Clause, ...]:
        ids = self._ids()
        said = (
            self._clause(place, answers, ids[place])
            for place in self._places
            if answers[f"bound_{place}"] is not None
        )
        return (*said, *self._no_room)

    def _clause(self, place: int, answers: dict[str, Any], id: str) -> Clause:
        def said(key: str) -> Any:
            return answers[f"{key}_{place}"]

        before = self._before[place - 1] if place <= len(self._before) else None
        metric = self._metric_now[place]
        return Clause.model_validate(
            {
                "id": id,
                "metric": metric,
                _side(metric): said("bound"),
                "slice": said("slice") or "",
                "window": said("window") or phrase("panel.clauses.usual_window"),
                "minimum_sample": said("minimum_sample"),
                "measured_by": self._measured_by(place, answers),
                "owner": said("owner"),
                "then": said("then") or "",
                "expires": said("expires"),
                "seen": before.seen if before else None,
            }
        )

    def _measured_by(self, place: int, answers: dict[str, Any]) -> MeasuredBy | None:
        """Who measures a limit: as it says itself, else as all do."""
        if not METRICS[self._metric_now[place]].needs_labels:
            return None
        own = {part: answers[f"{key}_{place}"] for part, key in OWN.items()}
        parts = {k: answers[k] if v is None else v for k, v in own.items()}
        if parts["labels_per_week"] is None or parts["who"] is None:
            return None
        return MeasuredBy(**parts)

    def _ids(self) -> dict[int, str]:
        """Each place's name: the one that it had, or the next that is free."""
        found = {p: clause.id for p, clause in enumerate(self._before, start=1)}
        taken = set(found.values())
        for place in self._places:
            if place not in found:
                names = (f"C{number}" for number in range(place, 1000))
                found[place] = next(name for name in names if name not in taken)
                taken.add(found[place])
        return found


def clauses_panel(
    clauses: Sequence[Clause],
    *,
    metrics: Sequence[tuple[str, str]],
    on_save: Callable[[tuple[Clause, ...]], Html | None],
    proposed: Sequence[Clause] = (),
    brings: Callable[[Clause], Html] | None = None,
    **ways: Unpack[Ways],
) -> ClausesPanel:
    """Ask what must hold; metrics are (name, title) that a limit may speak of.

    ``proposed`` fills the form while there are no clauses. ``brings`` says what a
    clause would notice and at what price; it is asked while somebody types.
    """
    return ClausesPanel(
        clauses,
        metrics=metrics,
        on_save=on_save,
        proposed=proposed,
        brings=brings,
        **ways,
    )


def _side(metric: str) -> str:
    return "at_least" if METRICS[metric].better == "higher" else "at_most"


def _bound(clause: Clause) -> float | None:
    return clause.at_least if clause.at_most is None else clause.at_most


def _read_price(text: str) -> Read:
    """Read what a label costs, which may be nothing."""
    read = read_number(text)
    if read.value < 0:
        raise UnreadError(say("panel.clauses.price_below_zero"))
    return read
