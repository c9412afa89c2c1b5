"""One page, one JSON twin, the same numbers everywhere; and nothing lost when it fails.

What a page holds is tested on one real run of the shipped example. What happens when
something breaks is tested on a tiny scenario whose notebook runs in this process.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from click.testing import CliRunner, Result

import workshop
from tests.helpers import (
    HOSTILE,
    SHIPPED,
    STEPS,
    THAT_DAY,
    Datum,
    Page,
    Tiny,
    report_of_the_example,
    strangers,
)
from workshop import kernels
from workshop.cli import main
from workshop.data.catalog import find_target
from workshop.errors import InputError, RunError
from workshop.record.values import Number
from workshop.report import NAMES, one, running, write_report
from workshop.report import folder as folder_room
from workshop.steps.user_impact import UserImpact
from workshop.views.explorer.static import explorer_script, script_hash
from workshop.views.section import MIME, View, number_json

pytestmark = pytest.mark.heavy

PARTIAL = {"report.partial.html", "report.partial.json", "executed.partial.ipynb"}
MOST_BYTES = 300_000

# --- one real run of the shipped example ---------------------------------------------


@pytest.fixture(scope="module")
def folder() -> Path:
    return report_of_the_example()


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return (folder / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(scope="module")
def twin(folder: Path) -> dict:
    return json.loads((folder / "report.json").read_text("utf-8"))


def numbers_of(twin: dict) -> dict[str, dict]:
    """Return every number of a report by its id, each id standing for one number."""
    found: dict[str, dict] = {}
    for section in twin["sections"].values():
        for number in section["numbers"]:
            assert found.setdefault(number["id"], number) == number
    return found


@pytest.mark.slow
def test_a_report_is_three_files_and_nothing_else(folder):
    assert {path.name for path in folder.iterdir()} == set(NAMES)


ADDRESS = re.compile(r"https?:|//[a-z0-9]|@import|url\(|javascript:", re.IGNORECASE)


THE_SCRIPT = f'<script type="module">{explorer_script()}</script>'


def reaches_outside(html: str) -> list[str]:
    """Return whatever on a page asks for something that is not in the file."""
    found = [f"text {m.group()!r}" for m in ADDRESS.finditer(_without_anchors(html))]
    for tag, given in Page(html.replace(THE_SCRIPT, "")).elements:
        inert = tag == "script" and given == {"type": "application/json"}
        if inert:
            continue
        if tag in ("script", "link", "iframe", "object", "embed", "base", "form"):
            found.append(f"<{tag}>")
        for name, value in given.items():
            asks = name in ("src", "srcset", "href", "xlink:href", "action", "data")
            if asks and not (value or "").startswith("#"):
                found.append(f"{name}={value}")
            if name.startswith("on"):
                found.append(f"{name}=")
    return found


def _without_anchors(html: str) -> str:
    """A clip path names another place in the same picture."""
    return re.sub(r"url\(#[\w-]+\)", "", html)


@pytest.mark.slow
def test_the_page_asks_for_nothing_outside_itself(html):
    assert reaches_outside(html) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<img src="logo.png">',
        '<a href="https://example.org">x</a>',
        "<style>@import 'x.css'</style>",
        "<style>p{background:url(x.png)}</style>",
        "<script>1</script>",
        '<p onclick="x()">x</p>',
        '<svg><image href="x.png"></image></svg>',
        '<link rel="stylesheet">',
    ],
)
def test_a_planted_way_outside_is_found(planted):
    assert reaches_outside(f'<main><a href="#start">x</a>{planted}</main>')


@pytest.mark.slow
def test_a_browser_is_told_to_load_nothing_and_to_run_one_script(html, page):
    policies = [
        given.get("content") or ""
        for tag, given in page.elements
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert "default-src 'none'" in policies[0]
    policy, name = policies[0], "script-src"
    assert policy.count(name) == 1
    assert f"{name} '{script_hash()}'" in policy, "by its digest, and no other"
    assert html.count(THE_SCRIPT) == 1
    assert html.count("<script") == 2, "the script, and the values that it reads"


@pytest.mark.slow
def test_the_page_is_small_and_shows_no_code(html, page):
    assert len(html.encode()) < MOST_BYTES
    assert not {"pre", "code", "textarea"} & {tag for tag, _ in page.elements}
    for word in ("import workshop", "open_step", "Traceback", "kernel", "revision"):
        assert word not in page.text


@pytest.mark.slow
def test_an_id_means_one_thing_and_every_anchor_leads_somewhere(page):
    ids: dict[str | None, tuple] = {}
    for tag, given in page.elements:
        if "id" in given:
            assert ids.setdefault(given["id"], (tag, given)) == (tag, given)
    anchors = {
        (given["href"] or "")[1:] for _, given in page.elements if "href" in given
    }
    assert anchors
    assert anchors <= set(ids)


@pytest.mark.slow
def test_the_twin_has_the_keys_that_programs_rely_on(twin):
    pinned = {
        "schema", "scenario", "digest", "as_of", "verdict", "headline", "sections",
        "findings", "clauses", "gaps", "failed",
    }  # fmt: skip
    assert pinned <= set(twin)
    assert twin["schema"] == "common-ground/report-1"
    assert twin["scenario"] == SHIPPED
    assert twin["as_of"] == THAT_DAY.isoformat()
    assert set(twin["digest"]) == {"record", "data", "report"}
    assert all(d.startswith("sha256:") for d in twin["digest"].values())
    assert twin["failed"] == []
    assert set(STEPS.values()) <= set(twin["sections"])
    statuses = {"ok", "undecided", "not_agreed", "cannot_tell", "failed"}
    for section in twin["sections"].values():
        assert {"status", "numbers"} <= set(section)
        assert section["status"] in statuses


@pytest.mark.slow
def test_a_number_has_all_that_is_needed_not_to_overstate_it(twin):
    parts = {
        "id", "value", "k", "n", "lo", "hi", "level", "method", "rows", "unit",
        "assumed",
    }  # fmt: skip
    for number in numbers_of(twin).values():
        assert set(number) == parts
        assert number["rows"] in {"all", "choose", "report", "live", None}
        value = number["value"]
        if value is not None:  # an end may be open: a queue that grows has none
            assert number["lo"] is None or number["lo"] <= value
            assert number["hi"] is None or value <= number["hi"]
        counted = number["k"] is not None and number["n"] and number["unit"] == "share"
        if counted and not number["assumed"]:
            assert number["value"] == pytest.approx(number["k"] / number["n"], rel=1e-5)
        if number["level"] is not None:
            assert number["method"]


@pytest.mark.slow
def test_numbers_have_six_significant_digits(twin):
    for number in numbers_of(twin).values():
        for part in ("value", "lo", "hi"):
            if number[part] is not None:
                assert number[part] == float(f"{number[part]:.6g}")


def differences(data: list[Datum], numbers: dict[str, dict]) -> list[str]:
    """Return what a page and its twin do not agree on."""
    wrong = [f"{i} is not on the page" for i in set(numbers) - {d.id for d in data}]
    for shown in data:
        exact = numbers.get(shown.id, {}).get(shown.part, "nothing")
        if exact is None:
            if shown.value != "":
                wrong.append(f"{shown.id}.{shown.part}: {shown.value} for nothing")
        elif exact == "nothing" or float(shown.value) != exact:
            wrong.append(f"{shown.id}.{shown.part}: {shown.value} for {exact}")
    return wrong


@pytest.mark.slow
def test_every_number_of_the_twin_is_on_the_page_and_the_other_way_round(page, twin):
    assert differences(page.data, numbers_of(twin)) == []


@pytest.mark.slow
def test_all_that_is_said_of_a_number_is_written_from_it(page, twin):
    numbers = {i: Number(**given) for i, given in numbers_of(twin).items()}
    assert [d for d in page.data if strangers(d.text, numbers[d.id])] == []


@pytest.mark.slow
def test_each_section_of_the_page_holds_its_own_numbers(html, twin):
    for name, section in twin["sections"].items():
        start = html.index(f'id="{name}"')
        part = html[html.rindex("<section", 0, start) : html.index("</section>", start)]
        shown = Page(f"{part}</section>").data
        assert {d.id for d in shown} == {n["id"] for n in section["numbers"]}


@pytest.mark.parametrize(
    "shown",
    [
        Datum("error", "value", "0.31", "31"),
        Datum("error", "lo", "0.2", "20"),
        Datum("stranger", "value", "0.3", "30"),
    ],
)
def test_a_number_that_differs_is_found(shown):
    numbers = {"error": {"id": "error", "value": 0.3, "lo": None}}
    assert differences([Datum("error", "value", "0.3", "3")], numbers) == []
    assert differences([shown], numbers)


# What may stand as a digit without being a number of this report.
HARMLESS = re.compile(
    r"""
      \bDR\d{3}\b                          # the code of a check
    | \b(?:of|Of)(?:\ every)?\ (?:10|100)\b # the fixed denominator of a frequency
    | \bof\ 100\ decisions\b
    | \b100\ decisions\b
    | \b95\ ?%                             # the level that all ranges share
    | \b95th\ percentile\b
    | \bfor\ 100\b                         # another fixed denominator
    | \bof\ 5\b                           # the most that a pulse can be
    | \b[Aa]part,\ (?:from\ )?0\ to\ 1\b     # the scale of the gap board, and
    | :\ 0\ is\ the\ same.*at\ least\ 0\.5  # how a distance is counted
    | \bA\ line\ at\ 0\.5\b                # a habit, and no line of this report
    | \b1\ −\ precision\b                  # formulas of the glossary
    | \bC_FP\ =\ 1\b
    | \bVickers\ and\ Elkin\ 2006\b        # a source
    """,
    re.VERBOSE,
)


def bare_numbers(page: Page) -> list[str]:
    """Return loose text with digits that stand in no ``<data>``."""
    texts = (HARMLESS.sub("", text) for text in page.loose_text())
    return [text for text in texts if re.search(r"\d", text)]


@pytest.mark.slow
def test_no_number_on_the_page_stands_bare(page):
    assert bare_numbers(page) == []


@pytest.mark.parametrize(
    "planted", ["<p>about 30 of 100 are wrong</p>", "<td>0.3</td>", "<li>7 rows</li>"]
)
def test_a_planted_bare_number_is_found(planted):
    fine = (
        '<p>About <data data-id="a" data-part="value" value="0.3">3</data> of 10.</p>'
    )
    assert bare_numbers(Page(fine)) == []
    assert len(bare_numbers(Page(fine + planted))) == 1


@pytest.mark.slow
def test_the_page_says_what_the_issue_asks_for(page):
    said = page.text
    for words in (
        "answers miss",  # how many of ten, with the range and the sources
        "sources",
        "Assumed, not measured",
        "more labels",
        "act on everyone",
        "act on no one",
        "as many, drawn by lot",
        "not measured",
        "is cheapest on the choosing rows",
        "It hardly pays. The best pair",
        "were balanced",  # a limit of the sample
        "Nothing is generated",
    ):
        assert words in said


@pytest.mark.slow
def test_the_wording_of_the_record_is_on_the_page(page):
    record = find_target(SHIPPED).record
    for words in (
        record.framing.counts_as_wrong,
        record.threshold.because,
        record.impact.because,
        *(risk.reason for risk in record.data_review.accepted),
        *(action.what for action in record.agreement.actions),
        record.agreement.not_agreed[0].product,
    ):
        assert words in page.text


# --- the same numbers, wherever they are shown ---------------------------------------


@pytest.fixture
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_AS_OF", THAT_DAY.isoformat())


def by_id(number: dict[str, Any]) -> str:
    return number["id"]


def cells_of_their_own(step) -> View:
    """What 03 shows in cells of their own at the table, as it takes seconds to make.

    As short as a page has it; at the table there is more, of the same numbers.
    """
    brief = (*step._why(), *step._drawer(brief=True))
    whole = (*step._why(), *step._drawer(), *step._words())
    assert set(View(brief).numbers) <= set(View(whole).numbers)
    return View(brief)


@pytest.mark.slow
@pytest.mark.parametrize("interactive", [True, False], ids=["panels", "static"])
@pytest.mark.parametrize("number", STEPS)
def test_a_step_shows_the_numbers_of_the_report(twin, that_day, number, interactive):
    step = workshop.open_step(number, record=SHIPPED, interactive=interactive)
    section = step.section()
    kept = twin["sections"][section.id]
    shown, html = section.numbers, section.html
    if interactive and number == "03":
        more = cells_of_their_own(step)
        known = {one.id for one in shown}
        shown += tuple(one for one in more.numbers if one.id not in known)
        html += more.html
    found = [number_json(one) for one in shown]
    assert sorted(found, key=by_id) == sorted(kept["numbers"], key=by_id)
    assert section.status == kept["status"]
    numbers = {number["id"]: number for number in kept["numbers"]}
    assert differences(Page(html).data, numbers) == []


# --- a run that fails ----------------------------------------------------------------


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path / "tiny")


class DiedError(Exception):
    """Stands for a kernel that is gone."""


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Run the report's notebook in this process instead of a kernel.

    The function that this returns makes the run die after some of the sections.
    """
    dies_after: list[int] = []

    def execute(source: Path, executed: Path, parameters, day, _=None) -> str:
        notebook = nbformat.read(source, as_version=4)
        with running.environment(day):
            record = parameters["record"]
            names: dict = {}
            made = 0
            for cell in notebook.cells:
                if cell.cell_type != "code":
                    continue
                if dies_after and made == dies_after[0]:
                    nbformat.write(notebook, executed)
                    return "the program that computes stopped in the middle."
                made += _shown(cell, names, record)
        nbformat.write(notebook, executed)
        return ""

    monkeypatch.setattr(one, "execute", execute)
    monkeypatch.setattr(kernels, "CAN_WAIT", False)
    return dies_after.append


