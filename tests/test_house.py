"""Does the house stand as designed: who calls whom, how big, how thin, how quiet?

The table of who may use what is the one of CONTRIBUTING.md; each rule here is a plain
function over source text, and each has a planted fault that it must find.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "workshop"

# --- who may use what ----------------------------------------------------------------

# What is put together from Sections, without computing anything.
PAGE = ("views.page", "views.index_page", "views.section", "views.wording")

# A layer may use those listed and itself; the order is the direction of design.
INSIDE: dict[str, tuple[str, ...]] = {
    "errors": (),
    "record": ("errors",),
    "data": ("errors", "record"),
    "analysis": ("errors", "record", "data"),
    "views": ("errors", "record", "data", "analysis"),
    "steps": ("errors", "record", "data", "analysis", "views"),
    # Processes started ahead; what is to be imported there is a list of names.
    "kernels": (),
    # Where Jupyter and others keep their own, when the home cannot be written.
    "own_files": (),
    "report": (
        "errors",
        "kernels",
        "record",
        "data.catalog",
        "data.parameters",
        "data.stores",
        *PAGE,
    ),
    "room": ("errors", "kernels", "record", "data.catalog", *PAGE, "views.room"),
    # Opening the notebooks, and rehearsing them.
    "lab": ("errors", "record", "data", "steps"),
    # Where several records differ.
    "comparing": (
        "errors",
        "record",
        "data.catalog",
        "data.scenario",
        "analysis",
        "views",
    ),
    # The end of a room: its pairs' reports, and one of how they differed.
    "closing": (
        "errors",
        "record",
        "data.catalog",
        "data.scenario",
        "analysis",
        "views",
        "report",
        "room",
    ),
    # Making a scenario of somebody's own table.
    "bring": ("errors", "record", "data", "analysis", "views.wording"),
    # The facilitator's kit: the run sheet in words, on pages.
    "kit": ("errors", "record", "data.catalog", "views", "room.sheet"),
    # Whether a room will hold on this computer.
    "rehearsal": (
        "errors",
        "kernels",
        "record",
        "data.catalog",
        "kit",
        "lab",
        "report.pdf",
        "room",
        "views.wording",
    ),
    # The doors: the command line, what stands behind it, and `import workshop`.
    "cli": ("*",),
    "cli_room": ("*",),
    "cli_language": ("*",),
    "cli_kit": ("*",),
    "commands": ("*",),
    "commands_kit": ("*",),
    "commands_room": ("*",),
    "__main__": ("*",),
    "": ("*",),
}

# Libraries, by pattern of module; a module may use what any matching line allows.
OUTSIDE: dict[str, tuple[str, ...]] = {
    "record*": ("pydantic", "filelock"),
    "record.yaml_io*": ("ruamel",),
    "record.sealed*": ("cryptography", "platformdirs"),
    "data*": ("pydantic", "ibis", "pyarrow", "pandas", "numpy"),
    "data.stores*": ("papermill",),
    "data.tables*": ("duckdb", "psycopg", "pyspark"),
    "data.reading*": ("duckdb",),
    "data.coltypes*": ("duckdb",),
    "data.moments*": ("duckdb",),
    "data.kept*": ("platformdirs",),
    "data.excel*": ("openpyxl",),
    "bring*": ("duckdb", "ibis", "pandas", "pyarrow"),
    "analysis*": ("pydantic", "numpy", "scipy", "pandas", "ibis", "pyarrow"),
    "analysis.baseline*": ("sklearn", "threadpoolctl"),
    "views*": ("pydantic",),
    "views.wording.signs": ("babel",),
    "views.calendar*": ("icalendar",),
    "views.figures*": ("matplotlib", "numpy"),
    "views.figures_board*": ("matplotlib",),
    "views.figures_line*": ("matplotlib", "numpy"),
    "views.figures_cells*": ("matplotlib", "numpy"),
    "views.figures_options*": ("matplotlib", "numpy"),
    "views.figures_paths*": ("numpy",),
    "views.figures_points*": ("matplotlib",),
    "views.figures_retro*": ("matplotlib",),
    "views.figures_room*": ("matplotlib",),
    "views.figures_tradeoff*": ("matplotlib",),
    "views.figures_words*": ("matplotlib",),
    "views.panels*": ("ipywidgets", "traitlets", "IPython"),
    "views.explorer*": ("ipywidgets", "anywidget", "traitlets", "IPython"),
    "views.explorer.static": ("rcssmin", "rjsmin"),
    "steps*": ("pydantic", "IPython"),
    "report.folder*": ("filelock",),
    "report*": ("papermill", "nbconvert", "nbclient", "nbformat", "pydantic"),
    "kernels*": ("jupyter_client",),
    "kernels.waiting": ("ipykernel",),
    "room*": ("voila", "nbformat", "pydantic", "tornado", "traitlets", "segno"),
    "room.folder*": ("filelock",),
    "room.serving*": ("jupyter_server", "jupyter_client", "jinja2"),
    "room.serving.hub*": ("jupyterhub",),
    "cli*": ("click",),
    "cli_room": ("click",),
    "cli_language": ("click",),
    "cli_kit": ("click",),
    "rehearsal*": ("psutil",),
}

# What an import that only the type checker reads may name besides.
TYPES_ONLY = {"views*": ("numpy",), "steps*": ("numpy", "pandas", "ibis")}


@cache
def modules() -> dict[str, Path]:
    """Return every module by its name below `workshop`; the package itself is ''."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if "_shipped" in parts:
            continue
        found[".".join(p for p in parts if p != "__init__")] = path
    return found


