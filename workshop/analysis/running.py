"""What does it cost to let an option run, for one decision?

As somebody stated it, else the measured time at the scenario's price of an hour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.evidence import Evidence
from workshop.data.candidates import Candidate
from workshop.data.scenario import Scenario

Floats = NDArray[np.float64]

MS_PER_HOUR = 3_600_000


def running_cost(evidence: Evidence, candidate: Candidate) -> float | None:
    """Money a decision costs to run; None without a model, or where nobody can tell."""
    if candidate.run is None:
        return None
    times = evidence.scored[candidate.run].latency_ms
    return cost_to_run(evidence.scenario, candidate, times)


def cost_to_run(
    scenario: Scenario, candidate: Candidate, times: Floats | None
) -> float | None:
    """The same with the times of some rows, in ms, shape (n,); None if not measured.

    What the option states stands over what its run states, and both over the times.
    """
    stated = candidate.cost
    if stated is None and candidate.run is not None:
        stated = scenario.run(candidate.run).cost
    timed = cost_of_time(times, scenario.price_per_cpu_hour)
    return timed if stated is None else stated


def cost_of_time(times: Floats | None, per_hour: float | None) -> float | None:
    """Money a decision that took these times, at a price an hour; None without either.

    >>> cost_of_time(np.array([1800.0, 5400.0]), 2.0)
    0.002
    """
    if times is None or not len(times) or per_hour is None:
        return None
    return float(np.mean(times)) / MS_PER_HOUR * per_hour
