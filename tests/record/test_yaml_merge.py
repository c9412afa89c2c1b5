"""A save changes the words that changed; all the rest of the file stays."""

from __future__ import annotations

import difflib
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.merged import merge
from workshop.record import yaml_io
from workshop.record.choices import Record
from workshop.record.file import read_record

WORDS = st.text(max_size=30) | st.sampled_from(["a: b", "x # y", "\n", "two\nlines\n"])


def changed(old: str, new: str) -> list[str]:
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in lines if line[:1] in "+-"]


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^(?=\w)", text, flags=re.MULTILINE)
    return {part.split(":")[0]: part for part in parts}


def with_(part: Any, **update: Any) -> Any:
    return part.model_copy(update=update)


def test_one_new_value_is_one_new_line(example: str, record: Record) -> None:
    framing = with_(record.framing, ratio=5.5)
    assert changed(example, merge(example, {"framing": framing})) == [
        "-   ratio: 3",
        "+   ratio: 5.5",
    ]


def test_a_comment_beside_a_value_stays_beside_its_new_value(
    example: str, record: Record
) -> None:
    policy = with_(record.threshold.policy, act_at=0.7)
    threshold = with_(record.threshold, policy=policy, because="two\nlines")
    new = merge(example, {"threshold": threshold})
    assert "act_at: 0.7, review_at: 0.45}  # not for ever\n" in new
    assert "  because: |-\n    two\n    lines\n" in new


def test_a_comment_survives_when_a_line_becomes_a_block_and_back() -> None:
    text = "a: short  # why\nb: 1\n"
    block = merge(text, {"a": "long\nprose"})
    assert block == "a: |-  # why\n  long\n  prose\nb: 1\n"
    assert merge(block, {"a": "short"}) == "a: short  # why\nb: 1\n"
    mapping = merge(text, {"a": {"k": "some words here"}})
    assert mapping == "a: # why\n  k: some words here\nb: 1\n"
    assert merge(mapping, {"a": 2}) == "a: 2  # why\nb: 1\n"


def test_comments_within_brackets_are_kept_when_the_brackets_go() -> None:
    text = "a: {k: 1, # one\n  l: 2} # two\nb: 1\n"
    new = merge(text, {"a": {"k": 1}})
    assert new == "a: {k: 1}  # one  # two\nb: 1\n"


def test_a_list_item_keeps_its_comment_when_its_neighbours_come_and_go(
    example: str, record: Record
) -> None:
    first, second = record.data_review.accepted
    third = with_(first, finding="DR009")
    review = with_(record.data_review, accepted=(with_(second, reason="x"), third))
    new = merge(example, {"data_review": review})
    assert "    - finding: DR004  # the duplicates\n      reason: x\n" in new
    assert "390 is what we have" not in new
    assert new.index("DR004") < new.index("DR009")


def test_a_new_section_goes_where_it_belongs(example: str) -> None:
    new = merge(example, {"impact": {"per_week": 4000}, "agreement": None})
    assert changed(example, new)[0] == "+ impact: {per_week: 4000}"
    assert list(yaml_io.compose(new, file="r").value) == [
        "format",
        "scenario",
        "participants",
        "revision",
        "cases",
        "bets",
        "framing",
        "data_review",
        "threshold",
        "option",
        "impact",
        "log",
    ]


def test_an_order_of_ones_own_is_kept() -> None:
    text = "scenario: s\nlog: []\nformat: 1\n"
    new = merge(text, {"revision": 3})
    assert new == "scenario: s\nrevision: 3\nlog: []\nformat: 1\n"


def test_a_written_out_default_is_kept() -> None:
    text = "format: 1\nscenario: s\nframing:\n  harmed: ''  # nobody yet\n  ratio: 3\n"
    record = read_record(text, file="r")
    new = merge(text, {"framing": with_(record.framing, ratio=4)})
    assert new == text.replace("3", "4")


def test_the_end_of_the_file_stays_the_end(example: str, record: Record) -> None:
    new = merge(example, {"log": record.log * 3})
    assert new.endswith("decided: what counts as wrong\n# the end\n")
    assert new.startswith(example.removesuffix("# the end\n"))


def test_line_ends_byte_order_mark_and_a_missing_last_line_end(example: str) -> None:
    windows = "\ufeff" + example.replace("\n", "\r\n").removesuffix("\r\n")
    new = merge(windows, {"option": "keyword", "impact": {"because": "a\nb"}})
    assert new.startswith("\ufeff#")
    assert new.count("\n") == new.count("\r\n")
    assert new.endswith("# the end\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "{format: 1, scenario: s, revision: 2}\n",
        "? format\n: 1\n? scenario\n: s\n? revision\n: 2\n",
        "format: 1\nscenario:\n  s\nrevision:\n\n  # two\n\n  2\n",
        '"format": 1\n"scenario": "s"\nrevision : 2\n...\n',
        "---\nformat: 1\nscenario: >-\n  s\nrevision: 2  # x\n",
    ],
)
def test_an_unusual_layout_is_still_changed_correctly(text: str) -> None:
    values = {"revision": 3, "scenario": "new\nname", "option": "minilm"}
    new = merge(text, values)
    assert yaml_io.compose(new, file="r").value == {"format": 1} | values


def test_nothing_changes_where_nothing_is_new(example: str, record: Record) -> None:
    same = {"framing": record.framing, "revision": 14, "log": record.log}
    assert merge(example, same) is example


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(words=WORDS.filter(bool), reason=WORDS, ratio=st.floats(0.01, 100))
def test_other_sections_stay_byte_for_byte(
    example: str, record: Record, words: str, reason: str, ratio: float
) -> None:
    framing = with_(record.framing, counts_as_wrong=words, ratio=ratio, harmed=reason)
    risk = with_(record.data_review.accepted[1], reason=reason)
    review = with_(record.data_review, accepted=(record.data_review.accepted[0], risk))
    new = merge(example, {"framing": framing, "data_review": review})
    old_parts, new_parts = sections(example), sections(new)
    for name, part in old_parts.items():
        if name not in ("framing", "data_review"):
            assert new_parts[name] == part
    assert re.findall("#.*", new_parts["data_review"])[0] == "# 390 is what we have"
    for comment in ("# Dana insisted on this one.\n", "   # three of ten\n"):
        assert comment in new
    expected = with_(record, framing=framing, data_review=review)
    assert read_record(new, file="r") == expected
