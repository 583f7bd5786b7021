"""Samples at any rate -> the common grid.

Rules: tick k is at k / rate_hz s of stream time, whatever the sensor's rate and however the input is cut;
between two samples the signal is taken as straight. A straight line has no turn in it, so what it bridges can
hide a rep but never make one. Longer gaps are told apart: nobody saw what was in them; a gap so long that no
set goes on after it starts the grid anew.
"""

import math
from bisect import bisect_right
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from repcount.samples import STANDARD_GRAVITY_M_S2, Rows, SampleBatch

Values = list[list[float]]
"""A row a sample: acceleration, g, and the turning rate, rad/s, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridParams:
    """Parameters of the grid.

    Parameters
    ----------
    rate_hz
        Ticks a second. Larger: finer times, more work. Valid > 0.
    gap_s
        Samples further apart than this are said as a gap, s: a whole half of a rep may lie in it, so nothing
        of it counts as seen. Larger: fewer gaps are said, more is invented in those that are not.
    resume_s
        After a longer gap the stages after start anew, s: no set goes on after so long a time without a rep
        (`RecurrenceParams.idle_most_s`). Larger: more is remembered for nothing.
    """

    rate_hz: float = 50.0
    gap_s: float = 0.5
    resume_s: float = 14.0

    def __post_init__(self) -> None:
        if not (self.rate_hz > 0 and 0 < self.gap_s <= self.resume_s):
            raise ValueError(f"need rate_hz > 0 and 0 < gap_s <= resume_s, got {self}")


@dataclass(slots=True)
class GridState:
    """The last sample seen, acceleration in g and turning rate in rad/s, and the next tick to fill."""

    last_t_s: float | None = None
    last: list[float] = field(default_factory=list)
    next_tick: int = 0


@dataclass(slots=True, eq=False)
class GridPiece:
    """Ticks in a row: `first_tick`, N rows of three of `acc_g` and `gyro_rad_s`, or None.

    Where the grid begins anew with them, `restart_s` is the time of the sample that said so, else None; where
    they are the straight line through a gap, `hidden_until_s` is the time of the sample that ended it.
    """

    first_tick: int
    acc_g: Rows
    gyro_rad_s: Rows | None
    restart_s: float | None = None
    hidden_until_s: float | None = None


@dataclass(frozen=True, slots=True)
class GridGap:
    """Samples were missing from `start_s` to `end_s`."""

    start_s: float
    end_s: float


class Grid:
    """Resample acceleration, in g, and turning rate to the common grid."""

    def __init__(self, params: GridParams | None = None) -> None:
        self.params = params or GridParams()
        self.state = GridState()

    def feed(self, batch: SampleBatch) -> tuple[list[GridPiece], list[GridGap]]:
        """Return the pieces of grid that `batch` completes, and the gaps found in it."""
        if not len(batch):
            return [], []
        t_s, values = batch.t_s.tolist(), _values(batch)
        if len(self.state.last) not in {0, len(values[0])}:  # the gyroscope came or went
            self.state.last = []
        before_s = t_s[0] if self.state.last_t_s is None else self.state.last_t_s
        if t_s[-1] - before_s <= self.params.gap_s:  # as nearly always live: no step in it can be longer
            piece = self._piece(t_s, values, restarts=False)
            return [] if piece is None else [piece], []
        steps_s = [after - before for before, after in pairwise([before_s, *t_s])]
        after = [k for k, step_s in enumerate(steps_s) if step_s > self.params.gap_s]
        gaps = [GridGap(t_s[k - 1] if k else before_s, t_s[k]) for k in after]
        edges = [0, *[k for k in after if k > 0], len(t_s)]
        pieces: list[GridPiece | None] = []
        for first, last in pairwise(edges):
            restarts = steps_s[first] > self.params.resume_s
            if first in after and not restarts:
                pieces.append(self._hidden(t_s[first : first + 1], values[first : first + 1]))
            pieces.append(self._piece(t_s[first:last], values[first:last], restarts=restarts))
        return [piece for piece in pieces if piece is not None], gaps

    def _hidden(self, t_s: list[float], values: Values) -> GridPiece:
        """The ticks between the last sample and this one alone, which ends a gap."""
        until_s, (first, ticks_s) = t_s[0], self._ticks_until(t_s[0])
        if ticks_s and ticks_s[-1] == until_s:
            ticks_s.pop()
        self.state.next_tick = first + len(ticks_s)
        acc_g, gyro_rad_s = _straight(ticks_s, *self._with_last(t_s, values))
        return GridPiece(first, acc_g, gyro_rad_s, hidden_until_s=until_s)

    def _piece(self, t_s: list[float], values: Values, *, restarts: bool) -> GridPiece | None:
        """The ticks after the last sample and up to the last of these."""
        state, first_s = self.state, t_s[0]
        if state.last_t_s is None or restarts:
            state.next_tick, state.last = self._first_tick_from(first_s), []
        t_s, values = self._with_last(t_s, values)
        first, ticks_s = self._ticks_until(t_s[-1])
        state.last_t_s, state.last = t_s[-1], values[-1]
        state.next_tick = first + len(ticks_s)
        if not ticks_s and not restarts:
            return None
        acc_g, gyro_rad_s = _straight(ticks_s, t_s, values)
        return GridPiece(first, acc_g, gyro_rad_s, first_s if restarts else None)

    def _with_last(self, t_s: list[float], values: Values) -> tuple[list[float], Values]:
        """The samples with the last one before them, where there is one of the same kind."""
        if not self.state.last or self.state.last_t_s is None:
            return t_s, values
        return [self.state.last_t_s, *t_s], [self.state.last, *values]

    def _ticks_until(self, t_s: float) -> tuple[int, list[float]]:
        """Number of the next tick, and the times of those from it to no later than `t_s`, s."""
        first, rate_hz = self.state.next_tick, self.params.rate_hz
        ticks_s = (tick / rate_hz for tick in range(first, int(t_s * rate_hz) + 2))
        return first, [tick_s for tick_s in ticks_s if tick_s <= t_s]

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


def _values(batch: SampleBatch) -> Values:
    acc_g: Values = (batch.acc_m_s2 / STANDARD_GRAVITY_M_S2).tolist()
    if batch.gyro_rad_s is None:
        return acc_g
    return [acc + gyro for acc, gyro in zip(acc_g, batch.gyro_rad_s.tolist(), strict=True)]


def _straight(ticks_s: list[float], t_s: list[float], values: Values) -> tuple[Rows, Rows | None]:
    """Acceleration, g, and turning rate, rad/s, or None, at the ticks, on straight lines between samples.

    The same numbers however the input is cut.
    """
    at: Values = []
    last = len(t_s) - 1
    for tick_s in ticks_s:
        after = bisect_right(t_s, tick_s)
        before = max(after - 1, 0)
        after = min(after, last)
        # At the last sample there is no step to the next, and before the first one is none to come from.
        from_s = t_s[before]
        share = max(tick_s - from_s, 0.0) / max(t_s[after] - from_s, _LEAST_STEP_S)
        pairs = zip(values[before], values[after], strict=True)
        at.append([value + share * (following - value) for value, following in pairs])
    has_gyro = len(values[0]) > _AXES
    return [row[:_AXES] for row in at], [row[_AXES:] for row in at] if has_gyro else None


_AXES = 3
_LEAST_STEP_S = 1e-9
