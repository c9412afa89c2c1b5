"""05 looks back: what was said to the early questions, and what became of it."""

from __future__ import annotations

from workshop.analysis.early_questions import answered
from workshop.record.agreed import Action, Agreement
from workshop.record.choices import Record
from workshop.record.framed import EARLY_QUESTIONS, EarlyQuestion, Framing
from workshop.record.terms import ESCALATIONS
from workshop.views.recaps.common import by_said
from workshop.views.recaps.framing import acceptable, early_said
from workshop.views.section import Heading, Items, Paragraph, View
from workshop.views.wording import Said, in_a_row, phrase, say


def look_back(record: Record, *, clashes: bool = False) -> View:
    """Each early question, its answer, and what became of it.

    ``clashes`` says whether the promise and what was agreed cannot both be kept.
    """
    framing = record.framing
    if framing is None or all(answered(framing, q) == "open" for q in EARLY_QUESTIONS):
        return View((Paragraph(say("looking_back.none"), "quiet"),))
    items = tuple(
        in_a_row(early_said(framing, question), *_became(record, question, clashes))
        for question in EARLY_QUESTIONS
    )
    return View((Heading(say("looking_back.title")), Items(items)))


def _became(record: Record, question: EarlyQuestion, clashes: bool) -> tuple[Said, ...]:
    framing, agreement = record.framing or Framing(), record.agreement or Agreement()
    state = answered(framing, question)
    if state == "unknown":
        return (_action(agreement, question),)
    if question == "harmed" and state == "said":
        return (_told(agreement),)
    if question == "promised" and state == "said":
        return _promise(record, framing, clashes)
    if question == "engineering_there" and state == "none":
        text = agreement.premortem.get("late_involvement", "")
        late = say("looking_back.late", text=text)
        return (late if text else say("looking_back.late_open"),)
    return ()


def find_out(question: EarlyQuestion) -> str:
    """What to find out where a question was answered by "we don't know"."""
    return phrase(f"early.find_out_{question}")


def _action(agreement: Agreement, question: EarlyQuestion) -> Said:
    what = find_out(question)
    action = next((one for one in agreement.actions if one.what == what), None)
    return _action_said(action) if action else say("looking_back.action_none")


def _action_said(action: Action) -> Said:
    if action.done:
        return say("looking_back.action_done", done=action.done)
    who = action.who or say("data.person_open")
    return say("looking_back.action_open", who=who, by=by_said(action.by))


def _told(agreement: Agreement) -> Said:
    when = ESCALATIONS["user_harmed"]
    to = next((one.to for one in agreement.escalation if one.when == when), "")
    if not to:
        return say("looking_back.harmed_untold")
    return say("looking_back.harmed_told", to=to)


def _promise(record: Record, framing: Framing, clashes: bool) -> tuple[Said, ...]:
    error = acceptable(framing)
    if error is None:
        return (say("looking_back.promised_open"),)
    id = "looking_back.acceptable"
    by = framing.outcome.by if framing.outcome and framing.outcome.by else None
    agreed = say(
        "looking_back.promised_against",
        acceptable=error.model_copy(update={"id": id}),
        by=by_said(by),
    )
    return (agreed, say("looking_back.promised_clash")) if clashes else (agreed,)
