import numpy as np
import pytest

from repcount.edges.profiles import load_profile
from repcount.profile import parse_profile
from repcount.samples import Notification, SampleBatch
from repcount.wire import Gap, Wire

MICROBIT = load_profile("microbit_accelerometer")
REST = bytes.fromhex("00000000e803")
CONNECTION_INTERVAL_S = 0.05


def _fed(wire, arrivals_s, payload=REST):
    characteristic = wire.profile.stream.characteristic
    return [item for t in arrivals_s for item in wire.feed(Notification(characteristic, payload, float(t)))]


def _times(items):
    return np.concatenate([item.t_s for item in items if isinstance(item, SampleBatch)])


def _radio(t_s):
    """When the next connection event carries it."""
    return np.ceil(t_s / CONNECTION_INTERVAL_S) * CONNECTION_INTERVAL_S


@pytest.mark.parametrize("period_s", [0.018, 0.02, 0.0212])
def test_bursts_of_the_radio_are_spread_evenly_at_the_true_rate(period_s):
    true_s = 3.0 + np.arange(3000) * period_s
    items = _fed(Wire(MICROBIT), _radio(true_s))
    assert all(isinstance(item, SampleBatch) for item in items)
    error_s = (_times(items) - true_s)[1000:]
    assert np.std(error_s) < 0.003
    assert np.all(np.abs(error_s) < CONNECTION_INTERVAL_S)


def test_a_link_that_holds_everything_back_for_a_moment_makes_no_gap_and_hardly_bends_time():
    true_s = np.arange(1500) * 0.02
    held_s = np.where((true_s > 20.0) & (true_s < 20.8), 20.8, true_s)
    items = _fed(Wire(MICROBIT), held_s)
    assert all(isinstance(item, SampleBatch) for item in items)
    np.testing.assert_allclose(_times(items), true_s, atol=0.1)


def test_what_comes_after_all_after_a_gap_does_not_leave_time_ahead_of_the_host():
    true_s = np.arange(1500) * 0.02
    held_s = np.where((true_s > 5.0) & (true_s < 10.0), 10.0, true_s)
    items = _fed(Wire(MICROBIT), held_s)
    assert sum(isinstance(item, Gap) for item in items) == 1
    t_s = _times(items)
    assert np.all(np.diff(t_s) > 0)
    assert np.max(t_s - held_s) < 1.5
    np.testing.assert_allclose(t_s[-250:], true_s[-250:], atol=0.1)


def test_jitter_and_bursts_never_turn_time_back():
    rng = np.random.default_rng(7)
    true_s = np.arange(2000) * 0.02
    late_s = rng.exponential(0.05, 2000) * (rng.random(2000) < 0.2)
    t_s = _times(_fed(Wire(MICROBIT), np.maximum.accumulate(_radio(true_s + late_s))))
    assert np.all(np.diff(t_s) > 0)


def test_a_silence_is_a_gap_of_unknown_loss_and_time_goes_on_with_the_host_s_clock():
    before_s = np.arange(200) * 0.02
    after_s = 60.0 + np.arange(200) * 0.02
    items = _fed(Wire(MICROBIT), [*before_s, *after_s])
    (gap,) = [item for item in items if isinstance(item, Gap)]
    assert gap.lost_notifications is None
    assert (gap.start_s, gap.end_s) == pytest.approx((before_s[-1], 60.0), abs=0.05)


def test_arrivals_far_apart_from_what_the_profile_says_still_increase():
    for period_s in (0.0005, 0.5):
        t_s = _times(_fed(Wire(MICROBIT), np.arange(500) * period_s))
        assert np.all(np.diff(t_s) > 0)


def _counting_profile():
    """A sensor without a clock, two samples at once, that counts its notifications."""
    characteristic = "3f2a0002-6c1b-4d0e-9a57-5e0c8b7d4f10"
    acc = {"name": "acc", "offset": 1, "type": "i8", "stride": 3, "counts_per_unit": 16.0, "unit": "g"}
    stream = {
        "service": characteristic,
        "characteristic": characteristic,
        "framing": "packet",
        "byte_order": "little",
        "rate_hz": 50.0,
        "samples_per_notification": 2,
        "loss": "counter",
        "fields": [{"name": "counter", "offset": 0, "type": "u8"}, acc | {"limit": 8.0}],
        "time": {"source": "arrival"},
    }
    return parse_profile(
        {
            "schema": 1,
            "name": "counting",
            "title": "Counting",
            "provenance": ["made up"],
            "identity": {"name_pattern": "*"},
            "start": [{"do": "subscribe", "characteristic": characteristic}],
            "streams": [stream],
            "axes": {"body_xyz": ["+x", "+y", "+z"], "confidence": "unknown"},
            "vectors": [{"direction": "notify", "meaning": "short", "hex": "00", "rejected": "length"}],
        },
        "counting.toml",
    )


def _count(wire, counters, arrivals_s):
    items = []
    for counter, arrival_s in zip(counters, arrivals_s, strict=True):
        items += _fed(wire, [arrival_s], bytes([counter % 256]) + bytes(6))
    return items


def test_lost_notifications_that_were_counted_keep_their_place():
    counters = [k for k in range(300) if k % 10 not in (3, 4)]
    items = _count(Wire(_counting_profile()), counters, [k * 0.04 for k in counters])
    gaps = [item for item in items if isinstance(item, Gap)]
    assert [gap.lost_notifications for gap in gaps] == [2] * 30
    expected_s = np.array([k * 0.04 - early for k in counters for early in (0.02, 0.0)])
    np.testing.assert_allclose(_times(items), expected_s, atol=1e-6)


def test_counted_notifications_that_come_late_or_twice_are_dropped():
    counters = [0, 1, 2, 1, 2, 3, 2, 4]
    items = _count(Wire(_counting_profile()), counters, np.arange(8) * 0.04)
    assert len(_times(items)) == 10
    assert not any(isinstance(item, Gap) for item in items)


def test_a_counter_that_leaps_further_than_there_was_time_does_not_move_time():
    counters = [0, 1, 2, 103, 104]
    items = _count(Wire(_counting_profile()), counters, np.arange(5) * 0.04)
    (gap,) = [item for item in items if isinstance(item, Gap)]
    assert gap.lost_notifications is None
    np.testing.assert_allclose(_times(items)[-1], 0.16, atol=0.01)
