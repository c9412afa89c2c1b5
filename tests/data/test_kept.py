"""What was kept comes back as it was, or not at all; it is never in anybody's way."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.data import kept
from workshop.data.kept import code_digest, keep, read_kept, versions

VALUE = {"rows": 3, "share": 0.1 + 0.2, "names": ["a", "é"], "none": None}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def entry(folder) -> Path:
    keep("figures", "a1", VALUE)
    return folder / "figures" / "a1.json"


def test_what_was_kept_comes_back_under_its_own_name_alone(entry):
    assert read_kept("figures", "a1") == VALUE
    assert read_kept("figures", "a2") is None
    assert read_kept("other", "a1") is None


@given(PLAIN)
def test_any_plain_value_comes_back_to_the_last_digit(tmp_path_factory, value):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_CACHE", str(tmp_path_factory.mktemp("kept")))
        keep("figures", "a", {"value": value})
        assert read_kept("figures", "a") == {"value": value}


def test_only_its_owner_may_read_it(entry):
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE(entry.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("end", [0, 1, 40, -1])
def test_a_half_written_entry_counts_as_none(entry, end):
    entry.write_bytes(entry.read_bytes()[:end])
    assert read_kept("figures", "a1") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "7", '{"value": 1}', "[" * 100_000, "\udcff", "NaN"]
)
def test_a_foreign_file_counts_as_none(entry, text):
    entry.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_kept("figures", "a1") is None


def test_a_changed_figure_counts_as_none(entry):
    told = json.loads(entry.read_text())
    told["value"]["rows"] = 4
    entry.write_text(json.dumps(told))
    assert read_kept("figures", "a1") is None


def test_an_entry_put_under_another_name_counts_as_none(entry):
    entry.rename(entry.with_name("b2.json"))
    assert read_kept("figures", "b2") is None


@pytest.mark.skipif(sys.platform == "win32", reason="links and owners are POSIX's")
def test_a_link_and_an_entry_of_another_user_count_as_none(entry, monkeypatch):
    entry.with_name("b2.json").symlink_to(entry)
    assert read_kept("figures", "b2") is None
    monkeypatch.setattr(os, "getuid", lambda: entry.stat().st_uid + 1)
    assert read_kept("figures", "a1") is None


def test_what_is_too_large_is_not_kept(folder):
    keep("figures", "a1", "x" * kept.MOST_BYTES)
    assert read_kept("figures", "a1") is None
    assert not folder.exists()


def test_those_that_nobody_asked_for_longest_go_first(folder, monkeypatch):
    monkeypatch.setattr(kept, "MOST_ENTRIES", 3)
    for day, name in enumerate("abc", 1):
        keep("figures", name, 1)
        os.utime(folder / "figures" / f"{name}.json", (day, day))
    assert read_kept("figures", "a") == 1
    keep("figures", "d", 1)
    held = {file.stem for file in (folder / "figures").iterdir()}
    assert held == {"a", "c", "d"}


def test_off_neither_keeps_nor_reads(entry, monkeypatch):
    monkeypatch.setenv("WORKSHOP_CACHE", "off")
    assert read_kept("figures", "a1") is None
    keep("figures", "a2", 1)
    assert not Path("off").exists()


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "file" / "cache"))
    keep("figures", "a1", 1)
    assert read_kept("figures", "a1") is None


def test_a_full_disk_leaves_the_old_entry_and_no_scratch_file(entry, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    keep("figures", "a1", {"rows": 9})
    assert read_kept("figures", "a1") == VALUE
    assert list(entry.parent.iterdir()) == [entry]


def test_without_a_word_it_lies_in_the_users_own_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_CACHE")
    monkeypatch.setattr(
        "platformdirs.user_cache_path", lambda name: tmp_path / "own" / name
    )
    keep("figures", "a1", 1)
    assert (tmp_path / "own/common-ground/figures/a1.json").exists()


def test_the_digest_of_code_follows_its_text_and_imports_nothing(tmp_path, monkeypatch):
    package = tmp_path / "some_package"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit\n")
    (package / "one.py").write_text("A = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    first = code_digest(["some_package", "no_such_module"])
    assert code_digest(["some_package"]) == first
    (package / "one.py").write_text("A = 2\n")
    assert code_digest(["some_package"]) != first


def test_versions_are_named_also_of_what_is_not_there():
    assert versions("no-such-package") == ["no-such-package none"]
    assert versions("numpy")[0].startswith("numpy 2")
