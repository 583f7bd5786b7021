"""How much a limb swings about, and whether a rep was begun with a kip.

Rules: only directions count, those of up in the sensor's frame, so the mounting does not matter. A kip is a
swing of the whole body from an arch into a hollow just before the pull: a trunk shows how far it goes, a
forearm, whose hand is fixed on the bar, that it goes out and back once more than the pull does.
"""

import numpy as np

from repcount.samples import Array


def swing_deg(ups: Array) -> float:
    """Largest angle between any two directions (N, 3), degrees; 0 where there are none.

    Of a chest's up directions over a rep it is the trunk's sway, `trunk_sway_deg`. They must come from a
    gyroscope where the chest is thrown about; where it should keep still the force alone tells them too.
    """
    if not len(ups):
        return 0.0
    x, y, z = _unit(ups).T
    cosines = x * x[:, np.newaxis] + y * y[:, np.newaxis] + z * z[:, np.newaxis]
    return float(np.degrees(np.arccos(np.clip(np.min(cosines), -1.0, 1.0))))


def turns_back(ups: Array, least_deg: float) -> int:
    """How many times directions (N, 3) turn round along the way they vary most by at least `least_deg`."""
    if len(ups) < 2:  # noqa: PLR2004 - nothing has turned
        return 0
    off = _unit(ups) - np.mean(_unit(ups), axis=0)
    axis = np.linalg.svd(off, full_matrices=False)[2][0]
    along_deg = np.degrees(off[:, 0] * axis[0] + off[:, 1] * axis[1] + off[:, 2] * axis[2])
    high = low = float(along_deg[0])
    heading, turns = 0, 0
    for value in along_deg.tolist():
        high, low = max(high, value), min(low, value)
        if heading >= 0 and high - value >= least_deg:
            heading, low, turns = -1, value, turns + (heading != 0)
        elif heading <= 0 and value - low >= least_deg:
            heading, high, turns = 1, value, turns + (heading != 0)
    return turns


def _unit(vectors: Array) -> Array:
    sizes = np.sqrt(np.sum(vectors**2, axis=1, keepdims=True))
    return np.asarray(vectors / np.maximum(sizes, 1e-9))
