"""What one sensor's data passes through before it is motion, when that was, and how the sensor is.

Rules: times are stream time in s; one track belongs to one sensor of one station. A second sensor's clock is
laid on that of the first by when notifications reach the host, the quickest of which say most.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from repcount.events import FaultReason
from repcount.motion.tracker import Motion
from repcount.profile import Profile, Values
from repcount.samples import Array, SampleBatch
from repcount.wire import Wire
from repcount.wire.standard import heart_rate

_PLAIN = (
    *("values", "bpm", "bpm_s", "origin_s", "begun", "last_s", "rejected", "lost"),
    *("early_s", "arrival_s", "left_ahead_s"),
)

_FORGET_S_S = 1e-3
"""How fast the quickest arrival is forgotten, s a s; crystals drift apart by a tenth of it."""
_CATCH_UP_S = 2.0
"""A clock is moved as fast as it would be right in this long, s: the quickest arrivals are 1 to 10 ms apart,
which bends times by less than 1 %; where the first ones were late it is right after a few seconds."""
_LEAST_STEP_S = 1e-3
_BPM_KEPT_S = 5.0
"""Straps tell it every second; an old one would mislead who trains by it."""


@dataclass(slots=True)
class SensorTrack:
    """One sensor: its stages, and what has come from it so far.

    `values` are those its firmware was started with, None for those of its profile. `bpm` is the heart rate
    it told at `bpm_s`, None where it tells none.
    `origin_s` is its own time at stream time 0, None until known; `begun` once anything came, `last_s` when
    it last did; `rejected` notifications so far; `lost` while nothing comes. `early_s` is its time less the
    host's at the quickest arrival, None where nobody knows when its samples arrived, `arrival_s` the last;
    `left_ahead_s` is `ahead_s` of the link before this one; `moved_s` by how much `origin_s` moves along the
    samples at hand.
    """

    wire: Wire | None
    motion: Motion
    values: dict[str, float] | None = None
    bpm: float | None = None
    bpm_s: float = 0.0
    origin_s: float | None = None
    begun: bool = False
    last_s: float = 0.0
    rejected: int = 0
    lost: bool = False
    early_s: float | None = None
    arrival_s: float = 0.0
    left_ahead_s: float | None = None
    moved_s: float = 0.0

    @property
    def ahead_s(self) -> float | None:
        """Stream time less the host's at the quickest arrival, s; of the last link until this one sends."""
        if self.early_s is None or self.origin_s is None:
            return self.left_ahead_s
        return self.early_s - self.origin_s

    def arrived(self, sensor_s: float, arrival_s: float) -> None:
        """Take note of when a sample arrived, host's time."""
        waited_s = 0.0 if self.early_s is None else max(0.0, arrival_s - self.arrival_s)
        if self.wire is not None and self.wire.profile.stream.clock is None:
            early_s = 0.0  # its times are the host's, of the quickest arrivals
        elif self.early_s is None:
            early_s = sensor_s - arrival_s
        else:
            early_s = max(sensor_s - arrival_s, self.early_s - _FORGET_S_S * waited_s)
        self.early_s, self.arrival_s = early_s, arrival_s

    def follow(self, clock: "SensorTrack", t_s: Array) -> None:
        """Lay this sensor's clock on another's, as of the samples at `t_s` (N,) of its own time, s.

        `clock` may be itself, when it comes back: where its samples are is then told by when they arrived,
        and not by how far time was let pass in the meantime.
        """
        if self.early_s is None or clock.ahead_s is None:
            return
        origin_s = self.early_s - clock.ahead_s
        if self.origin_s is None:
            joins_s = float(t_s[0]) - self.last_s - _LEAST_STEP_S
            self.origin_s = min(origin_s, joins_s) if self.begun else origin_s
            return
        steps_s = np.diff(t_s - self.origin_s, prepend=self.last_s)
        drawn_s = (origin_s - self.origin_s) * min(1.0, float(np.sum(steps_s)) / _CATCH_UP_S)
        self.moved_s = min(drawn_s, 0.5 * len(t_s) * float(np.min(steps_s)))
        self.origin_s += self.moved_s

    def on_stream_time(self, batch: SampleBatch) -> SampleBatch:
        """Return the samples with stream times; where the clock has just been moved, it moves along them."""
        n, moved_s, self.moved_s = len(batch), self.moved_s, 0.0
        t_s = batch.t_s - (self.origin_s or 0.0)
        if moved_s:
            t_s += moved_s * np.arange(n - 1.0, -1.0, -1.0) / n
        return SampleBatch(t_s, batch.acc_m_s2, batch.gyro_rad_s)

    def take_heart_rate(self, payload: bytes, now_s: float) -> FaultReason | None:
        """Take a Heart Rate Measurement; return why it cannot be read."""
        read = heart_rate(payload)
        if isinstance(read, FaultReason):
            return read
        self.bpm, self.bpm_s = (float(read.bpm) or None), now_s
        return None

    def heart_rate_bpm(self, now_s: float) -> float | None:
        """The heart rate, beats a minute; None where it is not told or long ago."""
        return self.bpm if now_s - self.bpm_s <= _BPM_KEPT_S else None

    def reconnected(self, profile: Profile, values: Values | None) -> None:
        """Another link: the clock and the counter of the last one are void."""
        self.left_ahead_s = self.ahead_s
        self.values = dict(values) if values else None
        self.wire = Wire(profile, values=self.values)
        self.origin_s = self.early_s = None

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        stages = {"wire": self.wire.snapshot() if self.wire else None, "motion": self.motion.snapshot()}
        return {name: getattr(self, name) for name in _PLAIN} | stages

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, with the same profile and parameters."""
        for name in _PLAIN:
            setattr(self, name, state[name])
        self.motion.restore(state["motion"])
        if self.wire is not None:
            self.wire = Wire(self.wire.profile, self.wire.params, self.values)
            self.wire.restore(state["wire"])
