"""When samples are said to have been taken, on links that are late, and with clocks that run apart."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from links import Radio, Sensor, arrivals, packet, second_timed, timed

from repcount.events import FaultReason
from repcount.wire import WireParams
from repcount.wire.timeline import timeline_of

# At these rates no notification takes a whole number of intervals. What a link in step with the sensor hides,
# until their clocks have slipped by an interval, nobody can know: tests/bench/bench_time.py shows it.
RADIO = Radio(interval_s=0.035)
LOSSY = replace(RADIO, lost_ratio=0.05)
SECONDS = 90
US, MS, NS = 1e6, 1e3, 1e9

MANY = {"rate_hz": 52.0, "at_once": 70}
RATES = [
    {"rate_hz": 12.5},
    {"rate_hz": 50.0, "at_once": 10},
    {"rate_hz": 100.0, "at_once": 36},
    {"rate_hz": 200.0},
    MANY,
]
CLOCKS = [
    {"time_bits": 64, "ticks_per_s": NS, "stamps": "last", "starts_s": 6e8},
    {"time_bits": 32, "ticks_per_s": MS, "stamps": "first"},
    {"time_bits": 32, "ticks_per_s": US, "stamps": "last", "starts_s": 4250.0},  # wraps at 4295 s
    {"time_bits": 16, "ticks_per_s": MS, "stamps": "first"},  # wraps every 66 s
]


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("clock", CLOCKS, ids=str)
@pytest.mark.parametrize("rate_ratio", [0.97, 1.0])
def test_a_sensor_that_sends_its_time_is_timed_by_it_and_only_losses_are_gaps(rate, clock, rate_ratio):
    sensor = Sensor(**rate, **clock, rate_ratio=rate_ratio)
    result = timed(sensor, arrivals(sensor, LOSSY, SECONDS))
    assert result.rms_s < 0.005
    if sensor.at_once > 1 or sensor.rate_hz < 100:  # else a notification is no longer than stamps are vague
        assert len(result.gaps) == len(result.lost)
        assert all(gap.lost_notifications is None for gap in result.gaps)


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("rate_ratio", [0.97, 1.0])
@pytest.mark.parametrize("ppm", [-200.0, 200.0])
def test_a_sensor_that_counts_is_timed_by_its_arrivals_and_every_loss_is_said(rate, rate_ratio, ppm):
    sensor = Sensor(**rate, counter_bits=8, rate_ratio=rate_ratio, drift_ppm=ppm)
    result = timed(sensor, arrivals(sensor, LOSSY, SECONDS))
    assert result.rms_s < 0.01
    assert [gap.lost_notifications for gap in result.gaps] == result.lost


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("rate_ratio", [0.97, 1.0])
@pytest.mark.parametrize("interval_s", [0.0075, 0.04875])
def test_a_sensor_that_sends_neither_is_timed_by_its_arrivals_and_no_gap_is_made_up(
    rate, rate_ratio, interval_s
):
    sensor = Sensor(**rate, rate_ratio=rate_ratio)
    result = timed(sensor, arrivals(sensor, Radio(interval_s=interval_s), SECONDS))
    assert result.rms_s < 0.025
    assert result.gaps == []


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("says", [{}, {"counter_bits": 8}, CLOCKS[1]], ids=["neither", "counter", "time"])
def test_times_increase_and_do_not_depend_on_where_it_is_stopped_and_gone_on_with(rate, says):
    sensor = Sensor(**rate, **says)
    came = arrivals(sensor, LOSSY, 30, seed=3)
    timeline, whole = timeline_of(sensor, WireParams()), timed(sensor, came)
    assert np.all(np.diff(whole.t_s) > 0)
    t_s = []
    for k, one in enumerate(came):
        if k % 7 == 0:
            state = json.loads(json.dumps(timeline.snapshot(), allow_nan=False))
            timeline = timeline_of(sensor, WireParams())
            timeline.restore(state)
        t_s.append(timeline.place(one.packet, one.arrival_s).t_s)
    np.testing.assert_array_equal(np.concatenate(t_s), whole.t_s)


@pytest.mark.parametrize("at_once", [10, 36])
def test_losses_that_nobody_counts_are_found_when_all_that_follows_is_late(at_once):
    sensor = Sensor(rate_hz=50.0, at_once=at_once)
    came = arrivals(sensor, RADIO, 60)
    lost = len(came) // 2
    result = timed(sensor, came[:lost] + came[lost + 1 :])
    after = result.true_s > came[lost].host_s[-1] + 10.0
    before = ~after & (result.true_s > 10.0) & (result.true_s < came[lost].host_s[0])
    error_s = result.t_s - result.true_s
    assert np.mean(error_s[after]) == pytest.approx(np.mean(error_s[before]), abs=0.03)


def test_a_second_sensor_is_laid_on_the_first_one_s_clock_and_its_drift_is_followed():
    first = Sensor(rate_hz=50.0, at_once=5, time_bits=32, drift_ppm=200.0)
    for second in (
        Sensor(rate_hz=100.0, at_once=36, time_bits=64, ticks_per_s=NS, starts_s=6e8, drift_ppm=-200.0),
        Sensor(rate_hz=50.0, drift_ppm=-200.0),
    ):
        result = second_timed(first, second, RADIO, SECONDS)
        assert result.rms_s < 0.01
        assert np.all(np.diff(result.t_s) > 0)


def _paused(sensor, one, pause_s):
    """The same notification of a sensor that has measured nothing for a while."""
    sensor_s = one.sensor_s + pause_s
    return replace(
        one,
        packet=packet(sensor, sensor_s, one.number),
        arrival_s=one.arrival_s + pause_s,
        sensor_s=sensor_s,
        host_s=one.host_s + pause_s,
    )


def _leapt(sensor, one, leap_s):
    """The same notification of a sensor whose clock was set."""
    return replace(one, packet=packet(sensor, one.sensor_s + leap_s, one.number))


@pytest.mark.parametrize("says", [{"counter_bits": 16}, {"counter_bits": 16, **CLOCKS[0]}, CLOCKS[0]])
def test_a_link_that_is_silent_and_then_sends_all_makes_no_gap_where_time_or_counter_say_so(says):
    sensor = Sensor(rate_hz=50.0, at_once=10, **says)
    came = arrivals(sensor, Radio(late_ratio=0.0), 60)
    held = [replace(one, arrival_s=37.0) if 32.0 < one.arrival_s < 37.0 else one for one in came]
    result = timed(sensor, held)
    assert result.gaps == []
    assert result.rms_s < 0.01


@pytest.mark.parametrize("says", [{}, {"counter_bits": 8}, CLOCKS[0], CLOCKS[1]])
def test_a_sensor_that_pauses_is_a_gap(says):
    sensor = Sensor(rate_hz=50.0, at_once=10, **says)
    before, after = arrivals(sensor, RADIO, 20), arrivals(sensor, RADIO, 40)[100:]
    paused = [_paused(sensor, one, 5.0) for one in after]
    result = timed(sensor, before + paused)
    (gap,) = result.gaps
    assert gap.end_s - gap.start_s == pytest.approx(5.0, abs=1.5)
    assert result.t_s[-1] - result.t_s[0] == pytest.approx(44.98, abs=0.1)


@pytest.mark.parametrize("leap_s", [-3000.0, -7.0, 3.0, 20.0, 3000.0])
@pytest.mark.parametrize("says", [{"counter_bits": 8}, {}], ids=["counter", "no counter"])
def test_a_clock_that_jumps_does_not_take_stream_time_with_it(leap_s, says):
    sensor = Sensor(rate_hz=50.0, at_once=10, **CLOCKS[0], **says)
    came = arrivals(sensor, RADIO, 40)
    jumped = [_leapt(sensor, one, leap_s) if one.number >= 100 else one for one in came]
    timeline = timeline_of(sensor, WireParams())
    placed = [timeline.place(one.packet, one.arrival_s) for one in jumped]
    refused = [at for at in placed if at is FaultReason.SANITY]
    times_s = np.concatenate([at.t_s for at in placed if at not in (None, FaultReason.SANITY)])
    assert len(refused) == WireParams().restart_after - 1
    assert np.all(np.diff(times_s) > 0)
    assert times_s[-1] - times_s[0] == pytest.approx(40.0, abs=0.4)
    assert len([at for at in placed if at is not FaultReason.SANITY and at.gap is not None]) == 1


@settings(max_examples=300)
@given(
    st.sampled_from([{}, {"counter_bits": 8}, *CLOCKS, {**CLOCKS[0], "counter_bits": 16}]),
    st.integers(0, 2**32 - 1),
)
def test_whatever_comes_times_increase_and_nothing_is_raised(says, seed):
    """Notifications of a sensor that does as it pleases, of which some follow each other as they should."""
    rng = np.random.default_rng(seed)
    sensor = Sensor(rate_hz=float(rng.choice([12.5, 50.0, 200.0])), **says)
    timeline = timeline_of(sensor, WireParams())
    sensor_s, number, arrival_s, t_s = 0.0, 0, 0.0, []
    for _ in range(80):
        n = int(rng.choice([1, 1, 4, 70]))
        wild = rng.random() < 0.2
        sensor_s = max(0.0, sensor_s + (rng.normal(0.0, rng.choice([0.05, 3.0, 900.0])) if wild else 0.0))
        number += int(rng.integers(-40, 300)) if rng.random() < 0.1 else 1
        arrival_s += float(rng.choice([0.0, 0.02, n / sensor.rate_hz, n / sensor.rate_hz, 60.0 * wild]))
        times_s = sensor_s + np.arange(1, n + 1) / sensor.rate_hz
        sensor_s = float(times_s[-1])
        at = timeline.place(packet(sensor, times_s, number), arrival_s)
        if at is not None and at is not FaultReason.SANITY:
            t_s.append(at.t_s)
    t_s = np.concatenate(t_s)
    assert np.all(np.isfinite(t_s))
    assert np.all(np.diff(t_s) > 0)
