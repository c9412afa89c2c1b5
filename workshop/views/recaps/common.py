"""What several steps say in the same words: whose something is, and when it is due."""

from __future__ import annotations

from workshop.views.wording import Said, say


def owner_said(owner: str | None) -> Said:
    """Name an owner, or say that there is none."""
    return say(f"framing.owner_{owner}") if owner else say("data.nobody")


def who_said(name: str) -> Said | str:
    """Whoever does something, by the name that was typed; or that nobody does yet."""
    return name or say("data.nobody")


def by_said(by: str | None) -> Said | str:
    """The day or month that a sentence puts behind "by"; or that it is still open."""
    return by or say("data.date_open")


def when_said(date: str) -> Said:
    """A month or a day of the record, with the word that goes before it."""
    return say("data.on_day" if date.count("-") == 2 else "data.in_month", date=date)
