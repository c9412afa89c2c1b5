"""Reading is strict and never surprises; whatever is wrong is said in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from workshop.errors import InputError
from workshop.record import yaml_io
from workshop.record.choices import Record
from workshop.record.file import read_record
from workshop.record.framed import Framing


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")


class Dish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    minutes: int = 0
    sides: list[str] = []


def read(text: str) -> dict[str, object]:
    return yaml_io.parse(text, Anything, file="any.yaml").model_extra or {}


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "off", "2026-11-21", "12:30", "010", "1_000", "0x1F", "0o7"],
)
def test_a_plain_word_stays_the_text_that_was_written(word: str) -> None:
    assert read(f"a: {word}") == {"a": word}
    assert yaml_io.dump({"a": word}) == f"a: {word}\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", 12),
        ("-3", -3),
        ("0.30", 0.3),
        ("1e-05", 1e-05),
        ("1e+16", 1e16),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ('"12"', "12"),
        ("'true'", "true"),
    ],
)
def test_only_numbers_truths_and_nothing_are_more_than_text(
    written: str, meant: object
) -> None:
    value = read(f"a: {written}")["a"]
    assert value == meant
    assert type(value) is type(meant)


@pytest.mark.parametrize("text", ["12", "true", "null", "~", "0.5", "", "1e5"])
def test_text_that_looks_like_something_else_is_quoted(text: str) -> None:
    assert yaml_io.dump({"a": text}) == f'a: "{text}"\n'
    assert read(yaml_io.dump({"a": text})) == {"a": text}


def test_any_model_can_be_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "dish.yaml"
    path.write_text("\ufeffname: soup\nsides: [bread, salt]\n", encoding="utf-8")
    assert yaml_io.load(path, Dish) == Dish(name="soup", sides=["bread", "salt"])
    with pytest.raises(InputError, match=r"line 1, nam: unknown key.*'name'"):
        yaml_io.parse("nam: soup", Dish, file="dish.yaml")


def test_windows_line_ends_are_read_like_any_other(example: str) -> None:
    read_as = [
        read_record(t, file="r") for t in (example, example.replace("\n", "\r\n"))
    ]
    assert read_as[0] == read_as[1]


MISTAKES: list[tuple[str, str, str]] = [
    ("outcome:", "outcom:", "line 18, framing.outcom: unknown key; did you mean 'outc"),
    ("  ratio", "\tratio", "line 26: a tab; indent with spaces"),
    ("  ratio: 3", "  ratio: 3\n  ratio: 4", "line 27, framing.ratio: this key stands"),
    ("scenario:", "scenaro:", "line 3, scenaro: unknown key; did you mean 'scenario'?"),
    ("scenario: privacy-assistant\n", "", "scenario: missing; add a line"),
    ("format: 1", "format: 7", "line 2, format: was written by a newer Common Ground"),
    ("format: 1\n", "", "line 1, format: missing; a record starts with"),
    ("ratio: 3", "ratio: 0,3", "framing.ratio: a number expected, found '0,3'; write"),
    ("ratio: 3", "ratio: '3'", "framing.ratio: a number expected, found '3'"),
    ("ratio: 3", "ratio: -3", "line 26, framing.ratio: -3 must be above 0"),
    (
        "r: 0.3",
        "r: 30",
        "line 20, framing.expectations.acceptable_error: 30 must be at",
    ),
    ("k: not_sure", "k: not_shure", "is none of not_sure, human, alternatives; did yo"),
    ("name: Dana", "name: 12", "participants.product[0].name: text expected, found 12"),
    ("metric: error_am", "metric: eror_am", "did you mean 'error_among_answered'?"),
    ("{coverage:", "{coverag:", "line 40, threshold.seen.coverag: unknown metric"),
    ("k: 98", "k: 980", "threshold.seen.coverage: k is 980 but n is only 195"),
    ("by: 2027-03", "by: soon", "framing.outcome.by: 'soon' is not a date; write 2027"),
    ("revision: 14", "revision: 1.5", "revision: a whole number expected, found 1.5"),
    ("revision: 14", "revision: 1e999", "revision: '1e999' is too large"),
    ("name: Dana", "name: *dana", "name: an alias ('*dana'); write the value out"),
    ("name: Dana", "name: &dana x", "name: an anchor ('&dana'); write the value out"),
    ("option: m", "option: !!python/object:os.system m", "option: a tag ("),
    ("because: the", "because: 'the", "line 39: a quote opened here is not closed"),
    ("{product: [", "{product: [[", "line 4: a '[' opened here is not closed"),
    ('195}, rows: kept aside, data: "sha256:3f2c"}', "195", "line 40: a '{' opened he"),
    ("because: the", "because: the: ", "line 39: a second ': ' on this line"),
    ("because: the", "because: @the", "line 39: text cannot start with this character"),
    ("  ratio: 3", "   ratio: 3", "line 26: the indent does not fit the lines above"),
    ("option: minilm", "option", "line 41: this is not 'key: value'; add the colon"),
    ("I'm", "I\\qm", "line 27: a backslash inside double quotes"),
    ("option: m", 'option: "\\U00110000"\nx: m', "line 41, option: not readable"),
    ("option: m", 'option: "\\ud83d" #', "line 41, option: half of a character"),
    ("option: m", "option: \x00m", "line 41: an unreadable character ('\\x00')"),
    ("ratio: 3", "? [a]\n  : 3", "line 26, framing: a key must be one word or text"),
    ("format: 1", "format: 1\n---\na: 1", "line 3: a second document ('---')"),
    ("option: minilm", "option: " + "[" * 100_000, "line 41: more than 40 levels deep"),
    ("option: minilm", "option:\n  - a", "option: text expected, found a list; write"),
    ("bets:\n", "bets: [1]\nbet:\n", "line 12, bet: unknown key"),
    ("ratio: 3", "ratio: no", "framing.ratio: a number expected, found 'no'"),
    (
        "consulted: product",
        "consulted:\n      k: 1",
        "consulted: 'key: value' lines is",
    ),
    (
        "option: minilm",
        "'o\u202e\\n<b>': x",
        "line 41, 'o\\u202e\\\\n<b>': unknown key",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES)
def test_a_mistake_names_file_line_key_finding_and_remedy(
    example: str, right: str, wrong: str, said: str
) -> None:
    text = example.replace(right, wrong, 1)
    assert text != example
    with pytest.raises(InputError) as caught:
        read_record(text, file="record.yaml")
    message = str(caught.value)
    assert message.startswith("record.yaml, ")
    assert said in message
    assert "\n" not in message
    assert len(message) < 300
    assert message.isprintable()


def test_of_several_mistakes_one_is_explained_and_the_rest_counted(
    example: str,
) -> None:
    text = example.replace("outcome:", "outcom:").replace("ratio: 3", "ratio: x")
    with pytest.raises(InputError, match=r"outcom: .*\(and 1 more\)$"):
        read_record(text, file="record.yaml")


def test_without_a_near_key_the_valid_ones_are_listed() -> None:
    with pytest.raises(InputError, match="unknown key; valid here: minutes, sides"):
        yaml_io.parse("name: a\nzzz: 1", Dish, file="dish.yaml")


def test_hostile_text_is_shown_short_and_printable(example: str) -> None:
    bad = '"' + "<script>\\x1b[31m" * 1000 + '"'
    with pytest.raises(InputError) as caught:
        read_record(example.replace("by: 2027-03", f"by: {bad}"), file="record.yaml")
    assert len(str(caught.value)) < 200
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("\ufeff\n\n", "is empty"),
        ("# only a comment\n", "is empty"),
        ("- a\n- b\n", "'key: value' lines expected, found a list"),
        ("just words\n", "'key: value' lines expected, found 'just words'"),
        ("a: [}", "a bracket or comma where a value should stand"),
        ("%YAML 9.9\n---\na: 1", "record.yaml, line"),
    ],
)
def test_what_is_no_record_at_all_is_said(text: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        read_record(text, file="record.yaml")


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "\n".join(f"b{i}: [*a, *a]" for i in range(50))
    with pytest.raises(InputError, match="line 1, a: an anchor"):
        read(bomb)


def test_an_enormous_file_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="no more than 4,000,000 are read"):
        read("a: " + "x" * yaml_io.LONGEST)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "there is no such file"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b"a: 1\nb: \xff"), "line 2: byte 0xff is not"),
        (lambda path: path.write_bytes("a: 1".encode("utf-16")), "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_said(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "record.yaml"
    make(path)
    with pytest.raises(InputError, match=said):
        yaml_io.load(path, Anything)


SHORT = """\
format: 1
scenario: privacy-assistant
participants: {product: [{name: "Dänä"}]}
framing:
  # ours
  counts_as_wrong: |
    a clause
    that does not answer
  outcome: {measure: 'hours: all', from: 200, by: 2027-03}
