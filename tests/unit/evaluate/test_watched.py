"""A result is known to be the same within a region, and is never taken for the same outside of it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcount.evaluate.watched import Memo, Watched, watch


def decided(values, decide):
    watched, region = watch(values)
    return decide(*watched.values()), region


@pytest.mark.parametrize(
    ("decide", "inside", "outside"),
    [
        (lambda a: a < 3, [-9, 2.9], [3, 4]),
        (lambda a: a <= 3, [-9, 2.9], [3.1]),
        (lambda a: 2 * a + 1 > 0.5, [-0.2, 9], [-0.3]),
        (lambda a: -a / 4 >= -1, [-9, 3.9], [4.1]),
        (lambda a: 5 - a > 2 > a / 2, [2.9, -9], [3.1]),
        (lambda a: np.array([0.5, 4.0, math.nan]) > a, [0.6, 3.9], [0.4, 4.1]),
        (lambda a: np.float64(3) >= a, [2.9], [3.1]),
        (lambda a: 0.0 < a < math.inf, [0.1, 99], [-0.1]),
        (round, [0.6, 1.4], [0.4, 1.6]),
        (lambda a: round(a / 10, 1), [0.6, 1.4], [0.4, 1.6]),
        (lambda a: min(a, 2) + 0 < 5, [-9, 1.9], [2.1]),
        (lambda a: a == 5, [4.9, -9], [5, 6]),
        (bool, [0.1, 9], [0, -1]),
        (math.sqrt, [1], [1.01, 0.99]),
        (lambda a: (np.ones(3) * a).sum(), [1], [1.01]),
        (lambda a: a in {1.0, 2.0}, [1], [1.5]),
        (lambda a: 0 * a, [-9, 9], []),
    ],
)
def test_the_region_is_where_it_is_decided_alike(decide, inside, outside):
    result, region = decided({"a": 1.0}, decide)
    assert np.array_equal(_plain(result), _plain(decide(1.0)), equal_nan=True)
    assert region.holds({"a": 1.0})
    for value in inside:
        assert region.holds({"a": value}), value
    for value in outside:
        assert not region.holds({"a": value}), value


def _plain(result):
    return result.value if isinstance(result, Watched) else result


def test_sums_of_parameters_are_followed_together():
    result, region = decided({"a": -10.5, "b": 4.0, "c": 1.0}, lambda a, b, c: a + max(1.5, c / 3) - b < -7)
    assert result
    assert region.holds({"a": -9, "b": 5.5, "c": 0})
    assert not region.holds({"a": -5, "b": 3, "c": 0})
    assert region.holds({"a": -5, "b": 4, "c": 4.4})
    assert not region.holds({"a": -10.5, "b": 4.0, "c": 4.6})


def test_a_parameter_against_itself_decides_nothing():
    result, region = decided({"a": 2.0}, lambda a: a + 1 > a)
    assert result
    assert region.holds({"a": -1e6})


def program(a, b, c, data):
    """Anything that decides with numbers."""
    kept = [x for x in data if 0.5 * a <= x < b]
    total = math.fsum(kept) if kept else c
    if total > a + c - 1 and not data[0] > 2 * b:
        return len(kept), round(c, 1)
    return (data > c).sum(), total < b - a


@given(st.integers(0, 10_000))
def test_within_the_region_any_program_gives_the_same(seed):
    rng = np.random.default_rng(seed)
    data = rng.uniform(-1, 3, 8)
    memo = Memo()
    for _ in range(40):
        values = dict(zip("abc", (rng.integers(-20, 60, 3) / 20).tolist(), strict=True))
        plain = program(**values, data=data)
        for known in memo.find(values):
            assert known == plain
        watched, region = watch(values)
        result = tuple(float(part) for part in program(**watched, data=data))
        assert result == tuple(float(part) for part in plain)
        memo.add(region, result)
