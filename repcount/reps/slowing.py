"""When a movement that slows down stands still: continued from how quickly it does.

Rules: near a standstill speed drowns in sway and noise, so it is read off where it is still a share of its
peak; values are one after the other, and so are the places told, as fractions of an index.
"""

from typing import NamedTuple

from repcount.samples import Array


class Shares(NamedTuple):
    """Shares of the peak speed where a movement is read off as it slows down, from the fastest."""

    high: float
    middle: float
    low: float


class GoesOn(NamedTuple):
    """How far it goes on after `low`, in stretches from `middle` to `low`: swung like a sine, or smooth.

    `sine_bend`, `smooth_bend`: the stretch from `high` to `middle` in units of that from `middle` to `low`.
    """

    sine_bend: float
    smooth_bend: float
    sine: float
    smooth: float


def still_after(speed: Array, peak: float, at: Shares, on: GoesOn) -> float:
    """Where a movement of this peak speed stands still; the last index where it does not slow down so far.

    Speed falls like a power of the time left, about 1 where it swings like a sine and 2 or more where it is
    as smooth as can be (Flash and Hogan, J. Neuroscience 5, 1985).
    """
    low = falls_below(speed, at.low * peak)
    if low is None:
        return float(len(speed) - 1)
    slowing = speed[: int(low) + 2]
    high = falls_below(slowing, at.high * peak) or 0.0
    middle = falls_below(slowing, at.middle * peak) or 0.0
    bend = (middle - high) / max(low - middle, 1e-9)
    smooth = min(1.0, max(0.0, (on.sine_bend - bend) / (on.sine_bend - on.smooth_bend)))
    return low + (on.sine + smooth * (on.smooth - on.sine)) * (low - middle)


def falls_below(values: Array, level: float) -> float | None:
    """Where values first fall below the level; None where they do not."""
    below = values < level
    first = int(below.argmax()) if len(values) else 0
    if not (len(values) and below[first]):
        return None
    return crossing(values, first - 1, level) if first else 0.0


def crossing(values: Array, index: int, level: float) -> float:
    """Where between `index` and the next value the level is crossed."""
    here, there = float(values[index]), float(values[index + 1])
    if here == there:
        return float(index)
    return index + min(1.0, max(0.0, (level - here) / (there - here)))
