"""What is gathered for the checks keeps every column that the scenario names."""

from __future__ import annotations

from types import SimpleNamespace

from tests.analysis.readiness.builders import column, plain_profile
from workshop.analysis.readiness.gathering import _roles


def test_a_cluster_that_is_empty_throughout_stays_among_the_columns():
    found = plain_profile()
    for name in ("shop", "tags"):
        found.columns[name] = column(name, "other")
    scenario = SimpleNamespace(key="id", time="when", annotators=(), cluster="shop")
    roles = _roles(found, scenario, "good")
    assert "shop" in roles
    assert "tags" not in roles
