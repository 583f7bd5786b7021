"""A sensor that is not there: plays a capture, or samples encoded by a profile, where a BLE link would be."""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from repcount.edges.clock import monotonic_s
from repcount.profile import Profile, Values
from repcount.samples import Notification, SampleBatch
from repcount.wire import encode

VIRTUAL = "virtual:"
"""In the name of a sensor: what follows is the folder of a recording."""


@dataclass(frozen=True, slots=True)
class _Due:
    payload: bytes
    characteristic: str
    due_s: float  # since the start of playing


class VirtualSensor:
    """Yield notifications at the pace they came, or would come.

    Iterating starts the sensor; each iteration is a new start. Leaving the loop, or cancelling the task,
    ends it at once: it holds nothing.

    Parameters
    ----------
    profile
        The sensor's.
    source
        Samples, which are encoded; or the notifications of a capture, which are played as they are.
    speed
        How much quicker than real; the host's clock that arrivals are read from is quicker by the same, so
        that whoever times samples by their arrival is not misled.
    loop
        Begin again at the end. Samples go on without a seam; a capture's own clock and counter start again,
        as if the sensor had been switched off and on.
    samples_per_notification
        Of samples that are encoded; None takes the profile's.
    values
        With which it was started, and what it answered; None for the profile's defaults.
    now_s, sleep
        The clock and how to wait for it.
    """

    def __init__(
        self,
        profile: Profile,
        source: Sequence[Notification] | SampleBatch,
        *,
        speed: float = 1.0,
        loop: bool = False,
        samples_per_notification: int | None = None,
        values: Values | None = None,
        now_s: Callable[[], float] = monotonic_s,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        if not 0 < speed < math.inf:
            raise ValueError(f"speed must be above 0 and finite, got {speed}")
        if not len(source):
            raise ValueError("there is nothing to play")
        self.profile = profile
        self._source = source
        self._speed = speed
        self._loop = loop
        self._samples_per_notification = samples_per_notification
        self._values = values
        self._now_s = now_s
        self._sleep = sleep

    async def __aiter__(self) -> AsyncGenerator[Notification, None]:
        """Play from the start."""
        start_s = self._now_s()
        for due in self._rounds():
            wait_s = due.due_s / self._speed - (self._now_s() - start_s)
            await self._sleep(max(wait_s, 0.0))  # also when late: others want to run
            arrival_s = start_s + (self._now_s() - start_s) * self._speed
            yield Notification(due.characteristic, due.payload, arrival_s)

    def _rounds(self) -> Iterator[_Due]:
        if isinstance(self._source, SampleBatch):
            return self._encoded(self._source)
        return self._captured(self._source)

    def _captured(self, capture: Sequence[Notification]) -> Iterator[_Due]:
        first_s, last_s = capture[0].arrival_s, capture[-1].arrival_s
        pause_s = (last_s - first_s) / max(len(capture) - 1, 1)
        round_s = last_s - first_s + (pause_s or 1.0)
        begins_s = 0.0
        while True:
            for one in capture:
                yield _Due(one.payload, one.characteristic, begins_s + one.arrival_s - first_s)
            if not self._loop:
                return
            begins_s += round_s

    def _encoded(self, batch: SampleBatch) -> Iterator[_Due]:
        interval_s = (
            float(np.median(np.diff(batch.t_s))) if len(batch) > 1 else 1.0 / self.profile.stream.rate_hz
        )
        round_s = float(batch.t_s[-1] - batch.t_s[0]) + interval_s
        first_s, begins_s, counter = float(batch.t_s[0]), 0.0, 0
        while True:
            moved = SampleBatch(batch.t_s - first_s + begins_s, batch.acc_m_s2, batch.gyro_rad_s)
            n = self._samples_per_notification
            sent = encode(
                self.profile, moved, counter_start=counter, samples_per_notification=n, values=self._values
            )
            for one in sent:
                yield _Due(one.payload, one.characteristic, one.last_s)
            if not self._loop or not sent:
                return
            counter, begins_s = counter + len(sent), begins_s + round_s
