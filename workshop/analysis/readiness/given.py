"""What the checks look at: the profile, the card, the use, and the scored rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workshop.analysis.labels import Labelling
from workshop.analysis.readiness.profile import Profile
from workshop.analysis.trained import Trained
from workshop.data.card import DatasetCard
from workshop.record.values import Number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Use:
    """What the framing asks of the data; None where it has not been said.

    ``acceptable`` is the agreed error among those acted on, a share; ``promised_by``
    the outcome's date; ``fresh_days`` how old the newest row may be, by the scenario;
    ``label_delay_days`` how long a label takes to be known.
    """

    today: date
    acceptable: float | None = None
    promised_by: date | None = None
    fresh_days: float | None = None
    label_delay_days: float | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """The judged rows of the option in play, aligned, in key order.

    ``file_labels`` are the labels in the order of the file they came in, and
    ``file_sources`` their clusters in that order; ``sources`` the cluster of each row,
    or None. ``error`` is the share for which acting is wrong, over all of them, with
    its interval widened by ``deff``.
    """

    labels: NDArray[np.bool_]
    scores: NDArray[np.float64]
    file_labels: NDArray[np.bool_]
    sources: NDArray[np.str_] | None
    error: Number
    deff: float = 1.0
    file_sources: NDArray[np.str_] | None = None


@dataclass(frozen=True)
class Annotations:
    """What several people said of the same rows: one tuple a person, None unsaid."""

    names: tuple[str, ...]
    labels: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True)
class ReviewInput:
    """All that a check may read. None stands for what there is not."""

    profile: Profile
    card: DatasetCard
    use: Use
    scored: Scored | None = None
    trained: Trained | None = None
    annotations: Annotations | None = None
    labelling: Labelling | None = None
    source_name: str = "sources"

    @property
    def deff(self) -> float:
        """How far dependence widens a rate: by the scored rows, else by the label."""
        if self.scored is not None:
            return self.scored.deff
        return self.profile.label.deff if self.profile.label else 1.0
