"""When each sample was taken, of a sensor that sends no time: fitted to when its notifications arrived.

Rules: times increase strictly over everything handed on; causal; constant memory. A late or repeated
notification is `None` and leaves no trace.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from repcount.profile.stream import Stream
from repcount.samples import Array
from repcount.wire.decoder import Decoded
from repcount.wire.fit import ArrivalFit
from repcount.wire.items import Gap
from repcount.wire.order import Order
from repcount.wire.params import WireParams
from repcount.wire.placed import Placed


@dataclass(slots=True)
class _ArrivalState:
    number_s: float = 0.0  # of the last sample, as seconds at the profile's rate
    last_s: float = 0.0  # when that was
    arrival_s: float = 0.0
    begun: bool = False


class ArrivalTimeline:
    """Number the samples, and lay a line through the quickest arrivals.

    Where the sensor counts its notifications the numbers are sure, and lost ones keep their place. Where it
    does not, lost ones are only seen by all that follow being late: at once if by more than `jump_s`, else
    at the end of a stretch that is late by most of a notification; what is less only bends the line.
    """

    CATCH_UP_S = 2.0
    """Times are drawn to the line so fast that they would meet it in this long, s. On the public `reptracker`
    recordings whose link kept up, with stalls of up to 0.8 s, half a second is so stretched by at most 21 %;
    with 1 s by 37 %."""

    LEAST_STEP_RATIO = 0.1
    """Least share of the period between samples, so that times increase also while they are drawn back."""

    SURE_S = 0.05
    """A link makes nothing earlier, and hardly ever all of a stretch later, than this, s."""

    UNSETTLED_S = 0.3
    """As long as the rate is not known, the line may be off by this, s, in a stretch."""

    MOST_OF_ONE = 0.75
    """So much of a notification must a stretch be late for one to be missing."""

    def __init__(self, stream: Stream, params: WireParams) -> None:
        self.params = params
        self._period_s = 1.0 / stream.rate_hz
        counter = stream.field("counter")
        self._order = Order(counter.bits if counter else None, params.late_s)
        self._fit = ArrivalFit(params.fit_s)
        self._state = _ArrivalState()

    def place(self, packet: Decoded, arrival_s: float) -> Placed | None:
        """Give the samples their times."""
        state, length_s = self._state, len(packet) * self._period_s
        waited_s = arrival_s - state.arrival_s
        ahead = self._order.ahead(packet.counter, waited_s, length_s)
        if ahead == 0:
            return None
        if ahead is not None and ahead > 1 and ahead * length_s > self._most_s(waited_s):
            ahead = None  # more are missing than there was time for: the counter began anew, or is wrong
        self._order.accept(packet.counter)
        state.arrival_s = arrival_s
        if not state.begun:
            return self._begin(len(packet), arrival_s)
        step_s = self._fit.slope * length_s * (ahead or 1)
        state.number_s += length_s * (ahead or 1)
        self._follow(length_s, arrival_s, sure=self._order.counts and ahead is not None)
        return self._placed(len(packet), ahead, step_s)

    def _begin(self, n: int, arrival_s: float) -> Placed:
        self._fit.begin(0.0, arrival_s)
        self._state = _ArrivalState(0.0, arrival_s, arrival_s, begun=True)
        return Placed(_row(arrival_s, self._period_s, n), None)

    def _most_s(self, waited_s: float) -> float:
        """How long the sensor can have been at it since the last notification, which may have come late."""
        late_s = self._state.arrival_s - self._fit.at(self._state.number_s)
        return waited_s + max(late_s, 0.0) + self.params.jump_s

    def _follow(self, length_s: float, arrival_s: float, *, sure: bool) -> None:
        """Learn from an arrival, or renumber where it shows that the number is wrong."""
        fit, jump_s, number_s = self._fit, self.params.jump_s, self._state.number_s
        late_s = arrival_s - fit.at(number_s)
        if late_s < -(self.SURE_S if fit.settled else self.UNSETTLED_S) or (late_s > jump_s and not sure):
            self._renumber(late_s, arrival_s)
        quickest_s = fit.add(self._state.number_s, arrival_s)
        if quickest_s is None:
            return
        unsure_s = max(self.MOST_OF_ONE * length_s, self.SURE_S)
        if quickest_s > (jump_s if sure or not fit.settled else unsure_s):
            self._renumber(quickest_s, arrival_s)
        else:
            fit.learn(self._state.number_s, arrival_s)

    def _renumber(self, late_s: float, arrival_s: float) -> None:
        self._state.number_s += late_s / self._fit.slope
        self._fit.skip(self._state.number_s, arrival_s)

    def _placed(self, n: int, ahead: int | None, step_s: float) -> Placed:
        state, last_s, period_s = self._state, self._state.last_s, step_s / (n * (ahead or 1))
        off_s = self._fit.at(state.number_s) - (last_s + step_s)
        leaps = off_s > self.params.jump_s
        if leaps:
            state.last_s = last_s + step_s + off_s
        else:
            ratio = max(1.0 + off_s / max(self.CATCH_UP_S, step_s), self.LEAST_STEP_RATIO)
            state.last_s, period_s = last_s + ratio * step_s, ratio * period_s
        t_s = _row(state.last_s, period_s, n)
        holed = leaps or ahead != 1
        return Placed(t_s, Gap(last_s, float(t_s[0]), self._order.lost(ahead)) if holed else None)

    def reset(self) -> None:
        """Forget everything seen."""
        self._state = _ArrivalState()
        self._order.reset()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {
            "order": self._order.snapshot(),
            "fit": self._fit.snapshot(),
            "arrival": asdict(self._state),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._order.restore(state["order"])
        self._fit.restore(state["fit"])
        self._state = _ArrivalState(**state["arrival"])


def _row(last_s: float, period_s: float, n: int) -> Array:
    return np.asarray(last_s - period_s * np.arange(n - 1.0, -1.0, -1.0))
