"""Collections of recordings: `index.csv` and the files it names, checked whole."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from repcount.edges.problems import MOST_LISTED, FileProblems, closest_sibling
from repcount.edges.recording.labels import read_labels
from repcount.edges.tables import read_text_rows
from repcount.errors import InputError, Problem, did_you_mean
from repcount.evaluate.collection import NULL, OTHER, PLACEMENT_WORDS, IndexRow, placement_of
from repcount.exercises import EXERCISE_IDS
from repcount.truth import TrueRep

INDEX_COLUMNS = ("file", "dataset", "subject", "exercise_ours", "placement", "n_reps_true")
"""What the score needs; the other columns may be left out."""

_COLUMNS = tuple(field.name for field in fields(IndexRow) if field.name != "line")

Truth = dict[str, Sequence[TrueRep]]
"""The labels, by the recording's name in the index, of those that have some."""


def read_index(path: Path) -> list[IndexRow]:
    """Read the `index.csv` of a collection; empty cells are kept, the class `null` is a word.

    Raises
    ------
    InputError
        With every problem and its line.
    """
    rows = read_text_rows(path, INDEX_COLUMNS)
    problems = FileProblems(path)
    found = [_index_row(_Cells(texts, line, problems)) for line, texts in rows]
    if not found:
        problems.add("empty", "names no recording")
    first: dict[str, int] = {}
    for row in found:
        if row.file in first:
            problems.add("twice", f"{row.file} is on line {first[row.file]} already", line=row.line)
        first.setdefault(row.file, row.line)
    problems.raise_if_any()
    return found


def write_index(path: Path, rows: Iterable[IndexRow]) -> None:
    """Write the `index.csv` of a collection; what is None is left empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            known = {name: value for name, value in asdict(row).items() if value is not None}
            writer.writerow(known | {"has_gyro": "" if row.has_gyro is None else int(row.has_gyro)})


def read_truth(rows: Iterable[IndexRow], index_path: Path, left_out: list[Problem] | None = None) -> Truth:
    """Read the labels that rows of the index name, and make sure that their recordings are there.

    With `left_out` labels that are wrong are left out and listed there, and recordings may be missing.

    Raises
    ------
    InputError
        With every file that is missing, and every label that is wrong.
    """
    missing = FileProblems(index_path)
    problems: list[Problem] = []
    wrong = problems if left_out is None else left_out
    truth: Truth = {}
    for row in dict.fromkeys(rows):
        _note_missing(row, row.file, missing)
        if row.labels and _note_missing(row, row.labels, missing):
            try:
                truth[row.file] = read_labels(index_path.parent / row.labels, left_out)
            except InputError as error:
                wrong += error.problems
    if missing and left_out is None:  # else whoever reads a recording finds that it is missing
        problems += missing.error().problems
    if problems:
        raise InputError(problems)
    return truth


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row of an index; notes what a cell should not hold and reads on."""

    texts: dict[str, str]
    line: int
    problems: FileProblems

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def needed(self, name: str) -> str:
        text = self.text(name)
        if not text:
            self.note(name, "is empty")
        return text

    def number(self, name: str) -> float | None:
        text = self.text(name)
        try:
            number = float(text) if text else None
        except ValueError:
            number = math.nan
        if number is not None and not math.isfinite(number):
            self.note(name, f"is {text!r}, not a number")
            return None
        return number

    def whole(self, name: str) -> int | None:
        number = self.number(name)
        if number is None or (number >= 0 and number.is_integer()):
            return None if number is None else int(number)
        self.note(name, f"is {self.text(name)!r}, not a whole number from 0 up")
        return None

    def note(self, name: str, message: str, mend: str = "") -> None:
        self.problems.add(name, f"{name} {message}", mend, line=self.line)


def _index_row(cells: _Cells) -> IndexRow:
    has_gyro = cells.whole("has_gyro")
    row = IndexRow(
        line=cells.line,
        file=cells.needed("file"),
        dataset=cells.needed("dataset"),
        subject=cells.text("subject"),
        exercise=cells.text("exercise"),
        exercise_ours=_exercise(cells),
        placement=_placement(cells),
        rate_hz=cells.number("rate_hz"),
        has_gyro=None if has_gyro is None else bool(has_gyro),
        duration_s=cells.number("duration_s"),
        n_reps_true=cells.whole("n_reps_true"),
        n_reps_visual=cells.number("n_reps_visual"),
        active_start_s=cells.number("active_start_s"),
        active_end_s=cells.number("active_end_s"),
        labels=cells.text("labels"),
        notes=cells.text("notes"),
        day=cells.text("day"),
    )
    if row.exercise_ours == NULL and row.n_reps_true:
        cells.note("n_reps_true", f"is {row.n_reps_true} where exercise_ours is null", "It has no reps")
    return row


def _exercise(cells: _Cells) -> str:
    known = (*EXERCISE_IDS, OTHER, NULL)
    exercise = cells.needed("exercise_ours")
    if exercise and exercise not in known:
        cells.note("exercise_ours", f"is {exercise!r}", did_you_mean(exercise, known))
    return exercise


def _placement(cells: _Cells) -> str:
    text = cells.needed("placement")
    placement = placement_of(text)
    if text and placement is None:
        cells.note("placement", f"is {text!r}, no place we know", did_you_mean(text, PLACEMENT_WORDS))
    return placement or ""


def _note_missing(row: IndexRow, name: str, missing: FileProblems) -> bool:
    path = missing.path.parent / name
    if path.is_file():
        return True
    mend = closest_sibling(path) if missing.count("missing") < MOST_LISTED else ""
    missing.add("missing", f"{name} is missing", mend, line=row.line)
    return False
