"""Which rows is a baseline fitted on, and which does it score without having seen?

Histogram gradient boosting with native categories and missing values, a fixed number
of rounds. There is no early stopping: it would set rows aside at random and break
clusters, and what it saves is little at so few rounds. Each fit runs on one thread and
several run side by side; threads in one fit wait for one another on a busy machine. The
result depends on the seed alone, not on the order of the rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workshop.analysis.baseline.inputs import WIDE, Inputs, read_inputs
from workshop.analysis.baseline.table import Parted, Table
from workshop.analysis.split import group_codes, split_rows
from workshop.analysis.trained import NoTraining
from workshop.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from threadpoolctl import ThreadpoolController

    from workshop.data.card import ColumnRole

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Pair = tuple[Rows, Rows]
Score = Callable[[Floats], Floats]

FOLDS = 5
FEWEST = 20
FEWEST_PER_HALF = 10
# What the trained checks take at most: rows, and rows times columns that one fit may
# hold. A rare label may ask for more rows, up to as many cells as may leave an engine.
MOST_ROWS, FEWEST_SAMPLED = 20_000, 2_000
MOST_CELLS, MOST_CELLS_WIDE, MOST_FETCHED = 800_000, 1_200_000, 2_000_000
# Rounds of boosting; up to so many rows the longer run gains nothing.
SHORT, LONG, SMALL = 60, 100, 20_000


class CannotTrain(InputError):
    """A baseline cannot be trained; ``reason`` is the id of why."""

    def __init__(self, reason: NoTraining, said: str, judged: int, hits: int) -> None:
        super().__init__(said)
        self.reason: NoTraining = reason
        self.judged, self.hits = judged, hits


def read_table(
    frame: pd.DataFrame,
    *,
    key: str,
    label: str,
    positive: object,
    roles: Mapping[str, ColumnRole],
    never: Collection[str] = (),
    time: str | None = None,
    cluster: str | None = None,
    seed: int = 0,
    most_rows: int | None = None,
) -> Table:
    """Put the rows in order, draw a seeded sample of them, read what may be fed.

    Raises
    ------
    CannotTrain
        With the reason: no label, one class, too few rows, no column to learn from.
    InputError
        A named column is not there, or rows have no cluster.
    """
    _demand(frame, [c for c in (key, label, time, cluster) if c is not None])
    judged = frame[frame[label].notna()]
    hits = read_hits(judged[label], positive)
    _enough(hits, label)
    drawn = _draw(judged, key, hits, most_rows, seed)
    _enough(hits[drawn], label)
    kept = judged.iloc[drawn]
    apart = _apart(key, label, time, cluster)
    inputs = _what_may_be_fed(kept, hits, roles=roles, never=never, apart=apart)
    return Table(
        frame=kept,
        labels=hits[drawn],
        inputs=inputs,
        clusters=_clusters(kept, cluster),
        parted=halves(hits[drawn], _moments(kept[time])) if time else None,
        judged=len(hits),
        seed=seed,
    )


def rows_to_train(columns: int, positive: float = 0.5) -> int:
    """Return how many rows keep the trained checks short, some of either label in them.

    ``positive`` is the share of positives, above 0 and below 1. The only bound there
    is: what is drawn from an engine and what is fitted both keep to it.

    >>> rows_to_train(20), rows_to_train(300), rows_to_train(5000)
    (20000, 4000, 2000)
    >>> rows_to_train(300, 0.01)
    6000
    """
    columns = max(1, columns)
    usual = (MOST_CELLS_WIDE if columns > WIDE else MOST_CELLS) // columns
    some_of_either = math.ceil(3 * FEWEST / min(positive, 1 - positive))
    wanted = min(max(usual, some_of_either), MOST_FETCHED // columns)
    return min(MOST_ROWS, max(FEWEST_SAMPLED, wanted))


def folds(table: Table, count: int = FOLDS, seed: int | None = None) -> list[Pair]:
    """Deal the rows into shuffled, stratified folds; clusters stay whole.

    Raises `CannotTrain` when all rows are of one cluster.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    draw = table.seed if seed is None else seed
    blank = np.zeros(len(table.labels))
    if table.clusters is None:
        plain = StratifiedKFold(count, shuffle=True, random_state=draw)
        return list(plain.split(blank, table.labels))
    found = len(np.unique(table.clusters))
    if found < 2:
        raise CannotTrain(
            "too_few_rows",
            "all rows are of one cluster, so none can be kept aside; leave the "
            "cluster out or bring rows of others.",
            table.judged,
            int(table.labels.sum()),
        )
    grouped = StratifiedGroupKFold(min(count, found), shuffle=True, random_state=draw)
    return list(grouped.split(blank, table.labels, table.clusters))


