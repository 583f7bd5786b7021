"""When each sample was taken: by the sensor's own clock, or fitted to when the notifications arrived.

Rules: times increase strictly over everything handed on; causal; constant memory.
A late or repeated notification is `None`, one whose time cannot be is `SANITY`; both leave no trace.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from repcount.events import FaultReason
from repcount.profile.stream import Clock, Stream
from repcount.samples import Array
from repcount.wire.decoder import Decoded
from repcount.wire.items import Gap
from repcount.wire.order import Order
from repcount.wire.params import WireParams


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Times (N,) in s of a notification's samples, and the gap before them if there is one."""

    t_s: Array
    gap: Gap | None


@dataclass(slots=True)
class _DeviceState:
    last_ticks: int = 0  # of the last sample, with wraps and restarts counted in
    last_sent_ticks: int = 0  # the same as the sensor counts
    last_arrival_s: float = 0.0
    wrong_in_a_row: int = 0
    begun: bool = False


class DeviceTimeline:
    """Unwrap the sensor's clock. Ticks stay whole numbers, so times are exact however long it runs."""

    def __init__(self, stream: Stream, clock: Clock, params: WireParams) -> None:
        self.params = params
        self._clock = clock
        self._nominal_ticks = max(round(clock.ticks_per_s / stream.rate_hz), 1)
        time, counter = stream.field("time"), stream.field("counter")
        self._wrap_ticks = 1 << (time.bits if time else 0)
        self._order = Order(counter.bits if counter else None, params.late_notifications)
        self._state = _DeviceState()

    def place(self, packet: Decoded, arrival_s: float) -> Placed | FaultReason | None:
        """Give the samples their times."""
        n, period = len(packet), self._period(packet)
        if not 0 < n * period <= self._ticks(self.params.clocks_agree_s):
            return FaultReason.SANITY
        ahead = self._order.ahead(packet.counter)
        if ahead == 0:
            return None
        sent = (packet.time_ticks or 0) + (period * (n - 1) if self._clock.stamps == "first" else 0)
        step = self._step(sent, arrival_s)
        if self._state.begun and (ahead is None or not self._plausible(step, arrival_s)):
            if not self._order.counts and -self._ticks(self.params.late_s) <= step <= 0:
                return None
            self._state.wrong_in_a_row += 1
            if self._state.wrong_in_a_row < self.params.restart_after:
                return FaultReason.SANITY
            ahead, step = None, max(self._waited(arrival_s), n * period)
        return self._accept(packet, sent, step, ahead, arrival_s)

    def _period(self, packet: Decoded) -> int:
        return self._nominal_ticks if packet.period_ticks is None else packet.period_ticks

    def _step(self, sent: int, arrival_s: float) -> int:
        """Ticks since the last sample; the host's clock says how often the sensor's wrapped in between."""
        if not self._state.begun:
            return sent
        step = sent - self._state.last_sent_ticks
        return step + round((self._waited(arrival_s) - step) / self._wrap_ticks) * self._wrap_ticks

    def _waited(self, arrival_s: float) -> int:
        return self._ticks(arrival_s - self._state.last_arrival_s)

    def _plausible(self, step: int, arrival_s: float) -> bool:
        apart = abs(step - self._waited(arrival_s))
        return step > 0 and apart <= self._ticks(self.params.clocks_agree_s)

    def _accept(self, packet: Decoded, sent: int, step: int, ahead: int | None, arrival_s: float) -> Placed:
        state, n, period = self._state, len(packet), self._period(packet)
        end, last = state.last_ticks + step, state.last_ticks
        ticks = end - period * np.arange(n - 1.0, -1.0, -1.0)
        gap = None
        if state.begun:
            if ticks[0] <= last:  # the period sent is longer than the true one: share out what there is
                ticks = last + step * np.arange(1.0, n + 1.0) / n
            gap = self._gap(last, float(ticks[0]), period, ahead)
        self._state = _DeviceState(end, sent, arrival_s, begun=True)
        self._order.accept(packet.counter)
        return Placed(ticks / self._clock.ticks_per_s, gap)

    def _gap(self, last: int, first: float, period: int, ahead: int | None) -> Gap | None:
        near = first - last <= period + self._ticks(self.params.gap_s)
        if near and ahead == 1:
            return None
        per_s = self._clock.ticks_per_s
        return Gap(last / per_s, first / per_s, self._order.lost(ahead))

    def _ticks(self, span_s: float) -> int:
        return round(span_s * self._clock.ticks_per_s)

    def reset(self) -> None:
        """Forget everything seen."""
        self._state = _DeviceState()
        self._order.reset()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"order": self._order.snapshot(), "device": asdict(self._state)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._order.restore(state["order"])
        self._state = _DeviceState(**state["device"])


