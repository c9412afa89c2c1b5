from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from workshop.analysis.baseline.inputs import MOST_COLUMNS, MOST_VALUES, read_inputs

N = 400
RNG = np.random.default_rng(0)
SENTENCES = [f"a caller number {i} said that all went well" for i in range(N)]
DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(N)]


def read(roles=None, never=(), apart=None, **columns):
    return read_inputs(
        pd.DataFrame(columns), roles=roles or {}, never=never, apart=apart or {}
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([7] * N, "constant"),
        (["x"] * N, "constant"),
        ([None] * N, "empty"),
        ([np.inf] * N, "constant"),
        (SENTENCES, "free_text"),
        ([f"C{i:05}" for i in range(N)], "all_different"),
        ([[1, 2]] * N, "unreadable"),
    ],
)
def test_what_cannot_be_learnt_from_is_left_out_with_its_reason(values, why):
    assert read(x=values).left_out == {"x": why}


@pytest.mark.parametrize("role", ["id", "label", "score", "annotator", "leak", "time"])
def test_a_role_that_is_no_feature_is_never_fed(role):
    found = read({"x": role}, x=RNG.normal(size=N), y=RNG.normal(size=N))
    assert found.used == ("y",)
    assert found.left_out == {"x": role}


def test_personal_columns_and_those_of_another_part_are_never_fed():
    found = read(never=["age"], apart={"who": "cluster"}, age=range(N), who=range(N))
    assert found.left_out == {"age": "personal", "who": "cluster"}
    assert found.used == ()


def test_a_group_is_a_feature():
    assert read({"x": "group"}, x=["a", "b"] * (N // 2)).used == ("x",)


@pytest.mark.parametrize(
    ("values", "coded"),
    [
        (RNG.normal(size=N), False),
        ([Decimal(i) for i in range(N)], False),
        ([True, False, None, True] * (N // 4), False),
        (["1", "2.5", "-3", None] * (N // 4), False),
        (pd.array([1, 2, None, 4] * (N // 4), dtype="Int16"), False),
        (pd.to_timedelta(np.arange(N), unit="s"), False),
        (["red", "blue", None, "1"] * (N // 4), True),
        (pd.Categorical([1, 2, 1, 2] * (N // 4)), False),
        (pd.Categorical(["a", "b"] * (N // 2)), True),
    ],
)
def test_each_kind_of_value_is_one_part(values, coded):
    found = read(x=values)
    assert found.values.shape == (N, 1)
    assert found.categorical.tolist() == [coded]
    assert (np.isnan(found.values[:, 0]) == pd.isna(pd.Series(values))).all()


def test_rare_values_share_one_code_that_fits_a_histogram():
    text = [f"v{i % 20}" for i in range(4000)] + [f"rare{i}" for i in range(1000)]
    codes = read(x=text).values[:, 0]
    assert codes.max() == MOST_VALUES < 255
    assert (codes == MOST_VALUES).sum() == 1000 - (MOST_VALUES - 20)


@pytest.mark.parametrize("values", [DAYS, pd.to_datetime(pd.Series(DAYS))])
def test_a_time_becomes_month_and_weekday_but_never_the_moment(values):
    found = read(x=values)
    assert found.values.max() == 12
    assert found.values.shape == (N, 2)  # an hour that is always 0 is dropped
    assert found.used == ("x",)


def test_of_very_many_columns_the_fullest_are_kept():
    values = RNG.normal(size=(50, MOST_COLUMNS + 20))
    values[0, :20] = np.nan
    frame = pd.DataFrame(values).rename(columns=str)
    found = read_inputs(frame, roles={}, never=(), apart={})
    assert len(found.used) == MOST_COLUMNS
    assert found.left_out == {str(i): "too_many" for i in range(20)}


def test_two_columns_of_one_name_are_left_out():
    frame = pd.DataFrame(RNG.normal(size=(50, 3)), columns=["a", "a", "b"])
    found = read_inputs(frame, roles={}, never=(), apart={})
    assert found.left_out == {"a": "named_twice"}
