"""`repcount evaluate`: a whole collection through the pipeline, and the report card."""

import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from tqdm import tqdm

from repcount.app.output import say
from repcount.app.run import Run, run_samples
from repcount.app.simulate_collection import SimulateOptions, simulate_problems, write_collection
from repcount.app.workers import Workers, open_workers
from repcount.edges.collection import read_index, read_truth
from repcount.edges.files import read_samples
from repcount.edges.params_file import read_tuned
from repcount.edges.recording import outside_problems
from repcount.errors import InputError, Problem, did_you_mean
from repcount.evaluate.choice import Choice, choose
from repcount.evaluate.collection import PLACEMENT_WORDS, IndexRow
from repcount.evaluate.markdown import Section, WriteReport
from repcount.evaluate.report import report
from repcount.evaluate.score import Score, score
from repcount.evaluate.table import table
from repcount.events import SCHEMA, event_to_dict
from repcount.exercises import EXERCISES, doubt, exercise_problems
from repcount.reps.tuning import Tuned
from repcount.samples import SampleBatch
from repcount.truth import TrueRep

EXIT_GOOD = 0
EXIT_INTERRUPTED = 130
BATCH_MS = 40
"""How much a sensor sends at a time if nobody says so."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A recording with an exercise armed; `read` goes with it where its worker may not see the file."""

    row: IndexRow
    path: Path
    exercise: str
    batch_ms: float
    force: bool
    tuned: Tuned
    labels: Sequence[TrueRep] | None
    read: SampleBatch | tuple[Problem, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Collection:
    """What is run of one index."""

    index_path: Path
    tasks: list[_Task]
    left_out: Counter[str]


def evaluate(
    *index_paths: Path,
    exercise: str | None = None,
    placement: str | None = None,
    force: bool = False,
    batch_ms: float = BATCH_MS,
    jobs: int | None = None,
    scheduler: str | None = None,
    params: Sequence[Path] = (),
    predictions: Path | None = None,
    as_json: bool = False,
    write_report: WriteReport | None = None,
    simulated: str | None = None,
    salvage: bool = False,
) -> int:
    """Score the recordings of collections, print one report card over all and return the exit code.

    `exercise`, `placement` and `force` choose recordings as `choose` says; `jobs` are processes, by default
    one a core, unless the address of a Dask `scheduler` is given. `params` are parameter files, each for the
    runs of its exercise and placement. `predictions` gets the events of each run as a JSON line,
    `write_report` a section a collection. `simulated` are the options that made the collection, if it is made
    anew each time. With `salvage` recordings and labels that cannot be read are left out, and listed.

    Raises
    ------
    InputError
        With all that is wrong with the arguments or the indexes, or with the files the indexes name.
    """
    _check_arguments(exercise, placement, batch_ms, jobs, scheduler)
    choice = partial(choose, exercise=exercise, placement=placement, force=force)
    task = partial(_Task, batch_ms=batch_ms, force=force, tuned=read_tuned(params))
    unread: list[Problem] | None = [] if salvage else None
    collections = _collections(index_paths, choice, task, unread)
    tasks = [task for one in collections for task in one.tasks]
    _warn_of_doubts(tasks)
    try:
        with open_workers(jobs, scheduler) as workers:
            scored = _scores(
                tasks, workers, predictions, unread, bar_hidden=as_json and not sys.stdout.isatty()
            )
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    for problem in unread or ():
        say(f"left out: {problem}")
    scores = list(scored.values())
    _print_card(scores, sum((one.left_out for one in collections), Counter()), as_json=as_json)
    if write_report is not None:
        options = _options(exercise, placement, batch_ms, params, force=force)
        of = [[scored[id(task)] for task in one.tasks if id(task) in scored] for one in collections]
        write_report(
            [_section(one, own, options, simulated) for one, own in zip(collections, of, strict=True)]
        )
    return EXIT_GOOD


def evaluate_simulated(
    simulate: SimulateOptions,
    *,
    exercise: str | None = None,
    placement: str | None = None,
    force: bool = False,
    batch_ms: float = 40,
    jobs: int | None = None,
    scheduler: str | None = None,
    params: Sequence[Path] = (),
    predictions: Path | None = None,
    as_json: bool = False,
    write_report: WriteReport | None = None,
) -> int:
    """Write a simulated collection and score it as `evaluate` does.

    Raises
    ------
    InputError
        With all that is wrong with the arguments, before anything is written.
    """
    _check_arguments(exercise, placement, batch_ms, jobs, scheduler, simulate_problems(simulate))
    with ExitStack() as stack:
        folder = simulate.out or Path(stack.enter_context(TemporaryDirectory(prefix="repcount-")))
        kept = "" if simulate.out else ", removed at the end"
        print(f"simulated recordings are in {folder}{kept}", file=sys.stderr)
        index_path = write_collection(folder, simulate.count, simulate.seed)
        return evaluate(
            index_path,
            exercise=exercise,
            placement=placement,
            force=force,
            batch_ms=batch_ms,
            jobs=jobs,
            scheduler=scheduler,
            params=params,
            predictions=predictions,
            as_json=as_json,
            write_report=write_report,
            simulated=f"--simulate {simulate.count} --seed {simulate.seed}",
        )


def _check_arguments(
    exercise: str | None,
    placement: str | None,
    batch_ms: float,
    jobs: int | None,
    scheduler: str | None,
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
    if jobs is not None and scheduler is not None:
        problems.append(Problem("--jobs", "is for this machine alone", "Leave it out with --scheduler"))
    if problems:
        raise InputError(problems)


def _collections(
    index_paths: Sequence[Path],
    chosen: Callable[[list[IndexRow]], Choice],
    task: Callable[..., _Task],
    unread: list[Problem] | None,
) -> list[_Collection]:
    """Open all indexes; InputError with all that is wrong with any, but for what may be left out."""
    found: list[_Collection] = []
    problems: list[Problem] = []
    for path in index_paths:
        try:
            found.append(_collection(path, chosen, task, unread))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _collection(
    path: Path,
    chosen: Callable[[list[IndexRow]], Choice],
    task: Callable[..., _Task],
    unread: list[Problem] | None,
) -> _Collection:
    choice = chosen(read_index(path))
    if not choice.runs:
        raise InputError([Problem(str(path), "has no recording to score", _left_out(choice.left_out))])
    truth = read_truth([row for row, _ in choice.runs], path, unread)
    tasks = [
        task(row=row, path=path.parent / row.file, exercise=armed, labels=truth.get(row.file))
        for row, armed in choice.runs
    ]
    return _Collection(path, tasks, choice.left_out)


def _warn_of_doubts(tasks: Sequence[_Task]) -> None:
    """Say once of each exercise that is forced why its counts are unreliable."""
    doubts = (doubt(EXERCISES[task.exercise], task.row.run_placement) for task in tasks)
    for one in dict.fromkeys(doubts):
        if one is not None:
            say(one)


def _run(task: _Task) -> Run | tuple[Problem, ...]:
    """Work of a worker; problems come back as values, since an InputError does not survive the way."""
    read = _read(task) if task.read is None else task.read
    if not isinstance(read, SampleBatch):
        return read
    return run_samples(
        read, task.exercise, task.row.run_placement, task.batch_ms, force=task.force, tuned=task.tuned
    )


def _read(task: _Task) -> SampleBatch | tuple[Problem, ...]:
    try:
        return read_samples(task.path)
    except InputError as error:
        return error.problems


def _scores(
    tasks: Sequence[_Task],
    workers: Workers,
    predictions: Path | None,
    unread: list[Problem] | None,
    *,
    bar_hidden: bool,
) -> dict[int, Score]:
    """Scores by the `id` of the task, in order; what is wrong with recordings goes to `unread`.

    InputError with it where that is None.
    """
    scores: dict[int, Score] = {}
    problems: dict[Problem, None] = {}
    sent = (replace(task, read=_read(task)) for task in tasks) if workers.far else tasks
    hidden = True if bar_hidden else None  # None hides the bar where there is no terminal
    with (
        _open_to_write(predictions) as lines,
        closing(workers.map(_run, sent)) as results,
        tqdm(total=len(tasks), unit="run", disable=hidden) as bar,
    ):
        for task, run in zip(tasks, results, strict=True):
            bar.update()
            if isinstance(run, Run):
                lines.write(_prediction(task, run))
                scores[id(task)] = _score(task, run)
                problems |= dict.fromkeys(_outside(task, run))
            else:
                problems |= dict.fromkeys(run)
    if problems and unread is None:
        raise InputError(problems)
    if unread is not None:
        unread += problems
    return scores


def _outside(task: _Task, run: Run) -> list[Problem]:
    """Labels that lie outside of their recording; they are found by no rep."""
    return outside_problems(Path(task.row.labels), task.labels or (), run.duration_s)


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


def _score(task: _Task, run: Run) -> Score:
    return score(
        run.events,
        task.row,
        exercise=task.exercise,
        duration_s=run.duration_s,
        labels=task.labels,
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


def _options(
    exercise: str | None, placement: str | None, batch_ms: float, params: Sequence[Path], *, force: bool
) -> str:
    """What was asked for besides the collection, as on a command line."""
    given = {
        "exercise": exercise,
        "placement": placement,
        "batch-ms": batch_ms if batch_ms != BATCH_MS else None,
    }
    options = "".join(f" --{name} {value}" for name, value in given.items() if value is not None)
    options += "".join(f" --params {shlex.quote(str(path))}" for path in params)
    return f"{options} --force" if force else options


def _section(
    collection: _Collection, scores: Sequence[Score], options: str, simulated: str | None
) -> Section:
    index_path = collection.index_path
    rows = {task.row.file: task.row for task in collection.tasks}

    def plot(one: Score) -> str:
        row = rows[one.file]
        words = ["repcount", "plot", str(index_path.parent / row.file)]
        words += ["--exercise", one.exercise, "--placement", row.run_placement]
        words += ["--force"] if doubt(EXERCISES[one.exercise], row.run_placement) else []
        words += ["--labels", str(index_path.parent / row.labels)] if row.labels else []
        return shlex.join(words)

    what = simulated or shlex.quote(str(index_path))
    return Section(
        title="Simulated" if simulated else index_path.resolve().parent.name,
        command=f"repcount evaluate {what}{options}",
        scores=scores,
        left_out=collection.left_out,
        plot=None if simulated else plot,  # what is simulated is gone when this is read
    )
