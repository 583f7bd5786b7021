"""CSV with a header: numbers as an array, or rows of text; every problem with its line."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repcount.edges.problems import FileProblems, read_bytes
from repcount.errors import did_you_mean
from repcount.samples import Array

_SHOWN_CHARACTERS = 40


def read_text_rows(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows as texts by column, each with its line, of a table that has the columns `needed`.

    Raises
    ------
    InputError
        With every problem of the header, or every row that is not as long as the header.
    """
    problems = FileProblems(path)
    rows = _rows(_text(path), problems)
    _, header = next(rows, (1, []))
    _check_header(header, needed, problems)
    found = list(rows)
    for line, cells in found:
        _check_length(cells, header, line, problems, cut=False)
    problems.raise_if_any()
    return [(line, dict(zip(header, cells, strict=True))) for line, cells in found]


Check = Callable[[Array, NDArray[np.int64], FileProblems], None]


def read_numbers(
    path: Path, needed: Sequence[str], optional: Sequence[str], check: Check
) -> tuple[Array, NDArray[np.int64]]:
    """Numbers (N, columns), all finite, and the line of each row (N,).

    The columns are those `needed`, then the `optional` ones if any of them is there. `check` notes what
    else is wrong; it may be given NaN where a cell is no number.

    Raises
    ------
    InputError
        With every problem and its line.
    """
    problems = FileProblems(path)
    text = _text(path)
    _, header = next(_rows(text, problems), (1, []))
    columns = (*needed, *(optional if any(name in header for name in optional) else ()))
    _check_header(header, columns, problems)
    problems.raise_if_any()
    values = _numbers_fast(text, header, columns)
    if values is not None:
        lines = np.arange(2, len(values) + 2)
    else:
        values, lines = _numbers_with_care(text, columns, problems)
    check(values, lines, problems)
    problems.raise_if_any()
    return values, lines


def _text(path: Path) -> str:
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems = FileProblems(path)
        problems.add("not text", f"is not UTF-8 text (byte {error.start})", "Save it as CSV in UTF-8.")
        raise problems.error() from error


def _numbers_fast(text: str, header: list[str], columns: Sequence[str]) -> Array | None:
    """All rows at once; None if a row may be wrong."""
    body = text.partition("\n")[2].rstrip("\r\n")
    n = body.count("\n") + 1
    if not body or body.count(",") != n * (len(header) - 1):
        return None
    used = [header.index(name) for name in columns]
    try:
        values = np.loadtxt(io.StringIO(body), delimiter=",", comments=None, usecols=used, ndmin=2)
    except ValueError:
        return None
    return values if len(values) == n and np.isfinite(values).all() else None


def _numbers_with_care(
    text: str, columns: Sequence[str], problems: FileProblems
) -> tuple[Array, NDArray[np.int64]]:
    """Row by row, noting every problem."""
    rows = _rows(text, problems)
    _, header = next(rows)
    values: list[list[float]] = []
    lines: list[int] = []
    last = text.count("\n", 0, len(text.rstrip())) + 1
    for line, cells in rows:
        if _check_length(cells, header, line, problems, cut=line == last):
            by_name = dict(zip(header, cells, strict=True))
            values.append([_number(by_name[name], name, line, problems) for name in columns])
            lines.append(line)
    if not values:
        problems.raise_if_any()
    return np.array(values).reshape(-1, len(columns)), np.array(lines, np.int64)


def _number(cell: str, name: str, line: int, problems: FileProblems) -> float:
    try:
        value = float(cell)
    except ValueError:
        shown = repr(cell[:_SHOWN_CHARACTERS]) if cell.strip() else "empty"
        problems.add("not a number", f"{name} is {shown}, not a number", line=line)
        return math.nan
    if not math.isfinite(value):
        problems.add(
            "not finite", f"{name} is {value}", "Leave out samples that were not measured", line=line
        )
    return value


def _rows(text: str, problems: FileProblems) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the line each ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        problems.add("not CSV", f"is not CSV ({error})", line=reader.line_num)


def _check_header(header: list[str], needed: Sequence[str], problems: FileProblems) -> None:
    if not header:
        problems.add("empty", "is empty")
        return
    for name in needed:
        if name not in header:
            problems.add("column", f"column {name!r} is missing", _closest(name, header, needed), line=1)
    for name in sorted({name for name in header if header.count(name) > 1}):
        problems.add("column", f"column {name!r} is there {header.count(name)} times", line=1)


def _closest(name: str, header: list[str], needed: Sequence[str]) -> str:
    if len(header) == 1:
        return "Separate columns by commas and decimals by points"
    others = [other for other in header if other not in needed]
    return did_you_mean(name, others) if others else ""


def _check_length(
    cells: list[str], header: list[str], line: int, problems: FileProblems, *, cut: bool
) -> bool:
    if len(cells) == len(header):
        return True
    message = f"has {len(cells)} of {len(header)} columns"
    if len(cells) > len(header):
        problems.add("length", f"{message}: too many", "Write decimals with a point", line=line)
    elif cut:
        problems.add("length", f"{message}: the file is cut in mid line", "Delete the line", line=line)
    else:
        problems.add("length", message, line=line)
    return False
