"""A report in another language is another report, of the same numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.helpers import SHIPPED, THAT_DAY
from workshop.cli import main
from workshop.data.catalog import find_target
from workshop.report.resuming import key_of
from workshop.views.wording import language, phrase, speaking


def run(*arguments: str, **more: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*arguments], env=more)
    return done.exit_code, done.output


def test_a_report_that_was_made_in_another_language_is_made_again(tmp_path):
    target, keys = find_target(SHIPPED), set()
    own = tmp_path / "mine.toml"
    for name in ("en", "de", "de-AT", str(own)):
        own.write_text('language = "de"\nverdict.ready = "Bereit"\n', "utf-8")
        with speaking(name):
            keys.add(key_of(target, THAT_DAY))
    assert len(keys) == 4


@pytest.mark.parametrize("how", ["option", "variable"])
def test_a_command_speaks_the_language_that_it_is_asked_to(how):
    asked, more = ["--language", "de"], {}
    if how == "variable":
        asked, more = [], {"WORKSHOP_LANGUAGE": "de"}
    code, told = run("status", SHIPPED, "--as-of", "2026-12-01", *asked, **more)
    assert code == 0, told
    assert "Wo wir die Grenze ziehen" in told
    assert "0,452" in told


def test_the_option_is_over_with_the_command():
    run("status", SHIPPED, "--as-of", "2026-12-01", "--language", "de")
    assert language().tag == "en"
    assert phrase("verdict.ready") == "Ready"


def test_the_option_comes_before_the_variable():
    asked = ("status", SHIPPED, "--as-of", "2026-12-01", "--language", "en")
    _, told = run(*asked, WORKSHOP_LANGUAGE="de")
    assert "Where we draw the line" in told


@pytest.mark.parametrize("command", ["report", "status", "retro", "compare", "lab"])
def test_a_language_that_is_not_there_ends_a_command_with_one_line(command):
    code, told = run(command, SHIPPED, "--language", "nl")
    assert code == 2
    assert told.startswith("workshop: no translation is called 'nl'; there are en, de")
    assert len(told.splitlines()) == 1


def test_a_translation_that_does_not_fit_ends_a_command_with_file_and_key(tmp_path):
    file = tmp_path / "nl.toml"
    file.write_text('language = "nl"\n[page]\ntitle = "Rapport"\n', "utf-8")
    code, told = run("report", SHIPPED, "--language", str(file))
    assert code == 2
    assert f"{file}: page.title: it lacks {{title}}" in told


# --- for whoever translates ----------------------------------------------------------


def test_a_translator_is_told_what_is_lacking_as_toml_to_copy(tmp_path):
    file = tmp_path / "nl.toml"
    file.write_text('language = "nl"\n[verdict]\nready = "Klaar"\n', "utf-8")
    code, told = run("wording", str(file))
    assert code == 0
    assert "(nl): 1 of " in told
    lacking = told[told.index("[verdict]") :]
    assert '# not_ready = "Not ready"' in lacking[:200]
    assert "# ready =" not in lacking[:200]
    everything = told[told.index("\n[") :].replace("\n# ", "\n")
    file.write_text(f'language = "nl"\n{everything}', "utf-8")
    code, told = run("wording", str(file))
    assert code == 0
    assert told.endswith('[verdict]\n# ready = "Ready"\n')
    assert told.count("\n# ") == 1


def test_a_translator_is_told_what_does_not_fit_and_what_nobody_asks_for(tmp_path):
    file = tmp_path / "nl.toml"
    text = 'language = "nl"\npage.title = "x"\nno.such = "y"\nexplorer.undo = "Terug"\n'
    file.write_text(text, "utf-8")
    code, told = run("wording", str(file), WORKSHOP_LANGUAGE="de")
    assert code == 2
    assert "page.title: it lacks {title}; name the values exactly" in told
    assert "  no.such" in told
    assert "[explorer] is said as a whole" in told
    assert told.index("does not fit") < told.index("nobody asks for")


def test_help_loads_no_table_of_languages():
    code = (
        "import sys; sys.argv = ['workshop', '--help']\n"
        "from workshop.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "assert 'babel' not in sys.modules and 'tomllib' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_english_loads_no_table_of_languages(root: Path):
    code = (
        "import sys\nfrom workshop.views.wording import say\n"
        "assert say('verdict.ready').html == 'Ready'\n"
        "assert 'babel' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root
    )
    assert done.returncode == 0, done.stderr
