"""What step 04 shows of the options and their impact, put together from the values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from workshop.analysis.impact.assumptions import Assumptions
from workshop.analysis.impact.estimate import estimate_gain
from workshop.analysis.impact.people import people_affected
from workshop.analysis.impact.weighed import Weighed
from workshop.analysis.intervals import rate
from workshop.analysis.line import Line
from workshop.analysis.options.compared import Options
from workshop.analysis.options.maps import flip_of, hits_of
from workshop.analysis.options.table import OptionLines, option_lines
from workshop.analysis.readout import by_definition
from workshop.record.values import Number
from workshop.views import figures_impact as small
from workshop.views.recaps import impact as weeks
from workshop.views.recaps import options as tables
from workshop.views.recaps import user_impact as views
from workshop.views.section import Block, Figure, Fold, Items, Paragraph, Table
from workshop.views.wording import Said, phrase, say


@dataclass(frozen=True)
class Weighing:
    """The options of one record and all that the page says of them, each made once."""

    options: Options

    @cached_property
    def weighed(self) -> Weighed:
        """What the option in play comes to."""
        return Weighed(self.options)

    @cached_property
    def lines(self) -> OptionLines | None:
        """The table of options; None while nothing can be counted."""
        return option_lines(self.options)

    @cached_property
    def line(self) -> Line:
        """What follows about the line of the option in play."""
        return Line(self.options.evidence)


def titles_of(lines: OptionLines) -> dict[str, str]:
    """What each option is called."""
    return {line.id: tables.title_of(line) for line in lines.lines}


def letters_of(lines: OptionLines) -> dict[str, str]:
    """The letter of each option."""
    return {line.id: line.letter for line in lines.lines}


# people -----------------------------------------------------------------------------


def icons(options: Options, per_week: float) -> tuple[Block, ...]:
    """A hundred people as the option in play treats them, and how many each stands for.

    Nothing where no row is counted.
    """
    if not options.stands:
        return ()
    counts = options.placed[options.in_play].counts.tolist()
    tp, fp, fn, tn, asked_positive, asked_negative, *few = counts
    parts = (
        ("caught", tp),
        ("false_alarm", fp),
        ("missed", fn),
        ("asked", asked_positive + asked_negative + sum(few)),
        ("left_alone", tn),
    )
    picture = _icons(tuple(part for part in parts if part[1]), bool(sum(few)))
    return (picture, Paragraph(weeks.each_line(per_week), "quiet"))


@lru_cache(maxsize=8)  # the same people are shown again with every figure that moves
def _icons(parts: tuple[tuple[str, int], ...], shown_few: bool) -> Figure:
    names = {"asked": phrase("impact.shown_the_few")} if shown_few else None
    return Figure(
        small.icons_html(parts, names=names),
        small.icons_alt(parts, names=names),
        small.icons_twin(parts, names=names),
        say("impact.as_table"),
    )


def week_folds(
    weighed: Weighed, *, currency: str, brief: bool = False
) -> tuple[Block, ...]:
    """A week beside doing without, money by kind, and what if the world changes.

    ``brief`` tells of each change how it goes at its furthest.
    """
    options = weighed.options
    named = {
        kind: phrase(f"impact.way_{kind}") for kind in weighed.ways if kind != "chosen"
    }
    titles = {"chosen": _own_title(options)} | named
    blocks: list[Block] = [
        Fold(
            say("impact.more_week"),
            (weeks.week_table(weighed.ways, titles, currency=currency),),
        )
    ]
    if options.stands:
        own = options.estimates[weighed.own]
        blocks.append(
            Fold(say("impact.more_money"), (weeks.money_table(own, currency=currency),))
        )
    if weighed.drift is not None:
        scenes = weeks.drift_blocks(weighed.drift, currency=currency, brief=brief)
        blocks.append(Fold(say("impact.more_drift"), scenes))
    return tuple(blocks)


def _own_title(options: Options) -> str:
    offer = options.offer(options.in_play)
    return offer.candidate.title or phrase("options.title_nothing")


def weekly_of(options: Options) -> views.Weekly:
    """A week's decisions under the option in play, from the counts kept aside."""
    evidence = options.evidence
    policy = options.offer(options.in_play).policy if evidence.policy else None
    unit = evidence.scenario.decision.unit
    volume = Number(id="week.volume", value=evidence.per_week, unit=unit, assumed=True)
    if policy is None or policy.kind in ("today", "random"):
        wrong = people_affected(evidence.error, evidence.per_week, id="week.wrong")
        return views.Weekly(unit, volume, wrong, evidence.error)
    people = _people_a_week(options)
    if policy.kind in ("all", "none"):
        people["shown"] = by_definition(people["shown"])
    return views.Weekly(
        unit,
        volume,
        people["wrong"],
        evidence.error,
        shown=people["shown"],
        silent=people["silent"],
        asked=people["asked"] if people["asked"].k else None,
        money=_money(options),
        currency=evidence.payoff.unit,
    )


