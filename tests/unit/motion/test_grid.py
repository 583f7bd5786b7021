"""The grid: straight lines between samples, gaps said, what lies in them told apart."""

import numpy as np
import pytest

from repcount.motion.grid import Grid, GridGap, GridParams
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch


def line(t_s, slope_g_s=0.5):
    """Acceleration that grows straight with time on x."""
    t_s = np.asarray(t_s, dtype=float)
    acc_g = np.column_stack([slope_g_s * t_s, np.zeros_like(t_s), np.ones_like(t_s)])
    return SampleBatch(t_s, acc_g * STANDARD_GRAVITY_M_S2)


@pytest.mark.parametrize("rate_hz", [12.5, 26.0, 50.0, 52.0, 104.0, 200.0])
def test_any_rate_gives_the_same_ticks(rate_hz):
    (piece,), gaps = Grid().feed(line(np.arange(int(4 * rate_hz)) / rate_hz))
    t_s = np.arange(piece.first_tick, piece.first_tick + len(piece.acc_g)) / 50.0
    assert t_s[0] == 0.0
    assert 3.85 <= t_s[-1] < 4.0
    assert np.array(piece.acc_g)[:, 0] == pytest.approx(0.5 * t_s, abs=1e-12)
    assert gaps == []


def test_the_first_tick_is_not_before_the_first_sample():
    (piece,), _ = Grid().feed(line([0.011, 0.1]))
    assert piece.first_tick == 1


def test_a_sample_on_a_tick_fills_it_at_once():
    grid = Grid()
    grid.feed(line([0.0]))
    (piece,), _ = grid.feed(line([0.06]))
    assert (piece.first_tick, len(piece.acc_g)) == (1, 3)


def test_a_short_gap_is_bridged_by_a_straight_line_and_not_said():
    (piece,), gaps = Grid().feed(line([0.0, 0.1, 0.6, 0.7]))
    assert gaps == []
    assert np.array(piece.acc_g)[:, 0] == pytest.approx(np.arange(36) / 100, abs=1e-12)


def test_a_longer_gap_is_said_and_its_straight_line_is_told_apart():
    pieces, gaps = Grid().feed(line([0.0, 0.1, 1.1, 1.2]))
    assert gaps == [GridGap(0.1, 1.1)]
    assert [(piece.first_tick, len(piece.acc_g), piece.hidden_until_s) for piece in pieces] == [
        (0, 6, None),
        (6, 49, 1.1),
        (55, 6, None),
    ]
    acc_g = np.concatenate([piece.acc_g for piece in pieces])
    assert acc_g[:, 0] == pytest.approx(np.arange(61) / 100, abs=1e-12)


def test_a_gap_no_set_outlasts_starts_the_grid_anew():
    pieces, gaps = Grid().feed(line([0.0, 0.1, 15.11, 15.2]))
    assert gaps == [GridGap(0.1, 15.11)]
    assert [(p.first_tick, len(p.acc_g), p.restart_s, p.hidden_until_s) for p in pieces] == [
        (0, 6, None, None),
        (756, 5, 15.11, None),
    ]


def test_steps_no_longer_than_the_limits_are_neither_said_nor_cut():
    params = GridParams(gap_s=0.5, resume_s=2.0)
    pieces, gaps = Grid(params).feed(line([0.0, 0.5, 2.5]))
    assert gaps == [GridGap(0.5, 2.5)]
    assert [(len(piece.acc_g), piece.restart_s) for piece in pieces] == [(26, None), (99, None), (1, None)]


def test_an_hour_of_stream_does_not_shift_the_ticks():
    (piece,), _ = Grid().feed(line(3600 + np.arange(500) * 0.021))
    t_s = np.arange(piece.first_tick, piece.first_tick + len(piece.acc_g)) / 50.0
    assert np.array(piece.acc_g)[:, 0] == pytest.approx(0.5 * t_s, abs=1e-9)


def test_the_turning_rate_comes_on_the_same_ticks():
    batch = line(np.arange(40) * 0.03)
    gyro_rad_s = np.column_stack([batch.t_s, -batch.t_s, np.full(40, 0.2)])
    (piece,), _ = Grid().feed(SampleBatch(batch.t_s, batch.acc_m_s2, gyro_rad_s))
    t_s = np.arange(len(piece.acc_g)) / 50.0
    assert np.array(piece.acc_g)[:, 0] == pytest.approx(0.5 * t_s, abs=1e-12)
    turned = np.column_stack([t_s, -t_s, np.full(len(t_s), 0.2)])
    assert np.array(piece.gyro_rad_s) == pytest.approx(turned, abs=1e-12)
    assert Grid().feed(batch)[0][0].gyro_rad_s is None
