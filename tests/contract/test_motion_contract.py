"""The motion stages keep the contract, at rates below, at and above their own."""

import numpy as np
import pytest
from simulated import simulated, without
from stage_contract import StageContract

from repcount.motion.attitude import Attitude
from repcount.motion.grid import Grid, GridParams
from repcount.motion.lowpass import LowPass, LowPassParams
from repcount.motion.tracker import Motion, MotionParams
from repcount.samples import STANDARD_GRAVITY_M_S2, SampleBatch
from repcount.simulate import StandStill, Walk

BRIDGED_S, HIDDEN_S, TOO_LONG_S = (1.0, 1.4), (2.0, 4.5), (7.0, 22.0)


def rough_walk(rate_hz, *, has_gyro=True):
    """Samples at uneven times, with gaps that are bridged, told apart, and too long for either."""
    batch = simulated(Walk(duration_s=25.0), StandStill(duration_s=1.0), rate_hz=rate_hz).batch
    jitter_s = np.random.default_rng(2).uniform(-0.4, 0.4, len(batch)) / rate_hz
    gyro_rad_s = batch.gyro_rad_s if has_gyro else None
    told = SampleBatch(batch.t_s + jitter_s, batch.acc_m_s2, gyro_rad_s)
    return without(told, BRIDGED_S, HIDDEN_S, TOO_LONG_S)


class TestGrid(StageContract):
    params = GridParams
    wrong_params = ({"rate_hz": 0}, {"gap_s": 0}, {"gap_s": 15.0}, {"resume_s": 0.1})
    batch = rough_walk(50.0)
    size = len(batch)

    def new(self):
        return Grid()

    def feed(self, stage, first, last):
        pieces, gaps = stage.feed(self.batch[first:last])
        for piece in pieces:
            if piece.restart_s is not None:
                yield "tick", ("restart", piece.restart_s)
            if piece.hidden_until_s is not None:
                yield "tick", ("hidden", piece.hidden_until_s)
            gyro = [None] * len(piece.acc_g) if piece.gyro_rad_s is None else piece.gyro_rad_s
            for tick, row in enumerate(zip(piece.acc_g, gyro, strict=True), piece.first_tick):
                yield "tick", (tick, row)
        for gap in gaps:
            yield "gap", gap


class TestGridOfASlowSensor(TestGrid):
    batch = rough_walk(12.5)
    size = len(batch)


class TestGridOfAQuickSensor(TestGrid):
    batch = rough_walk(200.0)
    size = len(batch)


class TestGridWithoutAGyroscope(TestGrid):
    batch = rough_walk(50.0, has_gyro=False)
    size = len(batch)


class TestLowPass(StageContract):
    values = rough_walk(50.0).acc_m_s2 / STANDARD_GRAVITY_M_S2
    size = len(values)

    def new(self):
        return LowPass(LowPassParams(cutoff_hz=0.8, rate_hz=50.0))

    def feed(self, stage, first, last):
        return [("value", value) for value in stage.feed(self.values[first:last].tolist())]


class TestAttitude(StageContract):
    batch = rough_walk(50.0)
    acc_g, gyro_rad_s = batch.acc_m_s2 / STANDARD_GRAVITY_M_S2, batch.gyro_rad_s
    size = len(batch)

    def new(self):
        return Attitude(50.0)

    def feed(self, stage, first, last):
        up, rate = stage.feed(self.acc_g[first:last].tolist(), self._gyro(first, last))
        return [("up and rate", both) for both in zip(up, rate, strict=True)]

    def _gyro(self, first, last):
        return self.gyro_rad_s[first:last].tolist()


class TestAttitudeWithoutAGyroscope(TestAttitude):
    def _gyro(self, first, last):
        del first, last


class TestMotion(StageContract):
    params = MotionParams
    wrong_params = ({"thin": 0}, {"cutoff_hz": 0}, {"cutoff_hz": 25.0}, {"quick_cutoff_hz": 30.0})
    batch = rough_walk(50.0)
    size = len(batch)

    def new(self):
        return Motion()

    def feed(self, stage, first, last):
        pieces, gaps = stage.feed(self.batch[first:last])
        for piece in pieces:
            if piece.restart_s is not None:
                yield "tick", ("restart", piece.restart_s)
            if piece.hidden_until_s is not None:
                yield "tick", ("hidden", piece.hidden_until_s)
            motion = piece.motion
            for row in zip(motion.t_s.tolist(), motion.signals.tolist(), strict=True):
                yield "tick", row
        for gap in gaps:
            yield "gap", gap


class TestMotionOfASlowSensor(TestMotion):
    batch = rough_walk(12.5)
    size = len(batch)


class TestMotionOfAQuickSensor(TestMotion):
    batch = rough_walk(200.0)
    size = len(batch)


class TestMotionWithoutAGyroscope(TestMotion):
    batch = rough_walk(50.0, has_gyro=False)
    size = len(batch)


@pytest.mark.parametrize("wrong", [{"cutoff_hz": 0}, {"cutoff_hz": 25}, {"cutoff_hz": float("nan")}])
def test_a_low_pass_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="cutoff_hz"):
        LowPassParams(**({"rate_hz": 50.0} | wrong))
