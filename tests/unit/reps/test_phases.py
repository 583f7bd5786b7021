"""Times of movements whose times are known: minimum-jerk, sine and trapezoid, with and without pauses."""

import numpy as np
import pytest

from repcount.reps.phases import PhaseParams, Shape, Span, Way, back, lift, there
from repcount.samples import STANDARD_GRAVITY_M_S2 as G_M_S2

TICK_S = 0.04
PARAMS = PhaseParams()
BEFORE_S = 1.0


def minimum_jerk(x):
    """Share of the way at share `x` of the time."""
    return x**3 * (10 - 15 * x + 6 * x**2)


def sine(x):
    return (1 - np.cos(np.pi * x)) / 2


def trapezoid(ramp, x):
    """Speeds up and slows down over `ramp` of the time each, goes at one speed between."""
    peak = 1 / (1 - ramp)
    begin, end = peak * x**2 / (2 * ramp), 1 - peak * (1 - x) ** 2 / (2 * ramp)
    return np.where(x < ramp, begin, np.where(x > 1 - ramp, end, peak * (x - ramp / 2)))


def blunt(x):
    return trapezoid(0.35, x)


def abrupt(x):
    return trapezoid(0.2, x)


WITHIN = {minimum_jerk: 0.025, sine: 0.025, blunt: 0.055, abrupt: 0.1}
"""Each end is read this exactly, as a share of the phase, once a set has taught how the person moves."""
AT_LEAST_S = 0.09
"""Though no more exactly than this: about two ticks."""


def moved(shape, duration_s, *, late_s=0.0, after_s=1.5):
    """Progress from 0 to 1 at the ticks, read `late_s` after each; and the tick at which it turns."""
    t_s = np.arange(-BEFORE_S, duration_s + after_s, TICK_S) + late_s
    return shape(np.clip(t_s / duration_s, 0, 1)), int(np.argmax(t_s >= duration_s))


def read(way, *, reps=8, late_s=0.0):
    """From when to when it moved, s, once a set of such reps is known."""
    shape = Shape()
    for _ in range(reps):
        span = shape.learn(way)
    return span.read(TICK_S, late_s - BEFORE_S)


SHAPES = pytest.mark.parametrize("shape", WITHIN, ids=lambda shape: shape.__name__)


@SHAPES
@pytest.mark.parametrize("late_s", [0.0, 0.013, 0.031])
@pytest.mark.parametrize("duration_s", [0.5, 0.8, 1.2, 2.0, 2.5, 4.0, 6.0])
def test_a_turning_limb_is_timed_at_both_ends_wherever_the_ticks_fall(shape, duration_s, late_s):
    span = read(there(*moved(shape, duration_s, late_s=late_s), PARAMS), late_s=late_s)
    within_s = max(AT_LEAST_S, WITHIN[shape] * duration_s)
    assert (span.start_s, span.end_s) == pytest.approx((0.0, duration_s), abs=within_s)


@SHAPES
@pytest.mark.parametrize("duration_s", [0.8, 2.5])
def test_the_first_rep_alone_is_timed_within_an_eighth_at_each_end(shape, duration_s):
    span = read(there(*moved(shape, duration_s), PARAMS), reps=1)
    assert (span.start_s, span.end_s) == pytest.approx((0.0, duration_s), abs=0.125 * duration_s)


@SHAPES
def test_coming_back_is_timed_as_going(shape):
    progress, turn = moved(shape, 1.5)
    last = len(progress) - 1
    went, came = there(progress, turn, PARAMS), back(progress[::-1], last - turn, PARAMS)
    assert (last - came.arrived, last - came.left) == pytest.approx((went.left, went.arrived))
    assert (came.run_out, came.lead_in) == pytest.approx((went.lead_in, went.run_out), abs=0.06)


def test_a_whole_rep_is_told_into_going_waiting_and_coming():
    up, turn = moved(minimum_jerk, 1.0, after_s=0.6)
    down, _ = moved(minimum_jerk, 2.5)
    progress = np.concatenate([up, 1 - down[round((BEFORE_S - 0.4) / TICK_S) :]])
    down_s = (len(up) - 1) * TICK_S - BEFORE_S + 0.44
    going, coming = read(there(progress, turn, PARAMS)), read(back(progress, turn, PARAMS))
    assert (going.start_s, going.end_s) == pytest.approx((0.0, 1.0), abs=AT_LEAST_S)
    assert (coming.start_s, coming.end_s) == pytest.approx((down_s, down_s + 2.5), abs=0.15)


def test_a_standstill_on_the_way_is_a_part_of_the_phase():
    half, _ = moved(minimum_jerk, 1.0, after_s=0.5)
    rest = moved(minimum_jerk, 1.0)[0][round(BEFORE_S / TICK_S) :]
    progress = np.concatenate([0.5 * half, 0.5 + 0.5 * rest])
    span = read(there(progress, len(half) + round(1.0 / TICK_S), PARAMS))
    assert span.start_s == pytest.approx(0.0, abs=0.6)
    assert span.end_s == pytest.approx(2.5, abs=0.6)


def test_the_last_try_before_the_turn_is_the_movement():
    stalled = 0.4 * moved(sine, 1.0, after_s=0.0)[0]
    stalled = np.concatenate([stalled, stalled[::-1]])
    whole, turn = moved(minimum_jerk, 1.0)
    span = read(there(np.concatenate([stalled, whole]), len(stalled) + turn, PARAMS))
    assert span.start_s == pytest.approx(len(stalled) * TICK_S, abs=0.1)


def test_the_size_of_the_movement_does_not_matter():
    progress, turn = moved(sine, 1.5)
    assert there(0.3 + 1.4 * progress, turn, PARAMS) == pytest.approx(there(progress, turn, PARAMS))


