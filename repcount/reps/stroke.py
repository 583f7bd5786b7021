"""One movement from end to end, and how a person usually begins and ends it.

Rules: the middle of a way is read off each rep, its ends off the mean of all: sway bends the slow ends of one
rep by tenths of a second, but not alike in two. A `Stroke` is in ticks or in s, as it is handed on.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from repcount.reps.phases import Span
from repcount.reps.slowing import GoesOn, Shares, still_after
from repcount.samples import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class StrokeParams:
    """Parameters of the times read in hindsight.

    Parameters
    ----------
    low_ratio, middle_ratio, high_ratio
        Shares of a phase's peak speed where its ends are read off. Larger: less noise, more is continued.
    near_ratio
        The middle of a way lies between this share of it and what is left of the rest. Larger: less of it is
        standing still, more of the phase hangs on it.
    straight_ratio
        Share of the way at either end that is taken as straight: only what goes along it counts there.
        Larger: less sway, less of a bend.
    smooth_ratio
        Speed is smoothed over this share of the phase, to either side. Larger: less tremor, blunter ends.
    end_ratio
        A movement begins and ends no further from the ends of the rep than this share of the distance between
        them. Larger: a standstill on the way is taken for an end.
    still_ratio
        Near an end the limb has stopped when its speed falls to this share of the peak.
    lifted_rad_m, felt_lifted_rad_m
        What a metre lifted counts for beside a radian turned, with a gyroscope and without. Larger: trunks
        that hardly turn are timed better, hands that hardly rise worse. Chosen on the simulator (seeds 0, 1).
    most_reps_count
        The ends are the mean of this many reps. Larger: steadier, follows the person slower.
    """

    low_ratio: float = 0.12
    middle_ratio: float = 0.35
    high_ratio: float = 0.65
    near_ratio: float = 0.15
    straight_ratio: float = 0.35
    smooth_ratio: float = 0.05
    end_ratio: float = 0.4
    still_ratio: float = 0.15
    lifted_rad_m: float = 0.5
    felt_lifted_rad_m: float = 2.0
    most_reps_count: int = 16

    def __post_init__(self) -> None:
        if not 0 < self.low_ratio < self.middle_ratio < self.high_ratio < 1:
            raise ValueError(f"need 0 < low_ratio < middle_ratio < high_ratio < 1, got {self}")
        if not all(0 < x < 1 / 2 for x in (self.near_ratio, self.straight_ratio, self.end_ratio)):
            raise ValueError(f"near_ratio, straight_ratio and end_ratio must be in (0, 1/2), got {self}")
        if not (self.smooth_ratio >= 0 and 0 < self.still_ratio < 1 and self.most_reps_count >= 1):
            raise ValueError(
                f"need smooth_ratio >= 0, still_ratio in (0, 1), most_reps_count >= 1, got {self}"
            )
        if not (self.lifted_rad_m >= 0 and self.felt_lifted_rad_m >= 0):
            raise ValueError(f"lifted_rad_m and felt_lifted_rad_m must be at least 0, got {self}")


class Stroke(NamedTuple):
    """A limb's way from one end to the other.

    `middle` is from when it had `near_ratio` of its way behind it to when it had as much before it, `profile`
    (PROFILE,) how fast it was around that, in ways a unit of the middle.
    """

    middle: Span
    profile: Array

    def read(self, tick_s: float, first_s: float) -> "Stroke":
        """From ticks to s: the first tick was at `first_s`."""
        return Stroke(self.middle.read(tick_s, first_s), self.profile)


_AROUND, _STEP = 1.2, 0.04
"""The profile goes so far beyond either end of the middle, in units of the middle; and its steps."""
_AT = np.arange(-round(_AROUND / _STEP), round((1 + _AROUND) / _STEP) + 1) * _STEP
PROFILE = len(_AT)
"""Length of a profile."""
_LEFT, _ARRIVED = round(_AROUND / _STEP), round((1 + _AROUND) / _STEP)
"""Where in a profile the middle begins and ends."""


def stroke_of(speed: Array, middle: Span) -> Stroke:
    """The way that went at `speed` (N,), in ways a tick; beyond what is known it stands still."""
    size = max(middle.duration_s, 1.0)
    at = middle.start_s + _AT * size
    return Stroke(middle, np.interp(at, np.arange(len(speed)), speed, left=0.0, right=0.0) * size)


def _smoothest(near_ratio: float) -> Array:
    """Profile of the smoothest way there is: least jerk (Flash and Hogan, J. Neuroscience 5, 1985)."""
    x = np.linspace(0, 1, 501)
    way = x**3 * (10 - 15 * x + 6 * x**2)
    speed = np.gradient(way)
    left, arrived = np.interp((near_ratio, 1 - near_ratio), way, np.arange(len(x))).tolist()
    return stroke_of(speed, Span(left, arrived)).profile


@dataclass(frozen=True, slots=True)
class Usual:
    """How a person speeds up and slows down in a phase: the mean of what was read of it so far.

    `usual` (PROFILE,) is a mean profile, `weight` of how many.
    """

    params: StrokeParams = field(default_factory=StrokeParams)
    usual: Array | None = None
    weight: float = 0.0

    def learned(self, stroke: Stroke) -> "Usual":
        """Return the mean with one more in it."""
        if self.usual is None:
            before, weight = _smoothest(self.params.near_ratio), _FIRST_WEIGHT
        else:
            before, weight = self.usual, self.weight
        weight = min(weight + 1, self.params.most_reps_count)
        return Usual(self.params, before + (stroke.profile - before) / weight, weight)

    def span(self, middle: Span) -> Span:
        """When a phase with this middle began and ended."""
        usual = self.usual if self.usual is not None else _smoothest(self.params.near_ratio)
        begin, end = _moving(usual, self.params)
        lead_in, run_out = _likely((_LEFT - begin) * _STEP), _likely((end - _ARRIVED) * _STEP)
        size_s = middle.duration_s
        return Span(middle.start_s - lead_in * size_s, middle.end_s + run_out * size_s)

    def to_data(self) -> dict[str, Any]:
        """Plain data for `from_data`."""
        return {"usual": None if self.usual is None else self.usual.tolist(), "weight": self.weight}

    @classmethod
    def from_data(cls, data: dict[str, Any], params: StrokeParams) -> "Usual":
        """Build it from `to_data`."""
        return cls(params, None if data["usual"] is None else np.array(data["usual"]), data["weight"])


_FIRST_WEIGHT = 0.5
"""How many reps' worth it takes to be moved from the smoothest way."""
_LIKELY = (0.1, 1.2)
"""What a way may take beyond its middle, in units of it: swung like a sine 0.34, with least jerk 0.43."""


