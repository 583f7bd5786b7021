"""What somebody does on purpose is told from what recurs by itself, and from other exercises."""

import math
from dataclasses import replace

import numpy as np
import pytest

from repcount.exercises.bent_over_row import MODEL as ROW
from repcount.exercises.pull_up import MODEL as PULL_UP
from repcount.reps.likeness import POINTS, Trace
from repcount.reps.odds import log_odds
from repcount.reps.phases import Span
from repcount.reps.run import HalfRep, Run
from repcount.reps.seen import SeenRep
from repcount.reps.zigzag import Extremum

TICK_S = 0.04
PULL = PULL_UP.movements["wrist"]
START, TURN = (1.0, 0.0, 0.0), (0.92, 0.39, 0.0)
SHARES = np.linspace(0, 1, POINTS)


def a_set(reps=6, *, paces_s=(4.0,), first_s=(1.2,), turns=(TURN,), load_g=0.0, settled=0.9, **rep):
    """A run and its complete reps; what is given as several is used in turn."""
    halves, seen, tick = [], [], 100
    for k in range(reps):
        long_s = first_s[k % len(first_s)]
        turn_tick, (x, y, z) = tick + round(long_s / TICK_S), turns[k % len(turns)]
        halves.append(HalfRep(Extremum(tick, START), Extremum(turn_tick, (x, y * (1 + load_g), z))))
        seen.append(a_rep(turn_tick, long_s, paces_s[k % len(paces_s)], k, **rep))
        tick += round(paces_s[k % len(paces_s)] / TICK_S)
    run = Run(0, False, halves, [None] * reps, START, halves[0].turn.pose, 0.4, settled=settled)
    return run, seen


def a_rep(turn_tick, first_s, pace_s, k, *, rom_deg=24.0, rough_g=0.08, aside=0.0, back_aside=0.0, off=0.05):
    turn_s = turn_tick * TICK_S
    there = np.outer(SHARES, np.subtract(TURN, START)) + START
    back = there[::-1].copy()
    there[:, 2] += aside * (-1) ** k
    back[:, 2] += aside * (-1) ** k + back_aside * np.sin(np.pi * SHARES)
    trace = Trace(np.concatenate([there, back]), rough_g, round(pace_s / TICK_S))
    first, second = Span(turn_s - first_s, turn_s), Span(turn_s + 0.2, turn_s + 2.2)
    return SeenRep(turn_tick, first, second, rom_deg, 1.0, START, TURN, trace, trace, off)


def odds(movement=PULL, **how):
    return log_odds(movement, *a_set(**how), TICK_S)


def test_a_steady_set_has_the_odds_that_any_number_of_reps_needs():
    for reps in (1, 2, 3, 8):
        assert odds(reps=reps) > PULL.least_log_odds + 11


@pytest.mark.parametrize(
    "how",
    [
        {"aside": 0.06},
        {"back_aside": 0.15},
        {"paces_s": (3.0, 6.5, 4.0, 9.0)},
        {"first_s": (0.7, 1.2, 2.0)},
        {"turns": (TURN, (0.92, 0.3, 0.2), (0.92, 0.3, -0.2))},
        {"rough_g": 0.01},
        {"rom_deg": 40.0},
        {"first_s": (3.0,)},
        {"paces_s": (8.0,)},
        {"settled": 0.0},
    ],
    ids=lambda how: next(iter(how)),
)
def test_what_is_less_like_a_set_of_the_exercise_has_smaller_odds(how):
    assert odds(**how) < odds() - 0.7


def test_a_hand_that_is_not_thrown_rows_no_bar():
    row = ROW.movements["wrist"]
    assert odds(row, load_g=0.0) < odds(row, load_g=-0.9)


def test_a_forearm_may_roll_about_a_bar_and_nowhere_else():
    assert odds(off=0.3) == odds()
    assert odds(replace(PULL, rolls=False), off=0.3) < odds()


def test_nothing_is_more_of_a_set_for_being_perfect():
    assert odds(aside=0.001) == odds()


def test_reps_of_which_nothing_is_known_are_none():
    run, seen = a_set()
    for forgotten in ({"moving": None, "whole": None}, {"whole": None}, {"rom_deg": None}):
        unknown = [replace(rep, **forgotten) for rep in seen]
        assert log_odds(PULL, run, unknown, TICK_S) == -math.inf
