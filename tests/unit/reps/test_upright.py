"""Walking tells where upright is, however the sensor is worn; nothing else of a set does."""

import math

import numpy as np
import pytest

from repcount.reps.upright import Upright
from repcount.samples import ACTIVITY, SIGNALS, UP

TICK_S = 0.04
WORN = (0.6, 0.0, 0.8)


def a_tick(up=WORN, activity_g=0.2):
    signals = np.zeros(SIGNALS)
    signals[UP], signals[ACTIVITY] = up, activity_g
    return signals


def fed(seconds, upright=None, **tick):
    upright = upright or Upright(TICK_S)
    for _ in range(round(seconds / TICK_S)):
        upright.feed(a_tick(**tick))
    return upright


def bowed(deg):
    """`WORN`, turned about the axis to the left."""
    angle = math.atan2(WORN[0], WORN[2]) + math.radians(deg)
    return math.sin(angle), 0.0, math.cos(angle)


@pytest.mark.parametrize("deg", [0, 30, 80])
def test_who_has_walked_leans_by_as_much_as_he_bows(deg):
    assert fed(8).lean_deg(bowed(deg)) == pytest.approx(deg, abs=0.1)


def test_standing_a_knock_and_a_few_steps_tell_nothing():
    assert fed(60, activity_g=0.03).lean_deg(WORN) is None
    knocked = fed(0.04, fed(10, activity_g=0.03), activity_g=5.0)
    assert fed(10, knocked, activity_g=0.03).lean_deg(WORN) is None
    assert fed(2).lean_deg(WORN) is None


def test_a_sensor_that_slipped_is_known_anew_once_its_wearer_has_walked_on():
    upright = fed(40, fed(20), up=bowed(40))
    assert upright.lean_deg(bowed(40)) < 10


def test_who_is_shaken_in_one_posture_and_in_another_has_not_only_walked():
    assert fed(8, fed(8), up=bowed(70)).lean_deg(WORN) is None


def test_it_goes_on_after_a_snapshot_and_forgets_when_reset():
    upright, restored = fed(8), Upright(TICK_S)
    restored.restore(upright.snapshot())
    assert fed(3, restored, up=bowed(5)).state == fed(3, upright, up=bowed(5)).state
    upright.reset()
    assert upright.lean_deg(WORN) is None
