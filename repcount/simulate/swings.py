"""What limbs do beside what they are meant to do: wander, shake, swing with the stride, breathe."""

from collections.abc import Iterator

import numpy as np

from repcount.samples import Array
from repcount.simulate.limb import Limb
from repcount.simulate.path import Swing
from repcount.simulate.plan import Habits
from repcount.simulate.pose import ANGLES, PITCH, POSITION, SIZE, Z

_SWAY_COUNT, _SHAKE_COUNT = 4, 5
_SWAY_HZ, _SHAKE_HZ = (0.12, 0.6), (2.0, 14.0)
_STRIDE_HZ, _BREATH_HZ = (0.8, 1.0), (0.2, 0.35)
_ARM_SWING_RATIO = (14.0 / 19.0, 24.0 / 19.0)
_BOUNCE_M = (0.015, 0.025)


def sway(habits: Habits, start_s: float, end_s: float, rng: np.random.Generator) -> Iterator[Swing]:
    """Nobody is ever quite still: slow wandering."""
    share = np.sqrt(2.0 / _SWAY_COUNT)
    for _ in range(_SWAY_COUNT):
        frequency_hz = rng.uniform(*_SWAY_HZ)
        amplitude = _any_way(share * habits.sway_m, share * habits.sway_deg, rng)
        yield _swing(start_s, end_s, frequency_hz, amplitude, rng.uniform(0.0, 2.0 * np.pi, SIZE))


def shake(
    habits: Habits, limb: Limb, start_s: float, end_s: float, rng: np.random.Generator
) -> Iterator[Swing]:
    """A working limb shakes: equal parts of acceleration and of turning rate at a few frequencies."""
    share = np.sqrt(2.0 / _SHAKE_COUNT) * limb.shake_ratio
    for _ in range(_SHAKE_COUNT):
        low_hz, high_hz = _SHAKE_HZ
        frequency_hz = low_hz * (high_hz / low_hz) ** rng.uniform()
        turns_rad_s = 2.0 * np.pi * frequency_hz
        position_m = share * habits.shake_m_s2 / turns_rad_s**2
        amplitude = _any_way(position_m, share * habits.shake_deg_s / turns_rad_s, rng)
        yield _swing(start_s, end_s, frequency_hz, amplitude, rng.uniform(0.0, 2.0 * np.pi, SIZE))


def stride(limb: Limb, start_s: float, end_s: float, rng: np.random.Generator) -> Iterator[Swing]:
    """Walking: the limb swings once a stride and bounces with each step."""
    stride_hz = rng.uniform(*_STRIDE_HZ)
    arm, bounce = limb.stride.array(), limb.bounce.array()
    arm[PITCH] *= rng.uniform(*_ARM_SWING_RATIO)
    bounce[Z] = rng.uniform(*_BOUNCE_M)
    for frequency_hz, amplitude in ((stride_hz, arm), (2.0 * stride_hz, bounce)):
        yield _swing(start_s, end_s, frequency_hz, amplitude, np.full(SIZE, rng.uniform(0.0, 2.0 * np.pi)))


def breath(
    habits: Habits, limb: Limb, start_s: float, end_s: float, rng: np.random.Generator
) -> Iterator[Swing]:
    """Breathing, where the limb shows it."""
    amplitude = habits.breath_ratio * limb.breath.array()
    if amplitude.any():
        phase_rad = np.full(SIZE, rng.uniform(0.0, 2.0 * np.pi))
        yield _swing(start_s, end_s, rng.uniform(*_BREATH_HZ), amplitude, phase_rad)


def _any_way(position_m: float, angle_deg: float, rng: np.random.Generator) -> Array:
    amplitude = np.zeros(SIZE)
    amplitude[POSITION] = position_m * _direction(rng, 3)
    amplitude[ANGLES] = angle_deg * _direction(rng, 4)
    return amplitude


def _direction(rng: np.random.Generator, size: int) -> Array:
    drawn = rng.normal(size=size)
    return np.asarray(drawn / np.linalg.norm(drawn))


def _swing(start_s: float, end_s: float, frequency_hz: float, amplitude: Array, phase_rad: Array) -> Swing:
    return Swing(
        start_s=start_s, end_s=end_s, frequency_hz=frequency_hz, amplitude=amplitude, phase_rad=phase_rad
    )
