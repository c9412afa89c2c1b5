"""Where a page's kernel comes from while the data is read, and when a process dies."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from workshop.room.serving import kernels
from workshop.room.serving.kernels import Source


class Process:
    """Stands for a process started ahead; it is ready, or gone, when a test says so."""

    started: list[Process]

    def __init__(self, *, forks: bool, also: Any, first: Any = None) -> None:
        assert forks
        self.heats = first is not None
        self.ready = self.gone = self.used = self.stopped = False
        Process.started.append(self)

    def manager(self, base: Any) -> Any:
        return self

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    Process.started = []
    monkeypatch.setattr(kernels, "Ahead", Process)
    monkeypatch.setattr(kernels, "CAN_FORK", True)
    monkeypatch.setattr(kernels, "COLD_AFTER", 0.01)
    return Process.started


@pytest.fixture
def source() -> Source:
    source = Source("flight-disruptions")
    source.start()
    return source


def test_one_process_starts_and_reads_the_data(source, processes):
    assert [process.heats for process in processes] == [True]


def test_without_a_scenario_nothing_is_read(processes):
    source = Source()
    source.start()
    assert [process.heats for process in processes] == [False]
    assert source.kind() is processes[0]


def test_a_second_one_starts_where_reading_takes_long(source, processes):
    asyncio.run(source.watch())
    assert [process.heats for process in processes] == [True, False]


def test_no_second_one_starts_where_the_first_is_ready(source, processes):
    processes[0].ready = True
    asyncio.run(source.watch())
    assert len(processes) == 1
    assert source.kind() is processes[0]


def test_pages_are_of_the_second_one_until_the_first_is_ready_and_of_that_from_then_on(
    source, processes
):
    heated = processes[0]
    cold = source.kind()
    assert not cold.heats
    assert source.kind() is cold
    heated.ready = True
    assert source.kind() is heated
    heated.ready = False  # it says so once
    assert source.kind() is heated
    assert not cold.stopped, "somebody's page came from it"


def test_a_second_one_that_nobody_needed_is_ended(source, processes):
    asyncio.run(source.watch())
    processes[0].ready = True
    assert source.kind() is processes[0]
    assert processes[1].stopped


def test_where_the_one_that_reads_dies_pages_come_from_another(source, processes):
    heated = processes[0]
    heated.ready = True
    assert source.kind() is heated
    heated.gone = True
    another = source.kind()
    assert heated.stopped
    assert not another.heats
    assert source.kind() is another


def test_where_the_second_one_dies_it_is_begun_anew_only_while_it_is_needed(
    source, processes
):
    cold = source.kind()
    cold.gone = True
    again = source.kind()
    assert cold.stopped
    assert again is not cold
    again.gone = processes[0].ready = True
    assert source.kind() is processes[0]
    assert len(processes) == 3


def test_a_page_waits_for_the_data_a_while_and_not_for_ever(source):
    began = asyncio.run(waited(source))
    assert began < 1
    source._until = 0
    assert asyncio.run(waited(source)) < 0.1


async def waited(source: Source) -> float:
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def comes_to_be_ready() -> None:
        await asyncio.sleep(0.05)
        Process.started[0].ready = True

    soon = asyncio.create_task(comes_to_be_ready())
    await source.settle()
    took = loop.time() - began
    await soon
    return took


def test_at_the_end_all_are_ended(source, processes):
    source.kind()
    source.stop()
    assert [process.stopped for process in processes] == [True, True]


@pytest.mark.parametrize(
    ("file", "transport"),
    [
        ("/tmp/common-ground-x/kernel.json", "ipc"),
        (f"/tmp/{'a' * 85}", "ipc"),
        (f"/tmp/{'a' * 86}", "tcp"),
        (f"/tmp/{'ü' * 42}", "ipc"),
        (f"/tmp/{'ü' * 43}", "tcp"),
        ("", "tcp"),
    ],
)
def test_a_sockets_name_is_as_long_as_its_bytes(file, transport):
    assert kernels._transport(file) == transport
