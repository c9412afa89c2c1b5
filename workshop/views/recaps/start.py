"""00: who is here, what we call wrong, and the first figure about people."""

from __future__ import annotations

from workshop.analysis.cases import CaseAgreement
from workshop.record.choices import Participants, Record
from workshop.record.values import ROLES, Number, Role
from workshop.views.figures import plot_people
from workshop.views.section import (
    Block,
    Figure,
    Items,
    Paragraph,
    Section,
    Table,
    View,
)
from workshop.views.wording import Said, capitalised, phrase, say


def headline(
    error: Number,
    sources: Number | None,
    *,
    wrong: str,
    cluster_name: str,
    few: bool,
) -> Said:
    """Say the base rate of error as natural frequencies, with its range."""
    if sources is None:
        return say("start.headline_many", error=error, wrong=wrong)
    return say(
        "start.headline" if few else "start.headline_sources",
        error=error,
        wrong=wrong,
        sources=sources,
        cluster_name=cluster_name,
    )


def people_figure(error: Number) -> Figure:
    """Draw 100 people with the table that says the same."""
    rows = (
        (say("start.people_count"), say("impact.error", error=error)),
        (say("start.people_estimate"), Said("{e:of100}", {"e": error})),
        (say("start.people_low"), Said("{e:lo100}", {"e": error})),
        (say("start.people_high"), Said("{e:hi100}", {"e": error})),
    )
    twin = Table(
        say("start.people_caption"),
        (say("start.col_what"), say("start.col_number")),
        rows,
    )
    alt = say("start.people_alt", error=error)
    return Figure(plot_people(error), alt, twin, say("page.as_table"))


def people_view(
    head: Said,
    error: Number,
    asks: tuple[Number, Number] | None,
    *,
    option: str,
    act: str,
) -> View:
    """The sentence, the picture, and what the rate means for one user who asks on.

    ``asks`` are how often one user asks and how many then meet an error, or None.
    """
    blocks: list[Block] = [
        Paragraph(head, "lead"),
        people_figure(error),
        Paragraph(say("start.option", option=option, act=act), "quiet"),
    ]
    if asks is not None:
        blocks.append(Paragraph(say("start.asks", asks=asks[0], any=asks[1])))
    return View(tuple(blocks))


def agreement_items(
    found: CaseAgreement | None, names: dict[Role, str]
) -> tuple[Said, ...]:
    """Who agreed with whom on the cases, and with the label; None without cases."""
    if found is None:
        return (say("before.no_cases"),)
    said = []
    if found.agreed is not None:
        said.append(say("start.cases_agreed", agreed=found.agreed))
    for role in ROLES:
        if role in found.with_label:
            same = found.with_label[role]
            said.append(say("start.cases_experts", name=names[role], same=same))
    if found.kappa is not None:
        said.append(say("start.kappa", kappa=found.kappa))
    return tuple(said) or (say("start.cases_none"),)


def role_names(participants: Participants) -> dict[Role, str]:
    """What to call each half: its name, or its role while it has none."""
    named = {}
    for role in ROLES:
        people = getattr(participants, role)
        title = capitalised(phrase(f"framing.owner_{role}"))
        named[role] = people[0].name if people else title
    return named


def bets_line(record: Record) -> Said:
    """Say how far the sealing of bets has come; never what is in them."""
    sealed = record.bets.sealed if record.bets else {}
    if record.bets and record.bets.opened:
        return say("start.bets_opened")
    if set(sealed) >= set(ROLES):
        return say("start.bets_both")
    names = role_names(record.participants)
    for role in ROLES:
        if role in sealed:
            return say("start.bets_one", name=names[role])
    return say("start.bets_none")


def wrong_line(record: Record) -> Said:
    """Say the line "what we count as wrong", or that it is missing."""
    line = record.framing.counts_as_wrong if record.framing else ""
    if line:
        return say("start.wrong_line", line=line)
    return say("start.no_wrong_line")


def recap(
    record: Record, head: Said, people: View, found: CaseAgreement | None
) -> Section:
    """Gather 00 into its Section."""
    names = role_names(record.participants)
    blocks: tuple[Block, ...] = (
        *people.blocks[1:],
        Paragraph(wrong_line(record)),
        Items((*agreement_items(found, names), bets_line(record))),
    )
    decided = bool(record.framing and record.framing.counts_as_wrong)
    return Section(
        id="start",
        title=say("section.start"),
        status="ok" if decided else "undecided",
        headline=head,
        blocks=blocks,
    )


def persona_view(name: str, line: str) -> View:
    """What a persona says at a step."""
    return View((Paragraph(say("start.persona_says", name=name, line=line), "warn"),))


def names_view(participants: Participants) -> View:
    """Who is here."""
    names = role_names(participants)
    said = [say("page.two_names", **names)]
    for role in ROLES:
        for person in getattr(participants, role):
            if person.persona:
                said.append(say("start.alone", name=person.name))
    return View(tuple(Paragraph(one) for one in said))


def cases_view(found: CaseAgreement | None, names: dict[Role, str]) -> View:
    """Who agreed with whom on the cases."""
    return View((Items(agreement_items(found, names)),))


def wrong_view(record: Record) -> View:
    """The line "what we count as wrong"."""
    return View((Paragraph(wrong_line(record)),))


def bets_view(record: Record) -> View:
    """How far the sealing of bets has come."""
    return View((Paragraph(bets_line(record)),))


def reveal_html(*, positive: bool, means: str, said: dict[str, str | None]) -> str:
    """The label of one case, and what each half had said of it."""
    label = say(f"start.reveal_{'positive' if positive else 'negative'}", means=means)
    lines = [
        say("start.reveal_said", name=name, word=say(f"start.word_{word}"))
        for name, word in said.items()
        if word is not None
    ]
    return "<br>".join(one.html for one in (label, *lines))


def request_line(request: str) -> Said:
    """The request that the workshop starts from."""
    return say("framing.request", request=request)
