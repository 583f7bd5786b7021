"""When samples were taken, as far as arrivals can tell: a line through the quickest of them.

Rules: an arrival may be late and never early, so of each stretch only the quickest counts; what is older
weighs less; constant memory.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class _FitState:
    weight: float = 0.0  # of the points so far; the line goes through their mean
    mean_x_s: float = 0.0
    mean_y_s: float = 0.0
    sum_xx_s2: float = 0.1  # about it; to begin with as if a second had been of the profile's rate
    sum_xy_s2: float = 0.1
    last_x_s: float = 0.0  # of the newest point
    stretch_x_s: float = 0.0  # where the present stretch begins, and when that arrived
    stretch_y_s: float = 0.0
    arrivals: int = 0  # in the present stretch
    best_x_s: float = 0.0  # the quickest of them, and how late it was
    best_late_s: float = 0.0


class ArrivalFit:
    """Arrival y over sample number x, the latter as seconds at the profile's rate.

    Least squares with exponential forgetting, one point for each stretch of at least `STRETCH_S` and
    `STRETCH_ARRIVALS`: the quickest arrival in it. That clocks are best compared by the least of varying
    delays is from network measurement (Moon, Skelly and Towsley, INFOCOM 1999; the clock filter of NTP). What
    is constant in the delay cannot be known, and does not matter.

    Parameters
    ----------
    memory_s
        After this long a point weighs 1/e, s.
    """

    STRETCH_S = 1.0
    """At 200 Hz with one notification in twenty up to 0.3 s late, everything is late for half of the time
    but hardly ever for this long. Longer: later to follow."""

    STRETCH_ARRIVALS = 2
    """With one in twenty late, three are all late once in 8 000 times."""

    LATE_S = 0.03
    """A stretch counts as at most this late, s, so that one in which everything was late bends little."""

    RATIO = 1.25
    """The rate stays within this factor of the profile's: beyond, profile or sensor are wrong."""

    SETTLED = 3.0
    """With more than this many stretches the rate is known to better than what a late stretch adds."""

    def __init__(self, memory_s: float) -> None:
        self._memory_s = memory_s
        self._state = _FitState()

    @property
    def slope(self) -> float:
        """Seconds of the host's clock for one of x."""
        return min(max(self._state.sum_xy_s2 / self._state.sum_xx_s2, 1.0 / self.RATIO), self.RATIO)

    @property
    def settled(self) -> bool:
        """Whether the rate is known well enough to tell losses from it."""
        return self._state.weight > self.SETTLED

    def at(self, x_s: float) -> float:
        """Return when the sample at `x_s` is expected, were it quick, s."""
        return self._state.mean_y_s + self.slope * (x_s - self._state.mean_x_s)

    def begin(self, x_s: float, y_s: float) -> None:
        """Forget everything seen, and start with an arrival."""
        self._state = _FitState(mean_x_s=x_s, mean_y_s=y_s, last_x_s=x_s, best_x_s=x_s, arrivals=1)
        self._state.stretch_x_s, self._state.stretch_y_s = x_s, y_s

    def add(self, x_s: float, y_s: float) -> float | None:
        """Take an arrival; return how late the quickest was of the stretch it ends, s, None if it ends none.

        The line stays as it is until `learn`.
        """
        state, late_s = self._state, y_s - self.at(x_s)
        if state.arrivals == 0 or late_s < state.best_late_s:
            state.best_x_s, state.best_late_s = x_s, late_s
            if state.weight == 0.0:  # all before it were late
                state.mean_y_s, state.best_late_s = state.mean_y_s + late_s, 0.0
        state.arrivals += 1
        long = min(x_s - state.stretch_x_s, y_s - state.stretch_y_s) >= self.STRETCH_S
        return state.best_late_s if long and state.arrivals >= self.STRETCH_ARRIVALS else None

    def learn(self, x_s: float, y_s: float) -> None:
        """Make a point of the stretch that ends here."""
        late_s = self._state.best_late_s
        late_s = min(late_s, self.LATE_S) if self.settled else late_s
        self._point(self._state.best_x_s, self.at(self._state.best_x_s) + late_s)
        self.skip(x_s, y_s)

    def skip(self, x_s: float, y_s: float) -> None:
        """Begin another stretch here; of the one before nothing is learnt."""
        self._state.stretch_x_s, self._state.stretch_y_s, self._state.arrivals = x_s, y_s, 0

    def _point(self, x_s: float, y_s: float) -> None:
        state = self._state
        # However long a silence was, what was known of the rate is better than nothing.
        kept = math.exp(-min((x_s - state.last_x_s) / self._memory_s, 1.0))
        off_x_s, off_y_s = x_s - state.mean_x_s, y_s - state.mean_y_s
        state.last_x_s = x_s
        state.weight = kept * state.weight + 1.0
        state.mean_x_s += off_x_s / state.weight
        state.mean_y_s += off_y_s / state.weight
        state.sum_xx_s2 = kept * state.sum_xx_s2 + off_x_s * (x_s - state.mean_x_s)
        state.sum_xy_s2 = kept * state.sum_xy_s2 + off_x_s * (y_s - state.mean_y_s)

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return asdict(self._state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self._state = _FitState(**state)
