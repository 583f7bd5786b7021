"""When a limb went and came back, from how fast it turns and is lifted.

Rules: every turn counts, about whatever axis, so also one that the direction of up does not show; a limb that
is thrown shows how fast it is lifted as the integral of the force it feels over its weight, whatever way the
sensor points. Between two movements the limb stands still or turns round. Times are in ticks of the stretch.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from repcount.reps.few import lengths, slope
from repcount.reps.phases import Span
from repcount.reps.stroke import Stroke, StrokeParams, stroke_of
from repcount.samples import STANDARD_GRAVITY_M_S2, Array


class Ends(NamedTuple):
    """About when a rep started, turned and ended, ticks."""

    start: int
    turn: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The motion of a rep and a little around it.

    `rate_rad_s` (N, 3) is 0 where no gyroscope is; `up` (N, 3); `felt_g` (N,) is the size of the force felt;
    `start_up` and `turn_up` (3,) where up was at both ends; `reach` how far off `Ends` may be, ticks.
    """

    rate_rad_s: Array
    up: Array
    felt_g: Array
    start_up: Array
    turn_up: Array
    tick_s: float
    reach: int

    @property
    def has_gyro(self) -> bool:
        """Whether the turning was measured, not only seen in where up is."""
        return bool(np.any(self.rate_rad_s))

    def turning(self) -> Array:
        """How fast the limb turns (N, 3), rad/s."""
        if self.has_gyro:
            return self.rate_rad_s
        return np.cross(self.up, np.gradient(self.up, axis=0)) / self.tick_s

    def is_near(self, up: Array, ratio: float) -> NDArray[np.bool_]:
        """Whether (N,) up is nearer than this share of the distance between both ends."""
        return np.asarray(lengths(self.up - up) < ratio * lengths(self.turn_up - self.start_up))

    def along(self) -> Array:
        """How far (N,) up is from the start, 0, to the turn, 1."""
        whole = self.turn_up - self.start_up
        return np.asarray((self.up - self.start_up) @ whole / max(float(whole @ whole), 1e-12))


class Stops(NamedTuple):
    """Standstills: before the way there, after it, before the way back and after that; ticks."""

    start: int
    turned: int
    leaving: int
    end: int


def there(stretch: Stretch, start: int, turn: int, params: StrokeParams) -> Stroke | None:
    """The way from the start to the turn while the rest is still to come; None where it does not show."""
    last = len(stretch.up) - 1
    turning = stretch.turning()
    stops = _stops(turning, stretch, Ends(start, turn, last), params)
    return _stroke(turning, stops.start, stops.turned, params)


def there_and_back(stretch: Stretch, ends: Ends, params: StrokeParams) -> tuple[Stroke | None, Stroke | None]:
    """Both ways of a whole rep; None for one that does not show."""
    cycle = slice(ends.start, ends.end + 1)
    turning = stretch.turning()
    turning = turning - np.mean(turning[cycle], axis=0)  # the limb comes back, so the rest is bias
    lifted = _lifted_m_s(stretch, cycle)
    weight = params.lifted_rad_m if stretch.has_gyro else params.felt_lifted_rad_m
    stops = _stops(np.column_stack((turning, weight * lifted)), stretch, ends, params)
    if stops.start < stops.turned <= stops.leaving < stops.end:
        # Now that it is known where the limb stood still, it is known that it was not lifted there.
        at = sorted(set(stops))
        lifted -= np.interp(np.arange(len(lifted)), at, lifted[at])
    velocity = np.column_stack((turning, weight * lifted))
    stops = _stops(velocity, stretch, ends, params)
    going = _stroke(velocity, stops.start, stops.turned, params)
    return going, _stroke(velocity, stops.leaving, stops.end, params)


def _lifted_m_s(stretch: Stretch, cycle: slice) -> Array:
    """How fast the limb is lifted (N,): over the cycle speed and height come back to where they were."""
    excess = (stretch.felt_g - np.mean(stretch.felt_g[cycle])) * STANDARD_GRAVITY_M_S2 * stretch.tick_s
    lifted = np.cumsum(excess) - excess / 2  # by trapezoids: at the ticks, not between them
    return np.asarray(lifted - np.mean(lifted[cycle]))


