"""The cases of 00: each person says "fine" or "harmful" before the label is shown.

What somebody said stands in no widget until everybody present has spoken; then the
case is closed, and what was said about it cannot be changed any more. Where the other
half judges on a page of its own, that half has no button here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from html import escape
from typing import get_args

from workshop.errors import WorkshopError
from workshop.record.choices import Cases, Judgement
from workshop.record.values import Role
from workshop.views.panels import looks
from workshop.views.panels.looks import Html, Panel, show_if, toned
from workshop.views.wording import phrase, say

Shown = Mapping[str, str]


class CasesPanel(Panel):
    """Cards, one at a time; ``current`` is the index of the one on the page.

    ``roles`` judge here. Where others judge elsewhere, ``closed_now`` names the cases
    that all have judged by now, and ``others`` says how far they are with one, never
    what they said.
    """

    def __init__(
        self,
        cases: Mapping[str, Shown],
        judged: Cases | None,
        *,
        roles: tuple[Role, ...],
        on_judge: Callable[[str, Role, Judgement], Html | None],
        reveal: Callable[[str], Html],
        summary: Callable[[], Html] | None = None,
        names: Mapping[Role, str] | None = None,
        closed_now: Callable[[], Collection[str]] | None = None,
        others: Callable[[str], Html] = lambda _: "",
        read_only: str = "",
    ):
        super().__init__()
        judged = judged or Cases()
        self._cases, self._roles = dict(cases), roles
        self._ids = list(self._cases)
        self._on_judge, self._reveal, self._summary = on_judge, reveal, summary
        self._closed_now, self._others = closed_now, others
        self._names = {
            role: (names or {}).get(role) or phrase(f"ui.role.{role}") for role in roles
        }
        self._read_only = read_only
        self._closed: frozenset[str] = frozenset()
        self._spoken = {
            case: {role for role in roles if case in getattr(judged, role)}
            for case in self._ids
        }
        to_judge = (i for i, case in enumerate(self._ids) if not self._judged(case))
        self.current = next(to_judge, 0)
        self._lay_out()
        self._draw()

    def closed(self, case: str) -> bool:
        """Whether everybody has judged the case, here or elsewhere."""
        if self._closed_now is None:
            return self._judged(case)
        return case in self._closed

    def refresh(self) -> None:
        """Follow what was judged elsewhere; the card stays the one it is."""
        self._draw()

    def _look(self) -> None:
        """Read once what is closed elsewhere, for all that is asked of it then."""
        if self._closed_now is not None:
            self._closed = frozenset(self._closed_now())

    def _judged(self, case: str) -> bool:
        """Whether everybody who judges here has judged the case."""
        return self._spoken[case] >= set(self._roles)

    # -- layout ---------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._card, self._answer = looks.words(), looks.words()
        self._message, self._end = looks.words(), looks.words()
        self._elsewhere = looks.words()
        self._states = {role: looks.words() for role in self._roles}
        judging = [self._judge_row(role) for role in self._roles]
        back = looks.button(phrase("panel.cases.back"), lambda: self._go(-1))
        after = looks.button(phrase("panel.cases.next"), lambda: self._go(1))
        self.buttons |= {"back": back, "next": after}
        top = (
            looks.words(say("panel.cases.title").html, "title"),
            looks.words(say("panel.cases.intro").html, "quiet"),
            looks.words(looks.said_html(self._read_only), "banner"),
        )
        if not self._ids:
            self.body.children = (top[0], looks.words(say("panel.cases.none").html))
            return
        self.body.children = (
            *top,
            self._card,
            *judging,
            self._elsewhere,
            self._message,
            self._answer,
            looks.buttons(back, after),
            self._end,
        )

    def _judge_row(self, role: Role) -> looks.w.VBox:
        asks = looks.words(say("panel.cases.asks", name=self._names[role]).html)
        for said in get_args(Judgement):
            self.buttons[f"{role}.{said}"] = looks.button(
                phrase(f"panel.cases.{said}"),
                lambda said=said: self._judge(role, said),
            )
        pair = [self.buttons[f"{role}.{said}"] for said in get_args(Judgement)]
        return looks.column(
            asks, looks.buttons(*pair), self._states[role], kind="field"
        )

    # -- what a person does ---------------------------------------------------------

    def _go(self, steps: int) -> None:
        self.current = min(max(self.current + steps, 0), len(self._ids) - 1)
        self._message.value = ""
        self._draw()

    def _judge(self, role: Role, said: Judgement) -> None:
        case = self._ids[self.current]
        self._look()
        if self.closed(case):
            self._tell(say("panel.cases.closed").html)
            return
        if self._read_only:
            self._tell(looks.said_html(self._read_only))
            return
        try:
            self._on_judge(case, role, said)
        except (WorkshopError, OSError) as error:
            self._tell(looks.trouble_html(error))
            return
        self._spoken[case].add(role)
        self._message.value = ""
        self._draw()

    def _tell(self, html: str) -> None:
        self._message.value = toned(html, "bad")

    # -- what is drawn --------------------------------------------------------------

    def _draw(self) -> None:
        if not self._ids:
            return
        self._look()
        case = self._ids[self.current]
        closed = self.closed(case)
        self._card.value = self._card_html(case)
        for role in self._roles:
            spoken = role in self._spoken[case] and not closed
            said = say("panel.cases.has_said", name=self._names[role])
            self._states[role].value = toned(said.html, "good") if spoken else ""
            for word in get_args(Judgement):
                self.buttons[f"{role}.{word}"].disabled = closed
        elsewhere = "" if closed else looks.as_html(self._others(case))
        self._elsewhere.value = toned(elsewhere, "quiet")
        self._answer.value = (
            toned(looks.as_html(self._reveal(case)), "plain") if closed else ""
        )
        self.buttons["back"].disabled = self.current == 0
        self.buttons["next"].disabled = self.current == len(self._ids) - 1
        self._draw_end()

    def _card_html(self, case: str) -> str:
        place = say(
            "panel.cases.place", number=str(self.current + 1), total=str(len(self._ids))
        )
        pairs = "".join(
            f"<dt>{escape(title)}</dt><dd>{escape(text)}</dd>"
            for title, text in self._cases[case].items()
        )
        return (
            f'<div class="cgp-inset mathjax_ignore"><p class="cgp-quiet">{place.html}'
            f"</p><dl>{pairs}</dl></div>"
        )

    def _draw_end(self) -> None:
        finished = all(self.closed(case) for case in self._ids)
        show_if(self._end, finished)
        if finished and self._summary is not None:
            self._end.value = toned(looks.as_html(self._summary()))


def cases_panel(
    cases: Mapping[str, Shown],
    judged: Cases | None,
    *,
    roles: tuple[Role, ...],
    on_judge: Callable[[str, Role, Judgement], Html | None],
    reveal: Callable[[str], Html],
    summary: Callable[[], Html] | None = None,
    names: Mapping[Role, str] | None = None,
    closed_now: Callable[[], Collection[str]] | None = None,
    others: Callable[[str], Html] = lambda _: "",
    read_only: str = "",
) -> CasesPanel:
    """Show cases with the label hidden: case id → what to show, title → text."""
    return CasesPanel(
        cases,
        judged,
        roles=roles,
        on_judge=on_judge,
        reveal=reveal,
        summary=summary,
        names=names,
        closed_now=closed_now,
        others=others,
        read_only=read_only,
    )