def _people_a_week(options: Options) -> dict[str, Number]:
    """Scale what happens to the rows kept aside to a week's decisions."""
    counts = options.placed[options.in_play].counts.tolist()
    tp, fp, fn, _, asked_positive, asked_negative, *_ = counts
    found = {
        "shown": tp + fp,
        "wrong": fp,
        "silent": fn,
        "asked": asked_positive + asked_negative,
    }
    n, deff = sum(counts), options.evidence.deff
    shares = {
        name: rate(f"share.{name}", int(k), n, rows="report", deff=deff)
        for name, k in found.items()
    }
    volume = options.evidence.per_week
    return {
        name: people_affected(share, volume, id=f"week.{name}")
        for name, share in shares.items()
    }


def _money(options: Options) -> tuple[Number, Number, Number] | None:
    """A week's money, and beside acting on everyone and on no one, over all draws."""
    payoff, own = options.evidence.payoff, options.estimates[options.in_play]
    if not any((payoff.tp, payoff.fp, payoff.fn, payoff.tn)):
        return None
    everyone, nobody = (
        estimate_gain(
            own, options.estimates[offer.id], "money", id=f"money.over_{kind}"
        )
        for kind, offer in options.trivial.items()
    )
    return own.numbers["money"], everyone, nobody


# what it rests on -------------------------------------------------------------------


def tornado_figure(weighed: Weighed, assumptions: Assumptions) -> Figure | None:
    """What matters most for a week's money; None where nothing does."""
    found = weighed.tornado_under(assumptions)
    if found is None or not found.swings:
        return None
    names = weeks.assumed_names(assumptions) | {"rows": phrase("impact.rows")}
    given = {"outcome": weeks.measure_name(found.outcome)}
    return Figure(
        small.tornado_html(found, names, **given),
        small.tornado_alt(found, names, **given),
        small.tornado_twin(found, names, **given),
        say("impact.as_table"),
    )


# A, B, C ------------------------------------------------------------------------------


def break_even_blocks(
    weighed: Weighed, lines: OptionLines
) -> tuple[Said | None, Table | None]:
    """The one sentence of the first screen, and the table that lies behind it."""
    if weighed.rival is None:
        return None, None
    own, other = lines.of(weighed.own), lines.of(weighed.rival)
    if own is None or other is None:
        return None, None
    names = weeks.assumed_names(weighed.options.assumptions)
    given = {"option": tables.lettered(own), "other": tables.lettered(other)}
    found = weighed.break_evens
    return (
        tables.break_even_line(found, names, **given),
        tables.break_even_table(found, names, **given),
    )


def option_folds(
    weighed: Weighed, lines: OptionLines, *, currency: str
) -> tuple[Block, ...]:
    """What folds out under the table: floors, maps, break-evens, who is hit."""
    return tuple(
        Fold(say(f"impact.{summary}"), blocks)
        for summary, blocks in (
            ("more_takes", (tables.takes_table(lines, currency=currency),)),
            ("more_dual", _dual(weighed, lines)),
            ("more_flip", _flip(weighed.options, lines)),
            ("more_front", _front(weighed.options, lines)),
            ("break_evens", _break_evens(weighed, lines)),
            ("more_groups", _groups(weighed.options, lines)),
        )
        if blocks
    )


