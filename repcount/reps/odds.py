"""How likely it is that reps are a set that somebody does on purpose, and of this exercise.

Rules: eating, walking and gesturing recur too, but not as alike, not back the way they came, and not as an
exercise goes. Each kind of evidence is 0 where it is as good as need be, since no set is a set more for being
perfect, and weighs against it from there on; nothing depends on the mounting of the sensor.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from repcount.events import Phase
from repcount.exercises.model import Movement, Worn
from repcount.reps.few import lengths, middle, usual_distance
from repcount.reps.likeness import MAD_SD, MANY, Likeness, likeness
from repcount.reps.run import HalfRep, Run
from repcount.reps.seen import SeenRep, halves_of


class Evidence(NamedTuple):
    """What speaks against a set; 0 and above.

    `apart`, `retrace`: the reps' ways lie apart, the way back beside the way there. `uneven_pace`,
    `uneven_first`: durations of the reps, of their first phases, differ. `start_apart`, `turn_apart`: so do
    the poses at the ends. `smooth`: nothing is felt above the movement (below 0: something is).
    `far`: the limb turns further than usual. `slow`, `long`: the concentric, the reps take longer than usual.
    `aside`: the limb leaves the plane it turns in. `restless`: no rest before the first. `unthrown`: the hand
    is not thrown.
    """

    apart: float
    retrace: float
    uneven_pace: float
    uneven_first: float
    start_apart: float
    turn_apart: float
    smooth: float
    far: float
    slow: float
    long: float
    aside: float
    restless: float
    unthrown: float


_WEIGHTS = {
    Worn.LIMB: Evidence(
        apart=1.95,
        retrace=4.3,
        uneven_pace=1.9,
        uneven_first=1.5,
        start_apart=9.8,
        turn_apart=17.5,
        smooth=4.35,
        far=10.4,
        slow=4.65,
        long=6.15,
        aside=1.8,
        restless=3.9,
        unthrown=5.6,
    ),
    Worn.TRUNK: Evidence(
        apart=2.2,
        retrace=1.75,
        uneven_pace=3.0,
        uneven_first=0.65,
        start_apart=23.5,
        turn_apart=29.0,
        smooth=0.0,
        far=29.0,
        slow=0.0,
        long=0.0,
        aside=6.3,
        restless=7.9,
        unthrown=6.85,
    ),
}
"""Log odds for one unit of each: a logistic regression of none but positive weights, of the leading runs in
sets (simulated; for the limb also `kaggle_gym`, `muvr`, `metamotion`) against those in `wisdm_watch`, `hmp`,
`ha24` (limb) and `casale` (trunk), with an intercept for each exercise and number of reps. Fitted on either
half of the people it holds on the other."""


def log_odds(movement: Movement, lead: Run, reps: Sequence[SeenRep], tick_s: float) -> float:
    """Log odds, but for a constant, of these complete reps of a run; -inf where nothing is known of them."""
    alike = [one for one in (_moving(reps), _whole(reps)) if one is not None]
    if not alike or all(rep.whole is None for rep in reps) or all(rep.rom_deg is None for rep in reps):
        return -math.inf
    weights = _WEIGHTS[movement.worn]
    best = min(alike, key=lambda one: _unlikeness(one, weights))
    evidence = _evidence(movement, lead, reps, best, tick_s)
    return -math.fsum(a * b for a, b in zip(weights, evidence, strict=True))


def _moving(reps: Sequence[SeenRep]) -> Likeness | None:
    return likeness([rep.moving for rep in reps if rep.moving is not None])


def _whole(reps: Sequence[SeenRep]) -> Likeness | None:
    return likeness([rep.whole for rep in reps if rep.whole is not None])


def _unlikeness(one: Likeness, weights: Evidence) -> float:
    return (
        weights.apart * _beyond(one.apart_ratio, _APART)
        + weights.retrace * _beyond(one.retrace_ratio, _RETRACE)
        + weights.uneven_pace * max(0.0, one.pace_spread - _UNEVEN)
    )


def _evidence(
    movement: Movement, lead: Run, reps: Sequence[SeenRep], alike: Likeness, tick_s: float
) -> Evidence:
    halves = halves_of(reps, lead.halves)
    starts, turns = (np.array([half[end].pose for half in halves]) for end in (0, 1))
    range_g = max(float(lengths(middle(turns) - middle(starts))), _SMALLEST_G)
    rough_g = median(rep.whole.rough_g for rep in reps if rep.whole is not None)
    asides = [rep.aside_ratio for rep in reps if rep.aside_ratio is not None]
    return Evidence(
        apart=_beyond(alike.apart_ratio, _APART),
        retrace=_beyond(alike.retrace_ratio, _RETRACE),
        uneven_pace=max(0.0, alike.pace_spread - _UNEVEN),
        uneven_first=max(0.0, _spread([rep.first.duration_s for rep in reps]) - _UNEVEN_FIRST),
        start_apart=max(0.0, usual_distance(starts) / range_g - _ENDS_APART),
        turn_apart=max(0.0, usual_distance(turns) / range_g - _ENDS_APART),
        smooth=-min(_beyond(rough_g / range_g, _SMOOTH), _ROUGH),
        far=_beyond(median(rep.rom_deg for rep in reps if rep.rom_deg is not None), movement.usual_arc_deg),
        slow=_beyond(_concentric_s(movement, reps), _SLOW_S),
        long=_beyond(_pace_s(halves, tick_s), _LONG_S),
        aside=0.0 if movement.rolls or not asides else _beyond(median(asides[-_LATEST_REPS:]), _ASIDE),
        restless=max(0.0, _AT_REST - lead.settled),
        unthrown=max(0.0, 1 - movement.turn_load * lead.load_g / _THROWN_G) if movement.turn_load else 0.0,
    )


_APART, _RETRACE, _UNEVEN, _UNEVEN_FIRST, _ENDS_APART = 0.05, 0.08, 0.06, 0.1, 0.04
_SMOOTH, _ROUGH = 0.04, 0.7
_SLOW_S, _LONG_S = 1.6, 5.5
_ASIDE, _AT_REST, _THROWN_G = 0.08, 0.45, 0.1
"""As good as need be: what is better weighs no more. Ratios in units of the range, spreads of logarithms."""
_LATEST_REPS = 6
_SMALLEST_G, _SHORTEST_S = 1e-3, 0.05


def _beyond(value: float, good: float) -> float:
    """Logarithm of how many times more than good it is; 0 where it is good."""
    return math.log(max(value, good) / good)


def _concentric_s(movement: Movement, reps: Sequence[SeenRep]) -> float:
    if movement.first_phase is Phase.CONCENTRIC:
        return median(rep.first.duration_s for rep in reps)
    return median(rep.second.duration_s for rep in reps if rep.second is not None)


def _pace_s(halves: Sequence[HalfRep], tick_s: float) -> float:
    """Usual time from one turn to the next; 0 of one rep."""
    paces = [after.turn.tick - before.turn.tick for before, after in pairwise(halves)]
    return median(paces) * tick_s if paces else 0.0


def _spread(durations_s: Sequence[float]) -> float:
    """Standard deviation of the logarithms; of many as their middle half has it."""
    logs = [math.log(max(duration_s, _SHORTEST_S)) for duration_s in durations_s]
    if len(logs) >= MANY:
        usual = median(logs)
        return MAD_SD * median(abs(log - usual) for log in logs)
    mean = sum(logs) / len(logs)
    return math.sqrt(sum((log - mean) ** 2 for log in logs) / len(logs))
