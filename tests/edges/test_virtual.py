import asyncio
from itertools import pairwise

import numpy as np
import pytest

from repcount.edges.profiles import load_profile
from repcount.edges.virtual import VirtualSensor
from repcount.samples import Notification, SampleBatch
from repcount.wire import Gap, Wire, encode

REFERENCE = load_profile("repcount_reference")
MICROBIT = load_profile("microbit_accelerometer")


class _Clock:
    """A host whose time passes only while somebody sleeps."""

    def __init__(self, now_s=1000.0):
        self.now = now_s

    def now_s(self):
        return self.now

    async def sleep(self, delay_s):
        self.now += delay_s
        await asyncio.sleep(0)


def _batch(n, start_s=5.0):
    t_s = start_s + np.arange(n) / 50.0
    acc = np.tile([0.0, 0.0, 9.80665], (n, 1))
    return SampleBatch(t_s, acc, np.zeros((n, 3)))


def _sensor(profile, source, clock, **how):
    return VirtualSensor(profile, source, now_s=clock.now_s, sleep=clock.sleep, **how)


async def _first(sensor, most):
    found = []
    async for one in sensor:
        found.append(one)
        if len(found) == most:
            break
    return found


def _items(profile, notifications):
    wire = Wire(profile)
    return [item for one in notifications for item in wire.feed(one)]


async def test_samples_come_encoded_when_their_notification_would_be_full():
    clock = _Clock()
    came = await _first(_sensor(REFERENCE, _batch(30), clock), 99)
    assert [one.arrival_s for one in came] == pytest.approx([1000.18, 1000.38, 1000.58])
    items = _items(REFERENCE, came)
    np.testing.assert_allclose(np.concatenate([item.t_s for item in items]), np.arange(30) / 50.0)
    np.testing.assert_allclose(items[0].acc_m_s2[:, 2], 9.80665)


async def test_a_capture_is_played_as_it_came():
    capture = [
        Notification(MICROBIT.stream.characteristic, bytes([k] * 6), 77.0 + t)
        for k, t in enumerate((0.0, 0.5, 0.6))
    ]
    came = await _first(_sensor(MICROBIT, capture, _Clock()), 99)
    assert [one.payload for one in came] == [one.payload for one in capture]
    assert [one.arrival_s for one in came] == pytest.approx([1000.0, 1000.5, 1000.6])


async def test_quicker_than_real_takes_less_time_and_keeps_the_tempo():
    clock = _Clock()
    came = await _first(_sensor(MICROBIT, _batch(200), clock, speed=10.0), 999)
    assert clock.now - 1000.0 == pytest.approx(0.398)
    items = _items(MICROBIT, came)
    t_s = np.concatenate([item.t_s for item in items])
    assert t_s[-1] - t_s[0] == pytest.approx(199 / 50, abs=0.01)


async def test_time_that_others_took_is_caught_up_with():
    clock, came = _Clock(), []
    async for one in _sensor(REFERENCE, _batch(100), clock):
        came.append(one.arrival_s)
        if len(came) == 2:
            clock.now += 1.0
    assert came[2:5] == pytest.approx([1001.38] * 3)
    assert came[-1] == pytest.approx(1001.98)


async def test_samples_in_a_loop_have_no_seam():
    came = await _first(_sensor(REFERENCE, _batch(25), _Clock(), loop=True), 12)
    items = _items(REFERENCE, came)
    assert [type(item) for item in items] == [SampleBatch] * 12
    t_s = np.concatenate([item.t_s for item in items])
    np.testing.assert_allclose(np.diff(t_s), 0.02, atol=1e-6)


async def test_a_capture_in_a_loop_looks_like_a_sensor_that_was_switched_off_and_on():
    characteristic = REFERENCE.stream.characteristic
    sent = encode(REFERENCE, _batch(500, start_s=100.0))
    capture = [Notification(characteristic, one.payload, one.last_s) for one in sent]
    came = await _first(_sensor(REFERENCE, capture, _Clock(), loop=True), 150)
    assert all(a.arrival_s < b.arrival_s for a, b in pairwise(came))
    items = _items(REFERENCE, came)
    assert sum(isinstance(item, Gap) for item in items) == 2
    t_s = np.concatenate([item.t_s for item in items if isinstance(item, SampleBatch)])
    assert np.all(np.diff(t_s) > 0)


async def test_every_start_begins_anew():
    sensor = _sensor(REFERENCE, _batch(30), _Clock())
    assert [one.payload for one in await _first(sensor, 2)] == [
        one.payload for one in await _first(sensor, 2)
    ]


async def test_cancelling_ends_it_at_once():
    came = asyncio.Event()

    async def listen():
        async for _ in VirtualSensor(
            REFERENCE, _batch(1_000), loop=True, speed=0.5, samples_per_notification=1
        ):
            came.set()

    task = asyncio.create_task(listen())
    await came.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 1.0)


async def test_others_run_while_it_is_behind():
    ticks = iter(range(0, 10**6, 100))  # a host so slow that the sensor is always late
    sensor = VirtualSensor(
        REFERENCE, _batch(200), loop=True, now_s=lambda: float(next(ticks)), sleep=asyncio.sleep
    )
    task = asyncio.create_task(_first(sensor, 500))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("speed", [0.0, -1.0, float("inf"), float("nan")])
def test_a_speed_that_is_none_is_refused(speed):
    with pytest.raises(ValueError, match="speed"):
        VirtualSensor(REFERENCE, _batch(10), speed=speed)


def test_nothing_to_play_is_refused():
    with pytest.raises(ValueError, match="nothing to play"):
        VirtualSensor(REFERENCE, [])
