"""One command, one page: run the notebook with papermill and gather what it handed on.

Computes nothing. The page and its JSON twin are put together from the Sections that
the executed notebook carries; a run that fails leaves an earlier good report alone and
writes a page beside it that says it is not whole.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from workshop.data.catalog import Target, shipped
from workshop.errors import InputError, RunError
from workshop.record.atomic import write_text
from workshop.views.page import page
from workshop.views.section import MIME
from workshop.views.wording import Said, say

SCHEMA = "common-ground/report-1"
NOTEBOOK = "readiness_report.ipynb"
CELL_SECONDS = 600
NAMES = ("report.html", "report.json", "executed.ipynb")
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What a run left behind: the page, its headline and verdict, and how it ended.

    ``failed`` lists sections that could not be made; ``input_was_wrong`` says that all
    of them failed for what was given and not for a fault of the run.
    """

    page: Path
    headline: str
    verdict: str
    failed: tuple[str, ...] = ()
    why: str = ""
    input_was_wrong: bool = False
    blockers: int = 0
    gaps: int = 0

    def count(self, what: str) -> int:
        """How many blockers or gaps the report holds."""
        return self.blockers if what == "blocker" else self.gaps


def write_report(
    target: Target,
    out: Path,
    *,
    as_of: date | None = None,
    progress: Progress = lambda _: None,
    step: str | None = None,
    notebook: Path | None = None,
    data: str = "",
) -> Written:
    """Run the report's notebook for a record and write the folder ``out``.

    Parameters
    ----------
    target
        The scenario and the record.
    out
        Folder for ``report.html``, ``report.json`` and ``executed.ipynb``.
    as_of
        The day that counts as today; the present day when left out.
    progress
        Called with one line for each stage.
    step
        The number of one step whose notebook is run instead of the whole.
    notebook
        A notebook to run instead of a shipped one.
    data
        A file of later rows, for the one step that holds the promise against them.

    Raises
    ------
    InputError
        When the folder cannot be written.
    RunError
        When the kernel died or the disk filled; a partial page is left beside.
    """
    day = as_of or date.today()
    _make_folder(out)
    source = notebook or _notebook(step)
    with _scratch(out) as scratch:
        executed = scratch / NAMES[2]
        progress(say("cli.running", notebook=source.name).text)
        died = _execute(source, executed, target, day, data)
        progress(say("cli.gathering").text)
        outputs = list(_outputs(executed))
        sections = [bundle[MIME] for bundle in outputs]
        bodies = {b[MIME]["id"]: b["text/html"] for b in outputs}
        failed = tuple(s["id"] for s in sections if s["status"] == "failed")
        partial = _why_partial(died, sections)
        twin = report_json(sections, target=target, as_of=day, died=died)
        html = _page(sections, bodies, twin, partial)
        progress(say("cli.writing").text)
        path = _put(out, executed, html, twin, whole=partial is None)
    if died:
        raise RunError(say("cli.died", why=died, page=str(path)).text)
    return Written(
        page=path,
        headline=twin["headline"] or (sections[0]["headline"] if sections else ""),
        verdict=twin["verdict"],
        failed=failed,
        why=partial.text if partial else "",
        input_was_wrong=bool(failed)
        and all(s.get("input_was_wrong") for s in sections if s["id"] in failed),
        blockers=len(_open_blockers(twin, target)),
        gaps=len(twin["gaps"]),
    )


def _open_blockers(twin: dict[str, Any], target: Target) -> list[str]:
    """Codes of the findings that stand in the way and that nobody has accepted."""
    review = target.record.data_review
    accepted = {risk.finding for risk in review.accepted} if review else set()
    found = [f["code"] for f in twin["findings"] if f["severity"] == "blocker"]
    return [code for code in found if code not in accepted]


