"""Which way is up, in the sensor's frame.

Rules: with a gyroscope VQF follows every turn at once (Laidig and Seel, Information Fusion 91, 2023); without
one up is where the force felt points, and a hand that is thrown sideways bends it.
"""

import math
from typing import Any

import numpy as np
from vqf import VQF

from repcount.samples import STANDARD_GRAVITY_M_S2, Array

_MAGNETOMETER = "mag"


class Attitude:
    """Follow up through turns and throws, tick by tick."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self.reset()

    def feed(self, acc_g: Array, gyro_rad_s: Array | None) -> tuple[Array, Array]:
        """Up (N, 3), unit vectors, and how the sensor turns (N, 3), rad/s, without bias; 0 where unknown.

        Takes acceleration (N, 3), g, and what the gyroscope says (N, 3), rad/s, or None.
        """
        if gyro_rad_s is None or not len(acc_g):
            return _unit(acc_g), np.zeros_like(acc_g)
        turned = self._filter.updateBatch(
            np.ascontiguousarray(gyro_rad_s), np.ascontiguousarray(acc_g * STANDARD_GRAVITY_M_S2)
        )
        w, x, y, z = turned["quat6D"].T
        up = np.array((2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z)).T
        return up, gyro_rad_s - turned["bias"]

    def reset(self) -> None:
        """Forget everything seen."""
        self._filter = VQF(1 / self._rate_hz)

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; what only a magnetometer moves is not in it."""
        kept = {k: v for k, v in self._filter.state.items() if not k.startswith(_MAGNETOMETER)}
        return {k: [_none(x) for x in v] if isinstance(v, list) else v for k, v in kept.items()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.reset()
        kept = {k: [_nan(x) for x in v] if isinstance(v, list) else v for k, v in state.items()}
        self._filter.state = {**self._filter.state, **kept}


def _none(value: float) -> float | None:
    """JSON has no NaN, by which the filter marks that its means have not begun."""
    return None if math.isnan(value) else value


def _nan(value: float | None) -> float:
    return math.nan if value is None else value


def _unit(forces: Array) -> Array:
    sizes = np.sqrt(np.sum(forces**2, axis=1, keepdims=True))
    return np.asarray(forces / np.where(sizes > 0, sizes, 1.0))
