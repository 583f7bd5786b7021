"""Which end the reps of a run begin at, where neither the load nor the lean of a trunk tells.

Rules: read from either end the same turns are as many reps, but what is raised is then called lowered. No
single sign is enough, so each has a weight, and none may outweigh all others: people differ in every one.
"""

import math
from collections.abc import Sequence
from itertools import combinations, pairwise
from statistics import median

import numpy as np

from repcount.events import Phase
from repcount.exercises.model import Movement
from repcount.reps.few import lengths, middle, usual_distance
from repcount.reps.history import MotionHistory
from repcount.reps.run import Run
from repcount.reps.seen import SeenRep
from repcount.reps.timing import Timing
from repcount.samples import Array


def order_doubt(
    movement: Movement,
    lead: Run,
    reverse: Run,
    reps: Sequence[SeenRep],
    history: MotionHistory,
    timing: Timing,
) -> float:
    """How much speaks for the rep beginning at the other end, as `reverse` has it: above 0 that it does.

    Log odds. Weights are lowered slower than they are lifted, who tires lifts slower and lowers as before,
    limbs come back to the same start but not always as far, who rests between two reps rests at the start, a
    set begins where the wearer was before it, and arms that reach up point away from where they hung before.
    Not to be asked where the limb is thrown: the load told already. Weights between those of logistic
    regressions of the sets of two simulators that know nothing of each other (first 169 of the second and 120
    of ours; for who tires, hung and wanders 147 and 58 others), and none so large that the one real lifter
    whose grip is wide and who holds his arms before him between sets (`kaggle_gym`) is read the other way.
    """
    phases = [(rep.first.duration_s, rep.second.duration_s) for rep in reps if rep.second is not None]
    known = [(first, second) for first, second in phases if first > 0 and second > 0]
    if not known:
        return -1.0
    lifts_first = 1 if movement.first_phase is Phase.CONCENTRIC else -1
    firsts, seconds = zip(*known, strict=True)
    slower = math.log(median(firsts) / median(seconds))
    tires = _slows(firsts) - _slows(seconds)
    leans = (movement.turn_load or movement.turn_leans) * _within(lead.load_g / _LEANS_G, 1.0)
    came = not movement.bends_to_start and _came_from_turn(lead, history, timing)
    return (
        lifts_first * (_SLOWER * _within(slower, 1.0) - _TIRES * _within(tires / _TIRED, 1.0))
        + _there_first(movement, lead, reverse, timing.tick_s)
        - _LEANS * leans
        - _WANDERS * (_turn_wanders(lead) - _turn_wanders(reverse)) / 2
        - _RESTS * _rests_at_start_s(reps)
        - _HUNG * (_within(_hung(lead, history, timing) / _HUNG_SURELY, 1.0) if movement.reaches_up else 0.0)
        + _CAME * came
    )


def _there_first(movement: Movement, lead: Run, reverse: Run, tick_s: float) -> float:
    """What tells that the reverse run was there before the lead, or after it."""
    before_s = (lead.first_tick - reverse.first_tick) * tick_s
    if not movement.bends_to_start:
        return _FIRST if before_s > 0 else -_FIRST
    if before_s > 0:
        return -_BENT
    return _BENT if -before_s > _TAKES_HOLD_S else 0.0


def _came_from_turn(run: Run, history: MotionHistory, timing: Timing) -> bool:
    """Whether the limb was where the run turns shortly before the run's first start."""
    before = history.poses(run.first_tick - timing.ticks(_BEFORE_S), run.first_tick)
    off_g = lengths(before - np.array(run.halves[0].turn.pose))
    return bool(np.min(off_g, initial=np.inf) < _AT_TURN * run.range_g)


def _hung(run: Run, history: MotionHistory, timing: Timing) -> float:
    """How much further from the start than from the turn the arm pointed while it hung, in units of the arc.

    Above 0: the start is where the arm is straight. 0 where it hung for too short a time before the set.
    """
    first = run.first_tick
    poses = history.seldom_poses(first - timing.ticks(_HUNG_BEFORE_S), first - timing.ticks(_GRIPS_S))
    start, turn = (middle(np.array([half[end].pose for half in run.halves])) for end in (0, 1))
    from_start, from_turn = _angles_deg(poses, start), _angles_deg(poses, turn)
    hung = (from_start + from_turn) / 2 > _HANGS_DEG
    arc_deg = float(_angles_deg(start, turn))
    if np.count_nonzero(hung) < _HUNG_POSES or arc_deg <= 0:
        return 0.0
    return float(np.mean((from_start - from_turn)[hung])) / arc_deg


