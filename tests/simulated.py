"""Simulated sessions and what the pipeline says of them, for tests."""

import numpy as np

from repcount.events import Tempo
from repcount.pipeline import Pipeline, PipelineParams, SensorConfig
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch
from repcount.simulate import Plan, SetOf, StandStill, Walk, simulate, simulate_worn

QUICK = Tempo(eccentric_s=1.5, pause_lengthened_s=0.3, concentric_s=1.0, pause_shortened_s=0.2)
"""A rep in 3 s, so that a test's set is short."""


def simulated(*parts, seed=1, **changes):
    return simulate(Plan(parts=parts, **changes), np.random.default_rng(seed))


def a_set(exercise="pull_up", reps=4, *, tempo=QUICK, rest_s=18.0, walk_s=0.0, seed=1, **changes):
    """Stand, do a set, stand (or walk) until it must be over."""
    after = (
        (Walk(duration_s=walk_s), StandStill(duration_s=rest_s))
        if walk_s
        else (StandStill(duration_s=rest_s),)
    )
    whole = SetOf(exercise=exercise, reps=reps, tempo=tempo, **changes.pop("habits_of_set", {}))
    return simulated(StandStill(duration_s=4.0), whole, *after, seed=seed, **changes)


def worn_both(
    exercise, reps=6, *, seed=1, tempo=QUICK, rest_s=18.0, placements=("wrist", "chest"), **changes
):
    """The samples of two sensors, by placement, of one set; both have the same clock."""
    whole = SetOf(exercise=exercise, reps=reps, tempo=tempo)
    parts = (StandStill(duration_s=4.0), whole, StandStill(duration_s=rest_s))
    done = simulate_worn(Plan(parts=parts, **changes), placements, seed)
    return {placement: one.batch for placement, one in done.items()}


def a_pair(exercise, *, profile=None, **params):
    sensors = {key: SensorConfig(profile, key) for key in ("wrist", "chest")}
    return Pipeline(sensors, PipelineParams(exercise=exercise, **params))


def a_pipeline(exercise="pull_up", *, profile=None, placement="wrist", **params):
    sensors = {"wrist": SensorConfig(profile, placement)}
    return Pipeline(sensors, PipelineParams(exercise=exercise, **params))


def counted(batch, exercise="pull_up"):
    """All events of a session of ready samples."""
    pipeline = a_pipeline(exercise)
    return pipeline.feed("wrist", batch) + pipeline.finish()


def without(batch, *spans_s):
    """The samples outside the spans."""
    kept = np.ones(len(batch), dtype=bool)
    for start_s, end_s in spans_s:
        kept &= (batch.t_s <= start_s) | (batch.t_s >= end_s)
    gyro = None if batch.gyro_rad_s is None else batch.gyro_rad_s[kept]
    return SampleBatch(batch.t_s[kept], batch.acc_m_s2[kept], gyro)


def at_rest(duration_s, rate_hz=50.0):
    """A sensor that lies still."""
    n = round(duration_s * rate_hz)
    return SampleBatch(np.arange(n) / rate_hz, np.tile([0.0, 0.0, STANDARD_GRAVITY_M_S2], (n, 1)))
