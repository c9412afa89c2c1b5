"""What does an option come to in a week: people, hours and money?

An option is ten shares of all decisions (`workshop.analysis.options.places.PLACES`);
what each place is worth, and how long it takes, somebody stated. Everything is a sum of
products, so one call does for the likely values, for ten thousand draws of them, or for
both, and nothing is looped over.

What a person is asked about ends as one of the four outcomes: of positives a share
``reviewer_sensitivity`` is acted on, of negatives a share ``reviewer_specificity`` is
left alone. Nothing here stops at the reviewers' hours: what does not fit into them is
counted as decided, and told by `workshop.analysis.impact.queue`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop.analysis.options.places import PLACES

Floats = NDArray[np.float64]
Amount = float | Floats
Given = Mapping[str, Amount]

WEEKS = 52
OUTCOMES = ("tp", "fp", "fn", "tn")


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Where an option puts decisions: on the rows kept aside, and in draws of them.

    ``observed`` has shape (10,), ``drawn`` (B, 10), both in the order of `PLACES`; each
    row adds up to 1. ``running`` is money that one decision costs to run; None where
    nobody stated it.
    """

    option: str
    observed: Floats
    drawn: Floats
    running: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Week:
    """One option's week; each field one figure, or an array of draws (read-only).

    None stands for what cannot be told because something it needs was not stated; NaN
    for what has nothing to be divided by.

    With N decisions a week, the outcomes *after* a person's answer in capitals
    (``TP = tp + asked_positive·sensitivity`` and so on):

    ``acted``
        N·(tp + fp): answered or acted on without a person.
    ``asked``, ``shown``
        Sent to a person; shown the best few.
    ``helped``
        N·(TP + right_positive + right_negative).
    ``wrong``
        N·FP: acted on wrongly, by the model or by a person.
    ``missed``
        N·(FN + wrong_positive): acting would have been right, and nobody did. A list
        without a right answer misleads nobody wholly, so it is no wrong answer.
    ``in_vain``
        N·wrong_negative: shown a list in which nothing was right, where the first
        answer would have been wrong as well.
    ``left_alone_rightly``
        N·TN. With the four before it, every decision is counted once.
    ``hours_today``, ``hours_spent``, ``hours_saved``
        N·minutes_today/60; the minutes of each place (a review's, and then those of the
        outcome; a list's, and where nothing on it was right those of one left alone);
        the first less the second.
    ``money_right``, ``money_wrong``, ``money_missed``
        N·(TP·tp + TN·tn), N·FP·fp, N·FN·fn, at the values of the payoff.
    ``money_reviews``, ``money_choices``
        N·asked·review; N·(right·choice_right + wrong·choice_wrong).
    ``payoff_money``
        The sum of these five: what the payoff alone says of a week.
    ``money_running``, ``money_events``
        Less N·running cost a decision; less events a week · cost_per_event.
    ``money``
        ``payoff_money`` with both; either counts nothing where nobody stated it.
    ``wrong_of_users``
        1 - (1 - wrong/N)^asks_per_user: users who meet at least one wrong answer, if
        one user's asks go wrong independently. A share of all asks, answered or not: an
        option that answers fewer meets fewer users with a wrong answer.
    ``active_share``
        seen·(1 - wrong_of_users·(1 - keep_after_wrong)): who sees it and keeps using
        it. NaN where nobody is answered, shown or asked about: nothing is there to use.
    ``events``
        wrong·52·events_per_1000_wrong/1000, a year.
    ``acted_per_success``
        (TP + FP)/TP: all that was acted on, after a person too, for one that was right.
    """

    acted: Amount
    asked: Amount
    shown: Amount
    helped: Amount
    wrong: Amount
    missed: Amount
    in_vain: Amount
    left_alone_rightly: Amount
    hours_today: Amount | None
    hours_spent: Amount | None
    hours_saved: Amount | None
    money_right: Amount | None
    money_wrong: Amount | None
    money_missed: Amount | None
    money_reviews: Amount | None
    money_choices: Amount | None
    payoff_money: Amount | None
    money_running: Amount | None
    money_events: Amount | None
    money: Amount | None
    wrong_of_users: Amount | None
    active_share: Amount | None
    events: Amount | None
    acted_per_success: Amount

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)


