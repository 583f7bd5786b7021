"""When each sample was taken, by the sensor's own clock.

Rules: times increase strictly over everything handed on; causal; constant memory. A late or repeated
notification is `None`, one whose time cannot be is `SANITY`; both leave no trace.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from repcount.events import FaultReason
from repcount.profile.stream import Clock, Stream
from repcount.wire.decoder import Decoded
from repcount.wire.items import Gap
from repcount.wire.order import Order
from repcount.wire.params import WireParams
from repcount.wire.placed import Placed


@dataclass(slots=True)
class _DeviceState:
    """Of the last notification that was accepted; ticks have wraps and restarts counted in."""

    stamp_ticks: int = 0  # the time it was sent with
    sent_ticks: int = 0  # the same as the sensor counts
    last_ticks: float = 0.0  # of its last sample
    n: int = 0
    arrival_s: float = 0.0
    late_ticks: float = 0.0  # how much later than the quickest it came
    period_ticks: float = 0.0  # from sample to sample, as found so far
    periods: int = 0  # that went into it
    wrong_in_a_row: int = 0  # since then
    begun: bool = False


class DeviceTimeline:
    """Unwrap the sensor's clock, and find the period of its samples where it does not send one.

    A sample's time is the sensor's, however late it arrived; the host's clock only says how often the
    other has wrapped, and what cannot be: that it went further than there was time for.
    """

    MOST_PERIODS = 32
    """Notifications over which the period is averaged: stamps are rounded, and a sensor warms slowly."""

    HOLE_RATIO = 0.5
    """Samples that are late by more of their notification's length follow on one that was lost."""

    SLIP_RATIO = 1e-3
    """Two clocks run apart by less than this; crystals differ by a fifth of it."""

    def __init__(self, stream: Stream, clock: Clock, params: WireParams) -> None:
        self.params = params
        self._per_s = clock.ticks_per_s
        self._stamps_first = clock.stamps == "first"
        self._nominal_ticks = clock.ticks_per_s / stream.rate_hz
        time, counter = stream.field("time"), stream.field("counter")
        self._wrap_ticks = 1 << (time.bits if time else 0)
        self._order = Order(counter.bits if counter else None, params.late_s)
        self.reset()

    def place(self, packet: Decoded, arrival_s: float) -> Placed | FaultReason | None:
        """Give the samples their times."""
        state, period = self._state, self._period(packet)
        length, waited = len(packet) * period, (arrival_s - self._state.arrival_s) * self._per_s
        if not 0 < length <= self._ticks(self.params.clocks_agree_s):
            return FaultReason.SANITY
        ahead = self._order.ahead(packet.counter, waited / self._per_s, length / self._per_s)
        if ahead == 0:
            return None
        step = self._step(packet.time_ticks or 0, waited)
        if state.begun and (ahead is None or not self._plausible(step, waited, length)):
            if self._is_late(step, waited):
                return None
            state.wrong_in_a_row += 1
            if state.wrong_in_a_row < self.params.restart_after:
                return FaultReason.SANITY
            follows = state.last_ticks - state.stamp_ticks + (period if self._stamps_first else length)
            ahead, step = None, round(max(waited, follows))
        return self._accept(packet, step, ahead, arrival_s)

    def _period(self, packet: Decoded) -> float:
        return self._state.period_ticks if packet.period_ticks is None else packet.period_ticks

    def _step(self, sent_ticks: int, waited: float) -> int:
        """Ticks since the last stamp; the host's clock says how often the sensor's wrapped in between."""
        if not self._state.begun:
            return sent_ticks
        step = sent_ticks - self._state.sent_ticks
        return step + round((waited - step) / self._wrap_ticks) * self._wrap_ticks

    def _plausible(self, step: int, waited: float, length: float) -> bool:
        """Whether the sensor's clock went on, and no further than there was time for."""
        most = waited + self._state.late_ticks + max(self._ticks(self.params.jump_s), 2.0 * length)
        return step > 0 and waited - self._ticks(self.params.clocks_agree_s) <= step <= most

    def _is_late(self, step: int, waited: float) -> bool:
        """Whether a notification that nobody counted is an earlier one."""
        late = self._ticks(self.params.late_s)
        return not self._order.counts and -late <= step <= 0 and waited <= late

    def _accept(self, packet: Decoded, step: int, ahead: int | None, arrival_s: float) -> Placed:
        state, n, period = self._state, len(packet), self._period(packet)
        stamp, last = state.stamp_ticks + step, state.last_ticks
        first = 0 if self._stamps_first else 1 - n  # place of the first sample, from the one with the stamp
        ticks, gap = [stamp + period * place for place in range(first, first + n)], None
        if state.begun:
            ticks = _after(last, ticks, period)
            gap = self._gap(ticks[0], n, period, ahead)
            if gap is None:
                self._learn_period(step / (state.n if self._stamps_first else n))
        waited = (arrival_s - state.arrival_s) * self._per_s
        late = state.late_ticks + waited * (1.0 - self.SLIP_RATIO) - step
        state.late_ticks = max(late, 0.0) if state.begun and ahead is not None else 0.0
        state.stamp_ticks, state.sent_ticks = stamp, packet.time_ticks or 0
        state.last_ticks, state.n, state.arrival_s = float(ticks[-1]), n, arrival_s
        state.wrong_in_a_row, state.begun = 0, True
        self._order.accept(packet.counter)
        return Placed(np.array([tick / self._per_s for tick in ticks]), gap)

    def _gap(self, first: float, n: int, period: float, ahead: int | None) -> Gap | None:
        last = self._state.last_ticks
        hole = first - last - period
        if ahead == 1 and hole <= max(self.HOLE_RATIO * n * period, self._ticks(self.params.gap_s)):
            return None
        return Gap(last / self._per_s, first / self._per_s, self._order.lost(ahead))

    def _learn_period(self, period_ticks: float) -> None:
        state = self._state
        state.periods = min(state.periods + 1, self.MOST_PERIODS)
        state.period_ticks += (period_ticks - state.period_ticks) / (state.periods + 1)

    def _ticks(self, span_s: float) -> float:
        return span_s * self._per_s

    def reset(self) -> None:
        """Forget everything seen."""
        self._state = _DeviceState(period_ticks=self._nominal_ticks)
        self._order.reset()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {"order": self._order.snapshot(), "device": asdict(self._state)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._order.restore(state["order"])
        self._state = _DeviceState(**state["device"])


def _after(last: float, ticks: list[float], period: float) -> list[float]:
    """Times that begin after `last`; where the period is too long for that they share what there is."""
    if ticks[0] > last:
        return ticks
    n = len(ticks)
    end = max(ticks[-1], last + 0.1 * n * period)
    return [last + (end - last) * place / n for place in range(1, n + 1)]
