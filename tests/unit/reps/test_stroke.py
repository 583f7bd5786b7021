"""How a person usually begins and ends a movement, learned from many."""

import json

import numpy as np
import pytest

from repcount.reps.phases import Span
from repcount.reps.stroke import PROFILE, StrokeParams, Usual, stroke_of

TICKS, LEAD_IN = 50, 10


def moving(power, sway=0.0):
    """A stroke that speeds up and slows down like a power of the time, from `LEAD_IN` for `TICKS`."""
    x = (np.arange(TICKS + 2 * LEAD_IN + 1) - LEAD_IN) / TICKS
    inside = np.clip(x, 0, 1)
    speed = (inside * (1 - inside)) ** power
    gone = np.cumsum(speed) / np.sum(speed)
    middle = np.interp((0.15, 0.85), gone, np.arange(len(gone))).tolist()
    return stroke_of(speed / np.sum(speed) + sway, Span(*middle))


@pytest.mark.parametrize("power", [1.0, 2.0])
def test_a_movement_ends_where_its_speed_does(power):
    stroke, usual = moving(power), Usual()
    for _ in range(16):
        usual = usual.learned(stroke)
    span = usual.span(stroke.middle)
    assert (span.start_s, span.end_s) == pytest.approx((LEAD_IN, LEAD_IN + TICKS), abs=0.07 * TICKS)


def test_before_anything_is_learned_it_is_as_smooth_as_can_be():
    stroke = moving(2.0)
    span = Usual().span(stroke.middle)
    assert span.duration_s == pytest.approx(TICKS, rel=0.12)


def test_what_creeps_on_at_one_speed_is_sway_and_no_movement():
    usual, creeping = Usual(), Usual()
    for _ in range(16):
        usual, creeping = usual.learned(moving(2.0)), creeping.learned(moving(2.0, sway=0.002))
    middle = moving(2.0).middle
    assert creeping.span(middle).duration_s == pytest.approx(usual.span(middle).duration_s, rel=0.1)


def test_one_odd_movement_moves_the_usual_little():
    usual = Usual()
    for _ in range(8):
        usual = usual.learned(moving(2.0))
    odd = usual.learned(moving(2.0)._replace(profile=np.zeros(PROFILE)))
    middle = moving(2.0).middle
    assert odd.span(middle).duration_s == pytest.approx(usual.span(middle).duration_s, rel=0.05)


def test_plain_data_holds_all_that_was_learned():
    usual = Usual().learned(moving(1.0))
    again = Usual.from_data(json.loads(json.dumps(usual.to_data())), StrokeParams())
    middle = moving(1.0).middle
    assert again.span(middle) == usual.span(middle)
    assert again.learned(moving(2.0)).span(middle) == usual.learned(moving(2.0)).span(middle)
