"""Times of movements whose times are known: minimum-jerk and sine, with and without pauses."""

import numpy as np
import pytest

from repcount.reps.phases import PhaseParams, fall, lift, rise
from repcount.samples import STANDARD_GRAVITY_M_S2 as G_M_S2

TICK_S = 0.04
PARAMS = PhaseParams()


def minimum_jerk(x):
    """Share of the way at share `x` of the time."""
    return x**3 * (10 - 15 * x + 6 * x**2)


def sine(x):
    return (1 - np.cos(np.pi * x)) / 2


def moved(shape, start_s, duration_s, n=250, late_s=0.0):
    """Progress from 0 to 1 at the ticks, read `late_s` after each."""
    t_s = np.arange(n) * TICK_S + late_s
    return shape(np.clip((t_s - start_s) / duration_s, 0, 1))


@pytest.mark.parametrize("shape", [minimum_jerk, sine])
@pytest.mark.parametrize("duration_s", [0.5, 1.0, 2.0, 4.0])
def test_a_turning_hand_is_timed_within_an_eighth_however_it_eases(shape, duration_s):
    span = rise(moved(shape, 1.0, duration_s), TICK_S, PARAMS)
    assert span.duration_s == pytest.approx(duration_s, rel=0.125, abs=0.02)
    assert (span.start_s + span.end_s) / 2 == pytest.approx(1.0 + duration_s / 2, abs=0.01)


def test_coming_back_is_timed_as_going():
    went = rise(moved(minimum_jerk, 2.0, 1.5), TICK_S, PARAMS)
    came = fall(1 - moved(minimum_jerk, 2.0, 1.5), TICK_S, PARAMS)
    assert came == went


@pytest.mark.parametrize("late_s", [0.007, 0.013, 0.02, 0.031])
def test_the_moment_of_sampling_does_not_matter(late_s):
    at_ticks = rise(moved(minimum_jerk, 1.0, 0.8), TICK_S, PARAMS)
    between = rise(moved(minimum_jerk, 1.0, 0.8, late_s=late_s), TICK_S, PARAMS)
    assert between.start_s + late_s == pytest.approx(at_ticks.start_s, abs=0.015)
    assert between.end_s + late_s == pytest.approx(at_ticks.end_s, abs=0.015)


def test_the_last_try_before_the_top_is_the_movement():
    stalled = np.concatenate([0.4 * moved(sine, 0.5, 1.0, 50), 0.4 * moved(sine, 0.0, 0.5, 25)[::-1]])
    span = rise(np.concatenate([stalled, moved(minimum_jerk, 1.0, 1.0, 100)]), TICK_S, PARAMS)
    assert span.start_s == pytest.approx(len(stalled) * TICK_S + 1.0, abs=0.1)


@pytest.mark.parametrize("progress", [np.zeros(50), np.full(50, 0.7), np.ones(50), np.empty(0)])
def test_a_movement_that_was_not_seen_has_no_times(progress):
    assert rise(progress, TICK_S, PARAMS) is None


def test_a_fall_still_under_way_ends_after_the_last_value():
    whole = 1 - moved(minimum_jerk, 1.0, 2.0)
    seen = whole[: int(np.argmax(whole < 0.15)) + 1]
    span = fall(seen, TICK_S, PARAMS)
    assert (len(seen) - 1) * TICK_S < span.end_s < 3.2


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


@pytest.mark.parametrize("up_s", [0.7, 1.2, 2.0])
@pytest.mark.parametrize("down_s", [0.8, 1.5, 2.5])
@pytest.mark.parametrize("pause_s", [0.3, 0.8])
def test_a_lifting_hand_is_timed_through_its_pause(up_s, pause_s, down_s):
    load_g, turn, cycle = thrown(minimum_jerk, up_s, pause_s, down_s)
    going, coming = lift(load_g, turn, cycle, TICK_S, PARAMS, upward=True)
    assert going.duration_s == pytest.approx(up_s, rel=0.1, abs=0.06)
    assert coming.duration_s == pytest.approx(down_s, rel=0.1, abs=0.06)
    assert coming.start_s - going.end_s == pytest.approx(pause_s, abs=0.15)


def test_a_lift_that_turns_at_once_has_no_pause_and_no_overlap():
    load_g, turn, cycle = thrown(minimum_jerk, 1.0, 0.0, 1.5)
    going, coming = lift(load_g, turn, cycle, TICK_S, PARAMS, upward=True)
    assert (going.end_s + coming.start_s) / 2 == pytest.approx(1.6, abs=0.012)
    assert 0 <= coming.start_s - going.end_s < 0.1


def test_a_pull_down_is_a_lift_upside_down():
    up, turn, cycle = thrown(sine, 1.0, 0.2, 1.4)
    down, *_ = thrown(sine, 1.0, 0.2, 1.4, sign=-1)
    lifted = lift(up, turn, cycle, TICK_S, PARAMS, upward=True)
    pulled = lift(down, turn, cycle, TICK_S, PARAMS, upward=False)
    for span, other in zip(lifted, pulled, strict=True):
        assert (span.start_s, span.end_s) == pytest.approx((other.start_s, other.end_s))


def test_the_weight_itself_does_not_matter():
    load_g, turn, cycle = thrown(minimum_jerk, 1.0, 0.4, 1.5)
    scaled = lift(load_g * 1.02, turn, cycle, TICK_S, PARAMS, upward=True)
    plain = lift(load_g, turn, cycle, TICK_S, PARAMS, upward=True)
    for span, other in zip(scaled, plain, strict=True):
        assert (span.start_s, span.end_s) == pytest.approx((other.start_s, other.end_s))


@pytest.mark.parametrize("late_s", [0.01, 0.02, 0.03])
def test_a_lift_is_timed_alike_wherever_the_ticks_fall(late_s):
    at_ticks = lift(*thrown(minimum_jerk, 1.0, 0.4, 1.5), TICK_S, PARAMS, upward=True)
    between = lift(*thrown(minimum_jerk, 1.0, 0.4, 1.5, late_s=late_s), TICK_S, PARAMS, upward=True)
    for span, other in zip(at_ticks, between, strict=True):
        assert other.start_s + late_s == pytest.approx(span.start_s, abs=0.03)
        assert other.end_s + late_s == pytest.approx(span.end_s, abs=0.03)


def test_a_hand_at_rest_was_not_lifted():
    assert lift(np.ones(80), 40, slice(15, 65), TICK_S, PARAMS, upward=True) is None
