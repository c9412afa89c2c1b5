"""A signature covers what was agreed, and nothing that happens afterwards."""

from __future__ import annotations

import re

from workshop.record.agreed import Agreement, Outside, Retrospective, Statement
from workshop.record.choices import LogEntry, Record, Signature
from workshop.record.digest import digest, text_digest
from workshop.record.file import read_record

AFTERWARDS = {
    "revision": 99,
    "signatures": {"product": Signature(name="D", digest="sha256:abcd", at="now")},
    "log": (LogEntry(at="now", who="D", section="option", decided="this"),),
    "retrospectives": (Retrospective(at="later", data="sha256:abcd"),),
}


def test_a_digest_has_64_hexadecimal_digits(record: Record) -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", digest(record))
    assert text_digest(b"abc") == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_what_happens_after_signing_leaves_the_digest_alone(record: Record) -> None:
    assert digest(record.model_copy(update=AFTERWARDS)) == digest(record)


def test_every_choice_moves_the_digest(record: Record) -> None:
    for name in Record.model_fields:
        default = Record.model_fields[name].default
        if name in AFTERWARDS or getattr(record, name) == default:
            continue
        changed = record.model_copy(update={name: default})
        if name == "scenario":
            changed = record.model_copy(update={name: "another"})
        assert digest(changed) != digest(record), name


def test_how_it_is_written_does_not_matter(example: str, record: Record) -> None:
    rewritten = example.replace("0.30", "0.3").replace(
        "  ratio: 3\n", "  request: ''  # none\n  ratio: 3.0\n"
    )
    assert digest(read_record(rewritten, file="r")) == digest(record)


def test_what_is_said_outside_is_covered_word_by_word_and_side_by_side(
    record: Record,
) -> None:
    line, other = Statement(says="3 of 10"), Statement(says="4 of 10")
    lists = (
        None,
        Outside(),
        Outside(may_say=(line,)),
        Outside(may_say=(other,)),
        Outside(not_yet=(line,)),
    )
    agreement = record.agreement or Agreement()
    digests = [
        digest(
            record.model_copy(
                update={"agreement": agreement.model_copy(update={"outside": one})}
            )
        )
        for one in lists
    ]
    assert len(set(digests)) == len(lists)
    assert digests[0] == digest(record), "none at all is as it was before"
