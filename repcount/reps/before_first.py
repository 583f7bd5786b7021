"""Whether a smaller rep came before the first one that recurs: people often begin a set with one.

Rules: a run begins with two movements that are alike, so a first rep that was cut short, or left from
elsewhere is in none. Once reps enough tell the way, what came just before the run is held against it: the
limb went the same way from about the same start, far enough, and was back where the run begins.
"""

import math

import numpy as np

from repcount.exercises.model import Movement
from repcount.reps.few import lengths
from repcount.reps.history import MotionHistory
from repcount.reps.run import HalfRep, Run, angle_deg, load_fits
from repcount.reps.run_params import RunParams
from repcount.reps.zigzag import Extremum, pose_of
from repcount.samples import Array


def rep_before(
    run: Run, history: MotionHistory, movement: Movement, params: RunParams, tick_hz: float
) -> HalfRep | None:
    """Return the first half of the rep that came right before the run's first one; None where none did."""
    begin = run.first_tick
    pace_ticks = 0 if run.pace_s is None else run.pace_s * tick_hz
    oldest = max(history.oldest, math.ceil(begin - params.pace_factor * pace_ticks))
    if not pace_ticks or history.hidden_ticks(oldest, begin):
        return None
    poses = history.poses(oldest, begin)
    way = np.subtract(run.turn, run.start)
    off = poses - np.array(run.start)
    along = off @ way / (way @ way)
    found = _there_and_back(along, params)
    if found is None:
        return None
    start, turn = found
    range_g = run.range_g
    beside = lengths(off[turn] - along[turn] * way) / max(along[turn], params.partial_ratio) / range_g
    near = lengths(off[start]) < params.pose_tolerance_ratio * range_g
    if not near or beside > math.tan(math.acos(params.partial_cosine)):
        return None
    half = HalfRep(
        Extremum(oldest + start, pose_of(poses[start])), Extremum(oldest + turn, pose_of(poses[turn]))
    )
    is_one = _turns(half, run, params) and _is_timely(half, run, movement, params, tick_hz)
    return half if is_one and _is_loaded(half, movement) else None


def _there_and_back(along: Array, params: RunParams) -> tuple[int, int] | None:
    """Where the last movement along the way began and turned; None where it did not go far, or too far."""
    out = (along >= params.partial_ratio).nonzero()[0]
    if not len(out):
        return None
    home = (along[: out[-1]] < params.partial_back_ratio / 2).nonzero()[0]
    if not len(home):
        return None
    left = int(home[-1])
    while left > 0 and along[left - 1] < along[left]:
        left -= 1
    turn = left + int(along[left : out[-1] + 1].argmax())
    back = along[turn:].min() < params.partial_back_ratio
    return (left, turn) if back and along[turn] < params.range_factor else None


def _is_timely(half: HalfRep, run: Run, movement: Movement, params: RunParams, tick_hz: float) -> bool:
    first_s = (half.turn.tick - half.start.tick) / tick_hz
    pace_s = (run.halves[0].turn.tick - half.turn.tick) / tick_hz
    slowest = run.pace_s is None or 1 / params.pace_factor < pace_s / run.pace_s < params.pace_factor
    return first_s in movement.first_phase_s and pace_s in movement.rep_s and slowest


def _turns(half: HalfRep, run: Run, params: RunParams) -> bool:
    """Whether it turned like a part of a rep: what is only pushed, as a bar that is taken up, goes no way."""
    turned_deg = angle_deg(half.start.pose, half.turn.pose)
    return turned_deg >= params.partial_ratio * angle_deg(run.start, run.turn)


def _is_loaded(half: HalfRep, movement: Movement) -> bool:
    return load_fits(movement.turn_load, math.hypot(*half.turn.pose) - math.hypot(*half.start.pose))
