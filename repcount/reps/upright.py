"""Where up is, seen from a sensor on the trunk, while its wearer walks: upright, however the sensor is worn.

Rules: only walking tells, which shakes a trunk evenly and for a while as nothing else does that a set is made
of; until somebody has walked nothing is known. What was learned lately counts most: a sensor may slip.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

from repcount.reps.run import angle_deg
from repcount.reps.zigzag import Pose
from repcount.samples import ACTIVITY, UP, Array


@dataclass(slots=True)
class UprightState:
    """How the trunk is shaken lately, g, and the `mean` direction of up over `ticks` of walking."""

    shaken_g: float = 0.0
    ticks: int = 0
    mean: Pose = (0.0, 0.0, 0.0)


class Upright:
    """Feed it the motion of each tick in which no set is under way."""

    def __init__(self, tick_s: float) -> None:
        self._shaken_share = tick_s / _SHAKEN_S
        self._least_ticks, self._most_ticks = round(_LEAST_S / tick_s), round(_MOST_S / tick_s)
        self.state = UprightState()

    def feed(self, signals: Array) -> None:
        """Take one tick, a row of `MotionBatch.signals`."""
        s, activity_g = self.state, min(float(signals[ACTIVITY]), _MOST_SHAKEN_G)
        s.shaken_g += self._shaken_share * (activity_g - s.shaken_g)
        if s.shaken_g < _WALKING_G:
            return
        s.ticks = min(s.ticks + 1, self._most_ticks)
        up: list[float] = signals[UP].tolist()
        size = max(math.hypot(*up), _TINY)
        x, y, z = (mean + (one / size - mean) / s.ticks for mean, one in zip(s.mean, up, strict=True))
        s.mean = (x, y, z)

    def lean_deg(self, up: Pose) -> float | None:
        """How far from upright the trunk is where up is there, degrees; None where upright is unknown."""
        s = self.state
        if s.ticks < self._least_ticks or math.hypot(*s.mean) < _STEADY:
            return None
        return angle_deg(s.mean, up)

    def reset(self) -> None:
        """Forget everything seen."""
        self.state = UprightState()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self.state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        x, y, z = state["mean"]
        self.state = UprightState(**(state | {"mean": (x, y, z)}))


_SHAKEN_S, _MOST_SHAKEN_G, _WALKING_G = 1.5, 0.3, 0.14
"""Who walks is shaken this much, on average over so long, of which a single knock may not be all."""
_LEAST_S, _MOST_S = 3.0, 20.0
"""So long somebody must have walked, and what is longer ago is forgotten."""
_STEADY, _TINY = 0.97, 1e-9
"""Length of the mean direction, at least: walking sways by little."""