@dataclass(slots=True)
class _ArrivalState:
    last_s: float = 0.0  # of the last sample
    period_s: float = 0.0  # between samples, as fitted so far
    begun: bool = False


class ArrivalTimeline:
    """Fit sample numbers to arrivals: a second-order tracking loop, critically damped.

    Each notification's time is the one expected from the last, drawn a little towards its arrival; the
    period follows likewise. Bursts are so spread evenly, and a link that holds everything back for a moment
    bends nothing. Where the sensor counts its notifications, lost ones keep their place.
    """

    LEAST_STEP_RATIO = 0.1
    """Least share of the period between samples, so that times increase even while the fit is pulled back."""

    PERIOD_RATIO = 1.25
    """The period stays within this factor of the profile's rate: beyond, profile or sensor are wrong."""

    def __init__(self, stream: Stream, params: WireParams) -> None:
        self.params = params
        self._nominal_s = 1.0 / stream.rate_hz
        counter = stream.field("counter")
        self._order = Order(counter.bits if counter else None, params.late_notifications)
        self._state = _ArrivalState()

    def place(self, packet: Decoded, arrival_s: float) -> Placed | None:
        """Give the samples their times."""
        ahead = self._order.ahead(packet.counter)
        if ahead == 0:
            return None
        self._order.accept(packet.counter)
        state, n = self._state, len(packet)
        if not state.begun:
            self._state = _ArrivalState(arrival_s, self._nominal_s, begun=True)
            return Placed(_row(arrival_s, self._nominal_s, n), None)
        waited_s, per_s = arrival_s - state.last_s, state.period_s * n
        if ahead is not None and ahead > 1 and ahead * per_s > waited_s + self.params.jump_s:
            ahead = None  # more lost than there was time for: the counter began anew, or is wrong
        late_s = waited_s - per_s * (ahead or 1)
        if late_s > self.params.jump_s:
            return self._jump(arrival_s, n, ahead)
        return self._follow(late_s, n, ahead)

    def _jump(self, arrival_s: float, n: int, ahead: int | None) -> Placed:
        state = self._state
        t_s = _row(arrival_s, state.period_s, n)
        gap = Gap(state.last_s, float(t_s[0]), self._order.lost(ahead))
        state.last_s = arrival_s
        return Placed(t_s, gap)

    def _follow(self, late_s: float, n: int, ahead: int | None) -> Placed:
        state, last_s, n_samples = self._state, self._state.last_s, n * (ahead or 1)
        expected_s = state.period_s * n_samples
        share = min(expected_s / self.params.fit_s, 0.5)
        drawn_s = min(max(late_s, -self.params.outlier_s), self.params.outlier_s)
        step_s = expected_s + 2.0 * share * drawn_s
        if late_s < -self.params.jump_s:  # ahead of the host: a gap was none, its samples came after all
            step_s = 0.0
        state.last_s = last_s + max(step_s, self.LEAST_STEP_RATIO * expected_s)
        period_s = state.period_s + share**2 * drawn_s / n_samples
        slowest_s, fastest_s = self._nominal_s * self.PERIOD_RATIO, self._nominal_s / self.PERIOD_RATIO
        state.period_s = min(max(period_s, fastest_s), slowest_s)
        t_s = _row(state.last_s, (state.last_s - last_s) / n_samples, n)
        return Placed(t_s, None if ahead == 1 else Gap(last_s, float(t_s[0]), self._order.lost(ahead)))

    def reset(self) -> None:
        """Forget everything seen."""
        self._state = _ArrivalState()
        self._order.reset()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"order": self._order.snapshot(), "arrival": asdict(self._state)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._order.restore(state["order"])
        self._state = _ArrivalState(**state["arrival"])


def _row(last_s: float, period_s: float, n: int) -> Array:
    return np.asarray(last_s - period_s * np.arange(n - 1.0, -1.0, -1.0))


Timeline = DeviceTimeline | ArrivalTimeline


def timeline_of(stream: Stream, params: WireParams) -> Timeline:
    """Choose by what the sensor sends."""
    if stream.clock is None:
        return ArrivalTimeline(stream, params)
    return DeviceTimeline(stream, stream.clock, params)
