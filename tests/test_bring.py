"""A table of one's own becomes a scenario that every command can open."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from tests.helpers import HOSTILE
from workshop.bring import ranges
from workshop.cli import main
from workshop.data.card import load_card
from workshop.data.scenario import Stated, load_scenario
from workshop.data.source import load_data, scored_rows
from workshop.data.tables import fetched, open_table

ROWS = 240


def orders(**columns: object) -> pd.DataFrame:
    """Return orders of which the dear ones come back, with two models' scores."""
    rng = np.random.default_rng(4)
    amount = rng.gamma(2, 30, ROWS).round(2)
    chance = 1 / (1 + np.exp(-(amount - 60) / 20))
    made = {
        "order_id": [f"o{i:03}" for i in range(ROWS)],
        "placed_at": pd.date_range("2025-01-01", periods=ROWS, freq="D").astype(str),
        "amount": amount,
        "region": rng.choice(["north", "south"], ROWS),
        "email": [f"a{i}@shop.org" for i in range(ROWS)],
        "refunded": np.where(rng.random(ROWS) < chance, "yes", "no"),
        "simple": chance.round(3),
        "new model": np.clip(chance + rng.normal(0, 0.1, ROWS), 0, 1).round(3),
    }
    return pd.DataFrame(made | columns)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def new(folder: Path, frame: pd.DataFrame, *options: object) -> Result:
    frame.to_csv(folder / "orders.csv", index=False)
    return run("new", folder / "own", "--data", folder / "orders.csv", *options)


def opened(folder: Path):
    """Read a scenario as every command does."""
    scenario = load_scenario(folder)
    load_card(folder)
    data = load_data(scenario)
    return (
        scenario,
        data,
        {r.id: scored_rows(scenario, r.id, data) for r in scenario.runs},
    )


SCORES = ("--label", "refunded", "--score", "simple", "--score", "new model")


# --- with scores ---------------------------------------------------------------------


def test_each_score_column_becomes_an_option(tmp_path):
    done = new(tmp_path, orders(), *SCORES, "--time", "placed_at", "--group", "region")
    assert done.exit_code == 0, done.output
    scenario, data, runs = opened(tmp_path / "own")
    assert list(runs) == ["simple", "new-model"]
    assert [r.title for r in scenario.runs] == ["simple", "new model"]
    assert all(len(rows) == ROWS for rows in runs.values())
    assert (scenario.key, scenario.time, scenario.groups) == (
        "order_id",
        "placed_at",
        ("region",),
    )
    assert len(data) == fetched(open_table(scenario)).num_rows == ROWS
    assert scenario.decision.per_week == 7
    assert len(scenario.cases) == 6
    labels = dict(zip(runs["simple"].keys, runs["simple"].labels, strict=True))
    assert sum(labels[case] for case in scenario.cases) == 3
    first_half = sorted(data["placed_at"])[: ROWS // 2]
    days = data.set_index("order_id")["placed_at"]
    assert all(days[case] in first_half for case in scenario.cases)


def test_what_was_guessed_is_told_with_the_reason(tmp_path):
    done = new(tmp_path, orders(), *SCORES)
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line}
    assert "different in every row and named like an id" in lines["order_id"]
    assert "personal: the name says e-mail" in lines["email"]
    assert "named with --label" in lines["refunded"]
    assert "yes is taken as positive" in done.stdout
    assert f"workshop report {tmp_path / 'own'}" in done.stdout


def test_the_card_leaves_to_people_what_only_they_know(tmp_path):
    new(tmp_path, orders(), *SCORES)
    card = load_card(tmp_path / "own")
    assert card.licenses == card.sources == ()
    assert all(c.inferred and c.description == "" for c in card.schema_.fields)
    assert card.column("email").role == "id"
    text = (tmp_path / "own" / "scenario.yaml").read_text("utf-8")
    assert "# labelling: {minutes_per_label: 3" in text
    assert text.count("# ") > 15


def test_a_case_shows_nothing_that_names_a_person(tmp_path):
    new(tmp_path, orders(), *SCORES)
    assert load_scenario(tmp_path / "own").shows == ("amount", "region")


