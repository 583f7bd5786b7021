"""A plan in, samples and truth out. Pure: the same plan and generator state give the same bytes.

Rules: physics forward only; nothing here knows how reps are detected.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

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


def simulate_worn(plan: Plan, placements: Iterable[str], seed: int) -> dict[str, Simulation]:
    """Simulate one session seen by sensors at several placements, by placement.

    Up to the end of the first set every limb does the same at the same time; after it each gets off, and
    moves on, as long as limbs of its kind take.

    Raises
    ------
    InputError
        When the plan names an exercise that is not simulated on one of the placements.
    """
    return {
        placement: simulate(replace(plan, placement=placement), np.random.default_rng(seed))
        for placement in placements
    }


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
