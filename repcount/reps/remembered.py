"""What is remembered of a person's sets of one exercise, and the first rep of the next set, foretold from it.

Rules: a set that was counted says where this person's reps start and turn, seen from the sensor as worn;
worn otherwise the next time, nothing matches and nothing is lost. Plain data goes in and out, so it can be
kept by whoever keeps things. Work a tick is fixed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from repcount.errors import InputError, Problem
from repcount.reps.arc import Arc
from repcount.reps.ends import middle
from repcount.reps.run import HalfRep, Run, angle_deg
from repcount.reps.seen import SeenRep
from repcount.reps.timing import Timing
from repcount.reps.zigzag import Extremum, Pose, pose_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """How this person's reps usually went, last time.

    `start_up`, `turn_up`: where up was at both ends; `start`, `turn`: the poses there, g; `first_s`: how long
    the first phase took; `pace_s` from one turn to the next, None where only one rep is known.
    """

    start_up: Pose
    turn_up: Pose
    start: Pose
    turn: Pose
    first_s: float
    pace_s: float | None = None

    @classmethod
    def of(cls, run: Run, reps: Sequence[SeenRep]) -> "Remembered | None":
        """What a set that is over leaves behind; None of few reps or such as hardly turn the limb."""
        ups = _ups(reps)
        if len(ups) < _LEAST_REPS:
            return None
        start_up, turn_up = (middle([both[k] for both in ups]) for k in (0, 1))
        arc = Arc.between(start_up, turn_up)
        if arc is None or arc.angle_deg < _LEAST_ARC_DEG:
            return None
        return cls(
            start_up=start_up,
            turn_up=turn_up,
            start=run.start,
            turn=run.turn,
            first_s=median(rep.first.duration_s for rep in reps),
            pace_s=run.pace_s,
        )

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Remembered":
        """Build it from `to_data`."""
        known: dict[str, Any] = {
            name: pose_of(data[name]) for name in ("start_up", "turn_up", "start", "turn")
        }
        known |= {name: float(data[name]) for name in ("first_s", "pace_s") if name in data}
        return cls(**(data | known))

    def to_data(self) -> dict[str, Any]:
        """Plain data for `from_data`."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def remembered_from_data(data: object, place: str) -> dict[str, Remembered]:
    """What is remembered by exercise and placement (`pull_up/wrist`), of a table of `Remembered.to_data`.

    Raises
    ------
    InputError
        Where it is something else, with the place.
    """
    if not isinstance(data, Mapping):
        raise InputError([Problem(place, "remembered is not a table", "Remove it: it is learned anew")])
    try:
        return {str(key): Remembered.from_data(dict(one)) for key, one in data.items()}
    except (TypeError, ValueError, KeyError) as error:
        problem = Problem(
            place, f"remembered is not what a set leaves ({error})", "Remove it: it is learned anew"
        )
        raise InputError([problem]) from error


@dataclass(slots=True)
class AwaitedState:
    """Where the limb is.

    `rested` is for how many ticks it has been still at the start, `left_tick` when it left, `peak` its
    greatest speed since, the share of the way a tick.
    """

    progress: float = 0.0
    speed: float = 0.0
    rested: int = 0
    left_tick: int | None = None
    peak: float = 0.0


