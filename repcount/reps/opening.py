"""The first rep of a set, seen where it turns: the limb rested, then went one way as the exercise begins.

Rules: needs a gyroscope, since only then the way of a single movement is known; what is asked of it are
bounds of the exercise, softly: each weighs the more the further it is exceeded. Work a tick is fixed.
"""

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from repcount.exercises.model import Bounds, Opening
from repcount.reps.few import lengths
from repcount.reps.history import MotionHistory
from repcount.reps.run import HalfRep, Run, angle_deg
from repcount.reps.timing import Timing
from repcount.reps.zigzag import Extremum, Pose, pose_of
from repcount.samples import RATE, UP, Array


@dataclass(slots=True)
class OpeningState:
    """Where the limb is.

    `ups` are the last directions of up, `rested` for how many ticks it has been still, `left_tick` when it
    left, after `rested_before`, `peak` its greatest speed since, rad/s.
    """

    ups: list[Pose] = field(default_factory=list)
    rested: int = 0
    left_tick: int | None = None
    rested_before: int = 0
    peak: float = 0.0


class FirstMovement:
    """Feed it motion while no set is known; what was before it reads off `history`, fed by somebody else.

    Attributes
    ----------
    opening
        How the first rep of the exercise looked for goes; None looks for none. Not in the snapshot.
    """

    def __init__(self, history: MotionHistory, timing: Timing) -> None:
        self.history = history
        self.timing = timing
        self.opening: Opening | None = None
        self.state = OpeningState()

    def feed(self, tick: int, signals: Array) -> Run | None:
        """Take one tick; return a run of the one rep that has just turned, if one has."""
        if self.opening is None or not signals[RATE].any():
            return None
        s = self.state
        x, y, z = signals[UP].tolist()
        size = max(math.sqrt(x * x + y * y + z * z), _TINY)
        up = (x / size, y / size, z / size)
        s.ups = [*s.ups[-_STRIDE_TICKS:], up]
        speed = math.dist(up, s.ups[0]) / (_STRIDE_TICKS * self.timing.tick_s)
        if s.left_tick is None:
            self._wait(tick, speed)
            return None
        s.peak = max(s.peak, speed)
        if speed < _SLOW_RATIO * s.peak or speed < _STOPPED_RAD_S:
            left_tick, rested_s = s.left_tick, s.rested_before * self.timing.tick_s
            s.left_tick, s.rested = None, int(speed < _STILL_RAD_S)
            return self._turned(self.opening, left_tick, tick, rested_s)
        if (tick - s.left_tick) * self.timing.tick_s > _LONGEST_S:
            s.left_tick = None
        return None

    def _wait(self, tick: int, speed: float) -> None:
        s = self.state
        if speed < _STILL_RAD_S:
            s.rested += 1
            return
        if s.rested * self.timing.tick_s >= _RESTED_S:
            s.left_tick, s.rested_before, s.peak = tick - _STRIDE_TICKS + 1, s.rested, speed
        s.rested = 0

    def _turned(self, opening: Opening, left_tick: int, tick: int, rested_s: float) -> Run | None:
        if self.history.hidden_ticks(left_tick - self.timing.ticks(_BEFORE_S), tick):
            return None
        score = self._score(opening, left_tick, tick, rested_s)
        if score < opening.least_score:
            return None
        lag = self.timing.lag_ticks
        start, turn = (self._extremum(one + lag) for one in (left_tick, tick))
        return Run.opened(HalfRep(start, turn))

    def _extremum(self, tick: int) -> Extremum:
        """The pose at the tick; the newest there is where it is still to come."""
        at = min(tick, self.history.newest)
        x, y, z = self.history.poses(at, at)[0].tolist()
        return Extremum(tick, (x, y, z))

    def _score(self, opening: Opening, left_tick: int, tick: int, rested_s: float) -> float:
        """0 where nothing speaks against a first rep, less the more does; log odds but for a constant."""
        before, way = (left_tick - self.timing.ticks(_BEFORE_S), left_tick), (left_tick, tick)
        resting, ups = self.history.up(*before), self.history.up(*way)
        turned_deg = angle_deg(pose_of(np.mean(resting[-_ANCHOR_TICKS:], axis=0)), pose_of(ups[-1]))
        if not turned_deg >= opening.turns_deg.low * _LEAST_TURN_RATIO:
            return -math.inf
        felt_g = lengths(self.history.quick(*way))
        third = max(1, (len(felt_g) - 1) // 3)
        thrown_g = float(np.mean(felt_g[-third - 1 :]) - np.mean(felt_g[: third + 1]))
        unrest_deg = math.degrees(math.sqrt(float(np.mean(lengths(resting - np.mean(resting, axis=0)) ** 2))))
        off = (
            _RESTLESS * _over(_REST_S, rested_s),
            _UNREST * _over(unrest_deg, _UNREST_DEG),
            _SHAKY * _over(self.history.activity_rms_g(*before), _SHAKY_G),
            _ANGLE * _outside(turned_deg, opening.turns_deg),
            _LASTS * _outside((tick - left_tick) * self.timing.tick_s, opening.lasts_s),
            _FELT * _outside(float(np.std(felt_g)), opening.felt_g),
            _ASIDE * _over(_aside_ratio(ups, turned_deg), opening.aside_ratio),
            _THROWN * max(0.0, opening.thrown_g.low - thrown_g, thrown_g - opening.thrown_g.high),
        )
        return -math.fsum(off)

    def reset(self) -> None:
        """Forget where the limb is."""
        if self.state.ups:
            self.state = OpeningState()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self.state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.state = OpeningState(**(state | {"ups": [pose_of(up) for up in state["ups"]]}))


def _aside_ratio(ups: Array, turned_deg: float) -> float:
    """How far up leaves the plane of its way at most, in units of the way."""
    plane = np.cross(ups[0], ups[-1])
    size = float(np.sqrt(np.sum(plane**2)))
    if size < _TINY:
        return 0.0
    return math.degrees(float(np.max(np.abs(ups @ plane)))) / size / turned_deg


def _over(value: float, most: float) -> float:
    """Logarithm of how many times more than the most it is; 0 where it is not."""
    return math.log(max(value, most) / max(most, _TINY))


def _outside(value: float, bounds: Bounds) -> float:
    return math.log(max(bounds.low / max(value, _TINY), value / bounds.high, 1.0))


_TINY = 1e-3
_STRIDE_TICKS = 3
"""Speed is read over so many ticks."""
_STILL_RAD_S, _STOPPED_RAD_S, _SLOW_RATIO = 0.35, 0.21, 0.3
"""The limb rests where it turns slower than the first; after it left it has stopped where it is slower than
the second or than this share of its fastest."""
_RESTED_S, _LONGEST_S = 0.4, 6.0
"""So long it must have rested; no first movement takes longer."""
_BEFORE_S, _ANCHOR_TICKS = 1.0, 10
"""How long before is looked at, and over how many ticks of it up is where it rested."""
_LEAST_TURN_RATIO = 0.6
_REST_S, _UNREST_DEG, _SHAKY_G = 0.7, 2.2, 0.08
"""As good as need be: rested so long, wandered so little, felt so little above the movement."""
_RESTLESS, _UNREST, _SHAKY, _ANGLE, _LASTS, _FELT, _ASIDE, _THROWN = 0.6, 0.5, 0.3, 5.6, 2.9, 3.2, 3.6, 7.2
"""Log odds of each: a logistic regression of none but positive weights, of first reps (simulated, seed 11;
one lifter of `metamotion`, one day of `kaggle_gym`) against movements in `wisdm_watch`, `ha24` and
`metamotion`; fitted on either half of those people it holds on the other."""
