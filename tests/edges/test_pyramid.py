"""A long signal is drawn with few points at any width, and loses no peak."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcount.edges.studio.pyramid import FEWEST_POINTS, levels, pack


def unpack(blob):
    count, channels = np.frombuffer(blob, "<u4", 2)
    sizes = np.frombuffer(blob, "<u4", count, offset=8)
    at, found = 8 + 4 * int(count), []
    for size in sizes:
        arrays = np.frombuffer(blob, "<f4", size * (channels + 1), offset=at).reshape(channels + 1, size)
        found.append((arrays[0], arrays[1:].T))
        at += arrays.nbytes
    assert at == len(blob)
    return found


@given(st.integers(1, 20_000), st.integers(0, 2**32 - 1))
def test_every_level_keeps_the_extremes_and_the_order_of_time(n, seed):
    rng = np.random.default_rng(seed)
    t_s, values = np.cumsum(rng.uniform(0.005, 0.02, n)), rng.normal(size=(n, 3))
    found = levels(t_s, values)
    assert len(found[-1][0]) < max(4 * FEWEST_POINTS, n + 1)
    for times, kept in found:
        assert np.all(np.diff(times) >= 0)
        np.testing.assert_allclose(kept.min(axis=0), values.min(axis=0), rtol=1e-6)
        np.testing.assert_allclose(kept.max(axis=0), values.max(axis=0), rtol=1e-6)


def test_a_single_spike_in_an_hour_is_at_its_place_at_every_width():
    t_s = np.arange(360_000) / 100
    values = np.zeros((360_000, 1))
    values[123_456] = 5.0
    for times, kept in levels(t_s, values):
        assert abs(times[int(kept[:, 0].argmax())] - 1234.56) < 4 * (times[2] - times[0])


def test_what_is_packed_comes_back():
    found = levels(np.arange(10_000) / 100, np.random.default_rng(0).normal(size=(10_000, 2)))
    back = unpack(pack(found))
    assert len(back) == len(found)
    for (t_a, v_a), (t_b, v_b) in zip(found, back, strict=True):
        np.testing.assert_array_equal(t_a, t_b)
        np.testing.assert_array_equal(v_a, v_b)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_short_signal_has_one_level(n):
    assert len(levels(np.arange(n) / 100, np.zeros((n, 1)))) == 1
