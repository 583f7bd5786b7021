"""How much of what a sensor measured is missing, lately.

Rules: only what the timeline says is missing counts; what is older weighs less; constant memory.
"""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from repcount.samples import SampleBatch
from repcount.wire.items import Gap, WireItem

MEMORY_S = 30.0
"""After this long a sample, or a missing one, weighs 1/e: short enough to show that moving nearer helped."""


@dataclass(slots=True)
class _LossState:
    came_s: float = 0.0  # of samples, weighed
    missing_s: float = 0.0


class Loss:
    """Follows samples and gaps of a sensor whose samples are `period_s` apart.

    What a sensor without time and counter lost in less than a second shows in neither.
    """

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self.reset()

    @property
    def ratio(self) -> float | None:
        """Share that is missing, 0 to 1; None before anything came."""
        state = self._state
        return state.missing_s / (state.came_s + state.missing_s) if state.came_s else None

    def follow(self, items: Iterable[WireItem]) -> None:
        """Take note of what came, and of what did not."""
        for item in items:
            match item:
                case SampleBatch():
                    self._add(len(item) * self._period_s, 0.0)
                case Gap():
                    self._add(0.0, max(item.end_s - item.start_s - self._period_s, 0.0))
                case _:
                    pass

    def _add(self, came_s: float, missing_s: float) -> None:
        state, kept = self._state, math.exp(-(came_s + missing_s) / MEMORY_S)
        state.came_s = kept * state.came_s + came_s
        state.missing_s = kept * state.missing_s + missing_s

    def reset(self) -> None:
        """Forget everything seen."""
        self._state = _LossState()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self._state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._state = _LossState(**state)
