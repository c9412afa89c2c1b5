"""When were the rows made: first and last, per period, unread, in the future?

Dates written as text (or as numbers such as 20240131) are read by their own rules, on
any engine: the parts are cut out and checked, so that one bad date stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from workshop.analysis.readiness.engines import ask, ask_one
from workshop.analysis.readiness.profile import Period, TimeProfile
from workshop.analysis.readiness.sheet import Field, Sheet

if TYPE_CHECKING:
    from ibis import Table, Value

Unit = Literal["day", "week", "month", "year"]
# The longest span, in days, that each unit is used for: at most about 180 periods.
LONGEST: tuple[tuple[float, Unit], ...] = ((92, "day"), (731, "week"), (5479, "month"))
TRUNCATED = {"day": "D", "week": "W", "month": "M", "year": "Y"}
MOST_PERIODS = 400

# What is so rare and so far from everything else is rather mistyped than lived: under
# one row of a thousand at either end (or three, where a table is small), further off
# than all others span, and than a month.
FAR_SHARE, FAR_ROWS, ROWS_FOR_ONE = 0.001, 3, 100
FAR_DAYS = timedelta(days=31)
LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59)

# A part that is not written is the first: of the year, of the month.
ABSENT = -1
# How dates are written: what it is called, its shape, where year, month, day start.
WRITTEN: tuple[tuple[str, str, tuple[int, int, int]], ...] = (
    ("2024-01-31", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?$", (0, 5, 8)),
    ("2024/01/31", r"^[0-9]{4}/[0-9]{2}/[0-9]{2}( .*)?$", (0, 5, 8)),
    ("20240131", r"^[0-9]{8}$", (0, 4, 6)),
    ("2024-01", r"^[0-9]{4}-[0-9]{2}$", (0, 5, ABSENT)),
    ("2024", r"^(1[0-9]|20)[0-9]{2}$", (0, ABSENT, ABSENT)),
    ("31.01.2024", r"^[0-9]{2}\.[0-9]{2}\.[0-9]{4}( .*)?$", (6, 3, 0)),
    ("31-01-2024", r"^[0-9]{2}-[0-9]{2}-[0-9]{4}( .*)?$", (6, 3, 0)),
    ("31/01/2024", r"^[0-9]{2}/[0-9]{2}/[0-9]{4}( .*)?$", (6, 3, 0)),
    ("01/31/2024", r"^[0-9]{2}/[0-9]{2}/[0-9]{4}( .*)?$", (6, 0, 3)),
)


def read_time(sheet: Sheet) -> tuple[Sheet, tuple[str, ...]]:
    """Return the sheet with each row's time as ``when``, and how dates are written.

    Where dates are text, those that read both ways (03/04/2024) are read as the others
    of their column are written; with nothing to go by, the day comes first.
    """
    import ibis

    if sheet.parts.time is None:
        return sheet, ()
    field = sheet.field(sheet.parts.time)
    if field.kind not in ("time", "text", "number"):
        return sheet, ()
    when: Value = sheet.values[field.at]
    used: tuple[str, ...] = ()
    if field.kind != "time":
        text = _as_written(sheet, field)
        used = _formats(sheet, text)
        read = [_read(text, shape, at) for name, shape, at in WRITTEN if name in used]
        when = ibis.coalesce(*read) if read else ibis.null("timestamp")
    return replace(sheet, values=sheet.values | {"when": when}), used


def count_time(
    sheet: Sheet, formats: tuple[str, ...], today: date
) -> TimeProfile | None:
    """Count the rows in time; None where there is no time column."""
    if sheet.parts.time is None:
        return None
    field = sheet.field(sheet.parts.time)
    rows = sheet.view(field)
    tomorrow = datetime(today.year, today.month, today.day) + timedelta(days=1)
    found = ask_one(
        rows.aggregate(
            read=rows.when.count(),
            held=rows[field.at].count(),
            rows=rows.count(),
            future=rows.count(where=rows.when >= tomorrow),
        )
    )
    been = rows.filter(rows.when < tomorrow)
    months = _months(been)
    if not months:
        # A table of nothing but what is to come is looked at all the same.
        been = rows.filter(rows.when <= LAST_MOMENT)
        months = _months(been)
    near = _near(months)
    low, high = (near[0].low, near[-1].high) if near else (None, None)
    unit = unit_for(near[-1].high - near[0].low) if near else "day"
    return TimeProfile(
        column=field.name,
        low=low,
        high=high,
        unit=unit,
        periods=_periods(_within(been, near), unit) if near else (),
        far_off=sum(m.rows for m in months) - sum(m.rows for m in near),
        missing=found["rows"] - found["held"],
        unread=found["held"] - found["read"],
        future=found["future"],
        formats=formats,
    )


def unit_for(span: timedelta) -> Unit:
    """Return the period that suits a span.

    >>> unit_for(timedelta(days=30)), unit_for(timedelta(days=365))
    ('day', 'week')
    """
    days = span.total_seconds() / 86400
    return next((unit for longest, unit in LONGEST if days <= longest), "year")


@dataclass(frozen=True, slots=True)
class _Month:
    """A month's start, its first and last row, and how many it holds."""

    start: datetime
    low: datetime
    high: datetime
    rows: int


