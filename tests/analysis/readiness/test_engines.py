"""Does one review give the same numbers on DuckDB, PostgreSQL and Spark?

The same mixed table stands on each; every number of its profile is compared, and the
table below says which may differ and by how much. Whatever it does not name is equal.
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import ibis
import pyarrow.parquet as pq
import pytest

from tests.analysis.readiness.engine_tables import (
    QUOTED,
    ROWS,
    UNICODE,
    mixed_table,
    postgres_server,
)
from workshop.analysis.readiness import profiling, repeats
from workshop.analysis.readiness.profiling import profile
from workshop.analysis.readiness.sampling import bounded_sample
from workshop.data.card import Column, DatasetCard, Schema
from workshop.errors import InputError

pytestmark = [
    pytest.mark.engine,
    # ibis 12 still calls what DuckDB 2 has renamed.
    pytest.mark.filterwarnings("ignore:fetch_.* is deprecated:DeprecationWarning"),
    # … and asks pandas 3 for an option that it has retired.
    pytest.mark.filterwarnings("ignore:The 'future.infer_string':DeprecationWarning"),
]

# What may differ between engines, by the last part of a figure's path, and how far:
# relative to the figure. Sums of floats are not added in one order on every engine.
FLOATS = {"mean": 1e-9, "sd": 1e-9}
# Of a table larger than its sample, distinct values are a sketch on some engines …
SKETCHED = {"distinct": 0.15}
EXACT_OR_NOT = ("distinct_exact",)
# … and these come from rows chosen by a hash, which is each engine's own.
CHOSEN = {"shapes", "copies", "commonest"}
# Always the engine's own.
OWN = ("engine",)


def leaves(value, path=()):
    """Yield every number, text and date of a profile with its path."""
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, dict):
        yield (*path, "keys"), tuple(sorted(value))
        for key in sorted(value):
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, tuple | list):
        yield (*path, "length"), len(value)
        for place, one in enumerate(value):
            yield from leaves(one, (*path, place))
    else:
        yield path, value


def differences(here, there, within=FLOATS):
    """Return what differs by more than the table allows."""
    one, two = dict(leaves(here)), dict(leaves(there))
    assert len(one) > 1000
    found = {path: (one.get(path), two.get(path)) for path in one.keys() ^ two.keys()}
    for path in one.keys() & two.keys():
        if path[-1] not in OWN and not alike(
            one[path], two[path], within.get(path[-1])
        ):
            found[path] = (one[path], two[path])
    return found


def alike(one, two, within):
    if within is None or one is None or two is None:
        return type(one) is type(two) and one == two
    return math.isclose(one, two, rel_tol=within, abs_tol=1e-12)


def card():
    parts = {"leak": "leak", "score": "score", "id": "id", "label": "label"}
    return DatasetCard(
        name="mixed",
        title="Mixed",
        description="Everything at once.",
        schema=Schema(
            fields=tuple(
                Column(name=name, role=parts.get(name, "feature"))
                for name in mixed_table().column_names
                if name != "constant"
            )
        ),
    )


def profile_of(table, **changes):
    asked = {
        "key": "id",
        "label": "label",
        "positive": 1,
        "card": card(),
        "time": "when",
        "groups": ("region", "size", UNICODE),
        "cluster": "shop",
        "today": date(2025, 6, 1),
    }
    return profile(table, **(asked | changes))


@pytest.fixture(scope="module")
def on_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("mixed") / "mixed.parquet"
    pq.write_table(mixed_table(), path)
    return path


@pytest.fixture(scope="module")
def on_duckdb(on_file):
    return ibis.duckdb.connect().read_parquet(str(on_file))


@pytest.fixture(scope="module")
def postgres_table():
    # Not pytest's own folder: the server runs as a user who may not look into that.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    try:
        with postgres_server(folder) as reached_by:
            engine = ibis.postgres.connect(**reached_by)
            engine.create_table("mixed", mixed_table())
            yield engine.table("mixed")
            engine.disconnect()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def spark_table(tmp_path_factory, on_file):
    pytest.importorskip("pyspark", reason="Spark is an extra: pip install .[spark]")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("Spark needs Java, and there is none")
    folder = tmp_path_factory.mktemp("spark")
    session = start_spark(folder)
    engine = ibis.pyspark.connect(session)
    yield engine.read_parquet(str(on_file), table_name="mixed")
    session.stop()


def start_spark(folder):
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        # The short life of a test is over before the best machine code pays.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    builder = SparkSession.builder.master("local[2]").appName("readiness")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


SPARK = [
    pytest.mark.slow,
    # PySpark 4.0 was written for pandas 2, and leaves its sockets to the collector.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(params=["postgres", pytest.param("spark", marks=SPARK)])
def elsewhere(request):
    return request.getfixturevalue(f"{request.param}_table")


def test_every_number_is_the_one_that_duckdb_gives(on_duckdb, elsewhere):
    here, there = profile_of(on_duckdb), profile_of(elsewhere)
    assert here.not_done == there.not_done == {}
    assert differences(here, there) == {}


def test_of_a_longer_table_what_counts_all_rows_is_the_same(
    on_duckdb, elsewhere, monkeypatch
):
    monkeypatch.setattr(profiling, "rows_for", lambda columns: 1500)
    monkeypatch.setattr(repeats, "MOST_ROWS", 1000)
    monkeypatch.setattr(repeats, "PARTS", 4)
    here, there = profile_of(on_duckdb), profile_of(elsewhere)
    for found in (here, there):
        assert (found.shapes.rows, found.shapes.whole) == (1500, False)
        # A quarter of the rows by their hash, and of the hundred copies among them.
        assert found.copies.share == 0.25
        assert 450 < found.copies.rows < 750
        assert 5 < found.copies.repeated < 50
    within = FLOATS | SKETCHED
    told = {
        path
        for path in differences(here, there, within)
        if not CHOSEN & set(path) and path[-1] not in EXACT_OR_NOT
    }
    assert told == set()


def test_a_sample_is_the_same_each_time_on_each_engine(elsewhere):
    asked = {"key": "id", "columns": ("id", QUOTED, "region"), "rows": 400}
    one, two = bounded_sample(elsewhere, **asked), bounded_sample(elsewhere, **asked)
    assert one.equals(two)
    assert len(one) == 400
    # Chosen by a hash: neither the first rows nor the last.
    assert abs(one["id"].mean() - ROWS / 2) < 4 * ROWS / math.sqrt(12 * 400)


def test_a_server_that_is_down_is_one_clear_error(tmp_path):
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    try:
        with postgres_server(folder) as reached_by:
            engine = ibis.postgres.connect(**reached_by)
            engine.raw_sql("create table t as select 1 as id")
            engine.con.commit()
            table = engine.table("t")
        with pytest.raises(InputError, match="postgres could not read it"):
            profile_of(table, key=None, label=None, time=None, groups=(), cluster=None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
