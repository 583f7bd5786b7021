import asyncio
from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from bleak.exc import BleakError
from gym import ALL, DATA, MICROBIT, NAME, REFERENCE, STARTED, TEMPLATE, Gym, numbered
from peripheral import Air, Peripheral
from virtual_time import in_virtual_time, now_s

from repcount.edges.ble import BleSensor
from repcount.edges.ble.sensor import BACK_OFF_S, FIND_S, LEAST_PAUSE_S, MOST_WAITING, SILENCE_S
from repcount.profile import Subscribe, Write
from repcount.samples import SampleBatch
from repcount.wire import Wire, encode


@in_virtual_time
async def test_it_is_started_as_its_profile_says_and_stopped_when_closed():
    gym = Gym()
    await gym.connected()
    assert gym.microbit.said == STARTED
    assert gym.sensor.profile is MICROBIT
    await gym.close()
    assert gym.microbit.said[len(STARTED) :] == [("unsubscribe", DATA), ("disconnect",)]
    assert [state.connected for state in gym.states] == [True, False]
    assert gym.states[0].name == NAME
    assert gym.states[0].rssi_dbm == -50
    assert gym.whys[-1] == "stopped"


@in_virtual_time
async def test_notifications_come_in_order_with_the_time_they_came_even_to_a_slow_reader():
    gym = Gym()
    await gym.connected()
    started_s = now_s()
    await gym.microbit.send(numbered(20))
    came = await gym.read(20)
    assert [one.payload for one in came] == numbered(20)
    assert {one.characteristic for one in came} == {DATA}
    assert [one.arrival_s for one in came] == pytest.approx(started_s + 0.1 * np.arange(1, 21))
    assert gym.sensor.dropped == 0
    await gym.close()


@in_virtual_time
async def test_samples_that_a_peripheral_encodes_come_out_as_they_were():
    t_s = np.arange(40) / 50.0
    acc_g = np.random.default_rng(1).integers(-4000, 4000, (40, 3)) / 4096
    batch = SampleBatch(t_s, acc_g * 9.80665, np.zeros((40, 3)))
    peripheral = Peripheral(REFERENCE, name=None)
    sensor = BleSensor(None, ALL, clock=now_s, backend=Air(peripheral).backend)
    sending = asyncio.create_task(_send_later(peripheral, batch))
    wire, items = Wire(REFERENCE), []
    async with aclosing(aiter(sensor)) as stream:
        async for one in stream:
            items += wire.feed(one)
            if len(items) == 4:
                break
    await sending
    assert sensor.profile is REFERENCE
    np.testing.assert_allclose(np.concatenate([item.acc_m_s2 for item in items]), batch.acc_m_s2)


async def _send_later(peripheral, batch):
    await asyncio.sleep(5.0)
    await peripheral.send([one.payload for one in encode(REFERENCE, batch)], 0.2)


@in_virtual_time
async def test_a_lost_sensor_is_started_again_at_once_and_nothing_comes_twice():
    gym = Gym()
    for start, said in ((0, 1), (10, 3), (20, 5)):
        await gym.said(said)
        await gym.microbit.send(numbered(10, start))
        assert [one.payload for one in await gym.read(10)] == numbered(10, start)
        dropped_s = now_s()
        gym.microbit.drop()
    await gym.said(7)
    assert now_s() - dropped_s < 0.5
    assert [said for said in gym.microbit.said if said[0] != "disconnect"] == STARTED * 4
    assert gym.microbit.done.count("disconnect") == 3
    assert [state.connected for state in gym.states] == [True, False] * 3 + [True]
    assert "the link broke" in gym.states[1].why
    await gym.close()


