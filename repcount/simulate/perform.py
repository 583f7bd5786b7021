"""A person acts out a plan: parts become moves, and what the person meant by them becomes the truth."""

from dataclasses import dataclass, field
from typing import assert_never

import numpy as np

from repcount.events import Phase, Tempo
from repcount.samples import Array
from repcount.simulate.kinematics import Kinematics, Stop, kinematics_of
from repcount.simulate.path import Jolt, Move, Path, Swing
from repcount.simulate.plan import Habits, Part, Plan, SetOf, StandStill, Walk
from repcount.simulate.pose import ANGLES, FACING, PITCH, POSITION, RELAXED, ROLL, SIZE, X, Z
from repcount.truth import TrueRep


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueSet:
    """One set: from the start of its first rep to the end of its last, s."""

    exercise: str
    start_s: float
    end_s: float
    rep_count: int


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """What was done: a path through poses, and the truth about it."""

    path: Path
    duration_s: float
    reps: tuple[TrueRep, ...]
    sets: tuple[TrueSet, ...]


def perform(plan: Plan, rng: np.random.Generator) -> Performance:
    """Act out the plan; draws the same numbers whatever the sampling rate."""
    actor = _Actor(habits=plan.habits, placement=plan.placement, rng=rng)
    for part in plan.parts:
        actor.act(part)
    actor.sway()
    path = Path(moves=actor.moves, swings=actor.swings, jolts=actor.jolts)
    return Performance(path, actor.now_s, tuple(actor.reps), tuple(actor.sets))


_LEG_S = 3.0
"""Walking about a gym floor changes direction about this often."""
_LEG_TURN_DEG = 50.0
_SWAY_COUNT, _SHAKE_COUNT = 4, 5
_SWAY_HZ, _SHAKE_HZ = (0.12, 0.6), (2.0, 14.0)
_LARGEST_SPREAD = 2.5
"""Nobody is further than this many standard deviations from the plan."""
_LET_GO_S, _RELAX_S = 0.6, 1.2
_STEADY_RAMP, _BELL_RAMP = 0.35, 0.5
"""A lowering under control is steadier than a pull."""


