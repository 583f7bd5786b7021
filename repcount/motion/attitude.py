"""Which way is up, in the sensor's frame.

Rules: with a gyroscope VQF follows every turn at once (Laidig and Seel, Information Fusion 91, 2023); without
one up is where the force felt points, and a hand that is thrown sideways bends it.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from vqf import VQF

from repcount.samples import STANDARD_GRAVITY_M_S2, Rows

_MAGNETOMETER = "mag"


class Attitude:
    """Follow up through turns and throws, tick by tick."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self.reset()

    def feed(self, acc_g: Rows, gyro_rad_s: Rows | None) -> tuple[Rows, Rows]:
        """Up, unit vectors, and how the sensor turns, rad/s, without bias; 0 where unknown.

        Takes rows of acceleration, g, and of what the gyroscope says, rad/s, or None.
        """
        if gyro_rad_s is None or not len(acc_g):
            return [_unit(*force) for force in acc_g], [_UNKNOWN] * len(acc_g)
        acc_m_s2 = np.ascontiguousarray(acc_g) * STANDARD_GRAVITY_M_S2
        turned = self._filter.updateBatch(np.ascontiguousarray(gyro_rad_s), acc_m_s2)
        up = [
            (2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z)
            for w, x, y, z in turned["quat6D"].tolist()
        ]
        biases = turned["bias"].tolist()
        return up, [
            (x - x0, y - y0, z - z0) for (x, y, z), (x0, y0, z0) in zip(gyro_rad_s, biases, strict=True)
        ]

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


def _unit(x: float, y: float, z: float) -> Sequence[float]:
    size = math.sqrt(x * x + y * y + z * z) or 1.0
    return x / size, y / size, z / size


_UNKNOWN = (0.0, 0.0, 0.0)
