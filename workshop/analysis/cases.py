"""Who agreed with whom on the six cases, and with the experts' label."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.analysis.agreement_stats import COHEN, cohen_kappa
from workshop.analysis.intervals import rate
from workshop.record.choices import Cases
from workshop.record.values import ROLES, Number, Role


@dataclass(frozen=True, slots=True)
class CaseAgreement:
    """Counts over the cases that both, or that one, have judged.

    ``agreed`` is None while both have judged no case in common. ``kappa`` is None while
    these are fewer than two, or one of them, or both, said one word to all of them.
    ``with_label`` lacks a role that has judged none.
    """

    agreed: Number | None
    kappa: Number | None
    with_label: dict[Role, Number]


def case_agreement(cases: Cases, labels: dict[str, bool]) -> CaseAgreement:
    """Compare both halves with each other and with the label.

    ``labels`` maps a case to True where its label is positive; "fine" agrees with
    that. Rates carry plain Wilson intervals: six cases are no sample of anything.
    """
    said = {role: getattr(cases, role) for role in ROLES}
    both = [c for c in labels if c in said["product"] and c in said["engineering"]]
    same = sum(said["product"][c] == said["engineering"][c] for c in both)
    with_label = {
        role: _with_label(role, words, labels) for role, words in said.items() if words
    }
    agreed = rate("cases.agreed", same, len(both), rows="choose") if both else None
    return CaseAgreement(agreed, _kappa(said, both), with_label)


def _with_label(role: Role, words: dict[str, str], labels: dict[str, bool]) -> Number:
    judged = [case for case in labels if case in words]
    same = sum((words[case] == "fine") == labels[case] for case in judged)
    return rate(f"cases.{role}", same, len(judged), rows="choose")


def _kappa(said: dict[Role, dict[str, str]], both: list[str]) -> Number | None:
    words = ("fine", "harmful")
    table = [
        [
            sum(said["product"][c] == a and said["engineering"][c] == b for c in both)
            for b in words
        ]
        for a in words
    ]
    rows_used = [sum(row) for row in table]
    columns_used = [sum(column) for column in zip(*table, strict=True)]
    if len(both) < 2 or 0 in rows_used or 0 in columns_used:
        return None
    kappa = cohen_kappa(table)
    return Number(
        id="cases.kappa",
        value=kappa.value,
        n=len(both),
        lo=kappa.lo,
        hi=kappa.hi,
        level=kappa.level,
        method=COHEN,
        rows="choose",
        unit="kappa",
    )
