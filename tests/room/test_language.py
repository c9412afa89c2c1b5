"""Pages without code speak the language that they were started in, kernels included."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.room.client import APP, Person, serving

IN_GERMAN = "import os\nos.environ['WORKSHOP_LANGUAGE'] = 'de'\n"


@pytest.mark.slow
def test_bar_page_and_kernel_speak_it_and_the_notebooks_own_text_is_marked(
    tmp_path: Path, root: Path
) -> None:
    script = APP.replace("sys.argv[1]", 'sys.argv[1] + "/record.yaml"')
    with serving(IN_GERMAN + script, tmp_path, root) as app:
        somebody = Person(app)
        somebody.come_in(app.codes["app"])
        somebody.open("00")
        page = somebody.page
    assert '<html lang="de">' in page
    assert 'aria-label="Die Schritte"' in page
    assert '<div cell-index="1" lang="en">' in page
    assert "Der Auftrag lautete" in page, "the kernel speaks another language"
