"""A reader sees the old file or the new one; so does whoever comes after a crash."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.errors import InputError, RunError
from workshop.record import atomic
from workshop.record.atomic import leftovers, write_text


def fail(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "record.yaml"
    path.write_text("old", encoding="utf-8")
    return path


def test_a_text_is_written_with_its_own_line_ends(file: Path) -> None:
    write_text(file, "ü\r\nn\n")
    assert file.read_bytes() == b"\xc3\xbc\r\nn\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_new_file_has_the_permissions_asked_for(file: Path) -> None:
    write_text(file.with_name("new"), "x", mode=0o600)
    if os.name == "posix":
        assert file.with_name("new").stat().st_mode & 0o777 == 0o600


def test_an_old_file_keeps_its_permissions(file: Path) -> None:
    file.chmod(0o640)
    write_text(file, "new")
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed_and_stays_a_link(file: Path) -> None:
    link = file.with_name("link.yaml")
    try:
        link.symlink_to(file)
    except OSError:
        pytest.skip("no links for this user")
    write_text(link, "new")
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("stage", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, RunError, "the disk is full; free some space and save again"),
        (errno.EIO, RunError, "the disk failed"),
        (errno.EACCES, InputError, "cannot be written .*; choose a folder"),
        (errno.EROFS, InputError, "cannot be written .*; choose a folder"),
    ],
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    number: int,
    kind: type[Exception],
    said: str,
) -> None:
    monkeypatch.setattr(atomic.os, stage, fail(number))
    with pytest.raises(kind, match=said):
        write_text(file, "new")
    assert file.read_text(encoding="utf-8") == "old"
    assert list(file.parent.iterdir()) == [file]


def test_a_protected_file_is_not_replaced(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic.os, "access", lambda *_: False)
    with pytest.raises(InputError, match="cannot be written"):
        write_text(file, "new")
    assert file.read_text(encoding="utf-8") == "old"


def test_a_folder_or_no_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path, "x")
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "none" / "record.yaml", "x")


def test_half_of_a_character_is_refused(file: Path) -> None:
    with pytest.raises(InputError, match="half of a character"):
        write_text(file, "\ud83d")
    assert file.read_text(encoding="utf-8") == "old"


def test_a_folder_that_cannot_be_settled_is_no_reason_to_fail(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic.os, "open", fail(errno.EACCES))
    atomic.settle(file.parent)


def test_only_scratch_files_of_the_same_file_are_leftovers(file: Path) -> None:
    scratch = file.with_name(".record.yaml.0a1b.tmp")
    for path in (scratch, file.with_name(".other.yaml.0a1b.tmp")):
        path.touch()
    assert leftovers(file) == [scratch]
