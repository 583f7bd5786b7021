"""What a lifter does besides lifting: each act gives rows of postures, and knocks (vertical, m/s2)."""

import numpy as np

from second_simulator.body import HAND, PELVIS, PITCH, ROLL, THUMB, YAW, posture
from second_simulator.tracking import RATE_HZ, noise, samples


def time_s(count):
    return np.arange(count) / RATE_HZ


def upright(
    person, count, *, reach=(0.04, 0.1, -0.96), pole=(-1.0, 0.4, 0.0), thumb=(1.0, 0.2, 0.0), pitch=0.03
):
    """Standing; `reach` in arm's lengths, y outward, as are `pole` and `thumb`."""
    flip = np.array([1, person.side, 1])
    hand = np.array(reach) * flip * person.arm_m
    at = (0, 0, person.leg_m)
    return posture(
        count, pelvis=at, pitch=pitch, hand=hand, pole=np.array(pole) * flip, thumb=np.array(thumb) * flip
    )


def stand(person, rng, duration_s):
    """Shifting weight, the arm never quite still."""
    rows = upright(person, samples(duration_s))
    slow = noise(rng, len(rows), 5, 0.25)
    rows[:, HAND] += slow[:, :3] * rng.uniform(0.005, 0.04)
    rows[:, PITCH] += 0.02 * slow[:, 3]
    rows[:, ROLL] += 0.02 * slow[:, 4]
    return rows, None


def walk(person, rng, duration_s, *, carried=None, turn_rad=None):
    """Steps of 1.6-2 Hz, no two the same; `carried` keeps the hand where that posture has it.

    Unevenness, bounce and knocks are such that the wrist feels in each band from 0.05 to 20 Hz about what
    those in public recordings of walking do, and one stride is as like the next as there: 0.3 to 0.9.
    """
    rows = upright(person, samples(duration_s)) if carried is None else carried(samples(duration_s))
    t, uneven = time_s(len(rows)), noise(rng, len(rows), 6, 0.5)
    step_hz, speed = rng.uniform(1.6, 2.05), rng.uniform(0.8, 1.5)
    ramp = np.clip(np.minimum(t, t[-1] - t) / 0.8, 0, 1)
    rate = ramp * np.pi * step_hz * (1 + rng.uniform(0.02, 0.06) * uneven[:, 0])
    phase = np.cumsum(rate) / RATE_HZ + rng.uniform(0, 6)
    heading = np.cumsum(ramp * (rng.normal() if turn_rad is None else turn_rad)) / max(ramp.sum(), 1)
    rows[:, YAW] += heading + 0.08 * ramp * np.sin(phase + 0.5)
    forward = np.cumsum(ramp * speed) / RATE_HZ
    rows[:, 0] += forward * np.cos(heading)
    rows[:, 1] += forward * np.sin(heading)
    bounce = rng.uniform(0.015, 0.025) * np.exp(0.2 * uneven[:, 1])
    rows[:, PELVIS.stop - 1] += ramp * bounce * (np.cos(2 * phase) + 0.15 * np.cos(4 * phase + 1))
    rows[:, PITCH] += 0.04 * ramp + 0.015 * ramp * np.sin(2 * phase)
    rows[:, ROLL] += 0.03 * ramp * np.sin(phase)
    if carried is None:
        swing = ramp * rng.uniform(0.12, 0.45) * np.exp(0.25 * uneven[:, 2]) * np.sin(phase)
        swing = swing + 0.05 * ramp * np.sin(2 * phase + 0.7)
        length = (0.93 - 0.1 * np.abs(swing)) * person.arm_m
        rows[:, HAND.start] = length * np.sin(swing + 0.05)
        rows[:, HAND.stop - 1] = -length * np.cos(swing)
        wander = rng.uniform(0.01, 0.04)
        rows[:, HAND] += wander * ramp[:, None] * uneven[:, 3:]
        rows[:, THUMB.start + 1] += 4 * wander * uneven[:, 4]
    knocks = np.zeros(len(rows))
    heels = np.flatnonzero(np.diff(np.floor(phase / np.pi)) > 0)
    hard = rng.uniform(2, 6) * ramp[heels]
    add_knocks(knocks, heels, hard * rng.uniform(0.5, 1.5, len(heels)))
    later = np.minimum(heels + rng.integers(samples(0.08), samples(0.16), len(heels)), len(rows) - 1)
    add_knocks(knocks, later, -0.6 * hard * rng.uniform(0.3, 1.5, len(heels)), 0.06)
    return rows, knocks