def _shown(cell: nbformat.NotebookNode, names: dict, record: str) -> bool:
    """Run one cell and keep the Section of its last line; say if there is one."""
    cell.outputs = []
    if "parameters" in cell.metadata.get("tags", ()):
        names |= {"record": record, "interactive": False}
        return False
    *before, last = cell.source.strip().splitlines()
    exec("\n".join(before), names)
    if last.startswith(("print", "import")) or " = " in last:
        exec(last.replace("print", "str", 1), names)
        return False
    value = eval(last, names)
    bundle = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {}
    if MIME not in bundle:
        return False
    cell.outputs = [nbformat.v4.new_output("display_data", data=bundle)]
    return True


def run(*arguments: str | Path) -> Result:
    """Run `workshop report` in this process."""
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def good(tiny: Tiny, tmp_path: Path, in_process) -> Iterator[Path]:
    """A good report of the tiny scenario that a later run must not touch."""
    out = tmp_path / "out"
    done = run(tiny.write(), "-o", out)
    assert done.exit_code == 0, done.stderr
    assert set(files(out)) == set(NAMES)
    return out


def test_a_good_run_says_headline_verdict_and_place(tiny, tmp_path, in_process):
    done = run(tiny.write(), "-o", tmp_path / "out")
    assert done.exit_code == 0
    headline, verdict, place = done.stdout.splitlines()
    twin = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert headline == twin["headline"]
    assert verdict.startswith("Verdict: ")
    assert place == f"Report: {tmp_path / 'out' / 'report.html'}"
    assert done.stderr.count("…") >= 2, "progress is shown"


