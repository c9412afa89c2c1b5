"""What each column is taken for, and the reason that is given."""

from __future__ import annotations

import pandas as pd
import pytest

from workshop.data.guess import Named, guess_columns
from workshop.data.tables import file_table

ROWS = 60


def frame(**columns: list) -> pd.DataFrame:
    made = {
        "amount": [i % 7 for i in range(ROWS)],
        "good": [i % 2 for i in range(ROWS)],
    }
    return pd.DataFrame(made | columns)


def guessed(folder, table: pd.DataFrame, **named: object):
    table.to_parquet(folder / "t.parquet")
    guesses, key, rows = guess_columns(
        file_table(folder / "t.parquet"), Named(label="good", **named)
    )
    assert rows == len(table)
    return {g.name: g for g in guesses}, key


def each(make) -> list:
    return [make(i) for i in range(ROWS)]


COLUMNS = {
    "email": (each(lambda i: f"a{i}@shop.org"), "id", "personal_name email"),
    "contact": (each(lambda i: f"a{i}@shop.org"), "id", "personal_value email"),
    "reach": (each(lambda i: f"+44 20 7946 {i:04}"), "id", "personal_value phone"),
    "Last Name": (each(lambda i: "Smith"), "id", "personal_name name"),
    "dateOfBirth": (
        list(pd.date_range("1970-01-01", periods=ROWS)),
        "id",
        "personal_name birth",
    ),
    "host": (each(lambda i: f"10.0.0.{i}"), "id", "personal_value ip"),
    "comment": (
        each(lambda i: f"the parcel number {i} came late and open"),
        "feature",
        "free_text",
    ),
    "hash": (each(lambda i: f"{i:08x}f"), "id", "all_different"),
    "customer_id": (each(lambda i: i // 3), "id", "id_name"),
    "resolved_on": (
        list(pd.date_range("2024-01-01", periods=ROWS)),
        "leak",
        "afterwards_name",
    ),
    "seen": (list(pd.date_range("2024-01-01", periods=ROWS)), "feature", "moment"),
    "version": (each(lambda i: "v1"), "feature", "constant"),
    "void": ([None] * ROWS, "feature", "empty"),
    "shop": (each(lambda i: f"s{i % 4}"), "feature", "few"),
    "weight": (each(lambda i: i / 7), "feature", "various"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_the_part_of_a_column_and_why(name, tmp_path):
    values, role, reason = COLUMNS[name]
    guesses, _ = guessed(tmp_path, frame(**{name: values}))
    found = guesses[name]
    said = " ".join([found.reason, *filter(None, [found.given.get("what")])])
    assert (found.role, said) == (role, reason)
    assert guesses["good"].reason == "named_label"


def test_what_is_missing_exactly_with_the_label_is_known_only_with_it(tmp_path):
    table = frame(verdict=[i % 5 for i in range(ROWS)]).astype("float")
    table.loc[:9, ["good", "verdict"]] = None
    table.loc[0, "amount"] = None
    guesses, _ = guessed(tmp_path, table)
    assert guesses["verdict"].reason == "missing_with_label"
    assert guesses["amount"].role == "feature"


@pytest.mark.parametrize(
    ("column", "values", "found"),
    [
        ("order_id", each(lambda i: f"o{i}"), True),
        ("orderId", each(lambda i: i), True),
        ("id", each(lambda i: i // 2), False),
        ("id", each(lambda i: i if i else None), False),
        ("price", each(lambda i: i), False),
        ("invoice_no", each(lambda i: f"INV-{i}"), True),
        ("orderNumber", each(lambda i: i * 3), True),
        ("phone_no", each(lambda i: 4420000 + i), False),
        ("casino", each(lambda i: f"{i}"), False),
    ],
)
def test_a_key_is_named_like_one_complete_and_different(
    column, values, found, tmp_path
):
    table = frame(**{column: values})
    assert guessed(tmp_path, table)[1] == (column if found else None)


def test_a_saved_index_is_a_key_and_a_number_that_counts_nothing_is_none(tmp_path):
    table = frame()
    table.insert(0, "column_1", range(ROWS))
    assert guessed(tmp_path, table)[1] == "column_1"
    table["column_1"] = table["column_1"] * 2
    assert guessed(tmp_path, table)[1] is None


def test_the_one_column_of_dates_is_the_time_where_its_name_says_when(tmp_path):
    days = list(pd.date_range("2024-01-01", periods=ROWS))
    guesses, _ = guessed(tmp_path, frame(created_at=days))
    assert (guesses["created_at"].role, guesses["created_at"].reason) == (
        "time",
        "found_time",
    )
    two, _ = guessed(tmp_path, frame(created_at=days, paid_at=days))
    assert {two["created_at"].role, two["paid_at"].role} == {"feature"}


def test_what_a_person_names_goes_before_every_guess(tmp_path):
    table = frame(email=each(lambda i: f"a{i % 9}@shop.org"), p=each(lambda i: i / 60))
    guesses, _ = guessed(tmp_path, table, groups=("email",), scores=("p",))
    assert guesses["email"].role == "group"
    assert guesses["p"].role == "score"
