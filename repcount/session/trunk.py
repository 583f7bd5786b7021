"""What a second sensor on the chest shows of the trunk while another counts.

Rules: the newest minute, tick by tick; what no sensor saw is unknown, and so is what mostly went unseen.
Where no second sensor is worn nothing is held.
"""

import math
from typing import Any

import numpy as np

from repcount.reps.swing import swing_deg
from repcount.samples import UP, Array

_HISTORY_S = 60.0
"""As far back as a rep can have begun."""
_KNOWN_RATIO = 0.8
"""Least share of a span that must have been seen for anything to be said of it."""


class Trunk:
    """Ring of the directions that were up, seen from the chest.

    Parameters
    ----------
    tick_s
        Length of a tick, s.
    delay_s
        How much later than the movement the direction is, s.
    """

    def __init__(self, tick_s: float, delay_s: float) -> None:
        self.tick_s = tick_s
        self.delay_s = delay_s
        self._size = round(_HISTORY_S / tick_s)
        self.reset()

    def add(self, t_s: float, signals: Array) -> None:
        """Take one tick, a row of `MotionBatch.signals`; ticks may be missing."""
        tick = round(t_s / self.tick_s)
        self._make_room()
        self._ticks[tick % self._size] = tick
        self._ups[tick % self._size] = signals[UP]

    def sway_deg(self, start_s: float, end_s: float) -> float | None:
        """How far the trunk swung between two moments, degrees: most between two of its directions.

        None where most of the time nobody saw it.
        """
        first, last = (math.floor((t_s + self.delay_s) / self.tick_s) for t_s in (start_s, end_s))
        if self._is_empty:
            return None
        ticks = np.arange(max(first, last + 1 - self._size), last + 1)
        ups = self._ups[ticks[self._ticks[ticks % self._size] == ticks] % self._size]
        if not len(ups) or len(ups) < _KNOWN_RATIO * len(ticks):
            return None
        return swing_deg(ups)

    def reset(self) -> None:
        """Forget everything seen."""
        self._ticks = np.empty(0, dtype=np.int64)
        self._ups = np.empty((0, 3))

    @property
    def _is_empty(self) -> bool:
        return not len(self._ticks)

    def _make_room(self) -> None:
        """Be as large as it will ever be, from the first tick that is seen."""
        if self._is_empty:
            self._ticks = np.full(self._size, -1, dtype=np.int64)
            self._ups = np.zeros((self._size, 3))

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes: what was seen alone."""
        seen = np.flatnonzero(self._ticks >= 0)
        return {"ticks": self._ticks[seen].tolist(), "ups": self._ups[seen].tolist()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.reset()
        ticks = np.array(state["ticks"], dtype=np.int64)
        if not len(ticks):
            return
        self._make_room()
        self._ticks[ticks % self._size] = ticks
        self._ups[ticks % self._size] = np.array(state["ups"], dtype=np.float64).reshape(-1, 3)