def break_a_step(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(self):
        raise error

    monkeypatch.setattr(UserImpact, "_recap", broken)


def test_one_broken_step_does_not_hide_the_others(
    good, tiny, tmp_path, in_process, monkeypatch
):
    before = files(good)
    break_a_step(monkeypatch, ZeroDivisionError("a bug of ours"))
    done = run(tiny.folder, "-o", good)
    assert done.exit_code == 3
    assert "Traceback" not in done.output + done.stderr
    assert "a bug of ours" in done.stderr
    after = files(good)
    assert set(after) == set(NAMES) | PARTIAL
    assert {name: after[name] for name in NAMES} == before
    twin = json.loads(after["report.partial.json"])
    assert [f["section"] for f in twin["failed"]] == ["user_impact"]
    assert twin["sections"]["user_impact"]["status"] == "failed"
    assert set(STEPS.values()) <= set(twin["sections"])
    assert len(twin["sections"]["threshold"]["numbers"]) > 5
    page = Page(after["report.partial.html"].decode())
    assert "This page is not whole" in page.text
    assert "a bug of ours" in page.text
    assert differences(page.data, numbers_of(twin)) == []


def test_a_good_run_takes_the_page_of_a_failed_one_away(
    tiny, tmp_path, in_process, monkeypatch
):
    out = tmp_path / "out"
    with monkeypatch.context() as broken:
        break_a_step(broken, ValueError("a bug of ours"))
        assert run(tiny.write(), "-o", out).exit_code == 3
        assert set(files(out)) == PARTIAL
    assert run(tiny.folder, "-o", out).exit_code == 0
    assert set(files(out)) == set(NAMES)


@pytest.mark.slow
def test_wrong_input_is_one_sentence_and_no_fault_of_the_run(
    good, tiny, tmp_path, in_process
):
    before = files(good)
    tiny.runs["score"] = 0.5
    done = run(tiny.write(), "-o", good)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("workshop:")]
    assert len(told) == 1
    for words in ("runs.csv", "'score'", "0.5 in every row"):
        assert words in told[0]
    assert {name: files(good)[name] for name in NAMES} == before


