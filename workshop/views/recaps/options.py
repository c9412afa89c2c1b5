"""A, B, C: which trade-off makes sense? One table to read aloud, and what lies behind.

The option in play stands first and is marked. What somebody stated and nobody measured
is marked as that, and what lies outside a limit is shown as outside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from workshop.analysis.impact.break_even import BreakEven
from workshop.analysis.options.table import HELD, OptionLine, OptionLines
from workshop.analysis.translated import in_round_figures
from workshop.record.values import Number
from workshop.views.amounts import amount, join
from workshop.views.section import Block, Fold, Items, Paragraph, Table
from workshop.views.wording import Said, say

COLUMNS = ("option", "acts", "wrong", "others", "against", "week", "outside")
TAKES = ("option", "wrong_beside", "time", "running", "ships")


def title_of(line: OptionLine) -> str:
    """What an option is called; those that are always there have the house's words."""
    return line.title or say(f"options.title_{line.kind}").text


def lettered(line: OptionLine) -> Said:
    """Give letter and title, and whether it is only stated."""
    key = "lettered_stated" if line.kind == "stated" else "lettered"
    return say(f"options.{key}", letter=line.letter, title=title_of(line))


def abc_table(lines: OptionLines, *, unit: str, currency: str) -> Table:
    """Every option on one screen: what it does, costs, takes, and breaks."""
    own = next(line for line in lines.lines if line.in_play)
    key = "caption" if lines.looks is not None else "caption_alone"
    values: dict[str, Number | str] = {"n": lines.rows, "letter": own.letter}
    if lines.looks is not None:
        values["looks"] = lines.looks
    given = {"unit": unit, "currency": currency, "letter": own.letter}
    return Table(
        say(f"options.{key}", **values),
        tuple(say(f"options.col_{name}", **given) for name in COLUMNS),
        tuple(_row(line) for line in lines.lines),
        marked=lines.lines.index(own),
    )


def _row(line: OptionLine) -> tuple[Said, ...]:
    return (
        lettered(line),
        _acts(line),
        _wrong(line),
        _others(line),
        _against(line),
        _week(line),
        _outside(line),
    )


def takes_table(lines: OptionLines, *, currency: str) -> Table:
    """What else there is to an option: errors beside, time, price, and the way back."""
    own = next(line for line in lines.lines if line.in_play)
    given = {"currency": currency, "letter": own.letter}
    return Table(
        say("options.takes_caption", letter=own.letter),
        tuple(say(f"options.col_{name}", **given) for name in TAKES),
        tuple(
            (
                say("options.letter", letter=line.letter),
                _wrong_beside(line),
                _time(line),
                _running(line),
                _ships(line),
            )
            for line in lines.lines
        ),
        marked=lines.lines.index(own),
    )


def _wrong_beside(line: OptionLine) -> Said:
    """How much more often it errs where it acts than the option in play does."""
    error = line.versus.error if line.versus else None
    if error is None or error.lo is None:
        return say("options.empty")
    return say("options.wrong_beside", error=error)


def _running(line: OptionLine) -> Said:
    running = line.figures.get("running")
    return (
        say("options.empty")
        if running is None
        else say("options.running", running=running)
    )


def _acts(line: OptionLine) -> Said:
    """Of 100, how many are acted on without a person."""
    acted = line.figures.get("coverage")
    if acted is None:
        return say("options.no_ratio")
    if line.kind == "stated":
        return say("options.acts_stated", acted=acted)
    return say("options.acts", acted=acted)


def _wrong(line: OptionLine) -> Said:
    """Of 100 of those acted on, how many wrongly."""
    error = line.figures.get("error_among_answered")
    if error is None:
        return say("options.empty")
    if line.kind == "stated":
        return say("options.wrong_stated", error=error)
    return say("options.wrong", error=error)


def _others(line: OptionLine) -> Said:
    """What happens to everyone who is not acted on."""
    asked, shown = line.figures.get("review_rate"), line.figures.get("shown")
    if shown is not None:
        right, lot = line.figures["right_among_shown"], line.figures.get("by_lot")
        if lot is None:
            return say("options.others_shown_alone", shown=shown, right=right)
        return say("options.others_shown", shown=shown, right=right, lot=lot)
    if asked is not None and asked.k:
        everyone = asked.k == asked.n
        key = "others_all_asked" if everyone else "others_asked"
        return say(f"options.{key}", asked=asked)
    if line.kind == "everyone" or line.kind == "stated":
        return say("options.empty")
    return say("options.others_silent")