def test_rows_without_a_label_or_a_score_stay_out_of_the_curves(tmp_path):
    frame = orders().astype(object)
    frame.loc[:9, "refunded"] = None
    frame.loc[5:19, "simple"] = None
    done = new(tmp_path, frame, *SCORES)
    assert "refunded is missing in 10 rows" in done.stdout
    assert "simple is missing in 10 rows" in done.stdout
    _, data, runs = opened(tmp_path / "own")
    assert (len(data), len(runs["simple"]), len(runs["new-model"])) == (240, 220, 230)


def test_without_an_id_rows_are_numbered_as_they_stand_in_the_file(tmp_path):
    done = new(tmp_path, orders().drop(columns="order_id"), *SCORES)
    assert "rows are numbered" in done.stdout
    scenario, data, _ = opened(tmp_path / "own")
    assert scenario.key == "row"
    assert data["row"].tolist() == list(range(1, ROWS + 1))
    assert data["amount"].tolist() == orders()["amount"].tolist()


def test_scores_of_the_last_months_alone_get_a_cut_of_their_own(tmp_path):
    frame = orders().astype(object)
    frame.loc[:199, ["simple"]] = None
    new(tmp_path, frame, *SCORES[:4], "--time", "placed_at")
    scenario, *_ = opened(tmp_path / "own")
    assert scenario.split == "2025-08-09"


@pytest.mark.parametrize("name", ["option", "score", "row", "run_of"])
def test_a_key_may_be_called_anything(name, tmp_path):
    frame = orders().rename(columns={"order_id": name})
    done = new(tmp_path, frame, *SCORES, "--key", name)
    assert done.exit_code == 0, done.output
    assert len(opened(tmp_path / "own")[2]["simple"]) == ROWS


def test_hostile_names_and_values_are_only_text(tmp_path):
    strange = f'"; DROP TABLE x; -- {HOSTILE} #: [] &a *b !!c'
    frame = orders().rename(columns={"refunded": strange, "region": f"{strange}2"})
    frame[strange] = np.where(frame[strange] == "yes", HOSTILE, "no: #'\"")
    done = new(
        tmp_path,
        frame,
        *("--label", strange, "--positive", HOSTILE, "--score", "simple"),
        *("--group", f"{strange}2"),
    )
    assert done.exit_code == 0, done.output
    scenario, _, runs = opened(tmp_path / "own")
    assert (scenario.label.column, scenario.label.positive) == (strange, HOSTILE)
    assert scenario.groups == (f"{strange}2",)
    assert 0 < runs["simple"].labels.sum() < ROWS


# --- without scores ------------------------------------------------------------------


def test_an_honest_baseline_is_trained_and_never_fed_a_person(tmp_path):
    done = new(tmp_path, orders(), "--label", "refunded", "--time", "placed_at")
    assert done.exit_code == 0, done.output
    scenario, _, runs = opened(tmp_path / "own")
    assert scenario.proposed == "baseline"
    assert 0 < len(runs["baseline"]) < ROWS, "the later rows alone"
    assert scenario.split > "2025-05"
    assert "of 100 pairs" in done.stdout


def test_too_few_rows_for_a_baseline_still_make_a_scenario(tmp_path):
    frame = orders().drop(columns=["simple", "new model"]).head(12)
    done = new(tmp_path, frame, "--label", "refunded")
    assert done.exit_code == 0, done.output
    assert "No baseline could be trained" in done.stdout
    assert load_scenario(tmp_path / "own").runs == ()


def test_a_table_without_a_label_is_brought_too(tmp_path):
    done = new(tmp_path, orders().drop(columns="refunded"))
    assert done.exit_code == 0, done.output
    scenario, data, runs = opened(tmp_path / "own")
    assert (scenario.label, runs, len(data)) == (None, {}, ROWS)


def test_one_class_against_the_rest(tmp_path):
    frame = orders(refunded=[f"class {i % 40}" for i in range(ROWS)])
    without = new(tmp_path, frame, *SCORES)
    assert without.exit_code == 2
    assert "has 40 values" in without.stderr
    assert "--positive VALUE" in without.stderr
    done = new(tmp_path, frame, *SCORES, "--positive", "class 7")
    assert "39 other values" in done.stdout
    assert opened(tmp_path / "own")[2]["simple"].labels.sum() == 6


