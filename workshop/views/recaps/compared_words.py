"""What one record says of one choice, in words; and what it saw when it said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workshop.record.terms import DECISIONS
from workshop.record.values import Number
from workshop.views.recaps.common import owner_said
from workshop.views.wording import Said, as_written, has, say
from workshop.views.wording.formats import NOT_KNOWN

if TYPE_CHECKING:
    from workshop.analysis.compared import Choice, Spread
    from workshop.analysis.compared_values import Saw, Value

UNITLESS = ("", "score", "false alarms per miss")


@dataclass(frozen=True)
class CompareWords:
    """What records do not hold: the scenario's currency, empty where it is not known.

    ``many_data`` says that not all saw the same data, so that each says which it saw.
    """

    currency: str = ""
    many_data: bool = False


def topic_said(choice: Choice) -> Said:
    """Say what a choice is about."""
    if choice.kind == "right":
        ours = DECISIONS.get(choice.about, choice.about)
        return say("compare.topic.right", decision=ours)
    if choice.kind not in ("clause", "result"):
        return say(f"compare.topic.{choice.id}")
    metric, _, part = choice.about.partition(" ")
    name = say(f"metric.{metric}.name")
    if part:
        name = say("compare.topic.of_slice", metric=name, slice=part)
    return say(f"compare.topic.{choice.kind}_{choice.side}", metric=name)


def value_said(choice: Choice, value: Value, words: CompareWords) -> Said:
    """Say what one record says, or that it says nothing yet."""
    if value.state in ("undecided", "absent", "borrowed"):
        own = f"compare.state.absent_{choice.kind}"
        key = own if value.state == "absent" and has(own) else ""
        return say(key or f"compare.state.{value.state}")
    if value.state == "not_agreed":
        return _not_agreed(choice, value, words)
    return _SAYERS[choice.kind](value, words)


def _not_agreed(choice: Choice, value: Value, words: CompareWords) -> Said:
    if value.words or value.terms or value.numbers:
        said = _SAYERS[choice.kind](value, words)
        return say("compare.state.not_agreed_said", said=said)
    product, engineering = value.aside["product"], value.aside["engineering"]
    if not product and not engineering:
        return say("compare.state.not_agreed")
    given = {"product": product or NOT_KNOWN, "engineering": engineering or NOT_KNOWN}
    return say("compare.state.positions", **given)


def with_saw(said: Said, saw: Saw | None, words: CompareWords) -> Said:
    """Add what was seen, where anything was kept."""
    told = saw_said(saw, words)
    return said if told is None else say("compare.line_saw", said=said, saw=told)


def saw_said(saw: Saw | None, words: CompareWords) -> Said | None:
    """Say the counts that were seen, of which rows, and which data where it differs."""
    if saw is None:
        return None
    place = Number(id=f"data.{saw.data_as}", value=float(saw.data_as), unit="place")
    told = words.many_data and saw.data_as > 0
    if not saw.figures:
        return say("compare.saw.only_data", place=place) if told else None
    figures = joined(_figures(saw))
    if not saw.rows:
        given = {"figures": figures, "place": place}
        return say("compare.saw.data", **given) if told else figures
    rows = _rows_said(saw.rows)
    if told:
        return say("compare.saw.data_rows", figures=figures, rows=rows, place=place)
    return say("compare.saw.rows", figures=figures, rows=rows)


def _rows_said(rows: str) -> Said | str:
    """Name the rows that the house has a name for; leave a pair's own words alone."""
    if rows == "kept aside":
        return say("compare.saw.rows_kept_aside")
    return say("compare.saw.rows_all") if rows == "all" else rows


def _figures(saw: Saw) -> list[Said]:
    return [
        say("compare.saw.figure", metric=say(f"metric.{name}.name"), n=number)
        for name, number in saw.figures.items()
    ]


def spread_said(choice: Choice, words: CompareWords, *, many: bool = False) -> Said:
    """Say from where to where the figures reach, and how far that is."""
    spread: Spread | None = choice.spread
    if spread is None:
        return say("compare.no_range")
    given = {
        "low": amount_said(spread.low, words),
        "high": amount_said(spread.high, words),
    }
    if many:
        middle = amount_said(spread.middle, words)
        return say("compare.range_many", middle=middle, **given)
    return say("compare.range", apart=_far(spread.apart, words), **given)


def far_said(choice: Choice, words: CompareWords) -> Said:
    """Say only how far apart the figures are."""
    if choice.spread is None:
        return say("compare.no_range")
    return say("compare.far", apart=_far(choice.spread.apart, words))


