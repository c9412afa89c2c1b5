"""Is it an outcome or a feature brief, and what does the outcome still lack?

Returns codes and parts; the questions themselves are worded in `workshop.views`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from workshop.record.framed import Outcome

RequestKind = Literal["feature_brief", "outcome", "unclear"]

_MACHINE = (
    r"(?:an?\s+|some\s+|the\s+)?(?:generative\s+|new\s+|custom\s+)?"
    r"(?:ai|a\.i\.|ml|machine[- ]learning|llm|gpt|model|chat\s?bot|bot|assistant|"
    r"agent|copilot|algorithm|classifier|predictor|neural\s+net(?:work)?|rag)\b"
)
_WANT = r"\b(?:need|want|build|add|create|ship|buy|develop|make|deploy|use|get)\b"
_PREDICTS = (
    r"\b(?:that|which|to|for)\s+(?P<what>(?:can\s+|will\s+)?"
    r"(?:answer|predict|detect|classif|recommend|generat|flag|scor|summari[sz]|"
    r"rank|identif|forecast|automat|writ|chat)\w*\b.*)"
)
# "An assistant that …" asks for a machine; "agent hours a week" measures people.
_NAMES_ONE = rf"{_MACHINE}\s+(?:that|which|to|for)\b"
_IMPROVES = (
    r"\b(?:reduc|cut|lower|halv|rais|increas|improv|shorten|grow|decreas|drop|"
    r"doubl|fewer|less|more|faster|save)\w*\b"
)
_QUANTITY = r"\d|\bhalf\b|\bhalv|\bdoubl|\bthird\b|\bquarter\b"


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
    if re.search(_IMPROVES, line, re.IGNORECASE) and quantity:
        return RequestReview("outcome", has_quantity=True)
    asks_for_one = re.search(f"{_WANT}.*?{_MACHINE}", line, re.IGNORECASE)
    if asks_for_one or re.match(_NAMES_ONE, line, re.IGNORECASE):
        found = re.search(_PREDICTS, line, re.IGNORECASE)
        does = found["what"].strip(" .!?") if found else ""
        return RequestReview("feature_brief", does, quantity)
    if re.search(_IMPROVES, line, re.IGNORECASE):
        return RequestReview("outcome", has_quantity=quantity)
    return RequestReview("unclear", has_quantity=quantity)


OutcomePart = Literal["measure", "from", "to", "by"]


def missing_parts(outcome: Outcome | None) -> tuple[OutcomePart, ...]:
    """List which of measure, baseline, target and date an outcome still lacks."""
    if outcome is None:
        return ("measure", "from", "to", "by")
    present = {
        "measure": bool(outcome.measure.strip())
        and review_request(outcome.measure).kind != "feature_brief",
        "from": outcome.from_ is not None,
        "to": outcome.to is not None,
        "by": outcome.by is not None,
    }
    parts: tuple[OutcomePart, ...] = ("measure", "from", "to", "by")
    return tuple(part for part in parts if not present[part])
