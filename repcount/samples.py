"""What flows down the pipeline before anything is an event.

Rules: SI units inside the core; first axis is time; arrays are never changed after they were handed on.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STANDARD_GRAVITY_M_S2 = 9.80665
"""Standard acceleration of free fall, m/s2 (CGPM 1901, resolution 2)."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One GATT notification as it arrived; `arrival_s` is the host's monotonic time in s."""

    characteristic: str
    payload: bytes
    arrival_s: float


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
class MotionBatch:
    """Motion on the common grid, all (N,) or (N, 3), in g but for `t_s` in s.

    `pose_g` is the slow part of the specific force and later than the movement by `pose_delay_s`;
    `quick_g` is smoothed lightly and later by `quick_delay_s`; `activity_g` is the size of what lies above
    the pose.
    """

    t_s: Array
    pose_g: Array
    quick_g: Array
    activity_g: Array
    pose_delay_s: float
    quick_delay_s: float

    def __len__(self) -> int:
        return len(self.t_s)