def _notebook(step: str | None) -> Path:
    """The shipped notebook of a step, or the one of the whole report."""
    if step is None:
        return shipped("notebooks") / NOTEBOOK
    found = sorted(shipped("notebooks").glob(f"{step}_*.ipynb"))
    if not found:
        known = ", ".join(
            p.name[:2] for p in sorted(shipped("notebooks").glob("0*.ipynb"))
        )
        raise InputError(f"--step {step}: there is no such step; there are {known}.")
    return found[0]


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".try-", dir=out):
            pass
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise InputError(
            f"{out}: nothing can be written there; give another folder with -o."
        ) from error
    except OSError as error:
        raise RunError(f"{out}: {error.strerror}; make room and run again.") from error


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """Give a folder to work in beside the report; a full disk becomes a sentence."""
    try:
        with tempfile.TemporaryDirectory(prefix=".report-", dir=out) as folder:
            yield Path(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RunError(
            f"{out}: the report could not be written ({reason}); make room and run "
            "again. An earlier report is untouched."
        ) from error


def _execute(source: Path, executed: Path, target: Target, day: date, data: str) -> str:
    """Run the notebook; return why it died, or nothing."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    try:
        with _environment(day):
            papermill.execute_notebook(
                str(source),
                str(executed),
                parameters={
                    "record": str(_record_argument(target)),
                    "interactive": False,
                }
                | ({"data": str(_from_here(Path(data)))} if data else {}),
                kernel_name="python3",
                progress_bar=sys.stderr.isatty(),
                log_output=False,
                execution_timeout=CELL_SECONDS,
                cwd=str(executed.parent),
                # it only warns of what holds for every local kernel, and tells of the
                # interrupt by which an idle one is ended; errors come with the cells
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            )
    except DeadKernelError:
        return say("cli.kernel_died").text
    except CellTimeoutError:
        return say("cli.timed_out").text
    except papermill.PapermillExecutionError as error:
        return f"{error.ename}: {error.evalue}"
    return ""


@contextmanager
def _environment(day: date) -> Iterator[None]:
    """Give the kernel its day and where the program was started.

    JUPYTER_PLATFORM_DIRS silences a warning of jupyter_core on every start.
    """
    ours = {
        "WORKSHOP_AS_OF": day.isoformat(),
        "WORKSHOP_HOME": str(Path.cwd()),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _record_argument(target: Target) -> Path | str:
    """What the notebook is told: a path relative to the start, or a shipped name."""
    if target.file.read_only and not target.file.exists:
        return target.scenario.folder
    return _from_here(target.file.path)


def _from_here(path: Path) -> Path:
    """Write a path relative to the start where it lies below it."""
    path = path.resolve()
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


def _outputs(executed: Path) -> Iterator[dict[str, Any]]:
    """Every Section of an executed notebook: its HTML and its JSON."""
    if not executed.is_file():
        return
    notebook = json.loads(executed.read_text("utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if MIME in data:
                html = data.get("text/html", "")
                yield {MIME: data[MIME], "text/html": _inner(html)}


def _inner(html: str | list[str]) -> str:
    """A section's own HTML without the wrapper that one cell needs."""
    text = html if isinstance(html, str) else "".join(html)
    start, end = text.find("<section"), text.rfind("</section>")
    return text[start : end + len("</section>")] if start >= 0 else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _why_partial(died: str, sections: list[dict[str, Any]]) -> Said | None:
    if died:
        return say("page.partial", why=_sentence(died))
    broken = [s for s in sections if s["status"] == "failed"]
    if broken:
        return say("page.partial", why=_sentence(broken[0].get("why", "")))
    if not sections:
        return say("page.partial", why=say("cli.no_sections"))
    return None


def report_json(
    sections: list[dict[str, Any]], *, target: Target, as_of: date, died: str = ""
) -> dict[str, Any]:
    """Put the JSON twin together; its shape is `ReportJson` in report_schema."""
    by_id = {section["id"]: section for section in sections}
    head = by_id.get("overview", {})
    return {
        "schema": SCHEMA,
        "scenario": target.scenario.id,
        "title": target.scenario.title,
        "digest": head.get("digest", {"record": "", "data": ""}),
        "as_of": as_of.isoformat(),
        "verdict": head.get("verdict", "cannot_tell"),
        "rule": head.get("rule", ""),
        "headline": head.get("headline", ""),
        "limits": head.get("limits", []),
        "sections": {
            name: {
                "title": section["title"],
                "status": section["status"],
                "headline": section["headline"],
                "numbers": section["numbers"],
            }
            for name, section in by_id.items()
        },
        "findings": by_id.get("data_readiness", {}).get("findings", []),
        "clauses": by_id.get("agreement", {}).get("clauses", []),
        "gaps": head.get("gaps", []),
        "failed": [
            {"section": s["id"], "why": s.get("why", "")}
            for s in sections
            if s["status"] == "failed"
        ]
        + ([{"section": "run", "why": died}] if died else []),
    }


def _page(
    sections: list[dict[str, Any]],
    bodies: dict[str, str],
    twin: dict[str, Any],
    partial: Said | None,
) -> str:
    by_id = {section["id"]: section for section in sections}
    head = by_id.get("overview", {})
    # the overview is computed last, because it sums up the others, and read first
    order = sorted(by_id, key=lambda name: name != "overview")
    if len(order) == 1 and not head:
        return _page_of_step(order[0], bodies, twin, partial)
    return page(
        title=say("page.title", title=twin["title"]).text,
        subtitle=say(
            "page.subtitle",
            participants=head.get("participants", say("page.nobody").text),
            scenario=twin["scenario"],
            as_of=twin["as_of"],
        ),
        verdict=say(f"verdict.{twin['verdict']}"),
        contents=[(name, by_id[name]["title"]) for name in order],
        body="".join(bodies[name] for name in order),
        foot=[say("page.foot_rows"), say("page.foot_json")],
        partial=partial,
    )


def _page_of_step(
    name: str, bodies: dict[str, str], twin: dict[str, Any], partial: Said | None
) -> str:
    """A page of one step needs no contents, and reaches no verdict."""
    given = {"scenario": twin["scenario"], "as_of": twin["as_of"]}
    return page(
        title=twin["title"],
        subtitle=say("page.subtitle_step", **given),
        verdict=None,
        contents=(),
        body=bodies[name],
        foot=[say("page.foot_rows"), say("page.foot_json")],
        partial=partial,
    )


def _put(
    out: Path, executed: Path, html: str, twin: dict[str, Any], *, whole: bool
) -> Path:
    """Write the three files; a run that is not whole goes beside an earlier one.

    All three are written next door first: a disk that fills leaves the earlier ones.
    """
    text = json.dumps(twin, indent=1, ensure_ascii=False, sort_keys=False)
    scratch = executed.parent
    write_text(scratch / NAMES[1], f"{text}\n")
    write_text(scratch / NAMES[0], html)
    for name in NAMES:
        partial = out / _partial_name(name)
        if (scratch / name).is_file():
            (scratch / name).replace(out / name if whole else partial)
        if whole:
            partial.unlink(missing_ok=True)
    return out / (NAMES[0] if whole else _partial_name(NAMES[0]))


def _partial_name(name: str) -> str:
    stem, ending = name.split(".")
    return f"{stem}.partial.{ending}"
