"""A notebook is given the parameters that it has, or nothing is run at all."""

import nbformat
import pytest

from workshop.data.catalog import shipped
from workshop.data.parameters import (
    assigned,
    check_parameters,
    injected,
    parameters_of,
    typed,
)
from workshop.errors import InputError

DECLARED = 'record: str = ""  # a path\ninteractive: bool = True'


def given(**values: object) -> str:
    """What papermill puts into the cell that it adds."""
    lines = [f"{name} = {value!r}" for name, value in values.items()]
    return "\n".join(["# Parameters", *lines, ""])


@pytest.mark.parametrize("notebook", sorted(shipped("notebooks").glob("*.ipynb")))
def test_every_shipped_notebook_declares_a_record_and_whether_people_act(notebook):
    assert {"record", "interactive"} <= set(parameters_of(notebook))


def test_what_papermill_reads_is_what_is_read_here():
    import papermill

    for notebook in shipped("notebooks").glob("*.ipynb"):
        known = papermill.inspect_notebook(str(notebook))
        assert set(parameters_of(notebook)) == set(known)


def test_a_notebook_without_a_parameters_cell_has_none(tmp_path):
    path = tmp_path / "own.ipynb"
    cell = nbformat.v4.new_code_cell("record = 1")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert parameters_of(path) == ()


def test_only_plain_names_are_parameters():
    source = "a = b = 1\nc: int = 2\nd.e = 3\nf[0] = 4\nprint(a)"
    assert assigned(source) == ("a", "b", "c")


def test_a_misspelt_one_is_named_with_the_nearest():
    with pytest.raises(InputError, match="no parameter 'recrod'; did you mean record"):
        check_parameters(["record", "data"], ["recrod"], where="03_threshold.ipynb")


def test_one_that_is_near_to_none_is_told_which_there_are():
    with pytest.raises(InputError, match="'xyz'; there are: record, data"):
        check_parameters(["record", "data"], ["xyz"], where="03_threshold.ipynb")


def test_what_papermill_gave_is_found_among_the_cells_that_ran():
    cells = ["", "import os", DECLARED, given(record="a.yaml")]
    assert injected([*cells, "x = 1"]) == ("record",)


def test_cells_of_a_person_are_no_parameters():
    assert injected(["", DECLARED, "recrod = 1"]) is None
    assert injected([]) is None


def test_what_papermill_would_have_ignored_is_refused():
    with pytest.raises(InputError, match="did you mean interactive"):
        injected([DECLARED, given(record="a.yaml", interactiv=False)])


def test_the_paths_that_papermill_adds_of_its_own_are_let_pass():
    cells = ['record = ""', '# Parameters\nrecord = "a"\nPAPERMILL_INPUT_PATH = "b"']
    assert injected(cells) == ("record",)


@pytest.mark.parametrize(
    "value", ["True", "False", "None", "3", "0.5", "1e3", "true", "", "2026-01-01"]
)
def test_a_parameter_is_what_papermill_makes_of_it(value):
    from papermill.cli import _resolve_type

    assert typed(value) == _resolve_type(value)
