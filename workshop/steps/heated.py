"""What was read of a scenario, before the first page of a room was asked for it?

Every page asks the same of the data: its rows, its counts, what training on it brings.
Where pages come from forks of one process, that process reads and counts once, and
what it found is in all of them at no cost. Each page makes sure that it is found in the
very files, and on the very day, that it shows.
"""

from __future__ import annotations

from workshop.data.catalog import find_scenario
from workshop.data.scenario import Scenario
from workshop.data.tables import is_address
from workshop.steps.given import Given, today
from workshop.steps.training import Stamp, stamp_of
from workshop.views.wording.catalogue import phrases

_HEATED: dict[Stamp, Given] = {}


def heat(scenario: str) -> None:
    """Read and count all that pages of a scenario ask for, and keep it in this process.

    ``scenario`` is its name or folder.
    """
    found = find_scenario(scenario)
    if is_address(found.data):  # nobody can tell whether it has changed since
        return
    before = _stamp(found)
    given = Given(found)
    given.look()
    phrases()
    if _stamp(found) == before:  # else what was read is of two tables
        _HEATED[before] = given


def given_of(scenario: Scenario) -> Given:
    """Return what is known of a scenario in this process, or what will be read."""
    if not _HEATED:
        return Given(scenario)
    return _HEATED.get(_stamp(scenario)) or Given(scenario)


def _stamp(scenario: Scenario) -> Stamp:
    """A page must never show another table's figures, nor read every byte to know."""
    return (today().isoformat(), *stamp_of(scenario))
