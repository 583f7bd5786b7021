import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repcount.edges.profiles import load_profile
from repcount.events import FaultReason
from repcount.profile import parse_profile
from repcount.samples import Notification, SampleBatch
from repcount.wire import Gap, Rejected, Wire, encode

REFERENCE = load_profile("repcount_reference")
TEMPLATE_FILE = Path(__file__).parents[3] / "firmware_profiles" / "_template.toml"
QUICK = settings(derandomize=True, deadline=None, max_examples=80)
N = 10
PERIOD_S = 0.02
DELAY_S = 0.03


def _sent(count, *, start_s=0.0, counter=0, profile=REFERENCE, arrives_after_s=DELAY_S, n=N):
    """Notifications of a sensor at rest, `n` samples each, 20 ms apart, numbered in x."""
    t_s = start_s + np.arange(count * n) * PERIOD_S
    acc = np.zeros((count * n, 3))
    acc[:, 0] = np.arange(count * n) * (9.80665 / 4096.0)
    batch = SampleBatch(t_s, acc, np.zeros_like(acc))
    sent = encode(profile, batch, counter_start=counter, samples_per_notification=n)
    return [
        Notification(profile.stream.characteristic, one.payload, one.last_s + arrives_after_s) for one in sent
    ]


def _fed(notifications, profile=REFERENCE):
    wire = Wire(profile)
    return [item for one in notifications for item in wire.feed(one)]


def _times(items):
    return np.concatenate([item.t_s for item in items if isinstance(item, SampleBatch)])


def _others(items):
    return [item for item in items if not isinstance(item, SampleBatch)]


def test_time_goes_on_where_the_sensor_s_clock_wraps():
    start_s = 2**32 / 1e6 - 0.5
    items = _fed(_sent(6, start_s=start_s))
    assert _others(items) == []
    np.testing.assert_allclose(_times(items), start_s + np.arange(60) * PERIOD_S, atol=1e-6)


def test_a_clock_that_wrapped_unheard_is_unwrapped_by_the_time_waited():
    first, later = _sent(1), _sent(1, start_s=3 * 2**32 / 1e6 + 7.0, counter=1)
    items = _fed([*first, *later])
    assert _times(items)[N] == pytest.approx(3 * 2**32 / 1e6 + 7.0, abs=1e-6)
    assert isinstance(items[1], Gap)


def test_the_counter_may_wrap():
    items = _fed(_sent(6, counter=65533))
    assert _others(items) == []
    assert len(_times(items)) == 60


def test_lost_notifications_are_a_gap_with_their_number():
    sent = _sent(8, counter=65534)
    items = _fed([*sent[:2], *sent[5:]])
    (gap,) = _others(items)
    assert gap == Gap(19 * PERIOD_S, 50 * PERIOD_S, 3)
    assert items.index(gap) == 2


def test_a_single_lost_sample_s_worth_is_a_gap_when_the_counter_says_so():
    sent = _sent(3, n=1)
    assert _others(_fed([sent[0], sent[2]])) == [Gap(0.0, 2 * PERIOD_S, 1)]


@QUICK
@given(st.lists(st.integers(0, 19), max_size=40), st.sampled_from([0, 65530]))
def test_late_and_repeated_notifications_are_dropped_whatever_the_order(order, counter):
    sent = _sent(20, counter=counter)
    items = _fed([sent[0], *(sent[k] for k in order), sent[19]])
    t_s = _times(items)
    assert np.all(np.diff(t_s) > 0)
    assert not any(isinstance(item, Rejected) for item in items)
    x = np.concatenate([item.acc_m_s2[:, 0] for item in items if isinstance(item, SampleBatch)])
    np.testing.assert_allclose(x / 9.80665 * 4096.0, np.round(t_s / PERIOD_S), atol=1e-6)
    lost = sum(item.lost_notifications for item in items if isinstance(item, Gap))
    assert lost + len(t_s) // N == 20


def test_a_sensor_that_started_again_goes_on_after_a_gap():
    before, after = _sent(50, start_s=500.0, counter=5000), _sent(6)
    restart_s = before[-1].arrival_s + 5.0
    after = [Notification(one.characteristic, one.payload, one.arrival_s + restart_s) for one in after]
    items = _fed([*before, *after])
    rejected = [item for item in items if isinstance(item, Rejected)]
    assert [item.reason for item in rejected] == [FaultReason.SANITY] * 2
    (gap,) = [item for item in items if isinstance(item, Gap)]
    assert gap.lost_notifications is None
    t_s = _times(items)
    assert np.all(np.diff(t_s) > 0)
    assert t_s[-1] - t_s[499] == pytest.approx(after[-1].arrival_s - before[-1].arrival_s, abs=1e-6)
    assert len(t_s) == 540


def test_a_sensor_that_started_again_early_is_not_taken_for_late_for_ever():
    before, after = _sent(20), _sent(60)
    after = [Notification(one.characteristic, one.payload, one.arrival_s + 60.0) for one in after]
    items = _fed([*before, *after])
    assert len([item for item in items if isinstance(item, Gap)]) == 1
    assert len(_times(items)) == 200 + (60 - 22) * N


@pytest.mark.parametrize("leap_s", [-400.0, 400.0])
def test_one_wrong_time_is_refused_and_leaves_no_trace(leap_s):
    sent = _sent(6, start_s=1000.0)
    (wrong,) = _sent(1, start_s=1000.6 + leap_s, counter=3)
    wrong = Notification(wrong.characteristic, wrong.payload, sent[3].arrival_s)
    items = _fed([*sent[:3], wrong, *sent[4:]])
    assert [type(item) for item in items] == [SampleBatch] * 3 + [Rejected, Gap] + [SampleBatch] * 2
    assert items[3].reason is FaultReason.SANITY
    assert items[4].lost_notifications == 1


def test_a_period_that_is_too_long_keeps_times_increasing():
    sent = _sent(3)
    squeezed = [
        Notification(one.characteristic, one.payload, one.arrival_s)
        for one in _sent(1, start_s=0.15, counter=1)
    ]
    t_s = _times(_fed([sent[0], *squeezed]))
    assert np.all(np.diff(t_s) > 0)
    assert t_s[-1] == pytest.approx(0.15 + 9 * PERIOD_S)


def test_a_burst_after_a_silent_link_keeps_the_sensor_s_times():
    late = [Notification(one.characteristic, one.payload, max(one.arrival_s, 9.0)) for one in _sent(40)]
    items = _fed(late)
    assert _others(items) == []
    np.testing.assert_allclose(_times(items), np.arange(400) * PERIOD_S, atol=1e-9)


def _template(*, counter):
    data = tomllib.loads(TEMPLATE_FILE.read_text())
    if not counter:
        stream = data["streams"][0]
        stream["fields"] = stream["fields"][1:]
        stream["loss"] = "time_gap"
        for vector in data["vectors"]:
            vector.pop("counter", None)
    return parse_profile(data, "x.toml")


def test_a_time_of_the_last_sample_places_the_ones_before_it():
    profile = _template(counter=True)
    items = _fed(_sent(4, start_s=2.0, profile=profile, n=2), profile)
    assert _others(items) == []
    np.testing.assert_allclose(_times(items), 2.0 + np.arange(8) * PERIOD_S)


def test_without_a_counter_time_alone_finds_repeats_and_losses():
    profile = _template(counter=False)
    sent = _sent(20, profile=profile, n=2)
    items = _fed([*sent[:3], sent[1], sent[2], *sent[8:]], profile)
    (gap,) = _others(items)
    assert gap == Gap(0.1, 0.32, None)
    assert len(_times(items)) == 30
