"""A plan in, samples and truth out. Pure: the same plan and generator state give the same bytes.

Rules: physics forward only; nothing here knows how reps are detected.
"""

from dataclasses import dataclass

import numpy as np

from repcount.samples import SampleBatch
from repcount.simulate.perform import TrueSet, perform
from repcount.simulate.plan import Plan
from repcount.simulate.sense import sense
from repcount.truth import TrueRep


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulation:
    """All samples from 0 s on, and what really happened in them."""

    batch: SampleBatch
    reps: tuple[TrueRep, ...]
    sets: tuple[TrueSet, ...]


def simulate(plan: Plan, rng: np.random.Generator) -> Simulation:
    """Simulate a session.

    The truth depends on the plan's parts and habits and on the generator, not on the sampling rate, the
    mounting or the sensor's errors.

    Raises
    ------
    InputError
        When the plan names an exercise that is not simulated on its placement.
    """
    done = perform(plan, rng)
    batch = sense(done.path, done.duration_s, plan, rng)
    return Simulation(batch=batch, reps=done.reps, sets=done.sets)
