"""No two modules talk back and forth, not even through a third."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.test_house import imports, modules


def graph(sources: dict[str, str]) -> dict[str, set[str]]:
    """Return which modules each module needs when it runs, by their names."""
    found = {}
    for module, source in sources.items():
        read = imports(ast.parse(source))
        names = [name for _, name, for_types in read if not for_types]
        either = [(name, name.rpartition(".")[0]) for name in names]
        needed = {next(filter(sources.get, pair), module) for pair in either}
        found[module] = needed - {module}
    return found


def circle(sources: dict[str, str]) -> list[str]:
    """Return one circle of modules, in order; none is what it should find."""
    try:
        TopologicalSorter(graph(sources)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_needs_one_that_needs_it():
    found = modules().items()
    sources = {f"workshop.{name}": path.read_text("utf-8") for name, path in found}
    assert len(sources) > 200
    assert circle(sources) == []


@pytest.mark.parametrize(
    "back", ["import w.a", "from w import a", "def f():\n    from w.a import x"]
)
def test_a_planted_circle_is_found(back):
    sources = {"w": "#", "w.a": "from w.b import y", "w.b": "from w.c import z"}
    assert circle(sources | {"w.c": "#"}) == []
    assert set(circle(sources | {"w.c": back})) == {"w.a", "w.b", "w.c"}


def test_what_only_the_type_checker_reads_makes_no_circle():
    back = "if TYPE_CHECKING:\n    from w.a import x"
    assert circle({"w.a": "from w.b import y", "w.b": back}) == []
