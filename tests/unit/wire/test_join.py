from dataclasses import replace

import numpy as np
import pytest
from variants import VARIANTS

from repcount.samples import Notification, SampleBatch
from repcount.wire import Gap, Wire, encode

APART = ["polar_verity_sense-gyro=1", "metamotion", "metamotion-packed=0", "adafruit_clue"]
SECONDS = 20.0


def _came(name, *, late_s=0.0, lost=(), seconds=SECONDS):
    """Of a sensor that turns by 0.1 rad/s more each second; its turning rates come `late_s` later."""
    profile, values = VARIANTS[name]
    rate_hz = profile.active_streams(values)[0].rate_hz
    t_s = 5.0 + np.arange(round(seconds * rate_hz)) / rate_hz
    acc = np.tile([0.0, 0.0, 9.81], (len(t_s), 1))
    gyro = np.column_stack([0.1 * (t_s - 5.0), np.zeros(len(t_s)), np.zeros(len(t_s))])
    turning = {one.starts_with for one in profile.active_streams(values) if one.acc is None}
    other = {one.characteristic for one in profile.active_streams(values) if one.acc is None}
    master = profile.stream.characteristic
    came = []
    for one in encode(profile, SampleBatch(t_s, acc, gyro), values=values):
        is_turning = one.characteristic in other and (
            one.characteristic != master or any(start.matches(one.payload) for start in turning if start)
        )
        if is_turning and any(first_s <= one.last_s - 5.0 < end_s for first_s, end_s in lost):
            continue
        came.append(
            Notification(one.characteristic, one.payload, one.last_s + (late_s if is_turning else 0.0))
        )
    return sorted(came, key=lambda one: one.arrival_s)


def _fed(name, came):
    profile, values = VARIANTS[name]
    wire, items = Wire(profile, values=values), []
    for one in came:
        items += [(item, one.arrival_s) for item in wire.feed(one)]
    return items


@pytest.mark.parametrize("name", APART)
@pytest.mark.parametrize("late_s", [0.0, 0.05])
def test_each_acceleration_has_the_turning_rate_of_its_time(name, late_s):
    items = _fed(name, _came(name, late_s=late_s))
    assert all(isinstance(item, SampleBatch) for item, _ in items)
    t_s = np.concatenate([item.t_s for item, _ in items])
    turning = np.concatenate([item.gyro_rad_s[:, 0] for item, _ in items])
    start_s = np.median(t_s - turning / 0.1)  # where it comes from: the clock's, or the host's with its delay
    assert np.abs(turning - 0.1 * (t_s - start_s)).max() < 0.1 * 0.06
    assert start_s == pytest.approx(5.0, abs=0.06)


@pytest.mark.parametrize("name", APART)
def test_samples_come_as_soon_as_both_are_there(name):
    items = _fed(name, _came(name, late_s=0.05))
    profile, values = VARIANTS[name]
    most_s = 0.07 + sum(stream.latency_s for stream in profile.active_streams(values)[:2])
    waited = [arrival_s - float(item.t_s[0]) for item, arrival_s in items if isinstance(item, SampleBatch)]
    assert max(waited[5:]) < most_s


@pytest.mark.parametrize("name", APART)
def test_where_turning_rates_are_lost_there_is_a_gap_and_no_sample(name):
    items = [item for item, _ in _fed(name, _came(name, lost=[(8.0, 12.0)]))]
    (gap,) = (item for item in items if isinstance(item, Gap))
    assert gap.lost_notifications is None
    assert gap.start_s == pytest.approx(13.0, abs=0.5)
    assert gap.end_s == pytest.approx(17.0, abs=0.5)
    for item in items:
        assert not isinstance(item, SampleBatch) or not np.any(
            (gap.start_s < item.t_s) & (item.t_s < gap.end_s)
        )


@pytest.mark.parametrize("name", APART)
def test_without_turning_rates_nothing_is_made_up_and_nothing_is_kept(name):
    profile, values = VARIANTS[name]
    wire, kept = Wire(profile, values=values), []
    for one in _came(name, lost=[(0.0, 99.0)], seconds=60.0):
        assert not any(isinstance(item, SampleBatch) for item in wire.feed(one))
        kept.append(len(wire.snapshot()["join"]["acc"]["t_s"]))
    assert max(kept[len(kept) // 2 :]) <= max(kept[: len(kept) // 2]) + 1


def test_a_gap_in_the_accelerations_keeps_its_number_of_lost_notifications_unknown():
    name = "polar_verity_sense-gyro=1"
    profile, values = VARIANTS[name]
    came = [one for one in _came(name) if not (one.payload[0] == 2 and 12.0 < one.arrival_s < 14.0)]
    items = [item for item, _ in _fed(name, came)]
    (gap,) = (item for item in items if isinstance(item, Gap))
    assert gap.end_s - gap.start_s == pytest.approx(2.0, abs=0.4)
    assert replace(gap, lost_notifications=None) == gap
    assert profile.stream.loss == "time_gap"
    assert values["gyro"] == 1
