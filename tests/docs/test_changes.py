"""Do the four worked changes still apply, and do their tests hold them?

Each patch is put into a copy of the tree. Its tests pass there, and fail in a copy into
which only they were put: a change that nothing would miss is no pattern.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

CHANGES = ROOT / "docs" / "changes"
PAGE = (CHANGES / "README.md").read_text("utf-8")
PATCHES = ("check", "scenario", "panel", "policy")
MOST_FILES = 5
# Rules that hold for every one of its kind, and so for the new one.
RULES = {
    "check": [
        "tests/analysis/readiness/test_every_check.py",
        "tests/views/test_checks_page.py",
    ],
    "scenario": ["tests/room/test_overview.py"],
    "panel": ["tests/views/panels/test_every_panel.py"],
    "policy": ["tests/analysis/options/test_maps.py"],
}
STALE = (
    "docs/changes/{name}.patch is stale: the code that it changes has moved on. Renew "
    "it as docs/changes/README.md says under 'When a patch does not apply'.\n{said}"
)


def files_of(name: str) -> list[str]:
    """Return the files that a patch changes or adds."""
    text = (CHANGES / f"{name}.patch").read_text("utf-8")
    return re.findall(r"(?m)^diff --git a/\S+ b/(\S+)$", text)


def git(*arguments: str, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=where, capture_output=True, text=True, check=False
    )


def copy_into(folder: Path) -> Path:
    """Copy what git has or would take, as it stands in the working tree."""
    listing = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = git(*listing, where=ROOT)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def apply(name: str, where: Path, *options: str) -> None:
    patch = str(CHANGES / f"{name}.patch")
    done = git("apply", *options, patch, where=where)
    assert done.returncode == 0, STALE.format(name=name, said=done.stderr)


def run(tests: list[str], where: Path) -> subprocess.CompletedProcess[str]:
    """Run tests of a copy, on the library of that copy."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=where,
        env=kept | {"PYTHONPATH": str(where)},
        capture_output=True,
        text=True,
        check=False,
    )


def own_tests(name: str) -> list[str]:
    return [file for file in files_of(name) if file.startswith("tests/")]


def test_every_patch_has_its_part_of_the_page_and_there_is_no_other():
    assert {path.stem for path in CHANGES.glob("*.patch")} == set(PATCHES)
    assert re.findall(r"(?m)^## A (\w+)$", PAGE) == list(PATCHES)


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_has_few_files_a_test_among_them_and_the_page_says_why_each(name):
    part = PAGE.split(f"\n## A {name}\n")[1].split("\n## ")[0]
    assert 1 < len(files_of(name)) <= MOST_FILES
    assert own_tests(name)
    named = re.findall(r"(?m)^\| `([^`]+)` \|", part)
    assert sorted(named) == sorted(files_of(name))
    assert f"git apply docs/changes/{name}.patch\n" in part


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_applies_to_the_tree_as_it_is(name):
    done = git("apply", "--check", str(CHANGES / f"{name}.patch"), where=ROOT)
    assert done.returncode == 0, STALE.format(name=name, said=done.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("name", PATCHES)
def test_with_the_change_its_tests_and_the_rules_for_its_kind_hold(name, tmp_path):
    copy = copy_into(tmp_path)
    apply(name, copy)
    done = run([*own_tests(name), *RULES[name]], copy)
    assert done.returncode == 0, STALE.format(name=name, said=done.stdout[-4000:])
    asked = "import workshop; print(workshop.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(copy)


@pytest.mark.slow
@pytest.mark.parametrize("name", PATCHES)
def test_without_the_change_its_tests_fail(name, tmp_path):
    copy = copy_into(tmp_path)
    apply(name, copy, "--include=tests/*")
    done = run(own_tests(name), copy)
    # 1: a test failed; 2: a module of tests finds nothing to import.
    assert done.returncode in (1, 2), done.stdout[-4000:]
