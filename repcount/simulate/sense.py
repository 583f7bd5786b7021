"""What a sensor on the moving limb measures: specific force and turning rate, from the path alone."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from repcount.samples import STANDARD_GRAVITY_M_S2, Array, SampleBatch
from repcount.simulate.limb import LIMBS
from repcount.simulate.path import Path
from repcount.simulate.plan import Plan
from repcount.simulate.pose import mirrored, orientation, position_m

_STEP_S = 1e-3
"""Central differences: their error is below 1e-4 of the shaking, rounding below 1e-8 m/s2."""

_PER_MILLION = 1e-6
_LONGEST_LOSS_SAMPLES = 8
_LARGEST_JITTER_PERIODS = 0.45


def sense(path: Path, duration_s: float, plan: Plan, rng: np.random.Generator) -> SampleBatch:
    """Samples of the whole path at the plan's rate, with the errors of the sensor and its link."""
    errors = plan.errors
    t_s = np.arange(int(duration_s * plan.rate_hz)) / plan.rate_hz
    acc_m_s2, gyro_rad_s = _true(path, t_s * (1.0 + errors.clock_slow_ppm * _PER_MILLION), plan)
    acc_m_s2 = _measured(acc_m_s2, errors.acc_bias_m_s2, errors.acc_noise_m_s2, rng)
    gyro_rad_s = _measured(gyro_rad_s, errors.gyro_bias_rad_s, errors.gyro_noise_rad_s, rng)
    acc_m_s2 = _in_digits(acc_m_s2, errors.acc_step_m_s2, errors.acc_limit_m_s2)
    gyro_rad_s = _in_digits(gyro_rad_s, errors.gyro_step_rad_s, errors.gyro_limit_rad_s)
    kept = _arrived(len(t_s), errors.lost_ratio, rng)
    t_s = _dated(t_s, errors.jitter_s, plan.rate_hz, rng)
    return SampleBatch(t_s[kept], acc_m_s2[kept], gyro_rad_s[kept] if plan.has_gyro else None)


def _true(path: Path, t_s: Array, plan: Plan) -> tuple[Array, Array]:
    """Specific force, m/s2, and turning rate, rad/s, in the sensor's frame."""
    before, now, after = (_posed(path, t_s + step_s, plan) for step_s in (-_STEP_S, 0.0, _STEP_S))
    lever_m = np.array(LIMBS[plan.placement].lever_m)
    p0, p1, p2 = (position_m(poses, lever_m) for poses in (before, now, after))
    force_m_s2 = (p0 - 2.0 * p1 + p2) / _STEP_S**2 + (0.0, 0.0, STANDARD_GRAVITY_M_S2)
    limb_to_sensor = Rotation.from_rotvec(plan.mounting_deg, degrees=True).inv()
    turned = orientation(before).inv() * orientation(after)
    acc_m_s2 = limb_to_sensor.apply(orientation(now).inv().apply(force_m_s2))
    return acc_m_s2, limb_to_sensor.apply(turned.as_rotvec() / (2.0 * _STEP_S))


def _posed(path: Path, t_s: Array, plan: Plan) -> Array:
    poses = path.poses(t_s)
    return mirrored(poses) if plan.side == "right" else poses


def _measured(true: Array, bias: float, noise: float, rng: np.random.Generator) -> Array:
    return np.asarray(true + rng.normal(0.0, bias, 3) + rng.normal(0.0, noise, true.shape))


def _in_digits(value: Array, step: float, limit: float) -> Array:
    limited = np.clip(value, -limit, limit)
    return np.asarray(np.round(limited / step) * step) if step else limited


def _arrived(count: int, lost_ratio: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which samples arrive: losses of one to `_LONGEST_LOSS_SAMPLES` in a row, never the first sample."""
    lost = np.zeros(count, dtype=np.bool_)
    if lost_ratio:
        mean_samples = (1 + _LONGEST_LOSS_SAMPLES) / 2.0
        for start in np.flatnonzero(rng.random(count) < lost_ratio / mean_samples):
            lost[start : start + rng.integers(1, _LONGEST_LOSS_SAMPLES + 1)] = True
        lost[:1] = False
    return ~lost


def _dated(t_s: Array, jitter_s: float, rate_hz: float, rng: np.random.Generator) -> Array:
    """Times as they are told; the order stays."""
    if not jitter_s:
        return t_s
    most_s = min(jitter_s, _LARGEST_JITTER_PERIODS / rate_hz)
    told_s = t_s + rng.uniform(-most_s, most_s, len(t_s))
    return np.asarray(told_s - told_s[:1])
