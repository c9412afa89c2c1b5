"""The report's room: run the notebooks, gather what they hand on, leave a folder.

`one` writes one report; `running` runs its notebook, `gathered` puts the page and its
JSON twin together, `folder` keeps them whole on disk; `schema` is the twin's shape.
Nothing here computes.
"""

from workshop.report.folder import NAMES
from workshop.report.one import Written, write_report

__all__ = ["NAMES", "Written", "write_report"]