@pytest.mark.parametrize(
    ("values", "asked", "positive"),
    [
        ([0, 1], None, 1),
        ([True, False], None, True),
        ([True, False], "true", True),
        ([1.0, 0.0], "1", 1),
        (["bad", "bad", "worse"], None, "worse"),
        (["a", "B"], "b", "B"),
    ],
)
def test_which_value_counts_as_positive(values, asked, positive, tmp_path):
    frame = orders(refunded=[values[i % len(values)] for i in range(ROWS)])
    done = new(tmp_path, frame, *SCORES, *(("--positive", asked) if asked else ()))
    assert done.exit_code == 0, done.output
    assert opened(tmp_path / "own")[0].label.positive == positive


# --- judged answers, and rates before any data ---------------------------------------


def answers(**more: object) -> list[dict[str, object]]:
    rng = np.random.default_rng(2)
    return [
        {
            "question_id": f"q{i:03}",
            "model": model,
            "grounded": bool(rng.random() < (c := float(rng.random()))),
            "confidence": c,
            "latency_ms": 5.0,
            "cost": 0.5,
            "topic": "ab"[i % 2],
        }
        | more
        for i in range(60)
        for model in ("small", "large one")
    ]


@pytest.mark.parametrize("ending", ["jsonl", "parquet", "csv"])
def test_judged_answers_are_known_by_their_usual_names(ending, tmp_path):
    path = tmp_path / f"answers.{ending}"
    if ending == "jsonl":
        path.write_text("\n".join(map(json.dumps, answers())), "utf-8")
    elif ending == "csv":
        pd.DataFrame(answers()).to_csv(path, index=False)
    else:
        pd.DataFrame(answers()).to_parquet(path)
    done = run("new", tmp_path / "own", "--runs", path)
    assert done.exit_code == 0, done.output
    scenario, data, runs = opened(tmp_path / "own")
    assert list(runs) == ["small", "large-one"]
    assert len(data) == len(runs["small"]) == 60
    assert (scenario.key, scenario.groups) == ("question_id", ("topic",))
    assert scenario.runs[0].cost == 0.5
    assert runs["small"].latency_ms.max() == 5


def test_judged_answers_without_a_confidence_are_asked_for_one(tmp_path):
    lines = [{k: v for k, v in a.items() if k != "confidence"} for a in answers()]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = run("new", tmp_path / "own", "--runs", tmp_path / "a.jsonl")
    assert done.exit_code == 2
    assert "--score" in done.stderr


def test_one_answer_twice_under_one_option_is_refused(tmp_path):
    lines = [{k: v for k, v in a.items() if k != "model"} for a in answers()]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = run("new", tmp_path / "own", "--runs", tmp_path / "a.jsonl")
    assert done.exit_code == 2
    assert "stands more than once" in done.stderr
    assert not (tmp_path / "own").exists()


def test_before_there_is_data_rates_are_stated_as_ranges(tmp_path):
    done = run(
        *("new", tmp_path / "own", "--positive-rate", "5-20%"),
        *("--precision", "0.3-0.6", "--recall", "0.5 to 0.9"),
    )
    assert done.exit_code == 0, done.output
    scenario = load_scenario(tmp_path / "own")
    assert scenario.stated == Stated(
        positive_rate=(0.05, 0.2), precision=(0.3, 0.6), recall=(0.5, 0.9)
    )
    assert (scenario.data, scenario.runs) == ("", ())


@pytest.mark.parametrize("text", ["5", "0.9-0.1", "10-200%", "a-b", "1.2.3-4"])
def test_a_range_goes_from_low_to_high_within_nought_and_one(text):
    with pytest.raises(Exception, match="range"):
        ranges(recall=text)


# --- addresses -----------------------------------------------------------------------


