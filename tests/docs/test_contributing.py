"""Is CONTRIBUTING.md true to the tree: its map, its paths, its tables, its commands?

The map is held both ways: everything that stands at the top of the tree or of the
library is on it once, and nothing else is. Each rule has a planted fault.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from functools import cache

import pytest

from tests.docs.pages import ROOT
from tests.test_house import INSIDE

PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
LIBRARY = "workshop/"
# The library's own name and the mark of a package, which are no rooms of it.
NO_ROOM = {"__init__.py"}
# Ends of names by which a word in code is known to be a path.
ENDS = ("/", ".py", ".md", ".toml", ".yaml", ".yml", ".js", ".lock")
# What a contributor or a command makes, and git does not have.
MADE = {".venv", "build.py", "LICENSE"}


@cache
def tracked() -> tuple[str, ...]:
    """Return what git has or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = filter(None, listed.stdout.split("\0"))
    return tuple(n for n in names if (ROOT / n).is_file())


def rooms(files: tuple[str, ...]) -> set[str]:
    """Return the top-level folders, and the packages and modules of the library."""
    found = {f"{name.split('/')[0]}/" for name in files if "/" in name}
    for name in files:
        if name.startswith(LIBRARY):
            room, _, rest = name.removeprefix(LIBRARY).partition("/")
            if rest or (room.endswith(".py") and room not in NO_ROOM):
                found.add(f"{LIBRARY}{room}{'/' if rest else ''}")
    return found


def mapped(page: str) -> list[str]:
    """Return what the map names: a line begins with its names, two spaces end them."""
    (drawn,) = re.findall(r"(?ms)^```\n(notebooks/.*?)^```$", page)
    found = []
    for line in drawn.splitlines():
        indent = len(line) - len(line.lstrip())
        if indent in (0, 2):
            names = re.split(r"  +", line.strip())[0].split(", ")
            found += [f"{LIBRARY if indent else ''}{name}" for name in names]
    return found


def faults(page: str, files: tuple[str, ...]) -> list[str]:
    """Say what is missing on the map, what is on it twice, and what is not there."""
    named, there = Counter(mapped(page)), rooms(files)
    return [
        *(f"{name} is not on the map" for name in sorted(there - set(named))),
        *(f"{name} is on the map and not there" for name in sorted(set(named) - there)),
        *(f"{name} is on the map twice" for name, k in named.items() if k > 1),
    ]


def test_the_map_has_every_room_once_and_no_other():
    assert faults(PAGE, tracked()) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  kit.py  ", "  kits.py ", "workshop/kit.py is not on the map"),
        ("  kit.py  ", "  kits.py ", "workshop/kits.py is on the map and not there"),
        ("\ndeploy/  ", "\ndocs/    ", "docs/ is on the map twice"),
        (", cli_language.py", "", "workshop/cli_language.py is not on the map"),
    ],
)
def test_a_room_that_is_left_out_misspelt_or_told_twice_is_found(old, new, told):
    assert PAGE.count(old) == 1
    assert told in faults(PAGE.replace(old, new), tracked())


def test_a_new_module_and_a_new_folder_are_missed_on_the_map():
    more = (*tracked(), "workshop/new.py", "workshop/rooms/one.py", "extra/a.txt")
    missing = ["extra/", "workshop/new.py", "workshop/rooms/"]
    assert faults(PAGE, more) == [f"{name} is not on the map" for name in missing]


# --- paths, tables, commands ---------------------------------------------------------


def paths(page: str) -> list[str]:
    """Return the paths that stand in code, with `{a,b}.py` written out."""
    prose = re.sub(r"(?ms)^```.*?^```$", "", page)
    found = []
    for code in re.findall(r"`([^`\n]+)`", prose):
        if code.endswith(ENDS) and not re.search(r"[\s*…]", code):
            if some := re.search(r"\{(.+)\}", code):
                found += [code.replace(some[0], one) for one in some[1].split(",")]
            else:
                found.append(code)
    return found


def is_there(path: str, files: tuple[str, ...]) -> bool:
    """Whether a file of the tree ends with that path, or a folder of it does."""
    if path.endswith("/"):
        return any(f"/{path}" in f"/{name}" for name in files)
    return any(f"/{name}".endswith(f"/{path}") for name in files)


def test_every_path_on_the_page_is_there():
    named = [path for path in paths(PAGE) if path not in MADE]
    assert len(named) > 40
    assert [path for path in named if not is_there(path, tracked())] == []


def test_a_path_that_is_not_there_is_found():
    assert paths("in `workshop/record/{bets,no}.py`") == [
        "workshop/record/bets.py",
        "workshop/record/no.py",
    ]
    assert is_there("workshop/record/bets.py", tracked())
    assert not is_there("workshop/record/no.py", tracked())
    assert not is_there("ets.py", tracked())
    assert is_there("reference/", tracked())
    assert not is_there("refer/", tracked())


def layers(page: str) -> list[list[str]]:
    """Return the names in the first column of the table of who may use what."""
    table = page.split("| package | may use | never |\n")[1].split("\n\n")[0]
    return [re.findall(r"`(\w+)`", row.split("|")[1]) for row in table.splitlines()]


def test_the_table_of_who_may_use_what_has_every_layer_once():
    named = [name for row in layers(PAGE) for name in row]
    assert len(named) == len(set(named))
    # Errors use nothing, and the package itself is the front door.
    assert set(named) == set(INSIDE) - {"errors", "__main__", ""}


def test_the_doors_are_the_last_row_before_the_notebooks():
    doors = {name for name, may in INSIDE.items() if may == ("*",)}
    assert set(layers(PAGE)[-2]) == doors - {"__main__", ""}
    assert layers(PAGE)[-1] == []


def test_every_make_command_on_the_page_is_one():
    asked = re.findall(r"(?m)(?:^|`)make ([a-z][a-z-]*)", PAGE)
    recipes = (ROOT / "Makefile").read_text("utf-8")
    assert {"check", "test", "help", "test-browser", "test-engines"} <= set(asked)
    targets = set(re.findall(r"(?m)^([a-z][a-z-]*):", recipes))
    assert set(asked) - targets == set()


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make on this machine")
def test_make_help_lists_every_target():
    recipes = (ROOT / "Makefile").read_text("utf-8")
    command = ["make", "--no-print-directory", "help"]
    told = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = re.findall(r"(?m)^  make ([a-z-]+) +\S", told)
    assert sorted(listed) == sorted(re.findall(r"(?m)^([a-z][a-z-]*):", recipes))
