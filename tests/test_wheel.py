"""Does an installed wheel bring everything that a workshop needs, and nothing else?

It is built, installed into an environment of its own, outside any checkout, and used
there as somebody would who has nothing else: in an empty folder, reading every line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import nbformat
import pytest

from tests.helpers import SHIPPED as EXAMPLE
from tests.helpers import THAT_DAY, report_of_the_example
from tests.started import Running, free_port, running
from workshop.data import catalog

pytestmark = pytest.mark.slow

SHIPPED = "workshop/_shipped"
MOST_BYTES = 15_000_000
WARNED = re.compile(r"^(?:\[W .*|.*\w*Warning\b.*)$", re.MULTILINE)
LINKS = pytest.mark.skipif(os.name == "nt", reason="links JupyterLab's own files")


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
    listed = shutil.which("git") and subprocess.run(
        ["git", "ls-files", "-z", "workshop", "notebooks", "datasets"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    if not listed or listed.returncode:
        pytest.skip("not a git checkout")
    tracked = {name for name in listed.stdout.split("\0") if (root / name).is_file()}
    expected = {n if n.startswith("workshop/") else f"{SHIPPED}/{n}" for n in tracked}
    assert expected <= names


def test_wheel_has_nothing_but_the_library(names):
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("common_ground-")} == {"workshop"}
    assert [n for n in names if ".source/" in n or "__pycache__" in n] == []
    assert [n for n in names if "checkpoint" in n or "/tests/" in n] == []


def test_the_wheel_is_as_small_as_the_page_on_installing_says(wheel, root):
    size = wheel.stat().st_size
    assert size < MOST_BYTES
    page = (root / "docs" / "install.md").read_text("utf-8")
    (said,) = re.findall(r"wheel is about ([\d.]+) MB", page)
    assert float(said) == pytest.approx(size / 1e6, rel=0.1)


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


# --- installed, outside a checkout ---------------------------------------------------


@dataclass
class Installed:
    """An environment with the wheel in it, and an empty folder to work in."""

    place: Path
    here: Path

    @property
    def programs(self) -> Path:
        return self.place / ("Scripts" if os.name == "nt" else "bin")

    def environment(self, **more: str) -> dict[str, str]:
        """What a newcomer's shell has: nothing of ours, nothing of the tests'."""
        ours = ("WORKSHOP_", "JUPYTER", "PYTHON", "MPL", "VIRTUAL_ENV", "PYTEST")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        path = f"{self.programs}{os.pathsep}{kept.get('PATH', '')}"
        return kept | {"PATH": path, "HOME": str(self.here.parent / "home")} | more

    def command(self, *arguments: str) -> list[str]:
        return [str(self.programs / "workshop"), *arguments]

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.here,
            env=self.environment(**more),
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    def running(self, *arguments: str, **more: str) -> AbstractContextManager[Running]:
        return running(
            self.command(*arguments),
            cwd=self.here,
            env=self.environment(**more),
            log=self.here.parent / f"{arguments[0]}.log",
        )


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel where a path has spaces and umlauts, beside what it needs."""
    place = tmp_path_factory.mktemp("outside") / "Größe & Maß"
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    installed = Installed(place, place.parent / "an empty folder")
    installed.here.mkdir()
    (place.parent / "home").mkdir()
    python = installed.programs / "python"
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline"]
    command += ["--no-deps", "--no-index", "--python", python, wheel]
    subprocess.run(command, check=True)
    _borrow_dependencies(python, place)
    return installed


