"""Any usual way to write a table gives the same table, and what is broken is said."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from workshop.data import mishaps, reading
from workshop.data.dialect import MOST_COLUMNS
from workshop.data.reading import TableFile, engine, open_file, threads
from workshop.errors import InputError

TEXT = (
    "id,amount,when,ok,zip,note\n"
    "1,1.5,2024-01-05,true,01234,NA\n"
    '2,,2024-01-06,false,12345,"a, b"\n'
    "3,2,2024-02-01,true,00001,\n"
)
FRAME = pd.DataFrame(
    {
        "id": [1, 2, 3],
        "amount": [1.5, None, 2.0],
        "when": pd.to_datetime(["2024-01-05", "2024-01-06", "2024-02-01"]),
        "ok": [True, False, True],
        "zip": ["01234", "12345", "00001"],
        "note": ["NA", "a, b", None],
    }
)


def zipped(data: bytes, *names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, data)
    return packed.getvalue()


def zstd(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)


def read(path: Path, **how: object) -> tuple[pd.DataFrame, TableFile]:
    with engine() as con:
        file = open_file(path, con, **how)
        return con.sql(file.select).to_arrow_table().to_pandas(), file


def from_bytes(folder: Path, name: str, data: bytes | str, **how: object):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read(path, **how)


def types(file: TableFile) -> dict[str, str]:
    return {column.name: column.type for column in file.columns}


def separated(sign: str) -> bytes:
    bare = TEXT.replace('"a, b"', "a# b")
    return bare.replace(",", sign).replace("#", ",").encode()


# --- the same table, however it is written -------------------------------------------

PLAIN = TEXT.encode()
WAYS: dict[str, tuple[str, bytes]] = {
    "plain": ("t.csv", PLAIN),
    "byte order mark": ("t.csv", TEXT.encode("utf-8-sig")),
    "UTF-16": ("t.csv", TEXT.encode("utf-16")),
    "UTF-16 without a mark": ("t.csv", TEXT.encode("utf-16-le")),
    "semicolons": ("t.csv", separated(";")),
    "tabs": ("t.tsv", separated("\t")),
    "bars": ("t.txt", separated("|")),
    "Windows line ends": ("t.csv", TEXT.replace("\n", "\r\n").encode()),
    "mixed line ends": ("t.csv", TEXT.replace("\n", "\r\n", 2).encode()),
    "old Mac line ends": ("t.csv", TEXT.replace("\n", "\r").encode()),
    "gzip": ("t.csv.gz", gzip.compress(PLAIN)),
    "bzip2": ("t.csv.bz2", bz2.compress(PLAIN)),
    "xz": ("t.csv.xz", lzma.compress(PLAIN)),
    "zstd": ("t.csv.zst", zstd(PLAIN)),
    "zip": ("t.zip", zipped(PLAIN, "t.csv")),
    "zip from a Mac": ("t.zip", zipped(PLAIN, "t.csv", "__MACOSX/._t.csv")),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_csv_is_the_same_table_however_it_is_written(way, tmp_path):
    name, data = WAYS[way]
    found, _ = from_bytes(tmp_path, name, data)
    assert_frame_equal(found, FRAME, check_dtype=False)


def test_latin_letters_come_through(tmp_path):
    found, file = from_bytes(tmp_path, "t.csv", "a;b\nCafé;Größe\n".encode("latin-1"))
    assert found.iloc[0].tolist() == ["Café", "Größe"]
    assert file.how == ("CSV", "Windows-1252", "semicolon")


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    "t.parquet": lambda frame, path: frame.to_parquet(path),
    "t.feather": lambda frame, path: frame.to_feather(path),
    "t.xlsx": lambda frame, path: frame.to_excel(path, index=False),
    "t.jsonl": lambda frame, path: frame.to_json(
        path, orient="records", lines=True, date_format="iso"
    ),
    "t.json": lambda frame, path: frame.to_json(
        path, orient="records", date_format="iso"
    ),
}


@pytest.mark.filterwarnings("ignore:.*'epoch' date format")
@pytest.mark.parametrize("name", WRITERS)
def test_other_kinds_of_file_are_the_same_table(name, tmp_path):
    WRITERS[name](FRAME, tmp_path / name)
    found, _ = read(tmp_path / name)
    assert_frame_equal(found, FRAME, check_dtype=False)


def test_json_lines_may_lack_a_name_and_hold_more(tmp_path):
    lines = [{"a": 1, "deep": {"x": [1]}}, {"a": 2, 'b/~ "c': "late"}]
    text = "\n".join(map(json.dumps, lines))
    found, _ = from_bytes(tmp_path, "t.ndjson", text)
    assert list(found.columns) == ["a", "deep", 'b/~ "c']
    assert found["deep"][0] == '{"x":[1]}'
    assert found['b/~ "c'][1] == "late"


def test_a_named_sheet_is_read_and_the_first_otherwise(tmp_path):
    with pd.ExcelWriter(tmp_path / "t.xlsx") as book:
        FRAME.to_excel(book, sheet_name="one", index=False)
        FRAME.head(1).to_excel(book, sheet_name="two", index=False)
    assert len(read(tmp_path / "t.xlsx")[0]) == 3
    assert len(read(tmp_path / "t.xlsx", sheet="two")[0]) == 1
    with pytest.raises(InputError, match="no sheet 'three'; there are: one, two"):
        read(tmp_path / "t.xlsx", sheet="three")


# --- what a column holds -------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["1", "-2", "+3"], "integer"),
        (["1", "2.5"], "number"),
        (["1e3", ".5", "7."], "number"),
        (["1", "inf"], "number"),
        (["true", "False"], "boolean"),
        (["2024-01-31", "2024-02-01T10:00:00Z"], "datetime"),
        (["007", "12"], "string"),
        (["12345678901234567890", "1"], "string"),
        (["2024-01-31", "2024-02-30"], "string"),
        (["2024-01-31", "31/01/2024", "Jan 31, 2024"], "string"),
        (["1", "two"], "string"),
        (["1_000", "2"], "string"),
        (["nan", "1"], "string"),
        (["yes", "no"], "string"),
        (["1", "-999", "unknown"], "string"),
    ],
)
def test_a_type_is_given_only_where_every_value_fits(cells, type_, tmp_path):
    rows = "".join(f'"{cell}",x\n' for cell in cells)
    found, file = from_bytes(tmp_path, "t.csv", f"a,b\n{rows}")
    assert types(file)["a"] == type_
    if type_ == "string":
        assert found["a"].tolist() == cells


def test_a_value_far_down_that_does_not_fit_is_not_overlooked(tmp_path):
    rows = "".join(f"{i},{i}.5,true\n" for i in range(5000)) + "x,2024,maybe\n"
    found, file = from_bytes(tmp_path, "t.csv", f"a,b,c\n{rows}")
    assert types(file) == {"a": "string", "b": "number", "c": "string"}
    assert found.iloc[-1].tolist() == ["x", 2024, "maybe"]


def test_words_for_missing_are_left_out_of_numbers_only_when_asked_and_few(tmp_path):
    text = "a,b\n" + "1.5,x\n" * 98 + "NA,y\nunknown,z\n"
    found, file = from_bytes(tmp_path, "t.csv", text, lenient=True)
    assert found["a"].isna().sum() == 2
    assert file.columns[0].words == (("NA", 1), ("unknown", 1))
    kept, plain = from_bytes(tmp_path, "t.csv", text)
    assert types(plain)["a"] == "string"
    assert kept["a"].tolist()[-2:] == ["NA", "unknown"]


@pytest.mark.parametrize("last", ["NA,y\n" * 6, "seven,y\n"])
def test_many_words_or_strange_ones_keep_a_column_as_it_is(last, tmp_path):
    _, file = from_bytes(tmp_path, "t.csv", "a,b\n" + "1,x\n" * 94 + last, lenient=True)
    assert types(file)["a"] == "string"


def test_a_decimal_comma_is_read_where_it_can_be_nothing_else(tmp_path):
    found, file = from_bytes(tmp_path, "t.csv", "a;b\n1.234,5;1,234\n-2,25;5,678\n")
    assert found["a"].tolist() == [1234.5, -2.25]
    assert file.columns[0].decimal_comma
    assert found["b"].tolist() == ["1,234", "5,678"], "thousands, or three decimals"


@given(
    st.lists(
        st.one_of(st.integers(-(10**18) + 1, 10**18 - 1), st.floats(allow_nan=False)),
        min_size=1,
        max_size=20,
    )
)
@settings(max_examples=25, deadline=None)
def test_no_number_is_changed_by_reading_it(numbers):
    kind = int if all(isinstance(n, int) for n in numbers) else float
    numbers = [kind(n) for n in numbers]
    with tempfile.TemporaryDirectory() as folder:
        text = "a,b\n" + "".join(f"{n!r},x\n" for n in numbers)
        found, _ = from_bytes(Path(folder), "t.csv", text)
    assert found["a"].tolist() == numbers


def test_the_index_that_a_program_saved_has_a_name_of_its_place(tmp_path):
    FRAME.to_csv(tmp_path / "t.csv")
    found, _ = read(tmp_path / "t.csv")
    assert found["column_1"].tolist() == [0, 1, 2]


def test_a_separator_at_each_end_makes_no_column(tmp_path):
    found, _ = from_bytes(tmp_path, "t.csv", "a,b,\n1,2,\n3,4,\n")
    assert list(found.columns) == ["a", "b"]


# --- times ---------------------------------------------------------------------------

DAY = "2024-03-05"


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["05/03/2024", "25/03/2024"], "31/01/2024"),
        (["03/05/2024", "03/25/2024"], "01/31/2024"),
        (["5.3.2024", "6.3.2024 10:30"], "31.01.2024"),
        (["2024/3/5", "2024/12/31"], "2024/01/31"),
        (["5 Mar 2024", "25 March 2024"], "31 Jan 2024"),
        (["Mar 5, 2024", "March 25 2024 3:04 PM"], "Jan 31, 2024"),
        (["20240305", "20241231"], "20240131"),
        (["5-3-2024 10:00:01", "31-3-2024"], "31/01/2024"),
        (["3/5/24", "3/25/24"], "01/02/24"),
    ],
)
def test_dates_are_read_where_they_mean_one_day(cells, shown, tmp_path):
    text = "t,b\n" + "".join(f'"{cell}",x\n' for cell in cells)
    found, file = from_bytes(tmp_path, "t.csv", text, times=["t"], lenient=True)
    assert types(file)["t"] == "datetime"
    assert str(found["t"][0])[:10] == DAY
    assert file.moments["t"].formats == (shown,)


def test_a_column_that_never_passes_the_twelfth_tells_nothing(tmp_path):
    found, file = from_bytes(
        tmp_path, "t.csv", "t,b\n05/03/2024,x\n06/03/2024,y\n", times=["t"]
    )
    assert types(file)["t"] == "string"
    assert file.moments["t"].ambiguous == 2
    assert found["t"][0] == "05/03/2024"


def test_three_ways_in_one_column_keep_their_text_and_are_counted(tmp_path):
    cells = ["2024-01-31", "31/01/2024", "01/31/2024", "05/03/2024", "soon"]
    text = "t,b\n" + "".join(f"{cell},x\n" for cell in cells)
    found, file = from_bytes(tmp_path, "t.csv", text, times=["t"])
    assert found["t"].tolist() == cells
    read_ = file.moments["t"]
    assert (read_.n, read_.unread) == (5, 2)
    assert set(read_.formats) == {"2024-01-31", "31/01/2024", "01/31/2024", "no date"}


def test_the_year_may_stand_first_in_two_digits_so_nothing_is_read(tmp_path):
    _, file = from_bytes(tmp_path, "t.csv", "t,b\n24/5/03,x\n25/5/03,y\n", times=["t"])
    assert types(file)["t"] == "string"


def test_seconds_since_1970_are_moments_only_where_a_person_says_so(tmp_path):
    text = "t,b\n1700000000,x\n1700000060,y\n"
    found, _ = from_bytes(tmp_path, "t.csv", text, times=["t"], lenient=True)
    assert found["t"][0] == pd.Timestamp("2023-11-14 22:13:20")
    plain, _ = from_bytes(tmp_path, "t.csv", text, times=["t"])
    assert plain["t"].tolist() == [1700000000, 1700000060]


# --- what is broken ------------------------------------------------------------------

PARQUET = io.BytesIO()
FRAME.to_parquet(PARQUET)
TWIN_BOOK = io.BytesIO()
_book = openpyxl.Workbook()
_book.active.append(["a", "b", "a"])
_book.active.append([1, 2, 3])
_book.save(TWIN_BOOK)

BROKEN: dict[str, tuple[str, bytes, str]] = {
    "empty": ("t.csv", b"", "empty"),
    "blank lines": ("t.csv", b"\n\n", "empty but for blank lines"),
    "header only": ("t.csv", b"a,b\n", "a header but no row"),
    "binary": ("t.csv", bytes(range(256)) * 20, "binary data"),
    "a web page": ("t.csv", b"<!DOCTYPE html><html>a,b</html>", "web page"),
    "letters of no kind": ("t.csv", b"a,b\n\x81\x8d,1\n", "not a CSV file"),
    "old Excel": ("t.xls", b"\xd0\xcf\x11\xe0" * 9, "save it as .xlsx"),
    "twice the name": ("t.csv", b"a,b,a\n1,2,3\n", "two columns are called 'a'"),
    "twice but for capitals": ("t.csv", b"a,b,A\n1,2,3\n", "'a' (and 'A')"),
    "twice in Excel": ("t.xlsx", TWIN_BOOK.getvalue(), "two columns are called 'a'"),
    "a cell too few": ("t.csv", b"a,b\n1,2\n3\n", "line 3 has 1 cells"),
    "a cell too many": ("t.csv", b"a,b\n1,2\n3,4,5\n", "line 3 has 3 cells"),
    "a quote that never closes": (
        "t.csv",
        b'a,b\n1,2\n3,"4\n' + b"5,6\n" * 9999,
        "a quote that opens on line 3 never closes",
    ),
    "a quote that another one closes": (
        "t.csv",
        b'a,b\n1,"2\n3,4\n5,"6"\n7,8\n',
        "a quote that opens on line 2 never closes",
    ),
    "gzip cut off": (
        "t.csv.gz",
        gzip.compress(np.random.default_rng(1).bytes(9000).hex().encode())[:4000],
        "the gzip file is cut off",
    ),
    "several in a zip": ("t.zip", zipped(PLAIN, "a.csv", "b.csv"), "holds 2 files"),
    "Parquet cut off": ("t.parquet", PARQUET.getvalue()[:-9], "not a Parquet file"),
    "no Parquet": ("t.parquet", PLAIN, "not a Parquet file"),
    "no Feather": ("t.feather", PLAIN, "not a Feather file"),
    "no Excel": ("t.xlsx", b"PK\x03\x04" + b"x" * 99, "not an Excel file"),
    "JSON cut off": ("t.jsonl", b'{"a":1}\n{"a":2,\n', "is cut off or is no JSON"),
    "JSON, its second line": (
        "t.jsonl",
        b'{"a":1}\n{"a" 2}\n{"a":3}\n',
        "line 2 is cut off or is no JSON",
    ),
    "JSON without names": ("t.jsonl", b'{"a":1}\n[1]\n', "record 2 is not an object"),
    "too many columns": (
        "t.csv",
        ",".join(f"c{i}" for i in range(MOST_COLUMNS + 1)).encode() + b"\n1\n",
        "more than the 20,000",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_said_in_one_sentence(name, tmp_path):
    file, data, words = BROKEN[name]
    with pytest.raises(InputError) as caught:
        from_bytes(tmp_path, file, data)
    said = str(caught.value)
    assert said.startswith(file)
    assert words in said
    assert "\n" not in said
    assert len(said) < 250


def test_a_mistyped_file_is_offered_the_nearest_that_is_there(tmp_path):
    (tmp_path / "invoices.csv").write_bytes(PLAIN)
    with pytest.raises(InputError, match=r"no such file; did you mean invoices.csv\?"):
        read(tmp_path / "invoces.csv")


def test_no_such_file_and_a_folder_are_said(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="this is a folder"):
        read(tmp_path)


def test_a_file_that_shrinks_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text(TEXT, "utf-8")
    stage = reading._stage

    def cut_off_then_stage(*arguments: object) -> None:
        path.write_text(TEXT[:60], "utf-8")
        stage(*arguments)

    monkeypatch.setattr(reading, "_stage", cut_off_then_stage)
    with pytest.raises(InputError, match="changed while it was read"):
        read(path)


def test_a_change_is_said_before_what_came_of_it(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(TEXT, "utf-8")

    def vanishes() -> None:
        with mishaps.unchanged(path):
            path.unlink()
            raise ValueError("what the engine says then")

    with pytest.raises(InputError, match="changed while it was read"):
        vanishes()


HOSTILE = [
    'say "hi"; DROP TABLE staged; --',
    "it's {braces} %s",
    "<script>",
    "c0",
    "rowid",
    "naïve 😀",
]


def test_hostile_names_and_values_are_text(tmp_path):
    frame = pd.DataFrame({name: [name, "x\ny"] for name in HOSTILE})
    frame.to_csv(tmp_path / "t.csv", index=False)
    found, _ = read(tmp_path / "t.csv")
    assert_frame_equal(found, frame, check_dtype=False)
    frame.to_parquet(tmp_path / "t.parquet")
    found, _ = read(tmp_path / "t.parquet")
    assert_frame_equal(found, frame, check_dtype=False)


@pytest.mark.slow
def test_five_thousand_columns_are_read(tmp_path):
    names = [f"c {i}" for i in range(5000)]
    text = ",".join(names) + "\n" + "\n".join(",".join(["1"] * 5000) for _ in range(3))
    found, file = from_bytes(tmp_path, "t.csv", text + "\n")
    assert found.shape == (3, 5000)
    assert set(types(file).values()) == {"integer"}


@pytest.mark.parametrize(
    ("asked", "held"), [("1", {"threads": "1"}), ("", {}), ("0", {}), ("many", {})]
)
def test_an_engine_is_held_to_so_many_threads(monkeypatch, tmp_path, asked, held):
    monkeypatch.setenv("WORKSHOP_THREADS", asked)
    assert threads() == held
    with engine(tmp_path) as con:
        (found,) = con.execute("SELECT current_setting('threads')").fetchone()
    assert not held or found == int(asked)