@in_virtual_time
async def test_a_sensor_that_is_away_is_looked_for_for_ever_with_longer_and_longer_pauses():
    gym = Gym()
    await gym.connected()
    gym.microbit.notify(bytes(6))
    await gym.read(1)
    gym.microbit.vanish()
    gym.air.scans_s.clear()
    await gym.until(lambda: len(gym.air.scans_s) == 14)
    pauses_s = [after - before - FIND_S for before, after in pairwise(gym.air.scans_s)]
    assert pauses_s == pytest.approx([*[LEAST_PAUSE_S] * 9, 12.0, 17.0, 17.0, 17.0])
    assert list(BACK_OFF_S) == sorted(BACK_OFF_S)
    assert [state.connected for state in gym.states] == [True, False, False]  # said once, not each time
    assert gym.whys[-1].startswith(f"{NAME!r} is not in reach. Is it switched on and charged")
    gym.microbit.come_back()
    await gym.connected()
    await gym.microbit.send(numbered(3))
    assert [one.payload for one in await gym.read(3)] == numbered(3)
    await gym.close()


@in_virtual_time
async def test_a_sensor_that_breaks_the_link_before_any_data_is_not_asked_without_pause():
    gym = Gym()
    for said in range(1, 13, 2):
        await gym.said(said)
        gym.microbit.drop()
        await gym.said(said + 1)
    assert now_s() > sum(BACK_OFF_S[:6])
    await gym.close()


@in_virtual_time
async def test_without_a_target_the_first_that_matches_is_taken_and_no_other_after_it():
    other = Peripheral(MICROBIT, name="BBC micro:bit [other]", address="C0:00:00:00:00:02")
    other.present = False
    gym = Gym(None, ALL, other)
    await gym.connected()
    gym.microbit.vanish()
    other.come_back()
    await asyncio.sleep(60.0)
    assert other.said == []
    assert not gym.sensor.state.connected
    gym.microbit.come_back()
    await gym.connected()
    await gym.close()


@pytest.mark.parametrize("target", ["bbc MICRO:BIT [vatug]", "c0:00:00:00:00:01"])
@in_virtual_time
async def test_name_and_address_are_known_in_any_case(target):
    stronger = Peripheral(MICROBIT, name="BBC micro:bit [other]", address="C0:00:00:00:00:02", rssi_dbm=-20)
    gym = Gym(target, ALL, stronger)
    await gym.connected()
    assert gym.states[0].address == gym.microbit.address
    await gym.close()


@in_virtual_time
async def test_cancelling_the_reader_stops_the_sensor():
    gym = Gym()
    await gym.connected()
    gym._next.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gym._next
    assert gym.microbit.done[-2:] == ["unsubscribe", "disconnect"]
    assert gym.microbit.subscriptions == {}


@pytest.mark.parametrize("hangs", [{"unsubscribe"}, {"disconnect"}, {"unsubscribe", "disconnect"}])
@in_virtual_time
async def test_closing_takes_two_seconds_at_most_and_always_asks_to_disconnect(hangs):
    gym = Gym()
    await gym.connected()
    gym.microbit.hangs = hangs
    began_s = now_s()
    await gym.close()
    assert now_s() - began_s <= 2.0
    assert gym.microbit.done[-2:] == ["unsubscribe", "disconnect"]


@in_virtual_time
async def test_a_stop_step_that_fails_does_not_keep_the_rest_from_being_done():
    gym = Gym()
    await gym.connected()
    gym.microbit.faults["unsubscribe"] = BleakError("no")
    await gym.close()
    assert gym.microbit.done[-1] == "disconnect"
    assert gym.microbit.client is None


@in_virtual_time
async def test_what_stop_steps_leave_subscribed_is_unsubscribed():
    start = tuple(step for step in TEMPLATE.start if isinstance(step, Subscribe))
    last = Write(characteristic=TEMPLATE.start[0].characteristic, parts=(b"\x00\x00",))
    template = Peripheral(TEMPLATE, name="Made-up 1")
    sensor = BleSensor(
        "Made-up 1",
        [replace(TEMPLATE, start=start, stop=(last,))],
        clock=now_s,
        backend=Air(template).backend,
    )
    stream = aiter(sensor)
    first = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(1.0)
    assert template.said[1:] == [("subscribe", step.characteristic) for step in start]
    first.cancel()
    await asyncio.wait([first])
    assert template.said[3:] == [
        ("write", last.characteristic, b"\x00\x00", True),
        *(("unsubscribe", step.characteristic) for step in start),
        ("disconnect",),
    ]


