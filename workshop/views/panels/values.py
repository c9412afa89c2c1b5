"""Panel of 04: what nobody measured, as a range, and what it does to the outcome.

One assumption at a time: the pair picks it, drags the likely value or types all three,
and sees people, money and what matters most move with it before anything is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import ceil, inf, log10
from typing import Any, Unpack, get_args

import ipywidgets as w

from workshop.errors import WorkshopError
from workshop.record.choices import Assumed, Satisfaction
from workshop.record.terms import ASSUMED
from workshop.views.panels import looks
from workshop.views.panels.common import Ways, owners
from workshop.views.panels.fields import Field
from workshop.views.panels.form import FieldError, Form
from workshop.views.panels.looks import Html, show_if, toned
from workshop.views.panels.reading import UnreadError, write_number
from workshop.views.panels.shared import make
from workshop.views.wording import Said, phrase, say

STEPS = 100
"""Places of the handle between the low and the high end."""
SPREAD = 0.5
"""How far the handle reaches to either side of a figure that is no range yet."""
PARTS = ("low", "likely", "high")
BESIDES = ("confidence", "source", "owner")

Choice = tuple[str, Assumed, bool]


class ValuesPanel(Form):
    """The form for assumptions; ``stated`` holds those that somebody has made.

    ``weighs`` names those that make up what a miss is worth beside a false alarm: only
    with these is it asked whether the ratio follows.
    """

    def __init__(
        self,
        titles: Mapping[str, str],
        stated: Callable[[], Mapping[str, Assumed]],
        *,
        weighs: Collection[str] = (),
        estimate: Callable[[str, Assumed], Html],
        on_save: Callable[[str, Assumed, bool], Html | None],
        on_forget: Callable[[str], Html | None],
        **ways: Unpack[Ways],
    ):
        self._titles, self._stated, self._weighs = dict(titles), stated, weighs
        self._estimate, self._keep, self._forget = estimate, on_save, on_forget
        self._shown = looks.words()
        self.handle = self._hand()
        self._loading = False
        super().__init__(
            "value",
            [
                Field("name", "choice", tuple(self._titles.items())),
                *(Field(part, "number") for part in PARTS),
            ],
            _more_fields(),
            build=self._choice,
            on_save=self._save_choice,
            confirm=self._ask_once,
            beside={"likely": self.handle, "high": self._shown},
            optional=True,
            **ways,
        )
        self.controls["handle"] = self.handle
        self._offer_to_forget()
        self.controls["name"].observe(self._load, "value")
        for part in PARTS:
            self.controls[part].observe(self._typed, "value")
        first = next(iter(self._titles), None)
        self.controls["name"].value = first
        self._load()

    def refresh(self) -> None:
        """Show what is stated now, unless something else was typed meanwhile."""
        if not self._touched():
            self._load()
        else:
            self._show()

    # -- the handle ------------------------------------------------------------

    def _hand(self) -> w.IntSlider:
        hand = make(
            w.IntSlider,
            value=STEPS // 2,
            min=0,
            max=STEPS,
            readout=False,
            continuous_update=True,
            description=phrase("panel.value.slider"),
            wide=True,
        )
        hand.observe(self._dragged, "value")
        return hand

    def _dragged(self, _: Any) -> None:
        if self._loading:
            return
        low, high = self._reach
        value = low + (high - low) * self.handle.value / STEPS
        # a tenth of a step is fine enough, however wide the range
        self.controls["likely"].value = write_number(
            round(value, 3 - ceil(log10(high - low)))
        )

    def _place_handle(self, assumed: Assumed) -> None:
        low, high = self._reach
        if assumed.ends[0] < assumed.ends[1]:
            low, high = assumed.ends
        elif not low <= assumed.likely <= high:
            low, high = _reach(self.controls["name"].value, assumed)
        self._reach = low, high
        self.handle.disabled = bool(self._read_only)
        share = (assumed.likely - low) / (high - low) if high > low else 0.5
        self._loading = True
        self.handle.value = round(STEPS * min(1.0, max(0.0, share)))
        self._loading = False

    # -- loading and showing --------------------------------------------------------

    def _load(self, _: Any = None) -> None:
        """Put in what is stated of the chosen assumption, or nothing yet."""
        name = self.controls["name"].value
        assumed = self._stated().get(name) if name else None
        self._reach = _reach(name, assumed)
        self._loading = True
        for key, value in _held(assumed).items():
            self.rows[key].put(value)
        self.rows["ratio"].put("keep")
        show_if(self.rows["ratio"].widget, name in self._weighs)
        self._loading = False
        self._saved = False
        self.message.value = ""
        self.handle.disabled = True
        self._show()

    def _touched(self) -> bool:
        name = self.controls["name"].value
        assumed = self._stated().get(name) if name else None
        held = _held(assumed)
        try:
            typed = {key: self.rows[key].read() for key in held}
        except UnreadError:
            return True
        return typed != held | {"source": held["source"] or None}

    def _typed(self, _: Any) -> None:
        if not self._loading:
            self._show()

    def _show(self) -> None:
        """Say what follows from what stands there; nothing while it is unfinished."""
        html = ""
        try:
            assumed = self._read_assumed()
            if assumed is not None:
                self._place_handle(assumed)
                given = self._estimate(self.controls["name"].value, assumed)
                html = looks.as_html(given)
        except UnreadError:
            pass
        except FieldError as error:
            html = " ".join(said.html for said in error.wrong.values())
        except WorkshopError as error:
            html = looks.said_html(str(error))
        self._shown.value = toned(html, "plain")

    # -- reading and saving ------------------------------------------------------------

    def _read_assumed(self) -> Assumed | None:
        answers = {part: self.rows[part].read() for part in PARTS}
        if self.controls["name"].value is None or answers["likely"] is None:
            return None
        return self._assumed(self.controls["name"].value, answers)

    def _assumed(self, name: str, answers: Mapping[str, Any]) -> Assumed:
        low, likely, high = (answers[part] for part in PARTS)
        wrong = out_of_order(low, likely, high)
        if wrong:
            raise FieldError(**{wrong: say(f"panel.value.order_{wrong}")})
        _check_bounds(name, answers)
        extra = {key: answers.get(key) for key in BESIDES if answers.get(key)}
        return Assumed(low=low, likely=likely, high=high, **extra)

    def _missing(self, key: str) -> Said | None:
        """One figure will do: a range is better, and not asked for."""
        return None if key in ("low", "high") else super()._missing(key)

    def _choice(self, answers: dict[str, Any]) -> Choice:
        assumed = self._assumed(answers["name"], answers)
        follows = answers["name"] in self._weighs and answers["ratio"] == "follow"
        return answers["name"], assumed, follows

    def _ask_once(self, choice: Choice) -> Said | None:
        if not choice[2]:
            return None
        return say("panel.value.confirm", name=self._titles[choice[0]])

    def _save_choice(self, choice: Choice) -> Html | None:
        return self._keep(*choice)

    def _offer_to_forget(self) -> None:
        forget = looks.button(phrase("panel.value.forget"), self._forget_it)
        self.buttons["forget"] = forget
        row = next(
            part
            for part in self.body.children
            if self.buttons["save"] in getattr(part, "children", ())
        )
        row.children = (*row.children, forget)

    def _forget_it(self) -> None:
        name = self.controls["name"].value
        if name and not self._refused():
            self._guarded(lambda: self._forgotten(name))

    def _forgotten(self, name: str) -> None:
        said = self._forget(name)
        self._load()
        self.tell(said)


def out_of_order(low: float | None, likely: float, high: float | None) -> str:
    """Name the end of a range that lies on the wrong side; empty where none does."""
    if low is not None and low > likely:
        return "low"
    if high is not None and high < likely:
        return "high"
    return ""


def _check_bounds(name: str, answers: Mapping[str, Any]) -> None:
    """Refuse a share above one, and what cannot be that small, at its own field."""
    term = ASSUMED[name]
    for part in PARTS:
        value = answers[part]
        if value is None:
            continue
        if term.kind == "share" and not 0 <= value <= 1:
            raise FieldError(**{part: say("panel.value.not_a_share")})
        if term.least is not None and value < term.least:
            least = write_number(term.least)
            raise FieldError(**{part: say("panel.value.too_small", least=least)})


def _held(assumed: Assumed | None) -> dict[str, Any]:
    """What stands in the fields for an assumption; the PM owns what nobody does yet."""
    held = {key: getattr(assumed, key, None) for key in (*PARTS, *BESIDES)}
    return held | {"owner": held["owner"] or "product"}


def _reach(name: str, assumed: Assumed | None) -> tuple[float, float]:
    """From where to where the handle runs: the range, or half to either side.

    Never beyond what the figure can be.
    """
    if assumed is None:
        return 0.0, 1.0
    low, high = assumed.ends
    if high > low:
        return low, high
    room = abs(assumed.likely) * SPREAD or 1.0
    term = ASSUMED[name]
    least = -inf if term.least is None else term.least
    most = 1.0 if term.kind == "share" else inf
    return max(least, assumed.likely - room), min(most, assumed.likely + room)


def _more_fields() -> list[Field]:
    """What may be said of an assumption beside its three numbers."""
    return [
        Field("confidence", "choice", _levels()),
        Field("source"),
        Field("owner", "choice", owners()),
        Field("ratio", "choice", _ratios()),
    ]


def _levels() -> tuple[tuple[str, str], ...]:
    levels = get_args(Assumed.model_fields["confidence"].annotation)
    return tuple((level, phrase(f"panel.value.confidence_{level}")) for level in levels)


def _ratios() -> tuple[tuple[str, str], ...]:
    return tuple((each, phrase(f"panel.value.ratio_{each}")) for each in _RATIOS)


_RATIOS = ("keep", "follow")


def satisfaction_panel(
    held: Satisfaction | None,
    *,
    on_save: Callable[[Satisfaction], Html | None],
    **ways: Unpack[Ways],
) -> Form:
    """Ask how it will be asked whether people are content; all of it may stay open."""
    return Form(
        "satisfaction",
        [Field("asked")],
        [
            Field("today", "number"),
            Field("target", "number"),
            Field("unit"),
            Field("owner", "choice", owners()),
        ],
        values=held.model_dump() if held else {},
        build=_satisfaction,
        on_save=on_save,
        optional=True,
        more_opened=True,
        **ways,
    )


def _satisfaction(answers: dict[str, Any]) -> Satisfaction:
    return Satisfaction(**{k: v for k, v in answers.items() if v is not None})
