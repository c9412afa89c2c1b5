"""All rows of a table behind a file or an address, and what is said when it fails."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.helpers import Tiny
from workshop.data import source
from workshop.data.scenario import load_scenario
from workshop.data.source import load_data, scored_rows
from workshop.data.tables import (
    engine_table,
    fetched,
    is_address,
    open_table,
    without_password,
)
from workshop.errors import InputError


def tiny(folder: Path, **changes: object) -> Tiny:
    made = Tiny(folder / "tiny")
    made.scenario |= changes
    return made


def with_days(made: Tiny, write) -> None:
    made.data["day"] = [write(1 + i % 28) for i in range(40)]
    made.scenario["time"] = "day"


# --- files ---------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_both_ways_to_a_table_give_the_same_columns_and_types(ending, tmp_path):
    made = tiny(tmp_path)
    with_days(made, lambda d: f"{d:02}/03/2024")
    if ending == "parquet":
        made.use_parquet()
    scenario = load_scenario(made.write())
    frame, table = load_data(scenario), fetched(open_table(scenario)).to_pandas()
    pd.testing.assert_frame_equal(frame, table)
    assert str(frame["day"].dtype).startswith("datetime64")
    assert frame["day"].min() == pd.Timestamp("2024-03-01")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda d: f"{1 + d % 12}/3/2024", "day or the month comes first in 'day'"),
        (lambda d: f"2024-03-{d:02}" if d > 1 else "soon", "2 of 40 values"),
    ],
)
def test_text_that_is_no_time_is_never_sorted_as_text(write, words, ending, tmp_path):
    made = tiny(tmp_path)
    with_days(made, write)
    if ending == "parquet":
        made.use_parquet()
    scenario = load_scenario(made.write())
    for read in (load_data, open_table):
        with pytest.raises(InputError, match=words):
            read(scenario)


def test_a_csv_in_a_scenario_may_be_written_in_any_way(tmp_path):
    made = tiny(tmp_path)
    made.data["shop"] = "Café"
    made.raw["data.csv"] = made.data.to_csv(sep=";", index=False).encode("latin-1")
    assert set(load_data(load_scenario(made.write()))["shop"]) == {"Café"}


def test_one_value_against_the_rest_where_it_is_named(tmp_path):
    made = tiny(tmp_path)
    made.runs["good"] = [i % 40 for i in range(80)]
    made.scenario["label"]["positive"] = 7
    scenario = load_scenario(made.write())
    assert scored_rows(scenario, "plain", load_data(scenario)).labels.sum() == 1


def test_of_a_large_file_only_scored_rows_and_named_columns_are_read(
    tmp_path, monkeypatch
):
    made = tiny(tmp_path, groups=["shop"], shows=[])
    made.use_parquet()
    more = made.data.assign(id=[f"x{i}" for i in range(40)])
    made.data = pd.concat([made.data, more], ignore_index=True)
    scenario = load_scenario(made.write())
    assert len(load_data(scenario)) == 80
    monkeypatch.setattr(source, "MANY_ROWS", 50)
    found = load_data(scenario)
    assert (len(found), list(found.columns)) == (40, ["id", "shop"])
    assert len(scored_rows(scenario, "plain", found)) == 40
    assert fetched(open_table(scenario)).num_rows == 80


def test_of_a_large_file_a_label_of_one_run_alone_is_read_too(tmp_path, monkeypatch):
    made = tiny(tmp_path, shows=[])
    made.use_parquet()
    made.data["checked"] = [int(i % 3 > 0) for i in range(40)]
    made.scenario["runs"][1]["label"] = "checked"
    scenario = load_scenario(made.write())
    monkeypatch.setattr(source, "MANY_ROWS", 30)
    rows = scored_rows(scenario, "clever", load_data(scenario))
    assert rows.labels.sum() == made.data["checked"].sum()


def test_a_score_that_is_text_is_shown_by_a_value_and_not_by_a_hole(tmp_path):
    made = tiny(tmp_path)
    made.runs["score"] = [None, *["high"] * 79]
    scenario = load_scenario(made.write())
    with pytest.raises(InputError, match=r"is text \(such as 'high'\)"):
        scored_rows(scenario, "plain", load_data(scenario))


def test_sixty_thousand_keys_are_looked_up_at_once(tmp_path):
    made = tiny(tmp_path, cases=[], shows=[])
    rows = range(60_000)
    made.use_parquet()
    made.data = pd.DataFrame({"id": rows, "text": "x", "shop": "y"})
    made.runs = pd.DataFrame(
        {
            "id": rows,
            "option": "plain",
            "score": [i / 60_000 for i in rows],
            "good": [i % 2 for i in rows],
        }
    )
    made.scenario["runs"] = [made.run("plain", "Plain rules")]
    scenario = load_scenario(made.write())
    assert len(scored_rows(scenario, "plain", load_data(scenario))) == 60_000


# --- addresses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("postgres://ann:se:cret@db/x", "postgres://ann@db/x"),
        ("postgres://db/x?password=secret&port=1", "postgres://db/x?port=1"),
        ("duckdb://a.duckdb", "duckdb://a.duckdb"),
    ],
)
def test_a_password_is_neither_kept_nor_shown(shown, kept):
    assert without_password(shown) == kept
    assert is_address(shown)


def duckdb_with(folder: Path, frame: pd.DataFrame) -> Path:
    with duckdb.connect(str(folder / "shop.duckdb")) as con:
        con.register("frame", frame)
        con.execute('CREATE TABLE "or ders" AS SELECT * FROM frame')
        con.execute("CREATE TABLE other AS SELECT 1 AS a")
    return folder / "shop.duckdb"


@pytest.mark.engine
def test_a_duckdb_file_is_read_where_it_lies(tmp_path):
    made = tiny(tmp_path, groups=["shop"])
    folder = made.write()
    duckdb_with(folder, made.data)
    made.scenario |= {"data": "duckdb://shop.duckdb", "table": "or ders"}
    made.data.to_csv = lambda *_, **__: None
    scenario = load_scenario(made.write())
    assert fetched(open_table(scenario)).num_rows == 40
    data = load_data(scenario)
    assert len(scored_rows(scenario, "clever", data)) == 40


@pytest.mark.engine
@pytest.mark.parametrize(
    ("address", "table", "words"),
    [
        ("duckdb://shop.duckdb", "orders", "no table 'orders'; did you mean 'or ders'"),
        ("duckdb://shop.duckdb", None, "name one of its tables"),
        ("duckdb://gone.duckdb", None, "no such file"),
        ("duckdb://text.duckdb", None, "no DuckDB file"),
        ("postgres://ann:secret@127.0.0.1:{free}/x", "t", "no database answers at"),
        ("https://example.org/a.csv", None, "download it first"),
        ("cassandra://x/y", None, "this engine is not known"),
    ],
)
def test_what_an_engine_refuses_is_one_sentence(address, table, words, tmp_path):
    duckdb_with(tmp_path, Tiny(tmp_path).data)
    (tmp_path / "text.duckdb").write_text("no database\n" * 999, "utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        free = taken.getsockname()[1]
    with pytest.raises(InputError) as caught:
        engine_table(address.format(free=free), table, folder=tmp_path)
    said = str(caught.value)
    assert words in said
    assert "secret" not in said
    assert "\n" not in said


def test_without_spark_it_is_said_how_to_get_it(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(InputError, match=r"pip install 'common-ground\[spark\]'"):
        engine_table("pyspark://local[2]", "t", folder=tmp_path)


def test_a_time_that_an_engine_keeps_as_text_is_refused(tmp_path):
    made = tiny(tmp_path)
    with_days(made, lambda d: f"2024-03-{d:02}")
    folder = made.write()
    duckdb_with(folder, made.data)
    made.scenario |= {"data": "duckdb://shop.duckdb", "table": "or ders"}
    made.data.to_csv = lambda *_, **__: None
    scenario = load_scenario(made.write())
    with pytest.raises(InputError, match="kept as text there"):
        open_table(scenario)


# --- a real PostgreSQL ---------------------------------------------------------------


def programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    named = shutil.which("pg_ctl")
    return found[-1].parent if found else Path(named).parent if named else None


@pytest.fixture(scope="module")
def postgres(tmp_path_factory) -> Iterator[str]:
    """Start a server of our own on a free port of this machine."""
    import os
    import pwd

    folder = programs()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed")
    home = tmp_path_factory.mktemp("pg")
    as_user: dict[str, object] = {}
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and has no user of its own")
        as_user = {"user": user.pw_uid, "group": user.pw_gid}
        root = tmp_path_factory.getbasetemp().parent
        while root.parent.name.startswith("pytest-"):  # one more, where workers share
            root = root.parent
        for path in (home, *home.parents):
            if path.is_relative_to(root):
                path.chmod(0o755)
        os.chown(home, user.pw_uid, user.pw_gid)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    data = home / "data"
    say = {"check": True, "capture_output": True, "cwd": home, **as_user}
    subprocess.run([folder / "initdb", "-D", data, "-A", "trust", "-U", "ann"], **say)
    how = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
    start = [
        folder / "pg_ctl",
        "-D",
        data,
        "-o",
        how,
        "-l",
        home / "log",
        "-w",
        "start",
    ]
    subprocess.run(start, **(say | {"capture_output": False}))
    yield f"postgres://ann@127.0.0.1:{port}/postgres"
    stop = [folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
    subprocess.run(stop, **say)


@pytest.mark.engine
def test_a_postgres_table_is_read_where_it_lies(postgres, tmp_path):
    import psycopg

    made = tiny(tmp_path, groups=["shop"], time="day")
    made.data["day"] = pd.date_range("2024-03-01", periods=40)
    with psycopg.connect(postgres, autocommit=True) as con:
        con.execute('CREATE SCHEMA "the shop\'s"')
        con.execute(
            'CREATE TABLE "the shop\'s"."or ders" '
            "(id text, text text, shop text, day date, paid numeric(9, 2))"
        )
        for row in made.data.itertuples(index=False):
            con.execute(
                'INSERT INTO "the shop\'s"."or ders" VALUES (%s, %s, %s, %s, 1.5)', row
            )
    made.write()
    made.scenario |= {"data": postgres, "table": "the shop's.or ders"}
    made.data.to_csv = lambda *_, **__: None
    scenario = load_scenario(made.write())
    whole = fetched(open_table(scenario)).to_pandas()
    assert whole["day"].min() == pd.Timestamp("2024-03-01")
    assert whole["paid"].tolist() == [1.5] * 40
    data = load_data(scenario)
    assert list(data.columns) == ["id", "day", "shop", "text"]
    assert len(scored_rows(scenario, "plain", data)) == 40


@pytest.mark.engine
@pytest.mark.parametrize(
    ("change", "table", "words"),
    [
        (("/postgres", "/nowhere"), "t", 'database "nowhere" does not exist'),
        (("ann@", "ben@"), "t", 'role "ben" does not exist'),
        (("", ""), "pg_class", "no table"),
    ],
)
def test_what_postgres_refuses_is_one_sentence(
    postgres, change, table, words, tmp_path
):
    address = postgres.replace(*change) if change[0] else postgres
    with pytest.raises(InputError, match=words):
        engine_table(address, table, folder=tmp_path)
