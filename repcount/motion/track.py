"""What one sensor's data passes through before it is motion, when that was, and how the sensor is.

Rules: times are stream time in s; one track belongs to one sensor of one station. A second sensor's clock is
laid on that of the first by when notifications reach the host, the quickest of which say most.
"""

from dataclasses import dataclass
from typing import Any

from repcount.events import FaultReason
from repcount.motion.tracker import Motion
from repcount.profile import Profile, Values
from repcount.wire import Wire
from repcount.wire.standard import heart_rate

_PLAIN = ("values", "bpm", "bpm_s", "origin_s", "begun", "last_s", "rejected", "lost", "early_s", "arrival_s")

_FORGET_S_S = 1e-3
"""How fast the quickest arrival is forgotten, s a s; crystals drift apart by a tenth of it."""
_SLEW_S_S = 2e-3
"""A clock is moved no faster than this, s a s: times still increase, and a phase is off by 0.2 % at most."""
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
    host's at the quickest arrival, None where nobody knows when its samples arrived, `arrival_s` the last.
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

    def arrived(self, sensor_s: float, arrival_s: float) -> float:
        """Take note of when a sample arrived, host's time; return how long after the one before, s."""
        waited_s = 0.0 if self.early_s is None else max(0.0, arrival_s - self.arrival_s)
        early_s = sensor_s - arrival_s
        known_s = early_s if self.early_s is None else self.early_s - _FORGET_S_S * waited_s
        self.early_s, self.arrival_s = max(early_s, known_s), arrival_s
        return waited_s

    def follow(self, clock: "SensorTrack", first_s: float, waited_s: float) -> None:
        """Lay this sensor's clock on another's; its next sample is at `first_s` of its own time."""
        if self.early_s is None or clock.early_s is None or clock.origin_s is None:
            return
        origin_s = self.early_s - clock.early_s + clock.origin_s
        if self.origin_s is None:
            self.origin_s = min(origin_s, first_s - self.last_s - _LEAST_STEP_S) if self.begun else origin_s
        else:
            most_s = _SLEW_S_S * waited_s
            self.origin_s += min(max(origin_s - self.origin_s, -most_s), most_s)

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
        self.values = None if values is None else dict(values)
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
