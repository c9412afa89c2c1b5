"""The list of figures a review counts, by hand in pandas and scikit-learn.

What a careful analyst would write in a notebook: the whole table in memory, and the
slow shapes on a sample of the same 50,000 rows. No intervals, no other engine.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

WORDS = ("", "unknown", "unk", "n/a", "na", "none", "null", "nan", "missing", "?", "-")
SAMPLE = 50_000


def review_by_hand(
    path: Path, *, label: str, time: str | None, groups: tuple[str, ...]
) -> dict[str, object]:
    """Read a Parquet file and count what a review counts."""
    frame = pd.read_parquet(path)
    features = [c for c in frame.columns if c not in ("id", label, time)]
    positive = frame[label] == 1
    sample = frame.sample(min(len(frame), SAMPLE), random_state=0)
    return {
        "label": frame[label].value_counts(),
        "columns": {c: _column(frame[c], positive) for c in frame.columns},
        "groups": {g: _group(frame, g, label, features) for g in groups},
        "crossed": _crossed(frame, label, groups),
        "time": _in_time(frame, time, label),
        "copies": _copies(frame[features], positive),
        "separation": _separations(sample, label, features),
        "drift": _drifts(sample, time, features),
        "twins": _twins(sample[features]),
    }


def _column(column: pd.Series, positive: pd.Series) -> dict[str, object]:
    empty = column.isna()
    found = {
        "missing": empty.sum(),
        "missing_positives": (empty & positive).sum(),
        "distinct": column.nunique(),
    }
    if pd.api.types.is_bool_dtype(column.dropna().infer_objects()):
        return found | {"commonest": column.value_counts().head(1)}
    if pd.api.types.is_numeric_dtype(column):
        found |= {"mean": column.mean(), "sd": column.std()}
    if pd.api.types.is_string_dtype(column):
        words = column.str.strip().str.lower()
        found["stand_ins"] = words[words.isin(WORDS)].value_counts()
        found["commonest"] = column.value_counts().head(1)
    return found | {"low": column.min(), "high": column.max()}


def _group(
    frame: pd.DataFrame, group: str, label: str, features: list[str]
) -> pd.DataFrame:
    by_value = frame.groupby(group)
    counted = by_value[label].agg(["size", "count", "sum"])
    holes = frame[features].isna().groupby(frame[group]).sum()
    return counted.join(holes)


def _crossed(
    frame: pd.DataFrame, label: str, groups: tuple[str, ...]
) -> pd.DataFrame | None:
    if len(groups) < 2:
        return None
    return frame.groupby(list(groups[:2]))[label].agg(["size", "count", "sum"])


def _in_time(frame: pd.DataFrame, time: str | None, label: str) -> pd.DataFrame | None:
    if time is None:
        return None
    weeks = frame[time].dt.to_period("W")
    return frame.groupby(weeks)[label].agg(["size", "count", "sum"])


def _copies(features: pd.DataFrame, positive: pd.Series) -> tuple[int, int]:
    # Hashing rows is what one finds after waiting for duplicated() once.
    rows = pd.util.hash_pandas_object(features, index=False)
    sets = positive.groupby(rows.to_numpy()).agg(["size", "sum"])
    both = (sets["sum"] > 0) & (sets["sum"] < sets["size"])
    return len(features) - len(sets), int(sets.loc[both, "size"].sum())


def _separations(
    sample: pd.DataFrame, label: str, features: list[str]
) -> dict[str, float]:
    target = sample[label]
    half = np.random.default_rng(0).random(len(sample)) < 0.5
    found = {}
    for name in features:
        column = sample[name]
        if pd.api.types.is_numeric_dtype(column):
            score = column.fillna(column.min() - 1)
            auc = roc_auc_score(target, score)
        else:
            keys = column.astype("str")
            rates = target[half].groupby(keys[half]).mean()
            score = keys[~half].map(rates).fillna(target.mean())
            auc = roc_auc_score(target[~half], score)
        found[name] = max(auc, 1 - auc)
    return found


def _drifts(
    sample: pd.DataFrame, time: str | None, features: list[str]
) -> dict[str, float]:
    if time is None:
        return {}
    earlier = sample[time] <= sample[time].median()
    found = {}
    for name in features:
        column = sample[name]
        if pd.api.types.is_numeric_dtype(column) and column.nunique() > 10:
            edges = np.unique(column[earlier].quantile(np.linspace(0.1, 0.9, 9)))
            bins = pd.Series(np.searchsorted(edges, column), index=column.index)
        else:
            bins = column.astype("str")
        old = bins[earlier].value_counts(normalize=True)
        new = bins[~earlier].value_counts(normalize=True)
        old, new = old.align(new, fill_value=1e-5)
        found[name] = float(((new - old) * np.log(new / old)).sum())
    return found


def _twins(features: pd.DataFrame) -> pd.Series:
    ranks = features.select_dtypes("number").corr("spearman").abs().stack()
    return ranks[ranks > 0.98]