@dataclass(slots=True, kw_only=True)
class _Actor:
    habits: Habits
    placement: str
    rng: np.random.Generator
    now_s: float = 0.0
    facing_deg: float = 0.0
    pose: Array = field(default_factory=RELAXED.array)
    moves: list[Move] = field(default_factory=list)
    swings: list[Swing] = field(default_factory=list)
    jolts: list[Jolt] = field(default_factory=list)
    reps: list[TrueRep] = field(default_factory=list)
    sets: list[TrueSet] = field(default_factory=list)

    def __post_init__(self) -> None:
        pose = self.pose
        self.moves.append(Move(start_s=-1.0, end_s=0.0, origin=pose, target=pose, bow=np.zeros(SIZE)))

    def act(self, part: Part) -> None:
        match part:
            case StandStill():
                self.now_s += part.duration_s
            case Walk():
                self._walk(part.duration_s)
            case SetOf():
                self._set(part)
            case _:
                assert_never(part)

    def sway(self) -> None:
        """Nobody is ever quite still: slow wandering from the first to the last second."""
        for _ in range(_SWAY_COUNT):
            share = np.sqrt(2.0 / _SWAY_COUNT)
            self._swing(
                -1.0,
                self.now_s + 1.0,
                self.rng.uniform(*_SWAY_HZ),
                position_m=share * self.habits.sway_m,
                angle_deg=share * self.habits.sway_deg,
            )

    def _move(self, target: Array, move_s: float, bow: Array | None = None, ramp: float = _BELL_RAMP) -> None:
        skew = self.habits.skew_ratio * self.rng.uniform(-1.0, 1.0)
        target = target.copy()
        target[FACING] = self.facing_deg
        self.moves.append(
            Move(
                start_s=self.now_s,
                end_s=self.now_s + move_s,
                origin=self.pose,
                target=target,
                bow=np.zeros(SIZE) if bow is None else bow,
                ramp_ratio=ramp,
                skew_ratio=skew,
            )
        )
        self.pose = target
        self.now_s += move_s

    def _walk(self, duration_s: float) -> None:
        start_s, legs = self.now_s, max(1, round(duration_s / _LEG_S))
        for _ in range(legs):
            self.facing_deg += self.rng.normal(0.0, _LEG_TURN_DEG)
            self._move(RELAXED.array(), duration_s / legs)
        stride_hz = self.rng.uniform(0.8, 1.0)
        arm, bounce = np.zeros(SIZE), np.zeros(SIZE)
        arm[X], arm[PITCH], arm[ROLL] = 0.16, self.rng.uniform(14.0, 24.0), 6.0
        bounce[Z] = self.rng.uniform(0.015, 0.025)
        for frequency_hz, amplitude in ((stride_hz, arm), (2.0 * stride_hz, bounce)):
            phase_rad = np.full(SIZE, self.rng.uniform(0.0, 2.0 * np.pi))
            self.swings.append(
                Swing(
                    start_s=start_s,
                    end_s=start_s + duration_s,
                    frequency_hz=frequency_hz,
                    amplitude=amplitude,
                    phase_rad=phase_rad,
                )
            )

    def _set(self, part: SetOf) -> None:
        kinematics = kinematics_of(part.exercise, self.placement)
        body = _Body(kinematics, self.habits.person_ratio, self.rng)
        begun_s = self.now_s
        for stop in kinematics.approach:
            self._stop(stop)
        self._move(body.at(0.0), self._varied_s(kinematics.settle_move_s))
        self.now_s += self._varied_s(kinematics.settle_hold_s)
        first = len(self.reps)
        for rep_index in range(1, part.reps + 1):
            self._rep(part, body, rep_index)
        reps = self.reps[first:]
        self.sets.append(
            TrueSet(
                exercise=part.exercise,
                start_s=reps[0].start_s,
                end_s=reps[-1].end_s,
                rep_count=len(reps),
            )
        )
        self.now_s += 0.0 if part.drop_last else self._varied_s(_LET_GO_S)
        for stop in kinematics.leave:
            self._stop(stop)
        self._move(RELAXED.array(), self._varied_s(_RELAX_S))
        self._shake(begun_s, self.now_s)

    def _stop(self, stop: Stop) -> None:
        self._move(stop.pose.array(), self._varied_s(stop.move_s))
        self.now_s += self._varied_s(stop.hold_s)

    def _rep(self, part: SetOf, body: "_Body", rep_index: int) -> None:
        tired_ratio = ((rep_index - 1) / (part.reps - 1)) ** 2 if part.reps > 1 else 0.0
        phases = self._durations_s(part.tempo_of(rep_index), tired_ratio)
        first, inside, second, after = _order(body.kinematics.first_phase)
        is_last, is_dropped = rep_index == part.reps, part.drop_last and rep_index == part.reps
        start_s = self.now_s
        loss = 1.0 - self.habits.range_loss_ratio * tired_ratio
        self._phase(body.at(loss * self._spread(self.habits.range_spread_ratio)), body, first, phases[first])
        turn_s = self.now_s
        self.now_s += phases[inside]
        if not is_dropped:
            short = abs(self._spread(self.habits.range_spread_ratio) - 1.0) / 2.0
            self._phase(body.at(short), body, second, phases[second])
            self._strike(body.kinematics.impact_m_s2)
        end_s = self.now_s
        known = {first: phases[first], inside: phases[inside]}
        known |= {} if is_dropped else {second: phases[second]}
        if not is_last:
            self.now_s += phases[after]
            known[after] = phases[after]
        self.reps.append(
            TrueRep(
                kind="rep",
                start_s=start_s,
                turn_s=turn_s,
                end_s=end_s,
                eccentric_s=known.get(Phase.ECCENTRIC),
                pause_lengthened_s=known.get(Phase.PAUSE_LENGTHENED),
                concentric_s=known.get(Phase.CONCENTRIC),
                pause_shortened_s=known.get(Phase.PAUSE_SHORTENED),
            )
        )

    def _phase(self, target: Array, body: "_Body", phase: Phase, phase_s: float) -> None:
        ramp = _STEADY_RAMP if phase is Phase.ECCENTRIC else _BELL_RAMP
        self._move(target, phase_s, bow=body.bow, ramp=ramp)

    def _strike(self, peak_m_s2: float) -> None:
        if peak_m_s2:
            force, frequency_hz = self.rng.uniform(0.6, 1.4), self.rng.uniform(11.0, 20.0)
            self.jolts.append(Jolt(at_s=self.now_s, peak_m_s2=force * peak_m_s2, frequency_hz=frequency_hz))

    def _durations_s(self, tempo: Tempo, tired_ratio: float) -> dict[Phase, float]:
        slower = 1.0 + self.habits.slow_down_ratio * tired_ratio
        return {
            Phase.ECCENTRIC: self._varied_s(tempo.eccentric_s or 0.0),
            Phase.PAUSE_LENGTHENED: self._varied_s(tempo.pause_lengthened_s or 0.0),
            Phase.CONCENTRIC: self._varied_s(tempo.concentric_s or 0.0) * slower,
            Phase.PAUSE_SHORTENED: self._varied_s(tempo.pause_shortened_s or 0.0),
        }

    def _varied_s(self, planned_s: float) -> float:
        return planned_s * self._spread(self.habits.duration_spread_ratio)

    def _spread(self, ratio: float) -> float:
        return 1.0 + ratio * float(np.clip(self.rng.normal(), -_LARGEST_SPREAD, _LARGEST_SPREAD))

    def _shake(self, start_s: float, end_s: float) -> None:
        """A working limb shakes: equal parts of acceleration and of turning rate at a few frequencies."""
        for _ in range(_SHAKE_COUNT):
            low_hz, high_hz = _SHAKE_HZ
            frequency_hz = low_hz * (high_hz / low_hz) ** self.rng.uniform()
            turns_rad_s, share = 2.0 * np.pi * frequency_hz, np.sqrt(2.0 / _SHAKE_COUNT)
            self._swing(
                start_s,
                end_s,
                frequency_hz,
                position_m=share * self.habits.shake_m_s2 / turns_rad_s**2,
                angle_deg=share * self.habits.shake_deg_s / turns_rad_s,
            )

    def _swing(
        self, start_s: float, end_s: float, frequency_hz: float, *, position_m: float, angle_deg: float
    ) -> None:
        amplitude = np.zeros(SIZE)
        amplitude[POSITION] = position_m * _direction(self.rng, 3)
        amplitude[ANGLES] = angle_deg * _direction(self.rng, 4)
        phase_rad = self.rng.uniform(0.0, 2.0 * np.pi, SIZE)
        self.swings.append(
            Swing(
                start_s=start_s,
                end_s=end_s,
                frequency_hz=frequency_hz,
                amplitude=amplitude,
                phase_rad=phase_rad,
            )
        )


