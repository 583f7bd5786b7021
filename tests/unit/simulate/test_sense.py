"""What the sensor and its link do to the truth."""

from dataclasses import replace

import numpy as np
import pytest

from repcount.samples import STANDARD_GRAVITY_M_S2 as G_M_S2
from repcount.simulate import PERFECT, Plan, SetOf, Walk, simulate

PARTS = (Walk(duration_s=10.0), SetOf(exercise="deadlift", reps=2), Walk(duration_s=10.0))
RATE_HZ = 100.0


def sensed(seed=1, **errors):
    plan = Plan(parts=PARTS, rate_hz=RATE_HZ, errors=replace(PERFECT, **errors))
    return simulate(plan, np.random.default_rng(seed)).batch


TRUE = sensed()


def test_values_are_whole_digits_nearest_to_the_truth():
    step_m_s2 = 8.0 * G_M_S2 / 2.0**11
    batch = sensed(acc_step_m_s2=step_m_s2, gyro_step_rad_s=0.001)
    digits = batch.acc_m_s2 / step_m_s2
    assert digits == pytest.approx(np.round(digits), abs=1e-9)
    assert batch.acc_m_s2 == pytest.approx(TRUE.acc_m_s2, abs=step_m_s2 / 2.0 + 1e-9)
    assert batch.gyro_rad_s == pytest.approx(TRUE.gyro_rad_s, abs=0.0005 + 1e-9)


def test_values_end_at_the_limit():
    batch = sensed(acc_limit_m_s2=8.0, gyro_limit_rad_s=0.5)
    assert batch.acc_m_s2 == pytest.approx(np.clip(TRUE.acc_m_s2, -8.0, 8.0))
    assert np.abs(batch.gyro_rad_s).max() == 0.5


def test_a_slow_clock_calls_a_later_moment_the_same_time():
    batch = sensed(clock_slow_ppm=10_000.0)
    assert batch.t_s.tobytes() == TRUE.t_s.tobytes()
    at_10_1_s = np.searchsorted(TRUE.t_s, 10.1 - 1e-6)
    assert batch.acc_m_s2[1000] == pytest.approx(TRUE.acc_m_s2[at_10_1_s], abs=1e-6)


@pytest.mark.parametrize("jitter_s", [0.002, 1.0])
def test_times_are_a_little_off_from_0_on_and_keep_their_order(jitter_s):
    batch = sensed(jitter_s=jitter_s)
    assert batch.acc_m_s2.tobytes() == TRUE.acc_m_s2.tobytes()
    assert batch.t_s[0] == 0.0
    assert np.diff(batch.t_s).min() > 0.0
    off_s = batch.t_s - TRUE.t_s
    assert 0.0 < off_s.std() < jitter_s
    assert np.ptp(off_s) <= 2.0 * min(jitter_s, 0.45 / RATE_HZ)


def test_samples_are_lost_one_to_eight_in_a_row_and_the_rest_is_as_it_was():
    batch = sensed(lost_ratio=0.05)
    kept = np.isin(TRUE.t_s, batch.t_s)
    assert batch.acc_m_s2.tobytes() == TRUE.acc_m_s2[kept].tobytes()
    assert batch.gyro_rad_s.tobytes() == TRUE.gyro_rad_s[kept].tobytes()
    assert 0.02 < 1.0 - kept.mean() < 0.09
    gaps = np.round(np.diff(batch.t_s) * RATE_HZ).astype(int) - 1
    assert set(range(1, 9)) <= set(gaps.tolist())
    assert kept[0]


def test_what_the_link_does_is_drawn_from_the_seed():
    errors = {"lost_ratio": 0.05, "jitter_s": 0.002}
    first, again, other = (sensed(seed, **errors) for seed in (1, 1, 2))
    assert first.t_s.tobytes() == again.t_s.tobytes()
    assert first.t_s.tobytes() != other.t_s[: len(first)].tobytes()
