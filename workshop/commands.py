"""What each command does: gather, call one room, say it in plain words.

The door (`workshop.cli`) parses; here nothing is computed either.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop.data.catalog import (
    Target,
    find_scenario,
    find_target,
    is_shipped,
    name_for,
    scenario_folders,
)
from workshop.data.parameters import typed
from workshop.data.scenario import load_scenario
from workshop.data.stores import is_address, local_folder
from workshop.errors import GateError, InputError, RunError
from workshop.record.mistakes import printable
from workshop.views.wording import say

if TYPE_CHECKING:
    from workshop.kernels import Ahead
    from workshop.report import Written
    from workshop.steps.retrospective import Look, Retrospective

LATER = "06"
"""The step that looks at rows which came after the agreement."""


def list_scenarios(*, as_json: bool = False) -> str:
    """Describe the shipped scenarios."""
    found = [load_scenario(folder) for folder in scenario_folders()]
    if as_json:
        entries = [
            {
                "id": s.id,
                "title": s.title,
                "request": s.request,
                "options": [run.id for run in s.runs],
            }
            for s in found
        ]
        return json.dumps(entries, indent=1)
    width = max((len(s.id) for s in found), default=0)
    return "\n".join(f"{s.id:<{width}}  {s.title}: “{s.request}”" for s in found)


def start(scenario: str, output: Path, *, force: bool = False) -> str:
    """Make a new pair's record.

    Raises
    ------
    InputError
        When there is no such scenario, or a record is there already.
    """
    from workshop.record.choices import Record
    from workshop.record.file import RecordFile

    found = find_scenario(scenario)
    record = Record(scenario=name_for(found, output))
    file = RecordFile(output, read_only=is_shipped(output))
    file.create(record, force=force)
    return say("cli.started", file=str(output), scenario=found.title).text


def new(
    folder: Path,
    *,
    positive_rate: str = "",
    precision: str = "",
    recall: str = "",
    **asked: Any,
) -> str:
    """Make a scenario folder of somebody's own table; say what was guessed, and why."""
    from workshop.bring import Asked, new_scenario, ranges

    stated = ranges(positive_rate=positive_rate, precision=precision, recall=recall)
    return new_scenario(Asked(folder, stated=stated, **asked), _tell)


def lab(record: str, *, open_browser: bool, port: int) -> int:
    """Open a copy of the notebooks in JupyterLab; return its exit code."""
    from workshop.lab import run_lab

    return run_lab(record, open_browser=open_browser, port=port)


def copy_for_editor(record: str) -> str:
    """Copy the notebooks, and say how another editor than JupyterLab runs them."""
    from workshop.lab import COPIES, FIRST, copy_notebooks

    if record:
        find_target(record)
    copy_notebooks(Path.cwd() / COPIES)
    given = {"folder": str(COPIES), "first": FIRST, "python": sys.executable}
    told = [say("lab.copied", **given).text]
    if record:
        written = json.dumps(record, ensure_ascii=False)
        told.append(say("lab.copied_record", record=written).text)
    return "\n".join(told)


def check(target: str, *, as_json: bool = False) -> tuple[str, bool]:
    """Try everything a workshop needs; return what to print and whether all is well."""
    from workshop.lab import rehearse

    tried = rehearse(find_target(target))
    fine = all(not problem for _, problem in tried)
    if as_json:
        entries = [{"what": what, "problem": problem} for what, problem in tried]
        return json.dumps({"ready": fine, "tried": entries}, indent=1), fine
    lines = [f"stop  {w}: {why}" if why else f"ok    {w}" for w, why in tried]
    verdict = say("cli.check_fine" if fine else "cli.check_not").text
    return "\n".join((*lines, verdict)), fine