def _months(rows: Table) -> list[_Month]:
    counted = rows.group_by(start=rows.when.truncate("M")).aggregate(
        low=rows.when.min(), high=rows.when.max(), rows=rows.count()
    )
    return [
        _Month(_naive(r["start"]), _naive(r["low"]), _naive(r["high"]), r["rows"])
        for r in ask(counted.order_by("start"))
    ]


def _near(months: list[_Month]) -> list[_Month]:
    """Leave out the few rows at either end that lie far from all others."""
    total = sum(month.rows for month in months)
    most = max(FAR_SHARE * total, min(FAR_ROWS, total // ROWS_FOR_ONE))
    first = _rare(months, most)
    last = len(months) - _rare(months[::-1], most)
    if first >= last:
        return months
    low, high = months[first].low, months[last - 1].high
    far = max(high - low, FAR_DAYS)
    return [m for m in months if low - m.high <= far and m.low - high <= far]


def _rare(months: list[_Month], most: float) -> int:
    """Count the months in front that together hold at most so many rows."""
    seen = 0
    for place, month in enumerate(months):
        seen += month.rows
        if seen > most:
            return place
    return len(months)


def _within(rows: Table, near: list[_Month]) -> Table:
    month = rows.when.truncate("M")
    return rows.filter(month.between(near[0].start, near[-1].start))


def _periods(rows: Table, unit: Unit) -> tuple[Period, ...]:
    counted = rows.group_by(start=rows.when.truncate(TRUNCATED[unit])).aggregate(
        rows=rows.count(),
        judged=rows.count(where=rows.judged),
        positives=rows.count(where=rows.positive),
    )
    # Years far apart could be many: the latest are kept.
    import ibis

    found = ask(counted.order_by(ibis.desc("start")).limit(MOST_PERIODS))
    return tuple(
        Period(_naive(r["start"]), r["rows"], r["judged"], r["positives"])
        for r in reversed(found)
    )


def _naive(value: Any) -> Any:
    return value if value is None else value.replace(tzinfo=None)


def _as_written(sheet: Sheet, field: Field) -> Value:
    column = sheet.values[field.at]
    if field.kind == "text":
        return column.strip()
    import ibis

    # Nothing outside these reads as a day, and infinity has no whole number.
    plain = column.between(1000, 99999999)
    return ibis.ifelse(plain, column, ibis.null()).cast("int64").cast("string")


def _formats(sheet: Sheet, text: Value) -> tuple[str, ...]:
    """Return how dates are written, those ways first that only one reading allows."""
    counts = {
        f"n{place}": sheet.table.count(where=_read(text, shape, at).notnull())
        for place, (_, shape, at) in enumerate(WRITTEN)
    }
    day_first, month_first = len(WRITTEN) - 2, len(WRITTEN) - 1
    both = _read(text, *WRITTEN[day_first][1:]).notnull() & (
        _read(text, *WRITTEN[month_first][1:]).notnull()
    )
    both = sheet.table.count(where=both)
    found = ask_one(sheet.table.aggregate(**counts, both=both))
    used = {place for place in range(len(WRITTEN)) if found[f"n{place}"]}
    # 03/04/2024 reads both ways: a way that no row needs is not a way of writing.
    if found[f"n{month_first}"] == found["both"]:
        used.discard(month_first)
    elif found[f"n{day_first}"] == found["both"]:
        used.discard(day_first)
    return tuple(name for place, (name, _, _) in enumerate(WRITTEN) if place in used)


def _read(text: Value, shape: str, at: tuple[int, int, int]) -> Value:
    """Return the day a text names, null where it has another shape or is no day."""
    import ibis

    fits = text.re_search(shape)
    year, month, day = (
        ibis.ifelse(fits, text.substr(start, size), "0").cast("int32")
        if start != ABSENT
        else ibis.ifelse(fits, 1, 0)
        for start, size in zip(at, (4, 2, 2), strict=True)
    )
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = ibis.cases(
        (month == 2, ibis.ifelse(leap, 29, 28)),
        (month.isin([4, 6, 9, 11]), 30),
        else_=31,
    )
    sound = (year >= 1) & month.between(1, 12) & (day >= 1) & (day <= last)
    # Unsound parts are put right before the date is made: no engine then refuses.
    made = ibis.date(
        ibis.ifelse(sound, year, 2000),
        ibis.ifelse(sound, month, 1),
        ibis.ifelse(sound, day, 1),
    )
    return ibis.ifelse(sound, made.cast("timestamp"), ibis.null("timestamp"))
