"""A run: reps in a row that start and turn at the same poses.

Rules: the pose in three dimensions decides whether a movement is one more of the same; a run follows its
person slowly; a run's score says how much like a set it is.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from repcount.exercises.model import Movement, TurnLoad
from repcount.reps.run_params import RunParams
from repcount.reps.zigzag import Extremum, Pose
from repcount.samples import STANDARD_GRAVITY_M_S2


class HalfRep(NamedTuple):
    """From a start to a turn."""

    start: Extremum
    turn: Extremum


distance: Callable[[Pose, Pose], float] = math.dist
"""Distance between two poses, g."""


def angle_deg(a: Pose, b: Pose) -> float:
    """Angle between two poses, degrees; 0 where one has no length."""
    size = math.hypot(*a) * math.hypot(*b)
    if size == 0:
        return 0.0
    return math.degrees(math.acos(max(-1.0, min(1.0, _along(a, b) / size))))


def could_turn(movement: Movement, half: HalfRep, tick_hz: float) -> bool:
    """Whether a rep that starts at this start, or later, could turn at this turn: cheaper than `could_be`."""
    lasted_s = (half.turn.tick - half.start.tick) / tick_hz
    return lasted_s >= movement.first_phase_s.low and math.hypot(*half.turn.pose) in movement.pose_norm_g


def could_be(movement: Movement, half: HalfRep, tick_hz: float) -> bool:
    """Whether this could be the first half of a rep of the exercise, for anybody."""
    start, turn = half.start.pose, half.turn.pose
    if (half.turn.tick - half.start.tick) / tick_hz not in movement.first_phase_s:
        return False
    if distance(start, turn) not in movement.range_g or angle_deg(start, turn) not in movement.tilt_deg:
        return False
    felt_start, felt_turn = math.hypot(*start), math.hypot(*turn)
    if felt_start not in movement.pose_norm_g or felt_turn not in movement.pose_norm_g:
        return False
    return load_fits(movement.turn_load, felt_turn - felt_start)


def thrown_enough(movement: Movement, load_g: float, pace_s: float | None, cutoff_hz: float) -> bool:
    """Whether the hand was thrown as hard as its shortest way at this pace takes, seen through the low pass.

    `load_g` more is felt at the turn. A hand that goes up and down by d in T s like a sine is thrown by
    +-2 pi^2 d / T^2.
    """
    if movement.least_path_m == 0 or pace_s is None:
        return True
    throw_g = 4 * math.pi**2 * movement.least_path_m / pace_s**2 / STANDARD_GRAVITY_M_S2
    passed_ratio = 1 / math.sqrt(1 + (1 / (pace_s * cutoff_hz)) ** 4)
    return movement.turn_load * load_g >= _THROW_SLACK * throw_g * passed_ratio - _LOAD_SLACK_G


_NO_TRACK, _OPENED = -1, -2
_TINY_G = 1e-3
_THROW_SLACK = 0.7
"""Movements are not sines: the share of the sine's throw that must be there."""

_LOAD_SLACK_G = 0.04
"""Slow reps throw nothing: a difference below this says nothing about which end is which, g."""


def load_fits(load: TurnLoad, difference_g: float) -> bool:
    """Whether so much more may be felt at the turn than at the start, g."""
    return load is TurnLoad.NEITHER or load * difference_g > -_LOAD_SLACK_G


