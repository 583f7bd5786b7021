"""How far along its arc a limb is, by the direction that is up alone."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from repcount.reps.arc import Arc

START = np.array([1.0, 0.0, 0.0])


def turned(deg, start=START):
    """Up after the limb turned by these angles (N,) about z."""
    return Rotation.from_rotvec(np.outer(np.atleast_1d(deg), [0, 0, 1]), degrees=True).apply(start)


def arc_of(deg):
    return Arc.between(START, turned(deg)[0])


@pytest.mark.parametrize("deg", [5.0, 26.0, 90.0, 150.0])
def test_progress_is_the_share_of_the_angle(deg):
    arc, shares = arc_of(deg), np.array([-0.2, 0.0, 0.25, 0.5, 1.0, 1.2])
    assert arc.angle_deg == pytest.approx(deg)
    assert arc.progress(turned(shares * deg)) == pytest.approx(shares)


def test_how_hard_the_limb_is_thrown_does_not_matter():
    arc, ups = arc_of(40.0), turned(np.linspace(0, 40, 9))
    forces = ups * np.linspace(0.3, 2.0, 9)[:, np.newaxis]
    assert arc.progress(forces) == pytest.approx(arc.progress(ups))
    assert Arc.between(0.4 * START, 1.7 * turned(40.0)[0]).angle_deg == pytest.approx(40.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_mounting_does_not_matter(seed):
    mounting = Rotation.random(rng=np.random.default_rng(seed))
    ups = turned(np.linspace(-5, 45, 21))
    mounted = Arc.between(mounting.apply(START), mounting.apply(turned(40.0)[0]))
    assert mounted.progress(mounting.apply(ups)) == pytest.approx(arc_of(40.0).progress(ups))


def test_leaning_aside_is_no_progress():
    aside = Rotation.from_rotvec([0, 20, 0], degrees=True).apply(START)
    assert arc_of(40.0).progress(aside[np.newaxis]) == pytest.approx([0.0], abs=1e-9)


@pytest.mark.parametrize("turn", [START, 2 * START, -START, np.zeros(3), turned(0.5)[0]])
def test_between_one_direction_and_itself_or_its_opposite_there_is_no_arc(turn):
    assert Arc.between(START, turn) is None
    assert Arc.between(turn, START) is None


def test_one_direction_is_as_far_along_as_in_a_batch_of_any_size():
    arc, ups = arc_of(33.0), np.random.default_rng(1).normal(size=(200, 3))
    assert [arc.at(up) for up in ups.tolist()] == pytest.approx(arc.progress(ups), rel=1e-12)
    assert [arc.progress(up[np.newaxis])[0] for up in ups] == arc.progress(ups).tolist()


def test_a_direction_is_astray_by_how_far_beside_the_arc_it_lies():
    arc = Arc.between(np.array([0.0, 0.0, 1.0]), np.array([np.sin(0.5), 0.0, np.cos(0.5)]))
    assert arc.astray(np.array([np.sin(0.2), 0.0, np.cos(0.2)])) == pytest.approx(0.0, abs=1e-6)
    assert arc.astray(2 * np.array([0.0, np.sin(0.25), np.cos(0.25)])) == pytest.approx(0.5)
    assert arc.astray(np.array([0.0, 1.0, 0.0])) == pytest.approx(np.pi / 2 / 0.5)
