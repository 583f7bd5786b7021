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

from repcount.reps.history import MotionHistory
from repcount.samples import Array

POINTS = 9
"""Points read on either way of a rep."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One rep as it was felt: `way_g` (2 * POINTS, 3) from start to turn and back, in g.

    `length_g` is how far the force felt wandered on it, `rough_g` what lies above it, root mean square,
    `ticks` how long it took.
    """

    way_g: Array
    length_g: float
    rough_g: float
    ticks: int

    def to_data(self) -> dict[str, Any]:
        """Plain data for `from_data`."""
        return {
            "way_g": self.way_g.tolist(),
            "length_g": self.length_g,
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
    at = np.concatenate((np.linspace(*there, POINTS), np.linspace(*back, POINTS))) - start
    way = _at(felt, at)
    steps = np.diff(felt[::_STRIDE_TICKS], axis=0)
    length_g = float(np.sum(np.sqrt(np.sum(steps**2, axis=1))))
    moving = there[1] - there[0] + back[1] - back[0]
    return Trace(way.astype(np.float32), length_g, history.activity_rms_g(start, end), moving)


def way_there(history: MotionHistory, there: tuple[int, int]) -> Array | None:
    """Return what was felt on the way there, (POINTS, 3) g; None where it is forgotten."""
    felt = history.quick(*there)
    if not there[0] < there[1] or len(felt) != there[1] - there[0] + 1:
        return None
    return _at(felt, np.linspace(0, there[1] - there[0], POINTS))


def _at(felt: Array, at: Array) -> Array:
    """Values (N, 3) at fractions of ticks."""
    below = np.minimum(at.astype(np.int64), len(felt) - 2)
    return np.asarray(felt[below] + (at - below)[:, np.newaxis] * (felt[below + 1] - felt[below]))


_STRIDE_TICKS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What tells a set, all in units of its range but for the last: smaller is more like one.

    `apart_ratio`: how far the reps' ways lie from the usual one. `retrace_ratio`: how far the way back lies
    from the way there. `detour_ratio`: how much further the force wandered than there and back.
    `rough_ratio`: what lies above. `pace_spread`: that of the durations.
    """

    apart_ratio: float
    retrace_ratio: float
    detour_ratio: float
    rough_ratio: float
    pace_spread: float

    @property
    def score(self) -> float:
        """One number: log odds of being a set, but for a constant.

        Weights of a logistic regression of the sets of `kaggle_gym`, `metamotion` and `muvr` against what
        recurs in `wisdm_watch`, `hmp` and `ha24`.
        """
        return -(
            4.0 * math.log(max(self.apart_ratio, _SMALLEST))
            + 3.7 * math.log(max(self.retrace_ratio, _SMALLEST))
            + 0.5 * math.log(max(self.detour_ratio, 1.0))
            - 0.6 * math.log(max(self.rough_ratio, _SMALLEST))
            + 4.5 * min(self.pace_spread, 1.0)
        )


_SMALLEST = 0.02
_UNKNOWN_APART, _UNKNOWN_SPREAD = 0.15, 0.15


def likeness(traces: Sequence[Trace]) -> Likeness | None:
    """How alike the reps are; None where there are none."""
    if not traces:
        return None
    count = len(traces)
    ways = np.array([one.way_g for one in traces], dtype=np.float64)
    usual = np.median(ways, axis=0)
    range_g = max(float(_lengths(usual[POINTS - 1] - usual[0])), 1e-3)
    ticks = np.array([one.ticks for one in traces], dtype=np.float64)
    there, back = ways[:, :POINTS], ways[:, : POINTS - 1 : -1]
    apart_g = np.mean(_lengths(ways - usual), axis=1)
    few = math.sqrt(count / (count - 1)) if count > 1 else 1.0  # a mean of few lies near each of them
    return Likeness(
        apart_ratio=few * float(_usually(apart_g)) / range_g if count > 1 else _UNKNOWN_APART,
        retrace_ratio=float(_usually(np.mean(_lengths(there - back), axis=1))) / range_g,
        detour_ratio=float(np.median([one.length_g for one in traces])) / (2 * range_g),
        rough_ratio=float(np.median([one.rough_g for one in traces])) / range_g,
        pace_spread=_spread(ticks, few),
    )


def _usually(values: Array) -> float:
    """Mean; of many the median, so that one odd rep does not spoil a set."""
    return float(np.mean(values) if len(values) < _MANY else np.median(values))


def _spread(ticks: Array, few: float) -> float:
    """Standard deviation over the mean; of many reps as their middle half has it, whatever the ends do."""
    if len(ticks) < 2:  # noqa: PLR2004 - one has no spread
        return _UNKNOWN_SPREAD
    if len(ticks) < _MANY:
        return few * float(np.std(ticks) / np.mean(ticks))
    middle = float(np.median(ticks))
    return _MAD_SD * float(np.median(np.abs(ticks - middle))) / middle


_MANY = 4
_MAD_SD = 1.4826
"""Standard deviation of a normal distribution in units of its median absolute deviation."""


def _lengths(vectors: Array) -> Array:
    return np.asarray(np.sqrt(np.sum(vectors**2, axis=-1)))
