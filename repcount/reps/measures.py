"""What a rep was like beside its times: range, way in metres, sway, whether it was begun with a kip.

Rules: read once, when the rep is complete and before its motion is forgotten; what this sensor, at this
placement, cannot tell is None. Up is read at the very start and turn where a gyroscope follows it; without
one it is the slow pose, which a throw bends less, at its furthest near either end.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repcount.exercises.model import Measured, Movement, TurnLoad
from repcount.reps.history import MotionHistory
from repcount.reps.phases import Span
from repcount.reps.seen import Measures, SeenRep
from repcount.reps.swing import swing_deg, turns_back
from repcount.reps.timing import Timing
from repcount.reps.travel import Lift, follows_turns, last_lift, upward_m_s2
from repcount.reps.zigzag import Pose, pose_of
from repcount.samples import Array


@dataclass(frozen=True, slots=True)
class Measurer:
    """Measures reps by the motion they were, which somebody else feeds to `history`."""

    history: MotionHistory
    timing: Timing

    def measure_all(self, reps: Sequence[SeenRep], movement: Movement) -> None:
        """Measure those of a run's reps that are complete and not measured yet."""
        before: SeenRep | None = None
        for rep in reps:
            if rep.second is not None and rep.measures is None:
                rep.measures = self._measured(rep, rep.second, before, movement)
            before = rep

    def _measured(
        self, rep: SeenRep, second: Span, before: SeenRep | None, movement: Movement
    ) -> Measures | None:
        """None where the rep is forgotten."""
        whole = self._ticks(Span(rep.first.start_s, second.end_s))
        force_g, up = self.history.quick(*whole), self.history.up(*whole)
        if len(up) != whole[1] - whole[0] + 1:
            return None
        has_gyro, asked = follows_turns(force_g, up), movement.measured
        ends = self._ends_followed(rep) if has_gyro else self._ends_felt(rep)
        if ends is None:
            return None
        lift = self._lift(rep, before, movement) if has_gyro else None
        return Measures(
            start_up=ends[0],
            turn_up=ends[1],
            travel_m=lift.way_m if lift else None,
            velocity_m_s=lift.mean_velocity_m_s if lift else None,
            sway_deg=swing_deg(up) if has_gyro and asked.trunk_sways else None,
            kipped=self._kipped(rep, before, asked, has_gyro=has_gyro),
        )

    def _ticks(self, span: Span) -> tuple[int, int]:
        """First and last tick of the quick signals in the span."""
        late_s, tick_s = self.timing.delays.quick_s, self.timing.tick_s
        first, last = (math.ceil((t_s + late_s) / tick_s) for t_s in (span.start_s, span.end_s))
        return first, min(last, self.history.newest)

    def _ends_followed(self, rep: SeenRep) -> tuple[Pose, Pose] | None:
        """Up at the start and at the turn, as a gyroscope has it."""
        start, turn = self._up_at(rep.first.start_s), self._up_at(rep.first.end_s)
        return None if start is None or turn is None else (start, turn)

    def _up_at(self, t_s: float) -> Pose | None:
        at = (t_s + self.timing.delays.quick_s) / self.timing.tick_s
        ups = self.history.up(math.floor(at), math.floor(at) + 1)
        if len(ups) != 2:  # noqa: PLR2004 - the ticks on either side
            return None
        return pose_of(ups[0] + (at - math.floor(at)) * (ups[1] - ups[0]))

    def _ends_felt(self, rep: SeenRep) -> tuple[Pose, Pose] | None:
        """The poses near the start and near the turn that are furthest apart."""
        starts, turns = (self._poses_near(t_s) for t_s in (rep.first.start_s, rep.first.end_s))
        if not (len(starts) and len(turns)):
            return None
        cosines = sum(starts[:, k, np.newaxis] * turns[:, k] for k in range(3))
        start, turn = divmod(int(np.argmin(cosines)), len(turns))
        return pose_of(starts[start]), pose_of(turns[turn])

    def _poses_near(self, t_s: float) -> Array:
        """Directions (N, 3) of the pose around a moment."""
        late_s, tick_s = self.timing.delays.pose_s, self.timing.tick_s
        first, last = (round((t_s + late_s + off_s) / tick_s) for off_s in (-_NEAR_S, _NEAR_S))
        poses_g = self.history.poses(first, last)
        return np.asarray(poses_g / np.maximum(np.sqrt(np.sum(poses_g**2, axis=1, keepdims=True)), 1e-9))

    def _lift(self, rep: SeenRep, before: SeenRep | None, movement: Movement) -> Lift | None:
        """The concentric as a lift; None where it is none, or there is no turn before to measure it from."""
        if before is None or movement.measured.longest_lift_s == 0:
            return None
        first, turn = self._ticks(Span(before.first.end_s, rep.first.end_s))
        ticks = first, turn + self.timing.ticks(_AFTER_S)
        acc_m_s2 = upward_m_s2(self.history.quick(*ticks), self.history.up(*ticks))
        if len(acc_m_s2) <= turn - first:
            return None
        downward = movement.turn_load is TurnLoad.MORE
        lift = last_lift(-acc_m_s2 if downward else acc_m_s2, turn - first, self.timing.tick_s)
        asked = movement.measured
        if lift is None or lift.duration_s > asked.longest_lift_s or lift.way_m > asked.longest_lift_m:
            return None
        return lift

    def _kipped(
        self, rep: SeenRep, before: SeenRep | None, asked: Measured, *, has_gyro: bool
    ) -> bool | None:
        """Whether the body swung before the pull; None where that cannot be told."""
        since_s = rep.first.start_s - _SWING_S
        if before is not None:
            since_s = max(since_s, before.first.end_s)
        ups = self.history.up(*self._ticks(Span(since_s, rep.first.end_s)))
        if asked.kip_swing_deg is not None and has_gyro:
            return swing_deg(ups) > asked.kip_swing_deg
        # Getting on looks like a swing. And who does not swing the arms may yet swing the hips.
        if asked.kip_turn_deg is not None and before is not None:
            return turns_back(ups, asked.kip_turn_deg) > _TURNS_OF_A_STRICT_REP or None
        return None


_AFTER_S = 0.4
"""A lift ends no later than this after the turn as the arc has it, s."""
_NEAR_S = 0.4
"""The pose is furthest no further than this from the start and the turn, s."""
_TURNS_OF_A_STRICT_REP = 2
"""It comes down and goes up again, and may settle before: a kip goes out and back as well."""
_SWING_S = 1.8
"""A swing begins no earlier before the pull, s: twice as long as a kip takes."""
