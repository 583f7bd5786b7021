"""Where a limb is on the arc it turns through.

Rules: only the direction that is up counts, seen from the sensor, so neither the mounting nor how hard the
limb is thrown matters; 0 at the start of a rep, 1 at its turn.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repcount.reps.zigzag import Pose
from repcount.samples import Array


@dataclass(frozen=True, slots=True)
class Arc:
    """From `start` by `angle_rad` towards `across`, unit vectors at right angles, to `turn`.

    Plain floats: one direction a tick is followed, and three numbers are too few for arrays.
    """

    start: Pose
    across: Pose
    angle_rad: float
    turn: Pose

    @classmethod
    def between(cls, start: Sequence[float], turn: Sequence[float]) -> "Arc | None":
        """The arc from one direction (3,) to another; None where they are equal, opposite or unknown (0)."""
        if not (any(start) and any(turn)):
            return None
        start, turn = _unit(start), _unit(turn)
        along = _dot(turn, start)
        x, y, z = (b - along * a for a, b in zip(start, turn, strict=True))
        size = _length((x, y, z))
        if size < _LEAST_SINE:
            return None
        return cls(start, (x / size, y / size, z / size), float(np.arctan2(size, along)), turn)

    @property
    def angle_deg(self) -> float:
        """Length of the arc, degrees."""
        return float(np.degrees(self.angle_rad))

    def progress(self, ups: Array) -> Array:
        """How far along (N,) the directions (N, 3) are."""
        return np.asarray(np.arctan2(_dots(ups, self.across), _dots(ups, self.start)) / self.angle_rad)

    def at(self, up: Pose) -> float:
        """How far along one direction is."""
        return math.atan2(_dot(up, self.across), _dot(up, self.start)) / self.angle_rad

    def astray(self, up: Pose) -> float:
        """How far beside the arc a direction is, in units of its length."""
        along = _dot(up, self.start) ** 2 + _dot(up, self.across) ** 2
        beside = max(0.0, _dot(up, up) - along)
        return math.atan2(math.sqrt(beside), math.sqrt(along)) / self.angle_rad

    def off_turn_ratio(self, up: Pose) -> float:
        """How far up is from where it is at the turn, in units of the way between the ends."""
        return self._off(up, self.turn)

    def is_near_start(self, up: Pose) -> bool:
        """Whether up is about where it is at the start."""
        return self._off(up, self.start) <= _NEAR_RATIO

    def is_near_turn(self, up: Pose) -> bool:
        """Whether up is about where it is at the turn."""
        return self.off_turn_ratio(up) <= _NEAR_RATIO

    def _off(self, up: Pose, end: Pose) -> float:
        return math.dist(_unit(up), end) / (2 * math.sin(self.angle_rad / 2))

    def aside_ratio(self, ups: Array) -> float:
        """How far (N, 3) lie off the plane of the arc, root mean square, in units of the arc."""
        (a, b, c), (d, e, f) = self.start, self.across
        off = _dots(ups, (b * f - c * e, c * d - a * f, a * e - b * d)) / np.sqrt(np.sum(ups**2, axis=1))
        return float(np.sqrt(np.mean(off**2))) / self.angle_rad


_LEAST_SINE = 0.02
_NEAR_RATIO = 0.35
"""About there is no further than this share of the way between the ends."""


def _dots(vectors: Array, other: Pose) -> Array:
    # Not a matrix product: its last bit may depend on how many vectors come in one call.
    return np.asarray(vectors[:, 0] * other[0] + vectors[:, 1] * other[1] + vectors[:, 2] * other[2])


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _length(vector: Sequence[float]) -> float:
    return max(math.sqrt(_dot(vector, vector)), 1e-9)


def _unit(vector: Sequence[float]) -> Pose:
    x, y, z = vector
    size = _length(vector)
    return x / size, y / size, z / size
