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
    after, usual_s = run.halves[k], run.usual_pace_s(tick_hz)
    oldest = _searched_from(k, run, params, usual_s * tick_hz)
    if oldest is None or (oldest := max(history.oldest, oldest)) >= after.start.tick:
        return None
    if history.hidden_ticks(oldest, after.turn.tick):
        return None
    poses = history.poses(oldest, after.turn.tick)
    way = np.subtract(run.turn, run.start)
    off = poses - np.array(run.start)
    along = off @ way / (way @ way)
    begin = after.start.tick - oldest
    begin += int((along[begin:] < params.partial_back_ratio / 2).nonzero()[0][-1:].sum())
    found = _there_and_back(along[: begin + 1], params)
    if found is None or not _goes_along(*found, off, run, params, tick_hz):
        return None
    start, turn, then = (Extremum(oldest + k, pose_of(poses[k])) for k in (*found, begin))
    half = HalfRep(start, turn)
    pace_s, first_s = (after.turn.tick - turn.tick) / tick_hz, (turn.tick - start.tick) / tick_hz
    is_timely = first_s in movement.first_phase_s and run.pace_fits(pace_s, usual_s, movement, params)
    if not is_timely or not run.turns_in_part(half, params) or not _is_loaded(half, movement):
        return None
    return Missed(half, after.start if then.tick == after.start.tick else then)


def _searched_from(k: int, run: Run, params: RunParams, usual_ticks: float) -> int | None:
    """The earliest tick of what may be a rep before number `k`; None where there was no time for one more."""
    after = run.halves[k]
    if not k:
        return math.ceil(after.start.tick - params.pace_factor * usual_ticks)
    before = run.halves[k - 1].turn.tick
    return before if after.turn.tick - before >= _TIME_FOR_ONE_MORE * usual_ticks else None


def _goes_along(start: int, turn: int, off: Array, run: Run, params: RunParams, tick_hz: float) -> bool:
    """Whether it went the run's way, having rested near its start: the nearer, the less far it went."""
    way = np.subtract(run.turn, run.start)
    share = off[turn] @ way / (way @ way)
    beside = lengths(off[turn] - share * way) / max(share, params.partial_ratio) / run.range_g
    rested = lengths(off[max(0, start - round(_RESTED_S * tick_hz)) : start + 1]).mean() / run.range_g
    near = params.pose_tolerance_ratio * (1.0 if share > _WHOLE else 0.5)
    return bool(rested <= near and beside <= math.tan(math.acos(params.partial_cosine)))


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
