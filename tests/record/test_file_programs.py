"""Programs that write one record at once, or are killed while they do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import workshop
from workshop.record.choices import Record
from workshop.record.file import RecordFile

Save = Callable[[RecordFile, str, Any, Record], Record]
HOME = str(Path(workshop.__file__).parents[1])


def child(script: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": HOME})


def test_threads_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    base = RecordFile(path).create(Record(scenario="s"))

    def write(who: int) -> None:
        for turn in range(4):
            RecordFile(path).note(f"{who}.{turn}", base=base, who=str(who))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, range(3)))
    record = RecordFile(path).read()
    assert record.revision == 12
    said = [line.decided for line in record.log]
    assert sorted(said) == [f"{who}.{turn}" for who in range(3) for turn in range(4)]
    for who in range(3):
        mine = [text for text in said if text.startswith(f"{who}.")]
        assert mine == sorted(mine)


WRITER = """
import sys
from workshop.record.file import RecordFile
path, section, value = sys.argv[1:]
pair = RecordFile(path)
record = pair.read()
for turn in range(6):
    record = pair.save(section, {value: str(turn)}, base=record, who=section,
                       decided=str(turn))
"""


def test_programs_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    RecordFile(path).create(Record(scenario="s"))
    writers = [
        child(WRITER, path, "framing", "harmed"),
        child(WRITER, path, "data_review", "because"),
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    record = RecordFile(path).read()
    assert (record.revision, len(record.log)) == (12, 12)
    assert record.framing is not None
    assert record.data_review is not None
    assert record.framing.harmed == record.data_review.because == "5"


DYING = """
import os, sys
from workshop.record import atomic
from workshop.record.file import RecordFile
path, stage = sys.argv[1:]
die = lambda *given, **more: os._exit(9)
replace = os.replace
def half(scratch, data, *, mode):
    with open(scratch, "xb") as stream:
        stream.write(data[: len(data) // 2])
        stream.flush()
        os._exit(9)
def after(scratch, target):
    replace(scratch, target)
    os._exit(9)
if stage == "before": atomic._write = die
if stage == "half": atomic._write = half
if stage == "unsynced": os.fsync = die
if stage == "unnamed": os.replace = die
if stage == "named": os.replace = after
if stage == "unsettled": atomic.settle = die
pair = RecordFile(path)
pair.save("option", "keyword", base=pair.read(), who="Dana", decided="this")
"""
OLD_STAYS = ("before", "half", "unsynced", "unnamed")
NEW_STANDS = ("named", "unsettled")


def test_a_program_killed_at_any_stage_leaves_the_old_or_the_new_record(
    tmp_path: Path, example: str, record: Record, save: Save
) -> None:
    killed = {}
    for stage in OLD_STAYS + NEW_STANDS:
        path = tmp_path / stage / "record.yaml"
        path.parent.mkdir()
        path.write_text(example, encoding="utf-8")
        killed[stage] = child(DYING, path, stage)
    for stage, process in killed.items():
        assert process.wait(timeout=60) == 9
        pair = RecordFile(tmp_path / stage / "record.yaml")
        now = pair.read()
        if stage in OLD_STAYS:
            assert now == record
        else:
            assert (now.option, now.revision) == ("keyword", 15)
        assert save(pair, "impact", {"per_week": 10}, now).impact is not None
        names = {path.name for path in pair.path.parent.iterdir()}
        assert names <= {"record.yaml", ".record.yaml.lock"}


RESTLESS = """
import sys
from workshop.record.file import RecordFile
pair = RecordFile(sys.argv[1])
record = pair.read()
print("ready", flush=True)
while True:
    record = pair.note("again", base=record, who="Dana")
"""


def test_a_program_killed_at_any_moment_leaves_a_whole_record(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    pair = RecordFile(path)
    before = pair.create(Record(scenario="s"))
    for turn in range(2):
        command = [sys.executable, "-c", RESTLESS, str(path)]
        with subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": HOME}, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.11 + turn * 0.137)
            process.kill()
        now = pair.read()
        assert now.revision == len(now.log)
        assert now.log[: len(before.log)] == before.log
        before = pair.note("still here", base=now, who="Ilir")
        assert before.revision == now.revision + 1
