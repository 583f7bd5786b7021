"""`repcount label`: say how many reps a recorded set had, see what that changes, take it back."""

import sys
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from repcount.app.correct import Corrected, recalibrate, row_words, say_count, undo
from repcount.errors import InputError, Problem
from repcount.evaluate.calibration import MOST_TRIES

MOST_REPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelOptions:
    """Either `count`, of the set `which`, or `undo`."""

    path: Path
    count: int | None = None
    which: int | None = None
    undo: bool = False
    salvage: bool = False


def label(options: LabelOptions) -> int:
    """Keep or take back a count and print what came of it; InputError with all that is wrong."""
    _check(options)
    if options.undo:
        taken = undo(options.path)
        print(f"undone: the count is {_said(taken.reps_true_before)} again, not {_said(taken.reps_true)}")
        if dict(taken.calibrated) != dict(taken.calibrated_before):
            print(f"the calibration of {taken.worn_for} is as it was before, unless a later one built on it")
        return 0
    worn_for = say_count(options.path, options.count or 0, options.which, salvage=options.salvage)
    with tqdm(
        total=MOST_TRIES, desc="calibrating", unit="try", disable=None, leave=False, file=sys.stderr
    ) as bar:
        corrected = recalibrate(options.path, worn_for, bar.update)
    _print(corrected)
    return 0


def _check(options: LabelOptions) -> None:
    problems = []
    if options.undo and (options.count is not None or options.which is not None):
        problems.append(Problem("--undo", "is given with --count or --set", "Give one of them"))
    if options.count is not None and not 0 <= options.count <= MOST_REPS:
        problems.append(Problem("--count", f"is {options.count}", f"Give a number from 0 to {MOST_REPS}"))
    if options.which is not None and options.count is None and not options.undo:
        problems.append(Problem("--set", "is for --count N alone"))
    if problems:
        raise InputError(problems)


def _print(corrected: Corrected) -> None:
    print(f"kept: {_said(corrected.reps_true)}")
    calibration = corrected.calibration
    if calibration is None:
        print(f"nothing is calibrated: {corrected.reason}")
        return
    rows = [("recording", "said", "before", "after", ""), *(row_words(row) for row in calibration.rows)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(verdict(corrected))


def verdict(corrected: Corrected) -> str:
    """What came of a calibration, as a sentence or two."""
    calibration = corrected.calibration
    if calibration is None:
        return f"Nothing is calibrated: {corrected.reason}."
    before, after = calibration.off_reps
    if calibration.kept:
        changed = ", ".join(f"{name} {value:g}" for name, value in calibration.change.named.items())
        return (
            f"Kept for {corrected.worn_for}, off by {after} reps instead of {before} and no set worse: "
            f"{changed or 'as for anybody'}. It holds from the next session on; undo takes it back."
        )
    if before == 0:
        return "Every labelled set is counted right: nothing to change."
    if calibration.worse:
        return f"Not kept: the best change makes {', '.join(calibration.worse)} worse. The label stays."
    return f"No change mends it without harm (off by {before} reps). The label stays."


def _said(reps_true: object) -> str:
    if not isinstance(reps_true, list | tuple):
        return "not said"
    return " ".join("?" if reps is None else str(reps) for reps in reps_true)
