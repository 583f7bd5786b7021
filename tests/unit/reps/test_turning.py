"""Movements read off how fast a limb turns and is lifted: each the way it was made."""

import numpy as np
import pytest

from repcount.reps.stroke import StrokeParams, Usual
from repcount.reps.turning import Ends, Stretch, there, there_and_back
from repcount.samples import STANDARD_GRAVITY_M_S2 as G_M_S2

TICK_S = 0.04
PARAMS = StrokeParams()
BEFORE_S, GOING_S, PAUSE_S, COMING_S, AFTER_S = 1.6, 1.4, 0.6, 2.4, 1.6
TURN_S = BEFORE_S + GOING_S
END_S = TURN_S + PAUSE_S + COMING_S


def minimum_jerk(x):
    x = np.clip(x, 0, 1)
    return x**3 * (10 - 15 * x + 6 * x**2)


def sine(x):
    return (1 - np.cos(np.pi * np.clip(x, 0, 1))) / 2


SHAPES = pytest.mark.parametrize("shape", [minimum_jerk, sine], ids=lambda shape: shape.__name__)


def ticks_s():
    return np.arange(0, END_S + AFTER_S, TICK_S)


def way(shape, t_s):
    return shape((t_s - BEFORE_S) / GOING_S) - shape((t_s - TURN_S - PAUSE_S) / COMING_S)


def stretch(shape, *, turn_deg=30.0, hump_deg=0.0, lift_m=0.0, has_gyro=True, bias_rad_s=0.0):
    """A limb that tips by `turn_deg`, rolls out and in again on the way, and rises by `lift_m`."""
    t_s, fine_s = ticks_s(), 1e-3
    before, now, after = (way(shape, t_s + late_s) for late_s in (-fine_s, 0.0, fine_s))
    tipped = np.radians(turn_deg) * now
    roll = np.radians(hump_deg) * (np.sin(np.pi * after) - np.sin(np.pi * before)) / (2 * fine_s)
    tip = np.radians(turn_deg) * (after - before) / (2 * fine_s)
    up = np.column_stack((np.sin(tipped), np.zeros_like(tipped), np.cos(tipped)))
    rate = (
        np.column_stack((np.zeros_like(tip), -tip, roll)) + bias_rad_s
        if has_gyro
        else np.zeros((len(t_s), 3))
    )
    felt_g = 1 + lift_m * (before - 2 * now + after) / fine_s**2 / G_M_S2
    turned = np.radians(turn_deg)
    turn_up = np.array([np.sin(turned), 0.0, np.cos(turned)])
    return Stretch(rate, up, felt_g, np.array([0.0, 0.0, 1.0]), turn_up, TICK_S, 15)


ENDS = Ends(*(round(t_s / TICK_S) for t_s in (BEFORE_S - 0.2, TURN_S + 0.3, END_S + 0.2)))


def spans(*strokes):
    """From when to when each went, s, in a set of such reps."""
    usual = Usual(PARAMS)
    for stroke in strokes:
        for _ in range(8):
            usual = usual.learned(stroke)
        yield usual.span(stroke.middle).read(TICK_S, 0.0)
        usual = Usual(PARAMS)


def assert_as_made(going, coming, within_s):
    going, coming = spans(going, coming)
    assert going.duration_s == pytest.approx(GOING_S, abs=within_s)
    assert coming.duration_s == pytest.approx(COMING_S, abs=within_s)
    assert (going.start_s, going.end_s) == pytest.approx((BEFORE_S, TURN_S), abs=within_s)
    assert (coming.start_s, coming.end_s) == pytest.approx((TURN_S + PAUSE_S, END_S), abs=within_s)


@SHAPES
@pytest.mark.parametrize("hump_deg", [0.0, 25.0, 60.0])
def test_a_limb_that_turns_is_timed_however_it_rolls_on_the_way(shape, hump_deg):
    within_s = 0.36 if hump_deg and shape is sine else 0.25  # its abrupt ends are read as smoother ones
    assert_as_made(*there_and_back(stretch(shape, hump_deg=hump_deg), ENDS, PARAMS), within_s=within_s)


@SHAPES
def test_without_a_gyroscope_it_is_timed_by_where_up_is(shape):
    assert_as_made(*there_and_back(stretch(shape, has_gyro=False), ENDS, PARAMS), within_s=0.25)


@SHAPES
def test_a_trunk_that_hardly_turns_is_timed_by_how_it_is_lifted(shape):
    lifted = stretch(shape, turn_deg=3.0, lift_m=0.5, has_gyro=False)
    assert_as_made(*there_and_back(lifted, ENDS, PARAMS), within_s=0.25)


def test_the_bias_of_a_gyroscope_changes_little():
    plain = there_and_back(stretch(minimum_jerk), ENDS, PARAMS)
    biased = there_and_back(stretch(minimum_jerk, bias_rad_s=0.03), ENDS, PARAMS)
    for one, other in zip(plain, biased, strict=True):
        assert other.middle.start_s == pytest.approx(one.middle.start_s, abs=1.0)
        assert other.middle.end_s == pytest.approx(one.middle.end_s, abs=1.0)


def test_the_way_there_is_read_before_the_way_back_has_come():
    whole = stretch(minimum_jerk)
    going, _ = there_and_back(whole, ENDS, PARAMS)
    seen = there(whole, ENDS.start, ENDS.turn, PARAMS)
    assert seen.middle.start_s == pytest.approx(going.middle.start_s, abs=0.5)
    assert seen.middle.end_s == pytest.approx(going.middle.end_s, abs=0.5)


def test_a_limb_that_stays_where_it_is_makes_no_movement():
    still = stretch(minimum_jerk, turn_deg=0.0)
    assert there_and_back(still, ENDS, PARAMS) == (None, None)
