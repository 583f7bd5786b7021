"""How close the measures of a rep are to what was simulated. Prints, never asserts.

`python tests/bench/bench_measures.py --count 520 --seed 7`: mean error and 95 % limits of agreement over the
sets of a simulated collection, per exercise, placement and sensor. Nothing was tuned on seed 7. `metres` says
of how many matched reps they are said, of those after the first of their set.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from tqdm import tqdm

from repcount.evaluate.matching import match
from repcount.events import Rep, SetEnded
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import Array
from repcount.simulate.collection import SimulatedRecording, collection
from repcount.simulate.limb import LIMBS
from repcount.simulate.path import Path
from repcount.simulate.perform import perform
from repcount.simulate.plan import SetOf
from repcount.simulate.pose import orientation, position_m
from repcount.simulate.sense import sense
from repcount.truth import TrueRep

ERRORS = ("rom_deg", "depth_deg", "rom_m", "m_s")


def measured(recording: SimulatedRecording) -> Iterator[tuple[Rep, TrueRep, Path]]:
    """Each rep that was found, what it really was, and the path it was part of."""
    rng = np.random.default_rng(recording.seed)
    done = perform(recording.plan, rng)
    batch = sense(done.path, done.duration_s, recording.plan, rng)
    sensors = {recording.placement: SensorConfig(None, recording.placement)}
    pipeline = Pipeline(sensors, PipelineParams(exercise=recording.exercise))
    said = pipeline.feed(recording.placement, batch) + pipeline.finish()
    reps = [rep for event in said if isinstance(event, SetEnded) for rep in event.reps]
    for rep, true in match(reps, done.reps).matched:
        yield rep, true, done.path


def truth(true: TrueRep, path: Path, placement: str) -> tuple[float, float]:
    """Angle, degrees, and rise, m, from the start to the turn."""
    poses = path.poses(np.array([true.start_s, true.turn_s]))
    start, turn = orientation(poses).inv().apply((0.0, 0.0, 1.0))
    low, high = position_m(poses, np.array(LIMBS[placement].lever_m))[:, 2]
    return float(np.degrees(np.arccos(start @ turn))), abs(float(high - low))


def errors(rep: Rep, true: TrueRep, path: Path, placement: str) -> list[float]:
    """How far each measure is off, NaN where nothing is said."""
    angle_deg, rise_m = truth(true, path, placement)
    known = {
        "rom_deg": (rep.rom_deg, angle_deg),
        "depth_deg": (rep.depth_deg, angle_deg),
        "rom_m": (rep.rom_m, rise_m),
        "m_s": (rep.mean_concentric_velocity_m_s, rise_m / (true.concentric_s or np.nan)),
    }
    return [np.nan if said is None else said - was for said, was in (known[name] for name in ERRORS)]


def line(errors_of_reps: Sequence[Sequence[float]], later_reps: int) -> str:
    """Bias and limits of agreement of each measure."""
    cells = []
    for name, off in zip(ERRORS, np.array(errors_of_reps).T, strict=True):
        known: Array = off[np.isfinite(off)]
        digits = 1 if name.endswith("deg") else 3
        text = f"{np.mean(known):+.{digits}f} ± {1.96 * np.std(known):.{digits}f}" if len(known) else ""
        cells.append(f"{name} {text:16}")
        if name == "rom_m":
            cells.append(f"metres {len(known):3d} of {later_reps:3d}")
    return "  ".join(cells)


def main() -> None:
    """Simulate, count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=130)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    found: dict[tuple[str, str, str], list[list[float]]] = defaultdict(list)
    later: dict[tuple[str, str, str], int] = defaultdict(int)
    for recording in tqdm(collection(asked.count, asked.seed), total=asked.count, disable=None):
        if not any(isinstance(part, SetOf) for part in recording.plan.parts):
            continue
        key = (recording.exercise, recording.placement, "gyro" if recording.plan.has_gyro else "acc")
        for rep, true, path in measured(recording):
            found[key].append(errors(rep, true, path, recording.placement))
            later[key] += rep.rep_index > 1
    for key in sorted(found):
        print(f"{' '.join(key):26} {len(found[key]):4d} reps  {line(found[key], later[key])}")  # noqa: T201


if __name__ == "__main__":
    main()
