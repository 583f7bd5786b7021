"""From where a sensor is and how it lies to what it says: specific force and angular rate, imperfect."""

from dataclasses import dataclass

import numpy as np

from second_simulator.tracking import RATE_HZ, follow

GRAVITY_M_S2 = 9.80665
RATES_HZ = (25.0, 26.0, 33.3, 50.0, 52.0, 64.0, 100.0, 104.0)


@dataclass(frozen=True)
class Sensor:
    """`mount` (3, 3) turns sensor axes into the limb's; biases and noises as standard deviations."""

    rate_hz: float
    has_gyro: bool
    mount: np.ndarray
    wobble_rad_s: float
    bias_g: np.ndarray
    noise_g: float
    bias_deg_s: np.ndarray
    noise_deg_s: float
    step_g: float
    range_g: float
    step_deg_s: float
    drift_ratio: float
    lost: int


def a_sensor(rng):
    axis, angle = rng.normal(size=3), rng.uniform(0, np.pi)
    full_g = float(rng.choice([4, 8, 16]))
    bits = int(rng.choice([8, 10, 12, 14, 16], p=[0.1, 0.15, 0.25, 0.15, 0.35]))
    full_g = min(full_g, 4.0) if bits == 8 else full_g
    return Sensor(
        rate_hz=float(rng.choice(RATES_HZ)),
        has_gyro=bool(rng.random() < 0.5),
        mount=about(axis / np.linalg.norm(axis), angle),
        wobble_rad_s=2 * np.pi * rng.uniform(8, 18),
        bias_g=rng.normal(size=3) * 0.015,
        noise_g=rng.uniform(0.001, 0.008),
        bias_deg_s=rng.normal(size=3) * 0.8,
        noise_deg_s=rng.uniform(0.03, 0.3),
        step_g=2 * full_g / 2**bits,
        range_g=full_g,
        step_deg_s=4000 / 2 ** max(bits, 12),
        drift_ratio=rng.normal() * 60e-6,
        lost=int(rng.integers(1, 4)) if rng.random() < 0.12 else 0,
    )


def about(axis, angle):
    """(3, 3) rotation by an angle about a unit axis."""
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def true_motion(position, turn, knocks=None):
    """Specific force (N, 3) m/s2 and angular rate (N, 3) rad/s in the limb's frame."""
    step = 1 / RATE_HZ
    acc = np.zeros_like(position)
    acc[1:-1] = (position[2:] - 2 * position[1:-1] + position[:-2]) / step**2
    acc[:, 2] += GRAVITY_M_S2 + (0 if knocks is None else knocks)
    force = np.einsum("nji,nj->ni", turn, acc)
    change = np.einsum("nji,njk->nik", turn[:-1], turn[1:])
    skew = (change - np.swapaxes(change, 1, 2)) / 2
    sine = np.stack([skew[:, 2, 1], skew[:, 0, 2], skew[:, 1, 0]], axis=1)
    size = np.linalg.norm(sine, axis=1, keepdims=True)
    rate = sine * np.arcsin(np.clip(size, 0, 1)) / np.maximum(size, 1e-12) / step
    return force, np.vstack([rate, rate[-1:]])


def sense(rng, sensor, position, turn, knocks=None):
    """What the sensor sends: times (M,) s, acc (M, 3) g, gyro (M, 3) deg/s or None."""
    force, rate = true_motion(position, turn, knocks)
    signals = np.hstack([force / GRAVITY_M_S2, np.degrees(rate)])
    signals = follow(signals, sensor.wobble_rad_s, 0.3)
    if sensor.rate_hz < RATE_HZ / 2:
        signals = follow(signals, 2 * np.pi * 0.45 * sensor.rate_hz, 0.75)
    duration_s = (len(position) - 1) / RATE_HZ
    times = np.arange(0.0, duration_s, (1 + sensor.drift_ratio) / sensor.rate_hz)
    inner = np.arange(len(position)) / RATE_HZ
    signals = np.stack([np.interp(times, inner, column) for column in signals.T], axis=1)
    acc, gyro = signals[:, :3] @ sensor.mount, signals[:, 3:] @ sensor.mount
    acc = acc + sensor.bias_g + rng.normal(size=acc.shape) * sensor.noise_g
    acc = np.clip(np.round(acc / sensor.step_g) * sensor.step_g, -sensor.range_g, sensor.range_g)
    gyro = gyro + sensor.bias_deg_s + rng.normal(size=gyro.shape) * sensor.noise_deg_s
    gyro = np.clip(np.round(gyro / sensor.step_deg_s) * sensor.step_deg_s, -2000, 2000)
    kept = np.ones(len(times), dtype=bool)
    for _ in range(sensor.lost):
        begin = rng.integers(len(times))
        kept[begin : begin + int(rng.uniform(0.04, 0.25) * sensor.rate_hz)] = False
    kept[0] = True
    return times[kept], acc[kept], gyro[kept] if sensor.has_gyro else None
