"""What flows down the pipeline before anything is an event.

Rules: SI units inside the core; first axis is time; batches and arrays are never changed after they were
handed on. Batches are not frozen all the same: that takes longer to make than what is in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rows = Sequence[Sequence[float]]
"""An array's rows as plain numbers: a live batch has so few that numpy takes longer to begin than to work."""

STANDARD_GRAVITY_M_S2 = 9.80665
"""Standard acceleration of free fall, m/s2 (CGPM 1901, resolution 2)."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One GATT notification as it arrived; `arrival_s` is the host's monotonic time in s."""

    characteristic: str
    payload: bytes
    arrival_s: float


@dataclass(slots=True, eq=False)
class SampleBatch:
    """Consecutive samples of one sensor.

    `t_s` (N,) s, strictly increasing; `acc_m_s2` (N, 3) specific force, at rest +9.81 along the axis that
    points up; `gyro_rad_s` (N, 3) or None where the sensor has no gyroscope.
    """

    t_s: Array
    acc_m_s2: Array
    gyro_rad_s: Array | None = None

    def __len__(self) -> int:
        return len(self.t_s)

    def __getitem__(self, part: slice) -> "SampleBatch":
        gyro = None if self.gyro_rad_s is None else self.gyro_rad_s[part]
        return SampleBatch(self.t_s[part], self.acc_m_s2[part], gyro)


@dataclass(slots=True, eq=False)
class MotionBatch:
    """Motion on the common grid: `t_s` (N,) s, and a row a tick of `signals` (N, 13).

    `pose_g` (N, 3) is the slow part of the specific force and later than the movement by `pose_delay_s`.
    The others are smoothed lightly and later by `quick_delay_s`: `quick_g` (N, 3) the specific force, `up`
    (N, 3) about a unit vector that points up, in the sensor's frame, from the gyroscope where there is one.
    `activity_g` (N,) is the size of what lies above the quick force. `rate_rad_s` (N, 3) is how the sensor
    turns, smoothed like them, without the gyroscope's bias as far as that is known; 0 without a gyroscope.
    """

    t_s: Array
    signals: Array
    pose_delay_s: float
    quick_delay_s: float

    def __len__(self) -> int:
        return len(self.t_s)

    @property
    def pose_g(self) -> Array:
        """(N, 3) g."""
        return self.signals[:, POSE]

    @property
    def quick_g(self) -> Array:
        """(N, 3) g."""
        return self.signals[:, QUICK]

    @property
    def up(self) -> Array:
        """(N, 3), no unit."""
        return self.signals[:, UP]

    @property
    def activity_g(self) -> Array:
        """(N,) g."""
        return self.signals[:, ACTIVITY]

    @property
    def rate_rad_s(self) -> Array:
        """(N, 3) rad/s, in the sensor's frame."""
        return self.signals[:, RATE]


POSE, QUICK, UP, ACTIVITY, RATE = slice(0, 3), slice(3, 6), slice(6, 9), 9, slice(10, 13)
"""Columns of `MotionBatch.signals`."""
SIGNALS = 13
