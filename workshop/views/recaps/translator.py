"""What does the other one mean by that, and what can be done about it?

Each card is a row of `translator_cards.CARDS`. Of each tuple of sentences the first is
said whose numbers this record has; what a sentence needs is read from the sentence
itself. A card whose first tuple has none says what is missing and what to ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter

from workshop.analysis.options.table import OptionLine
from workshop.analysis.translated import Rule
from workshop.record.currencies import CURRENCIES
from workshop.record.terms import BUSINESS, METRICS
from workshop.record.values import Number
from workshop.views.amounts import amount, reach
from workshop.views.recaps.options import title_of
from workshop.views.recaps.translator_cards import CARDS, Keys, Spoken
from workshop.views.section import Block, Card, Fold, Table
from workshop.views.wording import Said, has, phrase, say
from workshop.views.wording.formats import show

Values = Mapping[str, Number | str | Said]


@dataclass(frozen=True, slots=True)
class Translating:
    """What one record has to say, gathered once.

    ``values`` are the numbers and names of each card, ``named`` the options behind it
    with the rule that picked each, ``missed`` how many a week each option leaves out.
    ``metrics`` are the words that both sides share, with the number of the option in
    play where there is one.
    """

    values: Mapping[str, Values] = field(default_factory=dict)
    named: Mapping[str, tuple[tuple[Rule, OptionLine], ...]] = field(
        default_factory=dict
    )
    missed: Mapping[str, Number] = field(default_factory=dict)
    metrics: Mapping[str, Number] = field(default_factory=dict)
    own: OptionLine | None = None


NOTHING = Translating()
"""Where there is no record."""


def translator_blocks(given: Translating, place: str) -> tuple[Block, ...]:
    """The cards that belong beside one figure, behind one line to open.

    They are for two who talk; a report, which is read, goes without.
    """
    line = say("translator.fold", about=say(f"translator.place_{place}"))
    return (Fold(line, cards_at(given, place)),)


def glossary_blocks(given: Translating | None) -> tuple[Block, ...]:
    """Every word for both sides, behind one line; without a record the words alone."""
    return (Fold(say("translator.words_title"), (words_table(given or NOTHING),)),)


def cards_at(given: Translating, place: str) -> tuple[Card, ...]:
    """The cards of one of `PLACES`, in the order of `CARDS`."""
    return tuple(card_of(given, each) for each in CARDS if each.place == place)


def card_of(given: Translating, spoken: Spoken) -> Card:
    """One card: the line as it is said, the answer, and the options behind it."""
    values = given.values.get(spoken.id, {})
    answer, found = _answer(spoken, values)
    named = given.named.get(spoken.id, ())
    if len(named) < 2:
        named = ()  # staying as it is, alone, is no choice
    complete = found and bool(named or not spoken.rules)
    asks = (say(f"translator.{spoken.id}.ask"),) if complete else ()
    metrics = [m for m in spoken.metrics if m in given.metrics]
    return Card(
        title=_first(spoken.id, ("line", "line_open"), values) or Said("", {}),
        tag=say(f"translator.by_{spoken.who}"),
        said=(*answer, *asks),
        ways=tuple(_way(given, line, spoken.tells) for _, line in named),
        foot=_rules(named),
        behind=_both(given, metrics) if metrics else None,
        label=say("translator.both") if metrics else None,
    )


def _answer(spoken: Spoken, values: Values) -> tuple[tuple[Said, ...], bool]:
    """The sentences that can be said; else what is missing. Whether it is the first."""
    said = [_first(spoken.id, keys, values) for keys in spoken.said]
    if said[0] is None:
        missing = _first(spoken.id, ("missing", "missing_all"), values)
        return ((missing,) if missing else ()), False
    besides = (_first(spoken.id, (key,), values) for key in spoken.besides)
    said += [each for each in besides if each not in said]
    return tuple(each for each in said if each is not None), True


def _first(card: str, keys: Iterable[str], values: Values) -> Said | None:
    """The first of some sentences whose every number is known; None where none is."""
    for key in keys:
        name = f"translator.{card}.{key}"
        if has(name) and _can_say(phrase(name), values):
            return say(name, **values)
    return None


def _can_say(template: str, values: Values) -> bool:
    """Whether each part that the sentence shows of a number is there."""
    for _, name, spec, _ in Formatter().parse(template):
        if name is None:
            continue
        value = values.get(name)
        if value is None:
            return False
        if isinstance(value, Number) and show(value, spec or "").exact is None:
            return False
    return True


# --- the options behind a line -------------------------------------------------------

_WAY: tuple[Keys, ...] = (
    ("acts", "stated"),
    ("all_asked", "asked"),
    ("few",),
    ("silent",),
    ("by_people",),
    ("wrong",),
    ("missed",),
    ("cost",),
    ("cheaper", "dearer", "unclear", "same"),
    ("outside",),
)


def _way(given: Translating, line: OptionLine, tells: Keys) -> Said:
    """An option by letter and title, with what it does and whether that is told."""
    missed = given.missed.get(line.id)
    values: Values = {
        **line.figures,
        **({"people_missed": missed} if missed and missed.value else {}),
        "own": given.own.letter if given.own else "",
        "limits": ", ".join(say(f"limit.{name}").text for name in line.outside),
    }
    found = (_first("way", _about(line, keys, tells), values) for keys in _WAY)
    parts = {f"part{i}": part for i, part in enumerate(found) if part is not None}
    joined = Said("; ".join(f"{{{name}}}" for name in parts), dict(parts))
    return say(
        "translator.way.whole", letter=line.letter, title=title_of(line), parts=joined
    )


def _about(line: OptionLine, keys: Keys, tells: Keys) -> Keys:
    """Those of some sentences that are asked for and about such an option at all."""
    asked, versus = line.figures.get("review_rate"), line.versus
    told = versus is not None and versus.separated
    less = versus is not None and (versus.cost.value or 0.0) < 0
    only_if = {
        "acts": line.kind != "stated",
        "stated": line.kind == "stated",
        "all_asked": asked is not None and bool(asked.n) and asked.k == asked.n,
        "asked": asked is not None and bool(asked.k),
        "silent": line.kind == "nothing",
        "by_people": line.kind == "people",
        "wrong": "wrong" in tells and line.kind not in ("people", "nothing"),
        "missed": "missed" in tells and line.kind not in ("people", "everyone"),
        "cost": "cost" in tells,
        "same": line.in_play,
        "cheaper": told and less,
        "dearer": told and not less,
        "unclear": versus is not None and not told,
        "outside": bool(line.outside),
    }
    return tuple(key for key in keys if only_if.get(key, True))


def _rules(named: Sequence[tuple[Rule, OptionLine]]) -> Said | None:
    if not named:
        return None
    first, second = (say(f"translator.rule_{rule}") for rule, _ in named)
    return say("translator.rules", first=first, second=second)


# --- the same for both sides ---------------------------------------------------------


def words_table(given: Translating) -> Table:
    """Every metric and measure in one sentence for either side, with its one number."""
    own = given.own
    caption = say("translator.words_caption_open")
    if own is None or not given.metrics:
        return Table(caption, _columns(), tuple(map(_words, (*METRICS, *BUSINESS))))
    caption = say("translator.words_caption", letter=own.letter, title=title_of(own))
    rows = tuple(
        (*_words(name), _here(given.metrics.get(name)))
        for name in (*METRICS, *BUSINESS)
    )
    return Table(caption, (*_columns(), say("translator.col_here")), rows)


def _columns() -> tuple[Said, ...]:
    names = ("translator.col_word", "framing.col_product", "framing.col_engineering")
    return tuple(say(name) for name in names)


def _here(number: Number | None) -> Said:
    if number is None or number.value is None:
        return say("translator.here.none")
    return _for_product(number)


def _both(given: Translating, metrics: Sequence[str]) -> Table:
    """The words of one card, with their numbers as either side reads them."""
    rows = tuple(_word(name, given.metrics[name]) for name in metrics)
    return Table(Said("", {}), _columns(), rows)


def _word(name: str, number: Number) -> tuple[Said, ...]:
    """A word, and what it means to either side, with its number."""
    word, product, engineering = _words(name)
    here, counted = _for_product(number), _for_engineering(number)
    return (
        word,
        say("translator.here.product", meaning=product, here=here),
        say("translator.here.engineering", formula=engineering, here=counted),
    )


def _words(name: str) -> tuple[Said, Said, Said]:
    """Name, meaning and formula of a word of the closed lists."""
    if name in METRICS:
        return (
            say(f"metric.{name}.name"),
            say(f"metric.{name}.product"),
            say(f"metric.{name}.engineering"),
        )
    return (
        say(f"measure.{name}.name"),
        say(f"measure.{name}.product"),
        say(f"measure.{name}.engineering"),
    )


def _for_product(number: Number) -> Said:
    """A number as people read it; money with what it is counted in."""
    ranged = number.lo is not None and number.hi is not None
    if number.unit == METRICS["net_benefit"].unit:
        return say("translator.here.in_100", n=number)
    if number.unit == BUSINESS["acted_per_success"].unit:
        said = say("picture.amount_num", n=number)
        return say("picture.reach_num", amount=said, n=number) if ranged else said
    said = reach(number) if ranged else amount(number)
    if number.unit.split(" ", 1)[0] in CURRENCIES:
        return say("translator.here.money", amount=said, unit=number.unit)
    return said


def _for_engineering(number: Number) -> Said:
    """The same number with counts, interval and method, as far as it has them."""
    values = {"n": number, "method": number.method or ""}
    for key in ("counted", "sure", "ranged", "plain"):
        if _can_say(phrase(f"translator.here.{key}"), values):
            return say(f"translator.here.{key}", **values)
    raise AssertionError("a number without a value is not said")
