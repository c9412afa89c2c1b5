"""One world for all tests of the retrospective: it is only read."""

from __future__ import annotations

import pytest

from tests.analysis.retro.world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a scenario with a past, to which a test brings its future."""
    return World(tmp_path_factory.mktemp("retro"))
