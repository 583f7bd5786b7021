"""Angles between directions of gravity, and the way from one to another.

Rules: directions are unit vectors in the sensor's own frame; only angles between them are known, so nothing
here depends on how the sensor is mounted. Plain floats: three numbers a tick are too few for arrays.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Direction = tuple[float, float, float]


def direction(force: Sequence[float]) -> tuple[Direction, float]:
    """Return the direction of a force (3,) and its size, in the unit of the force."""
    x, y, z = force
    size = math.sqrt(x * x + y * y + z * z)
    if size == 0:
        return (0.0, 0.0, 1.0), 0.0
    return (x / size, y / size, z / size), size


def angle_deg(a: Direction, b: Direction) -> float:
    """Angle between two directions, 0 to 180 degrees."""
    c = cross(a, b)
    return math.degrees(math.atan2(math.sqrt(dot(c, c)), dot(a, b)))


def dot(a: Direction, b: Direction) -> float:
    """Inner product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Direction, b: Direction) -> Direction:
    """Vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def towards(a: Direction, b: Direction, share: float) -> Direction:
    """Return `a` moved by `share` of the way to `b`: one step of a running mean."""
    x, y, z = (p + share * (q - p) for p, q in zip(a, b, strict=True))
    return direction((x, y, z))[0]


@dataclass(frozen=True, slots=True)
class Arc:
    """The great circle from `origin` by `way`, both unit and at right angles."""

    origin: Direction
    way: Direction
    normal: Direction

    @classmethod
    def through(cls, origin: Direction, end: Direction) -> "Arc":
        """Return the arc from one direction to another; where they are the same, any arc."""
        normal, size = direction(cross(origin, end))
        if size == 0:
            normal = direction(cross(origin, min(_AXES, key=lambda axis: abs(dot(origin, axis)))))[0]
        return cls(origin, cross(normal, origin), normal)

    def along_deg(self, d: Direction) -> float:
        """How far `d` is along the arc, -180 to 180 degrees; 0 at the origin."""
        return math.degrees(math.atan2(dot(d, self.way), dot(d, self.origin)))

    def beside_deg(self, d: Direction) -> float:
        """How far `d` is off the arc, 0 to 90 degrees."""
        return math.degrees(math.asin(min(1.0, abs(dot(d, self.normal)))))


_AXES: tuple[Direction, ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
