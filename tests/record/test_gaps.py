"""What is missing, contradictory, overdue or moved is found, and nothing else."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from workshop.errors import InputError
from workshop.record.bets import Bet
from workshop.record.choices import Record
from workshop.record.digest import digest
from workshop.record.file import read_record
from workshop.record.gap_codes import KIND_OF
from workshop.record.gaps import GAP_CODES, Measured, find_gaps
from workshop.record.sealed import seal
from workshop.record.values import Count, Gap

TODAY = date(2026, 12, 1)
LATER = date(2029, 1, 1)
NEW_YEARS_EVE, NEXT = date(2026, 12, 31), date(2027, 1, 1)

WHOLE = """\
format: 1
scenario: privacy-assistant
participants: {product: [{name: Dana}], engineering: [{name: Ilir}]}
bets:
  record: r1
  sealed:
    product: PRODUCT
    engineering: ENGINEERING
  opened:
    product:
      {tolerable_error: 0.1, expected_error: 0.2, ratio: 5, fallback: human,
       owner: product, nonce: a}
    engineering:
      {tolerable_error: 0.3, expected_error: 0.3, ratio: 2, fallback: human,
       owner: engineering, nonce: b}
framing:
  counts_as_wrong: a clause that does not answer
  outcome: {measure: hours a week, from: 200, to: 130, by: 2027-03}
  expectations: {acceptable_error: 0.3, fallback: human, success: s, cost_speed: c}
  harmed: people in a hurry
  rule: privacy law
  rule_checked_by: the data protection officer
  promised: nothing
  engineering_there: "yes"
  ratio: 5
  when_unsure: {fallback: human}
data_review:
  accepted: [{finding: DR002, reason: r, owner: product, revisit: 2027-01}]
  assumptions: [{says: it stays so, owner: both, revisit: 2027-01-15}]
threshold:
  policy: {kind: single, act_at: 0.6}
  because: it is the surest half
  seen:
    error_among_answered: {k: 20, n: 98}
    coverage: {k: 98, n: 195}
    data: "sha256:3f2c"
option: minilm
impact:
  satisfaction: {asked: was it helpful?, today: 60}
  model_floor: {measure: error_among_answered, at_most: 0.3}
  business_floor: {measure: hours, at_most: 150}
  seen: {coverage: {k: 98, n: 195}}
agreement:
  decides:
    - {decision: Move the threshold, owner: engineering}
    - {decision: release, owner: product}
    - {decision: choose and label the data, owner: engineering}
    - {decision: retrain the model, owner: engineering}
    - {decision: settle trade-offs in performance, owner: engineering}
    - {decision: design the experience, owner: product}
    - {decision: measure the impact, owner: product}
  clauses:
    - id: C1
      metric: error_among_answered
      at_most: 0.3
      measured_by: {labels_per_week: 40, who: support}
      owner: engineering
      expires: 2027-06
    - id: C2
      metric: coverage
      at_least: 0.4
      measured_by: {labels_per_week: 40, who: support}
      owner: product
  escalation:
    - {when: a clause is broken, to: head of support}
    - {when: the two disagree, to: head of support}
    - {when: a user is harmed, to: head of support}
    - {when: the model works against a business goal, to: head of support}
  rituals: [{what: metric_review, on: 2026-12-15}]
  retrospective: 2027-05
  actions: [{what: label more, who: Ilir, by: 2026-12}]
  outside:
    may_say:
      - {about: outcome, says: from 200 hours to 130}
      - {about: error, says: 3 of 10, seen: {error_among_answered: {k: 20, n: 98}}}
    not_yet:
      - {about: clause.C2, says: at least 4 of 10, seen: {coverage: {k: 98, n: 195}}}