threshold:
  policy: {kind: single, act_at: 0.62}
log:
  - at: 2026-11-21T14:05
    who: Dana
    section: framing
    decided: this
"""


def outcome(text: str) -> str:
    """Return what is said of a text; empty if it is a record."""
    try:
        record = read_record(text, file="record.yaml")
    except InputError as error:
        return str(error)
    assert isinstance(record, Record)
    return ""


def test_a_file_cut_off_at_any_byte_is_an_error_or_a_record() -> None:
    data = SHORT.encode("utf-8")
    said = [
        outcome(data[:length].decode("utf-8", errors="replace"))
        for length in range(len(data))
    ]
    assert all(sentence.isprintable() for sentence in said)
    assert sum(map(bool, said)) > len(data) / 2


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    place=st.integers(0, len(SHORT)),
    cut=st.integers(0, 12),
    junk=st.text(st.sampled_from("\t\n\r -:#'\"[]{}|>&*!%@`,?\\0é\u2028\x85\ufeffx"))
    | st.text(max_size=5),
)
def test_whatever_is_typed_into_a_file_only_an_input_error_can_follow(
    place: int, cut: int, junk: str
) -> None:
    assert outcome(SHORT[:place] + junk + SHORT[place + cut :]).isprintable()


def test_fields_are_written_in_their_order_and_defaults_left_out() -> None:
    framing = Framing(ratio=3, counts_as_wrong="two\nlines", request="")
    text = yaml_io.dump(Record(scenario="s", framing=framing, revision=2))
    assert text == (
        "format: 1\nscenario: s\nrevision: 2\nframing:\n"
        "  counts_as_wrong: |-\n    two\n    lines\n  ratio: 3\n"
    )


def test_a_long_line_is_never_folded() -> None:
    text = "word " * 100 + "end"
    assert yaml_io.dump({"a": text}) == f"a: {text}\n"


def test_a_number_that_is_not_finite_is_not_written() -> None:
    with pytest.raises(InputError, match="finite"):
        yaml_io.dump({"a": float("inf")})
