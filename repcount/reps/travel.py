"""How far and how quickly a sensor was lifted, from the force it felt and where up was.

Rules: where a lift begins and ends is read off its own speed, not off the angle the limb turns through,
which need not follow the load. Acceleration is integrated from one turn to the next, between which the
sensor comes back to the same height at the same speed, and then once more over the lift, which begins and
ends at rest: the first is off by what errors add up to over a whole rep, the second by much less. A lift is
trusted where it is short and both agree. Without a gyroscope none is: a bent force cannot be told from a
sensor that is turned.

The method is the usual one of bar sensors, zero-velocity updates at the turns: Skog et al., IEEE Trans.
Biomed. Eng. 57, 2010; of lifts, at the wrist, Achermann et al., Sports 11, 2023.
"""

from typing import NamedTuple

import numpy as np

from repcount.samples import STANDARD_GRAVITY_M_S2, Array


class Lift(NamedTuple):
    """How far a sensor went, m, and how long it took, s."""

    way_m: float
    duration_s: float

    @property
    def mean_velocity_m_s(self) -> float:
        """Mean velocity, m/s."""
        return self.way_m / self.duration_s


def follows_turns(force_g: Array, up: Array) -> bool:
    """Whether `up` (N, 3) comes from a gyroscope: without one it is the direction of the force (N, 3), g."""
    x, y, z = np.cross(force_g, up).T
    return bool(np.any(np.abs(x) + np.abs(y) + np.abs(z) > _APART))


_APART = 1e-6
"""Two directions that are computed from the same numbers are no further apart."""


def upward_m_s2(force_g: Array, up: Array) -> Array:
    """Upward acceleration (N,), m/s2, of the force felt (N, 3), g, and up (N, 3), both smoothed alike.

    Smoothing shortens the up of a sensor that turns, and the gravity it feels by as much: the difference of
    the two is free of gravity, whatever the smoothing.
    """
    along = np.sum((force_g - up) * up, axis=1)
    return np.asarray(along / np.maximum(np.sqrt(np.sum(up**2, axis=1)), 1e-9) * STANDARD_GRAVITY_M_S2)


def last_lift(acc_m_s2: Array, turn: int, tick_s: float) -> Lift | None:
    """Measure the lift that ended at a turn; None where it cannot be trusted.

    Parameters
    ----------
    acc_m_s2
        Acceleration (N,) in the direction of the lift, from the turn before to a little after this one.
    turn
        Index of this turn.
    tick_s
        Time between two values.
    """
    if turn < _LEAST_TICKS or turn * tick_s > _LONGEST_S:
        return None
    speed = _integral(acc_m_s2, tick_s)
    speed -= speed[turn] / turn * np.arange(len(speed))
    speed -= np.mean(speed[: turn + 1])
    peak = int(np.argmax(speed[: turn + 1]))
    start, end = (_rest_from(speed, peak, step, round(_SLOWING_S / tick_s)) for step in (-1, 1))
    if end - start < _LEAST_TICKS:
        return None
    over_rep_m = _way_m(speed[start : end + 1], tick_s)
    from_rest = _at_rest_at_both_ends(speed[start : end + 1])
    way_m = _way_m(from_rest, tick_s)
    if way_m <= 0 or abs(over_rep_m - way_m) > max(_APART_M, _APART_RATIO * way_m):
        return None
    return Lift(way_m, _moving_ticks(from_rest) * tick_s)


_LEAST_TICKS = 5
_LONGEST_S = 8.0
"""From one turn to the next; over more, what errors add up to is no smaller than the way."""
_APART_M, _APART_RATIO = 0.02, 0.05
"""How far both integrals may be apart, m and as a share of the way; the larger of both holds. Chosen on
simulated sets (seed 0): twice as much keeps a tenth of the lifts more, at twice the error."""
_SLOW_RATIO, _SLOWING_S = 0.06, 0.3
"""A lift ends where it slows down no more, at most so long after it fell to this share of its peak speed."""
_MOVING_RATIO = 0.02
"""It lasts while it is faster than this share: ends that are flatter are not seen above the noise."""


def _rest_from(speed: Array, peak: int, step: int, most_ticks: int) -> int:
    """Index where the sensor came to rest, from its peak speed onward (`step` 1) or back (-1)."""
    onward = speed[peak::step]
    slow = np.flatnonzero(onward <= _SLOW_RATIO * onward[0])
    ticks = int(slow[0]) if len(slow) else len(onward) - 1
    last = min(ticks + most_ticks, len(onward) - 1)
    while ticks < last and onward[ticks] > 0 and onward[ticks + 1] < onward[ticks]:
        ticks += 1
    return peak + step * ticks


def _at_rest_at_both_ends(speed: Array) -> Array:
    return np.asarray(speed - np.linspace(float(speed[0]), float(speed[-1]), len(speed)))


def _moving_ticks(speed: Array) -> float:
    """For how long the speed is above a share of its peak, in ticks and fractions."""
    peak = int(np.argmax(speed))
    level = _MOVING_RATIO * float(speed[peak])
    first = peak - int(np.argmax(speed[peak::-1] <= level))
    last = peak + int(np.argmax(speed[peak:] <= level))
    before = (level - speed[first]) / (speed[first + 1] - speed[first])
    after = (level - speed[last]) / (speed[last - 1] - speed[last])
    return float(last - after - first - before)


def _way_m(speed: Array, tick_s: float) -> float:
    return float(_integral(speed, tick_s)[-1])


def _integral(values: Array, tick_s: float) -> Array:
    """By trapezoids, from 0 at the first tick (N,)."""
    return np.concatenate(([0.0], np.cumsum((values[1:] + values[:-1]) / 2 * tick_s)))
