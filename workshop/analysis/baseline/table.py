"""What is learnt from, as plain arrays: the same ones give the same figures anywhere.

They can be put into bytes and read back, so that another process may do the fitting,
and into a digest, so that figures that were kept are found again.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.baseline.inputs import Inputs

if TYPE_CHECKING:
    import pandas as pd

Bools = NDArray[np.bool_]
Rows = NDArray[np.intp]
Parted = tuple[Rows, Rows, datetime | None]


@dataclass(frozen=True)
class Table:
    """The rows with a label, in key order, ready to be learnt from.

    All arrays have shape (rows,) but the inputs. ``clusters`` are codes; ``parted``
    holds the earlier rows, the later ones and the first later moment, None where there
    is no time that parts them. ``judged`` counts the rows with a label before any
    sample was drawn. ``frame`` has the rows as they were read; nothing is learnt from
    it, and it stays behind when the rest goes into bytes.
    """

    frame: pd.DataFrame | None
    labels: Bools
    inputs: Inputs
    clusters: Rows | None
    parted: Parted | None
    judged: int
    seed: int

    def digest(self, *beside: str) -> str:
        """Return the SHA-256 of all that is learnt from, and of ``beside``."""
        found = hashlib.sha256()
        for name, array in sorted(self._arrays().items()):
            about = [name, array.dtype.str, array.shape]
            found.update(f"{json.dumps(about)}\n".encode())
            found.update(np.ascontiguousarray(array).tobytes())
        found.update(json.dumps([self._rest(), *beside], sort_keys=True).encode())
        return found.hexdigest()

    def to_bytes(self) -> bytes:
        """Return all but the frame; `from_bytes` reads it."""
        rest = np.frombuffer(json.dumps(self._rest()).encode(), dtype=np.uint8)
        into = io.BytesIO()
        np.savez(into, rest=rest, allow_pickle=False, **self._arrays())
        return into.getvalue()

    @classmethod
    def from_bytes(cls, given: bytes) -> Table:
        """Read what `to_bytes` returned."""
        with np.load(io.BytesIO(given), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        rest = json.loads(arrays.pop("rest").tobytes())
        parted = None
        if "earlier" in arrays:
            cut = datetime.fromisoformat(rest["cut"]) if rest["cut"] else None
            parted = (arrays["earlier"], arrays["later"], cut)
        return cls(
            frame=None,
            labels=arrays["labels"],
            inputs=Inputs(
                arrays["values"],
                arrays["categorical"],
                tuple(rest["used"]),
                rest["left_out"],
                arrays["column_of"],
            ),
            clusters=arrays.get("clusters"),
            parted=parted,
            judged=rest["judged"],
            seed=rest["seed"],
        )

    def _arrays(self) -> dict[str, NDArray[Any]]:
        found: dict[str, NDArray[Any]] = {
            "labels": self.labels,
            "values": self.inputs.values,
            "categorical": self.inputs.categorical,
            "column_of": self.inputs.column_of,
        }
        if self.clusters is not None:
            found["clusters"] = self.clusters
        if self.parted is not None:
            found["earlier"], found["later"], _ = self.parted
        return found

    def _rest(self) -> dict[str, Any]:
        cut = self.parted[2] if self.parted else None
        return {
            "used": list(self.inputs.used),
            "left_out": self.inputs.left_out,
            "cut": cut.isoformat() if cut else "",
            "judged": self.judged,
            "seed": self.seed,
        }
