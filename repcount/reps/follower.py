"""Follows the limb between the ends of the set's reps, live.

Rules: once a set is known its next rep is foretold where the limb stops at the turn, before the run can
confirm it; at most one at a time, and it is taken back when the limb comes back without a confirmation. Work
a tick is fixed.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from repcount.reps.arc import Arc
from repcount.reps.detector_params import DetectorParams
from repcount.reps.phases import Span
from repcount.reps.seen import SeenRep
from repcount.reps.timing import Timing
from repcount.reps.zigzag import Pose


@dataclass(slots=True)
class FollowerState:
    """Where the limb is.

    `progress` is 0 at the start, 1 at the turn, `speed` its change a tick. `was_low`: it has been near the
    start since the last turn. `peak` is the greatest speed since, a tick. `foretold_tick` is when a rep was
    foretold that the run has not confirmed yet, `back_ticks` for how long the limb has been back since.
    `held_tick` is when the limb was at the turn last, `astray` how far beside the arc it went at most since,
    in units of the arc.
    """

    progress: float = 0.0
    speed: float = 0.0
    peak: float = 0.0
    was_low: bool = False
    foretold_tick: int | None = None
    back_ticks: int = 0
    held_tick: int = 0
    astray: float = 0.0


class Follower:
    """Feed it up, one tick at a time, and the reps seen so far.

    Attributes
    ----------
    arc
        The way followed, which whoever reads the reps sets; while None nothing is followed. Not in the
        snapshot.
    strict
        Whether the set is not sure to be one: the limb must then come back further. Set like the arc.
    """

    def __init__(self, timing: Timing, params: DetectorParams) -> None:
        self.params = params
        self.timing = timing
        self.arc: Arc | None = None
        self.strict = False
        self.state = FollowerState()

    def feed(self, tick: int, up: Pose, seen: list[SeenRep]) -> list[SeenRep]:
        """Take one tick of up; return the same list, or another with a rep foretold or taken back."""
        if self.arc is None:
            return seen
        s, params = self.state, self.params
        progress = self.arc.at(up)
        s.speed += _SPEED_WEIGHT * (progress - s.progress - s.speed)
        s.progress = progress
        if progress > 1 - _HELD_RATIO:
            s.held_tick, s.astray = tick, 0.0
        s.astray = max(s.astray, self.arc.astray(up))
        if progress < (_LOWER_RATIO if self.strict else _LOW_RATIO):
            s.was_low, s.peak = True, 0.0
        if s.foretold_tick is not None:
            return self._take_back(seen)
        s.peak = max(s.peak, s.speed)
        stopped = s.speed <= params.slow_ratio * s.peak
        if s.was_low and progress >= params.foretold_ratio and stopped:
            s.was_low = False
            if self.arc.off_turn_ratio(up) <= _AT_TURN_RATIO:
                return self._foretell(tick, seen)
        return seen

    def _foretell(self, tick: int, seen: list[SeenRep]) -> list[SeenRep]:
        """The limb has stopped at the turn of one more rep, which the run cannot know yet."""
        last = seen[-1]
        if last.second is None:
            return seen
        turn_tick = tick + self.timing.lag_ticks
        self.state.foretold_tick, self.state.back_ticks = turn_tick, 0
        foretold = replace(
            last,
            turn_tick=turn_tick,
            first=Span(last.second.end_s, self.timing.quick_s(tick)),
            second=None,
            size_ratio=1.0,
            moving=None,
            whole=None,
            measures=None,
            foretold=True,
        )
        return [*seen, foretold]

    def _take_back(self, seen: list[SeenRep]) -> list[SeenRep]:
        """Take the foretold rep back once the limb is back and the run still has none."""
        s = self.state
        s.back_ticks = s.back_ticks + 1 if s.progress < _LOW_RATIO else 0
        if s.back_ticks * self.timing.tick_s < self.params.unconfirmed_s:
            return seen
        s.foretold_tick = None
        return [rep for rep in seen if not rep.foretold]

    def unconfirmed(self, seen: list[SeenRep], last_turn_tick: int) -> list[SeenRep]:
        """The foretold rep of `seen`, unless the run, which turned last at this tick, has one since."""
        tick = self.state.foretold_tick
        if tick is None or not seen:
            return []
        if last_turn_tick > tick - self.timing.ticks(self.params.margin_s):
            self.state.foretold_tick = None
            return []
        return [rep for rep in seen if rep.foretold]

    def forget_foretold(self) -> None:
        """Wait no longer for the run to confirm a rep."""
        self.state.foretold_tick = None

    def lowering(self, tick: int) -> tuple[float, float] | None:
        """Share of the way back that the limb has come, and for how long it has, s.

        None where that is unknown, or where the limb goes another way than the reps do, as it does when the
        wearer lets go; a rep that is only foretold must keep closer to it, and a little longer.
        """
        s = self.state
        lowered_s = (tick - s.held_tick) * self.timing.tick_s
        foretold = s.foretold_tick is not None
        most = _FORETOLD_ASTRAY_RATIO if foretold else _ASTRAY_RATIO
        if self.arc is None or s.astray > most or not 1 - s.progress <= _MOST_WAY_RATIO:
            return None
        if foretold and lowered_s < _SURE_S:
            return None
        return 1 - s.progress, lowered_s

    def reset(self) -> None:
        """Forget everything seen."""
        self.arc = None
        self.state = FollowerState()

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; the arc is not in it."""
        return asdict(self.state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        self.state = FollowerState(**state)


_SPEED_WEIGHT = 0.5
"""Weight of the newest tick in the speed. Larger: less late, more tremor."""
_LOW_RATIO, _LOWER_RATIO = 0.35, 0.15
"""Near the start is where the progress is less; the second where it must be strictly so, as between two humps
of one rep it is not."""
_ASTRAY_RATIO, _FORETOLD_ASTRAY_RATIO = 0.5, 0.25
"""A lowering keeps this close to the arc, in units of it. Larger: cues when the wearer has let go. Of 65
simulated sets (seed 0) all 150 cues of a lowering are kept, and 27 of 54 elsewhere; of others (seed 7) 152 of
155 and 24 of 38."""
_SURE_S = 0.12
"""The lowering of a rep that is only foretold has lasted this long, s. Larger: later and fewer cues."""
_MOST_WAY_RATIO = 1.1
"""Whoever comes back further than this was not lowering."""
_HELD_RATIO = 0.07
"""At the turn is where no more than this share of the way is missing."""
_AT_TURN_RATIO = 0.45
"""The limb is at the turn where up is this near its usual, in units of the way: who lets go is elsewhere."""
