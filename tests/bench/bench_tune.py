"""What a search costs: `python tests/bench/bench_tune.py [SETS] [TRIALS]`. Prints, never asserts.

Simulated one-minute sets of bent-over rows at 100 Hz, of twenty people, searched on two cores. CPU time is
told beside the time on the clock: on a busy machine only the first is the program's.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from repcount.app.tune import TuneOptions, tune
from repcount.edges.collection import write_index
from repcount.edges.files import write_samples
from repcount.evaluate.collection import IndexRow
from repcount.simulate import Plan, SetOf, StandStill, simulate

RATE_HZ, MINUTE_S, PEOPLE, JOBS = 100.0, 60.0, 20, 2


def rows(folder: Path, sets: int) -> Iterator[IndexRow]:
    """Simulate the sets; a row each."""
    for k in range(sets):
        rng = np.random.default_rng(k)
        reps = int(rng.integers(4, 11))
        parts = (
            StandStill(duration_s=6.0),
            SetOf(exercise="bent_over_row", reps=reps),
            StandStill(duration_s=60.0),
        )
        samples = simulate(Plan(parts=parts, rate_hz=RATE_HZ), rng).batch
        samples = samples[: int(np.searchsorted(samples.t_s, MINUTE_S))]
        write_samples(folder / f"{k:03}.npz", samples)
        yield IndexRow(
            line=k + 2,
            file=f"{k:03}.npz",
            dataset="simulated",
            subject=f"person-{k % PEOPLE:02}",
            exercise="row",
            exercise_ours="bent_over_row",
            placement="wrist",
            rate_hz=RATE_HZ,
            has_gyro=True,
            duration_s=MINUTE_S,
            n_reps_true=reps,
            n_reps_visual=None,
            active_start_s=None,
            active_end_s=None,
            labels="",
            notes="",
        )


def cpu_s() -> float:
    """CPU time of this process and of those it started and that ended, s."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Measure and print."""
    sets, trials = (int(word) for word in (*sys.argv[1:], *("100", "200")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = name
        write_index(folder / "index.csv", rows(folder, sets))
        options = TuneOptions(
            index=folder / "index.csv",
            exercise="bent_over_row",
            trials=trials,
            jobs=JOBS,
            out=folder / "out.toml",
        )
        started_s, used_s = time.perf_counter(), cpu_s()
        tune(options)
        took_s, used_s = time.perf_counter() - started_s, cpu_s() - used_s
        say((folder / "out.md").read_text())
    say(f"{sets} sets, {trials} trials, {JOBS} processes: {took_s:.0f} s on the clock, {used_s:.0f} s of CPU")
    say(f"that is {used_s / JOBS:.0f} s on {JOBS} cores that do nothing else")


def say(text: str) -> None:
    """Print."""
    print(text)  # noqa: T201 - it is what this is for


if __name__ == "__main__":
    main()
