"""The linkage: from postures to where the sensors are and how they lie.

Earth: x ahead of the lifter at the start, y to the left, z up. A posture is a row of `CHANNELS` numbers: the
pelvis, heading, pitch (forward) and roll of the trunk; from the shoulder to the hand, which way the elbow
points, and where the thumb's side of the fist points, all three in the frame of the heading; the progress.
"""

from dataclasses import dataclass

import numpy as np

PELVIS, YAW, PITCH, ROLL = slice(0, 3), 3, 4, 5
HAND, POLE, THUMB, PROGRESS = slice(6, 9), slice(9, 12), slice(12, 15), 15
CHANNELS = 16


@dataclass(frozen=True)
class Person:
    """Lengths in m; `side` is +1 for a sensor at the left, -1 at the right."""

    upper_arm_m: float
    forearm_m: float
    trunk_m: float
    shoulder_m: float
    leg_m: float
    side: int

    @property
    def arm_m(self):
        return self.upper_arm_m + self.forearm_m


def a_person(rng):
    tall = rng.uniform(0.9, 1.1)
    upper, fore, trunk, shoulder, leg = (
        tall * np.array([0.30, 0.34, 0.5, 0.19, 0.92]) * rng.uniform(0.96, 1.04, 5)
    )
    return Person(upper, fore, trunk, shoulder, leg, 1 if rng.random() < 0.5 else -1)


def rotation(yaw, pitch, roll):
    """(N, 3, 3) of a trunk: columns are its forward, left and up in the earth's frame."""
    yaw, pitch, roll = np.broadcast_arrays(yaw, pitch, roll)
    cy, sy, cp, sp, cr, sr = (
        np.cos(yaw),
        np.sin(yaw),
        np.cos(pitch),
        np.sin(pitch),
        np.cos(roll),
        np.sin(roll),
    )
    rows = [
        [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
        [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
        [-sp, cp * sr, cp * cr],
    ]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def turned(matrix, vector):
    return np.einsum("...ij,...j->...i", matrix, vector)


def shoulder(person, pelvis, turn):
    return pelvis + turned(turn, np.array([0, person.side * person.shoulder_m, person.trunk_m]))


def unit(vector):
    return vector / np.linalg.norm(vector, axis=-1, keepdims=True)


def posture(count, **parts):
    """(count, CHANNELS) from numbers or arrays by channel name; what is not named is 0."""
    rows = np.zeros((count, CHANNELS))
    for name, value in parts.items():
        rows[:, globals()[name.upper()]] = value
    return rows


def with_hand_at(person, rows, place):
    """Write into rows what takes the hand to `place` (N, 3) in the earth's frame (for a heading of 0)."""
    turn = rotation(0.0, rows[:, PITCH], rows[:, ROLL])
    rows[:, HAND] = place - shoulder(person, rows[:, PELVIS], turn)
    return rows


def arm(person, rows):
    """The elbow from the shoulder (N, 3), and the forearm's rotation (N, 3, 3), in the heading's frame."""
    reach = rows[:, HAND]
    distance = np.linalg.norm(reach, axis=1, keepdims=True)
    along = reach / np.maximum(distance, 1e-6)
    upper, fore = person.upper_arm_m, person.forearm_m
    distance = _soft_limit(distance, abs(upper - fore) + 0.05, 0.992 * (upper + fore))
    to_foot = (upper**2 - fore**2 + distance**2) / (2 * distance)
    height = np.sqrt(np.maximum(upper**2 - to_foot**2, 1e-6))
    pole = frame(along, rows[:, POLE])[..., 1]
    elbow = to_foot * along + height * pole
    return elbow, frame(unit(distance * along - elbow), rows[:, THUMB])


def frame(x, toward):
    """(N, 3, 3) of axes: x, the part of `toward` across it, and across both."""
    y = unit(toward - (toward * x).sum(axis=-1, keepdims=True) * x)
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def sensors(person, rows):
    """Position (N, 3) and rotation (N, 3, 3) of the wrist and of the chest, by placement."""
    heading = rotation(rows[:, YAW], 0.0, 0.0)
    trunk = rotation(rows[:, YAW], rows[:, PITCH], rows[:, ROLL])
    elbow, forearm = arm(person, rows)
    elbow = shoulder(person, rows[:, PELVIS], trunk) + turned(heading, elbow)
    forearm = heading @ forearm
    fore = person.forearm_m
    # The strap sits a hand's breadth and a bit behind the fist, on the back of the wrist.
    wrist = elbow + turned(forearm, np.array([fore - 0.11, 0, 0.03]))
    chest = rows[:, PELVIS] + turned(trunk, np.array([0.11, 0, 0.75 * person.trunk_m]))
    return {"wrist": (wrist, forearm), "chest": (chest, trunk)}


def _soft_limit(value, low, high):
    """Clamped without a kink, so that no joint jerks at the end of its reach."""
    soft = 0.01
    value = high - soft * np.logaddexp(0, (high - value) / soft)
    return low + soft * np.logaddexp(0, (value - low) / soft)