def imports(
    tree: ast.AST, *, for_types: bool = False
) -> Iterator[tuple[int, str, bool]]:
    """Yield line, imported name, and whether only the type checker reads it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}", for_types
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            body = ast.Module(node.body, [])
            yield from imports(body, for_types=True)
            yield from imports(ast.Module(node.orelse, []), for_types=for_types)
        else:
            yield from imports(node, for_types=for_types)


def wrong_imports(module: str, source: str) -> list[str]:
    """Return one line for each import that the two tables do not allow."""
    wrong = []
    for line, name, for_types in imports(ast.parse(source)):
        top = name.split(".")[0]
        if top == "workshop":
            allowed = _may_use_inside(module, _known(name))
        else:
            allowed = top in sys.stdlib_module_names or _may_use_outside(
                module, top, for_types=for_types
            )
        if not allowed:
            wrong.append(f"workshop.{module}:{line} uses {name}")
    return wrong


def _known(name: str) -> str:
    """Cut `workshop.a.b.thing` down to the module `a.b` that it names."""
    parts = name.split(".")[1:]
    while parts and ".".join(parts) not in modules():
        parts.pop()
    return ".".join(parts) or name.split(".")[1]


def _may_use_inside(module: str, target: str) -> bool:
    layer = module.split(".")[0]
    reach = (*INSIDE.get(layer, ()), *([layer] if layer else []))
    return any(r in ("*", target) or target.startswith(f"{r}.") for r in reach)


def _may_use_outside(module: str, library: str, *, for_types: bool) -> bool:
    tables = [OUTSIDE, TYPES_ONLY] if for_types else [OUTSIDE]
    return any(
        library in libraries and _matches(module, pattern)
        for table in tables
        for pattern, libraries in table.items()
    )


def _matches(module: str, pattern: str) -> bool:
    """Match whole names: `data*` is `data` and `data.card`, never `database`."""
    stem = pattern.removesuffix("*")
    return module == stem or module.startswith(f"{stem}.")


def test_every_import_follows_the_direction():
    wrong = [
        fault
        for module, path in modules().items()
        for fault in wrong_imports(module, path.read_text("utf-8"))
    ]
    assert wrong == []


def test_every_module_has_its_place_in_the_table():
    assert {module.split(".")[0] for module in modules()} <= set(INSIDE)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("record.gaps", "from workshop.analysis.curve import threshold_curve"),
        ("record.file", "import workshop.data.catalog"),
        ("record.values", "import numpy as np"),
        ("record.choices", "from ruamel.yaml import YAML"),
        ("data.card", "def load():\n    from workshop.views import page"),
        ("analysis.curve", "from matplotlib import pyplot"),
        ("analysis.metrics", "import sklearn.metrics"),
        ("analysis.impact", "from IPython.display import HTML"),
        ("views.tables", "import ipywidgets"),
        ("views.figures", "from sklearn.metrics import roc_curve"),
        ("views.panels.form", "from workshop.steps.framing import Framing"),
        ("steps.start", "import papermill"),
        ("steps.start", "from workshop import report"),
        ("report", "from workshop.analysis import curve"),
        ("report", "from workshop.data import source"),
        ("room", "import pandas"),
        (
            "analysis.curve",
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from workshop.views.page import Page",
        ),
    ],
)
def test_a_planted_import_is_found(module, source):
    assert len(wrong_imports(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("record.yaml_io", "from ruamel.yaml import YAML"),
        ("data.catalog", "from workshop.record.file import RecordFile"),
        ("analysis.baseline", "from sklearn.linear_model import LogisticRegression"),
        ("views.panels.form", "import ipywidgets as w"),
        ("report", "from workshop.data.catalog import find_target"),
        ("cli", "def run():\n    from workshop.report import write_report"),
    ],
)
def test_a_proper_import_passes(module, source):
    assert wrong_imports(module, source) == []


# --- how big, how quiet --------------------------------------------------------------

MOST_LINES = 400
READS_AND_WRITES = {"open", "read_text", "write_text", "read_bytes", "write_bytes"}


def calls(source: str, names: set[str]) -> list[int]:
    """Return the lines that call one of ``names``, as a function or as a method."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            called = getattr(function, "id", getattr(function, "attr", None))
            if called in names:
                found.append(node.lineno)
    return found