def status(record: str, *, as_json: bool = False, as_of: str | None = None) -> str:
    """Say what is decided, what is missing, what moved."""
    from workshop.steps.whole import Whole
    from workshop.views.recaps.status import status_json, status_text

    with _as_of(as_of):
        whole = Whole(find_target(record), interactive=False)
        sections = whole.sections()
        gaps = whole.gaps()
    held = whole.record.retrospectives
    if as_json:
        found = status_json(sections, gaps, held)
        return json.dumps(found, indent=1, ensure_ascii=False)
    return status_text(sections, gaps, held)


def retro(
    record: str,
    data: str,
    *,
    each: str | None = None,
    as_json: bool = False,
    as_of: str | None = None,
    fail_on: str | None = None,
    output: Path | None = None,
    no_save: bool = False,
) -> int:
    """Hold the promise against new rows; keep each look, and write the page.

    Raises
    ------
    GateError
        When a clause is broken and the gate asks for that.
    """
    from workshop.steps.retrospective import Retrospective

    target, file = find_target(record), Path(data)
    folder = output or Path("reports") / f"{target.name}-retro"
    _tell(say("retro.looking", file=file.name).text)
    with _as_of(as_of):
        step = Retrospective(target, interactive=False, data=str(file.resolve()))
        looks = list(_looked(step, each=bool(each), save=not no_save))
    written = _page_of(target, folder, day=_day(as_of), step=LATER, data=str(file))
    given = {"page": str(written.page), "as_of": _day(as_of).isoformat()}
    if as_json:
        found = step.as_json(looks, data=file.name, **given)
        _print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        _print("\n\n".join(step.as_text(look, kept) for look, kept in looks))
        _print(say("cli.written", page=str(written.page)).text)
    if fail_on and (broken := step.broken([look for look, _ in looks])):
        raise GateError(say("retro.gate_broken", clauses=broken, **given).text)
    return 0


def _looked(
    step: Retrospective, *, each: bool, save: bool
) -> Iterator[tuple[Look, bool | None]]:
    """Look at all at once or month by month, keep each look, and tell of each month."""
    for look in step.months() if each else step.looks():
        yield look, step.keep(look) if save else None
        if each:
            _tell(step.line(look))


def report(
    targets: tuple[str, ...],
    output: str = "",
    *,
    as_of: str | None = None,
    fail_on: tuple[str, ...] = (),
    pdf: bool = False,
    jobs: int = 1,
    **asked: Any,
) -> int:
    """Write each target's report; return the gravest exit code."""
    from workshop.report.pdf import find_chromium

    if pdf and is_address(output):
        raise InputError(f"--pdf: {output} takes text only; write to a folder here.")
    day, chromium = _day(as_of), find_chromium() if pdf else ""
    asked = _asked(fail_on, **asked)
    if len(targets) == 1:
        return _one_report(targets[0], output, day, fail_on, chromium, asked)
    if any(asked.values()):
        raise InputError(
            "--step, --data and -p go with one target; of several the whole reports "
            "are written."
        )
    return _several_reports(targets, output, day, fail_on, chromium, jobs)


def _asked(
    fail_on: tuple[str, ...],
    *,
    step: str | None = None,
    data: str = "",
    parameters: tuple[tuple[str, str], ...] = (),
) -> dict[str, Any]:
    """What was asked of the notebook, with what cannot be asked at once refused."""
    if step and fail_on:
        raise InputError("--fail-on looks at the whole report; leave --step out.")
    if data and step != LATER:
        raise InputError(f"--data is looked at by one step; add --step {LATER}.")
    given = {name: typed(value) for name, value in parameters}
    if "record" in given:
        raise InputError("-p record: name the record as the target, without -p.")
    if "interactive" in given:
        raise InputError("-p interactive: nobody presses a button in a report.")
    return {"step": step, "data": data, "parameters": given}


