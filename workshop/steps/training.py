"""Which figures does training bring, and were they computed before?

They are kept by a digest of all that is learnt from, so each table is trained on once
and not once in each notebook and report. No row's key is kept: suspects are kept by
their place in the sample, which is drawn anew each time.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from workshop.analysis.baseline.apart import Beside, as_values
from workshop.analysis.readiness.gathering import ToTrain
from workshop.analysis.trained import Trained
from workshop.data.kept import code_digest, keep, read_kept, versions
from workshop.record.atomic import touched

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from workshop.data.scenario import Scenario

KIND, FORESEEN = "trained", "foreseen"

WORTH_A_START = 50_000
"""Bytes of a scenario's files, from which on training is begun early."""

# What the figures are computed by.
_LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn")
_OURS = (
    "workshop.analysis.baseline",
    "workshop.analysis.trained",
    "workshop.analysis.intervals",
    "workshop.analysis.split",
    "workshop.record.values",
)


class Training:
    """The training of one scenario: foreseen, then done once or read back."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._beside: Beside | None = None

    def foresee(self) -> None:
        """Start what will train, while the rows are still counted.

        Not where the figures of these very files were kept, nor for a table that is
        counted before a process is up.
        """
        if self._beside is None and _bytes_of(self.scenario) >= WORTH_A_START:
            digest = read_kept(FORESEEN, _digest_of_files(self.scenario))
            if not isinstance(digest, str) or read_kept(KIND, digest) is None:
                self._beside = Beside()

    def of(self, drawn: ToTrain, *, progress: Callable[[str], None]) -> Trained:
        """Return the figures of a sample: those that were kept, or computed now."""
        digest = drawn.digest(*_computed_by())
        found = _kept(digest)
        if found is None:
            with self._beside or Beside() as beside:
                found = beside.train(drawn.table, drawn.at_hand, progress=progress)
            _keep(digest, found)
        keep(FORESEEN, _digest_of_files(self.scenario), digest)
        self.needless()
        return drawn.with_keys(found)

    def needless(self) -> None:
        """End what was started; there is nothing to train, or no more."""
        if self._beside is not None:
            self._beside.close()
            self._beside = None


def files_of(scenario: Scenario) -> list[Path]:
    """Return the files that a scenario's figures follow from."""
    ranked = (run.ranking.file for run in scenario.runs if run.ranking)
    named = [scenario.data, *(run.file for run in scenario.runs), *ranked]
    own = ["scenario.yaml", "card.yaml"]
    return [scenario.folder / name for name in (*own, *named) if name]


Stamp = tuple[object, ...]


def stamp_of(scenario: Scenario) -> Stamp:
    """Tell whether files were touched since somebody read them."""
    return (str(scenario.folder.absolute()), *map(touched, files_of(scenario)))


def _bytes_of(scenario: Scenario) -> int:
    found = 0
    for file in files_of(scenario):
        with suppress(OSError, ValueError):
            found += file.stat().st_size
    return found


def _digest_of_files(scenario: Scenario) -> str:
    """Tell files apart by name, size and time alone: a wrong guess costs time only."""
    seen = []
    for file in files_of(scenario):
        with suppress(OSError, ValueError):
            about = file.stat()
            seen.append(f"{file.absolute()} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join([*seen, *_computed_by()]).encode()).hexdigest()


@cache
def _computed_by() -> tuple[str, ...]:
    return (code_digest(_OURS), platform.machine(), *versions(*_LIBRARIES))


def _kept(digest: str) -> Trained | None:
    """Read figures back; what is not wholly of their shape counts as not there."""
    value = read_kept(KIND, digest)
    if value is None:
        return None
    try:
        found = as_values().validate_json(json.dumps(value), strict=True)
    except ValidationError:
        return None
    return found if _plain(found) == value else None


def _keep(digest: str, found: Trained) -> None:
    """Keep figures that read back as they are, to the last digit."""
    value = _plain(found)
    if as_values().validate_json(json.dumps(value), strict=True) == found:
        keep(KIND, digest, value)


def _plain(found: Trained) -> Any:
    return json.loads(as_values().dump_json(found))
