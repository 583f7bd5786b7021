"""A collection of simulated recordings, in the form of a real one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from repcount.edges.collection import write_index
from repcount.edges.files import write_samples
from repcount.edges.recording import write_labels
from repcount.errors import InputError, Problem
from repcount.evaluate.collection import IndexRow
from repcount.simulate import SimulatedRecording, collection

DATASET = "simulated"
INDEX_NAME = "index.csv"

_SETS_PER_NULL = 10
"""A recording without exercise for every ten sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateOptions:
    """How many sets, which, and where to keep the recordings (None: nowhere)."""

    count: int
    seed: int = 0
    out: Path | None = None


def simulate_problems(options: SimulateOptions) -> list[Problem]:
    """Everything wrong with the options."""
    problems = []
    if options.count < 1:
        problems.append(Problem("--simulate", f"is {options.count}", "Give a whole number from 1 up"))
    if options.seed < 0:
        problems.append(Problem("--seed", f"is {options.seed}", "Give a whole number from 0 up"))
    if options.out is not None and options.out.exists():
        if not options.out.is_dir():
            problems.append(Problem("--out", f"{options.out} is not a folder"))
        elif any(options.out.iterdir()):
            problems.append(Problem("--out", f"{options.out} is not empty", "Give a new folder"))
    return problems


def write_collection(folder: Path, count: int, seed: int) -> Path:
    """Simulate `count` sets, and some recordings without exercise, into `folder`; return the index.

    Raises
    ------
    InputError
        When the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError([Problem(str(folder), f"cannot be made ({error.strerror})")]) from error
    index_path, nulls = folder / INDEX_NAME, count // _SETS_PER_NULL
    planned = collection(count, seed, nulls=nulls)
    with tqdm(planned, total=count + nulls, unit="recording", disable=None) as bar:
        write_index(index_path, _written(folder, bar))
    return index_path


def _written(folder: Path, recordings: Iterable[SimulatedRecording]) -> Iterator[IndexRow]:
    for line, recording in enumerate(recordings, start=2):
        simulation = recording.simulate()
        file, labels = f"{recording.name}.npz", f"{recording.name}_labels.csv"
        write_samples(folder / file, simulation.batch)
        write_labels(folder / labels, simulation.reps)
        sets = simulation.sets
        yield IndexRow(
            line=line,
            file=file,
            dataset=DATASET,
            subject=recording.subject,
            exercise=recording.exercise,
            exercise_ours=recording.exercise,
            placement=recording.placement,
            rate_hz=recording.plan.rate_hz,
            has_gyro=recording.plan.has_gyro,
            duration_s=round(float(simulation.batch.t_s[-1]), 3),
            n_reps_true=len(simulation.reps),
            n_reps_visual=None,
            active_start_s=round(sets[0].start_s, 3) if sets else None,
            active_end_s=round(sets[-1].end_s, 3) if sets else None,
            labels=labels,
            notes="",
        )
