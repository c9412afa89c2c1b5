"""Can a script find by name what it needs, with an example that runs?"""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import workshop

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
NAMES = sorted(set(workshop.__all__) - {"__version__"})


def test_they_are_about_thirty():
    assert 30 <= len(NAMES) <= 40


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_says_what_it_is_and_shows_an_example(name):
    found = getattr(workshop, name)
    finder = doctest.DocTestFinder(recurse=False)
    (test,) = finder.find(found, name)
    assert test.examples, f"{name} has no example"
    assert len(inspect.getdoc(found).splitlines()[0]) > 20


@pytest.mark.parametrize("name", NAMES)
def test_an_example_below_other_sections_stands_under_a_heading_of_its_own(name):
    """Else the site takes it for more of the section above."""
    said = inspect.getdoc(getattr(workshop, name))
    sections = re.findall(r"(?m)^(\w+)\n-+$", said.split(">>>")[0])
    assert not sections or sections[-1] == "Examples"


@pytest.mark.parametrize("name", NAMES)
def test_its_example_is_one_that_the_suite_collects(name):
    """pytest reads a docstring where the name is made, and nowhere else."""
    found = getattr(workshop, name)
    module = sys.modules[found.__module__]
    assert found.__module__.split(".")[0] == "workshop"
    assert getattr(module, name) is found


@pytest.mark.parametrize(
    "name", [n for n in NAMES if inspect.isfunction(getattr(workshop, n))]
)
def test_a_public_function_says_what_it_raises(name):
    said = inspect.getdoc(getattr(workshop, name))
    assert re.search(r"\bRaises\b|`InputError` names", said), f"{name}: what is raised?"


def test_the_page_has_each_of_them_once_and_no_other():
    listed = re.findall(r"\.\. auto(?:function|class):: (\w+)", PAGE)
    assert sorted(listed) == NAMES


def test_the_page_has_only_members_that_there_are():
    members = re.findall(r"autoclass:: (\w+)\n +:members: (.+)", PAGE)
    assert members
    missing = [
        f"{name}.{member}"
        for name, listed in members
        for member in listed.split(", ")
        if not inspect.getdoc(getattr(getattr(workshop, name), member, None))
    ]
    assert missing == []


def test_the_first_example_prints_what_the_page_says():
    code, printed = re.search(
        r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL
    ).groups()
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == printed


def test_what_a_type_checker_reads_is_what_is_imported():
    tree = ast.parse((ROOT / "workshop" / "__init__.py").read_text("utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = {
        alias.asname: node.module.removeprefix("workshop.")
        for node in block.body
        for alias in node.names
        if alias.asname
    }
    assert imported == workshop._MODULE_OF


def test_a_name_that_is_not_public_is_refused_by_its_name():
    with pytest.raises(AttributeError, match="no attribute 'treshold_curve'"):
        _ = workshop.treshold_curve
    assert set(NAMES) <= set(dir(workshop))
