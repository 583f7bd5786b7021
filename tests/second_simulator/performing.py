"""One set: the strokes a tiring lifter aims at, what the limb makes of them, and what is true of it."""

from dataclasses import dataclass

import numpy as np

from second_simulator.acts import add_knocks
from second_simulator.tracking import RATE_HZ, boundaries, follow, noise, pendulum, samples, stroke

LIMB_RAD_S = 28.0
"""How quickly every joint follows what it is told."""

FARTHEST_SWING_RAD = 0.6


@dataclass(frozen=True)
class Habits:
    """How a set is done; durations in s of the unfatigued rep, ratios of the whole range."""

    reps: int
    concentric_s: float
    eccentric_s: float
    pause_turn_s: float
    pause_between_s: float
    burst: float
    stick: float
    slowing: float
    shrinking: float
    scatter: float
    follow_rad_s: float
    follow_damping: float


def habits(rng, lift, *, longest_eccentric_s=5.0):
    quick = rng.random() < 0.35
    longest = min(lift.slowest_eccentric_s, longest_eccentric_s)
    pauses = rng.choice([0.0, 1.0], size=2, p=[0.45, 0.55]) * rng.uniform(0.2, 2.0, size=2)
    between = rng.uniform(0.4, 2.0) if lift.dead_stop else pauses[1]
    return Habits(
        reps=int(rng.integers(1, 4) if lift.hold_s or rng.random() < 0.12 else rng.integers(3, 16)),
        concentric_s=float(np.exp(rng.uniform(np.log(lift.quickest_s), np.log(lift.slowest_s)))),
        eccentric_s=float(np.exp(rng.uniform(np.log(min(1.0, longest)), np.log(longest * 0.93)))),
        pause_turn_s=float(pauses[0]),
        pause_between_s=float(between),
        burst=rng.uniform(0.2, 0.8) if quick else rng.uniform(-0.3, 0.4),
        stick=rng.uniform(0, 0.45),
        slowing=rng.uniform(0, 1.2) if rng.random() < 0.5 else rng.uniform(0, 0.2),
        shrinking=rng.uniform(0, 0.2) if rng.random() < 0.5 else 0.0,
        scatter=rng.uniform(0.01, 0.05),
        follow_rad_s=rng.uniform(9, 18),
        follow_damping=rng.uniform(0.75, 1.05),
    )


def perform(rng, lift, how, wait_s):
    """Rows, knocks (n, 2: wrist, chest) and labels (dicts of sample numbers) of a set."""
    goal, strokes = _goal(rng, lift, how, wait_s)
    progress = follow(goal, how.follow_rad_s, how.follow_damping)
    drive = np.gradient(np.gradient(progress)) * RATE_HZ**2 * -lift.swing_drive
    drive = drive + noise(rng, len(goal), 1, 1.0)[:, 0] * lift.swing_noise * 0.5
    swing = pendulum(drive, lift.swing_length_m) if lift.swing_length_m else np.zeros(len(goal))
    # Nobody swings further, however well the kips hit the rhythm.
    swing = FARTHEST_SWING_RAD * np.tanh(swing / FARTHEST_SWING_RAD)
    rows = lift.shape(progress, swing)
    seen = follow(progress, LIMB_RAD_S)
    if lift.hold_s:
        return rows, None, _holds(seen, strokes)
    ends = boundaries(seen, [int((a + b) / 2 + 0.12 * RATE_HZ) for a, b in strokes])
    knocks = np.zeros((len(goal), 2))
    down = 1 if lift.concentric_first else 0
    if lift.impact_m_s2[1] > 0:
        speed = np.abs(np.gradient(seen)) * RATE_HZ
        for start, end in ends[down::2].astype(int):
            size = rng.uniform(*lift.impact_m_s2) * min(speed[start:end].max() / 1.2, 1.2)
            for column, gain in ((0, 1.0), (1, 0.25)):
                add_knocks(knocks[:, column], [end - samples(0.06)], size * gain)
    return rows, knocks, _reps(ends, lift)


