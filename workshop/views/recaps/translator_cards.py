"""Which lines do people say, and what is the shape of each answer?

A row a card: its id heads its sentences in the catalogue, `translator.<id>.<key>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workshop.analysis.translated import Rule
from workshop.record.values import Role

Place = Literal["people", "options", "values", "line", "groups"]
Keys = tuple[str, ...]

PLACES: tuple[Place, ...] = ("people", "options", "values", "line", "groups")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line that people say, and the shape of its answer.

    ``place`` is the figure it belongs beside. Of each tuple in ``said`` the first
    sentence is said whose numbers are known; of ``besides`` each one is. ``rules`` name
    two options of the record, and ``tells`` what to say of them: how many go ``wrong``
    or are ``missed`` a week, what they ``cost``. ``metrics`` are told once for each
    side.
    """

    id: str
    place: Place
    who: Role
    said: tuple[Keys, ...]
    rules: tuple[Rule, ...] = ()
    metrics: Keys = ()
    tells: Keys = ()
    besides: Keys = ()


ERROR, COST, WRONG = "error_among_answered", "expected_cost", "people_wrong"
PM: Role = "product"
ENG: Role = "engineering"

# fmt: off
CARDS: tuple[Spoken, ...] = (
    Spoken("hallucinating", "people", ENG, (("counted", "everyone"), ("agreed",)),
           ("fewest_wrong", "person"), (ERROR,), tells=("wrong",)),
    Spoken("accuracy", "people", ENG, (("right",), ("people",)),
           ("cheapest", "person"), (ERROR, "recall"), tells=("wrong", "missed")),
    Spoken("reach", "people", ENG, (("counted",), ("missed",), ("ratio",)),
           ("most_recall", "person"), ("precision", "recall"), tells=("missed",)),
    Spoken("get_used", "people", PM, (("stay", "stay_open"),), (), ("active_share",)),

    Spoken("speed", "options", PM, (("slower", "fastest", "alone"),),
           (), ("latency_ms_p95", WRONG)),
    Spoken("bigger", "options", PM,
           (("other", "scored"), ("time",), ("cheaper", "dearer", "unclear")),
           (), (ERROR, COST)),
    Spoken("more_data", "options", ENG,
           (("tell", "told", "no_number"), ("price",), ("sources",)),
           ("nearest", "cheapest"), (COST,), tells=("cost",)),
    Spoken("ab_test", "options", PM, (("plan",), ("hours",)), (), (ERROR,)),

    Spoken("competitors", "values", PM, (("week",), ("helped",), ("stated",)),
           (), ("money", "people_helped")),
    Spoken("after_launch", "values", PM,
           (("until",), ("events",), ("agreed",), ("back",)), (), (WRONG, "events")),
    Spoken("human", "values", PM,
           (("asks",), ("hours", "no_hours"), ("room",), ("overflow", "waiting"),
            ("person",)), (), ("review_rate",)),
    Spoken("drifts", "values", ENG, (("worse",), ("broken", "breaks", "holds")),
           ("cheapest", "no_model"), (ERROR,), tells=("wrong",)),

    Spoken("ninety_nine", "line", PM, (("now", "base"), ("promise", "promise_rough")),
           (), ("precision", "coverage")),
    Spoken("raise", "line", PM, (("halved", "halved_few"), ("cost",)),
           (), (ERROR, "coverage")),
    Spoken("auc", "line", ENG, (("pairs",), ("line_tells",)),
           ("cheapest", "no_model"), (ERROR, "coverage"), tells=("cost",)),
    Spoken("chances", "line", ENG,
           (("outside", "off", "unclear", "fine"), ("counted",)),
           ("cheapest", "person"), (ERROR,), tells=("cost",)),

    Spoken("most_people", "groups", PM, (("apart", "chance"),), (), (ERROR,)),
    Spoken("biased", "groups", ENG, (("apart", "chance"),),
           ("most_recall", "no_model"), ("recall",), tells=("missed",)),
    Spoken("examples", "groups", PM, (("bound",), ("counted",)), (), (ERROR,)),
    Spoken("labels", "groups", ENG, (("twice", "cases", "not_twice"),),
           ("cheapest", "person"), tells=("cost",),
           besides=("not_twice",)),
)
# fmt: on
"""In the order of the page; two to four at each place."""