@pytest.mark.engine
def test_a_table_behind_an_address_stays_where_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = orders()
    with duckdb.connect("shop.duckdb") as con:
        con.register("frame", frame)
        con.execute("CREATE TABLE orders AS SELECT * FROM frame")
    for data in ("duckdb://shop.duckdb", "shop.duckdb"):
        done = run("new", "own", "--data", data, *SCORES, "--force")
        assert done.exit_code == 0, done.output
        scenario, found, runs = opened(Path("own"))
        assert (scenario.data, scenario.table) == ("duckdb://../shop.duckdb", "orders")
        assert len(runs["simple"]) == len(found) == ROWS
        assert not Path("own/data.parquet").exists()


@pytest.mark.engine
def test_decisions_a_week_are_those_of_all_rows_scored_or_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = orders(placed_at=pd.date_range("2025-01-01", periods=ROWS, freq="D"))
    frame["simple"] = frame["simple"].where(frame.index % 4 == 0)
    with duckdb.connect("shop.duckdb") as con:
        con.register("frame", frame)
        con.execute("CREATE TABLE orders AS SELECT * FROM frame")
    scored = ("--label", "refunded", "--score", "simple", "--time", "placed_at")
    done = run("new", "own", "--data", "shop.duckdb", *scored)
    assert done.exit_code == 0, done.output
    assert load_scenario(Path("own")).decision.per_week == 7


@pytest.mark.engine
def test_a_table_behind_an_address_needs_a_key(tmp_path):
    frame = orders().drop(columns="order_id")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as con:
        con.register("frame", frame)
        con.execute("CREATE TABLE orders AS SELECT * FROM frame")
    done = run("new", tmp_path / "own", "--data", tmp_path / "shop.duckdb", *SCORES)
    assert done.exit_code == 2
    assert "name one with --key" in done.stderr


# --- what is wrong with the asking ---------------------------------------------------