"""

_BETS = {
    "product": Bet(tolerable_error=0.1, expected_error=0.2, ratio=5, fallback="human",
                   owner="product"),
    "engineering": Bet(tolerable_error=0.3, expected_error=0.3, ratio=2,
                       fallback="human", owner="engineering"),
}  # fmt: skip
for _seat, _nonce in (("product", "a"), ("engineering", "b")):
    _sealed = seal(_BETS[_seat], record="r1", seat=_seat, nonce=_nonce)
    WHOLE = WHOLE.replace(_seat.upper(), _sealed)


def signed(record: Record) -> Record:
    now = digest(record)
    signatures = {
        role: {"name": name, "digest": now, "at": "2026-11-30"}
        for role, name in {"product": "Dana", "engineering": "Ilir"}.items()
    }
    return Record.model_validate(record.model_dump() | {"signatures": signatures})


@pytest.fixture
def whole() -> Record:
    return signed(read_record(WHOLE, file="record.yaml"))


def gaps_after(
    old: str, new: str, measured: Measured | None = None, today: date = TODAY
) -> list[Gap]:
    """Change the whole record, sign it again and look for gaps."""
    text = WHOLE.replace(old, new, 1)
    assert text != WHOLE or old == new
    record = signed(read_record(text, file="record.yaml"))
    return list(find_gaps(record, measured or Measured(), today))


def without(line: str) -> tuple[str, str]:
    return line, ""


def test_a_record_that_says_everything_has_no_gap(whole: Record) -> None:
    agreeing = Measured(
        figures={"threshold": {"coverage": Count(k=98, n=195)}, "other": {}},
        data="sha256:3f2c" + "0" * 60,
        payoff_ratio=6,
        cheapest_at=0.6,
        today_measured=True,
        blockers=("DR002",),
        known_findings=("DR002",),
        known_options=("minilm", "keyword"),
        threshold_meets_expectation=True,
    )
    assert find_gaps(whole, agreeing, TODAY) == ()
    assert find_gaps(whole, Measured(), TODAY) == ()


def test_an_empty_record_lacks_everything_once_in_the_order_of_the_file() -> None:
    gaps = find_gaps(Record(scenario="s"), Measured(), TODAY)
    assert [(gap.code, gap.where) for gap in gaps] == [
        ("no_participants", "participants.product"),
        ("no_participants", "participants.engineering"),
        ("bet_not_sealed", "bets.sealed.product"),
        ("bet_not_sealed", "bets.sealed.engineering"),
        ("no_counts_as_wrong", "framing.counts_as_wrong"),
        ("no_outcome", "framing.outcome"),
        ("question_open", "framing.questions.harmed"),
        ("question_open", "framing.questions.rule"),
        ("question_open", "framing.questions.promised"),
        ("question_open", "framing.questions.engineering_there"),
        ("no_expectation", "framing.expectations.acceptable_error"),
        ("no_expectation", "framing.expectations.fallback"),
        ("no_expectation", "framing.expectations.success"),
        ("no_expectation", "framing.expectations.cost_speed"),
        ("no_ratio", "framing.ratio"),
        ("no_threshold", "threshold"),
        ("no_option", "option"),
        ("no_business_floor", "impact.business_floor"),
        ("no_threshold_owner", "agreement.decides"),
        ("no_release_owner", "agreement.decides"),
        ("too_few_clauses", "agreement.clauses"),
        ("no_escalation", "agreement.escalation"),
        ("no_retrospective_date", "agreement.retrospective"),
        ("signature_missing", "signatures.product"),
        ("signature_missing", "signatures.engineering"),
    ]
    assert {gap.kind for gap in gaps} == {"undecided"}


ONE_GAP: list[tuple[str, str, str, str, dict[str, Any]]] = [
    (*without("product: [{name: Dana}], "), "no_participants", "participants.product",
     {"role": "product"}),
    (*without("  counts_as_wrong: a clause that does not answer\n"),
     "no_counts_as_wrong", "framing.counts_as_wrong", {}),
    (*without("  outcome: {measure: hours a week, from: 200, to: 130, by: 2027-03}\n"),
     "no_outcome", "framing.outcome", {}),
    (*without(", from: 200"), "outcome_part_missing", "framing.outcome.from",
     {"part": "from"}),
    (*without(", to: 130"), "outcome_part_missing", "framing.outcome.to",
     {"part": "to"}),
    (*without(", by: 2027-03"), "outcome_part_missing", "framing.outcome.by",
     {"part": "by"}),
    ("measure: hours a week", "measure: ''", "outcome_part_missing",
     "framing.outcome.measure", {"part": "measure"}),
    (*without("acceptable_error: 0.3, "), "no_expectation",
     "framing.expectations.acceptable_error", {"name": "acceptable_error"}),
    (*without(", cost_speed: c"), "no_expectation", "framing.expectations.cost_speed",
     {"name": "cost_speed"}),
    (*without("  ratio: 5\n"), "no_ratio", "framing.ratio", {}),
    (*without("  because: it is the surest half\n"), "threshold_without_because",
     "threshold.because", {"act_at": 0.6, "cheapest_at": None}),
    (*without("option: minilm\n"), "no_option", "option", {}),
    (*without("  business_floor: {measure: hours, at_most: 150}\n"),
     "no_business_floor", "impact.business_floor", {}),
    (*without("  satisfaction: {asked: was it helpful?, today: 60}\n"),
     "satisfaction_unknown", "impact.satisfaction", {}),
    (*without(", today: 60"), "satisfaction_unknown", "impact.satisfaction", {}),
    ("Move the threshold", "the model", "bets_disagree_on_owner", "bets.opened",
     {"product": "product", "engineering": "engineering"}),
    ("decision: release", "decision: the model", "no_release_owner",
     "agreement.decides", {"decision": "release"}),
    (*without("    - {when: the two disagree, to: head of support}\n"),
     "escalation_missing", "agreement.escalation", {"missing": "the two disagree"}),
    ("owner: product, nonce: a}", "owner: both, nonce: a}", "bet_not_as_sealed",
     "bets.opened.product", {"role": "product"}),
    (*without("  harmed: people in a hurry\n"), "question_open",
     "framing.questions.harmed", {"question": "harmed"}),
    (*without("  rule_checked_by: the data protection officer\n"), "rule_unchecked",
     "framing.rule_checked_by", {"rule": "privacy law"}),
    (*without("    - {decision: retrain the model, owner: engineering}\n"),
     "decision_unowned", "agreement.decides", {"decision": "retrain the model"}),
    ("{decision: retrain the model, owner: engineering}",
     "{decision: retrain the model, owner: both}", "decision_owned_twice",
     "agreement.decides", {"decision": "retrain the model"}),
    ("decision: release, owner: product}",
     "decision: release, owner: product}\n"
     "    - {decision: release, owner: engineering}",
     "decision_owned_twice", "agreement.decides", {"decision": "release"}),
    ("on: 2026-12-15", "on: 2026-11-15", "ritual_passed", "agreement.rituals[0].on",
     {"what": "metric_review", "by": "2026-11-15"}),
    ("\nagreement:\n", "\nretrospectives:\n  - at: 2026-11-30T10:00:00+00:00\n"
     "    data: sha256:aaaa\n    clauses: {C1: broken, C2: kept}\n"
     "    counts: {C1: {k: 40, n: 90}}\nagreement:\n", "clause_broken_in_life",
     "retrospectives", {"clause": "C1", "k": 40, "n": 90, "at": "2026-11-30"}),
    (*without("  retrospective: 2027-05\n"), "no_retrospective_date",
     "agreement.retrospective", {}),
    (*without("      measured_by: {labels_per_week: 40, who: support}\n"),
     "clause_not_measured", "agreement.clauses[0].measured_by", {"clause": "C1"}),
    (*without("      owner: engineering\n      expires"[:25]), "clause_without_owner",
     "agreement.clauses[0].owner", {"clause": "C1"}),
    (*without(", owner: product, revisit: 2027-01"), "risk_without_owner",
     "data_review.accepted[0].owner", {"finding": "DR002"}),
    (*without(", owner: both"), "assumption_without_owner",
     "data_review.assumptions[0].owner", {"says": "it stays so"}),
    ("when_unsure: {fallback: human}", "when_unsure: {fallback: not_sure}",
     "fallbacks_differ", "framing.when_unsure.fallback",
     {"expected": "human", "when_unsure": "not_sure"}),
    ("at_most: 0.3\n", "at_most: 0.35\n", "clause_looser_than_expected",
     "agreement.clauses[0]",
     {"clause": "C1", "allowed": 0.35, "acceptable_error": 0.3}),
    ("by: 2027-03", "by: 2026-11", "outcome_date_passed", "framing.outcome.by",
     {"by": "2026-11"}),
    ("revisit: 2027-01}", "revisit: 2026-11}", "risk_revisit_passed",
     "data_review.accepted[0].revisit", {"finding": "DR002", "by": "2026-11"}),
    ("2027-01-15", "2026-11-30", "assumption_revisit_passed",
     "data_review.assumptions[0].revisit", {"says": "it stays so", "by": "2026-11-30"}),
    ("expires: 2027-06", "expires: 2026-11", "clause_expired",
     "agreement.clauses[0].expires", {"clause": "C1", "by": "2026-11"}),
    ("retrospective: 2027-05", "retrospective: 2026-11", "retrospective_overdue",
     "agreement.retrospective", {"by": "2026-11"}),
    ("by: 2026-12", "by: 2026-11", "action_overdue", "agreement.actions[0].by",
     {"what": "label more", "who": "Ilir", "by": "2026-11"}),
    ("\nagreement:\n", "\nagreement:\n  not_agreed: [{about: price, by: 2027-01}]\n",
     "not_agreed", "agreement.not_agreed[0]",
     {"about": "price", "decides": "", "by": "2027-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "where", "given"), ONE_GAP)
def test_one_thing_left_out_or_changed_is_one_gap(
    old: str, new: str, code: str, where: str, given: dict[str, Any]
) -> None:
    expected = Gap(kind=KIND_OF[code], where=where, code=code, given=given)
    assert gaps_after(old, new) == [expected]


NOW = Measured(figures={}, data="")
MEASURED: list[tuple[Measured, str, str, dict[str, Any]]] = [
    (replace(NOW, today_measured=False), "today_not_measured",
     "framing.outcome.from", {}),
    (replace(NOW, payoff_ratio=6.1), "ratio_against_payoff", "framing.ratio",
     {"ratio": 5.0, "payoff_ratio": 6.1}),
    (replace(NOW, payoff_ratio=4.1), "ratio_against_payoff", "framing.ratio",
     {"ratio": 5.0, "payoff_ratio": 4.1}),
    (replace(NOW, payoff_ratio=0.0), "ratio_against_payoff", "framing.ratio",
     {"ratio": 5.0, "payoff_ratio": 0.0}),
    (replace(NOW, blockers=("DR002", "DR007")), "blocker_open",
     "data_review.accepted", {"finding": "DR007"}),
    (replace(NOW, known_findings=("DR001",)), "unknown_finding",
     "data_review.accepted[0].finding", {"finding": "DR002"}),
    (replace(NOW, known_options=("bm25",)), "unknown_option", "option",
     {"option": "minilm"}),
    (replace(NOW, option_limits_broken=("min_recall",)), "option_breaks_limit",
     "option", {"option": "minilm", "limit": "min_recall"}),
    (replace(NOW, option_fallback="alternatives"), "option_against_fallback",
     "option", {"expected": "human", "fallback": "alternatives"}),
    (replace(NOW, threshold_meets_expectation=False), "threshold_misses_expectation",
     "threshold.policy", {"acceptable_error": 0.3}),
    (replace(NOW, figures={"threshold": {"coverage": Count(k=97, n=195)}}),
     "figure_moved", "threshold.seen.coverage",
     {"metric": "coverage", "then_k": 98, "then_n": 195, "now_k": 97, "now_n": 195}),
    (replace(NOW, figures={"impact": {"coverage": Count(k=98, n=200)}}),
     "figure_moved", "impact.seen.coverage",
     {"metric": "coverage", "then_k": 98, "then_n": 195, "now_k": 98, "now_n": 200}),
    (replace(NOW, statements={"error": {"error_among_answered": Count(k=21, n=98)}}),
     "statement_moved", "agreement.outside.may_say[1].seen.error_among_answered",
     {"says": "3 of 10", "then_k": 20, "then_n": 98, "now_k": 21, "now_n": 98}),
    (replace(NOW, statements={"clause.C2": {"coverage": Count(k=98, n=200)}}),
     "statement_moved", "agreement.outside.not_yet[0].seen.coverage",
     {"says": "at least 4 of 10", "then_k": 98, "then_n": 195, "now_k": 98,
      "now_n": 200}),
    (replace(NOW, not_carried=("error", "clause.C2")), "statement_not_carried",
     "agreement.outside.may_say[1]", {"says": "3 of 10"}),
    (replace(NOW, business_floor_missed=170.0), "business_floor_missed",
     "impact.business_floor", {"measure": "hours", "bound": 150.0, "value": 170.0}),
    (replace(NOW, clauses_broken={"C2": Count(k=20, n=195)}),
     "clause_broken_from_start", "agreement.clauses[1]",
     {"clause": "C2", "metric": "coverage", "bound": 0.4, "k": 20, "n": 195}),
    (replace(NOW, model_floor_missed=0.4), "model_floor_missed",
     "impact.model_floor",
     {"measure": "error_among_answered", "bound": 0.3, "value": 0.4}),
    (replace(NOW, clauses_not_held={"C1": "slice"}), "clause_cannot_be_held",
     "agreement.clauses[0]", {"clause": "C1", "reason": "slice"}),
    (replace(NOW, data="sha256:ffff"), "data_moved", "threshold.seen.data",
     {"section": "threshold"}),
]  # fmt: skip


@pytest.mark.parametrize(("measured", "code", "where", "given"), MEASURED)
def test_what_was_measured_now_is_compared_with_what_was_said(
    whole: Record, measured: Measured, code: str, where: str, given: dict[str, Any]
) -> None:
    expected = Gap(kind=KIND_OF[code], where=where, code=code, given=given)
    assert find_gaps(whole, measured, TODAY) == (expected,)


CONFLICTS = (
    "expectation_above_ratio",
    "expectation_above_limit",
    "expectation_outside_bets",
    "expectation_promised_none",
    "expectation_promised_early",
    "expectation_nobody_to_ask",
    "expectation_too_many_to_ask",
    "expectation_slower_than_limit",
    "expectation_faster_than_limit",
    "expectation_dearer_than_limit",
)


@pytest.mark.parametrize("code", CONFLICTS)
def test_expectations_that_collide_are_a_contradiction_with_both_values(
    whole: Record, code: str
) -> None:
    given = {"acceptable": 0.3, "bound": 0.2}
    conflict = (code.removeprefix("expectation_"), given)
    (found,) = find_gaps(whole, replace(NOW, conflicts=(conflict,)), TODAY)
    assert (found.code, found.kind, found.given) == (code, "contradictory", given)


@pytest.mark.parametrize("payoff", [6.0, 5.0, 5 / 1.2])
def test_a_fifth_between_ratio_and_payoff_is_close_enough(
    whole: Record, payoff: float
) -> None:
    assert find_gaps(whole, Measured(payoff_ratio=payoff), TODAY) == ()


def test_a_floor_on_a_queue_that_never_ends_is_missed_without_a_figure() -> None:
    missed = Measured(business_floor_missed=math.inf)
    (gap,) = gaps_after("", "", missed)
    assert gap.code == "business_floor_endless"
    assert gap.given == {"measure": "hours", "bound": 150.0}


def test_a_floor_from_below_is_missed_by_its_own_bound() -> None:
    at_least = "measure: hours, metric: hours_saved, at_least: 120"
    missed = Measured(business_floor_missed=100.0)
    (gap,) = gaps_after("measure: hours, at_most: 150", at_least, missed)
    assert gap.given == {"measure": "hours", "bound": 120.0, "value": 100.0}


def test_a_record_without_an_impact_is_not_asked_how_content_people_are() -> None:
    found = find_gaps(Record(scenario="s"), Measured(), TODAY)
    assert "satisfaction_unknown" not in {gap.code for gap in found}


def test_an_error_above_what_is_acceptable_is_a_contradiction() -> None:
    codes = [gap.code for gap in gaps_after("k: 20, n: 98", "k: 40, n: 98")]
    assert codes == ["seen_error_above_acceptable"]
    given = gaps_after("k: 20, n: 98", "k: 40, n: 98")[0].given
    assert given == {"k": 40, "n": 98, "acceptable_error": 0.3}


@pytest.mark.parametrize(("k", "beyond"), [(28, False), (29, False), (30, True)])
def test_an_error_just_as_large_as_is_acceptable_is_none(k: int, beyond: bool) -> None:
    text = WHOLE.replace("acceptable_error: 0.3", "acceptable_error: 0.29")
    text = text.replace("k: 20, n: 98", f"k: {k}, n: 100")
    found = find_gaps(read_record(text, file="record.yaml"), Measured(), TODAY)
    assert ("seen_error_above_acceptable" in {gap.code for gap in found}) is beyond


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("metric: precision\n      at_least: 0.6", True),
        ("metric: precision\n      at_least: 0.7", False),
        ("metric: error_rate\n      at_most: 0.4", True),
        ("metric: error_among_answered\n      at_most: 0.4\n      slice: new", False),
    ],
)
def test_a_clause_on_everybody_allows_no_more_error_than_is_acceptable(
    clause: str, found: bool
) -> None:
    old = "metric: error_among_answered\n      at_most: 0.3"
    codes = [gap.code for gap in gaps_after(old, clause)]
    assert codes == ["clause_looser_than_expected"] * found


def test_bets_are_sealed_then_opened_and_their_owners_settled() -> None:
    opened = WHOLE[WHOLE.index("  opened:") : WHOLE.index("framing:")]
    assert [gap.code for gap in gaps_after(opened, "")] == ["bets_not_opened"]
    bets = WHOLE[WHOLE.index("bets:\n") : WHOLE.index("framing:")]
    gaps = gaps_after(bets, 'bets: {sealed: {product: "sha256:aaaa"}}\n')
    assert [(gap.code, gap.given) for gap in gaps] == [
        ("bet_not_sealed", {"role": "engineering"})
    ]


def sealed_by_engineering(bet: Bet) -> str:
    return seal(bet, record="r1", seat="engineering", nonce="b")


def test_without_an_owner_the_bets_say_whether_there_is_a_quarrel() -> None:
    decides = WHOLE[WHOLE.index("  decides:") : WHOLE.index("  clauses:")]
    assert [gap.code for gap in gaps_after(decides, "")] == [
        "bets_disagree_on_owner",
        "no_release_owner",
    ]
    was = _BETS["engineering"]
    alike = was.model_copy(update={"owner": "product"})
    text = WHOLE.replace(decides, "").replace(
        "owner: engineering, n", "owner: product, n"
    )
    text = text.replace(sealed_by_engineering(was), sealed_by_engineering(alike))
    gaps = find_gaps(signed(read_record(text, file="r")), Measured(), TODAY)
    assert [gap.code for gap in gaps] == ["no_threshold_owner", "no_release_owner"]


def test_one_clause_is_too_few() -> None:
    second = WHOLE[WHOLE.index("    - id: C2") : WHOLE.index("  escalation:")]
    (gap,) = gaps_after(second, "")
    assert (gap.code, gap.given) == ("too_few_clauses", {"count": 1, "needed": 2})


def test_what_is_not_agreed_is_not_undecided_as_well() -> None:
    dispute = "  not_agreed: [{about: framing.ratio, decides: Dana, by: 2026-11}]\n"
    text = WHOLE.replace("  ratio: 5\n", "") + dispute
    gaps = find_gaps(signed(read_record(text, file="r")), Measured(), TODAY)
    assert [gap.code for gap in gaps] == ["not_agreed", "decision_overdue"]
    assert gaps[0].given == {
        "about": "framing.ratio",
        "decides": "Dana",
        "by": "2026-11",
    }


def test_a_month_is_not_over_before_its_last_day(whole: Record) -> None:
    by_day = {day: find_gaps(whole, Measured(), day) for day in (NEW_YEARS_EVE, NEXT)}
    assert "action_overdue" not in {gap.code for gap in by_day[NEW_YEARS_EVE]}
    assert "action_overdue" in {gap.code for gap in by_day[NEXT]}


def test_a_retrospective_that_was_held_is_not_overdue(whole: Record) -> None:
    held = {"at": "2027-05-20", "data": "sha256:aaaa"}
    met = Record.model_validate(whole.model_dump() | {"retrospectives": [held]})
    codes = {gap.code for gap in find_gaps(met, Measured(), LATER)}
    assert "retrospective_overdue" not in codes
    codes = {gap.code for gap in find_gaps(whole, Measured(), LATER)}
    assert "retrospective_overdue" in codes


def test_a_signature_is_out_of_date_once_anything_changed(whole: Record) -> None:
    changed = whole.model_copy(update={"option": "bm25"})
    gaps = find_gaps(changed, Measured(), TODAY)
    assert [(gap.code, gap.given) for gap in gaps] == [
        ("signature_out_of_date", {"role": "product", "name": "Dana"}),
        ("signature_out_of_date", {"role": "engineering", "name": "Ilir"}),
    ]


def test_a_borrowed_step_is_a_gap_of_its_own_kind(whole: Record) -> None:
    lent = whole.model_copy(update={"borrowed": ("option", "threshold")})
    gaps = find_gaps(signed(lent), Measured(), TODAY)
    assert [(gap.kind, gap.code, gap.where, gap.given) for gap in gaps] == [
        ("borrowed", "step_borrowed", "threshold", {"step": "03"}),
        ("borrowed", "step_borrowed", "option", {"step": "04"}),
    ]


def test_the_order_is_always_the_order_of_the_file(whole: Record) -> None:
    gaps = find_gaps(whole, replace(NOW, today_measured=False), LATER)
    sections = [gap.where.split(".")[0] for gap in gaps]
    order = list(Record.model_fields)
    assert sections == sorted(sections, key=order.index)
    assert len({gap.where for gap in gaps}) == len(gaps)


def test_every_code_occurs_in_these_tests() -> None:
    shown = {code for *_, code, _where, _given in ONE_GAP}
    shown |= {code for _, code, _where, _given in MEASURED}
    shown |= {gap.code for gap in find_gaps(Record(scenario="s"), Measured(), TODAY)}
    shown |= {
        *CONFLICTS,
        "no_escalation",
        "bets_not_opened",
        "bets_disagree_on_owner",
        "business_floor_endless",
        "seen_error_above_acceptable",
        "decision_overdue",
        "signature_out_of_date",
        "step_borrowed",
    }
    assert shown == set(GAP_CODES)


def test_a_statement_that_nothing_was_measured_for_is_no_gap() -> None:
    now = replace(NOW, statements={"outcome": {"coverage": Count(k=1, n=2)}, "x": {}})
    assert find_gaps(signed(read_record(WHOLE, file="r")), now, TODAY) == ()


def test_an_agreement_without_statements_is_whole(whole: Record) -> None:
    agreement = whole.agreement.model_copy(update={"outside": None})
    bare = signed(whole.model_copy(update={"agreement": agreement}))
    assert find_gaps(bare, NOW, TODAY) == ()


def test_a_statement_on_both_sides_is_refused() -> None:
    twice = WHOLE.replace("about: clause.C2", "about: error")
    with pytest.raises(InputError, match="'error' stands in may_say and in not_yet"):
        read_record(twice, file="record.yaml")


def test_two_clauses_of_one_name_are_refused() -> None:
    twice = WHOLE.replace("id: C2", "id: C1")
    with pytest.raises(InputError, match="two clauses are called 'C1'"):
        read_record(twice, file="record.yaml")


def test_nobody_named_to_ask_at_all_is_one_gap_and_not_four() -> None:
    start, end = WHOLE.index("  escalation:\n"), WHOLE.index("  rituals:")
    (gap,) = gaps_after(WHOLE[start:end], "")
    assert gap.code == "no_escalation"


def test_we_do_not_know_is_an_answer() -> None:
    old = "  harmed: people in a hurry\n"
    assert gaps_after(old, "  unknown: [harmed]\n") == []


@pytest.mark.parametrize("none", ["none", "Nothing.", " no ", "n/a"])
def test_where_no_rule_applies_nobody_has_to_check_it(none: str) -> None:
    start = WHOLE.index("  rule: privacy law\n")
    end = WHOLE.index("  promised:")
    assert gaps_after(WHOLE[start:end], f'  rule: "{none}"\n') == []


def test_an_action_that_is_done_is_not_overdue() -> None:
    old = "by: 2026-12}]"
    assert gaps_after(old, "by: 2026-11, done: 2026-11-20}]") == []
