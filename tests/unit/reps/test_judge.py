"""Movements that recur as a set does, but as nobody could do the exercise, are not taken for it."""

from dataclasses import replace

import numpy as np
import pytest

from repcount.exercises.good_morning import MODEL as GOOD_MORNING
from repcount.exercises.lat_pulldown import MODEL as PULLDOWN
from repcount.exercises.pull_up import MODEL as PULL_UP
from repcount.exercises.reverse_fly import MODEL as FLY
from repcount.reps.detector_params import DetectorParams
from repcount.reps.history import MotionHistory
from repcount.reps.judge import Judge
from repcount.reps.likeness import POINTS, Trace
from repcount.reps.phases import Span
from repcount.reps.run import HalfRep, Run
from repcount.reps.seen import SeenRep
from repcount.reps.timing import Delays, Timing
from repcount.reps.upright import Upright
from repcount.reps.zigzag import Extremum
from repcount.samples import ACTIVITY, SIGNALS, UP

TICK_S = 0.04
JUDGE = Judge(MotionHistory(10), Timing(TICK_S, Delays(0.4, 0.1)), DetectorParams(), Upright(TICK_S))


def judged(
    model,
    *,
    judge=JUDGE,
    placement="wrist",
    reps=6,
    pace_s=4.0,
    phase_s=1.2,
    arc_deg=24.0,
    felt_g=0.0,
    load_g=0.0,
    swivel=None,
    rough_g=0.03,
    said=False,
    went_on_g=0.0,
):
    """Whether so many reps, all alike, are a set; `felt_g` is the standard deviation of what is felt.

    `said`: they were taken for one, and it is over. `went_on_g`: of so much more load the run learned since.
    """
    start, turn = _pose(0.0), _pose(arc_deg, 1 + load_g)
    halves, seen = [], []
    for k in range(reps):
        tick = 100 + round(k * pace_s / TICK_S)
        turn_tick = tick + round(phase_s / TICK_S)
        halves.append(HalfRep(Extremum(tick, start), Extremum(turn_tick, turn)))
        seen.append(_rep(turn_tick, pace_s, phase_s, arc_deg, felt_g, swivel, rough_g))
    learned = _pose(arc_deg, 1 + load_g + went_on_g)
    run = Run(0, False, halves, [None] * reps, start, learned, _range_g(start, turn), pace_s, settled=0.9)
    slack = judge.slack(run) if said else 0.0
    return judge.convinces(model.movements[placement], run, seen, slack, over=said)


def _pose(angle_deg, size=1.0):
    x, y = size * np.cos(np.radians(angle_deg)), size * np.sin(np.radians(angle_deg))
    return float(x), float(y), 0.0


def _range_g(start, turn):
    return float(np.linalg.norm(np.subtract(start, turn)))


def _rep(turn_tick, pace_s, phase_s, arc_deg, felt_g, swivel, rough_g):
    sizes = 1 + felt_g * np.sqrt(2) * np.sin(2 * np.pi * np.linspace(0, 1, POINTS))
    there = np.array([_pose(a, s) for a, s in zip(np.linspace(0, arc_deg, POINTS), sizes, strict=True)])
    trace = Trace(np.concatenate([there, there[::-1]]), rough_g, round(pace_s / TICK_S))
    turn_s = turn_tick * TICK_S
    first, second = Span(turn_s - phase_s, turn_s), Span(turn_s + 0.2, turn_s + 0.2 + phase_s)
    up, turn = _pose(0.0), _pose(arc_deg)
    return SeenRep(turn_tick, first, second, arc_deg, 1.0, up, turn, trace, trace, 0.02, swivel)


SETS = {
    "pull-up": (PULL_UP, {"felt_g": 0.01}),
    "fly": (FLY, {"arc_deg": 75.0, "felt_g": 0.08, "swivel": 0.2}),
    "good morning": (GOOD_MORNING, {"arc_deg": 75.0, "phase_s": 1.5, "felt_g": 0.04, "swivel": 0.05}),
    "pulldown": (PULLDOWN, {"arc_deg": 36.0, "felt_g": 0.1, "load_g": 0.3, "swivel": 0.8}),
}


