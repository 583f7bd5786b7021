"""Whether the first or the last rep of a set is one: getting on and getting off look like it.

Rules: a rep is compared with the others of its set only, by where it starts and turns, the way it goes there,
how long that takes and whether it comes back; each in units of what is usual between them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from repcount.reps.zigzag import Pose
from repcount.samples import Array


@dataclass(frozen=True, slots=True, eq=False)
class Lift:
    """The first half of a rep: both poses in g, the `way_g` between (N, 3), how long it took, s.

    `back_s` is how long the way back took, None where it did not come.
    """

    start: Pose
    turn: Pose
    way_g: Array | None
    duration_s: float
    back_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndParams:
    """When the first or the last rep of a set is foreign to it.

    Parameters
    ----------
    least_reps
        Sets of fewer reps are not judged: there is nothing to compare with.
    most_strange
        A rep is foreign whose `strangeness` is more. Larger: fewer are taken back. Real last reps of
        `kaggle_gym`, `muvr` and `metamotion` stay below, what simulated people do after a set does not.
    off_ratio, apart_ratio
        What is usual at least, in units of the range: distance of the poses, distance of the ways.
    """

    least_reps: int = 3
    most_strange: float = 3.75
    off_ratio: float = 0.05
    apart_ratio: float = 0.03

    def __post_init__(self) -> None:
        if self.least_reps < 3:  # noqa: PLR2004 - one to judge and two to compare
            raise ValueError(f"least_reps must be at least 3, got {self}")
        if not all(x > 0 for x in (self.most_strange, self.off_ratio, self.apart_ratio)):
            raise ValueError(f"most_strange and the ratios must be above 0, got {self}")


def strangeness(lifts: Sequence[Lift], index: int, params: EndParams) -> float:
    """How unlike the others the one at `index` is; 0 and less is like them."""
    others = [lift for k, lift in enumerate(lifts) if k != index % len(lifts)]
    one, start, turn = lifts[index], _middle([x.start for x in others]), _middle([x.turn for x in others])
    range_g = max(math.dist(start, turn), 1e-3)

    def off(lift: Lift) -> float:
        return max(math.dist(lift.start, start), math.dist(lift.turn, turn)) / range_g

    usual_s = median(x.duration_s for x in others)
    longer = _longer(one.duration_s, usual_s) - median(_longer(x.duration_s, usual_s) for x in others)
    return (
        _times(off(one), [off(x) for x in others], params.off_ratio)
        + _way_strangeness(one, others, range_g, params)
        + _LONGER * max(0.0, longer)
        + _back_strangeness(one, others)
    )


_LONGER, _NOT_BACK = 1.5, 1.5


def _longer(duration_s: float, usual_s: float) -> float:
    return abs(math.log(max(duration_s, _SHORTEST_S) / max(usual_s, _SHORTEST_S)))


def _back_strangeness(one: Lift, others: Sequence[Lift]) -> float:
    """How unlike the others' the way back took, or that it did not come."""
    if one.back_s is None:
        return _NOT_BACK
    others_s = [x.back_s for x in others if x.back_s is not None]
    if not others_s:
        return 0.0
    usual_s = median(others_s)
    longer = _longer(one.back_s, usual_s) - median(_longer(x, usual_s) for x in others_s)
    return min(_NOT_BACK, max(0.0, longer))


_SHORTEST_S = 0.1


def _way_strangeness(one: Lift, others: Sequence[Lift], range_g: float, params: EndParams) -> float:
    ways = [x.way_g for x in others if x.way_g is not None]
    if one.way_g is None or not ways:
        return 0.0
    usual = np.median(np.array(ways), axis=0)
    return _times(
        _apart(one.way_g, usual) / range_g, [_apart(x, usual) / range_g for x in ways], params.apart_ratio
    )


def _times(value: float, usual: Sequence[float], least: float) -> float:
    """Logarithm of how many times the usual it is; no less than 0."""
    return max(0.0, math.log(max(value, 1e-6) / max(least, median(usual))))


def _apart(way: Array, other: Array) -> float:
    return float(np.mean(np.sqrt(np.sum((way - other) ** 2, axis=1))))


def _middle(poses: Sequence[Pose]) -> Pose:
    x, y, z = (median(axis) for axis in zip(*poses, strict=True))
    return x, y, z
