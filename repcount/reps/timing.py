"""Between ticks and s of stream time.

Rules: the signals are later than the movement, the pose by more than the quick ones; a time that is said is
that of the movement, a tick that of the signal it is read off.
"""

import math
from dataclasses import dataclass

from repcount.reps.phases import Span


@dataclass(frozen=True, slots=True)
class Delays:
    """How much later than the movement the two kinds of signals are, s."""

    pose_s: float
    quick_s: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Ticks of `tick_s` each, of signals with these delays."""

    tick_s: float
    delays: Delays

    @property
    def lag_ticks(self) -> int:
        """How much later the pose is than the quick signals, in ticks."""
        return self.ticks(self.delays.pose_s - self.delays.quick_s)

    def ticks(self, duration_s: float) -> int:
        """Return a duration in ticks."""
        return round(duration_s / self.tick_s)

    def pose_s(self, tick: int) -> float:
        """When the limb was where the pose is at `tick`, s."""
        return tick * self.tick_s - self.delays.pose_s

    def quick_s(self, tick: int) -> float:
        """When the limb was where the quick signals are at `tick`, s."""
        return tick * self.tick_s - self.delays.quick_s

    def quick_tick(self, t_s: float) -> int:
        """Tick of the quick signals nearest to a time of the movement, s."""
        return round((t_s + self.delays.quick_s) / self.tick_s)

    def quick_ticks(self, span: Span, newest: int) -> tuple[int, int]:
        """Ticks of the quick signals, no later than `newest`, in which the limb moved."""
        start, end = ((t_s + self.delays.quick_s) / self.tick_s for t_s in (span.start_s, span.end_s))
        return math.floor(start), min(math.ceil(end), newest)
