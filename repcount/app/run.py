"""One recording through the pipeline: shared by replay and evaluate."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from repcount.edges.files import read_samples
from repcount.events import Event
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.reps.tuning import Tuned, tuning_key
from repcount.samples import SampleBatch

STATION = "replay-file"
SENSOR = "wrist"
_S_PER_MS = 1e-3


@dataclass(frozen=True, slots=True)
class Run:
    """What the pipeline said of a recording `duration_s` long."""

    events: list[Event]
    duration_s: float


def pieces(samples: SampleBatch, batch_ms: float) -> Iterator[SampleBatch]:
    """Cut samples as a sensor that sends every `batch_ms` would; nothing for a span without samples."""
    if not len(samples):
        return
    notification = np.floor((samples.t_s - samples.t_s[0]) / (batch_ms * _S_PER_MS))
    edges = [0, *(np.flatnonzero(np.diff(notification)) + 1).tolist(), len(samples)]
    for start, end in pairwise(edges):
        yield samples[start:end]


def run_samples(
    samples: SampleBatch,
    exercise: str,
    placement: str,
    batch_ms: float,
    *,
    force: bool = False,
    tuned: Tuned | None = None,
) -> Run:
    """Feed samples of one sensor, in pieces, to a pipeline with `exercise` armed, if need be by `force`.

    Of `tuned` only what is changed of this exercise at this placement matters.
    """
    sensors = {SENSOR: SensorConfig(profile=None, placement=placement)}
    key = tuning_key(exercise, placement)
    mine = {key: tuned[key]} if tuned and key in tuned else {}
    params = PipelineParams(station=STATION, exercise=exercise, force=force).tuned_as(mine)
    pipeline = Pipeline(sensors, params)
    events = [event for piece in pieces(samples, batch_ms) for event in pipeline.feed(SENSOR, piece)]
    events += pipeline.finish()
    return Run(events, float(samples.t_s[-1] - samples.t_s[0]))


def run_recording(path: Path, exercise: str, placement: str, batch_ms: float, *, force: bool = False) -> Run:
    """Read a `.csv` or `.npz` and run it; InputError with all that is wrong with the file."""
    return run_samples(read_samples(path), exercise, placement, batch_ms, force=force)