def _against(line: OptionLine) -> Said:
    """What it costs more or less than the option in play, and whether that is told."""
    found = line.versus
    if line.in_play:
        return say("options.in_play")
    if found is None or found.cost.value is None:
        return say("options.not_compared")
    if found.cost.lo is None:
        return say("options.against_alone", cost=found.cost)
    if found.separated:
        key = "cheaper" if found.cost.value < 0 else "dearer"
        return say(f"options.against_{key}", cost=found.cost)
    return say("options.against_unclear", cost=found.cost)


def _time(line: OptionLine) -> Said:
    p50, p95 = (line.figures.get(f"latency_ms_p{q}") for q in (50, 95))
    if p50 is None or p95 is None:
        return say("options.empty")
    return say("options.time", p50=p50, p95=p95)


def _week(line: OptionLine) -> Said:
    money = line.figures.get("money")
    if money is None or money.value is None:
        return say("options.empty")
    key = "week" if money.lo is not None and money.hi is not None else "week_alone"
    return say(f"options.{key}", money=money)


def _outside(line: OptionLine) -> Said:
    if not line.outside:
        return say("options.none_keeps" if line.keeps is False else "options.empty")
    broken = [_broken(line, name) for name in line.outside]
    return say("options.outside", limits=join(broken))


def _broken(line: OptionLine, limit: str) -> Said:
    """A limit that is broken, by how much."""
    number, bound = line.figures[HELD[limit][0]], getattr(line.limits, limit)
    if HELD[limit][0] == "running":
        number = _each(number)
    base = f"option.{line.id}.{limit}"
    held = Number(id=base, value=bound, unit=number.unit, assumed=True)
    name, value = say(f"limit.{limit}").text, amount(number)
    return say("options.broken", name=name, value=value, bound=amount(held))


def _each(running: Number) -> Number:
    """Money a decision, of what is told of a million."""
    unit = running.unit.split(" ", 1)[0]
    value = None if running.value is None else running.value / 1e6
    update = {"id": f"{running.id}.each", "value": value, "unit": unit}
    return running.model_copy(update=update)


def _ships(line: OptionLine) -> Said:
    days, back = line.days_to_ship, line.reversible
    if days is None and not back:
        return say("options.empty")
    if days is None:
        return say("options.back", back=back)
    if not back:
        return say("options.days", days=days)
    return say("options.days_back", days=days, back=back)


def lead(lines: OptionLines, *, unit: str) -> Said:
    """The option in play as one would read it aloud."""
    line = next(line for line in lines.lines if line.in_play)
    acted = line.figures.get("coverage")
    error = line.figures.get("error_among_answered")
    named = {"letter": line.letter, "title": title_of(line), "unit": unit}
    if acted is None:
        return say("options.lead_open", **named)
    if error is None or error.value is None:
        return say("options.lead_none", **named)
    return say("options.lead", acted=acted, error=error, **named)


def surely_cheaper(lines: OptionLines) -> Said | None:
    """Name the options that the rows tell to cost less than the one in play."""
    own = next(line for line in lines.lines if line.in_play)
    better = [
        lettered(line)
        for line in lines.lines
        if line.versus and line.versus.separated and (line.versus.cost.value or 0) < 0
    ]
    if not better:
        return None
    return say("options.surely_cheaper", better=join(better), own=lettered(own))


def separation_items(lines: OptionLines) -> tuple[Said, ...]:
    """Say which options the rows cannot tell from the one in play, and what would."""
    own = next(line for line in lines.lines if line.in_play)
    said = []
    for line in lines.lines:
        found = line.versus
        if found is None or found.separated or found.cost.lo is None:
            continue
        given = {"letter": line.letter, "own": own.letter}
        if found.more_rows is None:
            said.append(say("options.same", **given))
            continue
        more = Number(
            id=f"versus.{line.id}.more_rows",
            value=float(in_round_figures(found.more_rows)),
            unit="rows",
            assumed=True,
        )
        said.append(say("options.more_rows", more=more, **given))
    return tuple(said)


