"""Other tools on the same rows, each in an environment of its own.

Run by the benchmark with that environment's interpreter, with a tool and a file. Each
makes the least report it offers, and fails loudly where it cannot.
"""

from __future__ import annotations

import sys

import pandas as pd


def ydata(frame: pd.DataFrame) -> None:
    """Make ydata-profiling's minimal report."""
    from ydata_profiling import ProfileReport

    ProfileReport(frame, minimal=True, progress_bar=False).to_html()


def evidently(frame: pd.DataFrame) -> None:
    """Make Evidently's summary of one data set."""
    from evidently import Dataset, Report
    from evidently.presets import DataSummaryPreset

    data = Dataset.from_pandas(frame)
    Report([DataSummaryPreset()]).run(data, None).get_html_str(as_iframe=False)


def deepchecks(frame: pd.DataFrame) -> None:
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


if __name__ == "__main__":
    {"ydata": ydata, "evidently": evidently, "deepchecks": deepchecks}[sys.argv[1]](
        pd.read_parquet(sys.argv[2])
    )
