"""Is it an outcome or a feature brief, and what does the outcome still lack?

Returns codes and parts; the questions themselves are worded in `workshop.views`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from workshop.record.framed import Outcome

RequestKind = Literal["feature_brief", "outcome", "unclear"]

_MACHINE = (
    r"(?:an?\s+|some\s+|the\s+|our\s+)?(?:(?:generative|new|custom|virtual)\s+)?"
    r"(?:ai|a\.i\.|ml|machine[- ]learning|llm|gpt|model|chat\s?bot|bot|assistant|"
    r"agent(?!\s+(?:hours|minutes|time|calls))|copilot|algorithm|classifier|predictor|"
    r"neural\s+net(?:work)?|rag)\b"
)
_WANT = (
    r"(?:^|[.:;]\s+|\b(?:we|i|you|us|let'?s|should|must|could|please|to)\s+)(?:"
    r"(?:need|want|build|add|create|ship|buy|develop|make|deploy|use|get|introduce|"
    r"implement|train|launch|adopt|integrate|automate|put|replace|roll\s+out)\b"
    r"|have\s+(?:an?|our|the)\b)"
)
_THING = r"(?:system|tool|engine|platform|app|dashboard|feature|plug-?in|widget)\b"
_MACHINE_WORK = (
    r"(?:predict|detect|classify|recommend|generate|forecast|automate|automatically|"
    r"identify|flag|summari[sz]e|personali[sz]ed?)\b"
)
_PREDICTS = (
    r"\b(?:that|which|to|for)\s+(?P<what>(?:can\s+|will\s+)?"
    r"(?:answer|predict|detect|classif|recommend|generat|flag|scor|summari[sz]|"
    r"rank|identif|forecast|automat|writ|chat)\w*\b.*)"
)
# "An assistant that …" asks for a machine; "agent hours a week" measures people.
_NAMES_ONE = (
    rf"{_MACHINE_WORK}"
    rf"|an?\s+(?:[\w-]+\s+){{1,3}}{_THING}"
    rf"|{_MACHINE}\s+(?:that|which|to|for)\b"
    rf"|{_MACHINE}[- ](?:powered|driven|based)\b"
    rf"|an?\s+(?:\w+\s+){{1,3}}(?:with|using|based\s+on|powered\s+by)\s+{_MACHINE}"
)
_IMPROVES = (
    r"\b(?:reduc|cut|lower|halv|rais|increas|improv|shorten|grow|decreas|drop|"
    r"doubl|fewer|less|more|faster|save)\w*\b"
)
_QUANTITY = r"\d|\bhalf\b|\bhalv|\bdoubl|\bthird\b|\bquarter\b"
# "from 40 to 10", "40 today": whatever is named then, something is measured.
_MEASURES = r"\bfrom\s+\d.*\bto\s+\d|\d\D{0,30}\b(?:today|now|at present|currently)\b"


@dataclass(frozen=True, slots=True)
class RequestReview:
    """What a line asks for: its kind, what the machine would do, whether it counts."""

    kind: RequestKind
    machine_does: str = ""
    has_quantity: bool = False


def review_request(text: str) -> RequestReview:
    """Tell a feature brief ("we need an AI that …") from an outcome ("cut … by …").

    A line that names what improves is an outcome even when it mentions a machine.

    Examples
    --------
    >>> review_request("We need an AI that predicts churn.").kind
    'feature_brief'
    >>> review_request("Cut the hours spent on answers from 200 to 130.").kind
    'outcome'
    >>> review_request("agent hours a week spent on privacy questions").kind
    'unclear'
    """
    line = " ".join(text.split())
    quantity = re.search(_QUANTITY, line, re.IGNORECASE) is not None
    improves = re.search(_IMPROVES, line, re.IGNORECASE)
    if (improves and quantity) or re.search(_MEASURES, line, re.IGNORECASE):
        return RequestReview("outcome", has_quantity=True)
    asks_for_one = re.search(
        rf"{_WANT}(?:.*?{_MACHINE}|\s+an?\s+(?:[\w-]+\s+){{0,3}}{_THING})",
        line,
        re.IGNORECASE,
    )
    if asks_for_one or re.match(_NAMES_ONE, line, re.IGNORECASE):
        found = re.search(_PREDICTS, line, re.IGNORECASE)
        does = found["what"].strip(" .!?") if found else ""
        return RequestReview("feature_brief", does, quantity)
    if improves:
        return RequestReview("outcome", has_quantity=quantity)
    return RequestReview("unclear", has_quantity=quantity)


OutcomePart = Literal["measure", "from", "to", "by"]


def missing_parts(
    outcome: Outcome | None, kept: Collection[str] = ()
) -> tuple[OutcomePart, ...]:
    """List which of measure, baseline, target and date an outcome still lacks.

    A machine is no measure, unless the pair kept that wording (``kept``).
    """
    if outcome is None:
        return ("measure", "from", "to", "by")
    present = {
        "measure": bool(outcome.measure.strip())
        and (
            "feature_brief" in kept
            or review_request(outcome.measure).kind != "feature_brief"
        ),
        "from": outcome.from_ is not None,
        "to": outcome.to is not None,
        "by": outcome.by is not None,
    }
    parts: tuple[OutcomePart, ...] = ("measure", "from", "to", "by")
    return tuple(part for part in parts if not present[part])
