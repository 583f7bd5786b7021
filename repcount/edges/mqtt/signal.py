"""The raw signal of a station, for a plot, while somebody watches.

Rules: QoS 0, never stored; what nobody watches costs nothing; a page that is closed is forgotten by itself.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from repcount.edges.mqtt.payloads import Message, to_json
from repcount.edges.mqtt.topics import signal_topic
from repcount.events import SCHEMA
from repcount.samples import STANDARD_GRAVITY_M_S2, Array, SampleBatch

WATCH_S = 15.0
"""Whoever watches says so more often than this."""
FRAME_S = 0.1
"""Ten messages a second: a plot draws sixty frames, but moves on by these."""
MOST_HZ = 100.0
"""More points than this a second no screen shows."""

_ROUNDING_S = 1e-3
"""Ten samples at 100 Hz make a frame, though a clock may say a little less."""


class Signal:
    """Gathers samples into frames; `now_s` is the host's monotonic clock."""

    def __init__(
        self, station: str, say_now: Callable[[Iterable[Message]], None], now_s: Callable[[], float]
    ) -> None:
        self._station, self._say_now, self._now_s = station, say_now, now_s
        self._until_s = -math.inf
        self._held: dict[str, list[SampleBatch]] = defaultdict(list)

    @property
    def watched(self) -> bool:
        """Whether somebody has asked for it lately."""
        return self._now_s() < self._until_s

    def watch(self) -> None:
        """Somebody watches now, and for `WATCH_S` if nothing more is heard."""
        self._until_s = self._now_s() + WATCH_S

    def take(self, sensor: str, batch: SampleBatch) -> None:
        """Take samples on stream time."""
        if not self.watched:
            self._held.clear()
            return
        held = self._held[sensor]
        held.append(batch)
        if _covered_s(held) > FRAME_S - _ROUNDING_S:
            self._say_now([self._frame(sensor, held)])
            self._held[sensor] = []

    def _frame(self, sensor: str, batches: list[SampleBatch]) -> Message:
        t_s = np.concatenate([batch.t_s for batch in batches])
        most = max(1.0, (t_s[-1] - t_s[0] + _ROUNDING_S) * MOST_HZ + 1.0)
        every = max(1, math.ceil(len(t_s) / most))
        acc_g = np.concatenate([batch.acc_m_s2 for batch in batches]) / STANDARD_GRAVITY_M_S2
        data = {
            "schema": SCHEMA,
            "sensor": sensor,
            "t_s": _short(t_s[::every]),
            "acc_g": [_short(axis) for axis in acc_g[::every].T],
        }
        return Message(signal_topic(self._station), to_json(data), qos=0)


def _covered_s(batches: Sequence[SampleBatch]) -> float:
    """How much time samples stand for, each for the one that is between two, s."""
    n = sum(map(len, batches))
    between_s = float(batches[-1].t_s[-1] - batches[0].t_s[0])
    return between_s * n / (n - 1) if n > 1 else 0.0


def _short(values: Array) -> list[float]:
    short: list[float] = values.round(3).tolist()
    return short
