"""01: the outcome, the question that mends a feature brief, the bets side by side."""

from __future__ import annotations

from collections.abc import Sequence

from workshop.analysis.early_questions import answered
from workshop.analysis.expectations import Conflict
from workshop.analysis.framing import OutcomePart, RequestReview
from workshop.record.choices import Record
from workshop.record.framed import EARLY_QUESTIONS, EarlyQuestion, Framing
from workshop.record.values import Number
from workshop.views.recaps.framing_check import kept_said
from workshop.views.section import (
    Block,
    Fold,
    Heading,
    Items,
    Paragraph,
    Section,
    View,
)
from workshop.views.wording import Said, in_a_row, say
from workshop.views.wording.gaps import gap_key


def mend(review: RequestReview) -> Said:
    """Say what a line still needs before it is an outcome."""
    if review.kind == "feature_brief":
        if review.machine_does:
            return say("framing.mend_feature_brief_does", does=review.machine_does)
        return say("framing.mend_feature_brief")
    if review.kind == "outcome":
        key = "outcome" if review.has_quantity else "outcome_no_quantity"
        return say(f"framing.mend_{key}")
    return say("framing.mend_unclear")


def request_view(request: str, review: RequestReview) -> View:
    """The request as it came, and the question that mends it."""
    return View(
        (
            Paragraph(say("framing.request", request=request), "lead"),
            Paragraph(mend(review)),
        )
    )


def given_number(id: str, value: float, unit: str = "share") -> Number:
    """A number that somebody stated and nobody measured."""
    return Number(id=id, value=value, unit=unit, assumed=True)


def outcome_line(framing: Framing | None, missing: Sequence[OutcomePart]) -> Said:
    """Say the outcome, or what it still lacks."""
    if missing or framing is None or framing.outcome is None:
        parts = ", ".join(say(f"framing.part_{part}").text for part in missing)
        return say("framing.headline_undecided", missing=parts)
    outcome = framing.outcome
    return say(
        "framing.headline_ok",
        measure=outcome.measure,
        **{"from": given_number("framing.outcome.from", outcome.from_ or 0.0, "")},
        to=given_number("framing.outcome.to", outcome.to or 0.0, ""),
        by=outcome.by or "",
    )


def expectation_items(framing: Framing | None) -> tuple[Said, ...]:
    """What the pair expects of any answer, as far as it has said so."""
    if framing is None:
        return (say("framing.expect_none"),)
    said: list[Said] = []
    agreed = framing.expectations
    if agreed is not None and agreed.acceptable_error is not None:
        said.append(say("framing.expect_error", acceptable=acceptable(framing)))
    if agreed is not None and agreed.fallback is not None:
        said.append(_fallback(framing, agreed.fallback))
    if agreed is not None and agreed.success:
        said.append(say("framing.expect_success", success=agreed.success))
    if agreed is not None and agreed.success_metric is not None:
        metric = say(f"metric.{agreed.success_metric}.name")
        said.append(say("expected.success_metric", metric=metric))
    if agreed is not None and agreed.cost_speed:
        said.append(say("framing.expect_cost_speed", cost_speed=agreed.cost_speed))
    if framing.ratio is not None:
        ratio = given_number("framing.ratio", framing.ratio, "false alarms")
        said.append(say("framing.expect_ratio", ratio=ratio))
    return tuple(said) or (say("framing.expect_none"),)


def acceptable(framing: Framing | None) -> Number | None:
    """The agreed acceptable error as a number that was stated, not measured."""
    if framing is None or framing.expectations is None:
        return None
    value = framing.expectations.acceptable_error
    if value is None:
        return None
    return given_number("framing.acceptable_error", value)


def _fallback(framing: Framing, kind: str) -> Said:
    says = framing.when_unsure.says if framing.when_unsure else ""
    how = say(f"framing.fallback_{kind}")
    if says:
        return say("framing.expect_fallback_says", fallback=how, says=says)
    return say("framing.expect_fallback", fallback=how)


def expects_all(framing: Framing | None) -> bool:
    """Whether the ratio and all four expectations have been said."""
    if framing is None or framing.expectations is None or framing.ratio is None:
        return False
    beside = {"success_metric"}
    return all(
        value not in (None, "")
        for name, value in framing.expectations
        if name not in beside
    )


def before_data(framing: Framing | None) -> tuple[Block, ...]:
    """Remind, on the page of the data, of expectations that are still open."""
    if expects_all(framing):
        return ()
    return (Paragraph(say("expected.before_data"), "quiet"),)


