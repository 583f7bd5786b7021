import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repcount.edges.profiles import load_profile
from repcount.samples import STANDARD_GRAVITY_M_S2, Notification, SampleBatch
from repcount.wire import Gap, Wire, encode

REFERENCE = load_profile("repcount_reference")
MICROBIT = load_profile("microbit_accelerometer")
QUICK = settings(derandomize=True, deadline=None, max_examples=60)

ACC_COUNT_M_S2 = STANDARD_GRAVITY_M_S2 / 4096.0
GYRO_COUNT_RAD_S = math.pi / 180.0 / 16.4


def _decoded(profile, batch, **how):
    """Encode, decode; all that comes out in a row, and whatever else came."""
    wire, batches, others = Wire(profile), [], []
    for one in encode(profile, batch, **how):
        for item in wire.feed(Notification(profile.stream.characteristic, one.payload, one.last_s)):
            (batches if isinstance(item, SampleBatch) else others).append(item)
    return batches, others


def _counts(n, least, most):
    return st.lists(st.tuples(*[st.integers(least, most)] * 3), min_size=n, max_size=n).map(
        lambda rows: np.array(rows, dtype=float).reshape(n, 3)
    )


@st.composite
def reference_batches(draw):
    n = draw(st.integers(1, 60))
    start_us, period_us = draw(st.integers(0, 2**31)), draw(st.integers(1_000, 100_000))
    t_s = (start_us + period_us * np.arange(n)) / 1e6
    counts = _counts(n, -(2**15), 2**15 - 1)
    return SampleBatch(t_s, draw(counts) * ACC_COUNT_M_S2, draw(counts) * GYRO_COUNT_RAD_S)


@QUICK
@given(reference_batches(), st.integers(0, 2**16 - 1), st.integers(1, 19))
def test_reference_samples_on_the_grid_come_back_as_they_were(batch, counter, n):
    batches, others = _decoded(REFERENCE, batch, counter_start=counter, samples_per_notification=n)
    assert others == []
    assert [len(one) for one in batches[:-1]] == [n] * (len(batches) - 1)
    np.testing.assert_array_equal(np.concatenate([one.t_s for one in batches]), batch.t_s)
    np.testing.assert_array_equal(np.concatenate([one.acc_m_s2 for one in batches]), batch.acc_m_s2)
    np.testing.assert_array_equal(np.concatenate([one.gyro_rad_s for one in batches]), batch.gyro_rad_s)


@QUICK
@given(_counts(20, -2048, 2048))
def test_micro_bit_samples_on_the_grid_come_back_as_they_were(counts):
    acc_m_s2 = counts * (STANDARD_GRAVITY_M_S2 / 1000.0)
    t_s = 7.0 + np.arange(20) / 50.0
    batches, others = _decoded(MICROBIT, SampleBatch(t_s, acc_m_s2))
    assert others == []
    assert all(one.gyro_rad_s is None for one in batches)
    np.testing.assert_array_equal(np.concatenate([one.acc_m_s2 for one in batches]), acc_m_s2)
    np.testing.assert_allclose(np.concatenate([one.t_s for one in batches]), t_s, atol=1e-9)


@pytest.mark.parametrize(
    ("profile", "most_g", "least_g"), [(REFERENCE, 32767 / 4096, -8.0), (MICROBIT, 2.048, -2.048)]
)
def test_what_is_out_of_range_is_clipped_as_the_sensor_would(profile, most_g, least_g):
    still = np.zeros((1, 3))
    batch = SampleBatch(np.array([1.0]), np.array([[500.0, -500.0, 1.0]]), still)
    ((one,), _) = _decoded(profile, batch)
    assert one.acc_m_s2[0, :2] / STANDARD_GRAVITY_M_S2 == pytest.approx([most_g, least_g])


def test_a_hole_in_the_samples_starts_a_new_notification_and_comes_out_as_a_gap():
    t_s = np.array([0.0, 0.02, 0.04, 1.0, 1.02, 1.04, 1.06])
    batch = SampleBatch(t_s, np.zeros((7, 3)), np.zeros((7, 3)))
    batches, others = _decoded(REFERENCE, batch)
    assert [len(one) for one in batches] == [3, 4]
    assert others == [Gap(0.04, 1.0, 0)]


def test_a_sensor_with_a_fixed_number_of_samples_keeps_an_incomplete_rest():
    batch = SampleBatch(np.arange(5) / 50.0, np.zeros((5, 3)))
    assert len(encode(MICROBIT, batch)) == 5
    assert encode(MICROBIT, batch[:0]) == []


@pytest.mark.parametrize(("profile", "n"), [(REFERENCE, 20), (REFERENCE, 0), (MICROBIT, 2)])
def test_more_or_fewer_samples_than_a_notification_can_hold_are_refused(profile, n):
    batch = SampleBatch(np.arange(40) / 50.0, np.zeros((40, 3)), np.zeros((40, 3)))
    with pytest.raises(ValueError, match=profile.name):
        encode(profile, batch, samples_per_notification=n)


def test_samples_without_turning_rate_are_not_sent_as_if_it_were_zero():
    with pytest.raises(ValueError, match="gyroscope"):
        encode(REFERENCE, SampleBatch(np.array([0.0]), np.zeros((1, 3))))


def test_a_notification_can_be_sent_when_its_last_sample_was_taken():
    batch = SampleBatch(np.arange(15) / 50.0, np.zeros((15, 3)), np.zeros((15, 3)))
    assert [one.last_s for one in encode(REFERENCE, batch)] == [9 / 50, 14 / 50]