@pytest.mark.parametrize("exercise", SETS)
def test_what_is_done_as_the_exercise_goes_is_a_set(exercise):
    model, how = SETS[exercise]
    assert judged(model, **how)


@pytest.mark.parametrize(
    ("exercise", "other"),
    [
        ("pull-up", {"felt_g": 0.06}),
        ("pull-up", {"pace_s": 1.1, "phase_s": 0.45}),
        ("pull-up", {"reps": 60}),
        ("fly", {"felt_g": 0.005}),
        ("fly", {"swivel": 1.5}),
        ("good morning", {"swivel": 0.4}),
        ("pulldown", {"load_g": 0.0}),
    ],
    ids=[
        "a hand on a bar feels no more than gravity",
        "nobody pulls up twice in so short a time",
        "nor hangs for minutes",
        "an arm that swings out is thrown",
        "and does not go round",
        "a trunk that bows does not turn round",
        "a bar that goes down is thrown",
    ],
)
def test_what_is_done_as_nobody_does_the_exercise_is_none(exercise, other):
    model, how = SETS[exercise]
    assert not judged(model, **(how | other))


def test_without_a_gyroscope_nothing_is_held_against_turning_round():
    model, how = SETS["good morning"]
    assert judged(model, **(how | {"swivel": None}))


def walked(lean_deg):
    """A judge of somebody whose trunk, where reps start, leans so far from where it was in walking."""
    judge, signals = replace(JUDGE, upright=Upright(TICK_S)), np.zeros(SIGNALS)
    signals[UP], signals[ACTIVITY] = _pose(-lean_deg), 0.2
    for _ in range(200):
        judge.upright.feed(signals)
    return judge


def test_a_trunk_that_bows_from_upright_does_good_mornings_and_one_that_bows_from_elsewhere_does_not():
    how = SETS["good morning"][1] | {"placement": "chest"}
    assert judged(GOOD_MORNING, **how)
    assert judged(GOOD_MORNING, judge=walked(8), **how)
    assert not judged(GOOD_MORNING, judge=walked(60), **how)


def test_who_bows_a_little_less_than_asked_is_believed_at_the_chest_where_no_meal_looks_like_it():
    how = SETS["good morning"][1] | {"arc_deg": 50.0}
    assert judged(GOOD_MORNING, placement="chest", **how)
    assert not judged(GOOD_MORNING, **how)


@pytest.mark.parametrize(
    ("a_little", "far"),
    [({"rough_g": 0.27}, {"rough_g": 0.5}), ({"arc_deg": 47.0}, {"arc_deg": 20.0})],
    ids=["rougher", "smaller"],
)
def test_a_set_that_was_said_is_not_taken_back_for_becoming_a_little_other_than_asked(a_little, far):
    model, how = SETS["fly"]
    assert not judged(model, **(how | a_little))
    assert judged(model, **(how | a_little), said=True)
    assert not judged(model, **(how | far), said=True)


def test_putting_the_weight_down_does_not_tell_how_hard_the_reps_were_thrown():
    model, how = SETS["pulldown"]
    assert judged(model, **how, said=True, went_on_g=-0.3)


def test_a_trunk_that_goes_up_and_down_as_quickly_as_steps_is_thrown_if_it_is_pulled_up():
    quick = {"placement": "chest", "pace_s": 2.0, "phase_s": 0.7, "arc_deg": 14.0}
    assert judged(PULL_UP, **quick, load_g=-0.4)
    assert not judged(PULL_UP, **quick, load_g=-0.1)


def test_who_was_pulled_up_keeps_a_set_that_becomes_a_little_rougher_and_who_walks_does_not():
    rough = {"placement": "chest", "arc_deg": 14.0, "rough_g": 0.31, "said": True}
    assert judged(PULL_UP, **rough, load_g=-0.4)
    assert not judged(PULL_UP, **rough, load_g=-0.15)
