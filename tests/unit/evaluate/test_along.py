"""How far along its way the limb is."""

import numpy as np
import pytest

from repcount.evaluate.along import along
from repcount.events import Rep

T_S = np.arange(0.0, 8.0, 0.5)
START_G, TURN_G = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.6, 0.8])
SHARE = np.tile([0.0, 0.5, 1.0, 0.5], 4)
POSE_G = START_G + SHARE[:, np.newaxis] * (TURN_G - START_G)


def rep(start_s):
    unknown = dict.fromkeys(Rep.__dataclass_fields__)
    return Rep(**unknown | {"start_s": start_s, "turn_s": start_s + 1.0, "end_s": start_s + 2.0})


def test_it_is_0_where_reps_start_and_1_where_they_turn_also_where_one_is_another():
    pose_g = POSE_G.copy()
    pose_g[T_S == 5.0] = [5.0, 5.0, 5.0]
    way = along(T_S, pose_g, [[rep(0.0), rep(2.0), rep(4.0)]])
    assert way[T_S != 5.0] == pytest.approx(SHARE[T_S != 5.0])


def test_each_set_has_its_own_way():
    shallow = START_G + np.where(T_S < 4.0, 1.0, 0.25)[:, np.newaxis] * (POSE_G - START_G)
    way = along(T_S, shallow, [[rep(0.0), rep(2.0)], [], [rep(4.0), rep(6.0)]])
    assert way == pytest.approx(SHARE)


def test_without_reps_it_is_the_pose_where_that_varies_most():
    way = along(T_S, POSE_G, [])
    assert np.ptp(way) == pytest.approx(np.linalg.norm(TURN_G - START_G))
    assert way.mean() == pytest.approx(0.0)
