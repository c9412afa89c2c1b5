"""Does an installed wheel bring everything that a workshop needs, and nothing else?"""

import os
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

from workshop.data import catalog

pytestmark = pytest.mark.slow

SHIPPED = "workshop/_shipped"


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as an installer does, from what is installed and offline."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    "path",
    [
        "workshop/views/wording/en*.toml",
        f"{SHIPPED}/notebooks/00_start.ipynb",
        f"{SHIPPED}/notebooks/readiness_report.ipynb",
        f"{SHIPPED}/datasets/privacy-assistant/scenario.yaml",
        f"{SHIPPED}/datasets/privacy-assistant/card.yaml",
        f"{SHIPPED}/datasets/privacy-assistant/example-record.yaml",
        f"{SHIPPED}/datasets/privacy-assistant/data.parquet",
        f"{SHIPPED}/datasets/privacy-assistant/runs.parquet",
        f"{SHIPPED}/datasets/privacy-assistant/LICENSE",
        "common_ground-*.dist-info/licenses/LICENSE",
        "common_ground-*.dist-info/entry_points.txt",
    ],
)
def test_wheel_has(names, path):
    assert any(fnmatch(name, path) for name in names)


def test_wheel_has_every_tracked_file_of_library_notebooks_and_datasets(root, names):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "workshop", "notebooks", "datasets"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    tracked = {name for name in listed.stdout.split("\0") if (root / name).is_file()}
    expected = {n if n.startswith("workshop/") else f"{SHIPPED}/{n}" for n in tracked}
    assert expected <= names


def test_wheel_has_nothing_but_the_library(names):
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("common_ground-")} == {"workshop"}
    assert [n for n in names if ".source/" in n or "__pycache__" in n] == []
    assert [n for n in names if "checkpoint" in n or "/tests/" in n] == []


def test_installed_library_finds_what_it_was_shipped_with(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "from workshop.data.catalog import in_checkout, scenario_folders, shipped\n"
        "assert not in_checkout()\n"
        "import sys\n"
        "for path in (shipped('notebooks'), *scenario_folders()):\n"
        "    sys.stdout.write(f'{path}\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    inside = tmp_path / "site" / SHIPPED
    found = [Path(line) for line in done.stdout.splitlines()]
    assert found[0] == inside / "notebooks"
    assert inside / "datasets" / "privacy-assistant" in found[1:]


def test_checkout_finds_what_lies_beside_the_library(root):
    assert catalog.in_checkout()
    assert catalog.shipped("notebooks") == root / "notebooks"
    assert catalog.shipped("datasets") == root / "datasets"
