"""What is imported by others for nothing is not imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PAGES = """
import sys
import workshop.room.serving
import jsonschema
jsonschema.validate({"at": 1}, {"properties": {"at": {"type": "integer"}}})
assert sys.modules["rfc3987_syntax"] is None
assert "lark" not in sys.modules
"""


def test_no_grammar_of_addresses_is_built_for_a_server_of_pages(root: Path):
    done = subprocess.run(
        [sys.executable, "-c", PAGES],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_whoever_has_imported_it_keeps_it(monkeypatch: pytest.MonkeyPatch):
    from workshop.kernels.unneeded import do_without

    monkeypatch.setitem(sys.modules, "rfc3987_syntax", sys)
    do_without()
    assert sys.modules["rfc3987_syntax"] is sys
