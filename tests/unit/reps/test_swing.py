"""Swings of a known size, in any mounting."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.reps.swing import swing_deg, turns_back

MOUNTINGS = pytest.mark.parametrize("mounting", [(0, 0, 0), (1.0, -2.0, 0.5), (0, 3.1, 0)])


def ups(angles_deg, mounting=(0, 0, 0)):
    """Up directions of a limb tilted by these angles."""
    return Rotation.from_rotvec(mounting).apply(
        Rotation.from_euler("y", np.array(angles_deg)[:, None], degrees=True).apply((0, 0, 1))
    )


@MOUNTINGS
@pytest.mark.parametrize("size_deg", [3, 20, 95])
def test_a_swing_is_as_large_as_its_ends_are_apart(size_deg, mounting):
    assert swing_deg(ups(np.linspace(-size_deg / 2, size_deg / 2, 40), mounting)) == pytest.approx(size_deg)


def test_what_was_not_seen_did_not_swing():
    assert swing_deg(np.empty((0, 3))) == 0
    assert turns_back(np.empty((0, 3)), 5) == 0


@MOUNTINGS
@pytest.mark.parametrize("times", [1, 2, 3, 5])
def test_every_turn_back_is_counted_once(times, mounting):
    there_and_back = 10 * np.sin(np.linspace(-np.pi / 2, np.pi * times + np.pi / 2, 30 * (times + 1)))
    assert turns_back(ups(there_and_back, mounting), 5) == times


def test_a_turn_smaller_than_asked_is_none():
    angles_deg = np.concatenate((np.linspace(0, 20, 20), np.linspace(20, 16, 5), np.linspace(16, 30, 15)))
    assert turns_back(ups(angles_deg), 5) == 0
    assert turns_back(ups(angles_deg), 3) == 2