class _Body:
    """An exercise as this person does it: the same ends, a longer or shorter way between them."""

    def __init__(self, kinematics: Kinematics, person_ratio: float, rng: np.random.Generator) -> None:
        self.kinematics = kinematics
        path, angle, bow = 1.0 + person_ratio * rng.uniform(-1.0, 1.0, 3) * (
            kinematics.path_spread_ratio,
            kinematics.angle_spread_ratio,
            kinematics.angle_spread_ratio,
        )
        self._start = kinematics.start.array()
        self._way = kinematics.turn.array() - self._start
        self._way[POSITION] *= path
        self._way[ANGLES] *= angle
        self.bow = kinematics.bow.array() * bow

    def at(self, progress_ratio: float) -> Array:
        """Pose at a share of the way from start (0) to turn (1), (8,)."""
        return np.asarray(self._start + progress_ratio * self._way)


def _order(first: Phase) -> tuple[Phase, Phase, Phase, Phase]:
    """First moving phase, the pause in the rep, second moving phase, the pause after it."""
    phases = (Phase.CONCENTRIC, Phase.PAUSE_SHORTENED, Phase.ECCENTRIC, Phase.PAUSE_LENGTHENED)
    return phases if first is Phase.CONCENTRIC else (*phases[2:], *phases[:2])


def _direction(rng: np.random.Generator, size: int) -> Array:
    drawn = rng.normal(size=size)
    return np.asarray(drawn / np.linalg.norm(drawn))
