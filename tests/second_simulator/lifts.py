"""The pulls as shapes of the body over progress: 0 where the lift begins, 1 at its turn."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from second_simulator.body import HAND, Person, posture, rotation, turned, with_hand_at


@dataclass(frozen=True, kw_only=True)
class Lift:
    """`shape(progress, swing)` gives rows; `swing` is an angle (N,) about the bar where the body hangs.

    `quickest_s` and `slowest_s` bound the concentric; `swing_drive` is how much of the acceleration sets
    a body of `swing_length_m` swinging; `impact_m_s2` bounds the knock when the weight lands.
    """

    exercise: str
    variant: str
    shape: Callable
    concentric_first: bool = True
    quickest_s: float = 0.6
    slowest_s: float = 2.2
    slowest_eccentric_s: float = 5.0
    swing_length_m: float = 0.0
    swing_drive: float = 0.0
    swing_noise: float = 0.0
    impact_m_s2: tuple[float, float] = (0.0, 0.0)
    dead_stop: bool = False
    dropped: bool = False
    hold_s: tuple[float, float] | None = None


def mix(a, b, share):
    return np.asarray(a) + (np.asarray(b) - np.asarray(a)) * np.asarray(share)[:, None]


def hanging(person, progress, swing, *, lean, reach_ratio, top_m, wide_m, thumb, back_m):
    """A body under a bar of height 2.2 m, arms nearly straight at 0, shoulders `top_m` below it at 1."""
    side = person.side
    out = wide_m - person.shoulder_m
    low = np.sqrt((reach_ratio * person.arm_m) ** 2 - out**2)
    below = low + (top_m - low) * progress
    behind = -back_m * np.sin(np.pi * np.clip(progress, -0.1, 1.1) / 2) ** 2
    middle = np.stack([behind, 0 * below, -below], axis=1)
    swung = turned(rotation(0.0, -swing, 0.0), middle) + np.array([0, 0, 2.2])
    pitch = -lean * np.clip(progress, 0, 1.2) - swing
    pelvis = swung - turned(rotation(0.0, pitch, 0.0), np.array([0, 0, person.trunk_m]))
    rows = posture(len(progress), pelvis=pelvis, pitch=pitch, thumb=thumb, progress=progress)
    rows[:, 9:12] = mix((-0.8, 0.8 * side, -0.1), (-0.5, 0.7 * side, -1), np.clip(progress, 0, 1))
    place = np.tile([0.0, side * wide_m, 2.2], (len(progress), 1))
    return with_hand_at(person, rows, place)


def pull_up(person: Person, rng):
    side = person.side
    variant = str(rng.choice(["strict", "assisted", "kipping", "neutral"], p=[0.4, 0.35, 0.1, 0.15]))
    wide = person.shoulder_m + (rng.uniform(-0.02, 0.04) if variant == "neutral" else rng.uniform(0.02, 0.2))
    how = {
        "lean": np.radians(rng.uniform(2, 20)),
        "reach_ratio": rng.uniform(0.93, 0.985),
        "top_m": rng.uniform(0.15, 0.32),
        "wide_m": wide,
        "back_m": rng.uniform(0.04, 0.14),
        "thumb": (-1, 0, 0) if variant == "neutral" else (0, -side, 0),
    }
    drive = {"strict": rng.uniform(0, 0.25), "assisted": 0.02, "kipping": rng.uniform(1.0, 1.8)}
    return Lift(
        exercise="pull_up",
        variant=variant,
        shape=lambda progress, swing: hanging(person, progress, swing, **how),
        quickest_s=0.5 if variant == "kipping" else 0.7,
        slowest_s=0.9 if variant == "kipping" else 2.2,
        slowest_eccentric_s=1.2 if variant == "kipping" else 5.0,
        swing_length_m=rng.uniform(0.9, 1.2),
        swing_drive=drive.get(variant, 0.1),
        swing_noise=rng.uniform(0.02, 0.1) if variant == "assisted" else rng.uniform(0.1, 0.5),
        dropped=rng.random() < 0.12,
    )


def inverted_row(person: Person, rng):
    side, plank = person.side, person.leg_m + person.trunk_m - rng.uniform(0, 0.05)
    under = rng.random() < 0.2
    wide = person.shoulder_m + rng.uniform(0.0, 0.14)
    start = np.radians(rng.uniform(3, 30))
    reach = rng.uniform(0.93, 0.985) * person.arm_m
    rise = np.radians(rng.uniform(14, 22))
    shift = rng.uniform(0.0, 0.12)
    heel = np.array([plank * np.cos(start), 0, 0.05])
    bar = np.array([shift, side * wide, 0.05 + plank * np.sin(start) + np.sqrt(reach**2 - shift**2 - 0.01)])
    loose = rng.uniform(0, 0.1)

    def shape(progress, swing):
        angle = start + rise * progress
        along = np.stack([-np.cos(angle), 0 * angle, np.sin(angle)], axis=1)
        # A tired lifter's hips sag as the chest comes up.
        pitch = -(np.pi / 2 - angle) + loose * progress * (1 - 0.5 * progress) + 0.3 * swing
        pelvis = heel + plank * along - turned(rotation(0.0, pitch, 0.0), np.array([0, 0, person.trunk_m]))
        rows = posture(len(angle), pelvis=pelvis, pitch=pitch, progress=progress)
        rows[:, 12:15] = (0, side if under else -side, 0)
        rows[:, 9:12] = mix((0.2, side, -0.2), (0.5, 0.5 * side, -1), np.clip(progress, 0, 1))
        return with_hand_at(person, rows, np.tile(bar, (len(angle), 1)))

    return Lift(
        exercise="inverted_row",
        variant="under" if under else "over",
        shape=shape,
        swing_length_m=1.0,
        swing_noise=rng.uniform(0, 0.1),
        slowest_s=1.8,
    )


def lat_pulldown(person: Person, rng):
    side = person.side
    wide = rng.uniform(0.26, 0.45)
    out = wide - person.shoulder_m
    lean0, lean = np.radians(rng.uniform(-3, 10)), np.radians(rng.uniform(0, 20))
    reach, ahead = rng.uniform(0.93, 0.98) * person.arm_m, rng.uniform(0.02, 0.14)
    high = np.sqrt(reach**2 - out**2 - ahead**2)
    low, low_ahead = rng.uniform(-0.05, 0.1), rng.uniform(0.14, 0.24)
    neutral = rng.random() < 0.2

    def shape(progress, _swing):
        pitch = -lean0 - lean * np.clip(progress, 0, 1.2)
        rows = posture(len(progress), pelvis=(0, 0, 0.5), pitch=pitch, progress=progress)
        rows[:, 9:12] = mix((-0.2, side, -0.1), (-0.5, 0.7 * side, -1), np.clip(progress, 0, 1))
        rows[:, 12:15] = (-1, 0, 0.2) if neutral else (0, -side, 0.1)
        rest = rotation(0.0, -lean0, 0.0)
        base = np.array([0, 0, 0.5]) + turned(rest, np.array([0, 0, person.trunk_m]))
        place = base + mix((ahead, side * wide, high), (low_ahead, side * wide, low), progress)
        return with_hand_at(person, rows, place)

    return Lift(exercise="lat_pulldown", variant="neutral" if neutral else "wide", shape=shape, slowest_s=1.8)


def bent_over_row(person: Person, rng):
    side = person.side
    variant = str(rng.choice(["bar", "dumbbells", "one arm"]))
    pitch0, heave = np.radians(rng.uniform(35, 80)), np.radians(rng.uniform(0, 9))
    reach, rise = rng.uniform(0.94, 0.985) * person.arm_m, rng.uniform(0.32, 0.45)
    back, wide = rng.uniform(0.05, 0.22), person.shoulder_m + rng.uniform(0.0, 0.1)
    roll = np.radians(rng.uniform(-8, 15)) * -side if variant == "one arm" else 0.0
    hips = (-0.2, 0, person.leg_m - rng.uniform(0.05, 0.18))
    turn_in = rng.uniform(0, 1) if variant != "bar" else 0.0

    def shape(progress, _swing):
        pitch = pitch0 - heave * np.clip(progress, 0, 1.2)
        rows = posture(len(progress), pelvis=hips, pitch=pitch, progress=progress, roll=roll)
        rows[:, 9:12] = (-1, 0.5 * side, 0.6)
        over = mix((0.3, -side, 0), (1, -0.2 * side, 0), np.clip(1.2 - turn_in + 0 * progress, 0, 1))
        rows[:, 12:15] = (0, -side, 0) if variant == "bar" else over
        base = np.array(hips) + turned(rotation(0.0, pitch0, roll), np.array([0, 0, person.trunk_m]))
        low = (0.02, side * wide, -np.sqrt(reach**2 - 0.01))
        return with_hand_at(person, rows, base + mix(low, (-back, side * wide, low[2] + rise), progress))

    return Lift(
        exercise="bent_over_row", variant=variant, shape=shape, quickest_s=0.45, slowest_s=1.4,
        impact_m_s2=(0, 0),
    )  # fmt: skip


def reverse_fly(person: Person, rng):
    side = person.side
    pitch0, heave = np.radians(rng.uniform(50, 88)), np.radians(rng.uniform(0, 8))
    length = rng.uniform(0.88, 0.97) * person.arm_m
    low, high = np.radians(rng.uniform(0, 10)), np.radians(rng.uniform(74, 98))
    ahead, thumbs = rng.uniform(-0.12, 0.12), rng.uniform(0, 1)
    hips = (-0.2, 0, person.leg_m - rng.uniform(0.03, 0.15))

    def shape(progress, _swing):
        angle = low + (high - low) * progress
        rows = posture(len(angle), pelvis=hips, pitch=pitch0 - heave * progress, progress=progress)
        way = np.stack([ahead + 0 * angle, side * np.sin(angle), -np.cos(angle)], axis=1)
        rows[:, HAND] = length * way / np.linalg.norm(way, axis=1, keepdims=True)
        rows[:, 9:12] = mix((-0.4, side, 0.2), (-0.4, 0.2 * side, 1), np.clip(progress, 0, 1))
        rows[:, 12:15] = np.array([1, -side * thumbs, 0.0]) + 0.2 * np.array([0, 0, 1]) * progress[:, None]
        return rows

    return Lift(exercise="reverse_fly", variant="dumbbells", shape=shape, slowest_s=1.6)
