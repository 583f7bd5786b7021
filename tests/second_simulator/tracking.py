"""Movement along one line: what is aimed at, and how a limb follows it."""

from itertools import pairwise

import numpy as np
from scipy.signal import lfilter

RATE_HZ = 200.0
"""Rate of everything inside the simulator."""

SETTLED, SHORTEST_PAUSE_S = 0.005, 0.15
"""Share of a stroke's way within which it has not begun, or is over; less time between two is no pause."""


def samples(duration_s):
    return max(round(float(duration_s) * RATE_HZ), 1)


def follow(goal, natural_rad_s, damping=1.0):
    """What a spring-damper of one degree of freedom a column makes of `goal` (N,) or (N, C).

    Implicit Euler of x'' = w2 (goal - x) - 2 d w x', from rest at the first goal.
    """
    goal = np.asarray(goal, dtype=float)
    step = 1 / RATE_HZ
    kept = 1 / (1 + 2 * damping * natural_rad_s * step + (natural_rad_s * step) ** 2)
    pull = kept * (natural_rad_s * step) ** 2
    first = goal[:1]
    moved, _ = lfilter(
        [pull], [1, pull - 1 - kept, kept], goal - first, axis=0, zi=np.zeros((2, *goal.shape[1:]))
    )
    return moved + first


def stroke(duration_s, *, burst=0.0, stick=0.0, stick_at=0.4):
    """(n,) way 0..1 travelled: `burst` puts the speed at the beginning, a sticking point takes some of it."""
    way = np.linspace(0, 1, 101)
    speed = (1 + burst * (1 - 2 * way)) * (1 - stick * np.exp(-(((way - stick_at) / 0.13) ** 2)))
    pace = 1 / speed
    time = np.concatenate([[0], np.cumsum((pace[1:] + pace[:-1]) / 2)])
    return np.interp(np.arange(1, samples(duration_s) + 1) / RATE_HZ, time / time[-1] * duration_s, way)


def noise(rng, count, columns, cutoff_hz):
    """(count, columns) of slow noise of standard deviation 1."""
    raw = follow(rng.normal(size=(count + 400, columns)), 2 * np.pi * cutoff_hz)[400:]
    return raw / np.maximum(raw.std(axis=0), 1e-9)


def pendulum(drive, length_m, *, damping=0.06):
    """(N,) angle of a pendulum whose acceleration is driven."""
    step, natural = 1 / RATE_HZ, 9.81 / length_m
    at = speed = 0.0
    out = np.empty(len(drive))
    for k, push in enumerate(drive):
        speed += step * (push - natural * at - 2 * damping * np.sqrt(natural) * speed)
        at += step * speed
        out[k] = at
    return out


def boundaries(progress, centres):
    """Where the strokes of realised progress begin and end, as (S, 2) fractional sample numbers.

    `centres` are sample numbers near the middle of the S strokes, in order: up, down, up and so on.
    """
    marks = [0, *centres, len(progress) - 1]
    ends = []
    for k, (a, b) in enumerate(pairwise(marks)):
        part = progress[a : b + 1]
        ends.append(a + int(part.argmax() if k % 2 else part.argmin()))
    found = []
    for k in range(len(centres)):
        a, b = ends[k], ends[k + 1]
        way = (progress[a : b + 1] - progress[a]) / (progress[b] - progress[a])
        begins = np.flatnonzero(way < SETTLED)
        settles = np.flatnonzero(way > 1 - SETTLED)
        middle = int(np.argmax(way > 0.5))
        begins, settles = begins[begins <= middle], settles[settles >= middle]
        found.append((a + begins[-1], a + settles[0]))
    for k in range(1, len(found)):
        if found[k][0] - found[k - 1][1] < samples(SHORTEST_PAUSE_S):
            found[k - 1], found[k] = (found[k - 1][0], ends[k]), (ends[k], found[k][1])
    return np.array(found, dtype=float).reshape(-1, 2)
