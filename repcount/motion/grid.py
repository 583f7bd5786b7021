"""Samples at any rate -> the common grid.

Rules: tick k is at k / rate_hz s of stream time, whatever the sensor's rate and however the input is cut;
between two samples the signal is taken as straight; a gap too long to be bridged starts the grid anew.
"""

import math
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from repcount.samples import STANDARD_GRAVITY_M_S2, Array, SampleBatch


@dataclass(frozen=True, slots=True, kw_only=True)
class GridParams:
    """Parameters of the grid.

    Parameters
    ----------
    rate_hz
        Ticks a second. Larger: finer times, more work. Valid > 0.
    gap_s
        Samples further apart than this are said as a gap, s. Larger: fewer gaps are said.
    bridge_s
        Gaps up to this are bridged by a straight line, s; longer ones restart the stages after.
        Larger: a set survives longer dropouts, with invented movement in them.
    """

    rate_hz: float = 50.0
    gap_s: float = 0.5
    bridge_s: float = 4.0

    def __post_init__(self) -> None:
        if not (self.rate_hz > 0 and 0 < self.gap_s <= self.bridge_s):
            raise ValueError(f"need rate_hz > 0 and 0 < gap_s <= bridge_s, got {self}")


@dataclass(slots=True)
class GridState:
    """The last sample seen and the next tick to fill."""

    last_t_s: float | None = None
    last_g: list[float] = field(default_factory=list)
    next_tick: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class GridPiece:
    """Ticks in a row: `first_tick`, `acc_g` (N, 3).

    Where the grid begins anew with them, `restart_s` is the time of the sample that said so, else None.
    """

    first_tick: int
    acc_g: Array
    restart_s: float | None


@dataclass(frozen=True, slots=True)
class GridGap:
    """Samples were missing from `start_s` to `end_s`."""

    start_s: float
    end_s: float


class Grid:
    """Resample acceleration to the common grid, in g."""

    def __init__(self, params: GridParams | None = None) -> None:
        self.params = params or GridParams()
        self.state = GridState()

    def feed(self, batch: SampleBatch) -> tuple[list[GridPiece], list[GridGap]]:
        """Return the pieces of grid that `batch` completes, and the gaps found in it."""
        if not len(batch):
            return [], []
        t_s, acc_g = batch.t_s, batch.acc_m_s2 / STANDARD_GRAVITY_M_S2
        if self.state.last_t_s is not None:
            t_s = np.concatenate(([self.state.last_t_s], t_s))
            acc_g = np.concatenate(([self.state.last_g], acc_g))
        step_s = np.diff(t_s)
        gaps = [GridGap(float(t_s[i]), float(t_s[i + 1])) for i in np.flatnonzero(step_s > self.params.gap_s)]
        cuts = [0, *(np.flatnonzero(step_s > self.params.bridge_s) + 1), len(t_s)]
        spans = [(int(a), int(b)) for a, b in pairwise(cuts)]
        pieces = [p for a, b in spans if (p := self._fill(t_s[a:b], acc_g[a:b], restart=a > 0)) is not None]
        self.state.last_t_s = float(t_s[-1])
        self.state.last_g = [float(x) for x in acc_g[-1]]
        return pieces, gaps

    def _fill(self, t_s: Array, acc_g: Array, *, restart: bool) -> GridPiece | None:
        first = self.state.last_t_s is None
        restart_s = float(t_s[0]) if restart else None
        if first or restart:
            self.state.next_tick = self._first_tick_from(float(t_s[0]))
        start, stop = self.state.next_tick, self._first_tick_after(float(t_s[-1]))
        if stop <= start:
            return GridPiece(start, np.empty((0, 3)), restart_s) if restart else None
        self.state.next_tick = stop
        tick_s = np.arange(start, stop) / self.params.rate_hz
        values = np.column_stack([np.interp(tick_s, t_s, acc_g[:, axis]) for axis in range(3)])
        return GridPiece(start, values, restart_s)

    # Both compare k / rate_hz, the very number a tick is stamped with: t_s * rate_hz may round otherwise.
    def _first_tick_from(self, t_s: float) -> int:
        tick = math.floor(t_s * self.params.rate_hz) - 1
        while tick / self.params.rate_hz < t_s:
            tick += 1
        return tick

    def _first_tick_after(self, t_s: float) -> int:
        tick = self._first_tick_from(t_s)
        return tick + 1 if tick / self.params.rate_hz == t_s else tick

    def reset(self) -> None:
        """Forget everything seen."""
        self.state = GridState()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self.state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.state = GridState(**state)