def _stops(velocity: Array, stretch: Stretch, ends: Ends, params: StrokeParams) -> Stops:
    """The slowest moments near the ends of the rep; but the first standstill after the middle of each way."""
    speed = lengths(_smooth(velocity, _STEADY_TICKS))
    at_start = stretch.is_near(stretch.start_up, params.end_ratio)
    at_turn = stretch.is_near(stretch.turn_up, params.end_ratio)
    start = _slowest(speed, ends.start, stretch.reach, at_start)
    turn = _slowest(speed, ends.turn, stretch.reach, at_turn)
    end = _slowest(speed, ends.end, stretch.reach, at_start)
    stops = Stops(start, turn, turn, end)
    low = stretch.along() < 1 / 2
    before, after = np.flatnonzero(low[: ends.turn]), ends.turn + np.flatnonzero(low[ends.turn :])
    if len(before) and before[-1] > ends.start:
        still = speed < params.still_ratio * float(np.max(speed[ends.start : ends.turn + 1]))
        middle = int(before[-1])
        stops = stops._replace(
            start=_stop(speed, still & at_start, middle, start),
            turned=_stop(speed, still & at_turn, middle, turn),
        )
    if len(after) and after[0] < ends.end:
        still = speed < params.still_ratio * float(np.max(speed[ends.turn : ends.end + 1]))
        middle = int(after[0])
        stops = stops._replace(
            leaving=_stop(speed, still & at_turn, middle, turn),
            end=_stop(speed, still & at_start, middle, end),
        )
    return stops


_STEADY_TICKS = 3
"""Standstills are looked for in the speed smoothed over so many ticks to either side."""


def _slowest(speed: Array, near: int, reach: int, allowed: NDArray[np.bool_]) -> int:
    """The slowest moment within reach of `near` that is allowed; `near` where none is."""
    first = max(near - reach, 0)
    part = np.where(allowed, speed, np.inf)[first : near + reach + 1]
    return first + int(np.argmin(part)) if len(part) and np.min(part) < np.inf else near


def _stop(speed: Array, still: NDArray[np.bool_], middle: int, last: int) -> int:
    """The first standstill from the middle towards `last`, where it is slowest; else `last`."""
    step = 1 if last > middle else -1
    at = range(middle, last, step)
    stopped = next((k for k in at if still[k]), last)
    return next((k for k in range(stopped, last, step) if speed[k + step] >= speed[k]), last)


def _stroke(velocity: Array, first: int, last: int, params: StrokeParams) -> Stroke | None:
    """The way between two standstills."""
    if last - first < _LEAST_TICKS:
        return None
    velocity = _smooth(velocity, max(1, round(params.smooth_ratio * (last - first))))
    speed = _along_ends(velocity, first, last, params.straight_ratio)
    gone = _gone(speed, first, last)
    if gone is None:
        return None
    rising = np.maximum.accumulate(gone[first : last + 1])
    near = (params.near_ratio, 1 - params.near_ratio)
    left, arrived = (first + np.interp(near, rising, np.arange(len(rising)))).tolist()
    return stroke_of(slope(gone), Span(left, arrived))


_LEAST_TICKS = 4
"""A way of fewer ticks is none."""


def _along_ends(velocity: Array, first: int, last: int, straight_ratio: float) -> Array:
    """Speed (N,) of a limb that leaves and arrives straight: towards its ends only what goes that way."""
    speed = lengths(velocity)
    gone = _gone(speed, first, last)
    if gone is None:
        return speed
    left, arrived = (int(np.searchsorted(gone, share)) for share in (straight_ratio, 1 - straight_ratio))
    speed[: left + 1] = _component(velocity[: left + 1], np.sum(velocity[first : left + 1], axis=0))
    speed[arrived:] = _component(velocity[arrived:], np.sum(velocity[arrived : last + 1], axis=0))
    return speed


def _gone(speed: Array, first: int, last: int) -> Array | None:
    """Share of the way gone (N,), 0 at first and 1 at last; None where there was none."""
    gone = np.cumsum(speed) - speed / 2
    way = float(gone[last] - gone[first])
    return np.asarray((gone - gone[first]) / way) if way > 0 else None


def _component(vectors: Array, direction: Array) -> Array:
    return np.asarray(vectors @ direction / max(float(np.sqrt(direction @ direction)), 1e-9))


def _smooth(values: Array, ticks: int) -> Array:
    """Mean of means over `ticks` to either side (N, K): a triangle, without delay."""
    box = np.full(2 * ticks + 1, 1 / (2 * ticks + 1))
    triangle, smooth = np.convolve(box, box), np.empty_like(values)
    for before, after in zip(values.T, smooth.T, strict=True):
        padded = np.concatenate((before[:1].repeat(2 * ticks), before, before[-1:].repeat(2 * ticks)))
        after[:] = np.convolve(padded, triangle, "valid")
    return smooth