@in_virtual_time
async def test_a_disconnection_reported_inside_a_connect_that_succeeds_is_none():
    gym = Gym()
    gym.microbit.stutters = True
    await gym.connected()
    await gym.microbit.send(numbered(3))
    assert [one.payload for one in await gym.read(3)] == numbered(3)
    assert [state.connected for state in gym.states] == [True]
    await gym.close()


@in_virtual_time
async def test_a_link_that_brings_nothing_counts_as_lost():
    gym = Gym()
    await gym.connected()
    began_s = now_s()
    await gym.until(lambda: not gym.sensor.state.connected)
    assert now_s() - began_s == pytest.approx(SILENCE_S, abs=0.2)
    assert gym.whys[-1] == "connected, but nothing came for 10 s"
    await gym.connected()
    assert gym.microbit.done.count("connect") == 2
    await gym.close()


@in_virtual_time
async def test_of_what_a_stalled_reader_leaves_the_oldest_is_thrown_away_and_counted(caplog):
    gym = Gym()
    await gym.connected()
    payloads = [k.to_bytes(6, "big") for k in range(MOST_WAITING + 11)]
    for payload in payloads:
        gym.microbit.notify(payload)
    assert gym.sensor.dropped == 11
    came = await gym.read(MOST_WAITING)
    assert [one.payload for one in came] == payloads[11:]
    assert "8 notifications thrown away" in caplog.text
    await gym.close()


@in_virtual_time
async def test_what_waits_is_still_read_after_the_link_broke():
    gym = Gym()
    await gym.connected()
    for payload in numbered(5):
        gym.microbit.notify(payload)
    gym.microbit.vanish()
    assert [one.payload for one in await gym.read(5)] == numbered(5)
    await gym.close()


@in_virtual_time
async def test_two_sensors_share_the_radio():
    other = Peripheral(REFERENCE, name="Chest", address="C0:00:00:00:00:02")
    gym = Gym(NAME, ALL, other)
    states = []
    second = BleSensor("Chest", ALL, clock=now_s, backend=gym.air.backend, on_state=states.append)
    stream = aiter(second)
    first = asyncio.ensure_future(anext(stream))
    await gym.until(lambda: gym.sensor.state.connected and second.state.connected, 2.0)
    assert [state.connected for state in gym.states + states] == [True, True]
    first.cancel()
    await asyncio.wait([first])
    await gym.close()


@in_virtual_time
async def test_a_sensor_that_is_away_does_not_keep_another_from_coming_back():
    gym = Gym()
    absent = BleSensor("Chest", ALL, clock=now_s, backend=gym.air.backend)
    looking = asyncio.ensure_future(anext(aiter(absent)))
    back_s = []
    for k in range(20):
        await gym.connected()
        await gym.microbit.send(numbered(2))
        await gym.read(2)
        gym.microbit.vanish()
        await asyncio.sleep(0.37 * k)  # whatever the other is doing just then
        gym.microbit.come_back()
        came_back_s = now_s()
        await gym.connected()
        back_s.append(now_s() - came_back_s)
    assert sorted(back_s)[18] < 3.0
    assert not looking.done()
    looking.cancel()
    await asyncio.wait([looking])
    await gym.close()


@in_virtual_time
async def test_eight_sensors_start_at_once_and_each_gets_its_own():
    peripherals = [
        Peripheral(MICROBIT, name=f"BBC micro:bit [{k}]", address=f"C0:00:00:00:00:0{k}") for k in range(8)
    ]
    air = Air(*peripherals)
    sensors = [BleSensor(one.name, ALL, clock=now_s, backend=air.backend) for one in peripherals]
    firsts = [asyncio.ensure_future(anext(aiter(sensor))) for sensor in sensors]
    await asyncio.sleep(3.0)
    assert [sensor.state.connected for sensor in sensors] == [True] * 8
    for k, peripheral in enumerate(peripherals):
        peripheral.notify(bytes([k] * 6))
    assert [(await first).payload[0] for first in firsts] == list(range(8))


@in_virtual_time
async def test_nothing_listens_when_nobody_looks():
    gym = Gym()
    gym.microbit.present = False
    await asyncio.sleep(3.0)
    await gym.close()
    gym.air.take()  # a scanner that still listens has the radio, and this raises
