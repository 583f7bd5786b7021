"""The reps of the leading run, with their times, as far as they are known at this tick.

Rules: where a rep begins, turns and ends is read off the curve (the pose along the run's own direction);
whether it is one, the run has decided in three dimensions. A rep is seen when it has turned and is complete
when the pose is back; nothing is said here, `session` says it.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from repcount.exercises.model import Movement, TurnLoad
from repcount.reps.phases import PhaseParams, Span, fall, lift, rise
from repcount.reps.recurrence import Recurrence, RecurrenceParams
from repcount.reps.run import EndParams, HalfRep, Run, angle_deg, distance, foreign_ends
from repcount.samples import Array


@dataclass(slots=True)
class SeenRep:
    """One rep of the leading run: its first moving phase, its second once it is over, s of stream time.

    `turn_tick` tells it from others of the same run; `size_ratio` is its range in units of the run's.
    """

    turn_tick: int
    first: Span
    second: Span | None
    rom_deg: float | None
    size_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorParams:
    """Parameters of the detector.

    Parameters
    ----------
    recurrence, phases, ends
        Parameters of the parts inside.
    back_ratio
        The pose is back when its progress has fallen to this. Larger: reps complete sooner, with less known.
    settled_s
        A free hand's rep is complete this long after the pose is back, s, or when it leaves again.
    throw_g
        Where the two ends of the run feel this much apart, g, the times are read off the force, else off the
        angle. Larger: quick lifts are read off the angle, which sways with them.
    margin_s
        How far before and after a rep its own movement may reach, s.
    """

    recurrence: RecurrenceParams = field(default_factory=RecurrenceParams)
    phases: PhaseParams = field(default_factory=PhaseParams)
    ends: EndParams = field(default_factory=EndParams)
    back_ratio: float = 0.2
    settled_s: float = 0.6
    throw_g: float = 0.25
    margin_s: float = 0.6

    def __post_init__(self) -> None:
        if not (0 < self.back_ratio < 1 and self.settled_s > 0 and self.margin_s >= 0 and self.throw_g >= 0):
            raise ValueError(f"need 0 < back_ratio < 1, settled_s > 0, margin_s, throw_g >= 0, got {self}")


@dataclass(frozen=True, slots=True)
class Delays:
    """How much later than the movement the two signals are, s."""

    pose_s: float
    quick_s: float


class Detector:
    """Feed it one tick of motion at a time; `seen` holds the reps of the set under way."""

    def __init__(self, delays: Delays, params: DetectorParams | None = None) -> None:
        self.params = params or DetectorParams()
        self.recurrence = Recurrence(self.params.recurrence)
        self.delays = delays
        self.tick_s = 1 / self.params.recurrence.tick_hz
        self.seen: list[SeenRep] = []
        self.progress_ratio = 0.0
        self._movement: Movement | None = None
        self._foreign_until = -1  # what turned no later than this tick was getting on, in any run
        self._lag = round((delays.pose_s - delays.quick_s) / self.tick_s)

    def arm(self, movement: Movement | None, not_before_tick: int) -> None:
        """Look for this movement; None looks for nothing."""
        self._movement = movement
        self._foreign_until = -1
        self.recurrence.arm(movement, not_before_tick)
        self._sync()

    def forget_before(self, tick: int) -> None:
        """The set is over; what comes next begins at `tick` or later."""
        self.recurrence.forget_before(tick)
        self._foreign_until = -1
        self._sync()

    def feed(self, tick: int, pose: Array, quick: Array, activity_g: float) -> bool:
        """Take one tick; say whether `seen` may have changed."""
        changed = self.recurrence.feed(tick, pose, quick, activity_g)
        if changed:
            self._sync()
        lead = self.recurrence.lead
        if lead is None:
            self.progress_ratio = 0.0
            return changed
        self.progress_ratio = float(self._progress(lead, pose[np.newaxis])[0])
        return self._complete_last(lead, tick) or changed

    @property
    def lead(self) -> Run | None:
        """The leading run."""
        return self.recurrence.lead

    def ended(self) -> list[SeenRep]:
        """The reps seen, now that the set is over: a last one unlike all others was getting off."""
        lead = self.recurrence.lead
        foreign = lead is not None and foreign_ends(lead, self.params.ends)[1]
        return self.seen[: len(self.seen) - foreign]

    def lowered_ratio(self, tick: int) -> float | None:
        """Share of the way back that the rep under way has come at this tick.

        None where there is none, or where the hand is thrown: its angle says too little of its way.
        """
        lead = self.recurrence.lead
        if lead is None or self.seen[-1].second is not None or self._is_thrown(lead):
            return None
        turned = self._turned(lead.halves[-1], tick, tick)
        return 1 - float(turned[0]) if len(turned) else None

    def last_tick_of_lead(self) -> int:
        """Tick of the last turn of the leading run, or of the return after it."""
        lead = self.recurrence.lead
        if lead is None:
            return 0
        second = self.seen[-1].second if self.seen else None
        back = round((second.end_s + self.delays.pose_s) / self.tick_s) if second else 0
        return max(lead.last_turn_tick, back)

    def _sync(self) -> None:
        lead = self.recurrence.lead
        if lead is None:
            self.seen = []
            return
        if foreign_ends(lead, self.params.ends, far_only=self._foreign_until >= 0)[0]:
            self._foreign_until = lead.halves[0].turn.tick + round(self.params.margin_s / self.tick_s)
        while lead.reps > 1 and lead.halves[0].turn.tick <= self._foreign_until:
            lead.drop_first()
        known = {rep.turn_tick: rep for rep in self.seen}
        self.seen = [known.get(half.turn.tick) or self._see(lead, half) for half in lead.halves]
        followed = zip(self.seen, lead.halves, lead.halves[1:], strict=False)
        for rep, half, after in followed:
            if rep.second is None:
                self._complete(lead, rep, half, after.start.tick)

    def _see(self, lead: Run, half: HalfRep) -> SeenRep:
        first = Span(self._pose_s(half.start.tick), self._pose_s(half.turn.tick))
        if not self._is_thrown(lead):
            turned = self._turned(half, half.start.tick - self._lag, half.turn.tick - self._lag)
            span = self._read(rise, turned)
            first = span.shifted(self._quick_s(half.start.tick - self._lag)) if span else first
        rom_deg = angle_deg(half.start.pose, half.turn.pose) if self._is_fixed() else None
        size_ratio = distance(half.start.pose, half.turn.pose) / lead.range_g
        return SeenRep(half.turn.tick, first, None, rom_deg, size_ratio)

    def _is_fixed(self) -> bool:
        # Where the hand is thrown, the pose is not gravity alone and its angle is not the forearm's.
        return self._movement is not None and self._movement.turn_load is TurnLoad.NEITHER

    def _complete_last(self, lead: Run, tick: int) -> bool:
        """Complete the last rep once the wearer is back; say whether it was."""
        last, half = self.seen[-1], lead.halves[-1]
        if last.second is not None or not self._is_back(self._way(lead, half, tick, tick)):
            return False
        way = self._way(lead, half, half.turn.tick, tick)
        if not len(way):
            return False
        lowest = int(np.argmin(way))
        settled = len(way) - 1 - int(np.argmax(way <= self.params.back_ratio))
        leaves = way[-1] > way[lowest] + self.params.back_ratio / 2
        if not leaves and settled * self.tick_s < self.params.settled_s:
            return False
        self._complete(lead, last, half, tick - (len(way) - 1 - lowest))
        return self._is_past(last, tick)

    def _is_back(self, way: Array) -> bool:
        return bool(len(way)) and float(way[-1]) <= self.params.back_ratio

    def _way(self, lead: Run, half: HalfRep, first_tick: int, last_tick: int) -> Array:
        """Where the wearer is between start (0) and turn (1): by the angle, or where thrown by the pose."""
        if self._is_thrown(lead):
            return self._progress(lead, self.recurrence.history.poses(first_tick, last_tick))
        return self._turned(half, first_tick, last_tick)

    def _is_past(self, rep: SeenRep, tick: int) -> bool:
        """Whether the rep's end, which may be continued beyond what was measured, has come; else it waits."""
        if rep.second is not None and rep.second.end_s > tick * self.tick_s:
            rep.second = None
        return rep.second is not None

    def _complete(self, lead: Run, rep: SeenRep, half: HalfRep, end_tick: int) -> None:
        """Read the rep's times, now that it ended near `end_tick`."""
        begin_s = max(self._pose_s(half.turn.tick), rep.first.end_s)
        rep.second = Span(begin_s, max(begin_s, self._pose_s(end_tick)))
        if not self._is_thrown(lead):
            span = self._read(fall, self._turned(half, half.turn.tick - self._lag, end_tick))
            if span is not None:
                second = span.shifted(self._quick_s(half.turn.tick - self._lag))
                rep.second = Span(max(second.start_s, rep.first.end_s), max(second.end_s, rep.first.end_s))
            return
        spans = self._lift(half, end_tick)
        if spans is not None:
            rep.first, rep.second = spans

    def _lift(self, half: HalfRep, end_tick: int) -> tuple[Span, Span] | None:
        margin = round(self.params.margin_s / self.tick_s)
        begin = half.start.tick - self._lag - margin
        quick = self.recurrence.history.quick(begin, end_tick - self._lag + margin)
        if self._movement is None or len(quick) <= end_tick - self._lag - begin:
            return None
        load_g = np.sqrt(np.sum(quick**2, axis=1))
        cycle = slice(margin, margin + end_tick - half.start.tick + 1)
        turn = margin + half.turn.tick - half.start.tick
        upward = self._movement.turn_load is TurnLoad.LESS
        spans = lift(load_g, turn, cycle, self.tick_s, self.params.phases, upward=upward)
        by_s = self._quick_s(begin)
        return spans and (spans[0].shifted(by_s), spans[1].shifted(by_s))

    def _read(self, read: Callable[[Array, float, PhaseParams], Span | None], progress: Array) -> Span | None:
        return read(progress, self.tick_s, self.params.phases) if len(progress) else None

    def _is_thrown(self, lead: Run) -> bool:
        return abs(math.hypot(*lead.turn) - math.hypot(*lead.start)) > self.params.throw_g

    def _turned(self, half: HalfRep, first_tick: int, last_tick: int) -> Array:
        """How far the sensor has turned: 0 at the rep's start pose, 1 at its turn; empty where unknown.

        Lifting straight up changes the size of the force felt, not its direction.
        """
        quick = self.recurrence.history.quick(first_tick, last_tick)
        start, turn = _directions(np.array([half.start.pose, half.turn.pose]))
        way = turn - start
        size = float(np.sum(way**2))
        if len(quick) != last_tick - first_tick + 1 or size == 0:
            return np.empty(0)
        return _dot(_directions(quick) - start, way) / size

    def _progress(self, lead: Run, poses: Array) -> Array:
        """0 at the run's start pose, 1 at its turn."""
        direction = self.recurrence.curve_direction(lead)
        start, turn = _dot(np.array([lead.start, lead.turn]), direction)
        return (_dot(poses, direction) - start) / (turn - start) if turn > start else np.zeros(len(poses))

    def _pose_s(self, tick: int) -> float:
        return tick * self.tick_s - self.delays.pose_s

    def _quick_s(self, tick: int) -> float:
        return tick * self.tick_s - self.delays.quick_s

    def reset(self) -> None:
        """Forget everything seen, but not the exercise looked for."""
        self.recurrence.reset()
        self.seen = []
        self.progress_ratio = 0.0
        self._foreign_until = -1

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; the exercise is not in it."""
        return {
            "recurrence": self.recurrence.snapshot(),
            "seen": [asdict(rep) for rep in self.seen],
            "progress_ratio": self.progress_ratio,
            "foreign_until": self._foreign_until,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, after `arm` with the same exercise."""
        self.recurrence.restore(state["recurrence"])
        self.seen = [
            SeenRep(**(rep | {"first": Span(**rep["first"]), "second": _span(rep["second"])}))
            for rep in state["seen"]
        ]
        self.progress_ratio = state["progress_ratio"]
        self._foreign_until = state["foreign_until"]


def _directions(forces: Array) -> Array:
    sizes = np.sqrt(np.sum(forces**2, axis=1, keepdims=True))
    return np.asarray(forces / np.where(sizes > 0, sizes, 1.0))


def _dot(poses: Array, direction: Array) -> Array:
    # Not a matrix product: its last bit may depend on how many poses come in one call.
    return np.asarray(poses[:, 0] * direction[0] + poses[:, 1] * direction[1] + poses[:, 2] * direction[2])


def _span(data: dict[str, float] | None) -> Span | None:
    return None if data is None else Span(**data)