def test_no_module_is_longer_than_400_lines():
    lengths = {
        name: len(path.read_text("utf-8").splitlines())
        for name, path in modules().items()
    }
    assert {n: length for n, length in lengths.items() if length > MOST_LINES} == {}


def test_every_module_opens_with_what_it_is_for():
    mute = [
        name
        for name, path in modules().items()
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert mute == []


def test_only_the_command_line_prints():
    aloud = {"cli", "commands"}
    loud = {
        name: lines
        for name, path in modules().items()
        if name not in aloud and (lines := calls(path.read_text("utf-8"), {"print"}))
    }
    assert loud == {}


def test_analysis_touches_no_file():
    touched = {
        name: lines
        for name, path in modules().items()
        if name.split(".")[0] == "analysis"
        and (lines := calls(path.read_text("utf-8"), READS_AND_WRITES))
    }
    assert touched == {}


def test_no_widget_that_can_hang_a_run_without_a_browser():
    """`Output` and `interact` can lose a wake-up and wait for ever."""
    wrong = [
        name
        for name, path in modules().items()
        if HANGING.search(path.read_text("utf-8"))
    ]
    assert wrong == []


def test_planted_noise_is_found():
    assert calls("def f():\n    print('x')", {"print"}) == [2]
    assert calls("path.read_text()", READS_AND_WRITES) == [1]
    assert HANGING.search("out = widgets.Output()")
    assert HANGING.search("from ipywidgets import interact_manual")


# --- what the files may not say ------------------------------------------------------

# Written so that this file does not contain what it looks for.
MACHINE_PATH = re.compile(
    r"(?<![\w.$}-])/(?:work|root)/|(?<![\w.$}-])/(?:home|Users)/\w"
)
REGISTRY = re.compile(
    r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|(?:conda|repo)[.]anaconda[.]"
    r"|deb[.]debian[.]org|--(?:extra-)?index-url[ =]\S*:/"
)


@cache
def texts() -> dict[str, str]:
    """Return every text file that git has or would take, by its path."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = {}
    for name in sorted(set(filter(None, listed.stdout.split("\0")))):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in data:
            found[name] = data.decode("utf-8")
    return found


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_knows_a_machine():
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_registry():
    assert lines_with(REGISTRY) == []


def test_no_file_has_trailing_whitespace():
    assert lines_with(re.compile(r"[ \t\r]$")) == []


def test_every_file_ends_with_one_newline():
    ragged = [n for n, t in texts().items() if t and not re.search(r"[^\n]\n\Z", t)]
    assert ragged == []


def test_planted_addresses_are_found():
    for folder in ("work", "root"):
        assert MACHINE_PATH.search(f"see /{folder}/main/x")
    assert MACHINE_PATH.search('"/home' + "/dana/data.csv")
    assert not MACHINE_PATH.search("./my-workshop/ and $X/work/ and /workshop/")
    assert REGISTRY.search("https://" + "pypi" + ".org/simple")


# --- notebooks -----------------------------------------------------------------------

JOURNEY = (
    "00_start",
    "01_framing",
    "02_data_readiness",
    "03_threshold",
    "04_user_impact",
    "05_agreement",
    "06_retrospective",
    "readiness_report",
)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
HEADER = {
    "minutes": r"\d+ minutes?\b",
    "question": r"\?",
    "who speaks first": "who speaks first",
    "who drives": "who drives",
    "what you leave with": "what you leave with",
}
CHECKED = "# NBVAL_CHECK_OUTPUT"
MOST_CELLS, MOST_CELL_LINES = 16, 5
PARAMETERS = {"record": "str", "interactive": "bool"}
MORE_PARAMETERS = {"06_retrospective": {"data": "str"}}

HANGING = re.compile(
    r"\b(?:interact|interact_manual|interactive_output|Output|\w+[.]interactive)\("
    r"|import .*\b(?:interact|interact_manual|interactive_output|Output)\b"
)
THICK = (
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.If,
    ast.IfExp,
    ast.Match,
    ast.Try,
    ast.With,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.comprehension,
)


def notebook_faults(name: str, notebook: nbformat.NotebookNode) -> list[str]:
    """Return everything that makes a notebook more than a thin, typed agenda."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    faults = [*_header_faults(notebook.cells[:1]), *_parameter_faults(name, code)]
    if len(code) > MOST_CELLS:
        faults.append(f"{len(code)} code cells")
    for number, cell in enumerate(code, 1):
        faults += [f"code cell {number}: {fault}" for fault in _cell_faults(cell)]
        if cell.execution_count not in (None, number):
            faults.append(f"code cell {number}: not run from top to bottom")
    if "widgets" in notebook.metadata:
        faults.append("widget state is stored")
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        faults.append("the kernel is not python3")
    return faults


def _header_faults(first: list[nbformat.NotebookNode]) -> list[str]:
    if not first or first[0].cell_type != "markdown":
        return ["does not open with a header"]
    text = first[0].source.lower()
    return [
        f"the header does not say: {part}"
        for part, pattern in HEADER.items()
        if not re.search(pattern, text)
    ]


def _parameter_faults(name: str, code: list[nbformat.NotebookNode]) -> list[str]:
    tagged = [c for c in code if "parameters" in c.metadata.get("tags", [])]
    if len(tagged) != 1:
        return [f"{len(tagged)} cells are tagged parameters"]
    body = ast.parse(tagged[0].source).body
    if not all(isinstance(n, ast.AnnAssign) and n.value for n in body):
        return ["parameters holds more than typed parameters with a default"]
    found = {ast.unparse(n.target): ast.unparse(n.annotation) for n in body}
    expected = PARAMETERS | MORE_PARAMETERS.get(name, {})
    return [] if found == expected else [f"parameters are {found}"]


WIDGET = "application/vnd.jupyter.widget-view+json"


def _cell_faults(cell: nbformat.NotebookNode) -> Iterator[str]:
    lines = [li for li in cell.source.splitlines() if li.strip() and li != CHECKED]
    if len(lines) > MOST_CELL_LINES:
        yield f"{len(lines)} lines"
    if cell.metadata.get("jupyter", {}).get("source_hidden") is not True:
        yield "the source is not hidden"
    if HANGING.search(cell.source):
        yield "uses a widget that can hang"
    if CHECKED in cell.source:
        # nbval passes a checked cell that has no output, and takes one without a
        # count for a cell that was never run.
        if not cell.outputs or cell.execution_count is None:
            yield "is checked but stores no output of a run: make notebooks"
        if "keep_output" not in cell.metadata.get("tags", []):
            yield "is checked but not tagged keep_output"
        if WIDGET in str(cell.outputs):
            yield "stores a widget, which lives nowhere: make notebooks"
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        yield "is not plain Python"
        return
    yield from (f"imports {i}" for i in _foreign(tree))
    thick = {type(n).__name__ for n in ast.walk(tree) if isinstance(n, THICK)}
    yield from (f"has a {kind}" for kind in sorted(thick))


def _foreign(tree: ast.AST) -> list[str]:
    names = [name for _, name, _ in imports(tree)]
    return [name for name in names if name.split(".")[0] != "workshop"]


def test_the_journey_is_complete():
    assert set(JOURNEY) <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_thin(path):
    assert notebook_faults(path.stem, nbformat.read(path, as_version=4)) == []


def test_some_cells_are_checked():
    sources = [path.read_text("utf-8") for path in NOTEBOOKS]
    assert any(CHECKED in source for source in sources)


def a_thin_notebook() -> nbformat.NotebookNode:
    """Return a notebook without fault, to plant one in."""
    cell = nbformat.v4.new_code_cell
    hidden = {"jupyter": {"source_hidden": True}}
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            nbformat.v4.new_markdown_cell(
                "20 minutes · Where is the line? · who speaks first · who drives · "
                "what you leave with"
            ),
            cell(
                'record: str = ""\ninteractive: bool = True',
                metadata=hidden | {"tags": ["parameters"]},
            ),
            cell("from workshop import open_step", metadata=dict(hidden)),
            cell(
                f"{CHECKED}\nstep.recap()",
                metadata=hidden | {"tags": ["keep_output"]},
                outputs=[nbformat.v4.new_output("stream", text="30 of 100\n")],
                execution_count=3,
            ),
        ],
    )
    nbformat.validate(notebook)
    return notebook


