"""How much a row of reps is like a set that somebody does on purpose.

Rules: nothing here depends on the mounting or the size of the movement. A set repeats one way in three
dimensions, goes back the way it came, goes straight about it, and keeps its pace; eating, walking and
gesturing recur too, but not like that.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from repcount.reps.few import lengths, mean, middle
from repcount.reps.history import MotionHistory
from repcount.samples import Array

POINTS = 9
"""Points read on either way of a rep."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One rep as it was felt: `way_g` (2 * POINTS, 3) from start to turn and back, in g.

    `rough_g` is what lies above it, root mean square, `ticks` how long it took.
    """

    way_g: Array
    rough_g: float
    ticks: int

    @property
    def felt_g(self) -> float:
        """Standard deviation of the size of what was felt, g: 0 where it was gravity alone."""
        return float(np.std(lengths(self.way_g.astype(np.float64))))

    def to_data(self) -> dict[str, Any]:
        """Plain data for `from_data`."""
        return {
            "way_g": self.way_g.tolist(),
            "rough_g": self.rough_g,
            "ticks": self.ticks,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Trace":
        """Build a trace from `to_data`."""
        return cls(**(data | {"way_g": np.array(data["way_g"], dtype=np.float32)}))


def trace(history: MotionHistory, there: tuple[int, int], back: tuple[int, int]) -> Trace | None:
    """Read the rep that went over these ticks, from first to last; None where it is forgotten."""
    start, end = there[0], back[1]
    felt = history.quick(start, end)
    if not (start < there[1] and back[0] < end) or len(felt) != end - start + 1:
        return None
    way = _at(felt, np.concatenate((_points(*there), _points(*back))) - start)
    moving = there[1] - there[0] + back[1] - back[0]
    return Trace(way.astype(np.float32), history.activity_rms_g(start, end), moving)


def way_there(history: MotionHistory, there: tuple[int, int]) -> Array | None:
    """Return what was felt on the way there, (POINTS, 3) g; None where it is forgotten."""
    felt = history.quick(*there)
    if not there[0] < there[1] or len(felt) != there[1] - there[0] + 1:
        return None
    return _at(felt, _points(0, there[1] - there[0]))


def _points(first: int, last: int) -> Array:
    """Ticks (POINTS,) spread evenly from first to last."""
    at = np.arange(POINTS) * ((last - first) / (POINTS - 1)) + first
    at[-1] = last  # as `linspace` has it, which takes longer
    return np.asarray(at)


def _at(felt: Array, at: Array) -> Array:
    """Values (N, 3) at fractions of ticks."""
    below = np.minimum(at.astype(np.int64), len(felt) - 2)
    return np.asarray(felt[below] + (at - below)[:, np.newaxis] * (felt[below + 1] - felt[below]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What tells a set; smaller is more like one.

    `apart_ratio`: how far the reps' ways lie from the usual one, in units of the range. `retrace_ratio`: how
    far the way back lies from the way there. `pace_spread`: that of the durations.
    """

    apart_ratio: float
    retrace_ratio: float
    pace_spread: float


def likeness(traces: Sequence[Trace]) -> Likeness | None:
    """How alike the reps are; None where there are none."""
    if not traces:
        return None
    count = len(traces)
    ways = np.array([one.way_g for one in traces], dtype=np.float64)
    usual = middle(ways)
    range_g = max(float(lengths(usual[POINTS - 1] - usual[0])), 1e-3)
    ticks = np.array([one.ticks for one in traces], dtype=np.float64)
    there, back = ways[:, :POINTS], ways[:, : POINTS - 1 : -1]
    apart_g = mean(lengths(ways - usual), axis=1)
    few = math.sqrt(count / (count - 1)) if count > 1 else 1.0  # a mean of few lies near each of them
    return Likeness(
        apart_ratio=few * float(_usually(apart_g)) / range_g,
        retrace_ratio=float(_usually(mean(lengths(there - back), axis=1))) / range_g,
        pace_spread=_spread(ticks, few),
    )


def _usually(values: Array) -> Array:
    """Mean; of many the median, so that one odd rep does not spoil a set."""
    return mean(values) if len(values) < MANY else middle(values)


def _spread(ticks: Array, few: float) -> float:
    """Standard deviation over the mean; of many reps as their middle half has it, whatever the ends do."""
    usual = _usually(ticks)
    off = np.abs(ticks - usual)
    if len(ticks) < MANY:
        return few * float(np.sqrt(mean(off * off)) / usual)
    return MAD_SD * float(middle(off) / usual)


MANY = 4
MAD_SD = 1.4826
"""Standard deviation of a normal distribution in units of its median absolute deviation."""
