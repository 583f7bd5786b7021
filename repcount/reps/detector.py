"""The reps of the leading run, with their times, as far as they are known at this tick.

Rules: the run has decided in three dimensions which movements are reps; when they began and ended is read off
the arc the limb turns through, or off the force where it hardly turns. Once a set is known its next rep is
foretold where the limb stops at the turn, before the run can confirm it. Nothing is said here, `session` says
it.
"""

import math
from statistics import median
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from repcount.events import Phase
from repcount.exercises.model import Movement, TurnLoad
from repcount.reps.arc import Arc
from repcount.reps.ends import EndParams, Lift, strangeness
from repcount.reps.likeness import POINTS, Trace, likeness, trace, way_there
from repcount.reps.phases import PhaseParams, Shape, Span, back, lift, there
from repcount.reps.recurrence import Recurrence, RecurrenceParams
from repcount.reps.run import HalfRep, Run, angle_deg, distance
from repcount.reps.zigzag import Pose
from repcount.samples import UP, Array


@dataclass(slots=True)
class SeenRep:
    """One rep of the leading run: its first moving phase, its second once it is over, s of stream time.

    `turn_tick` tells it from others of the same run; `size_ratio` is its range in units of the run's;
    `start_up` and `turn_up` are where up was at both ends; `moving` is what was felt
    while it moved, `whole` with the pauses. `foretold`: no run has confirmed it yet.
    """

    turn_tick: int
    first: Span
    second: Span | None
    rom_deg: float | None
    size_ratio: float
    start_up: Pose
    turn_up: Pose
    moving: Trace | None = None
    whole: Trace | None = None
    foretold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorParams:
    """Parameters of the detector.

    Parameters
    ----------
    recurrence, phases, ends
        Parameters of the parts inside.
    back_ratio
        The limb is back when its progress has fallen to this. Larger: reps complete sooner, with less known.
    settled_s
        A rep is complete when the limb is back and has not moved for this long, s, or leaves again.
    least_arc_deg
        Where the ends of a rep are less than this apart, degrees, its times are read off the force.
    margin_s
        How far before and after a rep its own movement may reach, s.
    foretold_ratio, slow_ratio
        A rep is foretold where its progress has reached the first and its speed fallen to the second, in
        units of its peak. Larger foretold_ratio, smaller slow_ratio: later, with fewer mistakes.
    doubt_score
        A set that was said stays one until its score is this much too small. Larger: less is taken back.
    unconfirmed_s
        A foretold rep is taken back when the limb has been back this long and the run has none, s.
    """

    recurrence: RecurrenceParams = field(default_factory=RecurrenceParams)
    phases: PhaseParams = field(default_factory=PhaseParams)
    ends: EndParams = field(default_factory=EndParams)
    back_ratio: float = 0.2
    settled_s: float = 0.4
    least_arc_deg: float = 8.0
    margin_s: float = 0.6
    foretold_ratio: float = 0.75
    slow_ratio: float = 0.3
    doubt_score: float = 1.5
    unconfirmed_s: float = 1.5

    def __post_init__(self) -> None:
        if not (0 < self.back_ratio < self.foretold_ratio < 1 and 0 < self.slow_ratio < 1):
            raise ValueError(f"need 0 < back_ratio < foretold_ratio < 1 and slow_ratio in (0, 1), got {self}")
        if not all(x > 0 for x in (self.settled_s, self.least_arc_deg, self.unconfirmed_s)):
            raise ValueError(f"settled_s, least_arc_deg and unconfirmed_s must be above 0, got {self}")
        if not self.margin_s >= 0:
            raise ValueError(f"margin_s must be at least 0, got {self}")


@dataclass(frozen=True, slots=True)
class Delays:
    """How much later than the movement the two kinds of signals are, s."""

    pose_s: float
    quick_s: float


@dataclass(slots=True)
class Follower:
    """Follows the limb between the ends of the set's reps, tick by tick.

    `was_low`: it has been near the start since the last turn. `peak` is the greatest speed since, a tick.
    `foretold_tick` is when a rep was foretold that the run has not confirmed yet, `back_ticks` for how long
    the limb has been back since. `held_tick` is when the limb was at the turn last.
    """

    progress: float = 0.0
    speed: float = 0.0
    peak: float = 0.0
    was_low: bool = False
    foretold_tick: int | None = None
    back_ticks: int = 0
    held_tick: int = 0


