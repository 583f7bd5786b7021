"""Samples -> motion: the grid, the low pass, thinned to the rate the rep stages work at.

Rules: the slow part of the specific force, gravity and slow movement together, is the *pose*: three numbers
a tick that come back to the same place whenever the wrist does. The pose is late by its smoothing, so times
are read off the *quick* signals, the force and the direction that is up, smoothed only against tremor. What
lies above those is *activity*. Through a gap the smoothing goes on along a straight line, so that what comes
after does not begin with a jump; turning rates are not made up.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from repcount.motion.attitude import Attitude
from repcount.motion.grid import Grid, GridGap, GridParams, GridPiece
from repcount.motion.lowpass import LowPass, LowPassParams
from repcount.samples import SIGNALS, MotionBatch, SampleBatch
from repcount.tunable import Range, tunable


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionParams:
    """Parameters of the motion stage.

    Parameters
    ----------
    grid
        The common grid.
    cutoff_hz
        Cut-off of the pose, Hz. Larger: counts come sooner, quick reps keep their size, impacts disturb
        more. 0.8 was chosen on the public recordings of `kaggle_gym`, `muvr` and `metamotion`, where 0.6 to
        1.0 make no difference of more than one set in 36.
    quick_cutoff_hz
        Cut-off of the quick signals, Hz. Larger: sharper times, more tremor and impacts in them.
    thin
        Every how manieth tick of the grid is kept. Larger: less work, coarser times. Valid >= 1.
    """

    grid: GridParams = field(default_factory=GridParams)
    cutoff_hz: float = field(default=0.8, metadata=tunable(within=Range(0.5, 1.4, step=0.1)))
    quick_cutoff_hz: float = 3.0
    thin: int = 2

    def __post_init__(self) -> None:
        highest_hz = self.grid.rate_hz / 2
        if not (self.thin >= 1 and 0 < self.cutoff_hz < highest_hz and 0 < self.quick_cutoff_hz < highest_hz):
            raise ValueError(f"need thin >= 1 and both cut-offs in (0, rate_hz / 2), got {self}")

    @property
    def tick_hz(self) -> float:
        """Ticks a second of the output."""
        return self.grid.rate_hz / self.thin


@dataclass(slots=True, eq=False)
class MotionPiece:
    """Motion in a row; with `restart_s`, s, all memory of what came before that moment must go.

    With `hidden_until_s`, s, nobody saw it: it is the straight line through a gap that ended then.
    """

    motion: MotionBatch
    restart_s: float | None
    hidden_until_s: float | None


class Motion:
    """Turn the samples of one sensor into motion on the thinned grid."""

    def __init__(self, params: MotionParams | None = None) -> None:
        self.params = params or MotionParams()
        self._grid = Grid(self.params.grid)
        self._attitude = Attitude(self.params.grid.rate_hz)
        self._pose = self._low_pass(self.params.cutoff_hz)
        self._quick = self._low_pass(self.params.quick_cutoff_hz)
        self._up = self._low_pass(self.params.quick_cutoff_hz)
        self._rate = self._low_pass(self.params.quick_cutoff_hz)

    def _low_pass(self, cutoff_hz: float) -> LowPass:
        return LowPass(LowPassParams(cutoff_hz=cutoff_hz, rate_hz=self.params.grid.rate_hz))

    @property
    def delays_s(self) -> tuple[float, float]:
        """How much later than the movement the pose and the quick signal are, s."""
        return self._pose.delay_s, self._quick.delay_s

    def feed(self, batch: SampleBatch) -> tuple[list[MotionPiece], list[GridGap]]:
        """Return the motion that `batch` completes and the gaps found in it."""
        pieces, gaps = self._grid.feed(batch)
        return [self._piece(piece) for piece in pieces], gaps

    def _piece(self, piece: GridPiece) -> MotionPiece:
        if piece.restart_s is not None:
            self._reset_filters()
        pose_g, quick_g = self._pose.feed(piece.acc_g), self._quick.feed(piece.acc_g)
        # Without a gyroscope up is read off the quick force, not smoothed a second time.
        if piece.gyro_rad_s is None:
            up, rate = self._attitude.feed(quick_g, None)
        else:
            if piece.hidden_until_s is not None:
                self._attitude.reset()
            up, rate = self._attitude.feed(
                piece.acc_g, piece.gyro_rad_s if piece.hidden_until_s is None else None
            )
            up, rate = self._up.feed(up), self._rate.feed(rate)
        thin, rate_hz = self.params.thin, self.params.grid.rate_hz
        kept = range(-piece.first_tick % thin, len(pose_g), thin)
        signals = [
            (*pose_g[k], *quick_g[k], *up[k], _apart(piece.acc_g[k], quick_g[k]), *rate[k]) for k in kept
        ]
        motion = MotionBatch(
            np.array([(piece.first_tick + k) / rate_hz for k in kept]),
            np.array(signals).reshape(-1, SIGNALS),
            self._pose.delay_s,
            self._quick.delay_s,
        )
        return MotionPiece(motion, piece.restart_s, piece.hidden_until_s)

    def _reset_filters(self) -> None:
        for stage in (self._attitude, self._pose, self._quick, self._up, self._rate):
            stage.reset()

    def reset(self) -> None:
        """Forget everything seen."""
        self._grid.reset()
        self._reset_filters()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {name: getattr(self, f"_{name}").snapshot() for name in _STAGES}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        for name in _STAGES:
            getattr(self, f"_{name}").restore(state[name])


def _apart(one: Sequence[float], other: Sequence[float]) -> float:
    """Distance; `math.dist` rounds otherwise in the last digit, and events are kept to that."""
    (x, y, z), (u, v, w) = one, other
    x, y, z = x - u, y - v, z - w
    return math.sqrt(x * x + y * y + z * z)


_STAGES = ("grid", "attitude", "pose", "quick", "up", "rate")
