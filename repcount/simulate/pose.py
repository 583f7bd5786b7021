"""Where a limb is and which way it points.

Frames: earth has z up; the body stands at the origin of the earth frame and looks along x, y to its left,
until `facing_deg` turns it. The limb's frame has x along it (from elbow to hand, from hips to head) and z
out of its back (of the forearm, of the trunk). All poses are those of a left hand; a right one is the mirror
image.
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.spatial.transform import Rotation

from repcount.samples import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Grip of the hand (or middle of the hips) in the body's frame, m, and the angles of limb and body, deg.

    The limb is turned from lying level and forward, its back up, by `heading_deg` (to the left), `pitch_deg`
    (hand or head up), `lean_deg` (about the axis out of its back: sideways when the arm hangs or is raised)
    and `roll_deg` (about its own length, thumb up for a left hand). A trunk is prone at a pitch of 0, upright
    at 90, supine at 180.
    """

    x_m: float = 0.0
    y_m: float = 0.0
    z_m: float = 0.0
    heading_deg: float = 0.0
    pitch_deg: float = 0.0
    lean_deg: float = 0.0
    roll_deg: float = 0.0
    facing_deg: float = 0.0

    def array(self) -> Array:
        """(8,) the fields in their order: the columns of every pose array."""
        return np.array([getattr(self, f.name) for f in fields(self)], dtype=np.float64)


POSITION = slice(0, 3)
ANGLES = slice(3, 7)
STANCE = slice(4, 7)
"""Pitch, lean and roll."""
Z, PITCH, FACING = 2, 4, 7
SIZE = 8

_MIRROR = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -1.0])


def mirrored(poses: Array) -> Array:
    """The same movement of the other hand, (N, 8)."""
    return np.asarray(poses * _MIRROR)


def orientation(poses: Array) -> Rotation:
    """Limb's frame to earth frame, N rotations."""
    upper = Rotation.from_euler("ZY", poses[:, 3:5] * (1.0, -1.0), degrees=True)
    lower = Rotation.from_euler("ZX", poses[:, 5:7], degrees=True)
    return _facing(poses) * upper * lower


def position_m(poses: Array, lever_m: Array) -> Array:
    """Where a point fixed to the limb is in the earth frame, (N, 3) m; `lever_m` leads to it."""
    return np.asarray(_facing(poses).apply(poses[:, POSITION]) + orientation(poses).apply(lever_m))


def _facing(poses: Array) -> Rotation:
    return Rotation.from_euler("Z", poses[:, FACING : FACING + 1], degrees=True)
