"""What every test may rely on: no one's own settings, no display, no surprises."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# Read when a library is imported, hence before any test.
os.environ["MPLBACKEND"] = "agg"
os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")

# Timings differ from machine to machine; a slow one has not found a bug.
settings.register_profile("default", deadline=None)
# In CI a run tells of the change that it tests, not of that day's draw.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
# A law is tried on a few cases before a change is sent, and on a hundred in CI.
settings.register_profile("quick", settings.default, max_examples=25)


@pytest.fixture(autouse=True)
def _no_settings_of_the_reader(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Forget which record the reader works on, and keep out of the reader's bets."""
    chosen = ("RECORD", "HOME", "SCENARIO", "LANGUAGE")
    for name in (f"WORKSHOP_{one}" for one in chosen):
        monkeypatch.delenv(name, raising=False)
    own = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("WORKSHOP_BETS", str(own / "bets"))
    # Shared by the session: the same data is trained on once.
    monkeypatch.setenv("WORKSHOP_CACHE", str(own / "cache"))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout's folder."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium, or skip the test."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium on this machine")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mount a disk of a size, or one that is read-only, where this machine lets us."""
    mounted: list[Path] = []

    def make(size: str, *options: str) -> Path:
        place = tmp_path / f"disk-{size}{'-'.join(options)}"
        place.mkdir()
        mount, how = shutil.which("mount"), ",".join((f"size={size}", *options))
        done = mount and subprocess.run(
            [mount, "-t", "tmpfs", "-o", how, "tmpfs", str(place)], capture_output=True
        )
        if not done or done.returncode:
            pytest.skip("a small disk can only be mounted by root")
        mounted.append(place)
        return place

    yield make
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)