@pytest.mark.parametrize("progress", [np.zeros(50), np.full(50, 0.7), np.linspace(1, 0, 50), np.ones(1)])
def test_a_movement_that_was_not_seen_has_no_times(progress):
    turn = len(progress) - 1
    assert there(progress, turn, PARAMS) is None
    assert back(progress, turn, PARAMS) is None


@pytest.mark.parametrize("sway", [0.01, 0.03])
def test_sway_at_both_ends_is_no_part_of_the_movement(sway):
    progress, turn = moved(minimum_jerk, 2.0)
    swaying = progress + sway * np.sin(2 * np.pi * 0.4 * np.arange(len(progress)) * TICK_S)
    span = read(there(swaying, turn, PARAMS))
    assert (span.start_s, span.end_s) == pytest.approx((0.0, 2.0), abs=0.3)


def test_a_shape_learns_the_person_and_one_odd_rep_moves_it_little():
    shape, usual, odd = Shape(), Way(50.0, 75.0, 0.7, 0.9), Way(50.0, 75.0, 9.0, 0.0)
    for _ in range(8):
        known = shape.learn(usual)
    assert (known.start_s, known.end_s) == pytest.approx((50 - 0.7 * 25, 75 + 0.9 * 25), abs=2.0)
    after = shape.learn(odd)
    assert (after.start_s, after.end_s) == pytest.approx((known.start_s, known.end_s), abs=5.0)
    assert shape.span(usual) == Span(after.start_s, after.end_s)


def test_looking_at_a_way_teaches_nothing():
    shape = Shape()
    shape.span(Way(50.0, 75.0, 0.4, 0.4))
    assert shape == Shape()


def thrown(shape, up_s, pause_s, down_s, *, path_m=0.5, sign=1, late_s=0.0):
    """Load felt by a hand that goes up, waits, and comes down; and where it starts, turns and ends."""
    start_s = 0.6
    t_s = np.arange(round((start_s + up_s + pause_s + down_s + 0.6) / TICK_S)) * TICK_S + late_s
    fine_s = 1e-3
    around = [t_s - fine_s, t_s, t_s + fine_s]
    came_s = start_s + up_s + pause_s
    way = [
        shape(np.clip((t - start_s) / up_s, 0, 1)) - shape(np.clip((t - came_s) / down_s, 0, 1))
        for t in around
    ]
    load_g = 1 + sign * path_m * (way[0] - 2 * way[1] + way[2]) / fine_s**2 / G_M_S2
    turn = round((start_s + up_s + pause_s / 2) / TICK_S)
    cycle = slice(round(start_s / TICK_S), round((came_s + down_s) / TICK_S) + 1)
    return load_g, turn, cycle


def lifted(*thrown, upward=True):
    """Both spans, s."""
    spans = lift(*thrown, PARAMS, upward=upward)
    return [span.read(TICK_S, 0.0) for span in spans]


@pytest.mark.parametrize("up_s", [0.7, 1.2, 2.0])
@pytest.mark.parametrize("down_s", [0.8, 1.5, 2.5])
@pytest.mark.parametrize("pause_s", [0.3, 0.8])
def test_a_lifting_hand_is_timed_through_its_pause(up_s, pause_s, down_s):
    load_g, turn, cycle = thrown(minimum_jerk, up_s, pause_s, down_s)
    going, coming = lifted(load_g, turn, cycle)
    assert going.duration_s == pytest.approx(up_s, rel=0.1, abs=0.06)
    assert coming.duration_s == pytest.approx(down_s, rel=0.1, abs=0.06)
    assert coming.start_s - going.end_s == pytest.approx(pause_s, abs=0.15)


def test_a_lift_that_turns_at_once_has_no_pause_and_no_overlap():
    load_g, turn, cycle = thrown(minimum_jerk, 1.0, 0.0, 1.5)
    going, coming = lifted(load_g, turn, cycle)
    assert (going.end_s + coming.start_s) / 2 == pytest.approx(1.6, abs=0.012)
    assert 0 <= coming.start_s - going.end_s < 0.1


def test_a_pull_down_is_a_lift_upside_down():
    up, turn, cycle = thrown(sine, 1.0, 0.2, 1.4)
    down, *_ = thrown(sine, 1.0, 0.2, 1.4, sign=-1)
    raised = lifted(up, turn, cycle)
    pulled = lifted(down, turn, cycle, upward=False)
    for span, other in zip(raised, pulled, strict=True):
        assert (span.start_s, span.end_s) == pytest.approx((other.start_s, other.end_s))


def test_the_weight_itself_does_not_matter():
    load_g, turn, cycle = thrown(minimum_jerk, 1.0, 0.4, 1.5)
    scaled = lifted(load_g * 1.02, turn, cycle)
    plain = lifted(load_g, turn, cycle)
    for span, other in zip(scaled, plain, strict=True):
        assert (span.start_s, span.end_s) == pytest.approx((other.start_s, other.end_s))


@pytest.mark.parametrize("late_s", [0.01, 0.02, 0.03])
def test_a_lift_is_timed_alike_wherever_the_ticks_fall(late_s):
    at_ticks = lifted(*thrown(minimum_jerk, 1.0, 0.4, 1.5))
    between = lifted(*thrown(minimum_jerk, 1.0, 0.4, 1.5, late_s=late_s))
    for span, other in zip(at_ticks, between, strict=True):
        assert other.start_s + late_s == pytest.approx(span.start_s, abs=0.03)
        assert other.end_s + late_s == pytest.approx(span.end_s, abs=0.03)


def test_a_hand_at_rest_was_not_lifted():
    assert lift(np.ones(80), 40, slice(15, 65), PARAMS, upward=True) is None