WRONG: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "nothing at all": ((), ("--data", "--runs", "--positive-rate")),
    "no such file": (("--data", "gone.csv"), ("gone.csv", "no such file")),
    "the net": (("--data", "https://example.org/a.csv"), ("download it",)),
    "a mistyped column": (
        ("--data", "orders.csv", "--label", "Refundet"),
        ("'Refundet'", "--label", "did you mean 'refunded'?"),
    ),
    "two parts for one": (
        ("--data", "orders.csv", "--label", "refunded", "--group", "refunded"),
        ("'refunded'", "--label", "--group"),
    ),
    "a positive value that does not occur": (
        ("--data", "orders.csv", "--label", "refunded", "--positive", "yess"),
        ("never 'yess'", "did you mean 'yes'?"),
    ),
    "a positive value without a label": (
        ("--data", "orders.csv", "--positive", "yes"),
        ("add --label",),
    ),
    "a score of text": (
        ("--data", "orders.csv", "--label", "refunded", "--score", "region"),
        ("'region'", "scores are numbers"),
    ),
    "a label of one value": (
        ("--data", "orders.csv", "--label", "always"),
        ("'always'", "needs two values"),
    ),
    "an empty label": (("--data", "orders.csv", "--label", "void"), ("is empty",)),
    "a time that is none": (
        ("--data", "orders.csv", "--label", "refunded", "--time", "region"),
        ("'region'", "2024-01-31"),
    ),
    "day or month": (
        ("--data", "orders.csv", "--label", "refunded", "--time", "slashed"),
        ("'slashed'", "day or the month"),
    ),
    "a key that repeats": (
        (*("--data", "orders.csv", *SCORES, "--key", "region"),),
        ("stands more than once",),
    ),
    "a key with holes": (
        ("--data", "orders.csv", "--label", "refunded", "--key", "holes"),
        ("'holes' is missing in 1 rows",),
    ),
    "a sheet of a CSV": (
        ("--data", "orders.csv", "--table", "one"),
        ("no Excel file",),
    ),
    "rates and data": (
        ("--data", "orders.csv", "--recall", "0.1-0.2"),
        ("stated rates",),
    ),
    "both ways in": (("--data", "orders.csv", "--runs", "orders.csv"), ("--score",)),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_left_behind(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    days = [f"0{1 + i % 9}/03/2024" for i in range(ROWS)]
    holes = [None, *range(1, ROWS)]
    frame = orders(always="x", void=None, slashed=days, holes=holes)
    frame.to_csv("orders.csv", index=False)
    arguments, named = WRONG[name]
    done = run("new", "own", *arguments)
    assert done.exit_code == 2, done.output
    said = done.stderr.strip().splitlines()
    assert said[-1].startswith("workshop: ")
    assert "Traceback" not in done.stderr
    for words in named:
        assert words in said[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_nothing_is_overwritten_without_being_asked(tmp_path):
    assert new(tmp_path, orders(), *SCORES).exit_code == 0
    own = tmp_path / "own"
    (own / "record.yaml").write_text("ours\n", "utf-8")
    before = {p.name: p.read_bytes() for p in own.iterdir()}
    refused = new(tmp_path, orders(), *SCORES)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert {p.name: p.read_bytes() for p in own.iterdir()} == before
    failed = new(tmp_path, orders(), *SCORES, "--time", "region", "--force")
    assert failed.exit_code == 2
    assert {p.name: p.read_bytes() for p in own.iterdir()} == before
    done = new(tmp_path, orders().head(200), *SCORES, "--force")
    assert done.exit_code == 0, done.output
    assert len(opened(own)[1]) == 200
    assert (own / "record.yaml").read_text("utf-8") == "ours\n"


def test_three_ways_of_writing_a_date_are_left_for_the_check(tmp_path):
    days = ["2024-03-05", "25/03/2024", "03/25/2024", "05/03/2024"]
    frame = orders(placed_at=[days[i % 4] for i in range(ROWS)])
    done = new(tmp_path, frame, *SCORES, "--time", "placed_at")
    assert done.exit_code == 0, done.output
    assert "60 of 240 values are no date that means one day only" in done.stdout
    scenario, data, _ = opened(tmp_path / "own")
    assert scenario.time is None
    assert set(data["placed_at"]) == set(days)


def test_a_time_in_the_future_passes_for_a_check_to_find(tmp_path):
    days = pd.date_range("2090-01-01", periods=ROWS).astype(str)
    done = new(tmp_path, orders(placed_at=days), *SCORES, "--time", "placed_at")
    assert done.exit_code == 0, done.output
    assert opened(tmp_path / "own")[1]["placed_at"].max().year == 2090


def test_a_group_column_of_a_hundred_thousand_values_is_brought(tmp_path):
    rows = 100_000
    frame = pd.DataFrame(
        {
            "who": [f"w{i}" for i in range(rows)],
            "good": [i % 2 for i in range(rows)],
            "p": [i / rows for i in range(rows)],
        }
    )
    frame.to_parquet(tmp_path / "t.parquet")
    done = run(
        *("new", tmp_path / "own", "--data", tmp_path / "t.parquet"),
        *("--label", "good", "--score", "p", "--group", "who"),
    )
    assert done.exit_code == 0, done.output
    assert load_scenario(tmp_path / "own").groups == ("who",)


def test_a_file_address_names_a_file(tmp_path):
    orders().to_excel(tmp_path / "my orders.xlsx", index=False)
    address = (tmp_path / "my orders.xlsx").as_uri()
    done = run("new", tmp_path / "own", "--data", address, *SCORES)
    assert done.exit_code == 0, done.output
    assert len(opened(tmp_path / "own")[1]) == ROWS


def test_a_time_of_one_moment_splits_nothing_and_is_told(tmp_path):
    frame = orders(placed_at="2025-01-01")
    done = new(tmp_path, frame, "--label", "refunded", "--time", "placed_at")
    assert done.exit_code == 0, done.output
    assert "placed_at holds one moment only" in done.output
    assert load_scenario(tmp_path / "own").time is None


def test_why_no_baseline_was_trained_is_a_sentence_of_its_own(tmp_path):
    frame = orders()[["order_id", "refunded"]]
    done = new(tmp_path, frame, "--label", "refunded")
    assert "No baseline could be trained, so there is no curve yet" in done.output
    assert ".)," not in done.output
