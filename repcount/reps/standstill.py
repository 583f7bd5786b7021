"""Where in a movement the limb stood still: a rep begins and turns there, not at the extremes of a track.

Rules: looks back at one movement at a time; what was read of it stays what it is, whoever asks next.
"""

import numpy as np

from repcount.reps.few import lengths
from repcount.reps.history import MotionHistory
from repcount.reps.run import HalfRep, distance
from repcount.reps.zigzag import Extremum
from repcount.samples import Array


class Standstills:
    """Reads movements off `history`, which somebody else feeds.

    Parameters
    ----------
    still_ratio
        The limb stands still where it is slower than this share of the fastest of the movement.
    beyond_ratio
        A standstill counts where the extreme lies further out by this share of the way between two.
    """

    def __init__(self, history: MotionHistory, still_ratio: float, beyond_ratio: float) -> None:
        self.history = history
        self.still_ratio = still_ratio
        self.beyond_ratio = beyond_ratio
        self._known: dict[tuple[int, int, float], HalfRep] = {}

    def between(self, half: HalfRep, least_g: float) -> HalfRep:
        """From where the limb last stood still to where it first did again, at least `least_g` apart.

        The extremes of a track may lie further out: who reaches for a bar goes past where a rep starts, and
        who lets go past where it turned.
        """
        key = (half.start.tick, half.turn.tick, round(least_g, 2))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[key] = self._read(half, key[2])
        return known

    def _read(self, half: HalfRep, least_g: float) -> HalfRep:
        first, last = half.start.tick, half.turn.tick
        poses = self.history.poses(first, last)
        if len(poses) != last - first + 1 or len(poses) < 2 * _STRIDE_TICKS + 1:
            return half
        start, turn = self._ends(poses, least_g)
        if start == 0 and turn == last - first:
            return half
        inner = HalfRep(_extremum(first + start, poses[start]), _extremum(first + turn, poses[turn]))
        beyond = self.beyond_ratio * distance(inner.start.pose, inner.turn.pose)
        return HalfRep(
            inner.start if distance(inner.start.pose, half.start.pose) > beyond else half.start,
            inner.turn if distance(inner.turn.pose, half.turn.pose) > beyond else half.turn,
        )

    def _ends(self, poses: Array, least_g: float) -> tuple[int, int]:
        """Index of the last standstill far from the last pose, and of the next far from that."""
        way = poses[_STRIDE_TICKS:] - poses[:-_STRIDE_TICKS]  # over the ticks k to k + stride
        speed2 = np.vecdot(way, way)
        still = (speed2 < self.still_ratio**2 * speed2.max()).nonzero()[0]
        if not len(still):
            return 0, len(poses) - 1
        left = still[lengths(poses[still] - poses[-1]) >= least_g]
        start = int(left[-1]) + _STRIDE_TICKS // 2 if len(left) else 0
        after = still[still > start]
        arrived = after[lengths(poses[after + _STRIDE_TICKS] - poses[start]) >= least_g]
        return start, int(arrived[0]) + _STRIDE_TICKS // 2 if len(arrived) else len(poses) - 1

    def reset(self) -> None:
        """Forget everything read."""
        self._known = {}


_STRIDE_TICKS = 4
"""Speed is read over so many ticks. Larger: less tremor, blunter ends."""
_REMEMBERED = 24
"""So many readings are kept, since many tracks turn at the same movement; read anew they are the same."""


def _extremum(tick: int, pose: Array) -> Extremum:
    x, y, z = pose.tolist()
    return Extremum(tick, (x, y, z))
