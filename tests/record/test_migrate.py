"""Old records are brought up to date step by step; newer ones say so."""

from __future__ import annotations

from typing import Any

import pytest

from workshop.errors import InputError
from workshop.record.choices import FORMAT
from workshop.record.migrate import UPGRADES, upgrade


def rename(document: dict[str, Any]) -> dict[str, Any]:
    document["framing"] = document.pop("story")
    return document


def add(document: dict[str, Any]) -> dict[str, Any]:
    return document | {"option": "minilm"}


def test_the_current_format_is_left_alone() -> None:
    document = {"format": FORMAT, "scenario": "s"}
    assert upgrade(document, file="r.yaml") is document


def test_every_format_since_the_first_can_be_upgraded() -> None:
    assert set(UPGRADES) == set(range(1, FORMAT))


def test_steps_are_applied_in_order_and_the_original_kept() -> None:
    old = {"format": 1, "story": {"ratio": 3}}
    new = upgrade(old, file="r.yaml", current=3, upgrades={2: add, 1: rename})
    assert new == {"format": 3, "framing": {"ratio": 3}, "option": "minilm"}
    assert old == {"format": 1, "story": {"ratio": 3}}


def test_a_missing_step_is_said() -> None:
    with pytest.raises(InputError, match="format 1 is no longer read"):
        upgrade({"format": 1}, file="r.yaml", current=3, upgrades={2: add})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            {"format": 7},
            r"r.yaml, line 4, format: was written by a newer Common Ground "
            r"\(format 7; this one reads up to 1\); update",
        ),
        ({"scenario": "s"}, "line 1, format: missing; a record starts with"),
        ({"format": "one"}, "format: a number expected, found 'one'"),
        ({"format": True}, "format: a number expected, found true"),
        ({"format": 0}, "format: a number expected, found 0"),
        ({"format": None}, "format: a number expected, found nothing"),
    ],
)
def test_a_format_that_cannot_be_read_is_said(
    document: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        upgrade(document, file="r.yaml", line=4)