def break_even_line(
    found: Sequence[BreakEven], names: dict[str, str], *, option: Said, other: Said
) -> Said | None:
    """Say as long as what the option pays, for what a wrong one costs if that is told.

    The worth of acting wrongly first, for it is what is argued about; else the first
    value that turns the choice.
    """
    if not found:
        return None
    by_name = {each.name: each for each in found}
    own = by_name.get("fp")
    if own is not None and (own.value.value or 0.0) < 0:
        return _as_cost(own, option=option, other=other)
    each = by_name.get("fp") or next((e for e in found if e.value.value), found[0])
    given = {"name": names[each.name], "option": option, "other": other}
    if each.pays in ("always", "never") or each.value.value is None:
        key = "always" if each.pays == "always" else "never"
        return say(f"options.break_even_{key}", **given)
    likely = Number(
        id=f"break_even.{each.name}.likely", value=each.likely, assumed=True
    )
    given |= {"value": each.value, "likely": likely, "now": _now(each)}
    return say(f"options.break_even_{each.pays}_{_how(each.value)}", **given)


def _how(value: Number) -> str:
    """Whether a value has a range to be said with it."""
    return "alone" if value.lo is None or value.hi is None else "ranged"


def _now(each: BreakEven) -> Said:
    """Whether it pays as things are assumed."""
    value = each.value.value or 0.0
    pays = each.likely > value if each.pays == "above" else each.likely < value
    return say("options.it_does" if pays else "options.it_does_not")


def _as_cost(each: BreakEven, *, option: Said, other: Said) -> Said:
    """The worth of acting wrongly, said as what it costs and not as less than 0."""
    value = each.value
    flipped = {"value": value.value, "lo": value.hi, "hi": value.lo}
    turned = {part: None if v is None else -v for part, v in flipped.items()}
    cost = value.model_copy(update={"id": "break_even.cost_of_wrong", **turned})
    likely = Number(
        id="break_even.cost_of_wrong.likely", value=-each.likely, assumed=True
    )
    given = {"option": option, "other": other, "now": _now(each), "unit": value.unit}
    side = "less" if each.pays == "above" else "more"
    key = f"options.break_even_cost_{side}_{_how(cost)}"
    return say(key, cost=cost, likely=likely, **given)


def break_even_table(
    found: Sequence[BreakEven], names: dict[str, str], *, option: Said, other: Said
) -> Table | None:
    """Every value at which the choice would turn, beside what is assumed of it."""
    if not found:
        return None
    return Table(
        say("options.break_even_caption", option=option, other=other),
        tuple(say(f"options.break_even_{c}") for c in ("name", "now", "at", "inside")),
        tuple(_break_even_row(each, names) for each in found),
    )


def _break_even_row(each: BreakEven, names: dict[str, str]) -> tuple[Said, ...]:
    base = f"break_even.{each.name}"
    ends = {"lo": each.low, "hi": each.high} if each.low < each.high else {}
    now = Number(id=f"{base}.assumed", value=each.likely, assumed=True, **ends)
    at = say(f"options.pays_{each.pays}")
    if each.value.value is not None:
        at = say(f"options.pays_{each.pays}_{_how(each.value)}", value=each.value)
    return (
        say("options.named", name=names[each.name]),
        assumed_said(now),
        at,
        say(f"options.inside_{'yes' if each.inside else 'no'}"),
    )


def assumed_said(figure: Number) -> Said:
    """Say what is assumed: the likely value, and its ends where they differ."""
    return say(f"options.now_{'figure' if figure.lo is None else 'range'}", now=figure)


def options_blocks(
    lines: OptionLines,
    *,
    unit: str,
    currency: str,
    break_even: Said | None,
) -> tuple[Block, ...]:
    """What stands on the screen first: a sentence, the table, one break-even."""
    blocks: list[Block] = [
        Paragraph(lead(lines, unit=unit), "lead"),
        *_paragraph(surely_cheaper(lines)),
        abc_table(lines, unit=unit, currency=currency),
    ]
    if break_even is not None:
        blocks.append(Paragraph(break_even))
    unclear = separation_items(lines)
    if unclear:
        blocks.append(Fold(say("options.fold_unclear"), (Items(unclear),)))
    if lines.lost:
        lost = Number(id="options.lost", value=float(lines.lost), unit="rows")
        blocks.append(Paragraph(say("impact.lost", lost=lost), "quiet"))
    if lines.few_sources:
        blocks.append(Paragraph(say("options.few_sources"), "quiet"))
    return tuple(blocks)


def _paragraph(said: Said | None) -> tuple[Paragraph, ...]:
    return () if said is None else (Paragraph(said, "warn"),)
