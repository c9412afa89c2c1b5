"""What a container may use stands in its own files; where there are none, no limit."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from workshop.rehearsal import container

MB = 1_000_000


def group(folder: Path, **files: str) -> Path:
    """Write a control group's files; a dot in a name is written as two underscores."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(f"{text}\n", "ascii")
    return folder


def test_what_is_left_is_the_limit_without_what_is_taken(tmp_path):
    group(tmp_path, memory__max=f"{900 * MB}", memory__current=f"{250 * MB}")
    assert container.memory_left(tmp_path) == 650 * MB


def test_files_that_were_read_are_given_back(tmp_path):
    stat = f"anon {100 * MB}\nfile {140 * MB}\ninactive_file {120 * MB}"
    group(tmp_path, memory__max=f"{900 * MB}", memory__current=f"{250 * MB}")
    assert container.memory_left(group(tmp_path, memory__stat=stat)) == 770 * MB


def test_less_than_nothing_is_never_left(tmp_path):
    group(tmp_path, memory__max="100", memory__current="250")
    assert container.memory_left(tmp_path) == 0


@pytest.mark.parametrize(
    ("said", "processors"),
    [("200000 100000", 2), ("150000 100000", 1.5), ("50000 100000", 0.5)],
)
def test_processors_are_a_share_of_time(tmp_path, said, processors):
    assert container.processors(group(tmp_path, cpu__max=said)) == processors


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"memory__max": "max", "memory__current": "5", "cpu__max": "max 100000"},
        {"memory__max": "5", "cpu__max": "1"},
        {"memory__max": "", "memory__current": "", "cpu__max": "1 0"},
    ],
)
def test_without_a_limit_there_is_none(tmp_path, files):
    folder = group(tmp_path, **files)
    assert container.memory_left(folder) == inf
    assert container.processors(folder) == inf


def test_a_folder_that_is_not_there_is_no_limit(tmp_path):
    assert container.memory_left(tmp_path / "none") == inf
    assert container.processors(tmp_path / "none") == inf
