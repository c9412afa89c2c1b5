"""One record that a real pair could have written, with comments of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.record.choices import Record
from workshop.record.file import RecordFile, read_record

EXAMPLE = """\
# Our first afternoon with the assistant.
format: 1
scenario: privacy-assistant
participants: {product: [{name: Dana}], engineering: [{name: Ilir}]}
revision: 14  # the page shows it, too

cases:
  product: {q017: fine, q101: harmful}
  engineering: {q017: harmful, q101: harmful}

bets:
  sealed: {product: "sha256:aaaa", engineering: "sha256:bbbb"}

# What we want, before any number.
framing:
  # Dana insisted on this one.
  counts_as_wrong: a clause that does not answer, even when it is true
  outcome: {measure: "agent hours a week", from: 200, to: 130, by: 2027-03}
  expectations:
    acceptable_error: 0.3   # three of ten
    fallback: not_sure
    success: |
      Fewer questions reach an agent.

      Nobody is told something wrong.
  ratio: 3
  when_unsure: {fallback: not_sure, says: "I'm not sure; here is the policy page."}

data_review:
  accepted:
    # 390 is what we have
    - {finding: DR002, reason: "5 policies: margins of 7 points", owner: product}
    - finding: DR004  # the duplicates
      reason: they are real questions
      revisit: 2027-01

threshold:
  policy: {kind: review_band, act_at: 0.62, review_at: 0.45}  # not for ever
  because: the surest half answers alone
  seen: {coverage: {k: 98, n: 195}, rows: kept aside, data: "sha256:3f2c"}
option: minilm

agreement:
  decides:
  - decision: move the threshold
    owner: engineering
    consulted: product
  clauses:
  - id: C1
    metric: error_among_answered
    at_most: 0.30
    measured_by: {labels_per_week: 40, who: support}
    owner: engineering
    then: pause

log:
  - at: 2026-11-21T14:05:00+00:00
    who: Dana
    section: framing
    decided: what counts as wrong
# the end
"""


@pytest.fixture
def example() -> str:
    return EXAMPLE


@pytest.fixture
def record() -> Record:
    return read_record(EXAMPLE, file="record.yaml")


@pytest.fixture
def record_file(tmp_path: Path) -> RecordFile:
    path = tmp_path / "record.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return RecordFile(path)


@pytest.fixture
def save() -> Callable[..., Record]:
    """Save with a signature nobody cares about."""

    def save(file: RecordFile, section: str, value: object, base: Record) -> Record:
        return file.save(section, value, base=base, who="Dana", decided="this")

    return save