def halves(labels: Bools, moments: pd.Series[Any]) -> Parted | None:
    """Part the rows with a time into earlier and later; None where that cannot be.

    ``moments`` are sortable times with NaT or NaN where there is none. Rows of one
    moment stay together. Each half must hold at least ten rows of either label. The
    third value is the first later moment, None where times are numbers.
    """
    known = np.flatnonzero(moments.notna().to_numpy())
    times = moments.iloc[known]
    if len(known) < len(labels) / 2 or times.nunique() < 2:
        return None
    # Without its zone a moment is a number, which sorts far sooner than an object.
    zoned = getattr(times.dtype, "tz", None) is not None
    plain = times.dt.tz_convert(None) if zoned else times
    split = split_rows(np.arange(len(known)), seed=0, time=plain.to_numpy())
    earlier, later = known[split.choose], known[split.report]
    for half in (earlier, later):
        hits = int(labels[half].sum())
        if min(hits, len(half) - hits) < FEWEST_PER_HALF:
            return None
    return earlier, later, _moment(moments.iloc[later].min())


def score_unseen(table: Table, pairs: Iterable[Pair]) -> list[Floats]:
    """Fit on the first rows of each pair and score the second, chance of positive."""
    return [fit_and_score(table, *pair) for pair in pairs]


def out_of_fold(table: Table, dealt: list[Pair]) -> Floats:
    """Every row's chance of being positive, by the fit that has not seen it."""
    scores = np.empty(len(table.labels))
    for (_, held), found in zip(dealt, score_unseen(table, dealt), strict=True):
        scores[held] = found
    return scores


def fit_and_score(table: Table, seen: Rows, unseen: Rows) -> Floats:
    """Fit on the rows ``seen`` and score ``unseen``, shape (unseen,)."""
    return fit(table, seen)(table.inputs.values[unseen])


def fit(table: Table, seen: Rows) -> Score:
    """Fit on the rows ``seen``; return what scores values of shape (rows, parts)."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    labels, values = table.labels[seen], table.inputs.values
    if labels.all() or not labels.any():
        return lambda asked: np.full(len(asked), float(labels[0]))
    # A part that no row seen holds a value of has no bins to be sorted into.
    fed = ~np.isnan(values[seen]).all(axis=0)
    if not fed.any():
        return lambda asked: np.full(len(asked), float(labels.mean()))
    wide = table.inputs.wide
    model = HistGradientBoostingClassifier(
        max_iter=SHORT if wide or len(table.labels) <= SMALL else LONG,
        max_leaf_nodes=15,
        min_samples_leaf=min(20, max(2, len(seen) // 20)),
        max_bins=63 if wide else 255,
        max_features=0.2 if wide else 1.0,
        categorical_features=table.inputs.categorical[fed],
        early_stopping=False,
        random_state=table.seed,
    )
    with _threads().limit(limits=1, user_api="openmp"):
        model.fit(values[seen][:, fed], labels)

    def score(asked: Floats) -> Floats:
        with _threads().limit(limits=1, user_api="openmp"):
            chances = model.predict_proba(asked[:, fed])[:, 1]
        return np.asarray(chances, dtype=np.float64)

    return score


@cache
def _threads() -> ThreadpoolController:
    """What holds libraries to one thread; looking for them takes long."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def read_hits(column: pd.Series[Any], positive: object) -> Bools:
    """True where the label is ``positive``; 1, 1.0 and "1" are one value."""
    same = np.asarray(column == positive, dtype=np.bool_)
    if same.any():
        return same
    codes, names = group_codes(column.to_numpy(dtype=object), what="label")
    wanted = group_codes([positive], what="label")[1][0]
    return np.array([name == wanted for name in names], dtype=np.bool_)[codes]


