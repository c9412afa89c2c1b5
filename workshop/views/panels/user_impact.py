"""Panel of 04: which option is taken, why, and what must hold for the business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Unpack

from workshop.errors import WorkshopError
from workshop.record.choices import Floor
from workshop.record.terms import BUSINESS
from workshop.views.panels import looks
from workshop.views.panels.common import Ways
from workshop.views.panels.fields import Field
from workshop.views.panels.form import Form
from workshop.views.panels.looks import Html, toned
from workshop.views.panels.reading import UnreadError, write_number
from workshop.views.wording import Said, phrase, say

Side = Literal["at_least", "at_most"]
SIDES: tuple[Side, Side] = ("at_least", "at_most")
Choice = tuple[str, str, Floor]
NOTHING = "nothing"
"""What stands for a floor that no program holds."""


class OptionPanel(Form):
    """The form of 04; ``taken`` is the option that the record holds."""

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        current: str | None,
        *,
        estimate: Callable[[str], Html],
        on_save: Callable[[str, str, Floor], Html | None],
        because: str,
        floor: Floor,
        side: Side,
        **ways: Unpack[Ways],
    ):
        self.taken = current
        self._titles = dict(options)
        self._estimate, self._keep = estimate, on_save
        self._measure, self._side = floor.measure, _side(floor) or side
        self._would_move, self._understood = looks.words(), looks.words()
        super().__init__(
            "option",
            [
                Field("option", "choice", tuple(options)),
                Field("because", "prose"),
                Field("bound", "number"),
            ],
            _more_fields(),
            values=_values(current, because, floor, self._side),
            build=self._choice,
            on_save=self._save_choice,
            confirm=self._ask_once,
            beside={"option": self._would_move, "bound": self._understood},
            **ways,
        )
        self.controls["option"].observe(self._show_move, "value")
        for key in ("bound", "measure", "side"):
            self.controls[key].observe(self._show_floor, "value")
        self._show_move()
        self._show_floor()

    def follow(self, values: Mapping[str, Any], who: str) -> None:
        """Show what was taken elsewhere, and what would move from there."""
        floor = values["floor"] or Floor(measure="")
        self._measure = floor.measure
        option, because = values["option"], values["because"]
        super().follow(_values(option, because, floor, _side(floor) or self._side), who)
        self.taken = option
        if not self._saving:
            self._show_move()
            self._show_floor()

    def _show_move(self, _: Any = None) -> None:
        chosen = self.controls["option"].value
        if not chosen:
            self._would_move.value = ""
            return
        try:
            html = looks.as_html(self._estimate(chosen))
        except WorkshopError as error:
            html = looks.said_html(str(error))
        self._would_move.value = toned(html, "plain")

    def _show_floor(self, _: Any = None) -> None:
        try:
            bound = self.rows["bound"].read()
        except UnreadError:
            bound = None
        said = "" if bound is None else self._floor_said(bound).html
        self._understood.value = toned(said, "good")

    def _floor_said(self, bound: float) -> Said:
        return say(
            f"panel.option.floor_{self.controls['side'].value or self._side}",
            measure=self._stated_measure(),
            bound=write_number(bound),
        )

    def _stated_measure(self) -> str:
        typed = self.controls["measure"].value.strip()
        return typed or self._measure or phrase("panel.option.no_measure")

    def _choice(self, answers: dict[str, Any]) -> Choice:
        side = answers["side"] or self._side
        metric = answers["metric"] or NOTHING
        floor = Floor(
            measure=self._stated_measure(),
            metric=None if metric == NOTHING else metric,
            **{side: answers["bound"]},
        )
        return answers["option"], answers["because"], floor

    def _ask_once(self, choice: Choice) -> Said | None:
        if self.taken in (None, choice[0]):
            return None
        return say(
            "panel.option.confirm",
            new=self._titles[choice[0]],
            old=self._titles.get(self.taken, self.taken),
        )

    def _save_choice(self, choice: Choice) -> Html | None:
        said = self._keep(*choice)
        self.taken = choice[0]
        self._show_move()  # what stood there spoke of the line before
        return said


def option_panel(
    options: Sequence[tuple[str, str]],
    current: str | None,
    *,
    estimate: Callable[[str], Html],
    on_save: Callable[[str, str, Floor], Html | None],
    because: str = "",
    floor: Floor | None = None,
    side: Side = "at_least",
    **ways: Unpack[Ways],
) -> OptionPanel:
    """Ask which option the pair takes; options are (id, title).

    Parameters
    ----------
    estimate
        Says as HTML what would move with an option, old and new side by side; shown
        before anything is saved. Taking another option than ``current`` is confirmed
        once.
    on_save
        Gets the option's id, the reason and the business floor.
    because, floor
        What was saved before, or a floor with a measure alone: the outcome's.
    side
        Whether the floor's number means at least or at most, until the pair says.
    """
    return OptionPanel(
        options,
        current,
        estimate=estimate,
        on_save=on_save,
        because=because,
        floor=floor or Floor(measure=""),
        side=side,
        **ways,
    )


def _values(
    option: str | None, because: str, floor: Floor, side: Side
) -> dict[str, Any]:
    """What the record holds, as answers of the panel."""
    return {
        "option": option,
        "because": because,
        "bound": floor.at_least if floor.at_most is None else floor.at_most,
        "measure": floor.measure,
        "metric": floor.metric or NOTHING,
        "side": side,
    }


def _more_fields() -> list[Field]:
    """What the floor is of: in words, for a program, and in which direction."""
    return [
        Field("measure"),
        Field("metric", "choice", _metrics()),
        Field("side", "choice", _sides()),
    ]


def _sides() -> tuple[tuple[str, str], ...]:
    return tuple((side, phrase(f"ui.{side}")) for side in SIDES)


def _metrics() -> tuple[tuple[str, str], ...]:
    named = ((name, phrase(f"measure.{name}.name")) for name in BUSINESS)
    return ((NOTHING, phrase("panel.option.metric_none")), *named)


def _side(floor: Floor) -> Side | None:
    if floor.at_most is not None:
        return "at_most"
    return "at_least" if floor.at_least is not None else None