@dataclass(slots=True)
class Run:
    """One track's reps in a row and their running means.

    `on_trial`: the last is a partial rep only if the limb comes back to the start. `looked_back`: the
    first reps have been asked what was missed before them.
    """

    track: int
    peak_first: bool
    halves: list[HalfRep]
    ends: list[Extremum | None]
    start: Pose
    turn: Pose
    range_g: float
    pace_s: float | None = None
    likeness: float = 0.0
    settled: float = 0.0
    doubtful_reps: int = 0
    on_trial: bool = False
    looked_back: bool = False

    @classmethod
    def awaited(cls, half: HalfRep) -> "Run":
        """A run of one rep that was waited for, of no track; any that recurs takes over from it."""
        range_g = distance(half.start.pose, half.turn.pose)
        return cls(_NO_TRACK, False, [half], [None], half.start.pose, half.turn.pose, range_g, settled=1.0)

    @classmethod
    def opened(cls, half: HalfRep) -> "Run":
        """A run of the one rep that a set may have begun with, of no track; any that recurs takes over."""
        range_g = max(distance(half.start.pose, half.turn.pose), _TINY_G)
        return cls(_OPENED, False, [half], [None], half.start.pose, half.turn.pose, range_g, settled=1.0)

    @classmethod
    def begun(cls, track: int, peak_first: bool, half: HalfRep, settled: float) -> "Run":  # noqa: FBT001 - as it is
        """A run of one rep of a track."""
        range_g = distance(half.start.pose, half.turn.pose)
        start, turn = half.start.pose, half.turn.pose
        return cls(track, peak_first, [half], [None], start, turn, range_g, settled=settled)

    @property
    def is_awaited(self) -> bool:
        """Whether it was waited for, and is believed before it recurs."""
        return self.track == _NO_TRACK

    @property
    def is_opened(self) -> bool:
        """Whether it is the one rep that a set may have begun with."""
        return self.track == _OPENED

    def turned_at(self, pose: Pose) -> None:
        """Its last rep turned at this pose, which comes later than what it was told by."""
        half = self.halves[-1]
        self.halves[-1] = half._replace(turn=Extremum(half.turn.tick, pose))
        self.turn, self.range_g = pose, max(distance(half.start.pose, pose), _TINY_G)

    def begins_like(self, other: "Run", params: RunParams) -> bool:
        """Whether it starts where the other does."""
        return distance(self.start, other.start) < params.pose_tolerance_ratio * other.range_g

    def begins_where_turned(self, other: "Run", params: RunParams) -> bool:
        """Whether it starts where the other turned: it is its way back."""
        return distance(self.start, other.turn) < params.pose_tolerance_ratio * other.range_g

    def goes_on(self, half: HalfRep) -> None:
        """Take one more rep that was told for the way it went, not for how alike it is."""
        self.halves.append(half)
        self.ends.append(None)

    def missed(self, half: HalfRep, k: int, then: Extremum, likeness: float) -> None:
        """Take a rep that came before the one that has been number `k`, which starts at `then`."""
        self.halves[k] = self.halves[k]._replace(start=then)
        self.ends.insert(k, then)
        self.halves.insert(k, half)
        self.likeness += likeness

    def usual_pace_s(self, tick_hz: float) -> float:
        """The lower middle of the times between two turns, s: what was missed makes some of them longer."""
        paces = sorted(after.turn.tick - before.turn.tick for before, after in pairwise(self.halves))
        return paces[(len(paces) - 1) // 2] / tick_hz

    @property
    def reps(self) -> int:
        """Reps so far, the one under way included once it has turned."""
        return len(self.halves)

    @property
    def score(self) -> float:
        """How much like a set: reps after the first, weighted by likeness, and the size of the movement."""
        return (self.likeness + 0.3 * self.settled * (self.reps > 1)) * math.sqrt(self.range_g)

    @property
    def mean_likeness(self) -> float:
        """How like the run each rep after the first was, 0 to 1."""
        return self.likeness / max(1, self.reps - 1)

    @property
    def load_g(self) -> float:
        """How much more is felt at the turn than at the start, g."""
        return math.hypot(*self.turn) - math.hypot(*self.start)

    @property
    def first_tick(self) -> int:
        """Tick of the first start."""
        return self.halves[0].start.tick

    @property
    def last_turn_tick(self) -> int:
        """Tick of the last turn."""
        return self.halves[-1].turn.tick

    def nears(self, half: HalfRep, params: RunParams) -> bool:
        """Whether one end of the movement is the run's."""
        off = min(distance(half.start.pose, self.start), distance(half.turn.pose, self.turn))
        return self.reps > 1 and off < params.pose_tolerance_ratio * self.range_g

    def goes_like(self, other: "Run", params: RunParams) -> bool:
        """Whether it starts and turns where the other does."""
        off = max(distance(self.start, other.start), distance(self.turn, other.turn))
        return off < params.pose_tolerance_ratio * other.range_g

    def resembles(self, other: "Run", params: RunParams) -> bool:
        """Whether it goes between the other's poses, either way round."""
        return self.goes_like(other, params) or self.reverses(other, params)

    def reverses(self, other: "Run", params: RunParams) -> bool:
        """Whether it takes the other's turn for its start, and the other way round."""
        off = max(distance(self.start, other.turn), distance(self.turn, other.start))
        return off < params.pose_tolerance_ratio * other.range_g

    def opposes(self, other: "Run") -> bool:
        """Whether it goes the other's way back."""
        way, others = _way(self.start, self.turn), _way(other.start, other.turn)
        cosine = _along(way, others) / (math.hypot(*way) * math.hypot(*others))
        return cosine < -_OPPOSED

    def joins(
        self,
        half: HalfRep,
        before: Extremum,
        movement: Movement,
        params: RunParams,
        tick_hz: float,
        *,
        interrupted: bool = False,
    ) -> bool:
        """Take `half`, which followed the extremum `before`, as one more rep if it is one.

        `interrupted`: a gap lies between it and the last turn, so the time between says nothing of the pace.
        """
        off_start, limit = distance(half.start.pose, self.start), params.pose_tolerance_ratio * self.range_g
        short = off_start >= limit and self.reps == 1 and self._is_short_of_start(half, limit)
        if (off_start >= limit and not short) or self.reps >= params.most_reps_count:
            return False  # whatever else it does: partial reps, too, start where the others do
        pace_s = (half.turn.tick - self.last_turn_tick) / tick_hz
        skipped = before != self.ends[-1]
        paced = not (skipped or interrupted)
        if paced and not self.pace_fits(pace_s, self.pace_s, movement, params):
            return False
        off = max(limit / 2 if short else off_start, distance(half.turn.pose, self.turn))
        size = distance(half.start.pose, half.turn.pose) / self.range_g
        if off < limit and 1 / params.range_factor < size < params.range_factor:
            self.likeness += 1 - 0.5 * off / limit - params.skip_penalty * skipped
            self._learn(half, pace_s if paced else None, 1.0 if short else params.learning_rate)
        elif not skipped and self._is_partial(half, movement, params):
            self.likeness += params.partial_likeness
            self.on_trial = movement.turn_load is TurnLoad.NEITHER
        else:
            return False
        self.halves.append(half)
        self.ends.append(None)
        return True

    def _is_short_of_start(self, half: HalfRep, limit_g: float) -> bool:
        """Whether it starts on the way that the rep before it went, short of where that one started.

        The first rep of a set leaves from rest. Who then turns round at once is not seen to come all the way
        back, as the pose is the slow part of what is felt; the reps after it are alike.
        """
        way, off = _way(self.start, self.turn), _way(self.start, half.start.pose)
        along = _along(off, way) / _along(way, way)
        beside_g = math.dist(off, [along * x for x in way])
        return 0 < along < _MOST_SHORT and beside_g < limit_g / 2

    def _is_partial(self, half: HalfRep, movement: Movement, params: RunParams) -> bool:
        if self.reps < 2:  # noqa: PLR2004 - one may be anything
            return False
        way, usual = _way(half.start.pose, half.turn.pose), _way(self.start, self.turn)
        size = math.hypot(*way) / math.hypot(*usual)
        largest = 1.0 if movement.turn_load is TurnLoad.NEITHER else params.range_factor
        if not params.partial_ratio <= size < largest:
            return False
        cosine = _along(way, usual) / (math.hypot(*way) * math.hypot(*usual))
        load_g = math.hypot(*half.turn.pose) - math.hypot(*half.start.pose)
        turns = self.turns_in_part(half, params)
        return cosine >= params.partial_cosine and turns and load_fits(movement.turn_load, load_g)

    def turns_in_part(self, half: HalfRep, params: RunParams) -> bool:
        """Whether it turns like a part of a rep; what is only pushed, as a bar taken up, does not."""
        turned_deg = angle_deg(half.start.pose, half.turn.pose)
        return turned_deg >= params.partial_ratio * angle_deg(self.start, self.turn)

    @staticmethod
    def pace_fits(pace_s: float, usual_s: float | None, movement: Movement, params: RunParams) -> bool:
        """Whether a rep may turn so long after the one before it, s, where that usually takes `usual_s`."""
        if pace_s not in movement.rep_s:
            return False
        return usual_s is None or 1 / params.pace_factor < pace_s / usual_s < params.pace_factor

    def _learn(self, half: HalfRep, pace_s: float | None, rate: float) -> None:
        self.start = _towards(self.start, half.start.pose, rate)
        self.turn = _towards(self.turn, half.turn.pose, rate)
        self.range_g += rate * (distance(half.start.pose, half.turn.pose) - self.range_g)
        if pace_s is not None:
            self.pace_s = pace_s if self.pace_s is None else self.pace_s + rate * (pace_s - self.pace_s)

    @property
    def is_under_way(self) -> bool:
        """Whether the last rep has turned and not ended."""
        return self.ends[-1] is None

    def returned(self, end: Extremum, off_g: float, params: RunParams) -> None:
        """Take `end` as the end of the rep under way; until then the limb came within `off_g` of the start.

        A partial rep comes back to the start, the smaller hump of a hand on a bar goes on: it is none.
        """
        if self.on_trial and off_g > params.partial_back_ratio * self.range_g:
            self.halves.pop()
            self.ends.pop()
            self.likeness -= params.partial_likeness
        else:
            self.ends[-1] = end
        self.on_trial = False

    def to_data(self) -> dict[str, Any]:
        """Plain data for `from_data`."""
        return {
            "track": self.track,
            "peak_first": self.peak_first,
            "halves": [[*_plain(h.start), *_plain(h.turn)] for h in self.halves],
            "ends": [None if e is None else _plain(e) for e in self.ends],
            "start": list(self.start),
            "turn": list(self.turn),
            "range_g": self.range_g,
            "pace_s": self.pace_s,
            "likeness": self.likeness,
            "settled": self.settled,
            "doubtful_reps": self.doubtful_reps,
            "on_trial": self.on_trial,
            "looked_back": self.looked_back,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Run":
        """Build a run from `to_data`."""
        halves = [HalfRep(_extremum(*h[:2]), _extremum(*h[2:])) for h in data["halves"]]
        ends = [None if e is None else _extremum(*e) for e in data["ends"]]
        start, turn = tuple(data["start"]), tuple(data["turn"])
        return cls(**(data | {"halves": halves, "ends": ends, "start": start, "turn": turn}))


def _plain(extremum: Extremum) -> list[Any]:
    return [extremum.tick, list(extremum.pose)]


def _extremum(tick: int, pose: list[float]) -> Extremum:
    x, y, z = pose
    return Extremum(tick, (x, y, z))


def _way(start: Pose, turn: Pose) -> Pose:
    return turn[0] - start[0], turn[1] - start[1], turn[2] - start[2]


def _along(a: Pose, b: Pose) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


_MOST_SHORT = 0.5
"""So much of the way back, at most, a quick rep is not seen to come."""
_OPPOSED = 0.8
"""Cosine of the ways of two runs, one of which goes back the way of the other."""


def _towards(mean: Pose, value: Pose, rate: float) -> Pose:
    (x, y, z), (to_x, to_y, to_z) = mean, value
    return x + rate * (to_x - x), y + rate * (to_y - y), z + rate * (to_z - z)
