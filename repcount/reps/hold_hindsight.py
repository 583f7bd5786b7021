"""Holds that are seen only once they are over: lifted without a rest before, right after lying down.

Rules: a pose the wearer stayed at and has left was a hold if the way into it came from where the wearer is
now, and if not long before that the wearer lay down: turned by far more than a lift.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from repcount.exercises.model import Hold
from repcount.reps.hold_arc import Arc, Direction, angle_deg
from repcount.reps.hold_state import HoldParams
from repcount.reps.hold_traits import Lift, Lowering, is_hold
from repcount.reps.hold_way import lift_span, lowering_span, strayed


@dataclass(frozen=True, slots=True)
class Path:
    """The newest stretch of directions at `tick`: poses, and quick ones, which are `lag` ticks sooner."""

    tick: int
    poses: Sequence[Direction]
    quick: Sequence[Direction]


@dataclass(frozen=True, slots=True)
class Before:
    """What led to a pose: the path when it was found to be still, and the postures before, one a second."""

    path: Path
    postures: Sequence[Direction]


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A hold that was: its first and last tick by the quick signal."""

    lift: Lift
    start_ticks: float
    end_ticks: float


def lay_down(now: Direction, postures: Sequence[Direction], params: HoldParams) -> bool:
    """Whether the wearer turned by far more than a lift before coming here."""
    return any(angle_deg(now, d) >= params.laid_deg for d in postures)


def lies_down(
    reference: Direction, now: Direction, postures: Sequence[Direction], params: HoldParams
) -> bool:
    """Whether the way from the reference to now leads further away from where the wearer came from.

    Who lies down turns away from upright, mostly with a stop on hands and knees; a lift leads back to it.
    """
    far_deg = [(angle_deg(reference, d), angle_deg(now, d)) for d in postures]
    was_deg, is_deg = max(far_deg, key=sum, default=(0.0, 0.0))
    return is_deg >= params.laid_deg and is_deg > was_deg


def may_lift(
    reference: Direction, now: Direction, postures: Sequence[Direction], params: HoldParams, *, rested: bool
) -> bool:
    """Whether a hold may begin here: after a rest or lying down, but not by it."""
    began = rested or lay_down(reference, postures, params)
    return began and not lies_down(reference, now, postures, params)


def held_before(
    top: Direction, before: Before, after: Path, lag: int, model: Hold, params: HoldParams
) -> Hindsight | None:
    """Return the hold at `top` that led here, if it was one that counts."""
    now = after.poses[-1]
    level_deg = angle_deg(now, top)
    if not lay_down(now, before.postures, params):
        return None
    arc = Arc.through(now, top)
    up, down = lift_span(before.path.quick, arc, level_deg), lowering_span(after.quick, arc, level_deg)
    if up is None or down is None:
        return None
    start = before.path.tick - len(before.path.quick) + 1 + up.end_ticks
    end = after.tick - len(after.quick) + 1 + down.begin_ticks
    lifted = before.path.poses[max(0, round(up.begin_ticks) + lag) : round(up.last_ticks) + lag + 1]
    lowered = after.poses[max(0, round(down.first_ticks) + lag) :]
    beside_deg, undone_deg = strayed(lifted, arc, up=True)
    lift = Lift(
        rested=False,
        angle_deg=level_deg,
        duration_s=up.most_ticks / params.tick_hz,
        beside_deg=beside_deg,
        undone_deg=undone_deg,
    )
    off_deg = _stop_deg(before.path.poses, round(up.begin_ticks) + lag, now, params)
    near = off_deg <= params.judge.near_deg(level_deg)
    beside_deg, undone_deg = strayed(lowered, arc, up=False)
    way = Lowering(beside_deg=beside_deg, undone_deg=undone_deg, return_deg=off_deg if near else None)
    hold_s = (end - start) / params.tick_hz
    return Hindsight(lift, start, end) if is_hold(lift, hold_s, way, model, params.judge) else None


def _stop_deg(poses: Sequence[Direction], begin: int, now: Direction, params: HoldParams) -> float:
    """How near to `now` the wearer stopped, or turned, where the lift began; 180 degrees if nowhere."""
    reach = round(params.stop_s * params.tick_hz / 2)
    near = range(max(reach, begin - 2 * reach), min(len(poses) - reach, begin + reach + 1))
    stops = [k for k in near if angle_deg(poses[k - reach], poses[k + reach]) <= params.turn_deg]
    return min((angle_deg(now, poses[k]) for k in stops), default=180.0)


def stop_before(poses: Sequence[Direction], params: HoldParams) -> Direction | None:
    """Return where the wearer stopped last, however shortly, before coming to the newest pose."""
    now, reach, left = poses[-1], round(params.stop_s * params.tick_hz / 2), False
    for k in range(len(poses) - 1 - reach, reach - 1, -1):
        left = left or angle_deg(now, poses[k]) > params.leave_deg
        if left and angle_deg(poses[k - reach], poses[k + reach]) <= params.stop_deg:
            return poses[k]
    return None
