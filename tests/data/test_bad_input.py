"""What a user's own folder can have wrong, met through the command line.

Each case is a whole scenario folder with one thing broken. It must end with exit code
2 and one or two lines that name the file, what was found and the remedy, and never
with a traceback; every file that was there is as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from tests.helpers import SHIPPED, Tiny
from workshop.cli import main

Break = Callable[[Tiny], None]
BROKEN: dict[str, tuple[Break, tuple[str, ...]]] = {}


def broken(*named: str) -> Callable[[Break], Break]:
    """Register a way to break the folder, and what the error must name."""

    def register(how: Break) -> Break:
        BROKEN[how.__name__.strip("_").replace("_", " ")] = how, named
        return how

    return register


# --- the label -----------------------------------------------------------------------


@broken("runs.csv", "data.csv", "'good'", "label.column", "scenario.yaml")
def _label_column_absent(t: Tiny) -> None:
    t.runs = t.runs.drop(columns="good")


@broken("runs.csv", "'good'", "only 1", "both classes are needed")
def _label_of_one_class(t: Tiny) -> None:
    t.runs["good"] = 1


@broken("runs.csv", "'good'", "'yes' counts as positive", "both classes")
def _label_without_the_positive_value(t: Tiny) -> None:
    t.scenario["label"]["positive"] = "yes"


@broken("runs.csv", "'good'", "3 values", "one against the rest")
def _label_of_three_values(t: Tiny) -> None:
    t.runs["good"] = [i % 3 for i in range(len(t.runs))]
    del t.scenario["label"]["positive"]


@broken("runs.csv", "'good'", "every value", "missing")
def _label_all_missing(t: Tiny) -> None:
    t.runs["good"] = np.nan


@broken("runs.csv", "'good'", "2 of 40", "label them")
def _label_missing_in_some(t: Tiny) -> None:
    t.runs["good"] = t.runs["good"].astype(float)
    t.runs.loc[[1, 5], "good"] = np.nan


# --- the scores ----------------------------------------------------------------------


@broken("runs.csv", "'score'", "no score column", "id, option, good")
def _score_column_absent(t: Tiny) -> None:
    t.runs = t.runs.drop(columns="score")


@broken("runs.csv", "plain", "'score'", "text", "'high'")
def _scores_of_text(t: Tiny) -> None:
    t.runs["score"] = "high"


@broken("runs.csv", "plain", "'score'", "text")
def _scores_with_one_word_among_them(t: Tiny) -> None:
    t.runs["score"] = t.runs["score"].astype(object)
    t.runs.loc[3, "score"] = "unknown"


@broken("runs.csv", "plain", "'score'", "missing in 2 of 40")
def _scores_missing(t: Tiny) -> None:
    t.runs.loc[[1, 5], "score"] = np.nan


@broken("runs.csv", "plain", "'score'", "infinite in 1 of 40")
def _scores_infinite(t: Tiny) -> None:
    t.runs.loc[7, "score"] = -np.inf


@broken("runs.csv", "plain", "'score'", "0.5 in every row", "differ")
def _scores_constant(t: Tiny) -> None:
    t.runs["score"] = 0.5


@broken("runs.csv", "clever", "'score'", "0.25 in every row")
def _scores_constant_in_the_other_option(t: Tiny) -> None:
    t.runs.loc[t.runs["option"] == "clever", "score"] = 0.25


@broken("runs.csv", "plain", "'ms'", "latency")
def _latency_column_absent(t: Tiny) -> None:
    t.scenario["runs"][0]["latency_ms"] = "ms"


@broken("runs.csv", "plain", "'ms'", "text", "milliseconds")
def _latency_of_text(t: Tiny) -> None:
    t.runs["ms"] = "fast"
    t.scenario["runs"][0]["latency_ms"] = "ms"


@broken("runs.csv", "plain", "'ms'", "missing in 1 of 40")
def _latency_missing(t: Tiny) -> None:
    t.runs["ms"] = 5.0
    t.runs.loc[3, "ms"] = np.nan
    t.scenario["runs"][0]["latency_ms"] = "ms"


# --- the files -----------------------------------------------------------------------


@broken("data.csv", "empty", "save the table again")
def _data_file_empty(t: Tiny) -> None:
    t.raw["data.csv"] = b""


@broken("data.csv", "header", "no row")
def _data_file_with_a_header_only(t: Tiny) -> None:
    t.raw["data.csv"] = b"id,text,shop\n"


@broken("data.csv", "CSV")
def _data_file_of_blank_lines(t: Tiny) -> None:
    t.raw["data.csv"] = b"\n\n\n"


@broken("runs.csv", "header", "no row")
def _runs_with_a_header_only(t: Tiny) -> None:
    t.raw["runs.csv"] = b"id,option,score,good\n"


@broken("data.parquet", "not a Parquet file", "ending")
def _csv_named_parquet(t: Tiny) -> None:
    t.use_parquet()
    t.raw["data.parquet"] = t.data.to_csv(index=False).encode()


@broken("data.csv", "not a CSV file", "ending")
def _parquet_named_csv(t: Tiny) -> None:
    t.raw["data.csv"] = t.data.to_parquet()


@broken("runs.parquet", "not a Parquet file", "cut off")
def _parquet_cut_off(t: Tiny) -> None:
    t.use_parquet()
    whole = t.runs.to_parquet()
    t.raw["runs.parquet"] = whole[: len(whole) // 2]


@broken("data.csv", "CSV")
def _csv_that_is_no_text(t: Tiny) -> None:
    t.raw["data.csv"] = b"id,text,shop\n" + bytes(range(128, 256)) + b",x,y\n"


@broken("data.xlsx", ".xlsx", ".parquet or .csv")
def _file_of_another_kind(t: Tiny) -> None:
    t.scenario["data"] = "data.csv"
    t.write()
    (t.folder / "data.xlsx").write_bytes(b"PK")
    t.scenario["data"] = "data.xlsx"
    t.data.to_csv = lambda path, index: Path(path).write_bytes(b"PK")  # type: ignore[method-assign]


@broken("gone.csv", "no such file")
def _run_file_absent(t: Tiny) -> None:
    t.scenario["runs"][1]["file"] = "gone.csv"


@broken("card.yaml")
def _card_absent(t: Tiny) -> None:
    t.write()
    t.raw["card.yaml"] = b""


# --- keys ----------------------------------------------------------------------------


@broken("data.csv", "'number'", "id, text, shop", "scenario.yaml")
def _key_column_absent(t: Tiny) -> None:
    t.scenario["key"] = "number"


@broken("data.csv", "'r01'", "more than once")
def _key_twice_in_the_data(t: Tiny) -> None:
    t.data.loc[0, "id"] = "r01"


@broken("runs.csv", "plain", "'r01'", "more than once")
def _key_twice_in_a_run(t: Tiny) -> None:
    t.runs.loc[0, "id"] = "r01"


@broken("runs.csv", "plain", "'zzz'", "data.csv", "does not know")
def _key_that_the_data_do_not_know(t: Tiny) -> None:
    t.runs.loc[0, "id"] = "zzz"


@broken("runs.csv", "other", "where", "scenario.yaml")
def _run_that_no_row_belongs_to(t: Tiny) -> None:
    t.scenario["runs"][1] = t.run("other", "Other")


@broken("runs.csv", "'model'", "id, option, score, good")
def _where_with_an_absent_column(t: Tiny) -> None:
    t.scenario["runs"][0]["where"] = {"model": "plain"}


@broken("data.csv", "'policy'", "scenario.yaml")
def _cluster_column_absent(t: Tiny) -> None:
    t.scenario["cluster"] = "policy"


# --- scenario.yaml -------------------------------------------------------------------


@broken("scenario.yaml", "clustr", "cluster")
def _unknown_key_of_the_scenario(t: Tiny) -> None:
    t.scenario["clustr"] = "shop"


@broken("scenario.yaml", "per_weak", "per_week")
def _unknown_key_inside_the_scenario(t: Tiny) -> None:
    t.scenario["decision"]["per_weak"] = t.scenario["decision"].pop("per_week")


@broken("scenario.yaml", "proposed", "best", "plain")
def _proposed_run_that_is_none(t: Tiny) -> None:
    t.scenario["proposed"] = "best"


@broken("scenario.yaml", "plain")
def _two_runs_of_one_name(t: Tiny) -> None:
    t.scenario["runs"][1]["id"] = "plain"


@broken("scenario.yaml", "per_week")
def _a_number_that_is_a_word(t: Tiny) -> None:
    t.scenario["decision"]["per_week"] = "many"


@broken("scenario.yaml", "key")
def _a_section_missing_in_the_scenario(t: Tiny) -> None:
    del t.scenario["key"]


@broken("card.yaml", "licences", "licenses")
def _unknown_key_of_the_card(t: Tiny) -> None:
    t.card["licences"] = t.card.pop("licenses")


# --- the record ----------------------------------------------------------------------

FIRST_LINES = "format: 1\nscenario: tiny\nrevision: 0\n"


def _record(text: str) -> bytes:
    return f"{FIRST_LINES}{text}".encode()


@broken("record.yaml", "line 4", "treshold", "threshold")
def _mistyped_key_of_the_record(t: Tiny) -> None:
    t.raw["record.yaml"] = _record("treshold: {}\n")


@broken("record.yaml", "line 5", "ratoi", "ratio")
def _mistyped_key_inside_the_record(t: Tiny) -> None:
    t.raw["record.yaml"] = _record("framing:\n  ratoi: 2\n")


@broken("record.yaml", "line 5", "tab")
def _tab_in_the_record(t: Tiny) -> None:
    t.raw["record.yaml"] = _record("framing:\n\tratio: 2\n")


@broken("record.yaml", "option", "twice")
def _duplicate_key_in_the_record(t: Tiny) -> None:
    t.raw["record.yaml"] = _record("option: plain\noption: clever\n")


@broken("record.yaml", "scenario")
def _missing_section_in_the_record(t: Tiny) -> None:
    t.raw["record.yaml"] = b"format: 1\nrevision: 0\n"


@broken("record.yaml", "format", "2")
def _format_of_the_future(t: Tiny) -> None:
    t.raw["record.yaml"] = b"format: 2\nscenario: tiny\nrevision: 0\n"


@broken("record.yaml")
def _record_cut_off(t: Tiny) -> None:
    t.raw["record.yaml"] = _record('framing: {counts_as_wrong: "a clause th')


@broken("record.yaml")
def _record_that_is_empty(t: Tiny) -> None:
    t.raw["record.yaml"] = b""


@broken("record.yaml", "elsewhere", SHIPPED)
def _record_of_a_scenario_that_is_none(t: Tiny) -> None:
    t.raw["record.yaml"] = b"format: 1\nscenario: elsewhere\nrevision: 0\n"


# --- options and what is assumed of them ---------------------------------------------

PLAIN = {"id": "plain", "title": "Plain rules", "run": "plain"}
PEOPLE = {"id": "people", "title": "People", "fallback": "human"}
RATES = {"error_among_answered": [0.1, 0.3], "coverage": [0.5, 0.8]}


def _offer(t: Tiny, *options: dict[str, object]) -> None:
    t.scenario["options"] = [PLAIN, *options]


@broken("scenario.yaml", "two options", "'plain'")
def _two_options_of_one_id(t: Tiny) -> None:
    _offer(t, PLAIN)


@broken("scenario.yaml", "'best'", "'gone'", "plain", "clever")
def _option_of_a_run_that_is_not_there(t: Tiny) -> None:
    _offer(t, {"id": "best", "title": "Best", "run": "gone"})


@broken("scenario.yaml", "vendor", "a run and stated rates", "keep one")
def _option_with_rows_and_stated_rates(t: Tiny) -> None:
    _offer(t, {"id": "vendor", "title": "V", "run": "clever", "stated": RATES})


@broken("scenario.yaml", "coverage goes from low to high", "0.8, 0.5")
def _stated_range_upside_down(t: Tiny) -> None:
    upside_down = RATES | {"coverage": [0.8, 0.5]}
    _offer(t, {"id": "vendor", "title": "V", "stated": upside_down})


@broken("scenario.yaml", "stated", "coverage")
def _stated_share_above_one(t: Tiny) -> None:
    _offer(t, {"id": "vendor", "title": "V", "stated": RATES | {"coverage": [0.8, 8]}})


@broken("scenario.yaml", "few", "shows:", "go together")
def _best_few_without_a_number(t: Tiny) -> None:
    _offer(t, {"id": "few", "title": "F", "run": "clever", "fallback": "alternatives"})


def _best_three(t: Tiny) -> None:
    few = {"id": "few", "title": "F", "run": "clever", "fallback": "alternatives"}
    _offer(t, few | {"shows": 3})


@broken("scenario.yaml", "'few'", "best 3", "no ranking:")
def _best_few_without_a_ranking(t: Tiny) -> None:
    _best_three(t)


@broken("scenario.yaml", "'few'", "best 3", "choice_right:", "payoff:")
def _best_few_that_are_worth_nobody_knows_what(t: Tiny) -> None:
    _best_three(t)
    t.scenario["runs"][1]["ranking"] = {"file": "ranked.csv"}


@broken("scenario.yaml", "people", "no run", "run:")
def _filter_in_front_of_nothing(t: Tiny) -> None:
    _offer(t, PEOPLE | {"only": {"shop": "shop 1"}})


@broken("scenario.yaml", "'shp'", "id, text, shop")
def _filter_by_a_column_that_is_not_there(t: Tiny) -> None:
    filtered = {"id": "some", "title": "S", "run": "plain", "only": {"shp": "shop 1"}}
    _offer(t, filtered)


@broken("scenario.yaml", "'some'", "no row", "nowhere", "only:")
def _filter_that_leaves_nothing(t: Tiny) -> None:
    filtered = {"id": "some", "title": "S", "run": "plain", "only": {"shop": "nowhere"}}
    _offer(t, filtered)


@broken("scenario.yaml", "desk", "review band", "fallback:")
def _review_band_with_a_second_fallback(t: Tiny) -> None:
    band = {"id": "desk", "title": "D", "run": "plain", "policy": "review_band"}
    _offer(t, band | {"fallback": "human"})


@broken("scenario.yaml", "'EURO'", "did you mean 'EUR'?")
def _currency_unknown(t: Tiny) -> None:
    t.scenario["payoff"]["unit"] = "EURO"


@broken("scenario.yaml", "minutes_fq", "did you mean 'minutes_fp'?")
def _assumption_unknown(t: Tiny) -> None:
    t.scenario["assumed"] = {"minutes_fq": {"likely": 3}}


@broken("scenario.yaml", "low over likely to high", "3, 2, 1")
def _assumed_range_upside_down(t: Tiny) -> None:
    t.scenario["assumed"] = {"fp": {"low": 3, "likely": 2, "high": 1}}


@broken("scenario.yaml", "seen is a share", "between 0 and 1")
def _assumed_share_above_one(t: Tiny) -> None:
    t.scenario["assumed"] = {"seen": {"likely": 0.9, "high": 1.1}}


@broken("record.yaml", "'gdp'", "one of")
def _business_measure_unknown(t: Tiny) -> None:
    t.raw["record.yaml"] = _record(
        "impact:\n  business_floor: {measure: gain, metric: gdp}\n"
    )


@broken("record.yaml", "people_wrog", "did you mean 'people_wrong'?")
def _business_measure_mistyped(t: Tiny) -> None:
    t.raw["record.yaml"] = _record(
        "impact:\n  business_floor: {measure: gain, metric: people_wrog}\n"
    )


@broken("record.yaml", "low over likely to high")
def _assumed_by_the_pair_upside_down(t: Tiny) -> None:
    t.raw["record.yaml"] = _record("impact:\n  assumed:\n    fp: {low: 1, likely: 0}\n")


# --- how each of them ends -----------------------------------------------------------


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def target_of(folder: Path) -> Path:
    record = folder / "record.yaml"
    return record if record.exists() else folder


@pytest.mark.parametrize("name", BROKEN)
def test_each_ends_with_code_2_and_a_line_that_names_it(tmp_path, name):
    how, named = BROKEN[name]
    tiny = Tiny(tmp_path / "tiny")
    how(tiny)
    folder = tiny.write()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run("status", target_of(folder))
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert 1 <= len(done.stderr.strip().splitlines()) <= 2
    assert done.stderr.startswith("workshop: ")
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
    for words in named:
        assert words in done.stderr, done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_folder_that_nothing_is_broken_in_is_fine(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    assert run("status", tiny.write()).exit_code == 0
    tiny.use_parquet()
    assert run("status", tiny.write()).exit_code == 0


@pytest.mark.parametrize(
    "name", ["scores of text", "parquet named csv", "label of three values"]
)
def test_the_rehearsal_before_a_workshop_finds_it_too(tmp_path, name):
    how, named = BROKEN[name]
    tiny = Tiny(tmp_path / "tiny")
    how(tiny)
    done = run("check", tiny.write())
    assert done.exit_code == 2
    stops = [line for line in done.stdout.splitlines() if line.startswith("stop")]
    assert stops
    assert all(words in stops[0] for words in named)


def test_a_case_that_no_row_has_is_found_before_people_arrive(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    tiny.scenario["cases"] = ["r01", "r99"]
    done = run("check", tiny.write())
    assert done.exit_code == 2
    assert "r99" in done.stdout


def test_an_option_that_is_no_run_is_a_gap_and_no_reason_to_stop(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    tiny.raw["record.yaml"] = _record("option: best\n")
    done = run("status", tiny.write() / "record.yaml")
    assert done.exit_code == 0, done.stderr
    assert "The option best is not among the scenario's runs." in done.stdout


def test_debug_shows_the_traceback(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    tiny.runs["score"] = 0.5
    done = run("--debug", "status", tiny.write())
    assert done.exception is not None
    assert type(done.exception).__name__ == "InputError"


def test_a_mistyped_scenario_of_ones_own_is_offered_too(tmp_path, monkeypatch):
    Tiny(tmp_path / "invoices").write()
    monkeypatch.chdir(tmp_path)
    done = run("status", "invoces")
    assert done.exit_code == 2
    assert "did you mean invoices?" in done.stderr


@pytest.mark.parametrize("near", ["privacy-assistent", "privacy_assistant"])
def test_a_mistyped_scenario_is_offered_the_nearest(near):
    done = run("status", near)
    assert done.exit_code == 2
    assert f"did you mean {SHIPPED}?" in done.stderr


@pytest.mark.parametrize("command", ["status", "check", "report", "start"])
def test_nothing_of_that_name_is_said_by_every_command(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(command, "nowhere")
    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "nowhere" in done.stderr
    assert list(tmp_path.iterdir()) == []
