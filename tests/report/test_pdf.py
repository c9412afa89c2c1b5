"""`--pdf` prints by the machine's own Chromium, or says what to install."""

import re
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.helpers import Tiny
from workshop.cli import main
from workshop.errors import InputError, RunError
from workshop.report.pdf import find_chromium, print_page

PAGE = '<!doctype html><html lang="en"><title>A page</title><p>Seven of ten.</p></html>'


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "a page with spaces & ümlauts" / "report.html"
    path.parent.mkdir()
    path.write_text(PAGE, "utf-8")
    return path


def program(path: Path, does: str) -> str:
    """Make a program that stands for a browser."""
    path.write_text(f"#!{sys.executable}\nimport sys\n{does}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.browser
def test_the_page_is_printed_beside_itself_and_nothing_is_left(page, chromium):
    pdf = print_page(page, chromium)
    printed = pdf.read_bytes()
    assert pdf == page.with_name("report.pdf")
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert {path.name for path in page.parent.iterdir()} == {
        "report.html",
        "report.pdf",
    }


def test_no_browser_is_one_sentence_that_says_what_to_install(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda place: None)
    monkeypatch.delenv("WORKSHOP_CHROMIUM", raising=False)
    with pytest.raises(InputError, match="install one"):
        find_chromium()


def test_a_browser_may_be_named(monkeypatch, tmp_path):
    named = program(tmp_path / "mine", "")
    monkeypatch.setenv("WORKSHOP_CHROMIUM", named)
    assert find_chromium() == named
    monkeypatch.setenv("WORKSHOP_CHROMIUM", str(tmp_path / "gone"))
    with pytest.raises(InputError, match="gone is no program"):
        find_chromium()


def test_without_a_browser_nothing_is_run_at_all(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKSHOP_CHROMIUM", str(tmp_path / "gone"))
    folder = Tiny(tmp_path / "tiny").write()
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["report", str(folder), "-o", str(out), "--pdf"])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    "does", ["sys.exit('no display here')", "print('done')"], ids=["fails", "idle"]
)
def test_a_browser_that_prints_nothing_leaves_the_page_and_an_earlier_pdf(
    page, tmp_path, does
):
    earlier = page.with_name("report.pdf")
    earlier.write_bytes(b"earlier")
    with pytest.raises(RunError, match="did not print it"):
        print_page(page, program(tmp_path / "browser", does))
    assert earlier.read_bytes() == b"earlier"
    assert page.read_text("utf-8") == PAGE


def test_a_browser_that_still_writes_costs_no_page(page, tmp_path):
    child = (
        "import subprocess, pathlib\n"
        "own = [a for a in sys.argv if 'user-data-dir' in a][0].split('=')[1]\n"
        "pathlib.Path(own).mkdir()\n"
        "loop = 'import pathlib, sys, time\\nend = time.time() + 2\\nn = 0\\n'\n"
        "loop += 'while time.time() < end:\\n n += 1\\n'\n"
        "loop += f' pathlib.Path({own!r}, str(n)).touch()'\n"
        "subprocess.Popen([sys.executable, '-c', loop], stderr=subprocess.DEVNULL)\n"
        "out = [a for a in sys.argv if 'print-to-pdf' in a][0].split('=')[1]\n"
        "pathlib.Path(out).write_bytes(b'%PDF-')"
    )
    assert print_page(page, program(tmp_path / "busy", child)).exists()


def test_a_pdf_is_for_a_folder_here():
    done = CliRunner().invoke(main, ["report", "x", "--pdf", "-o", "s3://a/b"])
    assert done.exit_code == 2
    assert "takes text only" in done.output
