"""Other tools on the same rows, each in an environment of its own.

Run by the benchmark with that environment's interpreter, with a tool, a file and, where
there is one to be written, the page's path. Each makes the least report it offers, and
fails loudly where it cannot.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd


def ydata(frame: pd.DataFrame) -> str:
    """Make ydata-profiling's minimal report."""
    from ydata_profiling import ProfileReport

    made: str = ProfileReport(frame, minimal=True, progress_bar=False).to_html()
    return made


def evidently(frame: pd.DataFrame) -> str:
    """Make Evidently's summary of one data set."""
    from evidently import Dataset, Report
    from evidently.presets import DataSummaryPreset

    data = Dataset.from_pandas(frame)
    run = Report([DataSummaryPreset()]).run(data, None)
    made: str = run.get_html_str(as_iframe=False)
    return made


def deepchecks(frame: pd.DataFrame) -> str:
    """Run deepchecks' data integrity suite."""
    from deepchecks.tabular import Dataset
    from deepchecks.tabular.suites import data_integrity

    kinds = [c for c in frame if frame[c].dtype == object]
    data = Dataset(
        frame.drop(columns="happened"),
        label="label",
        index_name="id",
        cat_features=[c for c in kinds if c != "happened"],
    )
    data_integrity().run(data)
    return ""


TOOLS = {"ydata": ydata, "evidently": evidently, "deepchecks": deepchecks}

if __name__ == "__main__":
    page = TOOLS[sys.argv[1]](pd.read_parquet(sys.argv[2]))
    for path in sys.argv[3:]:
        Path(path).write_text(page, "utf-8")