def week(shares: ArrayLike, values: Given, *, running: float | None = None) -> Week:
    """What shares of decisions come to in a week.

    Parameters
    ----------
    shares
        Shape (..., 10), in the order of `PLACES`; each row adds up to 1.
    values
        Assumptions by name, each one figure or an array that goes with ``shares``
        without its last axis. ``per_week`` is needed.
    running
        Money that one decision costs to run; None where nobody stated it.
    """
    part = _by_place(np.asarray(shares, dtype=np.float64))
    ends = _after_review(part, values)
    volume = values["per_week"]
    people = _people(part, ends, volume)
    money = _money(part, ends, values)
    events = _events(people["wrong"], values)
    told: dict[str, Any] = {
        **people,
        **_hours(part, ends, values),
        **money,
        **_with_costs(money["payoff_money"], events, volume, running, values),
        **_use(people, volume, values),
        "events": events,
        "acted_per_success": _ratio(_sum(ends["tp"], ends["fp"]), ends["tp"]),
    }
    return Week(**told)


def weekly_money(
    shares: ArrayLike, values: Given, *, running: float | None = None
) -> Amount | None:
    """``week(…).money`` alone, for those who ask for it many times over."""
    part = _by_place(np.asarray(shares, dtype=np.float64))
    ends = _after_review(part, values)
    volume = values["per_week"]
    events = _events(ends["fp"] * volume, values)
    payoff = _money(part, ends, values)["payoff_money"]
    return _with_costs(payoff, events, volume, running, values)["money"]


def _by_place(shares: Floats) -> dict[str, Amount]:
    """The share of each place; a plain 0.0 where no draw puts any row there."""
    # one place's draws side by side in memory: each is read many times
    columns = np.ascontiguousarray(np.moveaxis(shares, -1, 0))
    return {
        name: column if column.any() else 0.0
        for name, column in zip(PLACES, columns, strict=True)
    }


def _unused(share: Amount) -> bool:
    return np.ndim(share) == 0 and not share


def _sum(*shares: Amount) -> Amount:
    used = [share for share in shares if not _unused(share)]
    return sum(used[1:], start=used[0]) if used else 0.0


def _times(share: Amount, factor: Amount) -> Amount:
    return 0.0 if _unused(share) else share * factor


def _after_review(part: dict[str, Amount], values: Given) -> dict[str, Amount]:
    """The four outcomes, with what a person makes of those they are asked about."""
    right = values.get("reviewer_sensitivity", 1.0)
    clear = values.get("reviewer_specificity", 1.0)
    positive, negative = part["asked_positive"], part["asked_negative"]
    return {
        "tp": _sum(part["tp"], _times(positive, right)),
        "fp": _sum(part["fp"], _times(negative, 1 - clear)),
        "fn": _sum(part["fn"], _times(positive, 1 - right)),
        "tn": _sum(part["tn"], _times(negative, clear)),
    }


def _people(
    part: dict[str, Amount], ends: dict[str, Amount], volume: Amount
) -> dict[str, Amount]:
    asked = _sum(part["asked_positive"], part["asked_negative"])
    right = _sum(part["right_positive"], part["right_negative"])
    shown = _sum(right, part["wrong_positive"], part["wrong_negative"])
    shares = {
        "acted": _sum(part["tp"], part["fp"]),
        "asked": asked,
        "shown": shown,
        "helped": _sum(ends["tp"], right),
        "wrong": ends["fp"],
        "missed": _sum(ends["fn"], part["wrong_positive"]),
        "in_vain": part["wrong_negative"],
        "left_alone_rightly": ends["tn"],
    }
    return {name: share * volume for name, share in shares.items()}