def _borrow_dependencies(python: Path, place: Path) -> None:
    """Let it import what is installed here, but not the checkout."""
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([python, "-c", asked], capture_output=True, text=True)
    theirs = [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    # folders that are named in a .pth file: the .pth files in them are not read
    Path(done.stdout.strip(), "borrowed.pth").write_text("\n".join(theirs), "utf-8")
    if os.name != "nt":
        (place / "share").mkdir(exist_ok=True)
        (place / "share" / "jupyter").symlink_to(Path(sys.prefix) / "share" / "jupyter")
        (place / "etc").symlink_to(Path(sys.prefix) / "etc")


def test_the_command_comes_from_the_wheel_and_says_nothing_it_was_not_asked(installed):
    for arguments in (["--version"], ["--help"], ["list"], ["lab", "--help"]):
        done = installed.run(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), arguments
        assert done.stdout
    listed = json.loads(installed.run("list", "--json").stdout)
    assert [entry["id"] for entry in listed] == [
        folder.name for folder in catalog.scenario_folders()
    ]


def test_importing_every_module_of_ours_gives_no_warning(installed):
    code = (
        "import pkgutil, importlib, workshop\n"
        "assert '_shipped' in {p.name for p in __import__('pathlib').Path("
        "workshop.__file__).parent.iterdir()}\n"
        "for found in pkgutil.walk_packages(workshop.__path__, 'workshop.'):\n"
        "    if 'hub' not in found.name and not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
    )
    done = subprocess.run(
        [installed.programs / "python", "-W", "always", "-c", code],
        cwd=installed.here,
        env=installed.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    ours = re.escape(str(Path("site-packages") / "workshop"))
    assert re.findall(rf".*{ours}.*Warning.*", done.stderr) == []


def test_a_report_has_the_numbers_of_the_checkout_and_no_warning(installed):
    out, as_of = installed.here / "a report", THAT_DAY.isoformat()
    done = installed.run("report", EXAMPLE, "-o", str(out), "--as-of", as_of)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [
        "Running readiness_report.ipynb …",
        "Gathering the sections …",
        "Writing the page …",
    ]
    assert done.stdout.endswith(f"Report: {out / 'report.html'}\n")
    theirs = json.loads((report_of_the_example() / "report.json").read_text("utf-8"))
    mine = json.loads((out / "report.json").read_text("utf-8"))
    assert mine["sections"] == theirs["sections"]
    assert _said_on_stderr(out / "executed.ipynb") == []


def _said_on_stderr(notebook: Path) -> list[str]:
    """Return what a notebook's cells had to say besides their results."""
    cells = nbformat.read(notebook, as_version=4).cells
    return [
        output["text"]
        for cell in cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]


def test_a_warning_in_a_run_would_be_seen(tmp_path):
    cell = nbformat.v4.new_code_cell(outputs=[
        nbformat.v4.new_output("stream", name="stderr", text="UserWarning: planted"),
    ])  # fmt: skip
    file = tmp_path / "executed.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), file)
    assert _said_on_stderr(file) == ["UserWarning: planted"]


@LINKS
def test_the_lab_answers_with_the_shipped_notebooks(installed):
    arguments = ("lab", "--no-browser", "--port", str(free_port()))
    with installed.running(*arguments) as lab:
        found = lab.ask_lab("api/contents/notebooks")["content"]
        assert "python3" in lab.ask_lab("api/kernelspecs")["kernelspecs"]
    shipped = {p.name: cells(p) for p in catalog.shipped("notebooks").glob("*.ipynb")}
    assert {entry["name"] for entry in found} == set(shipped)
    copies = installed.here / "my-workshop" / "notebooks"
    assert {p.name: cells(p) for p in copies.glob("*.ipynb")} == shipped
    assert WARNED.findall(lab.told) == []


@LINKS
def test_the_lab_looks_for_language_servers_without_starting_npm(installed, tmp_path):
    """A lab that was ended while npm ran warned of it."""
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{installed.environment()['PATH']}"
    arguments = ("lab", "--no-browser", "--port", str(free_port()))
    with installed.running(*arguments, PATH=path) as lab:
        lab.says(re.compile(r"Skipped non-installed server"))
        assert "npm" not in lab.told


def cells(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


@LINKS
def test_the_app_lets_in_by_its_link_and_makes_a_page(installed):
    arguments = ("app", "--no-browser", "--port", str(free_port()))
    with installed.running(*arguments) as app:
        assert app.come_in().open("00")
    assert WARNED.findall(app.told) == []
    assert (installed.here / "my-workshop" / "record.yaml").is_file()


def test_an_older_python_is_refused_with_the_one_that_is_needed(wheel, tmp_path):
    command = [sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-index"]
    command += ["--no-deps", "--python-version", "3.10", "--target", tmp_path, wheel]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0
    assert "does not satisfy Python>=3.11" in " ".join(done.stderr.split())
