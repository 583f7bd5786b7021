"""The low pass: settled at once, half power at the cut-off, late by what it says."""

import numpy as np
import pytest

from repcount.motion.lowpass import LowPass, LowPassParams

RATE_HZ = 50.0


def low_pass(cutoff_hz=0.8):
    return LowPass(LowPassParams(cutoff_hz=cutoff_hz, rate_hz=RATE_HZ))


def test_it_starts_settled():
    still = np.tile([0.3, -0.4, 0.85], (100, 1))
    assert np.array(low_pass().feed(still)) == pytest.approx(still, abs=1e-12)


@pytest.mark.parametrize(("frequency_hz", "gain"), [(0.08, 1.0), (0.8, np.sqrt(0.5)), (8.0, 0.01)])
def test_slow_passes_the_cut_off_is_halved_in_power_and_quick_is_gone(frequency_hz, gain):
    t_s = np.arange(3000) / RATE_HZ
    wave = np.sin(2 * np.pi * frequency_hz * t_s)[:, None] * np.ones(3)
    assert np.abs(low_pass().feed(wave)[1500:]).max() == pytest.approx(gain, rel=0.05, abs=0.005)


@pytest.mark.parametrize("cutoff_hz", [0.8, 3.0])
def test_a_ramp_comes_later_by_the_stated_delay(cutoff_hz):
    stage = low_pass(cutoff_hz)
    ramp = (np.arange(1000) / RATE_HZ)[:, None] * np.ones(3)
    late_s = (ramp - np.array(stage.feed(ramp)))[-1]
    assert late_s == pytest.approx(np.full(3, stage.params.delay_s), rel=0.02)
