"""Tables of other programs: some separator, some lines before the header, perhaps a decimal comma."""

import csv
import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from repcount.edges.problems import FileProblems
from repcount.errors import InputError, Problem
from repcount.samples import Array

SEPARATORS = ("\t", ";", ",")
_HEADER_WITHIN = 60
"""Lines above the header: what device, which firmware."""
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+(e[-+]?\d+)?", re.IGNORECASE)
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts below a header.

    `columns` are its names in lower case; `above` the lines over it; `lines` where each row ends, from 1.
    """

    place: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    above: Sequence[str]
    decimal_comma: bool
    notes: list[str] = field(default_factory=list)

    def find(self, pattern: str) -> int | None:
        """The first column whose whole name matches, None if none does."""
        wanted = re.compile(pattern)
        return next((k for k, name in enumerate(self.columns) if wanted.fullmatch(name)), None)

    def texts(self, column: int) -> list[str]:
        """The cells of a column."""
        return [row[column] for row in self.rows]

    def without(self, drop: Callable[[Sequence[str]], bool], why: str) -> "Table":
        """The table without some rows, which is noted."""
        kept = [k for k, row in enumerate(self.rows) if not drop(row)]
        if len(kept) == len(self.rows):
            return self
        notes = [*self.notes, f"{len(self.rows) - len(kept)} rows left out: {why}"]
        rows, lines = [self.rows[k] for k in kept], [self.lines[k] for k in kept]
        return Table(self.place, self.columns, rows, lines, self.above, self.decimal_comma, notes)

    def numbers(self, columns: Sequence[int]) -> Array:
        """Cells as numbers, (N, columns).

        Raises
        ------
        InputError
            With the line of each cell that is no finite number.
        """
        problems = FileProblems(Path(self.place))
        values = np.array([[self._number(row[k]) for k in columns] for row in self.rows], np.float64)
        values = values.reshape(-1, len(columns))
        for k, j in np.argwhere(~np.isfinite(values)):
            cell, name = self.rows[k][columns[j]], self.columns[columns[j]]
            shown = repr(cell[:_SHOWN_CHARACTERS]) if cell else "empty"
            problems.add("not a number", f"{name} is {shown}, not a number", line=self.lines[k])
        problems.raise_if_any()
        return values

    def _number(self, cell: str) -> float:
        try:
            return float(cell.replace(",", ".") if self.decimal_comma else cell)
        except ValueError:
            return math.nan


def decoded(content: bytes, place: str) -> str:
    """Text in UTF-8, UTF-16 with its mark, or what Windows writes in western Europe."""
    for encoding in ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError([Problem(place, "is not text", "Export it as CSV")])


def read_table(text: str, place: str, is_header: Callable[[Sequence[str]], bool]) -> Table | None:
    """The table below the first line that, cut by some separator, is a header; None without one.

    A last row that is cut in the middle is left out and noted.

    Raises
    ------
    InputError
        With the line of each other row that is not as long as the header.
    """
    lines = text.splitlines()
    for n, line in enumerate(lines[:_HEADER_WITHIN]):
        for separator in SEPARATORS:
            names = [_name(cell) for cell in next(csv.reader([line], delimiter=separator), [])]
            if is_header(names):
                return _rows_below(lines, n, separator, names, place)
    return None


def _name(cell: str) -> str:
    return " ".join(cell.replace("\N{DEGREE SIGN}", "deg").replace("²", "2").strip().lower().split())


def _rows_below(lines: Sequence[str], header: int, separator: str, names: list[str], place: str) -> Table:
    problems, notes = FileProblems(Path(place)), []
    rows: list[list[str]] = []
    at: list[int] = []
    reader = csv.reader(io.StringIO("\n".join(lines[header + 1 :])), delimiter=separator)
    for cells in reader:
        line = header + 1 + reader.line_num
        row = [cell.strip() for cell in cells]
        while len(row) > len(names) and not row[-1]:
            row.pop()  # a separator that ends the line
        if not any(row) or [_name(cell) for cell in row] == names:
            continue  # an empty line, or the header again where recording went on
        if len(row) != len(names):
            if line >= len(lines):
                notes.append(f"the last line ({line}) is cut in the middle and left out")
                continue
            problems.add("length", f"has {len(row)} of {len(names)} columns", line=line)
            continue
        rows.append(row)
        at.append(line)
    problems.raise_if_any()
    comma = separator != "," and any(_DECIMAL_COMMA.fullmatch(cell) for row in rows[:20] for cell in row)
    return Table(place, tuple(names), rows, at, lines[:header], comma, notes)