def test_a_thin_notebook_passes():
    assert notebook_faults("00_start", a_thin_notebook()) == []


def test_a_stored_widget_is_found():
    notebook = a_thin_notebook()
    view = nbformat.v4.new_output("display_data", data={WIDGET: {"model_id": "0"}})
    notebook.cells[3].outputs.append(view)
    assert notebook_faults("00_start", notebook)


@pytest.mark.parametrize(
    "source",
    [
        "import pandas",
        "for i in step.cases:\n    i",
        "[c for c in step.cases]",
        "step.a if interactive else step.b",
        "def f():\n    return 1",
        "%matplotlib inline",
        "widgets.interact(step.curve)",
        "a\nb\nc\nd\ne\nf",
        f"{CHECKED}\nstep.recap()",
    ],
)
def test_a_planted_cell_is_found(source):
    notebook = a_thin_notebook()
    notebook.cells[2].source = source
    assert notebook_faults("00_start", notebook)


@pytest.mark.parametrize("missing", [{"outputs": []}, {"execution_count": None}])
def test_a_planted_checked_cell_without_output_is_found(missing):
    notebook = a_thin_notebook()
    notebook.cells[3].update(missing)
    (fault,) = notebook_faults("00_start", notebook)
    assert "stores no output" in fault


def test_a_planted_run_out_of_order_is_found():
    notebook = a_thin_notebook()
    notebook.cells[2].execution_count = 7
    (fault,) = notebook_faults("00_start", notebook)
    assert "top to bottom" in fault


def test_a_shown_source_a_third_parameter_and_a_bare_header_are_found():
    notebook = a_thin_notebook()
    notebook.cells[0].source = "# Threshold"
    notebook.cells[1].source += "\nthreshold: float = 0.5"
    notebook.cells[2].metadata = {}
    assert len(notebook_faults("03_threshold", notebook)) == len(HEADER) + 2


# --- how quick to start --------------------------------------------------------------

HEAVY = {
    "numpy",
    "pandas",
    "scipy",
    "matplotlib",
    "sklearn",
    "ibis",
    "pyarrow",
    "pydantic",
    "IPython",
    "ipywidgets",
    "papermill",
    "nbconvert",
    "nbformat",
}
HELP = """
import contextlib, io, sys
sys.argv = ["workshop", "--help"]
from workshop.cli import main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as said:
    main()
assert "report" in said.getvalue()
"""


@pytest.mark.parametrize("code", ["import workshop", HELP], ids=["import", "help"])
def test_nothing_heavy_is_loaded_before_it_is_used(code):
    tell = "\nimport json, sys\nsys.stdout.write(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + tell], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.split(".")[0] for name in json.loads(done.stdout)}
    assert loaded & HEAVY == set()