def _last_word(framing: Framing | None) -> tuple[Said, ...]:
    text = framing.last_word_today if framing else ""
    return (say("framing.last_word", text=text),) if text else ()


def clash_items(found: Sequence[Conflict]) -> tuple[Said, ...]:
    """Say what does not go together, in the words that the gaps use too."""
    return tuple(_clash(one) for one in found)


def _clash(one: Conflict) -> Said:
    values = {
        name: Number(
            id=f"conflict.{one.code}.{name}", value=value, unit="", assumed=True
        )
        if isinstance(value, float | int)
        else value
        for name, value in one.given.items()
    }
    return say(gap_key(f"expectation_{one.code}", one.given), **values)


def clash_view(found: Sequence[Conflict]) -> View:
    """Say what does not go together; nothing where all does."""
    if not found:
        return View(())
    return View((Paragraph(say("expected.clash")), Items(clash_items(found))))


def error_tied(error: float, per_week: float, unit: str) -> Said:
    """Say in people and weeks what an acceptable error comes to."""
    return say(
        "expected.tied",
        acceptable=given_number("tied.acceptable", error),
        wrong=given_number("tied.wrong", error * per_week, unit),
        per_week=given_number("tied.per_week", per_week, unit),
        unit=unit,
    )


def recap(
    record: Record,
    request: View,
    missing: Sequence[OutcomePart],
    bets: View,
    clashes: Sequence[Conflict] = (),
) -> Section:
    """Gather 01 into its Section."""
    framing = record.framing
    early = Fold(say("early.title"), (Items(early_items(framing)),))
    blocks: list[Block] = [
        *request.blocks,
        *_as_framed(framing),
        Heading(say("framing.expect_title")),
        *expectations_view(framing, clashes).blocks,
        early,
    ]
    if bets.blocks:
        blocks.append(Fold(say("framing.fold_bets"), bets.blocks))
    return Section(
        id="framing",
        title=say("section.framing"),
        status="undecided" if missing or not expects_all(framing) else "ok",
        headline=outcome_line(framing, missing),
        blocks=tuple(blocks),
    )


def _as_framed(framing: Framing | None) -> tuple[Block, ...]:
    """The kind of problem, and the wording that the pair kept."""
    if framing is None:
        return ()
    said: list[Said] = []
    if framing.kind is not None:
        said.append(say("problem.said", kind=say(f"problem.{framing.kind}")))
    kept = kept_said(framing.kept_wording)
    return tuple(Paragraph(one) for one in (*said, *((kept,) if kept else ())))


def outcome_view(framing: Framing | None, missing: Sequence[OutcomePart]) -> View:
    """The outcome as it was said, or what it lacks."""
    lead = Paragraph(outcome_line(framing, missing), "lead")
    return View((lead, *_as_framed(framing)))


def questions_view(framing: Framing | None) -> View:
    """The four early questions, as far as they were answered."""
    return View((Items(early_items(framing)),))


def early_items(framing: Framing | None) -> tuple[Said, ...]:
    """Each early question with its answer, or that there is none yet."""
    return tuple(early_said(framing, question) for question in EARLY_QUESTIONS)


def early_said(framing: Framing | None, question: EarlyQuestion) -> Said:
    """Say one early question and its answer, with who checks it and its date."""
    name = say(f"question_of.{question}")
    state = answered(framing, question)
    if framing is None or state in ("open", "unknown"):
        return say(f"early.{state}", question=name)
    text: str | Said = getattr(framing, question)
    if question == "engineering_there":
        text = say(f"early.{framing.engineering_there}")
    said = say("early.said", question=name, text=text)
    more = _beside(framing, question) if state == "said" else None
    return in_a_row(said, more) if more else said


def _beside(framing: Framing, question: EarlyQuestion) -> Said | None:
    if question == "rule":
        who = framing.rule_checked_by
        return say("early.checked_by", who=who) if who else say("early.unchecked")
    if question == "promised" and framing.promised_by:
        return say("early.due", by=framing.promised_by)
    return None


def expectations_view(
    framing: Framing | None, clashes: Sequence[Conflict] = ()
) -> View:
    """The four expectations as far as they were agreed, and what collides."""
    items = Items(expectation_items(framing) + _last_word(framing))
    return View((items, *clash_view(clashes).blocks))
