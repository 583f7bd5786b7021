"""The lifts from the hips, as shapes of the body over progress."""

import numpy as np

from second_simulator.body import HAND, POLE, THUMB, Person, posture, rotation, turned
from second_simulator.lifts import Lift


def deadlift(person: Person, rng):
    side = person.side
    variant = str(rng.choice(["touch and go", "dead stop", "dumbbells"], p=[0.4, 0.4, 0.2]))
    standing = person.leg_m + person.trunk_m
    low = rng.uniform(0.22, 0.25) if variant != "dumbbells" else rng.uniform(0.25, 0.4)
    slope0, slope1 = np.radians(rng.uniform(6, 20)), -np.radians(rng.uniform(5, 17))
    reach = rng.uniform(0.97, 0.985) * person.arm_m
    top = standing - 0.01 - reach * np.cos(slope1)
    pitch0, pitch1 = np.radians(rng.uniform(42, 65)), np.radians(rng.uniform(-6, 4))
    late, wide = rng.uniform(1.0, 1.7), rng.uniform(-0.02, 0.1)
    thumb = {"dumbbells": (1, -0.3 * side, 0)}.get(variant, (0, -side, 0))
    mixed = variant != "dumbbells" and rng.random() < 0.2

    def shape(progress, _swing):
        within = np.clip(progress, 0, 1)
        slope = slope0 + (slope1 - slope0) * progress
        pitch = pitch0 + (pitch1 - pitch0) * (progress * (1 - (late - 1) * (1 - within)))
        reach_x = -np.sin(slope) * reach
        out = wide * side
        down = -np.sqrt(reach**2 - reach_x**2 - out**2)
        middle = np.stack([-reach_x, 0 * slope, low + (top - low) * progress - down], axis=1)
        pelvis = middle - turned(rotation(0.0, pitch, 0.0), np.array([0, 0, person.trunk_m]))
        rows = posture(len(pitch), pelvis=pelvis, pitch=pitch, progress=progress)
        rows[:, HAND] = np.stack([reach_x, out + 0 * slope, down], axis=1)
        rows[:, POLE] = (-1, 0.6 * side, 0)
        rows[:, THUMB] = -np.array(thumb) if mixed else thumb
        return rows

    return Lift(
        exercise="deadlift",
        variant=variant,
        shape=shape,
        quickest_s=0.7,
        slowest_s=2.5,
        dead_stop=variant == "dead stop",
        impact_m_s2=(0, 4) if variant == "dumbbells" else (3, 35),
        dropped=variant != "dumbbells" and rng.random() < 0.15,
    )


def with_trunk(person, rows, hand, pole, thumb):
    """The arm goes with the trunk: everything given in the trunk's frame."""
    turn = rotation(0.0, rows[:, 4], rows[:, 5])
    flip = np.array([1, person.side, 1])
    for part, value in ((HAND, hand), (POLE, pole), (THUMB, thumb)):
        rows[:, part] = turned(turn, np.asarray(value) * flip)
    return rows


def good_morning(person: Person, rng):
    pitch0, pitch1 = np.radians(rng.uniform(-4, 8)), np.radians(rng.uniform(60, 95))
    wide, knee = rng.uniform(0.05, 0.22), rng.uniform(0.02, 0.12)
    back = rng.uniform(0.1, 0.28)
    tuck = rng.uniform(0, 0.3)

    def shape(progress, _swing):
        pitch = pitch0 + (pitch1 - pitch0) * progress
        pelvis = np.stack(
            [-back * progress, 0 * progress, person.leg_m - knee * np.clip(progress, 0, 1.2) ** 1.5], axis=1
        )
        rows = posture(len(pitch), pelvis=pelvis, pitch=pitch, progress=progress)
        pole = np.stack([-0.4 - tuck * progress, 0.5 + 0 * progress, -1 + 0 * progress], axis=1)
        return with_trunk(person, rows, (0.02, wide, 0.1), pole, (0, -1, 0.2))

    return Lift(
        exercise="good_morning", variant="bar", shape=shape, concentric_first=False, quickest_s=0.8,
        slowest_s=2.5,
    )  # fmt: skip


def back_extension(person: Person, rng):
    rest, lift = np.radians(rng.uniform(86, 96)), np.radians(rng.uniform(14, 32))
    variant = str(rng.choice(["head", "cactus", "chest"]))
    hand, pole, thumb = {
        "head": ((0.1, -0.1, 0.26), (-0.1, 1, 0.1), (0, -0.3, -1)),
        "cactus": ((0.05, 0.3, 0.25), (0, 0.6, -1), (1, 0, 0.2)),
        "chest": ((0.14, -0.2, -0.12), (0.2, 0.8, -0.6), (0.1, 0, 1)),
    }[variant]

    def shape(progress, _swing):
        pitch = rest - lift * progress
        rows = posture(len(pitch), pelvis=(0, 0, 0.12), pitch=pitch, progress=progress)
        return with_trunk(person, rows, hand, pole, thumb)

    return Lift(
        exercise="back_extension",
        variant=variant,
        shape=shape,
        quickest_s=0.8,
        slowest_s=2.0,
        hold_s=(10, 30),
    )
