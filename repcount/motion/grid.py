"""Samples at any rate -> the common grid.

Rules: tick k is at k / rate_hz s of stream time, whatever the sensor's rate and however the input is cut;
between two samples the signal is taken as straight; a gap too long to be bridged starts the grid anew.
"""

import math
from dataclasses import asdict, dataclass, field
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
        """Return the pieces of grid that `batch` completes, and the gaps found in it.

        A loop over floats: live input comes a few samples at a time, where arrays cost more than they save.
        """
        pieces: list[GridPiece] = []
        gaps: list[GridGap] = []
        rows: list[list[float]] = []
        state, restart_s, first = self.state, None, self.state.next_tick
        for t_s, acc_g in zip(
            batch.t_s.tolist(), (batch.acc_m_s2 / STANDARD_GRAVITY_M_S2).tolist(), strict=True
        ):
            step_s = 0.0 if state.last_t_s is None else t_s - state.last_t_s
            if step_s > self.params.gap_s:
                gaps.append(GridGap(state.last_t_s or 0.0, t_s))
            if state.last_t_s is None or step_s > self.params.bridge_s:
                pieces += _piece(first, rows, restart_s)
                rows, restart_s = [], None if state.last_t_s is None else t_s
                first = state.next_tick = self._first_tick_from(t_s)
            self._fill(rows, t_s, acc_g)
            state.last_t_s, state.last_g = t_s, acc_g
        return pieces + _piece(first, rows, restart_s), gaps

    def _fill(self, rows: list[list[float]], t_s: float, acc_g: list[float]) -> None:
        """Add the ticks after the last sample and up to this one."""
        state, last_s, last_g = self.state, self.state.last_t_s, self.state.last_g
        while (tick_s := state.next_tick / self.params.rate_hz) <= t_s:
            if last_s is None or tick_s == t_s or tick_s <= last_s:
                rows.append(acc_g)
            else:
                share = (tick_s - last_s) / (t_s - last_s)
                rows.append([a + share * (b - a) for a, b in zip(last_g, acc_g, strict=True)])
            state.next_tick += 1

    def _first_tick_from(self, t_s: float) -> int:
        # Compares k / rate_hz, the very number a tick is stamped with: t_s * rate_hz may round otherwise.
        tick = math.floor(t_s * self.params.rate_hz) - 1
        while tick / self.params.rate_hz < t_s:
            tick += 1
        return tick

    def reset(self) -> None:
        """Forget everything seen."""
        self.state = GridState()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self.state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.state = GridState(**state)


def _piece(first_tick: int, rows: list[list[float]], restart_s: float | None) -> list[GridPiece]:
    if not rows and restart_s is None:
        return []
    return [GridPiece(first_tick, np.array(rows).reshape(-1, 3), restart_s)]
