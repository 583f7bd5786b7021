"""`labels.csv`: what really happened, one row a rep or hold; empty where there is nothing to say."""

import csv
import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from repcount.errors import InputError, Problem, did_you_mean
from repcount.truth import LABEL_KINDS, TrueRep

LABELS_NAME = "labels.csv"
COLUMNS = tuple(f.name for f in fields(TrueRep))
_NUMBERS = COLUMNS[1:]
_NEEDED = ("start_s", "end_s")
_ROUNDED_S = 0.05
"""A label made on a curve may reach a tick or two beyond the last sample."""


def write_labels(path: Path, reps: Iterable[TrueRep]) -> None:
    """Replace a labels file whole, times to the microsecond: a kill leaves the old or the new one."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for rep in reps:
            times_s = (getattr(rep, name) for name in _NUMBERS)
            writer.writerow([rep.kind, *("" if s is None else repr(round(s, 6)) for s in times_s)])
    draft.replace(path)


def revision(path: Path) -> str:
    """What tells one content of a file from any other; empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def read_labels(path: Path, left_out: list[Problem] | None = None) -> tuple[TrueRep, ...]:
    """Read a labels file; with `left_out` rows that are wrong are left out and listed there.

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
            if not problems:
                wrong = problems if left_out is None else left_out
                for row in rows:
                    _read_row(row, f"{path}:{rows.line_num}", reps, wrong)
    except FileNotFoundError as error:
        raise InputError([Problem(str(path), "is missing")]) from error
    except (csv.Error, UnicodeDecodeError) as error:
        problems.append(Problem(str(path), f"is not CSV ({error})"))
    if problems:
        raise InputError(problems)
    return tuple(reps)


def outside_problems(path: Path, reps: Sequence[TrueRep], end_s: float) -> list[Problem]:
    """One problem for each label that ends after the recording does, at `end_s` of stream time."""
    mend = f"The recording ends at {end_s:.3f} s"
    return [
        Problem(f"{path}:{row}", f"lies outside: it ends at {rep.end_s:.3f} s", mend)
        for row, rep in enumerate(reps, 2)
        if rep.end_s > end_s + _ROUNDED_S
    ]


def label_problems(rows: Sequence[TrueRep], place: str) -> list[Problem]:
    """Everything wrong with labels that are about to be written, in the order of their rows, from 1."""
    problems: list[Problem] = []
    for row, rep in enumerate(rows, 1):
        cells = {name: getattr(rep, name) for name in _NUMBERS}
        problems += _sense_problems(rep.kind, cells, list(rows[: row - 1]), f"{place} {row}")
    return problems


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
        (
            not earlier or earlier[-1].end_s <= start_s,
            f"overlaps: it starts at {start_s:.3f} s, before the one above it ends",
        ),
    )
    return [Problem(place, message) for good, message in checks if not good]
