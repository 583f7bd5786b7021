"""How a limb gets from one pose to the next: speed rises smoothly, stays level, falls smoothly."""

import numpy as np

from repcount.samples import Array


def ease(elapsed_ratio: Array, ramp_ratio: Array, skew_ratio: Array) -> Array:
    """Share of the way travelled, with a continuous third derivative and rest at both ends.

    Parameters
    ----------
    elapsed_ratio
        (N,) share of the duration, clipped to 0..1.
    ramp_ratio
        (N,) share of the duration each of speeding up and slowing down takes, above 0 to 0.5. At 0.5 the
        speed is a bell (peak 2); a smaller value is a steadier movement with a lower peak.
    skew_ratio
        (N,) -0.9 to 0.9; larger puts the peak of the speed earlier.
    """
    u = np.clip(elapsed_ratio, 0.0, 1.0)
    w = u + skew_ratio * u * (1.0 - u)
    up = ramp_ratio * _ramp_area(np.minimum(w / ramp_ratio, 1.0))
    level = np.clip(w - ramp_ratio, 0.0, 1.0 - 2.0 * ramp_ratio)
    down = ramp_ratio * (0.5 - _ramp_area(np.minimum((1.0 - w) / ramp_ratio, 1.0)))
    return np.asarray((up + level + down) / (1.0 - ramp_ratio))


def stuck(way_ratio: Array, stick_ratio: Array) -> Array:
    """Lose speed in the middle of the way and gain it at both ends: a weight that sticks.

    `stick_ratio` (N,) 0 to below 1 is the share of the speed that is lost; from about a half on the speed has
    two humps.
    """
    return np.asarray(way_ratio + stick_ratio * np.sin(2.0 * np.pi * way_ratio) / (2.0 * np.pi))


def _ramp_area(x: Array) -> Array:
    """Integral from 0 to x of the quintic step 10 x^3 - 15 x^4 + 6 x^5; one half at 1."""
    return x**4 * (2.5 + x * (x - 3.0))