def test_a_run_that_dies_leaves_what_was_finished_and_the_earlier_report(
    good, tiny, tmp_path, in_process
):
    before = files(good)
    in_process(3)
    done = run(tiny.folder, "-o", good)
    assert done.exit_code == 3
    after = files(good)
    assert set(after) == set(NAMES) | PARTIAL
    assert {name: after[name] for name in NAMES} == before
    twin = json.loads(after["report.partial.json"])
    assert list(twin["sections"]) == ["start", "framing", "data_readiness"]
    assert [f["section"] for f in twin["failed"]] == ["run"]
    page = Page(after["report.partial.html"].decode())
    assert "This page is not whole" in page.text
    assert "report.partial.html" in done.stderr


def test_a_run_that_dies_at_once_still_leaves_a_page_that_says_so(
    tiny, tmp_path, in_process
):
    in_process(0)
    done = run(tiny.write(), "-o", tmp_path / "out")
    assert done.exit_code == 3
    page = Page((tmp_path / "out" / "report.partial.html").read_text("utf-8"))
    assert "This page is not whole" in page.text


KILLS_ITSELF = """import os, signal
os.kill(os.getpid(), signal.SIGKILL)"""


@pytest.fixture
def deadly(tmp_path: Path) -> Path:
    """A notebook whose kernel is gone after the first section."""
    cells = [
        nbformat.v4.new_code_cell(
            'record: str = ""\ninteractive: bool = False',
            metadata={"tags": ["parameters"]},
        ),
        *map(
            nbformat.v4.new_code_cell,
            (
                "import workshop\n"
                'whole = workshop.open_step("report", record, interactive)',
                'whole.part("start")',
                KILLS_ITSELF,
                'whole.part("framing")',
            ),
        ),
    ]
    path = tmp_path / "deadly.ipynb"
    about = {
        "kernelspec": {"name": "python3", "display_name": "", "language": "python"}
    }
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=about), path)
    return path


