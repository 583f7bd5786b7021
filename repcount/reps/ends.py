"""Whether the first or the last rep of a set is one: getting on and getting off look like it.

Rules: a rep is compared with the others of its set only, by where it starts and turns, the way it goes there,
how long that takes and whether it comes back; each in units of what is usual between them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import numpy as np

from repcount.reps import few
from repcount.reps.phases import Span
from repcount.reps.zigzag import Pose
from repcount.samples import Array
from repcount.tunable import Range, tunable


@dataclass(frozen=True, slots=True, eq=False)
class Lift:
    """One rep: both poses in g, the `way_g` between (N, 3), and when either phase was.

    `second` is None where the way back did not come in the `waited_s` since the turn, s.
    """

    start: Pose
    turn: Pose
    way_g: Array | None
    first: Span
    second: Span | None
    waited_s: float

    @property
    def ended_s(self) -> float:
        """When the rep was over, or turned if the way back did not come, s."""
        return self.second.end_s if self.second is not None else self.first.end_s


@dataclass(frozen=True, slots=True, kw_only=True)
class EndParams:
    """When the first or the last rep of a set is foreign to it.

    Parameters
    ----------
    least_reps
        Sets of fewer reps are not judged: there is nothing to compare with.
    most_strange
        A rep is foreign whose `strangeness` is more. Larger: fewer are taken back.
    off_ratio, apart_ratio
        What is usual at least, in units of the range: distance of the poses, distance of the ways.
    """

    least_reps: int = 3
    most_strange: float = field(default=6.8, metadata=tunable(within=Range(3, 14, step=0.5)))
    off_ratio: float = 0.05
    apart_ratio: float = 0.03

    def __post_init__(self) -> None:
        if self.least_reps < 3:  # noqa: PLR2004 - one to judge and two to compare
            raise ValueError(f"least_reps must be at least 3, got {self}")
        if not all(x > 0 for x in (self.most_strange, self.off_ratio, self.apart_ratio)):
            raise ValueError(f"most_strange and the ratios must be above 0, got {self}")


def strangeness(lifts: Sequence[Lift], index: int, params: EndParams) -> float:
    """How unlike the others the one at `index` is, an end: log odds of getting on or off, but for a constant.

    Weights of a logistic regression of the first and last reps of 880 simulated sets (seeds 0 to 3).
    """
    at = index % len(lifts)
    one, others = lifts[at], [lift for k, lift in enumerate(lifts) if k != at]
    start, turn = middle([x.start for x in others]), middle([x.turn for x in others])
    range_g = max(math.dist(start, turn), 1e-3)
    off_start = [math.dist(x.start, start) / range_g for x in (one, *others)]
    off_turn = [_off_way(x.turn, start, turn) / range_g for x in (one, *others)]
    usual_s = median(x.first.duration_s for x in others)
    return (
        _OFF_START * _times(off_start[0], off_start[1:], params.off_ratio)
        + _OFF_TURN * _times(off_turn[0], off_turn[1:], params.off_ratio)
        + _WAY * _way_strangeness(one, others, range_g, params)
        + _LONGER * _longer(one.first.duration_s, usual_s)
        + _back_strangeness(one, others)
        + _REST * (_rest_strangeness(lifts, at) + _wait_strangeness(one, others))
    )


_OFF_START, _OFF_TURN, _WAY, _LONGER, _BACK, _NOT_BACK, _REST = 0.95, 1.9, 1.6, 0.55, 2.1, 2.5, 0.6
_LEAST_WAY = 0.35
"""A rep is partial, not foreign, that turns on its way, this share of it behind."""
_MOST_LONGER, _MOST_REST_S, _MOST_WAIT_S = 1.5, 3.0, 6.0
"""More than this tells no more."""
_SLOWER_S = 2.0
"""By so much the last rep of a tired lifter may take longer."""
_WAITED = 2.0
"""A way back has not come when it took this many times as long as usual."""


def _off_way(pose: Pose, start: Pose, turn: Pose) -> float:
    """How far the pose lies from the last part of the straight way from start to turn, g."""
    way = [b - a for a, b in zip(start, turn, strict=True)]
    along = sum(w * (p - a) for w, p, a in zip(way, pose, start, strict=True))
    share = min(max(along / max(sum(w * w for w in way), _TINY), _LEAST_WAY), 1.0)
    return math.dist(pose, [a + share * w for a, w in zip(start, way, strict=True)])


def _longer(duration_s: float, usual_s: float) -> float:
    return abs(math.log(max(duration_s, _SHORTEST_S) / max(usual_s, _SHORTEST_S)))


def _back_strangeness(one: Lift, others: Sequence[Lift]) -> float:
    """How unlike the others' the way back took, or that it did not come."""
    back = [x.second for x in others if x.second is not None]
    if one.second is None:
        usual_s = median([x.ended_s - x.first.end_s for x in others if x.second is not None] or [0.0])
        return _NOT_BACK if one.waited_s > _WAITED * usual_s else 0.0
    if not back:
        return 0.0
    usual_s = median(x.duration_s for x in back)
    return _BACK * min(_MOST_LONGER, _longer(one.second.duration_s, usual_s))


def _rest_strangeness(lifts: Sequence[Lift], at: int) -> float:
    """How much longer than between the others the wearer rested between this one and its neighbour, s.

    A first phase that came long after may be read as a slow one that began at once: of that most is a rest.
    """
    pairs, gap = list(pairwise(lifts)), max(at - 1, 0)
    rests_s = [after.first.start_s - before.ended_s for before, after in pairs]
    paces_s = [after.first.end_s - before.first.end_s for before, after in pairs]
    longer_s = [spans_s.pop(gap) - median(spans_s) for spans_s in (rests_s, paces_s)]
    return min(_MOST_REST_S, max(0.0, longer_s[0], longer_s[1] - _SLOWER_S))


def _wait_strangeness(one: Lift, others: Sequence[Lift]) -> float:
    """How much longer than the others' its way back was waited for, s: who got off sat down later."""
    waits_s = [x.second.start_s - x.first.end_s for x in others if x.second is not None]
    if one.second is None or not waits_s:
        return 0.0
    return min(_MOST_WAIT_S, max(0.0, one.second.start_s - one.first.end_s - median(waits_s)))


_SHORTEST_S, _TINY = 0.1, 1e-9


def _way_strangeness(one: Lift, others: Sequence[Lift], range_g: float, params: EndParams) -> float:
    ways = [x.way_g for x in others if x.way_g is not None]
    if one.way_g is None or not ways:
        return 0.0
    usual = few.middle(np.array(ways))
    return _times(
        _apart(one.way_g, usual) / range_g, [_apart(x, usual) / range_g for x in ways], params.apart_ratio
    )


def _times(value: float, usual: Sequence[float], least: float) -> float:
    """Logarithm of how many times the usual it is; no less than 0."""
    return max(0.0, math.log(max(value, 1e-6) / max(least, median(usual))))


def _apart(way: Array, other: Array) -> float:
    return float(few.mean(few.lengths(way - other)))


def middle(poses: Sequence[Pose]) -> Pose:
    """The median of each coordinate of poses or directions."""
    x, y, z = (median(axis) for axis in zip(*poses, strict=True))
    return x, y, z