@dataclass(slots=True)
class Awaited:
    """Waits for the first rep of a set like those remembered, while no run leads."""

    timing: Timing
    remembered: Remembered | None = None
    state: AwaitedState = field(default_factory=AwaitedState)
    _arc: Arc | None = None
    _last_ups: tuple[Pose, Pose] | None = None

    def expect(self, remembered: Remembered | None) -> None:
        """Wait for this person's reps; None waits for nothing."""
        self._last_ups = None
        self._expect(remembered)

    def learn(self, run: Run, reps: Sequence[SeenRep]) -> None:
        """A set is over: wait for more reps like these."""
        self._expect(Remembered.of(run, reps) or self.remembered)
        ups = _ups(reps)
        if len(ups) >= _LEAST_REPS:
            self._last_ups = middle([both[0] for both in ups]), middle([both[1] for both in ups])

    def _expect(self, remembered: Remembered | None) -> None:
        self.remembered = remembered
        self._arc = None
        if remembered is not None:
            self._arc = Arc.between(remembered.start_up, remembered.turn_up)
        self.state = AwaitedState()

    def few_share(self, reps: Sequence[SeenRep], *, known: bool = False) -> float:
        """How much of what is asked more of few reps is asked of these, for what this person did before.

        `known`: the first is known to be one. Whoever has just done a set does not begin it elsewhere.
        """
        if known or (reps and self.is_like(reps[0])):
            return _KNOWN_SHARE
        return _ELSEWHERE_SHARE if self.goes_elsewhere(reps) else 1.0

    def goes_elsewhere(self, reps: Sequence[SeenRep]) -> bool:
        """Whether none of these starts and turns where the last set did, the sensor still worn as then."""
        ups = _ups(reps)
        if self._last_ups is None or not ups:
            return False
        return all(
            max(angle_deg(a, b) for a, b in zip(both, self._last_ups, strict=True)) > _ELSEWHERE_DEG
            for both in ups
        )

    def is_like(self, rep: SeenRep) -> bool:
        """Whether a rep starts and turns where this person's do."""
        if self._arc is None or not (any(rep.start_up) and any(rep.turn_up)):
            return False
        return self._arc.is_near_start(rep.start_up) and self._arc.is_near_turn(rep.turn_up)

    def feed(self, tick: int, up: Pose) -> Run | None:
        """Take one tick of up; return a run of the one rep that has just turned, if one has."""
        if self._arc is None or self.remembered is None:
            return None
        s = self.state
        progress = self._arc.at(up)
        s.speed += _SPEED_WEIGHT * (progress - s.progress - s.speed)
        s.progress = progress
        if self._arc.is_near_start(up) and abs(s.speed) < _STILL_RATIO:
            s.rested, s.left_tick, s.peak = s.rested + 1, tick, 0.0
            return None
        if s.left_tick is None:
            return None
        s.peak = max(s.peak, s.speed)
        went_s = (tick - s.left_tick) * self.timing.tick_s
        if self._arc.astray(up) > _ASIDE_RATIO or went_s > _LONGEST * self.remembered.first_s:
            self.state = AwaitedState(progress, s.speed)
        elif s.speed <= _SLOW_RATIO * s.peak and self._arc.is_near_turn(up):
            return self._turned(tick, s.left_tick)
        return None

    def _turned(self, tick: int, left_tick: int) -> Run | None:
        rested_s, first_s = self.state.rested * self.timing.tick_s, (tick - left_tick) * self.timing.tick_s
        self.state = AwaitedState(self.state.progress, self.state.speed)
        known = self.remembered
        if known is None or rested_s < _RESTED_S or first_s < known.first_s / _LONGEST:
            return None
        lag = self.timing.lag_ticks
        half = HalfRep(Extremum(left_tick + lag, known.start), Extremum(tick + lag, known.turn))
        return Run.awaited(half)

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes."""
        return {
            "remembered": self.remembered and self.remembered.to_data(),
            "last_ups": self._last_ups,
            "state": asdict(self.state),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken."""
        known = state["remembered"]
        self.expect(known and Remembered.from_data(known))
        if state["last_ups"] is not None:
            start, turn = state["last_ups"]
            self._last_ups = pose_of(start), pose_of(turn)
        self.state = AwaitedState(**state["state"])


def _ups(reps: Sequence[SeenRep]) -> list[tuple[Pose, Pose]]:
    """Where up was at both ends of those reps of which it is known."""
    return [(rep.start_up, rep.turn_up) for rep in reps if any(rep.start_up) and any(rep.turn_up)]


_KNOWN_SHARE, _ELSEWHERE_SHARE = 0.4, 3.0
"""Of what is asked more of few reps, so much is asked where this person's reps were like that before, and so
much where this person's last set was not."""
_ELSEWHERE_DEG = 20.0
"""So far from where up was at the ends of the last set's reps, degrees, nobody begins or turns the next."""
_LEAST_REPS = 3
"""A set of fewer teaches nothing."""
_LEAST_ARC_DEG = 12.0
"""What turns less is not told by where up is."""
_SPEED_WEIGHT = 0.5
_STILL_RATIO = 0.012
"""The limb rests where it is slower, shares of the way a tick."""
_SLOW_RATIO = 0.3
"""It stops at the turn where it is slower than this share of the fastest on the way there."""
_RESTED_S = 0.5
"""So long it must have rested at the start."""
_LONGEST = 2.5
"""The first phase takes no more than so many times as long as usual, nor is it so many times as short."""
_ASIDE_RATIO = 0.5
"""It goes elsewhere where it is this far beside the arc, in units of it."""
