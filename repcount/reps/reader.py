"""When a rep began, turned and ended, read back from the motion of the last minute.

Rules: times are read off the arc the limb turns through, or off the force where it hardly turns; what is
forgotten is taken from the run. A rep is complete when the limb is back and still, or leaves again; the ends
of its phases are continued as this person's usually go.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

import numpy as np

from repcount.exercises.model import Movement, TurnLoad
from repcount.reps.arc import Arc
from repcount.reps.detector_params import DetectorParams
from repcount.reps.few import lengths
from repcount.reps.history import MotionHistory
from repcount.reps.likeness import trace
from repcount.reps.phases import Shape, Span, back, lift, there
from repcount.reps.run import HalfRep, Run, angle_deg, distance
from repcount.reps.seen import SAME_TURN_TICKS, SeenRep, known_at
from repcount.reps.timing import Timing
from repcount.reps.zigzag import Pose
from repcount.samples import Array


class Reader:
    """Reads reps off `history`, which somebody else feeds; learns how the phases of the set usually go.

    Attributes
    ----------
    movement
        What is looked for; it says which way a limb goes that hardly turns. Not in the snapshot.
    shapes
        How the first and the second phase usually go.
    """

    def __init__(self, history: MotionHistory, timing: Timing, params: DetectorParams) -> None:
        self.history = history
        self.timing = timing
        self.params = params
        self.movement: Movement | None = None
        self._lag = timing.lag_ticks
        self._margin = timing.ticks(params.margin_s)
        self.reset()

    def has_forgotten(self, half: HalfRep) -> bool:
        """Whether the rep began so long ago that it cannot be read any more."""
        return self._begin_tick(half) < self.history.oldest

    def known(self, half: HalfRep, seen: Sequence[SeenRep]) -> SeenRep | None:
        """The rep as another run has seen it: the same turn, or where it is forgotten one on its way."""
        way_ticks = half.turn.tick - half.start.tick if self.has_forgotten(half) else 0
        return known_at(half.turn.tick, seen, max(SAME_TURN_TICKS, way_ticks))

    def see(self, lead: Run, half: HalfRep) -> SeenRep:
        """Return the rep of the run of which only the first phase is known."""
        start_up, turn_up = self._up_at(half.start.tick), self._up_at(half.turn.tick)
        rom_deg = angle_deg(start_up, turn_up) if any(start_up) and any(turn_up) else None
        size_ratio = distance(half.start.pose, half.turn.pose) / lead.range_g
        first = Span(self.timing.pose_s(half.start.tick), self.timing.pose_s(half.turn.tick))
        rep = SeenRep(half.turn.tick, first, None, rom_deg, size_ratio, start_up, turn_up)
        begin, turned = self._begin_tick(half), half.turn.tick
        progress = self._progress_of(rep, begin, turned)
        way = None
        if len(progress):
            way = there(_about_the_arc(progress), turned - self._lag - begin, self.params.phases)
        if way is not None:
            rep.first = self.shapes[0].span(way).read(self.timing.tick_s, self.timing.quick_s(begin))
        rep.first_hidden = self._is_hidden(rep.first)
        return rep

    def complete_if_back(self, rep: SeenRep, lead: Run, tick: int) -> bool:
        """Complete the run's last rep once the limb is back at `tick`; say whether it was."""
        half, near = lead.halves[-1], self.params.back_ratio + _LEAVES_RATIO
        arc = self._arc_of(rep)
        if arc is not None and arc.at(self._up_now()) > near + _ROUNDED:  # as mostly, and asked every tick
            return False
        way = self._way(lead, rep, half.turn.tick - self._lag, tick)
        if not len(way) or way[-1] > near:
            return False
        lowest = int(way.argmin())
        if way[lowest] > self.params.back_ratio:
            return False
        leaves = way[-1] > way[lowest] + _LEAVES_RATIO
        if not leaves and not self._has_settled(way):
            return False
        end_tick = tick - (len(way) - 1 - lowest) + self._lag
        return self.complete(rep, half, end_tick, tick * self.timing.tick_s)

    def complete(self, rep: SeenRep, half: HalfRep, end_tick: int, now_s: float = math.inf) -> bool:
        """Read the rep's times if it ended near `end_tick` of the pose; False if its end is still to come."""
        first, second, shapes = self._times(rep, half, end_tick)
        if second.end_s > now_s:
            return False
        rep.first, rep.second = first, second
        rep.first_hidden, rep.second_hidden = self._is_hidden(first), self._is_hidden(second)
        start, turned = half.start.tick - self._lag, half.turn.tick - self._lag
        end, newest = max(end_tick - self._lag, turned + 1), self.history.newest
        if self.history.hidden_ticks(start, end):
            return True  # a straight line teaches nothing about the person, and is like nothing they do
        self.shapes = shapes
        ticks = self.timing.quick_ticks
        rep.moving = trace(self.history, ticks(first, newest), ticks(second, newest))
        rep.whole = trace(self.history, (start, turned), (turned, end))
        went = ticks(first, newest)[0], ticks(second, newest)[1]
        rep.aside_ratio, rep.swivel_ratio = self._aside_ratio(rep, *went), self._swivel_ratio(*went)
        return True

    def _swivel_ratio(self, first_tick: int, last_tick: int) -> float | None:
        """How much the limb turned about the vertical, in units of how much about level axes, by the rates.

        None without a gyroscope.
        """
        rates, ups = (read(first_tick, last_tick) for read in (self.history.rate, self.history.up))
        if not rates.any():
            return None
        about_up = np.add.reduce(rates * ups, axis=1) / np.maximum(lengths(ups), _TINY)
        about_up_2, all_2 = float(np.sum(about_up**2)), float(np.sum(rates**2))
        return math.sqrt(about_up_2 / max(all_2 - about_up_2, _TINY))

    def complete_before(self, rep: SeenRep, half: HalfRep, next_tick: int) -> None:
        """Complete a rep by the start of the next, also one that was taken for over on its way back."""
        left_tick = self._left_again(rep, next_tick)
        if rep.second is None or left_tick is not None:
            rep.left_tick = left_tick
            self.complete(rep, half, next_tick)

    def _left_again(self, rep: SeenRep, next_tick: int) -> int | None:
        """When the limb left its turn again after a rep that was taken for over; None where it was over.

        A hand on a bar rolls out and back, halfway, and once more within one pull-up. By the start of the
        next rep it is known how far it came back in the end.
        """
        if rep.second is None or rep.settled:
            return None
        end = self.timing.quick_tick(rep.second.end_s)
        way = self._progress_of(rep, end, next_tick - self._lag)
        if not len(way) or way.max() < _OUT_AGAIN or abs(way[-1]) > self.params.back_ratio:
            return None
        out = int(way.argmax())
        return None if way[: out + 1].min() < way[-1] + _SHORT_OF else end + out

    def _aside_ratio(self, rep: SeenRep, first_tick: int, last_tick: int) -> float | None:
        """How far the limb left the plane of its arc; None where it hardly turned or is forgotten."""
        arc = _arc_between(rep.start_up, rep.turn_up)
        ups = self.history.up(first_tick, last_tick)
        if arc is None or arc.angle_deg < _LEAST_PLANE_DEG or len(ups) != last_tick - first_tick + 1:
            return None
        return arc.aside_ratio(ups)

    def _is_hidden(self, phase: Span) -> bool:
        """Whether a gap covers what the ends of the phase are read off: all of it but its middle."""
        read_s = _READ_SHARE * phase.duration_s
        edges = ((phase.start_s, phase.start_s + read_s), (phase.end_s - read_s, phase.end_s))
        tick = self.timing.quick_tick
        return any(self.history.hidden_ticks(tick(a) - 1, tick(b) + 1) for a, b in edges)

    def usual_arc(self, reps: list[SeenRep]) -> Arc | None:
        """From where the last reps began to where they turned; None where the limb hardly turns."""
        ups = [(rep.start_up, rep.turn_up) for rep in reps[-_USUAL_REPS:]]
        start, turn = (np.mean([up[end] for up in ups], axis=0).tolist() for end in (0, 1))
        return self._long_enough(Arc.between(start, turn))

    def turn_round(self) -> None:
        """What was the second phase is the first from now on."""
        self.shapes = (self.shapes[1], self.shapes[0])

    def _begin_tick(self, half: HalfRep) -> int:
        """First tick of the quick signals that may belong to the rep; none comes before the stream."""
        return max(0, half.start.tick - self._lag - self._margin)

    def _up_at(self, pose_tick: int) -> Pose:
        """Where up was when the pose was that of `pose_tick`, over about a tenth of a second."""
        tick = max(1, pose_tick - self._lag)  # the stream may begin with the pose it starts from
        ups = self.history.up(tick - 1, tick + 1)
        if not len(ups):
            return 0.0, 0.0, 0.0  # forgotten
        x, y, z = np.mean(ups, axis=0).tolist()
        return x, y, z

    def _up_now(self) -> Pose:
        x, y, z = self.history.up(self.history.newest, self.history.newest)[0].tolist()
        return x, y, z

    def _arc_of(self, rep: SeenRep) -> Arc | None:
        """The arc that this rep's limb turned through; None where it hardly turned."""
        return self._long_enough(_arc_between(rep.start_up, rep.turn_up))

    def _long_enough(self, arc: Arc | None) -> Arc | None:
        return arc if arc is not None and arc.angle_deg >= self.params.least_arc_deg else None

    def _progress_of(self, rep: SeenRep, first_tick: int, last_tick: int) -> Array:
        """How far the limb was along this rep's arc; empty where it hardly turned or is forgotten."""
        arc = self._arc_of(rep)
        ups = self.history.up(first_tick, last_tick)
        if arc is None or len(ups) != last_tick - first_tick + 1:
            return np.empty(0)
        return arc.progress(ups)

    def _way(self, lead: Run, rep: SeenRep, first_tick: int, last_tick: int) -> Array:
        """Where the limb is from start (0) to turn (1): by the arc, or where it hardly turns by the pose."""
        way = self._progress_of(rep, first_tick, last_tick)
        if len(way):
            return way
        poses = self.history.poses(first_tick, last_tick)
        start, turn = np.array(lead.start), np.array(lead.turn)
        along = (turn - start) / max(float(np.sum((turn - start) ** 2)), 1e-9)
        x, y, z = (poses - start).T
        return np.asarray(x * along[0] + y * along[1] + z * along[2])

    def _has_settled(self, way: Array) -> bool:
        """Whether the limb has been back for a while and moves no more."""
        ticks = self.timing.ticks(self.params.settled_s)
        newest = way[-ticks:]
        return len(newest) == ticks and bool(np.ptp(newest) < _STILL_RATIO)

    def _times(self, rep: SeenRep, half: HalfRep, end_tick: int) -> tuple[Span, Span, tuple[Shape, Shape]]:
        """Both phases of a rep that ended near `end_tick` of the pose, and the shapes learned from it."""
        begin_s = max(self.timing.pose_s(half.turn.tick), rep.first.end_s)
        first, second = rep.first, Span(begin_s, max(begin_s, self.timing.pose_s(end_tick)))
        begin, turned = self._begin_tick(half), half.turn.tick - self._lag
        last_tick = min(end_tick - self._lag + _AFTER_TICKS, self.history.newest)
        progress = self._progress_of(rep, begin, last_tick)
        if len(progress):
            shapes = (replace(self.shapes[0]), replace(self.shapes[1]))
            left = turned if rep.left_tick is None else rep.left_tick
            turns = (turned - begin, left - begin)
            return *self._by_arc(first, second, progress, turns, begin, shapes), shapes
        if spans := self._by_force(half, end_tick):
            first, second = spans
        return first, second, self.shapes

    def _by_arc(
        self,
        first: Span,
        second: Span,
        progress: Array,
        turns: tuple[int, int],
        begin: int,
        shapes: tuple[Shape, Shape],
    ) -> tuple[Span, Span]:
        """Both phases off the arc, before and after its turns, where it shows; `shapes` learn from it."""
        tick_s, begin_s = self.timing.tick_s, self.timing.quick_s(begin)
        progress = _about_the_arc(progress)
        turned, left = turns
        going = there(progress[: turned + self._margin], turned, self.params.phases)
        coming = back(progress, left, self.params.phases)
        if going is not None:
            first = shapes[0].learn(going).read(tick_s, begin_s)
        if coming is not None:
            second = shapes[1].learn(coming).read(tick_s, begin_s)
        edge_s = max(second.start_s, first.end_s)
        return first, Span(edge_s, max(second.end_s, edge_s))

    def _by_force(self, half: HalfRep, end_tick: int) -> tuple[Span, Span] | None:
        """Both phases off the force; None where it does not show them or not enough came yet."""
        begin, end = self._begin_tick(half), end_tick - self._lag
        quick = self.history.quick(begin, end + self._margin)
        if self.movement is None or len(quick) <= end - begin:
            return None
        load_g = np.sqrt(np.sum(quick**2, axis=1))
        cycle = slice(max(0, half.start.tick - self._lag - begin), end - begin + 1)
        turn = half.turn.tick - self._lag - begin
        upward = self.movement.turn_load is TurnLoad.LESS
        spans = lift(load_g, turn, cycle, self.params.phases, upward=upward)
        tick_s, begin_s = self.timing.tick_s, self.timing.quick_s(begin)
        return spans and (spans[0].read(tick_s, begin_s), spans[1].read(tick_s, begin_s))

    def reset(self) -> None:
        """Forget how the phases usually go, but not the movement."""
        self.shapes = (Shape(), Shape())

    def snapshot(self) -> list[dict[str, Any]]:
        """Plain data that `restore` takes; the movement is not in it."""
        return [asdict(shape) for shape in self.shapes]

    def restore(self, state: list[dict[str, Any]]) -> None:
        """Go on where the snapshot was taken."""
        first, second = (Shape(**shape) for shape in state)
        self.shapes = (first, second)


