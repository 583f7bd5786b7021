"""When the movements of a rep began and ended.

Rules: times are read off the quick signal, in s from the first value given, by interpolated crossings. A hand
on a fixed bar only turns: its progress is the pose along the run's direction (`rise`, `fall`). A free hand is
thrown: its speed is the integral of the force it feels over its weight, whatever way the sensor points
(`lift`). Ends too flat to be read are continued by what lies beyond the thresholds in a smooth movement.
"""

from dataclasses import dataclass

import numpy as np

from repcount.samples import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseParams:
    """Parameters of the phase times.

    Parameters
    ----------
    low_ratio, high_ratio
        Share of the way where a turning hand is read off. Wider apart: less is continued, more noise.
    middle_share
        Share of a movement's time between the two: 0.34 for a minimum-jerk movement, 0.41 for a sine.
    still_ratio
        A free hand moves where it is faster than this share of the phase's peak.
    still_share
        Share of a movement's time that lies outside, at each end: 0.11 for a minimum-jerk movement.
    """

    low_ratio: float = 0.2
    high_ratio: float = 0.8
    middle_share: float = 0.37
    still_ratio: float = 0.15
    still_share: float = 0.1

    def __post_init__(self) -> None:
        if not 0 < self.low_ratio < self.high_ratio < 1 or not 0 < self.middle_share < 1:
            raise ValueError(f"need 0 < low_ratio < high_ratio < 1 and 0 < middle_share < 1, got {self}")
        if not (0 < self.still_ratio < 1 and 0 <= self.still_share < 1):
            raise ValueError(f"need 0 < still_ratio < 1 and 0 <= still_share < 1, got {self}")


@dataclass(frozen=True, slots=True)
class Span:
    """From `start_s` to `end_s`."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """How long, s."""
        return self.end_s - self.start_s

    def shifted(self, by_s: float) -> "Span":
        """The same, later by `by_s`."""
        return Span(self.start_s + by_s, self.end_s + by_s)


def rise(progress: Array, tick_s: float, params: PhaseParams) -> Span | None:
    """When `progress` (N,) first rose from 0 to 1; None where it has not yet."""
    above = np.flatnonzero(progress >= params.high_ratio)
    if not len(above) or above[0] == 0:
        return None
    high = int(above[0])
    below = np.flatnonzero(progress[:high] <= params.low_ratio)
    low = int(below[-1]) if len(below) else 0
    low_at = _crossing(progress, low, params.low_ratio)
    high_at = _crossing(progress, high - 1, params.high_ratio)
    centre_s = (low_at + high_at) / 2 * tick_s
    half_s = (high_at - low_at) * tick_s / params.middle_share / 2
    return Span(max(0.0, centre_s - half_s), centre_s + half_s)


def fall(progress: Array, tick_s: float, params: PhaseParams) -> Span | None:
    """When `progress` (N,) first fell from 1 to 0, as `rise`; it may end after the last value."""
    return rise(1 - progress, tick_s, params)


def lift(
    load_g: Array, turn: int, cycle: slice, tick_s: float, params: PhaseParams, *, upward: bool
) -> tuple[Span, Span] | None:
    """When a free hand went and came back.

    Parameters
    ----------
    load_g
        Size of the force felt (N,), g, from a little before the rep to a little after it.
    turn
        Index near which it turns.
    cycle
        The part of `load_g` from one start to the next: over it speed and height come back to where they
        were, which fixes the weight and the speed at its beginning.
    upward
        Whether the first movement goes up.
    """
    excess = load_g - np.mean(load_g[cycle])
    speed = np.cumsum(excess) - excess / 2  # by trapezoids: at the ticks, not between them
    speed = (speed - np.mean(speed[cycle])) * (1 if upward else -1)
    turns = np.flatnonzero((speed[:-1] > 0) & (speed[1:] <= 0))
    if not len(turns):
        return None
    turned = int(turns[np.argmin(np.abs(turns - turn))])
    first = _moving(-speed[turned::-1], params)
    second = _moving(speed[turned + 1 :], params)
    if first is None or second is None:
        return None
    going = Span((turned - first[1]) * tick_s, (turned - first[0]) * tick_s)
    coming = Span((turned + 1 + second[0]) * tick_s, (turned + 1 + second[1]) * tick_s)
    if going.end_s > coming.start_s:
        middle_s = (going.end_s + coming.start_s) / 2
        return Span(going.start_s, middle_s), Span(middle_s, coming.end_s)
    return going, coming


def _moving(speed: Array, params: PhaseParams) -> tuple[float, float] | None:
    """Where `speed` is well below 0, first and last, in ticks, with its flat ends."""
    if not len(speed) or np.min(speed) >= 0:
        return None
    level = params.still_ratio * float(np.min(speed))
    moving = np.flatnonzero(speed < level)
    first, last = int(moving[0]), int(moving[-1])
    begin = _crossing(speed, first - 1, level) if first > 0 else 0.0
    end = _crossing(speed, last, level) if last + 1 < len(speed) else float(last)
    flat = params.still_share * (end - begin)
    return max(0.0, begin - flat), end + flat


def _crossing(progress: Array, index: int, level: float) -> float:
    """Where between `index` and the next value the level is crossed, in ticks."""
    here, there = float(progress[index]), float(progress[index + 1])
    if here == there:
        return float(index)
    return index + min(1.0, max(0.0, (level - here) / (there - here)))
