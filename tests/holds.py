"""Back extension holds for tests: the angle of the trunk over time, seen by a sensor turned anyhow.

A body of its own, not the simulator's: a rigid trunk that turns about the hips, what the muscles add to it,
and a sensor at a lever from the hips. Angles in degrees; 90 is standing, 0 is lying prone.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import butter, sosfilt
from scipy.spatial.transform import Rotation

from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch


@dataclass(frozen=True, kw_only=True)
class Holds:
    """A set: walk, lie down, lift and hold `holds_s` one after another, get up."""

    holds_s: tuple[float, ...] = (12.0, 20.0)
    lift_deg: float = 22.0
    lift_s: float = 1.2
    lower_s: float = 1.5
    lie_s: float = 5.0
    rest_s: float = 6.0
    after_s: float = 3.0
    walk_s: float = 6.0
    sag_deg: float = 2.0
    breath_deg: float = 0.8
    sway_deg: float = 0.5
    tremor_g: float = 0.03
    follow_ratio: float = 1.0
    roll_deg: float = 0.0
    lever_m: float = 0.35
    rate_hz: float = 50.0
    seed: int = 1


@dataclass(frozen=True)
class Performed:
    """The samples, and the true `(start_s, end_s)` of every hold."""

    batch: SampleBatch
    holds: tuple[tuple[float, float], ...]


def perform(plan: Holds) -> Performed:
    """Do the set."""
    rng = np.random.default_rng(plan.seed)
    knots, spans, t_s = [(0.0, 90.0), (plan.walk_s, 90.0)], [], plan.walk_s + 3.0
    knots += [(t_s, 0.0)]
    for k, hold_s in enumerate(plan.holds_s):
        t_s += plan.rest_s if k else plan.lie_s
        start_s = t_s + plan.lift_s
        end_s = start_s + hold_s
        knots += [(t_s, 0.0), (start_s, plan.lift_deg), (end_s, plan.lift_deg - plan.sag_deg)]
        t_s = end_s + plan.lower_s
        knots += [(t_s, 0.0)]
        spans.append((start_s, end_s))
    knots += [(t_s + plan.after_s, 0.0), (t_s + plan.after_s + 3.0, 90.0), (t_s + plan.after_s + 10.0, 90.0)]
    clock_s = np.arange(0.0, knots[-1][0], 1 / 200)
    working = np.zeros(len(clock_s))
    for start_s, end_s in spans:
        working[(clock_s > start_s - plan.lift_s) & (clock_s < end_s + plan.lower_s)] = 1.0
    acc_g = _felt(_smooth(knots, clock_s), working, clock_s, plan, rng)
    at_s = np.arange(0.0, clock_s[-1], 1 / plan.rate_hz)
    sampled = np.stack([np.interp(at_s, clock_s, axis) for axis in acc_g.T], axis=1)
    sampled += rng.normal(0, 0.01, 3) + rng.normal(0, 0.004, sampled.shape)
    return Performed(SampleBatch(at_s, sampled * STANDARD_GRAVITY_M_S2, None), tuple(spans))


def _smooth(knots, clock_s):
    angle = np.zeros(len(clock_s))
    for (t0, a0), (t1, a1) in pairwise(knots):
        u = np.clip((clock_s - t0) / max(t1 - t0, 1e-9), 0, 1)
        inside = (clock_s >= t0) & (clock_s <= t1)
        angle[inside] = (a0 + (a1 - a0) * (10 * u**3 - 15 * u**4 + 6 * u**5))[inside]
    return angle


def _noise(n, low_hz, high_hz, rng):
    sos = butter(2, (low_hz, high_hz), "bandpass", fs=200, output="sos")
    values = sosfilt(sos, rng.normal(size=n))
    return values / max(float(np.std(values)), 1e-9)


def _felt(trunk_deg, working, clock_s, plan, rng):
    n = len(clock_s)
    lying = np.clip(1 - trunk_deg / 60, 0, 1)
    walks = clock_s < plan.walk_s
    pitch = trunk_deg * np.where(trunk_deg < 60, plan.follow_ratio, 1.0)
    pitch = pitch + plan.breath_deg * np.sin(2 * np.pi * 0.27 * clock_s) * lying
    pitch = pitch + working * plan.sway_deg * _noise(n, 0.1, 0.8, rng) + 12 * walks * np.sin(11 * clock_s)
    roll = plan.roll_deg * trunk_deg / 20 * (trunk_deg < 60) + working * plan.sway_deg * _noise(
        n, 0.1, 0.8, rng
    )
    turned = np.radians(trunk_deg)
    rate = np.gradient(turned, clock_s)
    along, across = -plan.lever_m * rate**2, plan.lever_m * np.gradient(rate, clock_s)
    body = Rotation.from_euler("yx", np.stack([pitch, roll], axis=1), degrees=True)
    felt = body.inv().apply(np.tile([0.0, 0.0, 1.0], (n, 1)))
    felt += np.stack([along, np.zeros(n), across], axis=1) / STANDARD_GRAVITY_M_S2
    felt += plan.tremor_g * working[:, None] * np.stack([_noise(n, 5, 12, rng) for _ in range(3)], axis=1)
    felt += 0.15 * walks[:, None] * np.stack([_noise(n, 1, 8, rng) for _ in range(3)], axis=1)
    return Rotation.random(random_state=int(rng.integers(1 << 30))).apply(felt)