class Detector:
    """Feed it one tick of motion at a time; `seen` holds the reps of the set under way."""

    def __init__(self, delays: Delays, params: DetectorParams | None = None) -> None:
        self.params = params or DetectorParams()
        self.recurrence = Recurrence(self.params.recurrence)
        self.delays = delays
        self.tick_s = 1 / self.params.recurrence.tick_hz
        self.seen: list[SeenRep] = []
        self.convincing = False
        self._follower = Follower()
        self._arc: Arc | None = None
        self._shapes = (Shape(), Shape())  # of the first and the second phase
        self._movement: Movement | None = None
        self._lag = round((delays.pose_s - delays.quick_s) / self.tick_s)

    def arm(self, movement: Movement | None, not_before_tick: int) -> None:
        """Look for this movement; None looks for nothing."""
        self._movement = movement
        self.recurrence.arm(movement, not_before_tick)
        self._sync()

    def forget_before(self, tick: int) -> None:
        """The set is over; what comes next begins at `tick` or later."""
        self.recurrence.forget_before(tick)
        self._follower.foretold_tick = None
        self._sync()

    def give_up(self, tick: int) -> None:
        """The leading run is no set: look at what else there is."""
        self.convincing = self.recurrence.firm = False
        self.recurrence.give_up(tick)
        self.seen = []
        self._sync()
        self._judge()

    def feed(self, tick: int, signals: Array) -> bool:
        """Take one tick, a row of `MotionBatch.signals`; say whether `seen` may have changed."""
        changed = self.recurrence.feed(tick, signals)
        if changed:
            self._sync()
        lead = self.recurrence.lead
        if lead is None:
            self._follower = Follower()
            return changed
        foretold = self._follow(tick, signals[UP])
        completed = self._complete_last(tick)
        if changed or completed:
            self._judge()
        self.recurrence.firm = self.convincing
        return completed or foretold or changed

    @property
    def lead(self) -> Run | None:
        """The leading run."""
        return self.recurrence.lead

    @property
    def progress_ratio(self) -> float:
        """How far along its way the limb is: 0 at the start of a rep, 1 at its turn."""
        return self._follower.progress

    def ended(self) -> list[SeenRep]:
        """The reps of the set, now that it is over, without getting on and getting off."""
        self._judge()
        lead = self.recurrence.lead
        if lead is None:
            return []
        kept = self.seen[: lead.reps]
        for times in _STRANGER:
            if len(kept) >= self.params.ends.least_reps and self._is_foreign(lead, kept, -1, times):
                kept = kept[:-1]
        if len(kept) >= self.params.ends.least_reps and self._is_foreign(lead, kept, 0):
            kept = kept[1:]
        self.convincing = self._convinces(lead, kept, slack=0.0)
        return kept if self.convincing else []

    def _is_foreign(self, lead: Run, reps: list[SeenRep], index: int, times: float = 1.0) -> bool:
        """Whether this one of these reps of the run is unlike the others."""
        turns = {rep.turn_tick: rep for rep in reps}
        halves = [half for half in lead.halves if half.turn.tick in turns]
        lifts = [self._lift_of(half, turns[half.turn.tick]) for half in halves]
        return strangeness(lifts, index, self.params.ends) > times * self.params.ends.most_strange

    def _lift_of(self, half: HalfRep, rep: SeenRep) -> Lift:
        trace = rep.moving
        way = trace.way_g[:POINTS] if trace else way_there(self.recurrence.history, self._ticks(rep.first))
        return Lift(half.start.pose, half.turn.pose, way, rep.first.duration_s, rep.second is not None)

    def _judge(self) -> None:
        """Decide anew whether the reps so far are a set of the exercise."""
        lead = self.recurrence.lead
        if lead is None or self._movement is None:
            self.convincing = False
            return
        if self._order_doubt(lead, self._movement) > 0:
            self._reverse()
            lead = self.recurrence.lead or lead
        slack = self.params.doubt_score if self.convincing else 0.0
        self.convincing = self._convinces(lead, self.seen[: lead.reps], slack)
        if not self.convincing:
            lead.doubtful_reps = lead.reps

    def _convinces(self, lead: Run, reps: list[SeenRep], slack: float) -> bool:
        """Whether these reps of the run are a set of the exercise; `slack` of the score may be missing."""
        if self._movement is None or not reps:
            return False
        from_afar = max(0.0, 1.0 - lead.settled / _SETTLED)
        needed = self._movement.least_score + _MORE_FOR_FEW.get(len(reps), 0.0) + _FROM_AFAR * from_afar
        return _score(reps) >= needed - slack and self._fits(lead, reps, self._movement)

    def _order_doubt(self, lead: Run, movement: Movement) -> float:
        """How much speaks for the rep beginning at the other end, above 0 that it does.

        Weights are lowered slower than they are lifted, and a set begins where the wearer was before it. Where
        the limb is thrown, the load told already.
        """
        if movement.turn_load is not TurnLoad.NEITHER:
            return -1.0
        spans = [(rep.first.duration_s, rep.second.duration_s) for rep in self.seen if rep.second is not None]
        moving = [(first, second) for first, second in spans if first > 0 and second > 0]
        if not moving:
            return -1.0
        slower = math.log(median(first for first, _ in moving) / median(second for _, second in moving))
        concentric_first = movement.first_phase is Phase.CONCENTRIC
        reverse = self.recurrence.reverse_of_lead()
        if reverse is None:
            return -1.0
        later = _LATER if reverse.first_tick < lead.first_tick else -_LATER
        leans = movement.turn_leans * min(max(lead.load_g / _LEANS_G, -1.0), 1.0)
        return _SLOWER * min(max(slower if concentric_first else -slower, -1.0), 1.0) + later - _LEANS * leans

    def _reverse(self) -> None:
        """Let the run lead that takes the turn for the start."""
        self.recurrence.lead = self.recurrence.reverse_of_lead()
        self._shapes = (self._shapes[1], self._shapes[0])
        self.seen = []
        self._sync()

    def _fits(self, lead: Run, reps: list[SeenRep], movement: Movement) -> bool:
        """Whether the reps, taken together, are within what the exercise asks of anybody."""
        traces = [(rep.whole, rep.moving) for rep in reps if rep.whole is not None and rep.moving is not None]
        arcs_deg = [rep.rom_deg for rep in reps if rep.rom_deg is not None]
        if not (traces and arcs_deg and median(arcs_deg) in movement.arc_deg):
            return False
        rough_g = median(whole.rough_g for whole, _ in traces)
        rest_s = median(whole.ticks - moving.ticks for whole, moving in traces) * self.tick_s
        return (
            (lead.pace_s is None or lead.pace_s <= movement.longest_pace_s)
            and median(rep.first.duration_s for rep in reps) <= movement.longest_first_s
            and rest_s <= movement.longest_rest_s
            and rough_g <= min(movement.most_rough_g, movement.most_rough_ratio * lead.range_g)
            and movement.turn_load * lead.load_g >= _LEAST_LOAD_G * abs(movement.turn_load)
        )

    def lowering(self, tick: int) -> tuple[float, float] | None:
        """Share of the way back that the rep under way has come, and for how long it has, s; None if none."""
        if self._arc is None or not self.seen or self.seen[-1].second is not None:
            return None
        return 1 - self._follower.progress, (tick - self._follower.held_tick) * self.tick_s

    def last_tick_of_lead(self) -> int:
        """Tick of the last turn of the leading run, or of the return after it."""
        lead = self.recurrence.lead
        if lead is None:
            return 0
        second = self.seen[-1].second if self.seen else None
        back_tick = round((second.end_s + self.delays.pose_s) / self.tick_s) if second else 0
        return max(lead.last_turn_tick, back_tick)

    def _sync(self) -> None:
        """Make `seen` what the leading run says, and a foretold rep that it has not confirmed yet."""
        lead = self.recurrence.lead
        if lead is None:
            self.seen, self._arc, self._follower, self.convincing = [], None, Follower(), False
            self._shapes = (Shape(), Shape())
            return
        foretold = self._unconfirmed(lead)
        self.seen = [self._known(half) or self._see(lead, half) for half in lead.halves]
        for rep, half, after in zip(self.seen, lead.halves, lead.halves[1:], strict=False):
            if rep.second is None:
                self._complete(rep, half, after.start.tick)
        self._arc = self._usual_arc()
        self.seen += foretold

    def _known(self, half: HalfRep) -> SeenRep | None:
        """The rep as another run has seen it; what it was like may be forgotten by now."""
        near = [rep for rep in self.seen if abs(rep.turn_tick - half.turn.tick) <= _SAME_TURN_TICKS]
        confirmed = [rep for rep in near if not rep.foretold]
        if not confirmed:
            return None
        rep = min(confirmed, key=lambda rep: abs(rep.turn_tick - half.turn.tick))
        return replace(rep, turn_tick=half.turn.tick)

    def _unconfirmed(self, lead: Run) -> list[SeenRep]:
        """The foretold rep, unless the run has one since."""
        tick = self._follower.foretold_tick
        if tick is None or not self.seen:
            return []
        if lead.last_turn_tick > tick - round(self.params.margin_s / self.tick_s):
            self._follower.foretold_tick = None
            return []
        return [rep for rep in self.seen if rep.foretold]

    def _usual_arc(self) -> Arc | None:
        """From where the last reps began to where they turned."""
        last = self.seen[-_USUAL_REPS:]
        arc = Arc.between(
            np.mean([rep.start_up for rep in last], axis=0), np.mean([rep.turn_up for rep in last], axis=0)
        )
        return arc if arc is not None and arc.angle_deg >= self.params.least_arc_deg else None

    def _see(self, lead: Run, half: HalfRep) -> SeenRep:
        start_up, turn_up = self._up_at(half.start.tick), self._up_at(half.turn.tick)
        rom_deg = angle_deg(start_up, turn_up) if any(start_up) and any(turn_up) else None
        size_ratio = distance(half.start.pose, half.turn.pose) / lead.range_g
        first = Span(self._pose_s(half.start.tick), self._pose_s(half.turn.tick))
        rep = SeenRep(half.turn.tick, first, None, rom_deg, size_ratio, start_up, turn_up)
        begin = self._begin_tick(half)
        progress = self._progress_of(rep, begin, half.turn.tick)
        way = (
            there(progress, half.turn.tick - self._lag - begin, self.params.phases) if len(progress) else None
        )
        if way is not None:
            rep.first = self._shapes[0].span(way).read(self.tick_s, self._quick_s(begin))
        return rep

    def _begin_tick(self, half: HalfRep) -> int:
        return half.start.tick - self._lag - round(self.params.margin_s / self.tick_s)

    def _up_at(self, pose_tick: int) -> Pose:
        """Where up was when the pose was that of `pose_tick`, over about a tenth of a second."""
        ups = self.recurrence.history.up(pose_tick - self._lag - 1, pose_tick - self._lag + 1)
        if not len(ups):
            return 0.0, 0.0, 0.0  # forgotten
        x, y, z = np.mean(ups, axis=0).tolist()
        return x, y, z

    def _progress_of(self, rep: SeenRep, first_tick: int, last_tick: int) -> Array:
        """How far the limb was along this rep's arc; empty where it hardly turned or is forgotten."""
        arc = Arc.between(np.array(rep.start_up), np.array(rep.turn_up))
        ups = self.recurrence.history.up(first_tick, last_tick)
        if arc is None or arc.angle_deg < self.params.least_arc_deg or len(ups) != last_tick - first_tick + 1:
            return np.empty(0)
        return arc.progress(ups)

    def _follow(self, tick: int, up: Array) -> bool:
        """Take one tick of up; say whether a rep was foretold or taken back."""
        follower, params = self._follower, self.params
        if self._arc is None:
            return False
        progress = float(self._arc.progress(up))
        follower.speed += _SPEED_WEIGHT * (progress - follower.progress - follower.speed)
        follower.progress = progress
        if progress > 1 - _HELD_RATIO:
            follower.held_tick = tick
        if progress < _LOW_RATIO:
            follower.was_low, follower.peak = True, 0.0
        if follower.foretold_tick is not None:
            return self._take_back(progress)
        follower.peak = max(follower.peak, follower.speed)
        stopped = follower.speed <= params.slow_ratio * follower.peak
        if follower.was_low and progress >= params.foretold_ratio and stopped:
            follower.was_low = False
            return self._foretell(tick)
        return False

    def _foretell(self, tick: int) -> bool:
        """The limb has stopped at the turn of one more rep, which the run cannot know yet."""
        lead = self.recurrence.lead
        if lead is None or self.seen[-1].second is None:
            return False
        start_s, turn_s = self.seen[-1].second.end_s, self._quick_s(tick)
        last = self.seen[-1]
        turn_tick = tick + self._lag
        self.seen = [
            *self.seen,
            replace(
                last,
                turn_tick=turn_tick,
                first=Span(start_s, turn_s),
                second=None,
                size_ratio=1.0,
                moving=None,
                whole=None,
                foretold=True,
            ),
        ]
        self._follower.foretold_tick, self._follower.back_ticks = turn_tick, 0
        return True

    def _take_back(self, progress: float) -> bool:
        """Take the foretold rep back once the limb is back and the run still has none."""
        follower = self._follower
        follower.back_ticks = follower.back_ticks + 1 if progress < _LOW_RATIO else 0
        if follower.back_ticks * self.tick_s < self.params.unconfirmed_s:
            return False
        self.seen = [rep for rep in self.seen if not rep.foretold]
        follower.foretold_tick = None
        return True

    def _complete_last(self, tick: int) -> bool:
        """Complete the last confirmed rep once the wearer is back; say whether it was."""
        lead = self.recurrence.lead
        if lead is None:
            return False
        last, half = self.seen[len(lead.halves) - 1], lead.halves[-1]
        if last.second is not None:
            return False
        turned = half.turn.tick - self._lag
        way = self._way(lead, last, turned, tick)
        if not len(way) or way[-1] > self.params.back_ratio + _LEAVES_RATIO:
            return False
        lowest = int(np.argmin(way))
        if way[lowest] > self.params.back_ratio:
            return False
        leaves = way[-1] > way[lowest] + _LEAVES_RATIO
        if not leaves and not self._has_settled(way):
            return False
        return self._complete(last, half, tick - (len(way) - 1 - lowest) + self._lag, tick * self.tick_s)

    def _has_settled(self, way: Array) -> bool:
        """Whether the limb has been back for a while and moves no more."""
        ticks = round(self.params.settled_s / self.tick_s)
        newest = way[-ticks:]
        return len(newest) == ticks and bool(np.ptp(newest) < _STILL_RATIO)

    def _way(self, lead: Run, rep: SeenRep, first_tick: int, last_tick: int) -> Array:
        """Where the limb is between start (0) and turn (1): by the arc, or where it hardly turns by the pose."""
        way = self._progress_of(rep, first_tick, last_tick)
        if len(way):
            return way
        poses = self.recurrence.history.poses(first_tick, last_tick)
        start, turn = np.array(lead.start), np.array(lead.turn)
        along = (turn - start) / max(float(np.sum((turn - start) ** 2)), 1e-9)
        x, y, z = (poses - start).T
        return np.asarray(x * along[0] + y * along[1] + z * along[2])

    def _complete(self, rep: SeenRep, half: HalfRep, end_tick: int, now_s: float = math.inf) -> bool:
        """Read the rep's times, that it ended near `end_tick` of the pose; not if its end is still to come."""
        begin_s = max(self._pose_s(half.turn.tick), rep.first.end_s)
        first, second = rep.first, Span(begin_s, max(begin_s, self._pose_s(end_tick)))
        begin, turned = self._begin_tick(half), half.turn.tick - self._lag
        last_tick = min(end_tick - self._lag + _AFTER_TICKS, self.recurrence.history.newest)
        progress = self._progress_of(rep, begin, last_tick)
        shapes = self._shapes
        if len(progress):
            shapes = (replace(shapes[0]), replace(shapes[1]))
            first, second = self._read(first, second, progress, turned - begin, begin, shapes)
        elif spans := self._lift(half, end_tick):
            first, second = spans
        if second.end_s > now_s:
            return False
        rep.first, rep.second, self._shapes = first, second, shapes
        history, end = self.recurrence.history, max(end_tick - self._lag, turned + 1)
        rep.moving = trace(history, self._ticks(first), self._ticks(second))
        rep.whole = trace(history, (half.start.tick - self._lag, turned), (turned, end))
        return True

    def _ticks(self, span: Span) -> tuple[int, int]:
        """The ticks of the quick signals in which the limb moved."""
        start, end = ((t_s + self.delays.quick_s) / self.tick_s for t_s in (span.start_s, span.end_s))
        return math.floor(start), min(math.ceil(end), self.recurrence.history.newest)

    def _read(
        self, first: Span, second: Span, progress: Array, turn: int, begin: int, shapes: tuple[Shape, Shape]
    ) -> tuple[Span, Span]:
        """Both phases off the arc, where it shows them; `shapes` learn from it."""
        begin_s = self._quick_s(begin)
        beyond = turn + round(self.params.margin_s / self.tick_s)
        going = there(progress[:beyond], turn, self.params.phases)
        coming = back(progress, turn, self.params.phases)
        if going is not None:
            first = shapes[0].learn(going).read(self.tick_s, begin_s)
        if coming is not None:
            second = shapes[1].learn(coming).read(self.tick_s, begin_s)
        edge_s = max(second.start_s, first.end_s)
        return first, Span(edge_s, max(second.end_s, edge_s))

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
        spans = lift(load_g, turn, cycle, self.params.phases, upward=upward)
        by_s = self._quick_s(begin)
        return spans and (spans[0].read(self.tick_s, by_s), spans[1].read(self.tick_s, by_s))

    def _pose_s(self, tick: int) -> float:
        return tick * self.tick_s - self.delays.pose_s

    def _quick_s(self, tick: int) -> float:
        return tick * self.tick_s - self.delays.quick_s

    def reset(self) -> None:
        """Forget everything seen, but not the exercise looked for."""
        self.recurrence.reset()
        self.seen = []
        self.convincing = False
        self._follower = Follower()
        self._arc = None
        self._shapes = (Shape(), Shape())

    def snapshot(self) -> dict[str, Any]:
        """Plain data that `restore` takes; the exercise is not in it."""
        return {
            "recurrence": self.recurrence.snapshot(),
            "seen": [seen_to_data(rep) for rep in self.seen],
            "convincing": self.convincing,
            "follower": asdict(self._follower),
            "shapes": [asdict(shape) for shape in self._shapes],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where the snapshot was taken, after `arm` with the same exercise."""
        self.recurrence.restore(state["recurrence"])
        self.seen = [seen_from_data(rep) for rep in state["seen"]]
        self.convincing = state["convincing"]
        self._follower = Follower(**state["follower"])
        first, second = (Shape(**shape) for shape in state["shapes"])
        self._shapes = (first, second)
        lead = self.recurrence.lead
        self._arc = None if lead is None else self._usual_arc()


_USUAL_REPS = 3
_STRANGER = (1.0, 1.3)
"""To take back a second rep at the end takes more."""
_SAME_TURN_TICKS = 8
_SPEED_WEIGHT = 0.5
_LOW_RATIO = 0.35
_HELD_RATIO = 0.07
_LEAVES_RATIO = 0.1
_STILL_RATIO = 0.06
_AFTER_TICKS = 10


_LEAST_LOAD_G = 0.0
"""How much a thrown limb is, over a set."""
_FROM_AFAR, _SETTLED = 1.5, 0.2
"""A set begins at rest: how much more one must be like it that does not, and how settled is at rest."""
_SLOWER, _LATER, _LEANS = 0.8, 0.4, 0.8
_LEANS_G = 0.06
_MORE_FOR_FEW = {1: 5.0, 2: 3.5, 3: 2.0, 4: 1.5, 5: 0.5}
"""How much more a set of few reps must be like one: chance recurs a few times."""


def _score(reps: list[SeenRep]) -> float:
    """How much like a set the reps are, with their pauses or without, whichever is more."""
    moving = likeness([rep.moving for rep in reps if rep.moving is not None])
    whole = likeness([rep.whole for rep in reps if rep.whole is not None])
    return max((one.score for one in (moving, whole) if one is not None), default=-math.inf)


def seen_to_data(rep: SeenRep) -> dict[str, Any]:
    """Plain data for `seen_from_data`."""
    traces = {name: one and one.to_data() for name in _TRACES if (one := getattr(rep, name)) is not None}
    return asdict(replace(rep, moving=None, whole=None)) | traces


def seen_from_data(data: dict[str, Any]) -> SeenRep:
    """Build a rep from `seen_to_data`."""
    spans = {name: None if data[name] is None else Span(**data[name]) for name in ("first", "second")}
    ups = {name: tuple(data[name]) for name in ("start_up", "turn_up")}
    traces = {name: Trace.from_data(data[name]) for name in _TRACES if data[name] is not None}
    return SeenRep(**(data | spans | ups | traces))


_TRACES = ("moving", "whole")
