"""What counting costs: `make bench`. Prints, never asserts: times are of the machine, ratios of the code.

The floor is the least anybody must do to the same samples: orientation by VQF in one batch and a second-order
filter over three axes.
"""

import gc
import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from scipy.signal import butter, sosfilt
from vqf import VQF

from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import SampleBatch
from repcount.simulate import Plan, SetOf, StandStill, Walk, simulate

RATE_HZ = 100.0
BATCH_S = 0.04
ROUNDS = 5
HOURS_ROUNDS = 30


def session() -> SampleBatch:
    """Two sets with walking between, at the rate of a quick sensor."""
    a_set = SetOf(exercise="pull_up", reps=8)
    parts = (StandStill(duration_s=4.0), a_set, Walk(duration_s=30.0), a_set, Walk(duration_s=30.0))
    return simulate(Plan(parts=parts, rate_hz=RATE_HZ), np.random.default_rng(1)).batch


def cut(batch: SampleBatch, batch_s: float) -> list[SampleBatch]:
    """Cut as a sensor would that sends every `batch_s`."""
    edges = [*range(0, len(batch), round(batch_s * RATE_HZ)), len(batch)]
    return [batch[first:last] for first, last in pairwise(edges)]


def new_pipeline() -> Pipeline:
    """One station with one sensor on the wrist."""
    return Pipeline({"wrist": SensorConfig(None, "wrist")}, PipelineParams(exercise="pull_up"))


def counted(batches: list[SampleBatch]) -> Pipeline:
    """A pipeline that has been fed the batches."""
    pipeline = new_pipeline()
    for batch in batches:
        pipeline.feed("wrist", batch)
    return pipeline


def floor(batch: SampleBatch) -> None:
    """Do what nobody can do without."""
    assert batch.gyro_rad_s is not None
    VQF(1 / RATE_HZ).updateBatch(np.ascontiguousarray(batch.gyro_rad_s), np.ascontiguousarray(batch.acc_m_s2))
    sosfilt(butter(2, 0.8, fs=RATE_HZ, output="sos"), batch.acc_m_s2, axis=0)


def best_s(run: Callable[[], object]) -> float:
    """Shortest time of a few runs, s: what disturbs only adds."""

    def times_s() -> Iterator[float]:
        for _ in range(ROUNDS):
            start_s = time.perf_counter()
            run()
            yield time.perf_counter() - start_s

    return min(times_s())


def memory_kib(batch: SampleBatch) -> Iterator[float]:
    """What one pipeline holds after each round of the session, one after the other, KiB."""
    tracemalloc.start()
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    pipeline = new_pipeline()
    for k in range(HOURS_ROUNDS):
        pipeline.feed(
            "wrist", SampleBatch(batch.t_s + k * (batch.t_s[-1] + 0.01), batch.acc_m_s2, batch.gyro_rad_s)
        )
        gc.collect()
        yield (tracemalloc.get_traced_memory()[0] - before) / 1024
    tracemalloc.stop()


def main() -> None:
    """Measure and print."""
    batch = session()
    pieces = cut(batch, BATCH_S)
    floor_s = best_s(lambda: floor(batch))
    say(
        f"{len(batch)} samples at {RATE_HZ:g} Hz; "
        f"the floor takes {floor_s / len(batch) * 1e6:.2f} us a sample"
    )
    for name, batches in (("whole in one batch", [batch]), (f"in {BATCH_S * 1e3:g} ms batches", pieces)):
        took_s = best_s(lambda batches=batches: counted(batches))
        per_sample_us = took_s / len(batch) * 1e6
        core = took_s / (len(batch) / RATE_HZ)
        say(
            f"{name:22} {took_s / floor_s:6.1f} floors  {per_sample_us:5.1f} us a sample  "
            f"{core:.2%} of a core"
        )
    kib = list(memory_kib(batch))
    hours = HOURS_ROUNDS * float(batch.t_s[-1]) / 3600
    say(
        f"{'memory':22} {kib[0]:6.0f} KiB after one session, {kib[-1]:.0f} KiB after {hours:.1f} h, "
        f"at most {max(kib):.0f}"
    )
    pipeline = counted([batch])
    size_bytes = len(json.dumps(pipeline.snapshot()))
    snapshot_s = best_s(lambda: json.dumps(pipeline.snapshot()))
    say(f"{'snapshot':22} {size_bytes / 1e3:6.0f} kB      {snapshot_s * 1e3:5.1f} ms")


def say(line: str) -> None:
    """Print a line."""
    print(line)  # noqa: T201 - it is what this is for


if __name__ == "__main__":
    main()
