"""A person acts out a plan: parts become moves, and what the person meant by them becomes the truth."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

import numpy as np

from repcount.events import Phase, Tempo
from repcount.samples import Array
from repcount.simulate.body import Body
from repcount.simulate.gestures import GESTURES
from repcount.simulate.kinematics import Stop, kinematics_of
from repcount.simulate.limb import LIMBS, Limb
from repcount.simulate.path import Jolt, Move, Path, Swing
from repcount.simulate.plan import Fidget, Gesture, Habits, HoldsOf, Part, Plan, SetOf, StandStill, Walk
from repcount.simulate.pose import FACING, SIZE
from repcount.simulate.swings import breath, shake, stride, sway
from repcount.truth import TrueRep


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueSet:
    """One set: from the start of its first rep (or hold) to the end of its last, s."""

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
    actor.live()
    path = Path(moves=actor.moves, swings=actor.swings, jolts=actor.jolts)
    return Performance(path, actor.now_s, tuple(actor.reps), tuple(actor.sets))


_LEG_S = 3.0
"""Walking about a gym floor changes direction about this often."""
_LEG_TURN_DEG = 50.0
_FIDGET_S = (0.5, 2.5)
_REGRIP_MOVE_S, _REGRIP_RATIO = 0.5, 0.4
"""Opening and closing the hand moves it this share of a fidget."""
_LARGEST_SPREAD = 2.5
"""Nobody is further than this many standard deviations from the plan."""
_LEAST_RAMP_S = 0.25
"""A loaded limb takes this long to get up to speed."""
_LET_GO_S, _RELAX_S = 0.6, 1.2


@dataclass(slots=True, kw_only=True)
class _Actor:
    habits: Habits
    placement: str
    rng: np.random.Generator
    now_s: float = 0.0
    facing_deg: float = 0.0
    limb: Limb = field(init=False)
    pose: Array = field(init=False)
    moves: list[Move] = field(default_factory=list)
    swings: list[Swing] = field(default_factory=list)
    jolts: list[Jolt] = field(default_factory=list)
    reps: list[TrueRep] = field(default_factory=list)
    sets: list[TrueSet] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.limb = LIMBS[self.placement]
        self.pose = pose = self.limb.relaxed.array()
        self.moves.append(Move(start_s=-1.0, end_s=0.0, origin=pose, target=pose, bow=np.zeros(SIZE)))

    def act(self, part: Part) -> None:
        match part:
            case StandStill():
                self.now_s += part.duration_s
            case Walk():
                self._walk(part.duration_s)
            case Fidget():
                self._fidget(part.duration_s)
            case Gesture():
                self._stops(GESTURES[part.name][self.placement])
                self._relax()
            case SetOf() | HoldsOf():
                self._exercise(part)
            case _:
                assert_never(part)

    def live(self) -> None:
        """Wander and breathe from the first to the last second."""
        span_s = (-1.0, self.now_s + 1.0)
        self.swings += sway(self.habits, *span_s, self.rng)
        self.swings += breath(self.habits, self.limb, *span_s, self.rng)

    def _move(
        self,
        target: Array,
        move_s: float,
        bow: Array | None = None,
        ramp_ratio: float = 0.5,
        stick_ratio: float = 0.0,
    ) -> None:
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
                ramp_ratio=ramp_ratio,
                skew_ratio=skew,
                stick_ratio=stick_ratio,
            )
        )
        self.pose = target
        self.now_s += move_s

    def _walk(self, duration_s: float) -> None:
        start_s, legs = self.now_s, max(1, round(duration_s / _LEG_S))
        for _ in range(legs):
            self.facing_deg += self.rng.normal(0.0, _LEG_TURN_DEG)
            self._move(self.limb.relaxed.array(), duration_s / legs)
        self.swings += stride(self.limb, start_s, start_s + duration_s, self.rng)

    def _fidget(self, duration_s: float) -> None:
        end_s = self.now_s + duration_s
        while self.now_s < end_s:
            away = self.rng.uniform(-1.0, 1.0, SIZE) * self.limb.fidget.array()
            self._move(self.limb.relaxed.array() + away, self.rng.uniform(*_FIDGET_S))
            self.now_s += self.rng.exponential(0.5)
        self._relax()

    def _relax(self) -> None:
        self._move(self.limb.relaxed.array(), self._varied_s(_RELAX_S))

    def _stops(self, stops: Iterable[Stop], pace_ratio: float = 1.0) -> None:
        for stop in stops:
            self._move(stop.pose.array() + self._aside(), pace_ratio * self._varied_s(stop.move_s))
            self.now_s += pace_ratio * self._varied_s(stop.hold_s)

    def _aside(self) -> Array:
        """How far from where it is meant to stop the limb stops."""
        ratio = self.habits.stop_spread_ratio
        return (
            ratio * self.limb.fidget.array() * self.rng.uniform(-1.0, 1.0, SIZE) if ratio else np.zeros(SIZE)
        )

    def _exercise(self, part: SetOf | HoldsOf) -> None:
        kinematics = kinematics_of(part.exercise, self.placement, part.variant)
        body = Body(kinematics, self.habits, self.rng)
        begun_s, pace_ratio = self.now_s, self.habits.approach_ratio
        self._stops(kinematics.approach, pace_ratio)
        self._move(body.at(0.0), pace_ratio * self._varied_s(kinematics.settle_move_s))
        settle_s = kinematics.settle_hold_s if part.settle_s is None else part.settle_s
        self.now_s += self._varied_s(settle_s)
        first = len(self.reps)
        if isinstance(part, SetOf):
            self._stops(kinematics.windup)
            for rep_index in range(1, part.reps + 1):
                self._rep(part, body, rep_index)
        else:
            for hold_s in part.holds_s:
                self._hold(part, body, self._varied_s(hold_s))
        self._note_set(part.exercise, self.reps[first:])
        self.now_s += 0.0 if isinstance(part, SetOf) and part.drop_last else self._varied_s(_LET_GO_S)
        self._stops(kinematics.leave, pace_ratio)
        self._relax()
        self.swings += shake(self.habits, self.limb, begun_s, self.now_s, self.rng)

    def _note_set(self, exercise: str, reps: list[TrueRep]) -> None:
        span_s = {"start_s": reps[0].start_s, "end_s": reps[-1].end_s}
        self.sets.append(TrueSet(exercise=exercise, rep_count=len(reps), **span_s))

    def _hold(self, part: HoldsOf, body: Body, hold_s: float) -> None:
        """Lift, hold while the limb sinks and trembles more and more, lower, rest."""
        self._move(body.at(self._spread(self.habits.range_spread_ratio)), self._varied_s(part.lift_s))
        start_s = self.now_s
        self._move(body.at(1.0 - self.habits.range_loss_ratio), hold_s)
        end_s = self.now_s
        self.swings += shake(self.habits, self.limb, (start_s + end_s) / 2.0, end_s, self.rng)
        self._move(body.at(0.0), self._varied_s(part.lower_s), ramp_ratio=self.habits.eccentric_ramp_ratio)
        self.now_s += self._varied_s(part.between_s)
        self.reps.append(
            TrueRep(
                kind="hold",
                start_s=start_s,
                turn_s=None,
                end_s=end_s,
                eccentric_s=None,
                pause_lengthened_s=None,
                concentric_s=None,
                pause_shortened_s=None,
            )
        )

    def _rep(self, part: SetOf, body: Body, rep_index: int) -> None:
        tired_ratio = ((rep_index - 1) / (part.reps - 1)) ** 2 if part.reps > 1 else 0.0
        phases = self._durations_s(part.tempo_of(rep_index), tired_ratio)
        first, inside, second, after = _order(body.kinematics.first_phase)
        is_last = rep_index == part.reps
        start_s = self.now_s
        way_ratio = (1.0 - self.habits.range_loss_ratio * tired_ratio) * part.partial.get(rep_index, 1.0)
        target = body.at(way_ratio * self._spread(self.habits.range_spread_ratio))
        self._phase(target, body, first, phases, tired_ratio)
        turn_s = self.now_s
        self.now_s += phases[inside]
        known = [first, inside]
        if not (is_last and part.drop_last):
            short = abs(self._spread(self.habits.range_spread_ratio) - 1.0) / 2.0
            self._phase(body.at(short), body, second, phases, tired_ratio)
            self._strike(body.kinematics.impact_m_s2)
            known.append(second)
        end_s = self.now_s
        if not is_last:
            phases[after] += self._between(body, phases[after], regrips=rep_index in part.regrip_after)
            known.append(after)
        lasted_s = {phase: phases[phase] for phase in known}
        self.reps.append(
            TrueRep(
                kind="rep",
                start_s=start_s,
                turn_s=turn_s,
                end_s=end_s,
                eccentric_s=lasted_s.get(Phase.ECCENTRIC),
                pause_lengthened_s=lasted_s.get(Phase.PAUSE_LENGTHENED),
                concentric_s=lasted_s.get(Phase.CONCENTRIC),
                pause_shortened_s=lasted_s.get(Phase.PAUSE_SHORTENED),
            )
        )

    def _phase(
        self, target: Array, body: Body, phase: Phase, durations_s: dict[Phase, float], tired_ratio: float
    ) -> None:
        if phase is Phase.ECCENTRIC:
            ramp_ratio, stick_ratio = self.habits.eccentric_ramp_ratio, 0.0
        else:
            ramp_ratio, stick_ratio = self.habits.concentric_ramp_ratio, self.habits.stick_ratio * tired_ratio
        phase_s = durations_s[phase]
        ramp_ratio = min(max(ramp_ratio, _LEAST_RAMP_S / phase_s), 0.5)
        self._move(target, phase_s, body.bow, ramp_ratio, stick_ratio)

    def _between(self, body: Body, pause_s: float, *, regrips: bool) -> float:
        """Pause between two reps; return what taking hold anew and winding up add to it, s."""
        self.now_s += pause_s
        begun_s = self.now_s
        if regrips:
            back = self.pose
            away = self.rng.uniform(-1.0, 1.0, SIZE) * _REGRIP_RATIO * self.limb.fidget.array()
            self._move(back + away, self._varied_s(_REGRIP_MOVE_S))
            self._move(back, self._varied_s(_REGRIP_MOVE_S))
        self._stops(body.kinematics.windup)
        return self.now_s - begun_s

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


def _order(first: Phase) -> tuple[Phase, Phase, Phase, Phase]:
    """First moving phase, the pause in the rep, second moving phase, the pause after it."""
    phases = (Phase.CONCENTRIC, Phase.PAUSE_SHORTENED, Phase.ECCENTRIC, Phase.PAUSE_LENGTHENED)
    return phases if first is Phase.CONCENTRIC else (*phases[2:], *phases[:2])
