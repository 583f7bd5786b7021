"""A long signal for a screen: the same curve at several widths, so that any zoom draws few points.

Rules: level 0 is the signal as it is; each further level keeps of `FACTOR` times as many samples the least
and the largest of each channel, so that no peak is lost however far one zooms out. Arrays in, bytes out.
"""

import numpy as np
from numpy.typing import NDArray

from repcount.samples import Array

FACTOR = 2
FEWEST_POINTS = 1500
"""A level with fewer points than a screen has columns helps nobody."""
Floats = NDArray[np.float32]
Level = tuple[Floats, Floats]
"""Times (N,) s and values (N, C)."""


def levels(t_s: Array, values: Array) -> list[Level]:
    """Return the signal at every width, the finest first.

    Parameters
    ----------
    t_s
        (N,) s, increasing.
    values
        (N, C), any unit.
    """
    found = [(t_s.astype(np.float32), values.astype(np.float32))]
    low = high = values
    times = t_s
    while 2 * len(times) / FACTOR >= FEWEST_POINTS:
        times, low, high = _coarser(times, low, high)
        both = np.stack((low, high), axis=1).reshape(-1, values.shape[1])
        spread = np.repeat(times, 2)
        spread[1::2] += np.diff(times, append=2 * times[-1:] - times[-2:-1]) / 2
        found.append((spread.astype(np.float32), both.astype(np.float32)))
    return found


def _coarser(times: Array, low: Array, high: Array) -> tuple[Array, Array, Array]:
    """Put `FACTOR` in a row together; the last may be fewer."""
    starts = np.arange(0, len(times), FACTOR)
    return times[starts], np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)


def pack(found: list[Level]) -> bytes:
    """Little-endian: how many levels and channels (uint32), the points of each level (uint32), then a level
    after the other: its times, and each channel, as float32.
    """  # noqa: D205 - the form is one sentence
    channels = found[0][1].shape[1]
    head = np.array([len(found), channels, *(len(t_s) for t_s, _ in found)], dtype="<u4")
    body = [piece.astype("<f4").tobytes() for t_s, values in found for piece in (t_s, *values.T)]
    return head.tobytes() + b"".join(body)