def _worth(parts: Iterable[tuple[Amount, str]], values: Given) -> Amount | None:
    """Sum of share × value; None where a share in use has no value."""
    found = [(share, values.get(name)) for share, name in parts if not _unused(share)]
    if any(value is None for _, value in found):
        return None
    return _sum(*(share * value for share, value in found if value is not None))


def _hours(
    part: dict[str, Amount], ends: dict[str, Amount], values: Given
) -> dict[str, Amount | None]:
    empty_positive, empty_negative = part["wrong_positive"], part["wrong_negative"]
    minutes = _worth(
        (
            (ends["tp"], "minutes_tp"),
            (ends["fp"], "minutes_fp"),
            (_sum(ends["fn"], empty_positive), "minutes_fn"),
            (_sum(ends["tn"], empty_negative), "minutes_tn"),
            (_sum(part["asked_positive"], part["asked_negative"]), "minutes_review"),
            (_shown(part), "minutes_choice"),
        ),
        values,
    )
    volume, each = values["per_week"], values.get("minutes_today")
    today = None if each is None else volume * each / 60
    spent = None if minutes is None else minutes * volume / 60
    saved = None if today is None or spent is None else today - spent
    return {"hours_today": today, "hours_spent": spent, "hours_saved": saved}


def _shown(part: dict[str, Amount]) -> Amount:
    return _sum(*(part[name] for name in PLACES[6:]))


def _money(
    part: dict[str, Amount], ends: dict[str, Amount], values: Given
) -> dict[str, Amount | None]:
    asked = _sum(part["asked_positive"], part["asked_negative"])
    right = _sum(part["right_positive"], part["right_negative"])
    wrong = _sum(part["wrong_positive"], part["wrong_negative"])
    kinds = {
        "money_right": ((ends["tp"], "tp"), (ends["tn"], "tn")),
        "money_wrong": ((ends["fp"], "fp"),),
        "money_missed": ((ends["fn"], "fn"),),
        "money_reviews": ((asked, "review"),),
        "money_choices": ((right, "choice_right"), (wrong, "choice_wrong")),
    }
    volume = values["per_week"]
    found: dict[str, Amount | None] = {}
    for kind, parts in kinds.items():
        each = _worth(parts, values)
        found[kind] = None if each is None else each * volume
    return found | {"payoff_money": _total(found.values())}


def _total(amounts: Iterable[Amount | None]) -> Amount | None:
    found = list(amounts)
    if any(amount is None for amount in found):
        return None
    return _sum(*(amount for amount in found if amount is not None))


def _with_costs(
    payoff: Amount | None,
    events: Amount | None,
    volume: Amount,
    running: float | None,
    values: Given,
) -> dict[str, Amount | None]:
    each = values.get("cost_per_event")
    risk = None if events is None or each is None else -events / WEEKS * each
    run = None if running is None else -running * volume
    costs = [cost for cost in (run, risk) if cost is not None]
    return {
        "money_running": run,
        "money_events": risk,
        "money": _total((payoff, *costs)),
    }


def _events(wrong: Amount, values: Given) -> Amount | None:
    often = values.get("events_per_1000_wrong")
    return None if often is None else wrong * WEEKS * often / 1000


def _use(
    people: dict[str, Amount], volume: Amount, values: Given
) -> dict[str, Amount | None]:
    asks = values.get("asks_per_user")
    if asks is None:
        return {"wrong_of_users": None, "active_share": None}
    met = 1 - (1 - _ratio(people["wrong"], volume)) ** asks
    seen, keep = values.get("seen"), values.get("keep_after_wrong")
    if seen is None or keep is None:
        return {"wrong_of_users": met, "active_share": None}
    served = _sum(people["acted"], people["asked"], people["shown"])
    active = np.where(np.asarray(served) > 0, seen * (1 - met * (1 - keep)), np.nan)
    return {"wrong_of_users": met, "active_share": active[()]}


def _ratio(part: Amount, whole: Amount) -> Floats:
    """Part of whole: infinite where there is no whole, NaN where there is no part."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found: Floats = np.divide(part, whole)
    return found
