"""`repcount evaluate`: a whole collection through the pipeline, and the report card."""

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from tqdm import tqdm

from repcount.app.run import Run, run_recording
from repcount.app.simulate_collection import SimulateOptions, simulate_problems, write_collection
from repcount.app.workers import map_in_order
from repcount.edges.collection import Truth, read_index, read_truth
from repcount.errors import InputError, Problem, did_you_mean
from repcount.evaluate.choice import choose
from repcount.evaluate.collection import PLACEMENT_WORDS, IndexRow
from repcount.evaluate.report import report
from repcount.evaluate.score import Score, score
from repcount.evaluate.table import table
from repcount.events import SCHEMA, event_to_dict
from repcount.exercises import exercise_problems

EXIT_GOOD = 0
EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class _Task:
    """A recording with an exercise armed."""

    row: IndexRow
    path: Path
    exercise: str
    batch_ms: float


def evaluate(
    index_path: Path,
    *,
    exercise: str | None = None,
    placement: str | None = None,
    batch_ms: float = 40,
    jobs: int | None = None,
    predictions: Path | None = None,
    as_json: bool = False,
) -> int:
    """Score the recordings of a collection, print the report card and return the exit code.

    `exercise` and `placement` choose recordings as `choose` says; `jobs` are processes, by default one a
    core. `predictions` gets the events of each run as a JSON line.

    Raises
    ------
    InputError
        With all that is wrong with the arguments or the index, or with the files the index names.
    """
    _check_arguments(exercise, placement, batch_ms, jobs)
    choice = choose(read_index(index_path), exercise, placement)
    if not choice.runs:
        raise InputError([Problem(str(index_path), "has no recording to score", _left_out(choice.left_out))])
    truth = read_truth([row for row, _ in choice.runs], index_path)
    tasks = [_Task(row, index_path.parent / row.file, armed, batch_ms) for row, armed in choice.runs]
    try:
        scores = _scores(tasks, truth, jobs, predictions, bar_hidden=as_json and not sys.stdout.isatty())
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    _print_card(scores, choice.left_out, as_json=as_json)
    return EXIT_GOOD


def evaluate_simulated(
    simulate: SimulateOptions,
    *,
    exercise: str | None = None,
    placement: str | None = None,
    batch_ms: float = 40,
    jobs: int | None = None,
    predictions: Path | None = None,
    as_json: bool = False,
) -> int:
    """Write a simulated collection and score it as `evaluate` does.

    Raises
    ------
    InputError
        With all that is wrong with the arguments, before anything is written.
    """
    _check_arguments(exercise, placement, batch_ms, jobs, simulate_problems(simulate))
    with ExitStack() as stack:
        folder = simulate.out or Path(stack.enter_context(TemporaryDirectory(prefix="repcount-")))
        kept = "" if simulate.out else ", removed at the end"
        print(f"simulated recordings are in {folder}{kept}", file=sys.stderr)
        index_path = write_collection(folder, simulate.count, simulate.seed)
        return evaluate(
            index_path,
            exercise=exercise,
            placement=placement,
            batch_ms=batch_ms,
            jobs=jobs,
            predictions=predictions,
            as_json=as_json,
        )


def _check_arguments(
    exercise: str | None,
    placement: str | None,
    batch_ms: float,
    jobs: int | None,
    others: Sequence[Problem] = (),
) -> None:
    problems = [*others, *([] if exercise is None else exercise_problems(exercise, None, "--exercise"))]
    if placement is not None and placement not in PLACEMENT_WORDS:
        mend = did_you_mean(placement, PLACEMENT_WORDS)
        problems.append(Problem("--placement", f"unknown placement {placement!r}", mend))
    if not batch_ms > 0:
        problems.append(Problem("--batch-ms", f"is {batch_ms}", "Give a number above 0"))
    if jobs is not None and jobs < 1:
        problems.append(Problem("--jobs", f"is {jobs}", "Give a whole number from 1 up"))
    if problems:
        raise InputError(problems)


def _run(task: _Task) -> Run | tuple[Problem, ...]:
    """Work of a worker; problems come back as values, since an InputError does not survive the way."""
    try:
        return run_recording(task.path, task.exercise, task.row.run_placement, task.batch_ms)
    except InputError as error:
        return error.problems


def _scores(
    tasks: Sequence[_Task], truth: Truth, jobs: int | None, predictions: Path | None, *, bar_hidden: bool
) -> list[Score]:
    """Scores in the order of the tasks; InputError with all that is wrong with the recordings."""
    scores: list[Score] = []
    problems: dict[Problem, None] = {}
    hidden = True if bar_hidden else None  # None hides the bar where there is no terminal
    with (
        _open_to_write(predictions) as lines,
        closing(map_in_order(_run, tasks, jobs)) as results,
        tqdm(total=len(tasks), unit="run", disable=hidden) as bar,
    ):
        for task, run in zip(tasks, results, strict=True):
            bar.update()
            if isinstance(run, Run):
                lines.write(_prediction(task, run))
                scores.append(_score(task, run, truth))
            else:
                problems |= dict.fromkeys(run)
    if problems:
        raise InputError(problems)
    return scores


def _open_to_write(path: Path | None) -> TextIO:
    """Open the file of predictions, or a place where they vanish."""
    path = Path(os.devnull) if path is None else path
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be written ({error.strerror})")]) from error


def _prediction(task: _Task, run: Run) -> str:
    line = {
        "file": task.row.file,
        "exercise": task.exercise,
        "placement": task.row.placement,
        "duration_s": run.duration_s,
        "events": [event_to_dict(event) for event in run.events],
    }
    return f"{json.dumps(line, allow_nan=False)}\n"


def _score(task: _Task, run: Run, truth: Truth) -> Score:
    return score(
        run.events,
        task.row,
        exercise=task.exercise,
        duration_s=run.duration_s,
        labels=truth.get(task.row.file),
    )


def _print_card(scores: Sequence[Score], left_out: Counter[str], *, as_json: bool) -> None:
    """Print the card to stdout and, below it or apart from JSON, what was left out."""
    rows = report(scores)
    lines = [json.dumps({"schema": SCHEMA} | asdict(row), allow_nan=False) for row in rows]
    print("\n".join(lines) if as_json else table(rows))
    if left_out:
        print(_left_out(left_out), file=sys.stderr if as_json else sys.stdout)


def _left_out(recordings: Counter[str]) -> str:
    return "\n".join(f"left out, {reason}: {n}" for reason, n in sorted(recordings.items()))
