"""The lift into a hold and the lowering out of it, read off how far the wearer is along the arc.

Rules: crossings of shares of the level are interpolated between ticks; what lies outside them is continued as
a smooth movement does. Times are in ticks from the first value given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from repcount.reps.hold_arc import Arc, Direction

_LOW, _HALF, _HIGH, _BACK = 0.2, 0.5, 0.8, 0.4
_SLOW_RATIO = 0.25
"""At the top the limb is on its way where it is faster than this share of the move's mean speed."""

_BEYOND = 0.2
"""How far beyond that the move goes on, in units of the time from 0.2 to 0.8 of a lift: minimum jerk for 0.4,
a move at constant speed that stops short for nothing. People do either, and who watches them does not see the
slowest tail: holds are a little long where the tail counts as moving, a little short where it does not."""

_LIFT_MOST, _LOWER_MOST = 1.1, 1.15
"""It goes on no further than this, where a trunk that shakes is never slow: in units of 0.2 to 0.8 of a lift,
and of 0.8 to 0.4 of a lowering; minimum jerk takes 0.95 and 1.4."""

_SMOOTHED_TICKS = _REACH_TICKS = 2
"""To both sides: a working trunk shakes at more than the quick signal is smoothed to."""

_SAME_RATIO = 1.5
"""The time from 0.2 to 0.8 of a move, in units of that from 0.8 to 0.4 of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """When a move began and ended, ticks; `most_ticks` is what it took with the slowest of its ends."""

    begin_ticks: float
    end_ticks: float
    most_ticks: float

    @property
    def last_ticks(self) -> float:
        """When the slowest end would be over."""
        return self.begin_ticks + self.most_ticks

    @property
    def first_ticks(self) -> float:
        """When the slowest begin would be."""
        return self.end_ticks - self.most_ticks


def lift_span(quick: Sequence[Direction], arc: Arc, level_deg: float) -> Span | None:
    """When the last move up to `level_deg` was; None where its begin is not remembered."""
    along = _smoothed([arc.along_deg(d) for d in quick])
    half = _last_rise(along, _HALF * level_deg, len(along) - 1)
    low = None if half is None else _last_rise(along, _LOW * level_deg, half)
    high = None if half is None else _first_rise(along, _HIGH * level_deg, half)
    if high is None or low is None:
        return None
    high_ticks, low_ticks = _cross(along, high, _HIGH * level_deg), _cross(along, low, _LOW * level_deg)
    took_ticks = high_ticks - low_ticks
    outside = _LIFT_MOST * took_ticks
    settled = high_ticks + outside
    least = _SLOW_RATIO * (_HIGH - _LOW) * level_deg / took_ticks
    for k in range(high + 1, len(along) - _REACH_TICKS):
        if _speed(along, k) < least:
            settled = min(settled, k + _BEYOND * took_ticks)
            break
    return Span(low_ticks - outside, settled, took_ticks + 2 * outside)


def lowering_span(quick: Sequence[Direction], arc: Arc, level_deg: float) -> Span | None:
    """When the move down from `level_deg` began, up to now; None where none is under way."""
    down = _smoothed([-arc.along_deg(d) for d in quick])
    half = _last_rise(down, -_HALF * level_deg, len(down) - 1)
    high = None if half is None else _last_rise(down, -_HIGH * level_deg, half)
    if high is None:
        return None
    high_ticks, back_ticks = _cross(down, high, -_HIGH * level_deg), float(len(down) - 1)
    for k in range(high, len(down) - 1):
        if down[k + 1] > -_BACK * level_deg:
            back_ticks = _cross(down, k, -_BACK * level_deg)
            break
    took_ticks = back_ticks - high_ticks
    begin = earliest = high_ticks - _LOWER_MOST * took_ticks
    least = _SLOW_RATIO * (_HIGH - _BACK) * level_deg / took_ticks
    for k in range(high, _REACH_TICKS - 1, -1):
        if _speed(down, k) < least:
            begin = max(begin, k - _BEYOND * _SAME_RATIO * took_ticks)
            break
    now = float(len(down) - 1)
    return Span(begin, now, now - earliest)


def strayed(poses: Sequence[Direction], arc: Arc, *, up: bool) -> tuple[float, float]:
    """How far a move strayed from the arc, and how far it turned back on its way, degrees."""
    beside_deg = max((arc.beside_deg(d) for d in poses), default=0.0)
    sign = 1 if up else -1
    highest, undone_deg = -180.0, 0.0
    for d in poses:
        along = sign * arc.along_deg(d)
        highest = max(highest, along)
        undone_deg = max(undone_deg, highest - along)
    return beside_deg, undone_deg


def mean_along_deg(quick: Sequence[Direction], arc: Arc) -> float:
    """Mean of how far along the arc, degrees; there must be one at least."""
    return sum(arc.along_deg(d) for d in quick) / len(quick)


def _speed(values: Sequence[float], k: int) -> float:
    """Around a tick, per tick."""
    return (values[k + _REACH_TICKS] - values[k - _REACH_TICKS]) / (2 * _REACH_TICKS)


def _smoothed(values: list[float]) -> list[float]:
    reach = _SMOOTHED_TICKS
    windows = (values[max(0, k - reach) : k + reach + 1] for k in range(len(values)))
    return [sum(window) / len(window) for window in windows]


def _last_rise(values: Sequence[float], level: float, last: int) -> int | None:
    """Index, no later than `last`, of the last value below `level` whose next is not."""
    for k in range(min(last, len(values) - 2), -1, -1):
        if values[k] < level <= values[k + 1]:
            return k
    return None


def _first_rise(values: Sequence[float], level: float, first: int) -> int | None:
    """Index, no earlier than `first`, of the first value below `level` whose next is not."""
    for k in range(first, len(values) - 1):
        if values[k] < level <= values[k + 1]:
            return k
    return None


def _cross(values: Sequence[float], k: int, level: float) -> float:
    return k + (level - values[k]) / (values[k + 1] - values[k])
