"""What a sensor on the moving limb measures: specific force and turning rate, from the path alone."""

import numpy as np
from scipy.spatial.transform import Rotation

from repcount.samples import STANDARD_GRAVITY_M_S2, Array, SampleBatch
from repcount.simulate.path import Path
from repcount.simulate.plan import Plan
from repcount.simulate.pose import LEVERS_M, mirrored, orientation, position_m

_STEP_S = 1e-3
"""Central differences: their error is below 1e-4 of the shaking, rounding below 1e-8 m/s2."""


def sense(path: Path, duration_s: float, plan: Plan, rng: np.random.Generator) -> SampleBatch:
    """Samples of the whole path at the plan's rate, with the sensor's errors."""
    t_s = np.arange(int(duration_s * plan.rate_hz)) / plan.rate_hz
    before, now, after = (_posed(path, t_s + step_s, plan) for step_s in (-_STEP_S, 0.0, _STEP_S))
    lever_m = LEVERS_M[plan.placement]
    p0, p1, p2 = (position_m(poses, lever_m) for poses in (before, now, after))
    force_m_s2 = (p0 - 2.0 * p1 + p2) / _STEP_S**2 + (0.0, 0.0, STANDARD_GRAVITY_M_S2)
    forearm_to_sensor = Rotation.from_rotvec(plan.mounting_deg, degrees=True).inv()
    turned = orientation(before).inv() * orientation(after)
    acc_m_s2 = forearm_to_sensor.apply(orientation(now).inv().apply(force_m_s2))
    gyro_rad_s = forearm_to_sensor.apply(turned.as_rotvec() / (2.0 * _STEP_S))
    errors = plan.errors
    acc_m_s2 = _measured(acc_m_s2, errors.acc_bias_m_s2, errors.acc_noise_m_s2, rng)
    gyro_rad_s = _measured(gyro_rad_s, errors.gyro_bias_rad_s, errors.gyro_noise_rad_s, rng)
    return SampleBatch(t_s, acc_m_s2, gyro_rad_s if plan.has_gyro else None)


def _posed(path: Path, t_s: Array, plan: Plan) -> Array:
    poses = path.poses(t_s)
    return mirrored(poses) if plan.side == "right" else poses


def _measured(true: Array, bias: float, noise: float, rng: np.random.Generator) -> Array:
    return np.asarray(true + rng.normal(0.0, bias, 3) + rng.normal(0.0, noise, true.shape))
