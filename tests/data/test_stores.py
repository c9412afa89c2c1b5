"""Records and reports on a store: read and written by papermill's own handlers.

The store here is a folder behind a scheme of its own, registered as any other package
would; papermill's handlers of clouds need accounts and are not tried.
"""

from pathlib import Path

import pytest

from workshop.data.catalog import EXAMPLE, find_target, open_target, shipped
from workshop.data.stores import fetch, is_address, local_folder
from workshop.errors import InputError, ReadOnlyError, RunError

FIRST = "privacy-assistant"


class Shelf:
    """A handler as papermill wants it, over a folder; a full one takes nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.full = folder, False

    def _place(self, address: str) -> Path:
        return self.folder / address.removeprefix("shelf://")

    def read(self, address: str) -> str:
        """Return the text at an address."""
        return self._place(address).read_text("utf-8")

    def write(self, text: str, address: str) -> None:
        """Keep a text at an address."""
        if self.full:
            raise OSError("no room left on the shelf\nand more")
        self._place(address).parent.mkdir(parents=True, exist_ok=True)
        self._place(address).write_text(text, "utf-8")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    from papermill.iorw import papermill_io

    made = Shelf(tmp_path / "shelf")
    handlers = [("shelf://", made), *papermill_io._handlers]
    monkeypatch.setattr(papermill_io, "_handlers", handlers)
    example = (shipped("datasets") / FIRST / EXAMPLE).read_text("utf-8")
    made.write(example, "shelf://pairs/june.yaml")
    return made


@pytest.mark.parametrize("name", ["a.yaml", "a/b.yaml", r"c:\a.yaml", "", "://x"])
def test_a_path_is_no_address(name):
    assert not is_address(name)


def test_a_record_at_an_address_is_opened_as_any_other(shelf):
    here = find_target(FIRST).record
    for opened in (find_target, open_target):
        target = opened("shelf://pairs/june.yaml")
        assert target.record == here
        assert target.name == "june"


def test_nothing_is_saved_to_a_record_at_an_address(shelf):
    target = find_target("shelf://pairs/june.yaml")
    with pytest.raises(ReadOnlyError):
        target.file.note("undecided", base=target.record, who="Dana", section="framing")


def test_a_record_called_record_is_named_by_its_folder(shelf):
    shelf.write(shelf.read("shelf://pairs/june.yaml"), "shelf://pair-7/record.yaml")
    assert find_target("shelf://pair-7/record.yaml").name == "pair-7"


@pytest.mark.parametrize("address", ["shelf://pairs/gone.yaml", "shelve://x.yaml"])
def test_what_cannot_be_read_is_one_sentence(shelf, address):
    with pytest.raises(InputError, match=address) as told:
        fetch(address)
    assert "\n" not in str(told.value)


def test_a_store_whose_library_is_missing_says_which():
    with pytest.raises(InputError, match=r"papermill\[s3\]"):
        fetch("s3://bucket/record.yaml")


def test_what_a_run_leaves_in_the_folder_goes_to_its_address(shelf):
    with local_folder("shelf://reports/june/") as folder:
        (folder / "deeper").mkdir(parents=True)
        (folder / "report.html").write_text("a page", "utf-8")
        (folder / "deeper" / "report.json").write_text("{}", "utf-8")
    assert shelf.read("shelf://reports/june/report.html") == "a page"
    assert shelf.read("shelf://reports/june/deeper/report.json") == "{}"
    assert not folder.exists()


def test_the_page_of_a_run_that_failed_is_sent_too(shelf):
    def dies() -> None:
        with local_folder("shelf://r") as folder:
            folder.mkdir()
            (folder / "report.partial.html").write_text("not whole", "utf-8")
            raise RunError("the kernel died")

    with pytest.raises(RunError, match="died"):
        dies()
    assert shelf.read("shelf://r/report.partial.html") == "not whole"


def test_a_store_that_takes_nothing_is_a_failed_run(shelf):
    def write() -> None:
        with local_folder("shelf://r") as folder:
            folder.mkdir()
            (folder / "report.html").write_text("a page", "utf-8")

    shelf.full = True
    with pytest.raises(RunError, match="no room left") as told:
        write()
    assert "\n" not in str(told.value)


def test_a_path_is_written_where_it_is(tmp_path):
    with local_folder(str(tmp_path / "out")) as folder:
        assert folder == tmp_path / "out"


def test_what_a_failed_run_says_names_the_address_and_not_a_folder_that_is_gone(shelf):
    def fail() -> None:
        with local_folder("shelf://out/june/") as folder:
            raise InputError(f"it broke; see {folder / 'report.html'}")

    with pytest.raises(InputError, match=r"see shelf://out/june/report\.html"):
        fail()
