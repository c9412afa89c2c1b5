"""The report's room: run the notebooks, gather what they hand on, leave a folder.

`one` writes one report and `batch` many; `running` runs a notebook, whose kernel comes
from `workshop.kernels`; `gathered` puts the page and its JSON twin together, `folder`
keeps them whole on disk, `pdf` prints; `schema` is the twin's shape. Nothing here
computes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop.report.folder import NAMES
    from workshop.report.one import Written, write_report

__all__ = ["NAMES", "Written", "write_report"]


def __getattr__(name: str) -> Any:
    """Import what is asked for: a kernel starts while the rest is still imported."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "folder" if name == "NAMES" else "one"
    return getattr(import_module(f"{__name__}.{module}"), name)