def _far(apart: Number, words: CompareWords) -> Said:
    if apart.unit == "share":
        return say("compare.says.points", n=apart)
    return amount_said(apart, words)


def amount_said(number: Number, words: CompareWords) -> Said:
    """Say a figure in its unit; one that was stated as it was stated, unrounded."""
    if number.unit == "share":
        counted = "" if number.assumed else "_counted"
        return say(f"compare.says.share{counted}", share=number)
    bare = say("compare.says.ratio", ratio=number)
    if number.unit in UNITLESS:
        return bare
    unit = words.currency if number.unit == "money" else number.unit
    return say("compare.says.amount_unit", amount=bare, unit=unit) if unit else bare


def joined(parts: Sequence[Said]) -> Said:
    """Put several sayings behind each other; at least one."""
    said = parts[0]
    for part in parts[1:]:
        said = say("compare.list", first=said, then=part)
    return said


# --- one sayer for each kind of choice -----------------------------------------------


def _words(value: Value, words: CompareWords) -> Said:
    return say("compare.says.words", text=value.words["text"])


def _outcome(value: Value, words: CompareWords) -> Said:
    by = value.terms["by"] or say("compare.says.no_date")
    measure = value.words["measure"]
    return say("compare.says.outcome", measure=measure, by=by, **value.numbers)


def _share(value: Value, words: CompareWords) -> Said:
    return say("compare.says.share", share=value.numbers["share"])


def _ratio(value: Value, words: CompareWords) -> Said:
    return say("compare.says.ratio_unit", ratio=value.numbers["ratio"])


def _fallback(value: Value, words: CompareWords) -> Said:
    said = say(f"framing.fallback_{value.terms['fallback']}")
    says = value.aside.get("says")
    if not says:
        return said
    return say("compare.says.fallback_says", fallback=said, says=says)


def _risks(value: Value, words: CompareWords) -> Said:
    if not value.terms:
        return say("compare.says.risks_none")
    return joined([as_written(code) for code in value.terms])


def _policy(value: Value, words: CompareWords) -> Said:
    said = say(f"compare.says.policy_{value.terms['kind']}", **value.numbers)
    if option := value.words.get("option"):
        return say("compare.says.policy_of", policy=said, option=option)
    return said


def _option(value: Value, words: CompareWords) -> Said:
    return as_written(value.words["option"])


def _floor(value: Value, words: CompareWords) -> Said:
    named = value.terms.get("metric", "")
    own = value.words.get("measure")
    measure: Said | str = own or say(f"metric.{named}.name")
    for side, bound in value.numbers.items():
        given = {"measure": measure, "bound": amount_said(bound, words)}
        return say(f"compare.says.floor_{side}", **given)
    return say("compare.says.floor_open", measure=measure)


def _right(value: Value, words: CompareWords) -> Said:
    said = say("compare.says.right", owner=owner_said(value.terms["owner"]))
    if consulted := value.terms["consulted"]:
        given = {"owner": owner_said(value.terms["owner"])}
        asked = owner_said(consulted)
        said = say("compare.says.right_consulted", consulted=asked, **given)
    others = value.aside.get("asked")
    return say("compare.says.right_asked", said=said, asked=others) if others else said


def _clause(value: Value, words: CompareWords) -> Said:
    bound = value.numbers[value.leads]
    said = say(
        "compare.says.clause",
        bound=amount_said(bound, words),
        window=value.words["window"],
        owner=owner_said(value.terms["owner"]),
    )
    then = value.aside.get("then")
    return say("compare.says.clause_then", said=said, then=then) if then else said


def _date(value: Value, words: CompareWords) -> Said:
    return as_written(value.terms["date"])


def _left(value: Value, words: CompareWords) -> Said:
    return joined([_place_said(about) for about in value.words.values()])


def _place_said(about: str) -> Said:
    """A place of the record by its name; anything else is the pair's own words."""
    key = f"about.{about.replace('.', '_')}"
    return say(key) if has(key) else say("compare.says.words", text=about)


def _result(value: Value, words: CompareWords) -> Said:
    return say(f"compare.says.result_{value.terms['state']}", at=value.aside["at"])


_SAYERS = {
    "words": _words,
    "outcome": _outcome,
    "share": _share,
    "ratio": _ratio,
    "fallback": _fallback,
    "risks": _risks,
    "policy": _policy,
    "option": _option,
    "floor": _floor,
    "right": _right,
    "clause": _clause,
    "date": _date,
    "left": _left,
    "result": _result,
}
