"""Times as programs write them: numbers of some unit that may wrap, or clock readings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import numpy as np

from repcount.edges.formats.table import Table
from repcount.edges.problems import FileProblems
from repcount.samples import Array

SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_EARLIEST_EPOCH_S = 946_684_800.0
"""2000-01-01: a number of seconds below it is no date."""
_DAY_S = 86_400.0
_HALF_DAY_S = 43_200.0
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,:](\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A column of times.

    `unit` is one of `SECONDS`, or "date" for readings of a wall clock; a number wraps after `wraps_bits`.
    """

    pattern: str
    unit: str
    wraps_bits: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """`t_s` (N,) s on the clock of the column; `when` the first by the wall clock, None if unknown."""

    t_s: Array
    when: datetime | None


def read_times(table: Table, column: int, clock: Clock, zone: tzinfo) -> Times:
    """Times of a column; a clock reading without a zone is of `zone`.

    Raises
    ------
    InputError
        With the line of each cell that is no time.
    """
    if clock.unit == "date":
        return _dates(table, column, zone)
    units = table.numbers([column])[:, 0]
    if clock.wraps_bits is not None:
        units = np.unwrap(units, period=float(2**clock.wraps_bits))
    t_s = units * SECONDS[clock.unit]
    return Times(t_s, _epoch(t_s) if len(t_s) and t_s[0] > _EARLIEST_EPOCH_S else None)


def _epoch(t_s: Array) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(t_s[0]), UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _dates(table: Table, column: int, zone: tzinfo) -> Times:
    cells = table.texts(column)
    readings = [parse_date(cell, zone) for cell in cells]
    problems = FileProblems(Path(table.place))
    for line, cell, reading in zip(table.lines, cells, readings, strict=True):
        if reading is None:
            problems.add("time", f"{cell[:40]!r} is no time", "Such as 2026-11-24 18:30:00.250", line=line)
    problems.raise_if_any()
    t_s = np.array([reading.timestamp() for reading in readings if reading is not None])
    if not len(t_s) or readings[0] is None:
        return Times(t_s, None)
    if _CLOCK.fullmatch(cells[0]):
        return Times(np.unwrap(t_s, discont=_HALF_DAY_S, period=_DAY_S), None)
    return Times(t_s, readings[0])


def parse_date(text: str, zone: tzinfo) -> datetime | None:
    """A date and time, or a time of day alone, as loggers write them; None if it is neither."""
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    hours, minutes, seconds, fraction = clock.groups()
    date, rest = _date(text[: clock.start()]), text[clock.end() :].strip()
    offset = _zone(rest, zone)
    if date is None or offset is None:
        return None
    try:
        day = datetime(date[0], date[1], date[2], int(hours), int(minutes), int(seconds), tzinfo=offset)
    except ValueError:
        return None
    return day + timedelta(seconds=float(f"0.{fraction}") if fraction else 0.0)


def _date(text: str) -> Sequence[int] | None:
    """Year, month and day; 1970-01-01 where nothing is said."""
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if not text.strip():
        return 1970, 1, 1
    return parts if len(parts) == len(("year", "month", "day")) else None


def _zone(text: str, zone: tzinfo) -> tzinfo | None:
    if not text:
        return zone
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo
    except ValueError:
        return None
