"""Lifts of a known way: how far, how quickly, and when nothing is said."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.motion.lowpass import LowPass, LowPassParams
from repcount.reps.travel import follows_turns, last_lift, upward_m_s2
from repcount.samples import STANDARD_GRAVITY_M_S2

TICK_S = 0.04


def smooth(share):
    """Share of the way at a share of the time, minimum jerk."""
    share = np.clip(share, 0, 1)
    return share**3 * (10 - 15 * share + 6 * share**2)


def lowered_and_lifted(way_m, *, lower_s=2.0, pause_s=0.4, lift_s=1.2, after_s=0.4):
    """Acceleration from one turn to a little after the next, and the index of that turn."""
    step_s = 1e-3
    t_s = np.arange(0, lower_s + pause_s + lift_s + after_s, TICK_S)

    def height(at_s):
        up = smooth((at_s - lower_s - pause_s) / lift_s) - smooth(
            (at_s - lower_s - pause_s - lift_s) / lower_s
        )
        return way_m * (up - smooth(at_s / lower_s))

    acc = (height(t_s - step_s) - 2 * height(t_s) + height(t_s + step_s)) / step_s**2
    return acc, round((lower_s + pause_s + lift_s) / TICK_S)


@pytest.mark.parametrize("way_m", [0.25, 0.5, 0.7])
@pytest.mark.parametrize(
    ("lower_s", "pause_s", "lift_s"), [(1.0, 0.0, 0.7), (2.0, 0.4, 1.2), (4.0, 1.0, 1.8)]
)
def test_a_lift_has_its_way_and_its_velocity(way_m, lower_s, pause_s, lift_s):
    acc, turn = lowered_and_lifted(way_m, lower_s=lower_s, pause_s=pause_s, lift_s=lift_s)
    lift = last_lift(acc, turn, TICK_S)
    assert lift.way_m == pytest.approx(way_m, abs=0.02)
    assert lift.mean_velocity_m_s == pytest.approx(way_m / lift_s, rel=0.2)  # flat ends are not seen


@pytest.mark.parametrize("off_ticks", [-2, 2])
def test_a_turn_read_a_little_off_changes_nothing_much(off_ticks):
    acc, turn = lowered_and_lifted(0.5)
    assert last_lift(acc, turn + off_ticks, TICK_S).way_m == pytest.approx(0.5, abs=0.03)


def test_what_a_sensor_always_adds_is_taken_off():
    acc, turn = lowered_and_lifted(0.5)
    drift = 0.3 + 0.05 * np.arange(len(acc)) * TICK_S
    assert last_lift(acc + drift, turn, TICK_S).way_m == pytest.approx(0.5, abs=0.03)


def test_nothing_is_said_where_errors_are_as_large_as_the_way():
    acc, turn = lowered_and_lifted(0.5, lower_s=3.0)
    wrong = np.where(np.arange(len(acc)) < turn / 3, 0.4, -0.3)
    assert last_lift(acc, turn, TICK_S) is not None
    assert last_lift(acc + wrong, turn, TICK_S) is None


@pytest.mark.parametrize("lower_s", [9.0, 0.1])
def test_nothing_is_said_of_what_takes_too_long_or_no_time(lower_s):
    acc, turn = lowered_and_lifted(0.5, lower_s=lower_s)
    assert last_lift(acc, turn if lower_s > 1 else 3, TICK_S) is None


def test_a_sensor_that_only_turns_is_not_moved_up():
    turned = Rotation.from_euler("y", 40 * np.sin(np.arange(400) / 50 * 4)[:, None], degrees=True)
    up = turned.inv().apply((0, 0, 1))
    low_pass = (LowPass(LowPassParams(cutoff_hz=3.0, rate_hz=50.0)) for _ in range(2))
    force_g, smoothed_up = (np.array(one.feed(up)) for one in low_pass)
    assert np.abs(upward_m_s2(force_g, smoothed_up)).max() < 1e-9


def test_upward_is_along_up_wherever_the_sensor_points():
    up = Rotation.from_rotvec([0.4, -1.0, 2.0]).apply(np.tile([0.0, 0.0, 1.0], (5, 1)))
    assert upward_m_s2(up * 1.2, up) == pytest.approx(0.2 * STANDARD_GRAVITY_M_S2)


def test_without_a_gyroscope_up_is_the_force():
    force_g = np.random.default_rng(1).normal(size=(20, 3))
    up = force_g / np.linalg.norm(force_g, axis=1, keepdims=True)
    assert not follows_turns(force_g, up)
    assert follows_turns(force_g, np.roll(up, 1, axis=0))