def _about_the_arc(progress: Array) -> Array:
    """Without what lies far beyond its ends: a limb there gets on or off, no rep begins there."""
    return np.clip(progress, -_BEYOND, 1 + _BEYOND)


@lru_cache(maxsize=16)
def _arc_between(start_up: Pose, turn_up: Pose) -> Arc | None:
    """Of the rep under way it is asked every tick."""
    return Arc.between(start_up, turn_up)


_ROUNDED, _TINY = 1e-9, 1e-9
"""One direction may be as much further along than the same in a batch."""
_LEAST_PLANE_DEG = 3.0
"""What turns less has no plane."""
_USUAL_REPS = 3
"""Reps that the usual arc is the mean of. Larger: steadier, follows the person slower."""
_BEYOND = 0.25
"""So far beyond the usual ends of its way, in units of it, a rep may still start or turn."""
_LEAVES_RATIO = 0.1
"""The limb leaves where it is this share of the way past its lowest."""
_STILL_RATIO = 0.06
"""The limb does not move where its progress stays within this."""
_READ_SHARE = 0.37
"""How far into a phase its ends are read: to a quarter of the way, after a third of its time."""
_OUT_AGAIN = 0.5
"""Share of its way that a limb goes out again after a stop on the way back."""
_SHORT_OF = 0.12
"""Share of its way by which the stop is short of where it came back to in the end."""
_AFTER_TICKS = 10
"""How far past the end of a rep its arc is read."""
