"""How often does a monitor cry wolf in a calm year, and how soon does it see one?

Run as ``python benchmarks/monitor.py``. A year of 52 weeks is played 1,000 times with a
fixed seed, looked at every week. Calm is exactly at the limit; risen is twice that from
the first week on. Beside ours stands what is often done: each week a two-sided 95 %
interval of everything so far, Wilson's or a normal one, with an alarm once it lies
above the limit. MAPIE's monitor, at the same level, plays fewer years, for it takes
longer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from measuring import seconds

from workshop.analysis.monitor import (
    ALPHA,
    WEEKS_A_YEAR,
    WEEKS_PER_WINDOW,
    alarm_counts,
    log_evidence,
    log_level,
    windowed,
    windows_a_year,
)

YEARS = 1_000
YEARS_OF_MAPIE = 12
Z = 1.96
LABELS = (20, 40, 200)
RATES = (0.1, 0.2, 0.3)
MOST_SECONDS = 5.0


@dataclass(frozen=True)
class Told:
    """Share of calm years with an alarm; weeks to the alarm after a doubling."""

    false_alarms: float
    median: float
    most: float

    def __str__(self) -> str:
        """Percent of calm years, then the two delays; more than a year is a dash."""
        weeks = (
            f"{w:.0f}" if w <= WEEKS_A_YEAR else "–" for w in (self.median, self.most)
        )
        return f"{100 * self.false_alarms:5.1f} %  {' / '.join(weeks):>7}"


Alarms = Callable[[np.ndarray, int, float], np.ndarray]


def ours(k: np.ndarray, labels: int, bound: float) -> np.ndarray:
    """The e-process, started again with each window of four weeks."""
    n = windowed(np.full(WEEKS_A_YEAR, labels), WEEKS_PER_WINDOW)
    level = log_level(ALPHA, windows_a_year(WEEKS_PER_WINDOW))
    needed = alarm_counts(n, bound, "at_most", level=level)
    return windowed(k, WEEKS_PER_WINDOW) >= needed


def wilson_weekly(k: np.ndarray, labels: int, bound: float) -> np.ndarray:
    """Wilson's lower bound of all rows so far lies above the limit."""
    n = labels * np.arange(1, WEEKS_A_YEAR + 1)
    p = np.cumsum(k, axis=1) / n
    # Wilson leaves the limit out where the score test does
    return (p - bound) / np.sqrt(bound * (1 - bound) / n) > Z


def normal_weekly(k: np.ndarray, labels: int, bound: float) -> np.ndarray:
    """The share less 1.96 of its own standard errors lies above the limit."""
    n = labels * np.arange(1, WEEKS_A_YEAR + 1)
    p = np.cumsum(k, axis=1) / n
    return p - Z * np.sqrt(p * (1 - p) / n) > bound


def mapie_weekly(k: np.ndarray, labels: int, bound: float) -> np.ndarray:
    """MAPIE's bound of all rows so far; at half of its test level, so twice ours."""
    from mapie.exchangeability_testing import RiskMonitoring

    rng, found = np.random.default_rng(0), []
    for year in k[:YEARS_OF_MAPIE]:
        rows = [rng.permutation(np.arange(labels) < wrong) for wrong in year]
        monitor = RiskMonitoring(
            risk="accuracy", test_level=2 * ALPHA, threshold=bound, warn=False
        )
        wrong = np.concatenate(rows).astype(int)
        monitor.update(np.zeros_like(wrong), wrong)
        bounds = monitor.online_risk_lower_bound_sequence_history
        found.append(bounds[labels - 1 :: labels] > bound)
    return np.array(found)


def play(alarms: Alarms, labels: int, rate: float) -> Told:
    """Play calm years and risen ones, the same for every monitor."""
    calm, risen = (
        np.random.default_rng(seed).binomial(labels, p, (YEARS, WEEKS_A_YEAR))
        for seed, p in ((1, rate), (2, 2 * rate))
    )
    false = alarms(calm, labels, rate).any(axis=1).mean()
    seen = alarms(risen, labels, rate)
    weeks = np.where(seen.any(axis=1), seen.argmax(axis=1) + 1, 999)
    median, most = np.quantile(weeks, (0.5, 0.9), method="inverted_cdf")
    return Told(float(false), float(median), float(most))


def main() -> bool:
    """Print a line for each rate and number of labels; say if the goals are met."""
    monitors = {
        "ours": ours,
        "Wilson weekly": wilson_weekly,
        "normal weekly": normal_weekly,
    }
    print("calm years with an alarm, and weeks to see a doubling (half / 9 of 10)")
    print(f"{'rate':>5}{'labels':>8}" + "".join(f"{name:>18}" for name in monitors))
    worst = 0.0
    for rate in RATES:
        for labels in LABELS:
            told = [play(monitor, labels, rate) for monitor in monitors.values()]
            worst = max(worst, told[0].false_alarms)
            print(f"{rate:5.1f}{labels:8}" + "".join(f"{one!s:>18}" for one in told))
    few = play(mapie_weekly, 20, 0.2)
    print(f"MAPIE, rate 0.2, 20 labels, {YEARS_OF_MAPIE} years: {few}")
    k = np.random.default_rng(3).binomial(40, 0.2, (YEARS, WEEKS_A_YEAR))
    looks = windowed(np.full(WEEKS_A_YEAR, 40), WEEKS_PER_WINDOW)
    every = seconds(
        lambda: log_evidence(windowed(k, WEEKS_PER_WINDOW), looks, 0.2, "at_most")
    )
    mine, naive = (
        seconds(lambda monitor=monitor: monitor(k, 40, 0.2))
        for monitor in (ours, wilson_weekly)
    )
    met = worst <= ALPHA and every < MOST_SECONDS
    print(f"{YEARS:,} years by counts: {mine / naive:.1f} times Wilson's time")
    print(f"the evidence of every look: {every:.2f} s (goal: {MOST_SECONDS:.0f} s)")
    print(f"most false alarms: {100 * worst:.1f} % (goal: {100 * ALPHA:.0f} %)")
    print("goals met" if met else "GOALS MISSED")
    return met


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