def _dual(weighed: Weighed, lines: OptionLines) -> tuple[Block, ...]:
    from workshop.views import figures_tradeoff as pictures
    from workshop.views.figures_points import OptionPoint

    floors = weighed.floors
    own = floors.get(weighed.own)
    if own is None or own.business is None:
        return ()
    points = [
        OptionPoint(
            letter=line.letter,
            title=tables.title_of(line),
            x=error,
            y=floor.business.value,
            chosen=line.in_play,
            outside=bool(line.outside),
        )
        for line in lines.lines
        if (floor := floors.get(line.id)) is not None
        and floor.business is not None
        and (error := line.figures.get("error_among_answered")) is not None
    ]
    if not points:
        return ()
    given = {
        "labels": (
            phrase("picture.front_x"),
            weeks.measure_name(own.business.metric),
        )
    }
    drawn = (own.model, own.business)
    figure = Figure(
        pictures.plot_dual(points, *drawn, **given),
        pictures.dual_alt(points, *drawn, **given),
        pictures.dual_twin(points, *drawn, **given),
        say("impact.as_table"),
    )
    return (figure,)


def _flip(options: Options, lines: OptionLines) -> tuple[Block, ...]:
    found = flip_of(options)
    if found is None:
        return ()
    from workshop.views import figures_options as pictures

    titles, letters = titles_of(lines), letters_of(lines)
    return (
        Figure(
            pictures.plot_flip_map(found, titles, letters),
            pictures.flip_alt(found, titles, letters),
            pictures.flip_twin(found, letters),
            say("impact.as_table"),
        ),
        Paragraph(say("impact.flip_note"), "quiet"),
    )


def _front(options: Options, lines: OptionLines) -> tuple[Block, ...]:
    from workshop.views import figures_tradeoff as pictures
    from workshop.views.figures_points import OptionPoint

    points = [
        OptionPoint(
            letter=line.letter,
            title=tables.title_of(line),
            x=line.figures["error_among_answered"],
            y=line.figures["cost"],
            latency=line.figures.get("latency_ms_p95"),
            on_front=line.on_front,
            chosen=line.in_play,
            outside=bool(line.outside),
        )
        for line in lines.lines
        if {"error_among_answered", "cost"} <= line.figures.keys()
    ]
    if len(points) < 2:
        return ()
    measure = phrase("impact.front_cost")
    limits = (options.evidence.acceptable_error, None)
    return (
        Figure(
            pictures.plot_front(points, ylabel=measure, limits=limits),
            pictures.front_alt(points, measure=measure, limits=limits),
            pictures.front_twin(points, measure=measure),
            say("impact.as_table"),
        ),
    )


def _break_evens(weighed: Weighed, lines: OptionLines) -> tuple[Block, ...]:
    _, table = break_even_blocks(weighed, lines)
    return () if table is None else (table,)


def _groups(options: Options, lines: OptionLines) -> tuple[Block, ...]:
    line = next((line for line in lines.lines if line.in_play), None)
    if line is None or line.id not in options.placed:
        return ()
    return tuple(
        weeks.hits_table(hits, column, title=tables.title_of(line))
        for column, hits in hits_of(options, line.id).items()
        if hits
    )


def valued_blocks(weighed: Weighed, supposed: Assumptions) -> tuple[Block, ...]:
    """A week under other assumptions: a sentence, people, and what matters most."""
    options = weighed.options
    if not options.stands:
        return ()
    found = options.estimate_under(options.in_play, supposed, weeks.VALUED)
    tornado = tornado_figure(weighed, supposed)
    people = icons(options, float(supposed.likely["per_week"]))
    beside = weeks.valued_items(found)
    return (
        Paragraph(weeks.valued_line(found, currency=supposed.currency), "lead"),
        *((Items(beside),) if beside else ()),
        *(bare(block) for block in people),
        *(() if tornado is None else (bare(tornado),)),
    )


def bare(block: Block) -> Block:
    """A picture without its table: it is redrawn as somebody drags."""
    if not isinstance(block, Figure):
        return block
    return replace(block, twin=None, twin_label=None)