def _goal(rng, lift, how, wait_s):
    """The aim (n,) and the strokes as sample numbers (from, to)."""
    pieces, strokes, level = [np.zeros(samples(wait_s))], [], 0.0
    count = len(pieces[0])

    def pause(duration_s):
        nonlocal count
        pieces.append(np.full(samples(duration_s), level))
        count += len(pieces[-1])

    def go(to, duration_s, **shape):
        nonlocal count, level
        pieces.append(level + (to - level) * stroke(duration_s, **shape))
        strokes.append((count, count + len(pieces[-1])))
        count, level = count + len(pieces[-1]), to

    for k in range(how.reps):
        tired = (k / max(how.reps - 1, 1)) ** 2 if how.reps > 2 else 0.0
        high = 1 - how.shrinking * tired + rng.normal() * how.scatter
        low = abs(rng.normal()) * how.scatter
        concentric = {
            "duration_s": how.concentric_s * (1 + how.slowing * tired) * np.exp(rng.normal() * 0.08),
            "burst": how.burst * (1 - 0.5 * tired),
            "stick": min(how.stick + 0.4 * how.slowing * tired, 0.75),
            "stick_at": rng.uniform(0.35, 0.65),
        }
        eccentric = {
            "duration_s": how.eccentric_s * np.exp(rng.normal() * 0.1),
            "burst": rng.uniform(-0.3, 0.3),
        }
        first, second = (concentric, eccentric) if lift.concentric_first else (eccentric, concentric)
        go(high, **first)
        if lift.hold_s:
            hold = rng.uniform(*lift.hold_s)
            pieces.append(np.linspace(level, level * (1 - rng.uniform(0, 0.2)), samples(hold)))
            count, level = count + len(pieces[-1]), pieces[-1][-1]
            go(0.0, **second)
            pause(rng.uniform(4, 15))
            continue
        pause(how.pause_turn_s * np.exp(rng.normal() * 0.3) + 0.02)
        if lift.dropped and k == how.reps - 1:
            break
        go(low, **second)
        if k < how.reps - 1:
            breath = rng.uniform(1, 3) if rng.random() < 0.03 else 0.0
            pause(how.pause_between_s * np.exp(rng.normal() * 0.3) + 0.02 + breath)
    pause(rng.uniform(0.3, 2.5) if len(strokes) % 2 == 0 else 0.05)
    return np.concatenate(pieces), strokes


def _reps(ends, lift):
    """Labels of pairs of strokes; the last may lack its second."""
    labels = []
    names = ("concentric_s", "eccentric_s") if lift.concentric_first else ("eccentric_s", "concentric_s")
    inner, outer = ("pause_shortened_s", "pause_lengthened_s")[:: 1 if lift.concentric_first else -1]
    for k in range(0, len(ends), 2):
        (start, turn), second = ends[k], ends[k + 1] if k + 1 < len(ends) else None
        label = dict.fromkeys((*names, inner, outer))
        label |= {"kind": "rep", "start_s": start, "turn_s": turn, "end_s": turn, names[0]: turn - start}
        if second is not None:
            label |= {"end_s": second[1], names[1]: second[1] - second[0], inner: second[0] - turn}
        if k + 2 < len(ends):
            label[outer] = ends[k + 2][0] - label["end_s"]
        labels.append(label)
    return labels


def _holds(seen, strokes):
    labels = []
    for (up, _), (down, over) in zip(strokes[::2], strokes[1::2], strict=True):
        top = seen[up:down].max()
        start = up + int(np.argmax(seen[up:down] > top - 0.03))
        end = down + int(np.argmax(seen[down:over] < seen[down] - 0.03))
        labels.append({"kind": "hold", "start_s": start, "turn_s": None, "end_s": end})
    return labels
