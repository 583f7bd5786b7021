"""What counting costs: `make bench`. Prints, never asserts: times are of the machine, ratios of the code.

The floor is the least any counter must do to the same samples: one second-order filter over three axes.
"""

import json
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from scipy.signal import butter, sosfilt

from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import SampleBatch
from repcount.simulate import Plan, SetOf, StandStill, Walk, simulate

RATE_HZ = 100.0
BATCH_S = 0.04
ROUNDS = 5


def session() -> SampleBatch:
    """Two sets with walking between, at the rate of a quick sensor."""
    a_set = SetOf(exercise="pull_up", reps=8)
    parts = (StandStill(duration_s=4.0), a_set, Walk(duration_s=30.0), a_set, Walk(duration_s=30.0))
    return simulate(Plan(parts=parts, rate_hz=RATE_HZ), np.random.default_rng(1)).batch


def cut(batch: SampleBatch, batch_s: float) -> list[SampleBatch]:
    """Cut as a sensor would that sends every `batch_s`."""
    edges = [*range(0, len(batch), round(batch_s * RATE_HZ)), len(batch)]
    return [batch[first:last] for first, last in pairwise(edges)]


def counted(batches: list[SampleBatch]) -> Pipeline:
    """A pipeline that has been fed the batches."""
    pipeline = Pipeline({"wrist": SensorConfig(None, "wrist")}, PipelineParams(exercise="pull_up"))
    for batch in batches:
        pipeline.feed("wrist", batch)
    return pipeline


def best_s(run: Callable[[], object]) -> float:
    """Shortest time of a few runs, s: what disturbs only adds."""

    def times_s() -> Iterator[float]:
        for _ in range(ROUNDS):
            start_s = time.perf_counter()
            run()
            yield time.perf_counter() - start_s

    return min(times_s())


def main() -> None:
    """Measure and print."""
    batch = session()
    pieces = cut(batch, BATCH_S)
    sos = butter(2, 0.8, fs=RATE_HZ, output="sos")
    floor_s = best_s(lambda: sosfilt(sos, batch.acc_m_s2, axis=0))
    pipeline = counted(pieces)
    print(f"{len(batch)} samples at {RATE_HZ:g} Hz; the floor takes {floor_s * 1e3:.2f} ms")  # noqa: T201 - it prints
    for name, batches in (("whole in one batch", [batch]), (f"in {BATCH_S * 1e3:g} ms batches", pieces)):
        took_s = best_s(lambda batches=batches: counted(batches))
        per_sample_us = took_s / len(batch) * 1e6
        real_time_ratio = len(batch) / RATE_HZ / took_s
        print(  # noqa: T201 - as above
            f"{name:22} {took_s / floor_s:8.0f} floors  {per_sample_us:6.1f} us a sample"
            f"  {real_time_ratio:6.0f} times real time"
        )
    size_bytes = len(json.dumps(pipeline.snapshot()))
    snapshot_s = best_s(lambda: json.dumps(pipeline.snapshot()))
    print(f"{'snapshot':22} {size_bytes / 1e3:8.0f} kB      {snapshot_s * 1e3:6.1f} ms")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
