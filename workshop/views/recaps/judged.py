"""What a model judge says of the error, and how far people bear it out."""

from __future__ import annotations

from workshop.analysis.judge import JudgedRate
from workshop.record.values import Number
from workshop.views.section import Block, Heading, Items, Paragraph, Table
from workshop.views.wording import Said, say


def judged_blocks(found: JudgedRate) -> tuple[Block, ...]:
    """Say the judge's rate raw and corrected, or why it is not corrected.

    One sentence, ways out where the correction is refused, a table of every rate with
    its range, and what the figures take for granted.
    """
    blocks: list[Block] = [
        Heading(say("judged.title")),
        Paragraph(lead_said(found), "plain" if found.refused is None else "warn"),
    ]
    if found.refused is not None:
        blocks.append(Items(_ways(found)))
    blocks.append(_table(found))
    blocks += [Paragraph(note, "quiet") for note in _notes(found)]
    return tuple(blocks)


def lead_said(found: JudgedRate) -> Said:
    """Say raw against corrected in one sentence, or that nothing is corrected."""
    if found.corrected is not None:
        return say("judged.lead_corrected", raw=found.raw, corrected=found.corrected)
    values: dict[str, Number | Said] = {"raw": found.raw, "people": found.people}
    if found.refused == "one_class":
        wrong = "wrong" if found.people.k else "right"
        values["kind"] = say(f"judged.kind_{wrong}")
    return say(f"judged.lead_{found.refused}", **values)


def _ways(found: JudgedRate) -> tuple[Said, ...]:
    """What to do where the judge could not be corrected."""
    ways = []
    if found.refused == "near_chance":
        ways.append(say("judged.way_mend"))
    elif found.refused == "misfit":
        ways.append(say("judged.way_draw"))
    elif found.labels_needed is not None:
        ways.append(say("judged.way_more", needed=found.labels_needed))
    else:
        ways.append(say("judged.way_more_open"))
    if found.few_sources:
        ways.append(say("judged.way_more_sources"))
    if found.at_random:
        ways.append(say("judged.way_people", people=found.people))
    else:
        ways.append(say("judged.way_people_drawn"))
    return tuple(ways)


def _table(found: JudgedRate) -> Table:
    corrected = say("judged.not_shown")
    if found.corrected is not None:
        corrected = _cell(found.corrected)
    rows = [
        (say("judged.row_raw"), _cell(found.raw)),
        (say("judged.row_corrected"), corrected),
    ]
    if found.powered is not None:
        rows.append((say("judged.row_powered"), _cell(found.powered)))
        rows.append((say("judged.row_people"), _cell(found.people)))
    rows += [
        (say("judged.row_sensitivity"), _cell(found.sensitivity)),
        (say("judged.row_specificity"), _cell(found.specificity)),
        (say("judged.row_beyond_chance"), _index(found.beyond_chance)),
        (say("judged.row_agreement"), _cell(found.agreement)),
        (say("judged.row_kappa"), _index(found.kappa)),
    ]
    if (runs := found.repeats) is not None:
        rows += [
            (say("judged.row_differ", runs=runs.runs), _cell(runs.differ)),
            (say("judged.row_spread"), say("judged.spread", rate=runs.spread)),
        ]
    caption = say("judged.caption")
    if found.title:
        caption = say("judged.caption_named", title=found.title)
    columns = say("judged.col_figure"), say("judged.col_value")
    return Table(caption, columns, tuple(rows))


def _cell(number: Number) -> Said:
    """A share of 100 with its count, where it is one, and its range."""
    if number.value is None:
        return say("judged.cannot_tell")
    return say(
        "judged.share" if number.k is not None else "judged.estimate", rate=number
    )


def _index(number: Number | None) -> Said:
    """A figure that is no share; there is none where one word was used for all."""
    if number is None or number.value is None:
        return say("judged.cannot_tell")
    return say("judged.index", rate=number)


def _notes(found: JudgedRate) -> tuple[Said, ...]:
    notes = [say("judged.positive", means=found.means)] if found.means else []
    if found.clipped:
        notes.append(say("judged.clipped"))
    if found.corrected is not None or found.powered is not None:
        notes.append(say("judged.overlap"))
    if not found.at_random:
        notes.append(say("judged.not_drawn"))
    if found.few_sources:
        notes.append(say("judged.few_sources"))
    return tuple(notes)