def _angles_deg(poses: Array, pose: Array) -> Array:
    """Angles (...) between poses (..., 3) and one (3,), degrees."""
    sizes = np.maximum(lengths(poses) * lengths(pose), _TINY)
    return np.asarray(np.degrees(np.arccos(np.clip(poses @ pose / sizes, -1, 1))))


def _slows(durations_s: Sequence[float]) -> float:
    """By how much longer the last takes than the first: of logarithms, along the usual slope (Theil-Sen)."""
    if len(durations_s) < _SLOWS_REPS:
        return 0.0
    logs = enumerate(math.log(duration_s) for duration_s in durations_s[-_MOST_REPS:])
    slopes = [(after - before) / (k - i) for (i, before), (k, after) in combinations(logs, 2)]
    return median(slopes) * (len(durations_s) - 1)


def _within(value: float, most: float) -> float:
    return min(max(value, -most), most)


def _turn_wanders(run: Run) -> float:
    """Logarithm of how many times as far apart the turns are as the starts, within -1 and 1."""
    if run.reps < _WANDERS_REPS:
        return 0.0
    least_g = _EXACT * run.range_g
    starts, turns = (np.array([half[end].pose for half in run.halves]) for end in (0, 1))
    return _within(math.log(max(usual_distance(turns), least_g) / max(usual_distance(starts), least_g)), 1.0)


def _rests_at_start_s(reps: Sequence[SeenRep]) -> float:
    """How much longer than usual the longest pause between reps is, less that within, s, at most 1.5."""
    inside = [rep.second.start_s - rep.first.end_s for rep in reps[:-1] if rep.second is not None]
    between = [
        after.first.start_s - rep.second.end_s for rep, after in pairwise(reps) if rep.second is not None
    ]
    longer = [
        _within(max(rests) - median(rests), _LONG_REST_S) if rests else 0.0 for rests in (between, inside)
    ]
    return _within(longer[0] - longer[1], _MOST_REST_S)


_SLOWER, _TIRES, _FIRST, _LEANS, _WANDERS, _RESTS, _HUNG, _CAME = 2.75, 0.75, 0.9, 2.5, 0.5, 1.0, 1.5, 0.8
"""Weights in the doubt: of a lowering e times as slow, of lifts that become slower, of who was there first,
of which end feels more, of which is reached more exactly, of a second rested, of having hung the other way
round, of having come from the turn."""
_TIRED, _SLOWS_REPS, _MOST_REPS = 0.3, 4, 12
"""Who lifts this much slower in the end, of logarithms, tires as surely as can be; fewer reps have no slope,
and of more the latest tell: work is bounded."""
_BENT, _TAKES_HOLD_S = 3.0, 3.0
"""The weight of who was there first where the wearer bends down to the start: it was the wrong one. By less
than bending down and taking hold takes, s, it may as well be the one that missed the bending down."""
_BEFORE_S, _AT_TURN = 3.0, 0.3
"""So long before its first start a run may have come from its turn, and so near, in units of its range."""
_HUNG_BEFORE_S, _GRIPS_S, _HUNG_POSES = 30.0, 0.5, 5
"""From so long before the set until shortly before it is looked at, s; in so many poses, some 2 s, the arm
must have hung."""
_HANGS_DEG, _HUNG_SURELY = 140.0, 0.15
"""An arm that hangs points this far away from both ends of a reaching one, on average, degrees; of the arc a
difference that tells as much as any larger one."""
_WANDERS_REPS, _EXACT = 4, 0.01
"""Fewer reps have no spread; one below this share of the range is noise."""
_LONG_REST_S, _MOST_REST_S = 2.0, 1.5
"""More than this tells no more."""
_LEANS_G, _TINY = 0.06, 1e-9
"""A difference of load between the ends, g, that tells as much as any larger one."""