def _likely(share: float) -> float:
    return min(max(share, _LIKELY[0]), _LIKELY[1])


def _moving(usual: Array, params: StrokeParams) -> tuple[float, float]:
    """Where in the profile the standstills before and after the middle are.

    From the last time it was fast: some ways are gone in two or three humps.
    """
    first = _LEFT + int(np.argmax(usual[_LEFT : _LEFT + _OUTER + 1]))
    last = _ARRIVED - int(np.argmax(usual[_ARRIVED : _ARRIVED - _OUTER - 1 : -1]))
    return first - _still_after(usual[first::-1], params), last + _still_after(usual[last:], params)


_OUTER = round(0.4 / _STEP)
"""So many steps at either end of the middle are looked at for its last hump."""


def _still_after(speed: Array, params: StrokeParams) -> float:
    """Steps until a movement that slows down from its peak stands still; the mean of several is blunter."""
    peak = float(speed[0])
    creep = _creep(speed, params.middle_ratio * peak)
    at = Shares(params.high_ratio, params.middle_ratio, params.low_ratio)
    return still_after(speed - creep, peak - creep, at, _GOES_ON)


_GOES_ON = GoesOn(sine_bend=1.48, smooth_bend=1.03, sine=-0.3, smooth=1.0)
"""Beyond the blur of smoothing: right to 2 % for sines, least jerk and ramps of a third of a phase, to 7 %
for ramps of a fifth and of a half."""


def _creep(speed: Array, level: float) -> float:
    """The speed at which a movement that has fallen below the level stops slowing down; 0 if it stands still.

    What goes on at one speed after a movement is sway, not its end.
    """
    slows = speed[:-1] - speed[1:]
    below = np.flatnonzero(speed[:-1] < level)
    if not len(below):
        return 0.0
    steady = np.flatnonzero(slows[below[0] :] < _STEADY_RATIO * np.max(slows[: below[0] + 1], initial=0.0))
    return max(0.0, float(speed[below[0] + steady[0]])) if len(steady) else 0.0


_STEADY_RATIO = 0.12
"""It slows down no more when it does so by less than this share of the most before."""
