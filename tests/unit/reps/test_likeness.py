"""How alike reps are is read off what was felt on their ways."""

import json
import math
from dataclasses import asdict

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.reps.history import MotionHistory
from repcount.reps.likeness import POINTS, Trace, likeness, trace, way_there
from repcount.samples import SIGNALS

RANGE_G = 0.45
TURN = np.array([0.0, RANGE_G, 0.0])
SHARES = np.linspace(0, 1, POINTS)


def a_trace(*, aside_g=0.0, back_aside_g=0.0, ticks=60, rough_g=0.05):
    """There and back; `aside_g` shifts all of the way, `back_aside_g` the middle of the way back."""
    there, back = np.outer(SHARES, TURN), np.outer(SHARES[::-1], TURN)
    there[:, 2] += aside_g
    back[:, 2] += aside_g + back_aside_g * np.sin(np.pi * SHARES)
    return Trace(np.concatenate([there, back]), rough_g, ticks)


STEADY = [a_trace(aside_g=0.01 * (k % 3 - 1), ticks=60 + k % 2) for k in range(6)]


def test_each_number_says_what_it_says():
    one = likeness([a_trace(back_aside_g=0.1)] * 2)
    assert one.apart_ratio == pytest.approx(0, abs=1e-6)
    assert one.retrace_ratio == pytest.approx(np.mean(0.1 * np.sin(np.pi * SHARES)) / RANGE_G)
    assert one.pace_spread == 0


@pytest.mark.parametrize("seed", range(3))
def test_neither_mounting_nor_size_matters(seed):
    mounting = Rotation.random(rng=np.random.default_rng(seed))
    mounted = [Trace(3 * mounting.apply(one.way_g), 3 * one.rough_g, 2 * one.ticks) for one in STEADY]
    for name, value in asdict(likeness(STEADY)).items():
        assert getattr(likeness(mounted), name) == pytest.approx(value), name


def test_one_odd_rep_of_many_hardly_matters():
    odd = a_trace(aside_g=0.3, back_aside_g=0.3, ticks=150)
    many, few = likeness([*STEADY, odd]), likeness([*STEADY[:2], odd])
    assert many.apart_ratio < 3 * likeness(STEADY).apart_ratio < few.apart_ratio
    assert many.pace_spread < 0.05 < few.pace_spread


def test_a_single_rep_is_read_by_itself_and_none_not_at_all():
    assert likeness([a_trace(back_aside_g=0.1)]).retrace_ratio > 0.1
    assert likeness([]) is None


@pytest.mark.parametrize("way_g", [np.zeros((2 * POINTS, 3)), np.ones((2 * POINTS, 3))])
def test_reps_that_went_nowhere_have_numbers(way_g):
    numbers = asdict(likeness([Trace(way_g, 0.0, 10)] * 3)).values()
    assert all(math.isfinite(number) for number in numbers)


def test_plain_data_makes_the_same_trace_again():
    history = remembered(np.random.default_rng(1).normal(size=(60, 3)))
    one = trace(history, (10, 30), (32, 50))
    again = Trace.from_data(json.loads(json.dumps(one.to_data())))
    assert again.way_g.tolist() == one.way_g.tolist()
    assert again.way_g.dtype == one.way_g.dtype
    assert (again.rough_g, again.ticks) == (one.rough_g, one.ticks)


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
