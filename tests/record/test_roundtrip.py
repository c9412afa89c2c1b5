"""Whatever a pair can say comes back from the file exactly as it was said."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.merged import merge
from workshop.record import agreed, choices, framed, yaml_io, yaml_merge
from workshop.record.choices import Record
from workshop.record.file import read_record
from workshop.record.values import Clause, Count, MeasuredBy, Policy, Seen
from workshop.record.yaml_nodes import same

SIGNS = "#'\"{}[],>|&*!%@?:-~=\\ \n\t\x00\x85\xa0\u2028\ufeff\u202e🎈"
PIECES = st.sampled_from(SIGNS) | st.sampled_from(
    [
        ": ",
        " #",
        "- ",
        "---",
        "no",
        "12",
        "null",
        "\r\n",
        "\n\n",
        "a word",
        "ünï",
        "<b>",
    ]
)
WORDS = st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=20)
SAID = st.one_of(st.just(""), WORDS)
MAYBE_DATE = st.none() | st.sampled_from(["2027-03", "2027-03-31"])
OWNER = st.sampled_from(["product", "engineering", "both"])
SHARE = st.floats(0, 1)
AMOUNT = st.floats(allow_nan=False, allow_infinity=False, width=64).filter(
    lambda value: abs(value) < 1e300
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=3).map(tuple)


COUNT = st.integers(0, 999).flatmap(
    lambda n: st.builds(Count, k=st.integers(0, n), n=st.just(n))
)
SEEN = st.builds(
    Seen,
    figures=st.dictionaries(st.sampled_from(["recall", "coverage"]), COUNT),
    rows=SAID,
    data=SAID,
)
POLICY = st.builds(
    Policy, kind=st.just("single"), act_at=AMOUNT, review_at=maybe(AMOUNT)
)
CLAUSE = st.builds(
    Clause,
    id=WORDS,
    metric=st.just("recall"),
    at_least=SHARE,
    slice=SAID,
    measured_by=maybe(
        st.builds(MeasuredBy, labels_per_week=st.integers(1, 99), who=WORDS)
    ),
    owner=maybe(OWNER),
    then=SAID,
)
FRAMING = st.builds(
    framed.Framing,
    counts_as_wrong=SAID,
    request=SAID,
    kind=maybe(st.just("decision")),
    kept_wording=some(WORDS),
    harmed=SAID,
    unknown=some(st.sampled_from(framed.EARLY_QUESTIONS)),
    outcome=maybe(
        st.builds(
            lambda **given: framed.Outcome(**given),
            **{"measure": WORDS, "from": maybe(AMOUNT), "by": MAYBE_DATE},
        )
    ),
    ratio=maybe(st.floats(0.001, 1000)),
    when_unsure=maybe(
        st.builds(framed.WhenUnsure, fallback=st.just("human"), says=SAID)
    ),
)
REVIEW = st.builds(
    choices.DataReview,
    accepted=some(
        st.builds(
            choices.AcceptedRisk,
            finding=WORDS,
            reason=WORDS,
            owner=maybe(OWNER),
            revisit=MAYBE_DATE,
        )
    ),
    conditions=some(WORDS),
    assumptions=some(
        st.builds(
            choices.Assumption,
            says=WORDS,
            confidence=st.sampled_from(["low", "medium", "high"]),
        )
    ),
    because=SAID,
)
STATEMENTS = some(
    st.builds(
        agreed.Statement, says=WORDS.filter(lambda text: text.strip()), seen=maybe(SEEN)
    )
)
OUTSIDE = st.builds(agreed.Outside, may_say=STATEMENTS, not_yet=STATEMENTS)
AGREEMENT = st.builds(
    agreed.Agreement,
    decides=some(
        st.builds(
            agreed.DecisionRight, decision=WORDS, owner=maybe(OWNER), asked=some(WORDS)
        )
    ),
    clauses=st.lists(CLAUSE, max_size=3, unique_by=lambda clause: clause.id).map(tuple),
    rituals=some(
        st.builds(
            agreed.Ritual,
            what=st.just("metric_review"),
            on=st.sampled_from(["2027-01", "2027-02-28"]),
            every_weeks=maybe(st.integers(1, 52)),
        )
    ),
    retrospective=MAYBE_DATE,
    premortem=st.dictionaries(st.just("black_box"), WORDS, max_size=1),
    not_agreed=some(st.builds(agreed.NotAgreed, about=WORDS, product=SAID)),
    outside=maybe(OUTSIDE),
)
LINE = st.builds(
    choices.LogEntry,
    at=WORDS,
    who=WORDS,
    section=WORDS,
    decided=WORDS,
    because=SAID,
    seen=maybe(SEEN),
)
PEOPLE = some(st.builds(choices.Person, name=WORDS, persona=st.booleans()))
RECORDS = st.builds(
    Record,
    scenario=WORDS,
    participants=st.builds(choices.Participants, product=PEOPLE, engineering=PEOPLE),
    revision=st.integers(0, 99),
    cases=maybe(
        st.builds(
            choices.Cases,
            product=st.dictionaries(
                WORDS, st.sampled_from(["fine", "harmful"]), max_size=3
            ),
        )
    ),
    framing=maybe(FRAMING),
    data_review=maybe(REVIEW),
    threshold=maybe(
        st.builds(choices.ThresholdChoice, policy=POLICY, because=SAID, seen=SEEN)
    ),
    option=maybe(WORDS),
    agreement=maybe(AGREEMENT),
    parking=some(st.builds(agreed.Parked, text=WORDS, who=SAID)),
    log=some(LINE),
)
SECTIONS = [name for name in choices.SECTIONS if name not in ("format", "scenario")]
PATIENT = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@PATIENT
@given(RECORDS)
def test_a_record_comes_back_as_it_was_written(record: Record) -> None:
    assert read_record(yaml_io.dump(record), file="record.yaml") == record


@PATIENT
@given(RECORDS, RECORDS, st.sampled_from(["\n", "\r\n"]))
def test_any_record_can_be_changed_into_any_other_in_place(
    old: Record, new: Record, newline: str
) -> None:
    text = yaml_io.dump(old).replace("\n", newline)
    values = {name: getattr(new, name) for name in SECTIONS} | {
        "scenario": new.scenario
    }
    merged = merge(text, values)
    assert read_record(merged, file="record.yaml") == new
    assert merged.count("\n") == merged.count(newline)


@PATIENT
@given(RECORDS, RECORDS)
def test_the_gentlest_change_is_enough_for_what_the_panels_write(
    old: Record, new: Record
) -> None:
    text = yaml_io.dump(old)
    root = yaml_io.compose(text, file="record.yaml")
    wanted = yaml_io.as_plain(new)
    gentle = next(iter(yaml_merge.candidates(text, root, wanted)))
    assert same(yaml_io.compose(gentle, file="record.yaml").value, wanted)
