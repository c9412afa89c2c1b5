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
from workshop.analysis.readiness import repeats, sampling
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
# Of a table larger than its sample: sketches, and figures of rows chosen by the hash.
SKETCHED = {"distinct": 0.15}
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


def test_postgres_gives_every_number_that_duckdb_gives(on_duckdb, postgres_table):
    assert differences(profile_of(on_duckdb), profile_of(postgres_table)) == {}


@pytest.mark.slow
def test_spark_gives_every_number_that_duckdb_gives(on_duckdb, spark_table):
    assert differences(profile_of(on_duckdb), profile_of(spark_table)) == {}
