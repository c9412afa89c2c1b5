"""Can each function be taken in at one glance?

At most forty lines, from ``def`` to the last one; decorators stand outside. What a
docstring promises may not be cut short for that: a function that is longer by its
docstring alone is named below, with what the docstring has to say.
"""

import ast
from collections.abc import Iterator
from textwrap import indent

import pytest

from tests.test_house import modules

MOST_LINES = 40

Function = ast.FunctionDef | ast.AsyncFunctionDef

LONGER = {
    "analysis.bands.estimate_band": "where draws are trusted, and a worked example",
    "analysis.baseline.baseline_run": "ten arguments, and every table it refuses",
    "analysis.baseline.train": "twelve arguments, and what a sample stands for",
    "analysis.explain.explain": "which rows may be read, and when there are none",
    "analysis.group_names.group_names": "which values are one group, and shapes",
    "analysis.group_shares.group_shares": "the ids it gives, and its design effects",
    "analysis.group_thresholds.group_thresholds": "both aims, and how ties go",
    "analysis.guarantee.best_promise": "whom the promise holds for, and an example",
    "analysis.impact.floors.dual_floors": "shapes of the draws, and floors not held",
    "analysis.intervals.design_effect": "the formula, its source and two examples",
    "analysis.judge.judge_rates": "which rows count in which rate",
    "analysis.limits.best_within": "three goals, and what a limit holds for in each",
    "analysis.monitor.watch": "what alpha is split over, and two examples",
    "analysis.noticed.notice": "ten arguments, and the base of each rate",
    "analysis.options.by_group.hit_by_group": "shapes, and whose design effects",
    "analysis.options.flip.flip_map": "fifteen arguments, ties, and the interval",
    "analysis.options.paired.compare_options": "what a table of errors looks like",
    "analysis.options.places.place_rows": "shapes, and what each policy does",
    "analysis.prevalence.at_prevalence": "what is assumed, and a worked example",
    "analysis.readiness.profiling.profile": "every column's part, and what is exact",
    "analysis.readiness.sampling.bounded_sample": "the types that come back",
    "analysis.split.split_rows": "what decides a row's side, and an example",
    "comparing.compare": "what is left out and named, and an example",
    "data.later.load_later": "what counts as new, and every file it refuses",
    "data.reading.open_file": "which text is read as what",
    "record.file.RecordFile.save_many": "what two savers at once may rely on",
    "report.batch.write_reports": "who is told of each report, and when",
    "report.one.write_report": "eight arguments, two errors, and an example",
    "room.seats.create": "what may lie in the folder before",
    "room.serving.hub.run_behind_hub": "what the hub has to bring",
    "room.serving.running.run_room": "which address is whose",
}
"""Name → what its docstring has to say beyond forty lines."""


def functions(tree: ast.AST, inside: str) -> Iterator[tuple[str, Function]]:
    """Yield every function with its name, those in classes and functions too."""
    for node in ast.iter_child_nodes(tree):
        name = inside
        if isinstance(node, Function | ast.ClassDef):
            name = f"{inside}.{node.name}".lstrip(".")
        if isinstance(node, Function):
            yield name, node
        yield from functions(node, name)


def lines_of(function: Function) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def docstring_lines_of(function: Function) -> int:
    if ast.get_docstring(function) is None:
        return 0
    said = function.body[0]
    assert said.end_lineno is not None
    return said.end_lineno - said.lineno + 1


def too_long(source: str, module: str) -> dict[str, tuple[int, int]]:
    """Return lines in all and of the docstring, of each function over forty lines."""
    return {
        name: (lines_of(one), docstring_lines_of(one))
        for name, one in functions(ast.parse(source), module)
        if lines_of(one) > MOST_LINES
    }


@pytest.fixture(scope="module")
def found():
    return {
        name: lengths
        for module, path in modules().items()
        for name, lengths in too_long(path.read_text("utf-8"), module).items()
    }


def test_no_function_is_longer_than_40_lines_but_those_with_a_reason(found):
    assert {name: n for name, n in found.items() if name not in LONGER} == {}


def test_no_reason_outlives_the_length_it_was_given_for(found):
    assert set(LONGER) - set(found) == set()


def test_what_is_longer_is_so_by_its_docstring_alone(found):
    bare = {name: lines - said for name, (lines, said) in found.items()}
    assert {name: n for name, n in bare.items() if n > MOST_LINES} == {}


def a_function(statements: int, docstring: int = 0) -> str:
    """Return a function of so many lines beside its ``def``."""
    said = ['    """Say.', *["    More."] * (docstring - 2), '    """']
    shown = said if docstring else []
    return "\n".join(["def f():", *shown, *["    x = 1"] * statements])


def test_a_planted_function_of_forty_lines_passes():
    assert too_long(a_function(39), "m") == {}
    assert too_long(a_function(30, docstring=9), "m") == {}


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (a_function(40), {"m.f": (41, 0)}),
        (a_function(30, docstring=10), {"m.f": (41, 10)}),
        ("async " + a_function(40), {"m.f": (41, 0)}),
        ("if True:\n" + indent(a_function(40), "    "), {"m.f": (41, 0)}),
        ("class A:\n" + indent(a_function(40), "    "), {"m.A.f": (41, 0)}),
    ],
    ids=["plain", "by its docstring", "async", "under a condition", "method"],
)
def test_a_planted_long_function_is_found(source, named):
    assert too_long(source, "m") == named


def test_decorators_stand_outside():
    assert too_long("@one\n@two(\n    3\n)\n" + a_function(39), "m") == {}
