"""The same table is counted once, and what was kept changes no figure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from workshop.data.catalog import find_scenario
from workshop.steps import heated
from workshop.steps.given import Given

SHIPPED = ("privacy-assistant", "deposit-calls", "flight-disruptions")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKSHOP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Note which labels were really counted."""
    seen: list[str | None] = []
    count = Given._count

    def noted(self: Given, option: str | None):
        seen.append(option)
        return count(self, option)

    monkeypatch.setattr(Given, "_count", noted)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_kept_counts_are_the_counts_to_the_last_digit(name, cache, counts) -> None:
    run = find_scenario(name).runs[0].id
    first, second = (Given(find_scenario(name)).profile(run) for _ in range(2))
    assert first == second
    assert counts == [run]


@pytest.mark.slow
def test_each_option_has_its_own_labels_and_so_its_own_counts(cache, counts) -> None:
    given = Given(find_scenario("deposit-calls"))
    runs = [run.id for run in given.scenario.runs]
    for run in (*runs, *runs):
        given.profile(run)
    assert counts == runs


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A scenario that may be changed."""
    shipped = find_scenario("deposit-calls").folder
    return Path(shutil.copytree(shipped, tmp_path / "own"))


@pytest.mark.slow
def test_one_changed_byte_of_the_files_or_another_day_is_counted_anew(
    own, cache, counts, monkeypatch
) -> None:
    Given(find_scenario(str(own))).profile("model")
    card = own / "card.yaml"
    card.write_text(card.read_text("utf-8") + "# later\n", "utf-8")
    Given(find_scenario(str(own))).profile("model")
    monkeypatch.setenv("WORKSHOP_AS_OF", "2031-01-01")
    Given(find_scenario(str(own))).profile("model")
    assert counts == ["model"] * 3


@pytest.mark.slow
def test_what_changed_while_it_was_open_is_counted_and_not_kept(
    own, cache, counts
) -> None:
    given = Given(find_scenario(str(own)))
    card = own / "card.yaml"
    card.write_text(card.read_text("utf-8") + "# later\n", "utf-8")
    given.profile("model")
    assert not list(cache.rglob("counted/*.json"))
    Given(find_scenario(str(own))).profile("model")
    assert counts == ["model", "model"]


def test_the_same_bytes_elsewhere_are_the_same_table(own, cache, counts) -> None:
    Given(find_scenario("deposit-calls")).profile("model")
    Given(find_scenario(str(own))).profile("model")
    assert counts == ["model"]


@pytest.mark.slow
@pytest.mark.parametrize("change", ["rows", "gone", "type"])
def test_a_damaged_entry_counts_as_not_there(cache, counts, change) -> None:
    first = Given(find_scenario("deposit-calls")).profile("model")
    (entry,) = cache.rglob("*.json")
    kept = json.loads(entry.read_text("utf-8"))
    if change == "rows":
        kept["value"]["rows"] = "many"
    if change == "gone":
        del kept["value"]["columns"]
    if change == "type":
        kept["value"]["label"] = [1]
    entry.write_text(json.dumps(kept), "utf-8")
    assert Given(find_scenario("deposit-calls")).profile("model") == first
    assert counts == ["model", "model"]


# --- read once for many pages ---------------------------------------------------------


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heated, "_HEATED", {})


@pytest.mark.slow
def test_a_heated_process_hands_out_what_it_has_read(cache, warm, counts) -> None:
    heated.heat("deposit-calls")
    scenario = find_scenario("deposit-calls")
    known = heated.given_of(scenario)
    assert known is heated.given_of(find_scenario("deposit-calls"))
    before = list(counts)
    assert known.profile("model") == Given(scenario).profile("model")
    assert counts == before
    assert "table" not in vars(known)


@pytest.mark.slow
def test_files_that_changed_since_are_read_again(own, cache, warm) -> None:
    heated.heat(str(own))
    assert heated.given_of(find_scenario(str(own)))._profiles
    card = own / "card.yaml"
    card.write_text(card.read_text("utf-8") + "# later\n", "utf-8")
    assert not heated.given_of(find_scenario(str(own)))._profiles


def test_without_heat_every_page_reads_for_itself(warm) -> None:
    scenario = find_scenario("deposit-calls")
    assert heated.given_of(scenario) is not heated.given_of(scenario)
