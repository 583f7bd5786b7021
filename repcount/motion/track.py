"""What one sensor's data passes through before it is motion, and how the sensor is.

Rules: times are stream time in s; one track belongs to one sensor of one station.
"""

from dataclasses import dataclass
from typing import Any

from repcount.motion.tracker import Motion
from repcount.wire import Wire

_PLAIN = ("placement", "origin_s", "begun", "last_s", "rejected", "lost")


@dataclass(slots=True)
class SensorTrack:
    """One sensor: where it is worn, its stages, and what has come from it so far.

    `origin_s` is its own time at stream time 0, None until known; `begun` once anything came, `last_s` when
    it last did; `rejected` notifications so far; `lost` while nothing comes.
    """

    placement: str
    wire: Wire | None
    motion: Motion
    origin_s: float | None = None
    begun: bool = False
    last_s: float = 0.0
    rejected: int = 0
    lost: bool = False

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
            self.wire.restore(state["wire"])
