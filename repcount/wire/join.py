"""Acceleration and turning rate that come apart -> samples that have both.

Rules: the acceleration says when samples are; the turning rate is interpolated onto them, and only between
neighbours. Samples whose turning rate is lost, or does not come in time, are left out, which is a gap. What
waits is bounded in time.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from repcount.profile.stream import AXES, Stream
from repcount.samples import Array, SampleBatch
from repcount.wire.decoder import Decoded
from repcount.wire.items import Gap
from repcount.wire.params import WireParams
from repcount.wire.placed import Placed

_APART_PERIODS = 2.5
"""Turning rates further apart than this many periods, and `gap_s`, have lost ones between them."""
_SLACK_PERIODS = 0.25
"""A turning rate this near is as good as at the same time: the two need not be stamped to the tick."""


class Join:
    """What waits for its counterpart: accelerations to be given a turning rate, and turning rates."""

    def __init__(self, acc: Stream, gyro: Stream, params: WireParams) -> None:
        self._most_apart_s = _APART_PERIODS / gyro.rate_hz + params.gap_s
        self._slack_s = _SLACK_PERIODS / gyro.rate_hz
        self._patience_s = 2.0 * (acc.latency_s + gyro.latency_s) + params.join_s
        self._acc = _Row()
        self._gyro = _Row()
        self._gaps: list[tuple[float, int | None]] = []  # in the acceleration, by the first sample after it
        self._last_s: float | None = None  # of the samples handed on
        self._missing = False  # something is, between those and what comes next
        self._lost: int | None = None

    def feed(self, placed: Placed, packet: Decoded) -> list[Gap | SampleBatch]:
        """Add what a packet holds, one or the other; return the samples that are complete."""
        if packet.acc_m_s2 is not None:
            if placed.gap is not None:
                self._gaps.append((float(placed.t_s[0]), placed.gap.lost_notifications))
            self._acc.add(placed.t_s, packet.acc_m_s2)
        elif packet.gyro_rad_s is not None:
            self._gyro.add(placed.t_s, packet.gyro_rad_s)
        return self._released()

    def _released(self) -> list[Gap | SampleBatch]:
        reach_s = self._gyro.newest_s + self._slack_s
        n_reached = int(np.searchsorted(self._acc.t_s, reach_s, "right"))
        n_overdue = int(np.searchsorted(self._acc.t_s, self._acc.newest_s - self._patience_s, "left"))
        n = max(n_reached, n_overdue)
        items = list(self._samples(n)) if n else []
        self._acc.forget(n)
        self._forget_turning_rates()
        return items

    def _samples(self, n: int) -> Iterator[Gap | SampleBatch]:
        """Samples of the first `n` accelerations, in runs without a gap, and the gaps before them."""
        t_s, acc = self._acc.t_s[:n], self._acc.values[:n]
        good = self._between_neighbours(t_s)
        rate = self._gyro.at(t_s) if good.any() else np.zeros((n, AXES))
        lost = {int(np.searchsorted(t_s, first_s)): n_lost for first_s, n_lost in self._gaps}
        self._gaps = [gap for gap in self._gaps if gap[0] > t_s[-1]]
        edges = {0, n, *lost, *(np.flatnonzero(np.diff(good)) + 1).tolist()}
        for first, end in pairwise(sorted(edges)):
            if first in lost:
                self._miss(lost[first])
            if not good[first]:
                self._miss(None)
                continue
            if self._missing and self._last_s is not None:
                yield Gap(self._last_s, float(t_s[first]), self._lost)
            self._missing, self._lost, self._last_s = False, None, float(t_s[end - 1])
            yield SampleBatch(t_s[first:end], acc[first:end], rate[first:end])

    def _miss(self, lost: int | None) -> None:
        self._lost = None if self._missing else lost
        self._missing = True

    def _between_neighbours(self, t_s: Array) -> np.ndarray:
        """Whether each time lies between two turning rates that follow each other, or as good as at one."""
        times = self._gyro.t_s
        if not len(times):
            return np.zeros(len(t_s), bool)
        after = np.searchsorted(times, t_s)
        later, earlier = times[np.minimum(after, len(times) - 1)], times[np.maximum(after - 1, 0)]
        between = (after > 0) & (after < len(times)) & (later - earlier <= self._most_apart_s)
        beside = np.minimum(np.abs(later - t_s), np.abs(t_s - earlier)) <= self._slack_s
        return np.asarray(between | beside)

    def _forget_turning_rates(self) -> None:
        """Keep one before the oldest acceleration that may still need it."""
        oldest_s = self._gyro.newest_s - self._patience_s
        if len(self._acc.t_s):
            oldest_s = max(oldest_s, float(self._acc.t_s[0]))
        elif self._last_s is not None:
            oldest_s = max(oldest_s, self._last_s)
        self._gyro.forget(max(int(np.searchsorted(self._gyro.t_s, oldest_s, "right")) - 1, 0))

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {
            "acc": self._acc.snapshot(),
            "gyro": self._gyro.snapshot(),
            "gaps": [list(gap) for gap in self._gaps],
            "last_s": self._last_s,
            "missing": self._missing,
            "lost": self._lost,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._acc.restore(state["acc"])
        self._gyro.restore(state["gyro"])
        self._gaps = [(first_s, lost) for first_s, lost in state["gaps"]]
        self._last_s, self._missing, self._lost = state["last_s"], state["missing"], state["lost"]


class _Row:
    """Times (N,) s, increasing, and values (N, 3)."""

    def __init__(self) -> None:
        self.t_s = np.empty(0)
        self.values = np.empty((0, AXES))

    @property
    def newest_s(self) -> float:
        return float(self.t_s[-1]) if len(self.t_s) else -np.inf

    def add(self, t_s: Array, values: Array) -> None:
        self.t_s = np.concatenate([self.t_s, t_s])
        self.values = np.concatenate([self.values, values])

    def at(self, t_s: Array) -> Array:
        return np.column_stack([np.interp(t_s, self.t_s, column) for column in self.values.T])

    def forget(self, n: int) -> None:
        self.t_s, self.values = self.t_s[n:], self.values[n:]

    def snapshot(self) -> dict[str, Any]:
        return {"t_s": self.t_s.tolist(), "values": self.values.tolist()}

    def restore(self, state: dict[str, Any]) -> None:
        self.t_s = np.array(state["t_s"], float)
        self.values = np.array(state["values"], float).reshape(-1, AXES)