def _one_report(
    name: str,
    output: str,
    day: date,
    fail_on: tuple[str, ...],
    chromium: str,
    asked: dict[str, Any],
) -> int:
    target = find_target(name)
    target.record  # noqa: B018 - a record that cannot be read is said at once
    step = asked["step"]
    name_of_folder = target.name if step is None else f"{target.name}-{step}"
    place = output or str(Path("reports") / name_of_folder)
    with _kernel_ahead() as kernel, local_folder(place) as folder:
        given = asked | {"kernel": kernel}
        written = _page_of(target, folder, day=day, chromium=chromium, **given)
    page = f"{output.rstrip('/')}/{written.page.name}" if output else str(written.page)
    _print(written.headline)
    if step is None:
        _print(say("cli.verdict", verdict=say(f"verdict.{written.verdict}")).text)
    _print(say("cli.written", page=page).text)
    if reasons := _reasons(written.stops, fail_on):
        raise GateError("\n".join((say("cli.gate", page=page).text, *reasons)))
    return 0


def _kernel_ahead() -> AbstractContextManager[Ahead | None]:
    """Start the process that a report's kernel comes from, before anything heavy."""
    from workshop.kernels import CAN_WAIT, Ahead

    return Ahead() if CAN_WAIT else nullcontext()


def _several_reports(
    targets: tuple[str, ...],
    output: str,
    day: date,
    fail_on: tuple[str, ...],
    chromium: str,
    jobs: int,
) -> int:
    from workshop.report.batch import write_reports
    from workshop.report.pdf import print_page

    with local_folder(output or "reports") as folder:
        batch = write_reports(
            targets,
            folder,
            jobs=jobs,
            as_of=day,
            gates=fail_on,
            progress=_tell,
            finish=lambda page: print_page(page, chromium) if chromium else None,
        )
    for entry in batch.entries:
        for reason in _reasons(entry.stops, fail_on):
            _tell(f"{entry.target}: {reason.strip()}")
    index = f"{output.rstrip('/')}/{batch.index.name}" if output else str(batch.index)
    _print(say("cli.written_index", page=index).text)
    return batch.exit_code


def _reasons(stops: Mapping[str, tuple[str, ...]], gates: tuple[str, ...]) -> list[str]:
    """Why the gates that were asked for are not met, one line each."""
    return [
        say(f"cli.gate_{gate}", why=why).text
        for gate in dict.fromkeys(gates)
        for why in stops.get(gate, ())
    ]


def _page_of(
    target: Target, folder: Path, *, day: date, chromium: str = "", **asked: Any
) -> Written:
    """Run a notebook for its page; raise what kept it from being whole."""
    from workshop.report import write_report

    written = write_report(target, folder, as_of=day, progress=_tell, **asked)
    if written.why:
        error = InputError if written.input_was_wrong else RunError
        raise error(f"{written.why} ({written.page})")
    if chromium:
        from workshop.report.pdf import print_page

        _tell(say("cli.printing").text)
        print_page(written.page, chromium)
    return written


def _day(as_of: str | None) -> date:
    try:
        return date.fromisoformat(as_of) if as_of else date.today()
    except ValueError as error:
        raise InputError(f"--as-of {as_of}: write a day as 2027-01-31.") from error


def compare(
    records: tuple[str, ...],
    output: Path | None,
    *,
    as_json: bool = False,
    as_of: str | None = None,
) -> int:
    """Say where records differ, choice by choice; write a page where asked to."""
    from workshop.comparing import compare as told_apart

    found = told_apart(records, output, as_json=as_json, as_of=_day(as_of))
    for line in found.left_out:
        _tell(line)
    _print(found.text)
    return found.exit_code


@contextmanager
def _as_of(as_of: str | None) -> Iterator[None]:
    before = os.environ.get("WORKSHOP_AS_OF")
    os.environ["WORKSHOP_AS_OF"] = _day(as_of).isoformat()
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("WORKSHOP_AS_OF")
        else:
            os.environ["WORKSHOP_AS_OF"] = before


def _print(text: str) -> None:
    # at once: a server that is watched through a file says where it is when it is there
    print(printable(text), flush=True)


def _tell(line: str) -> None:
    print(printable(line), file=sys.stderr, flush=True)
