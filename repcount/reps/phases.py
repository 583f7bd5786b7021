"""When the movements of a rep began and ended.

Rules: times are in ticks from the first value given, read where the speed along the way passes a share of its
peak and continued to where it was nothing. A limb that turns shows its way as the arc it turns through
(`there_and_back`). One that hardly turns but is thrown shows its speed as the integral of the force it feels
over its weight, whatever way the sensor points (`lift`).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from repcount.reps.few import slope
from repcount.reps.slowing import GoesOn, Shares, crossing, still_after
from repcount.samples import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseParams:
    """Parameters of the phase times.

    Parameters
    ----------
    low_ratio, middle_ratio, high_ratio
        Shares of a phase's peak speed where its ends are read off. Larger: less noise, more is continued.
    near_ratio
        Share of the way near either end within which a phase may begin or end; a standstill in between is a
        part of the phase.
    smooth_ratio
        Speed is smoothed over this share of the time between, to either side. Larger: less tremor and sway in
        it, blunter ends.
    still_ratio
        A thrown limb moves where it is faster than this share of the phase's peak.
    still_share
        Share of a thrown movement's time that lies outside, at each end.
    """

    low_ratio: float = 0.12
    middle_ratio: float = 0.35
    high_ratio: float = 0.65
    near_ratio: float = 0.25
    smooth_ratio: float = 0.1
    still_ratio: float = 0.15
    still_share: float = 0.1

    def __post_init__(self) -> None:
        if not 0 < self.low_ratio < self.middle_ratio < self.high_ratio < 1:
            raise ValueError(f"need 0 < low_ratio < middle_ratio < high_ratio < 1, got {self}")
        if not self.smooth_ratio >= 0:
            raise ValueError(f"smooth_ratio must be at least 0, got {self}")
        if not (0 < self.still_ratio < 1 and 0 <= self.still_share < 1 and 0 < self.near_ratio < 1 / 2):
            raise ValueError(f"need still_ratio, still_share in [0, 1), near_ratio below 1/2, got {self}")


_USUAL = 1.1
"""A quarter of a way swung like a sine takes as long as 1.0 of its middle half, of the smoothest way 1.28."""
_LIKELY = (0.4, 2.0)
_MOST_WEIGHT = 8.0


def _likely(share: float) -> float:
    return min(max(share, _LIKELY[0]), _LIKELY[1])


@dataclass(frozen=True, slots=True)
class Span:
    """From `start_s` to `end_s`."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """How long, s."""
        return self.end_s - self.start_s

    def read(self, tick_s: float, first_s: float) -> "Span":
        """From ticks to s: the first tick was at `first_s`."""
        return Span(first_s + self.start_s * tick_s, first_s + self.end_s * tick_s)


class Way(NamedTuple):
    """A limb's way from one end to the other, in ticks.

    `left` and `arrived` are when it had a quarter of its way behind and before it; `lead_in` and `run_out`
    are how long it had been moving before and went on moving after, in units of the time between.
    """

    left: float
    arrived: float
    lead_in: float
    run_out: float


@dataclass(slots=True)
class Shape:
    """How a person speeds up and slows down in a phase: the mean of what was read of it so far.

    One rep's ends are bent by sway, the middle of its way is not: the ends of each are taken from all.
    """

    lead_in: float = _USUAL
    run_out: float = _USUAL
    weight: float = 1.5

    def learn(self, way: Way) -> Span:
        """Take in one phase; return when it began and ended, in ticks."""
        self.weight = min(self.weight + 1, _MOST_WEIGHT)
        self.lead_in += (_likely(way.lead_in) - self.lead_in) / self.weight
        self.run_out += (_likely(way.run_out) - self.run_out) / self.weight
        return self.span(way)

    def span(self, way: Way) -> Span:
        """When the phase began and ended, in ticks."""
        size = way.arrived - way.left
        return Span(way.left - self.lead_in * size, way.arrived + self.run_out * size)


def there(progress: Array, turn: int, params: PhaseParams) -> Way | None:
    """When `progress` (N,) went from 0 to 1, at last before `turn`, in ticks; None where it did not."""
    low, high = float(progress[: turn + 1].min()), float(progress.max())
    if high <= low:
        return None
    way = (progress - low) / (high - low)
    reached = (way[: max(turn, int(way.argmax())) + 1] >= 1 - params.near_ratio).nonzero()[0]
    if not len(reached):
        return None
    # The last time it went up to the turn: what lay before was another movement.
    below = (way[: int(reached[-1])] <= params.near_ratio).nonzero()[0]
    if not len(below):
        return None
    left = int(below[-1])
    arrived = left + int((way[left:] >= 1 - params.near_ratio).argmax())
    speed = slope(_smooth(way, round(params.smooth_ratio * (arrived - left))))
    begin, end = _moving_between(speed, left, arrived, params)
    left_at = crossing(way, left, params.near_ratio)
    arrived_at = crossing(way, arrived - 1, 1 - params.near_ratio)
    size = max(arrived_at - left_at, 1.0)
    return Way(left_at, arrived_at, (left_at - begin) / size, (end - arrived_at) / size)


def back(progress: Array, turn: int, params: PhaseParams) -> Way | None:
    """When `progress` (N,) first came back from 1 to 0 after `turn`, in ticks; None where it did not."""
    last = len(progress) - 1
    after = progress[turn:]
    if len(after) < 2:  # noqa: PLR2004 - nothing has come yet
        return None
    way = there(after[::-1], len(after) - 1, params)
    return way and Way(last - way.arrived, last - way.left, way.run_out, way.lead_in)


def _smooth(way: Array, ticks: int) -> Array:
    """Mean of means over `ticks` to either side (N,): a triangle, without delay."""
    width = 2 * ticks + 1
    box = np.full(width, 1 / width)
    padded = np.concatenate((way[:1].repeat(2 * ticks), way, way[-1:].repeat(2 * ticks)))
    return np.convolve(np.convolve(padded, box, "valid"), box, "valid")


def _moving_between(speed: Array, left: int, arrived: int, params: PhaseParams) -> tuple[float, float]:
    """From the standstill before `left` to the one after `arrived`."""
    peak = float(speed[left : arrived + 1].max())
    begin = left - _still_after(speed[left::-1], peak, params)
    end = arrived + _still_after(speed[arrived:], peak, params)
    return min(begin, float(left)), max(end, float(arrived))


def _still_after(speed: Array, peak: float, params: PhaseParams) -> float:
    """Ticks until a movement that slows down stands still."""
    return still_after(
        speed, peak, Shares(params.high_ratio, params.middle_ratio, params.low_ratio), _GOES_ON
    )


_GOES_ON = GoesOn(sine_bend=1.48, smooth_bend=1.17, sine=0.4, smooth=1.3)
"""Where it swings like a sine it goes on by 0.5 of the last stretch, where it is smooth by 1.1 to 1.8."""


def lift(
    load_g: Array, turn: int, cycle: slice, params: PhaseParams, *, upward: bool
) -> tuple[Span, Span] | None:
    """When a thrown limb went and came back, in ticks.

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
    going = Span(turned - first[1], turned - first[0])
    coming = Span(turned + 1 + second[0], turned + 1 + second[1])
    if going.end_s > coming.start_s:
        middle = (going.end_s + coming.start_s) / 2
        return Span(going.start_s, middle), Span(middle, coming.end_s)
    return going, coming


def _moving(speed: Array, params: PhaseParams) -> tuple[float, float] | None:
    """Where `speed` is well below 0, first and last, in ticks, with its flat ends."""
    if not len(speed) or np.min(speed) >= 0:
        return None
    level = params.still_ratio * float(np.min(speed))
    moving = np.flatnonzero(speed < level)
    first, last = int(moving[0]), int(moving[-1])
    begin = crossing(speed, first - 1, level) if first > 0 else 0.0
    end = crossing(speed, last, level) if last + 1 < len(speed) else float(last)
    flat = params.still_share * (end - begin)
    return max(0.0, begin - flat), end + flat
