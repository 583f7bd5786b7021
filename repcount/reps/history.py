"""The newest stretch of motion, for looking back: where a rep really began, how still it was before.

Rules: a fixed number of ticks, whatever the length of the stream; what is older is gone, but for the pose of
one tick in ten, which is kept longer than any set lasts. Ticks of a gap are there, as the straight line
through it, but known as hidden: a time read off them is none. Rows are kept to seven digits, far below any
sensor's noise, in half the memory.
"""

from typing import Any

import numpy as np

from repcount.samples import ACTIVITY, POSE, QUICK, RATE, SIGNALS, UP, Array


class MotionHistory:
    """Ring of the last `ticks` rows of `MotionBatch.signals`."""

    def __init__(self, ticks: int) -> None:
        if ticks < 1:
            raise ValueError(f"ticks must be at least 1, got {ticks}")
        self._rows = np.zeros((ticks, SIGNALS), dtype=np.float32)
        self._seldom = np.zeros((_SELDOM_ROWS, 3), dtype=np.float32)
        self._first: int | None = None
        self._next = 0
        self._hidden: list[tuple[int, int]] = []  # first and last tick of each gap remembered

    def add(self, tick: int, signals: Array, *, hidden: bool = False) -> None:
        """Remember one tick; ticks come in order, one by one. `hidden`: it is of a gap."""
        rows, first = self._rows, self._first
        rows[tick % len(rows)] = signals
        if not tick % _SELDOM_TICKS:
            self._seldom[tick // _SELDOM_TICKS % _SELDOM_ROWS] = 0.0 if hidden else signals[POSE]
        self._next = tick + 1
        if first is None or tick - first >= len(rows):
            self._first = tick if first is None else tick + 1 - len(rows)
        if hidden:
            self._hide(tick)

    def _hide(self, tick: int) -> None:
        goes_on = bool(self._hidden) and self._hidden[-1][1] == tick - 1
        first = self._hidden.pop()[0] if goes_on else tick
        oldest = tick + 1 - len(self._rows)
        self._hidden = [gap for gap in self._hidden if gap[1] >= oldest] + [(max(first, oldest), tick)]

    def hidden_ticks(self, first_tick: int, last_tick: int) -> int:
        """How many of the ticks from first to last, both included, are of gaps."""
        if not self._hidden:  # as always but after a gap, and asked every tick
            return 0
        return sum(max(0, min(last, last_tick) - max(first, first_tick) + 1) for first, last in self._hidden)

    @property
    def newest(self) -> int:
        """The last tick remembered."""
        return self._next - 1

    @property
    def oldest(self) -> int:
        """The first tick remembered; one after the newest where there is none."""
        return self._first if self._first is not None else self._next

    def _span(self, first_tick: int, last_tick: int, columns: slice | int) -> Array:
        first = max(first_tick, self._first or 0)
        ticks, size = max(0, min(last_tick + 1, self._next) - first), len(self._rows)
        at = first % size
        rows = self._rows[at : at + ticks, columns]
        if at + ticks > size:
            rows = np.concatenate((rows, self._rows[: at + ticks - size, columns]))
        return rows.astype(np.float64)

    def poses(self, first_tick: int, last_tick: int) -> Array:
        """Poses (N, 3) from first to last tick, both included, as far as they are remembered."""
        return self._span(first_tick, last_tick, POSE)

    def seldom_poses(self, first_tick: int, last_tick: int) -> Array:
        """Poses (N, 3) of one tick in ten from first to last; 0 in a gap and before anything was seen."""
        newest = self.newest // _SELDOM_TICKS
        first = max(first_tick // _SELDOM_TICKS, newest - _SELDOM_ROWS + 1, 0)
        slots = np.arange(first, min(last_tick // _SELDOM_TICKS, newest) + 1)
        return self._seldom[slots % _SELDOM_ROWS].astype(np.float64)

    def quick(self, first_tick: int, last_tick: int) -> Array:
        """Quick force (N, 3) from first to last tick, both included, as far as it is remembered."""
        return self._span(first_tick, last_tick, QUICK)

    def up(self, first_tick: int, last_tick: int) -> Array:
        """Up (N, 3) from first to last tick, both included, as far as it is remembered."""
        return self._span(first_tick, last_tick, UP)

    def rate(self, first_tick: int, last_tick: int) -> Array:
        """Turning rate (N, 3) from first to last tick, both included, as far as it is remembered."""
        return self._span(first_tick, last_tick, RATE)

    def activity_rms_g(self, first_tick: int, last_tick: int) -> float:
        """Root mean square of the activity over the span, g; 0 where nothing is remembered."""
        activity = self._span(first_tick, last_tick, ACTIVITY)
        return float(np.sqrt(np.mean(activity**2))) if len(activity) else 0.0

    def reset(self) -> None:
        """Forget everything."""
        self._first = None
        self._next = 0
        self._hidden = []
        self._seldom[:] = 0.0

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {
            "first": self._first,
            "next": self._next,
            "hidden": [list(gap) for gap in self._hidden],
            "rows": self._rows.tolist(),
            "seldom": self._seldom.tolist(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._first, self._next = state["first"], state["next"]
        self._hidden = [(first, last) for first, last in state["hidden"]]
        self._rows = np.array(state["rows"], dtype=np.float32)
        self._seldom = np.array(state["seldom"], dtype=np.float32)


_SELDOM_TICKS, _SELDOM_ROWS = 10, 400
"""One tick in so many is kept for longer, and so many of them: 160 s at 25 Hz, the longest set and half a
minute before it."""
