"""What somebody does on purpose is told from what recurs by itself."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.reps.history import MotionHistory
from repcount.reps.likeness import POINTS, Likeness, Trace, likeness, trace, way_there
from repcount.samples import SIGNALS

RANGE_G = 0.45
TURN = np.array([0.0, RANGE_G, 0.0])
SHARES = np.linspace(0, 1, POINTS)


def a_trace(*, aside_g=0.0, back_aside_g=0.0, ticks=60, length_g=2 * RANGE_G, rough_g=0.05):
    """There and back; `aside_g` shifts all of the way, `back_aside_g` the middle of the way back."""
    there, back = np.outer(SHARES, TURN), np.outer(SHARES[::-1], TURN)
    there[:, 2] += aside_g
    back[:, 2] += aside_g + back_aside_g * np.sin(np.pi * SHARES)
    return Trace(np.concatenate([there, back]), length_g, rough_g, ticks)


STEADY = [a_trace(aside_g=0.01 * (k % 3 - 1), ticks=60 + k % 2) for k in range(6)]


def score(traces):
    return likeness(traces).score


def test_a_steady_set_there_and_back_scores_more_than_any_model_asks():
    assert score(STEADY) > 12


@pytest.mark.parametrize(
    "traces",
    [
        [replace(one, way_g=a_trace(aside_g=0.15 * (-1) ** k).way_g) for k, one in enumerate(STEADY)],
        [replace(one, way_g=a_trace(back_aside_g=0.2).way_g) for one in STEADY],
        [replace(one, length_g=6 * RANGE_G) for one in STEADY],
        [replace(one, ticks=40 + 15 * k) for k, one in enumerate(STEADY)],
    ],
    ids=["ways apart", "another way back", "detours", "uneven pace"],
)
def test_what_is_less_like_a_set_scores_less(traces):
    assert score(traces) < score(STEADY) - 0.4


def test_each_number_says_what_it_says():
    one = likeness([a_trace(back_aside_g=0.1, length_g=3 * RANGE_G, rough_g=0.09)] * 2)
    assert one.apart_ratio == pytest.approx(0, abs=1e-6)
    assert one.retrace_ratio == pytest.approx(np.mean(0.1 * np.sin(np.pi * SHARES)) / RANGE_G)
    assert one.detour_ratio == pytest.approx(1.5)
    assert one.rough_ratio == pytest.approx(0.2)
    assert one.pace_spread == 0


@pytest.mark.parametrize("seed", range(3))
def test_neither_mounting_nor_size_matters(seed):
    mounting = Rotation.random(rng=np.random.default_rng(seed))
    mounted = [
        Trace(3 * mounting.apply(one.way_g), 3 * one.length_g, 3 * one.rough_g, 2 * one.ticks)
        for one in STEADY
    ]
    assert score(mounted) == pytest.approx(score(STEADY))


def test_one_odd_rep_of_many_does_not_spoil_a_set():
    odd = a_trace(aside_g=0.3, back_aside_g=0.3, ticks=150, length_g=5 * RANGE_G)
    assert score([*STEADY, odd]) > score(STEADY) - 1.5
    assert score([*STEADY[:2], odd]) < score(STEADY) - 1.5


def test_a_single_rep_is_judged_by_itself_and_none_not_at_all():
    alone = likeness([a_trace(back_aside_g=0.1)])
    assert alone.retrace_ratio > 0.1
    assert alone.score < likeness([a_trace(back_aside_g=0.1)] * 5).score
    assert likeness([]) is None


@pytest.mark.parametrize("way_g", [np.zeros((2 * POINTS, 3)), np.ones((2 * POINTS, 3))])
def test_reps_that_went_nowhere_have_a_score_that_is_a_number(way_g):
    assert math.isfinite(score([Trace(way_g, 0.0, 0.0, 10)] * 3))


def test_nothing_is_too_perfect_for_a_score():
    perfect = Likeness(apart_ratio=0, retrace_ratio=0, detour_ratio=0, rough_ratio=0, pace_spread=0)
    assert math.isfinite(perfect.score)


def test_plain_data_makes_the_same_trace_again():
    history = remembered(np.random.default_rng(1).normal(size=(60, 3)))
    one = trace(history, (10, 30), (32, 50))
    again = Trace.from_data(json.loads(json.dumps(one.to_data())))
    assert again.way_g.tolist() == one.way_g.tolist()
    assert again.way_g.dtype == one.way_g.dtype
    assert (again.length_g, again.rough_g, again.ticks) == (one.length_g, one.rough_g, one.ticks)


def remembered(quick_g, activity_g=0.0):
    history = MotionHistory(len(quick_g))
    for tick, quick in enumerate(quick_g):
        row = np.zeros(SIGNALS)
        row[3:6], row[9] = quick, activity_g
        history.add(tick, row)
    return history


def test_a_rep_is_read_at_points_spread_evenly_over_each_way():
    ticks = np.arange(80.0)
    height = np.interp(ticks, [10, 30, 40, 70], [0, 1, 1, 0])
    history = remembered(np.outer(height, TURN), activity_g=0.07)
    one = trace(history, (10, 30), (40, 70))
    assert one.way_g[:POINTS] == pytest.approx(np.outer(SHARES, TURN), abs=1e-6)
    assert one.way_g[POINTS:] == pytest.approx(np.outer(SHARES[::-1], TURN), abs=1e-6)
    assert one.length_g == pytest.approx(2 * RANGE_G, rel=0.05)
    assert one.rough_g == pytest.approx(0.07)
    assert one.ticks == 50
    assert way_there(history, (10, 30)) == pytest.approx(np.outer(SHARES, TURN), abs=1e-6)


@pytest.mark.parametrize(
    ("there", "back"), [((5, 5), (6, 9)), ((5, 9), (9, 9)), ((-3, 9), (9, 19)), ((5, 9), (9, 30))]
)
def test_a_rep_that_is_empty_or_not_remembered_leaves_no_trace(there, back):
    assert trace(remembered(np.ones((20, 3))), there, back) is None


@pytest.mark.parametrize("there", [(5, 5), (7, 5), (-3, 9), (5, 30)])
def test_a_way_that_is_empty_or_not_remembered_is_none(there):
    assert way_there(remembered(np.ones((20, 3))), there) is None
