"""`labels.csv`: what really happened, one row a rep or hold; empty where there is nothing to say."""

import csv
import math
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from repcount.errors import InputError, Problem, did_you_mean
from repcount.truth import LABEL_KINDS, TrueRep

LABELS_NAME = "labels.csv"
COLUMNS = tuple(f.name for f in fields(TrueRep))
_NUMBERS = COLUMNS[1:]
_NEEDED = ("start_s", "end_s")


def write_labels(path: Path, reps: Iterable[TrueRep]) -> None:
    """Write a labels file, times to the microsecond."""
    with path.open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for rep in reps:
            times_s = (getattr(rep, name) for name in _NUMBERS)
            writer.writerow([rep.kind, *("" if s is None else repr(round(s, 6)) for s in times_s)])


def read_labels(path: Path) -> tuple[TrueRep, ...]:
    """Read a labels file.

    Raises
    ------
    InputError
        With every problem and its line.
    """
    reps: list[TrueRep] = []
    problems: list[Problem] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, restkey="too many cells", strict=True)
            problems += _column_problems(rows.fieldnames or (), str(path))
            for row in rows if not problems else ():
                _read_row(row, f"{path}:{rows.line_num}", reps, problems)
    except FileNotFoundError as error:
        raise InputError([Problem(str(path), "is missing")]) from error
    except (csv.Error, UnicodeDecodeError) as error:
        problems.append(Problem(str(path), f"is not CSV ({error})"))
    if problems:
        raise InputError(problems)
    return tuple(reps)


def _column_problems(found: Iterable[str], place: str) -> list[Problem]:
    columns = tuple(found)
    missing = [name for name in COLUMNS if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    return [Problem(f"{place}:1", f"column {name!r} is missing") for name in missing] + [
        Problem(f"{place}:1", f"unknown column {name!r}", did_you_mean(name, COLUMNS)) for name in unknown
    ]


def _read_row(row: dict[str, str], place: str, reps: list[TrueRep], problems: list[Problem]) -> None:
    if len(row) != len(COLUMNS) or None in row.values():
        problems.append(Problem(place, f"a row has {len(COLUMNS)} cells"))
        return
    cells = {name: _number(row[name]) for name in _NUMBERS}
    bad = [name for name in _NUMBERS if math.isnan(cells[name] or 0.0)]
    found = [Problem(place, f"{name} is {row[name]!r}, not a number") for name in bad]
    found += [Problem(place, f"{name} is empty") for name in _NEEDED if cells[name] is None]
    if row["kind"] not in LABEL_KINDS:
        found.append(Problem(place, f"unknown kind {row['kind']!r}", did_you_mean(row["kind"], LABEL_KINDS)))
    found = found or _sense_problems(row["kind"], cells, reps, place)
    problems += found
    if not found:
        start_s, end_s = cells.pop("start_s"), cells.pop("end_s")
        reps.append(TrueRep(kind=row["kind"], start_s=start_s or 0.0, end_s=end_s or 0.0, **cells))


def _number(cell: str) -> float | None:
    """The number, None for an empty cell, not-a-number for anything else."""
    try:
        number = float(cell) if cell else None
    except ValueError:
        return math.nan
    return number if number is None or math.isfinite(number) else math.nan


def _sense_problems(
    kind: str, cells: dict[str, float | None], earlier: list[TrueRep], place: str
) -> list[Problem]:
    start_s, turn_s, end_s = cells["start_s"] or 0.0, cells["turn_s"], cells["end_s"] or 0.0
    checks = (
        (start_s < end_s, "end_s is not after start_s"),
        (turn_s is None or start_s <= turn_s <= end_s, "turn_s is not between start_s and end_s"),
        ((turn_s is None) == (kind == "hold"), "a rep has a turn_s, a hold has none"),
        (all(s is None or s >= 0.0 for s in cells.values()), "a time is below 0"),
        (not earlier or earlier[-1].end_s <= start_s, "it starts before the one above it ends"),
    )
    return [Problem(place, message) for good, message in checks if not good]
