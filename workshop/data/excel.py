"""One sheet of an Excel file, as the text of a table."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workshop.data.mishaps import not_of_kind
from workshop.errors import InputError


def sheet_as_csv(path: Path, copy: Path, sheet: str | None) -> tuple[str, list[str]]:
    """Write a sheet (the first where none is named) as CSV.

    Returns the sheet's title and its header. Formulas count by the value that was
    saved with them; rows without a value are left out.

    Raises
    ------
    InputError
        When the file is no Excel file, has no such sheet, or the sheet is empty.
    """
    import openpyxl

    try:
        with warnings.catch_warnings():
            # about styles and links, which are of no concern here
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                chosen = _chosen(book, path, sheet)
                return chosen.title, _write(chosen, copy, path)
            finally:
                book.close()
    except InputError:
        raise
    except Exception as error:
        # openpyxl raises whatever it trips over in a damaged file
        raise InputError(f"{path.name}: {not_of_kind('Excel')}") from error


def _chosen(book: Any, path: Path, sheet: str | None) -> Any:
    if sheet is None:
        return book.worksheets[0]
    if sheet not in book.sheetnames:
        raise InputError(
            f"{path.name}: there is no sheet {sheet!r}; there are: "
            f"{', '.join(book.sheetnames[:12])}."
        )
    return book[sheet]


def _write(sheet: Any, copy: Path, path: Path) -> list[str]:
    rows = _rows(sheet, path)
    header = next(rows, None)
    if header is None:
        raise InputError(f"{path.name}: the sheet {sheet.title!r} is empty.")
    with copy.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    return header


def _rows(sheet: Any, path: Path) -> Iterator[list[str]]:
    """Rows that hold something, cut to the header's last name."""
    width = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_cell(value) for value in row]
        if not any(cells):
            continue
        width = width or max(i for i, cell in enumerate(cells, 1) if cell)
        if any(cells[width:]):
            raise InputError(
                f"{path.name}: row {number} holds something to the right of the last "
                "column's name; name that column or clear the cell."
            )
        yield (cells + [""] * width)[:width]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)
