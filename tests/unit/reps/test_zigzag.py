"""The bank of directions against a slow reference, and against turning the sensor."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.reps.zigzag import ZigzagBank, ZigzagParams, half_sphere

PARAMS = ZigzagParams(directions=5, thresholds_g=(0.1, 0.3))


def wandering(seed=1, n=400):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(0, 0.06, (n, 3)), axis=0)


def reference(curve, threshold_g):
    """Extrema of one curve as (tick, is_peak), by looking back over everything at every tick."""
    found, since, peak = [], 0, True
    for tick in range(len(curve)):
        stretch = curve[since : tick + 1] * (1 if peak else -1)
        if stretch.max() - stretch[-1] >= threshold_g:
            found.append((since + int(np.argmax(stretch)), peak))
            since, peak = tick, not peak
    return found


def extrema(bank, poses):
    """Track -> its extrema as (tick, is_peak, pose)."""
    found = {track: [] for track in range(len(bank.threshold_g))}
    for tick, pose in enumerate(poses):
        for turned in bank.feed(tick, pose):
            found[turned.track].append((turned.extremum.tick, turned.peak, turned.extremum.pose))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_track_turns_where_the_slow_reference_says(seed):
    poses, bank = wandering(seed), ZigzagBank(PARAMS)
    for track, found in extrema(bank, poses).items():
        curve = poses @ bank.directions[bank.direction_of[track]]
        assert [(tick, peak) for tick, peak, _ in found] == reference(curve, bank.threshold_g[track])
        assert all(pose == tuple(poses[tick]) for tick, _, pose in found)


def test_each_extremum_begins_where_the_last_ended_and_peaks_alternate():
    bank, last = ZigzagBank(PARAMS), {}
    for tick, pose in enumerate(wandering()):
        for turned in bank.feed(tick, pose):
            if turned.track in last:
                assert turned.before == last[turned.track].extremum
                assert turned.peak != last[turned.track].peak
            last[turned.track] = turned
    assert last


def test_a_turned_sensor_sees_the_turned_extrema():
    poses, turning = wandering(), Rotation.from_rotvec([0.4, -1.1, 0.7])
    straight, turned = ZigzagBank(PARAMS), ZigzagBank(PARAMS)
    turned.directions = turning.apply(turned.directions)
    turned.reset()
    seen, seen_turned = extrema(straight, poses), extrema(turned, turning.apply(poses))
    for track, found in seen.items():
        assert [e[:2] for e in seen_turned[track]] == [e[:2] for e in found]
        rotated = [turning.apply(pose) for *_, pose in found]
        assert np.array([pose for *_, pose in seen_turned[track]]) == pytest.approx(np.array(rotated))


def test_a_still_sensor_never_turns():
    bank = ZigzagBank()
    shaking = np.array([0.0, 0.0, 1.0]) + np.random.default_rng(1).normal(0, 0.01, (500, 3))
    assert [turned for tick, pose in enumerate(shaking) for turned in bank.feed(tick, pose)] == []


@pytest.mark.parametrize("count", [12, 24, 48])
def test_the_directions_cover_the_half_sphere_evenly(count):
    directions = half_sphere(count)
    assert np.linalg.norm(directions, axis=1) == pytest.approx(np.ones(count))
    anywhere = np.random.default_rng(1).normal(size=(2000, 3))
    anywhere /= np.linalg.norm(anywhere, axis=1)[:, None]
    nearest = np.degrees(np.arccos(np.abs(anywhere @ directions.T).max(axis=1).clip(max=1)))
    assert nearest.max() < 130 / np.sqrt(count)
