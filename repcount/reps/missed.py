"""Reps that a run has missed: a smaller first or second one, or one passed over later.

Rules: a run begins with movements that are alike, so a rep cut short, or left from elsewhere, is not in it.
Once reps enough tell the way, what came just before the run, and between two of its reps where there was time
for one more, is held against it: the limb went the same way from about the same start, far enough, and was
back where the next rep begins.
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


def missed_before(
    k: int, run: Run, history: MotionHistory, movement: Movement, params: RunParams, tick_hz: float
) -> HalfRep | None:
    """Return the first half of the rep that was missed right before the run's rep `k`, if one was."""
    begin, pace_ticks = run.halves[k].start.tick, 0 if run.pace_s is None else run.pace_s * tick_hz
    if k:
        oldest = run.halves[k - 1].turn.tick
        if run.halves[k].turn.tick - oldest < _TIME_FOR_ONE_MORE * pace_ticks:
            return None
    else:
        oldest = math.ceil(begin - params.pace_factor * pace_ticks)
    oldest = max(history.oldest, oldest)
    if not pace_ticks or oldest >= begin or history.hidden_ticks(oldest, begin):
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
    rested = lengths(off[max(0, start - round(_RESTED_S * tick_hz)) : start + 1]).mean() / range_g
    near = params.pose_tolerance_ratio * (1.0 if along[turn] > _WHOLE else 0.5)
    if rested > near or beside > math.tan(math.acos(params.partial_cosine)):
        return None
    half = HalfRep(
        Extremum(oldest + start, pose_of(poses[start])), Extremum(oldest + turn, pose_of(poses[turn]))
    )
    pace_s = (run.halves[k].turn.tick - half.turn.tick) / tick_hz
    first_s = (half.turn.tick - half.start.tick) / tick_hz
    is_timely = first_s in movement.first_phase_s and run.pace_fits(pace_s, movement, params)
    return half if is_timely and _turns(half, run, params) and _is_loaded(half, movement) else None


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


def _turns(half: HalfRep, run: Run, params: RunParams) -> bool:
    """Whether it turned like a part of a rep: what is only pushed, as a bar that is taken up, goes no way."""
    turned_deg = angle_deg(half.start.pose, half.turn.pose)
    return turned_deg >= params.partial_ratio * angle_deg(run.start, run.turn)


def _is_loaded(half: HalfRep, movement: Movement) -> bool:
    return load_fits(movement.turn_load, math.hypot(*half.turn.pose) - math.hypot(*half.start.pose))


_TIME_FOR_ONE_MORE = 1.4
"""Between the turns of two reps, in units of the run's pace."""
_RESTED_S, _WHOLE = 0.5, 0.85
"""For so long before it the limb was near the start; nearer, where it went less than this share of the way:
who takes up a bar comes from elsewhere."""
