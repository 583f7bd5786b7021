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
    """Motion on the common grid: `t_s` (N,) s and `pose_g` (N, 3), the low-passed specific force in g.

    `delay_s` is how much later than the movement `pose_g` is: an extremum at `t_s` happened at
    `t_s - delay_s`. `activity_g` (N,) is the size of what lies above the low pass, g.
    """

    t_s: Array
    pose_g: Array
    activity_g: Array
    delay_s: float

    def __len__(self) -> int:
        return len(self.t_s)
