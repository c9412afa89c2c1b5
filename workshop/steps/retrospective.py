"""06: what was promised, what happened, and what is taken from it.

New rows are handed in as a file; without one the page says what to hand in and what
is still open. A look is added to the record's own list, and no choice is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from workshop.analysis.retro.followed import carried_actions
from workshop.analysis.retro.retro import Retro
from workshop.data.catalog import Target, home
from workshop.data.later import Later, by_month, load_later
from workshop.errors import InputError
from workshop.record.agreed import Action
from workshop.record.agreed import Retrospective as Held
from workshop.record.bets import THIRD_ROLES, Seat
from workshop.record.choices import Record
from workshop.steps.base import Step, at_the_edge
from workshop.steps.given import Given, today
from workshop.views.recaps import retrospective as views
from workshop.views.recaps.retrospective_held import held_said
from workshop.views.recaps.retrospective_json import SCHEMA, look_json
from workshop.views.recaps.retrospective_text import look_text
from workshop.views.recaps.retrospective_words import Words
from workshop.views.section import Paragraph, Section, View
from workshop.views.wording import say


@dataclass(frozen=True)
class Look:
    """One look back: what it found, on which day, and what the record keeps of it."""

    at: str
    retro: Retro
    found: views.Looked
    entry: Held


class Retrospective(Step):
    """What did we promise, what happened?"""

    id = "retrospective"
    about = "retrospectives"

    def __init__(
        self,
        target: Target,
        *,
        interactive: bool,
        given: Given | None = None,
        data: str = "",
    ) -> None:
        super().__init__(target, interactive=interactive, given=given)
        self._file = data
        self._look: tuple[Record, Look] | None = None

    # what is looked at -------------------------------------------------------------

    @cached_property
    def later(self) -> Later | None:
        """The new rows; None while nobody has handed any in."""
        if not self._file:
            return None
        if not self.has_rows:
            raise InputError(
                f"{self.scenario.id}: nothing was scored before, so there is no figure "
                "to hold new rows against; add runs: to scenario.yaml first."
            )
        return load_later(
            self.scenario,
            home() / self._file,
            self.given.data,
            as_of=today(),
            option=self.record.option,
        )

    @property
    def look(self) -> Look | None:
        """The look at all new rows, for the record as it stands; None without rows."""
        if self.later is None:
            return None
        record = self.record
        if self._look is None or self._look[0] != record:
            self._look = record, self._looked(self.later, today().isoformat(), record)
        return self._look[1]

    def months(self) -> Iterator[Look]:
        """One look after the other, each on one month, on that month's last day.

        Each knows those before it. Rows without a time are one look.
        """
        record = self.record
        for part in by_month(self.later) if self.later is not None else ():
            look = self._looked(part, part.days[1] or today().isoformat(), record)
            held = (*_before(record, look.at, part), look.entry)
            record = record.model_copy(update={"retrospectives": held})
            yield look

    def looks(self) -> Iterator[Look]:
        """The one look at all new rows, as `months` would give several."""
        if (found := self.look) is not None:
            yield found

    def _looked(self, later: Later, at: str, record: Record) -> Look:
        """Look at some rows as on that day: what was held later is not known yet."""
        held = _before(record, at, later)
        known = record.model_copy(update={"retrospectives": held})
        evidence = self.evidence.with_record(known)
        retro = Retro(evidence, later, date.fromisoformat(at))
        same = _same(record, at, later.digest)
        said = {"changed": same.changed, "wins": same.wins} if same else {}
        entry = retro.entry(at, **said)
        within = tuple(
            one
            for one in record.retrospectives
            if one is not same and _overlap(one, later)
        )
        return Look(at, retro, _gathered(retro, entry, within), entry)

    @property
    def words(self) -> Words:
        """What the scenario calls a decision, and its currency."""
        return Words(self.scenario.decision.unit, self.scenario.payoff.unit)

    @property
    def seats(self) -> dict[Seat, str]:
        """What to call whoever has bet."""
        people = self.record.participants
        thirds = {
            seat: getattr(people, seat)[0].name
            for seat in THIRD_ROLES
            if getattr(people, seat)
        }
        return {**self.names, **thirds}

    # the agenda --------------------------------------------------------------------

    def what_we_promised(self) -> Any:
        """The clauses as agreed, and what to hand in while there are no rows."""
        return self._shown(lambda: View(views.promised_blocks(self.record)))

    def clauses(self) -> Any:
        """Each promise: kept, broken, or cannot tell yet."""
        return self._part("clauses")

    def promise(self) -> Any:
        """What was seen at the choice, and what happened."""
        return self._part("promise")

    def drift(self) -> Any:
        """Whether the world has moved, and whether that matters."""
        return self._part("drift")

    def bets(self) -> Any:
        """Where the truth fell for each bet."""
        return self._part("bets")

    def since_last(self) -> Any:
        """What changed since the last retrospective, and whether it helped."""
        return self._part("since")

    def wins_and_actions(self) -> Any:
        """Ask what changed, what went well and what is done; saving adds the look."""
        if not self.interactive:
            return self._part("wins", "actions")
        from workshop.views.panels.live import LivePanel

        return self.follow(LivePanel(lambda: [self._panel()]), "agreement")

    def _panel(self) -> Any:
        from workshop.views.panels.retrospective import retrospective_panel

        found = self.look
        return retrospective_panel(
            [one.action for one in found.found.actions] if found else (),
            on_save=self._take,
            changed=found.entry.changed if found else "",
            wins=found.entry.wins if found else (),
            read_only=self.read_only
            or ("" if found else say("retro.no_rows_yet").text),
        )

    def _part(self, *names: str) -> Any:
        return self._shown(lambda: self._view(names))

    def _view(self, names: tuple[str, ...]) -> View:
        found = self.look
        if found is None:
            return View(views.open_part(names[0]))
        given = (found.found, self.record, self.words, self.seats)
        return views.part_view(names, *given)

    def _shown(self, make: Callable[[], View]) -> Any:
        """Show a part; in a report run a failure becomes a sentence here too."""
        if self.interactive:
            return self.figures(make)
        tried = at_the_edge(self.id, lambda: self._carrying(make()))
        failed = (Paragraph(tried.headline, "warn"),)
        return View(failed if tried.status == "failed" else tried.blocks)

    def _carrying(self, view: View) -> Section:
        title = say(f"section.{self.id}")
        return Section(self.id, title, "ok", title, view.blocks)

    def _recap(self) -> Section:
        found = self.look
        if found is None:
            actions = carried_actions(self.record, today())
            return views.open_recap(self.record, self._name, actions)
        return views.recap(found.found, self.record, self.words, self.seats)

    # for a terminal ----------------------------------------------------------------

    def line(self, look: Look) -> str:
        """One line about a look: its days and its headline."""
        return views.look_line(look.found).text

    def as_text(self, look: Look, kept: bool | None) -> str:
        """A look as a terminal shows it; ``kept`` is whether it was added just now.

        None where it was not to be added.
        """
        told = look_text(look.found, look.retro.record, self.words, self.seats)
        return f"{told}\n\n{self._kept_said(kept)}"

    def _kept_said(self, kept: bool | None) -> str:
        if self.read_only:
            scenario = self.scenario.id
            return say("retro.not_appended_read_only", scenario=scenario).text
        if kept is None:
            return say("retro.not_appended").text
        file = self.target.file.path.name
        return say(f"retro.{'appended' if kept else 'appended_before'}", file=file).text

    def as_json(
        self, looks: Sequence[tuple[Look, bool | None]], **given: str
    ) -> dict[str, Any]:
        """All looks as plain data."""
        return {
            "schema": SCHEMA,
            "scenario": self.scenario.id,
            **given,
            "broken": sorted({name for look, _ in looks for name in look.retro.broken}),
            "looks": [
                {"at": look.at, "added": bool(kept), **look_json(look.found)}
                for look, kept in looks
            ],
        }

    def broken(self, looks: Sequence[Look]) -> str:
        """Every promise that a look found broken, with its figure; empty for none."""
        found = [
            (look.at, views.broken_said(look.found))
            for look in looks
            if look.retro.broken
        ]
        if len(looks) == 1:
            return "".join(said.text for _, said in found)
        dated = (say("retro.broken_by", at=at[:10], clauses=said) for at, said in found)
        return "; ".join(said.text for said in dated)

    @property
    def _name(self) -> str:
        """What a terminal calls the record."""
        file = self.target.file
        return self.scenario.id if file.read_only else file.path.name

    # what is kept ------------------------------------------------------------------

    def keep(self, look: Look) -> bool:
        """Add a look to the record; False where it stands there or cannot be added."""
        if self.target.file.read_only:
            return False
        if _same(self.record, look.at, look.entry.data, look.entry) is not None:
            return False
        held = (*self.record.retrospectives, look.entry)
        self._save(held, look.entry, who=say("retro.by_program").text)
        return True

    def _take(self, taken: Any) -> str:
        """Add the look with what the pair said; the same look gets new words."""
        found = self.look
        if found is None:
            raise InputError(say("retro.no_rows_yet").text)
        entry = found.entry.model_copy(
            update={
                "changed": taken.changed,
                "wins": taken.wins,
                "carried": _ticked(found.entry.carried, taken.done, found.at),
            }
        )
        held = self.record.retrospectives
        same = _same(self.record, found.at, entry.data, entry)
        kept = tuple(one for one in held if one is not same)
        return self._save((*kept, entry), entry)

    def _save(self, held: tuple[Held, ...], entry: Held, *, who: str = "") -> str:
        self._base = self.record
        decided = say("retro.log_line", clauses=held_said(entry)).text
        return self.save(
            {"retrospectives": held},
            decided,
            because=entry.changed,
            seen=entry.seen,
            who=who,
        )


def _before(record: Record, at: str, later: Later) -> tuple[Held, ...]:
    """The retrospectives up to that day, but for the same look itself."""
    return tuple(
        held
        for held in record.retrospectives
        if held.at[:10] <= at[:10]
        and (held.at[:10], held.data) != (at[:10], later.digest)
    )


def _overlap(held: Held, later: Later) -> bool:
    """Say whether a retrospective looked at some of the same days."""
    first, last = later.days
    return bool(first and held.last) and held.first <= last and first <= held.last


def _same(record: Record, at: str, data: str, entry: Held | None = None) -> Held | None:
    """The retrospective of the same rows on the same day, and with the same outcome."""
    for held in record.retrospectives:
        if (held.at[:10], held.data) != (at[:10], data):
            continue
        if entry is None or (held.clauses, held.counts) == (
            entry.clauses,
            entry.counts,
        ):
            return held
    return None


def _ticked(
    carried: tuple[Action, ...], done: tuple[Action, ...], at: str
) -> tuple[Action, ...]:
    """The actions that were looked at, those that were ticked with their day."""
    return tuple(
        action.model_copy(update={"done": at}) if action in done else action
        for action in carried
    )


def _gathered(retro: Retro, entry: Held, within: tuple[Held, ...]) -> views.Looked:
    """Everything that a look found, each part as it is read."""
    return views.Looked(
        window=retro.window,
        data=retro.later.digest,
        clauses=retro.clauses,
        promises=retro.promises,
        drifts=retro.drifts,
        decision=retro.decision,
        bets=retro.bets,
        since=retro.since,
        wins=retro.wins,
        actions=retro.actions,
        waiting=retro.waiting if retro.window.labelled < retro.window.rows else None,
        said_wins=entry.wins,
        within=within,
        labelled_apart=retro.labelled_apart,
        rounds=retro.rounds,
    )