def add_knocks(knocks, places, sizes_m_s2, width_s=0.025):
    """Half-sine bumps."""
    bump = np.sin(np.linspace(0, np.pi, samples(width_s) + 2))[1:-1]
    for place, size in zip(places, np.broadcast_to(sizes_m_s2, len(places)), strict=True):
        end = min(place + len(bump), len(knocks))
        knocks[place:end] += size * bump[: end - place]


def hand_act(person, rng, duration_s, **how):
    """The hand goes somewhere and fidgets there, at `wag_hz` by `wag_m` where given."""
    wag_hz, wag_m = how.pop("wag_hz", 0.0), how.pop("wag_m", 0.0)
    rows = upright(person, samples(duration_s), **how)
    t = time_s(len(rows))
    way = rng.normal(size=3)
    rows[:, HAND] += noise(rng, len(rows), 3, 0.6) * 0.008
    if wag_hz:
        cycle = np.sin(2 * np.pi * wag_hz * t + 0.6 * noise(rng, len(rows), 1, 0.3)[:, 0])
        rows[:, HAND] += wag_m * cycle[:, None] * way / np.linalg.norm(way)
    return rows, None


def drink(person, rng):
    return hand_act(
        person,
        rng,
        rng.uniform(1.5, 4),
        reach=(0.32, -0.2, 0.12),
        thumb=(-0.6, 0, 0.8),
        pole=(0.2, 0.8, -0.7),
    )


def scratch(person, rng):
    spot = ((0.08, -0.05, 0.42), (0.3, -0.3, 0.05), (0.25, -0.2, -0.5))[rng.integers(3)]
    return hand_act(
        person, rng, rng.uniform(0.8, 2.5), reach=spot, thumb=(-0.3, 0.2, -0.9), pole=(0.3, 0.9, -0.5),
        wag_hz=rng.uniform(2.5, 5), wag_m=rng.uniform(0.008, 0.025),
    )  # fmt: skip


def look_at_phone(person, rng):
    return hand_act(
        person,
        rng,
        rng.uniform(4, 15),
        reach=(0.5, -0.15, -0.3),
        thumb=(0, -0.4, 0.9),
        pole=(-0.4, 0.6, -0.8),
    )


def on_hips(person, rng):
    return hand_act(
        person, rng, rng.uniform(3, 10), reach=(0.05, 0.05, -0.72), thumb=(-1, 0, 0.1), pole=(-0.4, 1, 0)
    )


def shake_out(person, rng):
    return hand_act(
        person, rng, rng.uniform(1, 3), reach=(0.1, 0.2, -0.9), wag_hz=rng.uniform(2.5, 4.5), wag_m=0.02
    )


def brush_teeth(person, rng):
    return hand_act(
        person, rng, rng.uniform(15, 40),
        reach=(0.35, -0.25, 0.15), thumb=(0, -1, 0.2), pole=(0.2, 0.9, -0.5),
        wag_hz=rng.uniform(2, 5), wag_m=rng.uniform(0.01, 0.03),
    )  # fmt: skip


def type_text(person, rng):
    return hand_act(
        person, rng, rng.uniform(10, 30), reach=(0.55, -0.1, -0.4), thumb=(0.3, -1, 0), pole=(-0.6, 0.5, -0.8)
    )


def sweep(person, rng):
    """A broom or a cloth: wide strokes at a second or two."""
    return hand_act(
        person, rng, rng.uniform(8, 20),
        reach=(0.6, 0.0, -0.6), thumb=(0.2, -0.3, 0.9), pole=(-0.5, 0.9, -0.3),
        pitch=rng.uniform(0.1, 0.5), wag_hz=rng.uniform(0.4, 1.1), wag_m=rng.uniform(0.06, 0.18),
    )  # fmt: skip


def stoop(person, rng):
    """Bent to something on the floor or a low shelf."""
    rows, _ = stand(person, rng, rng.uniform(0.5, 3))
    rows[:, PITCH] = rng.uniform(0.6, 1.3)
    rows[:, PELVIS] += (-0.1, 0, -rng.uniform(0.05, 0.4))
    return rows, None


def sit(person, rng, duration_s=None):
    rows, _ = stand(person, rng, duration_s or rng.uniform(5, 25))
    rows[:, PELVIS] += (-0.3, 0, 0.48 - person.leg_m)
    rows[:, HAND] = np.array([0.5, 0.05 * person.side, -0.7]) * person.arm_m
    rows[:, PITCH] += rng.uniform(-0.25, 0.25)
    return rows, None


RESTING = (drink, scratch, look_at_phone, on_hips, shake_out)
DAILY = (*RESTING, brush_teeth, type_text, sweep, stoop, stoop, sit, drink)