def _demand(frame: pd.DataFrame, columns: list[str]) -> None:
    for name in columns:
        if name not in frame.columns:
            raise InputError(
                f"the table has no column {name!r} to train a baseline with; "
                "correct its name in scenario.yaml."
            )


def _enough(hits: Bools, label: str) -> None:
    rows, found = len(hits), int(hits.sum())
    if rows == 0:
        said = f"no row has a label in {label!r}; label some rows first."
        raise CannotTrain("no_label", said, 0, 0)
    if found in (0, rows):
        which = "none" if found == 0 else "all"
        said = f"{which} of {rows} labels in {label!r} count as positive; correct it."
        raise CannotTrain("one_class", said, rows, found)
    if min(found, rows - found) < FEWEST:
        raise CannotTrain(
            "too_few_rows",
            f"{found} of {rows} rows are positive; a baseline needs at least "
            f"{FEWEST} of either label: bring more, or bring scores with --score.",
            rows,
            found,
        )


def _apart(
    key: str, label: str, time: str | None, cluster: str | None
) -> dict[str, str]:
    """Columns that are never fed, with the part each plays."""
    apart = {key: "id", label: "label"}
    apart |= {time: "time"} if time else {}
    return apart | ({cluster: "cluster"} if cluster and cluster not in apart else {})


def _what_may_be_fed(kept: pd.DataFrame, hits: Bools, **asked: Any) -> Inputs:
    inputs = read_inputs(kept, **asked)
    if not inputs.used:
        raise CannotTrain(
            "no_features",
            "no column is left to learn from: all are ids, labels, known only "
            "afterwards, personal or constant; correct the roles in card.yaml.",
            len(hits),
            int(hits.sum()),
        )
    return inputs


def _key_order(frame: pd.DataFrame, key: str) -> Rows:
    """Positions by key; rows that share one are ordered by all that they hold."""
    import pandas as pd

    keys = frame[key]
    types = pd.api.types
    natural = types.is_numeric_dtype(keys) or types.is_datetime64_any_dtype(keys)
    codes, _ = pd.factorize(keys if natural else keys.astype(str), sort=True)
    ties = np.zeros(len(frame), dtype=np.uint64)
    again = keys.duplicated(keep=False).to_numpy()
    if again.any():
        alike = frame[again].astype(str)
        ties[again] = pd.util.hash_pandas_object(alike, index=False).to_numpy()
    return np.lexsort((ties, codes))


def _draw(
    judged: pd.DataFrame, key: str, hits: Bools, most: int | None, seed: int
) -> Rows:
    """Positions in key order; of no more rows than keep the trained checks short."""
    if most is not None:
        most = min(most, rows_to_train(judged.shape[1], float(hits.mean())))
    return _sample(_key_order(judged, key), most, seed)


def _sample(order: Rows, most: int | None, seed: int) -> Rows:
    if most is None or len(order) <= most:
        return order
    drawn = np.random.default_rng(seed).choice(len(order), most, replace=False)
    return order[np.sort(drawn)]


def _clusters(frame: pd.DataFrame, cluster: str | None) -> Rows | None:
    if cluster is None:
        return None
    return group_codes(frame[cluster].to_numpy(dtype=object), what="cluster")[0]


def _moments(column: pd.Series[Any]) -> pd.Series[Any]:
    """Times as they are where they are numbers, else as moments in UTC."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return column
    read = pd.to_datetime(column, utc=True, errors="coerce", format="ISO8601")
    if read.notna().any() or column.isna().all():
        return read
    return pd.to_datetime(column, utc=True, errors="coerce", format="mixed")


def _moment(value: Any) -> datetime | None:
    import pandas as pd

    if not isinstance(value, pd.Timestamp):
        return None
    plain = value.tz_convert(UTC).tz_localize(None) if value.tzinfo else value
    found: datetime = plain.floor("us").to_pydatetime(warn=False)
    return found
