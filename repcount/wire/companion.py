"""When turning rates were measured that come apart from accelerations, by the clock that stamps both.

Rules: that clock is followed by the accelerations alone; a time of it means here what it means there, also
after it began anew. Times increase strictly; constant memory.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from repcount.events import FaultReason
from repcount.profile.stream import Clock, Stream
from repcount.wire.decoder import Decoded
from repcount.wire.placed import Placed

_APART_S = 10.0
"""Packets that come one after the other were measured within this, s; the slowest take 1.4 s to fill."""
_EVEN_RATIO = 1.5
"""Packets up to so many times their length apart follow each other: samples are spread between them."""


@dataclass(slots=True)
class _State:
    anchor_ticks: int | None = None  # of an acceleration, as the sensor counts
    anchor_s: float = 0.0  # the same in sensor time
    last_ticks: int | None = None  # of the last turning rate
    last_s: float | None = None


class CompanionTimeline:
    """Places packets of one stream by the times that another's, of the same clock, were given."""

    def __init__(self, stream: Stream, clock: Clock) -> None:
        self._clock = clock
        self._nominal_s = 1.0 / stream.rate_hz
        time = stream.field("time")
        self._wrap_ticks = 1 << (time.bits if time else 0)
        self.reset()

    def follow(self, packet: Decoded, placed: Placed) -> None:
        """Take note of when the last sample of the other stream's packet was."""
        self._state.anchor_ticks = self._last_ticks(packet)
        self._state.anchor_s = float(placed.t_s[-1])

    def place(self, packet: Decoded, _arrival_s: float) -> Placed | FaultReason | None:
        """Give the samples their times; None for late ones, and before the other stream has begun."""
        state, n = self._state, len(packet)
        if state.anchor_ticks is None:
            return None
        ticks = self._last_ticks(packet)
        ahead_s = self._apart_s(ticks, state.anchor_ticks)
        if abs(ahead_s) > _APART_S:
            return FaultReason.SANITY
        end_s = state.anchor_s + ahead_s
        if state.last_s is not None and end_s <= state.last_s:
            return None
        t_s = end_s - self._period_s(ticks, n) * np.arange(n - 1.0, -1.0, -1.0)
        if state.last_s is not None and t_s[0] <= state.last_s:
            t_s = state.last_s + (end_s - state.last_s) * np.arange(1.0, n + 1.0) / n
        state.last_ticks, state.last_s = ticks, end_s
        return Placed(t_s, None)

    def _period_s(self, ticks: int, n: int) -> float:
        if self._state.last_ticks is None:
            return self._nominal_s
        apart_s = self._apart_s(ticks, self._state.last_ticks)
        even = self._nominal_s / _EVEN_RATIO < apart_s / n < self._nominal_s * _EVEN_RATIO
        return apart_s / n if even else self._nominal_s

    def _last_ticks(self, packet: Decoded) -> int:
        period = packet.period_ticks or round(self._nominal_s * self._clock.ticks_per_s)
        to_last = period * (len(packet) - 1) if self._clock.stamps == "first" else 0
        return (packet.time_ticks or 0) + to_last

    def _apart_s(self, ticks: int, earlier: int) -> float:
        half = self._wrap_ticks // 2
        return ((ticks - earlier + half) % self._wrap_ticks - half) / self._clock.ticks_per_s

    def reset(self) -> None:
        """Forget everything seen."""
        self._state = _State()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self._state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._state = _State(**state)
