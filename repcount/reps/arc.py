"""Where a limb is on the arc it turns through.

Rules: only the direction that is up counts, seen from the sensor, so neither the mounting nor how hard the
limb is thrown matters; 0 at the start of a rep, 1 at its turn.
"""

import math
from dataclasses import dataclass

import numpy as np

from repcount.samples import Array


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """From `start` (3,) by `angle_rad` towards `across` (3,), unit vectors at right angles."""

    start: Array
    across: Array
    angle_rad: float

    @classmethod
    def between(cls, start: Array, turn: Array) -> "Arc | None":
        """The arc from one direction (3,) to another; None where they are equal, opposite or unknown (0)."""
        if not (np.any(start) and np.any(turn)):
            return None
        start, turn = start / _length(start), turn / _length(turn)
        along = float(_dot(turn, start))
        across = turn - along * start
        size = _length(across)
        if size < _LEAST_SINE:
            return None
        return cls(start, across / size, float(np.arctan2(size, along)))

    @property
    def angle_deg(self) -> float:
        """Length of the arc, degrees."""
        return float(np.degrees(self.angle_rad))

    def progress(self, up: Array) -> Array:
        """How far along (N,) the directions (N, 3) are."""
        return np.asarray(np.arctan2(_dot(up, self.across), _dot(up, self.start)) / self.angle_rad)

    def astray(self, up: Array) -> float:
        """How far beside the arc a direction (3,) is, in units of its length."""
        along = float(_dot(up, self.start)) ** 2 + float(_dot(up, self.across)) ** 2
        beside = max(0.0, float(_dot(up, up)) - along)
        return math.atan2(math.sqrt(beside), math.sqrt(along)) / self.angle_rad

    def off_turn_ratio(self, up: Array) -> float:
        """How far up (3,) is from where it is at the turn, in units of the way between the ends."""
        turn = np.cos(self.angle_rad) * self.start + np.sin(self.angle_rad) * self.across
        return self._off(up, turn)

    def is_near_start(self, up: Array) -> bool:
        """Whether up (3,) is about where it is at the start."""
        return self._off(up, self.start) <= _NEAR_RATIO

    def is_near_turn(self, up: Array) -> bool:
        """Whether up (3,) is about where it is at the turn."""
        return self.off_turn_ratio(up) <= _NEAR_RATIO

    def _off(self, up: Array, end: Array) -> float:
        return _length(up / _length(up) - end) / (2 * float(np.sin(self.angle_rad / 2)))

    def aside_ratio(self, up: Array) -> float:
        """How far (N, 3) lie off the plane of the arc, root mean square, in units of the arc."""
        x, y, z = np.cross(self.start, self.across)
        off = (up[:, 0] * x + up[:, 1] * y + up[:, 2] * z) / np.sqrt(np.sum(up**2, axis=1))
        return float(np.sqrt(np.mean(off**2))) / self.angle_rad


_LEAST_SINE = 0.02
_NEAR_RATIO = 0.35
"""About there is no further than this share of the way between the ends."""


def _dot(vectors: Array, other: Array) -> Array:
    # Not a matrix product: its last bit may depend on how many vectors come in one call.
    return np.asarray(vectors[..., 0] * other[0] + vectors[..., 1] * other[1] + vectors[..., 2] * other[2])


def _length(vector: Array) -> float:
    return max(float(np.sqrt(_dot(vector, vector))), 1e-9)
