"""How far a sensor was moved up or down, in metres, from the force it felt and where up was.

Rules: acceleration is integrated twice between instants at which the sensor stood still, so what its errors
add up to is known at both ends and taken off; what is left grows with the square of the time. So a way is
trusted only over a short phase, and only where the whole rep, integrated by itself, says the same. Without a
gyroscope nothing is: a force that is bent cannot be told from a sensor that is turned.

The method is the usual one of bar sensors, zero-velocity updates at the turns: Skog et al., IEEE Trans.
Biomed. Eng. 57, 2010; of lifts, at the wrist, Achermann et al., Sports 11, 2023.
"""

import numpy as np

from repcount.samples import STANDARD_GRAVITY_M_S2, Array


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


def rise_m(acc_m_s2: Array, tick_s: float) -> float:
    """How far up a sensor got that stood still at the first and the last tick, m; below 0: down."""
    speed = _from_rest(acc_m_s2, tick_s)
    speed -= speed[-1] * np.linspace(0.0, 1.0, len(speed))
    return float(_integral(speed, tick_s)[-1])


def height_m(acc_m_s2: Array, tick_s: float) -> float:
    """Height between the lowest and the highest point of a rep that ends as high as it began, m.

    It stood still at both ends.
    """
    share = np.linspace(0.0, 1.0, len(acc_m_s2))
    speed = _from_rest(acc_m_s2, tick_s)
    speed -= speed[-1] * share
    speed -= 6 * share * (1 - share) * np.mean(speed)  # a parabola with a mean of 1
    return float(np.ptp(_integral(speed, tick_s)))


def travel_m(phase_m_s2: Array, rep_m_s2: Array, tick_s: float) -> float | None:
    """How far a phase went up or down, m; None where the rep it belongs to says otherwise.

    Parameters
    ----------
    phase_m_s2
        Upward acceleration (N,) from the start of the phase to its end.
    rep_m_s2
        The same (M,) from the start of the rep to its end.
    tick_s
        Time between two values.
    """
    if min(len(phase_m_s2), len(rep_m_s2)) < _LEAST_TICKS:
        return None
    way_m = abs(rise_m(phase_m_s2, tick_s))
    apart_m = abs(height_m(rep_m_s2, tick_s) - way_m)
    return way_m if apart_m <= max(_APART_M, _APART_RATIO * way_m) else None


_LEAST_TICKS = 5
_APART_M, _APART_RATIO = 0.03, 0.1
"""How far the rep may be from its phase, m and as a share of the way; the larger of both holds. Chosen on
simulated sets (seed 0): half as much again keeps one rep in ten more, at half as much error again."""


def _from_rest(acc_m_s2: Array, tick_s: float) -> Array:
    return _integral(acc_m_s2, tick_s)


def _integral(values: Array, tick_s: float) -> Array:
    """By trapezoids, from 0 at the first tick (N,)."""
    steps = (values[1:] + values[:-1]) / 2 * tick_s
    return np.concatenate(([0.0], np.cumsum(steps)))
