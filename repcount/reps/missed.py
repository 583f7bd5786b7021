"""Reps that a run has missed: a smaller first or second one, or one passed over later.

Rules: a run begins with movements that are alike, so a rep cut short, or left from elsewhere, is not in it.
Once reps enough tell the way, what came just before the run, and between two of its reps where there was time
for one more, is held against it: the limb went the same way from about the same start, far enough, and was
back where the next rep begins.
"""

import math
from typing import NamedTuple

import numpy as np

from repcount.exercises.model import Movement
from repcount.reps.few import lengths
from repcount.reps.history import MotionHistory
from repcount.reps.run import HalfRep, Run, load_fits
from repcount.reps.run_params import RunParams
from repcount.reps.zigzag import Extremum, pose_of
from repcount.samples import Array


class Missed(NamedTuple):
    """The first half of a rep that was missed, and where the one after it then starts."""

    half: HalfRep
    then: Extremum


def missed_before(
    k: int, run: Run, history: MotionHistory, movement: Movement, params: RunParams, tick_hz: float
) -> Missed | None:
    """Return the rep that was missed right before the run's rep `k`, if one was."""
    usual_s = run.usual_pace_s(tick_hz)
    after = run.halves[k]
    if k:
        oldest = run.halves[k - 1].turn.tick
        if after.turn.tick - oldest < _TIME_FOR_ONE_MORE * usual_s * tick_hz:
            return None
    else:
        oldest = math.ceil(after.start.tick - params.pace_factor * usual_s * tick_hz)
    oldest = max(history.oldest, oldest)
    if oldest >= after.start.tick or history.hidden_ticks(oldest, after.turn.tick):
        return None
    poses = history.poses(oldest, after.turn.tick)
    way = np.subtract(run.turn, run.start)
    off = poses - np.array(run.start)
    along = off @ way / (way @ way)
    begin = after.start.tick - oldest
    begin += int((along[begin:] < params.partial_back_ratio / 2).nonzero()[0][-1:].sum())
    found = _there_and_back(along[: begin + 1], params)
    if found is None:
        return None
    start, turn = found
    range_g = run.range_g
    beside = lengths(off[turn] - along[turn] * way) / max(along[turn], params.partial_ratio) / range_g
    rested = lengths(off[max(0, start - round(_RESTED_S * tick_hz)) : start + 1]).mean() / range_g
    near = params.pose_tolerance_ratio * (1.0 if along[turn] > _WHOLE else 0.5)
    if rested > near or beside > math.tan(math.acos(params.partial_cosine)):
        return None
    half = HalfRep(_at(start, oldest, poses), _at(turn, oldest, poses))
    pace_s = (after.turn.tick - half.turn.tick) / tick_hz
    first_s = (half.turn.tick - half.start.tick) / tick_hz
    is_timely = first_s in movement.first_phase_s and run.pace_fits(pace_s, usual_s, movement, params)
    if not is_timely or not run.turns_in_part(half, params) or not _is_loaded(half, movement):
        return None
    return Missed(half, after.start if oldest + begin == after.start.tick else _at(begin, oldest, poses))


def _at(tick: int, oldest: int, poses: Array) -> Extremum:
    return Extremum(oldest + tick, pose_of(poses[tick]))


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


def _is_loaded(half: HalfRep, movement: Movement) -> bool:
    return load_fits(movement.turn_load, math.hypot(*half.turn.pose) - math.hypot(*half.start.pose))


_TIME_FOR_ONE_MORE = 1.4
"""Between the turns of two reps, in units of the run's pace."""
_RESTED_S, _WHOLE = 0.5, 0.85
"""For so long before it the limb was near the start; nearer, where it went less than this share of the way:
who takes up a bar comes from elsewhere."""
