"""Do pyproject.toml, environment.yml and requirements.lock name the same packages?

Conda's channels are not reached where these tests run, so no test makes the conda
environment. What is checked instead is that the three files stay in step: the same
packages under the names of their door, the same bounds, and locked versions that
satisfy them on every supported Python and system.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

# Where conda-forge uses another name than the Python package's own.
CONDA_NAMES = {
    "duckdb": "python-duckdb",
    "jupyter-client": "jupyter_client",
    "jupyter-server": "jupyter_server",
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
}
# Where one package with extras is several of conda-forge's, each with what it needs.
CONDA_SEVERAL = {
    "ibis-framework": {"duckdb": "ibis-duckdb", "postgres": "ibis-postgres"}
}
# What pip adds because conda-forge has it under no name: wheels with a library inside.
PIP_ADDS = {"psycopg": {"binary"}}
# What conda brings besides: the interpreter and the installer for "-e .".
CONDA_ONLY = {"python", "pip"}

PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = {"linux": "posix", "darwin": "posix", "win32": "nt"}


@dataclass
class Locked:
    """One block of the lock: a version, where it holds, who asked for it."""

    name: str
    version: Version
    marker: Marker | None
    hashes: int = 0
    via: list[str] = field(default_factory=list)

    def holds(self, python: str, system: str) -> bool:
        if self.marker is None:
            return True
        environment = default_environment() | {
            "python_version": python,
            "python_full_version": f"{python}.9",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "sys_platform": system,
            "os_name": SYSTEMS[system],
        }
        return self.marker.evaluate(environment)


def read_lock(text: str) -> list[Locked]:
    blocks: list[Locked] = []
    for line in text.splitlines():
        stripped = line.strip().removesuffix("\\").strip()
        if line[:1].isalnum():
            requirement = Requirement(stripped)
            (pin,) = requirement.specifier
            assert pin.operator == "==", f"{requirement} is not pinned"
            name = canonicalize_name(requirement.name)
            blocks.append(Locked(name, Version(pin.version), requirement.marker))
        elif stripped.startswith("--hash=sha256:"):
            blocks[-1].hashes += 1
        elif stripped.startswith("#"):
            blocks[-1].via.append(stripped.removeprefix("#").strip())
    return blocks


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def declared(project: dict) -> dict[str, SpecifierSet]:
    """Return what pyproject.toml asks for, to run and to work on it."""
    lines = project["dependencies"] + project["optional-dependencies"]["dev"]
    requirements = [Requirement(line) for line in lines]
    names = [canonicalize_name(r.name) for r in requirements]
    assert len(set(names)) == len(names), "a package is declared twice"
    return dict(zip(names, (r.specifier for r in requirements), strict=True))


@pytest.fixture(scope="module")
def environment(root: Path) -> dict:
    return YAML(typ="safe").load((root / "environment.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def conda(environment: dict) -> dict[str, SpecifierSet]:
    lines = [line for line in environment["dependencies"] if isinstance(line, str)]
    # conda's "python=3.13" means any 3.13, which pip writes otherwise
    requirements = [Requirement(re.sub(r"(?<=\w)=(?=\d)", "~=", li)) for li in lines]
    assert len({r.name for r in requirements}) == len(lines), "a package stands twice"
    return {r.name: r.specifier for r in requirements}


@pytest.fixture(scope="module")
def lock_text(root: Path) -> str:
    return (root / "requirements.lock").read_text("utf-8")


@pytest.fixture(scope="module")
def lock(lock_text: str) -> list[Locked]:
    return read_lock(lock_text)


def conda_names(name: str, environment_names: set[str]) -> set[str]:
    if name in CONDA_SEVERAL:
        return set(CONDA_SEVERAL[name].values())
    if name in CONDA_NAMES:
        return {CONDA_NAMES[name]}
    # conda keeps a dot that Python's canonical names replace: ruamel.yaml.
    return {next((n for n in environment_names if canonicalize_name(n) == name), name)}


def test_conda_lists_the_packages_of_pyproject(declared, conda):
    expected = {n for name in declared for n in conda_names(name, set(conda))}
    assert set(conda) - CONDA_ONLY == expected


def test_conda_has_the_bounds_of_pyproject(declared, conda):
    for name, bounds in declared.items():
        for theirs in conda_names(name, set(conda)):
            assert conda[theirs] == bounds, theirs


def test_conda_brings_what_extras_ask_for_and_pip_the_one_it_does_not_have(project):
    """An extra that conda-forge answers by no package is fetched by pip."""
    asked = [Requirement(line) for line in project["dependencies"]]
    extras = {canonicalize_name(r.name): r.extras for r in asked if r.extras}
    answered = {name: set(packages) for name, packages in CONDA_SEVERAL.items()}
    assert extras == answered | PIP_ADDS


def test_conda_takes_one_python_that_all_is_tested_on(project, environment):
    (python,) = [d for d in environment["dependencies"] if str(d).startswith("python=")]
    version = python.removeprefix("python=")
    assert version == PYTHONS[-1]
    assert version in SpecifierSet(project["requires-python"])


def test_every_python_that_is_promised_is_tested_where_the_machine_has_it(
    root, project
):
    known = "Programming Language :: Python :: 3."
    promised = [line for line in project["classifiers"] if line.startswith(known)]
    assert [f"3.{line.removeprefix(known)}" for line in promised] == [*PYTHONS]
    ci = (root / ".ci" / "run").read_text("utf-8")
    assert f"other_pythons {' '.join(PYTHONS)}\n" in ci


def test_conda_installs_this_project_from_one_channel(environment):
    assert environment["channels"] == ["conda-forge"]
    assert environment["dependencies"][-1] == {"pip": ["-e ."]}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_locked_versions_satisfy_both_doors(declared, conda, lock, python, system):
    versions = {b.name: b.version for b in lock if b.holds(python, system)}
    for name, bounds in declared.items():
        assert name in versions, f"{name} is not in the lock: make lock"
        assert versions[name] in bounds, f"{name}: make lock"
        for theirs in conda_names(name, set(conda)):
            assert versions[name] in conda[theirs], theirs


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_lock_has_one_version_a_package(lock, python, system):
    names = [block.name for block in lock if block.holds(python, system)]
    assert sorted(set(names)) == sorted(names)


def test_no_figure_hangs_on_the_python_that_it_was_computed_with(lock):
    """Another numpy rounds another last digit, and a page shows it."""
    names = [block.name for block in lock]
    assert sorted(set(names)) == sorted(names)


def test_lock_was_made_from_this_pyproject(declared, lock):
    asked = {b.name for b in lock if "common-ground (pyproject.toml)" in _via(b)}
    assert asked == set(declared), "run: make lock"


def _via(block: Locked) -> set[str]:
    return {line.removeprefix("via").strip() for line in block.via}


def test_every_locked_package_is_hashed(lock):
    assert [block.name for block in lock if not block.hashes] == []


def test_lock_names_no_index_and_no_address(lock_text):
    options = r"(?m)^\s*(-i|-f|--(?!hash=)\S+)|://|file:| @ "
    assert re.findall(options, lock_text) == []


def test_build_requirements_are_in_the_development_extra(root, declared):
    """The project itself is installed without build isolation, hence from the lock."""
    text = (root / "pyproject.toml").read_text("utf-8")
    for line in tomllib.loads(text)["build-system"]["requires"]:
        requirement = Requirement(line)
        assert declared[canonicalize_name(requirement.name)] == requirement.specifier


def test_a_stale_lock_would_be_noticed():
    block = "six==1.17.0 ; python_full_version < '3.12' \\\n    --hash=sha256:00\n"
    (locked,) = read_lock(block + "    # via python-dateutil\n")
    assert locked.hashes == 1
    assert _via(locked) == {"python-dateutil"}
    assert locked.holds("3.11", "linux")
    assert not locked.holds("3.12", "linux")
