"""Turning points of the pose along a bank of directions, each at several sizes.

Rules: a track is one direction with one threshold; it turns when the pose has come back from its extremum by
the threshold, so every extremum is said once, later by the time that takes. Work a tick is the same whatever
happens; the directions cover the sphere, so no mounting of the sensor is special.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from repcount.samples import Array

Pose = tuple[float, float, float]


def pose_of(values: Sequence[float] | Array) -> Pose:
    """These three numbers as plain floats: numpy's take longer, one by one."""
    x, y, z = values
    return float(x), float(y), float(z)


class Extremum(NamedTuple):
    """Where a track turned: the tick, and the pose there in g."""

    tick: int
    pose: Pose


class Turned(NamedTuple):
    """A track turned: it went from `before` to `extremum`; `peak` if `extremum` is a maximum."""

    track: int
    peak: bool
    before: Extremum
    extremum: Extremum


@dataclass(frozen=True, slots=True, kw_only=True)
class ZigzagParams:
    """Parameters of the bank.

    Parameters
    ----------
    directions
        Number of directions over the half sphere. Larger: one of them lies closer to the best, more work.
    thresholds_g
        Sizes of the turns looked for, g, ascending. Smaller ones see more turns, and tremor; valid > 0.
    """

    directions: int = 24
    thresholds_g: tuple[float, ...] = (0.08, 0.12, 0.18, 0.27, 0.4)

    def __post_init__(self) -> None:
        if self.directions < 1 or not self.thresholds_g or not all(t > 0 for t in self.thresholds_g):
            raise ValueError(f"need at least one direction and thresholds above 0, got {self}")


def half_sphere(count: int) -> Array:
    """Return `count` unit vectors (count, 3) spread evenly over the half sphere z > 0 (Fibonacci spiral)."""
    index = np.arange(count) + 0.5
    polar = np.arccos(1 - index / count)
    azimuth = np.pi * (1 + np.sqrt(5)) * index
    return np.column_stack(
        [np.cos(azimuth) * np.sin(polar), np.sin(azimuth) * np.sin(polar), np.cos(polar)],
    )


class ZigzagBank:
    """All tracks; feed it one pose a tick."""

    def __init__(self, params: ZigzagParams | None = None) -> None:
        self.params = params or ZigzagParams()
        self.directions = half_sphere(self.params.directions)
        sizes = len(self.params.thresholds_g)
        self.direction_of = np.repeat(np.arange(self.params.directions), sizes)
        self.threshold_g = np.tile(self.params.thresholds_g, self.params.directions)
        self.reset()

    def reset(self) -> None:
        """Forget everything seen."""
        self._started = False
        tracks = len(self.threshold_g)
        self._sign = np.ones(tracks)  # +1 where the next extremum is a peak
        self._direction = self.directions[self.direction_of]
        self._extreme = np.zeros(tracks)  # of sign * projection, since the last turn
        self._tick = np.zeros(tracks, dtype=np.int64)  # of the extreme
        self._pose = np.zeros((tracks, 3))  # there, where it is no newer than `_kept`
        self._newest = np.zeros((_NEWEST_TICKS, 3))  # poses since
        self._kept = 0
        self._before: list[Extremum] = []
        self._recent: dict[int, Extremum] = {}

    def feed(self, tick: int, pose: Array) -> list[Turned]:
        """Take the pose (3,) of one tick, in g; return the tracks that turned, in the order of tracks."""
        along = self._sign * (self._direction @ pose)
        if not self._started:
            self._start(tick, pose, along)
            return []
        if tick - self._kept > _NEWEST_TICKS:
            self._keep(tick - 1)
        self._newest[tick % _NEWEST_TICKS] = pose
        np.putmask(self._tick, along > self._extreme, tick)
        np.maximum(along, self._extreme, out=self._extreme)
        turned = (self._extreme - along >= self.threshold_g).nonzero()[0]
        return self._turn(turned, tick, along) if len(turned) else []

    def _start(self, tick: int, pose: Array, along: Array) -> None:
        self._started = True
        self._extreme[:] = along
        self._tick[:] = self._kept = tick
        self._pose[:] = pose
        self._before = [Extremum(tick, pose_of(pose))] * len(along)

    def _keep(self, tick: int) -> None:
        """Note the poses of extremes up to this tick: whose turn they wait for may be long in coming."""
        newer = self._tick > self._kept
        self._pose[newer] = self._newest[self._tick[newer] % _NEWEST_TICKS]
        self._kept = tick

    def _turn(self, tracks: NDArray[np.int64], tick: int, along: Array) -> list[Turned]:
        turned, signs = [], self._sign[tracks]
        for track, sign, at in zip(tracks.tolist(), signs.tolist(), self._tick[tracks].tolist(), strict=True):
            extremum = self._recent.get(at) or self._extremum(track, at)
            turned.append(Turned(track, sign > 0, self._before[track], extremum))
            self._before[track] = extremum
        self._sign[tracks] = -signs
        self._extreme[tracks] = -along[tracks]
        self._tick[tracks] = tick
        return turned

    def _extremum(self, track: int, at: int) -> Extremum:
        """The extremum of a track at a tick; tracks that turn there share it, and the memory it takes."""
        pose = self._newest[at % _NEWEST_TICKS] if at > self._kept else self._pose[track]
        if len(self._recent) >= _SHARED_TICKS:
            self._recent.clear()
        extremum = self._recent[at] = Extremum(at, pose_of(pose))
        return extremum

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        self._keep(int(np.max(self._tick)))
        return {
            "started": self._started,
            "sign": self._sign.tolist(),
            "extreme": self._extreme.tolist(),
            "tick": self._tick.tolist(),
            "pose": self._pose.tolist(),
            "before": [[e.tick, list(e.pose)] for e in self._before],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._started = state["started"]
        self._sign = np.array(state["sign"])
        self._extreme = np.array(state["extreme"])
        self._tick = np.array(state["tick"], dtype=np.int64)
        self._pose = np.array(state["pose"])
        self._kept = int(np.max(self._tick))
        self._recent = {}
        shared = {tick: Extremum(tick, (x, y, z)) for tick, (x, y, z) in state["before"]}
        self._before = [shared[tick] for tick, _ in state["before"]]


_NEWEST_TICKS = 64
"""Poses are kept for so many ticks before each track is given that of its own extreme."""
_SHARED_TICKS = 32
"""Extremes of so many ticks are shared."""
