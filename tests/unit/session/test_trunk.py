"""How far the trunk swung, off the directions that were up, as far as they were seen."""

import numpy as np
import pytest

from repcount.samples import SIGNALS, UP
from repcount.session.trunk import Trunk

TICK_S, DELAY_S = 0.04, 0.1


def seen(angles_deg, first=0, missing=()):
    """A trunk that leaned by each of these angles, a tick apart."""
    trunk = Trunk(TICK_S, DELAY_S)
    for tick, angle in enumerate(np.radians(angles_deg), start=first):
        if tick in missing:
            continue
        row = np.zeros(SIGNALS)
        row[UP] = 1.1 * np.array([np.sin(angle), 0.0, np.cos(angle)])
        trunk.add(tick * TICK_S, row)
    return trunk


def test_a_still_trunk_sways_by_nothing():
    assert seen(np.full(100, 30.0)).sway_deg(0.5, 3.0) == pytest.approx(0.0, abs=1e-9)


def test_sway_is_the_largest_angle_between_any_two_directions_within_the_span():
    angles = np.concatenate([np.zeros(50), 8.0 * np.sin(np.linspace(0, 4 * np.pi, 101)), np.full(50, 60.0)])
    trunk = seen(angles)
    begin_s, end_s = 50 * TICK_S - DELAY_S, 150 * TICK_S - DELAY_S
    assert trunk.sway_deg(begin_s, end_s) == pytest.approx(16.0, abs=0.1)
    assert trunk.sway_deg(begin_s, end_s + 1.0) == pytest.approx(68.0, abs=0.1)


def test_what_was_hardly_seen_or_is_forgotten_is_unknown():
    assert seen(np.zeros(100), missing=range(40, 50)).sway_deg(1.0, 3.0) is not None
    assert seen(np.zeros(100), missing=range(40, 60)).sway_deg(1.0, 3.0) is None
    assert seen([]).sway_deg(1.0, 3.0) is None
    assert seen(np.zeros(1600)).sway_deg(0.5, 2.0) is None
    assert seen(np.zeros(1600)).sway_deg(50.0, 52.0) == pytest.approx(0.0, abs=1e-9)


def test_it_goes_on_from_a_snapshot_with_what_it_saw():
    trunk, other = seen(np.arange(100.0)), Trunk(TICK_S, DELAY_S)
    other.restore(trunk.snapshot())
    assert other.sway_deg(1.0, 3.0) == trunk.sway_deg(1.0, 3.0)
    trunk.reset()
    assert trunk.sway_deg(1.0, 3.0) is None
    other.restore(trunk.snapshot())
    assert other.sway_deg(1.0, 3.0) is None
