"""What each model counts of the other exercises, and of none: a table, as Markdown.

`python tests/bench/bench_crosstalk.py [--each 4] [--seed 7] [--null INDEX.csv --null-rows 20]`

Each row is an exercise that is done (simulated, seen by that placement), each column the one that is armed. A
cell is the share of the reps done that the armed model counts and keeps, the diagonal being the right one; a
last row, with `--null`, has the reps counted an hour where nobody trains (every n-th recording).
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from repcount.edges.collection import read_index
from repcount.edges.files import read_samples
from repcount.errors import InputError
from repcount.evaluate.collection import NULL
from repcount.events import Event, SetEnded
from repcount.exercises import EXERCISES
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import SampleBatch
from repcount.simulate import HoldsOf, Plan, SetOf, StandStill, Walk, any_mounting_deg, simulate

REPS, HOLDS_S = 8, (15.0, 12.0)
PLACEMENTS = ("wrist", "chest")


def counted(batch: SampleBatch, placement: str, armed: str) -> int:
    """Reps, or holds, that the armed model keeps."""
    pipeline = Pipeline({"sensor": SensorConfig(None, placement)}, PipelineParams(exercise=armed))
    events: list[Event] = [*pipeline.feed("sensor", batch), *pipeline.finish()]
    return sum(event.rep_count for event in events if isinstance(event, SetEnded))


def sessions(exercise: str, placement: str, each: int, seed: int) -> Iterator[tuple[SampleBatch, int]]:
    """Sessions of one set each, by other people, and what was done."""
    for k in range(each):
        rng = np.random.default_rng([seed, k])
        holds = placement in EXERCISES[exercise].holds
        done = HoldsOf(exercise=exercise, holds_s=HOLDS_S) if holds else SetOf(exercise=exercise, reps=REPS)
        parts = (Walk(duration_s=10.0), StandStill(duration_s=2.0), done, Walk(duration_s=12.0))
        mounting = any_mounting_deg(rng)
        plan = Plan(parts=parts, placement=placement, mounting_deg=mounting, has_gyro=k % 2 == 0)
        yield simulate(plan, rng).batch, len(HOLDS_S) if holds else REPS


def row(done: str, placement: str, each: int, seed: int) -> dict[str, float]:
    """Share of what was done that each armed model counts."""
    batches = list(sessions(done, placement, each, seed))
    armed_here = [armed for armed, model in EXERCISES.items() if placement in model.placements]
    return {
        armed: sum(counted(batch, placement, armed) for batch, _ in batches) / sum(n for _, n in batches)
        for armed in armed_here
    }


def nulls(index: Path, rows: int, placement: str) -> dict[str, float]:
    """Reps an hour that each armed model counts where nobody trains."""
    found = [one for one in read_index(index) if one.exercise_ours == NULL and one.run_placement == placement]
    batches = [read_samples(index.parent / one.file) for one in found[:: max(1, len(found) // rows)]]
    hours = sum(float(batch.t_s[-1] - batch.t_s[0]) for batch in batches) / 3600
    armed_here = [armed for armed, model in EXERCISES.items() if placement in model.placements]
    return {
        armed: sum(counted(batch, placement, armed) for batch in batches) / hours
        for armed in armed_here
        if hours
    }


def table(placement: str, each: int, seed: int, index: Path | None, null_rows: int) -> Iterator[str]:
    """Lines of Markdown."""
    here = [name for name, model in EXERCISES.items() if placement in model.placements]
    yield f"| {placement}: done | " + " | ".join(f"`{name}` armed" for name in here) + " |"
    yield "| --- |" + " --- |" * len(here)
    with ProcessPoolExecutor() as workers:
        for done, shares in zip(here, workers.map(partial(_row, placement, each, seed), here), strict=True):
            cells = [f"{shares[armed]:.0%}" for armed in here]
            cells[here.index(done)] = f"**{cells[here.index(done)]}**"
            yield f"| {done} | " + " | ".join(cells) + " |"
    if index is not None:
        rates = nulls(index, null_rows, placement)
        yield "| none, reps an hour | " + " | ".join(f"{rates.get(a, float('nan')):.1f}" for a in here) + " |"


def _row(placement: str, each: int, seed: int, done: str) -> dict[str, float]:
    return row(done, placement, each, seed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--each", type=int, default=4, help="sessions of each exercise (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--null", type=Path, metavar="INDEX.csv")
    parser.add_argument("--null-rows", type=int, default=20)
    given = parser.parse_args()
    try:
        for placement in PLACEMENTS:
            for line in table(placement, given.each, given.seed, given.null, given.null_rows):
                print(line, flush=True)  # noqa: T201 - it is what this is for
            print()  # noqa: T201
    except InputError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