@pytest.mark.slow
def test_a_killed_kernel_loses_nothing(tiny, tmp_path, deadly, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    for name in NAMES:
        (out / name).write_text(f"an earlier good {name}", "utf-8")
    before = files(out)
    monkeypatch.setattr(one, "notebook_of", lambda step: deadly)
    done = run(tiny.write(), "-o", out)
    assert done.exit_code == 3
    told = [line for line in done.stderr.splitlines() if "…" not in line]
    assert len(told) <= 2
    assert "stopped in the middle" in told[0]
    after = files(out)
    assert set(after) == set(NAMES) | PARTIAL, "the folder that it worked in is gone"
    assert {name: after[name] for name in NAMES} == before
    twin = json.loads(after["report.partial.json"])
    assert list(twin["sections"]) == ["start"]
    page = Page(after["report.partial.html"].decode())
    assert "This page is not whole" in page.text
    assert "are wrong if all are acted on" in page.text


# --- where it is written -------------------------------------------------------------


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_in_the_folders_place_is_named_and_kept(
    tiny, tmp_path, in_process, below
):
    place = tmp_path / "out"
    place.write_text("mine", "utf-8")
    done = run(tiny.write(), "-o", place / below)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert str(place) in done.stderr
    assert "-o" in done.stderr
    assert place.read_text("utf-8") == "mine"


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_before_the_run_is_a_failed_run(
    tiny, tmp_path, in_process, monkeypatch
):
    target = find_target(str(tiny.write()))
    monkeypatch.setattr(Path, "mkdir", full_disk)
    with pytest.raises(RunError, match="make room"):
        write_report(target, tmp_path / "out")


@pytest.mark.parametrize("name", ["report.html", "report.json", "executed.ipynb"])
def test_a_disk_that_fills_while_writing_leaves_the_earlier_report_whole(
    good, tiny, tmp_path, in_process, monkeypatch, name
):
    """Whichever of the three files no longer fits, the earlier three stay together."""
    before = files(good)
    real = folder_room.write_text

    def fills_up(path, text, **given):
        if Path(path).name == name:
            raise RunError(f"{path}: the disk is full")
        real(path, text, **given)

    def execute_fills_up(source, executed, parameters, day, kernel=None):
        raise OSError(errno.ENOSPC, "No space left on device")

    if name == "executed.ipynb":
        monkeypatch.setattr(papermill, "execute_notebook", full_disk)
        monkeypatch.setattr(one, "execute", execute_fills_up)
    monkeypatch.setattr(folder_room, "write_text", fills_up)
    tiny.scenario["title"] = "Another title"
    done = run(tiny.write(), "-o", good)
    assert done.exit_code == 3
    assert "Traceback" not in done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert files(good) == before


# --- gates and days ------------------------------------------------------------------


def test_a_gate_that_is_not_met_is_exit_1_with_the_report_written(
    tiny, tmp_path, in_process
):
    out = tmp_path / "out"
    done = run(tiny.write(), "-o", out, "--fail-on", "gap")
    assert done.exit_code == 1
    assert set(files(out)) == set(NAMES)
    assert str(out / "report.html") in done.stderr


def test_a_gate_that_is_met_is_exit_0(tiny, tmp_path, in_process):
    done = run(tiny.write(), "-o", tmp_path / "out", "--fail-on", "blocker")
    twin = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert "blocker" not in {f["severity"] for f in twin["findings"]}
    assert done.exit_code == 0


def test_the_file_order_trap_stops_a_pipeline(tiny, tmp_path, in_process):
    tiny.runs = tiny.runs.sort_values(["option", "good"], ascending=[True, False])
    tiny.runs["score"] = 0.5 + 0.1 * (tiny.runs["score"] > 0.9)
    done = run(tiny.write(), "-o", tmp_path / "out", "--fail-on", "blocker")
    assert done.exit_code == 1
    assert "nobody has accepted" in done.stderr


def test_an_accepted_blocker_stops_no_pipeline(tiny, tmp_path, in_process):
    tiny.runs = tiny.runs.sort_values(["option", "good"], ascending=[True, False])
    tiny.runs["score"] = 0.5 + 0.1 * (tiny.runs["score"] > 0.9)
    risk = {"finding": "DR006", "reason": "ties are broken by lot", "owner": "both"}
    tiny.record = {
        "format": 1,
        "scenario": "tiny",
        "revision": 0,
        "data_review": {"accepted": [risk]},
    }
    record = tiny.write() / "record.yaml"
    done = run(record, "-o", tmp_path / "out", "--fail-on", "blocker")
    assert done.exit_code == 0, done.stderr


def test_the_day_decides_what_is_overdue(tiny, tmp_path, in_process):
    outcome = {"measure": "hours a week", "from": 20, "to": 10, "by": "2027-03"}
    tiny.record = {
        "format": 1,
        "scenario": "tiny",
        "revision": 0,
        "framing": {"outcome": outcome},
    }
    record = tiny.write() / "record.yaml"
    stale = {}
    for day in ("2027-03-31", "2027-04-01"):
        out = tmp_path / day
        assert run(record, "-o", out, "--as-of", day).exit_code == 0
        twin = json.loads((out / "report.json").read_text("utf-8"))
        assert twin["as_of"] == day
        assert day in (out / "report.html").read_text("utf-8")
        stale[day] = [g["code"] for g in twin["gaps"] if g["kind"] == "stale"]
    assert stale == {"2027-03-31": [], "2027-04-01": ["outcome_date_passed"]}


@pytest.mark.parametrize("day", ["2027-13-01", "tomorrow", "2027"])
def test_a_day_that_is_none_is_named(tiny, day):
    done = run(tiny.write(), "--as-of", day)
    assert done.exit_code == 2
    assert f"--as-of {day}" in done.stderr
    assert "2027-01-31" in done.stderr


def test_a_step_that_is_none_is_named_with_those_there_are(tiny, tmp_path):
    with pytest.raises(InputError, match=r"--step 9: .* 00, 01, 02, 03, 04, 05"):
        write_report(find_target(str(tiny.write())), tmp_path / "out", step="9")


@pytest.mark.slow
def test_several_targets_give_a_folder_each_and_the_gravest_code(tmp_path, in_process):
    one, two = Tiny(tmp_path / "one"), Tiny(tmp_path / "two")
    two.runs["score"] = "high"
    out = tmp_path / "out"
    done = run(one.write(), two.write(), tmp_path / "gone.yaml", "-o", out)
    assert done.exit_code == 2
    assert set(files(out / "one")) == set(NAMES)
    assert "two" in done.stderr
    assert "gone.yaml" in done.stderr


def test_reporting_changes_nothing_of_what_it_reads(tiny, tmp_path, in_process):
    tiny.record = {"format": 1, "scenario": "tiny", "revision": 0}
    folder = tiny.write()
    before = files(folder)
    assert run(folder / "record.yaml", "-o", tmp_path / "out").exit_code == 0
    assert files(folder) == before


def test_hostile_words_of_a_record_are_text_on_the_page(tiny, tmp_path, in_process):
    tiny.scenario["title"] = HOSTILE
    tiny.scenario["request"] = HOSTILE
    tiny.record = {
        "format": 1,
        "scenario": "tiny",
        "revision": 0,
        "participants": {"product": [{"name": HOSTILE}], "engineering": []},
        "framing": {"counts_as_wrong": HOSTILE},
    }
    record = tiny.write() / "record.yaml"
    assert run(record, "-o", tmp_path / "out").exit_code == 0
    page = Page((tmp_path / "out" / "report.html").read_text("utf-8"))
    assert page.text.count(HOSTILE) >= 4
    assert reaches_outside(page.html) == []
    assert "img" not in {tag for tag, _ in page.elements}
